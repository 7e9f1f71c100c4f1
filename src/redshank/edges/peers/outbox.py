"""Outbox: one channel's sending side. The log is the outbox; the session says what is due, the store has the bytes.

May know: engine, exchange, node's events.
"""

import msgspec

from redshank.edges.engine import Engine
from redshank.edges.peers.pump import DueDelivery
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.node.events import AnswerCame, LineFailed
from redshank.node.rotation import under_delivery
from redshank.terms.ids import ChannelId


class Due(msgspec.Struct, frozen=True):
    """The bytes of a push, the size of the head in it, and the log that it is of."""

    body: bytes
    size: int
    origin: str = ""


class ChannelOutbox:
    """What `PeerPump` asks of the node, for one channel."""

    def __init__(self, engine: Engine, channel: ChannelId) -> None:
        self._engine = engine
        self._channel = channel
        self._origin = ""
        """Of the log that was delivered last."""

    async def next_delivery(self, pushed: int) -> Due | None:
        """The next delivery after those on their way, the last of which ended at size `pushed`; None when nothing more
        is due now."""
        session = under_delivery(self._engine.state, self._channel)
        origin = session.own.key.name
        push = next_delivery(session, pushed if origin == self._origin else 0)  # sizes are counted anew in each log
        if push is None:
            return None
        self._origin = origin
        entries = await self._engine.entries(origin, push.first, push.end)
        return Due(delivery_bytes(push, tuple(entries)), push.end, origin)

    async def answered(self, status: int, body: bytes, due: DueDelivery) -> bool:
        """Hands the partner's answer to the node; True if it was a receipt or a size to resume at. The log under
        delivery may be another one by now: one receipt covers what came together (DEL-5)."""
        refusal = await self._engine.ask(
            lambda ticket: AnswerCame(ticket, self._channel, status, body, due.size, origin=due.origin)
        )
        return refusal is None

    async def line_failed(self, why: str) -> None:
        """Tells the node that the partner could not be reached."""
        await self._engine.post(LineFailed(self._channel, why))

    async def wait(self) -> None:
        """Returns when something may be due."""
        waker = self._engine.waker(self._channel)
        await waker.wait()
        waker.clear()
