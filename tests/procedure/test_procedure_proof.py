"""The whole examination: every shipped table keeps every law, and each broken one is convicted of what is wrong."""

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.procedure.procedure_scene import BY_LT, ROOM, T0, TABLE, at
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.procedure.explore import ALONE, ANSWERED, CLOSES, FORWARD, OWNED, Rules, TooManyStates, Violation, search
from redshank.procedure.kinds import SHIPPED as TABLES
from redshank.procedure.proof import BY_VOICE, DOABLE, KNOWN, WAITS, prove
from redshank.procedure.table import PLAIN, Input, ProcedureTable, Row, parse_table
from redshank.procedure.telling import story_of
from redshank.procedure.thread import Thread, apply, missed, new_thread
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.refusal import Refusal


def text(name: str) -> str:
    return (ROOM / "tables" / f"{name}.yaml").read_text(encoding="utf-8")


def broken(name: str, *changes: tuple[str, str]) -> ProcedureTable:
    found = text(name)
    for old, new in changes:
        assert old in found, old
        found = found.replace(old, new, 1)
    return parse_table(found)


def test_each_shipped_table_is_listed():
    """PROC-29"""
    shipped = {entry.name for entry in (ROOM / "tables").iterdir()}
    assert shipped == {f"{name}.yaml" for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_each_shipped_table_keeps_every_law(name: str):
    """PROC-24, PROC-28, PROC-29"""
    table = parse_table(text(name))
    assert table.name == name
    proof = prove(table, deep=False)
    assert proof.violations == ()
    assert proof.worlds > 1_000


MESSAGES = re.compile(r"(sent|got):(\S+)")


@pytest.mark.parametrize("name", TABLES)
def test_what_one_side_may_say_the_other_can_take_with_the_same_clock(name: str):
    """PROC-29: a table is one law for both sides. Whatever a message makes one side owe, it makes the other wait for,
    by the same obligation and so the same deadline: what BY may ask of LT, LT may ask of BY."""
    table = parse_table(text(name))
    spoken: dict[str, dict[str, set[str]]] = {"sent": {}, "got": {}}
    for (_, said), row in table.rows.items():
        if found := MESSAGES.fullmatch(said):
            mine = spoken[found[1]].setdefault(found[2], set())
            mine |= {owed.what for owed in row.begins if owed.owner == "partner" and owed.what != "receipt"}
            spoken[found[1]].setdefault(f"{found[2]} us", set()).update(
                owed.what for owed in row.begins if owed.owner == "us"
            )
    for kind, waited in spoken["sent"].items():
        if not kind.endswith(" us"):
            assert kind in spoken["got"], f"{kind} may be sent and never got"
            assert waited <= spoken["got"][f"{kind} us"], kind
    for kind, waited in spoken["got"].items():
        if not kind.endswith(" us"):
            assert kind in spoken["sent"], f"{kind} may be got and never sent"
            assert waited <= spoken["sent"][f"{kind} us"], kind


def test_a_search_has_an_end():
    """PROC-28, EXPLORED_STATES"""
    with pytest.raises(TooManyStates, match=f"{limits.EXPLORED_STATES:,}"):
        search(0, lambda number: [("on", number + 1)])


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_command_explores_all_of_them_with_two_lost_messages_each_way():
    """PROC-28: a bound of states, not of seconds: it is what the search has to be worth."""
    said = CliRunner().invoke(app, ["procedure", "check"])
    assert said.exit_code == 0, said.output
    assert said.output.count("every law holds") == len(TABLES)
    total = re.search(r"^([\d,]+) states explored", said.output, re.MULTILINE)
    assert total is not None
    assert int(total[1].replace(",", "")) > 2_000_000


CLOSE_ON_CLOSE = "    got:CLOSE: {to: closed, settles: [agree-close partner]}"
SILENCE = "    exhausted:test-reply: {to: silent, begins: [report us]}\n"
NOTICED = "got:NOTICE: {to: informed, begins: [ack us, close us]}"
NEEDS = "needs: reply us, settles: [agree-close us]"
ALONE_ROW = "  unanswered:\n    closed-alone: {to: disputed}"

STEP = re.compile(r" +\d+\. \d\d:\d\d:\d\d  ([AB] |\S+ to [AB] is lost)")

MUTANTS = {
    "a question that nobody takes once it has sent its CLOSE": (
        "notice", [("    got:QUERY: {begins: [reply us]}\n", "")], ANSWERED),
    "a dead partner that holds the incident open": (
        "notice", [(ALONE_ROW, "  unanswered:\n    closed-alone: {}")], ALONE),
    "CLOSE that crosses CLOSE and is no agreement": (
        "notice", [(CLOSE_ON_CLOSE, "    got:CLOSE: {}"), (ALONE_ROW, "  unanswered:\n    closed-alone: {}")], CLOSES),
    "an ACK after which nobody owes anything": (
        "notice",
        [("sent:ACK: {to: engaged, settles: [ack us], begins: [receipt partner, close us]}",
          "sent:ACK: {to: engaged, settles: [ack us, close us]}")],
        OWNED),
    "an unanswered CLOSE that nobody takes up": (
        "notice", [("{to: unanswered, begins: [close us]}", "{to: unanswered}")], WAITS),
    "a ladder that only winds itself up again": (
        "notice",
        [("{to: unanswered, begins: [close us]}", "{to: unanswered, begins: [agree-close partner]}"),
         (ALONE_ROW, ALONE_ROW + "\n    exhausted:agree-close: {begins: [agree-close partner]}"),
         ("900\n    watch: oldest", "900\n    watch: latest")],
        WAITS),
    "a reply that is owed and can not be given": (
        "notice",
        [("    sent:REPLY: {needs: reply us, settles: [reply us], begins: [receipt partner]}\n"
          "    got:AGREE-CLOSE: {to: closed", "    got:AGREE-CLOSE: {to: closed")],
        DOABLE),
    "a NOTICE that its receiver need not acknowledge": (
        "notice", [(NOTICED, "got:NOTICE: {to: informed, begins: [close us]}")], KNOWN),
    "a test of the line whose silence nobody hears": (
        "line-test", [(SILENCE + "\n  asked:", "\n  asked:")], WAITS),
    "a timer that went off where it had no row, and is relied on later": (
        "line-test", [(SILENCE + "\n  # The", "\n  # The")], ALONE),
    "an answer that does not end the waiting for it": (
        "query",
        [("got:REPLY: {settles: [reply partner], begins: [close us]}", "got:REPLY: {begins: [close us]}")],
        KNOWN),
    "a finding that only one side counts on: the other took it for done before its REPLY": (
        "complaint",
        [("begins: [receipt partner, close us, finding us]", "begins: [receipt partner, close us]"),
         ("got:QUERY: {begins: [reply us, close us]}", "got:QUERY: {begins: [reply us, close us, finding us]}")],
        KNOWN),
    "a close that may be answered only by one who owes something else": (
        "search",
        [(f"    sent:{said}, settles: [agree-close us]", f"    sent:{said}, {NEEDS}")
         for said in ("AGREE-CLOSE: {to: closed", "AGREE-CLOSE:no: {to: disputed", "CLOSE: {to: closed")],
        ALONE),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTANTS)
def test_a_broken_table_is_convicted(what: str):
    """PROC-28: of the law that it breaks, by a story that can be told."""
    name, changes, law = MUTANTS[what]
    table = broken(name, *changes)
    found = {violation.law: violation for violation in prove(table, deep=False).violations}
    assert law in found, list(found)
    lines = story_of(table, found[law])
    assert lines[0] == f"Violated: {law}."
    steps = [
        line for line in lines if re.match(r" +\d+\. \d\d:\d\d:\d\d  [AB] |  +\d+\. \d\d:\d\d:\d\d  \S+ to [AB] ", line)
    ]
    assert len(steps) == len(found[law].story)
    assert any("is left in" in line for line in lines)


def test_a_table_that_goes_back_is_convicted():
    """PROC-24, PROC-28: the reader refuses such a table; the examination would see it too."""
    table = msgspec.structs.replace(TABLE, rows={**TABLE.rows, ("closing", "got:UPDATE"): Row("engaged")})
    assert FORWARD in {violation.law for violation in prove(table, deep=False).violations}


def test_a_partner_by_voice_is_examined_too():
    """PROC-28: what is wrong there alone is found, named as such, and told with what is owed there."""
    table = broken("notice", ("{to: unanswered, begins: [close us]}", "{to: unanswered}"))
    found = {violation.law: violation for violation in prove(table, deep=False).violations}
    assert WAITS + BY_VOICE in found
    assert "read-out by itself" in story_of(table, found[WAITS + BY_VOICE])[-1]
    assert "receipt by its partner" in story_of(table, found[WAITS])[-1]


def test_a_story_counts_from_the_last_message_where_the_table_does():
    """PROC-28: `close` begins anew with each message."""
    story = ("A sends NOTICE", "NOTICE to B is lost", "A sends NOTICE")
    ends = story_of(TABLE, Violation("a law", story))[-2]
    assert "close by itself until 02:00:02" in ends
    assert "ack by its partner until 00:02:00" in ends


def test_the_command_tells_a_story_with_what_was_lost(tmp_path: Path):
    """PROC-28"""
    bad = text("notice").replace(ALONE_ROW, "  unanswered:\n    closed-alone: {}", 1)
    path = tmp_path / "bad.yaml"
    path.write_text(bad, encoding="utf-8")
    said = CliRunner().invoke(app, ["procedure", "check", str(path)])
    assert said.exit_code == 1
    assert "Violated: both sides can always still close." in said.output
    assert "is lost on the way." in said.output
    assert "   1. 00:00:00  A sends NOTICE. A is now noticed." in said.output
    assert "ack by its partner until 00:02:00" in said.output


def test_the_command_names_the_line_of_a_file_that_is_no_table(tmp_path: Path):
    """PROC-4"""
    path = tmp_path / "bad.yaml"
    path.write_text(
        text("notice").replace("    dropped: {to: dropped}", "    dropped: {to: nowhere}", 1), encoding="utf-8"
    )
    said = CliRunner().invoke(app, ["procedure", "check", str(path)])
    assert said.exit_code == 2
    assert "no state 'nowhere'" in said.output


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=30, deadline=None)
@given(choices=st.lists(st.integers(0, 999), max_size=40))
def test_a_side_of_the_checker_does_what_a_thread_does(name: str, choices: list[int]):
    """PROC-28: what is proven of the checker's side holds for the machine that nodes run: the same inputs lead to the
    same state, the same refusals, and the same things owed."""
    table = parse_table(text(name))
    rules = Rules(table, all_owed=True)
    side, thread = rules.start(), new_thread(table, IncidentId("LT-2026-000001"), BY_LT, T0)
    inputs = [*PLAIN, *(f"{way}:{kind}" for way in ("sent", "got") for kind in rules.spoken)]
    for second, choice in enumerate(choices):
        timers = list(rules.timers(side))
        if choice < 200 and timers:
            what, side = timers[choice % len(timers)]
            owed = next(o for o in thread.obligations if o.what == what.partition(":")[2] and not o.exhausted)
            for level in range(1, len(owed.ladder) + 1):
                thread = missed(table, thread, owed.id, level, at(second))
        else:
            given_ = Input(inputs[choice % len(inputs)])
            after, result = rules.after(side, given_), apply(table, thread, given_, at(second))
            assert (after is None) == isinstance(result, Refusal), given_
            side = after or side
            thread = result if isinstance(result, Thread) else thread
        assert thread.state == side.state
        assert {(o.what, o.owner) for o in thread.obligations} == {(o.what, o.owner) for o in side.owes}


def test_the_terminal_of_the_reader_is_safe_from_a_table(tmp_path: Path) -> None:
    """PROC-28: a table may come from a partner."""
    path = tmp_path / "bad.yaml"
    bad = text("line-test").replace(SILENCE + "\n  asked:", "\n  asked:", 1)
    path.write_text(bad.replace("means: our TEST is sent", 'means: "our \\e[2J TEST"} #', 1), encoding="utf-8")
    said = CliRunner().invoke(app, ["procedure", "check", str(path)])
    assert said.exit_code == 1, said.output
    assert "\x1b" not in said.output
    assert "\\x1b[2J" in said.output
