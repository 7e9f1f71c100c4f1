"""Any message within bounds, for property tests."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
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
    EndBody,
    EndWhy,
    HeadClaim,
    LifeBody,
    LogEndBody,
    LogOpenBody,
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
    SuspendBody,
    SuspendWhy,
    Why,
)
from redshank.terms.message import (
    TestBody as LineTest,
)
from redshank.terms.track import Status

CHANNEL, LT = ChannelId("BY-LT"), PartyId("LT")
SPOKEN = tuple(kind for kind in MessageType if kind not in bounds.OF_LOG)
"""What the voice form can say."""


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
marks = st.binary(min_size=32, max_size=32).map(bytes.hex)
claims = st.builds(
    HeadClaim,
    origin=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=80),
    size=st.integers(0, limits.LOG_ENTRIES),
    root=st.binary(min_size=32, max_size=32).map(lambda root: b64encode(root).decode()),
)
_life = {
    "agreement": marks,
    "life": st.integers(1, limits.LIVES),
    "taken": st.integers(0, limits.LOG_ENTRIES),
}
LIFE: dict[MessageType, st.SearchStrategy[Any]] = {
    MessageType.ACTIVATE: st.builds(LifeBody, **_life),
    MessageType.RESUME: st.builds(LifeBody, **_life),
    MessageType.SUSPEND: st.builds(SuspendBody, why=st.sampled_from(SuspendWhy), **_life),
    MessageType.END: st.builds(EndBody, why=st.sampled_from(EndWhy), from_ms=st.just(Instant(0)), **_life),
}
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
    MessageType.LOG_END: st.builds(
        LogEndBody,
        generation=st.just(0),
        keys=marks,
        partner_keys=marks,
        why=st.sampled_from([Why.PLANNED, Why.EXPIRY, Why.PARTNER]),
    ),
    **LIFE,
    MessageType.LOG_OPEN: st.builds(LogOpenBody, end=claims, partner_end=claims, why=st.sampled_from(Why)),
}
texts = st.text(st.sampled_from('aZ09 ąčęėįšųūž ўі Жщ "\\/’„€№'), min_size=1, max_size=200)


@st.composite
def messages(draw: st.DrawFn, latest: int, kinds: Sequence[MessageType] = tuple(MessageType)) -> Message:
    """Said by LT on BY-LT at or before `latest`, in any generation of the log."""
    kind = draw(st.sampled_from(kinds))
    generation = draw(st.integers(1 if kind is MessageType.LOG_OPEN else 0, limits.LOG_GENERATIONS - 2))
    body = draw(BODIES[kind])
    if isinstance(body, LogEndBody):
        body = msgspec.structs.replace(body, generation=generation + 1)
    reply = draw(st.integers(0, 9)) if kind in bounds.REPLIES else draw(st.none() | st.integers(0, 9))
    reply = None if kind in bounds.OF_LOG | bounds.OF_LIFE else reply
    earlier = draw(st.none() | st.integers(0, generation - 1)) if generation and reply is not None else None
    stated = draw(st.integers(0, latest))
    if isinstance(body, EndBody):
        body = msgspec.structs.replace(body, from_ms=Instant(stated + draw(st.integers(0, limits.END_AHEAD_MS))))
    return Message(
        type=kind,
        channel=CHANNEL,
        sender=LT,
        year=2026,
        serial=0 if kind is MessageType.LOG_OPEN else draw(st.integers(0, limits.LOG_ENTRIES - 1)),
        stated_ms=Instant(stated),
        body=body,
        incident=None if kind in bounds.NO_INCIDENT else IncidentId(f"LT-2026-{draw(st.integers(0, 999_999)):06d}"),
        observed_ms=draw(st.none() | st.integers(0, stated).map(Instant)),
        in_reply_to=reply,
        generation=generation,
        reply_generation=earlier,
        text=draw(st.none() | texts),
    )
