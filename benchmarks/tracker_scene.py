"""Scenes for the benchmarks of the tracker, the same for all programs, and the GOSPA by which they are compared.

Here: slow fliers moved by gusts, plots with misses and clutter, the metric. Not here: any tracker.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]


class Scene(NamedTuple):
    """Plots (m x 2) and true places (n x 2) of each scan, m."""

    plots: list[Floats]
    truth: list[Floats]
    side_m: float
    sigma_m: float
    step_s: float
    detection: float
    clutter_per_m2: float
    noise_m2ps3: float


def scene(
    seed: int, targets: int, side_m: float, scans: int, *, detection: float, clutter: float, sigma_m: float,
    step_s: float, noise_m2ps3: float = 0.5,
) -> Scene:  # fmt: skip
    """`clutter` false plots per target and scan. Fliers start anywhere at 25 to 60 m/s; their acceleration is white."""
    draw = np.random.default_rng(seed)
    place, course = draw.uniform(0, side_m, (targets, 2)), draw.uniform(0, 2 * np.pi, targets)
    speed = draw.uniform(25, 60, targets)[:, None] * np.stack((np.sin(course), np.cos(course)), axis=1)
    kick = np.linalg.cholesky(noise_m2ps3 * np.array([[step_s**3 / 3, step_s**2 / 2], [step_s**2 / 2, step_s]]))
    plots, truth = [], []
    for _ in range(scans):
        gust = np.einsum("ij,jnk->ink", kick, draw.normal(size=(2, targets, 2)))
        place, speed = place + step_s * speed + gust[0], speed + gust[1]
        seen = place[draw.random(targets) < detection]
        false = draw.uniform(0, side_m, (draw.poisson(clutter * targets), 2))
        all_plots = np.vstack((seen + draw.normal(0, sigma_m, seen.shape), false))
        plots.append(all_plots[draw.permutation(len(all_plots))])
        truth.append(place.copy())
    return Scene(
        plots, truth, side_m, sigma_m, step_s, detection, clutter * targets / side_m**2, noise_m2ps3
    )  # fmt: skip


def gospa(shown: Floats, truth: Floats, cut_m: float) -> tuple[float, float, int, int]:
    """GOSPA of order 2, alpha 2 (Rahmathullah, Garcia-Fernandez and Svensson 2017), and its parts: the root of the
    summed squared errors of pairs, missed and false ones."""
    if not len(shown):
        return float(np.sqrt(0.5 * cut_m**2 * len(truth))), 0.0, len(truth), 0
    near = cKDTree(shown).sparse_distance_matrix(cKDTree(truth), cut_m).toarray() ** 2
    # Absent entries are farther than the cut: there leaving both alone costs the same.
    cost = np.where(near > 0, near, cut_m**2)
    i, j = linear_sum_assignment(cost)
    good = cost[i, j] < cut_m**2
    pairs = float(cost[i, j][good].sum())
    missed, false = len(truth) - int(good.sum()), len(shown) - int(good.sum())
    return float(np.sqrt(pairs + 0.5 * cut_m**2 * (missed + false))), pairs**0.5, missed, false


def save(where: Path, one: Scene, scans: int) -> None:
    """The first scans as a file that programs of other environments read."""
    told = {f"plots{k}": plots for k, plots in enumerate(one.plots[:scans])}
    facts = [one.side_m, one.sigma_m, one.step_s, one.detection, one.clutter_per_m2, one.noise_m2ps3, scans]
    np.savez(where, facts=np.array(facts), **told)


def loaded(where: Path, scans: int) -> tuple[list[Floats], Floats]:
    """(places shown after each scan, processor seconds of each scan) of such a program."""
    with np.load(where) as got:
        return [got[f"shown{k}"] for k in range(scans)], got["seconds"]
