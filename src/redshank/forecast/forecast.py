"""Tracks become forecasts: probability, time window and stretch for each border, and the districts in the path.

Here: `forecast_tracks`, and `draw_banks` before the first one. Not here: how things move (motion), where borders run
(geography), the walk itself (walk). May know: terms.

Method: Monte Carlo over a fixed quasi-random bank of 256 paths per track, the same for all tracks and all times, so
that equal input gives equal output and a forecast changes only as much as its track did.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from redshank.forecast.carried import carried_m
from redshank.forecast.geography import Geography
from redshank.forecast.kinds import KIND_OF, WARNS, Kind, kind_of, weights_of
from redshank.forecast.motion import AGE_MAX_S, PATHS, STEP_S, STEPS_KEPT, Numbers, bank_of, keep_numbers
from redshank.forecast.sums import Led, border_forecasts, course_weights_told, district_forecasts, hinges_of
from redshank.forecast.trail import lagged_places, past_of, shares_of
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
from redshank.terms.wind import Wind

BORDER_PATHS_MIN = math.ceil(0.01 * PATHS)
DISTRICT_PATHS_MIN = math.ceil(0.05 * PATHS)
FAR_M = 1e7  # a place so far off the plane's centre is not in Europe and has no use


def draw_banks(numbers: Numbers | None = None) -> None:
    """Draws the paths of all motions, which takes some 100 ms: otherwise the first forecasts wait for it. `numbers` as
    they lie in a file; without them they are drawn as well, by scipy."""
    if numbers is not None:
        keep_numbers(numbers)
    for kind in (WARNS, *KIND_OF.values()):
        bank_of(kind.motions)


def forecast_tracks(
    geography: Geography,
    tracks: Sequence[Track],
    now: Instant,
    horizon_ms: int,
    kinds: Mapping[Status, Kind] = KIND_OF,
    wind: Wind | None = None,
) -> tuple[Forecast, ...]:
    """One forecast per track, in their order, for `horizon_ms` from `now` (at most FORECAST_HORIZON_MS; whole minutes
    are looked ahead).
    A border is reported for each direction in which paths first cross it, also the second of two in a row, from a
    share of 0.01 of the paths; a district from 0.05, with the last moment over it. Both need a path's node on them: a
    corner cut in less than half a minute (districts: a minute) may be missed. A track outside the map has `over` None
    and whatever its paths come upon. ENDED tracks and states that are not finite get an empty forecast. `wind` carries
    balloons; without it the wind of now is taken to stay, give or take.
    """
    horizon_s = min(max(horizon_ms, 0), limits.FORECAST_HORIZON_MS) // 1_000
    steps = horizon_s // (COARSE * STEP_S) * COARSE
    starts, usable, weights = starts_of(geography, tracks, now, float(horizon_s), kinds)
    starts = _with_wind(starts, usable, tracks, wind) if wind is not None else starts
    crossings, overflights = _walk(geography, starts, _groups(tracks, usable, kinds), steps)
    led = Led([kind_of(track, kinds) for track in tracks], weights, starts.shares, horizon_s)
    borders, hinges = border_forecasts(geography, crossings, led, now), hinges_of(geography, crossings, led)
    districts = district_forecasts(geography, overflights, led, now)
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
            courses=course_weights_told(led, number) if usable[number] else (),
            hinges=hinges.get(number, ()),
        )
        for number, track in enumerate(tracks)
    )


def _groups(
    tracks: Sequence[Track], usable: npt.NDArray[np.bool_], kinds: Mapping[Status, Kind]
) -> dict[tuple[Kind, bool], list[int]]:
    """Numbers of the usable tracks by kind and by whether the flight may have ended unseen."""
    groups: dict[tuple[Kind, bool], list[int]] = {}
    for number, track in enumerate(tracks):
        if usable[number]:
            group = (kind_of(track, kinds), track.life is Life.LOST)
            groups.setdefault(group, []).append(number)
    return groups


def _walk(
    geography: Geography, starts: Starts, groups: dict[tuple[Kind, bool], list[int]], steps: int
) -> tuple[list[Crossings], list[Overflights]]:
    """Rows of all chunks, their tracks named by number."""
    crossings: list[Crossings] = []
    overflights: list[Overflights] = []
    for (kind, lost), members in groups.items() if steps else ():
        every, motions = np.array(members), len(kind.motions)
        for which, step in chunks(starts.take(every)):
            chunk = replace(starts.take(every[which]), shares=starts.shares[every[which], :motions])
            near = bool(chunk.near_border[0])
            stride = 1 if near else COARSE
            nodes = nodes_of(chunk, bank_of(kind.motions), (step, steps, stride), geography.country_raster, lost)
            if near:
                crossings.append(find_crossings(geography, nodes, BORDER_PATHS_MIN).of(every[which]))
            overflights.append(find_overflights(geography, nodes, DISTRICT_PATHS_MIN).of(every[which]))
    return crossings, overflights


def starts_of(
    geography: Geography, tracks: Sequence[Track], now: Instant, horizon_s: float, kinds: Mapping[Status, Kind]
) -> tuple[Starts, npt.NDArray[np.bool_], Reals]:
    """States in the plane, which of them can be led on, and the weights of their motions (filled up with zeros)."""
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
    past = past_of(lagged_places(tracks, place), velocity)
    weights = _weights(tracks, past.features, kinds)
    reach = reach_m(velocity, past, root, horizon_s + age_s)
    points = shapely.points(place.real, place.imag)
    nearest = geography.all_borders.tree.query_nearest(points, return_distance=True, all_matches=False)[1]
    return (
        Starts(place, velocity, rotor, root, age_s, past, shares_of(weights, PATHS), nearest <= reach),
        usable,
        weights,
    )


def _with_wind(starts: Starts, usable: npt.NDArray[np.bool_], tracks: Sequence[Track], wind: Wind) -> Starts:
    """The same, with where the wind carries the balloons among them; they may reach any border then."""
    blown = [number for number, one in enumerate(tracks) if usable[number] and one.status is Status.BALLOON]
    if not blown:
        return starts
    carried = np.zeros((len(tracks), STEPS_KEPT + 1), np.complex64)
    for number in blown:
        carried[number] = carried_m(tracks[number], wind)
    near = starts.near_border.copy()
    near[blown] = True
    return replace(starts, carried_m=carried, near_border=near)


def _weights(tracks: Sequence[Track], features: Reals, kinds: Mapping[Status, Kind]) -> Reals:
    """(tracks, motions): as many columns as the richest kind has."""
    of_track = [kind_of(track, kinds) for track in tracks]
    weights = np.zeros((len(tracks), max((len(kind.motions) for kind in of_track), default=1)))
    for kind in dict.fromkeys(of_track):
        rows = np.flatnonzero([one is kind for one in of_track])
        weights[rows, : len(kind.motions)] = weights_of(kind, features[rows])
    return weights


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
