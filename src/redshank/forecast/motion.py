"""How slow low fliers, balloons and aircraft may move: a fixed bank of possible paths per kind of object.

Here: the motion models as data, and the paths that they give for a set of uniform numbers; pure and without randomness.
Not here: tracks, borders, maps. May know: terms.

A path is made once for unit speed and for a heading of zero, so that one bank serves all tracks: a track's path is
``start + velocity * shape(t) + drift(t)`` in complex plane coordinates (Gauss: rotation and stretch by one product).
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from redshank.terms import limits

Reals = npt.NDArray[np.float64]
Path = npt.NDArray[np.complex64]

PATHS = 256
STEP_S = 30
SUBSTEP_S = 5  # a standard-rate turn of 3 deg/s makes 15 deg in it
AGE_MAX_S = limits.FORECAST_HORIZON_MS // 1_000  # a track that was last seen longer ago is forecast as if at this age
STEPS_KEPT = (limits.FORECAST_HORIZON_MS // 1_000 + AGE_MAX_S) // STEP_S
HEADING_MODES, SPEED_MODES, WIND_MODES = 14, 4, 4
UNIFORMS = 4 + 1 + HEADING_MODES + SPEED_MODES + 2 * WIND_MODES + 5
SEED = 55_24  # the centre of the regional plane; any fixed number would do


@dataclass(frozen=True)
class Motion:
    """A mixture of hypotheses. The shares of `turn` and `loiter` are given, the rest cruises.

    All numbers are ASSUMED (no public set of truth for such flights exists); they are chosen for one-way attack drones
    of 150 to 200 km/h, for which documented nights give 150 to 160 km/h and long straight legs with turns.
    """

    turn_share: float
    loiter_share: float
    heading_sigma_rad: float
    """Standard deviation of the heading about the course, as an Ornstein-Uhlenbeck process (Uhlenbeck 1930)."""
    heading_tau_s: float
    speed_sigma: float
    """Relative standard deviation of the speed about its mean, also Ornstein-Uhlenbeck."""
    speed_tau_s: float
    turn_wait_s: float
    """Mean time to the one change of course of the turn hypothesis (exponential)."""
    turn_sigma_rad: float
    turn_rate_radps: float
    loiter_wait_s: float
    loiter_rate_radps: tuple[float, float]
    """Least and greatest turn rate of a circling object; its sign is even."""
    wind_sigma_mps: float
    """Standard deviation, per axis, of the change of the carrying wind; zero for what flies under power."""
    wind_tau_s: float
    end_mean_s: float
    """Mean time to the end of the flight after the last report of a LOST track (exponential)."""


SLOW_FLIER = Motion(
    turn_share=0.20,
    loiter_share=0.08,
    heading_sigma_rad=np.radians(10.0),
    heading_tau_s=600.0,
    speed_sigma=0.05,
    speed_tau_s=900.0,
    turn_wait_s=900.0,
    turn_sigma_rad=np.radians(60.0),
    turn_rate_radps=np.radians(3.0),  # standard rate, ICAO Doc 8168 vol. I: the upper end for small aircraft in cruise
    loiter_wait_s=900.0,
    loiter_rate_radps=(float(np.radians(0.5)), float(np.radians(3.0))),
    wind_sigma_mps=0.0,
    wind_tau_s=1.0,
    end_mean_s=2_400.0,
)

BALLOON = Motion(
    turn_share=0.0,
    loiter_share=0.0,
    heading_sigma_rad=0.0,
    heading_tau_s=1.0,
    speed_sigma=0.0,
    speed_tau_s=1.0,
    turn_wait_s=1.0,
    turn_sigma_rad=0.0,
    turn_rate_radps=np.radians(3.0),
    loiter_wait_s=1.0,
    loiter_rate_radps=(0.01, 0.02),
    wind_sigma_mps=3.0,  # about the error of a wind persisted for an hour or two
    wind_tau_s=7_200.0,
    end_mean_s=7_200.0,
)

AIRCRAFT = Motion(
    turn_share=0.15,
    loiter_share=0.03,
    heading_sigma_rad=np.radians(4.0),
    heading_tau_s=900.0,
    speed_sigma=0.05,
    speed_tau_s=900.0,
    turn_wait_s=900.0,
    turn_sigma_rad=np.radians(50.0),
    turn_rate_radps=np.radians(2.0),
    loiter_wait_s=1_200.0,
    loiter_rate_radps=(float(np.radians(0.5)), float(np.radians(3.0))),
    wind_sigma_mps=0.0,
    wind_tau_s=1.0,
    end_mean_s=2_400.0,
)


@dataclass(frozen=True, eq=False)
class Bank:
    """Paths of one motion, at steps of STEP_S from the last known state of a track."""

    normals: Reals
    """(paths, 4): standard normal numbers for east, north, east speed, north speed."""
    shape: Path
    """(paths, steps + 1): seconds flown along (real) and to the left of (imaginary) the first heading."""
    drift_m: Path | None
    """(paths, steps + 1): displacement by a change of wind, metres; None for what flies under power."""
    end_s: Reals
    """(paths,): when the flight ends, if the track is lost; seconds after its last report."""


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
def bank_of(motion: Motion) -> Bank:
    """The bank of a motion: always the same."""
    return draw_paths(motion, _KEPT[0] if _KEPT else sobol_numbers())


def draw_paths(motion: Motion, numbers: Numbers | Reals) -> Bank:
    """Paths from numbers, or from uniform ones in (0, 1), shape (paths, UNIFORMS); each row is one flight."""
    uniforms, normals = numbers if isinstance(numbers, Numbers) else _with_normals(numbers)
    parts = np.cumsum((4, 1, HEADING_MODES, SPEED_MODES, WIND_MODES, WIND_MODES, 5))[:-1]
    _, kind, _, _, _, _, act = np.split(uniforms, parts, axis=1)
    state, _, heading, speed, wind_x, wind_y, turned = np.split(normals, parts, axis=1)
    times_s = np.arange(0, STEPS_KEPT * STEP_S + SUBSTEP_S, SUBSTEP_S, dtype=float)
    course = motion.heading_sigma_rad * _wander(heading, motion.heading_tau_s, times_s)
    course = course + _manoeuvre(motion, kind[:, 0], act, turned[:, 1:2], times_s)
    pace = np.exp(motion.speed_sigma * _wander(speed, motion.speed_tau_s, times_s))
    drift = None
    if motion.wind_sigma_mps > 0:
        wind = _wander(wind_x, motion.wind_tau_s, times_s) + 1j * _wander(wind_y, motion.wind_tau_s, times_s)
        drift = _integral(np.asarray(motion.wind_sigma_mps * wind, np.complex128))
    return Bank(
        normals=np.ascontiguousarray(state),
        shape=_integral(np.asarray(pace * np.exp(1j * course), np.complex128)),
        drift_m=drift,
        end_s=-np.log1p(-act[:, 4]) * motion.end_mean_s,
    )


def _integral(rate: npt.NDArray[np.complex128]) -> Path:
    """Integral over time (trapezium rule) at every STEP_S."""
    steps = np.cumsum((rate[:, 1:] + rate[:, :-1]) * (SUBSTEP_S / 2), axis=1)
    whole = np.concatenate([np.zeros((len(rate), 1)), steps], axis=1)
    return whole[:, :: STEP_S // SUBSTEP_S].astype(np.complex64)


def _wander(normals: Reals, tau_s: float, times_s: Reals) -> Reals:
    """Change since time 0 of an Ornstein-Uhlenbeck process of unit variance, by its first principal modes.

    Karhunen-Loeve: few modes hold nearly all of the variance, which suits a quasi-random sequence. The variance that
    the cut-off modes held is given back by a common factor.
    """
    coarse_s, basis = _modes(tau_s, normals.shape[1])
    walk = normals @ basis.T
    walk -= walk[:, :1]
    return np.stack([np.interp(times_s, coarse_s, row) for row in walk])


@cache
def _modes(tau_s: float, modes: int) -> tuple[Reals, Reals]:
    """Times every minute, and the scaled modes (times, modes) of the process at them."""
    coarse_s = np.arange(0, STEPS_KEPT * STEP_S + 60, 60, dtype=float)
    correlation = np.exp(-np.abs(coarse_s[:, None] - coarse_s[None, :]) / tau_s)
    values, vectors = np.linalg.eigh(correlation)
    basis = vectors[:, -modes:] * np.sqrt(values[-modes:])
    return coarse_s, basis * np.sqrt(len(coarse_s) / np.sum(basis**2))


def _manoeuvre(motion: Motion, kind: Reals, act: Reals, turned: Reals, times_s: Reals) -> Reals:
    """Change of heading by the one turn or by circling; zero for the paths that cruise."""
    since_turn = np.maximum(times_s + np.log(act[:, :1]) * motion.turn_wait_s, 0.0)
    target = np.abs(turned) * motion.turn_sigma_rad
    left = np.where(act[:, 2:3] < 0.5, -1.0, 1.0)
    turn = left * np.minimum(since_turn * motion.turn_rate_radps, target)
    since_loiter = np.maximum(times_s + np.log(act[:, :1]) * motion.loiter_wait_s, 0.0)
    low, high = motion.loiter_rate_radps
    circle = left * since_loiter * (low + (high - low) * act[:, 3:4])
    turning = kind[:, None] < motion.turn_share
    circling = ~turning & (kind[:, None] < motion.turn_share + motion.loiter_share)
    return np.where(turning, turn, np.where(circling, circle, 0.0))
