"""Wind: a forecast field on a grid, as it was read, and what blows at a place, a height and a time."""

import math
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from redshank.terms.geo import Position
from redshank.terms.instants import Instant


class Wind(msgspec.Struct, frozen=True, gc=False):
    """Wind on a grid of times, heights above mean sea level (m), latitudes and longitudes (degrees), each ascending and
    at least two (heights: one). Where it blows to: east and north, m/s, in the order [time][height][lat][lon]."""

    source: str
    times: tuple[Instant, ...]
    heights_m: tuple[float, ...]
    lats_deg: tuple[float, ...]
    lons_deg: tuple[float, ...]
    east_mps: tuple[float, ...]
    north_mps: tuple[float, ...]

    def at(self, position: Position, height_m: float | None, when: Instant) -> tuple[float, float] | None:
        """(east, north) in m/s, linear in all four; None outside of the grid or its times. A height that is unknown, or
        beyond the lowest or highest one, is taken as the nearest (unknown: the lowest)."""
        time, lat, lon = (
            _between(self.times, float(when)),
            _between(self.lats_deg, position.lat_deg),
            _between(self.lons_deg, position.lon_deg),
        )
        if time is None or lat is None or lon is None:
            return None
        low, high = self.heights_m[0], self.heights_m[-1]
        level = _between(self.heights_m, min(max(low if height_m is None else height_m, low), high))
        corners = [(0, 1.0)]
        for size, cell in (
            (len(self.times), time),
            (len(self.heights_m), level or (0, 0.0)),
            (len(self.lats_deg), lat),
            (len(self.lons_deg), lon),
        ):
            first, share = cell
            corners = [
                (index * size + min(first + step, size - 1), weight * part)
                for index, weight in corners
                for step, part in ((0, 1.0 - share), (1, share))
                if part > 0.0
            ]
        east = sum(weight * self.east_mps[index] for index, weight in corners)
        north = sum(weight * self.north_mps[index] for index, weight in corners)
        return east, north


def _between(steps: Sequence[float], value: float) -> tuple[int, float] | None:
    """(index of the step at or below, share of the way to the next), None outside."""
    if not math.isfinite(value) or not steps[0] <= value <= steps[-1]:
        return None
    first = min(bisect_right(steps, value) - 1, max(len(steps) - 2, 0))
    width = steps[first + 1] - steps[first] if len(steps) > 1 else 1.0
    return first, (value - steps[first]) / width
