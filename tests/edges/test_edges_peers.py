"""Partners over real HTTPS on loopback: who is let in, who is not, and that a delivery comes through a broken line."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, host_name, make_keys
from redshank.edges.peers.pump import PeerPump
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.tls import client_context
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId

LT, LV, BY = PartyId("LT"), PartyId("LV"), PartyId("BY")
CHANNEL = ChannelId("BY-LT")


class Desk:
    """Keeps the contract of a node's desk: remembers what came, answers what it was told to."""

    def __init__(self) -> None:
        self.came: list[tuple[ChannelId, bytes]] = []

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        self.came.append((channel, body))
        return 200, b"receipt"

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        return {"checkpoint": b"head", "tile/0/000": b"tile", "tile/entries/000.p/7": b"entries"}.get(path)


@pytest.fixture
def parties(tmp_path: Path) -> dict[PartyId, KeySet]:
    now = SystemClock().now()
    return {party: make_keys(party, tmp_path / party, now) for party in (LT, LV, BY)}


@asynccontextmanager
async def listening(keys: KeySet, partners: list[KeySet], desk: Desk) -> AsyncIterator[int]:
    authorities = {partner.party: partner.public().authority_pem for partner in partners}
    server = PeerServer(keys.party, keys, authorities, desk)
    port = await server.start("127.0.0.1", 0)
    try:
        yield port
    finally:
        await server.stop()


async def post(port: int, context: ssl.SSLContext, channel: str, body: bytes = b"x") -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"https://127.0.0.1:{port}/v1/{channel}/delivery", data=body, ssl=context, server_hostname=host_name(LT)
        ) as response,
    ):
        return response.status, await response.read()


async def test_a_partner_is_let_in_under_its_own_name(parties: dict[PartyId, KeySet]) -> None:
    desk = Desk()
    async with listening(parties[LT], [parties[BY], parties[LV]], desk) as port:
        context = client_context(parties[BY], parties[LT].public().authority_pem)
        assert await post(port, context, CHANNEL, b"hello") == (200, b"receipt")
    assert desk.came == [(CHANNEL, b"hello")]


async def test_a_log_is_shown_as_static_files(parties: dict[PartyId, KeySet]) -> None:
    """LOG-17: with the content types of C2SP tlog-tiles; a head is never cached, a tile for ever."""
    async with listening(parties[LT], [parties[BY]], Desk()) as port, aiohttp.ClientSession() as http:
        context = client_context(parties[BY], parties[LT].public().authority_pem)
        for path, kind, cached in (
            ("checkpoint", "text/plain; charset=utf-8", "no-cache"),
            ("tile/0/000", "application/octet-stream", "max-age=31536000, immutable"),
            ("tile/entries/000.p/7", "application/octet-stream", "max-age=31536000, immutable"),
        ):
            place = f"https://127.0.0.1:{port}/v1/{CHANNEL}/log/{path}"
            async with http.get(place, ssl=context, server_hostname=host_name(LT)) as answer:
                assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
                assert answer.headers["Cache-Control"] == cached
        place = f"https://127.0.0.1:{port}/v1/{CHANNEL}/log/tile/0/001"
        async with http.get(place, ssl=context, server_hostname=host_name(LT)) as answer:
            assert answer.status == 404
            assert "Cache-Control" not in answer.headers


async def test_a_partner_may_not_use_another_partners_channel(parties: dict[PartyId, KeySet]) -> None:
    desk = Desk()
    async with listening(parties[LT], [parties[BY], parties[LV]], desk) as port:
        context = client_context(parties[BY], parties[LT].public().authority_pem)
        status, body = await post(port, context, "LT-LV")
    assert status == 403
    assert b"wrong-channel" in body
    assert desk.came == []


async def test_one_partys_authority_can_not_issue_anothers_certificate(
    parties: dict[PartyId, KeySet], tmp_path: Path
) -> None:
    """BY's own authority signs a certificate in LV's name: the handshake passes, the name does not."""
    forged = make_keys(LV, tmp_path / "forged", SystemClock().now())
    desk = Desk()
    async with listening(parties[LT], [parties[LV], parties[BY], forged_as(forged, BY)], desk) as port:
        context = client_context(forged, parties[LT].public().authority_pem)
        status, body = await post(port, context, "LT-LV")
    assert status == 403
    assert b"bad-key" in body
    assert desk.came == []


def forged_as(keys: KeySet, party: PartyId) -> KeySet:
    """The same authority, pinned for another party."""
    shown = KeySet(keys.party, keys.folder)
    shown.party = party
    return shown


async def test_a_stranger_does_not_get_past_the_handshake(parties: dict[PartyId, KeySet]) -> None:
    desk = Desk()
    async with listening(parties[LT], [parties[BY]], desk) as port:
        context = client_context(parties[LV], parties[LT].public().authority_pem)
        with pytest.raises(aiohttp.ClientError):
            await post(port, context, "LT-LV")
    assert desk.came == []


async def test_nobody_is_let_in_without_a_certificate_or_with_old_tls(parties: dict[PartyId, KeySet]) -> None:
    async with listening(parties[LT], [parties[BY]], Desk()) as port:
        bare = ssl.create_default_context(cadata=parties[LT].public().authority_pem)
        with pytest.raises(aiohttp.ClientError):
            await post(port, bare, CHANNEL)
        old = client_context(parties[BY], parties[LT].public().authority_pem)
        old.minimum_version = ssl.TLSVersion.TLSv1_2
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(aiohttp.ClientError):
            await post(port, old, CHANNEL)


async def test_a_false_server_gets_nothing(parties: dict[PartyId, KeySet]) -> None:
    """The caller trusts the partner's own authority alone: BY cannot stand in for LT."""
    desk = Desk()
    async with listening(parties[BY], [parties[LV]], desk) as port:
        context = client_context(parties[LV], parties[LT].public().authority_pem)
        with pytest.raises(aiohttp.ClientError):
            await post(port, context, "LT-LV")
    assert desk.came == []


async def test_a_delivery_over_the_limit_is_refused(parties: dict[PartyId, KeySet]) -> None:
    desk = Desk()
    async with listening(parties[LT], [parties[BY]], desk) as port:
        context = client_context(parties[BY], parties[LT].public().authority_pem)
        assert (await post(port, context, CHANNEL, b"x" * limits.DELIVERY_BYTES))[0] == 200
        status, body = await post(port, context, CHANNEL, b"x" * (limits.DELIVERY_BYTES + 1))
    assert (status, len(desk.came)) == (413, 1)
    assert b"too-large" in body


class Box:
    """Keeps the contract of an outbox: delivers its list in order, one at a time."""

    def __init__(self, waiting: list[bytes]) -> None:
        self.waiting = waiting
        self.failures = 0
        self.failed_twice = asyncio.Event()
        self.empty = asyncio.Event()

    async def next_delivery(self) -> bytes | None:
        return self.waiting[0] if self.waiting else None

    async def answered(self, status: int, body: bytes) -> bool:
        if status == 200:
            self.waiting.pop(0)
        return status == 200

    async def line_failed(self, why: str) -> None:
        self.failures += 1
        if self.failures == 2:
            self.failed_twice.set()

    async def wait(self) -> None:
        self.empty.set()
        await asyncio.Event().wait()


async def test_the_pump_waits_out_a_dead_line_and_then_delivers_in_order(parties: dict[PartyId, KeySet]) -> None:
    desk, box = Desk(), Box([b"1", b"2", b"3"])
    async with listening(parties[LT], [parties[BY]], desk) as free_port:
        pass  # the port is free again: nobody listens there
    context = client_context(parties[BY], parties[LT].public().authority_pem)
    pump = asyncio.create_task(PeerPump(CHANNEL, LT, f"https://127.0.0.1:{free_port}", context, box).run())
    await asyncio.wait_for(box.failed_twice.wait(), 20)
    server = PeerServer(LT, parties[LT], {BY: parties[BY].public().authority_pem}, desk)
    await server.start("127.0.0.1", free_port)
    await asyncio.wait_for(box.empty.wait(), 20)
    pump.cancel()
    await server.stop()
    assert [body for _, body in desk.came] == [b"1", b"2", b"3"]
