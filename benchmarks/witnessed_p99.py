"""From a message's place in the log until two of three third-party witnesses have cosigned it, durably at the sender.

LT's node runs in this process as in `messages_per_second`; BY and two witnesses are processes of their own. Each
witness is 100 ms of round trip away (a proxy holds every piece back for 50 ms in each direction), the third one is
dead. LT says a line test each 0.3 s; the time runs from before the command until the commit that holds the second
cosignature.

The limit: one round trip of 100 ms, for nobody can answer sooner; measured as an HTTP request to nowhere
(`/0…0/checkpoint`) through the same proxy in the same run.

Run: python -m benchmarks.witnessed_p99
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import yaml
from tests.story.story_fleet import free_port, make_fleet
from tests.story.story_witness import WitnessProcess, redshank

from benchmarks.figures import print_figure, quantile
from benchmarks.messages_per_second import CHANNEL, node_of
from redshank.compose.config import read_config
from redshank.edges.clock import SystemClock
from redshank.edges.engine import Engine
from redshank.node.commands import TestLine
from redshank.node.events import Asked

MESSAGES = 200
WARM_UP = 5
EVERY_S = 0.3
ONE_WAY_S = 0.05
GIVE_UP_S = 30.0
GOAL_S = 1.0
LIMIT_RUNS = 100


@contextlib.asynccontextmanager
async def far_away(port: int) -> AsyncIterator[int]:
    """A port that leads to another one, 100 ms of round trip away."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def hold() -> None:
            while True:
                at, piece = await due.get()
                await asyncio.sleep(max(0.0, at - time.perf_counter()))
                writer.write(piece)
                await writer.drain()

        holding = asyncio.create_task(hold())
        try:
            while piece := await reader.read(65_536):
                due.put_nowait((time.perf_counter() + ONE_WAY_S, piece))
        finally:
            holding.cancel()
            writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(carry(reader, back), carry(there, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def witnessed_after_s(engine: Engine) -> float:
    """Seconds from the command to a durable quorum for what it said."""
    session = engine.state.session(CHANNEL)
    wanted = session.own.size + 1
    began = time.perf_counter()
    refusal = await engine.ask(lambda ticket: Asked(ticket, "duty-officer", TestLine(channel=CHANNEL)))
    if refusal is not None:
        raise RuntimeError(f"the test was refused: {refusal}")
    version = engine.version
    while True:
        session = engine.state.session(CHANNEL)
        if session.witnessing.quorum_size(session.witnesses) >= wanted:
            return time.perf_counter() - began
        if time.perf_counter() - began > GIVE_UP_S:
            raise RuntimeError("no quorum came")
        version = await engine.changed(version)


async def round_trips_s(port: int) -> list[float]:
    """Seconds of requests that cost the witness nothing."""
    times = []
    async with aiohttp.ClientSession() as http:
        for _ in range(LIMIT_RUNS):
            began = time.perf_counter()
            async with http.get(f"http://127.0.0.1:{port}/{'0' * 64}/checkpoint") as answer:
                await answer.read()
            times.append(time.perf_counter() - began)
    return times


async def measure(folder: Path) -> tuple[list[float], list[float]]:
    """(ours, limit) in seconds."""
    nodes = make_fleet(folder, ["BY", "LT"], at=SystemClock().now())
    thirds = [WitnessProcess(folder / name, f"{name}.example/w") for name in ("one", "two", "three")]
    logs = redshank("witness", "logs", nodes["LT"].public_keys, "BY-LT", 2026, "--exercise").split()
    async with contextlib.AsyncExitStack() as stack:
        ports = []
        for third in thirds[:2]:
            third.serve(logs)
            third.start()
            stack.callback(third.stop)
            ports.append(await stack.enter_async_context(far_away(third.port)))
        ports.append(free_port())  # the third one: nobody listens
        _agree(nodes["LT"].config, folder, [third.vkeys for third in thirds], ports)
        nodes["BY"].start()
        stack.callback(nodes["BY"].stop)
        await asyncio.to_thread(nodes["BY"].wait_ready)
        engine, _ = await stack.enter_async_context(node_of(*read_config(nodes["LT"].config)))
        times = []
        for number in range(WARM_UP + MESSAGES):
            took = await witnessed_after_s(engine)
            times += [took] if number >= WARM_UP else []
            await asyncio.sleep(EVERY_S)
        return times, await round_trips_s(ports[0])


def _agree(config: Path, folder: Path, vkeys: list[list[str]], ports: list[int]) -> None:
    told = yaml.safe_load(config.read_text(encoding="utf-8"))
    (channel,) = told["channels"]
    of = [{"url": f"http://127.0.0.1:{port}", "keys": keys} for port, keys in zip(ports, vkeys, strict=True)]
    agreed = yaml.safe_dump({"witnesses": {"required": 2, "of": of}}, width=100_000)
    path = folder / "by-lt.yaml"
    path.write_text(Path(channel["agreement"]).read_text(encoding="utf-8") + "\n" + agreed, encoding="utf-8")
    channel["agreement"] = str(path)
    config.write_text(yaml.safe_dump(told), encoding="utf-8")


def main() -> None:
    """Prints the figure."""
    with tempfile.TemporaryDirectory() as folder:
        ours, limit = asyncio.run(measure(Path(folder)))
    for name, times in (("ours", ours), ("limit", limit)):
        shown = ", ".join(f"p{round(100 * part)} {quantile(times, part) * 1_000:.0f} ms" for part in (0.5, 0.9, 0.99))
        print(f"{name}: {len(times)} runs, {shown}")
    print_figure("witnessed_p99", quantile(ours, 0.99), quantile(limit, 0.99), unit="s", goal=GOAL_S, goal_is_ours=True)


if __name__ == "__main__":
    main()
