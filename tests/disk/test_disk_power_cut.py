"""The power may go at any instruction: after it the node comes back with all that it had acknowledged, and goes on.

A run of two real nodes is recorded once; for every operation of it, images of what a disk may then hold are made (the
model and what it grants: power_cut.py), and on each the node restarts. `make crash SEEDS=…` makes more of them.
"""

import os

import pytest
from tests.disk.cutting import Cutting, PromiseBroken
from tests.disk.recorded import record

SEEDS = int(os.environ.get("REDSHANK_CRASH_SEEDS", "1"))
"""Rounds of images of the kinds `torn` and `any` at each operation."""
TURNS = int(os.environ.get("REDSHANK_CRASH_TURNS", "3"))
"""Length of the run; an operation is about 1/300 of a turn."""


@pytest.mark.slow
@pytest.mark.timeout(200 * SEEDS * TURNS)
def test_rcv_1_the_power_may_go_at_any_instruction(shim, ram):
    """RCV-1, RCV-2: at every write, sync, truncation and change of a name; everything or only what was synced, torn and
    in any order."""
    run = record(shim, ram / "run", turns=TURNS)
    assert run.status == 0, run.said
    cutting = Cutting(run, ram, seed=20_260_507)
    cutting.everywhere(("all", "none", *("torn", "any", "any") * SEEDS))
    assert cutting.operations > 250 * TURNS
    assert len(cutting.met) > 500 * TURNS
    assert len(cutting.gone_on) > 20 * TURNS
    print(f"{cutting.operations} operations, {cutting.images} images, {len(cutting.met)} of them different,")
    print(f"{len(cutting.gone_on)} pairs of nodes went on")


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "mistake",
    [
        "no fsync of the store",
        "no fsync at a checkpoint",
        "no fsync of folders",
        "no fsync of files",
        "acknowledged before the commit",
        "published is marked first",
    ],
)
def test_the_images_catch_each_mistake(shim, ram, mistake):
    """One promise after the other is broken on purpose; the same test of the same run finds it."""
    run = record(shim, ram / "run", turns=2, mistake=mistake)
    assert run.status == 0, run.said
    with pytest.raises(PromiseBroken):
        Cutting(run, ram, seed=7).everywhere(("none", "torn", "any", "any", "any"))
