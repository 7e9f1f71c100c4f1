"""Areas of an alert: a district's real polygons, made small enough for a phone network and never smaller than they are.

Here: simplification and the text form of CAP. Not here: where the polygons come from. May know: terms, shapely.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from shapely import GEOSException
from shapely.geometry import MultiPoint, Polygon, box

from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

Ring = Sequence[tuple[float, float]]
"""(latitude, longitude) in degrees, WGS 84, the outer ring of one part of a district, closed or not."""

_TOLERANCE_DEG: Final = 0.0005  # about 50 m; raised by half until the ring is small enough
_ROUNDING_DEG: Final = 0.0001  # four decimals are written, about 11 m; the ring grows by that so that none is left out
_TRIES: Final = 24


def rings_for_alert(rings: Sequence[Ring]) -> tuple[tuple[tuple[float, float], ...], ...] | Refusal:
    """Closed rings of (lat, lon) that cover the given ones, bounded in number and in points, largest first."""
    return _covering(tuple(tuple((lat, lon) for lat, lon in ring) for ring in rings))


@lru_cache(maxsize=32)  # a tenth of a second for a jagged coast; an alert is built again at each renewal and restart
def _covering(
    rings: tuple[tuple[tuple[float, float], ...], ...],
) -> tuple[tuple[tuple[float, float], ...], ...] | Refusal:
    parts = []
    for ring in rings:
        if not all(math.isfinite(x) and abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in ring for x in (lat, lon)):
            return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "polygon", "has a point that is not on the earth")
        if len(set(ring)) < 3:
            return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "polygon", "has fewer than three different points")
        part = Polygon([(lon, lat) for lat, lon in ring])
        if not part.is_valid or part.is_empty:
            return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "polygon", "crosses itself or is empty")
        parts.append(part)
    if not parts:
        return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "polygon", "is missing; an alert without an area warns nobody")
    try:
        covers = [_cover(part) for part in _few(parts)]
    except GEOSException as error:
        return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "polygon", f"can not be simplified: {error}")
    return tuple(_written(cover) for cover in sorted(covers, key=lambda cover: -cover.area))


def _few(parts: list[Polygon]) -> list[Polygon]:
    """At most CAP_POLYGONS parts: the largest ones, and one hull around all the islets that are left."""
    parts = sorted(parts, key=lambda part: -part.area)
    kept, rest = parts[: limits.CAP_POLYGONS - 1], parts[limits.CAP_POLYGONS - 1 :]
    if not rest:
        return kept
    points = [point for part in rest for point in part.exterior.coords]
    return [*kept, Polygon(MultiPoint(points).convex_hull.boundary.coords)]


def _cover(part: Polygon) -> Polygon:
    """A polygon of few points that holds the part: grown by a tolerance and simplified within it. Checked on what is
    written, because simplification keeps its tolerance to vertices and not to every point of an edge."""
    tolerance = _TOLERANCE_DEG
    for _ in range(_TRIES):
        grown = part.buffer(tolerance + _ROUNDING_DEG, join_style="mitre")
        small = Polygon(grown.exterior).simplify(tolerance)
        if isinstance(small, Polygon) and len(small.exterior.coords) <= limits.CAP_POLYGON_POINTS:
            cover = Polygon([(round(lon, 4), round(lat, 4)) for lon, lat in small.exterior.coords])
            if cover.is_valid and cover.covers(part):
                return cover
        tolerance *= 1.5
    west, south, east, north = (round(edge, 4) for edge in part.buffer(_ROUNDING_DEG).bounds)
    return box(west, south, east, north)


def _written(cover: Polygon) -> tuple[tuple[float, float], ...]:
    return tuple((lat, lon) for lon, lat in cover.exterior.coords)
