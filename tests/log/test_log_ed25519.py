"""One rule for Ed25519: LOG-3."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from redshank.log import ed25519
from redshank.terms.refusal import Reason

SHARED = Path(__file__).resolve().parents[3] / "shared" / "vectors"
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def shared(path: str) -> Any:
    if not (SHARED / path).is_file():
        pytest.skip(f"the vectors are not beside the project: {SHARED / path}")
    return json.loads((SHARED / path).read_text())


def add(a: Point, b: Point) -> Point:
    """Addition on edwards25519 in affine coordinates (RFC 8032 section 5.1.4)."""
    k = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, -1, P) % P
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, P) % P
    return x, y


def point_of(y: int) -> Point | None:
    """A point with this y (mod p), if there is one."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x, y % P) if x * x % P == square else None


def has_low_order(y: int) -> bool:
    point = point_of(y % P)
    if point is None:
        return False
    for _ in range(3):
        point = add(point, point)
    return point == (0, 1)


def test_the_table_of_low_order_keys_is_right_and_whole() -> None:
    """LOG-3: derived anew from the curve: all y with 8P = 0, and all non-canonical spellings below 2^255."""
    eighth = {int.from_bytes(y, "little") for y in ed25519.LOW_ORDER_Y}
    assert all(has_low_order(y) for y in eighth)
    # The 8 points have y in {1, -1, 0, +-y8}; a spelling y + p exists only where y + p < 2^255, so y < 19.
    canonical = {y for y in eighth if y < P}
    assert len(canonical) == 5
    assert {0, 1, P - 1} < canonical
    y8, other = sorted(canonical - {0, 1, P - 1})
    assert y8 + other == P
    assert eighth - canonical == {y + P for y in canonical if y < 19}
    assert [y for y in range(2, 19) if has_low_order(y)] == []


@pytest.mark.parametrize("sign", [0, 0x80])
def test_low_order_keys_are_refused(sign: int) -> None:
    """LOG-3: with either sign bit, although OpenSSL loads them."""
    for y in ed25519.LOW_ORDER_Y:
        key = y[:31] + bytes([y[31] | sign])
        refused = ed25519.check_public_key(key)
        assert refused is not None
        assert refused.reason is Reason.BAD_KEY
        # R = identity, S = 0 is "valid" for any message under the identity key, had we let it in
        assert not ed25519.verify(key, (b"\x01" + bytes(31)) + bytes(32), b"any message")


def test_an_honest_signature_and_its_neighbours() -> None:
    """LOG-3: valid, and no more with one bit changed or one byte missing."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"message")
    assert ed25519.verify(public, signature, b"message")
    assert not ed25519.verify(public, signature, b"Message")
    assert not ed25519.verify(public, signature[:-1], b"message")
    assert not ed25519.verify(public, signature + b"\x00", b"message")
    assert not ed25519.verify(public[:-1], signature, b"message")
    assert not ed25519.verify(b"", b"", b"")
    for bit in range(512):
        spoilt = bytearray(signature)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert not ed25519.verify(public, bytes(spoilt), b"message")


def test_wycheproof() -> None:
    """LOG-3: all Wycheproof vectors of Ed25519."""
    seen = 0
    for group in shared("wycheproof/ed25519_test.json")["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            valid = ed25519.verify(key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
            assert valid is (case["result"] == "valid"), case
            seen += 1
    assert seen == 151


def test_cctv() -> None:
    """LOG-3: of 914 edge cases OpenSSL accepts 208; of these we refuse those with a low-order key, and no
    other."""
    accepted_by_openssl, accepted = 0, 0
    for case in shared("cctv/ed25519vectors.json"):
        key, signature, message = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode()
        openssl = verified_by_openssl(key, signature, message)
        ours = ed25519.verify(key, signature, message)
        low_order = "low_order_A" in (case["flags"] or ())
        assert ours is (openssl and not low_order), case["number"]
        accepted_by_openssl += openssl
        accepted += ours
    assert accepted_by_openssl == 208
    assert 0 < accepted < 208


def verified_by_openssl(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
