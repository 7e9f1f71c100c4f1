"""Paths become numbers: the share that crosses, the quantiles of when and where, as terms.

Here: rows of first crossings and overflights in, border and district forecasts out. Not here: the walk. May know:
terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from redshank.forecast.geography import CHAIN_CELL_M, Geography
from redshank.forecast.kinds import HORIZONS_MS, Kind, recalibrated
from redshank.forecast.motion import PATHS, Path
from redshank.forecast.walk import Crossings, Indices, Overflights, Reals, Singles, motion_of_paths
from redshank.terms.crossing import (
    BorderForecast,
    CourseWeight,
    DistrictForecast,
    Hinge,
    Stretch,
    TimeWindow,
    Within,
)
from redshank.terms.geo import Position, from_plane
from redshank.terms.instants import Instant

QUANTILES = (0.1, 0.5, 0.9)
HINGES = 3
HINGE_WEIGHT_MIN, HINGE_CHANGE_MIN = 0.05, 0.15  # less is neither likely nor worth a word


@dataclass(frozen=True, eq=False)
class Led:
    """How the tracks were led on: their kinds, the weights and numbers of paths of their motions, and how far."""

    kinds: Sequence[Kind]
    weights: Reals
    shares: Indices
    horizon_s: float

    def recalibrated(self, track: Indices, probability: Reals, horizon_s: float) -> Reals:
        """Probabilities of rows, each by the kind of its track."""
        result = np.array(probability, dtype=float)
        for kind in dict.fromkeys(self.kinds):
            rows = np.flatnonzero([self.kinds[number] is kind for number in track.tolist()])
            result[rows] = recalibrated(kind, result[rows], horizon_s)
        return result


def border_forecasts(
    geography: Geography, found: list[Crossings], led: Led, now: Instant
) -> dict[int, list[BorderForecast]]:
    """By number of the track, from the rows of all chunks."""
    if not found:
        return {}
    track, direction, time_s, place = (
        np.concatenate([getattr(rows, name) for rows in found]) for name in ("track", "direction", "time_s", "place")
    )
    counts, times_s = quantiles(time_s)
    chainages = _stretches(geography, direction // 2, place, counts)
    length_m = chainages[:, 2, 2] - chainages[:, 0, 2]
    windows = _instants(now, times_s).tolist()
    horizons_ms, chances = _chances(track, time_s, led)
    rows = zip(
        track.tolist(),
        direction.tolist(),
        chances.tolist(),
        windows,
        chainages.tolist(),
        length_m.tolist(),
        strict=True,
    )
    result: dict[int, list[BorderForecast]] = {}
    for number, way, chance, window, places, metres in rows:
        line = geography.borders[way // 2]
        out_of, into = (line.a, line.b) if way % 2 else (line.b, line.a)
        start, middle, end = (Position(lat, lon) for lat, lon, _ in places)
        forecast = BorderForecast(
            border=line.id,
            out_of=out_of,
            into=into,
            probability=chance[-1],
            window=TimeWindow(*window),
            stretch=Stretch(start, middle, end, metres),
            within=tuple(Within(*pair) for pair in zip(horizons_ms, chance, strict=False)),
        )
        result.setdefault(number, []).append(forecast)
    return result


def _chances(track: Indices, time_s: Singles, led: Led) -> tuple[list[int], Reals]:
    """The horizons that are reached, and by row the recalibrated probability within each, never falling; the last
    column is that of the whole forecast."""
    horizons_ms = [horizon for horizon in HORIZONS_MS if horizon <= led.horizon_s * 1_000]
    columns = [
        led.recalibrated(track, (time_s <= seconds).sum(axis=1) / PATHS, seconds)
        for seconds in [*(horizon / 1_000 for horizon in horizons_ms), float(led.horizon_s)]
    ]
    return horizons_ms, np.maximum.accumulate(np.stack(columns, axis=1), axis=1)


def course_weights_told(led: Led, number: int) -> tuple[CourseWeight, ...]:
    """What a track may do, likeliest first."""
    told = zip(led.kinds[number].motions, led.weights[number].tolist(), strict=False)
    weights = [CourseWeight(motion.course, weight) for motion, weight in told]
    return tuple(sorted(weights, key=lambda item: -item.weight))


def hinges_of(geography: Geography, found: list[Crossings], led: Led) -> dict[int, tuple[Hinge, ...]]:
    """By number of the track: for its likeliest border, the courses under which its share of paths is another one."""
    result: dict[int, tuple[Hinge, ...]] = {}
    for rows in found:
        crossed = np.isfinite(rows.time_s)
        share = crossed.mean(axis=1)
        order = np.lexsort((-share, rows.track))
        first = order[np.r_[True, rows.track[order][1:] != rows.track[order][:-1]]] if len(order) else order
        for row in first.tolist():
            number = int(rows.track[row])
            motions = led.kinds[number].motions
            flies = motion_of_paths(led.shares[number : number + 1, : len(motions)])[0]
            line = geography.borders[int(rows.direction[row]) // 2]
            into = line.b if rows.direction[row] % 2 else line.a
            hinges = [
                Hinge(line.id, into, motion.course, weight, float(crossed[row][flies == place].mean()))
                for place, (motion, weight) in enumerate(zip(motions, led.weights[number].tolist(), strict=False))
                if weight >= HINGE_WEIGHT_MIN and (flies == place).any()
            ]
            apart = [hinge for hinge in hinges if abs(hinge.probability - share[row]) >= HINGE_CHANGE_MIN]
            apart.sort(key=lambda hinge: -hinge.weight * abs(hinge.probability - share[row]))
            result[number] = tuple(apart[:HINGES])
    return result


def _stretches(geography: Geography, border: Indices, place: Path, counts: Indices) -> Reals:
    """(rows, 3, [lat, lon, chainage]): 10, 50 and 90 % points along the border, each projected on the exact line.

    Crossing places are put in order by a coarse chainage (a cell table); only the three chosen ones are projected.
    """
    ratio = geography.country_raster.cell_m / CHAIN_CELL_M
    crossed = np.isfinite(place.real)
    safe = np.where(crossed, place, 0).astype(np.complex128)
    coarse = geography.chain_table.near(border[:, None], safe.real * ratio, safe.imag * ratio)
    order = np.argsort(np.where(crossed, coarse, np.inf), axis=1, kind="stable")
    ranks = np.rint(np.array(QUANTILES) * (counts[:, None] - 1)).astype(np.int64)
    chosen = np.take_along_axis(safe, np.take_along_axis(order, ranks, axis=1), axis=1)
    raster = geography.country_raster
    points = np.stack(
        [chosen.real * raster.cell_m + raster.west_plane_m, chosen.imag * raster.cell_m + raster.south_plane_m], axis=2
    )
    chainages, on_lines = np.zeros((len(border), 3)), np.zeros((len(border), 3, 2))
    for number in np.unique(border):
        rows = np.flatnonzero(border == number)
        line = geography.borders[number]
        chainage = np.sort(line.locate(points[rows].reshape(-1, 2)).reshape(-1, 3), axis=1)
        chainages[rows], on_lines[rows] = chainage, line.point_at(chainage.ravel()).reshape(-1, 3, 2)
    lat, lon = from_plane(on_lines[..., 0].ravel(), on_lines[..., 1].ravel())
    return np.stack([lat.reshape(-1, 3), lon.reshape(-1, 3), chainages], axis=2)


def district_forecasts(
    geography: Geography, found: list[Overflights], led: Led, now: Instant
) -> dict[int, list[DistrictForecast]]:
    """By number of the track, from the rows of all chunks."""
    if not found:
        return {}
    track, district, enters_s, leaves_s = (
        np.concatenate([getattr(rows, name) for rows in found])
        for name in ("track", "district", "enters_s", "leaves_s")
    )
    counts, enter_s = quantiles(enters_s)
    _, leave_s = quantiles(leaves_s)
    enters, leaves = _instants(now, enter_s).tolist(), _instants(now, leave_s[:, 2]).tolist()
    chances = led.recalibrated(track, counts / PATHS, led.horizon_s).tolist()
    rows = zip(track.tolist(), district.tolist(), chances, enters, leaves, strict=True)
    result: dict[int, list[DistrictForecast]] = {}
    for number, unit, chance, window, leave in rows:
        name_id, country, name = geography.districts[unit - 1]
        forecast = DistrictForecast(
            district=name_id,
            country=country,
            name=name,
            probability=chance,
            enters=TimeWindow(*window),
            leaves_p90=leave,
        )
        result.setdefault(number, []).append(forecast)
    return result


def quantiles(values: Singles) -> tuple[Indices, Reals]:
    """(how many are finite, their QUANTILES) per row, interpolated between order statistics (Hyndman and Fan type 7).

    Every row must have a finite value; infinite ones are paths for which the thing does not happen.
    """
    ordered = np.sort(values, axis=1).astype(np.float64)
    counts = np.isfinite(ordered).sum(axis=1)
    at = np.array(QUANTILES) * (counts[:, None] - 1)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, counts[:, None] - 1)
    low, high = (np.take_along_axis(ordered, index, axis=1) for index in (below, above))
    return counts, low + (at - below) * (high - low)


def _instants(now: Instant, seconds: Reals) -> Indices:
    return np.rint(seconds * 1_000).astype(np.int64) + now
