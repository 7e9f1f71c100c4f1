"""Peer pump: delivers what one channel owes, in order, until the partner has receipted it all; then waits.

Store and forward is nothing more than this: the outbox is the log itself, and the partner's answer says where to
resume. While receipts come, several deliveries are on their way at once. After anything else it begins anew with the
newest head: a failed delivery is tried again with growing pauses for ever; the officer sees the line as down. Where
nobody answers a call the pauses stay short, for the line may return at any moment; where somebody refuses, they grow
longer.
"""

import asyncio
from typing import Protocol

from redshank.edges.peers.calling import Answer, PeerCall
from redshank.edges.peers.stream import LineBroken
from redshank.edges.peers.tls import LinkRefused
from redshank.exchange.delivery import OK
from redshank.terms import limits
from redshank.terms.ids import ChannelId


class DueDelivery(Protocol):
    """One push: its bytes, the size of the head in it, and the log that it is of."""

    @property
    def body(self) -> bytes:
        """The bytes."""

    @property
    def size(self) -> int:
        """In entries."""

    @property
    def origin(self) -> str:
        """Its name."""


class Outbox(Protocol):
    """One channel's sending side, as the engine offers it."""

    async def next_delivery(self, pushed: int) -> DueDelivery | None:
        """The next delivery after those on their way, up to size `pushed`; None when nothing more is due now."""

    async def answered(self, status: int, body: bytes, due: DueDelivery) -> bool:
        """Takes the partner's answer to this delivery; True if it was a receipt or a size."""

    async def line_failed(self, why: str) -> None:
        """Notes that the partner could not be reached."""

    async def wait(self) -> None:
        """Returns when there may be something to deliver."""


_Flight = asyncio.Queue[tuple[DueDelivery | None, "asyncio.Task[Answer]"]]
"""The deliveries on their way, in order, and their answers; None: nothing more is pushed."""


class PeerPump:
    """Runs for one channel until it is cancelled."""

    def __init__(self, channel: ChannelId, call: PeerCall, outbox: Outbox) -> None:
        self._path = f"/v1/{channel}/delivery"
        self._call = call
        self._outbox = outbox
        self._receipts = 0

    async def run(self) -> None:
        """Delivers for ever. Ends only by cancellation."""
        pause_s, seen, resumed = limits.PEER_RETRY_MIN_S, 0, False
        try:
            while True:
                longest_s = await self._stretch()
                if self._receipts > seen:
                    pause_s, seen, resumed = limits.PEER_RETRY_MIN_S, self._receipts, False
                if longest_s is None and not resumed:
                    resumed = True  # once: who names one size after the other is not worth hurrying
                    continue
                longest_s = limits.PEER_RETRY_MAX_S if longest_s is None else longest_s
                await asyncio.sleep(min(pause_s, longest_s))
                pause_s = min(pause_s * 2, longest_s)
        finally:
            self._call.close()

    async def _stretch(self) -> float | None:
        """Delivers while receipts come. None when the partner has said where to resume; else the longest pause before
        it is tried again."""
        flight: _Flight = asyncio.Queue()
        room = asyncio.Semaphore(limits.HEADS_UNDER_WAY)
        pushing = asyncio.create_task(self._push(flight, room))
        pushing.add_done_callback(lambda ended: flight.put_nowait((None, ended)))
        try:
            while True:
                longest_s = await self._hear(*await flight.get())
                if longest_s != 0.0:
                    return longest_s
                self._receipts += 1
                room.release()
        finally:
            await _end(pushing, flight, self._call)

    async def _push(self, flight: "_Flight", room: asyncio.Semaphore) -> Answer:
        """Sends what is due for ever; its own end is a failure, which whoever waits for answers gets to hear."""
        pushed = 0
        while True:
            await room.acquire()
            while (due := await self._outbox.next_delivery(pushed)) is None:
                await self._outbox.wait()
            pushed = due.size
            flight.put_nowait((due, asyncio.create_task(self._call.request("POST", self._path, due.body))))

    async def _hear(self, due: DueDelivery | None, answer: "asyncio.Task[Answer]") -> float | None:
        """0 for a receipt, else as `_stretch`."""
        try:
            status, body = await answer
        except LinkRefused as refused:
            await self._outbox.line_failed(f"refused: {refused}"[:200])
        except LineBroken as broken:
            await self._outbox.line_failed(str(broken)[:200])
        except (TimeoutError, OSError) as error:
            await self._outbox.line_failed(f"{type(error).__name__}: {error}"[:200])
            return limits.PEER_CALL_AGAIN_S
        else:
            if due is not None and await self._outbox.answered(status, body, due):
                return 0.0 if status == OK else None
        return limits.PEER_RETRY_MAX_S


async def _end(pushing: "asyncio.Task[Answer]", flight: _Flight, call: PeerCall) -> None:
    """Nothing more is pushed, and what is on its way is answered to nobody."""
    pushing.cancel()
    answers = [flight.get_nowait()[1] for _ in range(flight.qsize())]
    for answer in answers:
        answer.cancel()
    await asyncio.gather(pushing, *answers, return_exceptions=True)
    if answers:
        call.close()
