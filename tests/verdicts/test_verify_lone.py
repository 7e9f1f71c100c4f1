"""A record of a lone log: `redshank verify`, the Node script and the page say the same of it, and say plainly what it
proves and what not."""

import json
import random
import shutil
from base64 import b64decode
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect
from tests.exchange.exchange_world import BY, CHANNEL, INCIDENT, LT, NOW, YEAR, Keyring, Node, release
from tests.exchange.test_exchange_record import export
from tests.exchange.voice_messages import form_of, the_notice
from tests.verdicts.judges import SCRIPT
from tests.verdicts.record_cases import OLD, Files, ThirdParty, _changed_file, public_json, zipped
from tests.verdicts.test_verifier_page import opened, page, part, show
from tests.verdicts.test_verify_script import by_node, by_python

from redshank.cli.record_files import read_files
from redshank.exchange.crosscheck import contradictions_between
from redshank.exchange.evidence import check_evidence, encode_evidence
from redshank.exchange.verifier import verify_record
from redshank.exchange.voice.notes import STANDS_FOR
from redshank.exchange.witnessing import WitnessPolicy
from redshank.log.note import signed_note
from redshank.terms.ids import IncidentId
from redshank.terms.message import AckBody, Message, MessageType, QueryBody, Question

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="needs Node 20 or newer"),
    pytest.mark.skipif(not SCRIPT.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
]
fixtures = (opened, page)
SPOILT, BY_NODE = 150, 40


def whys(told: tuple[int, Any]) -> tuple[int, list[tuple[str, str, str]]]:
    """How it ended, and each fault by its file, reason and field."""
    found = [(one["path"], one["refusal"]["reason"], one["refusal"]["field"]) for one in told[1]["findings"]]
    return told[0], sorted(found)


def heard() -> Message:
    """What BY's officer said on the telephone: LT's own notice, told the other way."""
    notice = the_notice()
    return msgspec.structs.replace(notice, sender=BY, serial=0, incident=IncidentId("BY-2026-000001"))


@cache
def lone() -> tuple[Node, Files]:
    """LT acknowledges what BY said by voice, and asks; a third party has witnessed the log."""
    lt = Node(LT, lone=True)
    lt.say(release(MessageType.ACK, AckBody("duty-officer"), BY, in_reply_to=0), NOW)
    lt.say(release(MessageType.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN), BY), NOW + 1000)
    assert lt.sign()
    third = ThirdParty("witness.example/one")
    head = lt.session.own.head
    assert head is not None
    files = export(lt, keys={LT: Keyring(LT).public}, witnesses=WitnessPolicy(1, (third.witness,)))
    files["LT/witnessed/2"] = signed_note(head.text, ()) + third.lines(head.text, NOW // 1000 + 5)
    notes = {
        "v": 1, "stands_for": STANDS_FOR, "by": LT,
        "heard": [{"groups": list(form_of(heard()).groups), "role": "duty-officer", "taken_ms": NOW - 60_000}],
        "read_out": [{"at_ms": NOW + 90_000, "read_back": True, "role": "duty-officer", "serial": 0}],
    }  # fmt: skip
    files["voice.json"] = json.dumps(notes, separators=(",", ":"), sort_keys=True).encode()
    return lt, files


def keys_in(folder: Path) -> list[Path]:
    path = folder / "LT.json"
    path.write_text(json.dumps(public_json(lone()[0])))
    return [path]


def test_two_verifiers_say_the_same(tmp_path: Path) -> None:
    """REC-20: in order under the keys of the one party that has any; what was heard is never signed."""
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped(lone()[1]))
    keys = keys_in(tmp_path)
    assert by_node(packed, keys) == by_python(packed, keys)
    status, report = by_node(packed, keys)
    assert (status, report["ok"], report["pinned"], report["manifest"]["by_voice"]) == (0, True, True, BY)
    assert [(line["serial"], line["to_voice"]) for line in report["lines"]] == [(0, True), (1, False)]
    assert [line["standing"] for line in report["voice"]] == ["unsigned", None]
    assert {(one["party"], one["size"], one["receipted"], one["witnessed"]) for one in report["directions"]} == {
        (LT, 2, 0, 2),
        (BY, 0, 0, 0),
    }


def test_two_verifiers_find_the_same_faults(tmp_path: Path) -> None:
    """REC-20, REC-11: any file changed, or the claim itself."""
    rng, files, keys = random.Random(16), lone()[1], keys_in(tmp_path)
    manifest = files["record.json"]
    claims = [
        manifest.replace(b'"by_voice":"BY",', b""),
        manifest.replace(b'"by_voice":"BY"', b'"by_voice":"LT"'),
        manifest.replace(b'"by_voice":"BY"', b'"by_voice":"EE"'),
        manifest.replace(b'"by_voice":"BY"', b'"by_voice":null'),
        manifest.replace(b'"v":2', b'"v":1'),
    ]
    changed = [{"record.json": claim} for claim in claims]
    changed += [{"BY/checkpoint": files["LT/checkpoint"]}, {"LT/receipts/2": files["LT/checkpoint"]}]
    signed = {path: data for path, data in files.items() if path != "voice.json"}  # notes may say anything
    changed += [_changed_file(rng, signed) for _ in range(SPOILT)]
    seen = Counter[int]()
    for number, change in enumerate(changed):
        packed = tmp_path / f"{number}.zip"
        packed.write_bytes(zipped(files | change))
        mine = by_python(packed, keys)
        assert number >= BY_NODE or whys(mine) == whys(by_node(packed, keys)), change
        seen[mine[0]] += 1
    assert seen[1] == len(changed)


def test_the_vector(tmp_path: Path) -> None:
    """REC-20: vectors/record/lone.json."""
    vector = json.loads(OLD.with_name("lone.json").read_text(encoding="utf-8"))
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped({path: b64decode(data) for path, data in vector["files"].items()}))
    status, report = by_node(packed, [])
    assert (status, report) == by_python(packed, [])
    assert status == 0
    assert [line["serial"] for line in report["lines"] if line["to_voice"]] == vector["to_voice"] == [3]
    told = [{"serial": line["serial"], "standing": line["standing"]} for line in report["voice"]]
    assert told == vector["voice"] == [{"serial": 4, "standing": "unsigned"}]


def test_keys_of_the_party_without_keys_are_not_taken(tmp_path: Path) -> None:
    """REC-20: who has pinned keys of BY holds a record that claims none for false."""
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped(lone()[1]))
    both = tmp_path / "BY.json"
    both.write_text(json.dumps(public_json(Node(BY))))
    keys = [*keys_in(tmp_path), both]
    assert by_node(packed, keys) == by_python(packed, keys)
    assert by_node(packed, keys)[1]["findings"][0]["refusal"]["reason"] == "bad-key"


def test_two_exports_of_a_lone_log_convict_who_rewrote_it(tmp_path: Path) -> None:
    """REC-20, LOG-12: what binds the owner of a lone log is the copy that somebody was given."""
    told = []
    for number in (1, 2):
        lt = Node(LT, lone=True)
        lt.say(release(MessageType.QUERY, QueryBody(number, Question.YOURS_OR_KNOWN), BY), NOW)
        assert lt.sign()
        told.append(tmp_path / f"{number}.zip")
        told[-1].write_bytes(zipped(export(lt, keys={LT: Keyring(LT).public})))
    files = [read_files(path) for path in told]
    manifest = verify_record(files[0], {LT: Keyring(LT).public}).manifest
    assert manifest is not None
    [evidence] = contradictions_between(files[0], files[1], manifest)
    shown = check_evidence(encode_evidence(evidence), {LT: Keyring(LT).public, BY: Keyring(BY).public})
    assert (shown.convicts, evidence.accused) == (True, LT)


@pytest.mark.browser
def test_the_page_says_what_is_proven_and_what_is_only_noted(page: Page) -> None:
    """REC-20: in plain words, first."""
    lt, files = lone()
    assert (CHANNEL, YEAR, INCIDENT[:2]) == ("BY-LT", 2026, LT)
    assert show(page, files, [public_json(lt)]) == "The record is in order"
    expect(part(page, "verdict")).to_contain_text("BY has no keys. This record proves what LT said")
    expect(part(page, "verdict")).to_contain_text("Third parties witness by when it was said")
    expect(part(page, "verdict")).to_contain_text("Nothing here proves what BY said or heard")
    expect(part(page, "side-LT")).to_contain_text("BY has no keys: no receipt can come")
    expect(part(page, "side-BY")).to_contain_text("BY has no keys and signs nothing")
    expect(part(page, "line-LT-0")).to_contain_text("Replies to what BY said by voice")
    expect(part(page, "line-LT-0")).not_to_contain_text("no receipt")
    expect(part(page, "missing")).to_contain_text("Of 2 messages 1 are noted as read back")
    expect(part(page, "voice-0")).to_contain_text("never signed: the speaker has no keys")
