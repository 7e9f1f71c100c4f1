"""A hostile partner at line rate, as a process of its own: BY with its true keys, against one node on this machine.

Here: what it does, all at once, each as fast as the node lets it: deliveries of garbage; deliveries of 256 entries
under a head that BY has truly signed and that they do not give; requests that drip byte by byte; readers that do not
read; strangers without a certificate, connecting and saying nothing or garbage. It calls from 127.0.0.2, so that the
bound on calls of one address is not shared with honest callers. Prints what it has done as one JSON line.

`burn` is what it is held against: a process that takes as much of the cores, and asks the node for nothing.

Run by `hostile_partner`.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from redshank.compose.build import build_state, first_pairs
from redshank.compose.config import read_config
from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeyRing
from redshank.edges.keys.public import parse_public
from redshank.edges.keys.sealed import read_passphrase
from redshank.edges.peers.stream import LineBroken, TlsStream
from redshank.edges.peers.tls import Caller, LinkRefused
from redshank.exchange.delivery import encode_delivery
from redshank.exchange.signing import signed_head
from redshank.log.checkpoint import Checkpoint
from redshank.terms.ids import ChannelId

CHANNEL = ChannelId("BY-LT")
PATH = f"/v1/{CHANNEL}/delivery"
FROM = "127.0.0.2"
SLOW_ONES, STRANGERS = 3, 8
PIECE_S = 0.002
FAULTS = (OSError, LineBroken, LinkRefused, TimeoutError)


class Attack:
    """One hostile partner."""

    def __init__(self, config_path: Path, victim: Path, port: int, seconds: float) -> None:
        config, base = read_config(config_path)
        ring = KeyRing(config.party, base / config.keys, read_passphrase(base / str(config.passphrase_file)))
        self._session = build_state(config, base, ring, first_pairs(config, base, ring)).session(CHANNEL)
        self._keys = ring.base
        self._caller = Caller(self._keys, parse_public(victim.read_bytes()))
        self._port = port
        self._ends_s = time.monotonic() + seconds
        self.done = Counter[str]()

    async def run(self) -> None:
        """All of it until the time is over."""
        jobs = [self._push("garbage", self._garbage), self._push("false heads", self._false_head)]
        jobs += [self._drip() for _ in range(SLOW_ONES)] + [self._deaf() for _ in range(SLOW_ONES)]
        jobs += [self._stranger(number) for number in range(STRANGERS)]
        await asyncio.gather(*jobs)

    @property
    def _is_on(self) -> bool:
        return time.monotonic() < self._ends_s

    def _garbage(self) -> bytes:
        return os.urandom(65_536)

    def _false_head(self) -> bytes:
        """A different one each time: each is proof against us, if anybody kept them all."""
        entries = [os.urandom(180) for _ in range(256)]
        text = Checkpoint(self._session.own.key.name, 256, os.urandom(32)).text
        return encode_delivery(0, signed_head(self._session, text, SystemClock().now(), self._keys), entries)

    async def _dial(self) -> TlsStream:
        tls = self._caller.connection()
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: TlsStream(tls), "127.0.0.1", self._port, local_addr=(FROM, 0))
        async with asyncio.timeout(5):
            await stream.handshake()
        return stream

    async def _push(self, what: str, make: object) -> None:
        assert callable(make)
        while self._is_on:
            with contextlib.suppress(*FAULTS):
                stream = await self._dial()
                self.done["handshakes"] += 1
                with contextlib.closing(stream):
                    while self._is_on:
                        body: bytes = make()
                        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                        async with asyncio.timeout(max(0.1, self._ends_s - time.monotonic())):
                            await stream.send(head + body)
                            answer = await stream.receive()
                        self.done[f"{what}, answered {answer[9:12].decode('latin-1')}"] += 1
            await asyncio.sleep(0)

    async def _drip(self) -> None:
        while self._is_on:
            with contextlib.suppress(*FAULTS):
                stream = await self._dial()
                with contextlib.closing(stream):
                    await stream.send(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode())
                    while self._is_on:
                        await stream.send(b"x")
                        self.done["dripped bytes"] += 1
                        await asyncio.sleep(0.05)
            await asyncio.sleep(0.1)

    async def _deaf(self) -> None:
        """Asks again and again and never reads an answer."""
        while self._is_on:
            with contextlib.suppress(*FAULTS):
                stream = await self._dial()
                with contextlib.closing(stream):
                    stream.stop_reading()
                    while self._is_on:
                        async with asyncio.timeout(1):
                            await stream.send(b"GET /v1/BY-LT/log/checkpoint HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
                        self.done["unread requests"] += 10
                        await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)

    async def _stranger(self, number: int) -> None:
        while self._is_on:
            with contextlib.suppress(*FAULTS):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(FROM, 0))
                self.done["strangers"] += 1
                writer.write(os.urandom(2_000) if number % 2 else b"\x16\x03\x01")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(), 0.2)
                writer.close()
            await asyncio.sleep(0.01)


def burn(share: float, seconds: float) -> None:
    """Takes this share of a core, in pieces as short as an attacker's."""
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        until_s = time.thread_time() + PIECE_S * share
        while time.thread_time() < until_s:
            pass
        time.sleep(PIECE_S * (1 - share))


async def main() -> None:
    """Arguments: BY's configuration, the victim's public file, its port, seconds."""
    attack = Attack(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    begin = time.process_time()
    await attack.run()
    told = {"core_share": round((time.process_time() - begin) / float(sys.argv[4]), 2), **attack.done}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
