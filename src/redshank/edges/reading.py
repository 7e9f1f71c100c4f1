"""Reading: what a store holds, read beside the node that writes it, without a lock that the node would feel.

Here: journal, entries and receipts of one moment, each row against its seal. Not here: everything else that a disk can
do wrong (`check`). May know: node.events, terms; seals, store's names.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redshank.edges import seals
from redshank.edges.store import LAYOUT, StoreCorrupt, StoreFailed
from redshank.log.note import stamp_of
from redshank.node.effects import NoteKind
from redshank.node.events import Recorded, decode_event
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

ADVICE = "Run redshank check on a copy of the data folder, with the node down"


class StoreReader:
    """A store as it was when it was opened. Raises StoreFailed when it can not be read, StoreCorrupt with the place for
    what is not as it was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            self._db.execute("BEGIN")
            (layout,) = self._db.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(f"{path}: cannot be read: {error}") from error
        if layout != LAYOUT:
            self.close()
            raise StoreCorrupt(f"{path}: its layout is {layout}, this version of Redshank reads {LAYOUT}")

    def journal(self) -> Iterator[tuple[Instant, Recorded]]:
        """All recorded events in order, each with the time at which it was decided."""
        before = seals.NO_SEAL
        for number, (seq, at_ms, event, kept) in enumerate(
            self._rows("SELECT seq, at_ms, event, seal FROM journal ORDER BY seq"), start=1
        ):
            if seq != number or seals.journal_seal(before, seq, Instant(at_ms), event) != kept:
                raise StoreCorrupt(f"{self._path}: journal row {number} is not what was written. {ADVICE}")
            found = decode_event(event)
            if isinstance(found, Refusal):
                raise StoreCorrupt(f"{self._path}: journal row {number}: {found}")
            before = kept
            yield Instant(at_ms), found

    def entries(self, origin: str) -> Iterator[bytes]:
        """All entries of one log in order."""
        query = "SELECT idx, body, seal FROM entry WHERE origin = ? ORDER BY idx"
        for number, (index, body, kept) in enumerate(self._rows(query, origin)):
            if index != number or seals.entry_seal(origin, index, body) != kept:
                raise StoreCorrupt(f"{self._path}: log {origin}, entry {number} is not what was written. {ADVICE}")
            yield body

    def head_size(self, origin: str) -> int:
        """Entries under the newest signed head of one log; 0: none was signed."""
        query = "SELECT max(size) FROM note WHERE origin = ? AND kind IN (?, ?)"
        ((size,),) = self._rows(query, origin, NoteKind.HEAD.value, NoteKind.RECEIPT.value)
        return int(size or 0)

    def receipts(self, origin: str, witness: str) -> Iterator[tuple[int, int]]:
        """(size, second of the receiver's clock) of each receipt of one log, by size. The signatures were verified when
        they came."""
        query = "SELECT size, at_ms, body, seal FROM note WHERE origin = ? AND kind = ? ORDER BY size"
        kind = NoteKind.RECEIPT.value
        for size, at_ms, body, kept in self._rows(query, origin, kind):
            if seals.note_seal(origin, kind, size, Instant(at_ms), body) != kept:
                raise StoreCorrupt(f"{self._path}: log {origin}, receipt {size} is not what was written. {ADVICE}")
            at_s = stamp_of(body, witness)
            if at_s is not None:
                yield size, at_s

    def close(self) -> None:
        """Lets go of the file."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _rows(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._db.execute(query, values)
        except sqlite3.Error as error:
            raise StoreFailed(f"{self._path}: cannot be read: {error}. {ADVICE}") from error
