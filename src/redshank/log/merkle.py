"""Merkle trees: hashes, the compact frontier, inclusion and consistency proofs.

Here: RFC 6962 section 2.1 and RFC 9162 section 2.1.3 and 2.1.4 over SHA-256. Not here: tiles, signatures,
entries' meaning. May know: terms.

A *perfect hash* (level, index) is the root over the leaves ``[index << level, (index + 1) << level)``.
Whoever can read perfect hashes can make every proof.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

import msgspec

from redshank.terms.refusal import Reason, Refusal

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves (RFC 6962 section 2.1)."""

ReadHash = Callable[[int, int], bytes]
"""(level, index) to the perfect hash."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier(msgspec.Struct, frozen=True):
    """All that is needed to append to a tree and to know its root: `size` leaves, and the roots of its
    perfect subtrees from the largest to the smallest (one for each bit set in `size`)."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()


def append(frontier: Frontier, leaf: bytes) -> Frontier:
    """The frontier with one more leaf hash."""
    size, hashes = frontier.size, frontier.hashes
    while size & 1:
        leaf = node_hash(hashes[-1], leaf)
        hashes = hashes[:-1]
        size >>= 1
    return Frontier(frontier.size + 1, (*hashes, leaf))


def append_many(frontier: Frontier, leaves: Iterable[bytes]) -> Frontier:
    """The frontier with more leaf hashes, in order."""
    size, hashes = frontier.size, list(frontier.hashes)
    for leaf in leaves:
        node, rest = leaf, size
        while rest & 1:
            node = node_hash(hashes.pop(), node)
            rest >>= 1
        hashes.append(node)
        size += 1
    return Frontier(size, tuple(hashes))


def root(frontier: Frontier) -> bytes:
    """The tree's root hash."""
    return _fold(frontier.hashes) if frontier.size else EMPTY_ROOT


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Root over perfect subtrees given from left to right, each smaller than the one before."""
    node = hashes[-1]
    for left in reversed(hashes[:-1]):
        node = node_hash(left, node)
    return node


# --- reading perfect hashes ---------------------------------------------------------------------------------


def perfect_hashes(leaves: Sequence[bytes]) -> ReadHash:
    """A reader over given leaf hashes; it holds every perfect hash, so about twice the memory of the leaves.

    The reader raises IndexError for a hash that the tree does not have.
    """
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


class PackedHashes:
    """The perfect hashes of a tree to which leaves are added: 64 bytes a leaf, where `perfect_hashes` takes 150."""

    def __init__(self) -> None:
        self._rows = [bytearray()]

    def extend(self, leaves: Sequence[bytes]) -> None:
        """More leaf hashes, in order."""
        self._rows[0] += b"".join(leaves)
        level, pair = 0, 2 * HASH_BYTES
        while len(self._rows[level]) >= pair:
            if level + 1 == len(self._rows):
                self._rows.append(bytearray())
            below, above = self._rows[level : level + 2]
            for at in range(2 * len(above), len(below) // pair * pair, pair):
                above += sha256(b"\x01" + below[at : at + pair]).digest()
            level += 1

    def read(self, level: int, index: int) -> bytes:
        """The perfect hash. Raises IndexError for one that the tree does not have."""
        node = self._rows[level][index * HASH_BYTES : (index + 1) * HASH_BYTES]
        if not node:
            raise IndexError(index)
        return bytes(node)


def subtree_root(begin: int, end: int, read_hash: ReadHash) -> bytes:
    """Root over the leaves [begin, end), begin < end, where `begin` is a multiple of a power of two >= end -
    begin."""
    parts, at = [], begin
    while at < end:
        level = (end - at).bit_length() - 1
        parts.append(read_hash(level, at >> level))
        at += 1 << level
    return _fold(parts)


def root_at(size: int, read_hash: ReadHash) -> bytes:
    """Root of the first `size` leaves."""
    return subtree_root(0, size, read_hash) if size else EMPTY_ROOT


def frontier_at(size: int, read_hash: ReadHash) -> Frontier:
    """The frontier of the first `size` leaves: how a log is taken up again from its stored tiles."""
    hashes, at = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            hashes.append(read_hash(level, at >> level))
            at += 1 << level
    return Frontier(size, tuple(hashes))


def _split(width: int) -> int:
    """The largest power of two below `width` (width >= 2)."""
    return 1 << ((width - 1).bit_length() - 1)


# --- making proofs ------------------------------------------------------------------------------------------


def inclusion_proof(index: int, size: int, read_hash: ReadHash) -> tuple[bytes, ...] | Refusal:
    """Audit path of the leaf `index` in the tree of `size` leaves (RFC 9162 section 2.1.3.1).

    Refuses with WRONG_SIZE when there is no such leaf.
    """
    if not 0 <= index < size:
        return Refusal(Reason.WRONG_SIZE, "index", f"no leaf {index} in a tree of {size}")
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(subtree_root(middle, end, read_hash))
            end = middle
        else:
            path.append(subtree_root(begin, middle, read_hash))
            begin = middle
    return tuple(reversed(path))


def consistency_proof(old_size: int, size: int, read_hash: ReadHash) -> tuple[bytes, ...] | Refusal:
    """Proof that the tree of `old_size` leaves is a prefix of that of `size` (RFC 9162 section 2.1.4.1).

    Refuses with WRONG_SIZE unless 1 <= old_size <= size: a proof from the empty tree says nothing.
    """
    if not 1 <= old_size <= size:
        return Refusal(Reason.WRONG_SIZE, "old size", f"{old_size} is not in 1..{size}")
    if old_size == size:
        return ()
    path, begin, end, whole = [], 0, size, True
    while end != old_size:
        middle = begin + _split(end - begin)
        if old_size <= middle:
            path.append(subtree_root(middle, end, read_hash))
            end = middle
        else:
            path.append(subtree_root(begin, middle, read_hash))
            begin, whole = middle, False
    if not whole:
        path.append(subtree_root(begin, end, read_hash))
    return tuple(reversed(path))


# --- checking proofs ----------------------------------------------------------------------------------------


def verify_inclusion(index: int, size: int, leaf: bytes, root_hash: bytes, proof: Sequence[bytes]) -> Refusal | None:
    """None when `proof` shows the leaf hash at `index` in the tree (RFC 9162 section 2.1.3.2), else
    BAD_PROOF."""
    if not 0 <= index < size:
        return _bad(f"no leaf {index} in a tree of {size}")
    if not _are_hashes(leaf, root_hash, *proof):
        return _bad("not all are hashes of 32 bytes")
    fn, sn, node = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return _bad("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        return _bad("the inclusion proof is too short")
    return None if node == root_hash else _bad("the inclusion proof leads to another root")


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root_hash: bytes, proof: Sequence[bytes]
) -> Refusal | None:
    """None when `proof` shows the old tree to be a prefix (RFC 9162 section 2.1.4.2), else BAD_PROOF.

    As in that section, old_size must be at least 1.
    """
    if not 1 <= old_size <= size:
        return _bad(f"old size {old_size} is not in 1..{size}")
    if old_size == size:
        same = not proof and old_root == root_hash
        return None if same else _bad("one size, but another root or a proof that is not empty")
    if not _are_hashes(old_root, root_hash, *proof):
        return _bad("not all are hashes of 32 bytes")
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return _bad("the consistency proof is empty")
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_node = node = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return _bad("the consistency proof is too long")
        if fn & 1 or fn == sn:
            old_node, node = node_hash(step, old_node), node_hash(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    if sn or old_node != old_root or node != root_hash:
        return _bad("the consistency proof leads to other roots or is too short")
    return None


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(node) == HASH_BYTES for node in hashes)


def _bad(detail: str) -> Refusal:
    return Refusal(Reason.BAD_PROOF, "proof", detail)
