"""Peer pump: delivers what one channel owes, in order, until the partner has receipted it all; then waits.

Store and forward is nothing more than this: the outbox is the log itself, and the partner's answer says where to
resume. A failed delivery is tried again with growing pauses for ever; the officer sees the line as down. Where nobody
answers a call the pauses stay short, for the line may return at any moment; where somebody refuses, they grow longer.
"""

import asyncio
from typing import Protocol

from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.stream import LineBroken
from redshank.edges.peers.tls import LinkRefused
from redshank.terms import limits
from redshank.terms.ids import ChannelId


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

    def __init__(self, channel: ChannelId, call: PeerCall, outbox: Outbox) -> None:
        self._path = f"/v1/{channel}/delivery"
        self._call = call
        self._outbox = outbox

    async def run(self) -> None:
        """Delivers for ever. Ends only by cancellation."""
        pause_s = limits.PEER_RETRY_MIN_S
        try:
            while True:
                delivery = await self._outbox.next_delivery()
                if delivery is None:
                    await self._outbox.wait()
                    continue
                longest_s = await self._deliver(delivery)
                if longest_s is None:
                    pause_s = limits.PEER_RETRY_MIN_S
                else:
                    await asyncio.sleep(min(pause_s, longest_s))
                    pause_s = min(pause_s * 2, longest_s)
        finally:
            self._call.close()

    async def _deliver(self, delivery: bytes) -> float | None:
        """None when it was answered well; else the longest pause before it is tried again."""
        try:
            status, body = await self._call.request("POST", self._path, delivery)
        except LinkRefused as refused:
            await self._outbox.line_failed(f"refused: {refused}"[:200])
        except LineBroken as broken:
            await self._outbox.line_failed(str(broken)[:200])
        except (TimeoutError, OSError) as error:
            await self._outbox.line_failed(f"{type(error).__name__}: {error}"[:200])
            return limits.PEER_CALL_AGAIN_S
        else:
            return None if await self._outbox.answered(status, body) else limits.PEER_RETRY_MAX_S
        return limits.PEER_RETRY_MAX_S
