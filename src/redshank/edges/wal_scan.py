"""WAL scan: finds commits that SQLite would drop without a word.

SQLite ends its write-ahead log at the first frame whose checksum fails and takes what follows for the remains of a
power cut. So does a flipped bit in a frame that had been synced look: acknowledged commits would vanish. Here: the
proof that it was no power cut. Each commit is synced before the next is written, so nothing may follow the commit that
holds the broken frame; and the header is synced before the first frame. Not here: reading what the frames say (SQLite).

Holds only for a WAL that was begun empty by one process and never rolled back and written on: the store empties it at
each opening and at each checkpoint, and stops at the first failed commit. What can not be told apart is the very last
commit, torn by a power cut or rotten since: then the partner's answer tells (docs/spec/recovery.md). Format:
sqlite.org/fileformat2.html, section 4.
"""

import struct
from functools import cache
from pathlib import Path

import numpy as np

_HEADER, _FRAME = 32, 24
_MAGIC = 0x377F0682  # the lowest bit says whether checksums are big-endian


def scan_wal(database: Path) -> str | None:
    """What is wrong with the WAL beside the database, or None. Raises OSError."""
    path = database.with_name(database.name + "-wal")
    if not path.exists():
        return None
    data = path.read_bytes()
    if len(data) <= _HEADER:
        return None
    return _fault(data, path.name)


def _fault(data: bytes, name: str) -> str | None:
    magic, _, page_size, _, salts, *wanted = struct.unpack(">IIII8sII", data[:_HEADER])
    order = ">" if magic & 1 else "<"
    sums = _sum(order, (0, 0), data[:24])
    if magic & ~1 != _MAGIC or sums != tuple(wanted):
        return f"the header of {name} is broken; commits in it would be lost"
    size = _FRAME + page_size
    starts = range(_HEADER, len(data) - size + 1, size)
    if all(data[at + 8 : at + 16] != salts for at in starts):
        return None  # no frame of this header: it was not synced yet, and below it lies what was checkpointed before
    for number, at in enumerate(starts):
        head, page = data[at : at + _FRAME], data[at + _FRAME : at + size]
        sums = _sum(order, _sum(order, sums, head[:8]), page)
        if head[8:16] != salts or sums != struct.unpack(">II", head[16:24]):
            end = _end_of_commit(data, starts[number:])
            if end is not None and any(data[end + size :]):
                return f"frame {number} of {name} is broken, and a later commit follows it; both would be lost"
            return None
    return None


def _end_of_commit(data: bytes, starts: range) -> int | None:
    """The first of these frames that says it ends a commit. What was never written is zero, so a torn one can not."""
    return next((at for at in starts if data[at + 4 : at + 8] != bytes(4)), None)


def _sum(order: str, sums: tuple[int, int], data: bytes) -> tuple[int, int]:
    """SQLite's running checksum over pairs (x, y) of 32-bit words: s += x + t, then t += y + s, modulo 2^32.

    One step is (s, t) = A (s, t) + (x, x + y) with A = (1 1, 1 2), so many steps are one sum over powers of A.
    """
    words = np.frombuffer(data, dtype=f"{order}u4").astype(np.uint32)
    added = np.stack([words[::2], words[::2] + words[1::2]], axis=1)
    powers = _powers(len(added))
    total = (powers[1:] * added[::-1, None, :]).sum(axis=(0, 2), dtype=np.uint32)
    first, second = total + (powers[0] * np.array(sums, dtype=np.uint32)).sum(axis=1, dtype=np.uint32)
    return int(first), int(second)


@cache
def _powers(steps: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint32]]":
    """A to the power `steps`, and then A to the powers 0..steps-1, modulo 2^32."""
    powers = [np.eye(2, dtype=np.uint32)]
    for _ in range(steps):
        powers.append(np.array([[1, 1], [1, 2]], dtype=np.uint32) @ powers[-1])
    return np.stack([powers[-1], *powers[:-1]])
