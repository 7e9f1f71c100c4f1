"""Long records: checked a bundle at a time, told a line at a time. REC-4, REC-7, REC-11."""

import tracemalloc
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import BY, LT
from tests.exchange.long_record import long_record
from tests.exchange.test_exchange_record import PINNED, conversation, export

from redshank.exchange.verifier import examine_record, verify_record
from redshank.log import merkle
from redshank.log.merkle import PackedHashes, leaf_hash, perfect_hashes
from redshank.log.tiles import TILE_WIDTH
from redshank.terms.message import Message

ENTRIES = 40_000


class Shelf(Mapping[str, bytes]):
    """A record that lies elsewhere: each file is a fresh copy, and it counts what was asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked = dict[str, int]()

    def __getitem__(self, path: str) -> bytes:
        self.asked[path] = self.asked.get(path, 0) + 1
        return bytes(bytearray(self.files[path]))

    def __contains__(self, path: object) -> bool:
        return path in self.files

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


@pytest.fixture(scope="module")
def long() -> dict[str, bytes]:
    return long_record(ENTRIES)


def test_a_long_record_is_never_in_memory_as_a_whole(long: dict[str, bytes]) -> None:
    """REC-11: some 130 bytes an entry for its hashes and its row; its bytes and its message would be 500."""
    shelf = Shelf(long)
    tracemalloc.start()
    examined = examine_record(shelf, PINNED)
    lines = sum(1 for _ in examined.lines())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert examined.report.ok, examined.report.findings[:3]
    assert lines == ENTRIES
    assert peak < 200 * ENTRIES, f"{peak / ENTRIES:.0f} bytes an entry"


def test_each_file_is_read_once_and_entries_once_more_for_the_lines(long: dict[str, bytes]) -> None:
    """REC-8, REC-11: every file is looked at; nothing is read again and again."""
    shelf = Shelf(long)
    examined = examine_record(shelf, PINNED)
    assert shelf.asked == dict.fromkeys(long, 1)
    assert sum(1 for _ in examined.lines()) == ENTRIES
    again = {path for path, count in shelf.asked.items() if count == 2}
    assert again == {path for path in long if "/entries/" in path}
    assert max(shelf.asked.values()) == 2


def test_the_lines_are_those_of_the_whole_report() -> None:
    """REC-7: told one by one or all at once."""
    files = export(*conversation())
    examined = examine_record(Shelf(files), PINNED)
    assert examined.report.lines == ()
    assert tuple(examined.lines()) == tuple(examined.lines()) == verify_record(files, PINNED).lines


def test_a_long_record_in_its_order(long: dict[str, bytes]) -> None:
    """REC-7: by time of statement, each side in the order of its serials; the last bundle is a partial one."""
    lines = list(examine_record(long, PINNED).lines())
    stated = [line.content.stated_ms for line in lines if isinstance(line.content, Message)]
    assert len(stated) == ENTRIES
    assert stated == sorted(stated)
    for party in (BY, LT):
        serials = [line.serial for line in lines if line.sender == party]
        assert serials == list(range(len(serials)))
        assert len(serials) % TILE_WIDTH
    assert sum(line.received_at_s is None for line in lines) > 0


def test_any_entry_can_be_asked_for_by_itself(long: dict[str, bytes]) -> None:
    """REC-15: as notes of voice do, back and forth through the bundles; beyond the end there is nothing."""
    for log in examine_record(long, PINNED).logs:
        size = log.direction.size
        for serial in (0, 255, 256, 19_000, 300, size - 1, 511, 512, 0):
            content = log.contents[serial]
            assert isinstance(content, Message)
            assert (content.sender, content.serial) == (log.direction.party, serial)
        for beyond in (-1, size):
            with pytest.raises(IndexError):
                log.contents[beyond]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 300), max_size=6))
def test_packed_hashes_are_the_perfect_hashes(parts: list[int]) -> None:
    """LOG-8: whatever the parts in which the leaves come."""
    leaves = [leaf_hash(b"%d" % number) for number in range(sum(parts))]
    packed, at = PackedHashes(), 0
    for part in parts:
        packed.extend(leaves[at : at + part])
        at += part
    whole = perfect_hashes(leaves)
    for level in range(11):
        for index in range(len(leaves) >> level):
            assert packed.read(level, index) == whole(level, index)
        with pytest.raises(IndexError):
            packed.read(level, max(1, len(leaves)) >> level if len(leaves) >> level else 0)
    assert merkle.root_at(len(leaves), packed.read) == merkle.root_at(len(leaves), whole)
