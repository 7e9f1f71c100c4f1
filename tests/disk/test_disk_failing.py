"""A disk that fails: full, broken, read-only, writing half, at whichever operation. The node stops and says so; nobody
was told of anything that is not on the disk; on a sound disk the node comes back and goes on."""

import os
from collections import Counter

import numpy as np
import pytest
from tests.disk.cutting import Cutting
from tests.disk.power_cut import marks, read_trace
from tests.disk.recorded import record_many
from tests.disk.workload import BY, LT

SEEDS = int(os.environ.get("REDSHANK_CRASH_SEEDS", "1"))
KINDS = ("ENOSPC", "EIO", "EROFS", "SHORT", "EIO1", "ENOSPC1", "SHORT1")
"""With a 1: once, and then the disk works again; a sync that failed must not be believed when it is tried again."""
RUNS = 14
"""Each kind at two places; `make crash` has them everywhere."""


def chosen(operations: int) -> list[str]:
    """Each kind spread over the whole run; with many seeds, each operation."""
    rng = np.random.default_rng(3)
    wanted = min(RUNS * SEEDS, operations * len(KINDS))
    places = np.linspace(1, operations, wanted, dtype=int) + rng.integers(0, max(1, operations // wanted), wanted)
    return list(dict.fromkeys(f"{place}:{KINDS[number % len(KINDS)]}" for number, place in enumerate(places)))


@pytest.mark.slow
@pytest.mark.timeout(400 * SEEDS)
def test_rcv_3_the_outcome_of_a_failed_write_is_never_guessed(shim, ram):
    """RCV-3, RCV-4: it stops, says which file and what to do, and a restart finds what was acknowledged."""
    (undisturbed,) = [len(read_trace(run.trace)) for run in record_many(shim, ram / "whole", turns=1, fails=["0:none"])]
    ends = Counter[str]()
    fails = chosen(undisturbed)
    for fail, run in zip(fails, record_many(shim, ram / "runs", turns=1, fails=fails), strict=True):
        try:
            ends[_judged(run, ram, fail)] += 1
        except Exception as error:
            raise AssertionError(f"DISK_FAIL={fail}: {type(error).__name__}: {error}\n{run.said}") from error
    print(dict(ends))
    assert ends["stopped"] > len(fails) / 2


def _judged(run, ram, fail):
    """Holds both nodes to their promises: on the disk as the next start sees it, and as a power cut leaves it then."""
    cutting = Cutting(run, ram, seed=11)
    last = None
    for op in read_trace(run.trace):
        if op.kind == "m":
            for mark in marks(op):
                cutting.known[mark["party"]].hears(mark)
        else:
            cutting.disk.take(op)
            last = op
    if last is not None:
        for party in (BY, LT):
            for kind in ("none", "any"):
                cutting.one(last, party, kind)
    cutting.restart_both(run.root)
    if run.status == 0:
        return "went on"  # a short write is carried on by whoever wrote; what is done at the end may fail
    assert str(run.root) in run.said, "does not say which file"
    assert any(what in run.said for what in ("Look at the disk", "No space", "Input/output", "Read-only")), run.said
    return "stopped"
