"""Forged signatures: such that a careless verifier takes them (LOG-3). For the sandbox's own key only.

Here: S beyond the group order, and a signature that holds only with the cofactor. The arithmetic is the textbook's
(RFC 8032 section 5.1), slow and in the open: it makes bad signatures, never good ones, and guards nothing.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
BASE: Point = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
ORDER_TWO: Point = (0, P - 1)


def with_larger_s(signature: bytes) -> bytes:
    """The same signature with the group order added to S."""
    s = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + s.to_bytes(32, "little")


def cofactored(private: Ed25519PrivateKey | MLDSA44PrivateKey, message: bytes) -> bytes:
    """A signature by this Ed25519 key whose R has a part of order two: 8SB = 8R + 8kA holds, SB = R + kA does not."""
    digest = hashlib.sha512(private.private_bytes_raw()).digest()
    secret = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | (1 << 254)
    public = private.public_key().public_bytes_raw()
    r = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % ORDER
    point = _encoded(_sum(_times(r, BASE), ORDER_TWO))
    k = int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % ORDER
    return point + ((r + k * secret) % ORDER).to_bytes(32, "little")


def _sum(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def _times(number: int, point: Point) -> Point:
    found: Point = (0, 1)
    while number:
        if number & 1:
            found = _sum(found, point)
        point, number = _sum(point, point), number >> 1
    return found


def _encoded(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")
