"""The line is cut, an officer sends 20 messages into the gap, both nodes are killed. Does everything arrive, and when?

Two nodes as processes, each calls the other through a port that can be cut. In each round: the line is cut, LT is
commanded 20 line tests, both nodes are killed with SIGKILL and started again, some seconds later the line returns. All
of LT's entries of the gap must be in BY's copy, byte for byte, in order and once, and be answered once each; else there
is no figure. The clock runs from the line's return until the first of them is durable at BY (its store is read from
outside). The rounds hold the line dead for different times, since the pauses between calls grow with it.

The limit: `plain_line`, one delivery of as many bytes on a line that stands. Beside it, in the last line: of 20
messages sent into such a gap, how many come through a TAK server that is killed (`tak_line_cut`).

Run: python -m benchmarks.line_cut
"""

import asyncio
import contextlib
import json
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from tests.story.story_fleet import NodeProcess, free_port, make_fleet

from benchmarks.cut_line import CutLine, lead_through
from benchmarks.figures import print_figure
from benchmarks.plain_line import plain_times_s
from benchmarks.tak_line_cut import beside
from redshank.edges.clock import SystemClock
from redshank.exchange.parties import EXERCISE_PREFIX, log_origin
from redshank.terms.ids import ChannelId, PartyId

CHANNEL = ChannelId("BY-LT")
MESSAGES = 20
DEAD_S = (0.5, 2.0, 4.0, 7.0, 11.0)  # after both nodes are up again
LOOK_S = 0.003
GIVE_UP_S = 40.0
GOAL_S = 1.0
LT_LOG, BY_LOG = (log_origin(EXERCISE_PREFIX, CHANNEL, PartyId(party), 2026) for party in ("LT", "BY"))


def entries_of(node: NodeProcess, origin: str, first: int) -> list[bytes]:
    """Entries of one log in a node's store, from `first` on; read from outside."""
    with contextlib.closing(sqlite3.connect(f"file:{node.folder / 'data' / 'node.sqlite'}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT idx, body FROM entry WHERE origin = ? AND idx >= ? ORDER BY idx", (origin, first))
        found = rows.fetchall()
    if [index for index, _ in found] != list(range(first, first + len(found))):
        raise SystemExit(f"{origin}: entries are missing in the store of {node.party}: no figure")
    return [body for _, body in found]


def fill_gap(node: NodeProcess) -> tuple[int, list[bytes]]:
    """Commands the messages; the serial of the first, and the entries."""
    first = len(entries_of(node, LT_LOG, 0))
    for _ in range(MESSAGES):
        done = node.call("POST", "/api/command", {"act": "test-line", "channel": CHANNEL})
        if done != {"accepted": True}:
            raise SystemExit(f"a command was refused: {done}")
    return first, entries_of(node, LT_LOG, first)


async def until_first(node: NodeProcess, first: int, begin: float) -> float:
    """Seconds until the entry `first` is durable in the partner's store."""
    with contextlib.closing(sqlite3.connect(f"file:{node.folder / 'data' / 'node.sqlite'}?mode=ro", uri=True)) as db:
        while not db.execute("SELECT 1 FROM entry WHERE origin = ? AND idx = ?", (LT_LOG, first)).fetchone():
            if time.perf_counter() - begin > GIVE_UP_S:
                raise SystemExit("nothing came after the line returned: no figure")
            await asyncio.sleep(LOOK_S)
        return time.perf_counter() - begin


async def check_all(lt: NodeProcess, by: NodeProcess, first: int, said: list[bytes]) -> None:
    """All that was said in the gap is there once and in order, and each test is answered once."""
    deadline = time.perf_counter() + GIVE_UP_S
    tests = {first + at for at, entry in enumerate(said) if json.loads(entry)["type"] == "TEST"}
    while True:
        replies = [json.loads(entry) for entry in entries_of(lt, BY_LOG, 0)]
        answered = [one["in_reply_to"] for one in replies if one["type"] == "TEST-REPLY"]
        if tests <= set(answered) or time.perf_counter() > deadline:
            break
        await asyncio.sleep(0.1)
    copy = entries_of(by, LT_LOG, first)
    if copy[: len(said)] != said or any(answered.count(serial) != 1 for serial in tests) or len(tests) < MESSAGES:
        raise SystemExit(f"of {len(said)} messages {len(copy)} arrived, {len(answered)} answers: no figure")


async def one_round(lt: NodeProcess, by: NodeProcess, lines: list[CutLine], dead_s: float) -> float:
    """Seconds from the line's return to the first message."""
    await asyncio.to_thread(lt.wait_for, lambda view: view["lines"][0]["state"] == "up")
    for line in lines:
        line.cut()
    first, said = await asyncio.to_thread(fill_gap, lt)
    for node in (lt, by):
        await asyncio.to_thread(node.kill)
        node.start()
    for node in (lt, by):
        await asyncio.to_thread(node.wait_ready)
    await asyncio.sleep(dead_s)
    if len(entries_of(by, LT_LOG, 0)) > first:
        raise SystemExit("the line was not cut: no figure")
    begin = time.perf_counter()
    for line in lines:
        await line.mend()
    seconds = await until_first(by, first, begin)
    await check_all(lt, by, first, said)
    print(
        f"dead for {dead_s:g} s more: {len(said)} of {len(said)}, in order, once; the first after {seconds:.2f} s",
        flush=True,
    )
    return seconds


async def measure(folder: Path) -> list[float]:
    """The rounds."""
    fleet = make_fleet(folder, ["LT", "BY"], at=SystemClock().now())
    lt, by = fleet["LT"], fleet["BY"]
    lines = [CutLine(free_port(), node.peer_port) for node in (lt, by)]
    lead_through(by.config, lines[0].port)
    lead_through(lt.config, lines[1].port)
    try:
        for line in lines:
            await line.mend()
        for node in (lt, by):
            node.start()
        for node in (lt, by):
            await asyncio.to_thread(node.wait_ready)
        return [await one_round(lt, by, lines, dead_s) for dead_s in DEAD_S]
    finally:
        for node in (lt, by):
            await asyncio.to_thread(node.stop)
        for line in lines:
            line.cut()


def main() -> None:
    """Prints the figure: the worst round, since a promise to an officer is no median."""
    with tempfile.TemporaryDirectory() as name:
        times = asyncio.run(measure(Path(name)))
    plain_s = statistics.median(plain_times_s([8_000] * 50))
    print(f"to the first message: median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
    print_figure(
        "line_cut",
        max(times),
        plain_s,
        unit="s",
        goal=GOAL_S,
        goal_is_ours=True,
        beside={"peer_is": "limit plain_line", "came": MESSAGES, "of": MESSAGES, "peers": beside()},
    )


if __name__ == "__main__":
    main()
