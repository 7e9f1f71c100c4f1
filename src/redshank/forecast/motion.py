"""How slow low fliers, balloons and aircraft may move: a fixed bank of possible paths for each course they may take.

Here: the courses as data, and the paths that they give for a set of uniform numbers; pure and without randomness.
Not here: tracks, borders, maps, which course is how likely (weights). May know: terms.

A path is made once for unit speed and for a heading of zero, so that one bank serves all tracks: a track's path is
``start + lead * shape(t) + (centre - start) * pull(t) + radius * spread(t) + drift(t)`` in complex plane coordinates
(Gauss: rotation and stretch by one product).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from redshank.terms import limits
from redshank.terms.crossing import Course

Reals = npt.NDArray[np.float64]
Path = npt.NDArray[np.complex64]

PATHS = 256
STEP_S = 30
SUBSTEP_S = 5  # a standard-rate turn of 3 deg/s makes 15 deg in it
AGE_MAX_S = limits.FORECAST_HORIZON_MS // 1_000  # a track that was last seen longer ago is forecast as if at this age
STEPS_KEPT = (limits.FORECAST_HORIZON_MS // 1_000 + AGE_MAX_S) // STEP_S
HEADING_MODES, SPEED_MODES, WIND_MODES = 24, 6, 4
UNIFORMS = 4 + 1 + HEADING_MODES + SPEED_MODES + 2 * WIND_MODES + 5
SEED = 55_24  # the centre of the regional plane; any fixed number would do


@dataclass(frozen=True)
class Motion:
    """How an object moves that takes one course. What a number leaves at zero, the course does not do.

    The numbers are rounded choices, not fits: what is fitted on real flights is how likely each course is, given the
    trail, and the recalibration (fitted.py, docs/forecast.md). Ornstein-Uhlenbeck processes: Uhlenbeck 1930.
    """

    course: Course
    heading_sigma_rad: float = 0.0
    """Standard deviation of the heading about the course, as an Ornstein-Uhlenbeck process."""
    heading_tau_s: float = 600.0
    heading_spread: float = 0.0
    """Log-standard deviation of `heading_sigma_rad` among paths: some hold their course, some hardly."""
    speed_sigma: float = 0.0
    """Log-standard deviation of the speed about its mean, also Ornstein-Uhlenbeck."""
    speed_tau_s: float = 900.0
    turn_wait_s: float = 0.0
    """Mean time to the one change of course (exponential); zero: there is none."""
    turn_mean_rad: float = 0.0
    turn_sigma_rad: float = 0.0
    turn_rate_radps: float = float(np.radians(3.0))
    """Standard rate, ICAO Doc 8168 vol. I: the upper end for small aircraft in cruise."""
    hold_tau_s: float = 0.0
    """Time in which the path forgets where it began and is about the centre of the trail; zero: it does not."""
    wind_sigma_mps: float = 0.0
    """Standard deviation, per axis, of the change of the carrying wind; zero for what flies under power."""
    wind_tau_s: float = 7_200.0
    end_mean_s: float = 2_400.0
    """Mean time to the end of the flight after the last report of a LOST track (exponential). ASSUMED."""
    ends: bool = False
    """The flight ends in any case, seen or not."""


TRANSIT = Motion(Course.TRANSIT, heading_sigma_rad=float(np.radians(5.0)), heading_tau_s=900.0, speed_sigma=0.06)
CRUISE = Motion(
    Course.CRUISE,
    heading_sigma_rad=float(np.radians(45.0)),
    heading_tau_s=300.0,
    heading_spread=0.8,
    speed_sigma=0.12,
)
LOITER = Motion(Course.LOITER, hold_tau_s=180.0)
RETURN = Motion(
    Course.RETURN,
    heading_sigma_rad=float(np.radians(6.0)),
    speed_sigma=0.06,
    turn_wait_s=400.0,
    turn_mean_rad=float(np.pi),
    turn_sigma_rad=float(np.radians(15.0)),
)
DRIFT = Motion(
    Course.DRIFT,
    heading_sigma_rad=float(np.radians(40.0)),
    heading_tau_s=600.0,
    speed_sigma=0.4,
    speed_tau_s=600.0,
)
FAIL = Motion(
    Course.FAIL,
    heading_sigma_rad=float(np.radians(15.0)),
    heading_tau_s=300.0,
    speed_sigma=0.15,
    end_mean_s=300.0,
    ends=True,
)
SLOW_FLIER = (TRANSIT, CRUISE, LOITER, RETURN, DRIFT, FAIL)

CARRIED = Motion(Course.DRIFT, wind_sigma_mps=3.0, wind_tau_s=7_200.0, end_mean_s=7_200.0)
"""A balloon goes on with the wind that carries it now; 3 m/s is about the error of a wind persisted for an hour or two.
"""
BALLOON = (CARRIED,)


@dataclass(frozen=True, eq=False)
class Bank:
    """Paths of some motions, at steps of STEP_S from the last known state of a track. The first axis is the motion."""

    motions: tuple[Motion, ...]
    normals: Reals
    """(paths, 4): standard normal numbers for east, north, east speed, north speed."""
    shape: Path
    """(motions, paths, steps + 1): seconds flown along (real) and to the left of (imaginary) the first heading."""
    pull: Reals
    """(motions, steps + 1): how far a path has forgotten where it began, 0 to 1."""
    spread: tuple[Path | None, ...]
    """(paths, steps + 1): place about the centre, in radii of the trail; None where nothing holds the object."""
    drift_m: tuple[Path | None, ...]
    """(paths, steps + 1): displacement by a change of wind, metres; None for what flies under power."""
    end_s: Reals
    """(motions, paths): when the flight ends, if the track is lost or the motion `ends`; seconds after its last report.
    """


class Numbers(NamedTuple):
    """Quasi-random numbers that paths are drawn from, each (paths, UNIFORMS)."""

    uniforms: Reals
    """In (0, 1)."""
    normals: Reals
    """The standard normal numbers of the same probabilities."""


def sobol_numbers() -> Numbers:
    """The numbers of this method: a scrambled Sobol sequence with a fixed seed (Owen 1995), always the same.

    They ship with the program as a file, because scipy costs a node 40 MB and half a second of its start.
    """
    from scipy.stats import qmc

    return _with_normals(qmc.Sobol(UNIFORMS, scramble=True, rng=SEED).random(PATHS))


def _with_normals(uniforms: Reals) -> Numbers:
    from scipy.special import ndtri

    safe = np.clip(uniforms, 1e-9, 1 - 1e-9)
    return Numbers(safe, ndtri(safe))


_KEPT: list[Numbers] = []


def keep_numbers(numbers: Numbers) -> None:
    """Takes the numbers of this method as they lie in a file, so that they need not be drawn."""
    _KEPT[:] = [numbers]


@cache
def bank_of(motions: tuple[Motion, ...]) -> Bank:
    """The bank of some motions: always the same."""
    return draw_paths(motions, _KEPT[0] if _KEPT else sobol_numbers())


def draw_paths(motions: Sequence[Motion], numbers: Numbers | Reals) -> Bank:
    """Paths from numbers, or from uniform ones in (0, 1), shape (paths, UNIFORMS); each row is one flight, which every
    motion flies in its own way."""
    given = numbers if isinstance(numbers, Numbers) else _with_normals(numbers)
    shape, spread, drift_m, end_s = zip(*(_draw(motion, given) for motion in motions), strict=True)
    times_s = np.arange(0, STEPS_KEPT * STEP_S + STEP_S, STEP_S, dtype=float)
    pulls = [1 - np.exp(-times_s / one.hold_tau_s) if one.hold_tau_s else 0.0 * times_s for one in motions]
    return Bank(
        motions=tuple(motions),
        normals=np.ascontiguousarray(given.normals[:, :4]),
        shape=np.stack(shape),
        pull=np.stack(pulls),
        spread=tuple(spread),
        drift_m=tuple(drift_m),
        end_s=np.stack(end_s),
    )


def _draw(motion: Motion, numbers: Numbers) -> tuple[Path, Path | None, Path | None, Reals]:
    """Shape, spread, drift and end of the paths of one motion."""
    parts = np.cumsum((4, 1, HEADING_MODES, SPEED_MODES, WIND_MODES, WIND_MODES, 5))[:-1]
    _, _, _, _, _, _, act = np.split(numbers.uniforms, parts, axis=1)
    _, kind, heading, speed, wind_x, wind_y, turned = np.split(numbers.normals, parts, axis=1)
    times_s = np.arange(0, STEPS_KEPT * STEP_S + SUBSTEP_S, SUBSTEP_S, dtype=float)
    end_s = -np.log1p(-act[:, 4]) * motion.end_mean_s
    if motion.hold_tau_s:
        half = HEADING_MODES // 2
        spread = _about(heading[:, :half], motion.hold_tau_s, times_s) + 1j * _about(
            heading[:, half:], motion.hold_tau_s, times_s
        )
        kept = (spread / np.sqrt(2))[:, :: STEP_S // SUBSTEP_S].astype(np.complex64)
        return np.zeros_like(kept), kept, None, end_s
    sigma = motion.heading_sigma_rad * np.exp(motion.heading_spread * kind)
    course = sigma * _wander(heading, motion.heading_tau_s, times_s)
    if motion.turn_wait_s:
        course = course + _turn(motion, act, turned[:, 1:2], times_s)
    pace = np.exp(motion.speed_sigma * _wander(speed, motion.speed_tau_s, times_s))
    drift = None
    if motion.wind_sigma_mps > 0:
        wind = _wander(wind_x, motion.wind_tau_s, times_s) + 1j * _wander(wind_y, motion.wind_tau_s, times_s)
        drift = _integral(np.asarray(motion.wind_sigma_mps * wind, np.complex128))
    return _integral(np.asarray(pace * np.exp(1j * course), np.complex128)), None, drift, end_s


def _integral(rate: npt.NDArray[np.complex128]) -> Path:
    """Integral over time (trapezium rule) at every STEP_S."""
    steps = np.cumsum((rate[:, 1:] + rate[:, :-1]) * (SUBSTEP_S / 2), axis=1)
    whole = np.concatenate([np.zeros((len(rate), 1)), steps], axis=1)
    return whole[:, :: STEP_S // SUBSTEP_S].astype(np.complex64)


def _wander(normals: Reals, tau_s: float, times_s: Reals) -> Reals:
    """Change since time 0 of an Ornstein-Uhlenbeck process of unit variance, by its first principal modes."""
    coarse_s, basis = _modes(tau_s, normals.shape[1])
    walk = normals @ basis.T
    walk -= walk[:, :1]
    return _between(walk, coarse_s, times_s)


def _about(normals: Reals, tau_s: float, times_s: Reals) -> Reals:
    """The process itself, let in from 0 as the place at the beginning is forgotten."""
    coarse_s, basis = _modes(tau_s, normals.shape[1])
    return _between(normals @ basis.T * np.sqrt(1 - np.exp(-2 * coarse_s / tau_s)), coarse_s, times_s)


def _between(walk: Reals, coarse_s: Reals, times_s: Reals) -> Reals:
    """Straight between the coarse times."""
    after = np.clip(np.searchsorted(coarse_s, times_s, side="right"), 1, len(coarse_s) - 1)
    share = (times_s - coarse_s[after - 1]) / (coarse_s[after] - coarse_s[after - 1])
    return np.asarray(walk[:, after - 1] * (1 - share) + walk[:, after] * share)


@cache
def _modes(tau_s: float, modes: int) -> tuple[Reals, Reals]:
    """Coarse times, and the modes (times, modes) of the process at them.

    Karhunen-Loeve: few modes hold nearly all of the variance, which suits a quasi-random sequence. The soonest minutes
    count most (weight 1 / (t + a minute)): over two hours alike, few modes would be too smooth for five minutes. The
    variance that the cut-off modes held is given back at each time.
    """
    coarse_s = np.concatenate([np.arange(0, 1_800, 30), np.arange(1_800, STEPS_KEPT * STEP_S + 121, 120)]).astype(float)
    correlation = np.exp(-np.abs(coarse_s[:, None] - coarse_s[None, :]) / tau_s)
    weight = np.sqrt(np.gradient(coarse_s) / (coarse_s + 60.0))
    values, vectors = np.linalg.eigh(weight[:, None] * correlation * weight[None, :])
    basis = vectors[:, -modes:] * np.sqrt(values[-modes:]) / weight[:, None]
    return coarse_s, basis / np.linalg.norm(basis, axis=1, keepdims=True)


def _turn(motion: Motion, act: Reals, turned: Reals, times_s: Reals) -> Reals:
    """Change of heading by the one turn."""
    since = np.maximum(times_s + np.log(act[:, :1]) * motion.turn_wait_s, 0.0)
    target = np.abs(motion.turn_mean_rad + turned * motion.turn_sigma_rad)
    left = np.where(act[:, 2:3] < 0.5, -1.0, 1.0)
    return np.asarray(left * np.minimum(since * motion.turn_rate_radps, target))
