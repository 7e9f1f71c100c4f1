"""The least that any program must do for a message with a durable receipt: append and fsync, send over mutual TLS,
append and fsync there, answer, append and fsync. No signature, no proof, no parsing, no database.

Here: that program (an own process answers) and its times. It is the limit that the figures of the channel stand beside.
"""

import asyncio
import os
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from redshank.edges.clock import SystemClock
from redshank.edges.keys import Passphrase, host_name, make_keys
from redshank.edges.keys.sealed import Seal, random_passphrase, read_passphrase, write_new
from redshank.terms.ids import PartyId

LENGTH_BYTES = 4
ASKER, ANSWERER = PartyId("LT"), PartyId("BY")


class Journal:
    """A file that only grows; `keep` returns when the bytes are on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def keep(self, data: bytes) -> None:
        """Appends and calls fdatasync, as SQLite does for its write-ahead log."""
        os.write(self._file, data)
        os.fdatasync(self._file)


async def _read(reader: asyncio.StreamReader) -> bytes:
    size = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
    return await reader.readexactly(size)


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def _context(folder: Path, me: PartyId, partner: PartyId) -> ssl.SSLContext:
    """Python's own TLS 1.3, with certificates on both sides."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if me == ASKER else ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(folder / partner / "authority.crt")
    password = Seal(folder / me, read_passphrase(folder / f"{me}.passphrase")).password
    context.load_cert_chain(folder / me / "tls.pem", password=password)
    return context


async def _answer(folder: Path) -> None:
    """The far side: keeps what comes and says so. Prints its port; runs until its input ends."""
    journal = Journal(folder / "answerer.log")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                data = await _read(reader)
                journal.keep(data)
                writer.write(_framed(data[:64]))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=_context(folder, ANSWERER, ASKER))
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _ask(folder: Path, sizes: Sequence[int]) -> list[float]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.plain_line", str(folder)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        context = _context(folder, ASKER, ANSWERER)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=host_name(ANSWERER)
        )
        journal, times = Journal(folder / "asker.log"), []
        for size in sizes:
            data = os.urandom(size)
            begin = time.perf_counter()
            journal.keep(data)
            writer.write(_framed(data))
            journal.keep(await _read(reader))
            times.append(time.perf_counter() - begin)
        writer.close()
        return times
    finally:
        process.stdin.close()
        await process.wait()


def plain_times_s(sizes: Sequence[int]) -> list[float]:
    """Seconds from before the first append until the answer is durable, for payloads of these sizes, one at a time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for party in (ASKER, ANSWERER):
            (folder / party).mkdir()
            write_new(folder / f"{party}.passphrase", random_passphrase().encode())
            passphrase: Passphrase = read_passphrase(folder / f"{party}.passphrase")
            make_keys(party, folder / party, SystemClock().now(), passphrase)
        return asyncio.run(_ask(folder, sizes))


if __name__ == "__main__":
    asyncio.run(_answer(Path(sys.argv[1])))
