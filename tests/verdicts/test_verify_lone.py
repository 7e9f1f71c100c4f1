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
from tests.exchange.test_exchange_evidence import forked
from tests.exchange.test_exchange_record import export
from tests.exchange.voice_messages import form_of, the_notice
from tests.verdicts.judges import SCRIPT
from tests.verdicts.record_cases import OLD, Files, ThirdParty, _changed_file, bases, public_json, zipped
from tests.verdicts.test_verifier_page import opened, page, part, show
from tests.verdicts.test_verify_script import agreed, by_node, by_python
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.exchange.crosscheck import contradictions_between
from redshank.exchange.evidence import check_evidence, encode_evidence
from redshank.exchange.signing import receipt_lines
from redshank.exchange.verifier import verify_record
from redshank.exchange.voice.notes import STANDS_FOR
from redshank.exchange.witnessing import WitnessPolicy
from redshank.log.note import signed_note
from redshank.terms.ids import IncidentId, PartyId
from redshank.terms.instants import Instant
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
    files["voice.json"] = notes_by(LT, heard())
    return lt, files


def notes_by(exporter: PartyId, message: Message) -> bytes:
    """A file that says: this was heard, and the own serial 0 was read back."""
    notes = {
        "v": 1, "stands_for": STANDS_FOR, "by": exporter,
        "heard": [{"groups": list(form_of(message).groups), "role": "duty-officer", "taken_ms": NOW - 60_000}],
        "read_out": [{"at_ms": NOW + 90_000, "read_back": True, "role": "duty-officer", "serial": 0}],
    }  # fmt: skip
    return json.dumps(notes, separators=(",", ":"), sort_keys=True).encode()


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


def test_only_what_a_lone_log_answers_is_to_voice(tmp_path: Path) -> None:
    """REC-20: where both parties have keys, an answer is to what they signed."""
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped(bases()["conversation"]))
    told = by_node(packed, [])
    assert told == by_python(packed, [])
    assert any(line["content"]["in_reply_to"] is not None for line in told[1]["lines"])
    assert not any(line["to_voice"] for line in told[1]["lines"])


def test_a_record_of_version_1_has_keys_of_both(tmp_path: Path) -> None:
    """REC-20, REC-12: a party without keys came with version 2."""
    files = bases()["old"]
    manifest = json.loads(files["record.json"])
    channel = manifest["channel"].split("-")
    del manifest["keys"][channel[0]]
    manifest["by_voice"] = channel[0]
    spelled = json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode()
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped({**files, "record.json": spelled}))
    told = by_node(packed, [])
    assert told == by_python(packed, [])
    assert whys(told) == (1, [("record.json", "malformed", "record.json")])
    assert told[1]["findings"][0]["refusal"]["detail"] == "version 1 has keys of both parties"


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


def rewritten() -> bytes:
    """What two exports of LT's lone log prove against LT."""
    told = []
    for number in (1, 2):
        lt = Node(LT, lone=True)
        lt.say(release(MessageType.QUERY, QueryBody(number, Question.YOURS_OR_KNOWN), BY), NOW)
        assert lt.sign()
        told.append(export(lt, keys={LT: Keyring(LT).public}))
    manifest = verify_record(told[0]).manifest
    assert manifest is not None
    [evidence] = contradictions_between(told[0], told[1], manifest)
    return encode_evidence(evidence)


def test_two_exports_of_a_lone_log_convict_who_rewrote_it() -> None:
    """REC-20, LOG-12: what binds the owner of a lone log is the copy that somebody was given."""
    shown = check_evidence(rewritten(), {LT: Keyring(LT).public, BY: Keyring(BY).public})
    assert shown.evidence is not None
    assert (shown.convicts, shown.evidence.accused) == (True, LT)


def test_evidence_in_the_record_of_a_lone_log(tmp_path: Path) -> None:
    """REC-16, REC-20: against the party that signs it convicts; against the one without keys nothing can be shown."""
    found = []
    for data in (rewritten(), encode_evidence(forked())):
        packed = tmp_path / "record.zip"
        packed.write_bytes(zipped({**lone()[1], "evidence/0.json": data}))
        for keys in ([], keys_in(tmp_path)):
            assert by_node(packed, keys) == by_python(packed, keys)
        found.append(by_node(packed, keys))
    convicted, refused = found
    assert [(one["accused"], one["convicts"]) for one in convicted[1]["evidence"]] == [(LT, True)]
    assert convicted[0] == 0
    assert whys(refused) == (1, [("evidence/0.json", "bad-key", "key")])


def test_a_receipt_in_the_record_of_a_lone_log_is_none(tmp_path: Path) -> None:
    """REC-20: also one that BY's witness has signed; and nothing is dated by it."""
    lt, files = lone()
    head = lt.session.own.head
    assert head is not None
    by, packed = Node(BY), tmp_path / "record.zip"
    signed = head.note + receipt_lines(by.session, head.text, Instant(NOW - 10_000_000), by.keys)
    for note, reason in ((head.note, "not-witnessed"), (signed, "bad-signature")):
        packed.write_bytes(zipped({**files, "LT/receipts/2": note}))
        told = by_node(packed, keys_in(tmp_path))
        assert told == by_python(packed, keys_in(tmp_path))
        assert [(path, why) for path, why, _ in whys(told)[1]] == [("LT/receipts/2", reason)]
        assert told[1]["cautions"] == []


def test_a_read_out_by_the_party_without_keys_is_none_of_the_others(tmp_path: Path) -> None:
    """REC-20: BY's own notes; what BY read out is not LT's message, and LT's is signed whoever heard it."""
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped({**lone()[1], "voice.json": notes_by(BY, the_notice())}))
    told = by_node(packed, keys_in(tmp_path))
    assert told == by_python(packed, keys_in(tmp_path))
    assert [line["standing"] for line in told[1]["voice"]] == ["waiting", None]
    assert "0 are noted as read back" in terminal(packed, keys_in(tmp_path))


def terminal(record: Path, keys: list[Path], agreement: Path | None = None) -> str:
    """What a person reads, on one line."""
    more = [] if agreement is None else ["--agreement", str(agreement)]
    done = CliRunner().invoke(app, ["verify", str(record), *(f"--keys={key}" for key in keys), *more])
    assert done.exit_code in (0, 1), done.output
    return " ".join(done.output.split())


def test_the_terminal_says_what_is_proven_and_what_is_only_noted(tmp_path: Path) -> None:
    """REC-20: and claims no more than it has checked."""
    files, keys, packed = lone()[1], keys_in(tmp_path), tmp_path / "record.zip"
    packed.write_bytes(zipped(files))
    said = terminal(packed, keys)
    assert "BY has no keys: only what the other party said is proven here." in said
    assert "That BY has none is the record's own word" in said
    assert "proven as said by LT, 2 witnessed; no receipt can come, 1 are noted as read back" in said
    assert "Third parties witness by when it was said, those that the record itself names." in said
    assert "BY: nothing is signed; 1 statements noted" in said
    assert "by witness.example/one" in said
    assert "no receipt " not in said.replace("no receipt can", "")
    third = ThirdParty("witness.example/one")
    assert "witness by when it was said." in terminal(packed, keys, Path(agreed(tmp_path, 1, [third])))
    packed.write_bytes(zipped({path: data for path, data in files.items() if path != "LT/witnessed/2"}))
    assert "No third party witnesses when it was said: the times are LT's own." in terminal(packed, keys)
    assert "can be proven here" in terminal(packed, [])
    packed.write_bytes(zipped({**files, "LT/receipts/2": files["LT/checkpoint"]}))
    broken = terminal(packed, keys)
    assert "can be proven here" in broken
    assert "proven as said" not in broken
    assert "witness by when" not in broken


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
    expect(part(page, "strip")).to_contain_text("sent; no receipt can come")
    expect(part(page, "strip")).not_to_contain_text("received, and read")
    part(page, "only-missing").check()
    expect(part(page, "count")).to_contain_text("0 of 2 lines")


@pytest.mark.browser
def test_the_page_claims_no_more_than_it_has_checked(page: Page) -> None:
    """REC-20, REC-3: without keys, without third parties, with keys of the party that has none, and with a fault."""
    lt, whole = lone()
    files = {path: data for path, data in whole.items() if path != "LT/witnessed/2"}
    assert show(page, files, []) == "The record agrees with itself"
    expect(part(page, "verdict")).to_contain_text("Add public.json of the party that signed")
    expect(part(page, "verdict")).to_contain_text("this record would prove what LT said")
    expect(part(page, "verdict")).to_contain_text("No third party witnesses when it was said")
    expect(part(page, "verdict")).to_contain_text("is the record's own word")
    assert (
        show(page, {**files, "LT/receipts/2": files["LT/checkpoint"]}, [public_json(lt)]) == "Not in order: one fault"
    )
    expect(part(page, "finding-not-witnessed")).to_contain_text("by this record it has no keys")
    expect(part(page, "verdict")).not_to_contain_text("proves")
    assert show(page, files, [public_json(lt), public_json(Node(BY))]) == "Not in order: one fault"
    expect(part(page, "finding-bad-key")).to_contain_text("or none for BY, of which you brought some")
