# size: one record and every fault that it may have
"""Records: REC-1 to REC-11."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import (
    BY,
    CHANNEL,
    LT,
    NOW,
    YEAR,
    Keyring,
    Node,
    exchange_all,
    line_test,
    places,
    release,
    two_nodes,
)

from redshank.cli.verifying import verify_path
from redshank.exchange.bounds import INTEGER_MAX
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.session import Received, receive
from redshank.exchange.signing import receipt_lines, signed_head
from redshank.exchange.verifier import RecordReport, verify_record
from redshank.log import ledger, merkle, tiles
from redshank.log.checkpoint import Checkpoint
from redshank.log.ledger import Appended
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import AckBody, Answer, Message, MessageType, QueryBody, Question, ReplyBody
from redshank.terms.refusal import Reason, Refusal

SMALL = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "record" / "small.json").read_text(encoding="utf-8")
)
Files = dict[str, bytes]


def export(*nodes: Node, **changes: Any) -> Files:
    """What an edge hands to build_record, for the logs of these nodes."""
    logs = {}
    for node in nodes:
        head = node.session.own.head
        if head is not None:
            newest = node.receipts.get(head.checkpoint.size, head.note)
            logs[node.session.me] = LogExport(newest, head.checkpoint.size, node.said, node.receipts)
    given_: dict[str, Any] = {
        "agreement": "BY-LT-1",
        "prefix": "",
        "channel": CHANNEL,
        "year": YEAR,
        "keys": {BY: Keyring(BY).public, LT: Keyring(LT).public},
        "logs": logs,
    }
    return build_record(**{**given_, **changes})


def conversation() -> tuple[Node, Node]:
    """LT asks, BY reads and replies, LT says one thing more that BY never receipts."""
    by, lt = two_nodes()
    lt.say(line_test(1), NOW)
    lt.say(release(MessageType.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN), BY), NOW + 1000)
    exchange_all(lt, by, NOW + 2000)
    by.say(release(MessageType.ACK, AckBody("duty-officer"), LT, in_reply_to=1), NOW + 30_000)
    by.say(release(MessageType.REPLY, ReplyBody(Answer.UNKNOWN), LT, in_reply_to=1), NOW + 40_000)
    exchange_all(by, lt, NOW + 41_000)
    lt.say(line_test(2), NOW + 50_000)
    lt.sign()
    return by, lt


def reasons(report: RecordReport, path: str | None = None) -> set[Reason]:
    return {found.refusal.reason for found in report.findings if path is None or found.path == path}


PINNED = {BY: Keyring(BY).public, LT: Keyring(LT).public}

# --- good records ----------------------------------------------------------------------------------------


def test_a_record_of_a_conversation() -> None:
    """REC-1, REC-2, REC-6, REC-7: nothing to object to; each message has its level."""
    by, lt = conversation()
    files = export(by, lt)
    assert {"record.json", "LT/checkpoint", "BY/checkpoint", "LT/receipts/2", "BY/receipts/2"} < set(files)
    report = verify_record(files, PINNED)
    assert report.findings == ()
    assert report.ok
    assert report.pinned
    of_by, of_lt = report.directions
    assert (of_by.size, of_by.receipted, of_by.unreceipted, of_by.serial_gaps) == (2, 2, 0, ())
    assert (of_lt.size, of_lt.receipted, of_lt.unreceipted, of_lt.receipts) == (3, 2, 1, 1)
    assert [(line.sender, line.serial) for line in report.lines] == [(LT, 0), (LT, 1), (BY, 0), (BY, 1), (LT, 2)]
    asked = report.lines[1]
    assert isinstance(asked.content, Message)
    assert (asked.received_at_s, asked.read_by, asked.answered_by) == ((NOW + 2000) // 1000, 0, 1)
    assert report.lines[4].received_at_s is None
    assert report.lines[4].read_by is None


def test_either_side_makes_the_same_proof() -> None:
    """REC-1: BY exports what it received and what it said; the verdict is the same."""
    by, lt = conversation()
    theirs = by.session.theirs
    assert theirs.head is not None
    receipt = theirs.head.note + receipt_lines(by.session, theirs.head.text, Instant(99_000), by.keys)
    head = by.session.own.receipt
    assert head is not None
    logs = {
        LT: LogExport(receipt, theirs.size, by.got, {2: receipt}),
        BY: LogExport(head.note, 2, by.said, by.receipts),
    }
    report = verify_record(export(logs=logs), PINNED)
    assert report.ok, report.findings
    assert len(lt.said) == len(report.lines) - 1  # LT's last message never arrived


def test_the_published_record() -> None:
    """REC-1, REC-2: vectors/record/small.json."""
    files = {path: b64decode(data) for path, data in SMALL["files"].items()}
    report = verify_record(files)
    assert report.ok, report.findings
    assert not report.pinned
    assert [(line.sender, line.serial) for line in report.lines] == [(LT, 0), (LT, 1), (LT, 2), (BY, 0)]
    assert report.lines[2].answered_by == 0


def test_a_silent_party_has_no_files() -> None:
    """REC-1: and a channel on which nobody spoke is still a record."""
    assert verify_record(export(), PINNED).ok
    by, lt = two_nodes()
    lt.say(line_test(1))
    exchange_all(lt, by)
    report = verify_record(export(by, lt), PINNED)
    assert report.ok
    assert report.directions[0].size == 0


@settings(deadline=None, max_examples=8)
@given(st.integers(1, 700))
def test_records_of_any_size(size: int) -> None:
    """REC-4: full and partial tiles, over several levels and receipts."""
    by, lt = two_nodes()
    for number in range(size):
        lt.say(line_test(number))
    exchange_all(lt, by)
    report = verify_record(export(by, lt), PINNED)
    assert report.ok, report.findings
    assert report.directions[1].receipted == size
    assert report.directions[1].receipts == -(-size // limits.HEAD_ENTRIES)


# --- keys ------------------------------------------------------------------------------------------------


def test_pinned_keys_decide() -> None:
    """REC-3: a record made up with other keys agrees with itself, and is refused against pinned ones."""
    by, lt = conversation()
    files = export(by, lt)
    claimed = verify_record(files)
    assert claimed.ok
    assert not claimed.pinned
    other = {BY: Keyring(BY, seed="another").public, LT: PINNED[LT]}
    assert reasons(verify_record(files, other)) == {Reason.BAD_KEY}
    assert reasons(verify_record(files, {LT: PINNED[LT]})) == {Reason.BAD_KEY}


def test_keys_of_another_channel_or_in_two_roles() -> None:
    """REC-3, LOG-2: the names must be those of this channel and year."""
    by, lt = conversation()
    assert reasons(verify_record(export(by, lt, year=2027))) == {Reason.BAD_KEY}
    assert reasons(verify_record(export(by, lt, prefix="exercise/"))) == {Reason.BAD_KEY}
    alone = export(by, lt, keys={LT: PINNED[LT]})
    unsaid = alone["record.json"].replace(b'"by_voice":"BY",', b"")
    assert reasons(verify_record({**alone, "record.json": unsaid})) == {Reason.BAD_KEY}
    swapped = {BY: PINNED[LT], LT: PINNED[BY]}
    assert reasons(verify_record(export(by, lt, keys=swapped))) == {Reason.BAD_KEY}


# --- faults ----------------------------------------------------------------------------------------------


def test_every_flipped_bit_of_every_file_is_found() -> None:
    """REC-4, REC-5, REC-11: one bit in each byte of each file; of an ML-DSA-44 line or key, in each 31st."""
    files = export(*conversation())
    for path, data in files.items():
        for at in places(data):
            spoilt = data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
            report = verify_record({**files, path: spoilt}, PINNED)
            if path == "record.json" and report.manifest is not None and report.manifest.agreement != "BY-LT-1":
                continue  # the agreement's name is the one thing in a record that nobody signed
            assert not report.ok, (path, at)


def test_every_missing_file_is_found() -> None:
    """REC-8: but a log that is missing as a whole looks like a silent party, and its readers betray it."""
    files = export(*conversation())
    for path in files:
        report = verify_record({name: data for name, data in files.items() if name != path}, PINNED)
        if path.startswith("LT/receipts") or path == "BY/receipts/2":
            continue  # an exporter may keep a receipt back; the other party has it
        assert not report.ok, path
    report = verify_record({name: data for name, data in files.items() if not name.startswith("LT/")}, PINNED)
    assert Reason.UNKNOWN_MESSAGE in reasons(report)


def test_a_file_too_many_is_found() -> None:
    """REC-8: nothing travels in a record that is not checked."""
    files = export(*conversation())
    for path in (
        "notes.txt",
        "LT/tile/0/001",
        "LT/tile/0/000",
        "LV/checkpoint",
        "LT/tile/entries/000",
        "LT/receipts/02",
    ):
        assert not verify_record({**files, path: b""}, PINNED).ok, path
    assert reasons(verify_record({**files, "notes.txt": b""}, PINNED), "notes.txt") == {Reason.UNKNOWN_FIELD}


def test_receipts_must_fit() -> None:
    """REC-5: both signatures, the named size, the root of these entries, and not beyond the head."""
    by, lt = conversation()
    files = export(by, lt)
    good = files["LT/receipts/2"]
    half = good[: good.rindex("—".encode())]
    unsigned = half[: half.rindex("—".encode())]
    cases = {
        ("LT/receipts/2", unsigned): Reason.NOT_WITNESSED,
        ("LT/receipts/2", half): Reason.NOT_HYBRID,
        ("LT/receipts/1", good): Reason.WRONG_SIZE,
        ("LT/receipts/2", good[:-5] + b"AA==\n"): Reason.BAD_SIGNATURE,
        ("LT/receipts/3", cosigned(by, lt, Checkpoint(lt.keys.public.log.name, 3, bytes(32)))): Reason.FORKED,
        ("LT/receipts/9", cosigned(by, lt, Checkpoint(lt.keys.public.log.name, 9, bytes(32)))): Reason.SHRUNKEN,
    }
    for (path, data), expected in cases.items():
        assert expected in reasons(verify_record({**files, path: data}, PINNED), path), expected


def cosigned(by: Node, lt: Node, head: Checkpoint) -> bytes:
    return signed_by_log(lt, head) + receipt_lines(by.session, head.text, Instant(99_000), by.keys)


def signed_by_log(node: Node, head: Checkpoint) -> bytes:
    return signed_head(node.session, head.text, NOW, node.keys)


def test_entries_and_tiles_that_agree_but_were_not_signed() -> None:
    """REC-4: the signed root decides, not the tiles."""
    by, lt = conversation()
    head = lt.session.own.head
    assert head is not None
    swapped = LogExport(head.note, 3, [lt.said[0], lt.said[2], lt.said[1]], {})
    report = verify_record(export(by, lt, logs={LT: swapped}), PINNED)
    assert Reason.BAD_PROOF in reasons(report, "LT/checkpoint")


def test_lines_keep_the_order_of_the_index_and_the_first_answer_counts() -> None:
    """REC-7: whatever the clocks say, and however often a person acknowledges."""
    by, lt = two_nodes()
    for number, at in enumerate((NOW + 9000, NOW + 1000, NOW + 8000)):
        lt.say(line_test(number), at)
    exchange_all(lt, by)
    for role in ("duty-officer", "cell-chief"):
        by.say(release(MessageType.ACK, AckBody(role), LT, in_reply_to=1), NOW + 5000)
    exchange_all(by, lt)
    report = verify_record(export(by, lt), PINNED)
    assert [(line.sender, line.serial) for line in report.lines] == [(BY, 0), (BY, 1), (LT, 0), (LT, 1), (LT, 2)]
    assert report.lines[3].read_by == 0


def test_a_log_that_was_cut_is_convicted_by_its_receipt() -> None:
    """REC-5, REC-10: LT exports only its first entry, but the receipt for two lies beside it."""
    by, lt = conversation()
    first = merkle.append(merkle.Frontier(), merkle.leaf_hash(lt.said[0]))
    head = signed_by_log(lt, Checkpoint(lt.keys.public.log.name, 1, merkle.root(first)))
    cut = {LT: LogExport(head, 1, lt.said[:1], {2: lt.receipts[2]})}
    assert reasons(verify_record(export(by, lt, logs=cut), PINNED), "LT/receipts/2") == {Reason.SHRUNKEN}


def test_a_reply_to_nothing_is_named() -> None:
    """REC-10: LT's log is cut before the query that BY replied to."""
    by, lt = conversation()
    first = merkle.append(merkle.Frontier(), merkle.leaf_hash(lt.said[0]))
    head = signed_by_log(lt, Checkpoint(lt.keys.public.log.name, 1, merkle.root(first)))
    of_by = by.session.own.receipt
    assert of_by is not None
    logs = {LT: LogExport(head, 1, lt.said[:1], {}), BY: LogExport(of_by.note, 2, by.said, by.receipts)}
    report = verify_record(export(logs=logs), PINNED)
    assert reasons(report, "BY/entry 0") == {Reason.UNKNOWN_MESSAGE}


def test_serial_gaps_and_nonsense_in_a_log() -> None:
    """REC-6, REC-9: a wrong serial is a fault of the record; an entry that is no message is listed as evidence."""
    _, lt = two_nodes()
    lt.say(line_test(1))
    entries = [b"nonsense", lt.said[0]]  # the second says serial 0 at index 2
    own = lt.session.own
    for entry in entries:
        appended = ledger.append(own, entry)
        assert isinstance(appended, Appended)
        own = appended.log
    assert own.size == 3
    head = signed_by_log(lt, Checkpoint(own.key.name, 3, merkle.root(own.frontier)))
    logs = {LT: LogExport(head, 3, [*lt.said, *entries], {})}
    report = verify_record(export(logs=logs), PINNED)
    assert reasons(report) == {Reason.WRONG_SERIAL}
    assert report.directions[1].serial_gaps == (2,)
    assert isinstance(report.lines[1].content, Refusal)
    only_nonsense = merkle.append(merkle.Frontier(), merkle.leaf_hash(b"nonsense"))
    head = signed_by_log(lt, Checkpoint(own.key.name, 1, merkle.root(only_nonsense)))
    report = verify_record(export(logs={LT: LogExport(head, 1, [b"nonsense"], {})}), PINNED)
    assert report.ok
    assert isinstance(report.lines[0].content, Refusal)


def test_times_that_no_calendar_has_are_told_as_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """REC-11: a message of the year 287396 and a receipt of the end of time; the report is printed all the same."""
    monkeypatch.setenv("COLUMNS", "200")
    by, lt = two_nodes()
    lt.say(line_test(1), INTEGER_MAX)
    lt.sign()
    head = lt.session.own.head
    assert head is not None
    end_s = (1 << 63) - 1
    receipt = head.note + receipt_lines(by.session, head.text, Instant(end_s * 1000), by.keys)
    files = export(logs={LT: LogExport(receipt, 1, lt.said, {1: receipt})})
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert verify_path(tmp_path, (), as_json=False) == 0
    said = capsys.readouterr().out
    assert f"{INTEGER_MAX} ms" in said
    assert f"{end_s} s" in said


# --- hostile bytes ---------------------------------------------------------------------------------------

MANIFESTS = [
    b"", b"{}", b"[]", b"null", b"\xff", b'{"v":1}', b"[" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("data", MANIFESTS, ids=repr)
def test_bad_manifests(data: bytes) -> None:
    """REC-2, REC-11."""
    report = verify_record({**export(*conversation()), "record.json": data})
    assert not report.ok
    assert report.findings[0].path == "record.json"


def test_a_manifest_has_one_spelling_and_one_version() -> None:
    """REC-2."""
    files = export(*conversation())
    spaced = json.dumps(json.loads(files["record.json"])).encode()
    later = files["record.json"].replace(b'"v":2', b'"v":3')
    assert reasons(verify_record({**files, "record.json": spaced})) == {Reason.NOT_CANONICAL}
    assert reasons(verify_record({**files, "record.json": later})) == {Reason.UNKNOWN_TYPE}
    assert reasons(verify_record({})) == {Reason.TRUNCATED}


def test_a_head_that_claims_a_huge_log() -> None:
    """REC-11: a terabyte of entries that are not there costs nothing."""
    by, lt = conversation()
    files = export(by, lt)
    files["LT/checkpoint"] = signed_by_log(lt, Checkpoint(lt.keys.public.log.name, 1 << 40, bytes(32)))
    report = verify_record(files, PINNED)
    assert Reason.TRUNCATED in reasons(report, "LT/checkpoint")


paths = st.sampled_from(
    ["record.json", "LT/checkpoint", "BY/checkpoint", "LT/tile/0/000.p/3", "LT/tile/entries/000.p/3", "LT/receipts/2"]
)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(paths | st.text(max_size=20), st.binary(max_size=200), max_size=6), st.booleans())
def test_no_bytes_bring_the_verifier_down(hostile: Files, on_top: bool) -> None:
    """REC-11: alone, or in place of good files."""
    files = {**(export(*conversation()) if on_top else {}), **hostile}
    report = verify_record(files, PINNED)
    assert report.ok is (not report.findings)
    assert on_top or not report.ok


def test_a_partner_can_not_pad_what_is_exported() -> None:
    """LOG-4, REC-5: a head that came with other signatures is kept, cosigned and verified without them."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    lt.sign()
    push = lt.push()
    extra = "— nobody/x AAAAAQAA\n".encode()
    head = lt.session.own.head
    assert head is not None
    length = len(b"old 0\n\n" + head.note)
    padded = push.replace(head.note, head.note + extra).replace(b"/1 %d\n" % length, b"/1 %d\n" % (length + len(extra)))
    received = receive(by.session, padded, Instant(NOW))
    assert isinstance(received, Received)
    assert received.head.note == head.note


def test_files_are_those_of_tlog_tiles() -> None:
    """REC-1, LOG-7: paths and contents of the log's files."""
    by, lt = two_nodes()
    for number in range(300):
        lt.say(line_test(number))
    exchange_all(lt, by)
    files = export(by, lt)
    expected = {f"LT/{tile.path}" for tile in (*tiles.hash_tiles(300), *tiles.entry_bundles(300))}
    assert {path for path in files if "/tile/" in path} == expected
    assert tiles.parse_bundle(files["LT/tile/entries/001.p/44"]) == tuple(lt.said[256:])
    assert len(files["LT/tile/0/000"]) == 8192
