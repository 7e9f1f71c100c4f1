"""Field: what the tracker holds and what it is given, as plain arrays.

Here: tracks, plots of one scan, what is known of a sensor, and the numbers that a state is made of. Not here: any sum.
May know: nothing.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]

NUMBERS = 14
"""A Gaussian: x, y, vx, vy; then the upper triangle of its covariance by rows (xx xy xu xv yy yu yv uu uv vv)."""
UPPER = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))


class Field(NamedTuple):
    """n tracks. Arrays are never written after the field is made."""

    key: Whole
    """Names a track for good: the number of the scan that it was born in and its rank among the births there."""
    at: Whole
    """Time of its state, ms."""
    exist: Floats
    """Probability that there is an object."""
    lean: Floats
    """2 x n: fading mean of the innovations, m. It points aside while the object turns unforetold."""
    state: Floats
    """14 x n: the mixture of the models as one Gaussian."""
    slot: Short
    """Row of the bank, or -1: one straight model explains the track, and only that one is run."""
    bank: Floats
    """k x models x 14: a Gaussian per model, of tracks that manoeuvre."""
    mode: Floats
    """k x models: their probabilities."""
    scans: int
    """Scans so far, for the keys."""

    @property
    def size(self) -> int:
        """Number of tracks."""
        return len(self.key)

    def mean(self) -> Floats:
        """n x 4: x, y in m, vx, vy in m/s."""
        return np.ascontiguousarray(self.state[:4].T)

    def cov(self) -> Floats:
        """n x 4 x 4."""
        full = np.empty((self.size, 4, 4))
        for k, (i, j) in enumerate(UPPER):
            full[:, i, j] = full[:, j, i] = self.state[4 + k]
        return full


class Scan(NamedTuple):
    """m plots that share the time of a scan; each has a position and its error in the plane."""

    x_m: Floats
    y_m: Floats
    xx_m2: Floats
    xy_m2: Floats
    yy_m2: Floats
    lag_s: Floats
    """Time of the plot less that of the scan."""

    @property
    def size(self) -> int:
        """Number of plots."""
        return len(self.x_m)


class Sensor(NamedTuple):
    """What is known of a sensor for one scan."""

    detection: float = 0.9
    """Probability that it sees an object that is there and in its reach."""
    clutter_per_m2: float = 1e-10
    births_per_m2: float = 1e-12
    """Density of objects that are there and not tracked yet."""
    x_m: float = 0.0
    y_m: float = 0.0
    reach_m: float = 1e9
    whole: bool = True
    """It looked at everything in its reach: a track without a plot was missed. Otherwise only tracks that have a plot
    in their gates were looked at."""


def empty() -> Field:
    """A field without tracks."""
    from redshank.picture.tracking.motion import MODELS

    return Field(
        np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros((2, 0)), np.zeros((NUMBERS, 0)),
        np.zeros(0, np.int32), np.zeros((0, MODELS, NUMBERS)), np.zeros((0, MODELS)), 0,
    )  # fmt: skip


def scan_of(x_m: Floats, y_m: Floats, sigma_m: float) -> Scan:
    """Plots at the scan's own time with one round error."""
    even = np.full(len(x_m), sigma_m**2)
    return Scan(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64), even, np.zeros(len(x_m)), even, 0.0 * even)
