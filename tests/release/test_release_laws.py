"""The laws of release: deny by default, non-interference, honest accuracy, nothing of the sources."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from tests.release.release_drafts import (
    DENY_ALL,
    LT,
    NOW,
    POLICY,
    SECRET,
    covariance,
    draft,
    forecast,
    form_drafts,
    positions,
    sigmas,
    track,
    track_drafts,
    tracks,
)

from redshank.release.asking import Question
from redshank.release.coarsen import Cell, moved, radius_95_m, sigma_max_m, snap
from redshank.release.decide import decide
from redshank.release.policy import Coarsen
from redshank.release.reader import parse_policy
from redshank.release.released import Released, Withheld
from redshank.terms.geo import Position, distance_m
from redshank.terms.ids import SourceId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import NoticeBody, PointE7
from redshank.terms.track import Status, StatusChange, TrailPoint

OPEN = parse_policy(
    "policy: open\nparty: LT\nextent: everything\nrules:\n"
    "  - {id: all, effect: allow, partners: [any], types: [NOTICE, UPDATE, LOST], automatic: true, "
    "coarsen: {position_m: 50, time_s: 1, altitude_m: 1, course_deg: 1, speed_kmh: 1, permille: 1}}\n"
    "  - {id: forms, effect: allow, partners: [any], automatic: true, "
    "types: [TEST, TEST-REPLY, QUERY, REPLY, ACK, CLOSE, AGREE-CLOSE]}\n"
)


@given(track_drafts | form_drafts)
def test_an_empty_policy_releases_nothing(asked):
    """REL-1."""
    made = decide(DENY_ALL, asked, NOW, question=Question(asked_at=NOW))
    assert isinstance(made, Withheld)
    assert made.verdict.rule == "default-deny"


@given(track_drafts | form_drafts)
def test_what_leaves_is_integers_and_codes_and_no_secret(asked):
    """REL-6."""
    made = decide(OPEN, asked, NOW)
    assert isinstance(made, Released)
    plain = msgspec.to_builtins(made.body)

    def check(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                assert isinstance(key, str)
                check(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                check(inner)
        else:
            assert type(value) in (int, str), value

    check(plain)
    wire = msgspec.json.encode(made.body).decode()
    for secret in (SECRET, "LT/4711", "null"):
        assert secret not in wire


GRID_M, SIDE_STEP = 1_000, 500


@given(
    st.floats(54.0, 55.0),
    st.floats(25.0, 26.0),
    st.floats(-0.999, 0.999),
    st.floats(-0.999, 0.999),
    tracks(),
    st.floats(-100, 9_000),
    st.integers(0, 9_999),
    sigmas,
)
@settings(max_examples=200)
def test_what_policy_takes_away_does_not_change_what_leaves(lat, lon, north, east, other, altitude, later_ms, sigma):
    """REL-11. Two tracks that differ in everything that the policy withholds or coarsens give equal messages."""
    start = NOW // 10_000 * 10_000
    velocity = {"velocity_e_mps": -30.0, "velocity_n_mps": 20.0}
    cell = Cell(Position(lat, lon), GRID_M)
    centre = cell.centre.position()
    inside = Position(
        centre.lat_deg + north * 500 / 111_700, centre.lon_deg + east * 500 / 111_700 / math.cos(math.radians(lat))
    )
    assume(snap(inside, GRID_M) == cell.centre)
    one = track(position=centre, at=Instant(start), covariance=covariance(sigma, 0.0), **velocity)
    two = track(
        id=TrackId("LT/2"),
        position=moved(inside, -30.0 * later_ms / 1e3, 20.0 * later_ms / 1e3),
        at=Instant(start + later_ms),
        covariance=covariance(sigma, 0.0),
        altitude_m=altitude,
        status=other.status,
        life=other.life,
        sources=(SourceId("another"), SECRET),
        first_at=Instant(5),
        last_report_at=Instant(7),
        reports=other.reports,
        cooperative=other.cooperative,
        trail=(TrailPoint(NOW, inside),),
        statuses=(StatusChange(NOW, LT, Status.UAV),),
        **velocity,
    )
    first, second = decide(POLICY, draft(track=one), NOW), decide(POLICY, draft(track=two), NOW)
    assert isinstance(first, Released)
    assert isinstance(second, Released)
    edge = (radius_95_m(sigma) + cell.half_diagonal_m) % SIDE_STEP
    assume(1.0 < edge < SIDE_STEP - 10.0)  # the flat-earth term of up to some metres may step over the edge
    assume(abs(north) < 0.99 and abs(east) < 0.99)  # and the arithmetic of going back, over the cell's
    assert second.body == first.body
    assert second.observed_ms == first.observed_ms


@given(st.floats(0.001, 0.02), st.integers(-9, 9))
def test_forecasts_within_a_grain_give_equal_claims(shift, milli):
    def with_probability(p, by_ms):
        base = forecast()
        border = base.borders[0]
        window = msgspec.structs.replace(border.window, p50=Instant(border.window.p50 + by_ms))
        return msgspec.structs.replace(base, borders=(msgspec.structs.replace(border, probability=p, window=window),))

    one = decide(POLICY, draft(forecast=with_probability(0.75, 0)), NOW)
    two = decide(POLICY, draft(forecast=with_probability(0.75 + shift, milli)), NOW)
    assert isinstance(one, Released)
    assert isinstance(two, Released)
    assert one.body == two.body


@given(positions, st.sampled_from([50, 200, 1_000, 2_000, 50_000]))
@settings(max_examples=300)
def test_the_grid_is_fixed_to_the_earth_and_its_bound_holds(place, side_m):
    """REL-7."""
    cell = Cell(place, side_m)
    assert distance_m(place, cell.centre.position()) <= cell.half_diagonal_m
    assert cell.half_diagonal_m <= side_m * 0.75 + 1.0
    assert Cell(cell.centre.position(), side_m).centre == cell.centre, "snapping twice changes nothing"


def test_a_still_object_gives_the_same_place_each_time():
    """REL-7."""
    still = {"velocity_e_mps": 0.0, "velocity_n_mps": 0.0}
    places = set()
    for n in range(50):
        made = decide(POLICY, draft(track=track(at=Instant(NOW + n * 777), **still)), NOW)
        assert isinstance(made, Released)
        assert isinstance(made.body, NoticeBody)
        places.add(made.body.object.at)
        assert made.body.object.course_deg is None
    assert len(places) == 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("grid_m", [50, 1_000])
def test_the_true_position_lies_within_the_accuracy_with_95_percent(seed, grid_m):
    """REL-8. Truth is drawn from the full 4 x 4 covariance and taken back to the released time."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(4, 4)) * np.array([[300.0], [120.0], [8.0], [5.0]])
    cov = root @ root.T
    estimate = track(at=Instant(NOW // 60_000 * 60_000 + 43_210), covariance=tuple(cov.ravel()))
    policy = parse_policy(
        "policy: p\nparty: LT\nrules:\n  - {id: a, effect: allow, partners: [any], types: [NOTICE], "
        f"automatic: true, coarsen: {{position_m: {grid_m}, time_s: 60}}}}\n"
    )
    made = decide(policy, draft(track=estimate), NOW)
    assert isinstance(made, Released)
    assert isinstance(made.body, NoticeBody)
    assert made.observed_ms is not None
    back_s = (estimate.at - made.observed_ms) / 1_000
    draws = rng.multivariate_normal(np.zeros(4), cov, size=1_000)
    inside = 0
    for e, n, ve, vn in draws:
        then = moved(
            estimate.position, e - (estimate.velocity_e_mps + ve) * back_s, n - (estimate.velocity_n_mps + vn) * back_s
        )
        inside += distance_m(then, made.body.object.at.position()) <= made.body.object.accuracy_m
    assert inside / 1_000 >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 1_000)


@given(st.floats(0, 1e6), st.floats(-1, 1), st.floats(0, 1e6))
def test_the_worst_direction_is_the_largest_eigenvalue(ee, rho, nn):
    en = rho * math.sqrt(ee * nn) * 0.999
    expected = math.sqrt(max(0.0, np.linalg.eigvalsh([[ee, en], [en, nn]])[1]))
    assert sigma_max_m(ee, en, nn) == pytest.approx(expected, rel=1e-6, abs=1e-3)


def test_the_radius_is_the_95_percent_quantile_of_a_plane_gaussian():
    assert radius_95_m(1.0) == pytest.approx(math.sqrt(chi2.ppf(0.95, 2)))


def test_the_order_of_the_forecast_does_not_leak():
    base = forecast()
    turned = msgspec.structs.replace(base, districts=base.districts[::-1])
    one, two = decide(POLICY, draft(), NOW), decide(POLICY, draft(forecast=turned), NOW)
    assert isinstance(one, Released)
    assert isinstance(two, Released)
    assert one.body == two.body


def test_the_defaults_of_the_grains_hide():
    assert Coarsen() == Coarsen(altitude_m=0, course_deg=0, speed_kmh=0)
    assert isinstance(snap(Position(54.0, 25.0), 1_000), PointE7)
