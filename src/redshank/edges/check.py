"""Check: looks at every row of a node's store, offline, and names everything that is not what was written.

Here: the walk over a copy or an untouched file: SQLite's own integrity check, the WAL, each seal, each count, the
Merkle root of the entries under each head. Not here: printing (cli), mending (rebuild). The replay, which needs the
node's configuration, is recovery. May know: log, terms, node.effects; seals, store's names, wal_scan.

Unlike the store, which stops at the first fault, the check goes on: an investigator wants all of them.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from redshank.edges import seals
from redshank.edges.store import ALERTS, JOURNAL, LAYOUT, Tip, entry_tip, note_tip
from redshank.edges.wal_scan import scan_wal
from redshank.log import merkle
from redshank.log.checkpoint import parse_checkpoint
from redshank.log.note import parse_note
from redshank.node.effects import NoteKind
from redshank.node.events import decode_event
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

Progress = Callable[[str, int, int], None]
"""(what is being looked at, rows done, rows in all)."""
PROGRESS_ROWS = 1_000  # between two reports


class Fault(msgspec.Struct, frozen=True):
    """One thing that is not what was written: the place (log and index, journal row, file), and what is wrong."""

    place: str
    what: str


class LogFound(msgspec.Struct, frozen=True):
    """One log as it lies in the store."""

    origin: str
    entries: int
    heads: int
    receipts: int


class CheckReport(msgspec.Struct, frozen=True):
    """What the check found. No faults: everything that was ever committed is there, as it was written."""

    journal: int
    logs: tuple[LogFound, ...]
    faults: tuple[Fault, ...]


def check_store(path: Path, progress: Progress | None = None) -> CheckReport:
    """Looks at everything. Changes nothing at `path`. Raises OSError when it can not be read or copied at all."""
    with contextlib.ExitStack() as stack:
        faults = list[Fault]()
        if not path.exists():
            return CheckReport(0, (), (Fault(path.name, "is missing"),))
        lost = scan_wal(path)
        if lost is not None:
            faults.append(Fault(f"{path.name}-wal", lost))
        try:
            db = sqlite3.connect(untouched(path, stack), uri=True)
            stack.callback(db.close)
            return _Walk(db, faults, progress or (lambda what, done, most: None)).walked()
        except sqlite3.Error as error:
            return CheckReport(0, (), (*faults, Fault(path.name, f"SQLite can not read it: {error}")))


def untouched(path: Path, stack: contextlib.ExitStack) -> str:
    """A URI of the file itself if nothing is left in its WAL; else of a copy, in which SQLite may empty the WAL."""
    wal = path.with_name(path.name + "-wal")
    if not wal.exists() or wal.stat().st_size == 0:
        return f"{path.resolve().as_uri()}?immutable=1"
    copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="redshank-check-"))) / path.name
    shutil.copyfile(path, copy)
    shutil.copyfile(wal, copy.with_name(wal.name))
    return copy.as_uri()


class _Walk:
    """One look at one database."""

    def __init__(self, db: sqlite3.Connection, faults: list[Fault], progress: Progress) -> None:
        self._db, self._faults, self._progress = db, faults, progress
        self._tips = dict[str, Tip]()

    def walked(self) -> CheckReport:
        (layout,) = self._db.execute("PRAGMA user_version").fetchone()
        if layout != LAYOUT:
            self._fault("layout", f"is {layout}, this version of Redshank writes {LAYOUT}")
        self._progress("pages", 0, 1)
        for (text,) in self._rows("pages", "PRAGMA integrity_check(100)"):
            if text != "ok":
                self._fault("pages", str(text))
        self._read_tips()
        journal = self._journal()
        origins = sorted(
            {name.removeprefix("entry ") for name in self._tips if name.startswith("entry ")}
            | {name.split(" ", 2)[2] for name in self._tips if name.startswith("note ")}
            # A rotten name may be of any type; it is then a log of its own, with nothing right in it.
            | {str(row[0]) for row in self._rows("entry", "SELECT DISTINCT origin FROM entry")}
            | {str(row[0]) for row in self._rows("note", "SELECT DISTINCT origin FROM note")}
        )
        logs = tuple(self._log(origin) for origin in origins)
        self._alerts()
        self._bookmark()
        return CheckReport(journal, logs, tuple(self._faults))

    def _fault(self, place: str, what: str) -> None:
        self._faults.append(Fault(place, what))

    def _rows(self, place: str, query: str, values: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._db.execute(query, values)
        except sqlite3.Error as error:
            self._fault(place, f"can not be read to its end: {error}")

    def _counted(self, name: str, place: str, found: int, kind: str) -> None:
        count = self._tips.get(name, (0, seals.NO_SEAL))[0]
        if found != count:
            self._fault(place, f"{found} {kind} are there, {count} were written")

    def _read_tips(self) -> None:
        for name, count, last, kept in self._rows("counts", "SELECT name, count, last, seal FROM tip"):
            if seals.tip_seal(name, count, last) != kept:
                self._fault("counts", f"the count of {name!r} is not what was written")
            self._tips[name] = (count, last)

    def _journal(self) -> int:
        """Each row against the chain; after a broken one, on from the seal that is stored there."""
        found, expected, before = 0, 1, seals.NO_SEAL
        most = self._tips.get(JOURNAL, (0, b""))[0]
        for seq, at_ms, event, kept in self._rows(JOURNAL, "SELECT seq, at_ms, event, seal FROM journal ORDER BY seq"):
            if seq != expected:
                self._fault(
                    f"journal row {expected}", "is missing" if seq == expected + 1 else f"to {seq - 1}: missing"
                )
            elif seals.journal_seal(before, seq, Instant(at_ms), event) != kept:
                self._fault(f"journal row {seq}", "is not what was written")
            elif isinstance(decode_event(event), Refusal):
                self._fault(f"journal row {seq}", "is whole, but no event that this version of Redshank knows")
            found, expected, before = found + 1, seq + 1, kept
            self._tell(JOURNAL, found, most)
        self._counted(JOURNAL, JOURNAL, found, "rows")
        if most == found and self._tips.get(JOURNAL, (0, seals.NO_SEAL))[1] != before:
            self._fault(JOURNAL, "its last row is not the one that was written last")
        return found

    def _log(self, origin: str) -> LogFound:
        """Seals, gaps and counts of one log, and the root of the entries under each head and receipt."""
        heads = {kind: self._notes(origin, kind) for kind in NoteKind}
        wanted = dict[int, list[tuple[NoteKind, bytes]]]()
        for kind, notes in heads.items():
            for size, root in notes.items():
                wanted.setdefault(size, []).append((kind, root))
        frontier, found, whole = merkle.Frontier(), 0, True
        most = self._tips.get(entry_tip(origin), (0, b""))[0]
        query = "SELECT idx, body, seal FROM entry WHERE origin = ? ORDER BY idx"
        for index, body, kept in self._rows(f"log {origin}", query, (origin,)):
            if index != frontier.size and whole:
                self._fault(f"log {origin}, entry {frontier.size}", "is missing")
                whole = False
            if seals.entry_seal(origin, index, body) != kept:
                self._fault(f"log {origin}, entry {index}", "is not what was written")
            frontier, found = merkle.append(frontier, merkle.leaf_hash(body)), found + 1
            for kind, root in wanted.pop(frontier.size, []) if whole else []:
                if merkle.root(frontier) != root:
                    self._fault(f"log {origin}, {kind.value} {frontier.size}", "is not over the entries that are there")
            self._tell(f"log {origin}", found, most)
        self._counted(entry_tip(origin), f"log {origin}", found, "entries")
        for size in sorted(wanted) if whole else []:
            self._fault(f"log {origin}", f"a head of size {size} was signed, {found} entries are there")
        return LogFound(origin, found, len(heads[NoteKind.HEAD]), len(heads[NoteKind.RECEIPT]))

    def _bookmark(self) -> None:
        """A bookmark that rots is no loss, the journal says it all; but a disk that rots is to be known."""
        for seq, body, kept in self._rows("bookmark", "SELECT seq, body, seal FROM bookmark"):
            rows = [row for (row,) in self._rows("bookmark", "SELECT seal FROM journal WHERE seq = ?", (seq,))]
            if not rows or seals.bookmark_seal(seq, rows[0], body) != kept:
                self._fault("bookmark", "is not what was written; a start replays the journal instead")

    def _notes(self, origin: str, kind: NoteKind) -> dict[int, bytes]:
        """Root by size of the notes of one kind."""
        roots, found = dict[int, bytes](), 0
        query = "SELECT size, at_ms, body, seal FROM note WHERE origin = ? AND kind = ? ORDER BY size"
        for size, at_ms, body, kept in self._rows(f"log {origin}", query, (origin, kind.value)):
            found += 1
            place = f"log {origin}, {kind.value} {size}"
            note = parse_note(body)
            head = note if isinstance(note, Refusal) else parse_checkpoint(note.text)
            if seals.note_seal(origin, kind.value, size, at_ms, body) != kept:
                self._fault(place, "is not what was written")
            elif isinstance(head, Refusal):
                self._fault(place, f"is whole, but no signed head: {head}")
            elif (head.origin, head.size) != (origin, size):
                self._fault(place, f"is of {head.origin}, size {head.size}")
            else:
                roots[size] = head.root
        self._counted(note_tip(origin, kind.value), f"log {origin}", found, f"notes of kind {kind.value!r}")
        return roots

    def _alerts(self) -> None:
        found = 0
        for warning, at_ms, kept in self._rows("alerts", "SELECT warning, at_ms, seal FROM alert"):
            found += 1
            if seals.alert_seal(warning, at_ms) != kept:
                self._fault(f"alert {warning}", "its mark is not what was written")
        self._counted(ALERTS, "alerts", found, "marks")

    def _tell(self, what: str, done: int, most: int) -> None:
        if done % PROGRESS_ROWS == 0 or done == most:
            self._progress(what, done, most)
