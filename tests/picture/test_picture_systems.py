"""System tracks: taken over as told, joined with what the node's own tracker sees, parted when they part."""

import time

import msgspec
import numpy as np
import pytest
from tests.picture.picture_scene import LT, at, plane_of, plot, system

from redshank.picture import Picture, TrackLostFact, absorb, advance, fused, own_tracks, set_status, track
from redshank.terms.ids import SourceId, TrackId
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, Status


def feed(reports, picture: Picture | None = None):
    """Reports one by one, the picture advanced after each; returns it with all facts."""
    picture = picture or Picture.empty(LT)
    facts: list[TrackLostFact] = []
    for report in sorted(reports, key=lambda r: r.at):
        picture, more = advance(absorb(picture, [report], report.at), report.at)
        facts += more
    return picture, facts


def test_the_state_told_is_the_estimate():
    picture, _ = feed([system(45 * t, 10, t, (45.0, 2.0)) for t in range(5)])
    (held,) = own_tracks(picture)
    assert held.life is Life.LIVE
    assert plane_of(held.position) == pytest.approx((180, 10), abs=0.01)
    assert (held.velocity_e_mps, held.velocity_n_mps) == pytest.approx((45, 2), abs=0.01)
    assert np.reshape(held.covariance, (4, 4)) == pytest.approx(np.diag([3601, 3601, 9, 9]), rel=1e-3, abs=0.1)
    assert held.sources == ("national",)
    assert held.reports == 5


def test_a_feed_without_velocities_is_filtered():
    picture, _ = feed([system(45 * t, 0, t, None) for t in range(0, 60, 4)])
    (held,) = own_tracks(picture)
    assert held.velocity_e_mps == pytest.approx(45, abs=2)
    assert held.covariance[10] < 15**2


def test_radar_and_national_tracker_on_one_object_are_one_track_with_two_sources():
    both = [r for k in range(12) for r in (plot(225.0 * k, 0, 5 * k), system(45 * (5 * k + 1), 20, 5 * k + 1))]
    picture, facts = feed(both)
    (held,) = own_tracks(picture)
    assert set(held.sources) == {"radar", "national"}
    assert facts == []
    alone, _ = feed([r for r in both if r.source == "national"])
    assert np.linalg.det(np.reshape(held.covariance, (4, 4))) <= np.linalg.det(
        np.reshape(own_tracks(alone)[0].covariance, (4, 4))
    ) * (1 + 1e-9), "two sources are not worse than one"


def test_a_radar_track_that_the_national_tracker_takes_up_later_keeps_its_name():
    picture, _ = feed([plot(225.0 * k, 0, 5 * k) for k in range(6)])
    picture, _ = feed([system(45.0 * t, 30, t) for t in range(27, 32)], picture)
    (held,) = own_tracks(picture)
    assert held.id == "LT/1"
    assert track(picture, TrackId("LT/2")) == held, "the younger name leads to the track"


def test_what_drifts_apart_becomes_two_again():
    reports = [plot(225.0 * k, 0, 5 * k) for k in range(6)] + [system(45.0 * t, 30, t) for t in range(27, 32)]
    picture, _ = feed(reports)
    assert len(own_tracks(picture)) == 1
    onward = [system(45.0 * 32, 100.0 * (t - 30), t, (0.0, 100.0)) for t in range(32, 70)]
    picture, _ = feed(onward + [plot(225.0 * k, 0, 5 * k) for k in range(7, 14)], picture)
    tracks = own_tracks(picture)
    assert len(tracks) == 2
    assert sorted(round(plane_of(t.position)[1] / 1_000) for t in tracks) == [0, 4]


def test_two_system_tracks_of_one_source_are_never_one_object():
    reports = [system(45.0 * t, aside, t, number=n) for t in range(8) for n, aside in ((1, 0), (2, 40))]
    picture, _ = feed(reports)
    assert len(own_tracks(picture)) == 2


def test_the_end_of_a_system_track_is_a_loss_of_sight():
    picture, facts = feed([system(45.0 * t, 0, t, ended=t == 5) for t in range(6)])
    (held,) = own_tracks(picture)
    assert held.life is Life.LOST
    assert [(fact.track, fact.observer) for fact in facts] == [("LT/1", LT)]


def test_the_end_of_a_cooperative_one_is_the_end():
    picture, facts = feed([system(45.0 * t, 0, t, ended=t == 5, cooperative=True) for t in range(6)])
    assert own_tracks(picture)[0].life is Life.ENDED
    assert facts == []


def test_a_number_used_again_is_another_object():
    picture, _ = feed([system(45.0 * t, 0, t, ended=t == 5) for t in range(6)])
    picture, _ = feed([system(90_000, 50_000, 9), system(90_045, 50_000, 10)], picture)
    assert [t.life for t in own_tracks(picture)] == [Life.LOST, Life.LIVE]
    picture, _ = feed([system(-90_000, -50_000, 12)], picture)
    assert len(own_tracks(picture)) == 3, "a jump of 200 km under one number"


def test_a_tracker_that_starts_anew_on_the_same_object_does_not_change_its_name():
    picture, facts = feed([system(45.0 * t, 0, t, number=7, ended=t == 9) for t in range(10)])
    assert len(facts) == 1
    picture, _ = feed([system(45.0 * t, 20, t, number=8) for t in range(40, 45)], picture)
    (held,) = own_tracks(picture)
    assert (held.id, held.life) == ("LT/1", Life.LIVE)
    again, facts = feed([system(45.0 * t, 0, t, number=7) for t in range(10)])
    batch = [system(45.0 * 10, 0, 10, number=7, ended=True), system(45.0 * 10, 5, 10.5, number=8)]
    again, facts = advance(absorb(again, batch, at(11)), at(11))
    assert facts == (), "handed over in one breath: never lost"
    assert [t.id for t in own_tracks(again) if t.life is Life.LIVE] == ["LT/1"]


def test_an_older_state_than_held_is_named():
    picture, _ = feed([system(45.0 * t, 0, t) for t in range(10)])
    after = absorb(picture, [system(45.0 * 4, 0, 4)], at(10))
    assert after.own == picture.own
    assert after.sources[SourceId("national")].refused == {Reason.TOO_LATE: 1}


def test_sources_say_what_it_is_until_the_officer_does():
    picture, _ = feed([system(0, 0, 0), system(45, 0, 1, status=Status.UAV)])
    (held,) = own_tracks(picture)
    assert held.status is Status.UAV
    assert [s.status for s in held.statuses] == [Status.UAV]
    told = set_status(picture, held.id, Status.STRAYED, LT, at(2))
    assert not isinstance(told, Refusal)
    picture, _ = feed([system(90, 0, 3, status=Status.BIRDS)], told)
    (held,) = own_tracks(picture)
    assert held.status is Status.STRAYED
    assert [s.status for s in held.statuses] == [Status.UAV, Status.STRAYED]


def test_hostile_reports_are_named_by_reason():
    good = system(0, 0, 0)
    bad = [
        msgspec.structs.replace(good, track_number=None),
        msgspec.structs.replace(good, at=at(3_600)),
        msgspec.structs.replace(good, velocity_e_mps=float("nan")),
        msgspec.structs.replace(good, position=msgspec.structs.replace(good.position, lat_deg=float("inf"))),
    ]
    picture = absorb(Picture.empty(LT), [good, *bad], at(0))
    book = picture.sources[SourceId("national")]
    assert book.accepted == 1
    assert book.refused == {
        Reason.VALUE_NOT_PLAUSIBLE: 2,
        Reason.TIME_NOT_PLAUSIBLE: 1,
        Reason.POSITION_NOT_PLAUSIBLE: 1,
    }


def test_a_thousand_system_tracks_each_second_cost_little():
    """Measured: absorb 9 ms, advance 4 ms, fused 8 ms; the bound, of processor time, leaves room for a slow machine."""
    draw = np.random.default_rng(5)
    spots, speeds = draw.uniform(-300e3, 300e3, (1_000, 2)), draw.normal(0, 40, (1_000, 2))
    picture, costs = Picture.empty(LT), []
    for t in range(8):
        there = spots + speeds * t
        batch = [system(there[n][0], there[n][1], t, (speeds[n][0], speeds[n][1]), number=n) for n in range(1_000)]
        started = time.process_time()
        picture, _ = advance(absorb(picture, batch, at(t)), at(t))
        assert len(fused(picture, at(t))) == 1_000
        costs.append(time.process_time() - started)
    assert np.median(costs) < 0.1


def test_a_system_track_told_twice_is_booked_twice_and_no_more():
    """Once as accepted, once as too late: a report is never both."""
    twice = [system(0, 0, 0, number=7)] * 2
    picture = absorb(Picture.empty(LT), twice, at(0))
    (book,) = picture.sources.values()
    assert (book.accepted, dict(book.refused)) == (1, {Reason.TOO_LATE: 1})
