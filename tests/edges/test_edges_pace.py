"""Pace: a partner that sends without end takes its own time, and no other partner's."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.edges.peer_parties import BY, DELIVERY, LT, LV, call, make_party

from redshank.edges.peers import server as peer_server
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.pace import Pace
from redshank.edges.peers.server import PeerServer
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId


@given(steps=st.lists(st.tuples(st.floats(0, 0.3), st.integers(0, 4_000_000), st.booleans()), max_size=60))
def test_whoever_waits_as_told_gets_no_more_than_its_share_and_its_savings(
    steps: list[tuple[float, int, bool]],
) -> None:
    """KEY-8: over any time, what was granted costs no more than that time and the burst, but for the last request."""
    pace, now_s, spent_s, last_s = Pace(), 1_000.0, 0.0, 0.0
    begin_s = now_s
    for gap_s, size, refused in steps:
        now_s += gap_s + pace.wait_s(now_s + gap_s)
        assert spent_s - last_s <= now_s - begin_s + limits.PEER_BURST_S + 1e-6
        pace.came(size, now_s)
        pace.asked(now_s, refused=refused)
        last_s = size / limits.PEER_BYTES_PER_S
        last_s += limits.PEER_REFUSED_S if refused else 1 / limits.PEER_REQUESTS_PER_S
        spent_s += last_s


def test_who_keeps_within_the_bounds_never_waits() -> None:
    """KEY-8, DEL-12: on both sides of the bounds, and these are not below what the specification lets pass."""
    assert limits.PEER_REQUESTS_PER_S >= 500
    assert limits.PEER_BYTES_PER_S >= 16_777_216
    pace, now_s = Pace(), 50.0
    for _ in range(5_000):
        assert pace.wait_s(now_s) == 0.0
        pace.asked(now_s, refused=False)
        now_s += 1 / limits.PEER_REQUESTS_PER_S
    pace, now_s = Pace(), 50.0
    for _ in range(100):
        assert pace.wait_s(now_s) == 0.0
        pace.came(limits.DELIVERY_BYTES, now_s)
        now_s += limits.DELIVERY_BYTES / limits.PEER_BYTES_PER_S
    pace = Pace()
    for _ in range(round(limits.PEER_BURST_S / limits.PEER_REFUSED_S)):
        assert pace.wait_s(50.0) == 0.0
        pace.asked(50.0, refused=True)
    pace.asked(50.0, refused=True)
    assert pace.wait_s(50.0) == pytest.approx(limits.PEER_REFUSED_S)


class Strict:
    """A desk that refuses one partner."""

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        return (400, b"malformed\n") if channel == "BY-LT" else (200, b"receipt")

    async def receipt(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        return 409, b"3\n"

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        return None


async def test_a_partner_whose_deliveries_are_refused_waits_and_another_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEY-8: all its connections have one account; what is noted is the pause that was asked for, not the time."""
    lt, by, lv = (make_party(party, tmp_path / party) for party in (LT, BY, LV))
    accounts: dict[PartyId, Pace] = {}
    waits: list[float] = []

    class Noted(Pace):
        def wait_s(self, now_s: float) -> float:
            waits.append(super().wait_s(now_s))
            return waits[-1]

    monkeypatch.setattr(peer_server, "Pace", Noted)
    server = PeerServer(LT, lt, {BY: by.public(), LV: lv.public()}, Strict(), LinkBook())
    accounts.update(server._paces)
    port = await server.start("127.0.0.1", 0)
    lines = [call(port, by, lt.public()) for _ in range(3)]
    for _ in range(3):
        answers = await asyncio.gather(*(line.request("POST", DELIVERY, b"x") for line in lines))
        assert {status for status, _ in answers} == {400}
    now_s = asyncio.get_running_loop().time()
    assert max(waits) > 0.0
    assert accounts[BY].wait_s(now_s) > 0.0
    other = call(port, lv, lt.public())
    waits.clear()
    for _ in range(50):
        assert (await other.request("POST", "/v1/LT-LV/delivery", b"x"))[0] == 200
    assert accounts[LV].wait_s(asyncio.get_running_loop().time()) == 0.0
    for line in (*lines, other):
        line.close()
    await server.stop()
