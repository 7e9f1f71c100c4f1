"""Moments at which a real flight is forecast, borders drawn about them, and whether the flight came to cross.

Here: `Cases`, `cases_of`; and the shares of each course's paths that cross, by the product's own trails and paths.
Not here: reading of recordings, weights, scores. The protocol is in docs/forecast.md; this is it in numbers.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.real_flights.recordings import GRID_S, Piece
from redshank.forecast.motion import PATHS, SLOW_FLIER, STEP_S, bank_of
from redshank.forecast.trail import LAG_S, LAGS, Past, past_of
from redshank.forecast.walk import Starts, paths_in

Reals = npt.NDArray[np.float64]
LINES = 8
SPEED_LEAST_MPS = 8.0
CHUNK = 50


@dataclass(frozen=True)
class Plan:
    """When flights are forecast and for how long: seconds; `reach_mps` times the horizon is how far lines lie off."""

    first_s: int
    every_s: int
    horizons_s: tuple[int, ...]
    reach_mps: float


@dataclass(frozen=True, eq=False)
class Cases:
    """(moments) and (moments, horizons, lines). `crossed` is nan where the flight was not heard to the horizon."""

    aircraft: npt.NDArray[np.str_]
    since_s: Reals
    """From the beginning of the piece to the moment."""
    velocity_mps: npt.NDArray[np.complex128]
    past: Past
    lagged_m: npt.NDArray[np.complex128]
    normal: npt.NDArray[np.complex128]
    """Unit vectors from the place straight to the lines."""
    distance_m: Reals
    crossed: Reals

    def take(self, which: npt.NDArray[np.int64]) -> "Cases":
        """Some moments."""
        return Cases(
            self.aircraft[which], self.since_s[which], self.velocity_mps[which], self.past.take(which),
            self.lagged_m[which], self.normal[which], self.distance_m[which], self.crossed[which],
        )  # fmt: skip


def cases_of(pieces: Sequence[Piece], plan: Plan) -> Cases:
    """All moments of some pieces."""
    ahead, rows = round(max(plan.horizons_s) / GRID_S), []
    for piece in pieces:
        z = piece.places_m
        seed = zlib.crc32(piece.name.encode())
        for at in range(round(plan.first_s / GRID_S), len(z), round(plan.every_s / GRID_S)):
            speed = (z[at] - z[at - 2]) / (2 * GRID_S)
            if abs(speed) < SPEED_LEAST_MPS:
                continue
            rng = np.random.default_rng([seed, at])
            known, future = np.full(LAGS + 1, np.nan + 0j), np.full(ahead + 1, np.nan + 0j)
            back = z[at :: -round(LAG_S / GRID_S)][: LAGS + 1] - z[at]
            known[: len(back)] = back
            future[: len(z) - at] = z[at : at + ahead + 1] - z[at]
            drawn = rng.random((2, len(plan.horizons_s), LINES))
            rows.append((piece.aircraft, at * GRID_S, speed, known, future, drawn))
    aircraft, since_s, velocity, lagged, ways, draw = (list(column) for column in zip(*rows, strict=True))
    normal = np.exp(2j * np.pi * np.array(draw)[:, 0])
    distance_m = np.array(draw)[:, 1] * (plan.reach_mps * np.array(plan.horizons_s))[:, None]
    crossed = np.full(distance_m.shape, np.nan)
    for number, horizon_s in enumerate(plan.horizons_s):
        way = np.array(ways)[:, : round(horizon_s / GRID_S) + 1]
        heard = np.flatnonzero(np.isfinite(way[:, -1].real))
        crossed[heard, number] = _most(way[heard, None, :], normal[heard, number])[:, 0] >= distance_m[heard, number]
    moving = np.array(velocity)
    past = past_of(np.array(lagged), moving)
    return Cases(np.array(aircraft), np.array(since_s), moving, past, np.array(lagged), normal, distance_m, crossed)


def joined(first: Cases, second: Cases) -> Cases:
    """Both, one after the other."""
    past = Past(
        *(np.concatenate(pair) for pair in zip(vars(first.past).values(), vars(second.past).values(), strict=True))
    )
    pairs = {
        name: np.concatenate([value, getattr(second, name)]) for name, value in vars(first).items() if name != "past"
    }
    return Cases(past=past, **pairs)


def _most(paths: npt.NDArray[np.complexfloating], normal: npt.NDArray[np.complex128]) -> Reals:
    """(moments, paths, lines): how far each path gets towards each line at most; paths (moments, paths, nodes)."""
    most = [
        (paths.real * one.real[:, None, None] + paths.imag * one.imag[:, None, None]).max(axis=2)
        for one in normal.astype(np.complex64).T
    ]
    return np.stack(most, axis=2)


def shares_crossing(cases: Cases, plan: Plan, shares: npt.NDArray[np.int64]) -> Reals:
    """(moments, horizons, lines): the share of the paths that cross, by the product's own paths: (moments, motions)
    says how many of them each motion flies, together at most PATHS."""
    found = np.zeros(cases.distance_m.shape)
    for begin in range(0, len(cases.since_s), CHUNK):
        some = np.arange(begin, min(begin + CHUNK, len(cases.since_s)))
        still, one = np.zeros(len(some)), np.ones(len(some), np.complex128)
        starts = Starts(
            place_m=0 * one, velocity_mps=cases.velocity_mps[some], rotor=one,
            root=np.zeros((len(some), 4, 4)), age_s=still, past=cases.past.take(some), shares=shares[some],
            near_border=still == 0,
        )  # fmt: skip
        span = (0, max(plan.horizons_s) // STEP_S + 1, 1)
        paths = paths_in(starts, bank_of(SLOW_FLIER), span, (0j, 1.0))
        for number, horizon_s in enumerate(plan.horizons_s):
            most = _most(paths[..., : horizon_s // STEP_S + 1], cases.normal[some, number])
            found[some, number] = (most >= cases.distance_m[some, number][:, None, :]).mean(axis=1)
    return found


def shares_by_course(cases: Cases, plan: Plan) -> Reals:
    """(motions of SLOW_FLIER, moments, horizons, lines): the same, if every path flew one motion."""
    alone = np.eye(len(SLOW_FLIER), dtype=np.int64) * PATHS
    moments = len(cases.since_s)
    return np.stack([shares_crossing(cases, plan, np.repeat(row[None], moments, axis=0)) for row in alone])
