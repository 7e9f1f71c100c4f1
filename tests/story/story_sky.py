"""What flies in a story: objects on straight legs; a tracker reports them to a node as CAT062 datagrams over UDP."""

import contextlib
import math
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.story.story_fleet import NodeProcess

from redshank.edges.clock import ExerciseClock
from redshank.exercise.asterix_encoder import SystemTrack, encode_cat062
from redshank.terms.geo import Position
from redshank.terms.instants import Instant
from redshank.terms.track import Status

SOURCE, SAC, SIC, EDITION = "tracker", 25, 7, "1.18"
FEED = {"id": SOURCE, "kind": "asterix", "editions": {62: EDITION}, "sac_sic": [{"sac": SAC, "sic": SIC}]}
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Flight:
    """Where an object is when the story begins, and how it goes on."""

    number: int
    lat_deg: float
    lon_deg: float
    course_deg: float
    speed_mps: float
    status: Status = Status.UAV
    cooperative: bool = False
    altitude_m: float | None = 300.0

    def track_at(self, at: Instant, began: Instant) -> SystemTrack:
        """The tracker's word; straight on in a plane is near enough for a few minutes."""
        gone_m, course = self.speed_mps * (at - began) / 1000, math.radians(self.course_deg)
        lat_deg = self.lat_deg + gone_m * math.cos(course) / METRES_PER_DEGREE
        east_deg = gone_m * math.sin(course) / METRES_PER_DEGREE / math.cos(math.radians(self.lat_deg))
        return SystemTrack(
            at=at,
            track_number=self.number,
            position=Position(lat_deg, self.lon_deg + east_deg),
            velocity_e_mps=self.speed_mps * math.sin(course),
            velocity_n_mps=self.speed_mps * math.cos(course),
            altitude_m=self.altitude_m,
            sigma_position_m=150.0,
            sigma_velocity_mps=2.0,
            status=self.status,
            cooperative=self.cooperative,
        )


class Sky:
    """What a node's tracker sees. Objects may turn, appear and vanish while it is watched."""

    def __init__(self, node: NodeProcess, flights: Sequence[Flight]) -> None:
        self._clock = ExerciseClock(node.folder.parent / "clock.json")
        self._address = ("127.0.0.1", node.udp_ports[SOURCE])
        now = self._clock.now()
        self._legs = {flight.number: (flight, now) for flight in flights}
        self._over = threading.Event()

    def turn(self, number: int, course_deg: float) -> None:
        """The object goes on from where it is, on another course."""
        flight, began = self._legs[number]
        now = self._clock.now()
        here = flight.track_at(now, began).position
        turned = replace(flight, lat_deg=here.lat_deg, lon_deg=here.lon_deg, course_deg=course_deg)
        self._legs[number] = (turned, now)

    def watch(self, every_s: float) -> None:
        """Sends one datagram per turn until `end`."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            while not self._over.wait(every_s):
                now = self._clock.now()
                tracks = [flight.track_at(now, began) for flight, began in list(self._legs.values())]
                sender.sendto(encode_cat062(tracks, SAC, SIC, EDITION), self._address)

    def end(self) -> None:
        """Ends the watch."""
        self._over.set()


@contextlib.contextmanager
def flying(node: NodeProcess, flights: Sequence[Flight], *, every_s: float = 0.5) -> Iterator[Sky]:
    """The flights, as the node's tracker sees them, from now on until the end of the story."""
    sky = Sky(node, flights)
    tracker = threading.Thread(target=sky.watch, args=(every_s,))
    tracker.start()
    try:
        yield sky
    finally:
        sky.end()
        tracker.join(10)
