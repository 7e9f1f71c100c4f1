"""What else could forecast the same crossings from the same places: five rivals, each fitted on the same aircraft.

Here: arrays in, probabilities out, at one horizon. Gradient boosting runs in the environment of the recordings
(`boosting.py`). Not here: our own forecast, scores.
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from benchmarks.real_flights.cases import Cases
from benchmarks.real_flights.recordings import environment
from redshank.forecast.trail import LAG_S

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
BOOSTED = 5
GROWTHS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0)
BINS = np.linspace(0.0, 2.0, 21)


def approach_mps(cases: Cases, number: int) -> Reals:
    """Speed towards the lines (moments, lines)."""
    return np.asarray((cases.velocity_mps[:, None] * cases.normal[:, number].conj()).real)


def dead_reckoning(cases: Cases, number: int, horizon_s: float) -> Reals:
    """Yes or no: whether the last velocity leads across."""
    return (approach_mps(cases, number) * horizon_s >= cases.distance_m[:, number]).astype(float)


def constant_velocity(cases: Cases, number: int, horizon_s: float, learn: tuple[Flags, Reals]) -> Reals:
    """With a Gaussian error of velocity, a share of the speed; the share of least Brier score on the others."""
    ahead, speed = approach_mps(cases, number), np.abs(cases.velocity_mps)[:, None]
    crossed, (others, weight) = cases.crossed[:, number], learn
    tried = []
    for growth in GROWTHS:
        p = ndtr((ahead * horizon_s - cases.distance_m[:, number]) / (growth * speed * horizon_s))
        off = np.nanmean((p[others] - crossed[others]) ** 2, axis=1)
        tried.append((float(np.nansum(off * weight[others])), p))
    return min(tried, key=lambda pair: pair[0])[1]


def climatology(cases: Cases, number: int, learn: tuple[Flags, Reals]) -> Reals:
    """The share of crossings among the others."""
    others, weight = learn
    crossed = np.nanmean(
        np.where(np.isfinite(cases.crossed[:, number]), cases.crossed[:, number], np.nan)[others], axis=1
    )
    known = np.isfinite(crossed)
    return np.full(cases.distance_m[:, number].shape, np.average(crossed[known], weights=weight[others][known]))


def climatology_by_distance(cases: Cases, number: int, horizon_s: float, learn: tuple[Flags, Reals]) -> Reals:
    """The same in bins of distance over the way that the present pace makes in the horizon."""
    pace = np.abs(cases.velocity_mps) * cases.past.pace
    bins = np.digitize(cases.distance_m[:, number] / (pace[:, None] * horizon_s), BINS)
    crossed, others = cases.crossed[:, number], learn[0]
    known = np.isfinite(crossed) & others[:, None]
    came = np.bincount(bins[known], crossed[known], minlength=len(BINS) + 1)
    count = np.bincount(bins[known], minlength=len(BINS) + 1)
    return np.asarray(((came + 0.5) / (count + 1.0))[bins])


def inputs(cases: Cases, number: int, horizon_s: float) -> Reals:
    """(moments, lines, inputs) for a learner: all that our own weights use, and the line relative to the trail."""
    speed = np.abs(cases.velocity_mps)
    way_m = (speed * cases.past.pace * horizon_s)[:, None]
    normal, shape = cases.normal[:, number], cases.distance_m[:, number].shape
    columns = [cases.distance_m[:, number] / way_m, cases.distance_m[:, number]]
    columns += [np.broadcast_to(column[:, None], shape) for column in cases.past.features.T[1:]]
    columns += [np.broadcast_to(cases.past.radius_m[:, None], shape) / way_m]
    for velocity in (cases.velocity_mps, cases.past.net_mps, cases.past.centre_m / horizon_s):
        turned = velocity[:, None] * normal.conj() * horizon_s / way_m
        columns += [turned.real, np.abs(turned.imag)]
    along = (cases.lagged_m[:, None, :] * normal.conj()[:, :, None]).real / way_m[..., None]
    for lags in (10, 20, 40):
        past = np.where(np.isfinite(along[..., : lags + 1]), along[..., : lags + 1], 0.0)
        columns += [past.max(axis=2), past.min(axis=2), past.mean(axis=2)]
    for lag in (2, 4, 10, 20):
        mean = np.nan_to_num(-along[..., lag]) * (horizon_s / (lag * LAG_S))
        columns.append(mean)
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=2)


def gradient_boosting(table: Reals, crossed: Reals, fold: npt.NDArray[np.int64], weight: Reals) -> Reals:
    """Out-of-fold probabilities (moments, lines), in at most BOOSTED folds; rows of fold -1 are only learnt from."""
    fold = np.where(fold < 0, -1, fold % BOOSTED)
    with tempfile.TemporaryDirectory() as folder:
        given, told = Path(folder) / "given.npz", Path(folder) / "told.npy"
        np.savez(given, table=table, crossed=crossed, fold=fold, weight=weight)
        program = Path(__file__).with_name("boosting.py")
        subprocess.run([str(environment() / "bin" / "python"), str(program), str(given), str(told)], check=True)
        return np.asarray(np.load(told), dtype=float)
