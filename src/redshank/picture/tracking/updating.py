"""Updating: states, models and existence after a scan, from the shares that belief gave.

Here: the probabilistic data association update of each model, the ends of tracks and the births. Not here: who made
which plot. May know: nothing.
"""

from typing import NamedTuple

import numpy as np

from redshank.picture.tracking.belief import Shares
from redshank.picture.tracking.compiled import compiled
from redshank.picture.tracking.field import Field, Floats, Scan, Sensor, Short
from redshank.picture.tracking.gating import LEAN_KEEP, Pairs, density
from redshank.picture.tracking.motion import MODELS, STRAIGHT, mixture

GONE, BORN_LEAST = 2e-3, 1e-3
"""Tracks and births less likely than this are not kept. A first plot in clutter begins at some per cent."""
SURE = 1.0 - 1e-9
"""No track is surer: a sum of probabilities must not be lost in rounding."""
LIFE_S = 7_200.0
"""Mean time for which an object stays in sight."""
START_SIGMA_MPS = 50.0
"""A new track's velocity by axis: 90 % of the speeds below 107 m/s."""
STRAIGHT_AGAIN = 0.85
"""Above it the straight model alone goes on."""


class Room(NamedTuple):
    """Places for sums, made once for a scan."""

    own: Floats
    mode: Floats
    h: Floats
    g: Floats
    to: Floats


@compiled
def seen_again(field: Field, pairs: Pairs, sensor: Sensor, at_ms: int) -> tuple[Floats, Floats]:
    """Existence before the scan, and the chance that the sensor sees each track if it is there."""
    n, last, fade = len(field.key), at_ms, 1.0
    before, chance = np.empty(n), np.empty(n)
    for i in range(n):
        if field.at[i] != last:
            last, fade = field.at[i], np.exp(-abs(at_ms - field.at[i]) * 1e-3 / LIFE_S)
        before[i] = field.exist[i] * fade
        dx, dy = pairs.state[0, i] - sensor.x_m, pairs.state[1, i] - sensor.y_m
        looked = sensor.whole and dx * dx + dy * dy <= sensor.reach_m * sensor.reach_m
        chance[i] = sensor.detection if looked or pairs.start[i + 1] > pairs.start[i] else 0.0
    return before, chance


@compiled
def weights(pairs: Pairs, before: Floats, chance: Floats, sensor: Sensor) -> tuple[Floats, Floats]:
    """What `belief.shared` asks for: weight of each pair, and 1 - r Pd of each track."""
    weight, missed = np.empty(pairs.start[-1]), np.empty(len(before))
    other = sensor.clutter_per_m2 + sensor.births_per_m2 * sensor.detection
    for i in range(len(before)):
        missed[i] = 1.0 - before[i] * chance[i]
        for k in range(pairs.start[i], pairs.start[i + 1]):
            weight[k] = before[i] * chance[i] * pairs.like[k] / other
    return weight, missed


@compiled
def updated(scan: Scan, plot: Short, share: Floats, g: Floats, h: Floats, to: Floats) -> None:
    """A Gaussian after its plots with their shares (given that the object exists); the rest of 1 is "no plot".

    Bar-Shalom, Daum and Huang 2009, IEEE Control Systems 29(6), eq. 39 to 44. `h` is 5 x 4 of room.
    """
    for a in range(14):
        to[a] = g[a]
    h[4, :] = 0.0
    for k in range(len(plot)):
        if share[k] < 1e-12:
            continue
        gain(scan, plot[k], g, h)
        c = 4
        for a in range(4):
            h[4, a] += share[k] * h[3, a]
            for b in range(a, 4):
                to[c] += share[k] * (h[3, a] * h[3, b] - h[0, a] * h[2, b] - h[1, a] * h[2, b + 4])
                c += 1
    c = 4
    for a in range(4):
        to[a] += h[4, a]
        for b in range(a, 4):
            to[c] -= h[4, a] * h[4, b]
            c += 1


@compiled
def gain(scan: Scan, j: int, g: Floats, h: Floats) -> None:
    """Fills h: rows 0 and 1 the gain by x and by y, row 2 P H' (both columns), row 3 the gain times the innovation."""
    lag = scan.lag_s[j]
    h[2, 0], h[2, 1] = g[4] + lag * g[6], g[5] + lag * g[9]
    h[2, 2], h[2, 3] = g[6] + lag * g[11], g[7] + lag * g[12]
    h[2, 4], h[2, 5] = g[5] + lag * g[7], g[8] + lag * g[10]
    h[2, 6], h[2, 7] = g[9] + lag * g[12], g[10] + lag * g[13]
    sxx = h[2, 0] + lag * h[2, 2] + scan.xx_m2[j]
    sxy = h[2, 1] + lag * h[2, 3] + scan.xy_m2[j]
    syy = h[2, 5] + lag * h[2, 7] + scan.yy_m2[j]
    per = 1.0 / (sxx * syy - sxy * sxy)
    dx, dy = scan.x_m[j] - g[0] - lag * g[2], scan.y_m[j] - g[1] - lag * g[3]
    for a in range(4):
        h[0, a] = (h[2, a] * syy - h[2, a + 4] * sxy) * per
        h[1, a] = (h[2, a + 4] * sxx - h[2, a] * sxy) * per
        h[3, a] = h[0, a] * dx + h[1, a] * dy


@compiled
def renewed_models(scan: Scan, pairs: Pairs, shares: Shares, i: int, to: Floats, room: Room) -> None:
    """Each model after the plots, its own shares by how well it foretold them; the modes become the new ones."""
    first, last, row = pairs.start[i], pairs.start[i + 1], pairs.slot[i]
    bank, new, none, whole = pairs.bank[row].T, to.T, 1.0, 0.0
    for k in range(first, last):
        none -= shares.pair[k]
    for m in range(MODELS):
        prior = pairs.mode[row, m]
        total = none * prior
        for k in range(first, last):
            room.own[k - first] = shares.pair[k] * prior * density(scan, pairs.plot[k], bank, m) / pairs.like[k]
            total += room.own[k - first]
        total = max(total, 1e-9)
        if last == first + 1:
            single(scan, pairs.plot[first], room.own[0] / total, bank, m, new, m)
        else:
            for k in range(last - first):
                room.own[k] /= total
            updated(scan, pairs.plot[first:last], room.own[: last - first], pairs.bank[row, m], room.h, to[m])
        room.mode[m] = total
        whole += total
    for m in range(MODELS):
        pairs.mode[row, m] = room.mode[m] / whole


@compiled
def surviving(field: Field, pairs: Pairs, shares: Shares, before: Floats, chance: Floats) -> tuple[Short, Floats, int]:
    """Which tracks go on, the existence of all, and the most rows of a bank that those need."""
    n = len(field.key)
    keep, exist, count, slots = np.empty(n, np.int32), np.empty(n), 0, 0
    for i in range(n):
        real = shares.none[i] * before[i] * (1.0 - chance[i]) / (1.0 - before[i] * chance[i])
        for k in range(pairs.start[i], pairs.start[i + 1]):
            real += shares.pair[k]
        exist[i] = min(real, SURE)
        keep[count] = i
        if exist[i] >= GONE:
            count += 1
            slots += pairs.slot[i] >= 0 or field.slot[i] >= 0
    return keep[:count], exist, slots


@compiled
def renewed(
    field: Field,
    scan: Scan,
    pairs: Pairs,
    shares: Shares,
    keep: Short,
    exist: Floats,
    new: Field,
    at_ms: int,
    whole: bool,
) -> int:
    """Writes the tracks that go on to `new`; returns how many rows of its bank are used."""
    used, room = 0, Room(np.empty(len(scan.x_m) + 1), np.empty(MODELS), np.zeros((5, 8)), np.empty(14), np.empty(14))
    start, state, held = pairs.start, new.state, pairs.state
    for c in range(len(keep)):
        i = keep[c]
        new.key[c], new.at[c], new.exist[c], new.slot[c] = field.key[i], at_ms, exist[i], -1
        new.lean[0, c], new.lean[1, c] = field.lean[0, i], field.lean[1, i]
        first, last = start[i], start[i + 1]
        if first == last and not whole:
            used = carried(field, i, new, c, used)
        elif pairs.slot[i] >= 0:
            used = several(scan, pairs, shares, i, new, c, used, room)
        elif first == last:
            for a in range(14):
                state[a, c] = held[a, i]
        elif last == first + 1:
            share = shares.pair[first] / exist[i]
            leaned(scan, pairs.plot[first], share, held, i, new.lean, c)
            single(scan, pairs.plot[first], share, held, i, state, c)
        else:
            for a in range(14):
                room.g[a] = held[a, i]
            for k in range(first, last):
                shares.pair[k] /= exist[i]
                leaned(scan, pairs.plot[k], shares.pair[k], held, i, new.lean, c)
            updated(scan, pairs.plot[first:last], shares.pair[first:last], room.g, room.h, room.to)
            for a in range(14):
                state[a, c] = room.to[a]
    return used


@compiled
def single(scan: Scan, j: int, share: float, s: Floats, i: int, to: Floats, c: int) -> None:
    """`updated` of one Gaussian by one plot, written out: it is what nearly all tracks of a scan need."""
    lag = scan.lag_s[j]
    p0, p1, p2, p3 = (
        s[4, i] + lag * s[6, i],
        s[5, i] + lag * s[9, i],
        s[6, i] + lag * s[11, i],
        s[7, i] + lag * s[12, i],
    )
    q0, q1, q2, q3 = (
        s[5, i] + lag * s[7, i],
        s[8, i] + lag * s[10, i],
        s[9, i] + lag * s[12, i],
        s[10, i] + lag * s[13, i],
    )
    sxx, sxy, syy = p0 + lag * p2 + scan.xx_m2[j], p1 + lag * p3 + scan.xy_m2[j], q1 + lag * q3 + scan.yy_m2[j]
    per = 1.0 / (sxx * syy - sxy * sxy)
    dx, dy = scan.x_m[j] - s[0, i] - lag * s[2, i], scan.y_m[j] - s[1, i] - lag * s[3, i]
    a, b, d = syy * per, sxy * per, sxx * per
    k0, k1, k2, k3 = p0 * a - q0 * b, p1 * a - q1 * b, p2 * a - q2 * b, p3 * a - q3 * b
    l0, l1, l2, l3 = q0 * d - p0 * b, q1 * d - p1 * b, q2 * d - p2 * b, q3 * d - p3 * b
    m0, m1, m2, m3 = k0 * dx + l0 * dy, k1 * dx + l1 * dy, k2 * dx + l2 * dy, k3 * dx + l3 * dy
    to[0, c], to[1, c] = s[0, i] + share * m0, s[1, i] + share * m1
    to[2, c], to[3, c] = s[2, i] + share * m2, s[3, i] + share * m3
    rest = share * (1.0 - share)
    to[4, c] = s[4, i] - share * (k0 * p0 + l0 * q0) + rest * m0 * m0
    to[5, c] = s[5, i] - share * (k0 * p1 + l0 * q1) + rest * m0 * m1
    to[6, c] = s[6, i] - share * (k0 * p2 + l0 * q2) + rest * m0 * m2
    to[7, c] = s[7, i] - share * (k0 * p3 + l0 * q3) + rest * m0 * m3
    to[8, c] = s[8, i] - share * (k1 * p1 + l1 * q1) + rest * m1 * m1
    to[9, c] = s[9, i] - share * (k1 * p2 + l1 * q2) + rest * m1 * m2
    to[10, c] = s[10, i] - share * (k1 * p3 + l1 * q3) + rest * m1 * m3
    to[11, c] = s[11, i] - share * (k2 * p2 + l2 * q2) + rest * m2 * m2
    to[12, c] = s[12, i] - share * (k2 * p3 + l2 * q3) + rest * m2 * m3
    to[13, c] = s[13, i] - share * (k3 * p3 + l3 * q3) + rest * m3 * m3


@compiled
def leaned(scan: Scan, j: int, share: float, s: Floats, i: int, lean: Floats, c: int) -> None:
    """The fading mean of innovations with a plot."""
    lag = scan.lag_s[j]
    lean[0, c] += (1.0 - LEAN_KEEP) * share * (scan.x_m[j] - s[0, i] - lag * s[2, i] - lean[0, c])
    lean[1, c] += (1.0 - LEAN_KEEP) * share * (scan.y_m[j] - s[1, i] - lag * s[3, i] - lean[1, c])


@compiled
def carried(field: Field, i: int, new: Field, c: int, used: int) -> int:
    """A track that the sensor did not look at stays as it was, at its own time."""
    new.at[c], new.exist[c] = field.at[i], field.exist[i]
    new.state[:, c] = field.state[:, i]
    if field.slot[i] >= 0:
        new.bank[used], new.mode[used] = field.bank[field.slot[i]], field.mode[field.slot[i]]
        new.slot[c] = used
        used += 1
    return used


@compiled
def several(scan: Scan, pairs: Pairs, shares: Shares, i: int, new: Field, c: int, used: int, room: Room) -> int:
    """A track of several models; the straight one alone goes on when it explains the track again."""
    row = pairs.slot[i]
    for k in range(pairs.start[i], pairs.start[i + 1]):
        shares.pair[k] /= new.exist[c]
    if pairs.start[i] < pairs.start[i + 1]:
        renewed_models(scan, pairs, shares, i, new.bank[used], room)
    else:
        new.bank[used] = pairs.bank[row]
    mixture(new.bank[used].T, pairs.mode[row], new.state, c)
    if pairs.mode[row, STRAIGHT] > STRAIGHT_AGAIN:
        new.lean[0, c] = new.lean[1, c] = 0.0
        return used
    for m in range(MODELS):
        new.mode[used, m] = pairs.mode[row, m]
    new.slot[c] = used
    return used + 1


@compiled
def births(loose: Floats, sensor: Sensor) -> tuple[float, int]:
    """Chance that a plot of no track is a new object's, and how many plots begin a track."""
    share = sensor.births_per_m2 * sensor.detection
    share /= sensor.clutter_per_m2 + share
    count = 0
    for j in range(len(loose)):
        count += loose[j] * share >= BORN_LEAST
    return share, count


@compiled
def born(scan: Scan, loose: Floats, share: float, at_ms: int, scans: int, new: Field, c: int) -> None:
    """Writes the tracks that plots begin to `new`, from place `c` on: what no track made may be an object's first."""
    first, wide = (scans << 24) - c, START_SIGMA_MPS * START_SIGMA_MPS
    for j in range(len(loose)):
        if loose[j] * share < BORN_LEAST:
            continue
        lag = scan.lag_s[j]
        new.key[c], new.at[c], new.exist[c], new.slot[c] = first + c, at_ms, loose[j] * share, -1
        new.lean[0, c] = new.lean[1, c] = 0.0
        new.state[:, c] = 0.0
        new.state[0, c], new.state[1, c] = scan.x_m[j], scan.y_m[j]
        new.state[4, c], new.state[5, c] = scan.xx_m2[j] + lag * lag * wide, scan.xy_m2[j]
        new.state[8, c] = scan.yy_m2[j] + lag * lag * wide
        new.state[6, c] = new.state[10, c] = -lag * wide
        new.state[11, c] = new.state[13, c] = wide
        c += 1
