"""1,000,000 messages wait for a partner that was away; it comes back. How long until it has receipted them all?

LT's store holds the log (`long_logs`), with one signed head under way, as a dead line leaves it. LT's engine, store,
server and pump run in this process, as in `messages_per_second`, and call in vain for some seconds; then BY's node
starts, with an empty log. The clock starts when BY's port takes a connection. It stops when LT durably holds the
receipt for the last message. The messages are TEST-REPLYs, the shortest there are and the cheapest to take: nothing
follows from them. The figure is therefore that of the channel, not of incidents and picture.

The limit: hashing as many bytes with SHA-256 and writing them to a file, an fsync for each 256 messages.

Run: python -m benchmarks.backlog_1000000 [--entries 50000]
"""

import argparse
import asyncio
import os
import socket
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.figures import print_figure
from benchmarks.long_logs import Keeper, bookmarked, hash_tiles, say_waiting, side_of
from benchmarks.messages_per_second import CHANNEL, node_of
from benchmarks.plain_line import Journal
from redshank.compose.config import read_config
from redshank.edges.clock import SystemClock
from redshank.edges.store import Store
from redshank.terms import limits

ENTRIES = 1_000_000
AWAY_S = 8.0  # the line is dead for so long before the partner comes: pauses between calls have grown to their longest
GIVE_UP_S = 900.0
GOAL_S = 60.0
FIRST_GOAL_S = 1.0


def build(node: NodeProcess, partner: NodeProcess, count: int) -> int:
    """A store with `count` entries that wait; their bytes."""
    me, other = side_of(node), side_of(partner)
    store = Store(me.data / "node.sqlite")
    now = SystemClock().now()
    keeper = Keeper(store, "backlog", count)
    say_waiting(me, other, keeper, count, now)
    keeper.flush(now)
    bookmarked(me, store)
    hash_tiles(me, store)
    origin = me.session.own.key.name
    size = sum(sum(map(len, store.entries(origin, at, at + 10_000))) for at in range(0, count, 10_000))
    store.close()
    return size


def wait_for_port(port: int) -> float:
    """When somebody listens there."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return time.perf_counter()
        time.sleep(0.005)


async def catch_up(node: NodeProcess, partner: NodeProcess, count: int) -> tuple[float, float]:
    """(seconds to the first receipt, to the last one)."""
    config, base = read_config(node.config)
    async with node_of(config, base) as (engine, _):
        await asyncio.sleep(AWAY_S)
        partner.start()
        begin = await asyncio.to_thread(wait_for_port, partner.peer_port)
        first_s, told_s = None, begin
        while True:
            version = engine.version
            size, now_s = engine.state.session(CHANNEL).own.receipted_size, time.perf_counter()
            if size and first_s is None:
                first_s = now_s - begin
                print(f"the first receipt after {first_s:.2f} s", flush=True)
            if first_s is not None and size >= count:
                return first_s, now_s - begin
            if now_s - told_s > 5.0:
                told_s = now_s
                print(f"{size} of {count} receipted after {now_s - begin:.0f} s", flush=True)
            if now_s - begin > GIVE_UP_S:
                raise SystemExit(f"{count - size} receipts did not come: no figure")
            await engine.changed(version)


def limit_s(folder: Path, size: int, count: int) -> float:
    """Seconds to hash and keep as many bytes."""
    pieces = -(-count // limits.DELIVERY_ENTRIES)
    data, journal, digest = os.urandom(size // pieces), Journal(folder / "plain"), sha256()
    begin = time.perf_counter()
    for _ in range(pieces):
        digest.update(data)
        journal.keep(data)
    return time.perf_counter() - begin


def check_copy(partner: NodeProcess, node: NodeProcess, count: int) -> None:
    """The partner's copy holds each entry once, in order, and nothing that we did not say (a scheduled line test of the
    partner's is answered behind them). Raises SystemExit."""
    mine, theirs = Store(node.folder / "data" / "node.sqlite"), Store(partner.folder / "data" / "node.sqlite")
    origin = side_of(node).session.own.key.name
    size = theirs.size(origin)
    if size < count or size > mine.size(origin):
        raise SystemExit(f"the partner holds {size} of {count}: no figure")
    for at in range(0, size, 10_000):
        end = min(at + 10_000, size)
        if mine.entries(origin, at, end) != theirs.entries(origin, at, end):
            raise SystemExit("the partner's copy differs from our log: no figure")
    mine.close()
    theirs.close()


def main() -> None:
    """Prints the figure."""
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=ENTRIES)
    count = options.parse_args().entries
    with tempfile.TemporaryDirectory() as name:
        fleet = make_fleet(Path(name), ["LT", "BY"], at=SystemClock().now())
        size = build(fleet["LT"], fleet["BY"], count)
        print(f"{count} entries of {size} bytes wait", flush=True)
        try:
            first_s, seconds = asyncio.run(catch_up(fleet["LT"], fleet["BY"], count))
        finally:
            fleet["BY"].stop()
        check_copy(fleet["BY"], fleet["LT"], count)
        peer_s = limit_s(Path(name), size, count)
    print(f"{count} receipted after {seconds:.1f} s, {count / seconds:.0f} a second; all there, in order, once")
    also = f"the first receipt after {FIRST_GOAL_S:g} s at most ({first_s:.2f})", first_s <= FIRST_GOAL_S
    name = "backlog_1000000" if count == ENTRIES else f"backlog_1000000 (with {count})"
    print_figure(name, seconds, peer_s, unit="s", goal=GOAL_S * count / ENTRIES, goal_is_ours=True, also=also)


if __name__ == "__main__":
    main()
