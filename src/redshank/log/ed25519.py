"""One rule for Ed25519: which public keys and signatures are valid.

Here: the rule. Not here: signing (an edge holds the private key). May know: terms, `cryptography`.

The rule: OpenSSL's verification (RFC 8032 section 5.1.7 without the cofactor, S below the group order,
through `cryptography`), and a public key of low order is refused. With a low-order key, one signature fits
many messages, so it proves nothing. Go's crypto/ed25519 and Node take the same signatures; libsodium takes
fewer.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from redshank.terms.refusal import Reason, Refusal

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

LOW_ORDER_Y = frozenset(
    int(text, 16).to_bytes(32, "little")
    for text in (
        "0",  # order 4
        "1",  # order 1, the identity
        "5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",  # order 8
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",  # order 8
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",  # p - 1, order 2
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",  # p: 0 written otherwise
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",  # p + 1: 1 written otherwise
    )
)
"""The y coordinates, sign bit cleared, of all encodings of the eight points whose order divides 8, the
non-canonical ones included (Chalkias, Garillot, Nikolaenko: Taming the Many EdDSAs, 2020; a test derives the
table anew)."""


def check_public_key(public_key: bytes, field: str = "key") -> Refusal | None:
    """None for a usable key; refuses with BAD_KEY a wrong length or a point of low order."""
    if len(public_key) != PUBLIC_KEY_BYTES:
        return Refusal(Reason.BAD_KEY, field, f"{len(public_key)} bytes, needs {PUBLIC_KEY_BYTES}")
    if public_key[:31] + bytes([public_key[31] & 0x7F]) in LOW_ORDER_Y:
        return Refusal(Reason.BAD_KEY, field, "a point of low order proves nothing")
    return None


@lru_cache(maxsize=64)  # a node knows a few keys and checks thousands of signatures with them
def _loaded(public_key: bytes) -> Ed25519PublicKey | None:
    if check_public_key(public_key) is not None:
        return None
    try:
        return Ed25519PublicKey.from_public_bytes(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return None


@lru_cache(maxsize=1_024)  # a head is looked at when signed, taken, delivered again, replayed; a few kB each
def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is valid by the rule above. False for any malformed input."""
    key = _loaded(public_key)
    if key is None or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
