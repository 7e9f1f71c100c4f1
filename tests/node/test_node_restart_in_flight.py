"""A node that restarts while the object is in the air knows it again: one incident, one NOTICE."""

from redshank.decode.decoded import Decoded
from redshank.exercise.simulation.node import Fate, Node
from redshank.exercise.simulation.scenes import Keys, fresh_state
from redshank.node.events import Reported, Ticked
from redshank.terms.geo import Position, destination
from redshank.terms.ids import ChannelId, PartyId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

BY, LT = PartyId("BY"), PartyId("LT")
CHANNEL = ChannelId("BY-LT")
BEGIN = Instant(1_778_115_600_000)
START = Position(54.5, 26.3)
COURSE_DEG, SPEED_MPS = 285.0, 45.0


class World:
    """One node on a hand-driven clock, and one object on a straight leg."""

    def __init__(self) -> None:
        self.now = BEGIN
        cast = {party: Keys(7, party) for party in (BY, LT)}
        self.node = Node(BY, fresh_state(BY, cast), cast[BY], lambda: self.now, lambda _: None)
        self.node.pumps = _Deaf()

    def fly(self, seconds: int, course_deg: float = COURSE_DEG, start: Position = START) -> None:
        for _ in range(seconds):
            self.now = Instant(self.now + 1_000)
            flown_m = SPEED_MPS * (self.now - BEGIN) / 1_000
            self.node.post(Reported(SourceId("tracker"), Decoded((report(self.now, start, course_deg, flown_m),))))
            self.node.post(Ticked())
            assert self.node.turn(Fate.LIVES) is not None

    def restart(self, away_s: int = 20) -> None:
        self.node.die()
        self.node.restart()
        self.node.pumps = _Deaf()
        self.now = Instant(self.now + away_s * 1_000)

    def said(self) -> list[MessageType]:
        incidents = self.node.state.incidents
        every = (*incidents.open.values(), *incidents.closed.values())
        return [MessageType(entry.type) for one in every for entry in one.messages(CHANNEL)]


class _Deaf(dict):  # type: ignore[type-arg]
    """Pumps of a line on which nobody listens: what is said waits."""

    def __missing__(self, key: ChannelId) -> "_Deaf":
        return self

    def wake(self) -> None:
        return None


def report(at: Instant, start: Position, course_deg: float, flown_m: float) -> Report:
    return Report(
        source=SourceId("tracker"),
        kind=ReportKind.TRACK,
        at=at,
        position=destination(start, course_deg, flown_m),
        covariance=HorizontalCovariance(2_500.0, 0.0, 2_500.0),
        velocity_e_mps=-43.5,
        velocity_n_mps=11.6,
        sigma_velocity_mps=2.0,
        track_number=4,
        status=Status.UAV,
    )


def test_the_object_is_known_again_after_a_restart() -> None:
    world = World()
    world.fly(40)
    assert world.said().count(MessageType.NOTICE) == 1
    world.restart()
    world.fly(60)
    assert len(world.node.state.incidents.open) == 1
    assert world.said().count(MessageType.NOTICE) == 1
    assert MessageType.UPDATE in world.said()


def test_another_object_is_not_taken_for_it() -> None:
    world = World()
    world.fly(40)
    world.restart()
    world.fly(60, start=Position(54.9, 26.4))
    assert len(world.node.state.incidents.open) == 2
    assert world.said().count(MessageType.NOTICE) == 2


def test_a_long_gap_makes_it_another_object() -> None:
    world = World()
    world.fly(40)
    world.restart(away_s=6 * 60)
    world.fly(60)
    assert len(world.node.state.incidents.open) == 2
