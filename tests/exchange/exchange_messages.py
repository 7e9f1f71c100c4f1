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
    NOT_CORRECTABLE,
    AckBody,
    AgreeCloseBody,
    Answer,
    CancelBody,
    CancelWhy,
    CloseBody,
    Condition,
    CorrectBody,
    CrossingClaim,
    DistrictClaim,
    EndBody,
    EndWhy,
    EvidenceBody,
    FindBody,
    Found,
    Hazard,
    HeadClaim,
    Item,
    LifeBody,
    LogEndBody,
    LogOpenBody,
    LostBody,
    Means,
    Measure,
    MeasureBody,
    Message,
    MessageType,
    NegativeBody,
    NoticeBody,
    ObjectState,
    Outcome,
    OwnObjectBody,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
    Secured,
    SuspendBody,
    SuspendWhy,
    WarningBody,
    WarningLevel,
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
CORRECTABLE = tuple(kind for kind in MessageType if kind not in NOT_CORRECTABLE)


@st.composite
def spans(draw: st.DrawFn, stated: int) -> tuple[Instant, Instant]:
    """From and until, around a statement."""
    span = limits.STATED_SPAN_MS
    begin = draw(st.integers(max(0, stated - span), stated + span))
    return Instant(begin), Instant(begin + draw(st.integers(0, span)))


def past(stated: int) -> st.SearchStrategy[Instant]:
    """When something was, that a statement tells of."""
    earliest = max(0, stated - limits.STATED_PAST_MS)
    return st.integers(earliest, stated + limits.MESSAGE_AHEAD_MS).map(Instant)


heights = st.lists(st.integers(-500, 30_000), min_size=2, max_size=2).map(sorted)


@st.composite
def stretches(draw: st.DrawFn, kind: MessageType, stated: int) -> MeasureBody | NegativeBody | WarningBody:
    """What holds from one time until another."""
    begin, end = draw(spans(stated))
    if kind is MessageType.WARNING:
        codes = draw(st.sets(st.from_regex(r"LT-[A-Z0-9]{1,3}|LT-pow-[1-9]", fullmatch=True), min_size=1, max_size=32))
        named = tuple(DistrictId(code) for code in sorted(codes))
        return WarningBody(level=draw(st.sampled_from(WarningLevel)), districts=named, from_ms=begin, until_ms=end)
    area: dict[str, Any] = {
        "centre": draw(points),
        "radius_m": draw(st.integers(0, 1_000_000)),
        "from_ms": begin,
        "until_ms": end,
    }
    if kind is MessageType.NEGATIVE:
        return NegativeBody(**area, means=draw(st.sampled_from(Means)))
    low, high = draw(heights)
    floor, ceiling = draw(st.none() | st.just(low)), draw(st.none() | st.just(high))
    return MeasureBody(**area, measure=draw(st.sampled_from(Measure)), floor_m=floor, ceiling_m=ceiling)


@st.composite
def earlier_ones(draw: st.DrawFn, place: tuple[int, int]) -> dict[str, Any]:
    """`serial` and `generation` of an earlier message of the log at a place (serial, generation)."""
    serial, generation = place
    other = draw(st.none() | st.integers(0, generation - 1)) if generation else None
    if other is None and serial == 0:
        other = 0
    return {"serial": draw(st.integers(0, 9 if other is not None else serial - 1)), "generation": other}


@st.composite
def statements(draw: st.DrawFn, kind: MessageType, stated: int, place: tuple[int, int]) -> Any:
    """The bodies that are about their sender's own doing, or about an earlier message of its own."""
    if kind is MessageType.OWN_OBJECT:
        ends = st.integers(stated, stated + limits.FLIGHT_END_MS).map(Instant)
        condition = draw(st.sampled_from(Condition))
        return OwnObjectBody(condition=condition, object=draw(objects), until_ms=draw(st.none() | ends))
    if kind is MessageType.FIND:
        return draw(
            st.builds(
                FindBody,
                what=st.sampled_from(Found),
                at=points,
                accuracy_m=st.integers(0, 200_000),
                found_ms=past(stated),
                hazard=st.sampled_from(Hazard),
                secured=st.sampled_from(Secured),
                object=st.none() | st.integers(1, 999_999),
            )
        )
    if kind is MessageType.EVIDENCE:
        has = place != (0, 0) and draw(st.booleans())
        find = draw(earlier_ones(place)) if has else {"serial": None, "generation": None}
        size = draw(st.integers(0, limits.EVIDENCE_ITEM_BYTES - 1))
        item, mark, obtained = draw(st.sampled_from(Item)), draw(marks), draw(past(stated))
        return EvidenceBody(
            kind=item, sha256=mark, bytes=size, obtained_ms=obtained, find=find["serial"], generation=find["generation"]
        )
    if kind is MessageType.CANCEL:
        return CancelBody(why=draw(st.sampled_from(CancelWhy)), **draw(earlier_ones(place)))
    if kind is MessageType.CORRECT:
        named = draw(st.sampled_from(CORRECTABLE))
        inner = draw(bodies_of(named, stated, place))
        return CorrectBody(type=named, body=inner, **draw(earlier_ones(place)))
    return draw(stretches(kind, stated))


def bodies_of(kind: MessageType, stated: int, place: tuple[int, int]) -> st.SearchStrategy[Any]:
    """Any body of a type, said at `stated` and standing at `place` (serial, generation)."""
    return BODIES[kind] if kind in BODIES else statements(kind, stated, place)


texts = st.text(st.sampled_from('aZ09 ąčęėįšųūž ўі Жщ "\\/’„€№'), min_size=1, max_size=200)


@st.composite
def messages(
    draw: st.DrawFn, latest: int, kinds: Sequence[MessageType] = tuple(MessageType), *, later: bool = True
) -> Message:
    """Said by LT on BY-LT at or before `latest`, in any generation of the log, or in the first one."""
    kind = draw(st.sampled_from(kinds))
    of_earlier = kind in (MessageType.CORRECT, MessageType.CANCEL)
    last = limits.LOG_GENERATIONS - 2 if later else 0
    generation = draw(st.integers(1 if kind is MessageType.LOG_OPEN else 0, last))
    first = 1 if of_earlier and not generation else 0
    serial = 0 if kind is MessageType.LOG_OPEN else draw(st.integers(first, limits.LOG_ENTRIES - 1))
    stated = draw(st.integers(0, latest))
    body = draw(bodies_of(kind, stated, (serial, generation)))
    if isinstance(body, LogEndBody):
        body = msgspec.structs.replace(body, generation=generation + 1)
    reply = draw(st.integers(0, 9)) if kind in bounds.REPLIES else draw(st.none() | st.integers(0, 9))
    reply = None if kind in bounds.OF_LOG | bounds.OF_LIFE | bounds.ANSWERS_NOTHING else reply
    earlier = draw(st.none() | st.integers(0, generation - 1)) if generation and reply is not None else None
    if isinstance(body, EndBody):
        body = msgspec.structs.replace(body, from_ms=Instant(stated + draw(st.integers(0, limits.END_AHEAD_MS))))
    return Message(
        type=kind,
        channel=CHANNEL,
        sender=LT,
        year=2026,
        serial=serial,
        stated_ms=Instant(stated),
        body=body,
        incident=None if kind in bounds.NO_INCIDENT else IncidentId(f"LT-2026-{draw(st.integers(0, 999_999)):06d}"),
        observed_ms=draw(st.none() | st.integers(0, stated).map(Instant)),
        in_reply_to=reply,
        generation=generation,
        reply_generation=earlier,
        text=draw(st.none() | texts),
    )
