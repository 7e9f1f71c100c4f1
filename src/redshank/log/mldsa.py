"""ML-DSA-44 beside Ed25519: which public keys and signatures are valid, and what a cosigner signs.

Here: the rule, and the bytes under a C2SP cosignature of type 0x06. Not here: signing (an edge holds the private key).
May know: terms, `cryptography`. Sources: FIPS 204 (algorithm 3, ML-DSA.Verify, empty context),
c2sp.org/tlog-cosignature.

A signature is valid when OpenSSL's ML-DSA-44 accepts it. A key whose t1 is zero is valid there, but no key here: with
it anybody can sign, so that its owner could deny everything.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from redshank.terms.refusal import Reason, Refusal

PUBLIC_KEY_BYTES = 1312
SIGNATURE_BYTES = 2420
NAME_BYTES = 255
"""Longest name of a cosigner or a log that the signed message has room for."""
_SEED_BYTES = 32  # rho, before t1 (FIPS 204 algorithm 22, pkEncode)
_LABEL = b"subtree/v1\n\0"


def check_public_key(public_key: bytes, field: str = "key") -> Refusal | None:
    """None for a usable key; refuses with BAD_KEY a wrong length or a t1 of zero."""
    if len(public_key) != PUBLIC_KEY_BYTES:
        return Refusal(Reason.BAD_KEY, field, f"{len(public_key)} bytes, needs {PUBLIC_KEY_BYTES}")
    if not any(public_key[_SEED_BYTES:]):
        return Refusal(Reason.BAD_KEY, field, "a key with t1 = 0 proves nothing")
    return None


@lru_cache(maxsize=64)  # a node knows a few keys and checks thousands of signatures with them
def _loaded(public_key: bytes) -> MLDSA44PublicKey:
    return MLDSA44PublicKey.from_public_bytes(public_key)


@lru_cache(maxsize=1_024)  # a head is looked at when signed, taken, delivered again, replayed; 4 kB each
def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is valid under FIPS 204. False for any malformed input."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        _loaded(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def cosigned_message(cosigner: str, at_s: int, origin: str, size: int, root: bytes) -> bytes | None:
    """What a cosigner signs for a whole tree: `cosigned_message` of tlog-cosignature with start 0, in TLS encoding.

    None when a name has no room in it (1 to 255 bytes), or the time is 0: that would make no statement of the tree
    being the newest.
    """
    name, log = cosigner.encode(), origin.encode()
    if not (1 <= len(name) <= NAME_BYTES and 1 <= len(log) <= NAME_BYTES and at_s >= 1):
        return None
    return b"".join(
        (
            _LABEL,
            bytes([len(name)]),
            name,
            at_s.to_bytes(8, "big"),
            bytes([len(log)]),
            log,
            (0).to_bytes(8, "big"),
            size.to_bytes(8, "big"),
            root,
        )
    )
