"""CORRECT and CANCEL in an incident: what they name, what they change, what a partner can not do with them (MSG-28)."""

import msgspec
import pytest
from tests.procedure.procedure_scene import (
    BY,
    BY_LT,
    LT,
    TABLE,
    TABLES,
    at,
    hears,
    message,
    noticed,
    refused,
    says,
    state,
)

from redshank.procedure import corrections, record
from redshank.procedure.incident import Direction, Entry, Incident, Incidents
from redshank.procedure.obligation import MessageRef
from redshank.procedure.table import Input
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.message import (
    Body,
    CancelBody,
    CancelWhy,
    CloseBody,
    CorrectBody,
    LostBody,
    Message,
    NoticeBody,
    Outcome,
    Phase,
    PointE7,
    QueryBody,
    Question,
)
from redshank.terms.message import MessageType as M
from redshank.terms.refusal import Reason, Refusal

NAME = IncidentId("LT-2026-000001")


def cancel(serial: int, generation: int | None = None) -> CancelBody:
    return CancelBody(serial=serial, generation=generation, why=CancelWhy.SUPERSEDED)


def correct(serial: int, kind: M, body: Body) -> CorrectBody:
    return CorrectBody(serial=serial, type=kind, body=body)


def words(kind: M, serial: int, body: Body, incident: str = NAME) -> Message:
    """What BY says at a serial."""
    return msgspec.structs.replace(message(kind, BY, serial, incident, when=at(60 + serial)), body=body)


def told(incidents: Incidents, kind: M, serial: int, body: Body) -> Incidents | Refusal:
    """Taken, or refused."""
    return record.got(incidents, TABLES, words(kind, serial, body), at(60 + serial))


def talk() -> Incidents:
    """LT has noticed; BY has acknowledged (0), noticed (1), updated (2) and asked (3)."""
    incidents = hears(noticed(), M.ACK, 0, at(10), reply_to=0)
    incidents = hears(incidents, M.NOTICE, 1, at(20))
    incidents = hears(incidents, M.UPDATE, 2, at(30))
    return hears(incidents, M.QUERY, 3, at(40))


def the(incidents: Incidents) -> Incident:
    return incidents.get(NAME)


def entry(incidents: Incidents, serial: int) -> Entry:
    return next(one for one in the(incidents).messages(BY_LT, Direction.GOT) if one.serial == serial)


def owed(incidents: Incidents) -> set[str]:
    return {f"{one.what} {one.owner.value}" for one in the(incidents).threads[BY_LT].obligations}


NEARER = NoticeBody(phase=Phase.CROSSED, object=msgspec.structs.replace(state(), accuracy_m=50))


def test_msg_28_a_correction_stands_beside_and_what_it_says_counts():
    """The entry keeps its words; the object is as corrected; both know one another."""
    before = talk()
    incidents = told(before, M.CORRECT, 4, correct(2, M.UPDATE, NEARER))
    assert isinstance(incidents, Incidents)
    assert entry(incidents, 2).body == entry(before, 2).body
    assert entry(incidents, 2).corrected_by == MessageRef(2026, 0, 4)
    assert corrections.content(the(incidents), entry(incidents, 2)) == NEARER
    held = the(incidents).received[BY][1]
    assert (held.state, held.phase, held.corrected) == (NEARER.object, Phase.CROSSED, True)


def test_msg_28_an_ack_is_owed_anew_where_one_was():
    """NOTICE owes one, UPDATE does not: by the table, so both sides find the same."""
    incidents = says(talk(), M.ACK, 1, at(50), reply_to=2)
    assert "ack us" not in owed(incidents)
    of_update = told(incidents, M.CORRECT, 4, correct(2, M.UPDATE, NEARER))
    of_notice = told(incidents, M.CORRECT, 4, correct(1, M.NOTICE, NEARER))
    assert isinstance(of_update, Incidents)
    assert isinstance(of_notice, Incidents)
    assert "ack us" not in owed(of_update)
    assert "ack us" in owed(of_notice)


def test_msg_28_a_cancelled_word_counts_no_more_and_the_one_before_it_does():
    incidents = told(talk(), M.CORRECT, 4, correct(2, M.UPDATE, NEARER))
    assert isinstance(incidents, Incidents)
    incidents = told(incidents, M.CANCEL, 5, cancel(2))
    assert isinstance(incidents, Incidents)
    held = the(incidents).received[BY][1]
    assert (held.phase, held.corrected, held.cancelled) == (Phase.POSSIBLE, False, False)
    incidents = told(incidents, M.CANCEL, 6, cancel(1))
    assert isinstance(incidents, Incidents)
    assert the(incidents).received[BY][1].cancelled


def test_msg_28_a_correction_to_another_object_leaves_the_first():
    """The first object is cancelled, the second is there."""
    other = NoticeBody(phase=Phase.POSSIBLE, object=state(2))
    incidents = told(talk(), M.CORRECT, 4, correct(1, M.NOTICE, other))
    assert isinstance(incidents, Incidents)
    incidents = told(incidents, M.CORRECT, 5, correct(2, M.UPDATE, other))
    assert isinstance(incidents, Incidents)
    held = the(incidents).received[BY]
    assert (held[1].cancelled, held[2].cancelled) == (True, False)


def test_msg_28_the_reply_to_a_cancelled_query_is_released():
    incidents = hears(talk(), M.QUERY, 4, at(50), number=1)
    assert len([o for o in the(incidents).threads[BY_LT].obligations if o.what == "reply"]) == 2
    after = told(incidents, M.CANCEL, 5, cancel(3))
    assert isinstance(after, Incidents)
    [left] = [o for o in the(after).threads[BY_LT].obligations if o.what == "reply"]
    assert left.first == MessageRef(2026, 0, 4)
    assert any(o.what == "reply" and o.lapsed for o in the(after).threads[BY_LT].settled)


QUERY = QueryBody(object=1, question=Question.YOURS_OR_KNOWN)


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (M.CANCEL, cancel(9), Reason.UNKNOWN_MESSAGE),
        (M.CANCEL, cancel(1, generation=0), None),
        (M.CORRECT, correct(1, M.UPDATE, NEARER), Reason.OTHER_TYPE),
        (M.CORRECT, correct(3, M.NOTICE, NEARER), Reason.OTHER_TYPE),
        (M.CORRECT, correct(3, M.QUERY, QUERY), None),
        (M.CORRECT, correct(8, M.QUERY, QUERY), Reason.UNKNOWN_MESSAGE),
    ],
)
def test_msg_28_what_names_nothing_right_changes_nothing(kind: M, body: Body, reason: Reason | None):
    """Each has its own reason; the incident is as it was."""
    before = talk()
    after = told(before, kind, 10, body)
    if reason is None:
        assert isinstance(after, Incidents)
        return
    assert refused(after).reason is reason
    assert the(before) == the(talk())


def test_msg_28_neither_can_be_taken_back_nor_said_of_what_is_cancelled():
    after = told(talk(), M.CANCEL, 4, cancel(2))
    assert isinstance(after, Incidents)
    incidents: Incidents = after
    assert refused(told(incidents, M.CANCEL, 5, cancel(2))).reason is Reason.ALREADY_CANCELLED
    assert refused(told(incidents, M.CORRECT, 5, correct(2, M.UPDATE, NEARER))).reason is Reason.ALREADY_CANCELLED
    assert refused(told(incidents, M.CANCEL, 5, cancel(4))).reason is Reason.NOT_CORRECTABLE


def test_msg_28_our_own_words_are_not_theirs_to_correct():
    """Serial 0 of LT is a NOTICE, serial 0 of BY an ACK."""
    assert refused(told(talk(), M.CORRECT, 4, correct(0, M.NOTICE, NEARER))).reason is Reason.OTHER_TYPE


def test_msg_28_a_correction_may_come_after_the_close():
    """What was wrong in the record may be said at any time; nothing is owed for it any more."""
    incidents = says(talk(), M.CLOSE, 1, at(50))
    incidents = hears(incidents, M.AGREE_CLOSE, 4, at(60), reply_to=1)
    assert the(incidents).threads[BY_LT].state == "closed"
    after = told(incidents, M.CORRECT, 5, correct(1, M.NOTICE, NEARER))
    assert isinstance(after, Incidents)
    assert entry(after, 1).corrected_by == MessageRef(2026, 0, 5)
    assert "ack us" not in owed(after)
    assert the(after).closed_at == the(incidents).closed_at


def test_a_corrected_close_has_the_outcome_that_was_meant():
    """MSG-28: of their own summary; ours stands when we have given one."""
    incidents = hears(talk(), M.CLOSE, 4, at(50))
    assert the(incidents).outcome is Outcome.CROSSED
    close = entry(incidents, 4).body
    assert isinstance(close, CloseBody)
    meant = msgspec.structs.replace(close, outcome=Outcome.FOUND)
    after = told(incidents, M.CORRECT, 5, correct(4, M.CLOSE, meant))
    assert isinstance(after, Incidents)
    assert the(after).outcome is Outcome.FOUND


def test_corrections_bring_no_more_objects_than_notices():
    """OBJECTS_PER_INCIDENT, PROC-18."""
    incidents = noticed()
    incidents = hears(incidents, M.ACK, 0, at(10), reply_to=0)
    incidents = hears(incidents, M.NOTICE, 1, at(20))
    for number in range(2, limits.OBJECTS_PER_INCIDENT + 1):
        incidents = hears(incidents, M.UPDATE, number, at(30), number=number)
    serial = limits.OBJECTS_PER_INCIDENT + 1
    one_more = NoticeBody(phase=Phase.POSSIBLE, object=state(limits.OBJECTS_PER_INCIDENT + 1))
    assert refused(told(incidents, M.CORRECT, serial, correct(1, M.NOTICE, one_more))).reason is Reason.TOO_LARGE


def test_a_lost_word_can_be_corrected_too():
    """MSG-28: the newest that stands counts, whatever its type."""
    lost = LostBody(object=state(), search_centre=PointE7(0, 0), search_radius_m=5000)
    incidents = told(hears(talk(), M.LOST, 4, at(50)), M.CORRECT, 5, correct(4, M.LOST, lost))
    assert isinstance(incidents, Incidents)
    assert the(incidents).received[BY][1].lost == lost


def test_both_sides_find_by_the_table_who_reads():
    """MSG-27, MSG-28: every table that has rows for CORRECT tells both cases apart."""
    assert TABLE.row("engaged", Input("got:CORRECT")) != TABLE.row("engaged", Input("got:CORRECT:ack"))
    assert LT != BY
