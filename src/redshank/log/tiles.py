"""Tiles: a log as static files, C2SP tlog-tiles.

Here: paths, which tiles a tree has, tile contents, entry bundles. Not here: files themselves. May know:
terms. Source: c2sp.org/tlog-tiles. Redshank's own bound: an entry has at most ENTRY_BYTES bytes and is not
empty.
"""

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from redshank.log.merkle import HASH_BYTES, ReadHash, perfect_hashes
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
LEVEL_MAX = 63

_PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/){0,5}\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


class Tile(msgspec.Struct, frozen=True):
    """One tile: `level` None means an entry bundle; `width` hashes or entries, 256 when full."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Path under the log's prefix, e.g. ``tile/0/x001/234.p/112``."""
        level = "entries" if self.level is None else str(self.level)
        rest, digits = divmod(self.index, 1000)
        name = f"{digits:03d}"
        while rest:
            rest, digits = divmod(rest, 1000)
            name = f"x{digits:03d}/{name}"
        return f"tile/{level}/{name}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")


def parse_path(path: str) -> Tile | Refusal:
    """The tile that a path names; refuses with MALFORMED whatever `Tile.path` would not have written."""
    match = _PATH.fullmatch(path)
    if match is not None:
        level, digits, width = match.groups()
        index = int(digits.replace("x", "").replace("/", ""))
        tile = Tile(None if level == "entries" else int(level), index, int(width or TILE_WIDTH))
        if (tile.level or 0) <= LEVEL_MAX and tile.width <= TILE_WIDTH and tile.path == path:
            return tile
    return Refusal(Reason.MALFORMED, "path", f"no tile path: {path[:80]!r}")


def hash_tiles(size: int, old_size: int = 0) -> tuple[Tile, ...]:
    """The Merkle tiles of a tree of `size` that differ from those of `old_size`: full ones, then the partial
    one."""
    tiles: list[Tile] = []
    level, width, old_width = 0, size, old_size
    while width:
        tiles += _tiles(level, width, old_width)
        level, width, old_width = level + 1, width >> TILE_HEIGHT, old_width >> TILE_HEIGHT
    return tuple(tiles)


def entry_bundles(size: int, old_size: int = 0) -> tuple[Tile, ...]:
    """The entry bundles of a tree of `size` that differ from those of `old_size`."""
    return tuple(_tiles(None, size, old_size))


def _tiles(level: int | None, width: int, old_width: int) -> list[Tile]:
    full, partial = divmod(width, TILE_WIDTH)
    tiles = [Tile(level, n) for n in range(old_width // TILE_WIDTH, full)]
    if partial and width != old_width:
        tiles.append(Tile(level, full, partial))
    return tiles


def tile_bytes(tile: Tile, read_hash: ReadHash) -> bytes:
    """Content of a Merkle tile, from perfect hashes."""
    height = TILE_HEIGHT * (tile.level or 0)
    first = tile.index * TILE_WIDTH
    return b"".join(read_hash(height, first + i) for i in range(tile.width))


def tile_hashes(data: bytes, tile: Tile) -> tuple[bytes, ...] | Refusal:
    """The hashes in a Merkle tile; refuses with TRUNCATED unless it has exactly `tile.width` of them."""
    if len(data) != tile.width * HASH_BYTES:
        return Refusal(Reason.TRUNCATED, tile.path, f"{len(data)} bytes, needs {tile.width * HASH_BYTES}")
    return tuple(data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES))


def tile_reader(size: int, read_tile: Callable[[Tile], Sequence[bytes]]) -> ReadHash:
    """A reader of perfect hashes over stored tiles of a tree of `size`: `read_tile` gives a tile's hashes."""

    def read_hash(level: int, index: int) -> bytes:
        tile_level, inner = divmod(level, TILE_HEIGHT)
        first = index << inner
        number, offset = divmod(first, TILE_WIDTH)
        width = min(TILE_WIDTH, (size >> (TILE_HEIGHT * tile_level)) - number * TILE_WIDTH)
        hashes = read_tile(Tile(tile_level, number, width))
        return perfect_hashes(hashes[offset : offset + (1 << inner)])(inner, 0)

    return read_hash


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each behind its length as big-endian uint16. Raises OverflowError above 65,535 bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(data: bytes, most: int = TILE_WIDTH) -> tuple[bytes, ...] | Refusal:
    """The entries of a bundle; refuses with TRUNCATED or TOO_LARGE (more than `most`, or an entry out of
    bounds)."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > end or at + 2 > end:
            return Refusal(Reason.TRUNCATED, f"entry {len(entries)}", "the bundle ends within an entry")
        if not 1 <= length <= limits.ENTRY_BYTES:
            return Refusal(
                Reason.TOO_LARGE, f"entry {len(entries)}", f"{length} bytes, allowed 1..{limits.ENTRY_BYTES}"
            )
        if len(entries) == most:
            return Refusal(Reason.TOO_LARGE, "bundle", f"more than {most} entries")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return tuple(entries)
