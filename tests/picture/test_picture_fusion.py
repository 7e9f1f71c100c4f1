"""Inverse covariance intersection: never surer than a common part allows, never wider than the plain one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.picture.kinematics import intersect, intersect_inverse

seeds = st.integers(0, 2**32 - 1)


def spread(draw: np.random.Generator, count: int) -> np.ndarray:
    """Random covariances of a plane state."""
    root = draw.normal(size=(count, 4, 4)) * (np.array([200.0, 200, 8, 8]) * 10 ** draw.uniform(-1, 1, 4))[:, None]
    return root @ root.transpose(0, 2, 1) + np.diag([1.0, 1, 0.01, 0.01])


def least(a: np.ndarray, scale: np.ndarray) -> float:
    """Least eigenvalue of a in units of the axes of `scale`."""
    sigma = np.sqrt(np.einsum("nii->ni", scale))
    return float(np.linalg.eigvalsh(a / sigma[:, :, None] / sigma[:, None, :]).min())


@settings(deadline=None)
@given(seeds)
def test_it_is_never_surer_than_a_common_part_allows(seed):
    """Two estimates that each hold the same third one (an echo, a shared radar) and something of their own: the true
    error of the fused state is within the covariance that it claims."""
    draw = np.random.default_rng(seed)
    own_a, own_b, common = (np.linalg.inv(spread(draw, 6)) for _ in range(3))
    cov_a, cov_b = np.linalg.inv(own_a + common), np.linalg.inv(own_b + common)
    zero = np.zeros((6, 4))
    _, claimed, omega = intersect_inverse(zero, cov_a, zero, cov_b)
    w = omega[:, None, None]
    middle = np.linalg.inv(w * cov_a + (1 - w) * cov_b)
    gain_a = claimed @ (np.linalg.inv(cov_a) - w * middle)
    gain_b = claimed @ (np.linalg.inv(cov_b) - (1 - w) * middle)
    cross = cov_a @ common @ cov_b
    true = gain_a @ cov_a @ gain_a.transpose(0, 2, 1) + gain_b @ cov_b @ gain_b.transpose(0, 2, 1)
    both = gain_a @ cross @ gain_b.transpose(0, 2, 1)
    true += both + both.transpose(0, 2, 1)
    assert least(claimed - true, claimed) > -1e-6
    assert np.allclose(gain_a + gain_b, np.eye(4), atol=1e-5)


@settings(deadline=None)
@given(seeds)
def test_it_is_no_wider_than_covariance_intersection_and_than_either(seed):
    draw = np.random.default_rng(seed)
    x, y, a, b = draw.normal(0, 100, (6, 4)), draw.normal(0, 100, (6, 4)), spread(draw, 6), spread(draw, 6)
    mean, cov, _ = intersect_inverse(x, a, y, b)
    _, plain, _ = intersect(x, a, y, b)
    size = np.linalg.slogdet(cov)[1]
    assert (size <= np.linalg.slogdet(plain)[1] + 1e-6).all()
    assert (size <= np.minimum(np.linalg.slogdet(a)[1], np.linalg.slogdet(b)[1]) + 1e-6).all()
    other, same, _ = intersect_inverse(y, b, x, a)
    sigma = np.sqrt(np.einsum("nii->ni", cov))
    assert np.allclose(mean / sigma, other / sigma, atol=1e-2)
    assert np.allclose(np.linalg.slogdet(same)[1], size, atol=1e-4)


def test_an_echo_adds_nothing():
    draw = np.random.default_rng(1)
    x, a = draw.normal(0, 100, (5, 4)), spread(draw, 5)
    mean, cov, _ = intersect_inverse(x, a, x, a)
    assert np.allclose(mean, x)
    assert np.allclose(cov, a, rtol=1e-6)
    worse = a + spread(draw, 5)
    mean, cov, omega = intersect_inverse(x, a, x + 5, worse)
    assert (omega == 0).all()
    assert np.allclose(mean, x, atol=1e-6)
    assert np.allclose(cov, a, rtol=1e-6)
