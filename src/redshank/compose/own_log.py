"""Own log: the newest head, one tile or one entry bundle of a log that this node writes, read for a partner.

Here: what one path costs, which is one bundle of entries and never the whole log; hashes of full bundles are kept in
memory (32 bytes for 256 entries) once somebody asks for tiles above the lowest level. Not here: whole records (desk).
May know: the engine, log.
"""

import asyncio

from redshank.edges.engine import Engine
from redshank.exchange.session import Session
from redshank.log import merkle, tiles
from redshank.log.tiles import TILE_HEIGHT, TILE_WIDTH, Tile
from redshank.terms.refusal import Refusal


class OwnLog:
    """One channel's own log as static files (docs/spec/log.md LOG-7)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bundle_roots: list[bytes] = []
        self._reading = asyncio.Lock()

    async def resource(self, session: Session, path: str) -> bytes | None:
        """`checkpoint`, a tile or an entry bundle under the newest signed head; None for anything else."""
        if path == "checkpoint":
            return newest_note(session)
        tile = tiles.parse_path(path)
        if isinstance(tile, Refusal):
            return None
        available = session.own.signed_size >> (TILE_HEIGHT * (tile.level or 0))
        if tile.index * TILE_WIDTH + tile.width > available:
            return None
        if tile.level is None:
            return tiles.encode_bundle(await self._bundle(session, tile.index, tile.width))
        if tile.level == 0:
            return b"".join(map(merkle.leaf_hash, await self._bundle(session, tile.index, tile.width)))
        return await self._upper(session, tile)

    async def _bundle(self, session: Session, index: int, width: int) -> list[bytes]:
        begin = index * TILE_WIDTH
        return await self._engine.entries(session.own.key.name, begin, begin + width)

    async def _upper(self, session: Session, tile: Tile) -> bytes:
        """A tile of hashes that each stand for at least one full bundle."""
        step = 1 << (TILE_HEIGHT * ((tile.level or 1) - 1))  # full bundles under one hash of this tile
        begin, end = tile.index * TILE_WIDTH * step, (tile.index * TILE_WIDTH + tile.width) * step
        async with self._reading:
            while len(self._bundle_roots) < end:
                bundle = await self._bundle(session, len(self._bundle_roots), TILE_WIDTH)
                self._bundle_roots.append(_root(list(map(merkle.leaf_hash, bundle))))
        return b"".join(_root(self._bundle_roots[at : at + step]) for at in range(begin, end, step))


def newest_note(session: Session) -> bytes | None:
    """The newest signed head; with the partner's receipt, once there is one for it."""
    own = session.own
    if own.receipt is not None and own.receipted_size == own.signed_size:
        return own.receipt.note
    return None if own.head is None else own.head.note


def _root(hashes: list[bytes]) -> bytes:
    """Root over a power of two of hashes."""
    return merkle.perfect_hashes(hashes)(len(hashes).bit_length() - 1, 0)
