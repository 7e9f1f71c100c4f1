"""Statements: the bodies of OWN-OBJECT, MEASURE, FIND, EVIDENCE, NEGATIVE and WARNING, writing and reading side by side
(VOICE-28, VOICE-29).

Here: their fields in the steps of the form. Not here: the header (`layout`), the other bodies (`bodies`). May know:
terms.
"""

from copy import copy
from typing import Final

from redshank.exchange.voice import coarse
from redshank.exchange.voice.bits import Reader, Writer, refuse
from redshank.exchange.voice.bodies import OBJECT_BITS, put_object, put_place, take_object, take_place
from redshank.exchange.voice.codes import Parties, put_district, take_district
from redshank.terms import limits
from redshank.terms.ids import DistrictId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    Condition,
    EvidenceBody,
    FindBody,
    Found,
    Hazard,
    Item,
    Means,
    Measure,
    MeasureBody,
    NegativeBody,
    OwnObjectBody,
    Secured,
    WarningBody,
    WarningLevel,
)
from redshank.terms.refusal import Reason

CONDITIONS: Final = tuple(Condition)
MEASURES: Final = tuple(Measure)
FOUND: Final = tuple(Found)
HAZARDS: Final = tuple(Hazard)
ITEMS: Final = tuple(Item)
MEANS: Final = tuple(Means)
LEVELS: Final = tuple(WarningLevel)
BEGIN_BITS: Final = 17
LAST_BITS: Final = 16
PAST_BITS: Final = 20
END_BITS: Final = 10
RADIUS_BITS: Final = 14
RADIUS_STEPS: Final = 10_000
SERIAL_BITS: Final = 40
ITEM_BITS: Final = 40
HASH_DIGITS: Final = (64, 32, 16, 8)
"""How much of a hash is said: as much as the form has room for. What is left out is filled up with zeros."""
DISTRICTS_BITS: Final = 6
UNSPOKEN_DISTRICT: Final = "not-spoken"
"""Stands after the sender's name for the districts of a WARNING none of which has a short form."""


def put_own_object(out: Writer, body: OwnObjectBody, stated_s: int) -> None:
    out.put(CONDITIONS.index(body.condition), 2)
    put_object(out, body.object)
    out.put_optional(None if body.until_ms is None else coarse.end_steps(body.until_ms, stated_s), END_BITS)


def take_own_object(bits: Reader, stated_s: int) -> OwnObjectBody:
    condition, state = CONDITIONS[bits.take(2, "condition")], take_object(bits)
    steps = bits.take_optional(END_BITS, "until_ms", coarse.END_STEPS)
    until = None if steps is None else coarse.end_of(steps, stated_s)
    return OwnObjectBody(condition=condition, object=state, until_ms=until)


def put_measure(out: Writer, body: MeasureBody, stated_s: int) -> None:
    out.put(MEASURES.index(body.measure), 2)
    put_place(out, body.centre)
    out.put(coarse.search_steps(body.radius_m, coarse.moved_m(body.centre)), RADIUS_BITS)
    _put_span(out, body.from_ms, body.until_ms, stated_s)
    for height in (body.floor_m, body.ceiling_m):
        out.put_optional(None if height is None else coarse.altitude_steps(height), 10)


def take_measure(bits: Reader, stated_s: int) -> MeasureBody:
    measure, centre = MEASURES[bits.take(2, "measure")], take_place(bits, "centre")
    radius = bits.take(RADIUS_BITS, "radius_m", RADIUS_STEPS)
    begin, end = _take_span(bits, stated_s)
    floor, ceiling = (bits.take_optional(10, field, 610) for field in ("floor_m", "ceiling_m"))
    return MeasureBody(
        measure=measure,
        centre=centre,
        radius_m=radius * coarse.RADIUS_STEP_M,
        from_ms=begin,
        until_ms=end,
        floor_m=_height(floor),
        ceiling_m=_height(ceiling),
    )


def put_find(out: Writer, body: FindBody, stated_s: int) -> None:
    out.put(FOUND.index(body.what), 2)
    put_place(out, body.at)
    out.put(coarse.accuracy_steps(body.accuracy_m, coarse.moved_m(body.at)), 11)
    out.put(coarse.past_steps(body.found_ms, stated_s), PAST_BITS)
    out.put(HAZARDS.index(body.hazard), 2)
    out.put(body.secured is Secured.YES, 1)
    out.put(body.object is not None, 1)
    if body.object is not None:
        out.put_number(body.object, OBJECT_BITS)


def take_find(bits: Reader, stated_s: int) -> FindBody:
    what, at = FOUND[bits.take(2, "what")], take_place(bits, "at")
    accuracy = bits.take(11, "accuracy_m", 2_000) * coarse.RADIUS_STEP_M
    found = _take_past(bits, "found_ms", stated_s)
    hazard = HAZARDS[bits.take(2, "hazard", len(HAZARDS) - 1)]
    secured = Secured.YES if bits.take(1, "secured") else Secured.NO
    number = bits.take_number(OBJECT_BITS, "object") if bits.take(1, "object") else None
    return FindBody(
        what=what, at=at, accuracy_m=accuracy, found_ms=found, hazard=hazard, secured=secured, object=number
    )


def put_evidence(header: Writer, body: EvidenceBody, stated_s: int, place: tuple[bool, int]) -> Writer:
    """With as many digits of the hash as fit. `place`: whether the log is a later one, and the room in bits."""
    later, room = place
    out = copy(header)
    for choice, digits in enumerate(HASH_DIGITS):
        out = copy(header)
        out.put(ITEMS.index(body.kind), 2)
        out.put(choice, 2)
        out.put(int(body.sha256[:digits], 16), 4 * digits)
        out.put_number(body.bytes, ITEM_BITS)
        out.put(coarse.past_steps(body.obtained_ms, stated_s), PAST_BITS)
        out.put(body.find is not None, 1)
        if body.find is not None:
            put_own_serial(out, body.find, body.generation, later)
        if out.size <= room:
            break
    return out


def take_evidence(bits: Reader, stated_s: int, later: bool, unspoken: list[str]) -> EvidenceBody:
    kind, digits = ITEMS[bits.take(2, "kind")], HASH_DIGITS[bits.take(2, "sha256")]
    said = f"{bits.take(4 * digits, 'sha256'):0{digits}x}"
    if digits != HASH_DIGITS[0]:
        unspoken.append(f"sha256 {HASH_DIGITS[0] - digits}")
    size, obtained = bits.take_number(ITEM_BITS, "bytes"), _take_past(bits, "obtained_ms", stated_s)
    find, generation = take_own_serial(bits, "find", later) if bits.take(1, "find") else (None, None)
    return EvidenceBody(
        kind=kind,
        sha256=said.ljust(HASH_DIGITS[0], "0"),
        bytes=size,
        obtained_ms=obtained,
        find=find,
        generation=generation,
    )


def put_negative(out: Writer, body: NegativeBody, stated_s: int) -> None:
    put_place(out, body.centre)
    out.put(coarse.looked_steps(body.radius_m, coarse.moved_m(body.centre)), RADIUS_BITS)
    _put_span(out, body.from_ms, body.until_ms, stated_s)
    out.put(MEANS.index(body.means), 2)


def take_negative(bits: Reader, stated_s: int) -> NegativeBody:
    centre, radius = take_place(bits, "centre"), bits.take(RADIUS_BITS, "radius_m", RADIUS_STEPS)
    begin, end = _take_span(bits, stated_s)
    return NegativeBody(
        centre=centre,
        radius_m=radius * coarse.RADIUS_STEP_M,
        from_ms=begin,
        until_ms=end,
        means=MEANS[bits.take(2, "means")],
    )


def put_warning(header: Writer, body: WarningBody, parties: Parties, stated_s: int, room: int) -> Writer:
    """As many districts as fit, from the first on; none after one that has no short form."""
    best = _warning(header, body, parties, stated_s, ())
    for count in range(1, len(body.districts) + 1):
        codes = Writer()
        spoken = all(put_district(codes, code, parties) for code in body.districts[:count])
        more = _warning(header, body, parties, stated_s, body.districts[:count]) if spoken else None
        if more is None or more.size > room:
            break
        best = more
    return best


def _warning(
    header: Writer, body: WarningBody, parties: Parties, stated_s: int, spoken: tuple[DistrictId, ...]
) -> Writer:
    out = copy(header)
    out.put(LEVELS.index(body.level), 2)
    _put_span(out, body.from_ms, body.until_ms, stated_s)
    rest = 0 if body.districts == (_unspoken(parties),) else len(body.districts) - len(spoken)
    out.put(len(spoken), DISTRICTS_BITS)
    out.put(rest, DISTRICTS_BITS)
    for code in spoken:
        put_district(out, code, parties)
    return out


def take_warning(bits: Reader, parties: Parties, stated_s: int, unspoken: list[str]) -> WarningBody:
    level = LEVELS[bits.take(2, "level", len(LEVELS) - 1)]
    begin, end = _take_span(bits, stated_s)
    count = bits.take(DISTRICTS_BITS, "districts", limits.DISTRICTS_WARNED)
    rest = bits.take(DISTRICTS_BITS, "districts", limits.DISTRICTS_WARNED - count)
    districts = tuple(take_district(bits, parties, "districts") for _ in range(count))
    if rest:
        unspoken.append(f"districts {rest}")
    return WarningBody(level=level, districts=districts or (_unspoken(parties),), from_ms=begin, until_ms=end)


def _unspoken(parties: Parties) -> DistrictId:
    return DistrictId(f"{parties.both[0]}-{UNSPOKEN_DISTRICT}")


# --- a serial of the sender's own log ---------------------------------------------------------------------------------


def put_own_serial(out: Writer, serial: int, generation: int | None, later: bool) -> None:
    """With the generation of the log that it points into, where there can be an earlier one."""
    out.put_number(serial, SERIAL_BITS)
    if later:
        out.put_optional(generation, 10)


def take_own_serial(bits: Reader, field: str, later: bool) -> tuple[int, int | None]:
    serial = bits.take_number(SERIAL_BITS, field)
    return serial, bits.take_optional(10, "generation", limits.LOG_GENERATIONS - 1) if later else None


# --- times ------------------------------------------------------------------------------------------------------------


def _put_span(out: Writer, begin: Instant, end: Instant, stated_s: int) -> None:
    early, lasts = coarse.span_steps(begin, end, stated_s)
    out.put(early + coarse.SPAN_MINUTES, BEGIN_BITS)
    out.put(lasts, LAST_BITS)


def _take_span(bits: Reader, stated_s: int) -> tuple[Instant, Instant]:
    early = bits.take(BEGIN_BITS, "from_ms", 2 * coarse.SPAN_MINUTES) - coarse.SPAN_MINUTES
    lasts = bits.take(LAST_BITS, "until_ms", coarse.SPAN_MINUTES)
    if stated_s + 60 * early < 0:
        refuse(Reason.VALUE_NOT_PLAUSIBLE, "from_ms", "before 1970")
    return coarse.span_of(early, lasts, stated_s)


def _take_past(bits: Reader, field: str, stated_s: int) -> Instant:
    minutes = bits.take(PAST_BITS, field, coarse.PAST_MINUTES)
    if stated_s < 60 * minutes:
        refuse(Reason.VALUE_NOT_PLAUSIBLE, field, "before 1970")
    return coarse.past_of(minutes, stated_s)


def _height(steps: int | None) -> int | None:
    return None if steps is None else steps * coarse.ALTITUDE_STEP_M + coarse.ALTITUDE_FIRST_M
