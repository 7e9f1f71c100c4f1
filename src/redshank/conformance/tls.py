"""TLS: mutual TLS over a plain socket by OpenSSL in memory, with version, groups and certificate as a case wants them.

Here: contexts and a stream. Not here: HTTP (line). Python's own `ssl` cannot choose the groups of a handshake, and a
qualifier must be able to offer the wrong ones; the OpenSSL is the one that `cryptography` brings.
"""

import asyncio

from cryptography import x509
from cryptography.hazmat.bindings._rust import _openssl  # pyOpenSSL has no method for the list of groups
from OpenSSL import SSL, crypto

from redshank.conformance.keys import Identity

CHUNK_BYTES = 65_536
VERSION_1_2, VERSION_1_3 = SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION


NO_WAY = ("connect", "refused")


class LineFailed(Exception):
    """The connection did not come about or broke. `stage`: ``connect`` (nothing came back), ``refused`` (the host is
    there, and nobody listens), ``handshake`` or ``talk``."""

    def __init__(self, stage: str, detail: str) -> None:
        super().__init__(f"{stage}: {detail}")
        self.stage, self.detail = stage, detail


def context(
    authority_pem: str,
    identity: Identity | None,
    groups: tuple[str, ...],
    *,
    version: int = VERSION_1_3,
    asks_certificate: bool = True,
) -> SSL.Context:
    """A context for either role that trusts one authority alone. `identity` None: shows no certificate."""
    made = SSL.Context(SSL.TLS_METHOD)
    made.set_min_proto_version(version)
    made.set_max_proto_version(version)
    made.set_options(SSL.OP_NO_TICKET)
    made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    if identity is not None:
        made.use_certificate(identity.certificate)
        made.use_privatekey(identity.private)
    store = made.get_cert_store()
    if store is None:
        raise LineFailed("handshake", "OpenSSL gives no store for authorities")
    authority = x509.load_pem_x509_certificate(authority_pem.encode("ascii"))
    store.add_cert(crypto.X509.from_cryptography(authority))
    made.set_verify(SSL.VERIFY_PEER | (SSL.VERIFY_FAIL_IF_NO_PEER_CERT if asks_certificate else 0))
    if _openssl.lib.SSL_CTX_set1_curves_list(made._context, ":".join(groups).encode("ascii")) != 1:
        raise LineFailed("handshake", f"this OpenSSL cannot do {groups}")
    return made


class TlsStream:
    """One TLS connection over a pair of asyncio streams. Raises LineFailed for whatever goes wrong."""

    def __init__(self, tls: SSL.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tls = tls
        self._reader = reader
        self._writer = writer

    async def handshake(self) -> None:
        """Both sides have shown what they show."""
        while True:
            try:
                self.tls.do_handshake()
            except SSL.WantReadError:
                await self._flush("handshake")
                await self._more("handshake")
            except SSL.Error as error:
                await self._flush_quietly()
                raise LineFailed("handshake", _words(error)) from error
            else:
                await self._flush("handshake")
                return

    async def read(self) -> bytes:
        """Some bytes; none when the other side has ended well or cut the line."""
        while True:
            try:
                return bytes(self.tls.recv(CHUNK_BYTES))
            except SSL.WantReadError:
                await self._flush("talk")
                try:
                    await self._more("talk")
                except LineFailed:
                    return b""
            except SSL.ZeroReturnError:
                return b""
            except SSL.Error as error:
                raise LineFailed("talk", _words(error)) from error

    async def write(self, data: bytes) -> None:
        """Sends all of it."""
        at = 0
        while at < len(data):
            try:
                at += self.tls.send(data[at : at + CHUNK_BYTES])
            except SSL.Error as error:
                raise LineFailed("talk", _words(error)) from error
            await self._flush("talk")

    def close(self) -> None:
        """Hangs up, as a person does."""
        try:
            self.tls.shutdown()
            self._writer.write(self.tls.bio_read(CHUNK_BYTES))
        except (SSL.Error, OSError):
            pass  # it was over already
        self._writer.close()

    def cut(self) -> None:
        """The line goes dead in the middle of a word."""
        self._writer.transport.abort()

    def host_shown(self) -> tuple[str, ...]:
        """DNS names in the certificate that the other side shows."""
        shown = self.tls.get_peer_certificate(as_cryptography=True)
        if shown is None:
            return ()
        try:
            names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (x509.ExtensionNotFound, ValueError):
            return ()
        return tuple(names.get_values_for_type(x509.DNSName))

    async def _more(self, stage: str) -> None:
        try:
            data = await self._reader.read(CHUNK_BYTES)
        except OSError as error:
            raise LineFailed(stage, f"{type(error).__name__}: {error}") from error
        if not data:
            raise LineFailed(stage, "the other side closed the connection")
        self.tls.bio_write(data)

    async def _flush(self, stage: str) -> None:
        while True:
            try:
                data = self.tls.bio_read(CHUNK_BYTES)
            except SSL.WantReadError:
                break
            self._writer.write(data)
        try:
            await self._writer.drain()
        except OSError as error:
            raise LineFailed(stage, f"{type(error).__name__}: {error}") from error

    async def _flush_quietly(self) -> None:
        """The alert that says why; whether it arrives no longer matters."""
        try:
            await self._flush("handshake")
        except LineFailed:
            return


def _words(error: SSL.Error) -> str:
    said = [reason for _, _, reason in (error.args[0] if error.args and isinstance(error.args[0], list) else ())]
    return "; ".join(said) or str(error) or type(error).__name__
