# size: the bounds of every message stand in one file, so that a reader of the clauses finds them side by side
"""Bounds: what each field of a message may hold, whoever sent it.

Here: ranges, code forms, text rules, which members a type needs. Not here: JSON (`envelope`). May know:
terms. The rules are numbered in docs/spec/messages.md; own messages pass the same checks before they are
sent.
"""

import re
import unicodedata
from collections.abc import Iterable

from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import (
    NOT_CORRECTABLE,
    AckBody,
    AgreeCloseBody,
    Body,
    CancelBody,
    CloseBody,
    CorrectBody,
    CrossingClaim,
    DistrictClaim,
    EndBody,
    EvidenceBody,
    FindBody,
    HeadClaim,
    LifeBody,
    LogEndBody,
    LogOpenBody,
    LostBody,
    MeasureBody,
    Message,
    MessageType,
    NegativeBody,
    NoticeBody,
    ObjectState,
    OwnObjectBody,
    PointE7,
    QueryBody,
    ReplyBody,
    SuspendBody,
    TestBody,
    WarningBody,
    Why,
)
from redshank.terms.refusal import Reason, Refusal

INTEGER_MAX = (1 << 53) - 1  # what every JSON reader holds exactly (RFC 8259 section 6)
OBJECT_MAX = 999_999  # objects of one incident
COUNT_MAX = 10_000  # things flying together as one object
ACCURACY_MAX_M = 200_000  # coarser than any policy; says "somewhere in the region"
SEARCH_RADIUS_MAX_M = 1_000_000  # an hour of drift at the fastest
SPEED_MAX_KMH = round(limits.SPEED_MAX_MPS * 3.6)
LAT_MIN_E7, LAT_MAX_E7 = round(limits.REGION_LAT_MIN_DEG * 1e7), round(limits.REGION_LAT_MAX_DEG * 1e7)
LON_MIN_E7, LON_MAX_E7 = round(limits.REGION_LON_MIN_DEG * 1e7), round(limits.REGION_LON_MAX_DEG * 1e7)

OF_LOG = frozenset({MessageType.LOG_END, MessageType.LOG_OPEN})
"""Types that are about the log itself."""
OF_LIFE = frozenset({MessageType.ACTIVATE, MessageType.SUSPEND, MessageType.RESUME, MessageType.END})
"""Types that are about the agreement itself (AGR-1)."""
NO_INCIDENT = frozenset({MessageType.TEST, MessageType.TEST_REPLY}) | OF_LOG | OF_LIFE
"""Types that are about the line, the log or the agreement, not about an incident."""
MAY_LACK_INCIDENT = NO_INCIDENT | {MessageType.ACK}
REPLIES = frozenset({MessageType.TEST_REPLY, MessageType.REPLY, MessageType.ACK})
"""Types that are nothing without the message that they answer."""
ANSWERS_NOTHING = frozenset({MessageType.EVIDENCE, MessageType.CORRECT, MessageType.CANCEL})
"""Types that name a message of their own log, and none of the other side's."""

_INCIDENT = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{6}")
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:|-]{0,31}")
_ROOT = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
"""32 bytes; the last digit has no stray bits."""
_TEXT_REFUSED = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff0-\uffff"
    "\U00010000-\U0010ffff]"
)
"""Controls, invisible and direction marks, private use, and all beyond the Basic Multilingual Plane: a remark
must look the same to both officers, and no language of the channel needs these."""


def check_message(message: Message, now: Instant | None) -> Refusal | None:
    """None when every field is within bounds, else the first refusal. `now` None: no clock to hold times
    against."""
    return (
        _check_times(message, now)
        or _check_references(message)
        or _check_text(message)
        or _check_body(message, message.body)
        or _check_life(message)
    )


def _check_times(message: Message, now: Instant | None) -> Refusal | None:
    # A log ends and opens, and an agreement is stopped, whatever the sender's clock says: refused for its time, an end
    # would never come.
    stated, observed = message.stated_ms, message.observed_ms
    bad = _ranged("stated_ms", stated, 0, INTEGER_MAX)
    if bad is None and observed is not None:
        bad = _ranged("observed_ms", observed, 0, INTEGER_MAX)
    if bad is not None:
        return bad
    if now is not None and message.type not in OF_LOG | OF_LIFE and stated > now + limits.MESSAGE_AHEAD_MS:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "stated_ms", f"{stated - now} ms ahead of the reader's clock")
    if observed is not None and observed > stated + limits.MESSAGE_AHEAD_MS:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "observed_ms", "observed after it was stated")
    return None


def _check_references(message: Message) -> Refusal | None:
    kind, incident, reply = message.type, message.incident, message.in_reply_to
    if incident is None and kind not in MAY_LACK_INCIDENT:
        return _bad("incident", f"{kind.value} needs one")
    if incident is not None and (kind in NO_INCIDENT or _INCIDENT.fullmatch(incident) is None):
        return _bad("incident", f"not for {kind.value}, or not <party>-<year>-<six digits>: {incident[:20]!r}")
    if kind in OF_LOG:
        return _check_place_of_log(message)
    if kind in ANSWERS_NOTHING | OF_LIFE and (reply is not None or message.reply_generation is not None):
        return _bad("in_reply_to", f"not for {kind.value}")
    if reply is None:
        if message.reply_generation is not None:
            return _bad("reply_generation", "says of which log a serial is that is not there")
        return _bad("in_reply_to", f"{kind.value} needs one") if kind in REPLIES else None
    return _ranged("in_reply_to", reply, 0, limits.LOG_ENTRIES - 1) or _check_reply_generation(message)


def _check_place_of_log(message: Message) -> Refusal | None:
    """LOG-END names the generation that follows its own; LOG-OPEN stands first in a log that follows another."""
    if message.in_reply_to is not None or message.reply_generation is not None:
        return _bad("in_reply_to", f"not for {message.type.value}")
    if isinstance(message.body, LogEndBody) and message.body.generation != message.generation + 1:
        return _bad("generation", f"{message.body.generation} does not follow {message.generation}")
    if message.type is MessageType.LOG_OPEN and (message.serial or not message.generation):
        return _bad("serial", "stands first in a log that follows another, and nowhere else")
    return None


def _check_reply_generation(message: Message) -> Refusal | None:
    """Left out for the own generation, so that a reference has one spelling."""
    if message.reply_generation is None or 0 <= message.reply_generation < message.generation:
        return None
    return _bad("reply_generation", "an earlier one than that of the message, or none")


def _check_text(message: Message) -> Refusal | None:
    text = message.text
    if text is None:
        return None
    if not 1 <= len(text) <= limits.MESSAGE_TEXT_CHARS:
        return Refusal(Reason.TOO_LARGE, "text", f"{len(text)} characters, allowed 1..{limits.MESSAGE_TEXT_CHARS}")
    if _TEXT_REFUSED.search(text):
        return _bad("text", "a control, invisible, private or supplementary character")
    if not unicodedata.is_normalized("NFC", text):
        return Refusal(Reason.NOT_CANONICAL, "text", "not in Unicode normalisation form C")
    return None


def _check_body(message: Message, body: Body) -> Refusal | None:
    """`body` is the message's own, or the one that its CORRECT puts in the place of an earlier one."""
    match body:
        case OwnObjectBody() | FindBody() | EvidenceBody():
            return _check_thing(message, body)
        case MeasureBody() | NegativeBody() | WarningBody():
            return _check_stretch(message, body)
        case CorrectBody() | CancelBody():
            return _check_earlier(message, body)
        case AckBody() | AgreeCloseBody():
            return _check_answer(body)
        case LogEndBody() | LogOpenBody():
            return _check_log(body)
        case LifeBody() | SuspendBody() | EndBody():
            return None  # see _check_life
        case _:
            return _check_about(body)


def _check_about(body: NoticeBody | LostBody | QueryBody | ReplyBody | CloseBody | TestBody) -> Refusal | None:
    """What is said about an object, an incident or the line."""
    match body:
        case NoticeBody():
            return _check_notice(body)
        case LostBody():
            disc = _check_disc("search_centre", body.search_centre, "search_radius_m", body.search_radius_m)
            return _check_object(body.object) or disc
        case QueryBody():
            return _ranged("object", body.object, 1, OBJECT_MAX)
        case CloseBody():
            times = (body.first_observed_ms, body.last_observed_ms)
            return _ranged("objects", body.objects, 0, OBJECT_MAX) or _check_order("observed_ms", times)
        case TestBody():
            return _ranged("number", body.number, 0, INTEGER_MAX)
        case ReplyBody():
            return None  # its code was checked when it was decoded


def _check_thing(message: Message, body: OwnObjectBody | FindBody | EvidenceBody) -> Refusal | None:
    """An own object, a find, an item."""
    if isinstance(body, OwnObjectBody):
        return _check_object(body.object) or _check_flight_end(message.stated_ms, body.until_ms)
    if isinstance(body, FindBody):
        number = None if body.object is None else _ranged("object", body.object, 1, OBJECT_MAX)
        disc = _ranged("accuracy_m", body.accuracy_m, 0, ACCURACY_MAX_M) or _check_point("at", body.at)
        return disc or number or _check_past("found_ms", message.stated_ms, body.found_ms)
    if _HASH.fullmatch(body.sha256) is None:
        return _bad("sha256", "64 hexadecimal digits, in small letters")
    return (
        _ranged("bytes", body.bytes, 0, limits.EVIDENCE_ITEM_BYTES - 1)
        or _check_past("obtained_ms", message.stated_ms, body.obtained_ms)
        or _check_own_serial("find", message, body.find, body.generation)
    )


def _check_stretch(message: Message, body: MeasureBody | NegativeBody | WarningBody) -> Refusal | None:
    """What holds from one time until another."""
    bad = _check_span(message.stated_ms, body.from_ms, body.until_ms)
    if bad is not None:
        return bad
    if isinstance(body, WarningBody):
        return _check_warned(message, body)
    bad = _check_disc("centre", body.centre, "radius_m", body.radius_m)
    if bad is not None or isinstance(body, NegativeBody):
        return bad
    low, high = int(limits.ALTITUDE_MIN_M), int(limits.ALTITUDE_MAX_M)
    for field, height in (("floor_m", body.floor_m), ("ceiling_m", body.ceiling_m)):
        if height is not None and (bad := _ranged(field, height, low, high)):
            return bad
    upside_down = body.floor_m is not None and body.ceiling_m is not None and body.floor_m > body.ceiling_m
    return _bad("floor_m", "above the ceiling") if upside_down else None


def _check_warned(message: Message, body: WarningBody) -> Refusal | None:
    """Own districts only, each once, in the order of their codes: one warning has one spelling."""
    if not 1 <= len(body.districts) <= limits.DISTRICTS_WARNED:
        detail = f"{len(body.districts)} districts, allowed 1..{limits.DISTRICTS_WARNED}"
        return Refusal(Reason.TOO_LARGE, "districts", detail)
    bad = next((wrong for code in body.districts if (wrong := _check_code("districts", code))), None)
    if bad is not None:
        return bad
    if not all(code.startswith(f"{message.sender}-") for code in body.districts):
        return _bad("districts", f"a district that is not of {message.sender}")
    if any(one >= other for one, other in zip(body.districts, body.districts[1:], strict=False)):
        return Refusal(Reason.NOT_CANONICAL, "districts", "not in rising order, or one twice")
    return None


def _check_earlier(message: Message, body: CorrectBody | CancelBody) -> Refusal | None:
    bad = _check_own_serial("serial", message, body.serial, body.generation)
    if bad is not None or isinstance(body, CancelBody):
        return bad
    if body.type in NOT_CORRECTABLE:
        return Refusal(Reason.NOT_CORRECTABLE, "type", f"{body.type.value} can not be corrected")
    return _check_body(message, body.body)


def _check_own_serial(field: str, message: Message, serial: int | None, generation: int | None) -> Refusal | None:
    """An earlier message of the same log, or any of the log of an earlier generation."""
    if serial is None:
        return None if generation is None else _bad("generation", "says of which log a serial is that is not there")
    if generation is not None:
        if not 0 <= generation < message.generation:
            return _bad("generation", "an earlier one than that of the message, or none")
        return _ranged(field, serial, 0, limits.LOG_ENTRIES - 1)
    return _ranged(field, serial, 0, message.serial - 1)


def _check_span(stated: Instant, begin: Instant, end: Instant) -> Refusal | None:
    bad = _check_order("until_ms", (begin, end))
    if bad is None and abs(begin - stated) > limits.STATED_SPAN_MS:
        bad = Refusal(Reason.TIME_NOT_PLAUSIBLE, "from_ms", "more than 31 days from the statement")
    if bad is None and end - begin > limits.STATED_SPAN_MS:
        bad = Refusal(Reason.TIME_NOT_PLAUSIBLE, "until_ms", "more than 31 days after its beginning")
    return bad


def _check_past(field: str, stated: Instant, at: Instant) -> Refusal | None:
    if not 0 <= at <= INTEGER_MAX:
        return Refusal(Reason.BAD_TIME, field, "out of range")
    if at > stated + limits.MESSAGE_AHEAD_MS:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, field, "after it was stated")
    if at < stated - limits.STATED_PAST_MS:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, field, "more than 366 days before it was stated")
    return None


def _check_flight_end(stated: Instant, end: Instant | None) -> Refusal | None:
    if end is None:
        return None
    bad = _check_order("until_ms", (stated, end))
    if bad is None and end > stated + limits.FLIGHT_END_MS:
        bad = Refusal(Reason.TIME_NOT_PLAUSIBLE, "until_ms", "more than 7 days after it was stated")
    return bad


def _check_disc(centre_field: str, centre: PointE7, radius_field: str, radius_m: int) -> Refusal | None:
    return _check_point(centre_field, centre) or _ranged(radius_field, radius_m, 0, SEARCH_RADIUS_MAX_M)


def _check_answer(body: AckBody | AgreeCloseBody) -> Refusal | None:
    if isinstance(body, AckBody):
        return _check_code("role", body.role)
    return None if body.agrees in ("yes", "no") else _bad("agrees", "yes or no")


def _check_log(body: LogEndBody | LogOpenBody) -> Refusal | None:
    if isinstance(body, LogEndBody):
        for field, mark in (("keys", body.keys), ("partner_keys", body.partner_keys)):
            if _HASH.fullmatch(mark) is None:
                return _bad(field, "64 hexadecimal digits, in small letters")
        if body.why in (Why.REVOKED, Why.LOST):
            return _bad("why", f"keys that are {body.why.value} end no log")
        return _ranged("generation", body.generation, 1, limits.LOG_GENERATIONS - 1)
    return _check_claim("end", body.end) or _check_claim("partner_end", body.partner_end)


def _check_life(message: Message) -> Refusal | None:
    """AGR-3: which text, which life, how far the sender had read, and when an end takes effect."""
    body = message.body
    if not isinstance(body, LifeBody | SuspendBody | EndBody):
        return None
    if _HASH.fullmatch(body.agreement) is None:
        return _bad("agreement", "64 hexadecimal digits, in small letters")
    bad = _ranged("life", body.life, 1, limits.LIVES) or _ranged("taken", body.taken, 0, limits.LOG_ENTRIES)
    if bad is None and isinstance(body, EndBody):
        stated = message.stated_ms
        return _ranged("from_ms", body.from_ms, stated, min(INTEGER_MAX, stated + limits.END_AHEAD_MS))
    return bad


def _check_claim(field: str, claim: HeadClaim) -> Refusal | None:
    if (
        not 1 <= len(claim.origin) <= limits.ORIGIN_CHARS
        or not claim.origin.isascii()
        or not claim.origin.isprintable()
    ):
        return _bad(f"{field}.origin", "no origin of a log")
    if _ROOT.fullmatch(claim.root) is None:
        return _bad(f"{field}.root", "not the base64 of 32 bytes")
    return _ranged(f"{field}.size", claim.size, 0, limits.LOG_ENTRIES)


def _check_notice(body: NoticeBody) -> Refusal | None:
    bad = _check_object(body.object)
    if bad is None and body.crossing is not None:
        bad = _check_crossing(body.crossing)
    if bad is None and len(body.districts) > limits.DISTRICTS_PER_MESSAGE:
        bad = Refusal(Reason.TOO_LARGE, "districts", f"more than {limits.DISTRICTS_PER_MESSAGE}")
    return bad or next((found for claim in body.districts if (found := _check_district(claim))), None)


def _check_object(state: ObjectState) -> Refusal | None:
    fields = (
        ("object", state.object, 1, OBJECT_MAX),
        ("accuracy_m", state.accuracy_m, 0, ACCURACY_MAX_M),
        ("count", state.count, 1, COUNT_MAX),
        ("altitude_m", state.altitude_m, int(limits.ALTITUDE_MIN_M), int(limits.ALTITUDE_MAX_M)),
        ("course_deg", state.course_deg, 0, 359),
        ("speed_kmh", state.speed_kmh, 0, SPEED_MAX_KMH),
    )
    for name, value, low, high in fields:
        if value is not None and not low <= value <= high:
            return _bad(f"object.{name}", f"allowed {low}..{high}")
    return _check_point("object.at", state.at)


def _check_crossing(claim: CrossingClaim) -> Refusal | None:
    return (
        _check_code("crossing.border", claim.border)
        or _check_code("crossing.out_of", claim.out_of)
        or _check_code("crossing.into", claim.into)
        or _ranged("crossing.permille", claim.permille, 0, 1000)
        or _check_order("crossing", (claim.p10_ms, claim.p50_ms, claim.p90_ms))
        or _check_point("crossing.stretch_from", claim.stretch_from)
        or _check_point("crossing.stretch_to", claim.stretch_to)
    )


def _check_district(claim: DistrictClaim) -> Refusal | None:
    return (
        _check_code("districts.district", claim.district)
        or _ranged("districts.permille", claim.permille, 0, 1000)
        or _check_order("districts", (claim.p10_ms, claim.p50_ms, claim.p90_ms))
    )


def _check_point(field: str, point: PointE7) -> Refusal | None:
    if LAT_MIN_E7 <= point.lat_e7 <= LAT_MAX_E7 and LON_MIN_E7 <= point.lon_e7 <= LON_MAX_E7:
        return None
    return Refusal(Reason.POSITION_NOT_PLAUSIBLE, field, "outside the region of the channel")


def _check_order(field: str, times: Iterable[int]) -> Refusal | None:
    before = 0
    for time in times:
        if not before <= time <= INTEGER_MAX:
            return Refusal(Reason.BAD_TIME, field, "times out of order or out of range")
        before = time
    return None


def _check_code(field: str, code: str) -> Refusal | None:
    return None if _CODE.fullmatch(code) else _bad(field, f"not a code: {code[:40]!r}")


def _ranged(field: str, value: int, low: int, high: int) -> Refusal | None:
    return None if low <= value <= high else _bad(field, f"allowed {low}..{high}")


def _bad(field: str, detail: str) -> Refusal:
    return Refusal(Reason.VALUE_NOT_PLAUSIBLE, field, detail)
