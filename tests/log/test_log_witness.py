"""Third-party witnesses, the pure part: WIT-1 to WIT-5."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.log import merkle
from redshank.log.merkle import EMPTY_ROOT
from redshank.log.note import (
    HybridKey,
    KeyKind,
    Signature,
    VerifierKey,
    hybrid_key,
    log_requests,
    parse_vkey,
    signed_note,
)
from redshank.log.tree_head import Checkpoint
from redshank.log.witness import ServedLog, Submission, Verdict, encode_submission, judge, parse_submission
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "witness" / "submissions.json").read_text(encoding="utf-8")
)
ED25519, MLDSA = Ed25519PrivateKey.from_private_bytes(bytes(32)), MLDSA44PrivateKey.from_seed_bytes(bytes(32))
ORIGIN = "redshank/BY-LT/LT/2026"
LEAVES = [merkle.leaf_hash(b"%d" % i) for i in range(300)]
READ = merkle.perfect_hashes(LEAVES)


def made() -> HybridKey:
    publics = ED25519.public_key().public_bytes_raw(), MLDSA.public_key().public_bytes_raw()
    key = hybrid_key(ORIGIN, KeyKind.LOG, *publics)
    assert isinstance(key, HybridKey)
    return key


KEY = made()


def signatures(text: bytes) -> tuple[Signature, Signature]:
    first, second = log_requests(text, KEY, 7)
    return first.signed(ED25519.sign(first.message)), second.signed(MLDSA.sign(second.message))


def note_of(size: int, root: bytes | None = None, more: bytes = b"") -> bytes:
    text = Checkpoint(ORIGIN, size, merkle.root_at(size, READ) if root is None else root).text + more
    return signed_note(text, signatures(text))


def proof(old: int, size: int) -> tuple[bytes, ...]:
    found = merkle.consistency_proof(old, size, READ)
    assert not isinstance(found, Refusal)
    return found


class Desk:
    """A witness's memory, as an edge keeps it."""

    def __init__(self, size: int = 0) -> None:
        root = merkle.root_at(size, READ)
        self.log = ServedLog(KEY.both, size, root)
        self.roots = {size: root} if size else {}

    def add(self, old: int, steps: tuple[bytes, ...], note: bytes) -> Verdict:
        return self.take(encode_submission(old, steps, note))

    def take(self, data: bytes) -> Verdict:
        verdict = judge({ORIGIN: self.log}, data, lambda _, size: self.roots.get(size))
        if verdict.refusal is None:
            assert verdict.seen is not None
            head = verdict.seen.checkpoint
            self.log = ServedLog(KEY.both, head.size, head.root)
            self.roots[head.size] = head.root
        return verdict


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    """WIT-1, WIT-2, WIT-3: vectors/witness/submissions.json."""
    keys = [parse_vkey(text) for text in VECTORS["log_keys"]]
    root = b64decode(VECTORS["roots"][str(case["held"])])
    log = ServedLog(tuple(key for key in keys if isinstance(key, VerifierKey)), case["held"], root)
    verdict = judge({log.origin: log}, b64decode(case["request"]), lambda *_: None)
    assert verdict.status == case["status"]
    if verdict.refusal is not None:
        said = str(verdict.held_size) if verdict.status == 409 else verdict.refusal.reason.value
        assert said == case["body"]
    else:
        assert case["body"] is None


def test_a_log_grows_under_its_witness() -> None:
    """WIT-1, WIT-3: from nothing, by proofs; the same head again is cosigned again."""
    desk = Desk()
    for old, size in ((0, 1), (1, 7), (7, 7), (7, 256), (256, 300)):
        verdict = desk.add(old, proof(old, size) if old else (), note_of(size))
        assert (verdict.status, verdict.contradicts) == (200, False), verdict
        assert verdict.seen is not None
        assert verdict.seen.checkpoint == Checkpoint(ORIGIN, size, merkle.root_at(size, READ))


CASES = [
    ("another size is held", 409, Reason.WRONG_SIZE, 6, proof(6, 9), note_of(9)),
    ("it claims to begin anew", 409, Reason.WRONG_SIZE, 0, (), note_of(9)),
    ("old is more than the size", 400, Reason.MALFORMED, 7, (), note_of(5)),
    ("no proof", 422, Reason.BAD_PROOF, 7, (), note_of(9)),
    ("another proof", 422, Reason.BAD_PROOF, 7, proof(6, 9), note_of(9)),
    ("another root", 422, Reason.BAD_PROOF, 7, proof(7, 9), note_of(9, bytes(32))),
    ("a fork at one size", 422, Reason.FORKED, 7, (), note_of(7, bytes(32))),
    ("a proof where none is needed", 422, Reason.BAD_PROOF, 7, (bytes(32),), note_of(7)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "status", "why", "old", "steps", "note"), CASES, ids=lambda case: str(case)[:40])
def test_what_a_witness_refuses(
    name: str, status: int, why: Reason, old: int, steps: tuple[bytes, ...], note: bytes
) -> None:
    """WIT-3: with the statuses of C2SP tlog-witness; and nothing changes."""
    desk = Desk(7)
    verdict = desk.add(old, steps, note)
    assert verdict.refusal is not None, name
    assert (verdict.status, verdict.refusal.reason, verdict.held_size) == (status, why, 7)
    assert desk.log.size == 7


def test_the_empty_tree() -> None:
    """WIT-3: its root is the hash of nothing; from size 0 there is no proof."""
    assert Desk().add(0, (), note_of(0)).status == 200
    assert Desk().add(0, (), note_of(0, bytes(32))).status == 422
    assert Desk().add(0, (bytes(32),), note_of(3)).status == 422
    assert merkle.root_at(0, READ) == EMPTY_ROOT


def test_signatures_decide_who_is_heard() -> None:
    """WIT-2: unknown origin 404; a key of the log that did not sign, or signed another text, 403; strangers' lines are
    ignored."""
    desk, text = Desk(), Checkpoint(ORIGIN, 1, merkle.root_at(1, READ)).text
    first, second = signatures(text)
    stranger = Signature("stranger.example", 7, bytes(72))
    elsewhere = Checkpoint("other.example/log", 1, bytes(32)).text
    assert desk.add(0, (), signed_note(elsewhere, [stranger])).status == 404
    assert desk.add(0, (), signed_note(text, [stranger])).status == 403
    for half in (first, second):
        verdict = desk.add(0, (), signed_note(text, [half]))
        assert verdict.refusal is not None
        assert (verdict.status, verdict.refusal.reason) == (403, Reason.NOT_HYBRID)
    spoilt = Signature(first.name, first.key_id, bytes(64))
    assert desk.add(0, (), signed_note(text, [spoilt, second])).status == 403
    good = desk.add(0, (), signed_note(text, [stranger, first, second]))
    assert good.status == 200
    assert good.seen is not None
    assert good.seen.note == signed_note(text, [first, second])


def test_a_log_of_one_key_and_with_extension_lines() -> None:
    """WIT-2: logs of others are served as C2SP has them."""
    text = Checkpoint(ORIGIN, 1, merkle.root_at(1, READ)).text + b"extension\n"
    note = signed_note(text, signatures(text)[:1])
    log = ServedLog((KEY.classic,))
    assert judge({ORIGIN: log}, encode_submission(0, (), note), lambda *_: None).status == 200
    assert Desk().add(0, (), note_of(1, more=b"extension\n")).status == 200


@pytest.mark.parametrize(("old", "size"), [(7, 7), (5, 7), (0, 7), (9, 7)])
def test_two_heads_of_one_size_are_kept_whatever_else_is_wrong(old: int, size: int) -> None:
    """WIT-4: the log has signed both; the status is that of the first check that fails."""
    desk = Desk(7)
    verdict = desk.add(old, (), note_of(size, bytes(32)))
    assert verdict.contradicts
    assert verdict.status in (400, 409, 422)
    desk.add(7, proof(7, 9), note_of(9))
    assert desk.add(9, (), note_of(7, bytes(32))).contradicts
    assert not desk.add(9, (), note_of(7)).contradicts


def test_bounds_of_a_request() -> None:
    """WIT-1: 63 proof lines, and the longest note fits."""
    assert isinstance(
        parse_submission(encode_submission(1, [bytes(32)] * limits.WITNESS_PROOF_LINES, b"n")), Submission
    )
    assert (
        reason(parse_submission(encode_submission(1, [bytes(32)] * (limits.WITNESS_PROOF_LINES + 1), b"n")))
        is Reason.MALFORMED
    )
    longest = encode_submission(limits.LOG_ENTRIES, [bytes(32)] * limits.WITNESS_PROOF_LINES, b"n" * limits.NOTE_BYTES)
    assert len(longest) <= limits.WITNESS_REQUEST_BYTES
    assert isinstance(parse_submission(longest + b"n" * (limits.WITNESS_REQUEST_BYTES - len(longest))), Submission)
    assert reason(parse_submission(b"n" * (limits.WITNESS_REQUEST_BYTES + 1))) is Reason.TOO_LARGE


def test_malformed_requests() -> None:
    """WIT-1: each is 400, and none is an exception."""
    good, line = note_of(1), b64encode(bytes(32))
    bad = [
        b"", b"\n\n", b"old 0", b"old 0\n" + good, b"new 0\n\n" + good, b"old 00\n\n" + good, b"old +1\n\n" + good,
        b"old  0\n\n" + good, b"old 0 \n\n" + good, b"old 1\n" + line[:-1] + b"\n\n" + good,
        b"old 1\n" + line[:-2] + b"B=\n\n" + good, b"old 1\nAAAA\n\n" + good, b"old 0\r\n\r\n" + good,
        b"old 0\n\n", b"old 0\n\nno note", b"old -1\n\n" + good,
    ]  # fmt: skip
    for data in bad:
        assert Desk().take(data).status == 400, data[:40]


@given(st.binary(max_size=300) | st.text(alphabet="old 01\n=A—", max_size=80).map(str.encode))
def test_any_bytes_are_a_request_of_those_bytes_or_refused(data: bytes) -> None:
    """WIT-1: one request has one spelling."""
    found = parse_submission(data)
    assert isinstance(found, Refusal) or encode_submission(found.old_size, found.proof, found.note) == data


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 3), st.booleans()), max_size=8))
def test_whatever_is_submitted_what_is_cosigned_is_one_history(tries: list[tuple[int, int, int, bool]]) -> None:
    """WIT-3, WIT-4: sizes never shrink, each size has one root, and an honest log is never called a liar."""
    desk, cosigned = Desk(), dict[int, bytes]()
    for old, size, at, lies in tries:
        steps = proof(old, size) if 1 <= old <= size else ()
        root = bytes(31) + bytes([at]) if lies else None
        verdict = desk.add(old if at else desk.log.size, steps, note_of(size, root))
        if verdict.refusal is None:
            assert verdict.seen is not None
            head = verdict.seen.checkpoint
            assert head.size >= max(cosigned, default=0)
            assert cosigned.setdefault(head.size, head.root) == head.root
        if not lies and not any(tried[3] for tried in tries):
            assert not verdict.contradicts


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal)
    return found.reason
