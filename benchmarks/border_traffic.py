"""A thousand slow fliers along a border, as a tracker tells them to a node: ASTERIX CAT062 over UDP, at a chosen rate.

Here: where they fly, their datagrams, the processor time and memory of node processes. A datagram is an encoded
template with time and place set anew, because the encoder is slower than the nodes; that this gives the encoder's
bytes is checked at the start. Not here: what is measured.
"""

import asyncio
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from tests.story.story_fleet import NodeProcess

from redshank.compose.build import read_geography
from redshank.edges.clock import ExerciseClock
from redshank.exercise.asterix_encoder import SystemTrack, encode_cat062
from redshank.terms.geo import Position, bearing_deg, destination, from_plane
from redshank.terms.ids import CountryId, PartyId
from redshank.terms.instants import DAY_MS, Instant

EDITION = "1.18"
SAC, SIC = 25, 100
TRACKER = {"id": "tracker", "kind": "asterix", "editions": {62: EDITION}}
PER_DATAGRAM = 25
SPEED_MPS = 20.0
LSB_DEG = 180.0 / (1 << 25)  # of I062/105
TIME_STEPS_PER_S = 128  # of I062/070
HEAD_BYTES = 3
DEEP_M = tuple(float(depth) for depth in range(6_000, 22_000, 2_500))


@dataclass(frozen=True)
class Flier:
    """Where it is at the beginning, and its bearing to the border."""

    number: int
    start: Position
    course_deg: float

    def at(self, seconds: float) -> Position:
        """Where it is after so many seconds."""
        return destination(self.start, self.course_deg, SPEED_MPS * seconds)


def fliers(party: PartyId, partner: PartyId, count: int) -> list[Flier]:
    """Over the party's own land, at most 21 km from the partner, all flying to the partner's border."""
    geography = read_geography()
    own, other = CountryId(party), CountryId(partner)
    line = next(line for line in geography.borders if {line.a, line.b} == {own, other})
    found: list[Flier] = []
    for place, course in _places(line, 2 * count // len(DEEP_M) + 20):
        if len(found) < count and geography.country_at(place) == own:
            found.append(Flier(len(found) + 1, place, course))
    if len(found) < count:
        raise SystemExit(f"there are places for {len(found)} fliers only")
    return found


def _places(line: object, steps: int) -> Iterator[tuple[Position, float]]:
    chainage = np.linspace(0.03, 0.97, steps) * line.chainage_m[-1]  # type: ignore[attr-defined]
    before, here, after = (line.point_at(chainage + step) for step in (-2_000.0, 0.0, 2_000.0))  # type: ignore[attr-defined]
    along = after - before
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.hypot(*along.T), 1.0)[:, None]
    edge_lat, edge_lon = (part.tolist() for part in from_plane(*here.T))
    for depth_m in (side * deep_m for deep_m in DEEP_M for side in (1.0, -1.0)):
        lat, lon = (part.tolist() for part in from_plane(*(here + depth_m * normal).T))
        for i in range(steps):
            place = Position(lat[i], lon[i])
            yield place, bearing_deg(place, Position(edge_lat[i], edge_lon[i]))


def _track(flier: Flier, at: Instant, place: Position) -> SystemTrack:
    course = np.radians(flier.course_deg)
    return SystemTrack(
        at=at,
        track_number=flier.number,
        position=place,
        velocity_e_mps=float(SPEED_MPS * np.sin(course)),
        velocity_n_mps=float(SPEED_MPS * np.cos(course)),
        altitude_m=400.0,
        sigma_position_m=100.0,
        sigma_velocity_mps=3.0,
    )


def _spot(place: Position) -> bytes:
    return struct.pack(">ii", round(place.lat_deg / LSB_DEG), round(place.lon_deg / LSB_DEG))


def _time(at: Instant) -> bytes:
    return struct.pack(">I", round(at % DAY_MS * TIME_STEPS_PER_S / 1000))[1:]


class _Record:
    """One flier's record with room for time and place."""

    def __init__(self, flier: Flier) -> None:
        at, place = Instant(12_345_678), flier.start
        whole = encode_cat062([_track(flier, at, place)], SAC, SIC, EDITION)[HEAD_BYTES:]
        when, where = whole.index(_time(at)), whole.index(_spot(place))
        self._pieces = sorted(((when, 3), (where, 8)))
        self._when_first = when < where
        (a, n), (b, m) = self._pieces
        self._parts = whole[:a], whole[a + n : b], whole[b + m :]
        later, there = Instant(23_456_789), flier.at(30.0)
        if self.at(later, there) != encode_cat062([_track(flier, later, there)], SAC, SIC, EDITION)[HEAD_BYTES:]:
            raise RuntimeError("the template does not give the encoder's bytes")

    def at(self, at: Instant, place: Position) -> bytes:
        """The record for this time and place."""
        pair = (_time(at), _spot(place)) if self._when_first else (_spot(place), _time(at))
        return self._parts[0] + pair[0] + self._parts[1] + pair[1] + self._parts[2]


class Tracker:
    """Tells one node of all fliers, each so many times a second, spread evenly."""

    def __init__(self, node: NodeProcess, clock: ExerciseClock, told: Sequence[Flier]) -> None:
        self._to = ("127.0.0.1", node.udp_ports["tracker"])
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._clock = clock
        self._records = [(flier, _Record(flier)) for flier in told]
        self.fliers = tuple(told)
        self.began = clock.now()
        self.reports = 0

    def place(self, flier: Flier, at: Instant) -> Position:
        """Where it truly is."""
        return flier.at((at - self.began) / 1_000)

    async def run(self, rate_hz: float, appearing_s: float = 0.0) -> None:
        """Until cancelled; the fliers appear one after the other within `appearing_s`. Late datagrams are sent at once,
        so that the rate holds."""
        groups = [self._records[at : at + PER_DATAGRAM] for at in range(0, len(self._records), PER_DATAGRAM)]
        loop = asyncio.get_running_loop()
        begin, sent = loop.time(), 0
        while True:
            share = (loop.time() - begin) / appearing_s if appearing_s else 1.0
            group = [one for one in groups[sent % len(groups)] if one[0].number <= share * len(self._records)]
            at = self._clock.now()
            records = b"".join(record.at(at, self.place(flier, at)) for flier, record in group)
            if group:
                self._socket.sendto(struct.pack(">BH", 62, HEAD_BYTES + len(records)) + records, self._to)
            self.reports += len(group)
            sent += 1
            await asyncio.sleep(max(0.0, begin + sent / (rate_hz * len(groups)) - loop.time()))


def cpu_s(node: NodeProcess) -> float:
    """Processor time of a node's process so far."""
    assert node.process is not None
    fields = Path(f"/proc/{node.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(node: NodeProcess) -> float:
    """Resident memory of a node's process."""
    assert node.process is not None
    status = Path(f"/proc/{node.process.pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


class Told(msgspec.Struct):
    """The header of an entry."""

    type: str
    stated_ms: int
    incident: str | None = None
    observed_ms: int | None = None
