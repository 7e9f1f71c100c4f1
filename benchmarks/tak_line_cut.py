"""The scene of `line_cut` with a TAK server in the middle: what becomes of 20 messages sent into the gap?

One client subscribes, another sends. The subscriber's line is cut, 20 messages are sent (markers with a `uid` of their
own, which are what such servers keep for those who come late), the server is killed with SIGKILL and started again with
the same folder, the subscriber comes back and waits. Counted are the messages that it has then, how long after its
return the first came, and how many bear the time at which they were sent ("marked"). Then the same without the kill.

A sender can not know what to repeat: CoT has no acknowledgement. So nothing is sent again.

Run: python -m benchmarks.tak_line_cut
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.border_traffic import Flier, fliers
from benchmarks.tak_cot import Feeder, Reports, Seen, Subscriber
from benchmarks.tak_servers import NOT_STARTED, PEERS, Absent, Peer, Server, environment
from benchmarks.tak_tracks import join, same_time
from redshank.terms.ids import PartyId

MESSAGES = 20
APART_S = 0.1
KEPT_S, WAIT_S = 3.0, 15.0


@dataclass(frozen=True)
class Gap:
    """Of the messages sent into one gap."""

    killed: bool
    came: int
    first_s: float | None
    marked: int

    def line(self) -> str:
        """For the reader."""
        after = f", the first {self.first_s:.2f} s after its return" if self.first_s is not None else ""
        how = "server killed and started again" if self.killed else "server not killed"
        return f"{self.came} of {MESSAGES}{after}; {self.marked} bore their time ({how})"

    def members(self) -> dict[str, object]:
        """For the JSON line."""
        first_s = None if self.first_s is None else round(self.first_s, 3)
        return {"killed": self.killed, "came": self.came, "of": MESSAGES, "first_s": first_s, "marked": self.marked}


def gap_of(killed: bool, reports: Reports, seen: Sequence[Seen], back_s: float) -> Gap:
    """What the subscriber saw after it was back, each message counted once."""
    first: dict[str, Seen] = {}
    for one in seen:
        if one.key in reports.due_s:
            first.setdefault(one.key[0], one)
    marked = sum(same_time(one.time_text, reports.time_text[one.key]) for one in first.values())
    first_s = min(one.at_s for one in first.values()) - back_s if first else None
    return Gap(killed, len(first), first_s, marked)


async def scene(server: Server, told: Sequence[Flier], killed: bool) -> Gap:
    """One gap. Raises Absent when the clients do not hear one another before it."""
    feeder, (client,) = await join(server.port, 1, told)
    client.close()
    await asyncio.sleep(1.0)
    await _fill(feeder, told)
    if killed:
        feeder.close()
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
    back = Subscriber(9)
    began = time.perf_counter()
    try:
        await back.connect(server.port)
        while time.perf_counter() < began + WAIT_S:
            if gap_of(killed, feeder.reports, list(back.seen()), began).came == MESSAGES:
                break
            await asyncio.sleep(0.1)
    finally:
        feeder.close()
        back.close()
    return gap_of(killed, feeder.reports, list(back.seen()), began)


async def _fill(feeder: Feeder, told: Sequence[Flier]) -> None:
    """The messages, slowly, and time for the server to keep them."""
    for number in range(MESSAGES):
        feeder.tell(len(told) - 1 - number, 0.0, time.perf_counter())
        await asyncio.sleep(APART_S)
    await asyncio.sleep(KEPT_S)


def measure(peer: Peer) -> list[Gap]:
    """With the kill and without. Raises Absent."""
    python, told = environment(peer), fliers(PartyId("LT"), PartyId("BY"), MESSAGES + 1)
    found = []
    for killed in (True, False):
        with tempfile.TemporaryDirectory() as name, Server(peer, python, Path(name)) as server:
            found.append(asyncio.run(scene(server, told, killed)))
            print(f"{peer.title}: {found[-1].line()}", flush=True)
    return found


def beside() -> dict[str, object]:
    """What the JSON line says of each peer; an absent one says why."""
    members: dict[str, object] = dict(NOT_STARTED)
    for peer in PEERS.values():
        try:
            members[peer.title] = [one.members() for one in measure(peer)]
        except (Absent, OSError) as why:
            print(f"{peer.title} was not measured: {why}", flush=True)
            members[peer.title] = f"not measured: {why}"
    return members


if __name__ == "__main__":
    beside()
