"""The fliers of `tracks_1000` through a TAK server: what comes out, how late, how old the picture is, what it costs.

One client tells of 1,000 fliers as Cursor-on-Target, one event after the other, spread evenly over the second; one or
four other clients receive. Nothing is signed, receipted, decided or written durably on the way: a TAK server relays.
Measured are the share of the reports that came out (the worst client's, a time of grace after the last included); the
time from when a report was due until the client had it, of all that came; and how old, at the end of the feeding, the
newest report was that a client had of each flier, and whether the event still bore the time that was told (else its
age can not be known: "unmarked"). Processor time and memory (proportional set) are of all processes of the server.

Run: python -m benchmarks.tak_tracks [--rate 1] [--seconds 20] [--subscribers 1 4]
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.border_traffic import Flier, fliers
from benchmarks.figures import quantile
from benchmarks.tak_cot import Feeder, Key, Reports, Seen, Subscriber
from benchmarks.tak_servers import NOT_STARTED, PEERS, Absent, Peer, Server, environment
from redshank.terms.ids import PartyId

SECONDS, GRACE_S = 20.0, 5.0
SUBSCRIBERS = (1, 4)
REACHED_S = 30.0
SAME_S = 0.001  # of a time told with milliseconds


@dataclass(frozen=True)
class Relayed:
    """What one run gave; shares of 1, the worst subscriber's."""

    peer: str
    subscribers: int
    rate_hz: float
    told: int
    delivered: float
    p50_ms: float
    p99_ms: float
    age_p50_s: float
    age_worst_s: float
    never: int
    marked: float
    core: float
    mb: float

    def line(self) -> str:
        """For the reader."""
        return (
            f"{self.peer}, {self.subscribers} receiving, {self.told} reports at {self.rate_hz:g} Hz: "
            f"{self.delivered * 100:.1f} % came out; p50 {self.p50_ms:.1f} ms, p99 {self.p99_ms:.1f} ms; "
            f"at the end the newest report of a flier was {self.age_p50_s:.1f} s old (p50), {self.age_worst_s:.1f} s "
            f"(worst), {self.never} fliers were never seen; {self.marked * 100:.0f} % bore their time; "
            f"{self.core * 100:.0f} % of a core, {self.mb:.0f} MB"
        )

    def members(self) -> dict[str, float]:
        """For the JSON line."""
        return {
            "subscribers": self.subscribers,
            "rate_hz": self.rate_hz,
            "delivered": round(self.delivered, 4),
            "p50_ms": round(self.p50_ms, 2),
            "p99_ms": round(self.p99_ms, 2),
            "age_worst_s": round(self.age_worst_s, 2),
            "never_seen": self.never,
            "marked": round(self.marked, 3),
            "core": round(self.core, 3),
            "mb": round(self.mb, 1),
        }


async def join(port: int, subscribers: int, told: Sequence[Flier]) -> tuple[Feeder, list[Subscriber]]:
    """Clients that are connected and hear one another. Raises Absent when they do not in time."""
    clients = [Subscriber(number + 1) for number in range(subscribers)]
    for client in clients:
        await client.connect(port)
    feeder = Feeder(told)
    await feeder.connect(port)
    deadline = time.perf_counter() + REACHED_S
    while not all(_heard(client, feeder.reports) for client in clients):
        if time.perf_counter() > deadline or any(client.ended for client in clients):
            raise Absent("its clients are connected and yet do not hear one another")
        feeder.tell(0, -1.0 - (deadline - time.perf_counter()), time.perf_counter())
        await asyncio.sleep(0.25)
    await asyncio.sleep(1.0)
    feeder.reports.due_s.clear()
    for client in clients:
        client.chunks.clear()
    return feeder, clients


def _heard(client: Subscriber, reports: Reports) -> bool:
    return any(seen.key in reports.due_s for seen in client.seen())


async def relay(server: Server, told: Sequence[Flier], subscribers: int, rate_hz: float, seconds: float) -> Relayed:
    """One run through a server that runs."""
    feeder, clients = await join(server.port, subscribers, told)
    try:
        cpu_s, began = server.cpu_s(), time.perf_counter()
        await feeder.run(rate_hz, seconds)
        ended = time.perf_counter()
        core, mb = (server.cpu_s() - cpu_s) / (ended - began), server.memory_mb()
        await asyncio.sleep(GRACE_S)
    finally:
        feeder.close()
        for client in clients:
            client.close()
    seen = [list(client.seen()) for client in clients]
    return relayed(server.peer.title, feeder.reports, seen, ended, rate_hz, (core, mb))


def relayed(
    peer: str, reports: Reports, seen: Sequence[Sequence[Seen]], ended: float, rate_hz: float, cost: tuple[float, float]
) -> Relayed:
    """`seen` is what each subscriber saw, `cost` share of a core and MB. Raises Absent when nothing came."""
    times_ms, ages, shares, never, same = list[float](), list[float](), list[float](), 0, list[bool]()
    everyone = {uid for uid, _, _ in reports.due_s}
    for events in seen:
        first: dict[Key, float] = {}
        for one in events:
            if one.key in reports.due_s and one.key not in first:
                first[one.key] = one.at_s
                same.append(same_time(one.time_text, reports.time_text[one.key]))
        times_ms += [(at_s - reports.due_s[key]) * 1_000 for key, at_s in first.items()]
        shares.append(len(first) / len(reports.due_s))
        newest: dict[str, float] = {}
        for key, at_s in first.items():
            if at_s <= ended:
                newest[key[0]] = max(newest.get(key[0], 0.0), reports.due_s[key])
        ages += [ended - due_s for due_s in newest.values()]
        never = max(never, len(everyone) - len(newest))
    if not ages:
        raise Absent("not one report came out")
    return Relayed(
        peer, len(seen), rate_hz, len(reports.due_s), min(shares), quantile(times_ms, 0.5), quantile(times_ms, 0.99),
        quantile(ages, 0.5), max(ages), never, sum(same) / len(same), *cost,
    )  # fmt: skip


def same_time(came: str, told: str) -> bool:
    """Whether the event still bears the time that was told, however written."""
    try:
        return abs((datetime.fromisoformat(came) - datetime.fromisoformat(told)).total_seconds()) <= SAME_S
    except (ValueError, TypeError):
        return False


def measure(
    peer: Peer, told: Sequence[Flier], rate_hz: float, seconds: float, subscribers: Sequence[int] = SUBSCRIBERS
) -> list[Relayed]:
    """A fresh server for each number of subscribers. Raises Absent."""
    found = []
    python = environment(peer)
    for count in subscribers:
        with tempfile.TemporaryDirectory() as name, Server(peer, python, Path(name)) as server:
            found.append(asyncio.run(relay(server, told, count, rate_hz, seconds)))
            print(found[-1].line(), flush=True)
    return found


def beside(
    names: Sequence[str], told: Sequence[Flier], rate_hz: float, seconds: float
) -> tuple[dict[str, list[Relayed]], dict[str, object]]:
    """All these peers: what was measured by title, and what the JSON line says of each; an absent one says why."""
    runs: dict[str, list[Relayed]] = {}
    members: dict[str, object] = dict(NOT_STARTED)
    for name in names:
        peer = PEERS[name]
        try:
            runs[peer.title] = measure(peer, told, rate_hz, seconds)
            members[peer.title] = [one.members() for one in runs[peer.title]]
        except (Absent, OSError) as why:
            print(f"{peer.title} was not measured: {why}", flush=True)
            members[peer.title] = f"not measured: {why}"
    return runs, members


def worst_of(name: str, runs: Mapping[str, Sequence[Relayed]]) -> tuple[str, float] | None:
    """Title and worst p99 in ms of this peer, if it was measured."""
    title = PEERS[name].title
    return (title, max(one.p99_ms for one in runs[title])) if title in runs else None


def main() -> None:
    """Prints what each peer gave; no figure of ours."""
    options = argparse.ArgumentParser()
    options.add_argument("--rate", type=float, default=1.0)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--tracks", type=int, default=1_000)
    options.add_argument("--peers", nargs="+", default=list(PEERS))
    given = options.parse_args()
    beside(given.peers, fliers(PartyId("LT"), PartyId("BY"), given.tracks), given.rate, given.seconds)


if __name__ == "__main__":
    main()
