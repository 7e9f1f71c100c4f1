"""The outbox of a channel over a change of its logs: an answer belongs to the delivery that it was given to."""

from collections.abc import Callable
from typing import cast

from tests.node.node_pair import CHANNEL
from tests.node.test_node_rotation import Seat, confirmed, say

from redshank.edges.engine import Engine
from redshank.edges.peers.outbox import ChannelOutbox, Due
from redshank.node.commands import RotateKeys
from redshank.node.effects import AnswerPeer, CommandDone
from redshank.node.events import DeliveryCame, Event
from redshank.node.state import NodeState
from redshank.terms.message import Why
from redshank.terms.refusal import Refusal


class OfSeat:
    """What an outbox asks of an engine, from a seat."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    @property
    def state(self) -> NodeState:
        return self.seat.state

    async def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        return self.seat.disk.entries(origin, start, stop)

    async def ask(self, make: Callable[[int], Event]) -> Refusal | None:
        [done] = [act for act in self.seat.take(make(1)) if isinstance(act, CommandDone)]
        return done.refusal


async def test_the_second_of_two_answers_may_come_after_the_next_log_is_under_delivery() -> None:
    """DEL-5, DEL-13 and DEL-14: one receipt covers both pushes of the old log; its second copy is no answer to the push
    of the next log that went out in between."""
    by, lt = confirmed()
    outbox = ChannelOutbox(cast(Engine, OfSeat(lt)), CHANNEL)
    say(lt)
    first = await outbox.next_delivery(0)
    assert isinstance(first, Due)
    assert lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED)) is None
    second = await outbox.next_delivery(first.size)
    assert isinstance(second, Due)
    assert second.origin == first.origin
    came = [DeliveryCame(ticket, CHANNEL, due.body) for ticket, due in enumerate((first, second))]
    one, other = (act for act in by.take(*came) if isinstance(act, AnswerPeer))
    assert await outbox.answered(one.status, one.body, first)
    third = await outbox.next_delivery(second.size)
    assert isinstance(third, Due)
    assert third.origin == f"{first.origin}/1"
    assert await outbox.answered(other.status, other.body, second)
    assert not lt.state.line(CHANNEL).refusals
