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
    """The way to one partner. One request at a time; the next one waits for the answer of the last."""

    def __init__(self, url: str, caller: Caller, book: LinkBook) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname is None:
            raise ValueError(f"{url}: a partner's address begins with https:// and names a host")
        self._host, self._port = parts.hostname, parts.port or 443
        self._path = parts.path.rstrip("/")
        self._caller = caller
        self._book = book
        self._stream: TlsStream | None = None
        self._http = h11.Connection(h11.CLIENT)
        self._ends_s = 0.0

    async def request(self, method: str, path: str, body: bytes = b"", answer_bytes: int = limits.NOTE_BYTES) -> Answer:
        """(status, body) of the answer; of a longer body than `answer_bytes` the beginning.

        Raises LinkRefused, LineBroken, TimeoutError or OSError; each leaves the way as new.
        """
        barred = self._book.barred(self._caller.partner)
        if barred is not None:
            self.close()
            raise LinkRefused("revoked", barred)
        async with asyncio.timeout(limits.PEER_TIMEOUT_S + len(body) / limits.PEER_RATE_MIN_BPS):
            try:
                if self._is_fresh():
                    try:
                        return await self._ask(method, path, body, answer_bytes)
                    except LineBroken:
                        self.close()  # the partner had closed it while it was idle: not a failure of the line
                await self._connect()
                return await self._ask(method, path, body, answer_bytes)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Hangs up."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _is_fresh(self) -> bool:
        stream = self._stream
        return stream is not None and not stream.is_over and asyncio.get_running_loop().time() < self._ends_s

    async def _connect(self) -> None:
        self.close()
        loop = asyncio.get_running_loop()
        tls = self._caller.connection()
        _, stream = await loop.create_connection(lambda: TlsStream(tls), self._host, self._port)
        self._stream = stream
        try:
            async with asyncio.timeout(limits.PEER_HANDSHAKE_S):
                await stream.handshake()
            group = self._caller.check(tls)
        except LinkRefused as refused:
            self._book.refused(self._caller.partner, refused.reason, str(refused))
            raise
        self._book.secured(self._caller.partner, group, ends_of(tls))
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.PEER_HEAD_BYTES)
        self._ends_s = loop.time() + limits.PEER_CONNECTION_S

    async def _ask(self, method: str, path: str, body: bytes, answer_bytes: int) -> Answer:
        stream, http = self._stream, self._http
        if stream is None:
            raise LineBroken("there is no connection")
        headers = [("Host", host_name(self._caller.partner)), ("Content-Length", str(len(body)))]
        head = http.send(h11.Request(method=method, target=self._path + path, headers=headers)) or b""
        await stream.send(head + (http.send(h11.Data(data=body)) or b"") + (http.send(h11.EndOfMessage()) or b""))
        try:
            status, answer = await self._answer(stream, http, answer_bytes)
        except LinkRefused as refused:  # TLS 1.3: the other side judges our certificate after our handshake has ended
            self._book.refused(self._caller.partner, refused.reason, str(refused))
            raise
        if http.our_state is h11.DONE and http.their_state is h11.DONE:
            http.start_next_cycle()
        else:
            self.close()
        return status, answer

    async def _answer(self, stream: TlsStream, http: h11.Connection, answer_bytes: int) -> Answer:
        status, parts, size = 0, [], 0
        try:
            while True:
                event = http.next_event()
                if event is h11.NEED_DATA:
                    http.receive_data(await stream.receive())
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
