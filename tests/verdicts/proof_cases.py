"""Mutated Merkle proofs, notes and signatures, each with the verdict that its making implies.

A case is what verifier/README.md describes. `expect` follows from how the case was made, never from a verifier:
what is hashed or signed was changed, so it must be refused; or nothing that counts was changed, so it must be
accepted. Index and size of a proof are not hashed: there the *shape* decides, the list of sides on which the steps
join, which is worked out here by RFC 9162's recursive definition and not by its verification algorithm.
"""

import random
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from redshank.log import merkle

Case = dict[str, Any]
LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(300)]
READ = merkle.perfect_hashes(LEAVES)
ORDER = 2**252 + 27742317777372353535851937790883648493


def text(data: bytes) -> str:
    return b64encode(data).decode()


def texts(hashes: Any) -> list[str]:
    return [text(step) for step in hashes]


def flipped(rng: random.Random, data: bytes) -> bytes:
    """One bit changed; empty data gets a byte."""
    if not data:
        return b"\x00"
    at = rng.randrange(len(data) * 8)
    return data[: at // 8] + bytes([data[at // 8] ^ (1 << at % 8)]) + data[at // 8 + 1 :]


def spoilt(rng: random.Random, data: bytes) -> bytes:
    """One bit, byte, or stretch changed, lost, doubled or moved; never the same bytes."""
    at, other = rng.randrange(len(data)), rng.randrange(len(data) + 1)
    low, high = sorted((at, other))
    ways = (
        lambda: flipped(rng, data),
        lambda: data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :],
        lambda: data[:at] + data[at + 1 :],
        lambda: data[:at] + bytes([rng.randrange(256)]) + data[at:],
        lambda: data[:high] + data[low:high] + data[high:],
        lambda: data[:at],
        lambda: data + bytes([rng.randrange(256)]),
        lambda: data[:low] + data[low:high][::-1] + data[high:],
    )
    while (made := rng.choice(ways)()) == data:
        at, other = rng.randrange(len(data)), rng.randrange(len(data) + 1)
        low, high = sorted((at, other))
    return made


# --- Merkle proofs -----------------------------------------------------------------------------------------


def inclusion_shape(index: int, size: int) -> tuple[str, ...] | None:
    """On which side each step of an audit path joins, from the leaf up (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return ()
    middle = 1 << (size - 1).bit_length() - 1
    if index < middle:
        return (*(inclusion_shape(index, middle) or ()), "right")
    return (*(inclusion_shape(index - middle, size - middle) or ()), "left")


def consistency_shape(old: int, size: int, whole: bool = True) -> tuple[str, ...] | None:
    """Likewise for a consistency proof (RFC 9162 section 2.1.4.1)."""
    if not 1 <= old <= size:
        return None
    if old == size:
        return ("given",) if whole else ("first",)
    middle = 1 << (size - 1).bit_length() - 1
    if old <= middle:
        return (*(consistency_shape(old, middle, whole) or ()), "right")
    return (*(consistency_shape(old - middle, size - middle, False) or ()), "left")


def _mutated_proof(rng: random.Random, case: Case, hashes: tuple[str, ...]) -> bool:
    """Changes one hash or the list of steps; False when there was nothing to change."""
    proof: list[str] = case["proof"]
    way = rng.randrange(8)
    if way < 3 or (way < 6 and not proof):
        name = rng.choice(hashes)
        case[name] = text(flipped(rng, b64decode(case[name])))
    elif way == 3:
        at = rng.randrange(len(proof))
        proof[at] = text(flipped(rng, b64decode(proof[at])))
    elif way == 4:
        del proof[rng.randrange(len(proof))]
    elif way == 5:
        at = rng.randrange(len(proof))
        proof[at] = text(b64decode(proof[at])[: rng.choice((0, 31))])
    elif way == 6:
        proof.insert(rng.randrange(len(proof) + 1), text(rng.randbytes(32)))
    else:
        one, other = rng.randrange(len(proof) + 1), rng.randrange(len(proof) + 1)
        if max(one, other) >= len(proof) or proof[one] == proof[other]:
            return False
        proof[one], proof[other] = proof[other], proof[one]
    return True


def _mutated_sizes(rng: random.Random, case: Case, low: str, shape: Any) -> None:
    """Another index or size: what was accepted stays so if, and only if, the steps join as before."""
    before = shape(int(case[low]), int(case["size"]))
    name = rng.choice((low, "size"))
    number = int(case[name])
    case[name] = str(rng.choice((number + 1, max(number - 1, 0), number ^ 2, number * 2, number // 2, 1 << 40)))
    case["expect"] = "accepted" if shape(int(case[low]), int(case["size"])) == before else "refused"


def _case_of_proof(rng: random.Random, case: Case, low: str, hashes: tuple[str, ...], shape: Any) -> Case:
    case["expect"] = "accepted"
    way = rng.randrange(20)
    if way < 14 and _mutated_proof(rng, case, hashes):
        case["expect"] = "refused"
    elif way < 19:
        _mutated_sizes(rng, case, low, shape)
    return case


def inclusions(rng: random.Random) -> Iterator[Case]:
    """Audit paths of trees of up to 300 leaves."""
    while True:
        size = rng.randint(1, len(LEAVES))
        index = rng.randrange(size)
        case = {
            "kind": "inclusion",
            "index": str(index),
            "size": str(size),
            "leaf": text(LEAVES[index]),
            "root": text(merkle.root_at(size, READ)),
            "proof": texts(merkle.inclusion_proof(index, size, READ)),
        }
        yield _case_of_proof(rng, case, "index", ("leaf", "root"), inclusion_shape)


def consistencies(rng: random.Random) -> Iterator[Case]:
    """Consistency proofs between trees of up to 300 leaves."""
    while True:
        size = rng.randint(1, len(LEAVES))
        old = rng.randint(1, size)
        case = {
            "kind": "consistency",
            "old": str(old),
            "size": str(size),
            "old_root": text(merkle.root_at(old, READ)),
            "root": text(merkle.root_at(size, READ)),
            "proof": texts(merkle.consistency_proof(old, size, READ)),
        }
        yield _case_of_proof(rng, case, "old", ("old_root", "root"), _consistency_shape_or_equal)


def _consistency_shape_or_equal(old: int, size: int) -> Any:
    """Two trees of one size have no steps: then the roots must be equal, which is a shape of its own."""
    return "equal" if old == size >= 1 else consistency_shape(old, size)


# --- signatures --------------------------------------------------------------------------------------------


def signatures(rng: random.Random) -> Iterator[Case]:
    """Ed25519 signatures with one change in key, signature or message; S + L is the classic malleable one."""
    while True:
        key = Ed25519PrivateKey.from_private_bytes(sha256(rng.randbytes(32)).digest())
        message = rng.randbytes(rng.choice((0, 1, 40, 300)))
        made = {"key": key.public_key().public_bytes_raw(), "signature": key.sign(message), "message": message}
        way, expect = rng.randrange(10), "refused"
        if way == 0:
            expect = "accepted"
        elif way == 1:
            s = int.from_bytes(made["signature"][32:], "little") + ORDER
            made["signature"] = made["signature"][:32] + s.to_bytes(32, "little")
        elif way == 2:
            made["signature"] = rng.choice((made["signature"][:63], made["signature"] + b"\0", b""))
        else:
            name = rng.choice(tuple(made))
            made[name] = flipped(rng, made[name])
        yield {"kind": "ed25519", **{name: text(data) for name, data in made.items()}, "expect": expect}
