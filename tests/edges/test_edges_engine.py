"""The engine: who waits for a change can end."""

import asyncio

import pytest

from redshank.edges.engine import Engine


@pytest.mark.parametrize("turns", range(8))
async def test_a_cancellation_ends_who_waits_for_a_change_whenever_it_comes(turns):
    """Also in the very moment of the change: a job that swallowed it would keep a node from ever stopping."""
    engine = Engine.__new__(Engine)
    engine.version, engine._changed = 0, asyncio.Condition()

    async def job():
        version = 0
        while True:
            version = await engine.changed(version, 0.05)

    task = asyncio.create_task(job())
    await asyncio.sleep(0.01)
    async with engine._changed:
        engine.version += 1
        engine._changed.notify_all()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=1)
    task.cancel()
    assert done == {task}
    assert task.cancelled()
