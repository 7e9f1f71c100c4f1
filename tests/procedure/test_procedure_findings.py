"""`redshank agreement`: the published schema, faults with their line and what follows, and the documented bases."""

import datetime
import json
import re
from pathlib import Path

import pytest
import yaml
from tests.procedure.procedure_scene import LAWS, ROOM, agreement_text
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.compose.build import read_tables
from redshank.procedure.agreement import AgreementState, Kind, parse_agreement
from redshank.procedure.agreement_findings import Weight, examine
from redshank.procedure.agreement_schema import schema, schema_text
from redshank.procedure.kinds import SHIPPED as TABLES

DOCS = Path(__file__).parents[2] / "docs"
TEXT = agreement_text("BY-LT")
ONE_TABLE = re.sub(r"procedures:\n(  .*\n)+many: .*\n", "procedure: notice\n", TEXT)
"""The same agreement with one table for all that happens."""
TODAY = datetime.date(2026, 5, 7)
BASES = ("by-lt", "by-lv", "by-pl")

TWICE = """witnesses:
  required: 2
  of:
    - {url: "https://one.example", keys: [a]}
    - {url: "https://two.example", keys: [a]}
"""
LADDER = "[{step: alternate-line, after_s: 0}, {step: higher-level, after_s: 60}, {step: alternate-line, after_s: 90}]"


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("text", "where", "words", "follows"),
    [
        (changed("strip_km: 150", "strip_kms: 150"), "strip_kms", "perhaps 'strip_km'", "whole file is refused"),
        (TEXT + "hotline: 112\n", "hotline: 112", "no article 'hotline'", "whole file is refused"),
        (changed("deadlines: {}", "deadlines: {ack: 20}"), "deadlines: {ack", "shorter than the line test", "officer"),
        (changed("deadlines: {}", "deadlines: {acks: 90}"), "deadlines: {acks", "no obligation", "held to it"),
        (changed("escalation: []", f"escalation: {LADDER}"), "escalation: [", "a second time", "a step too low"),
        (TEXT + TWICE, '    - {url: "https://two', "same third party as number 1", "count as two"),
        (changed("parties: [BY, LT]", "parties: [LT, LT]"), "channel: BY-LT", "not the channel", "signed for"),
        (changed("QUERY, REPLY, ", "QUERY, "), "messages:", "QUERY without REPLY", "could not be answered"),
        (changed("  notice: notice", "  notice: guess"), "  notice: guess", "there are notice", "who owes what"),
        (
            changed("  crossing: crossing\n", ""),
            "procedures:",
            "no table for crossing, which NOTICE",
            "different tables",
        ),
        (changed("LOST, QUERY", "QUERY"), "  search:", "LOST, which is none of the agreed", "different tables"),
        (changed("  search: search", "  search: crossing"), "  search:", "can not begin with LOST", "different tables"),
        (
            changed("  query: complaint", "  query: line-test"),
            "  query:",
            "can not begin with QUERY",
            "different tables",
        ),
        (changed("  notice: notice", "  riot: notice"), "  riot:", "no kind 'riot'", "different tables"),
        (changed("objects: 10", "objects: 1"), "many:", "1; 2 to 500", "hundreds of incidents"),
        (
            changed('"documented incident by-lt-2013-06-26"', '" "'),
            '    - what: "on 2013',
            "without a source",
            "assumed",
        ),
    ],
)
def test_an_error_names_its_line_and_what_follows(text: str, where: str, words: str, follows: str):
    """PROC-31"""
    errors = [finding for finding in examine(text, LAWS, TODAY) if finding.weight is Weight.ERROR]
    assert [words in finding.problem for finding in errors] == [True], errors
    assert errors[0].line == line_of(text, where), errors[0]
    assert follows in errors[0].consequence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (changed("interval_s: 600", "interval_s: 3600"), "longer than every deadline"),
        (changed("review_date: 2027-06-30", "review_date: 2026-05-06"), "has passed"),
        (changed("[TEST, TEST-REPLY, NOTICE", "[NOTICE").replace("  line-test: line-test\n", ""), "no TEST"),
        (changed("UPDATE, ", ""), "'crossing' speaks UPDATE"),
        (ONE_TABLE, "one table, 'notice', for all"),
    ],
)
def test_a_doubt_is_no_error(text: str, words: str):
    """PROC-31"""
    found = examine(text, LAWS, TODAY)
    assert {finding.weight for finding in found} == {Weight.DOUBT}
    assert any(words in finding.problem for finding in found)


def test_an_active_bilateral_agreement_needs_a_documented_basis():
    """PROC-31"""
    raw = yaml.safe_load(changed("kind: exercise", "kind: bilateral"))
    raw["legal_basis"]["documented"] = []
    raw["review_date"] = "2027-06-30"
    (finding,) = examine(json.dumps(raw), LAWS, TODAY)
    assert "without a documented basis" in finding.problem


def test_what_ships_has_no_errors_and_the_command_says_so(tmp_path: Path):
    """PROC-31"""
    shipped = [str(path) for folder in ("agreements", "bases") for path in (ROOM / folder).iterdir()]
    said = CliRunner().invoke(app, ["agreement", "check", *shipped])
    assert said.exit_code == 0, said.output
    assert said.output.count(" 0 errors") == len(shipped)
    bad = tmp_path / "bad.yaml"
    bad.write_text(changed("deadlines: {}", "deadlines: {ack: 20}"), encoding="utf-8")
    said = CliRunner().invoke(app, ["agreement", "check", str(bad)])
    assert said.exit_code == 1
    assert f"bad.yaml:{line_of(TEXT, 'deadlines:')}: error: deadlines.ack: 20 s is shorter" in said.output


@pytest.mark.parametrize("name", BASES)
def test_the_documented_bases_ship_dormant_with_facts_and_assumptions_apart(name: str):
    """PROC-32: each documented statement names where it is public; none of the files carries anything."""
    text = (ROOM / "bases" / f"{name}.yaml").read_text(encoding="utf-8")
    basis = parse_agreement(text, LAWS)
    assert (basis.kind, basis.state) == (Kind.BILATERAL, AgreementState.DORMANT)
    assert all(told.what and told.source for told in basis.legal_basis.documented)
    assert any("still in force" in assumed for assumed in basis.legal_basis.assumed)
    assert any("uncrewed aircraft" in assumed for assumed in basis.legal_basis.assumed)


def test_all_bases_are_looked_at_and_by_ee_has_none():
    """PROC-32, PROC-20"""
    assert {path.name for path in (ROOM / "bases").iterdir()} == {f"{name}.yaml" for name in BASES}
    assert parse_agreement(agreement_text("BY-EE")).legal_basis.documented == ()


def test_the_published_schema_is_that_of_the_reader(tmp_path: Path):
    """PROC-31: `redshank agreement schema docs/agreement.schema.json` makes it."""
    assert (DOCS / "agreement.schema.json").read_text(encoding="utf-8") == schema_text()
    assert CliRunner().invoke(app, ["agreement", "schema"]).output == schema_text()
    assert CliRunner().invoke(app, ["agreement", "schema", str(tmp_path / "s.json")]).exit_code == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_knows_the_readers_fields_and_limits():
    """PROC-31: a field that the reader has is in it, and one that it has not is refused."""
    found = schema()
    kinds = found["$defs"]
    top = kinds["Agreement"]
    raw = yaml.safe_load(TEXT)
    assert set(raw) <= set(top["properties"])
    assert set(top["required"]) <= set(raw)
    assert all(kind["additionalProperties"] is False for kind in kinds.values() if kind.get("type") == "object")
    assert kinds["AgreedArea"]["properties"]["strip_km"]["maximum"] == 400
    assert kinds["LineTest"]["properties"]["interval_s"]["minimum"] == 30
    assert {part["contains"]["const"] for part in top["properties"]["messages"]["allOf"]} == {
        "NOTICE", "ACK", "CLOSE", "AGREE-CLOSE",
    }  # fmt: skip


def test_nodes_run_every_table_that_ships():
    """PROC-29"""
    assert tuple(read_tables()) == TABLES
