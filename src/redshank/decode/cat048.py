"""CAT048: monoradar target reports (EUROCONTROL SUR.ET1.ST05.2000-STD-04) become readings.

Here: which items of a record hold what. Not here: bits (layout), geometry (polar), limits (asterix). May
know: terms, decode.decoded, layout, polar, source.
"""

import math
from functools import cache
from typing import NamedTuple

from redshank.decode.decoded import FLIGHT_LEVEL_M, FOOT_M, NAUTICAL_MILE_M, Reading, velocity
from redshank.decode.layout import ReadInteger, ReadNumber, Starts, layout_of
from redshank.decode.polar import covariance_along, place_of
from redshank.decode.source import RadarSite, SourceConfig
from redshank.terms.geo import GEOD_WGS84, Position
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import HorizontalCovariance, Status

CATEGORY = 48
PRIMARY_ONLY = 1
NO_DETECTION = 0
FLIGHT_LEVEL_WRAP = 4_096.0
"""Range of the 14 bits of I048/090 in flight levels."""
WARNING_STATUS = {19: Status.BIRDS, 20: Status.BIRDS, 24: Status.HELICOPTER}
"""Codes of I048/030 by which a radar says what it takes the target for."""


class _Fields(NamedTuple):
    time: ReadNumber
    kind: ReadInteger
    simulated: ReadInteger
    monitor: ReadInteger
    test: ReadInteger
    range: ReadNumber
    azimuth: ReadNumber
    level_invalid: ReadInteger
    level_garbled: ReadInteger
    level: ReadNumber
    height: ReadNumber
    x: ReadNumber
    y: ReadNumber
    speed: ReadNumber
    heading: ReadNumber
    sigma_speed: ReadNumber
    track: ReadInteger
    track_ended: ReadInteger


@cache
def _fields(edition: str) -> _Fields:
    layout = layout_of(CATEGORY, edition)
    return _Fields(
        time=layout.quantity("140", "s"),
        kind=layout.integer("020/TYP"),
        simulated=layout.integer("020/SIM"),
        monitor=layout.integer("020/RAB"),
        test=layout.integer("020/TST"),
        range=layout.quantity("040/RHO", "NM"),
        azimuth=layout.quantity("040/THETA", "°"),
        level_invalid=layout.integer("090/V"),
        level_garbled=layout.integer("090/G"),
        level=layout.quantity("090/FL", "FL"),
        height=layout.quantity("110/3DH", "ft"),
        x=layout.quantity("042/X", "NM"),
        y=layout.quantity("042/Y", "NM"),
        speed=layout.quantity("200/GSP", "NM/s"),
        heading=layout.quantity("200/HDG", "°"),
        sigma_speed=layout.quantity("210/SIGV", "NM/s"),
        track=layout.integer("161/TRN"),
        track_ended=layout.integer("170/TRE"),
    )


def read_cat048(source: SourceConfig, edition: str, data: bytes, starts: Starts) -> Reading | Refusal:
    """One record. Refuses with BAD_TIME without I048/140; with NO_POSITION without I048/040 and 042, or
    when the source has no radar site."""
    fields, site = _fields(edition), source.radar
    if site is None:
        return Refusal(Reason.NO_POSITION, "radar", "the source has no radar site: a polar plot has no place")
    time_of_day = fields.time(data, starts)
    if time_of_day is None:
        return Refusal(Reason.BAD_TIME, "I048/140", "the record has no time of day")
    altitude = _altitude_m(fields, data, starts)
    place = _place(fields, source, site, data, starts, altitude)
    if place is None:
        return Refusal(Reason.NO_POSITION, "I048/040", "the record has neither I048/040 nor I048/042")
    east, north, sigma = _velocity(fields, source, data, starts)
    kind = fields.kind(data, starts)
    return Reading(
        time_of_day_s=time_of_day,
        position=place[0],
        covariance=place[1],
        altitude_m=altitude,
        velocity_e_mps=east,
        velocity_n_mps=north,
        sigma_velocity_mps=sigma,
        track_number=fields.track(data, starts),
        ended=bool(fields.track_ended(data, starts)),
        status=_status(data, starts),
        cooperative=kind is not None and kind not in (NO_DETECTION, PRIMARY_ONLY),
        simulated=bool(fields.simulated(data, starts) or fields.monitor(data, starts) or fields.test(data, starts)),
    )


def _altitude_m(fields: _Fields, data: bytes, starts: Starts) -> float | None:
    height_ft = fields.height(data, starts)
    if height_ft is not None:
        return height_ft * FOOT_M
    level = fields.level(data, starts)
    if level is None or fields.level_invalid(data, starts) or fields.level_garbled(data, starts):
        return None
    return _mode_c_altitude_m(level)


def _place(
    fields: _Fields,
    source: SourceConfig,
    site: RadarSite,
    data: bytes,
    starts: Starts,
    altitude_m: float | None,
) -> tuple[Position, HorizontalCovariance] | None:
    rho, theta = fields.range(data, starts), fields.azimuth(data, starts)
    if rho is not None and theta is not None:
        position, ground, extra = place_of(site, rho * NAUTICAL_MILE_M, theta, altitude_m)
        along, azimuth = math.hypot(source.sigma_range_m, extra), theta
    else:
        x, y = fields.x(data, starts), fields.y(data, starts)
        if x is None or y is None:
            return None
        # I048/042 is the tracker's own plane about the antenna: its distance is taken as already on the
        # ground.
        ground, azimuth = math.hypot(x, y) * NAUTICAL_MILE_M, math.degrees(math.atan2(x, y))
        lon, lat, _ = GEOD_WGS84.fwd(site.lon_deg, site.lat_deg, azimuth, ground)
        position, along = Position(float(lat), float(lon)), source.sigma_range_m
    across = ground * math.radians(source.sigma_azimuth_deg)
    return position, covariance_along(azimuth, along, across)


def _velocity(
    fields: _Fields, source: SourceConfig, data: bytes, starts: Starts
) -> tuple[float | None, float | None, float | None]:
    speed, heading = fields.speed(data, starts), fields.heading(data, starts)
    if speed is None or heading is None:
        return None, None, None
    sigma = fields.sigma_speed(data, starts)
    sigma_mps = source.sigma_velocity_mps if sigma is None else max(sigma * NAUTICAL_MILE_M, 0.1)
    return *velocity(speed * NAUTICAL_MILE_M, heading), sigma_mps


def _status(data: bytes, starts: Starts) -> Status:
    """From the first warning of I048/030 that names a kind of target; its octets hold seven bits and a
    more-bit."""
    at = starts.get("030")
    while at is not None:
        status = WARNING_STATUS.get(data[at] >> 1)
        if status is not None:
            return status
        at = at + 1 if data[at] & 1 else None
    return Status.UNKNOWN


def _mode_c_altitude_m(flight_level: float) -> float:
    """Metres of a 14-bit flight level. Editions before 1.32 of CAT048 call it unsigned, yet radars send
    Mode C below the standard pressure level as two's complement; FL 2048 and above does not exist
    otherwise."""
    wrapped = flight_level - FLIGHT_LEVEL_WRAP if flight_level >= FLIGHT_LEVEL_WRAP / 2 else flight_level
    return wrapped * FLIGHT_LEVEL_M
