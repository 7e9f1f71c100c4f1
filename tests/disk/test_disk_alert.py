"""An alert that a person has issued reaches the authority's spool, whenever the power goes."""

import asyncio
import contextlib

import pytest
from tests.disk.cutting import Cutting
from tests.disk.power_cut import lay_out, read_trace
from tests.disk.recorded import record
from tests.disk.recovered import is_whole
from tests.disk.workload import LT, HandClock, fresh

from redshank.edges.alerts import SpoolSender
from redshank.edges.engine import Engine
from redshank.edges.recovery import recover
from redshank.edges.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def restarted_between_commit_and_spool(run, cutting, folder):
    """The store after the first power cut that left an issued alert out of the spool, and the state."""
    for op in read_trace(run.trace):
        if op.kind == "m":
            continue
        cutting.disk.take(op)
        if op.kind == "s" and op.path == f"/{LT}/data/node.sqlite-wal":
            place = folder / str(op.offset) / str(len(list(folder.iterdir())))
            lay_out(cutting.disk.image("none", cutting.rng, f"/{LT}/"), place)
            store = Store(place / LT / "data" / "node.sqlite")
            state = recover(fresh(LT, cutting.cast), store)
            issued = [name for name, alert in state.alerts.items() if alert.issued_at is not None]
            missing = [name for name in issued if name not in store.published()]
            if missing:
                return store, state, missing
            store.close()
    raise AssertionError("the run issued no alert")


def test_rcv_2_an_issued_alert_is_in_the_spool_after_the_next_start(shim, ram):
    """RCV-2: the commit was there, the file not yet. It comes once; a further start leaves the spool alone."""
    run = record(shim, ram / "run", turns=2)
    cutting, folder = Cutting(run, ram, seed=1), ram / "cuts"
    folder.mkdir()
    store, state, missing = restarted_between_commit_and_spool(run, cutting, folder)
    spool = SpoolSender(ram / "spool")

    async def starts():
        engine = Engine(state, store, cutting.cast[LT], HandClock(), spool)
        running = asyncio.create_task(engine.run())
        for _ in range(500):
            if missing[0] in await asyncio.to_thread(store.published):
                break
            await asyncio.sleep(0.01)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(starts())
    assert [name for name in missing if is_whole(spool.path_of(name).read_bytes())] == missing
    for name in missing:
        spool.path_of(name).unlink()  # the authority has fetched it
    asyncio.run(starts())
    assert not list((ram / "spool").iterdir())
    store.close()
