"""Motion: how slow low fliers move, as linear models, and how one follows another.

Here: the models, their prediction, the mixing of the interacting multiple model estimator (Blom and Bar-Shalom 1988,
IEEE TAC 33(8)). Not here: plots. May know: nothing.

Every model is v' = w + a (v - w), p' = p + w dt + b (v - w) with a = exp(-(1/tau - i omega) dt), b its integral, read
as complex numbers of the plane: straight (no tau, no omega), turn (omega), slack (tau: the velocity runs down to the
wind's). Noise is white acceleration, integrated exactly (under tau: Uhlenbeck and Ornstein 1930).
"""

from typing import NamedTuple

import numpy as np

from redshank.picture.tracking.compiled import compiled
from redshank.picture.tracking.field import Floats

STRAIGHT, MANOEUVRE, LEFT, RIGHT, SLACK = range(5)
MODELS = 5
RATE_PER_S = (0.0, 0.0, 0.0, 0.0, 1.0 / 20.0)
"""1 / tau. SLACK: a flier that was blinded and drifts, one out of fuel, a balloon: the wind has it within a minute."""
TURN_RADPS = (0.0, 0.0, np.radians(3.0), -np.radians(3.0), 0.0)
"""A rate-one turn, which is also how the circling of a flier that lost its way looks."""
NOISE_M2PS3 = (0.5, 12.0, 2.0, 2.0, 4.0)
"""Density of the acceleration. STRAIGHT: 0.7 m/s in a second, 2 m/s in ten, as gusts do. MANOEUVRE: all the rest, of
every kind (Bar-Shalom, Li and Kirubarajan 2001, section 6.3.2: half of the largest acceleration per scan)."""
STAY_S = (180.0, 20.0, 40.0, 40.0, 60.0)
"""Mean time in a model."""
NEXT = (
    (0.0, 0.5, 0.2, 0.2, 0.1),
    (0.6, 0.0, 0.15, 0.15, 0.1),
    (0.7, 0.2, 0.0, 0.05, 0.05),
    (0.7, 0.2, 0.05, 0.0, 0.05),
    (0.6, 0.3, 0.05, 0.05, 0.0),
)
"""Which model follows, when one ends."""
PRIOR = (0.8, 0.08, 0.05, 0.05, 0.02)
"""What the models are held to be when a track stops being explained by the straight one."""

_RATE, _TURN, _NOISE, _STAY = (np.array(row) for row in (RATE_PER_S, TURN_RADPS, NOISE_M2PS3, STAY_S))
_NEXT, _PRIOR = np.array(NEXT), np.array(PRIOR)


@compiled
def step_of(model: int, dt: float, to: Floats) -> None:
    """Fills `to` with a (re, im), b (re, im), and the noise pp, pv, vv, yu = -xv of a model for `dt` seconds."""
    rate, turn, noise = _RATE[model], _TURN[model], _NOISE[model]
    fade = np.exp(-rate * dt)
    to[0], to[1] = fade * np.cos(turn * dt), fade * np.sin(turn * dt)
    square = rate * rate + turn * turn
    if square == 0.0:
        to[2], to[3] = dt, 0.0
    else:  # (1 - a) / (rate - i turn)
        to[2] = ((1.0 - to[0]) * rate + to[1] * turn) / square
        to[3] = ((1.0 - to[0]) * turn - to[1] * rate) / square
    to[7] = 0.0
    if square == 0.0:
        to[4], to[5], to[6] = noise * dt * dt * dt / 3.0, noise * dt * dt / 2.0, noise * dt
    elif rate == 0.0:  # the noise turns as well: E[p conj(v)] = noise times the integral of b conj(a)
        late = dt - np.sin(turn * dt) / turn
        to[4], to[5] = 2.0 * noise * late / square, noise * (1.0 - np.cos(turn * dt)) / square
        to[6], to[7] = noise * dt, -noise * late / turn
    else:
        tau, gone = 1.0 / rate, 1.0 - fade
        to[4] = noise * tau * tau * (dt - 2.0 * tau * gone + 0.5 * tau * (1.0 - fade * fade))
        to[5] = 0.5 * noise * tau * tau * gone * gone
        to[6] = 0.5 * noise * tau * (1.0 - fade * fade)


@compiled
def advance(was: Floats, step: Floats, dt: float, wind: Floats, to: Floats) -> None:
    """A Gaussian moved by a step of `step_of`."""
    ar, ai, br, bi = step[0], step[1], step[2], step[3]
    u, v = was[2] - wind[0], was[3] - wind[1]
    to[0] = was[0] + wind[0] * dt + br * u - bi * v
    to[1] = was[1] + wind[1] * dt + bi * u + br * v
    to[2], to[3] = wind[0] + ar * u - ai * v, wind[1] + ai * u + ar * v
    xx, xy, xu, xv, yy, yu, yv = was[4], was[5], was[6], was[7], was[8], was[9], was[10]
    uu, uv, vv = was[11], was[12], was[13]
    # W = B Pvv; then Ppv + W, and Ppp + B Pvp + (Ppv + W) B'.
    w00, w01, w10, w11 = br * uu - bi * uv, br * uv - bi * vv, bi * uu + br * uv, bi * uv + br * vv
    c00, c01, c10, c11 = xu + w00, xv + w01, yu + w10, yv + w11
    to[4] = xx + (br * xu - bi * xv) + c00 * br - c01 * bi + step[4]
    to[5] = xy + (br * yu - bi * yv) + c00 * bi + c01 * br
    to[8] = yy + (bi * yu + br * yv) + c10 * bi + c11 * br + step[4]
    to[6], to[7] = c00 * ar - c01 * ai + step[5], c00 * ai + c01 * ar - step[7]
    to[9], to[10] = c10 * ar - c11 * ai + step[7], c10 * ai + c11 * ar + step[5]
    q00, q01, q10, q11 = ar * uu - ai * uv, ar * uv - ai * vv, ai * uu + ar * uv, ai * uv + ar * vv
    to[11], to[12] = q00 * ar - q01 * ai + step[6], q00 * ai + q01 * ar
    to[13] = q10 * ai + q11 * ar + step[6]


@compiled
def mixture(bank: Floats, weight: Floats, to: Floats, i: int) -> None:
    """The mixture of a track's models (14 x models) as one Gaussian, to column i of `to`."""
    for k in range(14):
        to[k, i] = 0.0
    for m in range(MODELS):
        for k in range(4):
            to[k, i] += weight[m] * bank[k, m]
    for m in range(MODELS):
        w = weight[m]
        d0, d1, d2, d3 = bank[0, m] - to[0, i], bank[1, m] - to[1, i], bank[2, m] - to[2, i], bank[3, m] - to[3, i]
        to[4, i] += w * (bank[4, m] + d0 * d0)
        to[5, i] += w * (bank[5, m] + d0 * d1)
        to[6, i] += w * (bank[6, m] + d0 * d2)
        to[7, i] += w * (bank[7, m] + d0 * d3)
        to[8, i] += w * (bank[8, m] + d1 * d1)
        to[9, i] += w * (bank[9, m] + d1 * d2)
        to[10, i] += w * (bank[10, m] + d1 * d3)
        to[11, i] += w * (bank[11, m] + d2 * d2)
        to[12, i] += w * (bank[12, m] + d2 * d3)
        to[13, i] += w * (bank[13, m] + d3 * d3)


class Steps(NamedTuple):
    """Steps of all models and the chances of change for one length of time: most tracks of a scan share it."""

    dt: Floats
    step: Floats
    change: Floats
    joint: Floats
    start: Floats


@compiled
def fresh_cache() -> Steps:
    """Room for the steps of one length of time, none held yet."""
    dt = np.full(1, np.nan)
    return Steps(dt, np.empty((MODELS, 8)), np.empty((MODELS, MODELS)), np.empty((MODELS, MODELS)), np.empty((14, 1)))


@compiled
def prepared(cache: Steps, dt: float) -> None:
    """Makes the cache hold the steps for `dt`."""
    if cache.dt[0] == dt:
        return
    cache.dt[0] = dt
    for m in range(MODELS):
        step_of(m, dt, cache.step[m])
        stay = np.exp(-abs(dt) / _STAY[m])
        for k in range(MODELS):
            cache.change[m, k] = stay if m == k else (1.0 - stay) * _NEXT[m, k]


@compiled
def mixed(bank: Floats, weight: Floats, dt: float, wind: Floats, to: Floats, next_weight: Floats, cache: Steps) -> None:
    """One prediction of the estimator: mixing by the chances of change within `dt`, then each model's own step."""
    prepared(cache, dt)
    for k in range(MODELS):
        total = 0.0
        for m in range(MODELS):
            cache.joint[k, m] = weight[m] * cache.change[m, k]
            total += cache.joint[k, m]
        next_weight[k] = total
        for m in range(MODELS):
            cache.joint[k, m] /= total
        mixture(bank.T, cache.joint[k], cache.start, 0)
        advance(cache.start[:, 0], cache.step[k], dt, wind, to[k])


@compiled
def spread_out(was: Floats, dt: float, wind: Floats, to: Floats, next_weight: Floats, cache: Steps) -> None:
    """The first prediction of a track that the straight model does not explain: every model from the same state."""
    prepared(cache, dt)
    for k in range(MODELS):
        next_weight[k] = _PRIOR[k]
        advance(was, cache.step[k], dt, wind, to[k])
