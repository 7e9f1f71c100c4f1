"""Outbox: one channel's sending side. The log is the outbox; the session says what is due, the store has the bytes.

May know: engine, exchange, node's events.
"""

from redshank.edges.engine import Engine
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.node.events import AnswerCame, LineFailed
from redshank.node.rotation import under_delivery
from redshank.terms.ids import ChannelId


class ChannelOutbox:
    """What `PeerPump` asks of the node, for one channel."""

    def __init__(self, engine: Engine, channel: ChannelId) -> None:
        self._engine = engine
        self._channel = channel
        self._origin = ""
        """Of the log that was delivered last."""

    async def next_delivery(self) -> bytes | None:
        """The bytes of the next delivery, or None when the partner has receipted everything."""
        session = under_delivery(self._engine.state, self._channel)
        outgoing = next_delivery(session)
        if outgoing is None:
            return None
        self._origin = session.own.key.name
        entries = await self._engine.entries(session.own.key.name, outgoing.first, outgoing.end)
        return delivery_bytes(session, outgoing, tuple(entries))

    async def answered(self, status: int, body: bytes) -> bool:
        """Hands the partner's answer to the node; True if it was a receipt or a size to resume at."""
        refusal = await self._engine.ask(lambda ticket: AnswerCame(ticket, self._channel, status, body, self._origin))
        return refusal is None

    async def line_failed(self, why: str) -> None:
        """Tells the node that the partner could not be reached."""
        await self._engine.post(LineFailed(self._channel, why))

    async def wait(self) -> None:
        """Returns when something may be due."""
        waker = self._engine.waker(self._channel)
        await waker.wait()
        waker.clear()
