"""1,000 tracks at 1 Hz into one node: what its policy lets out, signed, on disk, to one partner and to three.

LT's tracker tells 1,000 slow fliers along the border with BY once a second (`border_traffic`); they appear within 30 s.
Which of that leaves is decided by procedure and policy: a NOTICE for each object, then UPDATEs, at most one per object
in 30 s and for BY in 60 s (`UPDATE_INTERVAL_MS`, `update_interval_s`). A message therefore never stands for each
report, and the channel carries some tens of messages a second, not 1,000: the time from a report to a message that the
pace holds back is no latency. Measured is the time from the statement (`stated_ms`: when the turn began that decided
it) until the partner's receipt for it is durable in the sender's store, of all NOTICEs and UPDATEs, and how old the
observation in each was when it was stated. In the one run only BY is a partner, in the other BY, LV and PL (no party
has four active agreements); all are processes.

The peer: taky, a TAK server that relays the same fliers as Cursor-on-Target, unsigned, undecided and not written down,
to one client and to four (`tak_tracks`); the worse p99 of the two. FreeTAKServer is told beside it. The limit:
`plain_line`, as many deliveries as there were receipts; it is the peer where taky can not be installed.

Run: python -m benchmarks.tracks_1000 [--seconds 90] [--tracks 1000]
"""

import argparse
import asyncio
import contextlib
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.border_traffic import TRACKER, Told, Tracker, cpu_s, fliers, memory_mb
from benchmarks.figures import print_figure, quantile
from benchmarks.plain_line import plain_times_s
from benchmarks.tak_tracks import SECONDS as PEER_SECONDS
from benchmarks.tak_tracks import beside, worst_of
from redshank.edges.clock import ExerciseClock, SystemClock
from redshank.exchange.parties import EXERCISE_PREFIX, log_origin
from redshank.terms.ids import PartyId, channel_between

TRACKS, SECONDS = 1_000, 90.0
APPEARING_S = 30.0
LOOK_S = 0.004
DRAIN_S = 30.0
GOAL_P99_MS, GOAL_P50_MS, GOAL_CORE, GOAL_MB = 100.0, 25.0, 0.6, 120.0
LT = PartyId("LT")
ALL = ("BY", "LV", "PL")
_TOLD = msgspec.json.Decoder(Told)


@dataclass
class Book:
    """What is seen of one channel in the sender's store."""

    origin: str
    said: list[Told] = field(default_factory=list)
    receipted_ms: list[int] = field(default_factory=list)


def look(db: sqlite3.Connection, book: Book, now_ms: int) -> None:
    """Reads what is new."""
    rows = db.execute(
        "SELECT body FROM entry WHERE origin = ? AND idx >= ? ORDER BY idx", (book.origin, len(book.said))
    )
    book.said += [_TOLD.decode(body) for (body,) in rows]
    (size,) = db.execute(
        "SELECT COALESCE(MAX(size), 0) FROM note WHERE origin = ? AND kind = 'receipt'", (book.origin,)
    ).fetchone()
    book.receipted_ms += [now_ms] * (size - len(book.receipted_ms))


async def watch(node: NodeProcess, books: list[Book], clock: ExerciseClock) -> None:
    """Until cancelled."""
    path = node.folder / "data" / "node.sqlite"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as db:
        seen = 0
        while True:
            (newest,) = db.execute("PRAGMA data_version").fetchone()
            if newest != seen:
                seen = newest
                for book in books:
                    look(db, book, clock.now())
            await asyncio.sleep(LOOK_S)


@dataclass
class Run:
    """What one run gave."""

    times_ms: list[float]
    ages_ms: list[float]
    missing: int
    core: float
    mb: float
    partner_core: float
    partner_mb: float


async def fly(fleet: dict[str, NodeProcess], clock: ExerciseClock, count: int, seconds: float) -> Run:
    """Feeds the tracks and watches."""
    lt, partners = fleet["LT"], [node for party, node in fleet.items() if party != "LT"]
    books = [Book(log_origin(EXERCISE_PREFIX, channel_between(LT, PartyId(node.party)), LT, 2026)) for node in partners]
    tracker = Tracker(lt, clock, fliers(LT, PartyId("BY"), count))
    before = {node.party: cpu_s(node) for node in fleet.values()}
    jobs = [asyncio.create_task(tracker.run(1.0, APPEARING_S)), asyncio.create_task(watch(lt, books, clock))]
    for _ in range(round(seconds / 5)):
        await asyncio.sleep(5.0)
        told = ", ".join(f"{len(book.receipted_ms)} of {len(book.said)}" for book in books)
        print(f"{tracker.reports} reports, receipted {told}", flush=True)
    jobs.pop(0).cancel()
    share = {node.party: (cpu_s(node) - before[node.party]) / seconds for node in fleet.values()}
    counts = [len(book.said) for book in books]
    for _ in range(round(DRAIN_S / 0.1)):
        if all(len(book.receipted_ms) >= size for book, size in zip(books, counts, strict=True)):
            break
        await asyncio.sleep(0.1)
    for job in jobs:
        if job.done():
            job.result()
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    return _run_of(books, counts, lt, partners, share)


def _run_of(
    books: list[Book], counts: list[int], lt: NodeProcess, partners: list[NodeProcess], share: dict[str, float]
) -> Run:
    times, ages, missing = list[float](), list[float](), 0
    for node, book, size in zip(partners, books, counts, strict=True):
        kinds = Counter(one.type for one in book.said[:size])
        objects = len({one.incident for one in book.said[:size] if one.incident})
        print(f"to {node.party}: {dict(kinds)} about {objects} incidents", flush=True)
        missing += size - min(size, len(book.receipted_ms))
        for one, at_ms in zip(book.said[:size], book.receipted_ms, strict=False):
            if one.type in ("NOTICE", "UPDATE", "LOST"):
                times.append(at_ms - one.stated_ms)
                ages.append(one.stated_ms - (one.observed_ms or one.stated_ms))
    worst = max(partners, key=memory_mb)
    busiest = max(share[node.party] for node in partners)
    return Run(times, ages, missing, share["LT"], memory_mb(lt), busiest, memory_mb(worst))


def measure(folder: Path, partners: tuple[str, ...], count: int, seconds: float) -> Run:
    """One run with these partners."""
    folder.mkdir()
    fleet = make_fleet(folder, ["LT", *partners], at=SystemClock().now(), feeds={"LT": [TRACKER]})
    try:
        for node in fleet.values():
            node.start()
        for node in fleet.values():
            node.wait_ready()
        fleet["LT"].wait_for(lambda view: all(line["state"] == "up" for line in view["lines"]))
        run = asyncio.run(fly(fleet, ExerciseClock(folder / "clock.json"), count, seconds))
    finally:
        for node in fleet.values():
            node.stop()
    if run.missing or len(run.times_ms) < count // 2:
        raise SystemExit(f"{run.missing} receipts are missing, {len(run.times_ms)} messages were measured: no figure")
    parts = ", ".join(f"p{100 * part:g} {quantile(run.times_ms, part):.0f}" for part in (0.5, 0.9, 0.99, 1.0))
    aged = ", ".join(f"p{100 * part:g} {quantile(run.ages_ms, part) / 1_000:.1f}" for part in (0.5, 0.99))
    print(f"{', '.join(partners)}: {len(run.times_ms)} messages, all receipted; stated to receipted, ms: {parts}")
    print(f"age of the observation when it was stated (coarsened by policy), s: {aged}")
    print(f"LT: {run.core * 100:.0f} % of a core, {run.mb:.0f} MB;", end=" ")
    print(f"partners at most {run.partner_core * 100:.0f} %, {run.partner_mb:.0f} MB", flush=True)
    return run


def main() -> None:
    """Prints the figure."""
    options = argparse.ArgumentParser()
    options.add_argument("--tracks", type=int, default=TRACKS)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--alone", action="store_true", help="to one partner only")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        one = measure(Path(name) / "one", ("BY",), given.tracks, given.seconds)
        three = one if given.alone else measure(Path(name) / "three", ALL, given.tracks, given.seconds)
    runs, peers = beside(["taky", "FreeTAKServer"], fliers(LT, PartyId("BY"), given.tracks), 1.0, PEER_SECONDS)
    limit_ms = quantile([one_s * 1_000 for one_s in plain_times_s([5_000] * 400)], 0.99)
    peer, peer_ms = worst_of("taky", runs) or ("limit plain_line", limit_ms)
    p50, p99, core, mb = (
        max(quantile(one.times_ms, 0.5), quantile(three.times_ms, 0.5)),
        max(quantile(one.times_ms, 0.99), quantile(three.times_ms, 0.99)),
        max(one.core, three.core),
        max(one.mb, three.mb),
    )
    kept = p50 <= GOAL_P50_MS and core <= GOAL_CORE and mb <= GOAL_MB
    also = (
        f"p50 at most {GOAL_P50_MS:g} ms ({p50:.0f}), {GOAL_CORE * 100:g} % of a core ({core * 100:.0f}), "
        f"{GOAL_MB:g} MB ({mb:.0f})"
    )
    print_figure(
        "tracks_1000",
        p99,
        peer_ms,
        unit="ms",
        goal=GOAL_P99_MS,
        goal_is_ours=True,
        also=(also, kept),
        beside={"peer_is": peer, "limit": round(limit_ms, 3), "peers": peers},
    )


if __name__ == "__main__":
    main()
