"""Invariants: what must hold after every step, as named functions that say what is wrong, or nothing.

Here: checks of one turn, of all nodes together, and of the end of a run, with the little that they must remember. Not
here: when they are called (world). They read disks and states; they change neither.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from redshank.edges.recovery import recover
from redshank.edges.turn import Turn
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import Session
from redshank.exercise.simulation.node import Node
from redshank.exercise.simulation.scenes import fresh_state, source_of
from redshank.node.effects import KeepEvent, NoteKind
from redshank.node.events import DeadlinePassed, decode_event
from redshank.node.mail import LINE_TYPES
from redshank.node.state import NodeState
from redshank.procedure.incident import Direction, may_name
from redshank.procedure.table import IncidentPhase
from redshank.release.policy import Field, Rule, RuleEffect
from redshank.terms.ids import IncidentId, PartyId, parties_of
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import LostBody, Message, NoticeBody
from redshank.terms.refusal import Reason, Refusal

Nodes = Mapping[PartyId, Node]
Complaints = Iterator[str]

_INCIDENT_NAME = re.compile(rb"\b[A-Z]{2}-\d{4}-\d{6}\b")
_OWN_TRACK = re.compile(rb"\b[A-Z]{2}/\d+\b")

STALE = frozenset({Reason.REPLAYED, Reason.SHRUNKEN, Reason.WRONG_SIZE, Reason.BAD_SIGNATURE})
"""Refusals of a delivery that was overtaken, or of an answer to an earlier one."""


@dataclass
class Memo:
    """What has been checked already, and what each node has promised; a crash does not reach it."""

    receipted: dict[str, int] = field(default_factory=dict)
    agreed: dict[str, int] = field(default_factory=dict)
    audited: dict[str, int] = field(default_factory=dict)
    read: dict[PartyId, int] = field(default_factory=dict)
    levels: dict[tuple[PartyId, str], int] = field(default_factory=dict)


# --- one turn ---------------------------------------------------------------------------------------------------------


def incident_never_moves_backwards(before: NodeState, done: Turn) -> Complaints:
    """Open, closing, closed: neither an incident nor one of its threads goes back, and none disappears."""
    after = done.state.incidents
    for old in (*before.incidents.open.values(), *before.incidents.closed.values()):
        new = after.find(old.id)
        if new is old:
            continue
        if new is None:
            yield f"{old.id} has disappeared"
            continue
        if new.phase.rank < old.phase.rank:
            yield f"{old.id} went from {old.phase} to {new.phase}"
        for channel, thread in old.threads.items():
            if channel not in new.threads or new.threads[channel].phase.rank < thread.phase.rank:
                yield f"{old.id} on {channel} was {thread.phase}, and is no more"


def what_is_decided_is_recorded(before: NodeState, done: Turn) -> Complaints:
    """Incidents, sessions and alerts change by recorded events alone: a restart could not know of anything else."""
    same = duty_half(before) == duty_half(done.state)
    if not same and not any(isinstance(one, KeepEvent) for one in done.durables):
        yield "the duty half changed without a record"


def honest_parties_understand_each_other(before: NodeState, done: Turn) -> Complaints:
    """No message is useless to its receiver, and nobody is taken for a forger; only a stale delivery or answer is
    refused."""
    for channel in done.state.sessions:
        old = before.line(channel).refusals
        for reason, count in done.state.line(channel).refusals.items():
            if count > old.get(reason, 0) and reason not in STALE:
                yield f"{done.state.charter.party} refused something on {channel}: {reason}"
        for contradiction in done.state.contradictions.get(channel, ()):
            yield f"{done.state.charter.party} takes its partner on {channel} for a forger: {contradiction.kind}"


def duty_half(state: NodeState) -> tuple[object, ...]:
    """What a restart must give again."""
    return state.incidents, state.sessions, state.alerts, state.contradictions


# --- all nodes --------------------------------------------------------------------------------------------------------


def _lines(nodes: Nodes) -> Iterator[tuple[Node, Session, Node]]:
    """Each channel from each of its ends: the node, its session, the partner's node."""
    for node in nodes.values():
        for session in node.state.sessions.values():
            yield node, session, nodes[session.partner]


def receipted_is_kept_by_the_partner(nodes: Nodes, memo: Memo) -> Complaints:
    """Every entry under a receipt that a node holds is in the partner's durable copy, byte for byte, and the partner's
    own books have the receipt."""
    for node, session, partner in _lines(nodes):
        origin, size = session.own.key.name, session.own.receipted_size
        start = memo.receipted.get(origin, 0)
        if partner.disk.size(origin) < size:
            yield f"{origin}: receipted {size}, {partner.party} keeps {partner.disk.size(origin)}"
        elif start < size:
            if node.disk.entries(origin, start, size) != partner.disk.entries(origin, start, size):
                yield f"{origin}: an entry below {size} differs from the receipted one"
            if partner.disk.note(origin, NoteKind.RECEIPT, size) is None:
                yield f"{origin}: {partner.party} gave a receipt for {size} and has not kept it"
            memo.receipted[origin] = size


def cosigned_survives(nodes: Nodes, memo: Memo) -> Complaints:
    """What a node has once cosigned is on its disk, through any crash."""
    for node in nodes.values():
        for origin, size in node.promised.items():
            if node.disk.size(origin) < size:
                yield f"{node.party} cosigned {size} of {origin} and keeps {node.disk.size(origin)}"


def logs_agree_on_their_common_prefix(nodes: Nodes, memo: Memo) -> Complaints:
    """The partner's copy of a log is a prefix of the log itself, both as the disks have them."""
    for node, session, partner in _lines(nodes):
        origin = session.own.key.name
        start, size = memo.agreed.get(origin, 0), partner.disk.size(origin)
        if node.disk.size(origin) < size:
            yield f"{origin}: {partner.party} has {size}, its owner {node.disk.size(origin)}"
        elif start < size:
            if node.disk.entries(origin, start, size) != partner.disk.entries(origin, start, size):
                yield f"{origin}: two contents below {size}"
            memo.agreed[origin] = size


def serials_have_no_gap(nodes: Nodes, memo: Memo) -> Complaints:
    """Indexes on disk are 0, 1, 2, ... and the session counts the same."""
    for node, session, _ in _lines(nodes):
        for name, size in ((session.own.key.name, session.own.size), (session.theirs.key.name, session.theirs.size)):
            if not node.disk.count(name) == node.disk.size(name) == size:
                yield f"{name} at {node.party}: {node.disk.count(name)} kept, up to {node.disk.size(name)}, held {size}"


def step_of_a_ladder_fires_once(nodes: Nodes, memo: Memo) -> Complaints:
    """The record holds each step of each obligation once, and in order."""
    for node in nodes.values():
        start = memo.read.get(node.party, 0)
        memo.read[node.party] = node.disk.events()
        for data in node.disk.events_from(start):
            event = decode_event(data)
            if isinstance(event, DeadlinePassed):
                key = (node.party, event.obligation)
                if event.level != memo.levels.get(key, 0) + 1:
                    yield f"{event.obligation}: step {event.level} after {memo.levels.get(key, 0)}"
                memo.levels[key] = event.level


# --- what leaves ------------------------------------------------------------------------------------------------------


def nothing_leaves_without_a_verdict(nodes: Nodes, memo: Memo) -> Complaints:
    """Every entry of an own log can be read, was let out by a rule of the own policy that fits it, names no third
    party's incident, no source and no own track."""
    for node, session, _ in _lines(nodes):
        origin = session.own.key.name
        start = memo.audited.get(origin, 0)
        memo.audited[origin] = node.disk.size(origin)
        for serial, entry in enumerate(node.disk.entries(origin, start, node.disk.size(origin)), start=start):
            yield from (f"{origin} {serial}: {wrong}" for wrong in _leaks(entry, session, nodes))
            place = Place(session.channel, session.me, session.year, serial)
            message = parse_entry(entry, place, node.now())
            if isinstance(message, Refusal):
                yield f"{origin} {serial}: a partner cannot read it: {message}"
            else:
                yield from (f"{origin} {serial}: {wrong}" for wrong in _misfits(node, session, message))


def _leaks(entry: bytes, session: Session, nodes: Nodes) -> Complaints:
    names = [IncidentId(name.decode()) for name in _INCIDENT_NAME.findall(entry)]
    yield from (f"names {name} of a third party" for name in names if not may_name(name, session.channel))
    yield from (f"holds the source {source_of(p)}" for p in nodes if source_of(p).encode() in entry)
    yield from (f"holds the own track {found.decode()}" for found in _OWN_TRACK.findall(entry))


def _misfits(node: Node, session: Session, message: Message) -> Complaints:
    policy = node.state.charter.policy
    about = [
        rule
        for rule in policy.rules
        if message.type in rule.types and {"any", session.partner} & set(rule.partners) and _allows(rule)
    ]
    if message.type in LINE_TYPES:
        if not any(rule.automatic for rule in about):
            yield f"no rule lets {message.type} out"
        return
    named = _rule_in_timeline(node.state, message)
    rule = next((rule for rule in about if rule.id == named), None)
    if rule is None:
        yield f"the verdict names {named!r}, which does not let {message.type} out to {session.partner}"
    else:
        yield from _too_much(rule, message)


def _allows(rule: Rule) -> bool:
    return rule.effect is RuleEffect.ALLOW  # nobody here plays the releasing authority that "ask" waits for


def _rule_in_timeline(state: NodeState, message: Message) -> str | None:
    incident = None if message.incident is None else state.incidents.find(message.incident)
    said = [] if incident is None else incident.messages(message.channel, Direction.SENT)
    return next((entry.rule for entry in said if entry.serial == message.serial), None)


def _too_much(rule: Rule, message: Message) -> Complaints:
    """What the rule takes away, or makes coarse, is not there."""
    grains, body = rule.coarsen, message.body
    if (
        grains
        and grains.time_s
        and message.observed_ms is not None
        and message.observed_ms % (grains.time_s * SECOND_MS)
    ):
        yield f"the time of observation is finer than {rule.id} lets out"
    if not isinstance(body, NoticeBody | LostBody):
        return
    if Field.ALTITUDE in rule.strip and body.object.altitude_m is not None:
        yield f"{rule.id} hides the altitude"
    if isinstance(body, NoticeBody) and Field.DISTRICTS in rule.strip and body.districts:
        yield f"{rule.id} hides the districts"
    if grains and grains.position_m and body.object.accuracy_m * 2 < grains.position_m:
        yield f"the position is finer than {rule.id} lets out"


# --- restart, end -----------------------------------------------------------------------------------------------------


def restart_gives_the_same(node: Node, kept: NodeState) -> Complaints:
    """After a restart the duty half is the one of the last commit."""
    names = ("incidents", "sessions", "alerts", "contradictions")
    pairs = zip(names, duty_half(kept), duty_half(node.state), strict=True)
    yield from (f"{node.party}: {name} differ after a restart" for name, was, now in pairs if was != now)


def record_gives_the_same(nodes: Nodes, memo: Memo) -> Complaints:
    """Replaying a copy of the record now gives the duty half that the node holds. Dear: it replays everything."""
    for node in nodes.values():
        fresh = fresh_state(node.party, {party: other.keys for party, other in nodes.items()})
        if duty_half(recover(fresh, node.disk)) != duty_half(node.state):
            yield f"{node.party}: the record does not give what the node holds"


def logs_are_whole(nodes: Nodes, memo: Memo) -> Complaints:
    """All that was compared as it came is compared again from the beginning."""
    fresh = Memo()
    yield from receipted_is_kept_by_the_partner(nodes, fresh)
    yield from logs_agree_on_their_common_prefix(nodes, fresh)


def everything_is_receipted(nodes: Nodes) -> Complaints:
    """At the end, with good lines: the partner has acknowledged all that was said."""
    for _, session, _ in _lines(nodes):
        if session.own.receipted_size != session.own.size:
            yield f"{session.own.key.name}: {session.own.receipted_size} of {session.own.size} receipted"


def everything_is_closed(nodes: Nodes) -> Complaints:
    """At the end, with diligent officers: no incident is open on any side."""
    for node in nodes.values():
        for incident in node.state.incidents.open.values():
            states = {channel: thread.state for channel, thread in incident.threads.items()}
            yield f"{node.party}: {incident.id} is {incident.phase}, {states}"


def both_sides_have_closed(nodes: Nodes) -> Complaints:
    """At the end, every thread that one side holds closed is closed or unknown at the other."""
    for node, session, partner in _lines(nodes):
        for incident in node.state.incidents.closed.values():
            thread = incident.threads.get(session.channel)
            other = None if thread is None else partner.state.incidents.find(thread.incident)
            twin = None if other is None else other.threads.get(session.channel)
            if twin is not None and twin.phase is not IncidentPhase.CLOSED:
                yield f"{incident.id} is closed at {parties_of(session.channel)} but {twin.state} at {partner.party}"


TurnCheck = Callable[[NodeState, Turn], Complaints]
WorldCheck = Callable[[Nodes, Memo], Complaints]
EndCheck = Callable[[Nodes], Complaints]

EACH_TURN: tuple[TurnCheck, ...] = (
    incident_never_moves_backwards,
    what_is_decided_is_recorded,
    honest_parties_understand_each_other,
)
EACH_STEP: tuple[WorldCheck, ...] = (
    receipted_is_kept_by_the_partner,
    cosigned_survives,
    logs_agree_on_their_common_prefix,
    serials_have_no_gap,
    step_of_a_ladder_fires_once,
    nothing_leaves_without_a_verdict,
)
NOW_AND_THEN: tuple[WorldCheck, ...] = (record_gives_the_same, logs_are_whole)
AT_THE_END: tuple[EndCheck, ...] = (everything_is_receipted, everything_is_closed, both_sides_have_closed)
