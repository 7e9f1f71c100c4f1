"""voice.json, by the Node script and by `redshank verify`: the same lines of the same notes, in both versions."""

import json
import random
import shutil
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.exchange_world import BY
from tests.verdicts.channel_cases import talked
from tests.verdicts.judges import SCRIPT, by_python, verdicts_of
from tests.verdicts.proof_cases import Case, text
from tests.verdicts.record_cases import Files, bases, public_json, zipped
from tests.verdicts.test_verify_script import by_node
from tests.verdicts.test_verify_script import by_python as report_by_python
from tests.verdicts.voice_cases import notes, spoilt_notes, vector, voiced

from redshank.exchange.voice.notes import VOICE_FILE

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="needs Node 20 or newer"),
    pytest.mark.skipif(not SCRIPT.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
]
SEED = 17
NOTES = 900
SPOILT = 1_500


def both(folder: Path, files: Files) -> Any:
    """The report, which is the same in both."""
    packed = folder / "record.zip"
    packed.write_bytes(zipped(files))
    status, report = by_node(packed, [])
    assert (status, report) == report_by_python(packed, [])
    assert (status, report["ok"]) == (0, True)
    return report


@pytest.fixture(scope="module")
def records() -> dict[str, Files]:
    return voiced(random.Random(SEED), NOTES)


@pytest.mark.parametrize("name", ["of BY", "of LT", "exercise", "version 1"])
def test_one_list_of_notes(tmp_path: Path, records: dict[str, Files], name: str) -> None:
    """REC-12, REC-15, VOICE-4, VOICE-11, VOICE-12, VOICE-17: every member, of true notes and of false ones;
    the record is in order whatever they say."""
    told = both(tmp_path, records[name])["voice"]
    assert len(told) == NOTES + 4
    assert {line["standing"] for line in told} == {None, "waiting", "confirmed", "differs"}
    refusals = {line["content"]["reason"] for line in told if line["content"] and "reason" in line["content"]}
    assert {"malformed", "wrong-check", "wrong-channel", "truncated"} <= refusals
    if name == "of BY":
        assert {"not-canonical", "value-not-plausible", "too-large", "wrong-sender"} <= refusals
        fields = {one["field"] for line in told for one in line["differences"]}
        assert {"unspoken", "body.crossing.border", "body.districts.1.district", "channel", "year"} <= fields


def test_the_vector(tmp_path: Path) -> None:
    """REC-15: vectors/record/voice.json."""
    told = both(tmp_path, vector())["voice"]
    assert [(line["serial"], line["standing"]) for line in told] == [(1, "confirmed"), (1, "differs"), (9, "waiting")]


@pytest.mark.slow
def test_one_verdict_on_spoilt_notes(tmp_path: Path, records: dict[str, Files]) -> None:
    """REC-15, VOICE-17: the reasons are the same too, and what is of the form is no fault."""
    rng = random.Random(SEED)
    base = {"kind": "base", "id": "voiced", "files": {path: text(data) for path, data in bases()["talk"].items()}}
    good = notes(rng, bases()["talk"], BY, 3)
    keys = [public_json(node) for node in talked()]
    made: list[Case] = [
        {"kind": "record", "id": str(at), "base": "voiced", "changes": {VOICE_FILE: text(data)}, "keys": keys}
        for at, data in enumerate(islice(spoilt_notes(rng, good), SPOILT))
    ]
    lines = tmp_path / "cases.jsonl"
    lines.write_text("".join(json.dumps(case) + "\n" for case in [base, *made]), encoding="utf-8")
    running = subprocess.Popen(
        ["node", SCRIPT, "--cases", lines], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    mine = by_python(lines)
    theirs = verdicts_of(running)
    assert [case for case in made if mine[case["id"]] != theirs[case["id"]]] == []
    reasons = {why for _, found in mine.values() for why in found}
    assert {reason.split()[1] for reason in reasons} >= {"malformed", "not-canonical", "unknown-type", "too-large"}
    assert sum(verdict == "accepted" for verdict, _ in mine.values()) >= 20
