"""The power may go at any instruction: after it the node comes back with all that it had acknowledged, and goes on.

A run of two real nodes is recorded once; for every operation of it, images of what a disk may then hold are made (the
model and what it grants: power_cut.py), and on each the node restarts. `make crash SEEDS=…` runs more of them.
"""

import hashlib
import os
import shutil

import numpy as np
import pytest
from tests.disk.power_cut import Disk, lay_out, marks, read_trace
from tests.disk.recovered import Known, Reference, examine, go_on
from tests.disk.workload import BY, LT

from redshank.edges.keys import KeySet

SEEDS = int(os.environ.get("REDSHANK_CRASH_SEEDS", "1"))
"""Images of kinds `torn` and `any` at each operation."""
KINDS = ("all", "none", *("torn", "any", "any") * SEEDS)


@pytest.mark.slow
@pytest.mark.timeout(100 + 100 * SEEDS)
def test_rcv_1_the_power_may_go_at_any_instruction(run, ram):
    """RCV-1, RCV-2: at every write, sync, truncation and change of a name; everything or only what was synced, torn and
    in any order."""
    cast = {party: KeySet(party, run.root / party / "keys") for party in (BY, LT)}
    references = {party: Reference(run.commits[party], run.live[party]) for party in (BY, LT)}
    known = {party: Known() for party in (BY, LT)}
    disk, rng = Disk(run.root_inode), np.random.default_rng(20_260_507)
    met, gone_on, images = dict[bytes, int](), set[tuple[int, int]](), 0
    ops = read_trace(run.trace)
    for number, op in enumerate(ops):
        if op.kind == "m":
            for mark in marks(op):
                known[mark["party"]].hears(mark)
            continue
        disk.take(op)
        if op.path.endswith("-shm"):
            continue  # made anew after a power cut
        party = BY if op.path.startswith(f"/{BY}") else LT
        for kind in KINDS:
            files = disk.image(kind, rng, f"/{party}/")
            images += 1
            digest = _digest(files, known[party])
            if digest not in met:
                try:
                    met[digest] = examine(party, files, ram / "one", known[party], references[party], cast)
                except Exception as error:
                    raise AssertionError(f"operation {number} ({op.kind} {op.path}), image {kind!r}: {error}") from error
                shutil.rmtree(ram / "one")
        _go_on_both(disk, rng, ram, known, references, cast, gone_on)
    assert len(ops) > 1_000
    assert len(gone_on) > 50
    print(f"{len(ops)} operations, {images} images, {len(met)} of them different, {len(gone_on)} pairs went on")


def _go_on_both(disk, rng, ram, known, references, cast, gone_on):
    """Once for each pair of journals that the two nodes come back with."""
    kind = "any" if rng.random() < 0.5 else "none"
    if not all(known[party].journal for party in (BY, LT)):
        return
    pair = []
    lengths = tuple(known[party].journal for party in (BY, LT))
    if (kind, *lengths) in gone_on:
        return
    gone_on.add((kind, *lengths))
    for party in (BY, LT):
        files = disk.image(kind, rng, f"/{party}/")
        pair.append(examine(party, files, ram / "two", known[party], references[party], cast))
        lay_out(files, ram / "two")
    go_on(ram / "two", cast)


def _digest(files, known):
    hasher = hashlib.blake2b(repr(known).encode())
    for name, content in files.items():
        if not name.endswith("-shm"):
            hasher.update(f"{name} {len(content)} ".encode())
            hasher.update(content)
    return hasher.digest()
