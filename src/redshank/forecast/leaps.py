"""The same paths walked in leaps, for very many tracks at once: probabilities of crossing alone, no place, no district.

Here: `Field`, `field_of`, `crossing_shares`. A path far from every border leaps as far as it can not cross one (sphere
tracing: Hart 1996, in time instead of along a ray). Needs numba, which is imported when it is first called: it costs
0.6 s and 65 MB, the first compilation as much again; a node does without. Not here: what a node tells of a track
(forecast). May know: terms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from redshank.forecast.geography import NO_BORDER, Geography
from redshank.forecast.motion import Bank
from redshank.forecast.walk import Starts, motion_of_paths
from redshank.terms.crossing import Course

FIELD_CELLS = 4  # a cell of the field is so many of the territory raster's wide: 1 km, so that it stays in a cache
HALVINGS = 4  # a leg of 1.5 km to 100 m
LEG_PASSES = 3
BLOCK_M = 50_000.0


@dataclass(frozen=True, eq=False)
class Field:
    """How far it is at least from any point of a cell to any change of territory, in cells of the
    territory raster, by cells of FIELD_CELLS of them; a byte each, so that the whole stays in a cache."""

    free: npt.NDArray[np.uint8]


def field_of(geography: Geography) -> Field:
    """The distance field of a map; takes a second or two, and scipy."""
    from scipy.ndimage import distance_transform_edt

    raster = geography.country_raster
    rows, cols = raster.shape
    high, wide = -(-rows // FIELD_CELLS), -(-cols // FIELD_CELLS)
    edge = np.zeros((high, wide), np.bool_)
    col = np.arange(cols, dtype=np.int32)
    below = None
    for row in range(rows):
        line = np.full(cols, row, np.int32)
        unit = raster.units(raster.tile(line, col.copy()), line, col.copy())
        change = np.r_[unit[1:] != unit[:-1], False]
        change[1:] |= change[:-1]
        if below is not None:
            change |= unit != below
        below = unit
        edge[row // FIELD_CELLS, np.flatnonzero(change) // FIELD_CELLS] = True
    far = distance_transform_edt(~edge) - np.sqrt(2.0)  # between the centres; two points may be half a diagonal nearer
    return Field(np.ascontiguousarray(np.clip(far * FIELD_CELLS, 0.0, 255.0), dtype=np.uint8))


def crossing_shares(
    geography: Geography, field: Field, starts: Starts, bank: Bank, steps: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """(tracks, directions of borders, horizons): the share of the paths that have crossed by each of some numbers of
    steps, ascending. Tracks of one bank, live, with ages under a step."""
    order = np.lexsort((starts.place_m.real // BLOCK_M, starts.place_m.imag // BLOCK_M))  # neighbours share a cache
    starts, raster = starts.take(order), geography.country_raster
    noise = np.einsum("pj,tij->tpi", bank.normals.astype(np.float32), starts.root.astype(np.float32))
    turn = starts.rotor.astype(np.complex64)[:, None]
    place = (starts.place_m - complex(raster.west_plane_m, raster.south_plane_m))[:, None] / raster.cell_m
    begin = (place + (noise[..., 0] + 1j * noise[..., 1]) * turn / raster.cell_m).astype(np.complex64)
    change = (noise[..., 2] + 1j * noise[..., 3]) * turn
    motion = motion_of_paths(starts.shares).astype(np.int32)
    drifts = np.array([one.course is Course.DRIFT for one in bank.motions])[motion]
    base = np.where(drifts, starts.past.net_mps[:, None], starts.velocity_mps[:, None]) + change
    lead = (base * np.where(drifts, 1.0, starts.past.pace[:, None]) / raster.cell_m).astype(np.complex64)
    begin += lead * np.maximum(starts.age_s, 0.0).astype(np.float32)[:, None]
    spread = np.stack([np.zeros_like(bank.shape[0]) if one is None else one for one in bank.spread])
    fastest = np.abs(np.diff(bank.shape, axis=2)).max(axis=2).astype(np.float32)
    widest = np.abs(np.diff(spread, axis=2)).max(axis=2).astype(np.float32)
    held = np.array([one.hold_tau_s > 0 for one in bank.motions])
    ends = np.where([[one.ends] for one in bank.motions], bank.end_s // 30, 1e6).astype(np.int32)
    found = np.zeros((len(motion), 2 * len(geography.borders), len(steps)), np.float32)
    _kernel()(
        begin, lead, motion, (starts.past.centre_m / raster.cell_m).astype(np.complex64),
        (starts.past.radius_m / raster.cell_m).astype(np.float32), bank.shape, spread, bank.pull.astype(np.float32),
        fastest, widest, held, ends, field.free, raster.tiles, raster.first,
        np.array([*raster.shape, raster.shift]), geography.border_into, np.array(steps), found,
    )  # fmt: skip
    shares = np.empty_like(found)
    shares[order] = found / np.float32(motion.shape[1])
    return shares


# size: numba compiles what stands in one function, and can not be imported above
@cache
def _kernel() -> Callable[..., Any]:  # noqa: C901, PLR0915
    from numba import njit, prange  # type: ignore[import-not-found,unused-ignore]

    @njit(inline="always")
    def unit_at(x, y, tiles, first, frame):  # type: ignore[no-untyped-def]
        rows, cols, shift = frame[0], frame[1], frame[2]
        col = min(max(int(x), 0), cols - 1)
        row = min(max(int(y), 0), rows - 1)
        tile = (row >> shift) * (-(-cols >> shift)) + (col >> shift)
        mask = (1 << shift) - 1
        return tiles[first[tile] + ((row & mask) << shift) + (col & mask)]

    @njit(inline="always")
    def at(s, m, p, begin, lead, centre, radius, held, shape, spread, pull):  # type: ignore[no-untyped-def] # noqa: PLR0913, PLR0917
        z = begin + lead * shape[m, p, s]
        if held[m]:
            z += centre * pull[m, s] + radius * spread[m, p, s]
        return z

    # size: one loop, which numba wants in one function
    @njit(parallel=True, fastmath=True, nogil=True)
    def walk(  # type: ignore[no-untyped-def] # noqa: C901, PLR0913, PLR0915, PLR0917
        begin, lead, motion, centre, radius, shape, spread, pull, fastest, widest, held, ends, free, tiles, first,
        frame, into, steps, found,
    ):  # fmt: skip
        horizon = steps[-1]
        high, wide = free.shape
        for t in prange(begin.shape[0]):
            seen = np.full(found.shape[1], -1, np.int32)
            for p in range(begin.shape[1]):
                m, b, v, c, r = motion[t, p], begin[t, p], lead[t, p], centre[t], radius[t]
                pace = abs(v) * fastest[m, p] + 1e-6
                if held[m]:
                    pace += r * widest[m, p] + abs(c) * pull[m, 1]
                last = min(horizon, ends[m, p])
                slow = 1.0 / pace
                s, z = 0, at(0, m, p, b, v, c, r, held, shape, spread, pull)
                unit = unit_at(z.real, z.imag, tiles, first, frame)
                while s < last:
                    row = min(max(int(z.imag) // FIELD_CELLS, 0), high - 1)
                    col = min(max(int(z.real) // FIELD_CELLS, 0), wide - 1)
                    leap = int(free[row, col] * slow)
                    if leap >= last - s:
                        break
                    if leap > 0:
                        s += leap
                        z = at(s, m, p, b, v, c, r, held, shape, spread, pull)
                        continue
                    y = at(s + 1, m, p, b, v, c, r, held, shape, spread, pull)
                    after = unit_at(y.real, y.imag, tiles, first, frame)
                    low, here = 0.0, unit
                    for _ in range(LEG_PASSES):
                        if after == here:
                            break
                        up, entered = 1.0, after
                        for _ in range(HALVINGS):
                            middle = (low + up) / 2
                            w = z + (y - z) * middle
                            found_unit = unit_at(w.real, w.imag, tiles, first, frame)
                            if found_unit == here:
                                low = middle
                            else:
                                up, entered = middle, found_unit
                        way = into[here, entered]
                        if way != NO_BORDER and seen[way] != p:
                            seen[way] = p
                            for h in range(len(steps)):
                                if s + (low + up) / 2 <= steps[h]:
                                    found[t, way, h] += 1
                        low, here = up, entered
                    s, z, unit = s + 1, y, after

    compiled: Callable[..., Any] = walk
    return compiled
