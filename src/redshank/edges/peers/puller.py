"""Peer puller: reads a partner's log when the partner does not come by itself, and gives the receipt for it.

A line that works in one direction only is enough: what one node can not push the other one pulls (DEL-9 to DEL-11).
Here: when to look, fetching, handing over. Not here: which files (exchange.pull), what they mean (desk, session). What
is pulled is taken as a push would be, so both lead to the same state.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.stream import LineBroken
from redshank.edges.peers.tls import LinkRefused
from redshank.exchange.delivery import OK
from redshank.exchange.pull import Wanted, delivery_of, wanted
from redshank.exchange.session import Session
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.refusal import Refusal


class PullDesk(Protocol):
    """Where deliveries go, pushed or pulled."""

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """Takes one delivery; returns the HTTP status and the body of the answer."""


class PeerPuller:
    """Runs for one channel until it is cancelled. `arrivals` counts the partner's deliveries; while it grows, the
    partner comes by itself and nothing is pulled. `session` gives the generation that a head is of."""

    def __init__(
        self,
        channel: ChannelId,
        call: PeerCall,
        desk: PullDesk,
        session: Callable[[bytes], Session],
        arrivals: Callable[[], int],
    ) -> None:
        self._channel = channel
        self._call = call
        self._desk = desk
        self._session = session
        self._arrivals = arrivals

    async def run(self) -> None:
        """Looks for ever. Ends only by cancellation."""
        seen = self._arrivals()
        try:
            while True:
                await asyncio.sleep(limits.PULL_EVERY_S)
                came, seen = self._arrivals() != seen, self._arrivals()
                while not came and await self._pulled():
                    seen = self._arrivals()
        finally:
            self._call.close()

    async def _pulled(self) -> bool:
        """One look; True when something was taken, so that there may be more."""
        try:
            note = await self._get("checkpoint", limits.NOTE_BYTES)
            what = None if note is None else wanted(self._session(note), note)
            if not isinstance(what, Wanted):
                return False
            bundles = [await self._get(tile.path, limits.DELIVERY_BYTES) for tile in what.bundles]
            made = delivery_of(what, [bundle or b"" for bundle in bundles])
            if isinstance(made, Refusal):
                return False
            status, receipt = await self._desk.delivery(self._channel, made)
            if status != OK:
                return False
            status, _ = await self._call.request("POST", f"/v1/{self._channel}/receipt", receipt)
        except (LinkRefused, LineBroken, TimeoutError, OSError):
            return False  # the pump tells the officer that the line is down
        return status == OK

    async def _get(self, path: str, most: int) -> bytes | None:
        status, body = await self._call.request("GET", f"/v1/{self._channel}/log/{path}", answer_bytes=most)
        return body if status == OK else None
