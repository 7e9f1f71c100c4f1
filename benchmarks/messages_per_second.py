"""Messages per second of a pair of nodes: signed, durable, delivered over mutual TLS, verified, the receipt durable.

LT's engine, store, peer server and pump run in this process, as `redshank node` composes them, without console and
feeds; BY is a whole node in a process of its own. LT is commanded so many line tests; each TEST is answered by a
TEST-REPLY, so that messages go both ways. The clock stops when both durably hold the receipt for their last message.

The peer: the same number of messages of the same size, in deliveries of the same length, over plain mutual TLS with an
fsync before and after (`plain_line`): no signature, no proof, no parsing, no journal, no database.

Run: python -m benchmarks.messages_per_second
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.figures import print_figure
from benchmarks.plain_line import plain_times_s
from redshank.compose.build import build_state, first_pairs, read_gazetteer, read_pinned
from redshank.compose.config import NodeConfig, read_config
from redshank.compose.desk import NodeDesk, SeenLinks
from redshank.compose.serve import DESK_SOURCE
from redshank.edges.alerts import SpoolSender
from redshank.edges.clock import ExerciseClock, SystemClock
from redshank.edges.engine import Engine
from redshank.edges.keys import KeyRing
from redshank.edges.keys.sealed import read_passphrase
from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.outbox import ChannelOutbox
from redshank.edges.peers.pump import PeerPump
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.tls import Caller
from redshank.edges.people import PeopleStore
from redshank.edges.recovery import recover
from redshank.edges.store import Store
from redshank.edges.tiles import LogTiles, TileHashes
from redshank.edges.witness.pump import EngineOutbox, WitnessPump
from redshank.node.commands import TestLine
from redshank.node.effects import NoteKind
from redshank.node.events import Asked
from redshank.terms.ids import ChannelId, channel_between

CHANNEL = ChannelId("BY-LT")
TESTS = 6_000
WARM_UP = 200
GIVE_UP_S = 120.0
GOAL_PER_S = 100.0  # a night of 250 objects, told to three partners every 30 s, is 25 a second


@contextlib.asynccontextmanager
async def node_of(config: NodeConfig, base: Path) -> AsyncIterator[tuple[Engine, Store]]:
    """One node's channel half, running in this process."""
    ring = KeyRing(config.party, base / config.keys, read_passphrase(base / str(config.passphrase_file)))
    store = Store(base / config.data / "node.sqlite")
    clock = ExerciseClock(base / str(config.clock.exercise_file))
    state = recover(build_state(config, base, ring, first_pairs(config, base, ring)), store)
    engine = Engine(state, store, ring, clock, SpoolSender(base / config.data / "alerts"))
    pinned = [read_pinned(config, base, one, ring) for one in config.channels]
    keys, partners, book = ring.base, {pin[0].party: pin[0] for pin in pinned if pin is not None}, LinkBook()
    hashes = TileHashes(base / config.data / "tiles.sqlite")
    logs = LogTiles(engine, hashes)
    people = PeopleStore(base / config.data / "people.sqlite", config.party)
    desk = NodeDesk(engine, DESK_SOURCE, read_gazetteer(), logs, SeenLinks(book, keys), people)
    server = PeerServer(config.party, keys, partners, desk, book)
    await server.start(config.peers.host, config.peers.port)
    pumps = list[PeerPump | WitnessPump]()
    for one in config.channels:
        channel = channel_between(config.party, one.partner)
        call = PeerCall(str(one.url), Caller(keys, partners[one.partner]), book)
        pumps.append(PeerPump(channel, call, ChannelOutbox(engine, channel)))
        witnesses = state.session(channel).witnesses.witnesses
        pumps += [WitnessPump(witness, EngineOutbox(engine, logs, channel, witness)) for witness in witnesses]
    jobs = (engine.run(), logs.run(), *(pump.run() for pump in pumps))
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield engine, store
    finally:
        await server.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        hashes.close()
        store.close()


async def exchange(engine: Engine, partner: NodeProcess, count: int) -> float:
    """Seconds until `count` line tests and their replies are receipted on both sides."""
    session = engine.state.session(CHANNEL)
    said, answered = session.own.size + count, session.theirs.size + count
    begin = time.perf_counter()
    for _ in range(count):
        await engine.post(Asked(0, "duty-officer", TestLine(channel=CHANNEL)))
    told_s = begin
    while True:
        session = engine.state.session(CHANNEL)
        if session.own.receipted_size >= said and session.theirs.size >= answered:
            (line,) = (await asyncio.to_thread(partner.view))["lines"]
            if line["receipted_size"] >= answered:
                return time.perf_counter() - begin
        now_s = time.perf_counter()
        if now_s - told_s > 1.0:
            told_s = now_s
            print(f"{session.own.receipted_size - said + count} of {count} tests receipted", flush=True)
        if now_s - begin > GIVE_UP_S:
            raise SystemExit("the receipts did not come")
        await asyncio.sleep(0.005)


async def measure(config: NodeConfig, base: Path, partner: NodeProcess) -> tuple[float, list[int]]:
    """(messages per second both ways, payload bytes of each of our deliveries)."""
    async with node_of(config, base) as (engine, _):
        await exchange(engine, partner, WARM_UP)
        session = engine.state.session(CHANNEL)
        before = session.own.size, session.theirs.size
        seconds = await exchange(engine, partner, TESTS)
        session = engine.state.session(CHANNEL)
        messages = session.own.size - before[0] + session.theirs.size - before[1]
        sizes = await deliveries(engine, before)
        print(f"ours: {messages} messages in {seconds:.2f} s, {len(sizes)} deliveries both ways", flush=True)
        return messages / seconds, sizes


async def deliveries(engine: Engine, before: tuple[int, int]) -> list[int]:
    """Payload bytes of each delivery since, both ways: entries between one receipt and the next."""
    session = engine.state.session(CHANNEL)
    sizes = []
    for origin, start in ((session.own.key.name, before[0]), (session.theirs.key.name, before[1])):
        ends = [size for size, _ in await engine.notes(origin, NoteKind.RECEIPT) if size > start]
        for begin, end in pairwise([start, *ends]):
            sizes.append(sum(map(len, await engine.entries(origin, begin, end))))
    return sizes


def main() -> None:
    """Measures both and prints the figure."""
    with tempfile.TemporaryDirectory() as name:
        fleet = make_fleet(Path(name), ["LT", "BY"], at=SystemClock().now())
        partner = fleet["BY"]
        partner.start()
        try:
            partner.wait_ready()
            print("node BY is ready", flush=True)
            config, base = read_config(fleet["LT"].config)
            ours, sizes = asyncio.run(measure(config, base, partner))
        finally:
            partner.stop()
        plain_s = sum(plain_times_s(sizes))
    messages = 2 * TESTS
    print(f"peer: the same {sum(sizes)} bytes in {len(sizes)} plain deliveries in {plain_s:.2f} s")
    print_figure(
        "messages_per_second",
        ours,
        messages / plain_s,
        unit="messages/s",
        goal=GOAL_PER_S,
        lower_is_better=False,
        goal_is_ours=True,
    )


if __name__ == "__main__":
    main()
