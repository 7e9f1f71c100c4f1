"""Notes and checkpoints: LOG-1, LOG-2, LOG-4, LOG-5."""

import json
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from redshank.log import ed25519
from redshank.log.checkpoint import Checkpoint, SignedHead, open_head, parse_checkpoint
from redshank.log.note import (
    HybridKey,
    KeyKind,
    Note,
    Signature,
    VerifierKey,
    cosign_request,
    log_request,
    log_requests,
    parse_note,
    parse_signatures,
    parse_vkey,
    signed_note,
    verifier_key,
    verify_signature,
    verify_signatures,
)
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "log" / "checkpoints.json").read_text(encoding="utf-8")
)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MLDSA_PRIVATE = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))


def key_of(name: str, kind: KeyKind = KeyKind.LOG) -> VerifierKey:
    key = verifier_key(name, kind, PRIVATE.public_key().public_bytes_raw())
    assert isinstance(key, VerifierKey)
    return key


def mldsa_key_of(name: str) -> VerifierKey:
    key = verifier_key(name, KeyKind.MLDSA, MLDSA_PRIVATE.public_key().public_bytes_raw())
    assert isinstance(key, VerifierKey)
    return key


def pinned(name: str) -> HybridKey:
    classic, second = parse_vkey(VECTORS[name]), parse_vkey(VECTORS[f"{name}_mldsa"])
    assert isinstance(classic, VerifierKey)
    assert isinstance(second, VerifierKey)
    return HybridKey(classic, second)


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal)
    return found.reason


def test_the_example_of_signed_note() -> None:
    """LOG-2, LOG-4: key and note from the text of C2SP signed-note."""
    key = parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    assert isinstance(key, VerifierKey)
    assert (key.name, key.id, key.kind) == ("example.com/foo", 0x530D903A, KeyKind.LOG)
    data = (
        "This is an example message.\n\n— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    ).encode()
    note = parse_note(data)
    assert isinstance(note, Note)
    assert note.text == b"This is an example message.\n"
    assert signed_note(note.text, note.signatures) == data
    verified = verify_signatures(note.text, note.signatures, [key])
    assert isinstance(verified, tuple)
    assert verified[0].at_s is None


def test_vkeys() -> None:
    """LOG-2: text and key, both ways; every other text is refused."""
    for kind in (KeyKind.LOG, KeyKind.WITNESS):
        key = key_of("redshank/BY-LT/LT/2026", kind)
        assert parse_vkey(key.vkey) == key
    good = key_of("n").vkey
    low_order = "n+00000000+" + b64encode(b"\x01\x01" + bytes(31)).decode()
    bad = ["", "+", "++", "n+1+", good[:-1], good + "=", good.replace("n+", "m+"), good.upper(), "a b" + good[1:]]
    bad += [low_order, good.replace("AQ", "Ag", 1), "\ud800" + good[1:], "n" * 20_000 + good[1:]]
    for text in bad:
        assert reason(parse_vkey(text)) is Reason.BAD_KEY, text[:60]


@given(st.text(max_size=100))
def test_any_text_is_a_vkey_of_that_text_or_refused(text: str) -> None:
    found = parse_vkey(text)
    assert isinstance(found, Refusal) or found.vkey == text


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["name"])
def test_good_vectors(case: dict[str, object]) -> None:
    """LOG-1, LOG-4, LOG-5: the published heads."""
    data = b64decode(str(case["note"]))
    assert data.decode() == case["text"]
    head = open_head(data, pinned("log_key"), [pinned("witness_key")])
    assert isinstance(head, SignedHead)
    assert head.checkpoint.origin == "redshank/BY-LT/LT/2026"
    assert head.checkpoint.size == case["size"]
    assert [found.at_s for found in head.cosigned] == case["cosigned_at_s"]


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["name"])
def test_bad_vectors(case: dict[str, str]) -> None:
    """LOG-1, LOG-4, LOG-5: each refused with its reason."""
    assert reason(open_head(b64decode(case["note"]), pinned("log_key"), [pinned("witness_key")])) == case["reason"]


def test_unknown_signatures_are_ignored_and_known_ones_must_hold() -> None:
    """LOG-4: the four cases of a signature line."""
    log, text = key_of("a/log"), b"text\n"
    good = log_request(text, log).signed(PRIVATE.sign(text))
    bad = Signature(log.name, log.id, bytes(64))
    other_name = Signature("b/log", log.id, bytes(64))
    other_id = Signature(log.name, log.id ^ 1, bytes(64))
    unknown_first = verify_signatures(text, [other_name, other_id, good, bad], [log])
    assert isinstance(unknown_first, tuple)
    assert [found.signature for found in unknown_first] == [good]
    assert reason(verify_signatures(text, [bad, good], [log])) is Reason.BAD_SIGNATURE
    assert reason(verify_signatures(text, [other_name, other_id], [log])) is Reason.BAD_SIGNATURE
    assert reason(verify_signatures(text, [], [log])) is Reason.BAD_SIGNATURE


def test_a_signature_is_checked_by_the_key_that_it_names() -> None:
    """LOG-4: name and key id, also where a caller brings one key and one signature."""
    log, text = key_of("a/log"), b"text\n"
    good = log_request(text, log).signed(PRIVATE.sign(text))
    assert not isinstance(verify_signature(text, good, log), Refusal)
    for other in (Signature("b/log", good.key_id, good.signature), Signature("a/log", 1, good.signature)):
        assert reason(verify_signature(text, other, log)) is Reason.BAD_SIGNATURE


def test_a_signature_line_holds_more_than_a_key_id() -> None:
    """LOG-4: four bytes of id and at least one of signature."""
    assert not isinstance(parse_signatures(Signature("n", 1, b"x").line), Refusal)
    for short in (b"", b"\x00\x00\x00\x01"):
        line = f"— n {b64encode(short).decode()}\n".encode()
        assert reason(parse_signatures(line)) is Reason.BAD_NOTE


def test_a_head_keeps_only_what_was_verified() -> None:
    """LOG-4: a partner can not pad the heads that we store."""
    log = HybridKey(key_of("a/log"), mldsa_key_of("a/log"))
    text = Checkpoint("a/log", 1, bytes(32)).text
    first, second = log_requests(text, log, 7)
    good = [first.signed(PRIVATE.sign(first.message)), second.signed(MLDSA_PRIVATE.sign(second.message))]
    unknown = Signature("x", 7, bytes(900))
    head = open_head(signed_note(text, [unknown, *good, *good]), log)
    assert isinstance(head, SignedHead)
    assert head.note == signed_note(text, good)


def test_cosignatures_are_bound_to_their_time_and_kind() -> None:
    """LOG-2: a log signature is no cosignature, and the time is signed."""
    text, witness = b"origin\n1\nAA==\n", key_of("w", KeyKind.WITNESS)
    request = cosign_request(text, witness, 1_700_000_000)
    assert request.message == b"cosignature/v1\ntime 1700000000\norigin\n1\nAA==\n"
    signature = request.signed(PRIVATE.sign(request.message))
    verified = verify_signatures(text, [signature], [witness])
    assert isinstance(verified, tuple)
    assert verified[0].at_s == 1_700_000_000
    shifted = Signature("w", witness.id, (1_700_000_001).to_bytes(8, "big") + signature.signature[8:])
    assert reason(verify_signatures(text, [shifted], [witness])) is Reason.BAD_SIGNATURE
    plain = Signature("w", witness.id, PRIVATE.sign(text))
    assert reason(verify_signatures(text, [plain], [witness])) is Reason.BAD_SIGNATURE
    far = cosign_request(text, witness, 1 << 63)
    too_late = Signature("w", witness.id, (1 << 63).to_bytes(8, "big") + PRIVATE.sign(far.message))
    assert ed25519.verify(witness.public_key, too_late.signature[8:], far.message)
    assert reason(verify_signatures(text, [too_late], [witness])) is Reason.BAD_SIGNATURE


def test_the_exact_bounds_of_a_note() -> None:
    """LOG-4: the longest note passes, one byte more does not."""
    line = Signature("n", 1, b"x").line
    room = limits.NOTE_BYTES - len(line) - 2
    assert isinstance(parse_note(b"t" * room + b"\n\n" + line), Note)
    assert reason(parse_note(b"t" * (room + 1) + b"\n\n" + line)) is Reason.TOO_LARGE


def test_bounds_of_notes() -> None:
    """LOG-4: 65,536 bytes and 100 signatures."""
    line = Signature("n", 1, b"x").line
    assert isinstance(parse_note(b"t\n\n" + line * limits.NOTE_SIGNATURES), Note)
    assert reason(parse_note(b"t\n\n" + line * 101)) is Reason.TOO_LARGE
    assert reason(parse_note(b"t" * limits.NOTE_BYTES + b"\n\n" + line)) is Reason.TOO_LARGE
    assert reason(parse_signatures(line * 101)) is Reason.TOO_LARGE
    assert reason(parse_signatures(b"")) is Reason.BAD_NOTE


@given(st.binary(max_size=300) | st.text(alphabet="— ab\n+=AQ1", max_size=80).map(str.encode))
def test_any_bytes_are_a_note_of_those_bytes_or_refused(data: bytes) -> None:
    """LOG-4: one note has one spelling."""
    note = parse_note(data)
    assert isinstance(note, Refusal) or signed_note(note.text, note.signatures) == data


@given(st.binary(max_size=200) | st.text(alphabet="o01\n=A", max_size=80).map(str.encode))
def test_any_text_is_a_checkpoint_of_that_text_or_refused(data: bytes) -> None:
    """LOG-5: one head has one spelling."""
    found = parse_checkpoint(data)
    assert isinstance(found, Refusal) or found.text == data


@given(
    st.text(st.characters(exclude_characters="\n", codec="utf-8"), min_size=1),
    st.integers(1, 1 << 40),
    st.binary(min_size=32, max_size=32),
)
def test_checkpoints_round_trip(origin: str, size: int, root: bytes) -> None:
    """LOG-5: origin, size, root."""
    head = Checkpoint(origin, size, root)
    assert parse_checkpoint(head.text) == head
