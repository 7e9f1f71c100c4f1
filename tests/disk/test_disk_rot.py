"""Rot: a byte on the disk is not what was written. SQLite refuses, or the store or the check names the place; never a
wrong state without a word."""

import shutil
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from tests.disk.cutting import Cutting
from tests.disk.power_cut import lay_out, read_trace
from tests.disk.recorded import record
from tests.disk.workload import BY, CHANNEL, LT, PASSPHRASE, fresh

from redshank.edges.check import check_store
from redshank.edges.keys import KeySet
from redshank.edges.recovery import RecoveryFailed, recover
from redshank.edges.store import Store, StoreFailed
from redshank.node.effects import NoteKind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SAMPLE = 250
"""Bytes flipped anywhere in the file, beside those that are aimed at."""


@pytest.fixture(scope="module")
def run(shim, tmp_path_factory):
    return record(shim, tmp_path_factory.mktemp("rot"), turns=2)


def cast_of(run):
    return {party: KeySet(party, run.root / party / "keys", PASSPHRASE) for party in (BY, LT)}


def all_of(path, cast):
    """Everything that a node would ever read of its store, after a start on it; or the refusal."""
    try:
        store = Store(path)
        try:
            state = recover(fresh(BY, cast), store)
            session = state.session(CHANNEL)
            logs = [session.own.key.name, session.theirs.origin]
            notes = [store.notes(origin, kind) for origin in logs for kind in NoteKind]
            return list(store.journal()), [store.entries(o, 0, 1 << 40) for o in logs], notes, store.published()
        finally:
            store.close()
    except (StoreFailed, RecoveryFailed) as error:
        return error


def aimed(path):
    """An offset inside each column of rows of each table: the content is searched for in the file."""
    raw, found = path.read_bytes(), {}
    db = sqlite3.connect(path)
    for table, columns in {
        "journal": ("event", "seal"),
        "entry": ("origin", "body", "seal"),
        "note": ("origin", "kind", "body", "seal"),
        "alert": ("warning", "seal"),
        "tip": ("name", "last", "seal"),
    }.items():
        for column in columns:
            for number, (value,) in enumerate(db.execute(f"SELECT {column} FROM {table}").fetchmany(3)):
                data = value.encode() if isinstance(value, str) else value
                at = raw.find(data[:900])
                if at >= 0 and any(data):
                    found[f"{table}.{column} {number}"] = at + min(len(data), 900) // 2
    for number, (at_ms,) in enumerate(db.execute("SELECT at_ms FROM journal").fetchmany(3)):
        found[f"journal.at_ms {number}"] = raw.find(at_ms.to_bytes(6, "big")) + 4
    db.close()
    return found


def test_rcv_5_no_flipped_byte_passes_unseen(run, ram):
    """RCV-5: the header, every column of every table, and bytes anywhere."""
    cast, source = cast_of(run), run.root / BY / "data" / "node.sqlite"
    whole, raw, rng = all_of(source, cast), source.read_bytes(), np.random.default_rng(5)
    assert not check_store(source).faults
    targets = aimed(source)
    assert len(targets) > 25
    places = {**{f"header {at}": at for at in range(0, 100, 3)}, **targets}
    places |= {f"anywhere {at}": int(at) for at in rng.integers(0, len(raw), SAMPLE)}
    seen = {"harmless": 0, "found": 0}
    copy = ram / "node.sqlite"
    for name, at in places.items():
        flipped = bytearray(raw)
        flipped[at] ^= int(rng.integers(1, 256))
        copy.write_bytes(flipped)
        report = check_store(copy)
        assert copy.read_bytes() == flipped, "the check has changed what it looked at"
        got = all_of(copy, cast)
        seen["harmless" if got == whole else "found"] += 1
        if got != whole:
            assert isinstance(got, Exception), f"{name}: a wrong state without a word"
        if got != whole or (name in targets and raw.count(raw[at - 8 : at + 8]) == 1):
            assert report.faults, f"{name}: the check does not see it"
        for left in ram.glob("node.sqlite*"):
            left.unlink()
    print(seen)
    assert seen["found"] > 100


@pytest.mark.parametrize(
    ("order", "place"),
    [
        ("DELETE FROM journal WHERE seq = 7", "journal row 7"),
        ("DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)", "journal"),
        ("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 5", "journal row 5"),
        ("UPDATE entry SET body = x'7b7d' WHERE idx = 2 AND origin LIKE '%/BY/2026'", "BY/2026, entry 2"),
        ("DELETE FROM entry WHERE idx = 1 AND origin LIKE '%/LT/2026'", "LT/2026, entry 1"),
        ("DELETE FROM entry WHERE idx > 3 AND origin LIKE '%/LT/2026'", "LT/2026"),
        ("UPDATE entry SET idx = idx + 100 WHERE idx = 3 AND origin LIKE '%/BY/2026'", "BY/2026, entry 3"),
        (
            "DELETE FROM note WHERE kind = 'receipt' AND size = (SELECT MIN(size) FROM note WHERE kind = 'receipt')",
            "receipt",
        ),
        ("UPDATE note SET at_ms = 1 WHERE kind = 'head' AND size = 1", "head 1"),
        ("DELETE FROM alert", "alerts"),
        ("UPDATE tip SET count = count - 1 WHERE name = 'journal'", "counts"),
    ],
)
def test_rcv_5_a_changed_or_missing_row_is_named(run, ram, order, place):
    """RCV-5: by log and index, or by number of the journal's row; the node does not start, or does not give it out."""
    cast, copy = cast_of(run), ram / "node.sqlite"
    shutil.copyfile(run.root / BY / "data" / "node.sqlite", copy)
    db = sqlite3.connect(copy)
    assert db.execute(order).rowcount > 0
    db.commit()
    db.close()
    faults = check_store(copy).faults
    assert any(place in f"{fault.place} {fault.what}" for fault in faults), faults
    assert isinstance(all_of(copy, cast), StoreFailed)


def test_rcv_6_a_broken_commit_in_the_wal_is_not_taken_for_a_power_cut(run, ram):
    """RCV-6: only the very last commit can go without a word, as if the power had gone before it."""
    cast = cast_of(run)
    cutting, images = Cutting(run, ram, seed=1), []
    for op in read_trace(run.trace):
        if op.kind != "m":
            cutting.disk.take(op)
            if op.kind == "s" and op.path == f"/{BY}/data/node.sqlite-wal":
                images.append(cutting.disk.image("all", cutting.rng, f"/{BY}/"))
    files = max(images, key=lambda image: len(image[f"/{BY}/data/node.sqlite-wal"]))
    home = ram / BY / "data"
    lay_out(files, ram)
    journal = all_of(home / "node.sqlite", cast)[0]
    wal, rng = files[f"/{BY}/data/node.sqlite-wal"], np.random.default_rng(9)
    found = 0
    for at in [*range(0, 32, 5), *rng.integers(32, len(wal), 120), *range(32, len(wal), 4120)]:
        lay_out(files, ram)
        flipped = bytearray(wal)
        flipped[at] ^= int(rng.integers(1, 256))
        (home / "node.sqlite-wal").write_bytes(flipped)
        (home / "node.sqlite-shm").unlink(missing_ok=True)
        report = check_store(home / "node.sqlite")
        got = all_of(home / "node.sqlite", cast)
        if isinstance(got, StoreFailed):
            found += 1
            assert report.faults
        else:
            assert got[0] == journal[: len(got[0])]
            assert len(got[0]) >= len(journal) - 3, f"byte {at}: more than the last commit went without a word"
    assert found > 60


def test_rcv_5_the_command_says_what_and_what_to_do(run, tmp_path):
    """RCV-5: `redshank check`, for people: which log, which entry, and the next steps; exit codes 0, 1 and 2."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(run.root / BY / "data" / "node.sqlite", data / "node.sqlite")

    def check():
        command = [sys.executable, "-m", "redshank.cli.main", "check", str(data)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    done = check()
    assert (done.returncode, "as it was written" in done.stdout) == (0, True), done.stdout + done.stderr
    db = sqlite3.connect(data / "node.sqlite")
    db.execute("UPDATE entry SET body = x'7b7d' WHERE idx = 2 AND origin LIKE '%/BY/2026'")
    db.commit()
    db.close()
    done = check()
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "FAULT log exercise/redshank/BY-LT/BY/2026, entry 2: is not what was written" in said
    assert "redshank rebuild" in said
    (data / "node.sqlite").unlink()
    assert check().returncode == 1
