"""Store: the node's memory on disk, one SQLite file with one writer.

Here: the journal of recorded events, the entries of both logs of each channel, signed heads and receipts. A commit is
durable when `commit` returns (WAL with synchronous=FULL). Not here: what the bytes mean. May know: terms, node.effects.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from redshank.node.effects import Durable, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.terms.instants import Instant

_SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS entry (
    origin TEXT NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (origin, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (
    origin TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, at_ms INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (origin, kind, size)) STRICT, WITHOUT ROWID;
"""


class StoreFailed(Exception):
    """The disk or the database refused; nothing of the commit was kept, and the node must not act on it."""


class Store:
    """One SQLite file. Not thread safe by itself: the engine gives it one worker thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA)

    def commit(self, durables: Sequence[Durable], now: Instant) -> None:
        """Keeps all of them or none. Raises StoreFailed."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for durable in durables:
                self._keep(durable, now)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise StoreFailed(f"cannot write to the node's store: {error}") from error

    def _keep(self, durable: Durable, now: Instant) -> None:
        match durable:
            case KeepEvent(event=event):
                self._db.execute("INSERT INTO journal (at_ms, event) VALUES (?, ?)", (now, event))
            case KeepEntry(origin=origin, index=index, body=body):
                self._db.execute("INSERT INTO entry VALUES (?, ?, ?)", (origin, index, body))
            case KeepNote(origin=origin, kind=kind, size=size, body=body):
                self._db.execute(
                    "INSERT INTO note VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body, "
                    "at_ms = excluded.at_ms",
                    (origin, kind.value, size, now, body),
                )

    def journal(self) -> Iterator[tuple[Instant, bytes]]:
        """All recorded events in order, each with the `now` that it was decided at."""
        for at_ms, event in self._db.execute("SELECT at_ms, event FROM journal ORDER BY seq"):
            yield Instant(at_ms), event

    def last_at(self) -> Instant:
        """When the newest recorded event was decided; 0 before the first. A restarted node's time goes on from here."""
        row = self._db.execute("SELECT at_ms FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return Instant(0 if row is None else int(row[0]))

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        """Entries start..stop-1 of one log; shorter if the log is."""
        rows = self._db.execute(
            "SELECT body FROM entry WHERE origin = ? AND idx >= ? AND idx < ? ORDER BY idx", (origin, start, stop)
        )
        return [body for (body,) in rows]

    def size(self, origin: str) -> int:
        """Number of entries kept of one log."""
        row = self._db.execute("SELECT COALESCE(MAX(idx) + 1, 0) FROM entry WHERE origin = ?", (origin,)).fetchone()
        return int(row[0])

    def notes(self, origin: str, kind: NoteKind) -> list[tuple[int, bytes]]:
        """(size, note) of all heads or receipts kept for one log, by size."""
        rows = self._db.execute(
            "SELECT size, body FROM note WHERE origin = ? AND kind = ? ORDER BY size", (origin, kind.value)
        )
        return [(size, body) for size, body in rows]

    def close(self) -> None:
        """Ends the connection; what was committed stays."""
        self._db.close()
