"""Salvage: what can still be believed of a damaged store. Reads a copy; changes nothing.

Here: rows whose seal is right, and the counts. Not here: what becomes of them (rebuild). A seal finds what a disk does;
signatures are verified by whoever uses a head. May know: seals, store's names, check's way of reading.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from redshank.edges import seals
from redshank.edges.check import untouched
from redshank.node.effects import NoteKind


class Salvaged(msgspec.Struct, frozen=True):
    """By origin: entries by index, notes by kind and size, and how many entries there once were."""

    entries: dict[str, dict[int, bytes]] = {}
    notes: dict[str, dict[tuple[NoteKind, int], bytes]] = {}
    counts: dict[str, int] = {}


def salvage(path: Path) -> Salvaged:
    """All that is left. An unreadable file gives nothing. Raises OSError when it can not be copied."""
    found = Salvaged({}, {}, {})
    if not path.exists():
        return found
    with contextlib.ExitStack() as stack, contextlib.suppress(sqlite3.Error):
        db = sqlite3.connect(untouched(path, stack), uri=True)
        stack.callback(db.close)
        for origin, index, body, kept in _rows(db, "SELECT origin, idx, body, seal FROM entry"):
            if seals.entry_seal(origin, index, body) == kept:
                found.entries.setdefault(origin, {})[index] = body
        for origin, kind, size, at_ms, body, kept in _rows(
            db, "SELECT origin, kind, size, at_ms, body, seal FROM note"
        ):
            if seals.note_seal(origin, kind, size, at_ms, body) == kept:
                found.notes.setdefault(origin, {})[NoteKind(kind), size] = body
        for name, count, last, kept in _rows(db, "SELECT name, count, last, seal FROM tip"):
            if seals.tip_seal(name, count, last) == kept and name.startswith("entry "):
                found.counts[name.removeprefix("entry ")] = count
    return found


def _rows(db: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """As far as the table can be read."""
    with contextlib.suppress(sqlite3.Error):
        yield from db.execute(query)
