"""Geography: positions on WGS 84 and the regional plane.

The *regional plane* is a stereographic projection of WGS 84 about 55 N 24 E (EPSG method 9809, Snyder 1987 p. 154):
conformal, so that angles are true, with a scale error of at most 0.3 % within 1,000 km of the centre. Kinematics and
crossings are computed in it; names end in ``_plane_m``. Everything said to people or partners is WGS 84.
"""

from functools import cache

import msgspec
import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer

from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

Metres = npt.NDArray[np.float64]

PLANE_CRS = "+proj=stere +lat_0=55 +lon_0=24 +k_0=0.9985 +x_0=0 +y_0=0 +ellps=WGS84 +units=m +no_defs"
GEOD_WGS84 = Geod(ellps="WGS84")


class Position(msgspec.Struct, frozen=True, gc=False):
    """A point on WGS 84: geodetic latitude and longitude in degrees."""

    lat_deg: float
    lon_deg: float


class Area(msgspec.Struct, frozen=True):
    """A latitude/longitude box in degrees; used to say where a source can possibly see something."""

    lat_min_deg: float
    lat_max_deg: float
    lon_min_deg: float
    lon_max_deg: float

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether a point lies inside; False for NaN."""
        in_lat = self.lat_min_deg <= lat_deg <= self.lat_max_deg
        return in_lat and self.lon_min_deg <= lon_deg <= self.lon_max_deg


REGION = Area(
    limits.REGION_LAT_MIN_DEG, limits.REGION_LAT_MAX_DEG, limits.REGION_LON_MIN_DEG, limits.REGION_LON_MAX_DEG
)

PICTURE_AREA = Area(
    limits.PICTURE_LAT_MIN_DEG, limits.PICTURE_LAT_MAX_DEG, limits.PICTURE_LON_MIN_DEG, limits.PICTURE_LON_MAX_DEG
)
"""Where own tracks can be held."""


def check_position(lat_deg: float, lon_deg: float, area: Area = REGION, field: str = "position") -> Position | Refusal:
    """A position inside `area`, or a refusal that names the field and the limit."""
    if area.holds(lat_deg, lon_deg):
        return Position(lat_deg, lon_deg)
    return Refusal(
        Reason.POSITION_NOT_PLAUSIBLE,
        field,
        f"{lat_deg}, {lon_deg} lies outside {area.lat_min_deg}..{area.lat_max_deg} N, "
        f"{area.lon_min_deg}..{area.lon_max_deg} E",
    )


@cache
def _to_plane() -> Transformer:
    return Transformer.from_crs("EPSG:4326", PLANE_CRS, always_xy=True)


def to_plane(lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike) -> tuple[Metres, Metres]:
    """WGS 84 degrees to regional plane metres; arrays of one shape, or scalars as 0-d arrays."""
    x, y = _to_plane().transform(np.asarray(lon_deg, float), np.asarray(lat_deg, float))
    return np.asarray(x), np.asarray(y)


def from_plane(x_plane_m: npt.ArrayLike, y_plane_m: npt.ArrayLike) -> tuple[Metres, Metres]:
    """Regional plane metres to (lat_deg, lon_deg)."""
    lon, lat = _to_plane().transform(np.asarray(x_plane_m, float), np.asarray(y_plane_m, float), direction="INVERSE")
    return np.asarray(lat), np.asarray(lon)


def grid_turn(lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike) -> tuple[Metres, Metres]:
    """(convergence in radians, scale) of the plane: rotate an east/north vector by -convergence to get plane x/y.

    plane_x = scale*( cos(c)*east + sin(c)*north ), plane_y = scale*( -sin(c)*east + cos(c)*north ), where c is the
    azimuth of the plane's y axis at the point, clockwise from true north, with the sign found by finite difference.
    """
    lat, lon = np.asarray(lat_deg, float), np.asarray(lon_deg, float)
    step_deg = 1e-4
    x0, y0 = to_plane(lat - step_deg, lon)
    x1, y1 = to_plane(lat + step_deg, lon)
    convergence = np.arctan2(x1 - x0, y1 - y0)  # direction of true north seen from the plane's y axis
    _, _, metres = GEOD_WGS84.inv(lon, lat - step_deg, lon, lat + step_deg)
    return convergence, np.hypot(x1 - x0, y1 - y0) / np.asarray(metres)


def velocity_to_plane(
    lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike, east_mps: npt.ArrayLike, north_mps: npt.ArrayLike
) -> tuple[Metres, Metres]:
    """East/north ground velocity at a place to plane metres per second (x, y)."""
    c, k = grid_turn(lat_deg, lon_deg)
    east, north = np.asarray(east_mps, float), np.asarray(north_mps, float)
    return k * (np.cos(c) * east + np.sin(c) * north), k * (-np.sin(c) * east + np.cos(c) * north)


def velocity_from_plane(
    lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike, x_mps: npt.ArrayLike, y_mps: npt.ArrayLike
) -> tuple[Metres, Metres]:
    """Plane velocity (x, y) at a place to east/north ground metres per second."""
    c, k = grid_turn(lat_deg, lon_deg)
    x, y = np.asarray(x_mps, float) / k, np.asarray(y_mps, float) / k
    return np.cos(c) * x - np.sin(c) * y, np.sin(c) * x + np.cos(c) * y


def distance_m(a: Position, b: Position) -> float:
    """Geodesic distance on WGS 84 (Karney 2013), metres."""
    return float(GEOD_WGS84.inv(a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg)[2])


def bearing_deg(a: Position, b: Position) -> float:
    """Initial true bearing from a to b, 0 <= bearing < 360."""
    return float(GEOD_WGS84.inv(a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg)[0]) % 360.0


def destination(start: Position, bearing: float, metres: float) -> Position:
    """The point a geodesic distance away on a true bearing in degrees."""
    lon, lat, _ = GEOD_WGS84.fwd(start.lon_deg, start.lat_deg, bearing, metres)
    return Position(float(lat), float(lon))
