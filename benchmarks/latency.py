"""From a message's being due until its receipt is durable, at a steady rate, between a pair of nodes.

LT's engine, store, server and pump run in this process, as in `messages_per_second`; BY is a whole node in a process of
its own. LT is commanded a line test each millisecond. Each TEST is answered by a TEST-REPLY, so that the pair carries
twice the messages that are counted. The time of each TEST runs from the moment at which it was due, whether the node
was free to take it then or not, until the commit that holds the partner's receipt for it; the partner gives a receipt
after its own commit only.

The limit: `plain_line` with the deliveries of this run, one at a time: the same three durable writes and one round
trip. Not here: what is printed last (message_latency_p50, message_latency_p99).
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.figures import quantile
from benchmarks.messages_per_second import CHANNEL, deliveries, exchange, node_of
from benchmarks.plain_line import plain_times_s
from benchmarks.probe import Probe
from redshank.compose.config import NodeConfig, read_config
from redshank.edges.clock import SystemClock
from redshank.edges.engine import Engine
from redshank.node.commands import TestLine
from redshank.node.events import Asked
from redshank.terms.ids import ChannelId

RATE_PER_S = 1_000
SECONDS = 15.0
WARM_UP = 2_000
GIVE_UP_S = 30.0
PLAIN_RUNS = 1_000


async def _post(engine: Engine, channel: ChannelId, count: int, rate: float, begin: float, posted: list[float]) -> None:
    """Commands each test when it is due."""
    loop = asyncio.get_running_loop()
    for number in range(count):
        if (ahead := begin + number / rate - loop.time()) > 0:
            await asyncio.sleep(ahead)
        posted.append(loop.time())
        await engine.post(Asked(0, "duty-officer", TestLine(channel=channel)))


async def settled(engine: Engine, channel: ChannelId = CHANNEL) -> None:
    """Returns when the partner's own scheduled line test has come and nothing is under way any more: it is answered
    once, at a time that would otherwise fall into a run."""
    while True:
        session = engine.state.session(channel)
        await asyncio.sleep(1.0)
        after = engine.state.session(channel)
        if after is session and after.theirs.size and after.own.receipted_size == after.own.size:
            return


async def steady(
    engine: Engine, count: int, rate: float, channel: ChannelId = CHANNEL
) -> tuple[list[float], list[float]]:
    """(seconds from due to receipted, seconds from posted to receipted) of `count` line tests.

    Raises SystemExit when a receipt is missing, or when another message took a serial: then nothing is measured.
    """
    loop = asyncio.get_running_loop()
    first, posted = engine.state.session(channel).own.size, list[float]()
    begin = loop.time() + 0.1
    posting = asyncio.create_task(_post(engine, channel, count, rate, begin, posted))
    due_s, from_post_s, told = list[float](), list[float](), begin
    while len(due_s) < count:
        version = engine.version
        own, now = engine.state.session(channel).own, loop.time()
        if own.size - first > len(posted):
            raise SystemExit("other messages were said beside the tests: serials do not tell them apart, no figure")
        for number in range(len(due_s), min(own.receipted_size - first, count)):
            due_s.append(now - begin - number / rate)
            from_post_s.append(now - posted[number])
        if now - told > 5.0:
            told = now
            print(f"{len(due_s)} of {count} receipted", flush=True)
        if now - begin > count / rate + GIVE_UP_S:
            raise SystemExit(f"{count - len(due_s)} receipts did not come: no figure")
        if len(due_s) < count:
            await engine.changed(version)
    await posting
    if engine.state.session(channel).own.size != first + count:
        raise SystemExit("other messages were said beside the tests: serials do not tell them apart, no figure")
    return due_s, from_post_s


async def _measure(
    config: NodeConfig, base: Path, partner: NodeProcess, seconds: float
) -> tuple[list[float], list[int]]:
    async with node_of(config, base) as (engine, _):
        await exchange(engine, partner, WARM_UP)
        await settled(engine)
        session = engine.state.session(CHANNEL)
        before = session.own.size, session.theirs.size
        cpu_s, began_s = time.process_time(), time.perf_counter()
        due_s, from_post_s = await steady(engine, round(RATE_PER_S * seconds), RATE_PER_S)
        share = (time.process_time() - cpu_s) / (time.perf_counter() - began_s)
        await asyncio.sleep(0.5)
        sizes = await deliveries(engine, before)
    for name, times in (("due", due_s), ("posted", from_post_s)):
        parts = ", ".join(f"p{100 * part:g} {quantile(times, part) * 1_000:.1f}" for part in (0.5, 0.9, 0.99, 1.0))
        print(f"from {name} to receipted, ms: {parts}")
    print(f"{len(due_s)} tests and their replies in {len(sizes)} deliveries; our process took {share * 100:.0f} %")
    return due_s, sizes


def measure_latency() -> tuple[list[float], list[float]]:
    """(ours, the limit's) times in milliseconds."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=SECONDS)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        fleet = make_fleet(Path(name), ["LT", "BY"], at=SystemClock().now())
        partner = fleet["BY"]
        partner.start()
        try:
            partner.wait_ready()
            print("node BY is ready", flush=True)
            with Probe(Path(name) / "probe") as probe:
                config, base = read_config(fleet["LT"].config)
                due_s, sizes = asyncio.run(_measure(config, base, partner, seconds))
        finally:
            partner.stop()
        print(f"a durable write beside it: p50 {quantile(probe.writes_s, 0.5) * 1_000:.1f} ms,", end=" ")
        print(f"p99 {quantile(probe.writes_s, 0.99) * 1_000:.1f} ms")
        step = max(1, len(sizes) // PLAIN_RUNS)
        plain_s = plain_times_s(sizes[::step][:PLAIN_RUNS])
    parts = ", ".join(f"p{100 * part:g} {quantile(plain_s, part) * 1_000:.1f}" for part in (0.5, 0.9, 0.99))
    print(f"limit: {len(plain_s)} plain deliveries as long as these, ms: {parts}")
    return [one * 1_000 for one in due_s], [one * 1_000 for one in plain_s]
