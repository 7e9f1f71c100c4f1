"""Engine: a field of tracks and a scan become a new field.

Here: the order of the steps, and the bounds. Not here: any sum, any report. May know: nothing.
"""

import numpy as np

from redshank.picture.tracking.belief import shared
from redshank.picture.tracking.compiled import compiled
from redshank.picture.tracking.field import Field, Floats, Scan, Sensor
from redshank.picture.tracking.gating import ordered, paired
from redshank.picture.tracking.motion import MODELS
from redshank.picture.tracking.updating import births, born, renewed, seen_again, surviving, weights

CALM_AIR = np.zeros(2)
"""No wind, m/s in the plane."""


def scanned(field: Field, scan: Scan, sensor: Sensor, at_ms: int, wind_mps: Floats = CALM_AIR) -> Field:
    """The field after a scan at `at_ms`. The order of the plots does not matter, to the last bit.

    Every finite input is taken; tracks may be at any time before or after. Cost: linear in tracks and plots, plus the
    pairs inside the gates.
    """
    room = field.size + scan.size + 64
    while True:
        new = _scanned(field, scan, sensor, at_ms, wind_mps, room, _places(18 * field.size + 3 * room))
        if new.scans > field.scans:
            return new
        room *= 4


_kept = [np.empty(0)]
"""Places for the sums of a scan, used again and again: to ask the system for fresh memory costs as much as the sums.
Nothing in them outlives a call."""


def _places(count: int) -> Floats:
    if len(_kept[0]) < count:
        _kept[0] = np.empty(2 * count)
    return _kept[0]


@compiled
def _scanned(field: Field, scan: Scan, sensor: Sensor, at_ms: int, wind: Floats, room: int, floats: Floats) -> Field:
    """The same, or the field unchanged if there are more pairs than `room`."""
    plots, grid = ordered(scan)
    pairs = paired(field, plots, grid, at_ms, wind, room, floats)
    if len(pairs.start) == 0:
        return field
    before, chance = seen_again(field, pairs, sensor, at_ms)
    weight, missed = weights(pairs, before, chance, sensor)
    shares = shared(pairs.start, pairs.plot, weight, missed, len(plots.x_m))
    keep, exist, slots = surviving(field, pairs, shares, before, chance)
    share, count = births(shares.loose, sensor)
    n = len(keep) + count
    new = Field(
        np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n), np.empty((2, n)), np.empty((14, n)),
        np.empty(n, np.int32), np.empty((slots, MODELS, 14)), np.empty((slots, MODELS)), field.scans + 1,
    )  # fmt: skip
    used = renewed(field, plots, pairs, shares, keep, exist, new, at_ms, sensor.whole)
    born(plots, shares.loose, share, at_ms, field.scans, new, len(keep))
    return Field(new.key, new.at, new.exist, new.lean, new.state, new.slot, new.bank[:used], new.mode[:used], new.scans)
