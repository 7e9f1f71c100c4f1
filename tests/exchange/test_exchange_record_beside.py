"""Files of evidence beside the logs of a record, and receipts whose dates can not be right. REC-16 to REC-19, EVI-8."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import BY, LT, NOW, Keyring, Node, exchange_all, line_test, two_nodes
from tests.exchange.test_exchange_evidence import PINNED, back_dated, forked, misplaced, rewritten, rolled_back
from tests.exchange.test_exchange_record import SMALL, conversation, export, reasons

from redshank.cli.verifying import verify_path
from redshank.exchange import delivery, session
from redshank.exchange.evidence import Kind, check_evidence, encode_evidence
from redshank.exchange.record import LogExport
from redshank.exchange.session import Received
from redshank.exchange.signing import receipt_lines, signed_head
from redshank.exchange.verifier import Caution, Dated, RecordReport, verify_record
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "record"
SKEW_MS = limits.MESSAGE_AHEAD_MS
STEP_MS = 700
EVERY = (forked, rewritten, misplaced, back_dated, rolled_back)
_changed = msgspec.structs.replace


def with_evidence(*files: bytes, **changes: Any) -> dict[str, bytes]:
    return export(*conversation(), evidence=files, **changes)


# --- evidence ------------------------------------------------------------------------------------------------


def test_evidence_travels_with_the_record_and_says_who_contradicted_whom() -> None:
    """REC-16, REC-17, EVI-8: the same words as of the file alone, in their order; the record is in order."""
    files = [encode_evidence(make()) for make in EVERY]
    record = with_evidence(*files)
    assert {f"evidence/{number}.json" for number in range(len(EVERY))} < set(record)
    report = verify_record(record, PINNED)
    assert report.ok, report.findings
    assert [shown.kind for shown in report.evidence] == [
        Kind.FORKED, Kind.REWRITTEN, Kind.MISPLACED, Kind.BACK_DATED, Kind.SHRUNKEN,
    ]  # fmt: skip
    for data, shown in zip(files, report.evidence, strict=True):
        alone = check_evidence(data, PINNED)
        assert (shown.accused, shown.reporter, shown.convicts) == (BY, LT, True)
        assert (shown.words, shown.clears) == (alone.words, alone.clears)


def test_one_sides_word_is_no_conviction() -> None:
    """REC-17, EVI-4: a head stamped earlier is shown with what would settle it."""
    one, other = rolled_back().heads
    late = _changed(rolled_back(), heads=(one, other), kind=Kind.UNPROVEN)
    (shown,) = verify_record(with_evidence(encode_evidence(late)), PINNED).evidence
    assert not shown.convicts
    assert "consistency proof" in shown.clears


def test_a_record_without_evidence_is_as_good() -> None:
    """REC-16: also the published one, and one of version 1."""
    files = {path: b64decode(data) for path, data in SMALL["files"].items()}
    assert verify_record(files).evidence == ()
    assert verify_record(files).ok


BAD = {
    "not json": (b"{", Reason.MALFORMED),
    "spelled otherwise": (encode_evidence(forked()) + b"\n", Reason.NOT_CANONICAL),
    "too large": (bytes(limits.EVIDENCE_BYTES + 1), Reason.TOO_LARGE),
    "not signed so": (encode_evidence(_changed(forked(), heads=forked().heads[:1] * 2)), Reason.NO_CONTRADICTION),
    "another year": (encode_evidence(_changed(forked(), year=2027)), Reason.WRONG_CHANNEL),
    "an exercise": (encode_evidence(_changed(forked(), prefix="exercise/")), Reason.WRONG_CHANNEL),
    "no party": (encode_evidence(_changed(forked(), accused="LV")), Reason.WRONG_CHANNEL),
}


@pytest.mark.parametrize("name", BAD)
def test_evidence_that_shows_nothing_is_a_fault(name: str) -> None:
    """REC-16: nothing in a record goes unchecked; what else is in it is checked all the same."""
    data, why = BAD[name]
    report = verify_record(with_evidence(encode_evidence(rewritten()), data), PINNED)
    assert reasons(report, "evidence/1.json") == {why}
    assert len(report.findings) == 1
    assert [shown.kind for shown in report.evidence] == [Kind.REWRITTEN]


def test_evidence_is_checked_with_the_keys_of_the_record() -> None:
    """REC-16: a stranger's forks accuse nobody, whether the keys are pinned or claimed."""
    other = Keyring(BY, seed="somebody else").public.log
    made_up = _changed(forked(), key=other.classic.vkey, key_mldsa=other.mldsa.vkey)
    for keys in (PINNED, None):
        report = verify_record(with_evidence(encode_evidence(made_up)), keys)
        assert reasons(report, "evidence/0.json") == {Reason.BAD_KEY}


@pytest.mark.parametrize("name", ["64.json", "00.json", "-1.json", "x.json", "0", "0.json/0", ".json", "٣.json"])
def test_a_path_that_evidence_does_not_have(name: str) -> None:
    """REC-16, CONTRADICTIONS_PER_CHANNEL: numbers from 0 to 63, spelled one way."""
    good = encode_evidence(forked())
    report = verify_record({**with_evidence(), f"evidence/{name}": good}, PINNED)
    assert reasons(report, f"evidence/{name}") == {Reason.UNKNOWN_FIELD}
    last = f"evidence/{limits.CONTRADICTIONS_PER_CHANNEL - 1}.json"
    assert verify_record({**with_evidence(), last: good}, PINNED).ok


def test_a_record_of_version_1_can_hold_none() -> None:
    """REC-16: evidence needs both keys of a log, and such a record has one."""
    old = json.loads((VECTORS / "version1.json").read_text(encoding="utf-8"))["files"]
    files = {path: b64decode(data) for path, data in old.items()}
    assert verify_record(files).ok
    manifest = json.loads(files["record.json"])
    found = _changed(forked(), prefix=manifest["prefix"], channel=manifest["channel"], year=manifest["year"])
    report = verify_record({**files, "evidence/0.json": encode_evidence(found)})
    assert reasons(report, "evidence/0.json") == {Reason.BAD_KEY}


def test_the_terminal_says_who_contradicted_whom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """REC-17: and whether that convicts; the record is in order."""
    for path, data in with_evidence(encode_evidence(forked())).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert verify_path(tmp_path, (), as_json=False) == 0
    said = capsys.readouterr().out
    assert "BY signed two different logs of 3 messages on BY-LT" in said
    assert "this convicts BY, whoever shows it" in said
    assert "The record is in order." in said


def test_a_flipped_bit_of_evidence_is_found() -> None:
    """REC-16: but in the reporter's clock, which is the reporter's word."""
    data = encode_evidence(forked())
    clock = data.index(b'"found_ms":') + len(b'"found_ms":')
    for at in range(0, len(data), 61):
        if clock <= at < data.index(b",", clock):
            continue
        spoilt = data[:at] + bytes([data[at] ^ (1 << at % 7)]) + data[at + 1 :]
        assert not verify_record(with_evidence(spoilt), PINNED).ok, at


def test_the_published_record_with_evidence() -> None:
    """REC-16, REC-17, REC-19: vectors/record/evidence.json."""
    made = json.loads((VECTORS / "evidence.json").read_text(encoding="utf-8"))
    report = verify_record({path: b64decode(data) for path, data in made["files"].items()})
    assert report.ok, report.findings
    shown = [(one.path, one.kind, one.accused, one.convicts) for one in report.evidence]
    assert shown == [tuple(one.values()) for one in made["evidence"]]
    assert [one[1:] for one in shown] == [("forked", LT, True), ("unproven", LT, False)]
    cautions = [(one.path, one.code.value, one.detail) for one in report.cautions]
    assert cautions == [tuple(one.values()) for one in made["cautions"]]
    assert [one[0] for one in cautions] == ["LT/receipts/1", "LT/receipts/2"]


# --- dates ---------------------------------------------------------------------------------------------------


def dated(*receipts: tuple[int, int], stated: tuple[int, ...]) -> list[Caution]:
    """The cautions of a record in which LT states messages at these times, and BY receipts (size, time) as given, all
    in ms after NOW."""
    by, lt = two_nodes()
    for number, at in enumerate(stated):
        lt.say(line_test(number), NOW + at)
    notes = {size: cosigned_at(by, lt, size, NOW + at) for size, at in receipts}
    newest = signed_at(lt, len(stated))
    logs = {LT: LogExport(notes.get(len(stated), newest), len(stated), lt.said, notes)}
    report = verify_record(export(logs=logs), PINNED)
    assert report.ok, report.findings
    return list(report.cautions)


def signed_at(lt: Node, size: int) -> bytes:
    root = merkle.root(merkle.append_many(merkle.Frontier(), map(merkle.leaf_hash, lt.said[:size])))
    return signed_head(lt.session, Checkpoint(lt.session.own.key.name, size, root).text, NOW, lt.keys)


def cosigned_at(by: Node, lt: Node, size: int, at_ms: int) -> bytes:
    head = signed_at(lt, size)
    return head + receipt_lines(by.session, head.rpartition(b"\n\n")[0] + b"\n", Instant(at_ms), by.keys)


def test_honest_dates_give_no_caution() -> None:
    """REC-19: also with a clock that is off by what is agreed, in either direction, and with a line that was down."""
    assert dated((1, 0), (3, 60_000), stated=(0, 1_000, 2_000)) == []
    assert dated((1, -SKEW_MS), stated=(0,)) == []
    assert dated((1, SKEW_MS), (2, 0), stated=(0, 1_000)) == []
    assert dated((2, 30 * 86_400_000), stated=(0, 1_000)) == []
    by, lt = conversation()
    assert verify_record(export(by, lt), PINNED).cautions == ()


def test_a_receipt_dated_before_what_it_covers() -> None:
    """REC-19: by more than 60 s; named once, by the receipt that first covers the statement."""
    (caution,) = dated((1, -SKEW_MS - 1_000), stated=(0,))
    assert (caution.path, caution.code) == ("LT/receipts/1", Dated.BEFORE_STATEMENT)
    assert caution.detail.startswith("61 s ")
    decades = 30 * 365 * 86_400_000
    (caution,) = dated((1, -decades), (2, 1_000), stated=(0, 1_000))
    assert caution.path == "LT/receipts/1"
    (caution,) = dated((1, 0), (2, 0), (3, 0), stated=(0, 2 * SKEW_MS, 3_000))
    assert caution.path == "LT/receipts/2", (
        "serial 1 is the one of the future; who receipts serial 2 has said nothing new"
    )


def test_a_receipt_dated_after_the_next_one() -> None:
    """REC-19: one witness signed both, so one of its two times is wrong."""
    (caution,) = dated((1, SKEW_MS + 1_000), (2, 0), stated=(0, 0))
    assert (caution.path, caution.code) == ("LT/receipts/1", Dated.AFTER_NEXT)
    assert caution.detail == "61 s after the receipt for 2"
    decades = 30 * 365 * 86_400_000
    assert [found.path for found in dated((1, decades), (2, 2_000), stated=(0, 1_000))] == ["LT/receipts/1"]


def test_a_last_receipt_of_the_future_is_not_found() -> None:
    """REC-19, REC-11: a verifier has no clock."""
    assert dated((1, 30 * 365 * 86_400_000), stated=(0,)) == []


def test_of_two_receipts_for_one_size_the_earlier_counts() -> None:
    """REC-19: the checkpoint was receipted again, later; without a file of its own it is named by it."""
    by, lt = two_nodes()
    lt.say(line_test(1), NOW)
    early, late = (cosigned_at(by, lt, 1, NOW + at) for at in (-2 * SKEW_MS, 0))
    both = verify_record(export(logs={LT: LogExport(late, 1, lt.said, {1: early})}), PINNED)
    assert [caution.path for caution in both.cautions] == ["LT/receipts/1"]
    alone = verify_record(export(logs={LT: LogExport(early, 1, lt.said, {})}), PINNED)
    assert [caution.path for caution in alone.cautions] == ["LT/checkpoint"]
    assert both.ok
    assert alone.ok


def test_nonsense_has_no_date() -> None:
    """REC-19: an entry that is no message can not be dated; a receipt for it alone is never doubted."""
    by, lt = two_nodes()
    lt.said.append(b"nonsense")
    note = cosigned_at(by, lt, 1, 1_000)
    report = verify_record(export(logs={LT: LogExport(note, 1, lt.said, {1: note})}), PINNED)
    assert report.ok
    assert report.cautions == ()


def test_receipts_as_nodes_give_them_are_never_doubted() -> None:
    """REC-19: many deliveries, each answered at once."""
    by, lt = two_nodes()
    for number in range(40):
        lt.say(line_test(number), NOW + 7_000 * number)
        exchange_all(lt, by, NOW + 7_000 * number + 500)
    report = verify_record(export(by, lt), PINNED)
    assert len(lt.receipts) == 40
    assert report.cautions == ()


class Stretch(msgspec.Struct, frozen=True):
    """LT says so much, a head for each, and pushes all that may be under way; after a while some pushes come in
    together, and one receipt answers them, or is lost."""

    said: int
    pause_ms: int
    come: int = limits.HEADS_UNDER_WAY
    answered: bool = True


STRETCHES = st.builds(
    Stretch, st.integers(0, 6), st.integers(0, 600_000), st.integers(0, limits.HEADS_UNDER_WAY), st.booleans()
)


def pipelined(stretches: list[Stretch], skew_ms: int = 0) -> list[RecordReport]:
    """What LT's record and BY's record say of LT's log; BY's clock is off by `skew_ms`."""
    (by, lt), now, kept = two_nodes(), NOW, dict[int, bytes]()
    for stretch in (*stretches, Stretch(1, 0), Stretch(0, 0)):
        came = said_and_pushed(lt, stretch.said, now)[: stretch.come]
        now = Instant(now + STEP_MS * stretch.said + stretch.pause_ms)
        answers = taken_together(by, [push for _, push in came], Instant(now + skew_ms), kept)
        for (size, _), answer in zip(came, answers, strict=True):
            if stretch.answered:
                lt.answered(answer, size)
    assert lt.session.own.receipt is not None
    theirs = LogExport(kept[by.session.theirs.size], by.session.theirs.size, by.got, kept)
    return [verify_record(export(lt), PINNED), verify_record(export(logs={LT: theirs}), PINNED)]


def said_and_pushed(lt: Node, count: int, now: Instant) -> list[tuple[int, bytes]]:
    """So many messages, each pushed at once where that may be, and what waits; each push with the size of its head."""
    pushes, pushed = list[tuple[int, bytes]](), 0
    for number in range(count + 1):
        lt.sign()
        if (outgoing := session.next_delivery(lt.session, pushed)) is not None:
            pushes.append((outgoing.end, lt.push(pushed)))
            pushed = outgoing.end
        if number < count:
            lt.say(line_test(len(lt.said)), now + STEP_MS * number)
    return pushes


def taken_together(by: Node, pushes: list[bytes], now: Instant, kept: dict[int, bytes]) -> list[delivery.Answer]:
    """As a node takes what comes in one turn: one receipt, for the newest head; it keeps it with the head."""
    took = list[Received | Refusal]()
    for push in pushes:
        took.append(received := session.receive(by.session, push, now))
        if isinstance(received, Received):
            by.accept(received)
    lines, heads = b"", [one.head for one in took if isinstance(one, Received)]
    if heads:
        lines = receipt_lines(by.session, heads[-1].text, now, by.keys)
        kept[heads[-1].checkpoint.size] = heads[-1].note + lines
    return [
        delivery.answer_refused(one, by.session.theirs.size)
        if isinstance(one, Refusal)
        else delivery.Answer(delivery.OK, delivery.TEXT, lines)
        for one in took
    ]


def test_one_receipt_for_several_deliveries_is_not_doubted() -> None:
    """REC-19, DEL-5, DEL-13: four heads are under way, each with its own push; one late receipt covers them."""
    assert len(said_and_pushed(Node(LT), 6, NOW)) == limits.HEADS_UNDER_WAY
    for report in pipelined([Stretch(4, 300_000), Stretch(4, 300_000), Stretch(4, 300_000, answered=False)]):
        assert report.ok, report.findings
        [direction] = [one for one in report.directions if one.party == LT]
        assert direction.receipted == 13
        assert direction.receipts <= 4
        assert report.cautions == ()


@settings(max_examples=60)
@given(st.lists(STRETCHES, max_size=6), st.integers(-SKEW_MS, SKEW_MS))
def test_honest_nodes_with_several_heads_under_way_are_not_doubted(stretches: list[Stretch], skew_ms: int) -> None:
    """REC-19, DEL-13: whatever came together, was lost or came again, with clocks as far apart as is agreed."""
    for report in pipelined(stretches, skew_ms):
        assert report.ok, report.findings
        assert report.cautions == ()
