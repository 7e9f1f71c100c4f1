"""Ahead: requests of one connection that have been read and not yet answered, in order and within bounds.

Here: how many and how many bytes may wait. Not here: reading, answering (server). May know: requests.
"""

import asyncio

import h11
import msgspec

from redshank.edges.peers.requests import Answer
from redshank.terms import limits


class Exchange(msgspec.Struct, frozen=True):
    """One request, on an h11 connection of its own, and what will be its answer."""

    http: h11.Connection
    answer: "asyncio.Task[Answer]"
    size: int
    """Bytes of its body."""


class Ahead:
    """What waits. One task reads and puts, one takes and tells."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Exchange | None] = asyncio.Queue()
        self._count = self._bytes = 0
        self._told = asyncio.Event()

    async def room(self) -> None:
        """Returns when one more request may be read. The bytes of one delivery may wait, beside the one that is read:
        a caller that sends without end costs no more than that."""
        while self._count >= limits.HEADS_UNDER_WAY or self._bytes >= limits.DELIVERY_BYTES:
            await self._one_told()

    async def quiet(self) -> None:
        """Returns when nothing waits for an answer."""
        while self._count:
            await self._one_told()

    def put(self, exchange: Exchange) -> None:
        """One more has been read."""
        self._count += 1
        self._bytes += exchange.size
        self._waiting.put_nowait(exchange)

    def end(self) -> None:
        """No more will be read."""
        self._waiting.put_nowait(None)

    async def take(self) -> Exchange | None:
        """The next one; None after the last."""
        return await self._waiting.get()

    def told(self, exchange: Exchange) -> None:
        """It has been answered."""
        self._count -= 1
        self._bytes -= exchange.size
        self._told.set()

    async def drop(self) -> None:
        """Nobody is answered any more."""
        left = [one for _ in range(self._waiting.qsize()) if (one := self._waiting.get_nowait()) is not None]
        for exchange in left:
            exchange.answer.cancel()
        await asyncio.gather(*(exchange.answer for exchange in left), return_exceptions=True)

    async def _one_told(self) -> None:
        self._told.clear()
        await self._told.wait()
