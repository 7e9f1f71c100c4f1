"""The exercise clock: all processes read one face, and a change counts for all of them from the same instant on."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redshank.edges.clock import ClockFace, ExerciseClock, set_exercise_clock, set_exercise_pace
from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)
DAY_MS = 86_400_000
ALL_HAVE_LOOKED_S = 2 * ExerciseClock.CHANGE_OVER_NS / 1e9


def test_the_first_face_counts_at_once(tmp_path):
    set_exercise_clock(tmp_path / "clock.json", NIGHT, 0.0)
    clock = ExerciseClock(tmp_path / "clock.json")
    assert (clock.now(), clock.rate) == (NIGHT, 0.0)


def test_two_readers_never_disagree_about_a_jump(tmp_path):
    """One has just looked when the clock is set, the other looks all the time: neither jumps before the other."""
    path = tmp_path / "clock.json"
    set_exercise_clock(path, NIGHT, 0.0)
    early, late = ExerciseClock(path), ExerciseClock(path)
    assert early.now() == late.now() == NIGHT
    set_exercise_clock(path, Instant(NIGHT + DAY_MS), 0.0)
    until, jumped = time.monotonic() + ALL_HAVE_LOOKED_S, False
    while time.monotonic() < until:
        first, second = early.now(), late.now()
        assert first <= second, "a reader that asks later shows an earlier time"
        jumped = jumped or second > NIGHT
        time.sleep(0.001)
    assert jumped
    assert early.now() == NIGHT + DAY_MS


def test_a_change_of_pace_goes_on_from_where_the_clock_is(tmp_path):
    path = tmp_path / "clock.json"
    set_exercise_clock(path, NIGHT, 60.0)
    clock, readings = ExerciseClock(path), []
    for rate in (0.0, 20.0, 5.0):  # each before the one before it is in force
        set_exercise_pace(path, rate)
    until = time.monotonic() + ALL_HAVE_LOOKED_S
    while time.monotonic() < until:
        readings.append(clock.now())
    assert readings == sorted(readings)
    assert clock.rate == 5.0
    assert readings[-1] - NIGHT < 60_000 * ALL_HAVE_LOOKED_S + 1_000


def test_a_pace_needs_a_clock(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"clock\.json"):
        set_exercise_pace(tmp_path / "clock.json", 2.0)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from([0.0, 1.0, 20.0, 60.0]))
def test_a_face_is_the_one_before_it_until_its_anchor(anchor_ns, asked_ns, rate):
    old = ClockFace(0, 0, 1.0)
    new = ClockFace(int(NIGHT), anchor_ns, rate, old)
    assert new.read(asked_ns) == (
        old.read(asked_ns) if asked_ns < anchor_ns else ClockFace(int(NIGHT), anchor_ns, rate).read(asked_ns)
    )
