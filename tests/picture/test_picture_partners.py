"""Partners' tracks: beside ours, held together with hysteresis, fused without ever counting anything twice."""

import msgspec
import numpy as np
import pytest
from tests.picture.picture_scene import BY, LT, LV, at, place, plane_of, plot, sighting, system, told

from redshank.picture import (
    FusedTrack,
    Picture,
    absorb,
    advance,
    fused,
    own_tracks,
    partner_lost,
    receive,
    received_tracks,
    search_area,
    set_status,
    track,
    withdraw,
)
from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, Status, Track

THEIRS = TrackId("LT-LV/LV-2026-000001/1")


def taken(picture: Picture, shown: Track, seconds: float, lineage: frozenset[PartyId] | None = None) -> Picture:
    got = receive(picture, shown.observer, shown, at(seconds), lineage)
    assert not isinstance(got, Refusal), got
    return got


def aged(picture: Picture, seconds: float) -> Picture:
    return advance(picture, at(seconds))[0]


def ours(seconds: int = 30, aside: float = 0.0, number: int = 7, picture: Picture | None = None) -> Picture:
    """An own system track that flies east at 45 m/s."""
    picture = picture or Picture.empty(LT)
    for t in range(seconds - 5, seconds + 1):
        picture = aged(absorb(picture, [system(45.0 * t, aside, t, number=number)], at(t)), t)
    return picture


def volume(shown: Track | FusedTrack) -> float:
    flat = shown.track.covariance if isinstance(shown, FusedTrack) else shown.covariance
    return float(np.linalg.det(np.reshape(flat, (4, 4))))


def test_a_received_track_stands_beside_ours_and_is_fused():
    picture = aged(taken(ours(), told(45.0 * 28, 600, 28), 30), 31)
    assert [t.observer for t in received_tracks(picture)] == [LV]
    assert received_tracks(picture)[0].position == place(45.0 * 28, 600), "as it was told"
    (own,) = own_tracks(picture)
    (one,) = fused(picture, at(31))
    assert one.members == ("LT/1", THEIRS)
    assert one.fused_from == ("LT/1", THEIRS)
    assert (one.track.id, one.track.observer) == ("LT/1", LT)
    assert volume(one) <= volume(own) * (1 + 1e-9)
    assert own_tracks(ours()) == (own,), "our own track does not change by what others say"


def test_a_track_elsewhere_or_on_another_course_is_another_object():
    picture = aged(taken(ours(), told(45.0 * 28, 9_000, 28), 30), 31)
    assert [len(one.members) for one in fused(picture, at(31))] == [1, 1]
    picture = aged(taken(ours(), told(45.0 * 28, 300, 28, velocity=(-60.0, 0.0)), 30), 31)
    assert [len(one.members) for one in fused(picture, at(31))] == [1, 1]


def test_a_received_track_alone_is_an_object_too():
    picture = aged(taken(Picture.empty(LT), told(0, 0, 0), 1), 1)
    (one,) = fused(picture, at(1))
    assert one.members == (THEIRS,)
    assert one.track.observer == LV


def test_between_two_of_ours_it_is_not_guessed():
    picture = ours(number=8, aside=700, picture=ours(number=7, aside=-700))
    picture = aged(taken(picture, told(45.0 * 28, 0, 28), 30), 31)
    assert sorted(len(one.members) for one in fused(picture, at(31))) == [1, 1, 1]


def test_two_notices_of_one_partner_are_two_objects():
    picture = taken(ours(), told(45.0 * 28, 100, 28), 30)
    picture = aged(picture, 31)
    other = told(45.0 * 28, 200, 28, name="LT-LV/LV-2026-000001/2")
    picture = aged(taken(picture, other, 31), 32)
    assert sorted(len(one.members) for one in fused(picture, at(32))) == [1, 2]


def test_once_together_they_part_only_when_clearly_apart_three_times():
    picture = aged(taken(ours(30), told(45.0 * 28, 100, 28), 30), 31)
    for k, expected in enumerate([1, 1, 2]):
        now = 60 + 30 * k
        picture = ours(now, picture=picture)
        picture = aged(taken(picture, told(45.0 * now, 12_000, now - 1), now), now + 1)
        assert len(fused(picture, at(now + 1))) == expected
    back = ours(150, picture=picture)
    for k in range(3):
        back = aged(back, 151 + k)
    assert len(fused(back, at(153))) == 2


def test_one_bad_update_does_not_part_them():
    picture = aged(taken(ours(30), told(45.0 * 28, 100, 28), 30), 31)
    for now, aside in ((60, 12_000), (90, 100), (120, 12_000), (150, 100)):
        picture = ours(now, picture=picture)
        picture = aged(taken(picture, told(45.0 * now, aside, now - 1), now), now + 1)
        assert len(fused(picture, at(now + 1))) == 1


def test_three_parties_on_one_object_with_and_without_ours():
    theirs = told(45.0 * 28, 500, 28)
    third = told(45.0 * 27, -300, 27, name="BY-LT/BY-2026-000004/1", observer=BY)
    picture = taken(taken(Picture.empty(LT), theirs, 30), third, 30)
    picture = aged(picture, 31)
    (one,) = fused(picture, at(31))
    assert len(one.members) == 2
    picture = aged(ours(40, picture=picture), 42)
    (one,) = fused(picture, at(42))
    assert set(one.members) == {"LT/1", THEIRS, third.id}
    assert one.track.id == "LT/1"


def test_a_joined_own_track_keeps_its_partner():
    picture = Picture.empty(LT)
    for k in range(6):
        picture = aged(absorb(picture, [plot(225.0 * k, 0, 5 * k)], at(5 * k)), 5 * k)
    picture = aged(taken(picture, told(45.0 * 24, 300, 24), 25), 26)
    picture = ours(32, picture=picture)
    (one,) = fused(picture, at(32))
    assert one.members == ("LT/1", THEIRS)


def test_statuses_stand_side_by_side():
    shown = msgspec.structs.replace(told(45.0 * 28, 300, 28), status=Status.BALLOON)
    picture = aged(taken(ours(), shown, 30), 31)
    ours_says = set_status(picture, TrackId("LT/1"), Status.UAV, LT, at(32))
    assert isinstance(ours_says, Picture)
    later = msgspec.structs.replace(told(45.0 * 32, 300, 32), status=Status.STRAYED)
    picture = aged(taken(ours_says, later, 33), 34)
    (one,) = fused(picture, at(34))
    assert one.track.status is Status.UAV
    assert [(s.observer, s.status) for s in one.held] == [(LT, Status.UAV), (LV, Status.STRAYED)]
    assert [s.status for s in one.statuses] == [Status.BALLOON, Status.UAV, Status.STRAYED]


def test_what_we_hold_of_a_partners_object_does_not_change_its_word():
    picture = taken(Picture.empty(LT), told(0, 0, 0), 0)
    marked = set_status(picture, THEIRS, Status.BIRDS, LT, at(1))
    assert isinstance(marked, Picture)
    shown = track(marked, THEIRS)
    assert isinstance(shown, Track)
    assert shown.status is Status.UNKNOWN
    assert shown.statuses[-1].status is Status.BIRDS


def test_our_own_track_returned_is_never_fused():
    """The partner has nothing of its own: it repeats our notice, a little later and rounded."""
    picture = ours()
    echo = told(45.0 * 28 + 37, 41, 28, sigma_m=60.0, sigma_mps=2.0)
    picture = aged(taken(picture, echo, 30, lineage=frozenset((LT,))), 31)
    (one,) = fused(picture, at(31))
    assert one.members == ("LT/1", THEIRS)
    assert one.fused_from == ("LT/1",)
    assert one.track.covariance == pytest.approx(own_tracks(picture)[0].covariance)
    assert plane_of(one.track.position) == pytest.approx(plane_of(own_tracks(picture)[0].position), abs=1e-3)
    seen_by_them = aged(taken(picture, told(45.0 * 29, 30, 29), 31, lineage=frozenset((LT, LV))), 32)
    assert fused(seen_by_them, at(32))[0].fused_from == ("LT/1", THEIRS), "now it has seen it itself"


def naive_sum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.linalg.inv(np.linalg.inv(a) + np.linalg.inv(b))


def as_sent(shown: Track, observer: PartyId, name: str) -> Track:
    return msgspec.structs.replace(shown, id=TrackId(name), observer=observer, statuses=(), trail=())


def test_a_hundred_rounds_of_echo_add_no_confidence():
    """Two nodes see an object once each and then send each other their fused tracks, without any lineage known."""
    first = absorb(Picture.empty(LT), [sighting(0, 0, 0, 900.0, velocity_e_mps=45.0, velocity_n_mps=0.0)], at(0))
    second = absorb(
        Picture.empty(LV), [sighting(200, -100, 0, 1_400.0, velocity_e_mps=44.0, velocity_n_mps=1.0)], at(0)
    )
    better = min(volume(own_tracks(first)[0]), volume(own_tracks(second)[0]))
    naive = [np.reshape(own_tracks(p)[0].covariance, (4, 4)) for p in (first, second)]
    for turn in range(100):
        now = 1 + turn
        sent = as_sent(fused(first, at(now))[0].track, LT, "LT-LV/LT-2026-000001/1")
        second = aged(taken(second, sent, now), now)
        sent = as_sent(fused(second, at(now))[0].track, LV, "LT-LV/LV-2026-000001/1")
        first = aged(taken(first, sent, now), now)
        for picture in (first, second):
            (one,) = fused(picture, at(now))
            assert len(one.fused_from) == 2
            assert volume(one) >= better * (1 - 1e-6)
        naive = [naive_sum(*naive), naive_sum(*naive)]
    assert np.linalg.det(naive[0]) < better * 1e-100, "the sum that is forbidden would be sure of anything"


def test_the_better_of_two_views_is_at_least_kept_and_covers_the_truth():
    """Partly correlated errors (a common part), 400 draws: the claimed spread is not smaller than the true one."""
    draw = np.random.default_rng(11)
    errors, claims = [], []
    for _ in range(400):
        common = draw.normal(0, 600, 2)
        a, b = common + draw.normal(0, 300, 2), common + draw.normal(0, 500, 2)
        picture = absorb(Picture.empty(LT), [system(a[0], a[1], 0, (45.0, 0.0), sigma_m=670.8)], at(0))
        picture = aged(taken(picture, told(b[0], b[1], 0, sigma_m=781.0), 0), 0)
        (one,) = fused(picture, at(0))
        assert len(one.fused_from) == 2
        errors.append(np.square(plane_of(one.track.position)).sum())
        claims.append(one.track.covariance[0] + one.track.covariance[5])
    assert 0.4 <= np.mean(errors) / np.mean(claims) <= 1.1


def test_a_partners_loss_and_withdrawal():
    picture = aged(taken(ours(), told(45.0 * 28, 300, 28), 30), 31)
    area = search_area(received_tracks(picture)[0], at(60))
    lost = partner_lost(picture, THEIRS, area, at(60))
    assert isinstance(lost, Picture)
    assert received_tracks(lost)[0].life is Life.LOST
    assert lost.received[THEIRS].search == area
    assert fused(lost, at(60))[0].fused_from == ("LT/1",)
    gone = withdraw(lost, THEIRS)
    assert isinstance(gone, Picture)
    assert received_tracks(gone) == ()
    for refused in (withdraw(gone, THEIRS), partner_lost(gone, THEIRS, area, at(61))):
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.UNKNOWN_TRACK
    mine = withdraw(gone, TrackId("LT/1"))
    assert isinstance(mine, Refusal)
    assert mine.reason is Reason.NOT_ALLOWED


def test_ours_is_lost_while_the_partner_still_sees_it():
    picture = aged(taken(ours(), told(45.0 * 28, 300, 28), 30), 31)
    picture = aged(taken(picture, told(45.0 * 88, 300, 88), 90), 91)
    assert own_tracks(picture)[0].life is Life.LOST
    (one,) = fused(picture, at(91))
    assert one.track.life is Life.LIVE
    assert one.fused_from == (THEIRS,)
    assert one.track.last_report_at == at(88)


def test_a_silent_partner_is_a_fact_with_its_name():
    picture = taken(Picture.empty(LT), told(0, 0, 0), 0)
    picture, facts = advance(picture, at(300))
    assert facts == ()
    picture, facts = advance(picture, at(301))
    assert [(fact.track, fact.observer) for fact in facts] == [(THEIRS, LV)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"observer": BY}, Reason.WRONG_SENDER),
        ({"id": TrackId("LT/1")}, Reason.WRONG_SENDER),
        ({"at": at(200)}, Reason.TIME_NOT_PLAUSIBLE),
        ({"at": at(20)}, Reason.TIME_NOT_PLAUSIBLE),
        ({"position": Position(10.0, 24.0)}, Reason.POSITION_NOT_PLAUSIBLE),
        ({"covariance": (1.0,) * 16}, Reason.VALUE_NOT_PLAUSIBLE),
        ({"covariance": ()}, Reason.VALUE_NOT_PLAUSIBLE),
        ({"velocity_e_mps": float("nan")}, Reason.VALUE_NOT_PLAUSIBLE),
    ],
)
def test_what_can_not_be_held_is_refused(change, reason):
    picture = taken(ours(), told(45.0 * 28, 300, 28), 30)
    got = receive(picture, LV, msgspec.structs.replace(told(45.0 * 29, 300, 29), **change), at(31))
    assert isinstance(got, Refusal)
    assert got.reason is reason


def test_another_partner_can_not_overwrite_a_track_nor_fill_the_picture(monkeypatch):
    picture = taken(ours(), told(45.0 * 28, 300, 28), 30)
    got = receive(picture, BY, told(0, 0, 29, observer=BY), at(31))
    assert isinstance(got, Refusal)
    assert got.reason is Reason.WRONG_SENDER
    monkeypatch.setattr(limits, "RECEIVED_TRACKS_PER_PARTNER", 1)
    got = receive(picture, LV, told(0, 0, 29, name="another"), at(31))
    assert isinstance(got, Refusal)
    assert got.reason is Reason.BUSY
    assert isinstance(receive(picture, BY, told(0, 0, 29, name="third", observer=BY), at(31)), Picture)


def test_links_to_what_is_gone_lead_nowhere():
    """Between two calls of `advance` an anchor may be withdrawn or joined to an older track."""
    third = told(0, -300, 0, name="BY-LT/BY-2026-000004/1", observer=BY)
    picture = aged(taken(taken(Picture.empty(LT), told(0, 0, 0), 0), third, 0), 1)
    (one,) = fused(picture, at(1))
    anchor, follower = one.members
    assert one.track.observer == picture.received[anchor].track.observer
    gone = withdraw(picture, anchor)
    assert isinstance(gone, Picture)
    assert [o.members for o in fused(gone, at(1))] == [(follower,)]
    picture = aged(aged(aged(taken(ours(5), told(200, 100, 4), 5), 6), 4_000), 4_001)
    assert fused(picture, at(4_001)) == ()
