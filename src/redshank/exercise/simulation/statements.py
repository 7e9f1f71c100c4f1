"""Statements: what a robot officer says of its own side's doing and findings, and what it takes back.

Here: one command for each act that the procedure allows. Places and numbers are plain; who may say them is the node's
business. Not here: when (officers). May know: node, procedure, terms.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from redshank.node.commands import (
    CancelMessage,
    CloseIncident,
    Command,
    CorrectMessage,
    SendEvidence,
    SendFind,
    SendMeasure,
    SendNegative,
    SendNotice,
    SendOwnObject,
    SendQuery,
    SendWarning,
)
from redshank.node.state import NodeState
from redshank.procedure.incident import Act, Direction, Entry, Incident, standing
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    CancelWhy,
    Condition,
    Found,
    Hazard,
    Item,
    Means,
    Measure,
    MessageType,
    Outcome,
    PointE7,
    Secured,
    WarningLevel,
)

HOUR_MS = 3_600_000
ABOUT_TRACKS = frozenset({"NOTICE", "UPDATE", "LOST"})


def statements(state: NodeState, incident: Incident, channel: ChannelId, act: Act) -> Iterator[Command]:
    """What the act is said with."""
    said = [e for e in incident.messages(channel, Direction.SENT) if e.ref is not None and standing(e)]
    since = incident.opened_at
    about: dict[str, Any] = {"incident": incident.id, "channel": channel}
    span: dict[str, Any] = {"from_ms": since, "until_ms": Instant(since + HOUR_MS)}
    where = _where(incident)
    match act:
        case Act.OWN_OBJECT:
            yield SendOwnObject(condition=Condition.OUT_OF_CONTROL, **about)
        case Act.MEASURE:
            yield SendMeasure(measure=Measure.SEARCH_FLIGHT, centre=where, radius_m=9_000, **about, **span)
        case Act.FIND:
            find = {"what": Found.BALLOON, "hazard": Hazard.NONE_SEEN, "secured": Secured.YES}
            yield SendFind(at=where, accuracy_m=90, found_ms=since, **find, **about)  # type: ignore[arg-type]
        case Act.EVIDENCE:
            digest = sha256(incident.id.encode()).hexdigest()
            yield SendEvidence(kind=Item.DATA, sha256=digest, bytes=len(incident.id), obtained_ms=since, **about)
        case Act.NEGATIVE:
            yield SendNegative(centre=where, radius_m=4_000, means=Means.AIR, **about, **span)
        case Act.WARNING:
            own = sorted({a.proposal.district for a in state.alerts.values() if a.proposal.incident == incident.id})
            if own:
                yield SendWarning(level=WarningLevel.POSSIBLE, districts=tuple(own[:3]), **about, **span)
        case Act.CORRECT | Act.CANCEL:
            yield from _taken_back(incident, channel, act, said)
        case _:
            return


def _where(incident: Incident) -> PointE7:
    """Where the newest object of the incident is held to be."""
    if incident.own:
        return PointE7.of(incident.own[-1].track.position)
    told = [held for objects in incident.received.values() for held in objects.values()]
    return told[-1].state.at if told else PointE7(546_000_000, 258_000_000)


def _taken_back(incident: Incident, channel: ChannelId, act: Act, said: list[Entry]) -> Iterator[Command]:
    for entry in said[-2:]:
        ref = entry.ref
        if ref is None:
            continue
        place: dict[str, Any] = {"channel": channel, "serial": ref.serial, "generation": ref.generation}
        if act is Act.CANCEL:
            yield CancelMessage(why=CancelWhy.SUPERSEDED, **place)
        elif entry.type in ABOUT_TRACKS:
            yield CorrectMessage(by=SendNotice(incident=incident.id, channel=channel), **place)
        elif entry.type == MessageType.QUERY:
            yield CorrectMessage(by=SendQuery(incident=incident.id, channel=channel, object=1), **place)
        elif entry.type == MessageType.CLOSE:
            close = CloseIncident(incident=incident.id, channel=channel, outcome=Outcome.IDENTIFIED)
            yield CorrectMessage(by=close, **place)
