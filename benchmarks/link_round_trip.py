"""One request of a link and its answer: HTTP on mutual TLS over loopback, client and server on one event loop.

Ours: `edges/peers`, hybrid key exchange. The peer, in the same run: aiohttp's server and client on Python's own `ssl`
with the same certificates, X25519. The figure: the median of small deliveries over a kept connection; told beside it:
full deliveries per second and a connection with its handshake.

Run: python -m benchmarks.link_round_trip
"""

import asyncio
import contextlib
import ssl
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.figures import print_figure, quantile
from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, Passphrase, host_name, make_keys
from redshank.edges.keys.sealed import Seal, random_passphrase
from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.tls import Caller
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId

SMALL, LARGE = b"x" * 700, b"x" * limits.DELIVERY_BYTES  # a delivery of one message, and the largest
ROUNDS, SMALL_PER_ROUND, LARGE_PER_ROUND, CALLS = 5, 600, 10, 20
PATH = "/v1/BY-LT/delivery"
RECEIPT = b"r" * 200
GOAL_MS = 1.0  # a third of the 3 ms that a receipted message may take

Post = Callable[[bytes], Awaitable[int]]


class Desk:
    """Answers at once, so that the link alone is measured."""

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """A receipt's worth of bytes."""
        return 200, RECEIPT

    async def receipt(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        return 409, b"3\n"

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        """Nothing."""
        return None


class Party:
    """One side: its keys, and what Python's own TLS needs of them."""

    def __init__(self, party: PartyId, folder: Path) -> None:
        passphrase = Passphrase(random_passphrase())
        self.keys: KeySet = make_keys(party, folder, SystemClock().now(), passphrase)
        self._password = Seal(folder, passphrase).password

    def context(self, purpose: int, partner: "Party") -> ssl.SSLContext:
        """Mutual TLS 1.3 as Redshank had it before its own."""
        context = ssl.SSLContext(purpose)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(partner.keys.authority_path)
        context.load_cert_chain(self.keys.folder / "tls.pem", password=self._password)
        return context


@contextlib.asynccontextmanager
async def ours(lt: Party, by: Party) -> AsyncIterator[tuple[Post, Callable[[], None]]]:
    """(post, hang up) over Redshank's link."""
    book = LinkBook()
    server = PeerServer(lt.keys.party, lt.keys, {by.keys.party: by.keys.public()}, Desk(), book)
    port = await server.start("127.0.0.1", 0)
    call = PeerCall(f"https://127.0.0.1:{port}", Caller(by.keys, lt.keys.public()), book)

    async def post(body: bytes) -> int:
        return (await call.request("POST", PATH, body))[0]

    try:
        yield post, call.close
    finally:
        call.close()
        await server.stop()


@contextlib.asynccontextmanager
async def peer(lt: Party, by: Party) -> AsyncIterator[tuple[Post, Callable[[], None]]]:
    """(post, nothing) over aiohttp."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=RECEIPT)

    app = web.Application(client_max_size=limits.DELIVERY_BYTES)
    app.router.add_post(PATH, take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=lt.context(ssl.PROTOCOL_TLS_SERVER, by)).start()
    url = f"https://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    context = by.context(ssl.PROTOCOL_TLS_CLIENT, lt)
    async with aiohttp.ClientSession() as session:

        async def post(body: bytes) -> int:
            async with session.post(url, data=body, ssl=context, server_hostname=host_name(PartyId("LT"))) as response:
                await response.read()
                return response.status

        yield post, lambda: None
    await runner.cleanup()


async def seconds(post: Post, body: bytes, times: int) -> list[float]:
    """Of each of so many posts."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        assert await post(body) == 200
        taken.append(time.perf_counter() - begin)
    return taken


async def measure(folder: Path) -> tuple[float, float]:
    """Medians of a small post in ms, ours and the peer's, in turns."""
    lt, by = Party(PartyId("LT"), folder / "LT"), Party(PartyId("BY"), folder / "BY")
    small: tuple[list[float], list[float]] = ([], [])
    large: tuple[list[float], list[float]] = ([], [])
    async with ours(lt, by) as (our_post, hang_up), peer(lt, by) as (peer_post, _):
        for _ in range(ROUNDS):
            for side, post in enumerate((our_post, peer_post)):
                await seconds(post, SMALL, 20)
                small[side].extend(await seconds(post, SMALL, SMALL_PER_ROUND))
                large[side].extend(await seconds(post, LARGE, LARGE_PER_ROUND))
        calls = []
        for _ in range(CALLS):
            hang_up()
            calls.extend(await seconds(our_post, SMALL, 1))
    for name, side in (("ours", 0), ("peer", 1)):
        p50, p99 = (quantile(small[side], share) * 1_000 for share in (0.5, 0.99))
        rate = limits.DELIVERY_BYTES / quantile(large[side], 0.5) / 1e6
        print(f"{name}: small p50 {p50:.2f} ms, p99 {p99:.2f} ms; largest deliveries {rate:.0f} MB/s", flush=True)
    print(f"ours: connect, handshake and post {quantile(calls, 0.5) * 1_000:.1f} ms", flush=True)
    return quantile(small[0], 0.5) * 1_000, quantile(small[1], 0.5) * 1_000


def main() -> None:
    """Measures both and prints the figure."""
    with tempfile.TemporaryDirectory() as name:
        mine, theirs = asyncio.run(measure(Path(name)))
    print_figure("link_round_trip", mine, theirs, unit="ms", goal=GOAL_MS, goal_is_ours=True)


if __name__ == "__main__":
    main()
