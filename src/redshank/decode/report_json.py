"""Redshank's own JSON report: what a person saw, in the words in which people say it.

Here: the strict form, and how its words become numbers with widths. Not here: HTTP, who may report. A
report says either ``position`` or a place relative to a landmark (``reference``, ``distance_km``,
``direction``). The widths below are this project's estimates, not measured ones: they keep a guess from
weighing like a radar. May know: terms and this room.
"""

import math
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from redshank.decode.asterix import check_time
from redshank.decode.decoded import Decoded, velocity
from redshank.decode.gazetteer import Gazetteer
from redshank.decode.polar import covariance_along
from redshank.decode.source import SourceConfig, refusal_of
from redshank.terms import limits
from redshank.terms.geo import Position, check_position, destination
from redshank.terms.instants import Instant, parse_instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

WINDS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"]
WIND_STEP_DEG = 22.5
SIGMA_WIND_DEG = {1: 13.0, 2: 13.0, 3: 6.5}
"""By the letters of the word: one of eight winds covers 45 degrees, one of sixteen 22.5; uniform, so
over root 12."""

SIGMA_DEGREES_DEG = 5.0
"""Of a direction that a person gives in degrees."""

SIGMA_DISTANCE_SHARE = 0.2
"""A distance over open land is judged to about a fifth."""

SIGMA_DISTANCE_MIN_M = 200.0
SIGMA_LANDMARK_M = 500.0
"""A town has no edge: "north of it" is counted from its centre by some and from its last house by others."""

SIGMA_POINT_M = 300.0
"""Of a position without a stated accuracy: the reporter stands there, the object was near."""

RADIUS_95 = math.sqrt(-2 * math.log(0.05))
"""95 % radius of a round two-dimensional normal error, in sigmas."""


class Reporter(StrEnum):
    """Who saw or heard it."""

    BORDER_GUARD = "border-guard"
    POLICE = "police"
    RESIDENT = "resident"
    ACOUSTIC = "acoustic"
    OFFICER = "officer"


class Speed(StrEnum):
    """Speed in words."""

    HOVERING = "hovering"
    SLOW = "slow"
    MEDIUM = "medium"
    FAST = "fast"


class Height(StrEnum):
    """Height above ground in words."""

    TREETOP = "treetop"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


SPEED_MPS = {
    Speed.HOVERING: (0.0, 3.0),
    Speed.SLOW: (15.0, 8.0),
    Speed.MEDIUM: (40.0, 12.0),
    Speed.FAST: (90.0, 35.0),
}
"""Word to (metres per second, sigma): a car in town, a light aircraft, a jet."""

HEIGHT_M = {
    Height.TREETOP: (40.0, 20.0),
    Height.LOW: (150.0, 80.0),
    Height.MEDIUM: (600.0, 300.0),
    Height.HIGH: (2_500.0, 1_500.0),
}
"""Word to (metres, sigma). The ground's own height is left out: it is below 300 m in the whole region."""

USUAL_MPS = {
    Status.BALLOON: (10.0, 8.0),
    Status.BIRDS: (15.0, 8.0),
    Status.HELICOPTER: (55.0, 25.0),
    Status.AIRCRAFT: (110.0, 60.0),
}
USUAL_OTHERWISE_MPS = (40.0, 20.0)
"""Taken when a report has a heading but no speed, so that the heading is not lost."""


class _Point(msgspec.Struct, forbid_unknown_fields=True):
    lat_deg: float
    lon_deg: float


class _Reference(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    country: Annotated[str, Meta(min_length=2, max_length=8)] | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None


Degrees = Annotated[float, Meta(ge=0, le=360)]


class _Form(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The JSON form, as it stands on the wire."""

    at: Annotated[str, Meta(max_length=40)]
    reporter: Reporter
    position: _Point | None = None
    reference: _Reference | None = None
    distance_km: Annotated[float, Meta(ge=0, le=limits.PLACE_DISTANCE_MAX_KM)] | None = None
    direction: Degrees | str | None = None
    accuracy_m: Annotated[float, Meta(gt=0, le=limits.SIGMA_MAX_M * 2)] | None = None
    heading: Degrees | str | None = None
    speed: Speed | None = None
    speed_kmh: Annotated[float, Meta(ge=0, le=limits.SPEED_MAX_MPS * 3.6)] | None = None
    height: Height | None = None
    height_m: Annotated[float, Meta(ge=limits.ALTITUDE_MIN_M, le=limits.ALTITUDE_MAX_M)] | None = None
    what: Status = Status.UNKNOWN
    count: Annotated[int, Meta(ge=1, le=limits.OBJECTS_PER_REPORT)] = 1
    remark: Annotated[str, Meta(max_length=limits.REPORT_TEXT_CHARS)] = ""


Turn = tuple[float, float]
"""A true direction in degrees, and its sigma in degrees."""


def parse_report(source: SourceConfig, body: bytes, now: Instant, places: Gazetteer) -> Report | Refusal:
    """One report. Every refusal names the field; nothing is guessed that the reporter can be asked.

    Refuses with TOO_LARGE, MALFORMED, UNKNOWN_FIELD, LOCAL_TIME, BAD_TIME, TIME_NOT_PLAUSIBLE,
    POSITION_NOT_PLAUSIBLE, NO_POSITION, UNKNOWN_PLACE, AMBIGUOUS_PLACE.
    """
    if len(body) > limits.REPORT_JSON_BYTES:
        return Refusal(Reason.TOO_LARGE, "report", f"{len(body)} bytes, at most {limits.REPORT_JSON_BYTES}")
    try:
        form = msgspec.json.decode(body, type=_Form)
    except msgspec.MsgspecError as error:
        return refusal_of(error, "report")
    except UnicodeDecodeError:
        return Refusal(Reason.MALFORMED, "report", "is not UTF-8")
    at = parse_instant(form.at, "at")
    if isinstance(at, Refusal):
        return at
    late = check_time(source, at, now)
    if late is not None:
        return late
    place = _place(source, form, places)
    if isinstance(place, Refusal):
        return place
    motion = _motion(form)
    if isinstance(motion, Refusal):
        return motion
    return _report(source, form, at, place, motion)


def decode_report(source: SourceConfig, body: bytes, now: Instant, places: Gazetteer) -> Decoded:
    """`parse_report` in the form that every feed gives."""
    result = parse_report(source, body, now, places)
    return Decoded(refusals=(result,)) if isinstance(result, Refusal) else Decoded((result,))


def _report(
    source: SourceConfig,
    form: _Form,
    at: Instant,
    place: tuple[Position, HorizontalCovariance],
    motion: tuple[float, float, float] | None,
) -> Report | Refusal:
    if form.height is not None and form.height_m is not None:
        return Refusal(Reason.MALFORMED, "height", "give height or height_m, not both")
    altitude, sigma_altitude = HEIGHT_M[form.height] if form.height else (form.height_m, None)
    east, north, sigma = motion or (None, None, None)
    return Report(
        source=source.id,
        kind=ReportKind.SIGHTING,
        at=at,
        position=place[0],
        covariance=place[1],
        altitude_m=altitude,
        sigma_altitude_m=sigma_altitude,
        velocity_e_mps=east,
        velocity_n_mps=north,
        sigma_velocity_mps=sigma,
        status=form.what,
        count=form.count,
        remark="".join(letter if letter.isprintable() else " " for letter in form.remark),
        reporter=form.reporter.value,
    )


def _place(source: SourceConfig, form: _Form, places: Gazetteer) -> tuple[Position, HorizontalCovariance] | Refusal:
    if (form.position is None) == (form.reference is None):
        return Refusal(Reason.NO_POSITION, "position", "give either position or reference")
    if form.position is not None:
        if form.distance_km is not None or form.direction is not None:
            return Refusal(Reason.MALFORMED, "direction", "distance_km and direction belong to a reference")
        position = check_position(form.position.lat_deg, form.position.lon_deg, source.area)
        if isinstance(position, Refusal):
            return position
        return position, _round(_stated_sigma(form) or SIGMA_POINT_M)
    return _relative_place(source, form, form.reference or _Reference(), places)


def _relative_place(
    source: SourceConfig, form: _Form, reference: _Reference, places: Gazetteer
) -> tuple[Position, HorizontalCovariance] | Refusal:
    landmark = _landmark(source, reference, places)
    if isinstance(landmark, Refusal):
        return landmark
    start, sigma_start = landmark
    if form.distance_km is None:
        return Refusal(Reason.MALFORMED, "distance_km", "is required with a reference; 0 if right above it")
    metres = form.distance_km * 1000
    if form.direction is None:
        if metres > 0:
            return Refusal(Reason.MALFORMED, "direction", "is required with a distance")
        return start, _round(_stated_sigma(form) or math.hypot(sigma_start, SIGMA_DISTANCE_MIN_M))
    turn = _turn(form.direction, "direction")
    if isinstance(turn, Refusal):
        return turn
    end = destination(start, turn[0], metres)
    position = check_position(end.lat_deg, end.lon_deg, source.area)
    if isinstance(position, Refusal):
        return position
    stated = _stated_sigma(form)
    if stated is not None:
        return position, _round(stated)
    along = math.hypot(sigma_start, max(metres * SIGMA_DISTANCE_SHARE, SIGMA_DISTANCE_MIN_M))
    across = math.hypot(sigma_start, metres * math.radians(turn[1]))
    return position, covariance_along(turn[0], along, across)


def _landmark(source: SourceConfig, reference: _Reference, places: Gazetteer) -> tuple[Position, float] | Refusal:
    """Where the landmark is, and the sigma of that."""
    if reference.lat_deg is not None and reference.lon_deg is not None:
        position = check_position(reference.lat_deg, reference.lon_deg, source.area, "reference")
        return position if isinstance(position, Refusal) else (position, SIGMA_DISTANCE_MIN_M)
    if reference.name is None:
        return Refusal(Reason.MALFORMED, "reference", "give name, or lat_deg and lon_deg")
    place = places.find(reference.name, source.area, reference.country)
    return place if isinstance(place, Refusal) else (place.position, SIGMA_LANDMARK_M)


def _stated_sigma(form: _Form) -> float | None:
    return None if form.accuracy_m is None else form.accuracy_m / RADIUS_95


def _round(sigma_m: float) -> HorizontalCovariance:
    return covariance_along(0.0, sigma_m, sigma_m)


def _turn(said: float | str, field: str) -> Turn | Refusal:
    if isinstance(said, float):
        return said % 360.0, SIGMA_DEGREES_DEG
    word = said.strip().upper()
    if word not in WINDS:
        detail = f"{said[:20]!r} is not one of {' '.join(WINDS)}, nor degrees 0..360"
        return Refusal(Reason.MALFORMED, field, detail)
    return WINDS.index(word) * WIND_STEP_DEG, SIGMA_WIND_DEG[len(word)]


def _motion(form: _Form) -> tuple[float, float, float] | Refusal | None:
    """East and north speed with their sigma; None when too little was said to know a velocity."""
    if form.speed is not None and form.speed_kmh is not None:
        return Refusal(Reason.MALFORMED, "speed", "give speed or speed_kmh, not both")
    pace = SPEED_MPS[form.speed] if form.speed else None
    if form.speed_kmh is not None:
        pace = form.speed_kmh / 3.6, max(form.speed_kmh / 3.6 * SIGMA_DISTANCE_SHARE, 2.0)
    if form.heading is None:
        return (0.0, 0.0, pace[1]) if pace is not None and pace[0] == 0 else None
    turn = _turn(form.heading, "heading")
    if isinstance(turn, Refusal):
        return turn
    speed, sigma = pace or USUAL_MPS.get(form.what, USUAL_OTHERWISE_MPS)
    return *velocity(speed, turn[0]), max(sigma, speed * math.radians(turn[1]))
