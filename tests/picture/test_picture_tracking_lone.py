"""Observations that are no plots in the plane: radar coordinates, bearings by ear, a person's words."""

import numpy as np
import pytest

from redshank.picture.tracking.engine import scanned
from redshank.picture.tracking.field import Field, Sensor, empty, scan_of
from redshank.picture.tracking.lone import Heard, MeasureOf, observed, polar

pytestmark = pytest.mark.timeout(600)  # the first one on a machine compiles the loops: 22 s of processor
SENSOR = Sensor(0.9, 1e-9, 1e-9, whole=False)


def track(x_m: float, y_m: float, scans: int = 6, speed_mps: float = 40.0, sigma_m: float = 300.0) -> Field:
    field = empty()
    for second in range(scans):
        spot = scan_of(np.array([x_m + speed_mps * second]), np.array([y_m]), sigma_m)
        field = scanned(field, spot, SENSOR, second * 1_000)
    return field


def test_radar_plots_are_unbiased_and_as_exact_as_they_say():
    """Four degrees at 60 km: the plain conversion is 146 m too short there."""
    draw, count, place = np.random.default_rng(1), 400_000, np.array([30_000.0, -52_000.0])
    distance, azimuth = np.hypot(*place), np.arctan2(*place)
    scan = polar((0.0, 0.0), distance + draw.normal(0, 50, count), azimuth + draw.normal(0, np.radians(4), count), 50.0,
                 np.radians(4))  # fmt: skip
    error = np.stack((scan.x_m, scan.y_m)) - place[:, None]
    assert np.hypot(*error.mean(axis=1)) < 25.0
    told = np.array([[scan.xx_m2.mean(), scan.xy_m2.mean()], [scan.xy_m2.mean(), scan.yy_m2.mean()]])
    assert np.allclose(np.cov(error) / np.trace(told), told / np.trace(told), atol=0.01)
    assert (scan.xx_m2 * scan.yy_m2 > scan.xy_m2**2).all()


def test_bearings_of_two_microphones_cross_on_the_flier():
    field = track(5_000.0, 5_000.0, sigma_m=800.0)
    truth = np.array([5_200.0 + 300.0, 5_000.0 - 500.0])
    before = np.hypot(*(field.mean()[0, :2] - truth))
    for step, site in enumerate(((0.0, 0.0), (10_000.0, 0.0)) * 8):
        azimuth = float(np.arctan2(truth[0] - site[0], truth[1] - site[1]))
        heard = Heard(MeasureOf("bearing", site, azimuth, np.radians(1.0)), 0.1)
        field = observed(field, heard, SENSOR, 5_000 + step)
    assert np.hypot(*(field.mean()[0, :2] - truth)) < 60 < before
    assert np.linalg.eigvalsh(field.cov()).min() > 0
    assert field.exist[0] > 0.99
    assert field.cov()[0, 0, 0] ** 0.5 < 60


def test_a_bearing_past_north_is_no_full_circle():
    field = track(-30.0, 8_000.0, speed_mps=0.0)
    heard = Heard(MeasureOf("bearing", (0.0, 0.0), np.radians(359.9), np.radians(1.0)), 0.1)
    assert np.hypot(*(observed(field, heard, SENSOR, 5_000).mean()[0, :2] - [-30, 8_000])) < 120


def both(one: Field, other: Field) -> Field:
    """Two fields of straight tracks as one."""
    return Field(
        np.concatenate((one.key, other.key)),
        np.concatenate((one.at, other.at)),
        np.concatenate((one.exist, other.exist)),
        np.hstack((one.lean, other.lean)),
        np.hstack((one.state, other.state)),
        np.concatenate((one.slot, other.slot)),
        one.bank,
        one.mode,
        one.scans,
    )


def test_a_persons_words_move_what_they_can_and_leave_the_others():
    """Over the village, heading west: of a track whose course was not known."""
    field = both(track(0.0, 0.0, scans=1, sigma_m=1_500.0), track(90_000.0, 0.0, scans=1))
    words = MeasureOf("sighting", np.array([400.0, 200.0]), np.eye(2) * 800.0**2, np.array([-40.0, 0.0]), 10.0)
    after = observed(field, Heard(words, 1e-13), SENSOR, 0)
    assert after.mean()[0, 2] < -30
    assert 150 < after.mean()[0, 0] < 400
    assert after.exist[0] > field.exist[0]
    assert np.array_equal(after.state[:, 1], field.state[:, 1])


def test_words_of_one_object_are_not_given_to_two_tracks():
    """Two tracks at one place that are each as likely: together they take no more than the one observation."""
    field = both(track(0.0, 0.0, scans=1), track(0.0, 0.0, scans=1))
    words = MeasureOf("sighting", np.array([0.0, 0.0]), np.eye(2) * 300.0**2, None, 0.0)
    after = observed(field, Heard(words, 1e-12), Sensor(0.999, 1e-9, 1e-9), 0)
    alone = observed(track(0.0, 0.0, scans=1), Heard(words, 1e-12), Sensor(0.999, 1e-9, 1e-9), 0)
    assert alone.exist[0] > 0.99
    assert after.exist[0] == after.exist[1]
    assert abs(after.exist.sum() - 1.0) < 0.01
