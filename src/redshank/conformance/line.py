"""Line: HTTP/1.1 over TLS in both roles, as LINE-1 to LINE-5 have it, by h11.

Here: asking the node, and the door at which the node calls. Not here: what is asked and answered (partner, cases).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal
from urllib.parse import urlsplit

import h11
import msgspec
from OpenSSL import SSL

from redshank.conformance.tls import LineFailed, TlsStream

PATIENCE_S = 15.0
"""How long the qualifier waits for anything that the specification wants within ten seconds."""
CONNECT_S = 5.0
BODY_MAX_BYTES = 4 * 1_048_576
DOOR_BACKLOG = 32


class Reply(msgspec.Struct, frozen=True):
    """What an HTTP side said: status, content type, body, and for how long it may be cached."""

    status: int
    kind: str
    body: bytes
    cached: str = ""


class Asked(msgspec.Struct, frozen=True):
    """A request that came to the door."""

    method: str
    target: str
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """What the door says: an answer that is proper HTTP, or a way of failing."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    manner: Literal["whole", "cut", "silent", "endless", "garbage"] = "whole"
    headers: tuple[tuple[str, str], ...] = ()


class Caller:
    """Calls the node. Keeps one connection while it is good; a case may bring a context of its own."""

    def __init__(self, url: str, host: str, tls: SSL.Context) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname is None:
            raise LineFailed("connect", f"{url}: the node's address begins with https:// and names a host")
        self.address = (parts.hostname, parts.port or 443)
        self._path = parts.path.rstrip("/")
        self._host = host
        self._tls = tls
        self._kept: tuple[TlsStream, h11.Connection] | None = None

    async def reach(self) -> None:
        """A bare connection, nothing said: whether there is a way at all. Raises LineFailed."""
        _, writer = await self._socket()
        writer.close()

    async def connect(self, tls: SSL.Context | None = None) -> TlsStream:
        """A fresh connection after its handshake. Raises LineFailed."""
        reader, writer = await self._socket()
        connection = SSL.Connection(tls or self._tls)
        connection.set_connect_state()
        connection.set_tlsext_host_name(self._host.encode("ascii"))
        stream = TlsStream(connection, reader, writer)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await stream.handshake()
        except (LineFailed, TimeoutError) as error:
            stream.cut()
            raise error if isinstance(error, LineFailed) else LineFailed("handshake", "no end within 15 s") from error
        return stream

    async def ask(self, method: str, path: str, body: bytes = b"") -> Reply:
        """Asks over the kept connection, or a fresh one when that has ended. Raises LineFailed."""
        if self._kept is not None:
            stream, http = self._kept
            try:
                return await self._talk(stream, http, method, path, body)
            except LineFailed:
                self.close()
        stream, http = await self.connect(), h11.Connection(h11.CLIENT)
        self._kept = stream, http
        try:
            return await self._talk(stream, http, method, path, body)
        except LineFailed:
            self.close()
            raise

    async def ask_once(self, method: str, path: str, body: bytes = b"", tls: SSL.Context | None = None) -> Reply:
        """Asks over a connection of its own. Raises LineFailed."""
        stream = await self.connect(tls)
        try:
            return await exchange(stream, h11.Connection(h11.CLIENT), self.request(method, path, body))
        finally:
            stream.cut()

    async def ask_ahead(self, method: str, path: str, bodies: Sequence[bytes]) -> list[Reply]:
        """Asks several times over one connection before anything is answered (RFC 9112 section 9.3.2); the answers, in
        their order. Raises LineFailed."""
        stream, http = await self.connect(), h11.Connection(h11.CLIENT)
        try:
            asked = [sent(h11.Connection(h11.CLIENT), self.request(method, path, body)) for body in bodies]
            sending = asyncio.ensure_future(stream.write(b"".join(asked)))
            try:
                return [await self._next_reply(stream, http, self.request(method, path, body)) for body in bodies]
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        finally:
            stream.cut()

    async def _next_reply(self, stream: TlsStream, http: h11.Connection, asked: tuple[h11.Request, bytes]) -> Reply:
        """The answer to a request that is on its way already."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                if http.our_state is h11.DONE:
                    http.start_next_cycle()
                sent(http, asked)  # for its place in the order alone: the bytes were written before
                return await _reply(stream, http)
        except TimeoutError as error:
            raise LineFailed("talk", f"no whole answer within {PATIENCE_S:.0f} s") from error
        except h11.ProtocolError as error:
            raise LineFailed("talk", f"no HTTP, or an end of the connection: {error}") from error

    def request(self, method: str, path: str, body: bytes) -> tuple[h11.Request, bytes]:
        """A request's head and body."""
        headers = [("Host", self._host), ("Content-Length", str(len(body)))]
        return h11.Request(method=method, target=self._path + path, headers=headers), body

    def close(self) -> None:
        """Hangs up."""
        if self._kept is not None:
            self._kept[0].close()
            self._kept = None

    async def _talk(self, stream: TlsStream, http: h11.Connection, method: str, path: str, body: bytes) -> Reply:
        reply = await exchange(stream, http, self.request(method, path, body))
        if http.our_state is h11.DONE and http.their_state is h11.DONE:
            http.start_next_cycle()
        else:
            self.close()
        return reply

    async def _socket(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            async with asyncio.timeout(CONNECT_S):
                return await asyncio.open_connection(*self.address)
        except ConnectionRefusedError as error:
            raise LineFailed("refused", f"nobody listens there: {error}") from error
        except (OSError, TimeoutError) as error:
            raise LineFailed("connect", f"{type(error).__name__}: {error}") from error


def sent(http: h11.Connection, asked: tuple[h11.Request, bytes]) -> bytes:
    """The bytes of one request; the connection has said it then."""
    head, body = asked
    data = http.send(head) or b""
    return data + (http.send(h11.Data(data=body)) or b"") + (http.send(h11.EndOfMessage()) or b"")


async def exchange(stream: TlsStream, http: h11.Connection, asked: tuple[h11.Request, bytes]) -> Reply:
    """One request and its answer. Raises LineFailed."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            data = sent(http, asked)
            sending = asyncio.ensure_future(stream.write(data))  # a node may answer before it has heard all
            try:
                return await _reply(stream, http)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
    except TimeoutError as error:
        raise LineFailed("talk", f"no whole answer within {PATIENCE_S:.0f} s") from error
    except h11.ProtocolError as error:
        raise LineFailed("talk", f"no HTTP: {error}") from error


async def _reply(stream: TlsStream, http: h11.Connection) -> Reply:
    status, kind, cached, parts, size = 0, "", "", list[bytes](), 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            data = await stream.read()
            if not data and http.their_state in (h11.IDLE, h11.SEND_RESPONSE):
                raise LineFailed("talk", "the node closed the connection without an answer")
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name: value.decode("latin-1") for name, value in event.headers}
            kind, cached = headers.get(b"content-type", ""), headers.get(b"cache-control", "")
        elif isinstance(event, h11.Data):
            parts.append(bytes(event.data))
            size += len(event.data)
            if size > BODY_MAX_BYTES:
                raise LineFailed("talk", f"an answer of more than {BODY_MAX_BYTES} bytes")
        elif isinstance(event, h11.EndOfMessage):
            return Reply(status, kind, b"".join(parts), cached)
        elif isinstance(event, h11.ConnectionClosed):
            raise LineFailed("talk", "the node closed the connection in the middle of an answer")


class Door:
    """Where the node calls. `answer` says what is done with a request; `tls` is in force for the next connection."""

    def __init__(self, tls: SSL.Context, answer: Callable[[Asked], Awaitable[Answer]]) -> None:
        self.tls = tls
        self.answer = answer
        self.calls = 0
        """Connections that came, whether or not the handshake was finished."""
        self.refused: list[str] = []
        """Why handshakes failed, newest last; bounded by the run."""
        self.shown: tuple[str, ...] = ()
        """Names in the certificate of the last caller."""
        self.group: str | None = None
        """The group of the last handshake."""
        self._server: asyncio.Server | None = None
        self._streams: set[TlsStream] = set()

    async def open(self, host: str, port: int) -> int:
        """Listens; the port in use. Raises OSError."""
        self._server = await asyncio.start_server(self._called, host, port, backlog=DOOR_BACKLOG)
        address: tuple[str, int] = self._server.sockets[0].getsockname()
        return address[1]

    async def close(self) -> None:
        """Listens no more and ends what is under way."""
        if self._server is not None:
            self._server.close()
        self.hang_up()
        await asyncio.sleep(0)

    def hang_up(self) -> None:
        """Ends every connection of the node, so that it has to call anew."""
        for stream in tuple(self._streams):
            stream.cut()

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        connection = SSL.Connection(self.tls)
        connection.set_accept_state()
        stream = TlsStream(connection, reader, writer)
        self._streams.add(stream)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await stream.handshake()
            self.shown, self.group = stream.host_shown(), connection.get_group_name()
            await self._talk(stream)
        except LineFailed as failed:
            self.refused.append(str(failed))
        except (TimeoutError, h11.ProtocolError) as error:
            self.refused.append(f"{type(error).__name__}: {error}")
        finally:
            self._streams.discard(stream)
            stream.cut()

    async def _talk(self, stream: TlsStream) -> None:
        http = h11.Connection(h11.SERVER)
        while True:
            asked = await _asked(stream, http)
            if asked is None:
                return
            answer = await self.answer(asked)
            if not await _say(stream, http, answer):
                return
            if http.our_state is not h11.DONE or http.their_state is not h11.DONE:
                return
            http.start_next_cycle()


async def _asked(stream: TlsStream, http: h11.Connection) -> Asked | None:
    head: h11.Request | None = None
    parts, size = list[bytes](), 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await stream.read())
        elif isinstance(event, h11.Request):
            head = event
            if http.they_are_waiting_for_100_continue:
                await stream.write(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
        elif isinstance(event, h11.Data):
            parts.append(bytes(event.data))
            size += len(event.data)
            if size > BODY_MAX_BYTES:
                raise LineFailed("talk", f"a request of more than {BODY_MAX_BYTES} bytes")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return Asked(head.method.decode("latin-1"), head.target.decode("latin-1"), b"".join(parts))
        else:
            return None


async def _say(stream: TlsStream, http: h11.Connection, answer: Answer) -> bool:
    """Answers in the manner asked for; False when the connection is over with it."""
    headers = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body))), *answer.headers]
    head = http.send(h11.Response(status_code=answer.status, headers=headers)) or b""
    if answer.manner == "silent":
        await stream.read()  # until the node gives up
    elif answer.manner == "garbage":
        await stream.write(answer.body)
    elif answer.manner == "cut":
        await stream.write((head + answer.body)[: len(head) + len(answer.body) // 2])
    elif answer.manner == "endless":
        await stream.write(head.replace(b"content-length: %d" % len(answer.body), b"content-length: 1000000000000"))
        for _ in range(4_096):  # 64 MiB at most: the node has hung up long before
            await stream.write(bytes(16_384))
    else:
        await stream.write(
            head + (http.send(h11.Data(data=answer.body)) or b"") + (http.send(h11.EndOfMessage()) or b"")
        )
        return True
    return False
