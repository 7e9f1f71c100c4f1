"""Crossings of real borders by 10,000 tracks within 5 to 60 minutes, walked in leaps, beside shapely and numpy.

Ours: `forecast/leaps.py`, 256 paths a track shared among the courses of a slow flier; from the tracks as terms to the
shares of paths (no place along the border, no district). It needs numba, which is no part of a node. The peer is that
of `forecast_1000`, on every 500th track and scaled. Then the matched model: the paths' own law, drawn 100,000 times by
pseudo-random numbers for some of the tracks, is the truth; against it the error of the shares, the Brier score beyond
the Bayes-optimal one (which is the mean square of that error), calibration, and the continuous ranked probability score
of the time of crossing.

Run: python -m benchmarks.forecast_10000
"""

import statistics
import sys
import time
from dataclasses import replace

import msgspec
import numpy as np

from benchmarks.figures import print_figure
from benchmarks.forecast_1000 import HORIZON_MS, NOW, median_s, plain_monte_carlo, prepare_plain, spread_tracks
from redshank import geodata
from redshank.forecast.forecast import draw_banks, starts_of
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.kinds import KIND_OF, WARNS
from redshank.forecast.leaps import Field, crossing_shares, field_of
from redshank.forecast.motion import PATHS, STEP_S, UNIFORMS, bank_of, draw_paths
from redshank.forecast.trail import shares_of
from redshank.forecast.walk import Starts
from redshank.terms.track import Status, Track

TRACKS, EVERY, RUNS = 10_000, 500, 7
HORIZONS = tuple(seconds // STEP_S for seconds in (300, 600, 1_200, 1_800, 3_600))
FINE = tuple(range(4, 121, 4))
TRUTH_TRACKS, TRUTH_PATHS, TRUTH_BATCHES = 300, 4_000, 25
GOAL_MS = 250.0


def timed(geography: Geography, field: Field, tracks: list[Track]) -> tuple[list[float], list[float]]:
    """Wall and processor seconds of each run, after one that is not counted."""
    bank, walls, works = bank_of(WARNS.motions), [], []
    for _ in range(RUNS + 1):
        wall, work = time.perf_counter(), time.process_time()
        starts, _, _ = starts_of(geography, tracks, NOW, HORIZON_MS / 1_000, KIND_OF)
        crossing_shares(geography, field, starts, bank, HORIZONS)
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    return walls[1:], works[1:]


def truth(geography: Geography, field: Field, starts: Starts, weights: np.ndarray) -> np.ndarray:
    """(tracks, directions, FINE): by 100,000 paths of pseudo-random numbers."""
    rng, total = np.random.default_rng(9), 0.0
    shares = shares_of(weights, TRUTH_PATHS)
    some = replace(starts, shares=shares)
    for _ in range(TRUTH_BATCHES):
        bank = draw_paths(WARNS.motions, rng.random((TRUTH_PATHS, UNIFORMS)))
        total = total + crossing_shares(geography, field, some, bank, FINE).astype(np.float64)
    return np.asarray(total / TRUTH_BATCHES)


def judge(told: np.ndarray, true: np.ndarray) -> None:
    """Prints the errors of the shares against the truth, for pairs of track and border that may come about at all."""
    possible = true[..., -1] > 0.001
    p, q = told[possible], true[possible]
    coarse = [FINE.index(-(-step // 4) * 4) for step in HORIZONS]  # 6 minutes for 5: FINE has no 5
    off = (p - q)[:, coarse]
    every = (told - true)[np.isin(np.arange(len(true)), np.flatnonzero(possible.any(axis=1)))][..., coarse]
    print(
        f"RMSE of P: {np.sqrt(np.mean(off**2)):.4f} over {len(p)} possible pairs, "
        f"{np.sqrt(np.mean(every**2)):.4f} over all"
    )
    print(f"  within 60 min alone: {np.sqrt(np.mean(off[:, -1] ** 2)):.4f}")
    print(f"Brier beyond Bayes-optimal: {np.mean(off**2):.6f} (goal 0.0003)")
    bins = np.minimum((p[:, coarse].ravel() * 10).astype(int), 9)
    error = np.abs(np.bincount(bins, off.ravel(), minlength=10)).sum() / off.size
    print(f"calibration error: {error:.4f} (goal 0.006)")
    excess, bayes = np.mean((p - q) ** 2, axis=1).sum(), np.mean(q * (1 - q), axis=1).sum()
    print(f"CRPS of the time of crossing beyond Bayes-optimal: {100 * excess / bayes:.2f} % (goal 1 %)")


def main() -> None:
    """Measures, judges, prints the figure."""
    try:
        import numba  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
    except ImportError:
        sys.exit("numba is not installed; it is no part of a node: .venv/bin/python -m pip install numba")
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    geography = load_geography(*(geodata.read(name) for name in names))
    draw_banks()
    begin = time.perf_counter()
    field = field_of(geography)
    print(f"distance field in {time.perf_counter() - begin:.1f} s, {field.free.nbytes / 1e6:.1f} MB")
    tracks = [msgspec.structs.replace(track, status=Status.UAV) for track in spread_tracks(TRACKS)]
    walls, works = timed(geography, field, tracks)
    ours_s = statistics.median(walls)
    print(
        f"ours: {TRACKS} tracks x {PATHS} paths: {1_000 * ours_s:.0f} ms, "
        f"processor {1_000 * statistics.median(works):.0f} ms"
    )
    starts, _, weights = starts_of(geography, tracks[:TRUTH_TRACKS], NOW, HORIZON_MS / 1_000, KIND_OF)
    told = crossing_shares(geography, field, starts, bank_of(WARNS.motions), FINE)
    judge(told, truth(geography, field, starts, weights))
    subsample, plain = tracks[7::EVERY], prepare_plain(geography)
    peer_s = median_s(lambda: plain_monte_carlo(plain, subsample), 3) * TRACKS / len(subsample)
    print(f"peer: shapely and numpy, {len(subsample)} tracks measured, scaled to {TRACKS}: {peer_s:.1f} s")
    print_figure("forecast-10000-tracks", 1_000 * ours_s, 1_000 * peer_s, unit="ms", goal=GOAL_MS, goal_is_ours=True)


if __name__ == "__main__":
    main()
