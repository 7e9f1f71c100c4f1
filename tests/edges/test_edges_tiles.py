"""Tile hashes: LOG-7, LOG-8, LOG-17: what is served is what the whole log gives, however it grew, and costs little."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.edges.tiles import TileHashes
from redshank.exchange.record import LogExport, log_files
from redshank.log import merkle, tiles
from redshank.log.tiles import Tile, parse_path
from redshank.terms import limits
from redshank.terms.refusal import Refusal

ORIGIN = "redshank/BY-LT/LT/2026"


class Log:
    """Entries as a store has them, and how many were read."""

    def __init__(self, size: int) -> None:
        self.all = [b"%d" % number for number in range(size)]
        self.read = 0

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        assert origin == ORIGIN
        found = self.all[start:stop]
        self.read += len(found)
        return found


def caught_up(hashes: TileHashes, log: Log, size: int) -> None:
    steps = 0
    while hashes.catch_up(log, ORIGIN, size):
        steps += 1
    assert steps <= size // tiles.TILE_WIDTH // limits.TILES_PER_STEP + 1


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 70_000])
def test_every_file_of_a_log_is_served(tmp_path: Path, size: int) -> None:
    """LOG-7: the same bytes as when the whole log is laid out."""
    log, hashes = Log(size), TileHashes(tmp_path / "tiles.sqlite")
    caught_up(hashes, log, size)
    files = log_files(LogExport(b"", size, log.all, {}))
    for path, data in files.items():
        tile = parse_path(path)
        if not isinstance(tile, Refusal):
            assert hashes.resource(log, ORIGIN, size, tile) == data, path


def test_partial_tiles_of_earlier_heads_stay(tmp_path: Path) -> None:
    """LOG-17: any width up to what is signed; nothing beyond."""
    log, hashes = Log(600), TileHashes(tmp_path / "tiles.sqlite")
    caught_up(hashes, log, 600)
    read = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in log.all])
    for width in (1, 40, 88):
        for tile in (Tile(0, 2, width), Tile(None, 2, width)):
            data = hashes.resource(log, ORIGIN, 600, tile)
            whole = tiles.encode_bundle(log.all[512 : 512 + width])
            assert data == (whole if tile.level is None else tiles.tile_bytes(tile, read))
    assert hashes.resource(log, ORIGIN, 600, Tile(1, 0, 1)) == read(8, 0)
    for tile in (Tile(0, 2, 89), Tile(0, 2), Tile(None, 2, 89), Tile(1, 0, 3), Tile(2, 0, 1), Tile(0, 1 << 50, 1)):
        assert hashes.resource(log, ORIGIN, 600, tile) is None


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=6), st.data())
def test_however_a_log_grew_its_proofs_hold(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], data: st.DataObject
) -> None:
    """LOG-8: in steps, with restarts between, each consistency proof verifies."""
    path, log = tmp_path_factory.mktemp("tiles") / "tiles.sqlite", Log(max(sizes))
    whole = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in log.all])
    for size in sorted(sizes):
        hashes = TileHashes(path)
        caught_up(hashes, log, size)
        if size:
            old = data.draw(st.integers(1, size))
            proof = hashes.proof(log, ORIGIN, old, size)
            assert proof == merkle.consistency_proof(old, size, whole)
            roots = merkle.root_at(old, whole), merkle.root_at(size, whole)
            assert merkle.verify_consistency(old, size, *roots, proof if isinstance(proof, tuple) else ()) is None
        hashes.close()


def test_what_one_request_reads_does_not_grow_with_the_log(tmp_path: Path) -> None:
    """LOG-17: a tile or a proof of 300,000 entries reads a few tiles of them."""
    log, hashes = Log(300_000), TileHashes(tmp_path / "tiles.sqlite")
    caught_up(hashes, log, 300_000)
    for tile in (Tile(0, 700), Tile(None, 700), Tile(1, 0), Tile(1, 4, 147), Tile(2, 0, 4)):
        log.read = 0
        assert hashes.resource(log, ORIGIN, 300_000, tile) is not None
        assert log.read <= tiles.TILE_WIDTH, tile
    log.read = 0
    assert isinstance(hashes.proof(log, ORIGIN, 123_457, 299_999), tuple)
    assert log.read <= 4 * tiles.TILE_WIDTH


def test_the_file_may_be_lost(tmp_path: Path) -> None:
    """LOG-17: nothing is in it that does not follow from the entries."""
    log = Log(2_000)
    served = []
    for name in ("one.sqlite", "two.sqlite"):
        hashes = TileHashes(tmp_path / name)
        caught_up(hashes, log, 2_000)
        served.append([hashes.resource(log, ORIGIN, 2_000, tile) for tile in tiles.hash_tiles(2_000)])
    assert served[0] == served[1]
