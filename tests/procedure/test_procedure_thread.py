"""Threads: one incident on one channel, as stories."""

import msgspec
import pytest
from tests.procedure.procedure_scene import BY_LT, T0, TABLE, S, at

from redshank.procedure.obligation import MessageRef, Obligation, Owner, Step
from redshank.procedure.table import (
    CLOSED_ALONE,
    CROSSED,
    DROPPED,
    FORECAST,
    LOST,
    RECEIPT,
    WITHHELD,
    IncidentPhase,
    Input,
    Owed,
    got,
    sent,
)
from redshank.procedure.thread import Thread, apply, missed, new_thread
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType as M
from redshank.terms.refusal import Reason, Refusal

NOTICE, ACK, QUERY, REPLY = sent(M.NOTICE), got(M.ACK), sent(M.QUERY), got(M.REPLY)


def ref(serial: int, year: int = 2026) -> MessageRef:
    return MessageRef(year, 0, serial)


def fresh() -> Thread:
    return new_thread(TABLE, IncidentId("LT-2026-000001"), BY_LT, T0)


def step(
    thread: Thread, given: Input, seconds: float = 0, serial: int | None = None, settles: int | None = None
) -> Thread:
    after = apply(
        TABLE,
        thread,
        given,
        at(seconds),
        None if serial is None else ref(serial),
        None if settles is None else ref(settles),
    )
    assert isinstance(after, Thread), after
    return after


def story(*inputs: Input) -> Thread:
    thread = fresh()
    for given in inputs:
        thread = step(thread, given)
    return thread


def owed(thread: Thread) -> set[str]:
    return {f"{o.what} {o.owner.value}" for o in thread.obligations}


def one(thread: Thread, what: str, owner: Owner = Owner.PARTNER) -> Obligation:
    found = [o for o in thread.obligations if o.what == what and o.owner is owner]
    assert len(found) == 1
    return found[0]


def test_our_notice_is_owed_sent_received_and_read():
    """PROC-5"""
    thread = step(fresh(), FORECAST)
    assert (thread.state, owed(thread)) == ("drafted", {"notice us", "close us"})
    assert one(thread, "notice", Owner.US).due == at(60)
    thread = step(thread, NOTICE, 20, serial=7)
    assert (thread.state, owed(thread)) == ("noticed", {"receipt partner", "ack partner", "close us"})
    assert (one(thread, "receipt").due, one(thread, "ack").due) == (at(30), at(140))
    thread = step(thread, RECEIPT, 21, settles=7)
    thread = step(thread, ACK, 90, serial=3, settles=7)
    assert (thread.state, owed(thread)) == ("engaged", {"close us"})
    assert thread.noticed_at == at(20)


def test_a_partners_notice_is_to_be_acknowledged_by_us():
    """PROC-5"""
    thread = step(fresh(), got(M.NOTICE), serial=0)
    assert (thread.state, owed(thread)) == ("informed", {"ack us", "close us"})
    assert one(thread, "ack", Owner.US).due == at(120)
    thread = step(thread, sent(M.ACK), 50, serial=0, settles=0)
    assert (thread.state, owed(thread)) == ("engaged", {"receipt partner", "close us"})


def test_notices_that_cross_each_other_leave_both_sides_owing_an_ack():
    """PROC-6"""
    thread = story(FORECAST, NOTICE, got(M.NOTICE))
    assert thread.state == "mutual"
    assert owed(thread) == {"receipt partner", "ack partner", "ack us", "close us"}
    assert step(thread, sent(M.ACK)).state == "engaged"
    assert "ack us" in owed(step(thread, ACK))


def test_a_partners_notice_ends_our_duty_to_give_one_but_not_our_right():
    """PROC-6"""
    thread = story(FORECAST, got(M.NOTICE))
    assert (thread.state, owed(thread)) == ("informed", {"ack us", "close us"})
    assert step(thread, NOTICE).state == "mutual"
    assert step(thread, FORECAST) == thread


def test_a_close_that_crosses_a_close_is_an_agreement():
    """PROC-13"""
    thread = story(NOTICE, sent(M.CLOSE), got(M.CLOSE))
    assert (thread.state, thread.phase) == ("closed", IncidentPhase.CLOSED)
    assert owed(thread) == {"receipt partner"}


@pytest.mark.parametrize(("agrees", "state"), [(True, "closed"), (False, "disputed")])
def test_both_answers_to_a_close_close(agrees: bool, state: str):
    """PROC-12"""
    ours = story(NOTICE, sent(M.CLOSE), got(M.AGREE_CLOSE, agrees=agrees))
    theirs = story(got(M.NOTICE), got(M.CLOSE), sent(M.AGREE_CLOSE, agrees=agrees))
    assert {ours.state, theirs.state} == {state}


def test_a_partner_that_never_agrees_does_not_keep_the_incident_open():
    """PROC-14: only after the last step of the ladder, by a person, as a dispute on record."""
    thread = story(NOTICE, sent(M.CLOSE))
    assert isinstance(apply(TABLE, thread, CLOSED_ALONE, T0), Refusal)
    close = one(thread, "agree-close")
    for level in (1, 2, 3):
        thread = missed(TABLE, thread, close.id, level, close.step_at(level))
        assert thread.state == "closing"
    thread = missed(TABLE, thread, close.id, 4, close.step_at(4))
    assert (thread.state, thread.phase) == ("unanswered", IncidentPhase.CLOSING)
    assert "close us" in owed(thread)
    thread = step(thread, CLOSED_ALONE, 7200)
    assert thread.state == "disputed"
    assert step(thread, got(M.AGREE_CLOSE), 9000).state == "closed"


def test_what_comes_after_the_close_is_refused_by_name():
    """PROC-15"""
    thread = story(NOTICE, sent(M.CLOSE), got(M.AGREE_CLOSE))
    for given in (got(M.UPDATE), got(M.NOTICE), got(M.QUERY), sent(M.UPDATE), sent(M.NOTICE), CROSSED):
        after = apply(TABLE, thread, given, T0)
        assert isinstance(after, Refusal)
        assert after.reason is Reason.ALREADY_CLOSED


def test_what_was_on_its_way_when_we_asked_to_close_is_still_taken():
    """PROC-16"""
    thread = story(NOTICE, ACK, QUERY, sent(M.CLOSE))
    for given in (got(M.NOTICE), got(M.UPDATE), got(M.LOST), got(M.QUERY), got(M.ACK), got(M.REPLY)):
        assert step(thread, given).state == "closing"
    assert isinstance(apply(TABLE, thread, sent(M.UPDATE), T0), Refusal)


def test_a_step_that_is_not_in_the_table_is_refused_and_changes_nothing():
    """PROC-2"""
    thread = story(NOTICE)
    for given in (sent(M.AGREE_CLOSE), sent(M.REPLY), got(M.UPDATE), DROPPED):
        after = apply(TABLE, thread, given, T0)
        assert isinstance(after, Refusal)
        assert after.reason is Reason.NOT_IN_TABLE
        assert after.field == given


def test_a_reply_is_possible_only_while_a_query_waits_for_it():
    """PROC-7"""
    thread = step(story(NOTICE), got(M.QUERY), serial=4)
    thread = step(thread, sent(M.REPLY), 10, serial=1, settles=4)
    assert isinstance(apply(TABLE, thread, sent(M.REPLY), at(20), ref(2), ref(4)), Refusal)


def test_each_query_has_its_own_answer():
    """PROC-7"""
    thread = step(step(story(NOTICE), QUERY, 0, serial=1), QUERY, 100, serial=2)
    assert sorted(o.due for o in thread.obligations if o.what == "reply") == [at(300), at(400)]
    thread = step(thread, REPLY, 120, serial=9, settles=2)
    assert one(thread, "reply").first == ref(1)


def test_a_message_that_was_had_already_changes_nothing():
    """PROC-17"""
    thread = step(fresh(), got(M.NOTICE), serial=5)
    thread = step(thread, sent(M.ACK), 30, serial=2, settles=5)
    assert apply(TABLE, thread, got(M.NOTICE), at(99), ref(5)) is thread
    assert apply(TABLE, thread, sent(M.ACK), at(99), ref(2), ref(5)) is thread


def test_an_ack_settles_what_is_owed_for_that_message_and_earlier_ones():
    """PROC-7: and the clock of a later notice begins anew."""
    thread = fresh()
    for serial in (1, 2, 3):
        thread = step(thread, got(M.NOTICE), serial * 10, serial=serial)
    assert one(thread, "ack", Owner.US).due == at(130)
    thread = step(thread, sent(M.ACK), 60, serial=1, settles=2)
    assert (one(thread, "ack", Owner.US).first, one(thread, "ack", Owner.US).due) == (ref(3), at(180))
    assert "ack us" not in owed(step(thread, sent(M.ACK), 70, serial=2, settles=3))


def test_a_receipt_settles_up_to_its_message_and_then_watches_the_next():
    """PROC-10"""
    thread = step(step(fresh(), NOTICE, 0, serial=1), sent(M.UPDATE), 5, serial=6)
    assert one(thread, "receipt").due == at(10)
    assert one(step(thread, RECEIPT, 6, settles=0), "receipt").due == at(10)
    thread = step(thread, RECEIPT, 8, settles=4)
    assert (one(thread, "receipt").first, one(thread, "receipt").due) == (ref(6), at(18))
    assert "receipt partner" not in owed(step(thread, RECEIPT, 9, settles=6))


def test_serials_of_a_new_year_come_after_those_of_the_old():
    """PROC-17"""
    thread = step(fresh(), got(M.NOTICE), serial=900)
    after = apply(TABLE, thread, got(M.UPDATE), at(5), ref(0, year=2027))
    assert isinstance(after, Thread)
    assert after.got_upto == ref(0, year=2027)


def test_crossing_and_loss_are_to_be_told_to_a_partner_who_was_noticed():
    """PROC-11"""
    thread = story(NOTICE, CROSSED, LOST)
    assert {"update us", "lost us"} <= owed(thread)
    assert one(thread, "update", Owner.US).due == at(60)
    assert not {"update us", "lost us"} & owed(step(step(thread, sent(M.UPDATE)), sent(M.LOST)))
    assert not {"update us", "lost us"} & owed(step(thread, WITHHELD))
    assert story(FORECAST, CROSSED, LOST).obligations == story(FORECAST).obligations


def test_what_release_withholds_is_not_owed_and_may_be_dropped():
    """PROC-11"""
    thread = step(story(FORECAST), WITHHELD)
    assert (thread.state, owed(thread)) == ("drafted", {"close us"})
    assert step(thread, DROPPED).state == "dropped"


def test_every_message_puts_off_the_duty_to_close():
    """PROC-9"""
    thread = step(step(fresh(), NOTICE, 0, serial=1), got(M.QUERY), 500, serial=2)
    assert one(thread, "close", Owner.US).due == Instant(at(500) + 7200 * S)


def test_a_missed_deadline_climbs_its_ladder_one_step_at_a_time_and_each_once():
    """PROC-8"""
    thread = step(fresh(), NOTICE, 0, serial=1)
    ack = one(thread, "ack")
    assert (ack.step, ack.next_at) == (None, at(120))
    late = missed(TABLE, thread, ack.id, 1, at(121))
    assert (one(late, "ack").step, one(late, "ack").next_at) == (Step.SECOND_OFFICER, at(180))
    assert missed(TABLE, late, ack.id, 1, at(150)) is late
    assert missed(TABLE, thread, ack.id, 2, at(150)) is thread
    for level in (2, 3, 4, 5):
        late = missed(TABLE, late, ack.id, level, at(200))
    last = one(late, "ack")
    assert (last.step, last.next_at, last.missed_at, last.exhausted) == (Step.HIGHER_LEVEL, None, at(121), True)
    read = step(late, ACK, 500, serial=1, settles=1)
    assert [o.late_ms for o in read.settled if o.what == "ack"] == [380 * S]


def test_the_close_releases_what_is_owed_but_not_the_watch_over_the_line():
    """PROC-12"""
    thread = step(step(fresh(), NOTICE, 0, serial=1), QUERY, 1, serial=2)
    thread = step(step(thread, got(M.CLOSE), 2, serial=1), sent(M.AGREE_CLOSE), 3, serial=3, settles=1)
    assert owed(thread) == {"receipt partner"}
    assert {o.what for o in thread.settled if o.lapsed} == {"ack", "reply"}
    assert all(o.late_ms == 0 for o in thread.settled if o.lapsed)


def test_a_flood_of_queries_is_refused():
    """PROC-18"""
    thread = step(fresh(), NOTICE, serial=1)
    after: Thread | Refusal = thread
    for serial in range(limits.OBLIGATIONS_PER_THREAD + 50):
        after = apply(TABLE, thread, got(M.QUERY), T0, ref(serial))
        thread = after if isinstance(after, Thread) else thread
    assert len(thread.obligations) <= limits.OBLIGATIONS_PER_THREAD
    assert isinstance(after, Refusal)
    assert after.reason is Reason.BUSY
    assert step(thread, got(M.CLOSE), serial=999).state == "asked-to-close"


def test_the_settled_ones_kept_are_bounded():
    """PROC-18"""
    thread = step(fresh(), NOTICE, serial=1)
    for serial in range(2, 200):
        thread = step(step(thread, QUERY, serial=serial), REPLY, serial=serial, settles=serial)
    assert len(thread.settled) == limits.SETTLED_PER_THREAD
    assert len({o.id for o in (*thread.settled, *thread.obligations)}) == len(thread.settled) + len(thread.obligations)


def test_a_late_close_under_another_name_is_owed_the_same_answer():
    """PROC-13"""
    thread = story(NOTICE, sent(M.CLOSE), got(M.AGREE_CLOSE), got(M.CLOSE))
    assert thread.state == "closed"
    assert thread.owes(Owed("agree-close", Owner.US))
    thread = step(thread, sent(M.AGREE_CLOSE))
    assert not thread.owes(Owed("agree-close", Owner.US))
    assert isinstance(apply(TABLE, thread, sent(M.AGREE_CLOSE), T0), Refusal)


def test_a_thread_is_a_value():
    """PROC-2: a step leaves the old one as it was."""
    before = story(NOTICE)
    copy = msgspec.msgpack.decode(msgspec.msgpack.encode(before), type=Thread)
    step(before, got(M.CLOSE))
    assert before == copy
