"""Lone: one observation of another kind than a plot in the plane: a bearing by ear, a person's words.

Here: radar coordinates made plots, what a bearing or a sighting measures, the update of all tracks by one of them.
Rare, and so plain numpy. Not here: scans of plots (engine). May know: nothing.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from redshank.picture.tracking.engine import CALM_AIR
from redshank.picture.tracking.field import UPPER, Field, Floats, Scan, Sensor
from redshank.picture.tracking.gating import Pairs, ordered, paired
from redshank.picture.tracking.motion import MODELS

GATE = 25.0
"""Squared distance beyond which a track is not meant."""


class Measure(NamedTuple):
    """What is seen of n states: predicted n x d, its slope n x d x 4, the error d x d, and the values d."""

    seen: Floats
    slope: Floats
    error: Floats
    value: Floats
    is_angle: bool = False


def polar(site_m: tuple[float, float], range_m: Floats, azimuth_rad: Floats, sigma_m: float, sigma_rad: float) -> Scan:
    """Radar plots (azimuth from the plane's north, clockwise) as plots in the plane, without the bias of the plain
    conversion and with the error that belongs to the measured place (Longbin, Xiaoquan, Yiyu, Kang and Bar-Shalom 1998,
    IEEE TAES 34(3), eq. 10 to 14)."""
    fade = np.exp(-0.5 * sigma_rad**2)
    east, north = range_m * np.sin(azimuth_rad), range_m * np.cos(azimuth_rad)
    twice = np.exp(-2.0 * sigma_rad**2)
    square, whole = range_m**2 + sigma_m**2, range_m**2
    c2, s2 = np.cos(2 * azimuth_rad), np.sin(2 * azimuth_rad)
    xx = 0.5 * square * (1 - twice * c2) + (1 / fade**2 - 2) * whole * np.sin(azimuth_rad) ** 2
    yy = 0.5 * square * (1 + twice * c2) + (1 / fade**2 - 2) * whole * np.cos(azimuth_rad) ** 2
    xy = 0.5 * square * twice * s2 + (1 / fade**2 - 2) * whole * np.sin(azimuth_rad) * np.cos(azimuth_rad)
    return Scan(site_m[0] + east / fade, site_m[1] + north / fade, xx, xy, yy, np.zeros(len(range_m)))


def bearing(mean: Floats, site_m: tuple[float, float], azimuth_rad: float, sigma_rad: float) -> Measure:
    """A microphone's bearing, clockwise from the plane's north."""
    dx, dy = mean[:, 0] - site_m[0], mean[:, 1] - site_m[1]
    square = np.maximum(dx * dx + dy * dy, 1.0)
    slope = np.zeros((len(mean), 1, 4))
    slope[:, 0, 0], slope[:, 0, 1] = dy / square, -dx / square
    return Measure(np.arctan2(dx, dy)[:, None], slope, np.array([[sigma_rad**2]]), np.array([azimuth_rad]), True)


def sighting(
    mean: Floats, place_m: Floats, place_cov: Floats, velocity_mps: Floats | None, sigma_mps: float
) -> Measure:
    """A person's words: about there, and perhaps heading so."""
    size = 2 if velocity_mps is None else 4
    slope = np.broadcast_to(np.eye(size, 4), (len(mean), size, 4))
    error, value = place_cov, place_m
    if velocity_mps is not None:
        error = np.zeros((4, 4))
        error[:2, :2], error[2:, 2:] = place_cov, np.eye(2) * sigma_mps**2
        value = np.concatenate((place_m, velocity_mps))
    return Measure(mean[:, :size], slope, error, value)


class Heard(NamedTuple):
    """What `observed` is told to measure: a function of n states, so that each model is asked for itself."""

    of: "MeasureOf"
    clutter: float
    """Density of false observations in the units of the values (per rad, per m2, ...)."""


class MeasureOf:
    """A measure with its arguments; `bearing` or `sighting` of whatever states are asked."""

    def __init__(self, kind: str, *arguments: object) -> None:
        self._kind, self._arguments = kind, arguments

    def __call__(self, mean: Floats) -> Measure:
        make = bearing if self._kind == "bearing" else sighting
        return make(mean, *self._arguments)  # type: ignore[arg-type]


def observed(field: Field, heard: Heard, sensor: Sensor, at_ms: int, wind_mps: Floats = CALM_AIR) -> Field:
    """The field after one observation: at most one track made it. Tracks outside its gate were not looked at and stay
    as they are; nothing is born of it. The shares are exact: with one observation there is nothing to iterate."""
    if not field.size:
        return field
    pairs = _brought(field, at_ms, wind_mps)
    cov = _square(pairs.state.T)
    like, d2, mean, spread = _corrected(pairs.state[:4].T, cov, heard.of)
    meant = d2 < GATE
    for i in np.flatnonzero(pairs.slot >= 0):
        one, _, new_mean, new_cov = _corrected(
            pairs.bank[pairs.slot[i], :, :4], _square(pairs.bank[pairs.slot[i]]), heard.of
        )
        mode = pairs.mode[pairs.slot[i]]
        like[i] = max(float(mode @ one), 1e-300)
        weight = mode * one / like[i]
        mean[i] = weight @ new_mean
        apart = new_mean - mean[i]
        spread[i] = np.einsum("m,mij->ij", weight, new_cov + apart[:, :, None] * apart[:, None, :])
    odds = field.exist * sensor.detection * like / heard.clutter / (1.0 - field.exist * sensor.detection)
    share = np.where(meant, odds, 0.0)
    share /= 1.0 + share.sum()
    return _renewed(field, pairs, share, meant, mean, spread, sensor.detection, at_ms)


def _brought(field: Field, at_ms: int, wind_mps: Floats) -> Pairs:
    """All tracks and their models at the time of the observation."""
    nothing = np.zeros(0)
    scan, grid = ordered(Scan(nothing, nothing, nothing, nothing, nothing, nothing))
    return paired(field, scan, grid, at_ms, wind_mps, 1, np.empty(18 * field.size + 3))


def _square(flat: Floats) -> Floats:
    full = np.empty((len(flat), 4, 4))
    for k, (i, j) in enumerate(UPPER):
        full[:, i, j] = full[:, j, i] = flat[:, 4 + k]
    return full


def _corrected(mean: Floats, cov: Floats, of: MeasureOf) -> tuple[Floats, Floats, Floats, Floats]:
    """Likelihood, squared distance, and the Kalman correction of n states (extended, for a bearing)."""
    got = of(mean)
    gap = got.value - got.seen
    if got.is_angle:
        gap = (gap + np.pi) % (2 * np.pi) - np.pi
    cross = got.slope @ cov
    spread = cross @ got.slope.transpose(0, 2, 1) + got.error
    gain = np.linalg.solve(spread, cross).transpose(0, 2, 1)
    d2 = np.einsum("ni,ni->n", gap, np.linalg.solve(spread, gap[:, :, None])[:, :, 0])
    like = np.exp(-0.5 * d2) / np.sqrt(np.linalg.det(2 * np.pi * spread))
    return like, d2, mean + (gain @ gap[:, :, None])[:, :, 0], cov - gain @ cross


def _renewed(
    field: Field,
    pairs: Pairs,
    share: Floats,
    meant: npt.NDArray[np.bool_],
    mean: Floats,
    cov: Floats,
    detection: float,
    at_ms: int,
) -> Field:
    """Mixes "made it" and "did not" into each track that was meant; those of several models keep their models only if
    they were not."""
    rest = (1.0 - share.sum()) + (share.sum() - share)
    real = share + rest * field.exist * (1.0 - detection) / (1.0 - field.exist * detection)
    part = np.where(meant, share / np.maximum(real, 1e-300), 0.0)
    was = pairs.state.T
    step = mean - was[:, :4]
    both = part[:, None, None] * cov + (1 - part)[:, None, None] * _square(was)
    both += (part * (1 - part))[:, None, None] * step[:, :, None] * step[:, None, :]
    state = field.state.copy()
    state[:4, meant] = (was[:, :4] + part[:, None] * step)[meant].T
    for k, (i, j) in enumerate(UPPER):
        state[4 + k, meant] = both[meant, i, j]
    kept = (field.slot >= 0) & ~meant
    slot = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    rows = field.slot[kept]
    return Field(
        field.key, np.where(meant, at_ms, field.at), np.where(meant, np.clip(real, 0.0, 1.0 - 1e-9), field.exist),
        np.where(meant, 0.0, field.lean), state, slot, field.bank[rows].reshape(-1, MODELS, 14),
        field.mode[rows].reshape(-1, MODELS), field.scans + 1,
    )  # fmt: skip
