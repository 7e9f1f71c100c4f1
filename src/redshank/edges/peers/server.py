"""Peer server: takes a partner's deliveries and shows it our log as static tiles; nothing else.

Here: admitting callers, HTTP/1.1 by h11, bounds on time, size and number. Not here: TLS (tls, stream), what a delivery
means (desk). May know: terms, exchange's words of an answer, the rest of this room.

The partner is known by its certificate before a byte of the request is read, and may touch its own channel only. Who
says nothing, or little, costs a bounded place and loses it to the next caller.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol, cast

import h11

from redshank.edges.keys import KeySet, PublicKeys
from redshank.edges.peers.ahead import Ahead, Exchange
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.pace import Pace
from redshank.edges.peers.requests import Answer, Asked, next_request, respond
from redshank.edges.peers.stream import LineBroken, TlsStream
from redshank.edges.peers.tls import Callee, LinkRefused, ends_of
from redshank.exchange.delivery import CONFLICT, SIZE, TEXT
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, channel_between
from redshank.terms.refusal import Reason

BINARY = "application/octet-stream"
FOR_EVER = "max-age=31536000, immutable"  # a tile of one width never changes (C2SP tlog-tiles)
_STOP_WITHIN_S = 3.0


class PeerDesk(Protocol):
    """Where requests of partners go."""

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """Takes one delivery; returns the HTTP status and the body of the answer."""

    async def receipt(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """Takes the receipt of a partner that has pulled; returns the HTTP status and the body of the answer."""

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        """`checkpoint` or a tile of our log on this channel, as C2SP tlog-tiles lays it out; None if there is none."""


class PeerServer:
    """One listening port for all partners."""

    def __init__(
        self, me: PartyId, keys: KeySet, partners: Mapping[PartyId, PublicKeys], desk: PeerDesk, book: LinkBook
    ) -> None:
        self._me = me
        self._callee = Callee(keys, partners)
        self._desk = desk
        self._book = book
        self._listening: asyncio.Server | None = None
        self._strangers: OrderedDict[TlsStream, None] = OrderedDict()
        self._partners: dict[PartyId, OrderedDict[TlsStream, None]] = {party: OrderedDict() for party in partners}
        self._paces = {party: Pace() for party in partners}
        self._calls = _Calls()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listens; returns the port in use. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: _Door(self), host, port, backlog=64)
        address: tuple[str, int] = self._listening.sockets[0].getsockname()
        return address[1]

    async def stop(self) -> None:
        """Stops listening; running requests get a moment to end."""
        if self._listening is not None:
            self._listening.close()
        for streams in (self._strangers, *self._partners.values()):
            for stream in streams:
                stream.stop_reading()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_WITHIN_S)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def called(self, transport: asyncio.Transport) -> None:
        """Somebody has connected. A caller that is refused here costs neither a task nor a place in TLS."""
        address = transport.get_extra_info("peername")
        if not self._calls.allows(address[0] if address else "", asyncio.get_running_loop().time()):
            self._book.refused(None, "too-many-calls", "")
            transport.abort()
            return
        stream = TlsStream(self._callee.connection())
        transport.set_protocol(stream)
        stream.connection_made(transport)
        _enter(self._strangers, stream, limits.PEER_STRANGERS)
        task = asyncio.get_running_loop().create_task(self._serve(stream))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, stream: TlsStream) -> None:
        try:
            party = await self._admit(stream)
            if party is not None:
                await self._talk(stream, party)
        except (LineBroken, TimeoutError, LinkRefused, h11.ProtocolError):
            pass  # the other side left, fell silent or spoke no HTTP: nobody is owed anything
        finally:
            for streams in (self._strangers, *self._partners.values()):
                streams.pop(stream, None)
            stream.close()

    async def _admit(self, stream: TlsStream) -> PartyId | None:
        """Who calls; None when it is not let in."""
        party = None
        try:
            async with asyncio.timeout(limits.PEER_HANDSHAKE_S):
                await stream.handshake()
            party = self._callee.caller_of(stream.tls)
            party, group = self._callee.check(stream.tls)
        except LinkRefused as refused:
            self._book.refused(party, refused.reason, str(refused))
            return None
        except (LineBroken, TimeoutError):
            self._book.refused(None, "no-handshake", "")
            return None
        if self._book.barred(party) is not None:
            self._book.refused(party, "revoked", str(self._book.barred(party)))
            return None
        self._book.secured(party, group, ends_of(stream.tls))
        self._strangers.pop(stream, None)
        _enter(self._partners[party], stream, limits.PEER_CONNECTIONS)
        stream.pace = self._paces[party]
        return party

    async def _talk(self, stream: TlsStream, party: PartyId) -> None:
        """Requests of one connection until it is told to end. Some are read ahead of the answers, so that one commit
        serves several deliveries; answers go out in the order of the requests (RFC 9112 section 9.3.2)."""
        ahead = Ahead()
        reading = asyncio.create_task(self._read(stream, party, ahead))
        ends_s = asyncio.get_running_loop().time() + limits.PEER_CONNECTION_S
        try:
            while (exchange := await ahead.take()) is not None:
                if not await self._tell(stream, exchange, ends_s):
                    return
                ahead.told(exchange)
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await ahead.drop()

    async def _read(self, stream: TlsStream, party: PartyId, ahead: Ahead) -> None:
        rest = b""
        try:
            while True:
                await ahead.room()
                http = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.PEER_HEAD_BYTES)
                asked = await next_request(stream, http, rest, ahead.quiet)
                if asked is None or self._book.barred(party) is not None:
                    return
                rest = bytes(http.trailing_data[0])
                answer = asyncio.create_task(self._answer(asked, party))
                ahead.put(Exchange(http, answer, len(asked.body or b"")))
                if http.their_state is not h11.DONE:
                    return  # a body that was not read to its end, or a caller that wants no second answer
        finally:
            ahead.end()

    async def _tell(self, stream: TlsStream, exchange: Exchange, ends_s: float) -> bool:
        """Answers one request; False when it was the last of its connection."""
        answer, http = await exchange.answer, exchange.http
        now_s = asyncio.get_running_loop().time()
        stream.pace.asked(now_s, refused=answer.status >= 400 and answer.status != CONFLICT)
        last = now_s > ends_s or stream.is_stopping
        async with asyncio.timeout(limits.PEER_TIMEOUT_S + len(answer.body) / limits.PEER_RATE_MIN_BPS):
            await respond(stream, http, answer, last=last)
        return http.our_state is h11.DONE and http.their_state is h11.DONE

    async def _answer(self, asked: Asked, party: PartyId) -> Answer:
        """The answer; a refusal is the bare code, as docs/spec/delivery.md has it."""
        match (asked.method, *asked.path.split("/", 4)):
            case ("POST", "", "v1", channel, "delivery" | "receipt" as what):
                channel_refused = self._refuse(channel, party)
                if channel_refused is not None:
                    return channel_refused
                if asked.body is None:
                    return _refused(413, Reason.TOO_LARGE)
                take = self._desk.delivery if what == "delivery" else self._desk.receipt
                status, body = await take(ChannelId(channel), asked.body)
                return Answer(status, SIZE if status == CONFLICT else TEXT, body)
            case ("GET", "", "v1", channel, "log", path):
                channel_refused = self._refuse(channel, party)
                if channel_refused is not None:
                    return channel_refused
                content = await self._desk.log_resource(ChannelId(channel), path)
                if content is None:
                    return _refused(404, Reason.WRONG_SIZE)
                if path == "checkpoint":
                    return Answer(200, TEXT, content, cached="no-cache")
                return Answer(200, BINARY, content, cached=FOR_EVER)
        return _refused(404, Reason.UNKNOWN_TYPE)

    def _refuse(self, channel: str, party: PartyId) -> Answer | None:
        return None if channel == channel_between(party, self._me) else _refused(403, Reason.WRONG_CHANNEL)


class _Door(asyncio.Protocol):
    """Where a caller stands until the server has looked at it."""

    def __init__(self, server: PeerServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        self._server.called(cast(asyncio.Transport, transport))


class _Calls:
    """Counts the calls of each address in the running second."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def allows(self, address: str, now_s: float) -> bool:
        second, count = self._counts.pop(address, (int(now_s), 0))
        count = count + 1 if second == int(now_s) else 1
        self._counts[address] = (int(now_s), count)
        if len(self._counts) > limits.PEER_ADDRESSES:
            self._counts.popitem(last=False)
        return count <= limits.PEER_CALLS_PER_S


def _enter(streams: OrderedDict[TlsStream, None], stream: TlsStream, bound: int) -> None:
    """Takes one in; over the bound the oldest is ended, which may hang on a line that died."""
    streams[stream] = None
    if len(streams) > bound:
        oldest, _ = streams.popitem(last=False)
        oldest.abort()


def _refused(status: int, reason: Reason) -> Answer:
    """The bare code: the detail is for our own officers."""
    return Answer(status, TEXT, f"{reason.value}\n".encode())
