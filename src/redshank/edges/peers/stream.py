"""Stream: one TLS connection as bytes in and bytes out, over an asyncio transport.

Here: moving bytes between a socket and OpenSSL's memory, back-pressure both ways, words for what went wrong. Not here:
who is let in (tls), what is said (server, pump). May know: `tls`, `pace`.
"""

import asyncio
from typing import cast

from OpenSSL import SSL

from redshank.edges.peers.pace import Pace
from redshank.edges.peers.tls import refusal_of
from redshank.terms import limits

_CHUNK_BYTES = 65_536


class LineBroken(Exception):
    """The connection ended where something was still to be said or heard."""


class TlsStream(asyncio.Protocol):
    """One connection. One task at a time receives, and one sends."""

    def __init__(self, tls: SSL.Connection) -> None:
        self.tls = tls
        self._transport: asyncio.Transport | None = None
        self._came = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._unread_bytes = 0  # ciphertext that came and was not consumed yet
        self._is_over = False
        self.pace = Pace()
        """Whose time the bytes cost; a partner's connections share one."""
        self.is_stopping = False
        """Set when our side wants no further request."""

    # -- asyncio.Protocol ----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Ciphertext came. What nobody reads stops the sender."""
        self.tls.bio_write(data)
        self.pace.came(len(data), asyncio.get_running_loop().time())
        self._unread_bytes += len(data)
        if self._unread_bytes > limits.PEER_BUFFER_BYTES and self._transport is not None:
            self._transport.pause_reading()
        self._came.set()

    def eof_received(self) -> None:
        """The other side says no more; the transport closes itself."""
        self._end()

    def connection_lost(self, _: Exception | None) -> None:
        """The socket is gone."""
        self._end()

    def pause_writing(self) -> None:
        """The socket's buffer is full."""
        self._drained.clear()

    def resume_writing(self) -> None:
        """It has emptied."""
        self._drained.set()

    # -- for server and pump -------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether the other side is known to be gone."""
        return self._is_over

    async def handshake(self) -> None:
        """Raises LinkRefused, or LineBroken when the other side left without a word."""
        while True:
            try:
                self.tls.do_handshake()
            except SSL.WantReadError:
                self._flush()
                await self._more()
                continue
            except SSL.Error as error:
                self._flush()  # the alert, which tells the other side why
                raise refusal_of(self.tls, error) from error
            self._flush()
            return

    async def receive(self) -> bytes:
        """Some bytes; none when the other side has ended the connection. Raises LinkRefused on an alert."""
        while True:
            try:
                data = self.tls.recv(_CHUNK_BYTES)
            except SSL.WantReadError:
                self._flush()  # an answer of TLS's own, such as to a key update
                try:
                    await self._more()
                except LineBroken:
                    return b""
                continue
            except SSL.ZeroReturnError:
                return b""
            except SSL.Error as error:
                raise refusal_of(self.tls, error) from error
            return data

    async def send(self, data: bytes) -> None:
        """Hands over all of it, waiting while the other side does not read. Raises LineBroken."""
        view = memoryview(data)
        for start in range(0, len(view), _CHUNK_BYTES):
            if self._is_over:
                raise LineBroken("the other side closed the connection")
            try:
                self.tls.sendall(view[start : start + _CHUNK_BYTES])
            except SSL.Error as error:
                raise LineBroken(f"TLS cannot send: {error}") from error
            self._flush()
            await self._drained.wait()

    def stop_reading(self) -> None:
        """Hears no more; what is being answered is still sent."""
        self.is_stopping = True
        self._came.set()

    def close(self) -> None:
        """Says goodbye and closes; what was handed over is still sent."""
        if self._transport is None or self._transport.is_closing():
            return
        try:
            self.tls.shutdown()
            self._flush()
        except SSL.Error:
            pass  # a handshake that did not end has no goodbye
        self._transport.close()
        # One that does not read would keep the rest, and the socket, for ever.
        asyncio.get_running_loop().call_later(limits.PEER_HANDSHAKE_S, self._transport.abort)

    def abort(self) -> None:
        """Closes at once; nothing more is sent and nothing kept."""
        if self._transport is not None:
            self._transport.abort()
        self._end()

    async def _more(self) -> None:
        """Waits until more ciphertext has come. Raises LineBroken at the end of it."""
        wait_s = self.pace.wait_s(asyncio.get_running_loop().time())
        if wait_s:
            await asyncio.sleep(wait_s)
        self._unread_bytes = 0  # OpenSSL has taken all of it
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
        if self.is_stopping or (self._is_over and not self._came.is_set()):
            raise LineBroken("the other side closed the connection")
        await self._came.wait()
        self._came.clear()

    def _flush(self) -> None:
        while True:
            try:
                data = self.tls.bio_read(_CHUNK_BYTES)
            except SSL.WantReadError:
                return
            if self._transport is not None and not self._transport.is_closing():
                self._transport.write(data)

    def _end(self) -> None:
        self._is_over = True
        self._came.set()
        self._drained.set()
