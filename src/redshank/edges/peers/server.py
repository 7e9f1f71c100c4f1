"""Peer server: takes a partner's deliveries and shows it our log as static tiles; nothing else.

The partner is known by its certificate before a byte of the request is read, and may touch its own channel only.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from redshank.edges.keys import KeySet
from redshank.edges.peers.tls import party_of, server_context
from redshank.exchange.delivery import CONFLICT, SIZE, TEXT
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, channel_between
from redshank.terms.refusal import Reason, Refusal

CHECKPOINT_HEADERS = {"Content-Type": TEXT, "Cache-Control": "no-cache"}
TILE_HEADERS = {"Content-Type": "application/octet-stream", "Cache-Control": "max-age=31536000, immutable"}
"""A tile of a given width never changes, a partial one neither (C2SP tlog-tiles)."""


class PeerDesk(Protocol):
    """Where requests of partners go."""

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """Takes one delivery; returns the HTTP status and the body of the answer."""

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        """`checkpoint` or a tile of our log on this channel, as C2SP tlog-tiles lays it out; None if there is none."""


class PeerServer:
    """One listening port for all partners."""

    def __init__(self, me: PartyId, keys: KeySet, authorities: Mapping[PartyId, str], desk: PeerDesk) -> None:
        self._me = me
        self._keys = keys
        self._authorities = dict(authorities)
        self._desk = desk
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listens; returns the port in use. Raises OSError when the address is taken."""
        app = web.Application(client_max_size=limits.DELIVERY_BYTES)
        app.router.add_post("/v1/{channel}/delivery", self._take_delivery)
        app.router.add_get("/v1/{channel}/log/{path:.+}", self._show_log)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=False)
        await self._runner.setup()
        context = server_context(self._keys, self._authorities)
        site = web.TCPSite(self._runner, host, port, ssl_context=context, backlog=64)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        return address[1]

    async def stop(self) -> None:
        """Stops listening; running requests get a moment to end."""
        if self._runner is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._runner.cleanup(), timeout=3.0)

    def _channel(self, request: web.Request) -> ChannelId | Refusal:
        tls = None if request.transport is None else request.transport.get_extra_info("ssl_object")
        certificate = None if tls is None else tls.getpeercert(binary_form=True)
        party = None if certificate is None else party_of(certificate, self._authorities)
        if party is None:
            return Refusal(Reason.BAD_KEY, "certificate", "not issued in a partner's name by its pinned authority")
        channel = channel_between(party, self._me)
        if request.match_info["channel"] != channel:
            return Refusal(Reason.WRONG_CHANNEL, "channel", f"{party} may use {channel} only")
        return channel

    async def _take_delivery(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        if isinstance(channel, Refusal):
            return _refused(403, channel)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, Refusal(Reason.TOO_LARGE, "delivery", f"limit is {limits.DELIVERY_BYTES} bytes"))
        status, answer = await self._desk.delivery(channel, body)
        kind = SIZE if status == CONFLICT else TEXT
        return web.Response(status=status, body=answer, headers={"Content-Type": kind})

    async def _show_log(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        if isinstance(channel, Refusal):
            return _refused(403, channel)
        path = request.match_info["path"]
        content = await self._desk.log_resource(channel, path)
        if content is None:
            return _refused(404, Refusal(Reason.WRONG_SIZE, "path", "no such resource in this log"))
        return web.Response(body=content, headers=CHECKPOINT_HEADERS if path == "checkpoint" else TILE_HEADERS)


def _refused(status: int, refusal: Refusal) -> web.Response:
    """The bare code, as docs/spec/delivery.md has it: the detail is for our own officers."""
    return web.Response(status=status, text=f"{refusal.reason.value}\n")
