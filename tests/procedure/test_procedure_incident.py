"""Incidents: names, both sides' words, three levels of acknowledgement, and what a partner can not find out."""

import msgspec
import pytest
from tests.procedure.procedure_scene import (
    BY,
    BY_LT,
    LT,
    LT_LV,
    LV,
    T0,
    TABLES,
    at,
    begun,
    done,
    hears,
    message,
    noticed,
    refused,
    says,
    track,
)

from redshank.procedure import record
from redshank.procedure.incident import Act, Direction, Entry, Incidents, OpenedBy, acts, close_summary
from redshank.procedure.obligation import MessageRef
from redshank.procedure.table import CROSSED, IncidentPhase
from redshank.terms.ids import ChannelId, IncidentId, TrackId
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import MessageType as M
from redshank.terms.message import Outcome, Phase
from redshank.terms.refusal import Reason

OURS, THEIRS = IncidentId("LT-2026-000001"), IncidentId("BY-2026-000007")


def entry(incidents: Incidents, serial: int, direction: Direction = Direction.SENT, name: str = OURS) -> Entry:
    found = [e for e in incidents.get(IncidentId(name)).messages(BY_LT, direction) if e.serial == serial]
    assert len(found) == 1
    return found[0]


def levels(e: Entry) -> tuple[object, object, object]:
    return e.received_at, e.read_at, e.answered_at


# --- names ------------------------------------------------------------------------------------------------------------


def test_each_party_numbers_its_own_incidents_by_year():
    """PROC-19"""
    incidents, first = begun()
    assert first.id == OURS
    incidents = done(record.opened(incidents, TABLES, OpenedBy.PERSON, track("LT/18"), None, (), at(1)))
    new_year = at(240 * 86_400)
    incidents = done(record.opened(incidents, TABLES, OpenedBy.CROSSING, None, None, (), new_year))
    assert list(incidents.open) == [OURS, "LT-2026-000002", "LT-2027-000001"]


def test_a_notice_under_a_new_name_of_the_partner_opens_an_incident():
    """PROC-19"""
    incidents = hears(Incidents.none(LT), M.NOTICE, 3, incident=THEIRS)
    opened = incidents.get(THEIRS)
    assert (opened.id, opened.opened_by, opened.threads[BY_LT].state) == (THEIRS, OpenedBy.NOTICE, "informed")
    assert opened.received[BY][1].phase is Phase.POSSIBLE
    assert incidents.of_tracks((TrackId(f"BY-LT/{THEIRS}/BY/1"),)) == THEIRS


def test_a_notice_of_an_object_that_we_hold_becomes_an_alias_when_the_picture_says_so():
    """PROC-19"""
    incidents, _ = begun()
    incidents = done(record.got(incidents, TABLES, message(M.NOTICE, BY, 0, THEIRS), at(9), same_as=OURS))
    both = incidents.get(THEIRS)
    assert both is incidents.get(OURS)
    assert (both.id, both.aliases) == (OURS, (THEIRS,))
    assert both.id_on(BY_LT) == THEIRS  # the partner has never heard our name for it
    other = record.got(incidents, TABLES, message(M.NOTICE, BY, 1, "BY-2026-000008"), at(9), same_as=OURS)
    assert len(done(other).open) == 2  # one party has one name for one thing


def test_after_both_have_noticed_our_own_words_keep_our_name():
    """PROC-19"""
    incidents = done(record.got(noticed(), TABLES, message(M.NOTICE, BY, 0, THEIRS), at(9), same_as=OURS))
    assert incidents.get(THEIRS).id_on(BY_LT) == OURS
    assert (
        incidents.incident_of(BY_LT, MessageRef(2026, 0, 0)) == THEIRS
    )  # an answer uses the name that the message used
    incidents = says(incidents, M.ACK, 1, at(20), incident=THEIRS, reply_to=0)
    assert incidents.get(OURS).threads[BY_LT].state == "engaged"


@pytest.mark.parametrize(
    "kind",
    [M.UPDATE, M.REPLY, M.ACK, M.CLOSE, M.AGREE_CLOSE],
)
def test_only_a_first_word_opens_an_incident(kind: M):
    """PROC-19, PROC-33"""
    refusal = refused(record.got(Incidents.none(LT), TABLES, message(kind, BY, 0, THEIRS), T0))
    assert refusal.reason is Reason.UNKNOWN_INCIDENT


@pytest.mark.parametrize(
    "name", ["LT-2026-000009", "LV-2026-000001", "BY-2026-1", "by-2026-000001", "", "BY-2026-000001/../"]
)
def test_a_partner_can_not_open_an_incident_in_another_name(name: str):
    """PROC-19: or it could take our next number."""
    refusal = refused(record.got(Incidents.none(LT), TABLES, message(M.NOTICE, BY, 0, name), T0))
    assert refusal.reason is Reason.UNKNOWN_INCIDENT


@pytest.mark.parametrize("name", ["BY-2020-000001", "BY-2031-000001", "BY-2026-000000"])
def test_a_name_of_another_time_is_malformed(name: str):
    """PROC-19"""
    assert (
        refused(record.got(Incidents.none(LT), TABLES, message(M.NOTICE, BY, 0, name), T0)).reason is Reason.MALFORMED
    )


def test_a_partner_learns_nothing_by_guessing_names():
    """PROC-23: what was never told on this channel is unknown there, whether we know it or not."""
    empty = Incidents.none(LT)
    drafted, _ = begun()
    heard = done(record.got(empty, TABLES, message(M.NOTICE, LV, 0, "LV-2026-000004", channel=LT_LV), T0))
    for kind in (M.QUERY, M.UPDATE, M.NOTICE, M.CLOSE):
        for name, full in ((OURS, drafted), (IncidentId("LV-2026-000004"), heard)):
            guess = message(kind, BY, 5, name)
            assert record.got(full, TABLES, guess, T0) == record.got(empty, TABLES, guess, T0)
            assert refused(record.got(full, TABLES, guess, T0)).reason is Reason.UNKNOWN_INCIDENT


def test_a_third_partys_name_never_leaves():
    """PROC-23"""
    name = "LV-2026-000004"
    incidents = done(record.got(Incidents.none(LT), TABLES, message(M.NOTICE, LV, 0, name, channel=LT_LV), T0))
    incidents = record.begun(incidents, TABLES, IncidentId(name), BY_LT, T0)
    refusal = refused(record.sent(incidents, TABLES, message(M.NOTICE, LT, 0, name), "rule", T0))
    assert refusal.reason is Reason.UNKNOWN_INCIDENT
    ours = incidents.get(IncidentId(name)).id_on(BY_LT)
    assert ours == "LT-2026-000001"
    incidents = says(incidents, M.NOTICE, 0, incident=ours)
    assert incidents.get(IncidentId(name)).threads[BY_LT].state == "noticed"
    assert incidents.get(IncidentId(name)).id_on(LT_LV) == name


def test_a_close_tells_no_more_than_what_was_said_on_its_channel():
    """PROC-23"""
    alone = noticed()
    more = done(record.opened(Incidents.none(LT), TABLES, OpenedBy.FORECAST, track(), None, (), T0))
    more = record.seen(more, OURS, track("LT/99", at(-500)), None, (), T0)
    more = record.begun(record.begun(more, TABLES, OURS, BY_LT, T0), TABLES, OURS, LT_LV, T0)
    more = done(record.sent(more, TABLES, message(M.NOTICE, LT, 0, OURS, channel=LT_LV, number=2), "r", at(-300)))
    more = says(more, M.NOTICE, 0, at(5))
    assert close_summary(more.get(OURS), BY_LT, at(9)) == close_summary(alone.get(OURS), BY_LT, at(9))


# --- three levels of acknowledgement ----------------------------------------------------------------------------------


def test_received_read_and_answered_are_three_things():
    """PROC-10"""
    incidents = says(noticed(), M.QUERY, 1, at(10))
    assert levels(entry(incidents, 1)) == (None, None, None)
    incidents = record.receipted(incidents, TABLES, BY_LT, 2, at(11))
    assert levels(entry(incidents, 1)) == (at(11), None, None)
    incidents = hears(incidents, M.REPLY, 0, at(60), reply_to=1)
    assert levels(entry(incidents, 1)) == (at(11), None, at(60))
    incidents = hears(incidents, M.ACK, 1, at(70), reply_to=1)
    assert levels(entry(incidents, 1)) == (at(11), at(70), at(60))
    assert levels(entry(incidents, 0)) == (at(11), None, None)  # an ACK marks the very message that it names
    incidents = hears(incidents, M.ACK, 2, at(90), reply_to=1)
    assert levels(entry(incidents, 1)) == (at(11), at(70), at(60))


def test_what_we_got_is_received_by_our_machine_and_read_by_our_officer():
    """PROC-10"""
    incidents = hears(Incidents.none(LT), M.NOTICE, 0, at(1), incident=THEIRS)
    assert levels(entry(incidents, 0, Direction.GOT, THEIRS)) == (at(1), None, None)
    incidents = says(incidents, M.ACK, 0, at(40), incident=THEIRS, reply_to=0)
    assert levels(entry(incidents, 0, Direction.GOT, THEIRS)) == (at(1), at(40), None)


def test_a_receipt_covers_the_first_messages_of_the_log_and_no_others():
    """PROC-10"""
    incidents = says(says(noticed(), M.UPDATE, 4, at(6)), M.UPDATE, 5, at(7))
    incidents = record.receipted(incidents, TABLES, BY_LT, 5, at(8))
    assert [e.received_at for e in incidents.get(OURS).messages(BY_LT)] == [at(8), at(8), None]
    assert list(incidents.waiting[BY_LT]) == [OURS]
    incidents = record.receipted(incidents, TABLES, BY_LT, 6, at(9))
    assert entry(incidents, 5).received_at == at(9)
    assert not incidents.waiting[BY_LT]


def test_a_receipt_on_one_channel_says_nothing_about_another():
    """PROC-10"""
    incidents = record.begun(noticed(), TABLES, OURS, LT_LV, T0)
    incidents = done(record.sent(incidents, TABLES, message(M.NOTICE, LT, 0, OURS, channel=LT_LV), "r", T0))
    incidents = record.receipted(incidents, TABLES, LT_LV, 1, at(8))
    assert entry(incidents, 0).received_at is None


@pytest.mark.parametrize(
    ("kind", "reply_to"), [(M.ACK, None), (M.ACK, 77), (M.REPLY, 0), (M.REPLY, None), (M.AGREE_CLOSE, 0)]
)
def test_an_answer_to_nothing_is_refused(kind: M, reply_to: int | None):
    """PROC-7"""
    refusal = refused(record.got(noticed(), TABLES, message(kind, BY, 0, OURS, reply_to=reply_to), T0))
    assert refusal.reason is Reason.UNKNOWN_MESSAGE


def test_an_answer_that_is_neither_yes_nor_no_is_malformed():
    """PROC-12"""
    odd = message(M.AGREE_CLOSE, BY, 0, OURS)
    odd = msgspec.structs.replace(odd, body=msgspec.structs.replace(odd.body, agrees="perhaps"))
    incidents = says(noticed(), M.CLOSE, 1)
    assert refused(record.got(incidents, TABLES, odd, T0)).reason is Reason.MALFORMED


# --- phases -----------------------------------------------------------------------------------------------------------


def test_an_incident_is_closed_when_every_channel_has_closed():
    """PROC-3"""
    incidents = record.begun(noticed(), TABLES, OURS, LT_LV, T0)
    incidents = says(incidents, M.CLOSE, 1)
    assert incidents.get(OURS).phase is IncidentPhase.OPEN
    incidents = hears(incidents, M.AGREE_CLOSE, 0, reply_to=1)
    assert incidents.get(OURS).phase is IncidentPhase.OPEN
    incidents = done(record.closed_alone(incidents, TABLES, OURS, LT_LV, at(50)))
    shut = incidents.get(OURS)
    assert (shut.phase, shut.closed_at, shut.outcome) == (IncidentPhase.CLOSED, at(50), Outcome.CROSSED)
    assert OURS not in incidents.open
    assert incidents.of_tracks((TrackId("LT/17"),)) is None
    assert all(not duty.open for duty in shut.duties)


def test_a_closing_incident_that_concerns_one_more_partner_does_not_go_back():
    """PROC-3"""
    incidents = says(noticed(), M.CLOSE, 1)
    assert incidents.get(OURS).phase is IncidentPhase.CLOSING
    incidents = record.begun(incidents, TABLES, OURS, LT_LV, T0)
    assert incidents.get(OURS).phase is IncidentPhase.CLOSING


def test_a_closed_incident_takes_nothing_new():
    """PROC-15"""
    incidents = hears(says(noticed(), M.CLOSE, 1), M.AGREE_CLOSE, 0, reply_to=1)
    late = [
        record.got(incidents, TABLES, message(M.UPDATE, BY, 1, OURS), T0),
        record.sent(incidents, TABLES, message(M.UPDATE, LT, 2, OURS), "r", T0),
        record.sent(incidents, TABLES, message(M.NOTICE, LT, 0, OURS, channel=LT_LV), "r", T0),
        record.happened(incidents, TABLES, OURS, CROSSED, T0, BY_LT),
        record.closed_alone(incidents, TABLES, OURS, BY_LT, T0),
    ]
    assert {refused(one).reason for one in late} == {Reason.ALREADY_CLOSED}
    assert record.begun(incidents, TABLES, OURS, LT_LV, T0) is incidents
    assert record.seen(incidents, OURS, track("LT/3"), None, (), T0) is incidents
    assert record.noted(incidents, TABLES, OURS, "threatened", T0) is incidents


def test_an_incident_that_concerns_no_partner_is_closed_by_a_person():
    """PROC-14"""
    incidents = done(record.opened(Incidents.none(LT), TABLES, OpenedBy.CROSSING, track(), None, (), T0))
    assert [duty.what for duty in incidents.get(OURS).duties if duty.open] == ["close"]
    incidents = done(record.closed_alone(incidents, TABLES, OURS, BY_LT, at(60)))
    assert incidents.get(OURS).phase is IncidentPhase.CLOSED
    assert refused(record.closed_alone(incidents, TABLES, OURS, BY_LT, at(61))).reason is Reason.ALREADY_CLOSED


def test_a_threat_to_our_own_territory_is_owed_a_warning_proposal():
    """PROC-11"""
    incidents = record.noted(noticed(), TABLES, OURS, "threatened", at(10))
    (duty,) = [duty for duty in incidents.get(OURS).duties if duty.what == "warning"]
    assert (duty.due, duty.open) == (at(190), True)
    assert record.noted(incidents, TABLES, OURS, "threatened", at(20)).get(OURS).duties == incidents.get(OURS).duties
    incidents = record.noted(incidents, TABLES, OURS, "warned", at(30))
    (duty,) = [duty for duty in incidents.get(OURS).duties if duty.what == "warning"]
    assert (duty.settled_at, duty.late_ms) == (at(30), 0)


# --- objects ----------------------------------------------------------------------------------------------------------


def test_an_object_keeps_its_number_when_its_best_track_changes():
    """PROC-19"""
    incidents, _ = begun()
    incidents = record.seen(incidents, OURS, track("LT/20"), None, (TrackId("LT/20"), TrackId("LT/17")), at(5))
    incidents = record.seen(incidents, OURS, track("LT/44"), None, (), at(6))
    incidents = record.seen(incidents, OURS, track("LT/20", at(7)), None, (), at(7))
    shown = incidents.get(OURS)
    assert [shown.object_number(TrackId(f"LT/{n}")) for n in (17, 20, 44)] == [1, 1, 2]
    assert shown.own[0].track.at == at(7)
    assert {incidents.of_tracks((track,)) for track in shown.track_ids} == {OURS}
    with pytest.raises(InvariantBroken):
        shown.object_number(TrackId("LT/404"))


def test_a_lost_object_keeps_the_phase_that_was_told_before():
    """PROC-11"""
    incidents = hears(Incidents.none(LT), M.NOTICE, 0, incident=THEIRS)
    incidents = hears(incidents, M.LOST, 1, incident=THEIRS)
    told = incidents.get(THEIRS).received[BY][1]
    assert told.lost is not None
    assert told.phase is Phase.POSSIBLE
    assert close_summary(incidents.get(THEIRS), BY_LT, T0).outcome is Outcome.LOST
    assert hears(incidents, M.UPDATE, 2, incident=THEIRS).get(THEIRS).received[BY][1].lost is None


# --- acts -------------------------------------------------------------------------------------------------------------


STATEMENTS = {"own-object", "measure", "find", "evidence", "negative", "warning", "correct", "cancel"}
FIRST_WORDS = {"own-object", "measure", "find", "warning"}


def may(incidents: Incidents, name: IncidentId = OURS, channel: ChannelId = BY_LT) -> set[str]:
    """But for statements of our own doing and findings."""
    return can(incidents, name, channel) - STATEMENTS


def can(incidents: Incidents, name: IncidentId = OURS, channel: ChannelId = BY_LT) -> set[str]:
    return {act.value for act in acts(TABLES, incidents.get(name), channel)}


def test_statements_are_acts_where_the_table_has_them():
    """MSG-27, PROC-5: some may be a first word; CORRECT and CANCEL need something that stands; late ones after the
    close."""
    incidents, _ = begun()
    assert can(incidents) & STATEMENTS == FIRST_WORDS
    assert can(incidents, channel=LT_LV) & STATEMENTS == FIRST_WORDS
    incidents = says(incidents, M.NOTICE, 0)
    assert can(incidents) & STATEMENTS == STATEMENTS
    incidents = says(hears(incidents, M.CLOSE, 0), M.AGREE_CLOSE, 1, reply_to=0)
    assert can(incidents) == {"evidence", "warning", "correct", "cancel"}


def test_the_acts_of_a_person_come_from_the_table():
    """PROC-5"""
    incidents, _ = begun()
    assert may(incidents) == {"notice", "query", "close-alone"}
    assert may(incidents, channel=LT_LV) == {"notice", "query"}
    incidents = says(incidents, M.NOTICE, 0)
    assert may(incidents) == {"notice", "query", "close"}
    incidents = hears(incidents, M.QUERY, 0)
    assert may(incidents) == {"notice", "query", "close", "ack", "reply"}
    incidents = says(says(incidents, M.REPLY, 1, reply_to=0), M.ACK, 2, reply_to=0)
    assert may(incidents) == {"notice", "query", "close"}
    incidents = hears(incidents, M.CLOSE, 1)
    assert {Act.AGREE_CLOSE, Act.DISAGREE_CLOSE, Act.CLOSE} <= may(incidents)
    incidents = says(incidents, M.AGREE_CLOSE, 3, reply_to=1)
    assert may(incidents) == set()
    assert may(incidents, channel=LT_LV) == set()


def test_a_thread_goes_on_in_the_log_that_follows():
    """PROC-27: the same serials come again in a later generation, and are other messages; a receipt for the later log
    settles what was said in the earlier one too."""
    incidents = says(noticed(), M.QUERY, 1, at(8))
    asked = message(M.QUERY, LT, 1, OURS)
    again = done(record.sent(incidents, TABLES, msgspec.structs.replace(asked, generation=1), "rule", at(9)))
    refs = [entry.ref for entry in again.get(OURS).messages(BY_LT, Direction.SENT)]
    assert refs[-2:] == [MessageRef(2026, 0, 1), MessageRef(2026, 1, 1)]
    assert sorted(ref for ref in refs if ref is not None) == refs
    reply = msgspec.structs.replace(message(M.REPLY, BY, 0, OURS, reply_to=1), generation=1)
    to_old = done(record.got(again, TABLES, msgspec.structs.replace(reply, reply_generation=0), at(10)))
    answered = [entry.ref for entry in to_old.get(OURS).messages(BY_LT, Direction.SENT) if entry.answered_at]
    assert answered == [MessageRef(2026, 0, 1)]
    settled = record.receipted(again, TABLES, BY_LT, 2, at(11), (2026, 1))
    sent = settled.get(OURS).messages(BY_LT, Direction.SENT)
    assert all(entry.received_at == at(11) for entry in sent)
