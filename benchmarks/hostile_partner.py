"""What a hostile partner at line rate costs the others: the 99th percentile of an honest channel, beside a quiet run.

LT's engine, store, server and pumps run in this process; LV is a whole node in a process of its own and honest. LT says
100 line tests a second to LV; the time runs from when each was due until its receipt is durable, as in `latency`. First
quiet; then with BY as a process (`attack`) that does what it can with its true keys; then quiet again. The peer is the
worse of the two quiet runs. All three processes share the machine's cores: what the attacker's own work takes from them
is counted against us. How much that is, a fourth run tells: beside a process that takes as much of a core and asks
nothing of us.

Run: python -m benchmarks.hostile_partner [--seconds 20]
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.figures import print_figure, quantile
from benchmarks.latency import settled, steady
from benchmarks.messages_per_second import node_of
from redshank.compose.config import read_config
from redshank.edges.clock import SystemClock
from redshank.edges.engine import Engine
from redshank.terms.ids import ChannelId

HONEST = ChannelId("LT-LV")
RATE_PER_S = 100
SECONDS = 20.0
WARM_UP = 300
GOAL_RATIO = 1 / 1.25


def told(name: str, times: list[float]) -> None:
    """One line."""
    parts = ", ".join(f"p{100 * part:g} {quantile(times, part) * 1_000:.1f}" for part in (0.5, 0.9, 0.99, 1.0))
    print(f"{name}: {len(times)} receipted, ms: {parts}", flush=True)


async def run_of(engine: Engine, name: str, seconds: float) -> list[float]:
    """Times of one run."""
    times, _ = await steady(engine, round(RATE_PER_S * seconds), RATE_PER_S, HONEST)
    told(name, times)
    return times


async def measure(fleet: dict[str, NodeProcess], seconds: float) -> tuple[list[float], list[float]]:
    """(beside the hostile partner, the worse quiet run) in seconds."""
    lt, by = fleet["LT"], fleet["BY"]
    config, base = read_config(lt.config)
    async with node_of(config, base) as (engine, _):
        await settled(engine, HONEST)
        await steady(engine, WARM_UP, RATE_PER_S, HONEST)
        before = await run_of(engine, "quiet", seconds)
        arguments = (str(by.config), str(lt.public_keys), str(lt.peer_port), str(seconds + 2))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.attack", *arguments), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(600):  # its keys are opened and its first garbage is refused
            if engine.state.line(ChannelId("BY-LT")).refusals:
                break
            await asyncio.sleep(0.05)
        else:
            raise SystemExit("the attack did not begin: no figure")
        beside = await run_of(engine, "beside a hostile partner", seconds - 1)
        out, _ = await process.communicate()
        done = json.loads(out)
        refused = engine.state.line(ChannelId("BY-LT")).refusals
        print(f"it did: {done}; refused: {dict(refused)}", flush=True)
        after = await run_of(engine, "quiet again", seconds)
        burning = "import sys; from benchmarks.attack import burn; burn(float(sys.argv[1]), float(sys.argv[2]))"
        share = str(min(1.0, done["core_share"]))
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", burning, share, str(seconds + 1))
        await run_of(engine, f"beside a process that takes {share} of a core and asks nothing", seconds)
        await process.wait()
    return beside, max(before, after, key=lambda times: quantile(times, 0.99))


def main() -> None:
    """Prints the figure."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=SECONDS)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        fleet = make_fleet(Path(name), ["LT", "LV", "BY"], at=SystemClock().now())
        honest = fleet["LV"]
        honest.start()
        try:
            honest.wait_ready()
            print("node LV is ready", flush=True)
            beside, quiet = asyncio.run(measure(fleet, seconds))
        finally:
            honest.stop()
    ours, peer = (quantile(times, 0.99) * 1_000 for times in (beside, quiet))
    print_figure("hostile_partner", ours, peer, unit="ms", goal=GOAL_RATIO)


if __name__ == "__main__":
    main()
