"""Tiles: LOG-7, LOG-8."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.log import merkle, tiles
from redshank.log.tiles import Tile
from redshank.terms.refusal import Reason, Refusal


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(1, 273, 112), "tile/1/273.p/112"),
        (Tile(None, 1000, 1), "tile/entries/x001/000.p/1"),
        (Tile(63, 999), "tile/63/999"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    """LOG-7: paths as in C2SP tlog-tiles, both ways."""
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "checkpoint", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/x000/001", "tile/0/001/234", "tile/0/x001/x234", "tile/-1/000",
        "tile/0/000/", "../tile/0/000", "tile/0/٠٠٠", "tile/0/000.p/1\n", "tile/entries/entries/000",
    ],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    """LOG-7: one tile has one path."""
    refused = tiles.parse_path(path)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.MALFORMED


@given(st.text(max_size=60) | st.from_regex(r"tile/[0-9]{1,2}/(x[0-9]{3}/){0,2}[0-9]{3}(\.p/[0-9]{1,3})?"))
def test_any_path_is_a_tile_of_that_path_or_refused(path: str) -> None:
    found = tiles.parse_path(path)
    assert isinstance(found, Refusal) or found.path == path


def test_which_tiles_a_tree_has() -> None:
    """LOG-7: the two examples of C2SP tlog-tiles."""
    found = tiles.hash_tiles(70_000)
    count = {level: sum(tile.level == level for tile in found) for level in range(4)}
    assert count == {0: 274, 1: 2, 2: 1, 3: 0}
    assert Tile(0, 273, 112) in found
    assert Tile(1, 1, 17) in found
    assert Tile(2, 0, 1) in found
    assert tiles.hash_tiles(256) == (Tile(0, 0), Tile(1, 0, 1))
    assert tiles.hash_tiles(0) == ()
    assert tiles.entry_bundles(257) == (Tile(None, 0), Tile(None, 1, 1))


@given(st.integers(0, 200_000), st.integers(0, 2000))
def test_new_tiles_are_those_that_differ(old: int, more: int) -> None:
    everything = set(tiles.hash_tiles(old + more))
    assert set(tiles.hash_tiles(old + more, old)) == everything - set(tiles.hash_tiles(old))


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 1200))
def test_every_proof_can_be_made_from_tiles(size: int) -> None:
    """LOG-8: with nothing but the tile files of the tree."""
    leaves = [merkle.leaf_hash(b"%d" % i) for i in range(size)]
    read = merkle.perfect_hashes(leaves)
    files = {tile: tiles.tile_bytes(tile, read) for tile in tiles.hash_tiles(size)}

    def read_tile(tile: Tile) -> tuple[bytes, ...]:
        hashes = tiles.tile_hashes(files[tile], tile)
        assert not isinstance(hashes, Refusal)
        return hashes

    from_tiles = tiles.tile_reader(size, read_tile)
    for index in {0, size // 2, size - 1}:
        assert merkle.inclusion_proof(index, size, from_tiles) == merkle.inclusion_proof(index, size, read)
        if index:
            old = merkle.consistency_proof(index, size, from_tiles)
            assert old == merkle.consistency_proof(index, size, read)
    assert merkle.root_at(size, from_tiles) == merkle.root_at(size, read)


def test_a_tile_of_another_length_is_refused() -> None:
    for length in (0, 31, 63, 65, 96):
        refused = tiles.tile_hashes(bytes(length), Tile(0, 0, 2))
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.TRUNCATED


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=256))
def test_bundles_round_trip(entries: list[bytes]) -> None:
    """LOG-7: entries behind their lengths."""
    assert tiles.parse_bundle(tiles.encode_bundle(entries)) == tuple(entries)


def test_bundle_bounds() -> None:
    """LOG-7: 1 to 4,096 bytes an entry, 256 entries, no loose end."""
    assert tiles.encode_bundle([b"ab", b"c"]) == b"\x00\x02ab\x00\x01c"
    for data, reason in (
        (b"\x00", Reason.TRUNCATED),
        (b"\x00\x02a", Reason.TRUNCATED),
        (b"\x00\x00", Reason.TOO_LARGE),
        (b"\x10\x01" + bytes(4097), Reason.TOO_LARGE),
        (b"\x00\x01a" * 257, Reason.TOO_LARGE),
    ):
        refused = tiles.parse_bundle(data)
        assert isinstance(refused, Refusal), data[:9]
        assert refused.reason is reason


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_bundle_of_those_bytes_or_refused(data: bytes) -> None:
    found = tiles.parse_bundle(data)
    assert isinstance(found, Refusal) or tiles.encode_bundle(found) == data
