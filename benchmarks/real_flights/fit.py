"""Fits the weights of courses and the recalibration on some aircraft, so that others can be forecast.

Here: `fit_weights`, `fit_recalibration`. Not here: moments and paths (cases), scores, which aircraft are held out.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, nnls

from redshank.forecast.kinds import KNOTS
from redshank.forecast.trail import course_weights

Reals = npt.NDArray[np.float64]
SHRINKAGE = 2e-3  # of the standardised table towards even weights; set once, not tuned
SHRINKAGE_MAP = 1e-4  # of the steps of the recalibration towards the identity


def aircraft_weights(aircraft: npt.NDArray[np.str_], kind: Reals) -> Reals:
    """Of each moment: an aircraft that was heard for long weighs more than another, but by the root of it."""
    count = Counter(aircraft.tolist())
    weights = kind / np.sqrt([count[one] for one in aircraft.tolist()])
    return np.asarray(weights / weights.sum())


def fit_weights(features: Reals, shares: Reals, crossed: Reals, weight: Reals) -> Reals:
    """The table (features, courses) of least Brier score; shares (courses, moments, horizons, lines)."""
    courses, moments = shares.shape[:2]
    mean, sigma = features.mean(axis=0), features.std(axis=0)
    mean[0], sigma[0] = 0.0, 1.0
    sigma = np.maximum(sigma, 1e-6)
    scaled = (features - mean) / sigma
    p, y = shares.reshape(courses, moments, -1), crossed.reshape(moments, -1)
    known = np.isfinite(y)
    y, share_of = np.where(known, y, 0.0), known * weight[:, None]
    share_of = share_of / share_of.sum()

    def loss(flat: Reals) -> tuple[float, Reals]:
        table = flat.reshape(-1, courses)
        mixed = course_weights(scaled, table)
        off = np.einsum("nk,knc->nc", mixed, p) - y
        slope = np.einsum("nc,knc->nk", 2 * share_of * off, p)
        logit = mixed * (slope - (mixed * slope).sum(axis=1, keepdims=True))
        gradient = scaled.T @ logit + 2 * SHRINKAGE * table / table.size
        return float((share_of * off**2).sum() + SHRINKAGE * np.mean(table**2)), gradient.ravel()

    begin = np.zeros(features.shape[1] * courses)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x.reshape(-1, courses)
    table = found / sigma[:, None]
    table[0] -= (mean[:, None] * table).sum(axis=0) - mean[0] * table[0]
    return np.asarray(table)


def fit_recalibration(p: Reals, crossed: Reals, weight: Reals) -> tuple[float, ...]:
    """Values at KNOTS of the monotone piecewise linear map of least Brier score; p and crossed (moments, lines).

    Isotonic regression (Barlow and others 1972) with so few steps that some aircraft suffice to fit them. Shares of
    zero are left out: such a border is not reported. A pull to the identity keeps what the cases do not tell.
    """
    known = np.isfinite(crossed) & (p > 0)
    share = np.broadcast_to(weight[:, None], p.shape)[known]
    root = np.sqrt(share / share.sum())
    knots = np.array(KNOTS)
    rises = np.clip((p[known][:, None] - knots[:-1]) / np.diff(knots), 0.0, 1.0)
    columns = np.concatenate([np.ones((len(rises), 1)), rises], axis=1) * root[:, None]
    identity = np.concatenate([[0.0], np.diff(knots)])
    pull = np.sqrt(SHRINKAGE_MAP) * np.eye(len(knots))
    steps, _ = nnls(
        np.concatenate([columns, pull]), np.concatenate([crossed[known] * root, np.sqrt(SHRINKAGE_MAP) * identity])
    )
    return tuple(round(value, 4) for value in np.minimum(np.cumsum(steps), 1.0).tolist())
