"""The witness's memory: one SQLite file with the heads that it has cosigned, and proofs against logs.

Here: check and keep as one transaction, durable before anything is answered (WAL with synchronous=FULL). Not here: the
checks (log.witness). May know: log, exchange.signing.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from redshank.exchange.signing import WitnessKeyHolder, cosignature_lines
from redshank.log.note import HybridKey, VerifierKey
from redshank.log.witness import Seen, ServedLog, Verdict, judge
from redshank.terms.instants import Instant

_SCHEMA = """
CREATE TABLE IF NOT EXISTS head (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, at_ms INTEGER NOT NULL, note BLOB NOT NULL,
    lines BLOB NOT NULL, PRIMARY KEY (origin, size)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contradiction (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, at_ms INTEGER NOT NULL, note BLOB NOT NULL,
    PRIMARY KEY (origin, size, root)) STRICT, WITHOUT ROWID;
"""


class WitnessFailed(Exception):
    """The disk or the database refused: nothing may be answered but that."""


class Contradiction(msgspec.Struct, frozen=True):
    """Two heads of one size and different roots, both signed by the log: whoever holds them can show them."""

    origin: str
    size: int
    cosigned: bytes
    other: bytes


class WitnessStore:
    """One SQLite file; also two processes over it see one history. Not thread safe by itself."""

    def __init__(self, path: Path, served: Sequence[tuple[VerifierKey, ...]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)
        self._logs = _Logs(self._db, {keys[0].name: keys for keys in served})

    def take(self, data: bytes, now: Instant, key: HybridKey, holder: WitnessKeyHolder) -> tuple[Verdict, bytes]:
        """The verdict on a request and the two cosignature lines (none when it is refused), once all that follows from
        it is on disk. Raises WitnessFailed; then nothing was kept, or it was and nobody heard of it: both are sound."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            verdict = judge(self._logs, data, self._cosigned)
            lines = b""
            if verdict.contradicts and verdict.seen is not None:
                self._keep_contradiction(verdict.seen, now)
            if verdict.refusal is None and verdict.seen is not None:
                lines = cosignature_lines(verdict.seen.text, key, now, holder)
                self._keep(verdict.seen, lines, now)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise WitnessFailed(f"cannot write to the witness's store: {error}") from error
        return verdict, lines

    def newest(self, origin: str) -> bytes | None:
        """The newest cosigned head of a log: its text, the log's signatures and the cosignatures; None if there is
        none."""
        row = self._db.execute(
            "SELECT note, lines FROM head WHERE origin = ? ORDER BY size DESC LIMIT 1", (origin,)
        ).fetchone()
        return None if row is None else bytes(row[0] + row[1])

    def origins(self) -> tuple[str, ...]:
        """The logs that are served."""
        return tuple(self._logs)

    def contradictions(self) -> list[Contradiction]:
        """All proofs against logs, by origin and size."""
        rows = self._db.execute(
            "SELECT c.origin, c.size, h.note, c.note FROM contradiction AS c JOIN head AS h USING (origin, size) "
            "ORDER BY c.origin, c.size, c.root"
        )
        return [Contradiction(*row) for row in rows]

    def close(self) -> None:
        """Ends the connection; what was kept stays."""
        self._db.close()

    def _cosigned(self, origin: str, size: int) -> bytes | None:
        row = self._db.execute("SELECT root FROM head WHERE origin = ? AND size = ?", (origin, size)).fetchone()
        return None if row is None else bytes(row[0])

    def _keep(self, seen: Seen, lines: bytes, now: Instant) -> None:
        head = seen.checkpoint
        self._db.execute(
            "INSERT INTO head VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, "
            "note = excluded.note, lines = excluded.lines",
            (head.origin, head.size, head.root, now, seen.note, lines),
        )

    def _keep_contradiction(self, seen: Seen, now: Instant) -> None:
        head = seen.checkpoint
        self._db.execute(
            "INSERT INTO contradiction VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (head.origin, head.size, head.root, now, seen.note),
        )


class _Logs(Mapping[str, ServedLog]):
    """The served logs by origin, each read within the transaction that asks for it."""

    def __init__(self, db: sqlite3.Connection, served: Mapping[str, tuple[VerifierKey, ...]]) -> None:
        self._db = db
        self._served = served

    def __getitem__(self, origin: str) -> ServedLog:
        keys = self._served[origin]
        row = self._db.execute(
            "SELECT size, root FROM head WHERE origin = ? ORDER BY size DESC LIMIT 1", (origin,)
        ).fetchone()
        return ServedLog(keys) if row is None else ServedLog(keys, int(row[0]), bytes(row[1]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._served)

    def __len__(self) -> int:
        return len(self._served)
