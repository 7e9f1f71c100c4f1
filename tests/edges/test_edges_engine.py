"""The engine: what a node that is behind does with ticks that piled up, and that who waits for a change can end."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redshank.decode.decoded import Decoded
from redshank.edges.engine import Engine, last_tick_only
from redshank.node import events
from redshank.node.events import LineFailed, Reported, Ticked
from redshank.terms.ids import ChannelId, SourceId

EVENTS = st.sampled_from(
    [
        Ticked(),
        Reported(SourceId("radar"), Decoded()),
        LineFailed(ChannelId("BY-LT"), "refused"),
        events.TestFellDue(ChannelId("BY-LT")),
    ]
)


@given(st.lists(EVENTS, max_size=40))
def test_ticks_that_piled_up_become_the_last_one_and_nothing_else_is_lost(batch):
    left = last_tick_only(batch)
    assert [event for event in left if event != Ticked()] == [event for event in batch if event != Ticked()]
    assert left.count(Ticked()) == (Ticked() in batch)
    newest = max((number for number, event in enumerate(batch) if event == Ticked()), default=None)
    if newest is not None:
        assert left[left.index(Ticked()) + 1 :] == batch[newest + 1 :]


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
