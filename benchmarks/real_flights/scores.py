"""Brier score, skill, calibration error and its size by chance, each aircraft weighing the same.

Here: arrays in, numbers out. Sources: Brier 1950; Murphy 1973; wild bootstrap by cluster: Cameron, Gelbach and Miller
2008.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
BINS = 10
BOOTSTRAPS = 1_000


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Cases in a row: what was forecast, what came, and whose flight it was."""

    p: Reals
    came: Reals
    aircraft: npt.NDArray[np.int64]
    """Numbers from 0 without gaps."""

    @property
    def weight(self) -> Reals:
        """Each aircraft weighs the same; together 1."""
        count = np.bincount(self.aircraft)
        return np.asarray(1 / (count[self.aircraft] * len(count)))


def outcomes(p: Reals, crossed: Reals, aircraft: npt.NDArray[np.str_]) -> Outcomes:
    """From (moments, lines); what was not heard to the horizon is left out."""
    known = np.isfinite(crossed)
    names = np.broadcast_to(aircraft[:, None], crossed.shape)[known]
    return Outcomes(p[known], crossed[known], np.unique(names, return_inverse=True)[1])


def brier_by_aircraft(found: Outcomes) -> Reals:
    """Mean squared error of each aircraft's forecasts."""
    off = (found.p - found.came) ** 2
    return np.asarray(np.bincount(found.aircraft, off) / np.bincount(found.aircraft))


def skill(found: Outcomes, reference: Outcomes) -> tuple[float, float, float]:
    """1 - Brier / Brier of the reference, and its 90 % interval over aircraft."""
    ours, theirs = brier_by_aircraft(found), brier_by_aircraft(reference)
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, len(ours), (BOOTSTRAPS, len(ours)))
    spread = 1 - ours[drawn].mean(axis=1) / theirs[drawn].mean(axis=1)
    low, high = np.quantile(spread, [0.05, 0.95])
    return float(1 - ours.mean() / theirs.mean()), float(low), float(high)


def reliability(found: Outcomes) -> tuple[Reals, Reals, Reals]:
    """Of each bin of equal width: weight, mean forecast, share that came true (nan where it is empty)."""
    at = np.minimum((found.p * BINS).astype(int), BINS - 1)
    weight = np.bincount(at, found.weight, minlength=BINS).astype(np.float64)
    told = np.bincount(at, found.weight * found.p, minlength=BINS)
    came = np.bincount(at, found.weight * found.came, minlength=BINS)
    safe = np.where(weight > 0, weight, np.nan)
    return weight, told / safe, came / safe


def calibration_error(found: Outcomes) -> tuple[float, float]:
    """(the error, its mean by chance if the forecast were calibrated: the sign of each aircraft's misses is drawn)."""
    at = np.minimum((found.p * BINS).astype(int), BINS - 1)
    missed = np.zeros((found.aircraft.max() + 1, BINS))
    np.add.at(missed, (found.aircraft, at), found.weight * (found.p - found.came))
    signs = np.random.default_rng(2).choice([-1.0, 1.0], (BOOTSTRAPS, len(missed)))
    return float(np.abs(missed.sum(axis=0)).sum()), float(np.abs(signs @ missed).sum(axis=1).mean())
