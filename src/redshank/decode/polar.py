"""Polar measurement: slant range and azimuth to a place, and back; and the covariance that belongs to it.

Here: the geometry of one radar, or of one person who names a landmark. Not here: any format. Method: law
of cosines on a sphere with the Gaussian mean radius at the radar turns slant range into ground range;
the geodesic on WGS 84 (Karney 2013) does the rest. Refraction is left out: it bends the beam but hardly
lengthens it. tests/decode compares this with Earth-centred coordinates. May know: terms, decode.source.
"""

import math
from functools import cache

from redshank.decode.source import RadarSite
from redshank.terms.geo import GEOD_WGS84, Position
from redshank.terms.track import HorizontalCovariance

SIGMA_MIN_M = 1.0
"""No position of a moving object is surer than this; a variance of 0 would make a filter deaf to
everything else."""

UNKNOWN_HEIGHT_M = 3_000.0
"""Where the height is not known, the target is placed at the antenna's height, and may be this much
higher."""


@cache
def mean_radius_m(lat_deg: float) -> float:
    """Gaussian mean radius of curvature of WGS 84 at a latitude, metres."""
    e2, a = GEOD_WGS84.es, GEOD_WGS84.a
    return float(a * math.sqrt(1 - e2) / (1 - e2 * math.sin(math.radians(lat_deg)) ** 2))


def ground_range_m(slant_m: float, site: RadarSite, altitude_m: float) -> float:
    """Distance along the ground to a target at `altitude_m`; 0 where the slant range is shorter than the
    height."""
    radius = mean_radius_m(site.lat_deg)
    low, high = radius + site.altitude_m, radius + altitude_m
    # 4*low*high*sin^2(angle/2) = slant^2 - (high-low)^2: the law of cosines without its loss of digits at
    # short range.
    half_sine_squared = (slant_m**2 - (high - low) ** 2) / (4 * low * high)
    return 2 * radius * math.asin(math.sqrt(min(max(half_sine_squared, 0.0), 1.0)))


def slant_range_m(ground_m: float, site: RadarSite, altitude_m: float) -> float:
    """Straight distance from the antenna to a target; the inverse of `ground_range_m`."""
    radius = mean_radius_m(site.lat_deg)
    low, high = radius + site.altitude_m, radius + altitude_m
    return math.sqrt((high - low) ** 2 + 4 * low * high * math.sin(ground_m / (2 * radius)) ** 2)


def place_of(
    site: RadarSite, slant_m: float, azimuth_deg: float, altitude_m: float | None
) -> tuple[Position, float, float]:
    """(position, ground range in metres, extra range sigma in metres for a height that is not known)."""
    known = site.altitude_m if altitude_m is None else altitude_m
    ground = ground_range_m(slant_m, site, known)
    extra = 0.0
    if altitude_m is None:
        extra = (ground - ground_range_m(slant_m, site, known + UNKNOWN_HEIGHT_M)) / 2
    lon, lat, _ = GEOD_WGS84.fwd(site.lon_deg, site.lat_deg, azimuth_deg, ground)
    return Position(float(lat), float(lon)), ground, extra


def measure(site: RadarSite, position: Position, altitude_m: float) -> tuple[float, float]:
    """(slant range in metres, true azimuth in degrees 0..360) of a target, free of error."""
    azimuth, _, ground = GEOD_WGS84.inv(site.lon_deg, site.lat_deg, position.lon_deg, position.lat_deg)
    return slant_range_m(float(ground), site, altitude_m), float(azimuth) % 360.0


def covariance_along(azimuth_deg: float, sigma_along_m: float, sigma_across_m: float) -> HorizontalCovariance:
    """Errors along and across a true azimuth, turned to east and north."""
    along, across = max(sigma_along_m, SIGMA_MIN_M) ** 2, max(sigma_across_m, SIGMA_MIN_M) ** 2
    sine, cosine = math.sin(math.radians(azimuth_deg)), math.cos(math.radians(azimuth_deg))
    return HorizontalCovariance(
        along * sine**2 + across * cosine**2,
        (along - across) * sine * cosine,
        along * cosine**2 + across * sine**2,
    )
