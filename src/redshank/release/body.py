"""Bodies: what a rule lets out of a draft, field by field, in the integers and codes of the wire.

Here: the allow-list. Each body is built anew; nothing that came in is copied whole. Not here: whether anything may
leave at all (`decide`). May know: terms.
"""

import math
from typing import Final

from redshank.release.coarsen import (
    Cell,
    accuracy_m,
    ceil_time,
    floor_time,
    moved,
    nearest,
    radius_95_m,
    sigma_max_m,
    snap,
)
from redshank.release.policy import NEVER_RELEASED, Coarsen, Field, Rule
from redshank.release.statement import build_statement
from redshank.terms import limits
from redshank.terms.crossing import BorderForecast, DistrictForecast, TimeWindow
from redshank.terms.draft import TrackDraft
from redshank.terms.geo import Position
from redshank.terms.ids import CountryId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Body,
    CloseBody,
    CorrectBody,
    CrossingClaim,
    DistrictClaim,
    EndBody,
    LifeBody,
    LogEndBody,
    LogOpenBody,
    LostBody,
    MessageType,
    NoticeBody,
    ObjectState,
    OwnObjectBody,
    QueryBody,
    ReplyBody,
    SuspendBody,
    TestBody,
)
from redshank.terms.track import Status, Track

STILL_MPS: Final = 1.0  # slower than this, a course says nothing
_EARTH_M: Final = 6_350_000.0  # a lower bound for the radii of curvature in the region

_NEVER: Final = tuple((field, NEVER_RELEASED) for field in ("track_id", "sources", "reports", "covariance", "trail"))


def build_body(rule: Rule, grains: Coarsen, draft: TrackDraft) -> NoticeBody | LostBody | OwnObjectBody:
    """NOTICE, UPDATE, LOST or OWN-OBJECT as the rule lets it out. The draft has passed `match.fault`."""
    state = _object_state(rule, grains, draft)
    if draft.own is not None:
        until = None if draft.own.until_ms is None else ceil_time(draft.own.until_ms, grains.time_s)
        return OwnObjectBody(condition=draft.own.condition, object=state, until_ms=until)
    if draft.type is MessageType.LOST and draft.search is not None:
        cell = Cell(draft.search.centre, grains.position_m)
        return LostBody(
            object=state,
            search_centre=cell.centre,
            search_radius_m=accuracy_m(cell, draft.search.radius_m),
        )
    return NoticeBody(
        phase=draft.phase,
        object=state,
        crossing=None if Field.CROSSING in rule.strip else _crossing_claim(grains, draft),
        districts=() if Field.DISTRICTS in rule.strip else _district_claims(grains, draft),
    )


def observed(draft: TrackDraft) -> Instant:
    """When the released state was observed, at full precision: for LOST, when it was last seen."""
    if draft.type is MessageType.LOST and draft.search is not None:
        return draft.search.last_at
    return draft.track.at


def hidden_fields(rule: Rule, grains: Coarsen, draft: TrackDraft) -> tuple[tuple[str, str], ...]:
    """(field, rule) for all that a partner will not see, or not see so exactly."""
    track, strip = draft.track, rule.strip
    forecast = draft.forecast is not None
    names = (
        ("position", True),
        ("time", True),
        ("altitude", track.altitude_m is not None and grains.altitude_m != 1),
        ("course", grains.course_deg != 1),
        ("speed", grains.speed_kmh != 1),
        ("status", Field.STATUS in strip),
        ("crossing", forecast or draft.crossing is not None),
        ("districts", forecast),
    )
    return tuple((name, rule.id) for name, hides in names if hides) + _NEVER


def _object_state(rule: Rule, grains: Coarsen, draft: TrackDraft) -> ObjectState:
    track = draft.track
    position, radius_m = _at_grain_start(grains, draft)
    cell = Cell(position, grains.position_m)
    moving = track.speed_mps >= STILL_MPS
    return ObjectState(
        object=draft.object_number,
        status=Status.UNKNOWN if Field.STATUS in rule.strip else track.status,
        at=cell.centre,
        accuracy_m=accuracy_m(cell, radius_m),
        count=draft.together,
        altitude_m=None if track.altitude_m is None else _step(track.altitude_m, grains.altitude_m),
        course_deg=_course(track, grains.course_deg) if moving else None,
        speed_kmh=_step(track.speed_mps * 3.6, grains.speed_kmh),
    )


def _at_grain_start(grains: Coarsen, draft: TrackDraft) -> tuple[Position, float]:
    """The position at the released (floored) time and the 95 % radius there: a time that is coarsened without the
    place would shift a fast object by kilometres."""
    track = draft.track
    lost = draft.search if draft.type is MessageType.LOST else None
    place = track.position if lost is None else lost.last_position
    at = observed(draft)
    back_s = (at - floor_time(at, grains.time_s)) / 1_000.0
    shift_m = track.speed_mps * back_s
    p = track.covariance
    sigma = sigma_max_m(
        _back(p[0], p[2], p[10], back_s),
        p[1] - back_s * (p[3] + p[6]) + back_s * back_s * p[11],
        _back(p[5], p[7], p[15], back_s),
    )
    if not math.isfinite(sigma):  # a cross-covariance that is none: the bound that holds for any of them
        sigma = sigma_max_m(p[0], p[1], p[5]) + back_s * math.sqrt(max(0.0, p[10]) + max(0.0, p[15]))
    place = moved(place, -track.velocity_e_mps * back_s, -track.velocity_n_mps * back_s)
    return place, radius_95_m(sigma) + shift_m * shift_m / _EARTH_M


def _back(position_m2: float, cross: float, velocity: float, seconds: float) -> float:
    return position_m2 - 2.0 * seconds * cross + seconds * seconds * velocity


def _step(value: float, step: int) -> int | None:
    return nearest(value, step) if step else None


def _course(track: Track, step: int) -> int | None:
    if not step:
        return None
    return nearest(math.degrees(math.atan2(track.velocity_e_mps, track.velocity_n_mps)) % 360.0, step) % 360


def _permille(probability: float, step: int) -> int:
    """To the nearest step; a forecast never says 1,000: that is for what has happened."""
    return min(1_000 - step, max(0, nearest(min(1.0, max(0.0, probability)) * 1_000.0, step)))


def _window(window: TimeWindow, grains: Coarsen) -> tuple[Instant, Instant, Instant]:
    """The window rounded outwards, the median to the start of its grain."""
    grain = grains.time_s
    return floor_time(window.p10, grain), floor_time(window.p50, grain), ceil_time(window.p90, grain)


def _crossing_claim(grains: Coarsen, draft: TrackDraft) -> CrossingClaim | None:
    """What happened, if the draft says so; else the likeliest crossing of a border of the partner, either way."""
    happened = draft.crossing
    if happened is not None:
        if CountryId(draft.partner) not in (happened.out_of, happened.into):
            return None
        at = snap(happened.position, grains.position_m)
        p10, p50, p90 = _window(TimeWindow(happened.at, happened.at, happened.at), grains)
        return CrossingClaim(
            border=happened.border,
            out_of=happened.out_of,
            into=happened.into,
            permille=1_000,
            p10_ms=p10,
            p50_ms=p50,
            p90_ms=p90,
            stretch_from=at,
            stretch_to=at,
        )
    likely = _likeliest(draft)
    if likely is None:
        return None
    p10, p50, p90 = _window(likely.window, grains)
    return CrossingClaim(
        border=likely.border,
        out_of=likely.out_of,
        into=likely.into,
        permille=_permille(likely.probability, grains.permille),
        p10_ms=p10,
        p50_ms=p50,
        p90_ms=p90,
        stretch_from=snap(likely.stretch.start, grains.position_m),
        stretch_to=snap(likely.stretch.end, grains.position_m),
    )


def _likeliest(draft: TrackDraft) -> BorderForecast | None:
    if draft.forecast is None:
        return None
    partner = CountryId(draft.partner)
    own = [border for border in draft.forecast.borders if partner in (border.into, border.out_of)]
    return max(own, key=lambda border: (border.probability, border.into == partner), default=None)


def _district_claims(grains: Coarsen, draft: TrackDraft) -> tuple[DistrictClaim, ...]:
    """Districts of the receiver only, in an order that depends on nothing but what is released."""
    if draft.forecast is None:
        return ()
    partner, districts = CountryId(draft.partner), draft.forecast.districts
    own = [(-_permille(d.probability, grains.permille), d.district, d) for d in districts if d.country == partner]
    own.sort(key=lambda item: item[:2])
    return tuple(_district_claim(d, grains) for _, _, d in own[: limits.DISTRICTS_RELEASED])


def _district_claim(district: DistrictForecast, grains: Coarsen) -> DistrictClaim:
    p10, p50, p90 = _window(district.enters, grains)
    return DistrictClaim(
        district=district.district,
        permille=_permille(district.probability, grains.permille),
        p10_ms=p10,
        p50_ms=p50,
        p90_ms=p90,
    )


def build_form(body: Body, grains: Coarsen) -> Body:
    """A form built anew from its codes; the times of a CLOSE are floored to the grain. Track bodies are refused
    before this by `match.fault`."""
    match body:
        case CorrectBody():
            raise InvariantBroken("what is corrected is built as what it is, and then wrapped")
        case NoticeBody() | LostBody() | OwnObjectBody():
            raise InvariantBroken("a body of a track is built from a track")
        case LogEndBody() | LogOpenBody():
            raise InvariantBroken("what is about the log itself is no draft")
        case LifeBody() | SuspendBody() | EndBody():
            raise InvariantBroken("what is about the agreement itself is no draft: no policy may hold back a stop")
        case QueryBody() | ReplyBody() | AckBody() | CloseBody() | AgreeCloseBody() | TestBody():
            return _talk(body, grains)
        case _:
            return build_statement(body)


def _talk(
    body: QueryBody | ReplyBody | AckBody | CloseBody | AgreeCloseBody | TestBody, grains: Coarsen
) -> QueryBody | ReplyBody | AckBody | CloseBody | AgreeCloseBody | TestBody:
    match body:
        case QueryBody():
            return QueryBody(object=body.object, question=body.question)
        case ReplyBody():
            return ReplyBody(answer=body.answer)
        case AckBody():
            return AckBody(role=body.role)
        case CloseBody():
            return CloseBody(
                outcome=body.outcome,
                objects=body.objects,
                first_observed_ms=floor_time(body.first_observed_ms, grains.time_s),
                last_observed_ms=floor_time(body.last_observed_ms, grains.time_s),
            )
        case AgreeCloseBody():
            return AgreeCloseBody(agrees=body.agrees)
        case TestBody():
            return TestBody(number=body.number)
