"""Trees and proofs: LOG-6, LOG-8."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.log import merkle
from redshank.terms.refusal import Reason, Refusal

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "vectors" / "merkle"
OWN = json.loads((ROOT / "vectors" / "merkle" / "proofs.json").read_text(encoding="utf-8"))

LEAVES = [merkle.leaf_hash(b"%d" % i) for i in range(301)]
READ = merkle.perfect_hashes(LEAVES)


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def test_hashes_are_those_of_rfc_6962() -> None:
    """LOG-6: leaf and node hashes and the root, for every size up to 300, by three ways."""
    assert merkle.leaf_hash(b"x") == sha256(b"\x00x").digest()
    frontier = merkle.Frontier()
    for size in range(301):
        expected = slow_root(LEAVES[:size])
        assert merkle.root(frontier) == expected
        assert merkle.root_at(size, READ) == expected
        assert merkle.frontier_at(size, READ) == frontier
        frontier = merkle.append(frontier, LEAVES[size])


@given(st.integers(0, 200), st.integers(0, 100))
def test_appending_many_is_appending_one_by_one(begin: int, count: int) -> None:
    frontier = merkle.frontier_at(begin, READ)
    many = merkle.append_many(frontier, LEAVES[begin : begin + count])
    assert many == merkle.frontier_at(begin + count, READ)


@settings(deadline=None)
@given(st.data())
def test_inclusion_proofs_verify_and_spoilt_ones_do_not(data: st.DataObject) -> None:
    """LOG-8: for any size up to 300 and any index."""
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, READ)
    assert isinstance(proof, tuple)
    root = merkle.root_at(size, READ)
    assert merkle.verify_inclusion(index, size, LEAVES[index], root, proof) is None
    assert merkle.verify_inclusion(index, size, LEAVES[index], root, (*proof, root)) is not None
    assert merkle.verify_inclusion(index, size, LEAVES[size], root, proof) is not None
    for at in range(len(proof)):
        spoilt = (*proof[:at], flip(proof[at], data.draw(st.integers(0, 255))), *proof[at + 1 :])
        assert merkle.verify_inclusion(index, size, LEAVES[index], root, spoilt) is not None
    if proof:
        assert merkle.verify_inclusion(index, size, LEAVES[index], root, proof[:-1]) is not None


@settings(deadline=None)
@given(st.data())
def test_consistency_proofs_verify_and_spoilt_ones_do_not(data: st.DataObject) -> None:
    """LOG-8: for any pair of sizes up to 300."""
    size = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(old, size, READ)
    assert isinstance(proof, tuple)
    old_root, root = merkle.root_at(old, READ), merkle.root_at(size, READ)
    assert merkle.verify_consistency(old, size, old_root, root, proof) is None
    assert merkle.verify_consistency(old, size, flip(old_root, 3), root, proof) is not None
    assert merkle.verify_consistency(old, size, old_root, flip(root, 3), proof) is not None
    assert merkle.verify_consistency(old, size, old_root, root, (*proof, root)) is not None
    for at in range(len(proof)):
        spoilt = (*proof[:at], flip(proof[at], data.draw(st.integers(0, 255))), *proof[at + 1 :])
        assert merkle.verify_consistency(old, size, old_root, root, spoilt) is not None


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    """LOG-8: no consistency proof from an empty log, no leaf beyond the end."""
    for refused in (
        merkle.consistency_proof(0, 5, READ),
        merkle.consistency_proof(6, 5, READ),
        merkle.inclusion_proof(5, 5, READ),
        merkle.inclusion_proof(-1, 5, READ),
    ):
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.WRONG_SIZE


def test_own_vectors() -> None:
    """LOG-6, LOG-8: the published vectors."""
    roots = [b64decode(root) for root in OWN["roots"]]
    assert roots == [merkle.root_at(size, READ) for size in range(len(roots))]
    for case in OWN["inclusion"]:
        leaf = merkle.leaf_hash(b"%d" % case["index"])
        found = merkle.verify_inclusion(
            case["index"], case["size"], leaf, roots[case["size"]], list(map(b64decode, case["proof"]))
        )
        assert (found is None) is case["ok"], case
    for case in OWN["consistency"]:
        steps = list(map(b64decode, case["proof"]))
        found = merkle.verify_consistency(case["old"], case["size"], roots[case["old"]], roots[case["size"]], steps)
        assert (found is None) is case["ok"], case


def shared(kind: str) -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        pytest.skip(f"the vectors of transparency-dev/merkle are not beside the project: {SHARED}")
    return [json.loads(path.read_text()) for path in sorted((SHARED / kind).rglob("*.json"))]


def test_vectors_of_transparency_dev_inclusion() -> None:
    """LOG-8: every good and bad inclusion proof of transparency-dev/merkle."""
    cases = shared("inclusion")
    assert len(cases) > 50
    for case in cases:
        proof = [b64decode(step) for step in case["proof"] or ()]
        leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
        found = merkle.verify_inclusion(case["leafIdx"], case["treeSize"], leaf, root, proof)
        assert (found is not None) is case["wantErr"], case["desc"]


def test_vectors_of_transparency_dev_consistency() -> None:
    """LOG-8: every good and bad consistency proof of transparency-dev/merkle; from size 0 there is none."""
    cases = shared("consistency")
    assert len(cases) > 50
    for case in cases:
        proof = [b64decode(step) for step in case["proof"] or ()]
        old_root, root = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
        found = merkle.verify_consistency(case["size1"], case["size2"], old_root, root, proof)
        assert (found is not None) is case["wantErr"], case["desc"]
