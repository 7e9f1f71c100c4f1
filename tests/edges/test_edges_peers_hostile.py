"""Callers that waste time, space or places: each costs what is bounded, and nobody else."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.edges.peer_parties import BY, CHANNEL, DELIVERY, LT, LV, Desk, call, listening, make_party, post

from redshank.edges.keys import KeySet
from redshank.edges.peers import server as peer_server
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.stream import LineBroken, TlsStream
from redshank.edges.peers.tls import Caller
from redshank.terms import limits
from redshank.terms.ids import ChannelId

Dial = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
def lt(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(LT, tmp_path_factory.mktemp("lt"))


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(BY, tmp_path_factory.mktemp("by"))


@contextlib.asynccontextmanager
async def node(lt: KeySet, *partners: KeySet) -> AsyncIterator[tuple[PeerServer, int, Desk, LinkBook]]:
    desk, book = Desk(), LinkBook()
    server = PeerServer(LT, lt, {keys.party: keys.public() for keys in partners}, desk, book)
    try:
        yield server, await server.start("127.0.0.1", 0), desk, book
    finally:
        await server.stop()


async def tls_to(port: int, keys: KeySet, lt: KeySet) -> TlsStream:
    """A partner's connection after the handshake, to say on it what one likes."""
    connection = Caller(keys, lt.public()).connection()
    _, stream = await asyncio.get_running_loop().create_connection(lambda: TlsStream(connection), "127.0.0.1", port)
    await stream.handshake()
    return stream


async def answer_of(stream: TlsStream) -> bytes:
    """All that comes until the other side ends."""
    parts = []
    with contextlib.suppress(LineBroken):
        while data := await asyncio.wait_for(stream.receive(), 20):
            parts.append(data)
    return b"".join(parts)


@pytest.fixture
def many_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on calls of one address out of the way of another bound: here all callers have one address."""
    monkeypatch.setattr(limits, "PEER_CALLS_PER_S", 10_000)


async def test_callers_that_say_nothing_take_bounded_places_and_an_honest_call_finds_one(
    lt: KeySet, by: KeySet, many_calls: None
) -> None:
    """KEY-8: the oldest stranger goes."""
    async with node(lt, by) as (server, port, _, _):
        silent: list[Dial] = [
            await asyncio.open_connection("127.0.0.1", port) for _ in range(limits.PEER_STRANGERS + 20)
        ]
        await asyncio.sleep(0.1)
        assert len(server._strangers) == limits.PEER_STRANGERS
        assert (await post(port, by, lt.public()))[0] == 200
        ended = await asyncio.gather(
            *(asyncio.wait_for(reader.read(), 5) for reader, _ in silent[:20]), return_exceptions=True
        )
        assert all(isinstance(one, ConnectionError) or one == b"" for one in ended)
        for _, writer in silent:
            writer.close()


async def test_a_handshake_that_does_not_end_is_ended(lt: KeySet, by: KeySet, monkeypatch: pytest.MonkeyPatch) -> None:
    """KEY-8: in the time for it, and its place is free again."""
    monkeypatch.setattr(limits, "PEER_HANDSHAKE_S", 0.2)
    async with node(lt, by) as (server, port, _, book):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x16\x03\x01")  # the beginning of a record, and no more
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        assert not server._strangers
    assert book.strangers == {"no-handshake": 1}


async def test_calls_of_one_address_are_counted(lt: KeySet, by: KeySet, monkeypatch: pytest.MonkeyPatch) -> None:
    """KEY-8: on both sides of the bound."""
    monkeypatch.setattr(limits, "PEER_CALLS_PER_S", 5)
    calls = peer_server._Calls()
    assert [calls.allows("a", 7.0 + step / 10) for step in range(6)] == [True] * 5 + [False]
    assert calls.allows("b", 7.9)
    assert calls.allows("a", 8.0)
    for number in range(limits.PEER_ADDRESSES + 10):
        calls.allows(f"10.0.{number}", 9.0)
    assert len(calls._counts) == limits.PEER_ADDRESSES
    async with node(lt, by) as (_, port, _, book):
        dials = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
        await asyncio.sleep(0.2)
        for _, writer in dials:
            writer.close()
    assert 1 <= book.strangers["too-many-calls"] <= 7


async def test_a_partner_holds_a_bounded_number_of_connections(lt: KeySet, by: KeySet, many_calls: None) -> None:
    """KEY-8: its oldest goes, which may hang on a line that died; a stranger's flood does not touch them."""
    async with node(lt, by) as (server, port, _, _):
        streams = [await tls_to(port, by, lt) for _ in range(limits.PEER_CONNECTIONS + 1)]
        await asyncio.sleep(0.1)
        assert len(server._partners[BY]) == limits.PEER_CONNECTIONS
        assert await answer_of(streams[0]) == b""
        await streams[1].send(
            f"GET /v1/{CHANNEL}/log/checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        assert (await answer_of(streams[1])).endswith(b"head")
        for stream in streams:
            stream.abort()


async def test_a_request_that_comes_byte_by_byte_is_ended(
    lt: KeySet, by: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEY-8: the head and the body each have their time, counted from their first byte."""
    monkeypatch.setattr(limits, "PEER_TIMEOUT_S", 0.3)
    async with node(lt, by) as (server, port, desk, _):
        slow = await tls_to(port, by, lt)
        dripping = asyncio.create_task(drip(slow, b"POST " + b"x" * 10_000))
        assert await answer_of(slow) == b""
        dripping.cancel()
        body = await tls_to(port, by, lt)
        await body.send(f"POST {DELIVERY} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx".encode())
        assert await answer_of(body) == b""
        assert not server._partners[BY]
    assert desk.came == []


async def drip(stream: TlsStream, data: bytes) -> None:
    with contextlib.suppress(LineBroken):
        for byte in data:
            await stream.send(bytes([byte]))
            await asyncio.sleep(0.02)


async def test_an_idle_connection_is_ended_and_a_busy_one_at_its_age(
    lt: KeySet, by: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEY-8: so that certificates and revocations are looked at again."""
    async with node(lt, by) as (_, port, _, _):
        monkeypatch.setattr(limits, "PEER_IDLE_S", 0.2)
        assert await answer_of(await tls_to(port, by, lt)) == b""
        monkeypatch.setattr(limits, "PEER_IDLE_S", 10.0)
        monkeypatch.setattr(limits, "PEER_CONNECTION_S", 0.0)
        old = await tls_to(port, by, lt)
        await old.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"Connection: close" in await answer_of(old)


async def test_a_head_over_the_limit_is_not_read_to_its_end(lt: KeySet, by: KeySet) -> None:
    """KEY-8: on both sides of the bound."""
    async with node(lt, by) as (_, port, _, _):
        frame = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Pad: %b\r\n\r\n"
        short = await tls_to(port, by, lt)
        await short.send(frame % (b"x" * (limits.PEER_HEAD_BYTES - 200)))
        assert (await answer_of(short)).startswith(b"HTTP/1.1 404")
        long = await tls_to(port, by, lt)
        with contextlib.suppress(LineBroken):
            await long.send(frame % (b"x" * (10 * limits.PEER_HEAD_BYTES)))
        assert await answer_of(long) == b""


async def test_a_body_without_end_is_cut_off(lt: KeySet, by: KeySet) -> None:
    """KEY-8: no more than twice a delivery is read of it, and one delivery's worth kept."""
    async with node(lt, by) as (_, port, desk, _):
        endless = await tls_to(port, by, lt)
        await endless.send(f"POST {DELIVERY} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        sent = 0
        with contextlib.suppress(LineBroken):
            for _ in range(200):
                await endless.send(chunk)
                sent += 0x10000
        answer = await answer_of(endless)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 413")
        assert sent < 200 * 0x10000
    assert desk.came == []


async def test_a_log_is_shown_as_static_files(lt: KeySet, by: KeySet) -> None:
    """LOG-17: with the content types of C2SP tlog-tiles; a head is never cached, a tile for ever."""
    async with node(lt, by) as (_, port, _, _):
        for path, kind, cached in (
            ("checkpoint", b"text/plain; charset=utf-8", b"no-cache"),
            ("tile/0/000", b"application/octet-stream", b"max-age=31536000, immutable"),
            ("tile/entries/000.p/7", b"application/octet-stream", b"max-age=31536000, immutable"),
        ):
            stream = await tls_to(port, by, lt)
            await stream.send(f"GET /v1/{CHANNEL}/log/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            head = (await answer_of(stream)).partition(b"\r\n\r\n")[0]
            assert b"\r\nContent-Type: " + kind in head
            assert b"\r\nCache-Control: " + cached in head
        stream = await tls_to(port, by, lt)
        await stream.send(f"GET /v1/{CHANNEL}/log/tile/0/001 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert b"Cache-Control" not in await answer_of(stream)


async def test_a_chunked_delivery_within_the_limit_is_taken(lt: KeySet, by: KeySet) -> None:
    async with node(lt, by) as (_, port, desk, _):
        stream = await tls_to(port, by, lt)
        head = f"POST {DELIVERY} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        await stream.send(head.encode() + b"3\r\nabc\r\n0\r\n\r\n")
        assert (await answer_of(stream)).startswith(b"HTTP/1.1 200")
    assert desk.came == [(CHANNEL, b"abc")]


async def test_a_partner_that_reads_no_answer_does_not_hold_the_node(
    lt: KeySet, by: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEY-8: requests without end, answers unread: the node stops reading, and ends it in time."""
    monkeypatch.setattr(limits, "PEER_TIMEOUT_S", 0.5)
    monkeypatch.setattr(limits, "PEER_RATE_MIN_BPS", 10_000_000)
    async with node(lt, by) as (server, port, _, _):
        greedy = await tls_to(port, by, lt)
        assert greedy._transport is not None
        greedy._transport.pause_reading()
        asking = f"GET /v1/{CHANNEL}/log/tile/entries/000 HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 50
        flood = asyncio.create_task(asking_on(greedy, asking))
        for _ in range(400):
            await asyncio.sleep(0.05)
            if not server._partners[BY]:
                break
        assert not server._partners[BY]
        assert (await post(port, by, lt.public()))[0] == 200
        flood.cancel()
        greedy.abort()


async def asking_on(stream: TlsStream, asking: bytes) -> None:
    with contextlib.suppress(LineBroken):
        while True:
            await stream.send(asking)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(min_size=1, max_size=600), after_handshake=st.booleans())
def test_garbage_leads_to_the_end_of_its_connection_alone(
    lt: KeySet, by: KeySet, garbage: bytes, after_handshake: bool
) -> None:
    """KEY-8: before the handshake and after it."""

    async def story() -> None:
        async with node(lt, by) as (_, port, desk, _):
            if after_handshake:
                stream = await tls_to(port, by, lt)
                await stream.send(garbage)
                stream.close()
            else:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(garbage)
                writer.write_eof()
                with contextlib.suppress(ConnectionError):
                    await asyncio.wait_for(reader.read(), 10)
                writer.close()
            assert (await post(port, by, lt.public(), body=b"good"))[0] == 200
            assert desk.came[-1] == (CHANNEL, b"good")

    asyncio.run(story())


async def test_hostile_callers_cost_other_channels_no_time(
    lt: KeySet, by: KeySet, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """KEY-8: BY drips, floods and stays silent on all its connections while LV's deliveries pass one after the other.

    Nothing is asserted of the clock: all of LV's pass, and BY's slow ones still stand when they have.
    """
    lv = make_party(LV, tmp_path_factory.mktemp("lv"))
    async with node(lt, by, lv) as (_, port, desk, _):
        slow = [await tls_to(port, by, lt) for _ in range(limits.PEER_CONNECTIONS)]
        for stream in slow:
            await stream.send(f"POST {DELIVERY} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n".encode())
        line = call(port, lv, lt.public())
        begin = time.perf_counter()
        for number in range(200):
            assert (await line.request("POST", "/v1/LT-LV/delivery", b"%d" % number))[0] == 200
        print(f"200 deliveries beside eight slow ones: {time.perf_counter() - begin:.3f} s")
        assert not any(stream.is_over for stream in slow)
        line.close()
        for stream in slow:
            stream.abort()
    assert [body for _, body in desk.came] == [b"%d" % number for number in range(200)]


async def test_requests_that_are_sent_without_end_are_read_within_bounds(lt: KeySet, by: KeySet) -> None:
    """KEY-8, DEL-13: of large bodies the bytes of one delivery wait; of small ones as many as heads under way."""
    desk = Holding()
    async with listening(lt, [by.public()], desk) as port:
        for size, most in ((limits.DELIVERY_BYTES // 2, 2), (10, limits.HEADS_UNDER_WAY)):
            desk.came.clear()
            stream = await tls_to(port, by, lt)
            request = f"POST {DELIVERY} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size
            sending = asyncio.create_task(without_end(stream, request))
            await desk.has(most)
            await asyncio.sleep(0.3)
            assert len(desk.came) == most
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            stream.abort()


class Holding(Desk):
    """Takes its time."""

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        self.taken(channel, body)
        await asyncio.Event().wait()
        return 200, b""


async def without_end(stream: TlsStream, data: bytes) -> None:
    with contextlib.suppress(LineBroken):
        while True:
            await stream.send(data)
            await asyncio.sleep(0)


async def test_a_caller_is_told_to_continue_after_the_earlier_answers(lt: KeySet, by: KeySet) -> None:
    """DEL-13: RFC 9112 section 9.3.2 with RFC 9110 section 10.1.1; an interim answer never goes before a final one."""
    async with node(lt, by) as (_, port, _, _):
        stream = await tls_to(port, by, lt)
        head = f"POST {DELIVERY} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
        await stream.send(f"{head}\r\na{head}Expect: 100-continue\r\n\r\n".encode())
        came = b""
        async with asyncio.timeout(20):
            while b"100 " not in came:
                came += await stream.receive()
        assert came.index(b" 200 ") < came.index(b" 100 ")
        await stream.send(b"b")
        async with asyncio.timeout(20):
            while came.count(b" 200 ") < 2:
                came += await stream.receive()
        stream.abort()
