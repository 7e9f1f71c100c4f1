"""Store: the node's memory on disk, one SQLite file with one writer.

Here: the journal of recorded events, the entries of both logs of each channel, signed heads and receipts, and which
alerts lie in the spool. A commit is durable when `commit` returns (WAL with synchronous=FULL); each row carries a seal
(seals). Not here: what the bytes mean, the look at the whole store (check). May know: terms, node.effects.

The outcome of a failed write is never guessed: after one the store takes and gives nothing any more, and a restart
finds out what the disk holds. What is read is held against its seal: a row that is not what was written is an error
that names it.
"""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from redshank.edges import seals
from redshank.edges.durable_file import make_folder, sync_folder
from redshank.edges.wal_scan import scan_wal
from redshank.node.effects import Durable, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.terms import limits
from redshank.terms.instants import Instant

_BUSY_MS = 5_000
"""How long an opening or a commit waits for somebody else's lock on the file."""
LAYOUT = 3
"""Of the tables, in SQLite's user_version. 1 (never written down) had no seals, 2 no bookmark."""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event BLOB NOT NULL, seal BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS entry (
    origin TEXT NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (origin, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (
    origin TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, at_ms INTEGER NOT NULL, body BLOB NOT NULL,
    seal BLOB NOT NULL, PRIMARY KEY (origin, kind, size)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alert (
    warning TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, seal BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tip (
    name TEXT PRIMARY KEY, count INTEGER NOT NULL, last BLOB NOT NULL, seal BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bookmark (
    one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, body BLOB NOT NULL, seal BLOB NOT NULL) STRICT;
PRAGMA user_version = {LAYOUT};
COMMIT;
"""
_SET_TIP = "INSERT OR REPLACE INTO tip VALUES (?, ?, ?, ?)"
_ADVICE = (
    "Nothing that was not on the disk was acknowledged. Look at the disk (space: df; health: dmesg; mounted read-only: "
    "mount), then start the node again: it finds out by itself what the disk holds."
)
JOURNAL, ALERTS = "journal", "alert"
"""Names of tips; those of entries and notes are made by `entry_tip` and `note_tip`."""
Tip = tuple[int, bytes]
"""Rows of one kind, and for the journal the seal of the last (else NO_SEAL)."""


class StoreFailed(Exception):
    """The disk or the database refused. Nothing of the commit was acted on; the node stops, a restart finds out."""


class StoreCorrupt(StoreFailed):
    """What the disk gives back is not what was written; the text names the place and what to do."""


def entry_tip(origin: str) -> str:
    """Name of the count of a log's entries."""
    return f"entry {origin}"


def note_tip(origin: str, kind: str) -> str:
    """Name of the count of a log's heads or receipts."""
    return f"note {kind} {origin}"


class Store:
    """One SQLite file. Not thread safe by itself: the engine gives it one worker thread."""

    def __init__(self, path: Path) -> None:
        """Opens or makes it. Raises StoreFailed, or StoreCorrupt when the cheap part of the check finds a fault."""
        self.path = path
        self._wal = path.with_name(path.name + "-wal")
        self._checkpoint_at = limits.WAL_BYTES
        self._failed: str | None = None
        try:
            make_folder(path.parent)
            lost = scan_wal(path)
            if lost is not None:
                raise self._corrupt(lost)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
            self._open()
            sync_folder(path.parent)
            self._tips = self._read_tips()
            self._look_at_ends()
        except (sqlite3.Error, OSError) as error:
            raise self._failure("opened", error) from error

    def _open(self) -> None:
        (layout,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        if layout != (LAYOUT if tables else 0):
            raise self._corrupt(f"its layout is {layout}, this version of Redshank writes {LAYOUT}")
        (mode,) = self._db.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":  # a disk that refuses is answered with the old mode, and no error
            raise StoreFailed(f"the node's store {self.path} cannot be written: it stays in mode {mode!r}. {_ADVICE}")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA cell_size_check = ON")
        if not tables:
            self._db.executescript(_SCHEMA)
        self._db.execute("PRAGMA wal_autocheckpoint = 0")
        if not self._checkpoint():
            raise StoreFailed(f"the node's store {self.path} is in use by another program; end that one first")

    def _checkpoint(self) -> bool:
        """Moves what the WAL holds into the database and empties it; False while somebody else reads there.

        wal_scan relies on it that a WAL begins empty, with frames of one process only.
        """
        (busy, _, _) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    # -- writing -------------------------------------------------------------------------------------------------------

    def commit(self, durables: Sequence[Durable], now: Instant) -> None:
        """Keeps all of them or none. Raises StoreFailed, and from then on always."""
        tips = dict[str, Tip]()
        with self._transaction():
            self._keep_events([one.event for one in durables if isinstance(one, KeepEvent)], now, tips)
            self._keep_entries([one for one in durables if isinstance(one, KeepEntry)], tips)
            for one in durables:
                if isinstance(one, KeepNote):
                    self._keep_note(one, now, tips)
            self._set_tips(tips)
        self._tips.update(tips)
        self._tidy()

    def _tidy(self) -> None:
        """A checkpoint each time that the WAL has grown by so much; while somebody reads from outside, later."""
        try:
            if self._wal.stat().st_size < self._checkpoint_at:
                return
            self._db.execute("PRAGMA busy_timeout = 0")
            done = self._checkpoint()
            self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        except (sqlite3.Error, OSError) as error:
            raise self._stopped(error) from error
        self._checkpoint_at = limits.WAL_BYTES if done else self._checkpoint_at + limits.WAL_BYTES

    def mark_published(self, warning: str, now: Instant) -> None:
        """Notes durably that an alert lies in the authority's spool. Raises StoreFailed."""
        tips = dict[str, Tip]()
        with self._transaction():
            row = (warning, now, seals.alert_seal(warning, now))
            done = self._db.execute("INSERT INTO alert VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)
            self._grow(ALERTS, done.rowcount, tips)
            self._set_tips(tips)
        self._tips.update(tips)

    def keep_bookmark(self, body: bytes) -> None:
        """Keeps what all rows of the journal so far lead to; a restart goes on from there. Raises StoreFailed."""
        count, last = self._tip(JOURNAL)
        with self._transaction():
            row = (1, count, body, seals.bookmark_seal(count, last, body))
            self._db.execute("INSERT OR REPLACE INTO bookmark VALUES (?, ?, ?, ?)", row)
        self._tidy()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._require_sound()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            failure = self._stopped(error)
            with contextlib.suppress(sqlite3.Error):  # best effort: nothing is read or written here any more
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
            raise failure from error

    def _keep_events(self, events: Sequence[bytes], now: Instant, tips: dict[str, Tip]) -> None:
        if not events:
            return
        (count, last), rows = self._tip(JOURNAL), []
        for number, event in enumerate(events, start=count + 1):
            last = seals.journal_seal(last, number, now, event)
            rows.append((number, now, event, last))
        self._db.executemany("INSERT INTO journal VALUES (?, ?, ?, ?)", rows)
        tips[JOURNAL] = (count + len(rows), last)

    def _keep_entries(self, entries: Sequence[KeepEntry], tips: dict[str, Tip]) -> None:
        rows = [(one.origin, one.index, one.body, seals.entry_seal(one.origin, one.index, one.body)) for one in entries]
        self._db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
        for origin, count in Counter(one.origin for one in entries).items():
            self._grow(entry_tip(origin), count, tips)

    def _keep_note(self, note: KeepNote, now: Instant, tips: dict[str, Tip]) -> None:
        key = (note.origin, note.kind.value, note.size)
        row = (now, note.body, seals.note_seal(*key, now, note.body))
        kept = "UPDATE note SET at_ms = ?, body = ?, seal = ? WHERE origin = ? AND kind = ? AND size = ?"
        if self._db.execute(kept, (*row, *key)).rowcount == 0:
            self._db.execute("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)", (*key, *row))
            self._grow(note_tip(note.origin, note.kind.value), 1, tips)

    def _tip(self, name: str) -> Tip:
        return self._tips.get(name, (0, seals.NO_SEAL))

    def _grow(self, name: str, by: int, tips: dict[str, Tip]) -> None:
        count, last = tips.get(name) or self._tip(name)
        tips[name] = (count + by, last)

    def _set_tips(self, tips: dict[str, Tip]) -> None:
        rows = [(name, count, last, seals.tip_seal(name, count, last)) for name, (count, last) in tips.items()]
        self._db.executemany(_SET_TIP, rows)

    @property
    def events(self) -> int:
        """Rows of the journal; asks no disk."""
        return self._tip(JOURNAL)[0]

    # -- reading -------------------------------------------------------------------------------------------------------

    def bookmark(self) -> tuple[int, bytes] | None:
        """(rows of the journal that it stands for, its bytes); None when there is none, or not the one that was
        written: then the journal says it all. Raises StoreFailed."""
        for seq, body, kept in self._rows("SELECT seq, body, seal FROM bookmark"):
            if seals.bookmark_seal(seq, self._row_seal(seq), body) == kept:
                return seq, body
        return None

    def _row_seal(self, number: int) -> bytes:
        """The seal of a row of the journal; NO_SEAL before the first."""
        rows = list(self._rows("SELECT seal FROM journal WHERE seq = ?", (number,)))
        return rows[0][0] if rows else seals.NO_SEAL

    def journal(self, after: int = 0) -> Iterator[tuple[Instant, bytes]]:
        """Recorded events in order, from row `after` on, each with the `now` that it was decided at. Raises
        StoreCorrupt naming the first row that is missing or not what was written."""
        before, number = self._row_seal(after), after
        query = "SELECT seq, at_ms, event, seal FROM journal WHERE seq > ? ORDER BY seq"
        for seq, at_ms, event, chained in self._rows(query, (after,)):
            number += 1
            if seq != number or seals.journal_seal(before, number, Instant(at_ms), event) != chained:
                raise self._corrupt(f"journal row {number} is missing, or not what was written")
            before = chained
            yield Instant(at_ms), event
        if (number, before) != self._tip(JOURNAL):
            raise self._corrupt(f"the journal ends at row {number}; row {self._tip(JOURNAL)[0]} was the last")

    def last_at(self) -> Instant:
        """When the newest recorded event was decided; 0 before the first. A restarted node's time goes on from here."""
        row = self._db.execute("SELECT at_ms FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return Instant(0 if row is None else int(row[0]))

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        """Entries start..stop-1 of one log; shorter if the log is. Raises StoreCorrupt naming a bad one."""
        bodies = list[bytes]()
        query = "SELECT idx, body, seal FROM entry WHERE origin = ? AND idx >= ? AND idx < ? ORDER BY idx"
        for index, body, kept in self._rows(query, (origin, start, stop)):
            if index != start + len(bodies) or seals.entry_seal(origin, index, body) != kept:
                raise self._corrupt(f"log {origin}: entry {start + len(bodies)} is missing, or not what was written")
            bodies.append(body)
        if len(bodies) != max(0, min(stop, self.size(origin)) - start):
            raise self._corrupt(f"log {origin}: entry {start + len(bodies)} is missing")
        return bodies

    def size(self, origin: str) -> int:
        """Number of entries kept of one log."""
        self._require_sound()
        return self._tip(entry_tip(origin))[0]

    def notes(self, origin: str, kind: NoteKind) -> list[tuple[int, bytes]]:
        """(size, note) of all heads or receipts kept for one log, by size. Raises StoreCorrupt naming a bad one."""
        found = list[tuple[int, bytes]]()
        query = "SELECT size, at_ms, body, seal FROM note WHERE origin = ? AND kind = ? ORDER BY size"
        for size, at_ms, body, kept in self._rows(query, (origin, kind.value)):
            if seals.note_seal(origin, kind.value, size, at_ms, body) != kept:
                raise self._corrupt(f"log {origin}: the {kind.value} of size {size} is not what was written")
            found.append((size, body))
        if len(found) != self._tip(note_tip(origin, kind.value))[0]:
            raise self._corrupt(f"log {origin}: a {kind.value} is missing")
        return found

    def published(self) -> frozenset[str]:
        """Warnings whose alert lies, or has lain, in the authority's spool. Raises StoreCorrupt."""
        found = set[str]()
        for warning, at_ms, kept in self._rows("SELECT warning, at_ms, seal FROM alert"):
            if seals.alert_seal(warning, at_ms) != kept:
                raise self._corrupt(f"the mark of alert {warning} is not what was written")
            found.add(warning)
        if len(found) != self._tip(ALERTS)[0]:
            raise self._corrupt("the mark of a published alert is missing")
        return frozenset(found)

    def close(self) -> None:
        """Ends the connection; what was committed stays."""
        self._db.close()

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
        self._require_sound()
        try:
            yield from self._db.execute(query, values)
        except sqlite3.Error as error:
            raise self._failure("read", error) from error

    def _read_tips(self) -> dict[str, Tip]:
        tips = dict[str, Tip]()
        for name, count, last, kept in self._rows("SELECT name, count, last, seal FROM tip"):
            if seals.tip_seal(name, count, last) != kept:
                raise self._corrupt(f"the count of {name!r} is not what was written")
            tips[name] = (count, last)
        return tips

    def _look_at_ends(self) -> None:
        """The cheap part of the check: whatever the store's size, the last row of each kind is there, and none more."""
        ends = {JOURNAL: self._end("SELECT COALESCE(MAX(seq), 0) FROM journal")}
        origin = ""
        while rows := list(self._rows("SELECT origin FROM entry WHERE origin > ? ORDER BY origin LIMIT 1", (origin,))):
            ((origin,),) = rows
            ends[entry_tip(origin)] = self._end("SELECT MAX(idx) + 1 FROM entry WHERE origin = ?", (origin,))
        for name in self._tips.keys() | ends.keys():
            if name.startswith((JOURNAL, "entry ")) and ends.get(name, 0) != self._tip(name)[0]:
                raise self._corrupt(f"{name}: ends at {ends.get(name, 0)}, {self._tip(name)[0]} were written")

    def _end(self, query: str, values: Sequence[str] = ()) -> int:
        ((end,),) = self._rows(query, values)
        return int(end)

    # -- failing -------------------------------------------------------------------------------------------------------

    def _require_sound(self) -> None:
        if self._failed is not None:
            raise StoreFailed(f"the store has failed before: {self._failed}")

    def _stopped(self, error: sqlite3.Error | OSError) -> StoreFailed:
        failure = self._failure("written", error)
        self._failed = str(failure)
        return failure

    def _failure(self, done: str, error: sqlite3.Error | OSError) -> StoreFailed:
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return self._corrupt(f"{error} ({name})")
        return StoreFailed(f"the node's store {self.path} cannot be {done}: {error} ({name}). {_ADVICE}")

    def _corrupt(self, fault: str) -> StoreCorrupt:
        return StoreCorrupt(
            f"the node's store {self.path} is damaged: {fault}. Do not delete or repair it: copy the folder away, run "
            "`redshank check` on the copy, and rebuild from the partner's record (docs/spec/recovery.md)."
        )
