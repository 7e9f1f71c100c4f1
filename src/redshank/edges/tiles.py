"""Tiles: hashes of whole log tiles, kept so that a tile or a proof costs the same however long the log is.

Here: the roots of full tiles in a SQLite file of their own, and readers of hashes, tiles and proofs over it. Not here:
what a tile is (log.tiles), entries (store). The file holds nothing that does not follow from the entries: it may be
deleted, and grows again. May know: log, engine.

Level 0 is hashed anew from at most 256 entries; of each full tile of a level, the root stands in the level above.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from redshank.edges.engine import Engine
from redshank.log.merkle import ReadHash, consistency_proof, leaf_hash, perfect_hashes
from redshank.log.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, encode_bundle
from redshank.terms import limits
from redshank.terms.refusal import Refusal

_SCHEMA = """
CREATE TABLE IF NOT EXISTS hash (
    origin TEXT NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (origin, level, idx)) STRICT, WITHOUT ROWID;
"""


class Entries(Protocol):
    """What is read of the node's store."""

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        """Entries start..stop-1 of one log; shorter if the log is."""


class TileHashes:
    """One SQLite file. Not thread safe by itself: it is used in the store's thread. Raises sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._counts: dict[tuple[str, int], int] = {}

    def catch_up(self, store: Entries, origin: str, size: int) -> bool:
        """Hashes the next full tiles of a log of `size` entries, a bounded number of them; True when there are more."""
        first, end = self._count(origin, 1), size // TILE_WIDTH
        upto = min(end, first + limits.TILES_PER_STEP)
        if first == upto:
            return False
        entries = store.entries(origin, first * TILE_WIDTH, upto * TILE_WIDTH)
        tiles = [entries[at : at + TILE_WIDTH] for at in range(0, len(entries), TILE_WIDTH)]
        roots = [_root([leaf_hash(entry) for entry in tile]) for tile in tiles if len(tile) == TILE_WIDTH]
        self._db.execute("BEGIN")
        try:
            self._extend(origin, 1, roots)
            self._db.execute("COMMIT")
        except sqlite3.Error:
            self._counts.clear()
            self._db.execute("ROLLBACK")
            raise
        return upto < end

    def resource(self, store: Entries, origin: str, size: int, tile: Tile) -> bytes | None:
        """A tile or entry bundle of a log of `size` entries; None when the log does not reach so far. Full tiles up to
        there have to be hashed (`catch_up`)."""
        begin, height = tile.index * TILE_WIDTH, TILE_HEIGHT * (tile.level or 0)
        if begin + tile.width > size >> height:
            return None
        if tile.level is None:
            return encode_bundle(store.entries(origin, begin, begin + tile.width))
        return b"".join(self._row(store, origin, tile.level, begin, begin + tile.width))

    def proof(self, store: Entries, origin: str, old_size: int, size: int) -> tuple[bytes, ...] | Refusal:
        """The consistency proof between two sizes, 1 <= old_size <= size."""
        return consistency_proof(old_size, size, self.reader(store, origin))

    def reader(self, store: Entries, origin: str) -> ReadHash:
        """A reader of perfect hashes; each costs at most one row of 256."""

        def read_hash(level: int, index: int) -> bytes:
            tile_level, inner = divmod(level, TILE_HEIGHT)
            row = self._row(store, origin, tile_level, index << inner, (index + 1) << inner)
            return perfect_hashes(row)(inner, 0)

        return read_hash

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    def _row(self, store: Entries, origin: str, level: int, begin: int, end: int) -> list[bytes]:
        """The hashes [begin, end) of a tile level."""
        if level == 0:
            return [leaf_hash(entry) for entry in store.entries(origin, begin, end)]
        return self._kept(origin, level, begin, end)

    def _kept(self, origin: str, level: int, begin: int, end: int) -> list[bytes]:
        rows = self._db.execute(
            "SELECT body FROM hash WHERE origin = ? AND level = ? AND idx >= ? AND idx < ? ORDER BY idx",
            (origin, level, begin, end),
        )
        return [body for (body,) in rows]

    def _count(self, origin: str, level: int) -> int:
        if (origin, level) not in self._counts:
            row = self._db.execute(
                "SELECT COALESCE(MAX(idx) + 1, 0) FROM hash WHERE origin = ? AND level = ?", (origin, level)
            ).fetchone()
            self._counts[origin, level] = int(row[0])
        return self._counts[origin, level]

    def _extend(self, origin: str, level: int, hashes: Sequence[bytes]) -> None:
        """Appends hashes to a level; each tile of it that becomes full gives one hash to the level above."""
        first = self._count(origin, level)
        count = first + len(hashes)
        self._db.executemany(
            "INSERT INTO hash VALUES (?, ?, ?, ?)",
            [(origin, level, first + number, body) for number, body in enumerate(hashes)],
        )
        self._counts[origin, level] = count
        begins = range(first // TILE_WIDTH * TILE_WIDTH, count // TILE_WIDTH * TILE_WIDTH, TILE_WIDTH)
        above = [_root(self._kept(origin, level, begin, begin + TILE_WIDTH)) for begin in begins]
        if above:
            self._extend(origin, level + 1, above)


class LogTiles:
    """Tiles and proofs of the node's logs while it runs: each step in the store's thread is short."""

    def __init__(self, engine: Engine, hashes: TileHashes) -> None:
        self._engine = engine
        self._hashes = hashes

    async def resource(self, origin: str, size: int, tile: Tile) -> bytes | None:
        """A tile or entry bundle of a log of `size` entries; None if there is none."""
        await self.catch_up(origin, size)
        return await self._engine.reading(lambda store: self._hashes.resource(store, origin, size, tile))

    async def proof(self, origin: str, old_size: int, size: int) -> tuple[bytes, ...] | Refusal:
        """The consistency proof between two sizes, 1 <= old_size <= size."""
        await self.catch_up(origin, size)
        return await self._engine.reading(lambda store: self._hashes.proof(store, origin, old_size, size))

    async def run(self) -> None:
        """Keeps all own logs hashed while the node runs, so that no request has to wait. Ends only by cancellation."""
        while True:
            state = self._engine.state
            for session in [one for channel in state.sessions for one in state.generations(channel)]:
                await self.catch_up(session.own.key.name, session.own.signed_size)
            await asyncio.sleep(limits.TILES_EVERY_S)

    async def catch_up(self, origin: str, size: int) -> None:
        """Hashes what full tiles of a log are not yet hashed, in short steps."""
        while await self._engine.reading(lambda store: self._hashes.catch_up(store, origin, size)):
            pass


def _root(hashes: Sequence[bytes]) -> bytes:
    return perfect_hashes(hashes)(TILE_HEIGHT, 0)
