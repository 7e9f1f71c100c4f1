"""The Node script and `redshank verify` side by side: the same report, the same end; REC-14 for zip files."""

import json
import random
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.exchange.exchange_world import LT, NOW, line_test, two_nodes
from tests.exchange.test_exchange_evidence import (
    back_dated,
    dated,
    file_of,
    forked,
    head_of,
    leaf,
    misplaced,
    rewritten,
    rolled_back,
)
from tests.exchange.test_exchange_record import conversation, export
from tests.exchange.test_exchange_record_beside import cosigned_at
from tests.verdicts.channel_cases import talked
from tests.verdicts.judges import PAGE, SCRIPT
from tests.verdicts.record_cases import Files, ThirdParty, bases, old_keys, public_json, zipped
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.exchange.evidence import Evidence, Kind, encode_evidence
from redshank.exchange.record import LogExport
from redshank.terms import limits

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="needs Node 20 or newer"),
    pytest.mark.skipif(not SCRIPT.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
]


def by_node(record: Path, keys: list[Path]) -> tuple[int, Any]:
    brought = [word for path in keys for word in ("--keys", str(path))]
    done = subprocess.run(["node", SCRIPT, record, *brought], capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def by_python(record: Path, keys: list[Path]) -> tuple[int, Any]:
    brought = [word for path in keys for word in ("--keys", str(path))]
    done = CliRunner().invoke(app, ["verify", "--json", str(record), *brought])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, json.loads(done.stdout) if done.exit_code < 2 else None


def written(folder: Path, files: Files) -> Path:
    record = folder / "record"
    for path, data in files.items():
        (record / path).parent.mkdir(parents=True, exist_ok=True)
        (record / path).write_bytes(data)
    return record


def keys_in(folder: Path, keys: list[dict[str, Any]]) -> list[Path]:
    paths = [folder / f"{one['party']}.json" for one in keys]
    for path, one in zip(paths, keys, strict=True):
        path.write_text(json.dumps(one), encoding="utf-8")
    return paths


def future_dated() -> Evidence:
    by = dated(limits.MESSAGE_AHEAD_MS + 1)
    return file_of(Kind.FUTURE_DATED, [head_of(by)], (leaf(by, 0),))


def today() -> list[dict[str, Any]]:
    return [public_json(node) for node in talked()]


@pytest.mark.parametrize("name", ["conversation", "talk", "old", "witnessed", "silence", "voiced", "accused"])
def test_one_report_of_a_good_record(tmp_path: Path, name: str) -> None:
    """REC-7, REC-11, REC-12: every member is the same, of a folder and of a zip file, with keys and without."""
    files = bases()[name]
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped(files))
    keys = keys_in(tmp_path, old_keys(files) if name == "old" else today())
    for record in (written(tmp_path, files), packed):
        for brought in ([], keys):
            status, report = by_node(record, brought)
            assert (status, report) == by_python(record, brought)
            assert (status, report["ok"], report["pinned"]) == (0, True, bool(brought))


def test_one_report_of_a_bad_record(tmp_path: Path) -> None:
    """REC-4, REC-5, REC-8, REC-13: the same findings in the same order and the same words."""
    files = {**bases()["talk"], "notes.txt": b""}
    del files["BY/tile/0/000.p/18"]
    bundle = "LT/tile/entries/000.p/18"
    files[bundle] = files[bundle].replace(b'"speed_kmh":135', b'"speed_kmh":535', 1)
    record = written(tmp_path, files)
    status, report = by_node(record, [])
    assert (status, report) == by_python(record, [])
    assert status == 1
    reasons = [(found["path"], found["refusal"]["reason"]) for found in report["findings"]]
    assert reasons == [
        ("BY/tile/0/000.p/18", "truncated"),
        ("LT/checkpoint", "bad-proof"),
        *((f"LT/receipts/{size}", "bad-proof") for size in (12, 16, 4, 8)),
        ("LT/tile/0/000.p/18", "bad-proof"),
        ("notes.txt", "unknown-field"),
    ]


def test_one_report_of_what_is_beside_the_logs(tmp_path: Path) -> None:
    """REC-16, REC-17, REC-19: who contradicted whom, the same faults of evidence, the same cautions."""
    by, lt = two_nodes()
    for at in (0, 90_000, 91_000):
        lt.say(line_test(at), NOW + at)
    notes = {size: cosigned_at(by, lt, size, NOW + at) for size, at in ((1, -700_000), (2, 500_000), (3, 100_000))}
    late = msgspec.structs.replace(rolled_back(), kind=Kind.UNPROVEN)
    good = [forked(), rewritten(), misplaced(), back_dated(), rolled_back(), late, future_dated()]
    bad = [
        msgspec.structs.replace(forked(), kind=Kind.REWRITTEN),
        msgspec.structs.replace(forked(), year=2027),
        msgspec.structs.replace(forked(), heads=forked().heads[:1] * 2),
        msgspec.structs.replace(forked(), reporter="BY"),
        msgspec.structs.replace(rewritten(), leaves=rewritten().leaves[:1] * 2),
        msgspec.structs.replace(misplaced(), leaves=(msgspec.structs.replace(misplaced().leaves[0], index=1 << 70),)),
        msgspec.structs.replace(rolled_back(), heads=rolled_back().heads[::-1]),
        msgspec.structs.replace(back_dated(), leaves=back_dated().leaves[::-1]),
        msgspec.structs.replace(forked(), v=2, found_ms=-(1 << 80)),
        msgspec.structs.replace(forked(), key=forked().key_mldsa),
    ]
    evidence = [encode_evidence(one) for one in [*good, *bad]] + [b"", b"{}", encode_evidence(forked()) + b" "]
    files = export(logs={LT: LogExport(notes[3], 3, lt.said, notes)}, evidence=evidence)
    record = written(tmp_path, files | {"evidence/64.json": evidence[0]})
    for keys in ([], keys_in(tmp_path, today())):
        status, report = by_node(record, keys)
        _, mine = by_python(record, keys)
        assert status == 1
        malformed = {f"evidence/{len(good) + len(bad) + at}.json" for at in (0, 1)}
        for one in (report, mine):  # each parser has its own words for what is no JSON
            for found in one["findings"]:
                if found["path"] in malformed:
                    assert found["refusal"].pop("detail")
        assert report == mine
        assert [shown["kind"] for shown in report["evidence"]] == [one.kind for one in good]
        assert [shown["convicts"] for shown in report["evidence"]] == [True] * 5 + [False] * 2
        assert [one["code"] for one in report["cautions"]] == ["dated-before-statement", "dated-after-next"]
        assert len(report["findings"]) == len(bad) + 4


def test_one_verdict_on_evidence_by_itself(tmp_path: Path) -> None:
    """EVI-2, EVI-3, EVI-8: a file alone, with keys and without."""
    for number, one in enumerate((forked(), msgspec.structs.replace(forked(), kind=Kind.REWRITTEN))):
        path = tmp_path / f"{number}.json"
        path.write_bytes(encode_evidence(one))
        for keys in ([], keys_in(tmp_path, today())):
            status, report = by_node(path, keys)
            assert (status, report) == by_python(path, keys)
            assert (status, report["convicts"], report["pinned"]) == (number, number == 0, bool(keys))


AGREED = """channel: BY-LT
parties: [BY, LT]
title: Agreement with third parties
kind: exercise
state: active
legal_basis: {{documented: [], assumed: ["a test"]}}
area: {{strip_km: 100}}
messages: [TEST, TEST-REPLY, NOTICE, UPDATE, LOST, QUERY, REPLY, ACK, CLOSE, AGREE-CLOSE]
procedure: notice
languages: [en]
# witnesses: what stands in a comment does not count
witnesses:
  required: {required}
  of:
{of}
line_test: {{interval_s: 600}}
review_date: 2027-06-30
"""


def agreed(folder: Path, required: int, parties: list[ThirdParty], *, flow: bool = False) -> Path:
    """The file of an agreement with these third parties."""
    of = []
    for party in parties:
        vkeys = [key.vkey for key in party.witness.keys]
        if flow:
            of.append(f'    - {{url: "https://{party.witness.name}", keys: ["{vkeys[0]}", "{vkeys[1]}"]}}')
        else:
            of.append(f"    - url: https://{party.witness.name} # where it is\n      keys:")
            of += [f"        - {vkey}" for vkey in vkeys]
    path = folder / "agreement.yaml"
    path.write_text(AGREED.format(required=required, of="\n".join(of)), encoding="utf-8")
    return path


@pytest.mark.parametrize("flow", [False, True])
def test_third_parties_of_an_agreement_are_pinned(tmp_path: Path, flow: bool) -> None:
    """REC-3, WIT-9: the same witnesses, as many of them; others are refused, by both programs."""
    record = written(tmp_path, bases()["witnessed"])
    one, two = (ThirdParty(f"witness.example/{name}") for name in ("one", "two"))
    three = ThirdParty("witness.example/three")
    for required, parties, ok in ((1, [one, two], True), (2, [one, two], False), (1, [one, three], False)):
        agreement = agreed(tmp_path, required, parties, flow=flow)
        done = subprocess.run(
            ["node", SCRIPT, record, "--agreement", agreement],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        mine = CliRunner().invoke(app, ["verify", "--json", str(record), "--agreement", str(agreement)])
        report = json.loads(done.stdout)
        assert report == json.loads(mine.stdout)
        assert (report["ok"], report["witnesses_pinned"]) == (ok, ok)


def test_a_zip_of_the_new_form(tmp_path: Path) -> None:
    """REC-14: zip64 records everywhere where a writer may put them; the same report as of the plain file."""
    files, packed = bases()["talk"], tmp_path / "record.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            with archive.open(path, "w", force_zip64=True) as member:
                member.write(data)
        for number in range(66_000):
            archive.writestr(f"junk/{number}", b"")
    (status, report), (other, mine) = by_node(packed, []), by_python(packed, [])
    assert (status, len(report["findings"])) == (other, 66_000) == (1, 66_000)
    assert report == mine


def test_no_keys_and_no_record(tmp_path: Path) -> None:
    """REC-14: what can not be read ends with 2, and says nothing."""
    record = written(tmp_path, export(*conversation()))
    low = [{**one, "log_key": "AQ" + "A" * 41 + "="} for one in today()]
    half = [{name: text for name, text in one.items() if name != "log_key_mldsa"} for one in today()]
    for keys in (low, half, [{"party": "BY"}]):
        paths = keys_in(tmp_path, keys)
        assert by_node(record, paths) == by_python(record, paths) == (2, None)
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"nothing")
    assert by_node(nothing, []) == by_python(nothing, []) == (2, None)


def test_a_record_that_does_not_say_what_it_is_about(tmp_path: Path) -> None:
    """REC-2, REC-11: with keys too, there is a report that names the fault."""
    record = written(tmp_path, {**bases()["talk"], "record.json": b"{"})
    keys = keys_in(tmp_path, today())
    status, report = by_node(record, keys)
    other_status, other = by_python(record, keys)
    assert status == other_status == 1
    for found in (report, other):
        assert [one["refusal"]["reason"] for one in found["findings"]] == ["malformed"]


def test_damaged_zip_files(tmp_path: Path) -> None:
    """REC-14: a changed byte is a fault that is named, or the file can not be read, or it changes nothing that counts;
    never is it taken for another record, and no reader falls over."""
    good = zipped(bases()["old"])
    rng = random.Random(12)
    record = tmp_path / "record.zip"
    record.write_bytes(good)
    _, untouched = by_python(record, [])
    ends: set[tuple[int, int]] = set()
    for at in [*rng.sample(range(len(good)), 12), *rng.sample(range(len(good) - 900, len(good)), 12)]:
        record.write_bytes(good[:at] + bytes([good[at] ^ (1 << rng.randrange(8))]) + good[at + 1 :])
        (one, report), (other, same) = by_node(record, []), by_python(record, [])
        ends.add((one, other))
        assert report is None or same is None or report == same
        assert report is None or not report["ok"] or report == untouched
    # Where only one of them can read it, the damage is in what the other's library does not look at.
    assert {(0, 0), (2, 2)} <= ends
    assert not ends & {(0, 1), (1, 0)}


@pytest.mark.parametrize(("name", "source"), [("out.html", PAGE), ("verify.mjs", SCRIPT)])
def test_the_command_writes_the_verifier(tmp_path: Path, name: str, source: Path) -> None:
    out = tmp_path / name
    assert CliRunner().invoke(app, ["verifier", str(out)]).exit_code == 0
    assert out.read_bytes() == source.read_bytes()
    assert CliRunner().invoke(app, ["verifier", str(tmp_path / "no" / name)]).exit_code == 2
