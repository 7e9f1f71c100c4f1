"""Sensors: line of sight against the formula, statistics of misses and noise, and the same seed the same
bytes."""

import math
from itertools import islice

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redshank.compose.build import read_gazetteer
from redshank.decode.report_json import parse_report
from redshank.decode.source import SourceConfig, SourceKind
from redshank.exercise.feeder import emissions
from redshank.exercise.scenario import FlyingObject, Post, Radar, Tracker, read_scenarios
from redshank.exercise.sensors import (
    can_see,
    detection_probability,
    elevation_deg,
    false_sighting,
    horizon_m,
    plot_position,
    scans,
    sightings,
)
from redshank.exercise.tracker import batches
from redshank.exercise.truth import flight_of, flights_of
from redshank.terms.geo import Position, destination, distance_m
from redshank.terms.ids import SourceId
from redshank.terms.instants import Instant, parse_instant
from redshank.terms.refusal import Refusal
from redshank.terms.track import Report, ReportKind

HOUR = 3_600_000
START = Instant(1_778_100_000_000)
RADAR = Radar(
    id="r1",
    sac=1,
    sic=2,
    lat=55.0,
    lon=24.0,
    antenna_m=160.0,
    range_km=150.0,
    rotation_s=10.0,
    pd_near=0.8,
    pd_far=0.8,
    sigma_range_m=80.0,
    sigma_azimuth_deg=0.1,
    false_plots_per_scan=0.0,
)


def circling(hours: float = 4.0, altitude_m: float = 1_000.0):
    """A flight that stays 40 to 60 km from the radar."""
    corners = [destination(RADAR.position, bearing, 50_000) for bearing in range(0, 360, 30)]
    route = [{"lat": place.lat_deg, "lon": place.lon_deg, "altitude_m": altitude_m} for place in corners]
    basis = dict.fromkeys(("kind", "speed_kmh", "route", "ends_at", "end_place", "ending"), "invented")
    way_m = 11 * distance_m(corners[0], corners[1])
    item = msgspec.convert(
        {
            "id": "X",
            "kind": "test",
            "speed_kmh": way_m / 1000 / hours,
            "route": route,
            "ends_at": START + round(hours * HOUR),
            "end_place": "nowhere",
            "end_error_km": 0,
            "ending": "lost",
            "basis": basis,
        },
        FlyingObject,
    )
    return flight_of(item)


def test_the_horizon_is_the_standard_one():
    # The textbook form: 4.12 km times the square root of the height in metres, for each side.
    assert horizon_m(30, 0) == pytest.approx(4_122 * math.sqrt(30), rel=1e-3)
    assert horizon_m(30, 150) == pytest.approx(4_122 * (math.sqrt(30) + math.sqrt(150)), rel=1e-3)


@given(antenna=st.floats(1, 500), target=st.floats(1, 10_000))
def test_at_the_horizon_the_ray_grazes_the_ground(antenna, target):
    """From antenna and from target the tangent point lies at the square root of 2 k a h: both ways agree."""
    radius = 4 / 3 * 6_371_000
    to_antenna, to_target = (math.sqrt(2 * radius * height) for height in (antenna, target))
    assert horizon_m(antenna, target) == pytest.approx(to_antenna + to_target, rel=1e-9)
    # Exactly, over a sphere: the error of the parabola is below one part in a thousand at these heights.
    exact = radius * (math.acos(radius / (radius + antenna)) + math.acos(radius / (radius + target)))
    assert horizon_m(antenna, target) == pytest.approx(exact, rel=2e-3)


def test_a_low_flier_is_seen_near_and_not_far():
    ground = 130.0
    near, far = (destination(RADAR.position, 90, metres) for metres in (20_000, 120_000))
    assert can_see(RADAR, near, 280.0, ground)
    assert not can_see(RADAR, far, 280.0, ground)
    assert can_see(RADAR, far, 3_000.0, ground)
    lifted = msgspec.structs.replace(RADAR, min_elevation_deg=1.0)
    assert not can_see(lifted, near, 280.0, ground)


def test_elevation_falls_with_distance():
    angles = [elevation_deg(metres, 160, 500) for metres in (5_000, 20_000, 80_000)]
    assert angles == sorted(angles, reverse=True)
    assert angles[-1] < 0


def test_detections_are_as_frequent_as_the_probability_says():
    flight = circling()
    span = (START, Instant(START + 4 * HOUR))
    turns = list(scans(RADAR, [flight], span, 100.0, np.random.default_rng(7)))
    hits = sum(len(turn.plots) for turn in turns)
    flying = sum(flight.is_flying(Instant(turn.at - 10_000)) for turn in turns)
    assert flying > 1_000
    assert hits / flying == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / flying))


def test_noise_has_the_stated_sigmas():
    flight = circling()
    span = (START, Instant(START + 4 * HOUR))
    turns = list(scans(RADAR, [flight], span, 100.0, np.random.default_rng(8)))
    plots = [plot for turn in turns for plot in turn.plots]
    along, across = [], []
    for plot in plots:
        truth = flight.state_at(plot.at)
        true_m = distance_m(RADAR.position, truth.position)
        seen = plot_position(RADAR, plot)
        along.append(distance_m(RADAR.position, seen) - true_m)
        off = distance_m(seen, truth.position)
        across.append(math.sqrt(max(off**2 - along[-1] ** 2, 0.0)) / true_m)
    assert np.mean(along) == pytest.approx(0, abs=10)
    assert np.std(along) == pytest.approx(80, rel=0.1)
    assert math.degrees(np.sqrt(np.mean(np.square(across)))) == pytest.approx(0.1, rel=0.1)


def test_false_plots_are_poisson_and_lie_within_range():
    noisy = msgspec.structs.replace(RADAR, false_plots_per_scan=0.5)
    turns = list(scans(noisy, [], (START, Instant(START + 8 * HOUR)), 100.0, np.random.default_rng(9)))
    counts = [len(turn.plots) for turn in turns]
    assert np.mean(counts) == pytest.approx(0.5, abs=0.06)
    assert np.var(counts) == pytest.approx(0.5, abs=0.08)
    assert all(truth is None for turn in turns for truth in turn.truths)
    assert all(plot.slant_range_m <= 150_000 for turn in turns for plot in turn.plots)


def test_pd_falls_beyond_half_the_range():
    radar = msgspec.structs.replace(RADAR, pd_near=0.9, pd_far=0.3)
    assert detection_probability(radar, 10_000) == 0.9
    assert detection_probability(radar, 75_000) == 0.9
    assert detection_probability(radar, 150_000) == pytest.approx(0.3)
    assert detection_probability(radar, 151_000) == 0.0


def test_the_same_seed_sends_the_same_bytes_and_another_seed_others():
    night = read_scenarios()["lv-2026-05-07"]
    flights = flights_of(night)
    first, again = (list(islice(emissions(night, flights), 2_000)) for _ in range(2))
    assert first == again
    other = list(islice(emissions(msgspec.structs.replace(night, seed=1), flights), 2_000))
    assert [one.payload for one in other] != [one.payload for one in first]
    assert [one.at for one in first] == sorted(one.at for one in first)


def test_the_tracker_follows_and_ends_a_track():
    radar = msgspec.structs.replace(RADAR, pd_near=0.9, pd_far=0.9)
    flight = circling(hours=2.0)
    turns = scans(radar, [flight], (START, Instant(START + 3 * HOUR)), 100.0, np.random.default_rng(3))
    tracker = Tracker(id="t", sac=1, sic=1, period_s=10, delay_s=4)
    sent = list(batches(tracker, {radar.id: radar}, turns))
    assert all(batch.at - track.at == 4_000 for batch in sent for track in batch.tracks)
    settled = [batch for batch in sent if batch.at > START + HOUR // 2 and batch.at < flight.ends_at]
    errors = [
        distance_m(track.position, flight.state_at(track.at).position) for batch in settled for track in batch.tracks
    ]
    assert len(errors) > 300
    assert np.median(errors) < 250
    last = [track for batch in sent for track in batch.tracks][-1]
    assert last.ended
    assert flight.ends_at < last.at < flight.ends_at + 120_000


POST = Post(
    id="p",
    reporter="border-guard",
    place="Zilupe",
    country="LV",
    lat=56.386,
    lon=28.122,
    hears_km=8,
    probability=1.0,
    delay_s=100,
)


def read(body: bytes, now: Instant) -> Report | Refusal:
    source = SourceConfig(id=SourceId("desk"), kind=SourceKind.JSON)
    return parse_report(source, body, now, read_gazetteer())


def test_people_report_in_words_that_a_node_understands():
    night = read_scenarios()["lv-2026-05-07"]
    said = sightings(POST, flights_of(night), np.random.default_rng(5))
    assert [one.truth for one in said] == ["L1", "L2"]
    for one in said:
        report = read(one.body, one.at)
        assert isinstance(report, Report), report
        assert report.kind is ReportKind.SIGHTING
        flight = next(flight for flight in flights_of(night) if flight.about.id == one.truth)
        assert 60_000 <= one.at - report.at <= 145_000
        assert distance_m(report.position, flight.state_at(report.at).position) < 4_000


def test_deaf_people_report_nothing():
    night = read_scenarios()["lv-2026-05-07"]
    deaf = msgspec.structs.replace(POST, probability=0.0)
    assert sightings(deaf, flights_of(night), np.random.default_rng(5)) == ()
    far = msgspec.structs.replace(POST, lat=58.0)
    assert sightings(far, flights_of(night), np.random.default_rng(5)) == ()


def test_false_reports_of_the_nights_are_taken_by_a_node_too():
    wrong = [
        false_sighting(report)
        for night in read_scenarios().values()
        for sensors in night.sensors.values()
        for report in sensors.false_reports
    ]
    assert wrong
    for one in wrong:
        assert isinstance(read(one.body, one.at), Report), read(one.body, one.at)
        assert one.truth is None


def test_posts_stand_where_their_place_is():
    places = read_gazetteer()
    area = SourceConfig(id=SourceId("desk"), kind=SourceKind.JSON).area
    for night in read_scenarios().values():
        for sensors in night.sensors.values():
            for post in sensors.posts:
                place = places.find(post.place, area, post.country)
                if not isinstance(place, Refusal):
                    assert distance_m(place.position, Position(post.lat, post.lon)) < 5_000, post.id


def test_instants_in_reports_are_utc():
    said = sightings(POST, flights_of(read_scenarios()["lv-2026-05-07"]), np.random.default_rng(5))
    stated = msgspec.json.decode(said[0].body)["at"]
    assert isinstance(parse_instant(stated), int)
