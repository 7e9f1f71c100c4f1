"""Bounds: what a partner could make grow finds an end, and what was recorded already changes nothing."""

import pytest
from tests.procedure.procedure_scene import (
    BY,
    BY_LT,
    LT,
    T0,
    TABLES,
    at,
    done,
    hears,
    message,
    noticed,
    refused,
    says,
    track,
)

from redshank.procedure import record
from redshank.procedure.incident import Incidents, OpenedBy
from redshank.procedure.table import IncidentPhase
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import MessageType as M
from redshank.terms.refusal import Reason, Refusal

OURS, THEIRS = IncidentId("LT-2026-000001"), IncidentId("BY-2026-000007")


def test_a_message_that_was_recorded_already_changes_nothing():
    """PROC-17"""
    incidents = hears(noticed(), M.QUERY, 3, at(9))
    again = record.got(incidents, TABLES, message(M.QUERY, BY, 3, OURS, when=at(9)), at(99))
    assert again is incidents
    assert record.sent(incidents, TABLES, message(M.NOTICE, LT, 0, OURS), "rule", at(99)) is incidents


def test_a_channel_that_is_not_active_records_nothing():
    """PROC-22"""
    refusal = refused(
        record.got(Incidents.none(LT), TABLES, message(M.NOTICE, BY, 0, THEIRS, channel=ChannelId("BY-EE")), T0)
    )
    assert refusal.reason is Reason.CHANNEL_NOT_ACTIVE


def test_a_full_timeline_lets_updates_go_first_and_still_closes(monkeypatch: pytest.MonkeyPatch):
    """PROC-18"""
    monkeypatch.setattr(limits, "MESSAGES_PER_INCIDENT", 12)
    incidents = noticed()
    for serial in range(1, 20):
        incidents = says(incidents, M.UPDATE, serial, at(serial))
    shown = incidents.get(OURS)
    assert len(shown.timeline) == 12
    assert shown.trimmed == (4 + 19) - 12
    assert "NOTICE" in [entry.type for entry in shown.timeline]
    after: object = None
    for serial in range(30):
        after = record.got(incidents, TABLES, message(M.NOTICE, BY, serial, OURS), T0)
        incidents = after if isinstance(after, Incidents) else incidents
    assert isinstance(after, Refusal)
    assert after.reason is Reason.BUSY  # a flood finds an end
    incidents = hears(says(incidents, M.CLOSE, 50), M.AGREE_CLOSE, 60, reply_to=50)
    assert incidents.get(OURS).phase is IncidentPhase.CLOSED
    assert len(incidents.get(OURS).timeline) == 12


def test_one_partner_can_not_fill_the_node(monkeypatch: pytest.MonkeyPatch):
    """PROC-18"""
    monkeypatch.setattr(limits, "INCIDENTS_PER_PARTNER", 3)
    incidents = Incidents.none(LT)
    for number in range(1, 4):
        incidents = hears(incidents, M.NOTICE, number, incident=f"BY-2026-00000{number}")
    assert refused(record.got(incidents, TABLES, message(M.NOTICE, BY, 9, "BY-2026-000009"), T0)).reason is Reason.BUSY
    incidents = done(record.opened(incidents, TABLES, OpenedBy.PERSON, track(), None, (), T0))
    monkeypatch.setattr(limits, "OPEN_INCIDENTS", 4)
    assert refused(record.opened(incidents, TABLES, OpenedBy.PERSON, track(), None, (), T0)).reason is Reason.BUSY


def test_objects_of_one_incident_are_bounded(monkeypatch: pytest.MonkeyPatch):
    """PROC-18"""
    monkeypatch.setattr(limits, "OBJECTS_PER_INCIDENT", 2)
    incidents = hears(Incidents.none(LT), M.NOTICE, 0, incident=THEIRS, number=1)
    incidents = hears(incidents, M.NOTICE, 1, incident=THEIRS, number=2)
    third = record.got(incidents, TABLES, message(M.NOTICE, BY, 2, THEIRS, number=3), T0)
    assert refused(third).reason is Reason.TOO_LARGE
    assert isinstance(record.got(incidents, TABLES, message(M.UPDATE, BY, 2, THEIRS, number=2), T0), Incidents)


def test_old_closed_incidents_are_forgotten_and_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch):
    """PROC-18"""
    monkeypatch.setattr(limits, "CLOSED_INCIDENTS", 2)
    incidents = Incidents.none(LT)
    for number in range(1, 6):
        name = f"BY-2026-00000{number}"
        incidents = hears(incidents, M.NOTICE, number * 2, incident=name)
        incidents = hears(incidents, M.CLOSE, number * 2 + 1, incident=name)
        incidents = says(incidents, M.AGREE_CLOSE, number, incident=name, reply_to=number * 2 + 1)
    assert list(incidents.closed) == ["BY-2026-000004", "BY-2026-000005"]
    assert set(incidents.names.values()) == set(incidents.closed)
    assert {name for _, name in incidents.due} <= set(incidents.closed)
    assert isinstance(record.receipted(incidents, TABLES, BY_LT, 9, T0), Incidents)


def test_saying_something_in_a_partners_name_is_our_own_bug():
    """PROC-2"""
    with pytest.raises(InvariantBroken):
        record.sent(noticed(), TABLES, message(M.UPDATE, BY, 1, OURS), "rule", T0)


def test_can_send_tells_before_anything_is_written():
    """PROC-2"""
    incidents = noticed()
    assert record.can_send(incidents, TABLES, message(M.UPDATE, LT, 1, OURS), T0) is None
    refusal = record.can_send(incidents, TABLES, message(M.AGREE_CLOSE, LT, 1, OURS), T0)
    assert refusal is not None
    assert refusal.reason is Reason.NOT_IN_TABLE
