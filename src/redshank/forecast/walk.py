"""Many tracks walk their possible paths over the map: first crossings of borders, first and last time over districts.

Here: arrays in, arrays out, in small chunks that stay in the processor's cache. Not here: tracks as terms, quantiles,
exact border lines. May know: terms.

A path is made of straight legs of STEP_S. Territories are looked up at its nodes; a leg between two territories is
halved until the place of entry is known to a cell. Positions are complex numbers in units of the territory raster's
cells, from its south-west corner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from redshank.forecast.geography import NO_BORDER, Cells, Geography, Raster
from redshank.forecast.motion import STEP_S, Bank, Path
from redshank.forecast.trail import Past
from redshank.terms.crossing import Course

Reals = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

CHUNK_TRACKS = 8  # 8 x 256 x 121 nodes: 2 MB, a core's second-level cache
HALVINGS = 6  # a leg of 30 s at 300 m/s becomes 140 m, less than a cell
LEG_PASSES = 3  # a leg may touch this many further territories
COARSE = 2  # districts are looked up at every second node


@dataclass(frozen=True, eq=False)
class Starts:
    """States of some tracks with one bank: complex plane coordinates in metres; `rotor` turns local east/north into the
    plane's axes and scale; `root` is the symmetric square root of the 4 x 4 covariance."""

    place_m: npt.NDArray[np.complex128]
    velocity_mps: npt.NDArray[np.complex128]
    rotor: npt.NDArray[np.complex128]
    root: Reals
    age_s: Reals
    """Since the last state; from 0 to less than AGE_MAX_S + STEP_S."""
    past: Past
    """In the plane's axes."""
    shares: Indices
    """(tracks, motions): how many of its paths each motion of the bank flies."""
    near_border: npt.NDArray[np.bool_]
    """False where no path can reach a border: such tracks are only led over the districts."""
    carried_m: Path | None = None
    """(tracks, steps + 1): where a known wind carries them beyond their velocity, local east, north; or None."""

    def take(self, which: Indices) -> "Starts":
        """The states of some tracks."""
        return Starts(
            self.place_m[which],
            self.velocity_mps[which],
            self.rotor[which],
            self.root[which],
            self.age_s[which],
            self.past.take(which),
            self.shares[which],
            self.near_border[which],
            self.carried_m[which] if self.carried_m is not None else None,
        )


@dataclass(frozen=True, eq=False)
class Crossings:
    """First crossings per row = (track, direction of a border); infinite time and nan place for paths without one."""

    track: Indices
    direction: Indices
    time_s: Singles
    place: Path

    def of(self, numbers: Indices) -> "Crossings":
        """The same rows, with the chunk's tracks named by their numbers in the whole."""
        return Crossings(numbers[self.track], self.direction, self.time_s, self.place)


@dataclass(frozen=True, eq=False)
class Overflights:
    """Per row = (track, district): seconds from now of entering and leaving, infinite for paths without."""

    track: Indices
    district: Indices
    enters_s: Singles
    leaves_s: Singles

    def of(self, numbers: Indices) -> "Overflights":
        """The same rows, with the chunk's tracks named by their numbers in the whole."""
        return Overflights(numbers[self.track], self.district, self.enters_s, self.leaves_s)


@dataclass(frozen=True, eq=False)
class Nodes:
    """The paths of one chunk: `z` (tracks, paths, nodes) and the cells and tiles that they lie in; `last` is the last
    node of each path."""

    z: Path
    col: Cells
    row: Cells
    tile: Cells
    last: npt.NDArray[np.int64]
    step_s: float


def chunks(starts: Starts) -> Iterator[tuple[Indices, int]]:
    """Tracks of like age and border reach, neighbours together, with the bank's step that their age comes to."""
    step = (starts.age_s // STEP_S).astype(np.int64)
    block_m = 100_000.0
    order = np.lexsort((starts.place_m.real // block_m, starts.place_m.imag // block_m, starts.near_border, step))
    group = 2 * step + starts.near_border
    edges = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0, True])
    for first, end in pairwise(edges.tolist()):
        for at in range(first, end, CHUNK_TRACKS):
            which = order[at : min(at + CHUNK_TRACKS, end)]
            yield which, int(step[which[0]])


def nodes_of(starts: Starts, bank: Bank, span: tuple[int, int, int], grid: Raster, lost: bool) -> Nodes:
    """All paths of a chunk from now on; their last node is where a flight ends, or the horizon.

    `span`: the bank's step at the tracks' age, how many steps to walk, and every how many a node is wanted.
    """
    step, steps, stride = span
    corner = complex(grid.west_plane_m, grid.south_plane_m)
    z = paths_in(starts, bank, (step, step + steps + 1, stride), (corner, grid.cell_m))
    rows, cols = grid.shape
    last = np.full(z.shape[:2], z.shape[2] - 1, np.int64)
    motion = motion_of_paths(starts.shares)
    ends = np.array([lost or one.ends for one in bank.motions])
    if ends.any():
        end_s = bank.end_s[motion, np.arange(motion.shape[1])]
        left = (end_s - starts.age_s[:, None]) // (STEP_S * stride)
        last = np.where(ends[motion], np.clip(left, -1, last), last).astype(np.int64)
    col, row = _cell(z.real, cols), _cell(z.imag, rows)
    return Nodes(z, col, row, grid.tile(row, col), last, float(STEP_S * stride))


def motion_of_paths(shares: Indices) -> Indices:
    """(tracks, paths): which motion flies each path. Motions follow one another, so that a small change of the
    weights moves few paths from one to the next."""
    paths = np.arange(int(shares[0].sum()))
    ends = np.cumsum(shares, axis=1)
    return np.asarray((paths[None, :, None] >= ends[:, None, :]).sum(axis=2), dtype=np.int64)


def paths_in(starts: Starts, bank: Bank, span: tuple[int, int, int], frame: tuple[complex, float]) -> Path:
    """(tracks, paths, nodes) in cells of a raster: `frame` is its corner and its cell in metres."""
    step, until, stride = span
    corner, cell_m = frame
    noise = np.einsum("pj,tij->tpi", bank.normals, starts.root)
    offset = (noise[..., 0] + 1j * noise[..., 1]) * starts.rotor[:, None]
    change = (noise[..., 2] + 1j * noise[..., 3]) * starts.rotor[:, None]
    motion = motion_of_paths(starts.shares)
    which, path = (np.asarray(index, dtype=np.int64) for index in np.indices(motion.shape))
    lead = _leads(starts, bank, change, motion)
    rest_s = (starts.age_s - step * STEP_S)[:, None]
    leg = (bank.shape[:, :, step + 1] - bank.shape[:, :, step])[motion, path] / STEP_S
    begin = starts.place_m[:, None] + offset + lead * leg * rest_s
    z = bank.shape[motion, path, step:until:stride]
    z *= (lead / cell_m).astype(np.complex64)[..., None]
    z += ((begin - corner) / cell_m).astype(np.complex64)[..., None]
    if starts.carried_m is not None:
        turn = (starts.rotor / cell_m).astype(np.complex64)
        z += (turn[:, None] * starts.carried_m[:, step:until:stride])[:, None, :]
    for number in range(len(bank.motions)):
        spread, drift_m = bank.spread[number], bank.drift_m[number]
        if spread is None and drift_m is None:
            continue
        mine = np.asarray(motion == number)
        at, row = which[mine], path[mine]
        if spread is not None:
            centre = (starts.past.centre_m[at] / cell_m).astype(np.complex64)
            radius = (starts.past.radius_m[at] / cell_m).astype(np.float32)
            z[at, row] += centre[:, None] * bank.pull[number, step:until:stride].astype(np.float32)
            z[at, row] += radius[:, None] * spread[row, step:until:stride]
        if drift_m is not None:
            turn = (starts.rotor[at] / cell_m).astype(np.complex64)
            z[at, row] += turn[:, None] * drift_m[row, step:until:stride]
    return np.asarray(z)


def _leads(
    starts: Starts, bank: Bank, change: npt.NDArray[np.complex128], motion: Indices
) -> npt.NDArray[np.complex128]:
    """The velocity that each path's shape is for: what drifts goes on as the trail did, all else flies."""
    flown = (starts.velocity_mps[:, None] + change) * starts.past.pace[:, None]
    drifted = starts.past.net_mps[:, None] + change
    drifts = np.array([one.course is Course.DRIFT for one in bank.motions])
    return np.asarray(np.where(drifts[motion], drifted, flown))


def _cell(along: Singles, count: int) -> Cells:
    return np.clip(along, 0, count - 1).astype(np.int32)


def find_crossings(geography: Geography, nodes: Nodes, least_paths: int) -> Crossings:
    """First crossing of every border in every direction by every path; rows with fewer paths are left out."""
    unit = geography.country_raster.units(nodes.tile, nodes.row, nodes.col)
    tracks, paths, count = unit.shape
    path, leg = np.divmod(np.flatnonzero(unit[..., 1:] != unit[..., :-1]), count - 1)
    flying = leg < nodes.last.ravel()[path]
    path, leg = path[flying], leg[flying]
    z = nodes.z.reshape(-1, count)
    a, b = z[path, leg], z[path, leg + 1]
    before, after = unit.reshape(-1, count)[path, leg], unit.reshape(-1, count)[path, leg + 1]
    directions = 2 * len(geography.borders)
    time_s = np.full(tracks * directions * paths, np.inf, np.float32)
    place = np.full(time_s.size, np.nan, np.complex64)
    for moment, which, direction, point in _entries(geography, a, b, before, after):
        at = (path[which] // paths * directions + direction) * paths + path[which] % paths
        found_s = ((leg[which] + moment) * nodes.step_s).astype(np.float32)
        np.minimum.at(time_s, at, found_s)  # an assignment with repeated indices keeps no promised one of them
        first = time_s[at] == found_s
        place[at[first]] = point[first]
    times_s, places = time_s.reshape(-1, paths), place.reshape(-1, paths)
    rows = np.flatnonzero(np.isfinite(times_s).sum(axis=1) >= least_paths)
    return Crossings(rows // directions, rows % directions, times_s[rows], places[rows])


def _entries(
    geography: Geography, a: Path, b: Path, before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]
) -> Iterator[tuple[Singles, Indices, Indices, Path]]:
    """For legs from a to b between two territories: (share of the leg, number of the leg, direction, place) of each
    entry into another one that has a border line with the one left."""
    raster = geography.country_raster
    rows, cols = raster.shape
    which = np.arange(len(a))
    low = np.zeros(len(a), np.float32)
    for _ in range(LEG_PASSES):
        high = np.ones(len(which), np.float32)
        entered = after[which]
        outside = low
        for _ in range(HALVINGS):
            middle = (outside + high) / 2
            point = a[which] + middle * (b[which] - a[which])
            row, col = _cell(point.imag, rows), _cell(point.real, cols)
            here = raster.units(raster.tile(row, col), row, col)
            still = here == before
            outside = np.where(still, middle, outside)
            high = np.where(still, high, middle)
            entered = np.where(still, entered, here)
        direction = geography.border_into[before, entered]
        real = direction != NO_BORDER
        place = a[which] + (outside + high) / 2 * (b[which] - a[which])
        yield ((outside + high) / 2)[real], which[real], direction[real], place[real]
        more = entered != after[which]
        if not more.any():
            return
        which, low, before = which[more], high[more], entered[more]


def find_overflights(geography: Geography, nodes: Nodes, least_paths: int) -> Overflights:
    """First entering and last leaving of every district by every path, half a node's spacing each way in doubt."""
    raster = geography.district_raster
    stride = round(COARSE * STEP_S / nodes.step_s)
    ratio = np.int32(round(raster.cell_m / geography.country_raster.cell_m))
    row, col = nodes.row[..., ::stride] // ratio, nodes.col[..., ::stride] // ratio
    unit = raster.units(nodes.tile[..., ::stride], row, col)
    tracks, paths, count = unit.shape
    step_s, last = nodes.step_s * stride, (nodes.last // stride).ravel()
    changed = np.ones(unit.shape, np.bool_)
    np.not_equal(unit[..., 1:], unit[..., :-1], out=changed[..., 1:])
    start = np.flatnonzero(changed)
    end = np.r_[start[1:], unit.size]
    path, first = np.divmod(start, count)
    district = unit.ravel()[start]
    over = (district > 0) & (first <= last[path])
    path, first, district, length = path[over], first[over], district[over], (end - start)[over]
    until = np.minimum(first + length - 1, last[path])
    enters_s = np.where(first == 0, 0.0, (first - 0.5) * step_s).astype(np.float32)
    leaves_s = np.minimum((until + 0.5) * step_s, (count - 1) * step_s).astype(np.float32)
    present = np.flatnonzero(np.bincount(district, minlength=1))
    number_of = np.zeros(int(present[-1]) + 1 if len(present) else 1, np.int64)
    number_of[present] = np.arange(len(present))
    local = number_of[district]
    at = (path // paths * len(present) + local) * paths + path % paths
    enter = np.full(tracks * len(present) * paths, np.inf, np.float32)
    leave = np.full(enter.size, -np.inf, np.float32)
    np.minimum.at(enter, at, enters_s)
    np.maximum.at(leave, at, leaves_s)
    enters, leaves = enter.reshape(-1, paths), np.abs(leave).reshape(-1, paths)  # plus infinity where never over it
    rows = np.flatnonzero(np.isfinite(enters).sum(axis=1) >= least_paths)
    track, column = np.divmod(rows, max(len(present), 1))
    return Overflights(track, present[column].astype(np.int64), enters[rows], leaves[rows])


def reach_m(velocity_mps: npt.NDArray[np.complex128], past: Past, root: Reals, flown_s: Reals) -> Reals:
    """No path gets farther than this from the last place: five sigma of speed and place, and a margin for wind.

    Takes velocities (m/s, complex), trails and covariance roots of tracks, and how long they may fly, seconds.
    """
    sigma_m = np.linalg.norm(root[:, :2, :], axis=(1, 2))
    sigma_mps = np.linalg.norm(root[:, 2:, :], axis=(1, 2))
    flies = 1.3 * (np.abs(velocity_mps) + 5.0 * sigma_mps) * past.pace
    drifts = 2.0 * (np.abs(past.net_mps) + 5.0 * sigma_mps)
    about_m = np.abs(past.centre_m) + 5.0 * past.radius_m
    return np.asarray(np.maximum((np.maximum(flies, drifts) + 15.0) * flown_s, about_m) + 5.0 * sigma_m)
