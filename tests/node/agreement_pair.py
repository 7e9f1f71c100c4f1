"""Two nodes on a bilateral agreement that nobody has activated, and a line that works when the story says so."""

from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace
from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side, deliver

from redshank.decode.decoded import Decoded
from redshank.exchange.envelope import Place, parse_entry
from redshank.exercise.simulation.scenes import law
from redshank.node import agreements
from redshank.node.commands import (
    Activate,
)
from redshank.node.events import Reported, Ticked
from redshank.node.state import NodeState
from redshank.procedure.agreement import Agreement, AgreementState, Kind, in_force
from redshank.procedure.life import Life
from redshank.terms.geo import Position, destination
from redshank.terms.ids import IncidentId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

M = MessageType
START, COURSE_DEG, SPEED_MPS = Position(54.5, 26.3), 285.0, 45.0
DORMANT, ACTIVE, SUSPENDED, ENDED = AgreementState
TEXT = msgspec.structs.replace(law().agreements[CHANNEL], kind=Kind.BILATERAL, state=DORMANT)
OTHER = msgspec.structs.replace(TEXT, deadlines={"ack": 300})


def dormant(fresh: NodeState, agreement: Agreement = TEXT) -> NodeState:
    """The same node on a bilateral agreement that nobody has activated."""
    held = {**fresh.charter.agreements, CHANNEL: agreement}
    charter = replace(fresh.charter, agreements=held, tables=in_force(law().tables, held), laws=law().tables)
    return replace(fresh, charter=charter)


@dataclass
class Channel:
    """BY and LT on a dormant agreement."""

    by: Side = field(default_factory=lambda: Side(BY))
    lt: Side = field(default_factory=lambda: Side(LT))

    def __post_init__(self) -> None:
        for side in (self.by, self.lt):
            side.fresh = side.state = dormant(side.fresh)

    @property
    def states(self) -> tuple[AgreementState, AgreementState]:
        return state_of(self.by), state_of(self.lt)

    def wait(self, seconds: float) -> None:
        self.by.now = self.lt.now = Instant(self.by.now + round(seconds * 1_000))

    def line(self) -> None:
        for _ in range(2):
            deliver(self.by, self.lt)
            deliver(self.lt, self.by)

    def activate(self) -> None:
        for side in (self.by, self.lt):
            assert side.order(Activate(channel=CHANNEL)) is None
        self.line()
        assert self.states == (ACTIVE, ACTIVE)

    def flies(self) -> None:
        """BY sees an object on its way to LT for 40 s, and tells of it by itself where it may."""
        for _ in range(40):
            self.wait(1)
            flown_m = SPEED_MPS * (self.by.now - BEGIN) / 1_000
            self.by.take(Reported(SourceId("tracker"), Decoded((plane_report(self.by.now, flown_m),))), Ticked())
        assert self.by.state.incidents.open

    def notice(self) -> None:
        """BY has given notice."""
        self.flies()
        assert M.NOTICE in said(self.by)


def plane_report(at: Instant, flown_m: float) -> Report:
    return Report(
        source=SourceId("tracker"),
        kind=ReportKind.TRACK,
        at=at,
        position=destination(START, COURSE_DEG, flown_m),
        covariance=HorizontalCovariance(2_500.0, 0.0, 2_500.0),
        velocity_e_mps=-43.5,
        velocity_n_mps=11.6,
        sigma_velocity_mps=2.0,
        track_number=4,
        status=Status.UAV,
    )


def state_of(side: Side) -> AgreementState:
    return side.state.charter.agreements[CHANNEL].state


def life(side: Side) -> Life:
    return agreements.life_of(side.state, CHANNEL)


def said(side: Side, sender: Side | None = None) -> list[MessageType]:
    """The types in a side's own log, or in its copy of the partner's."""
    session, party = side.state.session(CHANNEL), (sender or side).party
    size = session.own.size if party == side.party else session.theirs.size
    found = [
        parse_entry(side.entry(party, serial), Place(CHANNEL, party, session.year, serial), None)
        for serial in range(size)
    ]
    return [one.type for one in found if isinstance(one, Message)]


def incident_of(side: Side) -> IncidentId:
    return next(iter(side.state.incidents.open))


def why(refused: Refusal | None) -> Reason | None:
    return None if refused is None else refused.reason
