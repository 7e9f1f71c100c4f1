"""Bodies: the fields of each body, writing and reading side by side (VOICE-8 to VOICE-10).

Here: NOTICE, UPDATE, LOST, QUERY, REPLY, ACK and the codes of CLOSE. Not here: the header (layout). May know: terms.
"""

from copy import copy
from typing import Final

from redshank.exchange.voice import coarse
from redshank.exchange.voice.bits import Reader, Writer, refuse
from redshank.exchange.voice.codes import (
    Parties,
    border_of,
    border_order,
    put_country,
    put_district,
    take_country,
    take_district,
)
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    Answer,
    CloseBody,
    CrossingClaim,
    DistrictClaim,
    LostBody,
    NoticeBody,
    ObjectState,
    Outcome,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
)
from redshank.terms.refusal import Reason
from redshank.terms.track import Status

PHASES: Final = (Phase.POSSIBLE, Phase.CROSSING, Phase.CROSSED)
STATUSES: Final = (
    Status.UNKNOWN, Status.UNIDENTIFIED, Status.STRAYED, Status.UAV, Status.BALLOON, Status.AIRCRAFT, Status.HELICOPTER,
    Status.BIRDS,
)  # fmt: skip
QUESTIONS: Final = (Question.YOURS_OR_KNOWN,)
ANSWERS: Final = (Answer.OURS, Answer.KNOWN, Answer.UNKNOWN, Answer.NO_INFORMATION, Answer.CANNOT_SAY)
OUTCOMES: Final = (
    Outcome.CROSSED, Outcome.DID_NOT_CROSS, Outcome.IDENTIFIED, Outcome.LOST, Outcome.FOUND,
    Outcome.NO_FURTHER_INFORMATION,
)  # fmt: skip
ROLES: Final = ("observer", "duty-officer", "releasing-authority", "administrator")
OTHER_ROLE: Final = 7
UNSPOKEN_ROLE: Final = "not-spoken"
"""Stands in a heard ACK for a role that has no short form."""
ABSENT, SPOKEN, UNSPOKEN = 0, 1, 2
OBJECT_BITS: Final = 21
COUNT_BITS: Final = 14
DISTRICTS_SPOKEN: Final = 7  # three bits; a minute has room for two or three


# --- NOTICE and UPDATE ------------------------------------------------------------------------------------------------


def put_notice(header: Writer, body: NoticeBody, parties: Parties, stated_s: int, room: int) -> Writer:
    """As much as fits into `room` bits: the object always, then the crossing, then districts from the first on."""
    best = _notice(header, body, parties, stated_s, (False, 0))
    for count in range(min(len(body.districts), DISTRICTS_SPOKEN) + 1):
        more = _notice(header, body, parties, stated_s, (True, count))
        if more is None or more.size > room:
            break
        best = more
    if best is None:
        raise ValueError("an object without crossing and districts has a voice form")
    return best


def _notice(
    header: Writer, body: NoticeBody, parties: Parties, stated_s: int, spoken: tuple[bool, int]
) -> Writer | None:
    """The form with the crossing and so many districts; None when one of the districts has no short form."""
    out, (says_crossing, count) = copy(header), spoken
    out.put(PHASES.index(body.phase), 2)
    put_object(out, body.object)
    _put_crossing(out, body.crossing if says_crossing else None, parties, stated_s, body.crossing is not None)
    out.put(count, 3)
    out.put(len(body.districts) - count, 6)
    for claim in body.districts[:count]:
        window = coarse.window_steps(claim.p10_ms, claim.p50_ms, claim.p90_ms, stated_s)
        if window is None or not put_district(out, claim.district, parties):
            return None
        out.put(coarse.percent(claim.permille), 7)
        _put_window(out, window)
    return out


def _put_crossing(out: Writer, claim: CrossingClaim | None, parties: Parties, stated_s: int, exists: bool) -> None:
    if claim is None:
        return out.put(UNSPOKEN if exists else ABSENT, 2)
    order = border_order(claim.border, claim.out_of, claim.into)
    window = coarse.window_steps(claim.p10_ms, claim.p50_ms, claim.p90_ms, stated_s)
    places = Writer()
    codes = put_country(places, claim.out_of, parties) and put_country(places, claim.into, parties)
    if order is None or window is None or not codes:
        return out.put(UNSPOKEN, 2)
    out.put(SPOKEN, 2)
    out.put(places.value, places.size)
    out.put(order, 1)
    out.put(coarse.percent(claim.permille), 7)
    _put_window(out, window)
    put_place(out, claim.stretch_from)
    return put_place(out, claim.stretch_to)


def take_notice(bits: Reader, parties: Parties, stated_s: int, unspoken: list[str]) -> NoticeBody:
    """What was said, and the names of what was not."""
    phase = PHASES[bits.take(2, "phase", len(PHASES) - 1)]
    state = take_object(bits)
    presence = bits.take(2, "crossing", UNSPOKEN)
    crossing = _take_crossing(bits, parties, stated_s) if presence == SPOKEN else None
    if presence == UNSPOKEN:
        unspoken.append("crossing")
    count = bits.take(3, "districts")
    rest = bits.take(6, "districts", limits.DISTRICTS_PER_MESSAGE - count)
    districts = tuple(_take_claim(bits, parties, stated_s) for _ in range(count))
    if rest:
        unspoken.append(f"districts {rest}")
    return NoticeBody(phase=phase, object=state, crossing=crossing, districts=districts)


def _take_crossing(bits: Reader, parties: Parties, stated_s: int) -> CrossingClaim:
    out_of, into = take_country(bits, parties, "crossing.out_of"), take_country(bits, parties, "crossing.into")
    order = bits.take(1, "crossing.border")
    if out_of == into:
        refuse(Reason.VALUE_NOT_PLAUSIBLE, "crossing.border", "has two sides")
    permille = 10 * bits.take(7, "crossing.permille", 100)
    p10, p50, p90 = _take_window(bits, stated_s, "crossing")
    return CrossingClaim(
        border=border_of(order, out_of, into),
        out_of=out_of,
        into=into,
        permille=permille,
        p10_ms=p10,
        p50_ms=p50,
        p90_ms=p90,
        stretch_from=take_place(bits, "crossing.stretch_from"),
        stretch_to=take_place(bits, "crossing.stretch_to"),
    )


def _take_claim(bits: Reader, parties: Parties, stated_s: int) -> DistrictClaim:
    district, permille = take_district(bits, parties, "districts"), 10 * bits.take(7, "districts", 100)
    p10, p50, p90 = _take_window(bits, stated_s, "districts")
    return DistrictClaim(district=district, permille=permille, p10_ms=p10, p50_ms=p50, p90_ms=p90)


def _put_window(out: Writer, window: tuple[int, int, int]) -> None:
    for value, width in zip(window, (11, 9, 9), strict=True):
        out.put(value, width)


def _take_window(bits: Reader, stated_s: int, field: str) -> tuple[Instant, Instant, Instant]:
    offset, before, after = (bits.take(width, field) for width in (11, 9, 9))
    return coarse.window_of(offset, before, after, stated_s)


def put_place(out: Writer, point: PointE7) -> None:
    """The nearest point of the grid (VOICE-8)."""
    for steps in coarse.place_steps(point):
        out.put(steps, 14)


def take_place(bits: Reader, field: str) -> PointE7:
    """A point of the grid."""
    return coarse.place_of(bits.take(14, field, coarse.LAT_STEPS), bits.take(14, field, coarse.LON_STEPS))


# --- objects, LOST ----------------------------------------------------------------------------------------------------


def put_object(out: Writer, state: ObjectState) -> None:
    """The state of an object (VOICE-8)."""
    out.put_number(state.object, OBJECT_BITS)
    out.put(STATUSES.index(state.status), 3)
    put_place(out, state.at)
    out.put(coarse.accuracy_steps(state.accuracy_m, coarse.moved_m(state.at)), 11)
    out.put_optional(None if state.count == 1 else state.count, COUNT_BITS)
    out.put_optional(None if state.altitude_m is None else coarse.altitude_steps(state.altitude_m), 10)
    out.put_optional(state.course_deg, 9)
    out.put_optional(state.speed_kmh, 12)


def take_object(bits: Reader) -> ObjectState:
    """The state of an object."""
    number, status = bits.take_number(OBJECT_BITS, "object"), STATUSES[bits.take(3, "status")]
    at, accuracy = take_place(bits, "at"), bits.take(11, "accuracy_m", 2_000)
    count = bits.take_optional(COUNT_BITS, "count")
    if count == 1:
        refuse(Reason.NOT_CANONICAL, "count", "one needs no digits")
    altitude = bits.take_optional(10, "altitude_m", 610)
    return ObjectState(
        object=number,
        status=status,
        at=at,
        accuracy_m=accuracy * coarse.RADIUS_STEP_M,
        count=1 if count is None else count,
        altitude_m=None if altitude is None else altitude * coarse.ALTITUDE_STEP_M + coarse.ALTITUDE_FIRST_M,
        course_deg=bits.take_optional(9, "course_deg", 359),
        speed_kmh=bits.take_optional(12, "speed_kmh", 3_600),
    )


def put_lost(out: Writer, body: LostBody) -> None:
    put_object(out, body.object)
    put_place(out, body.search_centre)
    out.put(coarse.search_steps(body.search_radius_m, coarse.moved_m(body.search_centre)), 14)


def take_lost(bits: Reader) -> LostBody:
    return LostBody(
        object=take_object(bits),
        search_centre=take_place(bits, "search_centre"),
        search_radius_m=bits.take(14, "search_radius_m", 10_000) * coarse.RADIUS_STEP_M,
    )


# --- forms of codes ---------------------------------------------------------------------------------------------------


def put_query(out: Writer, body: QueryBody) -> None:
    out.put_number(body.object, OBJECT_BITS)
    out.put(QUESTIONS.index(body.question), 2)


def take_query(bits: Reader) -> QueryBody:
    return QueryBody(bits.take_number(OBJECT_BITS, "object"), QUESTIONS[bits.take(2, "question", len(QUESTIONS) - 1)])


def put_reply(out: Writer, body: ReplyBody) -> None:
    out.put(ANSWERS.index(body.answer), 3)


def take_reply(bits: Reader) -> ReplyBody:
    return ReplyBody(ANSWERS[bits.take(3, "answer", len(ANSWERS) - 1)])


def put_ack(out: Writer, body: AckBody) -> None:
    out.put(ROLES.index(body.role) if body.role in ROLES else OTHER_ROLE, 3)


def take_ack(bits: Reader, unspoken: list[str]) -> AckBody:
    role = bits.take(3, "role")
    if role == OTHER_ROLE:
        unspoken.append("role")
        return AckBody(UNSPOKEN_ROLE)
    if role >= len(ROLES):
        refuse(Reason.VALUE_NOT_PLAUSIBLE, "role", f"{role} is no code of this field")
    return AckBody(ROLES[role])


def put_close(out: Writer, body: CloseBody) -> None:
    out.put(OUTCOMES.index(body.outcome), 3)
    out.put_number(body.objects, OBJECT_BITS)


def take_close(bits: Reader) -> tuple[Outcome, int]:
    return OUTCOMES[bits.take(3, "outcome", len(OUTCOMES) - 1)], bits.take_number(OBJECT_BITS, "objects")
