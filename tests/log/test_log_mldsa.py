"""ML-DSA-44 beside Ed25519: LOG-14, LOG-15, LOG-16."""

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from redshank.log import mldsa
from redshank.log.checkpoint import Checkpoint
from redshank.log.note import (
    KeyKind,
    Signature,
    VerifierKey,
    cosign_request,
    parse_vkey,
    verifier_key,
    verify_signature,
    verify_signatures,
)
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Reason, Refusal

ROOT = Path(__file__).resolve().parents[2]
BOOK = json.loads((ROOT / "vectors" / "log" / "mldsa.json").read_text(encoding="utf-8"))
PRIVATE = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
HEAD = Checkpoint("redshank/BY-LT/LT/2026", 3, sha256(b"root").digest())


def key_of(name: str, public: bytes = PUBLIC) -> VerifierKey:
    key = verifier_key(name, KeyKind.MLDSA, public)
    assert isinstance(key, VerifierKey)
    return key


def signed(head: Checkpoint, name: str, at_s: int) -> Signature:
    request = cosign_request(head.text, key_of(name), at_s)
    return request.signed(PRIVATE.sign(request.message))


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal)
    return found.reason


def test_the_signed_message_byte_by_byte() -> None:
    """LOG-15: cosigned_message of C2SP tlog-cosignature."""
    message = mldsa.cosigned_message("w.example", 0x0102030405060708, "log.example", 0x1122, b"\xaa" * 32)
    assert message == bytes.fromhex(
        "737562747265652f76310a00"
        "09" "772e6578616d706c65"
        "0102030405060708"
        "0b" "6c6f672e6578616d706c65"
        "0000000000000000"
        "0000000000001122" + "aa" * 32
    )  # fmt: skip


def test_names_that_have_no_room_are_not_signed() -> None:
    """LOG-15: 255 bytes pass, 256 and none do not; nor does a time of 0, which makes no statement."""
    root = bytes(32)
    assert mldsa.cosigned_message("n" * 255, 1, "l" * 255, 1, root) is not None
    for name, origin, at_s in (("n" * 256, "l", 1), ("", "l", 1), ("n", "l" * 256, 1), ("n", "", 1), ("n", "l", 0)):
        assert mldsa.cosigned_message(name, at_s, origin, 1, root) is None
    long = Checkpoint("l" * 256, 3, root)
    with pytest.raises(InvariantBroken):
        cosign_request(long.text, key_of("w"), 1)
    assert reason(verify_signature(long.text, signed(HEAD, "w", 1), key_of("w"))) is Reason.BAD_SIGNATURE


def test_vkeys_of_type_6() -> None:
    """LOG-14: text and key, both ways; the id is over the name, the type and all 1,312 bytes."""
    key = key_of("redshank/LT/witness")
    assert parse_vkey(key.vkey) == key
    digest = sha256(b"redshank/LT/witness\n\x06" + PUBLIC).digest()
    assert key.id == int.from_bytes(digest[:4], "big")
    assert len(key.vkey) < 2_000
    short, long = b"\x06" + PUBLIC[:-1], b"\x06" + PUBLIC + b"x"
    for material in (short, long, b"\x06" + PUBLIC[:32], b"\x05" + PUBLIC):
        assert reason(parse_vkey("n+00000000+" + b64encode(material).decode())) is Reason.BAD_KEY


def test_a_key_with_which_anybody_signs_is_no_key() -> None:
    """LOG-16: t1 = 0; one bit of t1 makes it a key."""
    assert reason(verifier_key("n", KeyKind.MLDSA, PUBLIC[:32] + bytes(1280))) is Reason.BAD_KEY
    assert isinstance(verifier_key("n", KeyKind.MLDSA, PUBLIC[:32] + bytes(1279) + b"\x01"), VerifierKey)


def test_a_cosignature_is_bound_to_all_that_it_says() -> None:
    """LOG-15: signer, time, origin, size and root."""
    good = signed(HEAD, "w", 1_700_000_000)
    verified = verify_signatures(HEAD.text, [good], [key_of("w")])
    assert isinstance(verified, tuple)
    assert verified[0].at_s == 1_700_000_000
    others = (
        Checkpoint("redshank/BY-LT/BY/2026", HEAD.size, HEAD.root),
        Checkpoint(HEAD.origin, 4, HEAD.root),
        Checkpoint(HEAD.origin, HEAD.size, bytes(32)),
    )
    for other in others:
        assert reason(verify_signatures(other.text, [good], [key_of("w")])) is Reason.BAD_SIGNATURE
    assert reason(verify_signatures(b"no checkpoint\n", [good], [key_of("w")])) is Reason.BAD_SIGNATURE
    renamed = Signature("v", key_of("v").id, good.signature)
    assert reason(verify_signatures(HEAD.text, [renamed], [key_of("v")])) is Reason.BAD_SIGNATURE
    shifted = Signature("w", good.key_id, (1_700_000_001).to_bytes(8, "big") + good.signature[8:])
    assert reason(verify_signatures(HEAD.text, [shifted], [key_of("w")])) is Reason.BAD_SIGNATURE
    for cut in (b"", b"x" * 8, good.signature[:-1], good.signature + b"x"):
        assert reason(verify_signatures(HEAD.text, [Signature("w", good.key_id, cut)], [key_of("w")])) is (
            Reason.BAD_SIGNATURE
        )


def test_the_published_signatures() -> None:
    """LOG-15, LOG-16: vectors/log/mldsa.json, and each of them spoilt by one bit."""
    assert len(BOOK["signatures"]) >= 5
    for case in BOOK["signatures"]:
        public, message = b64decode(BOOK["keys"][case["signer"]]), b64decode(case["message"])
        signature = b64decode(case["signature"])
        assert mldsa.check_public_key(public) is None
        assert mldsa.verify(public, signature, message)
        at = sha256(message).digest()[0]
        assert not mldsa.verify(public, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :], message)
        assert not mldsa.verify(public, signature, message + b"x")


def test_wycheproof() -> None:
    """LOG-16: all verify vectors of ML-DSA-44 with an empty context."""
    path = ROOT.parent / "shared" / "vectors" / "wycheproof" / "mldsa_44_verify_test.json"
    if not path.exists():
        pytest.skip(f"the vectors are not beside the project: {path}")
    seen = 0
    for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
        public = bytes.fromhex(group["publicKey"])
        for case in group["tests"]:
            if not case.get("ctx"):
                seen += 1
                valid = mldsa.verify(public, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
                assert valid == (case["result"] == "valid"), case["tcId"]
    assert seen == 173


def test_malformed_input_is_false_and_no_exception() -> None:
    """LOG-16."""
    for public in (b"", PUBLIC[:-1], PUBLIC + b"x"):
        assert not mldsa.verify(public, bytes(2420), b"m")
    for length in (0, 64, 2419, 2421):
        assert not mldsa.verify(PUBLIC, bytes(length), b"m")
