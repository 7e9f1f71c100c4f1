"""Agreed: nothing of an incident is said, or acted on, while an agreement is not in force.

Here: two invariants. The first reads the logs alone, and knows nothing of what a node thinks that its state is; the
second looks at what a turn has made of a partner's messages. Not here: the law (procedure.life).
"""

from redshank.edges.turn import Turn
from redshank.exchange.bounds import NO_INCIDENT
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import Session
from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes, honest, sessions_of
from redshank.exercise.simulation.node import Node
from redshank.node.state import NodeState
from redshank.procedure.agreement import AgreementState
from redshank.procedure.incident import Direction, Incident
from redshank.terms.ids import ChannelId
from redshank.terms.message import Message, MessageType

_STARTS = (MessageType.ACTIVATE, MessageType.RESUME)
_STOPS = (MessageType.SUSPEND, MessageType.END)


def nothing_is_said_outside_the_agreement(nodes: Nodes, memo: Memo) -> Complaints:
    """In each own log: before the owner has activated, and from its SUSPEND to its RESUME, stands no message of an
    incident but ACK; on a disk that keeps what no later code can change."""
    for node in honest(nodes, memo):
        for session in sessions_of(node):
            yield from _said(node, session, memo)


def _said(node: Node, session: Session, memo: Memo) -> Complaints:
    origin, seen = session.own.key.name, f"agreed {session.own.key.name}"
    start, end = memo.audited.get(seen, 0), node.disk.size(origin)
    memo.audited[seen] = end
    place = f"{session.channel} {session.me}"
    stopped = memo.stopped.get(place, _begins_stopped(node, session.channel))
    for serial, entry in enumerate(node.disk.entries(origin, start, end), start=start):
        read = parse_entry(entry, Place(session.channel, session.me, session.year, serial, session.generation), None)
        if not isinstance(read, Message):
            continue
        stopped = read.type in _STOPS or (stopped and read.type not in _STARTS)
        if stopped and read.type not in NO_INCIDENT and read.type is not MessageType.ACK:
            yield f"{origin} {serial}: {read.type} while {session.me} itself had stopped the agreement"
    memo.stopped[place] = stopped


def _begins_stopped(node: Node, channel: ChannelId) -> bool:
    return node.begun.charter.agreements[channel].state is not AgreementState.ACTIVE


def nothing_is_acted_on_outside_the_agreement(before: NodeState, done: Turn, memo: Memo) -> Complaints:
    """A turn without an act about an agreement that is not in force leaves each incident with what it had on that
    channel, but for ACKs."""
    after = done.state
    for channel in after.sessions:
        state = after.charter.agreements[channel].state
        acted = before.lives.get(channel) != after.lives.get(channel)  # it may have been active amid the turn
        if state is AgreementState.ACTIVE or acted:
            continue
        for incident in (*after.incidents.open.values(), *after.incidents.closed.values()):
            old = before.incidents.find(incident.id)
            if old is not incident and _spoken(incident, channel) > (0 if old is None else _spoken(old, channel)):
                yield f"{incident.id} has something new on {channel}, which is {state}"


def _spoken(incident: Incident, channel: ChannelId) -> int:
    """How many messages but ACKs it holds; the timelines of the simulation are never full."""
    both = (*incident.messages(channel, Direction.GOT), *incident.messages(channel, Direction.SENT))
    return sum(entry.type != MessageType.ACK for entry in both)
