"""`redshank verify --owed`: what each side owed, told of a record and an agreement by anybody who has both."""

import json
from pathlib import Path

from tests.exchange.exchange_world import BY, LT, NOTICE, NOW, exchange_all, release, two_nodes
from tests.exchange.test_exchange_crosscheck import record_of
from tests.procedure.procedure_scene import ROOM
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.terms.message import AckBody, MessageType

AGREEMENT = str(ROOM / "agreements" / "by-lt.yaml")


def record(folder: Path, ack_after_s: int) -> str:
    """LT's NOTICE, taken by BY two seconds later, and read there so many seconds after that."""
    by, lt = two_nodes()
    lt.say(release(MessageType.NOTICE, NOTICE, BY), NOW)
    exchange_all(lt, by, NOW + 2_000)
    at = NOW + 2_000 + 1_000 * ack_after_s
    by.say(release(MessageType.ACK, AckBody("duty-officer"), LT, in_reply_to=0), at)
    exchange_all(by, lt, at + 1_000)
    for path, content in record_of(by, lt).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return str(folder)


def test_what_was_late_is_told_with_its_deadline_and_what_stood_in_the_way(tmp_path: Path) -> None:
    """PROC-40"""
    asked = ["verify", record(tmp_path / "r", 300), "--owed", "--agreement", AGREEMENT]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    (line,) = [line for line in said.output.splitlines() if line.startswith("OWED")]
    assert "BY ack for 0/0 until" in line
    assert "late by 180 s; in the way: nothing-shown; second-officer was due" in line
    assert "BY owed 2: 1 met, 1 late" in said.output
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output.splitlines()[-1])["owed"]
    assert {(one["party"], one["what"], one["standing"]) for one in found} >= {("BY", "ack", "late")}


def test_what_was_done_in_time_is_only_counted(tmp_path: Path) -> None:
    """PROC-40"""
    said = CliRunner().invoke(app, ["verify", record(tmp_path / "r", 100), "--owed", "--agreement", AGREEMENT])
    assert "OWED" not in said.output
    assert "BY owed 2: 2 met" in said.output


def test_without_an_agreement_nobody_can_say_what_was_owed(tmp_path: Path) -> None:
    """PROC-40"""
    said = CliRunner().invoke(app, ["verify", record(tmp_path / "r", 1), "--owed"])
    assert said.exit_code == 2
