"""Power cut: the images of a disk that a power cut may leave, from the trace of what a process did to it.

Method of ALICE (Pillai et al., OSDI 2014) and CrashMonkey (Mohan et al., OSDI 2018): the trace is recorded once, by
`shim.c` around the real process, and for every point of it several images are made.

The disk model, and what it grants:
- fsync or fdatasync of a file makes its bytes and its size durable; it does *not* make its name durable (POSIX). Only
  fsync of the folder does that for names: created, renamed, unlinked.
- What was not synced may be there or not, write by write and, inside a write, sector by sector (512 or 4,096 bytes), in
  any order; so may the size, and then the hole reads as zeros. So may each change of a name.
- A sector is written whole or not at all, and what lies beside it is not harmed (SQLite's "powersafe overwrite", its
  default; without it a torn sector could harm a commit that was synced before). A rename is whole.
- A sync that returned did what it says: no disk that lies about its cache, no rot. Rot is tested in test_disk_rot.py.
- Bytes written through mmap are not seen. SQLite maps its `-shm` only, which it makes anew after a power cut.
"""

import itertools
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HEAD = struct.Struct("<c4Q2I")


@dataclass(frozen=True)
class Op:
    """One change. `kind`: c create, d folder, w write, t truncate, s sync, r rename, u unlink, m mark."""

    kind: str
    inode: int
    offset: int
    size: int
    path: str
    target: str
    data: bytes


def read_trace(path: Path) -> list[Op]:
    """All changes in order."""
    raw, at, ops = path.read_bytes(), 0, list[Op]()
    while at < len(raw):
        kind, inode, offset, size, length, one, two = HEAD.unpack_from(raw, at)
        at += HEAD.size
        texts = raw[at : at + one].decode(), raw[at + one : at + one + two].decode()
        at += one + two
        ops.append(Op(kind.decode(), inode, offset, size, *texts, raw[at : at + length]))
        at += length
    return ops


def marks(op: Op) -> list[dict[str, Any]]:
    """What the driver said in a mark."""
    return [json.loads(line) for line in op.data.splitlines()]


Change = tuple[str, int, bytes]
"""("w", offset, data) or ("t", size, b"")."""
Naming = tuple[str | None, str | None, int]
"""(name that goes, name that comes, object)."""


@dataclass
class _File:
    content: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)


def _apply(content: bytearray, change: Change) -> None:
    kind, at, data = change
    if kind == "t":
        del content[at:]
        content.extend(bytes(at - len(content)))
    else:
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data


class Disk:
    """The disk at one point of the trace: what is durable, and what is only pending."""

    def __init__(self, root_inode: int) -> None:
        self._files: list[_File] = []
        self._object_of: dict[int, int] = {}
        self._folder_of: dict[int, str] = {root_inode: ""}
        self._folders: set[int] = set()
        self._names: dict[str, int] = {}
        self._naming: dict[str, list[Naming]] = {"": []}

    def take(self, op: Op) -> None:
        """The next change has been done."""
        match op.kind:
            case "c" | "d":
                self._files.append(_File())
                self._object_of[op.inode] = len(self._files) - 1
                if op.kind == "d":
                    self._folder_of[op.inode] = op.path
                    self._folders.add(len(self._files) - 1)
                    self._naming.setdefault(op.path, [])
                else:
                    self._folder_of.pop(op.inode, None)
                self._name(op.path, (None, op.path, len(self._files) - 1))
            case "w":
                self._files[self._object_of[op.inode]].pending.append(("w", op.offset, op.data))
            case "t":
                self._files[self._object_of[op.inode]].pending.append(("t", op.size, b""))
            case "r":
                self._name(op.target, (op.path, op.target, self._object_of[op.inode]))
            case "u":
                self._name(op.path, (op.path, None, 0))
            case "s":
                self._sync(op)

    def _name(self, path: str, naming: Naming) -> None:
        self._naming[path.rpartition("/")[0]].append(naming)

    def _sync(self, op: Op) -> None:
        folder = self._folder_of.get(op.inode)
        if folder is not None:
            for naming in self._naming[folder]:
                _rename(self._names, naming)
            self._naming[folder] = []
            return
        file = self._files[self._object_of[op.inode]]
        for change in file.pending:
            _apply(file.content, change)
        file.pending = []

    def image(self, how: str, rng: np.random.Generator, under: str) -> dict[str, bytes]:
        """The files under one folder as the power cut may leave them.

        `how`: all (everything done is there), none (what was not synced is gone), torn (in order, the last write in
        part), any (any subset, any sectors of it).
        """
        names = dict(self._names)
        for naming in (naming for folder in sorted(self._naming) for naming in self._naming[folder]):
            if how in {"all", "torn"} or (how == "any" and rng.random() < 0.5):
                _rename(names, naming)
        files = {}
        for name, number in sorted(names.items()):
            whole = all(parent in names for parent in _parents(name))
            if name.startswith(under) and whole and number not in self._folders:
                files[name] = self._content(self._files[number], how, rng)
        return files

    def _content(self, file: _File, how: str, rng: np.random.Generator) -> bytes:
        if how == "none" or not file.pending:
            return bytes(file.content)
        content = bytearray(file.content)
        for number, change in enumerate(file.pending):
            last = number == len(file.pending) - 1
            if how == "any" or (how == "torn" and last):
                for part in _parts(change, how, rng):
                    _apply(content, part)
            else:
                _apply(content, change)
        return bytes(content)


def _rename(names: dict[str, int], naming: Naming) -> None:
    gone, came, number = naming
    if gone is not None:
        names.pop(gone, None)
    if came is not None:
        names[came] = number


def _parents(name: str) -> list[str]:
    parts = name.split("/")[1:-1]
    return ["/" + "/".join(parts[: upto + 1]) for upto in range(len(parts))]


def _parts(change: Change, how: str, rng: np.random.Generator) -> Iterator[Change]:
    """The sectors of a write that reached the disk."""
    kind, at, data = change
    if kind == "t":
        if rng.random() < 0.5:
            yield change
        return
    sector = 512 if rng.random() < 0.5 else 4096
    edges = [at, *range((at // sector + 1) * sector, at + len(data), sector), at + len(data)]
    pairs = list(itertools.pairwise(edges))
    upto = int(rng.integers(0, len(pairs) + 1))
    share = (0.0, 0.5, 0.9, 1.0)[int(rng.integers(4))]
    for number, (begin, end) in enumerate(pairs):
        if number < upto if how == "torn" else rng.random() < share:
            yield ("w", begin, data[begin - at : end - at])


def lay_out(files: dict[str, bytes], folder: Path) -> None:
    """Writes an image's files."""
    for name, content in files.items():
        path = folder / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
