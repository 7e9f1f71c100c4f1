"""Kinematics: the sums of the picture, on arrays of many tracks at once.

Here: prediction, correction, statistical distance, covariance intersection, and the change between the regional plane
(state x, y, vx, vy in m and m/s) and local true axes. Not here: which report belongs to which track. May know: terms.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from redshank.terms.geo import from_plane, grid_turn, to_plane

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

ACCELERATION_M2PS3 = 8.0
"""Spectral density of the white-noise acceleration. A rate-one turn (3 deg/s) at 50 m/s is 2.6 m/s2; with half of it
as standard deviation per 5 s scan, 1.3^2 * 5 = 8 m2/s3 (Bar-Shalom, Li and Kirubarajan 2001, section 6.3.2)."""
SPEED_CHANGE_SHARE, SPEED_CHANGE_MPS = 0.25, 3.0
"""However long it is unseen, a slow flier's velocity changes by about 25 % and 3 m/s (one sigma per axis): the plain
model would give 120 m/s after half an hour. With it the search area holds 97 % to 99 % of simulated flights that
wander, turn once, change speed or come down (the tests of the picture): on the safe side of the 90 % stated."""

CHI2_2_90, CHI2_2_95 = 4.605, 5.991
CHI2_2_9997 = 16.22
CHI2_4_95, CHI2_4_99, CHI2_4_9999 = 9.488, 13.277, 23.513


def noise_density(velocity: Array, dt_s: Array) -> Array:
    """White-noise acceleration density in m2/s3 for a step of `dt_s`, bounded so that speed stays plausible."""
    most = SPEED_CHANGE_SHARE * np.hypot(velocity[..., 0], velocity[..., 1]) + SPEED_CHANGE_MPS
    return np.minimum(ACCELERATION_M2PS3, most**2 / np.maximum(np.abs(dt_s), 1e-3))


def predict(mean: Array, cov: Array, dt_s: Array) -> tuple[Array, Array]:
    """Constant-velocity prediction of n states (n x 4, n x 4 x 4) by dt_s seconds each; backwards if negative.

    White-noise acceleration model (Bar-Shalom et al. 2001, eq. 6.2.2-12); backwards the cross term changes its sign.
    """
    step = np.zeros_like(cov)
    step[:, range(4), range(4)] = 1.0
    step[:, 0, 2] = step[:, 1, 3] = dt_s
    density, length = noise_density(mean[:, 2:], dt_s), np.abs(dt_s)
    noise = np.zeros_like(cov)
    noise[:, 0, 0] = noise[:, 1, 1] = density * length**3 / 3
    noise[:, 0, 2] = noise[:, 2, 0] = noise[:, 1, 3] = noise[:, 3, 1] = density * length * dt_s / 2
    noise[:, 2, 2] = noise[:, 3, 3] = density * length
    moved = mean.copy()
    moved[:, :2] += mean[:, 2:] * dt_s[:, None]
    return moved, symmetric(step @ cov @ step.transpose(0, 2, 1) + noise)


def correct(mean: Array, cov: Array, seen: Array, measured: Array, error: Array) -> tuple[Array, Array]:
    """Kalman correction of n states by measured = seen @ state + error, in Joseph's form (Bar-Shalom et al. 2001,
    eq. 5.2.3-18), which keeps the covariance positive definite under rounding."""
    spread = symmetric(seen @ cov @ seen.transpose(0, 2, 1) + error)
    gain = np.linalg.solve(spread, seen @ cov).transpose(0, 2, 1)
    innovation = measured - np.squeeze(seen @ mean[:, :, None], axis=2)
    keep = np.eye(4) - gain @ seen
    better = keep @ cov @ keep.transpose(0, 2, 1) + gain @ error @ gain.transpose(0, 2, 1)
    return mean + np.squeeze(gain @ innovation[:, :, None], axis=2), symmetric(better)


def symmetric(cov: Array) -> Array:
    """The symmetric part: rounding must not tilt a covariance."""
    half: Array = 0.5 * (cov + cov.swapaxes(-1, -2))
    return half


def distance2(mean_a: Array, cov_a: Array, mean_b: Array, cov_b: Array) -> Array:
    """Squared statistical distance of n pairs of states, 4 degrees of freedom; errors taken as independent, which for
    estimates that share sensors makes the gate wider, never narrower."""
    apart = mean_a - mean_b
    solved = np.linalg.solve(cov_a + cov_b, apart[:, :, None])[:, :, 0]
    d2: Array = np.einsum("ni,ni->n", apart, solved)
    return d2


def intersect(mean_a: Array, cov_a: Array, mean_b: Array, cov_b: Array) -> tuple[Array, Array, Array]:
    """Covariance intersection of n pairs: means, covariances, and the weight omega of the first.

    Julier and Uhlmann 1997 (American Control Conference, p. 2369): consistent whatever the correlation of the two is.
    Omega minimises the determinant. With the eigenvalues l of the two informations against each other, the derivative
    of the log determinant is the sum of (l - 1) / (omega l + 1 - omega), which falls in omega: bisect.
    """
    info_a, info_b = symmetric(_inverse(cov_a)), symmetric(_inverse(cov_b))
    root = _inverse(np.asarray(np.linalg.cholesky(info_b), np.float64))
    ratio = np.linalg.eigvalsh(symmetric(root @ info_a @ root.transpose(0, 2, 1)))
    low, high = np.zeros(len(ratio)), np.ones(len(ratio))
    for _ in range(40):
        middle = 0.5 * (low + high)
        slope = ((ratio - 1.0) / (middle[:, None] * ratio + 1.0 - middle[:, None])).sum(axis=1)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    # Exact ends: when one estimate says nothing that the other does not, it gets no weight at all.
    omega = np.where(high <= 1e-9, 0.0, np.where(low >= 1.0 - 1e-9, 1.0, 0.5 * (low + high)))
    weight = omega[:, None, None]
    cov = symmetric(_inverse(weight * info_a + (1.0 - weight) * info_b))
    said = weight * (info_a @ mean_a[:, :, None]) + (1.0 - weight) * (info_b @ mean_b[:, :, None])
    return (cov @ said)[:, :, 0], cov, omega


def _inverse(matrix: Array) -> Array:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def local_to_plane(lat_deg: Array, lon_deg: Array, velocity: Array, cov: Array) -> tuple[Array, Array]:
    """n states (lat, lon, n x 2 east/north m/s, n x 4 x 4 in local true axes) to plane means and covariances."""
    x, y = to_plane(lat_deg, lon_deg)
    turn = _turn(lat_deg, lon_deg)
    speed = (turn[:, 2:, 2:] @ velocity[:, :, None])[:, :, 0]
    return np.column_stack((x, y, speed)), symmetric(turn @ cov @ turn.transpose(0, 2, 1))


def plane_to_local(mean: Array, cov: Array) -> tuple[Array, Array, Array, Array]:
    """n plane states to (lat_deg, lon_deg, n x 2 east/north m/s, n x 4 x 4 covariances in local true axes)."""
    lat, lon = from_plane(mean[:, 0], mean[:, 1])
    turn = np.linalg.inv(_turn(lat, lon))
    speed = (turn[:, 2:, 2:] @ mean[:, 2:, None])[:, :, 0]
    return lat, lon, speed, symmetric(turn @ cov @ turn.transpose(0, 2, 1))


def _turn(lat_deg: Array, lon_deg: Array) -> Array:
    """n x 4 x 4: local true axes to plane axes, for a position difference and a velocity alike."""
    angle, scale = grid_turn(lat_deg, lon_deg)
    turn = np.zeros((len(lat_deg), 4, 4))
    turn[:, 0, 0] = turn[:, 1, 1] = turn[:, 2, 2] = turn[:, 3, 3] = scale * np.cos(angle)
    turn[:, 0, 1] = turn[:, 2, 3] = scale * np.sin(angle)
    turn[:, 1, 0] = turn[:, 3, 2] = -scale * np.sin(angle)
    return turn


def seconds(to: npt.ArrayLike, since: npt.ArrayLike) -> Array:
    """Difference of instants in seconds."""
    return np.asarray(np.asarray(to, np.int64) - np.asarray(since, np.int64), np.float64) / 1_000.0


def square(flat: Sequence[Sequence[float]]) -> Array:
    """Row-major 16-tuples to n x 4 x 4."""
    return np.array(flat, np.float64).reshape(-1, 4, 4)


def assigned(cost: Array) -> tuple[Places, Places]:
    """Rows and columns of the pairs whose costs have the least sum, as many of them as possible; an infinite cost bars
    a pair. Where no two pairs compete there is nothing to solve: a node that only ever sees that needs no scipy."""
    may = np.isfinite(cost)
    alone = may & (may.sum(axis=0) == 1)[None, :] & (may.sum(axis=1) == 1)[:, None]
    rows, columns = np.nonzero(alone)
    contested = np.ix_(*(np.flatnonzero((may & ~alone).any(axis=axis)) for axis in (1, 0)))
    if not contested[0].size:
        return rows, columns
    from scipy.optimize import linear_sum_assignment

    some, other = linear_sum_assignment(np.where(may[contested], cost[contested], 1e9))
    some, other = contested[0].ravel()[some], contested[1].ravel()[other]
    real = may[some, other]
    rows, columns = np.concatenate([rows, some[real]]), np.concatenate([columns, other[real]])
    order = np.argsort(rows)
    return rows[order], columns[order]
