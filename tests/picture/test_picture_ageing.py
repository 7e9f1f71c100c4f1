"""Silence: live, lost, ended, forgotten; the search area against simulated truth; bounds."""

import itertools
import math

import msgspec
import numpy as np
import pytest
from tests.picture.picture_scene import LT, LV, at, plane_of, plot, sighting, system

from redshank.picture import (
    Picture,
    absorb,
    advance,
    ellipse_95,
    fused,
    moved,
    own_tracks,
    search_area,
    set_status,
    states_at,
    track,
)
from redshank.terms import limits
from redshank.terms.geo import distance_m
from redshank.terms.ids import TrackId
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, Status


def seen_for(seconds: int) -> Picture:
    picture = Picture.empty(LT)
    for t in range(0, seconds, 5):
        picture, _ = advance(absorb(picture, [plot(45.0 * t, 0, t)], at(t)), at(t))
    return picture


def test_a_silent_track_is_lost_once_then_ended_then_forgotten():
    picture = seen_for(60)  # last plot at 55 s
    picture, facts = advance(picture, at(85))
    assert facts == ()
    assert own_tracks(picture)[0].life is Life.LIVE
    picture, facts = advance(picture, at(86))
    assert [fact.track for fact in facts] == ["LT/1"]
    assert facts[0].observer == LT
    assert facts[0].search.last_at == at(55)
    assert own_tracks(picture)[0].life is Life.LOST
    picture, facts = advance(picture, at(90))
    assert facts == ()
    picture, _ = advance(picture, at(55 + 1_800))
    assert own_tracks(picture)[0].life is Life.LOST, "the forecast keeps it for half an hour"
    assert fused(picture, at(55 + 1_800))[0].track.life is Life.LOST
    picture, _ = advance(picture, at(55 + 1_801))
    assert own_tracks(picture)[0].life is Life.ENDED
    assert fused(picture, at(55 + 1_801)) == ()
    picture, _ = advance(picture, at(55 + 2_401))
    assert own_tracks(picture) == ()
    gone = track(picture, TrackId("LT/1"))
    assert isinstance(gone, Refusal)
    assert gone.reason is Reason.UNKNOWN_TRACK


def test_a_person_may_be_silent_for_longer():
    picture = absorb(Picture.empty(LT), [sighting(0, 0, 0)], at(0))
    assert advance(picture, at(590))[1] == ()
    assert len(advance(picture, at(601))[1]) == 1


def test_a_slow_radar_gets_more_time():
    picture = Picture.empty(LT)
    for t in range(0, 240, 12):
        picture, _ = advance(absorb(picture, [plot(45.0 * t, 0, t)], at(t)), at(t))
    assert advance(picture, at(228 + 45))[1] == ()
    assert len(advance(picture, at(228 + 50))[1]) == 1


def test_a_lost_track_that_comes_back_keeps_its_name():
    picture, facts = advance(seen_for(60), at(100))
    assert len(facts) == 1
    for t in range(140, 165, 5):
        picture, _ = advance(absorb(picture, [plot(45.0 * t, 0, t)], at(t)), at(t))
    (held,) = own_tracks(picture)
    assert (held.id, held.life) == ("LT/1", Life.LIVE)
    assert held.first_at == at(0)


def vanished(draw: np.random.Generator, seconds: int) -> np.ndarray:
    """Where a flier that was at the origin with 45 m/s east is after a time: six in ten wander on, two turn away once
    by up to 120 degrees, one comes down within a minute, one changes its speed by a quarter."""
    kind, heading, speed, spot = draw.random(), 0.0, 45.0, np.zeros(2)
    turn_at, turn = draw.uniform(0, 600), np.radians(draw.uniform(-120, 120))
    down_at = draw.uniform(0, 60) if 0.8 <= kind < 0.9 else math.inf
    speed *= draw.choice([0.75, 1.25]) if kind >= 0.9 else 1.0
    for t in range(seconds):
        if t >= down_at:
            break
        heading += np.radians(draw.normal(0, 1.0))
        if 0.6 <= kind < 0.8 and turn_at <= t < turn_at + 1:
            heading += turn
        spot = spot + speed * np.array([np.cos(heading), np.sin(heading)])
    return spot


@pytest.mark.parametrize("minutes", [1, 3, 10, 20])
def test_the_search_area_holds_nine_of_ten_and_not_far_more(minutes):
    """Ninety per cent is a floor: objects unlike the simulated ones have to fit in as well. The disc
    is yet smaller than that of all places which an object of that speed can reach."""
    draw = np.random.default_rng(minutes)
    hits, radius_m = 0, math.inf
    for _ in range(300):
        start = draw.normal(0, 60, 2)
        told = system(0, 0, 0, (45.0 + draw.normal(0, 3), draw.normal(0, 3)))
        held = own_tracks(absorb(Picture.empty(LT), [told], at(0)))[0]
        area = search_area(held, at(60 * minutes))
        centre, radius_m = plane_of(area.centre), area.radius_m
        hits += math.dist(centre, start + vanished(draw, 60 * minutes)) <= area.radius_m
    assert hits / 300 >= 0.90
    assert radius_m < 0.95 * 45.0 * 60 * minutes + 300


def test_the_search_area_grows_and_holds_the_last_place():
    (held,) = own_tracks(seen_for(60))
    areas = [search_area(held, at(55 + t)) for t in range(0, 1_800, 10)]
    assert all(b.radius_m > a.radius_m for a, b in itertools.pairwise(areas))
    assert all(distance_m(area.centre, held.position) <= area.radius_m for area in areas)
    assert areas[0].radius_m < 150
    assert search_area(held, at(0)).radius_m == areas[0].radius_m, "not before its last report"


def test_the_number_of_tracks_is_bounded_and_the_longest_lost_go_first(monkeypatch):
    monkeypatch.setattr(limits, "TRACKS", 3)
    picture = Picture.empty(LT)
    for n in range(3):
        picture, _ = advance(absorb(picture, [system(20_000.0 * n, 0, n, number=n)], at(n)), at(n))
    picture, _ = advance(picture, at(60))
    late = [system(0, 30_000.0 + 20_000 * n, 60, number=10 + n) for n in range(2)]
    picture, _ = advance(absorb(picture, late, at(60)), at(60))
    assert [t.id for t in own_tracks(picture)] == ["LT/3", "LT/4", "LT/5"]


def test_status_of_each_observer_stands_side_by_side_and_is_bounded():
    picture = seen_for(30)
    for k in range(40):
        told = set_status(picture, TrackId("LT/1"), (Status.UAV, Status.BALLOON)[k % 2], LT, at(30 + k))
        assert isinstance(told, Picture)
        picture = told
    told = set_status(picture, TrackId("LT/1"), Status.AIRCRAFT, LV, at(80))
    assert isinstance(told, Picture)
    (held,) = own_tracks(told)
    assert held.status is Status.BALLOON, "a partner's word does not change ours"
    assert held.statuses[-1].observer == LV
    assert len(held.statuses) == limits.STATUS_HISTORY
    again = set_status(told, TrackId("LT/1"), Status.BALLOON, LT, at(90))
    assert isinstance(again, Picture)
    assert again.own == told.own, "saying the same again is no change"
    refused = set_status(told, TrackId("LT/99"), Status.UAV, LT, at(90))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.UNKNOWN_TRACK


def test_the_ellipse_points_along_its_long_axis():
    (held,) = own_tracks(absorb(Picture.empty(LT), [system(0, 0, 0)], at(0)))
    flat = [0.0] * 16
    flat[10] = flat[15] = 1.0
    angle = math.radians(30)
    flat[0] = (100 * math.sin(angle)) ** 2 + (10 * math.cos(angle)) ** 2
    flat[5] = (100 * math.cos(angle)) ** 2 + (10 * math.sin(angle)) ** 2
    flat[1] = flat[4] = (100**2 - 10**2) * math.sin(angle) * math.cos(angle)
    major, minor, bearing = ellipse_95(msgspec.structs.replace(held, covariance=tuple(flat)))
    assert (major, minor, bearing) == pytest.approx((244.8, 24.5, 30.0), abs=0.1)


def test_states_at_one_time_for_the_forecast():
    reports = [system(1_000.0 * n, 500.0 * n, n, (10.0 * n, -5.0), number=n) for n in range(5)]
    tracks = own_tracks(absorb(Picture.empty(LT), [*reports], at(4)))
    states = states_at(tracks, at(64))
    by_id = dict(zip(states.ids, states.x_plane_m, strict=True))
    assert [by_id[f"LT/{n + 1}"] for n in range(5)] == pytest.approx(
        [1_000.0 * n + 10.0 * n * (64 - n) * 0.9985 for n in range(5)],
        abs=1,  # scale at the plane's centre
    )
    assert np.allclose(states.vy_plane_mps, -5, atol=0.05)
    assert states.cov_plane.shape == (5, 4, 4)
    assert (states.cov_plane[:, 0, 0] > 3_600).all()
    assert states_at((), at(0)).ids == ()
    there = moved(tracks, at(64))
    assert plane_of(there[2].position) == pytest.approx((states.x_plane_m[2], states.y_plane_m[2]), abs=0.01)
    half_hour = states_at(tracks, at(1_800))
    assert np.sqrt(half_hour.cov_plane[:, 2, 2]).max() < 30, "nobody's speed wanders off without a bound"
