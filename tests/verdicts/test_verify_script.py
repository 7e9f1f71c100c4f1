"""The Node script and `redshank verify` side by side: the same report, the same end; REC-14 for zip files."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.test_exchange_record import conversation, export
from tests.verdicts.channel_cases import talked
from tests.verdicts.judges import PAGE, SCRIPT
from tests.verdicts.record_cases import Files, bases, old_keys, public_json, zipped
from typer.testing import CliRunner

from redshank.cli.main import app

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


def today() -> list[dict[str, Any]]:
    return [public_json(node) for node in talked()]


@pytest.mark.parametrize("name", ["conversation", "talk", "old", "witnessed", "silence", "voiced"])
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
    del files["BY/tile/0/000.p/10"]
    bundle = "LT/tile/entries/000.p/10"
    files[bundle] = files[bundle].replace(b'"speed_kmh":135', b'"speed_kmh":535', 1)
    record = written(tmp_path, files)
    status, report = by_node(record, [])
    assert (status, report) == by_python(record, [])
    assert status == 1
    reasons = [(found["path"], found["refusal"]["reason"]) for found in report["findings"]]
    assert reasons == [
        ("BY/tile/0/000.p/10", "truncated"),
        ("LT/checkpoint", "bad-proof"),
        ("LT/receipts/4", "bad-proof"),
        ("LT/receipts/8", "bad-proof"),
        ("LT/tile/0/000.p/10", "bad-proof"),
        ("notes.txt", "unknown-field"),
    ]


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
