"""Peer pump: delivers what one channel owes, in order, until the partner has receipted it all; then waits.

Store and forward is nothing more than this: the outbox is the log itself, and the partner's answer says where to
resume. A failed delivery is tried again with growing pauses for ever; the officer sees the line as down.
"""

import asyncio
import ssl
from typing import Protocol

import aiohttp

from redshank.edges.keys import host_name
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId


class Outbox(Protocol):
    """One channel's sending side, as the engine offers it."""

    async def next_delivery(self) -> bytes | None:
        """The next delivery's bytes, or None when the partner has receipted everything."""

    async def answered(self, status: int, body: bytes) -> bool:
        """Takes the partner's answer; True if the next delivery may go at once."""

    async def line_failed(self, why: str) -> None:
        """Notes that the partner could not be reached."""

    async def wait(self) -> None:
        """Returns when there may be something to deliver."""


class PeerPump:
    """Runs for one channel until it is cancelled."""

    def __init__(self, channel: ChannelId, partner: PartyId, url: str, context: ssl.SSLContext, outbox: Outbox) -> None:
        self._partner = partner
        self._target = f"{url.rstrip('/')}/v1/{channel}/delivery"
        self._context = context
        self._outbox = outbox

    async def run(self) -> None:
        """Delivers for ever. Ends only by cancellation."""
        timeout = aiohttp.ClientTimeout(total=limits.PEER_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
            pause_s = limits.PEER_RETRY_MIN_S
            while True:
                delivery = await self._outbox.next_delivery()
                if delivery is None:
                    await self._outbox.wait()
                    continue
                if await self._deliver(session, delivery):
                    pause_s = limits.PEER_RETRY_MIN_S
                else:
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 2, limits.PEER_RETRY_MAX_S)

    async def _deliver(self, session: aiohttp.ClientSession, delivery: bytes) -> bool:
        try:
            async with session.post(
                self._target,
                data=delivery,
                ssl=self._context,
                server_hostname=host_name(self._partner),
                allow_redirects=False,  # a partner must not send our deliveries to a place of its choosing
            ) as response:
                body = await response.content.read(limits.NOTE_BYTES)
                return await self._outbox.answered(response.status, body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await self._outbox.line_failed(f"{type(error).__name__}: {error}"[:200])
            return False
