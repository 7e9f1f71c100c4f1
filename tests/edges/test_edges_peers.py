"""Partners over real HTTPS on loopback: who is let in, who is not, and that a delivery comes through a broken line."""

import asyncio
import datetime as dt
import ssl
from pathlib import Path

import msgspec
import pytest
from tests.edges.peer_parties import (
    BY,
    CHANNEL,
    CLASSICAL_ONLY,
    DELIVERY,
    LT,
    LV,
    Box,
    Desk,
    call,
    listening,
    make_party,
    post,
)

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeyExchange, KeySet
from redshank.edges.keys.certificates import make_node_certificate
from redshank.edges.keys.sealed import Seal
from redshank.edges.peers.calling import Answer, PeerCall
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.pump import PeerPump
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.stream import LineBroken
from redshank.edges.peers.tls import LinkRefused
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId

LineFailed = (LinkRefused, LineBroken)


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> dict[PartyId, KeySet]:
    folder = tmp_path_factory.mktemp("parties")
    return {party: make_party(party, folder / party) for party in (LT, LV, BY)}


async def test_a_partner_is_let_in_under_its_own_name(parties: dict[PartyId, KeySet]) -> None:
    """KEY-5: each side knows the other by a certificate of the authority that it pinned."""
    desk = Desk()
    async with listening(parties[LT], [parties[BY].public(), parties[LV].public()], desk) as port:
        assert await post(port, parties[BY], parties[LT].public(), body=b"hello") == (200, b"receipt")
    assert desk.came == [(CHANNEL, b"hello")]


async def test_a_partner_may_not_use_another_partners_channel(parties: dict[PartyId, KeySet]) -> None:
    desk = Desk()
    async with listening(parties[LT], [parties[BY].public(), parties[LV].public()], desk) as port:
        answer = await post(port, parties[BY], parties[LT].public(), "LT-LV")
    assert answer == (403, b"wrong-channel\n")
    assert desk.came == []


async def test_a_receipt_is_taken_on_its_own_channel(parties: dict[PartyId, KeySet]) -> None:
    """DEL-11, LINE-4: of a partner that has pulled."""
    async with listening(parties[LT], [parties[BY].public(), parties[LV].public()], Desk()) as port:
        line = call(port, parties[BY], parties[LT].public())
        assert await line.request("POST", f"/v1/{CHANNEL}/receipt", b"lines") == (409, b"3\n")
        assert await line.request("POST", "/v1/LT-LV/receipt", b"lines") == (403, b"wrong-channel\n")


async def test_both_kinds_of_question_have_an_answer_and_others_none(parties: dict[PartyId, KeySet]) -> None:
    async with listening(parties[LT], [parties[BY].public()], Desk()) as port:
        line = call(port, parties[BY], parties[LT].public())
        assert await line.request("GET", f"/v1/{CHANNEL}/log/checkpoint") == (200, b"head")
        assert await line.request("GET", f"/v1/{CHANNEL}/log/tile/0/001") == (404, b"wrong-size\n")
        assert await line.request("GET", "/v1/LT-LV/log/checkpoint") == (403, b"wrong-channel\n")
        assert (await line.request("PUT", DELIVERY, b"x"))[0] == 404
        assert (await line.request("GET", "/"))[0] == 404
        line.close()


async def test_one_partys_authority_can_not_issue_anothers_certificate(
    parties: dict[PartyId, KeySet], tmp_path: Path
) -> None:
    """KEY-5: BY's own authority signs a certificate in LV's name: it is nobody's, and not a byte of it is read."""
    forged = make_party(LV, tmp_path / "forged")
    desk, book = Desk(), LinkBook()
    by = msgspec.structs.replace(forged.public(), party=BY)
    async with listening(parties[LT], [parties[LV].public(), by], desk, book) as port:
        with pytest.raises(LineFailed):
            await post(port, forged, parties[LT].public(), "LT-LV")
    assert desk.came == []
    assert book.strangers == {"bad-key": 1}


async def test_a_stranger_does_not_get_past_the_handshake(parties: dict[PartyId, KeySet]) -> None:
    desk, book = Desk(), LinkBook()
    async with listening(parties[LT], [parties[BY].public()], desk, book) as port:
        with pytest.raises(LinkRefused, match="authority that the other side has pinned"):
            await post(port, parties[LV], parties[LT].public(), "LT-LV")
    assert desk.came == []
    assert book.strangers == {"bad-certificate": 1}


async def test_nobody_is_let_in_without_a_certificate_or_with_old_tls(parties: dict[PartyId, KeySet]) -> None:
    """KEY-5: TLS 1.3 and a certificate, judged with Python's own TLS on the other side."""
    by = msgspec.structs.replace(parties[BY].public(), key_exchange=CLASSICAL_ONLY)
    async with listening(parties[LT], [by], Desk()) as port:
        bare = ssl.create_default_context(cadata=parties[LT].public().authority_pem)
        bare.check_hostname = False
        with pytest.raises(ssl.SSLError):
            await _say(port, bare)
        old = ssl.create_default_context(cadata=parties[LT].public().authority_pem)
        old.check_hostname = False
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(ssl.SSLError, match=r"(?i)version"):
            await _say(port, old)


async def _say(port: int, context: ssl.SSLContext) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try:
        return await reader.read()
    finally:
        writer.close()


async def test_a_false_server_gets_nothing(parties: dict[PartyId, KeySet]) -> None:
    """KEY-5: the caller trusts the partner's own authority alone: BY cannot stand in for LT."""
    desk, book = Desk(), LinkBook()
    async with listening(parties[BY], [parties[LV].public()], desk) as port:
        line = call(port, parties[LV], parties[LT].public(), book)
        with pytest.raises(LinkRefused, match="not of the pinned authority"):
            await line.request("POST", "/v1/LT-LV/delivery", b"x")
    assert desk.came == []
    assert book.of(LT).fault == "the certificate is not of the pinned authority"
    assert book.of(LT).refused == {"bad-certificate": 1}


async def test_an_expired_certificate_is_refused_with_words_on_both_sides(
    parties: dict[PartyId, KeySet], tmp_path: Path
) -> None:
    """KEY-11: expired is refused, whoever calls."""
    old = make_party(BY, tmp_path / "by")
    seal: Seal = old._seal
    old.tls = make_node_certificate(BY, seal, SystemClock().now(), valid_for=dt.timedelta(seconds=-1))
    book, own = LinkBook(), LinkBook()
    async with listening(parties[LT], [old.public()], Desk(), book) as port:
        line = call(port, old, parties[LT].public(), own)
        with pytest.raises(LinkRefused, match="our certificate has expired"):
            await line.request("POST", DELIVERY, b"x")
    assert book.strangers == {"bad-certificate": 1}
    assert "expired" in own.of(LT).fault
    async with listening(old, [parties[LT].public()], Desk()) as port:
        with pytest.raises(LinkRefused, match="the certificate has expired"):
            await post(port, parties[LT], old.public())


async def test_a_renewed_certificate_is_used_without_a_pause(tmp_path: Path, parties: dict[PartyId, KeySet]) -> None:
    """KEY-11: the next link shows the new one; nothing is pinned anew, and the old link still stands."""
    lt = make_party(LT, tmp_path / "lt")
    desk, book = Desk(), LinkBook()
    async with listening(lt, [parties[BY].public()], desk) as port:
        kept = call(port, parties[BY], lt.public())
        await kept.request("POST", DELIVERY, b"1")
        first = lt.tls.certificate.serial_number
        make_node_certificate(LT, lt._seal, SystemClock().now(), valid_for=dt.timedelta(days=20))
        assert lt.refresh_tls()
        assert not lt.refresh_tls()
        assert lt.tls.certificate.serial_number != first
        await kept.request("POST", DELIVERY, b"2")
        kept.close()
        anew = call(port, parties[BY], lt.public(), book)
        await anew.request("POST", DELIVERY, b"3")
        anew.close()
    assert [body for _, body in desk.came] == [b"1", b"2", b"3"]
    assert book.of(LT).partner_certificate_ends == lt.tls.expires()


async def test_a_delivery_over_the_limit_is_refused(parties: dict[PartyId, KeySet]) -> None:
    """DEL-2 and DEL-7, at the edge: the largest body is taken, one byte more is not, and the line goes on."""
    desk = Desk()
    async with listening(parties[LT], [parties[BY].public()], desk) as port:
        line = call(port, parties[BY], parties[LT].public())
        assert (await line.request("POST", DELIVERY, b"x" * limits.DELIVERY_BYTES))[0] == 200
        answer = await line.request("POST", DELIVERY, b"x" * (limits.DELIVERY_BYTES + 1))
        assert answer == (413, b"too-large\n")
        assert (await line.request("POST", DELIVERY, b"y"))[0] == 200
        line.close()
    assert [len(body) for _, body in desk.came] == [limits.DELIVERY_BYTES, 1]


async def test_the_pump_waits_out_a_dead_line_and_then_delivers_in_order(parties: dict[PartyId, KeySet]) -> None:
    desk, box = Desk(), Box([b"1", b"2", b"3"])
    async with listening(parties[LT], [parties[BY].public()], desk) as free_port:
        pass  # the port is free again: nobody listens there
    line = call(free_port, parties[BY], parties[LT].public())
    pump = asyncio.create_task(PeerPump(CHANNEL, line, box).run())
    await asyncio.wait_for(box.failed_twice.wait(), 20)
    server = PeerServer(LT, parties[LT], {BY: parties[BY].public()}, desk, LinkBook())
    await server.start("127.0.0.1", free_port)
    await asyncio.wait_for(box.empty.wait(), 20)
    pump.cancel()
    await asyncio.gather(pump, return_exceptions=True)
    await server.stop()
    assert [body for _, body in desk.came] == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("error", "pauses_s"),
    [
        (ConnectionRefusedError(), [0.25, 0.5, 0.75, 0.75, 0.75, 0.75]),
        (LinkRefused("bad-key", "another key"), [0.25, 0.5, 1.0, 2.0, 4.0, 5.0]),
    ],
)
async def test_the_pump_calls_often_where_nobody_answers_and_rarely_where_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, error: Exception, pauses_s: list[float]
) -> None:
    class Failing(PeerCall):
        def __init__(self) -> None:
            pass

        async def request(self, *_: object) -> Answer:
            raise error

        def close(self) -> None:
            pass

    paused, sleep = list[float](), asyncio.sleep

    async def pause(seconds: float) -> None:
        paused.append(seconds)
        await sleep(0 if len(paused) < len(pauses_s) else 60)

    monkeypatch.setattr(asyncio, "sleep", pause)
    box = Box([b"1"])
    pump = asyncio.create_task(PeerPump(CHANNEL, Failing(), box).run())
    while len(paused) < len(pauses_s):
        await sleep(0.001)
    pump.cancel()
    await asyncio.gather(pump, return_exceptions=True)
    assert paused == pauses_s


async def test_the_pump_goes_on_after_the_partner_has_ended_the_connection(parties: dict[PartyId, KeySet]) -> None:
    """A restart of the partner between two deliveries costs a new handshake and no failure of the line."""
    desk, box = Desk(), Box([b"1"])
    book = LinkBook()
    server = PeerServer(LT, parties[LT], {BY: parties[BY].public()}, desk, LinkBook())
    port = await server.start("127.0.0.1", 0)
    line = call(port, parties[BY], parties[LT].public(), book)
    assert (await line.request("POST", DELIVERY, b"0"))[0] == 200
    await server.stop()
    again = PeerServer(LT, parties[LT], {BY: parties[BY].public()}, desk, LinkBook())
    await again.start("127.0.0.1", port)
    pump = asyncio.create_task(PeerPump(CHANNEL, line, box).run())
    await asyncio.wait_for(box.empty.wait(), 20)
    pump.cancel()
    await asyncio.gather(pump, return_exceptions=True)
    await again.stop()
    assert [body for _, body in desk.came] == [b"0", b"1"]
    assert box.failures == []
    assert book.of(LT).group is KeyExchange.HYBRID


class Slow(Desk):
    """Answers when it is told to, whatever came in between."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        self.taken(channel, body)
        await self.may_answer.wait()
        return 200, b"receipt for " + body


async def test_several_deliveries_are_on_their_way_at_once(parties: dict[PartyId, KeySet]) -> None:
    """DEL-13: as many as there may be heads under way, and no more; the answers come in the order of the pushes."""
    desk, box = Slow(), Box([b"%d" % number for number in range(10)])
    async with listening(parties[LT], [parties[BY].public()], desk) as port:
        line = call(port, parties[BY], parties[LT].public())
        pump = asyncio.create_task(PeerPump(CHANNEL, line, box).run())
        await desk.has(limits.HEADS_UNDER_WAY)
        await asyncio.sleep(0.2)
        assert [body for _, body in desk.came] == [b"0", b"1", b"2", b"3"]
        desk.may_answer.set()
        await asyncio.wait_for(box.empty.wait(), 20)
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
    assert [body for _, body in desk.came] == [b"%d" % number for number in range(10)]
    assert box.failures == []


async def test_each_request_gets_its_own_answer(parties: dict[PartyId, KeySet]) -> None:
    """DEL-13: whatever their number, and one that is given up takes no other's answer."""
    desk = Slow()
    async with listening(parties[LT], [parties[BY].public()], desk) as port:
        line = call(port, parties[BY], parties[LT].public())
        asked = [asyncio.create_task(line.request("POST", DELIVERY, b"%d" % number)) for number in range(9)]
        await desk.has(limits.HEADS_UNDER_WAY)
        desk.may_answer.set()
        assert await asyncio.gather(*asked) == [(200, b"receipt for %d" % number) for number in range(9)]
        desk.may_answer.clear()
        first = asyncio.create_task(line.request("POST", DELIVERY, b"given up"))
        second = asyncio.create_task(line.request("POST", DELIVERY, b"second"))
        await desk.has(11)
        first.cancel()
        desk.may_answer.set()
        assert await second == (200, b"receipt for second")


async def test_the_pump_begins_anew_when_a_push_is_not_taken(parties: dict[PartyId, KeySet]) -> None:
    """DEL-8: what was on its way behind a refused push is of no use; all of it comes again, in order."""

    class Refusing(Desk):
        async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
            self.came.append((channel, body))
            return (429, b"busy\n") if len(self.came) == 2 else (200, b"receipt")

    desk, box = Refusing(), Box([b"1", b"2", b"3", b"4"])
    async with listening(parties[LT], [parties[BY].public()], desk) as port:
        line = call(port, parties[BY], parties[LT].public())
        pump = asyncio.create_task(PeerPump(CHANNEL, line, box).run())
        await asyncio.wait_for(box.empty.wait(), 20)
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
    taken = [body for _, body in desk.came]
    assert taken[:2] == [b"1", b"2"]
    assert taken[-3:] == [b"2", b"3", b"4"]
