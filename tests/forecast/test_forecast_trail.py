"""What a trail tells: paths that are straight, that circle, that turn back; and what a forecast hangs on."""

import math
from functools import cache

import numpy as np
import pytest

from redshank import geodata
from redshank.forecast.forecast import forecast_tracks
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.kinds import FAST, KNOTS, SLOW, recalibrated
from redshank.forecast.telling import WORDS, what_it_hangs_on
from redshank.forecast.trail import FEATURES, LAG_S, LAGS, lagged_places, past_of
from redshank.terms.crossing import Course, Forecast
from redshank.terms.geo import Position, destination, to_plane
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Status, Track, TrailPoint

NOW = Instant(1_746_577_800_000)
HOUR_MS = 3_600_000
HERE = Position(54.3, 27.2)


@cache
def geography() -> Geography:
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    return load_geography(*(geodata.read(name) for name in names))


def straight_m(minutes: int, speed_mps: float = 45.0) -> np.ndarray:
    """Places at each LAG_S back of a flight along the real axis."""
    lags = np.arange(LAGS + 1.0)
    return np.where(lags <= minutes * 60 / LAG_S, -lags * LAG_S * speed_mps, np.nan) + 0j


def circling_m(minutes: int, radius_m: float = 800.0, speed_mps: float = 45.0) -> np.ndarray:
    lags = np.arange(LAGS + 1.0)
    turned = radius_m * 1j * (1 - np.exp(-1j * lags * LAG_S * speed_mps / radius_m))
    return np.where(lags <= minutes * 60 / LAG_S, turned, np.nan + 0j)


def features(lagged: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURES, past_of(lagged[None], np.array([45.0 + 0j])).features[0].tolist(), strict=True))


def track_with(trail: list[tuple[float, Position]], status: Status = Status.UAV) -> Track:
    """At HERE, course 300 degrees, 45 m/s, with a trail of (age in seconds, place)."""
    spread = np.diag([300.0**2, 300.0**2, 3.0**2, 3.0**2])
    points = tuple(TrailPoint(Instant(NOW - round(age * 1_000)), place) for age, place in sorted(trail, reverse=True))
    return Track(
        id=TrackId("LT/1"), observer=PartyId("LT"), at=NOW, position=HERE, status=status, trail=points, first_at=NOW,
        last_report_at=NOW, covariance=tuple(spread.ravel().tolist()),
        velocity_e_mps=45.0 * math.sin(math.radians(300.0)), velocity_n_mps=45.0 * math.cos(math.radians(300.0)),
    )  # fmt: skip


def forecast(track: Track) -> Forecast:
    return forecast_tracks(geography(), [track], NOW, HOUR_MS)[0]


def along(minutes: int) -> list[tuple[float, Position]]:
    return [(age, destination(HERE, 120.0, 45.0 * age)) for age in range(10, minutes * 60 + 1, 10)]


def about(minutes: int) -> list[tuple[float, Position]]:
    centre = destination(HERE, 30.0, 800.0)
    return [(age, destination(centre, 210.0 + age * 3.2, 800.0)) for age in range(10, minutes * 60 + 1, 10)]


def test_a_straight_trail_is_straight_and_a_circle_is_not():
    straight, circling = features(straight_m(20)), features(circling_m(20))
    assert straight["straight_20"] == pytest.approx(1.0)
    assert straight["speed_by_pace"] == pytest.approx(1.0)
    assert circling["straight_20"] < 0.1
    assert features(straight_m(5))["seen"] == pytest.approx(0.25)


def test_a_track_without_a_trail_has_the_features_of_its_velocity_alone():
    bare = features(straight_m(0))
    assert (bare["straight_20"], bare["along_20"], bare["seen"], bare["speed_by_pace"]) == (1.0, 1.0, 0.0, 1.0)


def test_a_jump_in_a_trail_or_a_place_that_is_none_makes_no_fast_object():
    jumped = straight_m(20)
    jumped[2:] -= 400_000.0
    assert past_of(jumped[None], np.array([45.0 + 0j])).pace[0] == pytest.approx(2.0)
    broken = track_with([*along(20)[:-1], (1_200.0, Position(float("nan"), 25.0))])
    x, y = to_plane([HERE.lat_deg], [HERE.lon_deg])
    assert np.isfinite(lagged_places([broken], x + 1j * y)).sum() == 1
    assert forecast(broken).borders


def test_places_are_told_at_even_lags_whatever_the_steps_of_the_trail():
    x, y = to_plane([HERE.lat_deg], [HERE.lon_deg])
    often = lagged_places([track_with(along(20))], x + 1j * y)
    seldom = lagged_places([track_with(along(20)[4::5])], x + 1j * y)
    known = np.isfinite(seldom.real)
    assert known.sum() >= 38
    assert np.abs(often[known] - seldom[known]).max() < 60.0


def test_what_circles_is_held_to_go_on_circling_and_what_flies_straight_to_cross():
    straight, circling = forecast(track_with(along(20))), forecast(track_with(about(20)))
    of = [{one.course: one.weight for one in found.courses} for found in (straight, circling)]
    assert of[1][Course.LOITER] > 3 * of[0][Course.LOITER]
    assert of[0][Course.TRANSIT] + of[0][Course.CRUISE] > of[1][Course.TRANSIT] + of[1][Course.CRUISE]
    into_lt = [
        max((b.probability for b in found.borders if b.into == "LT"), default=0.0) for found in (straight, circling)
    ]
    assert into_lt[0] > into_lt[1] + 0.2


def test_what_it_hangs_on_is_told_in_a_sentence():
    found = forecast(track_with(along(20)))
    assert found.hinges
    assert all(hinge.weight >= 0.05 for hinge in found.hinges)
    assert all(abs(hinge.probability - found.borders[0].probability) > 0.05 for hinge in found.hinges)
    first = what_it_hangs_on(found)[0]
    assert WORDS[found.hinges[0].course] in first
    assert found.hinges[0].border in first
    assert set(WORDS) == set(Course)


@pytest.mark.parametrize("kind", [SLOW, FAST])
def test_recalibration_keeps_the_order_and_the_bounds(kind):
    shares = np.linspace(0.0, 1.0, 257)
    for horizon_s in (300.0, 450.0, 3_600.0):
        told = recalibrated(kind, shares, horizon_s)
        assert told[0] == 0.0
        assert (np.diff(told[1:]) >= 0).all()
        assert ((told >= 0) & (told <= 1)).all()
    assert KNOTS[0] == 0.0
    assert KNOTS[-1] == 1.0
