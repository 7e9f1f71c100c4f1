"""The view is drawn in pieces, between a node's turns, and what has not changed is not drawn again."""

import asyncio

from msgspec.structs import replace
from tests.node.test_node_look import MANY, looked, ready, told

from redshank.console.pieces import Memory, at_once, between_turns
from redshank.console.render import drawing, render
from redshank.node.step import step
from redshank.terms.instants import Instant


async def test_drawn_in_pieces_it_is_the_same_view_and_others_get_their_turn():
    state, now = ready(MANY)
    state, _ = looked(state, now)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    busy = asyncio.create_task(other())
    view = await between_turns(drawing(state, now, 1.0, Memory()))
    busy.cancel()
    assert turns >= MANY // 32
    assert view == render(state, now, 1.0)


def test_a_view_from_memory_is_the_one_that_is_drawn_anew():
    state, now = ready(60)
    for second in range(2, 6):
        now = Instant(now + 1_000)
        state, _ = step(state, told(60, second), now)
        state, _ = looked(state, now)
    assert state.incidents.open
    memory = Memory()
    first = at_once(drawing(state, now, 1.0, memory))
    again = at_once(drawing(state, now, 1.0, memory))
    assert all(a is b for a, b in zip(first.incidents, again.incidents, strict=True))
    later = Instant(now + 2_000)
    moved_on, _ = looked(step(state, told(30, 8), later)[0], later)
    moved_on = replace(moved_on, alerts={})
    assert at_once(drawing(moved_on, later, 1.0, memory)) == render(moved_on, later, 1.0)
