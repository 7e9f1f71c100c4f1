"""Any message within bounds, for property tests."""

from typing import Any

from hypothesis import strategies as st

from redshank.exchange import bounds
from redshank.terms import limits
from redshank.terms.ids import BorderId, ChannelId, CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    CloseBody,
    CrossingClaim,
    DistrictClaim,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Outcome,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
)
from redshank.terms.message import (
    TestBody as LineTest,
)
from redshank.terms.track import Status

CHANNEL, LT = ChannelId("BY-LT"), PartyId("LT")


codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:|-]{0,20}", fullmatch=True)
times = st.integers(0, bounds.INTEGER_MAX).map(Instant)
windows = st.lists(times, min_size=3, max_size=3).map(sorted)
points = st.builds(PointE7, st.integers(470_000_000, 620_000_000), st.integers(100_000_000, 360_000_000))
permilles = st.integers(0, 1000)
objects = st.builds(
    ObjectState,
    object=st.integers(1, 999_999),
    status=st.sampled_from(Status),
    at=points,
    accuracy_m=st.integers(0, 200_000),
    count=st.integers(1, 10_000),
    altitude_m=st.none() | st.integers(-500, 30_000),
    course_deg=st.none() | st.integers(0, 359),
    speed_kmh=st.none() | st.integers(0, 3600),
)
crossings = st.builds(
    lambda window, **rest: CrossingClaim(p10_ms=window[0], p50_ms=window[1], p90_ms=window[2], **rest),
    windows,
    border=codes.map(BorderId),
    out_of=codes.map(CountryId),
    into=codes.map(CountryId),
    permille=permilles,
    stretch_from=points,
    stretch_to=points,
)
districts = st.builds(
    lambda window, **rest: DistrictClaim(p10_ms=window[0], p50_ms=window[1], p90_ms=window[2], **rest),
    windows,
    district=codes.map(DistrictId),
    permille=permilles,
)
notices = st.builds(
    NoticeBody,
    phase=st.sampled_from(Phase),
    object=objects,
    crossing=st.none() | crossings,
    districts=st.lists(districts, max_size=4).map(tuple),
)
closes = st.builds(
    lambda window, **rest: CloseBody(first_observed_ms=window[0], last_observed_ms=window[2], **rest),
    windows,
    outcome=st.sampled_from(Outcome),
    objects=st.integers(0, 999_999),
)
BODIES: dict[MessageType, st.SearchStrategy[Any]] = {
    MessageType.TEST: st.builds(LineTest, st.integers(0, bounds.INTEGER_MAX)),
    MessageType.TEST_REPLY: st.builds(LineTest, st.integers(0, bounds.INTEGER_MAX)),
    MessageType.NOTICE: notices,
    MessageType.UPDATE: notices,
    MessageType.LOST: st.builds(
        LostBody, object=objects, search_centre=points, search_radius_m=st.integers(0, 1_000_000)
    ),
    MessageType.QUERY: st.builds(QueryBody, st.integers(1, 999_999), st.sampled_from(Question)),
    MessageType.REPLY: st.builds(ReplyBody, st.sampled_from(Answer)),
    MessageType.ACK: st.builds(AckBody, codes),
    MessageType.CLOSE: closes,
    MessageType.AGREE_CLOSE: st.builds(AgreeCloseBody, st.sampled_from(["yes", "no"])),
}
texts = st.text(st.sampled_from('aZ09 ąčęėįšųūž ўі Жщ "\\/’„€№'), min_size=1, max_size=200)


@st.composite
def messages(draw: st.DrawFn, latest: int) -> Message:
    """Said by LT on BY-LT at or before `latest`."""
    kind = draw(st.sampled_from(MessageType))
    stated = draw(st.integers(0, latest))
    return Message(
        type=kind,
        channel=CHANNEL,
        sender=LT,
        year=2026,
        serial=draw(st.integers(0, limits.LOG_ENTRIES - 1)),
        stated_ms=Instant(stated),
        body=draw(BODIES[kind]),
        incident=None if kind in bounds.NO_INCIDENT else IncidentId(f"LT-2026-{draw(st.integers(0, 999_999)):06d}"),
        observed_ms=draw(st.none() | st.integers(0, stated).map(Instant)),
        in_reply_to=draw(st.integers(0, 9)) if kind in bounds.REPLIES else draw(st.none() | st.integers(0, 9)),
        text=draw(st.none() | texts),
    )
