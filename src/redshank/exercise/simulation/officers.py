"""Officers: seeded robots that command a node: diligent, slow or absent, and sometimes talking nonsense.

Here: what a robot asks for next, from the node's incidents. Not here: whether it is allowed (node). May know: node,
procedure, terms.
"""

from collections.abc import Iterator

import numpy as np

from redshank.exercise.simulation.statements import statements
from redshank.node.commands import (
    Acknowledge,
    AgreeClose,
    CloseAlone,
    CloseIncident,
    Command,
    IssueWarning,
    OpenIncident,
    SeeContradiction,
    SendNotice,
    SendQuery,
    SendReply,
    SetStatus,
    TestLine,
)
from redshank.node.state import NodeState
from redshank.procedure.incident import Act, Direction, Incident, acts
from redshank.terms.ids import ChannelId, IncidentId, TrackId
from redshank.terms.message import Answer, MessageType, Outcome
from redshank.terms.track import Status

ROLE = "duty-officer"


class Officer:
    """One robot. `zeal` is the share of occasions that it uses; a robot without any is absent."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.zeal = (0.0, 0.3, 0.9, 0.9)[int(rng.integers(4))]
        self.nonsense = float(rng.uniform(0, 0.2))
        self.slowness = (1, 1, 1, 8)[int(rng.integers(4))]
        """So many times the usual pause between two thoughts."""

    def next_command(self, state: NodeState) -> Command | None:
        """What it asks for now, if anything."""
        roll, zeal = float(self._rng.random()), float(self._rng.random())
        if roll < self.nonsense:
            return self._nonsense(state)
        if zeal >= self.zeal:
            return None
        wanted = list(_own(state) if self._rng.random() < 0.15 else _sensible(state))
        return wanted[int(self._rng.integers(len(wanted)))] if wanted else None

    def _nonsense(self, state: NodeState) -> Command:
        channels = [*sorted(state.sessions), ChannelId("EE-LT"), ChannelId("no channel")]
        names = [*state.incidents.open, *state.incidents.closed, IncidentId("XX-2026-000001"), IncidentId("")]
        channel, name = (pool[int(self._rng.integers(len(pool)))] for pool in (channels, names))
        serial = int(self._rng.integers(0, 40))
        wild: list[Command] = [
            Acknowledge(channel=ChannelId(channel), serial=serial),
            SendReply(channel=ChannelId(channel), serial=serial, answer=Answer.OURS),
            SendQuery(incident=IncidentId(name), channel=ChannelId(channel), object=serial + 1),
            CloseIncident(incident=IncidentId(name), channel=ChannelId(channel), outcome=Outcome.FOUND),
            AgreeClose(incident=IncidentId(name), channel=ChannelId(channel), agrees=False),
            CloseAlone(incident=IncidentId(name), channel=ChannelId(channel)),
            SendNotice(incident=IncidentId(name), channel=ChannelId(channel)),
            IssueWarning(warning="no such warning"),
            SetStatus(track=TrackId("LT/4000"), status=Status.BIRDS),
            OpenIncident(track=TrackId("BY/4000")),
            SeeContradiction(channel=ChannelId(channel), number=serial),
            TestLine(channel=ChannelId(channel)),
        ]
        return wild[int(self._rng.integers(len(wild)))]


def _sensible(state: NodeState) -> Iterator[Command]:
    """All that the procedure allows now, on every thread."""
    for incident in (*state.incidents.open.values(), *state.incidents.closed.values()):
        channels = sorted(incident.threads) or sorted(state.sessions)
        for channel in channels:
            for act in acts(state.charter.tables, incident, channel):
                yield from _commands(incident, channel, act)
                yield from statements(state, incident, channel, act)


def _commands(incident: Incident, channel: ChannelId, act: Act) -> Iterator[Command]:
    name, got = incident.id, incident.messages(channel, Direction.GOT)
    match act:
        case Act.NOTICE:
            yield SendNotice(incident=name, channel=channel)
        case Act.ACK:
            unread = [entry.ref for entry in got if entry.read_at is None and entry.ref is not None]
            for ref in unread:
                yield Acknowledge(channel=channel, serial=ref.serial, generation=ref.generation)
        case Act.QUERY:
            yield SendQuery(incident=name, channel=channel, object=1)
        case Act.REPLY:
            asked = [e.ref for e in got if e.type == MessageType.QUERY and e.answered_at is None]
            for n in (ref for ref in asked if ref is not None):
                yield SendReply(channel=channel, serial=n.serial, generation=n.generation, answer=Answer.KNOWN)
        case _:
            yield from _endings(incident, channel, act)


def _endings(incident: Incident, channel: ChannelId, act: Act) -> Iterator[Command]:
    match act:
        case Act.CLOSE:
            yield CloseIncident(incident=incident.id, channel=channel, outcome=Outcome.NO_FURTHER_INFORMATION)
        case Act.AGREE_CLOSE | Act.DISAGREE_CLOSE:
            yield AgreeClose(incident=incident.id, channel=channel, agrees=act is Act.AGREE_CLOSE)
        case Act.CLOSE_ALONE:
            yield CloseAlone(incident=incident.id, channel=channel)
        case _:
            return


def _own(state: NodeState) -> Iterator[Command]:
    for shown in state.objects[:3]:
        yield SetStatus(track=shown.track.id, status=Status.UAV)
        yield OpenIncident(track=shown.track.id)
    for warning, alert in state.alerts.items():
        if alert.issued_at is None:
            yield IssueWarning(warning=warning)
    for channel, known in state.contradictions.items():
        yield from (SeeContradiction(channel=channel, number=n) for n, one in enumerate(known) if one.seen_at is None)
    yield from (TestLine(channel=channel) for channel in sorted(state.sessions))


def to_settle(state: NodeState) -> Iterator[Command]:
    """What a diligent officer does to bring everything to its end, one act for each thread."""
    for incident in state.incidents.open.values():
        if not incident.threads:
            yield CloseAlone(incident=incident.id, channel=ChannelId(""))
        for channel in sorted(incident.threads):
            may = acts(state.charter.tables, incident, channel)
            for act in (Act.AGREE_CLOSE, Act.CLOSE, Act.CLOSE_ALONE):
                if act in may:
                    yield from _endings(incident, channel, act)
                    break
