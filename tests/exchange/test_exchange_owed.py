"""What each side owed, derived from both logs and their receipts: met, late, missed, and what stood in the way."""

from tests.procedure.procedure_scene import BY, BY_LT, LT, TABLES, at, message

from redshank.exchange.owed import InTheWay, Kept, Said, Standing, kept_in
from redshank.procedure.kinds import IncidentKind
from redshank.terms.message import Message
from redshank.terms.message import MessageType as M

NAME = "LT-2026-000001"


def said(kind: M, sender: str, serial: int, second: float, under_way_s: float | None = 1, **more: object) -> Said:
    told: Message = message(kind, sender, serial, NAME, when=at(second), **more)  # type: ignore[arg-type]
    return Said(told, None if under_way_s is None else at(second + under_way_s))


def told(*messages: Said) -> dict[tuple[str, str], Kept]:
    found = kept_in(messages, TABLES, BY_LT)
    return {(kept.party, kept.what): kept for kept in found}


def test_what_was_done_in_time_is_met_by_the_clock_of_the_side_that_owed_it():
    """PROC-40: BY has the NOTICE at second 1 and says ACK at 100: 99 s of its 120."""
    kept = told(said(M.NOTICE, LT, 0, 0), said(M.ACK, BY, 0, 100, reply_to=0))["BY", "ack"]
    assert (kept.standing, kept.since_ms, kept.due_ms, kept.done_ms) == (Standing.MET, at(1), at(121), at(100))
    assert (kept.kind, kept.late_ms, kept.step, kept.in_the_way) == (IncidentKind.NOTICE, 0, "", InTheWay.NOTHING)
    assert kept.about is not None
    assert kept.done_by is not None
    assert (kept.about.serial, kept.done_by.serial) == (0, 0)


def test_what_was_late_says_by_how_much_and_which_step_had_been_due():
    """PROC-40"""
    kept = told(said(M.NOTICE, LT, 0, 0), said(M.ACK, BY, 0, 331, reply_to=0))["BY", "ack"]
    assert (kept.standing, kept.late_ms, kept.step) == (Standing.LATE, 210_000, "higher-level")


def test_a_line_that_was_down_is_named_and_costs_nobody_time():
    """PROC-40: the question came an hour late, the answer within its two minutes."""
    kept = told(said(M.NOTICE, LT, 0, 0, under_way_s=3600), said(M.ACK, BY, 0, 3700, reply_to=0))["BY", "ack"]
    assert (kept.standing, kept.in_the_way) == (Standing.MET, InTheWay.QUESTION_UNDER_WAY)
    kept = told(said(M.NOTICE, LT, 0, 0), said(M.ACK, BY, 0, 60, under_way_s=900, reply_to=0))["BY", "ack"]
    assert (kept.standing, kept.in_the_way) == (Standing.MET, InTheWay.ANSWER_UNDER_WAY)
    kept = told(said(M.NOTICE, LT, 0, 0), said(M.ACK, BY, 0, 60, under_way_s=None, reply_to=0))["BY", "ack"]
    assert (kept.standing, kept.in_the_way) == (Standing.MET, InTheWay.ANSWER_NOT_RECEIPTED)


def test_what_was_never_done_is_missed_and_what_the_close_released_is_not():
    """PROC-40"""
    asked = (said(M.NOTICE, LT, 0, 0), said(M.ACK, BY, 0, 5, reply_to=0), said(M.QUERY, LT, 1, 10))
    assert told(*asked)["BY", "reply"].standing is Standing.OPEN
    over = said(M.CLOSE, LT, 2, 200), said(M.AGREE_CLOSE, BY, 1, 210, reply_to=2)
    assert told(*asked, *over)["BY", "reply"].standing is Standing.RELEASED
    late = said(M.CLOSE, LT, 2, 900), said(M.AGREE_CLOSE, BY, 1, 910, reply_to=2)
    missed = told(*asked, *late)["BY", "reply"]
    assert (missed.standing, missed.done_ms, missed.late_ms) == (Standing.MISSED, None, 599_000)
    assert told(*asked, *late)["BY", "agree-close"].standing is Standing.MET


def test_a_receipt_is_owed_too_and_one_that_never_came_is_missed_when_the_log_goes_on():
    """PROC-40"""
    met = told(said(M.NOTICE, LT, 0, 0, under_way_s=4))["BY", "receipt"]
    assert (met.standing, met.late_ms) == (Standing.MET, 0)
    late = told(said(M.NOTICE, LT, 0, 0, under_way_s=40))["BY", "receipt"]
    assert (late.standing, late.late_ms, late.step) == (Standing.LATE, 30_000, "alternate-line")
    missed = told(said(M.NOTICE, LT, 0, 0, None), said(M.UPDATE, LT, 1, 100, None))["BY", "receipt"]
    assert (missed.standing, missed.late_ms) == (Standing.MISSED, 90_000)


def test_the_kind_of_the_first_message_gives_the_deadlines():
    """PROC-33, PROC-40: a LOST as the first word is a search, whose question is answered within 1800 s; positions that
    a policy may have withheld are marked."""
    search = told(said(M.LOST, LT, 0, 0), said(M.ACK, BY, 0, 5, reply_to=0), said(M.UPDATE, LT, 1, 5000))
    assert search["BY", "ack"].kind is IncidentKind.SEARCH
    question = search["LT", "question"]
    assert (question.standing, question.in_the_way) == (Standing.LATE, InTheWay.PERHAPS_WITHHELD)
