"""Plain: what a form says, as lines of plain English and codes, for paper and terminal.

Here: the words. Not here: the page, other languages (the console has its own texts). May know: terms. Codes of
districts, borders and incidents stay codes: both officers read the same.
"""

from redshank.exchange.voice.layout import Heard
from redshank.terms.instants import Instant, format_instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Body,
    CancelBody,
    CloseBody,
    CorrectBody,
    CrossingClaim,
    DistrictClaim,
    EvidenceBody,
    FindBody,
    LogEndBody,
    LogOpenBody,
    LostBody,
    MeasureBody,
    NegativeBody,
    NoticeBody,
    ObjectState,
    OwnObjectBody,
    PointE7,
    QueryBody,
    ReplyBody,
    TestBody,
    WarningBody,
)

Line = tuple[str, str]

_MINUTE_E7 = 10_000_000 / 60


def plain_lines(heard: Heard) -> list[Line]:
    """Pairs of (what, value), header first; what is not spoken last."""
    message = heard.message
    log = f"{message.year}, log {message.generation}" if message.generation else f"{message.year}"
    lines = [
        ("message", f"{message.type.value}, serial {message.serial} of the log of {message.sender}, {log}"),
        ("channel", message.channel),
        ("stated", utc(message.stated_ms)),
    ]
    if message.observed_ms is not None:
        lines.append(("observed", utc(message.observed_ms)))
    if message.incident is not None:
        lines.append(("incident", message.incident))
    if message.in_reply_to is not None:
        lines.append(("in reply to", f"serial {message.in_reply_to} of the reader's log"))
    lines += _body(message.body)
    if heard.unspoken:
        lines.append(("not spoken", ", ".join(heard.unspoken)))
    return lines


def utc(at: Instant) -> str:
    """``2026-05-07 00:30:01 UTC``."""
    try:
        text = format_instant(at)
    except OverflowError:  # a message may hold times beyond the calendar
        return f"{at} ms after 1970"
    return f"{text[:10]} {text[11:19]} UTC"


def place(point: PointE7) -> str:
    """``54 33.7 N 026 14.0 E``: degrees, minutes and tenths, as the form says it."""
    return f"{_angle(point.lat_e7, 2)} N {_angle(point.lon_e7, 3)} E"


def _angle(value_e7: int, width: int) -> str:
    tenths = round(value_e7 / _MINUTE_E7 * 10)
    return f"{tenths // 600:0{width}d} {tenths % 600 / 10:04.1f}"


def _body(body: Body) -> list[Line]:
    match body:
        case NoticeBody():
            return _notice(body)
        case CorrectBody():
            return [*_earlier("corrects", body), ("should have said", body.type.value), *_body(body.body)]
        case CancelBody():
            return [*_earlier("cancels", body), ("why", body.why.value)]
        case OwnObjectBody() | FindBody() | EvidenceBody():
            return _thing(body)
        case MeasureBody() | NegativeBody() | WarningBody():
            return _stretch(body)
        case LogEndBody() | LogOpenBody():  # not said by voice
            return []
        case _:
            return _short(body)


def _short(body: LostBody | QueryBody | ReplyBody | CloseBody | AckBody | AgreeCloseBody | TestBody) -> list[Line]:
    match body:
        case LostBody():
            search = f"{place(body.search_centre)}, radius {body.search_radius_m} m"
            return [*_object(body.object), ("search", search)]
        case QueryBody():
            return [("asks", f"{body.question.value}: object {body.object}")]
        case ReplyBody():
            return [("answers", body.answer.value)]
        case CloseBody():
            seen = f"{utc(body.first_observed_ms)} to {utc(body.last_observed_ms)}"
            return [("outcome", body.outcome.value), ("objects", str(body.objects)), ("observed", seen)]
        case AckBody():
            return [("read by", body.role)]
        case AgreeCloseBody():
            return [("agrees", body.agrees)]
        case TestBody():
            return [("number", str(body.number))]


def _earlier(what: str, body: CorrectBody | CancelBody) -> list[Line]:
    return [(what, f"serial {body.serial} of the sender's log{_of_log(body.generation)}")]


def _thing(body: OwnObjectBody | FindBody | EvidenceBody) -> list[Line]:
    match body:
        case OwnObjectBody():
            end = [] if body.until_ms is None else [("flight ends", utc(body.until_ms))]
            return [("our own object is", body.condition.value), *_object(body.object), *end]
        case FindBody():
            which = "" if body.object is None else f", object {body.object}"
            guarded = f"hazard {body.hazard.value}, secured {body.secured.value}"
            where = f"{place(body.at)}, within {body.accuracy_m} m"
            return [
                ("found", f"{body.what.value}{which}"),
                ("place", where),
                ("at", utc(body.found_ms)),
                ("is", guarded),
            ]
        case EvidenceBody():
            of = [] if body.find is None else [("of the find", f"serial {body.find}{_of_log(body.generation)}")]
            item = f"{body.kind.value}, {body.bytes} bytes, obtained {utc(body.obtained_ms)}"
            return [("offers", item), ("sha256", body.sha256), *of]


def _stretch(body: MeasureBody | NegativeBody | WarningBody) -> list[Line]:
    span = ("from", f"{utc(body.from_ms)} until {utc(body.until_ms)}")
    if isinstance(body, WarningBody):
        return [("our public was told", body.level.value), span, ("in", ", ".join(body.districts))]
    area = ("area", f"{place(body.centre)}, radius {body.radius_m} m")
    if isinstance(body, NegativeBody):
        return [("saw nothing, by", body.means.value), area, span]
    heights = [(name, f"{m} m") for name, m in (("floor", body.floor_m), ("ceiling", body.ceiling_m)) if m is not None]
    return [("our measure", body.measure.value), area, span, *heights]


def _of_log(generation: int | None) -> str:
    return "" if generation is None else f", log {generation}"


def _notice(body: NoticeBody) -> list[Line]:
    lines = [("phase", body.phase.value), *_object(body.object)]
    if body.crossing is not None:
        lines += _crossing(body.crossing)
    return lines + [(f"district {claim.district}", _odds(claim)) for claim in body.districts]


def _object(state: ObjectState) -> list[Line]:
    parts = [state.status.value]
    if state.count != 1:
        parts.append(f"{state.count} together")
    if state.course_deg is not None:
        parts.append(f"course {state.course_deg:03d}")
    if state.speed_kmh is not None:
        parts.append(f"{state.speed_kmh} km/h")
    if state.altitude_m is not None:
        parts.append(f"altitude {state.altitude_m} m")
    where = f"{place(state.at)}, within {state.accuracy_m} m"
    return [(f"object {state.object}", ", ".join(parts)), ("place", where)]


def _crossing(claim: CrossingClaim) -> list[Line]:
    stretch = f"{place(claim.stretch_from)} to {place(claim.stretch_to)}"
    return [("crossing", f"out of {claim.out_of} into {claim.into}, {_odds(claim)}"), ("stretch", stretch)]


def _odds(claim: CrossingClaim | DistrictClaim) -> str:
    early, late = utc(claim.p10_ms)[11:19], utc(claim.p90_ms)[11:19]
    return f"{claim.permille // 10} percent, {utc(claim.p50_ms)[11:]} ({early} to {late})"
