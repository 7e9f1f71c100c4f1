"""Forecast of 1,000 tracks for 60 minutes beside a straightforward shapely and numpy Monte Carlo over the same borders.

The peer draws the same number of paths per track (256) with the same legs (30 s) from the same motion model (balloons
as slow fliers), cuts them with the exact border lines through an STRtree over short pieces of both, and takes shares
and quantiles. It computes less than Redshank: no districts, no stretch of border, no direction. It runs on every 20th
track and is scaled by 20: tracks are in random order, so the subsample is a fair one. What either prepares once (map,
tree, bank) is outside the timing. Medians of several runs, both in one process.

Run: python -m benchmarks.forecast_1000
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.figures import print_figure
from redshank import geodata
from redshank.forecast.forecast import forecast_tracks
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.kinds import WARNS, weights_of
from redshank.forecast.motion import PATHS, STEP_S, UNIFORMS, Path, draw_paths
from redshank.forecast.trail import LAGS, past_of
from redshank.terms.geo import Position, grid_turn, to_plane
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Status, Track

TRACKS = 1_000
EVERY = 20
LEGS_EACH = 10
RUNS = 5
HORIZON_MS = 3_600_000
NOW = Instant(1_746_577_800_000)
GOAL_RATIO = 10.0


def spread_tracks(count: int, seed: int = 5) -> list[Track]:
    """Tracks over LT LV EE PL BY and their neighbours: nine in ten fly 30 to 60 m/s, the others drift as balloons."""
    rng = np.random.default_rng(seed)
    tracks = []
    for number in range(count):
        lat, lon, course = rng.uniform([50.0, 19.0, 0.0], [59.5, 32.0, 2 * np.pi])
        balloon = number % 10 == 0
        speed = rng.uniform(5, 20) if balloon else rng.uniform(30, 60)
        sigma_m, sigma_mps = rng.uniform(50, 1_000), rng.uniform(1, 4)
        spread = np.diag([sigma_m**2, sigma_m**2, sigma_mps**2, sigma_mps**2])
        track = Track(
            id=TrackId(f"LT/{number}"),
            observer=PartyId("LT"),
            at=Instant(NOW - int(rng.uniform(0, 10_000))),
            position=Position(float(lat), float(lon)),
            velocity_e_mps=float(speed * np.sin(course)),
            velocity_n_mps=float(speed * np.cos(course)),
            covariance=tuple(spread.ravel().tolist()),
            status=Status.BALLOON if balloon else Status.UAV,
            first_at=NOW,
            last_report_at=NOW,
        )
        tracks.append(track)
    return tracks


@dataclass(frozen=True)
class Plain:
    """What the peer prepares once and outside of the timing: the path shapes and a tree over pieces of the borders."""

    bank: np.ndarray
    names: list[str]
    owner: np.ndarray
    pieces: np.ndarray
    tree: shapely.STRtree


def prepare_plain(geography: Geography) -> Plain:
    """The peer's bank from pseudo-random numbers, and its tree."""
    lines = [shapely.LineString(line.points_plane_m[line.part == 0]) for line in geography.borders]
    chunks = [(n, line) for n, whole in enumerate(lines) for line in _pieces(whole)]
    owner = np.array([n for n, _ in chunks])
    pieces = np.array([line for _, line in chunks], dtype=object)
    bank = plain_bank(PATHS)
    return Plain(bank, [line.id for line in geography.borders], owner, pieces, shapely.STRtree(pieces))


def plain_bank(paths: int, seed: int = 1) -> Path:
    """Path shapes of a slow flier without a trail, each of a course drawn by its weight; what stays about a place stays
    at it."""
    rng = np.random.default_rng(seed)
    lagged = np.full((1, LAGS + 1), np.nan + 0j)
    lagged[:, 0] = 0.0
    weights = weights_of(WARNS, past_of(lagged, np.array([45.0 + 0j])).features)[0]
    shape = draw_paths(WARNS.motions, rng.random((paths, UNIFORMS))).shape
    flies = rng.choice(len(weights), paths, p=weights / weights.sum())
    return np.asarray(shape[flies, np.arange(paths), : HORIZON_MS // 1_000 // STEP_S + 1])


def plain_monte_carlo(plain: Plain, tracks: list[Track]) -> list[dict[str, tuple[float, list[float]]]]:
    """Per track: border -> (probability, 10/50/90 % of the first crossing's time in seconds)."""
    rng = np.random.default_rng(2)
    tree, pieces, owner = plain.tree, plain.pieces, plain.owner
    result = []
    for track in tracks:
        paths = _paths(track, plain.bank, rng)
        starts = range(0, paths.shape[1] - 1, LEGS_EACH)
        parts = np.stack([paths[:, at : at + LEGS_EACH + 1] for at in starts], axis=1).reshape(-1, LEGS_EACH + 1)
        strings = np.asarray(shapely.linestrings(np.stack([parts.real, parts.imag], axis=2)))
        part, piece = tree.query(strings, predicate="intersects")
        points, which = shapely.get_coordinates(shapely.intersection(strings[part], pieces[piece]), return_index=True)
        share = shapely.line_locate_point(strings[part[which]], shapely.points(points), normalized=True)
        along = (part[which] % len(starts) + share) / len(starts)
        found: dict[str, tuple[float, list[float]]] = {}
        for number in np.unique(owner[piece]):
            here = owner[piece[which]] == number
            first = np.full(PATHS, np.inf)
            np.minimum.at(first, part[which][here] // len(starts), along[here] * HORIZON_MS / 1_000)
            times = first[np.isfinite(first)]
            found[plain.names[number]] = (len(times) / PATHS, np.quantile(times, [0.1, 0.5, 0.9]).tolist())
        result.append(found)
    return result


def _pieces(line: shapely.LineString) -> list[shapely.LineString]:
    points = shapely.get_coordinates(line)
    return [shapely.LineString(points[i : i + 17]) for i in range(0, len(points) - 1, 16)]


def _paths(track: Track, bank: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    convergence, scale = grid_turn(track.position.lat_deg, track.position.lon_deg)
    rotor = scale * np.exp(-1j * convergence)
    noise = rng.multivariate_normal(np.zeros(4), np.reshape(track.covariance, (4, 4)), PATHS)
    x, y = to_plane(track.position.lat_deg, track.position.lon_deg)
    begin = complex(x, y) + rotor * (noise[:, 0] + 1j * noise[:, 1])
    velocity = rotor * (track.velocity_e_mps + noise[:, 2] + 1j * (track.velocity_n_mps + noise[:, 3]))
    return np.asarray(begin[:, None] + velocity[:, None] * bank)


def median_s(work: Callable[[], object], runs: int) -> float:
    """Median wall time of some runs, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def main() -> None:
    """Measures both and prints the figure."""
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    files = [geodata.read(name) for name in names]
    begin = time.perf_counter()
    geography = load_geography(*files)
    print(f"map loaded in {time.perf_counter() - begin:.2f} s")
    tracks = spread_tracks(TRACKS)
    ours_s = median_s(lambda: forecast_tracks(geography, tracks, NOW, HORIZON_MS), RUNS)
    print(f"ours: {TRACKS} tracks x {PATHS} paths in {ours_s:.3f} s (goal 1 s), districts included")
    subsample, plain = tracks[7::EVERY], prepare_plain(geography)
    peer_s = median_s(lambda: plain_monte_carlo(plain, subsample), RUNS) * TRACKS / len(subsample)
    print(f"peer: shapely and numpy, {len(subsample)} tracks measured, scaled to {TRACKS}: {peer_s:.1f} s")
    print_figure("forecast-1000-tracks", ours_s, peer_s, unit="s", goal=GOAL_RATIO)


if __name__ == "__main__":
    main()
