"""UDP feeds over real sockets of the loopback interface."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from tests.decode.decode_feeds import NIGHT, plot_block, source, track_block

from redshank.decode.decoded import Decoded, FeedCounts, join
from redshank.edges.feeds.udp import UdpAddress, UdpFeed
from redshank.terms import limits
from redshank.terms.ids import SourceId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason

LOOPBACK = "127.0.0.1"
GROUP = "239.255.62.48"  # administratively scoped (RFC 2365): leaves no machine by accident


class StandingClock:
    """A clock that always shows the night of the recordings."""

    rate = 1.0

    def now(self) -> Instant:
        return NIGHT


class Inbox:
    """Collects what a feed emits; can be closed, so that `emit` waits as a busy node would."""

    def __init__(self) -> None:
        self.batches: list[Decoded] = []
        self.open = asyncio.Event()
        self.open.set()
        self._came = asyncio.Condition()

    async def emit(self, source_id: SourceId, decoded: Decoded) -> None:
        assert source_id == "radar-1"
        await self.open.wait()
        async with self._came:
            self.batches.append(decoded)
            self._came.notify_all()

    async def until(self, reports: int) -> Decoded:
        """All that came, once it holds so many reports."""
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: sum(len(batch.reports) for batch in self.batches) >= reports)
        return join(self.batches)


@contextlib.asynccontextmanager
async def running(feed: UdpFeed) -> AsyncIterator[int]:
    """The feed's port while it runs."""
    task = asyncio.create_task(feed.run())
    try:
        async with asyncio.timeout(5):
            yield await feed.port()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def send(to: tuple[str, int], *datagrams: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        for datagram in datagrams:
            sender.sendto(datagram, to)


async def test_unicast_datagrams_become_one_batch() -> None:
    inbox = Inbox()
    feed = UdpFeed(source(), UdpAddress(0, LOOPBACK), StandingClock(), inbox.emit)
    async with running(feed) as port:
        send((LOOPBACK, port), track_block(count=2), b"\x3e\x00", plot_block())
        decoded = await inbox.until(3)
    assert [report.track_number for report in decoded.reports] == [1, 2, None]
    assert [refusal.reason for refusal in decoded.refusals] == [Reason.TRUNCATED]
    assert len(inbox.batches) == 1


async def test_multicast_reaches_every_listener_of_the_group() -> None:
    inboxes = [Inbox(), Inbox()]
    first = UdpFeed(source(), UdpAddress(0, LOOPBACK, GROUP), StandingClock(), inboxes[0].emit)
    async with running(first) as port:
        second = UdpFeed(source(), UdpAddress(port, LOOPBACK, GROUP), StandingClock(), inboxes[1].emit)
        async with running(second):
            send((GROUP, port), track_block(count=3))
            for inbox in inboxes:
                assert len((await inbox.until(3)).reports) == 3


async def test_a_multicast_listener_does_not_hear_unicast() -> None:
    inbox = Inbox()
    feed = UdpFeed(source(), UdpAddress(0, LOOPBACK, GROUP), StandingClock(), inbox.emit)
    async with running(feed) as port:
        send((LOOPBACK, port), track_block(count=7))
        send((GROUP, port), track_block())
        assert len((await inbox.until(1)).reports) == 1


async def test_a_busy_node_costs_datagrams_and_the_loss_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEED_QUEUE_DATAGRAMS", 10)
    inbox = Inbox()
    feed = UdpFeed(source(), UdpAddress(0, LOOPBACK), StandingClock(), inbox.emit)
    for _ in range(25):
        feed.take(track_block())
    async with running(feed):
        decoded = await inbox.until(10)
    assert len(decoded.reports) == 10
    assert decoded.dropped == 15
    assert [refusal.reason for refusal in decoded.refusals] == [Reason.BUSY]
    assert "15" in decoded.refusals[0].detail
    assert FeedCounts(source=SourceId("radar-1")).plus(decoded, NIGHT).dropped == 15


async def test_a_feed_waits_while_the_node_is_busy_and_then_goes_on() -> None:
    inbox = Inbox()
    inbox.open.clear()
    feed = UdpFeed(source(), UdpAddress(0, LOOPBACK), StandingClock(), inbox.emit)
    async with running(feed) as port:
        send((LOOPBACK, port), track_block())
        await asyncio.sleep(0.15)
        send((LOOPBACK, port), track_block(count=2))
        assert inbox.batches == []
        inbox.open.set()
        assert len((await inbox.until(3)).reports) == 3
    assert len(inbox.batches) == 2


async def test_a_flood_is_emitted_in_bounded_batches() -> None:
    inbox = Inbox()
    feed = UdpFeed(source(), UdpAddress(0, LOOPBACK), StandingClock(), inbox.emit)
    block = track_block(count=300)
    for _ in range(10):
        feed.take(block)
    async with running(feed):
        decoded = await inbox.until(3_000)
    assert len(decoded.reports) == 3_000
    assert max(len(batch.reports) for batch in inbox.batches) <= limits.REPORTS_PER_BATCH


async def test_an_address_in_use_is_an_error_of_the_edge() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((LOOPBACK, 0))
        feed = UdpFeed(source(), UdpAddress(taken.getsockname()[1], LOOPBACK), StandingClock(), Inbox().emit)
        with pytest.raises(OSError, match="in use"):
            await feed.run()
