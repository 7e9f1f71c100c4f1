"""Requests: one HTTP/1.1 request off a stream and one answer onto it, each within bounds of size and time.

Here: h11 between bytes and requests. Not here: who may ask what (server). May know: stream.
"""

import asyncio
from collections.abc import Awaitable, Callable

import h11
import msgspec

from redshank.edges.peers.stream import TlsStream
from redshank.terms import limits


class Asked(msgspec.Struct, frozen=True):
    """One request. `body` is None when it was larger than a delivery may be."""

    method: str
    path: str
    body: bytes | None


async def next_request(
    stream: TlsStream, http: h11.Connection, rest: bytes, quiet: Callable[[], Awaitable[None]]
) -> Asked | None:
    """The next whole request, which begins with `rest`; None when the other side has ended or says nothing more.
    `quiet` returns when all earlier requests are answered: only then the caller is told to continue.

    Raises TimeoutError when it is too slow, h11.RemoteProtocolError when it is no HTTP or its head is too large,
    LineBroken when it breaks off.
    """
    async with asyncio.timeout(limits.PEER_IDLE_S):
        http.receive_data(rest or await stream.receive())
    async with asyncio.timeout(limits.PEER_TIMEOUT_S):
        head = await _next(stream, http)
    if not isinstance(head, h11.Request):
        return None
    length = next((int(value) for name, value in head.headers if name == b"content-length"), limits.DELIVERY_BYTES)
    allowed_s = limits.PEER_TIMEOUT_S + min(length, limits.DELIVERY_BYTES) / limits.PEER_RATE_MIN_BPS
    async with asyncio.timeout(allowed_s):
        if http.they_are_waiting_for_100_continue:
            await quiet()
            await stream.send(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
        body = await _body(stream, http)
    path = head.target.split(b"?", 1)[0].decode("ascii")
    return Asked(head.method.decode("ascii"), path, body)


class Answer(msgspec.Struct, frozen=True):
    """What is said to it."""

    status: int
    kind: str
    """Content type."""
    body: bytes
    cached: str | None = None
    """Cache-Control."""


async def respond(stream: TlsStream, http: h11.Connection, answer: Answer, *, last: bool) -> None:
    """Sends the answer; `last` asks the other side to call anew for the next request."""
    headers = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body)))]
    if answer.cached is not None:
        headers.append(("Cache-Control", answer.cached))
    if last:
        headers.append(("Connection", "close"))
    head = http.send(h11.Response(status_code=answer.status, headers=headers)) or b""
    await stream.send(head + (http.send(h11.Data(data=answer.body)) or b"") + (http.send(h11.EndOfMessage()) or b""))


async def _body(stream: TlsStream, http: h11.Connection) -> bytes | None:
    """The body, or None for one over the limit. What is over is read once more as much, so that the sender hears the
    answer, and thrown away."""
    parts: list[bytes] = []
    size = 0
    while True:
        event = await _next(stream, http)
        if not isinstance(event, h11.Data):
            return None if size > limits.DELIVERY_BYTES else b"".join(parts)
        size += len(event.data)
        if size > limits.DELIVERY_BYTES:
            parts.clear()
        else:
            parts.append(bytes(event.data))
        if size > 2 * limits.DELIVERY_BYTES:
            return None


async def _next(stream: TlsStream, http: h11.Connection) -> h11.Event | type[h11.PAUSED]:
    while True:
        event = http.next_event()
        if not isinstance(event, type) or event is h11.PAUSED:
            return event
        http.receive_data(await stream.receive())
