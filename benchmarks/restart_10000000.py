"""A node with 10,000,000 entries in its logs was killed and starts again. How long until it serves?

The store (`long_logs`) holds half of the entries in the own log and half in the partner's, all receipted, and the
journal with all the partner's deliveries. Behind the newest bookmark the journal has nearly as many recorded events as
it may have before the next one (BOOKMARK_EVENTS), so that the replay is the longest that a restart meets. The node is
a process of its own, `redshank node`; the time runs from before the process is made until it has opened its doors
(console.json).
Before each start the store's pages are put out of the page cache, as after a power cut. Measured are some starts, the
median is the figure. The traffic is line tests: a bookmark after a night of incidents is larger than this one.

The peer: the same node's start with an empty store.

Run: python -m benchmarks.restart_10000000 [--entries 1000000] [--more 3000000]
"""

import argparse
import contextlib
import os
import resource
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.figures import print_figure
from benchmarks.long_logs import Keeper, Side, bookmarked, hash_tiles, hear, say_receipted, side_of
from redshank.compose.config import read_config
from redshank.compose.policy_file import PolicyFile
from redshank.edges.clock import SystemClock
from redshank.edges.recovery import recover
from redshank.edges.store import Store
from redshank.edges.turn import take_turn
from redshank.node.commands import TestLine
from redshank.node.events import Asked
from redshank.node.state import NodeState
from redshank.terms import limits

ENTRIES = 10_000_000
STARTS = 5
ROOM_EVENTS = 50  # what the starts may add before a bookmark is due, which would make the later ones easier
GOAL_S = 2.0


def build(node: NodeProcess, partner: NodeProcess, count: int) -> None:
    """A store with `count` entries, half in each log, a bookmark, and the longest journal behind it."""
    me, other = side_of(node), side_of(partner)
    store = Store(me.data / "node.sqlite")
    now = SystemClock().now()
    keeper = Keeper(store, "both logs", count)
    say_receipted(me, other, keeper, count // 2, now)
    hear(me, other, keeper, count - count // 2, now)
    keeper.flush(now)
    state = bookmarked(me, store)
    hash_tiles(me, store)
    config, base = read_config(node.config)
    first = PolicyFile.of(config, base).at_start(state)
    assert first is not None
    turn = take_turn(state, [first], now, me.keys)
    store.commit(turn.durables, now)
    _since_then(me, turn.state, store)
    store.close()
    print(f"the store has {(me.data / 'node.sqlite').stat().st_size / 1e9:.2f} GB", flush=True)


def _since_then(me: Side, state: NodeState, store: Store) -> None:
    """Recorded events behind the bookmark, a few short of the next one, through the node's own turns."""
    wanted = store.events + limits.BOOKMARK_EVENTS - ROOM_EVENTS
    ask = Asked(0, "duty-officer", TestLine(channel=me.session.channel))
    while store.events < wanted:
        now = SystemClock().now()
        turn = take_turn(state, [ask] * min(100, wanted - store.events), now, me.keys)
        store.commit(turn.durables, now)
        state = turn.state


def put_out(data: Path) -> None:
    """The store's pages leave the page cache."""
    for path in data.glob("*.sqlite*"):
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def starts_s(node: NodeProcess, told: str) -> list[float]:
    """Seconds of some starts; each is ended as a power cut ends it."""
    times, replayed = [], 0
    for number in range(STARTS + 1):
        put_out(node.folder / "data")
        begin = time.perf_counter()
        node.start()
        while not (node.folder / "data" / "console.json").exists():
            if node.process is None or node.process.poll() is not None:
                raise SystemExit(node.log())
            time.sleep(0.002)
        replayed = _behind_bookmark(node)
        if number:  # the first one warms what does not depend on the store: the program's own files
            times.append(time.perf_counter() - begin)
        node.kill()
    print(f"{told}: {', '.join(f'{one:.2f}' for one in times)} s; each replayed {replayed} events", flush=True)
    return times


def _behind_bookmark(node: NodeProcess) -> int:
    """Recorded events that a start has to replay."""
    with contextlib.closing(sqlite3.connect(f"file:{node.folder / 'data' / 'node.sqlite'}?mode=ro", uri=True)) as db:
        (events,) = db.execute("SELECT COALESCE(MAX(seq), 0) FROM journal").fetchone()
        (marked,) = db.execute("SELECT COALESCE(MAX(seq), 0) FROM bookmark").fetchone()
    return int(events) - int(marked)


def opening_s(node: NodeProcess) -> tuple[float, float]:
    """Seconds to open the store, and to recover the state from it, in this process."""
    side = side_of(node)
    put_out(side.data)
    begin = time.perf_counter()
    store = Store(side.data / "node.sqlite")
    opened = time.perf_counter()
    state = recover(side.state, store)
    done = time.perf_counter()
    size = state.session(side.session.channel).own.size
    store.close()
    print(f"in one process: opened in {opened - begin:.3f} s, recovered in {done - opened:.3f} s; own log {size}")
    return opened - begin, done - opened


def measure(folder: Path, count: int) -> float:
    """Median seconds of a start with so many entries."""
    folder.mkdir()
    fleet = make_fleet(folder, ["LT", "BY"], at=SystemClock().now())
    node = fleet["LT"]
    if count:
        began = time.perf_counter()
        build(node, fleet["BY"], count)
        print(f"built in {time.perf_counter() - began:.0f} s", flush=True)
        opening_s(node)
    return statistics.median(starts_s(node, f"starts with {count} entries"))


def main() -> None:
    """Prints the figure."""
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=ENTRIES)
    options.add_argument("--more", type=int, default=0, help="also with so many entries, to see what grows")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        peer_s = measure(Path(name) / "empty", 0)
        ours_s = measure(Path(name) / "long", given.entries)
        if given.more:
            more_s = measure(Path(name) / "more", given.more)
            print(f"{given.entries} entries: {ours_s:.2f} s; {given.more} entries: {more_s:.2f} s")
    print(f"this process had at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    name = "restart_10000000" if given.entries == ENTRIES else f"restart_10000000 (with {given.entries})"
    print_figure(name, ours_s, peer_s, unit="s", goal=GOAL_S, goal_is_ours=True)


if __name__ == "__main__":
    main()
