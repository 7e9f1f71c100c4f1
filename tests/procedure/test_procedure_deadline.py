"""Deadlines: each step of a ladder once, in order, also after an outage; and the cost of many open incidents."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.procedure.procedure_scene import (
    BY_LT,
    LAWS,
    LT,
    T0,
    TABLES,
    agreement_text,
    at,
    begun,
    done,
    hears,
    message,
    says,
    track,
)

from redshank.procedure import record
from redshank.procedure.agreement import in_force, parse_agreement
from redshank.procedure.deadline import Missed, mark_missed, next_deadline, overdue
from redshank.procedure.incident import Incidents, OpenedBy
from redshank.procedure.obligation import Owner, Step
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType as M

OURS = IncidentId("LT-2026-000001")


def taken(incidents: Incidents, now: Instant) -> tuple[Incidents, list[Missed]]:
    """As a node does: each missed step is recorded, then applied."""
    steps = list(overdue(incidents, now))
    for step in steps:
        incidents = mark_missed(incidents, TABLES, step.incident, step.obligation, step.level, now)
    return incidents, steps


def test_nothing_is_missed_before_its_time():
    """PROC-8"""
    incidents, _ = begun()
    assert next_deadline(Incidents.none(LT)) is None
    assert next_deadline(incidents) == at(60)
    assert overdue(incidents, Instant(at(60) - 1)) == ()
    (step,) = overdue(incidents, at(60))
    assert (step.what, step.owner, step.level, step.step, step.at) == (
        "notice",
        Owner.US,
        1,
        Step.SECOND_OFFICER,
        at(60),
    )
    assert step.channel == BY_LT


def test_each_step_is_told_once_whatever_the_clock_does():
    """PROC-8"""
    incidents, _ = begun()
    incidents, first = taken(incidents, at(61))
    assert [step.level for step in first] == [1]
    assert taken(incidents, at(61))[1] == []
    assert taken(incidents, at(30))[1] == []  # a clock that jumps back
    incidents, rest = taken(incidents, at(100_000))  # an outage: all that fell due is told, in order
    assert [(step.what, step.level) for step in rest if step.what == "notice"] == [("notice", 2)]
    assert [(step.what, step.level) for step in rest if step.what == "close"] == [("close", 1), ("close", 2)]
    assert taken(incidents, at(200_000))[1] == []
    assert next_deadline(incidents) is None


def test_a_step_applied_twice_or_too_late_changes_nothing():
    """PROC-8"""
    incidents, _ = begun()
    (step,) = overdue(incidents, at(60))
    once = mark_missed(incidents, TABLES, step.incident, step.obligation, step.level, at(60))
    assert mark_missed(once, TABLES, step.incident, step.obligation, step.level, at(61)) is once
    sent = says(incidents, M.NOTICE, 0, at(60))
    assert mark_missed(sent, TABLES, step.incident, step.obligation, step.level, at(61)) is sent
    assert mark_missed(sent, TABLES, IncidentId("LT-2026-000099"), "x", 1, at(61)) is sent


def test_the_timeline_tells_who_was_late_and_which_step_was_taken():
    """PROC-8"""
    incidents, _ = begun()
    incidents, _ = taken(says(incidents, M.NOTICE, 0, at(5)), at(130))
    told = [entry.note for entry in incidents.get(OURS).timeline if entry.type == "missed"]
    assert told == [
        "receipt partner alternate-line",
        "receipt partner third-party-relay",
        "ack partner second-officer",
    ]


def test_a_missed_duty_at_home_climbs_too():
    """PROC-11"""
    incidents = record.noted(begun()[0], TABLES, OURS, "threatened", T0)
    steps = [step for step in taken(incidents, at(301))[1] if step.what == "warning"]
    assert [(step.channel, step.level, step.at) for step in steps] == [(None, 1, at(180)), (None, 2, at(300))]
    incidents, _ = taken(incidents, at(301))
    assert taken(incidents, at(301))[1] == []


def test_a_partner_that_never_agrees_is_closed_after_the_whole_ladder():
    """PROC-14"""
    incidents = says(says(begun()[0], M.NOTICE, 0), M.CLOSE, 1)
    incidents, _ = taken(incidents, at(1_799))
    assert incidents.get(OURS).threads[BY_LT].state == "closing"
    incidents, _ = taken(incidents, at(1_800))
    assert incidents.get(OURS).threads[BY_LT].state == "unanswered"
    incidents = done(record.closed_alone(incidents, TABLES, OURS, BY_LT, at(1_900)))
    assert incidents.get(OURS).disputed
    late = hears(incidents, M.AGREE_CLOSE, 0, at(4_000), reply_to=1)
    assert not late.get(OURS).disputed


def test_the_agreements_figures_are_those_that_count():
    """PROC-21"""
    text = agreement_text("BY-LT").replace("deadlines: {}", "deadlines: {notice: 20}")
    tables = in_force(LAWS, {BY_LT: parse_agreement(text, LAWS)})
    incidents = done(record.opened(Incidents.none(LT), tables, OpenedBy.FORECAST, None, None, (), T0))
    assert next_deadline(record.begun(incidents, tables, OURS, BY_LT, T0)) == at(20)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400)), max_size=25))
def test_the_index_is_what_a_search_would_find(steps: list[tuple[int, int]]):
    """PROC-8"""
    incidents, now = Incidents.none(LT), T0
    for serial, (kind, wait_s) in enumerate(steps):
        now = Instant(now + wait_s * 1000)
        names = sorted(incidents.open)
        if kind == 0 or not names:
            incidents = done(record.opened(incidents, TABLES, OpenedBy.PERSON, None, None, (), now))
        elif kind == 1:
            incidents = record.begun(incidents, TABLES, names[serial % len(names)], BY_LT, now)
        elif kind == 2:
            told = message(M.NOTICE, LT, serial, names[serial % len(names)], when=now)
            incidents = done(record.sent(incidents, TABLES, told, "r", now))
        else:
            incidents, _ = taken(incidents, now)
        due = {one.id: one.next_due for one in incidents.open.values() if one.next_due is not None}
        assert {name: when for when, name in incidents.due} == due
        assert list(incidents.due) == sorted(incidents.due)
        assert next_deadline(incidents) == min(due.values(), default=None)


def test_an_outage_is_taken_in_bounded_bites(monkeypatch: pytest.MonkeyPatch):
    """PROC-18"""
    monkeypatch.setattr(limits, "MISSED_PER_STEP", 7)
    incidents = Incidents.none(LT)
    for number in range(20):
        incidents = done(record.opened(incidents, TABLES, OpenedBy.PERSON, track(f"LT/{number}"), None, (), T0))
    told: list[Missed] = []
    for _ in range(10):
        incidents, steps = taken(incidents, at(100_000))
        assert len(steps) <= 7
        told.extend(steps)
    assert len({(step.obligation, step.level) for step in told}) == len(told) == 40


def test_five_thousand_open_incidents_cost_little():
    """PROC-18, PROC-39: a look at the clock is O(1), and a change costs well under what a second has."""
    incidents = Incidents.none(LT)
    for _ in range(limits.OPEN_INCIDENTS):
        incidents = done(record.opened(incidents, TABLES, OpenedBy.PERSON, None, None, (), T0))
    started = time.perf_counter()
    for _ in range(1_000):
        next_deadline(incidents)
        overdue(incidents, at(10))
    looks_s = (time.perf_counter() - started) / 1_000
    started = time.perf_counter()
    for number in range(1, 101):
        incidents = record.begun(incidents, TABLES, IncidentId(f"LT-2026-{number:06d}"), BY_LT, at(1))
    change_s = (time.perf_counter() - started) / 100
    assert looks_s < 0.000_1
    assert change_s < 0.01
