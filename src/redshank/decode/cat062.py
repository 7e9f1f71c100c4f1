"""CAT062: system tracks (EUROCONTROL-SPEC-0149-9) become readings.

Here: which items of a record hold what. Not here: bits (layout), limits (asterix). May know: terms,
decode.decoded, layout, polar, source.
"""

import math
from functools import cache
from typing import NamedTuple

from pyproj import Proj

from redshank.decode.decoded import FLIGHT_LEVEL_M, FOOT_M, Reading
from redshank.decode.layout import ReadInteger, ReadNumber, Starts, layout_of
from redshank.decode.polar import SIGMA_MIN_M, mean_radius_m
from redshank.decode.source import SourceConfig
from redshank.terms.geo import Position
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import HorizontalCovariance, Status

CATEGORY = 62
EMITTER_STATUS = {
    1: Status.AIRCRAFT,
    3: Status.AIRCRAFT,
    5: Status.AIRCRAFT,
    6: Status.AIRCRAFT,
    10: Status.HELICOPTER,
    11: Status.AIRCRAFT,
    12: Status.BALLOON,
    13: Status.UAV,
    15: Status.AIRCRAFT,
}
"""I062/380 subfield 21, emitter category, where it says what the object is."""

DISAGREEMENT_M = 1_000.0
"""The pressure of the day moves a flight level by less than this. A tracker in service was recorded with an I062/130
of 43,300 ft beside an I062/136 of FL 157: the one is calculated, the other measured."""

CORRELATION_MAX = 0.99
"""A stated covariance that is larger than its variances allow is cut to this correlation."""


class _Fields(NamedTuple):
    time: ReadNumber
    lat: ReadNumber
    lon: ReadNumber
    x: ReadNumber
    y: ReadNumber
    vx: ReadNumber
    vy: ReadNumber
    track: ReadInteger
    ended: ReadInteger
    simulated: ReadInteger
    height: ReadNumber
    level: ReadNumber
    sigma_x: ReadNumber
    sigma_y: ReadNumber
    root_covariance: ReadNumber
    sigma_lat: ReadNumber
    sigma_lon: ReadNumber
    sigma_vx: ReadNumber
    sigma_vy: ReadNumber
    emitter: ReadInteger


@cache
def _fields(edition: str) -> _Fields:
    layout = layout_of(CATEGORY, edition)
    return _Fields(
        time=layout.quantity("070", "s"),
        lat=layout.quantity("105/LAT", "°"),
        lon=layout.quantity("105/LON", "°"),
        x=layout.quantity("100/X", "m"),
        y=layout.quantity("100/Y", "m"),
        vx=layout.quantity("185/VX", "m/s"),
        vy=layout.quantity("185/VY", "m/s"),
        track=layout.integer("040"),
        ended=layout.integer("080/TSE"),
        simulated=layout.integer("080/SIM"),
        height=layout.quantity("130", "ft"),
        level=layout.quantity("136", "FL"),
        sigma_x=layout.quantity("500/APC/X", "m"),
        sigma_y=layout.quantity("500/APC/Y", "m"),
        root_covariance=layout.quantity("500/COV", "m"),
        sigma_lat=layout.quantity("500/APW/LAT", "°"),
        sigma_lon=layout.quantity("500/APW/LON", "°"),
        sigma_vx=layout.quantity("500/ATV/X", "m/s"),
        sigma_vy=layout.quantity("500/ATV/Y", "m/s"),
        emitter=layout.integer("380/EMC"),
    )


@cache
def plane_about(centre: Position) -> Proj:
    """The stereographic plane of a tracker: WGS 84, tangent at the system reference point, y to true
    north there."""
    return Proj(proj="stere", lat_0=centre.lat_deg, lon_0=centre.lon_deg, ellps="WGS84")


def grid_turn_rad(centre: Position, at: Position) -> float:
    """Direction of true north at a place, clockwise from the y axis of the plane about `centre`."""
    plane, step_deg = plane_about(centre), 1e-4
    x0, y0 = plane(at.lon_deg, at.lat_deg - step_deg)
    x1, y1 = plane(at.lon_deg, at.lat_deg + step_deg)
    return math.atan2(x1 - x0, y1 - y0)


def read_cat062(source: SourceConfig, edition: str, data: bytes, starts: Starts) -> Reading | Refusal:
    """One record. Refuses with BAD_TIME without I062/070; with NO_POSITION without I062/105, unless it
    has I062/100 and the source a system reference point; with WRONG_EDITION where I062/105 is no place
    on Earth."""
    fields = _fields(edition)
    time_of_day = fields.time(data, starts)
    if time_of_day is None:
        return Refusal(Reason.BAD_TIME, "I062/070", "the record has no time of day")
    position = _position(fields, source, data, starts)
    if isinstance(position, Refusal):
        return position
    centre = source.system_reference
    turn = grid_turn_rad(centre, position) if centre is not None else 0.0
    east, north, sigma = _velocity(fields, source, data, starts, turn)
    emitter = fields.emitter(data, starts)
    return Reading(
        time_of_day_s=time_of_day,
        position=position,
        covariance=_covariance(fields, source, data, starts, position, turn),
        altitude_m=_altitude_m(fields, data, starts),
        velocity_e_mps=east,
        velocity_n_mps=north,
        sigma_velocity_mps=sigma,
        track_number=fields.track(data, starts),
        ended=bool(fields.ended(data, starts)),
        status=EMITTER_STATUS.get(emitter or 0, Status.UNKNOWN),
        # A Mode 3/A code, a Mode S address or an identification can only come from a transponder.
        cooperative="060" in starts or "380/ADR" in starts or "380/ID" in starts,
        simulated=bool(fields.simulated(data, starts)),
    )


def _position(fields: _Fields, source: SourceConfig, data: bytes, starts: Starts) -> Position | Refusal:
    lat, lon = fields.lat(data, starts), fields.lon(data, starts)
    if lat is not None and lon is not None:
        if abs(lat) > 90 or abs(lon) > 180:
            return Refusal(Reason.WRONG_EDITION, "I062/105", f"{lat:.1f}, {lon:.1f} is no place on Earth")
        return Position(lat, lon)
    x, y = fields.x(data, starts), fields.y(data, starts)
    if x is None or y is None:
        return Refusal(Reason.NO_POSITION, "I062/105", "the record has neither I062/105 nor I062/100")
    if source.system_reference is None:
        return Refusal(Reason.NO_POSITION, "I062/105", "only I062/100: the source needs a system_reference to place it")
    lon, lat = plane_about(source.system_reference)(x, y, inverse=True)
    return Position(float(lat), float(lon))


def _altitude_m(fields: _Fields, data: bytes, starts: Starts) -> float | None:
    """The calculated geometric altitude, unless it contradicts the measured flight level."""
    height_ft, level = fields.height(data, starts), fields.level(data, starts)
    if level is None:
        return None if height_ft is None else height_ft * FOOT_M
    level_m = level * FLIGHT_LEVEL_M
    if height_ft is None or abs(height_ft * FOOT_M - level_m) > DISAGREEMENT_M:
        return level_m
    return height_ft * FOOT_M


def _velocity(
    fields: _Fields, source: SourceConfig, data: bytes, starts: Starts, turn_rad: float
) -> tuple[float | None, float | None, float | None]:
    """I062/185 lies along the axes of the system plane; east and north differ from them by the grid turn."""
    vx, vy = fields.vx(data, starts), fields.vy(data, starts)
    if vx is None or vy is None:
        return None, None, None
    sigma_x, sigma_y = fields.sigma_vx(data, starts), fields.sigma_vy(data, starts)
    sigma = source.sigma_velocity_mps
    if sigma_x is not None and sigma_y is not None:
        sigma = max(sigma_x, sigma_y, 0.1)
    cosine, sine = math.cos(turn_rad), math.sin(turn_rad)
    return cosine * vx - sine * vy, sine * vx + cosine * vy, sigma


def _covariance(
    fields: _Fields, source: SourceConfig, data: bytes, starts: Starts, position: Position, turn_rad: float
) -> HorizontalCovariance:
    """From I062/500: WGS 84 accuracy first, then the plane's, then the source's own figure."""
    sigma_lat, sigma_lon = fields.sigma_lat(data, starts), fields.sigma_lon(data, starts)
    if sigma_lat is not None and sigma_lon is not None:
        degree_m = math.radians(1) * mean_radius_m(round(position.lat_deg))
        shrink = math.cos(math.radians(position.lat_deg))
        return _bounded((sigma_lon * degree_m * shrink) ** 2, 0.0, (sigma_lat * degree_m) ** 2)
    sigma_x, sigma_y = fields.sigma_x(data, starts), fields.sigma_y(data, starts)
    if sigma_x is None or sigma_y is None:
        return _bounded(source.sigma_position_m**2, 0.0, source.sigma_position_m**2)
    root = fields.root_covariance(data, starts) or 0.0
    xx, yy, xy = sigma_x**2, sigma_y**2, math.copysign(root**2, root)
    cosine, sine = math.cos(turn_rad), math.sin(turn_rad)
    return _bounded(
        cosine**2 * xx - 2 * cosine * sine * xy + sine**2 * yy,
        cosine * sine * (xx - yy) + (cosine**2 - sine**2) * xy,
        sine**2 * xx + 2 * cosine * sine * xy + cosine**2 * yy,
    )


def _bounded(ee_m2: float, en_m2: float, nn_m2: float) -> HorizontalCovariance:
    """A covariance that a filter can invert."""
    ee, nn = max(ee_m2, SIGMA_MIN_M**2), max(nn_m2, SIGMA_MIN_M**2)
    most = CORRELATION_MAX * math.sqrt(ee * nn)
    return HorizontalCovariance(ee, min(max(en_m2, -most), most), nn)
