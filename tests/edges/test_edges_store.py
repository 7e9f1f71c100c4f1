"""The store on a real SQLite file: all or nothing, durable before it returns, found again after a reopening."""

from pathlib import Path

import pytest

from redshank.edges.store import Store, StoreFailed
from redshank.node.effects import KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.terms.instants import Instant

NOW = Instant(1_770_000_000_000)


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    store = Store(tmp_path / "node.sqlite")
    store.commit([KeepEvent(b"one"), KeepEntry("o", 0, b"first"), KeepNote("o", NoteKind.HEAD, 1, b"note")], NOW)
    store.commit([KeepEvent(b"two"), KeepEntry("o", 1, b"second")], Instant(NOW + 5))
    store.close()
    again = Store(tmp_path / "node.sqlite")
    assert list(again.journal()) == [(NOW, b"one"), (NOW + 5, b"two")]
    assert again.entries("o", 0, 10) == [b"first", b"second"]
    assert again.entries("o", 1, 2) == [b"second"]
    assert again.size("o") == 2
    assert again.size("unknown") == 0
    assert again.notes("o", NoteKind.HEAD) == [(1, b"note")]


def test_a_commit_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "node.sqlite")
    store.commit([KeepEntry("o", 0, b"first")], NOW)
    with pytest.raises(StoreFailed):
        store.commit([KeepEvent(b"lost"), KeepEntry("o", 1, b"x"), KeepEntry("o", 0, b"rewritten")], NOW)
    store.close()
    again = Store(tmp_path / "node.sqlite")
    assert list(again.journal()) == []
    assert again.entries("o", 0, 10) == [b"first"]


def test_after_a_failed_commit_the_store_takes_and_gives_nothing(tmp_path: Path) -> None:
    """RCV-3: what the disk holds then is for the restart to find out."""
    store = Store(tmp_path / "node.sqlite")
    store.commit([KeepEntry("o", 0, b"first")], NOW)
    with pytest.raises(StoreFailed):
        store.commit([KeepEntry("o", 0, b"rewritten")], NOW)
    with pytest.raises(StoreFailed, match="failed before"):
        store.commit([KeepEntry("o", 1, b"second")], NOW)
    with pytest.raises(StoreFailed, match="failed before"):
        store.entries("o", 0, 1)
    with pytest.raises(StoreFailed, match="failed before"):
        list(store.journal())


def test_an_entry_is_never_rewritten(tmp_path: Path) -> None:
    store = Store(tmp_path / "node.sqlite")
    store.commit([KeepEntry("o", 0, b"first")], NOW)
    with pytest.raises(StoreFailed, match="cannot be written"):
        store.commit([KeepEntry("o", 0, b"other")], NOW)


def test_a_full_disk_is_a_failure_and_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "node.sqlite")
    store.commit([KeepEvent(b"one")], NOW)
    store._db.execute("PRAGMA max_page_count = 12")  # the database's own way of being full
    with pytest.raises(StoreFailed):
        store.commit([KeepEvent(b"x" * 1_000_000)], NOW)
    store.close()
    assert list(Store(tmp_path / "node.sqlite").journal()) == [(NOW, b"one")]


def test_the_store_is_set_to_survive_a_power_cut(tmp_path: Path) -> None:
    store = Store(tmp_path / "node.sqlite")
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
