"""Parties for tests of the line: keys made once per session, desks and outboxes that keep their contracts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeyExchange, KeySet, Passphrase, PublicKeys, make_keys
from redshank.edges.keys.sealed import random_passphrase
from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.outbox import Due
from redshank.edges.peers.pump import DueDelivery
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.tls import Caller
from redshank.terms.ids import ChannelId, PartyId

LT, LV, BY = PartyId("LT"), PartyId("LV"), PartyId("BY")
CHANNEL = ChannelId("BY-LT")
DELIVERY = f"/v1/{CHANNEL}/delivery"
CLASSICAL_ONLY = (KeyExchange.CLASSICAL,)


class Desk:
    """Keeps the contract of a node's desk: remembers what came, answers what it was told to."""

    def __init__(self) -> None:
        self.came: list[tuple[ChannelId, bytes]] = []
        self._one_more = asyncio.Event()

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        self.taken(channel, body)
        return 200, b"receipt"

    def taken(self, channel: ChannelId, body: bytes) -> None:
        self.came.append((channel, body))
        self._one_more.set()

    async def has(self, count: int) -> None:
        """Returns when so many have come, or fails."""
        async with asyncio.timeout(20):
            while len(self.came) < count:
                self._one_more.clear()
                await self._one_more.wait()

    async def receipt(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        return 409, b"3\n"

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        shown = {"checkpoint": b"head", "tile/0/000": b"tile", "tile/entries/000.p/7": b"entries"}
        return shown.get(path, b"x" * 1_048_576 if path == "tile/entries/000" else None)


class Box:
    """Keeps the contract of an outbox: delivers its list in order, several at a time."""

    def __init__(self, waiting: list[bytes]) -> None:
        self.waiting = waiting
        self.receipted = 0
        self.failures: list[str] = []
        self.failed_twice = asyncio.Event()
        self.empty = asyncio.Event()

    async def next_delivery(self, pushed: int) -> Due | None:
        if pushed < self.receipted + len(self.waiting):
            number = max(pushed, self.receipted)
            return Due(self.waiting[number - self.receipted], number + 1)
        return None

    async def answered(self, status: int, body: bytes, due: DueDelivery) -> bool:
        if status == 200:
            self.waiting.pop(0)
            self.receipted += 1
            assert self.receipted == due.size, "answers come in the order of the pushes"
            if not self.waiting:
                self.empty.set()
        return status == 200

    async def line_failed(self, why: str) -> None:
        self.failures.append(why)
        if len(self.failures) == 2:
            self.failed_twice.set()

    async def wait(self) -> None:
        if not self.waiting:
            self.empty.set()
        await asyncio.Event().wait()


class Limited(KeySet):
    """A party whose node can do X25519 only, and says so."""

    def public(self) -> PublicKeys:
        return msgspec.structs.replace(super().public(), key_exchange=CLASSICAL_ONLY)


def make_party(party: PartyId, folder: Path, kind: type[KeySet] = KeySet) -> KeySet:
    passphrase = Passphrase(random_passphrase())
    make_keys(party, folder, SystemClock().now(), passphrase)
    return kind(party, folder, passphrase)


@asynccontextmanager
async def listening(
    keys: KeySet, partners: list[PublicKeys], desk: Desk, book: LinkBook | None = None
) -> AsyncIterator[int]:
    server = PeerServer(
        keys.party, keys, {partner.party: partner for partner in partners}, desk, LinkBook() if book is None else book
    )
    port = await server.start("127.0.0.1", 0)
    try:
        yield port
    finally:
        await server.stop()


def call(port: int, keys: KeySet, partner: PublicKeys, book: LinkBook | None = None) -> PeerCall:
    return PeerCall(f"https://127.0.0.1:{port}", Caller(keys, partner), LinkBook() if book is None else book)


async def post(
    port: int, keys: KeySet, partner: PublicKeys, channel: str = CHANNEL, body: bytes = b"x"
) -> tuple[int, bytes]:
    line = call(port, keys, partner)
    try:
        return await line.request("POST", f"/v1/{channel}/delivery", body)
    finally:
        line.close()
