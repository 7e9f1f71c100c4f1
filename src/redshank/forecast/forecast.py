"""Tracks become forecasts: probability, time window and stretch for each border, and the districts in the path.

Here: `forecast_tracks`, and `draw_banks` before the first one. Not here: how things move (motion), where borders run
(geography), the walk itself (walk). May know: terms.

Method: Monte Carlo over a fixed quasi-random bank of 256 paths per track, the same for all tracks and all times, so
that equal input gives equal output and a forecast changes only as much as its track did.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from redshank.forecast.geography import Geography
from redshank.forecast.motion import (
    AGE_MAX_S,
    AIRCRAFT,
    BALLOON,
    PATHS,
    SLOW_FLIER,
    STEP_S,
    Motion,
    Numbers,
    bank_of,
    keep_numbers,
)
from redshank.forecast.sums import border_forecasts, district_forecasts
from redshank.forecast.walk import (
    COARSE,
    Crossings,
    Overflights,
    Reals,
    Starts,
    chunks,
    find_crossings,
    find_overflights,
    nodes_of,
    reach_m,
)
from redshank.terms import limits
from redshank.terms.crossing import Forecast
from redshank.terms.geo import grid_turn, to_plane
from redshank.terms.ids import CountryId
from redshank.terms.instants import Instant
from redshank.terms.track import Life, Status, Track

BORDER_PATHS_MIN = math.ceil(0.01 * PATHS)
DISTRICT_PATHS_MIN = math.ceil(0.05 * PATHS)
FAR_M = 1e7  # a place so far off the plane's centre is not in Europe and has no use

MOTION_OF = {Status.BALLOON: BALLOON, Status.AIRCRAFT: AIRCRAFT}
"""What is not named here moves as a slow flier: the assumption that warns."""


def draw_banks(numbers: Numbers | None = None) -> None:
    """Draws the paths of all motions, which takes some 100 ms: otherwise the first forecasts wait for it. `numbers` as
    they lie in a file; without them they are drawn as well, by scipy."""
    if numbers is not None:
        keep_numbers(numbers)
    for motion in (SLOW_FLIER, *MOTION_OF.values()):
        bank_of(motion)


def forecast_tracks(
    geography: Geography,
    tracks: Sequence[Track],
    now: Instant,
    horizon_ms: int,
    motions: Mapping[Status, Motion] = MOTION_OF,
) -> tuple[Forecast, ...]:
    """One forecast per track, in their order, for `horizon_ms` from `now` (at most FORECAST_HORIZON_MS; whole minutes
    are looked ahead).

    A border is reported for each direction in which paths first cross it, also the second of two in a row, from a
    probability of 0.01; a district from 0.05, with the last moment over it. Both need a path's node on them: a corner
    cut in less than half a minute (districts: a minute) may be missed. A track outside the map has `over` None and
    whatever its paths come upon. ENDED tracks and states that are not finite get an empty forecast.
    """
    horizon_s = min(max(horizon_ms, 0), limits.FORECAST_HORIZON_MS) // 1_000
    steps = horizon_s // (COARSE * STEP_S) * COARSE
    starts, usable = _starts(geography, tracks, now, float(horizon_s))
    crossings, overflights = _walk(geography, starts, _kinds(tracks, usable, motions), steps)
    borders = border_forecasts(geography, crossings, now)
    districts = district_forecasts(geography, overflights, now)
    over = _countries_over(geography, starts, usable, tracks)
    return tuple(
        Forecast(
            track=track.id,
            made_at=now,
            horizon_ms=horizon_ms,
            over=over[number],
            borders=tuple(sorted(borders.get(number, ()), key=lambda item: -item.probability)),
            districts=tuple(sorted(districts.get(number, ()), key=lambda item: -item.probability)),
            state_at=track.at,
        )
        for number, track in enumerate(tracks)
    )


def _kinds(
    tracks: Sequence[Track], usable: npt.NDArray[np.bool_], motions: Mapping[Status, Motion]
) -> dict[tuple[Motion, bool], list[int]]:
    """Numbers of the usable tracks by motion and by whether the flight may have ended unseen."""
    kinds: dict[tuple[Motion, bool], list[int]] = {}
    for number, track in enumerate(tracks):
        if usable[number]:
            kind = (motions.get(track.status, SLOW_FLIER), track.life is Life.LOST)
            kinds.setdefault(kind, []).append(number)
    return kinds


def _walk(
    geography: Geography, starts: Starts, kinds: dict[tuple[Motion, bool], list[int]], steps: int
) -> tuple[list[Crossings], list[Overflights]]:
    """Rows of all chunks, their tracks named by number."""
    crossings: list[Crossings] = []
    overflights: list[Overflights] = []
    for (motion, lost), members in kinds.items() if steps else ():
        every = np.array(members)
        for which, step in chunks(starts.take(every)):
            chunk = starts.take(every[which])
            near = bool(chunk.near_border[0])
            stride = 1 if near else COARSE
            nodes = nodes_of(chunk, bank_of(motion), (step, steps, stride), geography.country_raster, lost)
            if near:
                crossings.append(find_crossings(geography, nodes, BORDER_PATHS_MIN).of(every[which]))
            overflights.append(find_overflights(geography, nodes, DISTRICT_PATHS_MIN).of(every[which]))
    return crossings, overflights


def _starts(
    geography: Geography, tracks: Sequence[Track], now: Instant, horizon_s: float
) -> tuple[Starts, npt.NDArray[np.bool_]]:
    """States in the plane, and which of them can be led on."""
    table = np.array([_row(track, now) for track in tracks], dtype=float).reshape(-1, 5)
    covariance = np.array([_covariance(track) for track in tracks], dtype=float).reshape(-1, 4, 4)
    lat, lon, east, north, age_s = table.T
    x, y = to_plane(lat, lon)
    usable = np.isfinite(table).all(axis=1) & np.isfinite(covariance).all(axis=(1, 2)) & np.isfinite(x + y)
    usable &= (np.abs(x) + np.abs(y) < FAR_M) & np.array([t.life is not Life.ENDED for t in tracks], bool)
    lat, lon = np.where(usable, lat, 55.0), np.where(usable, lon, 24.0)
    convergence, scale = grid_turn(lat, lon)
    rotor = scale * np.exp(-1j * convergence)
    place = np.where(usable, x, 0.0) + 1j * np.where(usable, y, 0.0)
    velocity = rotor * np.where(usable, east + 1j * north, 0.0)
    root = _roots(np.where(usable[:, None, None], covariance, 0.0))
    age_s = np.clip(np.nan_to_num(age_s), 0.0, AGE_MAX_S + STEP_S - 1)
    reach = reach_m(velocity, root, horizon_s + age_s)
    points = shapely.points(place.real, place.imag)
    nearest = geography.all_borders.tree.query_nearest(points, return_distance=True, all_matches=False)[1]
    return Starts(place, velocity, rotor, root, age_s, nearest <= reach), usable


def _row(track: Track, now: Instant) -> tuple[float, float, float, float, float]:
    """Latitude, longitude (degrees), speed east and north (m/s), age (s)."""
    place = track.position
    age_s = (now - track.at) / 1_000
    return place.lat_deg, place.lon_deg, track.velocity_e_mps, track.velocity_n_mps, age_s


def _covariance(track: Track) -> tuple[float, ...]:
    """The track's covariance, or not-a-number where it has not 16 members."""
    return track.covariance if len(track.covariance) == 16 else (float("nan"),) * 16


def _roots(covariance: Reals) -> Reals:
    """Symmetric square roots: unlike triangular or eigenvector ones they change no more than the covariance does.

    A covariance that is not positive semidefinite (rounding) loses its negative part.
    """
    values, vectors = np.linalg.eigh((covariance + covariance.swapaxes(1, 2)) / 2)
    roots = np.sqrt(np.clip(values, 0.0, None))
    return np.asarray((vectors * roots[:, None, :]) @ vectors.swapaxes(1, 2))


def _countries_over(
    geography: Geography, starts: Starts, usable: npt.NDArray[np.bool_], tracks: Sequence[Track]
) -> list[CountryId | None]:
    """The territory at the dead-reckoned place of a track (a lost one: at its last place), to a raster cell."""
    lost = np.array([track.life is Life.LOST for track in tracks], bool)
    here = starts.place_m + starts.velocity_mps * np.where(lost, 0.0, starts.age_s)
    unit = np.where(usable, geography.country_raster.at(here.real, here.imag), 0)
    return [geography.countries[number - 1] if number else None for number in unit.tolist()]
