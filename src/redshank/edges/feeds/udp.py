"""UDP feed: datagrams of one source, unicast or multicast over IPv4, become batches.

Here: the socket, the bounded queue, the joining of a window's datagrams into one batch. Not here:
decoding. May know: decode, terms, edges.clock.
"""

import asyncio
import socket
from collections import deque
from typing import Annotated

import msgspec
from msgspec import Meta

from redshank.decode.asterix import decode_block
from redshank.decode.decoded import Decoded, join
from redshank.decode.source import SourceConfig
from redshank.edges.clock import Clock
from redshank.edges.feeds import Emit
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

RECEIVE_BUFFER_BYTES = 4 * 1_048_576
"""Asked of the kernel, which may give less: it bridges the time in which a batch is decoded."""

ANY_INTERFACE = "0.0.0.0"  # noqa: S104 - a sensor network's interface is set in the config where it matters

Dotted = Annotated[str, Meta(pattern=r"^\d{1,3}(\.\d{1,3}){3}$")]


class UdpAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where datagrams arrive: a port, and for multicast the group and the interface to join it on (IPv4)."""

    port: Annotated[int, Meta(ge=0, le=65_535)]
    """0 takes any free port; `UdpFeed.port` then says which."""
    interface: Dotted = ANY_INTERFACE
    group: Dotted | None = None


class UdpFeed:
    """One source on one address. `run` receives until it is cancelled."""

    def __init__(self, source: SourceConfig, address: UdpAddress, clock: Clock, emit: Emit) -> None:
        self._source = source
        self._address = address
        self._clock = clock
        self._emit = emit
        self._waiting: deque[tuple[Instant, bytes]] = deque()
        self._arrived = asyncio.Event()
        self._open: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._dropped = 0

    async def port(self) -> int:
        """The port that is bound, as soon as it is."""
        return await asyncio.shield(self._open)

    async def run(self) -> None:
        """Receives and emits until cancelled. Raises OSError when the address can not be bound or joined."""
        loop = asyncio.get_running_loop()
        bound = _bound_socket(self._address)
        transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(self), sock=bound)
        self._open.set_result(bound.getsockname()[1])
        try:
            while True:
                await self._arrived.wait()
                await asyncio.sleep(limits.FEED_WINDOW_MS / 1000)
                await self._flush()
        finally:
            transport.close()

    def take(self, data: bytes) -> None:
        """Queues one datagram with its time of arrival; counts it as dropped when the queue is full."""
        if len(self._waiting) >= limits.FEED_QUEUE_DATAGRAMS:
            self._dropped += 1
        else:
            self._waiting.append((self._clock.now(), data))
        self._arrived.set()

    async def _flush(self) -> None:
        """Emits what waits, in batches of at most REPORTS_PER_TURN reports, and about as many refusals."""
        self._arrived.clear()
        parts: list[Decoded] = self._drops()
        count = 0
        for _ in range(len(self._waiting)):
            at, data = self._waiting.popleft()
            part = decode_block(self._source, data, at)
            found = len(part.reports) + len(part.refusals)
            if parts and count + found > limits.REPORTS_PER_TURN:
                await self._send(parts)
                parts, count = [], 0
            parts.append(part)
            count += found
        if parts:
            await self._send(parts)

    async def _send(self, parts: list[Decoded]) -> None:
        for batch in join(parts).batches(limits.REPORTS_PER_TURN):
            await self._emit(self._source.id, batch)
            await asyncio.sleep(0)  # a flood takes long to decode: the rest of the node gets its turn between batches

    def _drops(self) -> list[Decoded]:
        dropped, self._dropped = self._dropped, 0
        if dropped == 0:
            return []
        detail = f"{dropped} dropped: {limits.FEED_QUEUE_DATAGRAMS} were waiting already"
        return [Decoded(refusals=(Refusal(Reason.BUSY, "datagrams", detail),), dropped=dropped)]


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, feed: UdpFeed) -> None:
        self._feed = feed

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._feed.take(data)


def _bound_socket(address: UdpAddress) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        if address.group is None:
            bound.bind((address.interface, address.port))
            return bound
        # Several processes of a machine may listen to one group; and bound to the group's own address, the
        # socket does not hear other groups or unicast on the same port.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address.group, address.port))
        membership = socket.inet_aton(address.group) + socket.inet_aton(address.interface)
        bound.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError:
        bound.close()
        raise
    return bound
