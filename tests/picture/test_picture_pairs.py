"""Pairs: which tracks may be one object, and who is assigned to whom."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from redshank.picture.joining import near_pairs
from redshank.picture.kinematics import CHI2_4_95, CHI2_4_99, assigned
from redshank.picture.nearness import costs as costs_of
from redshank.picture.nearness import gated
from redshank.picture.state import Estimate, OwnTrack
from redshank.terms.ids import TrackId
from redshank.terms.instants import Instant

costs = st.integers(0, 5).flatmap(
    lambda rows: st.integers(0, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.one_of(st.just(np.inf), st.floats(0, 50)), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        ).map(lambda table: np.array(table, np.float64).reshape(rows, columns))
    )
)


@given(costs)
@settings(deadline=None)
def test_as_many_pairs_as_may_be_and_the_least_sum(cost):
    rows, columns = assigned(cost)
    assert np.isfinite(cost[rows, columns]).all()
    assert len(set(rows.tolist())) == len(rows) == len(set(columns.tolist()))
    best = linear_sum_assignment(np.where(np.isfinite(cost), cost, 1e9))
    finite = np.isfinite(cost[best])
    assert len(rows) == finite.sum()
    assert np.isclose(cost[rows, columns].sum(), cost[best][finite].sum())


def track(number: int, x_m: float, y_m: float, sigma_m: float) -> OwnTrack:
    spread = np.diag([sigma_m**2, sigma_m**2, 9.0, 9.0]).ravel()
    estimate = Estimate(Instant(1_000), (x_m, y_m, 40.0, 0.0), tuple(spread.tolist()))
    return OwnTrack(
        id=TrackId(f"LT/{number}"), estimate=estimate, parts=(), first_at=Instant(0), last_report_at=Instant(1_000)
    )


places = st.tuples(st.floats(-8_000, 8_000), st.floats(-8_000, 8_000), st.floats(50, 3_000))


@given(st.lists(places, max_size=12))
@settings(deadline=None)
def test_near_pairs_are_those_within_reach_and_inside_the_gate(some):
    tracks = [track(number, *place) for number, place in enumerate(some)]
    found = near_pairs(tracks)
    assert found == sorted(found)
    wanted = set()
    for i, (ax, ay, a_m) in enumerate(some):
        for j, (bx, by, b_m) in enumerate(some[i + 1 :], start=i + 1):
            apart_m = float(np.hypot(ax - bx, ay - by))
            reach_m = np.clip(3.0 * np.sqrt(2.0) * max(a_m, b_m), 2_000.0, 20_000.0)
            gate = apart_m**2 / (a_m**2 + b_m**2)
            if abs(apart_m - reach_m) > 1.0 and abs(gate - CHI2_4_95) > 1e-3:
                if apart_m < reach_m and gate < CHI2_4_95:
                    wanted.add((i, j))
                else:
                    assert (i, j) not in {(a, b) for _, a, b in found}
    assert wanted <= {(a, b) for _, a, b in found}


states = st.builds(
    lambda at_s, x, y, course, speed, sigma_m, sigma_mps: Estimate(
        Instant(1_000 * at_s),
        (x, y, speed * np.cos(course), speed * np.sin(course)),
        tuple(np.diag([sigma_m**2, sigma_m**2, sigma_mps**2, sigma_mps**2]).ravel().tolist()),
    ),
    at_s=st.integers(0, 300),
    x=st.floats(-30_000, 30_000),
    y=st.floats(-30_000, 30_000),
    course=st.floats(0, 6.28),
    speed=st.floats(0, 80),
    sigma_m=st.floats(20, 3_000),
    sigma_mps=st.floats(0.1, 40),
)


@given(st.lists(states, min_size=1, max_size=6), st.lists(states, min_size=1, max_size=6))
@settings(deadline=None)
def test_no_pair_inside_the_gate_is_passed_over(ours, theirs):
    found = gated(ours, theirs)
    for i, a in enumerate(ours):
        for j, b in enumerate(theirs):
            [d2], [volume] = costs_of([a], [b])
            assert found[i, j] == (d2 + volume if d2 < CHI2_4_99 else np.inf)
