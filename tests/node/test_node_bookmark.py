"""A bookmark gives again what a restart must know; one that can not be read, or is of something else, is left aside."""

import msgspec
import pytest

from redshank.exercise.simulation.invariants import duty_half
from redshank.exercise.simulation.scenes import Keys, fresh_state
from redshank.exercise.simulation.world import World
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.state import NodeState
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal


@pytest.fixture(scope="module")
def world() -> World:
    """A night with incidents, warnings, messages of each kind, crashes and refusals."""
    world = World(2)
    world.run()
    return world


def fresh(world: World, party: PartyId) -> NodeState:
    return fresh_state(party, {name: node.keys for name, node in world.nodes.items()})


def test_a_bookmark_gives_the_duty_half_again(world: World) -> None:
    incidents = 0
    for party, node in world.nodes.items():
        again = from_bookmark(fresh(world, party), bookmark_of(node.state))
        assert isinstance(again, NodeState)
        assert duty_half(again) == duty_half(node.state)
        assert again.lines == node.state.lines
        assert again.picture.next_number == node.state.picture.next_number
        incidents += len(again.incidents.closed)
    assert incidents


def test_a_bookmark_of_something_else_is_refused(world: World) -> None:
    (one, first), (other, _), *_ = world.nodes.items()
    data = bookmark_of(first.state)
    strangers = {name: Keys(99, name) for name in world.nodes}
    assert _reason(from_bookmark(fresh(world, other), data)) is Reason.BAD_KEY
    assert _reason(from_bookmark(fresh_state(one, strangers), data)) is Reason.BAD_KEY
    assert _reason(from_bookmark(fresh_state(one, {one: first.keys}), data)) is Reason.BAD_KEY


def test_what_can_not_be_read_is_refused(world: World) -> None:
    party, node = next(iter(world.nodes.items()))
    data = bookmark_of(node.state)
    version, rest, incidents = msgspec.msgpack.decode(data)
    newer = msgspec.msgpack.encode((version + 1, rest, incidents))
    assert _reason(from_bookmark(fresh(world, party), newer)) is Reason.UNKNOWN_TYPE
    grown = msgspec.msgpack.encode((version, rest, incidents | {"field of another version": 1}))
    assert _reason(from_bookmark(fresh(world, party), grown)) is Reason.MALFORMED
    for cut in (0, 1, 100, len(data) // 2, len(data) - 1):
        assert _reason(from_bookmark(fresh(world, party), data[:cut])) is Reason.MALFORMED


def _reason(found: NodeState | Refusal) -> Reason:
    assert isinstance(found, Refusal)
    return found.reason
