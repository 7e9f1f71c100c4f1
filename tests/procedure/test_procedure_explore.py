"""The checker: both sides of the shipped table, exhaustively; and that it finds what is wrong with a broken one."""

import pytest
from tests.procedure.procedure_scene import NOTICE_TEXT, TABLE

from redshank.procedure.explore import ALONE, ANSWERED, CLOSES, FORWARD, OWNED, explore, explore_obligations
from redshank.procedure.table import IncidentPhase, ProcedureTable, Row, parse_table


def without(old: str, new: str = "") -> ProcedureTable:
    assert old in NOTICE_TEXT
    return parse_table(NOTICE_TEXT.replace(old, new, 1))


def found(table: ProcedureTable, **how: bool | int) -> dict[str, tuple[str, ...]]:
    return {violation.law: violation.story for violation in explore(table, **how).violations}  # type: ignore[arg-type]


def test_two_honest_sides_never_meet_a_message_that_they_can_not_take():
    """PROC-24"""
    seen = explore(TABLE, in_flight=2)
    assert seen.violations == ()
    assert seen.worlds > 10_000


def test_lost_doubled_and_overtaken_messages_keep_nobody_from_closing():
    """PROC-24"""
    seen = explore(TABLE, in_flight=1, faults=True)
    assert seen.violations == ()
    assert seen.worlds > 1_000


@pytest.mark.slow
def test_faults_with_two_messages_on_the_way_each_way():
    """PROC-24"""
    assert explore(TABLE, in_flight=2, faults=True).violations == ()


def test_somebody_owes_something_in_every_state_in_between():
    """PROC-24"""
    seen = explore_obligations(TABLE)
    assert seen.violations == ()
    assert seen.worlds > 100


def test_every_state_is_met():
    """PROC-24: the search looks at the whole table, not at a corner of it."""
    rows = dict(TABLE.rows)
    for state in TABLE.states:
        if state == TABLE.start:
            continue
        stuck = {place: row for place, row in rows.items() if place[0] != state}
        table = ProcedureTable(**{name: getattr(TABLE, name) for name in TABLE.__struct_fields__} | {"rows": stuck})
        seen = explore(table, in_flight=1)
        closed = TABLE.phase(state) is IncidentPhase.CLOSED
        assert closed or seen.violations, state


def test_a_message_that_is_not_taken_is_told_as_a_shortest_story():
    """PROC-24"""
    story = found(without("    got:QUERY: {begins: [reply us]}\n"), in_flight=1)[ANSWERED]
    assert story[-1].endswith("in state closing gets QUERY: refused")
    assert len(story) == 5
    assert "sends QUERY" in " ".join(story)


def test_a_dead_partner_that_holds_the_incident_open_is_found():
    """PROC-24"""
    story = found(without("    closed-alone: {to: disputed}", "    closed-alone: {}"), in_flight=1)[ALONE]
    assert story == ("A sends NOTICE",)  # from here on A depends on its partner


def test_two_sides_that_wait_for_each_other_for_ever_are_found():
    """PROC-24: CLOSE that crosses CLOSE, without the row that makes it an agreement."""
    text = NOTICE_TEXT.replace("    got:CLOSE: {to: closed, settles: [agree-close partner]}", "    got:CLOSE: {}", 1)
    text = text.replace("  unanswered:\n    closed-alone: {to: disputed}", "  unanswered:\n    closed-alone: {}")
    laws = found(parse_table(text), in_flight=1)
    assert {CLOSES, ALONE} <= set(laws)
    assert {"A sends CLOSE", "B sends CLOSE"} <= set(laws[CLOSES])


def test_a_step_back_is_found():
    """PROC-24: the reader refuses such a table; the search would see it too."""
    rows = {**TABLE.rows, ("closing", "got:UPDATE"): Row("engaged")}
    table = ProcedureTable(**{name: getattr(TABLE, name) for name in TABLE.__struct_fields__} | {"rows": rows})
    assert FORWARD in found(table, in_flight=1)


def test_a_state_in_which_nobody_owes_anything_is_found():
    """PROC-24"""
    table = without(
        "exhausted:agree-close: {to: unanswered, begins: [close us]}", "exhausted:agree-close: {to: unanswered}"
    )
    assert explore_obligations(table).violations == ()  # the partner still owes its answer
    table = without(
        "    sent:ACK: {to: engaged, settles: [ack us], begins: [receipt partner, close us]}",
        "    sent:ACK: {to: engaged, settles: [ack us, close us]}",
    )
    (violation,) = explore_obligations(table).violations
    assert (violation.law, violation.story) == (OWNED, ("got:NOTICE", "sent:ACK"))
