"""Calling: requests to one partner's node over one kept connection, HTTP/1.1 on mutual TLS.

Here: connecting, asking, keeping the connection while it is good. Not here: what is asked (pump). May know: stream,
tls, links.
"""

import asyncio
from urllib.parse import urlsplit

import h11

from redshank.edges.keys import host_name
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.stream import LineBroken, TlsStream
from redshank.edges.peers.tls import Caller, LinkRefused, ends_of
from redshank.terms import limits

Answer = tuple[int, bytes]


class PeerCall:
    """The way to one partner. Requests that are made while others wait for their answers go out at once, in order, and
    are answered in order (RFC 9112 section 9.3.2): make only such at a time as may be done again."""

    def __init__(self, url: str, caller: Caller, book: LinkBook) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname is None:
            raise ValueError(f"{url}: a partner's address begins with https:// and names a host")
        self._host, self._port = parts.hostname, parts.port or 443
        self._path = parts.path.rstrip("/")
        self._caller = caller
        self._book = book
        self._line: _Line | None = None
        self._sending = asyncio.Lock()

    async def request(self, method: str, path: str, body: bytes = b"", answer_bytes: int = limits.NOTE_BYTES) -> Answer:
        """(status, body) of the answer; of a longer body than `answer_bytes` the beginning.

        Raises LinkRefused, LineBroken, TimeoutError or OSError; each leaves the way as new.
        """
        barred = self._book.barred(self._caller.partner)
        if barred is not None:
            self.close()
            raise LinkRefused("revoked", barred)
        async with asyncio.timeout(limits.PEER_TIMEOUT_S + len(body) / limits.PEER_RATE_MIN_BPS):
            line, http, is_old = await self._ask(method, path, body)
            try:
                return await line.answer(http, answer_bytes)
            except LineBroken:
                if not is_old:
                    raise
            except LinkRefused as refused:  # TLS 1.3: the other side judges our certificate after our handshake
                self._book.refused(self._caller.partner, refused.reason, str(refused))
                raise
            # The partner had closed it while it was idle: not a failure of the line.
            line, http, _ = await self._ask(method, path, body)
            return await line.answer(http, answer_bytes)

    def close(self) -> None:
        """Hangs up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    async def _ask(self, method: str, path: str, body: bytes) -> tuple["_Line", h11.Connection, bool]:
        """Sends a request: the line that it is on, its exchange, and whether the line was good before."""
        async with self._sending:
            line, is_old = self._line, True
            if line is None or not line.is_good:
                line, is_old = await self._connect(), False
            http = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.PEER_HEAD_BYTES)
            headers = [("Host", host_name(self._caller.partner)), ("Content-Length", str(len(body)))]
            head = http.send(h11.Request(method=method, target=self._path + path, headers=headers)) or b""
            data = head + (http.send(h11.Data(data=body)) or b"") + (http.send(h11.EndOfMessage()) or b"")
            try:
                await line.send(data)
            except LineBroken:
                if not is_old:
                    raise
                line, is_old = await self._connect(), False
                await line.send(data)
        return line, http, is_old

    async def _connect(self) -> "_Line":
        self.close()
        loop = asyncio.get_running_loop()
        tls = self._caller.connection()
        _, stream = await loop.create_connection(lambda: TlsStream(tls), self._host, self._port)
        try:
            async with asyncio.timeout(limits.PEER_HANDSHAKE_S):
                await stream.handshake()
            group = self._caller.check(tls)
        except LinkRefused as refused:
            stream.close()
            self._book.refused(self._caller.partner, refused.reason, str(refused))
            raise
        except BaseException:
            stream.close()
            raise
        self._book.secured(self._caller.partner, group, ends_of(tls))
        self._line = _Line(stream, loop.time() + limits.PEER_CONNECTION_S)
        return self._line


class _Line:
    """One connection. What is asked on it is answered in the same order; after any fault nothing more is."""

    def __init__(self, stream: TlsStream, ends_s: float) -> None:
        self._stream = stream
        self._ends_s = ends_s
        self._hearing = asyncio.Lock()
        self._rest = b""  # of what came: the beginning of the next answer
        self._is_last = self._is_spoilt = False

    @property
    def is_good(self) -> bool:
        """Whether one more request may go out on it."""
        return not (self._is_last or self._stream.is_over or asyncio.get_running_loop().time() >= self._ends_s)

    def close(self) -> None:
        """Says goodbye; who still waits for an answer hears that there is none."""
        self._is_last = True
        self._stream.close()

    async def send(self, data: bytes) -> None:
        """Raises LineBroken; then, or when cancelled, the line is of no more use."""
        try:
            await self._stream.send(data)
        except BaseException:
            self._spoil()
            raise

    async def answer(self, http: h11.Connection, answer_bytes: int) -> Answer:
        """The next answer: to the request of `http`, if each request asks for its own as soon as it is sent. Raises
        LineBroken or LinkRefused."""
        try:
            async with self._hearing:
                if self._is_spoilt:
                    raise LineBroken("an earlier answer did not come")
                if self._rest:
                    http.receive_data(self._rest)
                found = await self._heard(http, answer_bytes)
                self._rest = bytes(http.trailing_data[0])
        except BaseException:
            self._spoil()
            raise
        if http.their_state is not h11.DONE:
            self.close()
        return found

    def _spoil(self) -> None:
        self._is_spoilt = True
        self.close()

    async def _heard(self, http: h11.Connection, answer_bytes: int) -> Answer:
        status, parts, size = 0, [], 0
        try:
            while True:
                event = http.next_event()
                if event is h11.NEED_DATA:
                    http.receive_data(await self._stream.receive())
                elif isinstance(event, h11.Response):
                    status = event.status_code
                elif isinstance(event, h11.Data):
                    parts.append(bytes(event.data)[: answer_bytes - size])
                    size += len(parts[-1])
                    if size >= answer_bytes:
                        return status, b"".join(parts)
                elif isinstance(event, h11.EndOfMessage):
                    return status, b"".join(parts)
                elif isinstance(event, h11.ConnectionClosed):
                    raise LineBroken("the partner closed the connection without an answer")
        except h11.RemoteProtocolError as error:
            raise LineBroken(f"the partner's answer is no HTTP: {error}") from error
