"""Gating: which plots may belong to which tracks, by a grid over the plots.

Here: the canonical order of plots, prediction of all tracks to the scan, the pairs inside the gates and their
likelihoods. Not here: sharing out (belief). May know: nothing.
"""

from typing import NamedTuple

import numpy as np

from redshank.picture.tracking.compiled import compiled
from redshank.picture.tracking.field import Field, Floats, Scan, Short, Whole
from redshank.picture.tracking.motion import (
    MANOEUVRE,
    MODELS,
    NOISE_M2PS3,
    STRAIGHT,
    fresh_cache,
    mixed,
    mixture,
    spread_out,
)

GATE = 20.0
"""Squared distance, 2 degrees of freedom: one true plot in 22,000 lies outside."""
CALM_PLOT = 16.0
"""The straight model explains a plot within this: one in 3,000 is taken for a manoeuvre by mistake."""
LEAN_KEEP, LEAN_MOST = 0.8, 15.0
"""And its innovations do not lean to one side: the squared length of their fading mean (of some five plots), in units
of its own variance, exceeds this by chance once in 1,800. A slow turn is found so, long before a single plot is odd."""
YOUNG_M2PS2 = 100.0
"""Variance of a velocity that is not known yet: such a track has nothing that a manoeuvre could be told from."""
CELLS_PER_PLOT, CELLS_A_SIDE = 4, 1_000


class Grid(NamedTuple):
    """Where the plots of each cell begin."""

    start: Short
    """First plot of each cell; one more than there are cells."""
    x0_m: float
    y0_m: float
    per_m: float
    columns: int
    rows: int


class Pairs(NamedTuple):
    """Pairs in order of track and plot, and the predicted tracks."""

    start: Whole
    """First pair of each track; one more than there are tracks."""
    plot: Short
    """Place of the plot in the grid's order."""
    d2: Floats
    """Its squared distance by the straight model (or the mixture), and the determinant of the spread."""
    det: Floats
    like: Floats
    """Density of the plot under the track, 1/m2."""
    state: Floats
    """14 x n, at the scan's time."""
    slot: Short
    bank: Floats
    mode: Floats


@compiled
def ordered(scan: Scan) -> tuple[Scan, Grid]:
    """The plots by cell of a grid with some cells for each, and by place in a cell: the order of arrival leaves no
    trace. The grid says where each cell begins."""
    m, grid = len(scan.x_m), grid_of(scan)
    order, where, start = np.empty(m, np.int32), np.empty(m, np.int32), grid.start
    for j in range(m):
        column, row = int((scan.x_m[j] - grid.x0_m) * grid.per_m), int((scan.y_m[j] - grid.y0_m) * grid.per_m)
        where[j] = row * grid.columns + column
        start[where[j] + 1] += 1
    for c in range(grid.columns * grid.rows):
        start[c + 1] += start[c]
    filled = start[:-1].copy()
    for j in range(m):
        c = where[j]
        k = filled[c]
        while k > start[c] and after(scan, order[k - 1], j):
            order[k] = order[k - 1]
            k -= 1
        order[k] = j
        filled[c] += 1
    plots = Scan(
        scan.x_m[order], scan.y_m[order], scan.xx_m2[order], scan.xy_m2[order], scan.yy_m2[order], scan.lag_s[order]
    )
    return plots, grid


@compiled
def grid_of(scan: Scan) -> Grid:
    """The grid, its cells empty."""
    if len(scan.x_m) == 0:
        return Grid(np.zeros(2, np.int32), 0.0, 0.0, 1.0, 1, 1)
    x0, x1, y0, y1 = scan.x_m.min(), scan.x_m.max(), scan.y_m.min(), scan.y_m.max()
    wide, high = max(x1 - x0, 1.0), max(y1 - y0, 1.0)
    cell = max(np.sqrt(wide * high / (CELLS_PER_PLOT * len(scan.x_m))), max(wide, high) / CELLS_A_SIDE)
    columns, rows = int(wide / cell) + 2, int(high / cell) + 2
    return Grid(np.zeros(columns * rows + 1, np.int32), x0, y0, 1.0 / cell, columns, rows)


@compiled
def after(scan: Scan, i: int, j: int) -> bool:
    """Whether plot i stands after plot j in a cell."""
    if scan.x_m[i] != scan.x_m[j]:
        return bool(scan.x_m[i] > scan.x_m[j])
    if scan.y_m[i] != scan.y_m[j]:
        return bool(scan.y_m[i] > scan.y_m[j])
    if scan.lag_s[i] != scan.lag_s[j]:
        return bool(scan.lag_s[i] > scan.lag_s[j])
    one = scan.xx_m2[i] + scan.yy_m2[i] + scan.xy_m2[i]
    return bool(one > scan.xx_m2[j] + scan.yy_m2[j] + scan.xy_m2[j])


@compiled
def straight_on(field: Field, at_ms: int, to: Floats) -> None:
    """All tracks by the straight model; one loop without branches, so that the processor takes several at once."""
    s, noise = field.state, NOISE_M2PS3[STRAIGHT]
    for i in range(len(field.key)):
        dt = (at_ms - field.at[i]) * 1e-3
        q = noise * dt
        place = q * dt * dt * (1.0 / 3.0)
        to[0, i], to[1, i] = s[0, i] + dt * s[2, i], s[1, i] + dt * s[3, i]
        to[2, i], to[3, i] = s[2, i], s[3, i]
        xu, xv, yu, yv = s[6, i], s[7, i], s[9, i], s[10, i]
        uu, uv, vv = s[11, i], s[12, i], s[13, i]
        to[4, i] = s[4, i] + dt * (xu + xu + dt * uu) + place
        to[5, i] = s[5, i] + dt * (xv + yu + dt * uv)
        to[6, i] = xu + dt * uu + 0.5 * q * dt
        to[7, i] = xv + dt * uv
        to[8, i] = s[8, i] + dt * (yv + yv + dt * vv) + place
        to[9, i] = yu + dt * uv
        to[10, i] = yv + dt * vv + 0.5 * q * dt
        to[11, i], to[12, i], to[13, i] = uu + q, uv, vv + q


@compiled
def density(scan: Scan, j: int, s: Floats, i: int) -> float:
    """Likelihood of a plot under Gaussian i of 14 x n, 1/m2."""
    lag = scan.lag_s[j]
    dx, dy = scan.x_m[j] - s[0, i] - lag * s[2, i], scan.y_m[j] - s[1, i] - lag * s[3, i]
    sxx = s[4, i] + scan.xx_m2[j] + lag * (2.0 * s[6, i] + lag * s[11, i])
    sxy = s[5, i] + scan.xy_m2[j] + lag * (s[7, i] + s[9, i] + lag * s[12, i])
    syy = s[8, i] + scan.yy_m2[j] + lag * (2.0 * s[10, i] + lag * s[13, i])
    d2, det = measure(dx, dy, sxx, sxy, syy)
    return float(np.exp(-0.5 * d2) / (2.0 * np.pi * np.sqrt(det)))


@compiled
def widest(scan: Scan) -> tuple[float, float, float]:
    """Largest error variances and time difference among the plots, for boxes."""
    xx, yy, lag = 0.0, 0.0, 0.0
    for j in range(len(scan.x_m)):
        xx, yy, lag = max(xx, scan.xx_m2[j]), max(yy, scan.yy_m2[j]), max(lag, abs(scan.lag_s[j]))
    return xx, yy, lag


@compiled
def boxes(state: Floats, more_m2: Floats, most: tuple[float, float, float], grid: Grid, half: Floats) -> Short:
    """Fills 2 x n half sides of boxes around the gates; 4 x n: the columns and rows of the grid that they touch (first,
    one after the last); one loop without branches."""
    n, (xx, yy, lag) = state.shape[1], most
    cells = np.empty((4, n), np.int32)
    columns, rows, per = float(grid.columns), float(grid.rows), grid.per_m
    for i in range(n):
        wide = state[4, i] + xx + more_m2[i] + lag * (2.0 * abs(state[6, i]) + lag * state[11, i])
        high = state[8, i] + yy + more_m2[i] + lag * (2.0 * abs(state[10, i]) + lag * state[13, i])
        a = np.sqrt(GATE * wide) + lag * abs(state[2, i])
        b = np.sqrt(GATE * high) + lag * abs(state[3, i])
        x, y = state[0, i] - grid.x0_m, state[1, i] - grid.y0_m
        half[0, i], half[1, i] = a, b
        cells[0, i] = np.int32(min(max((x - a) * per, 0.0), columns))
        cells[1, i] = np.int32(min(max((x + a) * per + 1.0, 0.0), columns))
        cells[2, i] = np.int32(min(max((y - b) * per, 0.0), rows))
        cells[3, i] = np.int32(min(max((y + b) * per + 1.0, 0.0), rows))
    return cells


@compiled
def candidates(
    state: Floats, more_m2: Floats, scan: Scan, grid: Grid, half: Floats, cells: Short, pairs: Pairs, best: Floats
) -> bool:
    """Fills start, plot, d2 and det of the pairs inside the gates, and the least d2 of each track; False: no room."""
    full, room, (px, py, xx, xy, yy, lags) = 0, len(pairs.plot), scan
    start, plot, found, size = pairs.start, pairs.plot, pairs.d2, pairs.det
    for i in range(state.shape[1]):
        x, y, u, v, a, b = state[0, i], state[1, i], state[2, i], state[3, i], half[0, i], half[1, i]
        best[i] = np.inf
        for row in range(cells[2, i], cells[3, i] if cells[1, i] > cells[0, i] else 0):
            base = row * grid.columns
            for j in range(grid.start[base + cells[0, i]], grid.start[base + cells[1, i]]):
                lag = lags[j]
                dx, dy = px[j] - x - lag * u, py[j] - y - lag * v
                if abs(dx) > a or abs(dy) > b:
                    continue
                sxx, sxy, syy = state[4, i] + xx[j], state[5, i] + xy[j], state[8, i] + yy[j]
                if lag != 0.0:
                    sxx += lag * (2.0 * state[6, i] + lag * state[11, i])
                    sxy += lag * (state[7, i] + state[9, i] + lag * state[12, i])
                    syy += lag * (2.0 * state[10, i] + lag * state[13, i])
                d2, det = measure(dx, dy, sxx, sxy, syy)
                if d2 < GATE or measure(dx, dy, sxx + more_m2[i], sxy, syy + more_m2[i])[0] < GATE:
                    if full == room:
                        return False
                    plot[full], found[full], size[full] = j, d2, det
                    best[i] = min(best[i], d2)
                    full += 1
        start[i + 1] = full
    return True


@compiled
def measure(dx: float, dy: float, sxx: float, sxy: float, syy: float) -> tuple[float, float]:
    """Squared distance under a spread, and its determinant."""
    det = sxx * syy - sxy * sxy
    return (dx * dx * syy - 2.0 * dx * dy * sxy + dy * dy * sxx) / det, det


@compiled
def models_on(field: Field, at_ms: int, wind: Floats, pairs: Pairs, more_m2: Floats) -> int:
    """Tracks of several models, each model to the scan's time; returns how many there are."""
    used, cache = 0, fresh_cache()
    spare = NOISE_M2PS3[MANOEUVRE] / 3.0
    for i in range(len(field.key)):
        if field.slot[i] < 0:
            more_m2[i] = spare * abs((at_ms - field.at[i]) * 1e-3) ** 3
            continue
        bank, mode, row = pairs.bank[used], pairs.mode[used], field.slot[i]
        mixed(field.bank[row], field.mode[row], (at_ms - field.at[i]) * 1e-3, wind, bank, mode, cache)
        mixture(bank.T, mode, pairs.state, i)
        pairs.slot[i] = used
        more_m2[i] = 0.0
        used += 1
    return used


@compiled
def leaning(lean: Floats, i: int, state: Floats, scan: Scan, j: int) -> float:
    """Squared length of a track's lean in units of its variance, which is (1 - k) / (1 + k) of an innovation's."""
    sxx, sxy, syy = state[4, i] + scan.xx_m2[j], state[5, i] + scan.xy_m2[j], state[8, i] + scan.yy_m2[j]
    return measure(lean[0, i], lean[1, i], sxx, sxy, syy)[0] * (1.0 + LEAN_KEEP) / (1.0 - LEAN_KEEP)


@compiled
def roused(field: Field, best: Floats, used: int, at_ms: int, wind: Floats, pairs: Pairs, scan: Scan) -> Pairs:
    """The same for tracks whose plots the straight model does not explain, from now on; clutter beside a plot that it
    does explain is no matter."""
    bank, mode, cache = pairs.bank, pairs.mode, fresh_cache()
    for i in range(len(field.key)):
        first = pairs.start[i]
        if pairs.slot[i] >= 0 or first == pairs.start[i + 1]:
            continue
        if best[i] < CALM_PLOT and leaning(field.lean, i, pairs.state, scan, pairs.plot[first]) < LEAN_MOST:
            continue
        if field.state[11, i] + field.state[13, i] > 2.0 * YOUNG_M2PS2:
            continue
        if used == len(bank):
            bank, mode = doubled(bank), doubled_modes(mode)
        spread_out(field.state[:, i], (at_ms - field.at[i]) * 1e-3, wind, bank[used], mode[used], cache)
        mixture(bank[used].T, mode[used], pairs.state, i)
        pairs.slot[i] = used
        used += 1
    return Pairs(
        pairs.start, pairs.plot, pairs.d2, pairs.det, pairs.like, pairs.state, pairs.slot, bank[:used], mode[:used]
    )


@compiled
def places(n: int, slots: int, room: int, floats: Floats) -> tuple[Pairs, Floats]:
    """Room for the pairs of n tracks, and 4 x n more; the large arrays lie in `floats`."""
    a, b = 14 * n, 18 * n
    pairs = Pairs(
        np.zeros(n + 1, np.int64), np.empty(room, np.int32), floats[b : b + room],
        floats[b + room : b + 2 * room], floats[b + 2 * room : b + 3 * room], floats[:a].reshape(14, n),
        np.full(n, -1, np.int32), np.empty((slots + 64, MODELS, 14)), np.empty((slots + 64, MODELS)),
    )  # fmt: skip
    return pairs, floats[a:b].reshape(4, n)


@compiled
def paired(field: Field, scan: Scan, grid: Grid, at_ms: int, wind: Floats, room: int, floats: Floats) -> Pairs:
    """All pairs; `start` is empty when there was not room enough."""
    pairs, more = places(len(field.key), len(field.bank), room, floats)
    more_m2, best, half = more[0], more[1], more[2:]
    straight_on(field, at_ms, pairs.state)
    used = models_on(field, at_ms, wind, pairs, more_m2)
    cells = boxes(pairs.state, more_m2, widest(scan), grid, half)
    if not candidates(pairs.state, more_m2, scan, grid, half, cells, pairs, best):
        return Pairs(
            pairs.start[:0], pairs.plot, pairs.d2, pairs.det, pairs.like, pairs.state, pairs.slot, pairs.bank,
            pairs.mode,
        )  # fmt: skip
    pairs = roused(field, best, used, at_ms, wind, pairs, scan)
    weigh(scan, pairs)
    return pairs


@compiled
def weigh(scan: Scan, pairs: Pairs) -> None:
    """Likelihoods of all pairs."""
    for k in range(pairs.start[-1]):
        pairs.like[k] = np.exp(-0.5 * pairs.d2[k]) / (2.0 * np.pi * np.sqrt(pairs.det[k]))
    for i in range(len(pairs.slot)):
        if pairs.slot[i] < 0:
            continue
        row = pairs.slot[i]
        bank = pairs.bank[row].T
        for k in range(pairs.start[i], pairs.start[i + 1]):
            pairs.like[k] = 1e-300
            for m in range(MODELS):
                pairs.like[k] += pairs.mode[row, m] * density(scan, pairs.plot[k], bank, m)


@compiled
def doubled(bank: Floats) -> Floats:
    """Room for twice as many tracks that manoeuvre."""
    more = np.empty((2 * bank.shape[0], bank.shape[1], bank.shape[2]))
    more[: bank.shape[0]] = bank
    return more


@compiled
def doubled_modes(mode: Floats) -> Floats:
    """The same for the probabilities."""
    more = np.empty((2 * mode.shape[0], mode.shape[1]))
    more[: mode.shape[0]] = mode
    return more
