"""Tables: what ships is consistent, and what is not consistent is refused with its line."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.procedure.procedure_scene import NOTICE_TEXT, TABLE

from redshank.procedure.config import ConfigError
from redshank.procedure.obligation import Owner
from redshank.procedure.table import IncidentPhase, Input, diagram, parse_table

DOCUMENTED_S = {
    "notice": 60,
    "receipt": 10,
    "ack": 120,
    "reply": 300,
    "agree-close": 900,
    "close": 7200,
    "warning": 180,
}


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_deadlines_of_the_shipped_table():
    """PROC-9"""
    assert {name: TABLE.obligations[name].deadline_s for name in DOCUMENTED_S} == DOCUMENTED_S


def test_no_row_leads_back_to_an_earlier_phase():
    """PROC-3"""
    assert all(TABLE.phase(row.to).rank >= TABLE.phase(state).rank for (state, _), row in TABLE.rows.items())


def test_an_input_without_a_row_is_refused():
    """PROC-2: no row, no step."""
    assert TABLE.row("noticed", Input("sent:AGREE-CLOSE")) is None


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("start: quiet", "start: silence", "start", "no state 'silence'"),
        ("{phase: open, means: our NOTICE", "{phase: opened, means: our NOTICE", "states.noticed.phase", "opened"),
        ("    deadline_s: 10\n", "    deadline_s: 0\n", "obligations.receipt.deadline_s", "1 to 604800"),
        ("    deadline_s: 10\n", "    deadline_s: ten\n", "obligations.receipt.deadline_s", "int"),
        ("step: atc-supervisor", "step: supervisor", "obligations.reply.ladder.partner.2.step", "supervisor"),
        ("alternate-line, after_s: 60", "alternate-line, after_s: 0", "obligations.ack.ladder.partner", "must rise"),
        (
            "alternate-line, after_s: 0",
            "alternate-line, after_s: 5",
            "obligations.receipt.ladder.partner",
            "after_s: 0",
        ),
        ("    dropped: {to: dropped}", "    dropped: {into: closed}", "rows.drafted.dropped", "unknown field"),
        ("    dropped: {to: dropped}", "    dropped: {to: gone}", "rows.drafted.dropped.to", "no state 'gone'"),
        ("    dropped: {to: dropped}", "    thrown: {to: closed}", "rows.drafted.thrown", "no such input"),
        ("    dropped: {to: dropped}", "    sent:TEST: {to: closed}", "rows.drafted.sent:TEST", "no such input"),
        ("exhausted:agree-close:", "exhausted:agree:", "rows.closing.exhausted:agree", "no such input"),
        ("settles: [ack us]", "settles: [ack you]", "rows.noticed.sent:ACK.settles", "owner"),
        ("settles: [ack us]", "settles: [acks us]", "rows.noticed.sent:ACK.settles", "no obligation"),
        ("  closing, unanswered:", "  closing, waiting:", "rows.closing, waiting", "no state 'waiting'"),
        (
            "    closed-alone: {to: disputed}",
            "    closed-alone: {to: engaged}",
            "rows.unanswered.closed-alone",
            "go back",
        ),
        ("begins: threatened", "begins: scared", "duties.warning", "scared"),
    ],
)
def test_a_fault_is_named_with_its_line_and_field(old: str, new: str, field: str, words: str):
    """PROC-4"""
    assert old in NOTICE_TEXT
    with pytest.raises(ConfigError) as error:
        parse_table(NOTICE_TEXT.replace(old, new, 1))
    assert error.value.field == field
    assert words in error.value.problem
    assert error.value.line == line_of(NOTICE_TEXT, old)
    assert str(error.value).startswith(f"line {error.value.line}: {field}: ")


def test_a_state_that_nothing_leads_to_is_refused():
    """PROC-4"""
    text = NOTICE_TEXT.replace("states:\n", "states:\n  island: {phase: open, means: nobody comes here}\n")
    with pytest.raises(ConfigError, match=r"line 18: states\.island: no row leads here"):
        parse_table(text)


def test_a_state_without_a_way_out_is_refused():
    """PROC-4"""
    text = NOTICE_TEXT.replace("states:\n", "states:\n  trap: {phase: open, means: nobody leaves}\n")
    with pytest.raises(ConfigError, match=r"states\.trap: no way from here to a closed state"):
        parse_table(text.replace("    dropped: {to: dropped}", "    dropped: {to: trap}"))


def test_an_obligation_that_nothing_settles_is_refused():
    """PROC-4"""
    text = NOTICE_TEXT.replace("receipt: {settles: [receipt partner]}", "receipt: {}")
    with pytest.raises(ConfigError, match="begins receipt partner, and no row settles it"):
        parse_table(text)


def test_a_row_that_stands_twice_is_refused():
    """PROC-4"""
    doubled = NOTICE_TEXT.replace("    dropped: {to: dropped}\n", "    dropped: {to: closed}\n    dropped: {}\n")
    with pytest.raises(ConfigError, match=r"rows\.drafted\.dropped: stands here twice"):
        parse_table(doubled)
    other = NOTICE_TEXT.replace("  noticed, mutual, engaged:\n", "  noticed, mutual, engaged:\n    sent:ACK: {}\n")
    with pytest.raises(ConfigError, match="has a row for sent:ACK already"):
        parse_table(other)


@pytest.mark.parametrize(
    "text",
    ["", "- a", "a: *b", "a: &x [*x]", "[" * 200, "a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}", "a: 'x", "\x00",
     "1: 2", "a: 2026-99-99", "x" * 200_000, "? [a]\n: b", NOTICE_TEXT.replace("ladder:", "stairs:")],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(text: str):
    """PROC-4"""
    with pytest.raises(ConfigError):
        parse_table(text)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(NOTICE_TEXT)), st.integers(0, 60), st.text(max_size=5))
def test_a_damaged_table_is_read_or_refused_but_nothing_else(start: int, length: int, new: str):
    """PROC-4"""
    with suppress(ConfigError):
        assert parse_table(NOTICE_TEXT[:start] + new + NOTICE_TEXT[start + length :]).rows


def test_the_diagram_shows_each_state_and_each_change():
    """PROC-1"""
    drawn = diagram(TABLE)
    assert all(f": {name}\n" in drawn for name in TABLE.states)
    assert "drafted --> noticed: sent NOTICE" in drawn
    assert "closing --> closed: got AGREE-CLOSE, got CLOSE" in drawn
    changes = {(state, row.to) for (state, _), row in TABLE.rows.items() if state != row.to}
    assert drawn.count(" --> ") == len(changes) + 1 + 3  # the start, and three ends
    assert {TABLE.phase(name) for name in ("closed", "disputed")} == {IncidentPhase.CLOSED}


def test_each_side_that_can_owe_something_has_a_ladder():
    """PROC-8"""
    for row in TABLE.rows.values():
        for owed in row.begins:
            assert TABLE.obligations[owed.what].ladder[owed.owner]
    assert set(TABLE.obligations["receipt"].ladder) == {Owner.PARTNER}
