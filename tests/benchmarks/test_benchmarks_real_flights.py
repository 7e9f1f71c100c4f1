"""The evaluation on real flights, on flights made up here: it judges what it says, and can tell good from bad."""

import numpy as np
import pytest
from benchmarks.real_flights import rivals
from benchmarks.real_flights.cases import Plan, cases_of, shares_crossing
from benchmarks.real_flights.fit import fit_recalibration, fit_weights
from benchmarks.real_flights.recordings import Piece
from benchmarks.real_flights.scores import Outcomes, calibration_error, outcomes, skill

from redshank.forecast.kinds import KNOTS
from redshank.forecast.motion import PATHS, SLOW_FLIER
from redshank.terms.crossing import Course

PLAN = Plan(60, 120, (300, 600), 50.0)


def straight(name: str, speed_mps: float = 40.0, minutes: int = 60) -> Piece:
    return Piece(name, name, False, np.arange(minutes * 6) * 10.0 * speed_mps * np.exp(0.3j))


def test_a_straight_flight_is_foretold_by_dead_reckoning_and_by_transit():
    cases = cases_of([straight("a")], PLAN)
    crossed = cases.crossed[:, 0]
    known = np.isfinite(crossed)
    assert 0.05 < crossed[known].mean() < 0.5
    assert (rivals.dead_reckoning(cases, 0, 300.0)[known] == crossed[known]).mean() > 0.98
    alone = np.zeros((len(crossed), len(SLOW_FLIER)), np.int64)
    alone[:, [one.course for one in SLOW_FLIER].index(Course.TRANSIT)] = PATHS
    p = shares_crossing(cases, PLAN, alone)[:, 0]
    assert np.mean((p[known] - crossed[known]) ** 2) < 0.03


def test_lines_do_not_see_what_comes_after():
    """The same flight cut off later: moments that both have are asked about the same lines, and know the same past."""
    short, long = cases_of([straight("a", minutes=30)], PLAN), cases_of([straight("a", minutes=60)], PLAN)
    both = len(short.since_s)
    assert (short.distance_m == long.distance_m[:both]).all()
    assert (short.normal == long.normal[:both]).all()
    assert (short.past.features == long.past.features[:both]).all()


def test_a_moment_that_was_not_heard_to_the_horizon_is_not_judged():
    cases = cases_of([straight("a", minutes=20)], PLAN)
    assert np.isnan(cases.crossed[cases.since_s > 900.0, 0]).all()
    assert np.isfinite(cases.crossed[cases.since_s < 590.0]).all()


def test_recalibration_finds_a_map_and_keeps_what_is_right():
    rng = np.random.default_rng(3)
    p = rng.random((4_000, 8))
    weight = np.ones(4_000)
    right = fit_recalibration(p, (rng.random(p.shape) < p).astype(float), weight)
    assert right == pytest.approx(KNOTS, abs=0.03)
    wrong = fit_recalibration(p, (rng.random(p.shape) < p**2).astype(float), weight)
    assert wrong == pytest.approx([knot**2 for knot in KNOTS], abs=0.05)
    assert list(wrong) == sorted(wrong)


def test_weights_are_found_again():
    """Two courses: one comes true where the feature is high, the other where it is low."""
    rng = np.random.default_rng(5)
    features = np.stack([np.ones(2_000), rng.normal(3.0, 2.0, 2_000)], axis=1)
    shares = rng.random((2, 2_000, 1, 8))
    of = (features[:, 1] > 3.0).astype(int)
    p = shares[of, np.arange(2_000)]
    table = fit_weights(features, shares, (rng.random(p.shape) < p).astype(float), np.ones(2_000))
    high = np.array([1.0, 6.0]) @ table
    low = np.array([1.0, 0.0]) @ table
    assert high[1] > high[0] + 1.0
    assert low[0] > low[1] + 1.0


def test_scores_tell_calibrated_from_not():
    rng = np.random.default_rng(7)
    p = rng.random((600, 20))
    aircraft = np.array([f"{number % 15}" for number in range(600)])
    came = (rng.random(p.shape) < p).astype(float)
    good, bad = outcomes(p, came, aircraft), outcomes(np.sqrt(p), came, aircraft)
    climatology = Outcomes(np.full(good.p.shape, 0.5), good.came, good.aircraft)
    assert skill(good, climatology)[0] == pytest.approx(1 / 3, abs=0.03)
    assert skill(bad, climatology)[0] < skill(good, climatology)[0]
    error, chance = calibration_error(good)
    assert error < 0.02
    assert chance < 0.02
    assert calibration_error(bad)[0] > 0.1
