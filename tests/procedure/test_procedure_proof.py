"""The whole examination: every shipped table keeps every law, and each broken one is convicted of what is wrong with it."""

import re

import msgspec
import pytest
from tests.procedure.procedure_scene import ROOM, TABLE
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.cli.procedures import TABLES
from redshank.procedure.explore import ALONE, ANSWERED, CLOSES, FORWARD, OWNED
from redshank.procedure.proof import BY_VOICE, DOABLE, KNOWN, WAITS, prove
from redshank.procedure.table import ProcedureTable, Row, parse_table
from redshank.procedure.telling import story_of


def text(name: str) -> str:
    return (ROOM / "tables" / f"{name}.yaml").read_text(encoding="utf-8")


def broken(name: str, *changes: tuple[str, str]) -> ProcedureTable:
    found = text(name)
    for old, new in changes:
        assert old in found, old
        found = found.replace(old, new, 1)
    return parse_table(found)


def test_each_shipped_table_is_listed():
    """PROC-28"""
    shipped = {entry.name for entry in (ROOM / "tables").iterdir()}
    assert shipped == {f"{name}.yaml" for name in TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_each_shipped_table_keeps_every_law(name: str):
    """PROC-24, PROC-27, PROC-28"""
    table = parse_table(text(name))
    assert table.name == name
    proof = prove(table, deep=False)
    assert proof.violations == ()
    assert proof.worlds > 1_000


@pytest.mark.slow
def test_the_command_explores_all_of_them_with_two_lost_messages_each_way():
    """PROC-27: a bound of states, not of seconds: it is what the search has to be worth."""
    said = CliRunner().invoke(app, ["procedure", "check"])
    assert said.exit_code == 0, said.output
    assert said.output.count("every law holds") == len(TABLES)
    total = re.search(r"^([\d,]+) states explored", said.output, re.MULTILINE)
    assert total is not None
    assert int(total[1].replace(",", "")) > 2_000_000


CLOSE_ON_CLOSE = "    got:CLOSE: {to: closed, settles: [agree-close partner]}"
ALONE_ROW = "  unanswered:\n    closed-alone: {to: disputed}"

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
    "a reply that is owed and can not be given": (
        "notice",
        [("    sent:REPLY: {needs: reply us, settles: [reply us], begins: [receipt partner]}\n"
          "    got:AGREE-CLOSE: {to: closed", "    got:AGREE-CLOSE: {to: closed")],
        DOABLE),
    "a NOTICE that its receiver need not acknowledge": (
        "notice", [("got:NOTICE: {to: informed, begins: [ack us, close us]}", "got:NOTICE: {to: informed, begins: [close us]}")],
        KNOWN),
    "a test of the line whose silence nobody hears": (
        "line-test", [("    exhausted:test-reply: {to: silent, begins: [report us]}\n\n  asked:", "\n  asked:")], WAITS),
    "a timer that went off where it had no row, and is relied on later": (
        "line-test", [("    exhausted:test-reply: {to: silent, begins: [report us]}\n\n  # The", "\n  # The")], ALONE),
    "an answer that does not end the waiting for it": (
        "query", [("got:REPLY: {settles: [reply partner], begins: [close us]}", "got:REPLY: {begins: [close us]}")], KNOWN),
    "a finding that only one side counts on: the other took it for done before its REPLY": (
        "complaint",
        [("begins: [receipt partner, close us, finding us]", "begins: [receipt partner, close us]"),
         ("got:QUERY: {begins: [reply us, close us]}", "got:QUERY: {begins: [reply us, close us, finding us]}")],
        KNOWN),
    "a close that may be answered only by one who owes something else": (
        "search",
        [(f"    sent:{kind}: {{to: {to}, settles: [agree-close us]", f"    sent:{kind}: {{to: {to}, needs: reply us, settles: [agree-close us]")
         for kind, to in (("AGREE-CLOSE", "closed"), ("AGREE-CLOSE:no", "disputed"), ("CLOSE", "closed"))],
        ALONE),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTANTS)
def test_a_broken_table_is_convicted(what: str):
    """PROC-27: of the law that it breaks, by a story that can be told."""
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
    """PROC-24, PROC-27: the reader refuses such a table; the examination would see it too."""
    table = msgspec.structs.replace(TABLE, rows={**TABLE.rows, ("closing", "got:UPDATE"): Row("engaged")})
    assert FORWARD in {violation.law for violation in prove(table, deep=False).violations}


def test_a_partner_by_voice_is_examined_too():
    """PROC-27: what is wrong there alone is found, and named as such."""
    table = broken("notice", ("{to: unanswered, begins: [close us]}", "{to: unanswered}"))
    assert WAITS + BY_VOICE in {violation.law for violation in prove(table, deep=False).violations}


def test_the_command_tells_a_story_with_what_was_lost(tmp_path):
    """PROC-27"""
    bad = text("notice").replace(ALONE_ROW, "  unanswered:\n    closed-alone: {}", 1)
    path = tmp_path / "bad.yaml"
    path.write_text(bad, encoding="utf-8")
    said = CliRunner().invoke(app, ["procedure", "check", str(path)])
    assert said.exit_code == 1
    assert "Violated: both sides can always still close." in said.output
    assert "is lost on the way." in said.output
    assert "   1. 00:00:00  A sends NOTICE. A is now noticed." in said.output
    assert "ack by its partner until 00:02:00" in said.output


def test_the_command_names_the_line_of_a_file_that_is_no_table(tmp_path):
    """PROC-4"""
    path = tmp_path / "bad.yaml"
    path.write_text(
        text("notice").replace("    dropped: {to: closed}", "    dropped: {to: nowhere}", 1), encoding="utf-8"
    )
    said = CliRunner().invoke(app, ["procedure", "check", str(path)])
    assert said.exit_code == 2
    assert "no state 'nowhere'" in said.output
