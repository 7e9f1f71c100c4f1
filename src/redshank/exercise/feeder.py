"""Feeder: sends what the simulated sensors see to the nodes' real feeds, when the exercise clock says so.

Here: the sensors of a scenario merged into one sequence of emissions (pure, seeded), and the loop that sends
them as UDP datagrams and HTTP posts. Not here: what a sensor sees (sensors), the nodes' processes (fleet).
May know: the world of the exercise, terms. One datagram per turn of an antenna at every speed; nothing is
sent while the clock stands.
"""

import asyncio
import heapq
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from redshank.edges.clock import Clock
from redshank.exercise.asterix_encoder import encode_cat048, encode_cat062
from redshank.exercise.scenario import Radar, Scenario, Sensors, Tracker
from redshank.exercise.sensors import Scan, false_sighting, scans, sightings
from redshank.exercise.tracker import Batch, batches
from redshank.exercise.truth import Flight
from redshank.terms.ids import PartyId
from redshank.terms.instants import SECOND_MS, Instant

EDITIONS = {48: "1.31", 62: "1.18"}
LOOK_S = 0.05
"""The loop looks at the clock so often; it bounds how late a datagram is by the wall."""

BURST = 200
"""After so many sends in a row the loop lets others run."""


class Emission(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that leaves a sensor at `at`: a datagram of `source`, or a person's report when `report` is
    True."""

    at: Instant
    party: PartyId
    source: str
    payload: bytes
    report: bool = False


Post = Callable[[PartyId, bytes], Awaitable[str | None]]
"""Posts a person's report to a party's node; gives the refusal in words, None when it was taken."""


def emissions(scenario: Scenario, flights: Sequence[Flight]) -> Iterator[Emission]:
    """All that the sensors of the scenario send, in order of time; the same scenario gives the same bytes."""
    streams = [stream for party, own in scenario.sensors.items() for stream in _of_party(scenario, party, own, flights)]
    return heapq.merge(*streams, key=lambda emission: emission.at)


def _generator(scenario: Scenario, party: str, name: str) -> np.random.Generator:
    """A sensor's own generator: adding a sensor does not change what the others measure."""
    return np.random.default_rng([scenario.seed, zlib.crc32(f"{party}/{name}".encode())])


def _of_party(
    scenario: Scenario, party: PartyId, own: Sensors, flights: Sequence[Flight]
) -> Iterator[Iterator[Emission]]:
    span = (scenario.starts, scenario.ends)
    turns = {
        radar.id: scans(radar, flights, span, scenario.ground_m, _generator(scenario, party, radar.id))
        for radar in own.radars
    }
    for radar in own.radars:
        if not radar.tracked:
            yield _radar_emissions(party, radar, turns[radar.id])
    if own.tracker is not None:
        tracked = {radar.id: radar for radar in own.radars if radar.tracked}
        arriving = heapq.merge(*(turns[name] for name in tracked), key=lambda scan: scan.at)
        yield _tracker_emissions(party, own.tracker, batches(own.tracker, tracked, arriving))
    for post in own.posts:
        said = sightings(post, flights, _generator(scenario, party, post.id))
        yield (Emission(at=s.at, party=party, source=s.post, payload=s.body, report=True) for s in said)
    wrong = sorted((false_sighting(report) for report in own.false_reports), key=lambda s: s.at)
    yield (Emission(at=s.at, party=party, source=s.post, payload=s.body, report=True) for s in wrong)


def _radar_emissions(party: PartyId, radar: Radar, turns: Iterator[Scan]) -> Iterator[Emission]:
    for scan in turns:
        if scan.plots:
            payload = encode_cat048(scan.plots, radar.sac, radar.sic, EDITIONS[48])
            yield Emission(at=scan.at, party=party, source=radar.id, payload=payload)


def _tracker_emissions(party: PartyId, tracker: Tracker, sent: Iterator[Batch]) -> Iterator[Emission]:
    for batch in sent:
        payload = encode_cat062(batch.tracks, tracker.sac, tracker.sic, EDITIONS[62])
        yield Emission(at=batch.at, party=party, source=tracker.id, payload=payload)


class Feeder:
    """Sends emissions when they are due. `ports` gives the UDP port of each (party, source) on 127.0.0.1."""

    def __init__(self, clock: Clock, ports: Mapping[tuple[PartyId, str], int], post: Post) -> None:
        self._clock = clock
        self._ports = ports
        self._post = post
        self._posting: set[asyncio.Task[str | None]] = set()
        self.sent_datagrams = 0
        self.sent_reports = 0

    async def run(self, due: Iterator[Emission], refused: Callable[[Emission, str], None]) -> None:
        """Sends all of `due` and returns; `refused` hears of each report that a node did not take.

        What fell due before the first look (the exercise was resumed later) is sent at once and in order.
        """
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
        try:
            for number, emission in enumerate(due):
                if number % BURST == 0:
                    await asyncio.sleep(0)
                await self._until(emission.at)
                self._send(transport, emission, refused)
            await asyncio.gather(*self._posting, return_exceptions=True)
        finally:
            transport.close()
            for task in self._posting:
                task.cancel()

    async def _until(self, at: Instant) -> None:
        while (wait_ms := at - self._clock.now()) > 0 or self._clock.rate == 0:
            rate = self._clock.rate
            wait_s = wait_ms / SECOND_MS / rate if rate > 0 else LOOK_S
            await asyncio.sleep(min(max(wait_s, 0.001), LOOK_S))

    def _send(
        self,
        transport: asyncio.DatagramTransport,
        emission: Emission,
        refused: Callable[[Emission, str], None],
    ) -> None:
        if not emission.report:
            transport.sendto(emission.payload, ("127.0.0.1", self._ports[emission.party, emission.source]))
            self.sent_datagrams += 1
            return
        self.sent_reports += 1

        async def hand_in() -> str | None:
            why = await self._post(emission.party, emission.payload)
            if why is not None:
                refused(emission, why)
            return why

        task = asyncio.get_running_loop().create_task(hand_in())
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)
