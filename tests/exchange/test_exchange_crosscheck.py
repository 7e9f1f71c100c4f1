"""Two records of one channel side by side: REC-10, EVI-3. And what `redshank verify` says of them."""

import zipfile
from pathlib import Path

import msgspec
import pytest
from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Node, exchange_all, line_test, two_nodes
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.exchange.crosscheck import contradictions_between
from redshank.exchange.evidence import Kind, check_evidence, encode_evidence
from redshank.exchange.record import LogExport, Manifest, build_record
from redshank.exchange.verifier import verify_record
from redshank.terms.ids import PartyId


def record_of(by: Node, lt: Node) -> dict[str, bytes]:
    """The record of the channel as both logs stand now."""
    logs = {}
    for node in (by, lt):
        head = node.session.own.receipt or node.session.own.head
        if head is not None:
            entries = node.said[: head.checkpoint.size]
            logs[node.session.me] = LogExport(head.note, head.checkpoint.size, entries, node.receipts)
    keys = {BY: by.keys.public, LT: lt.keys.public}
    return build_record(agreement="BY-LT-1", prefix="", channel=CHANNEL, year=YEAR, keys=keys, logs=logs)


def told(*numbers: int, at_once: bool = False, at: int = NOW) -> dict[str, bytes]:
    """A channel on which BY has said a line test of each number."""
    by, lt = two_nodes()
    for number in numbers:
        by.say(line_test(number, LT), at)
        if not at_once:
            exchange_all(by, lt)
    exchange_all(by, lt)
    files = record_of(by, lt)
    assert verify_record(files).ok
    return files


def manifest_of(files: dict[str, bytes]) -> Manifest:
    return msgspec.json.decode(files["record.json"], type=Manifest)


def test_a_shorter_copy_contradicts_nothing() -> None:
    """REC-10: one side exported earlier."""
    assert contradictions_between(told(1, 2), told(1, 2, 3), manifest_of(told(1))) == []
    assert contradictions_between(told(1, 2, 3), told(1), manifest_of(told(1))) == []


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (told(1, 2, 3), told(1, 2, 4), Kind.FORKED),
        (told(1, 2, at_once=True), told(1, 9, 3, at_once=True), Kind.REWRITTEN),
    ],
)
def test_two_stories_convict_the_one_who_signed_both(
    one: dict[str, bytes], other: dict[str, bytes], kind: Kind
) -> None:
    """EVI-3: each record is in order by itself; together they convict BY, and only BY."""
    (evidence,) = contradictions_between(one, other, manifest_of(one))
    assert evidence.kind is kind
    assert evidence.accused == PartyId("BY")
    report = check_evidence(encode_evidence(evidence))
    assert report.refusal is None
    assert report.convicts


def zipped(path: Path, files: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return str(path)


def test_the_command_says_who_contradicted_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EVI-2, EVI-3: `redshank verify A --against B`, and then of the proof that it wrote."""
    monkeypatch.chdir(tmp_path)
    one, other = zipped(tmp_path / "one.zip", told(1, 2, 3)), zipped(tmp_path / "other.zip", told(1, 2, 4))
    same = CliRunner().invoke(app, ["verify", one, "--against", one])
    assert same.exit_code == 0, same.output
    assert "do not contradict" in same.output
    differing = CliRunner().invoke(app, ["verify", one, "--against", other])
    assert differing.exit_code == 1, differing.output
    (proof,) = tmp_path.glob("evidence-*.json")
    read = CliRunner().invoke(app, ["verify", str(proof)])
    assert read.exit_code == 0, read.output
    assert "BY signed two different logs of 3 messages" in " ".join(read.output.split())
    assert "this convicts" in read.output
    proof.write_bytes(proof.read_bytes().replace(b'"forked"', b'"rewritten"'))
    assert CliRunner().invoke(app, ["verify", str(proof)]).exit_code == 1
