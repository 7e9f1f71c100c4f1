"""What leaves a node: every entry of its own logs, held against the policy that let it out.

Here: one invariant, and what it looks for. Not here: the policy itself (release).
"""

import re

from redshank.exchange.bounds import OF_LIFE, OF_LOG
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import Session
from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes, honest, sessions_of
from redshank.exercise.simulation.node import Node
from redshank.exercise.simulation.scenes import source_of
from redshank.node.saying import LINE_TYPES
from redshank.node.state import NodeState
from redshank.procedure.incident import Direction, may_name
from redshank.procedure.obligation import MessageRef
from redshank.release.audit import as_corrected
from redshank.release.policy import Field, Rule, RuleEffect
from redshank.terms.ids import IncidentId
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import LostBody, Message, NoticeBody
from redshank.terms.refusal import Refusal

_INCIDENT_NAME = re.compile(rb"\b[A-Z]{2}-\d{4}-\d{6}\b")
_LOG_NAME = re.compile(rb"redshank/[A-Z]{2}-[A-Z]{2}/[A-Z]{2}/\d+")
_OWN_TRACK = re.compile(rb"\b[A-Z]{2}/\d+\b")


def nothing_leaves_without_a_verdict(nodes: Nodes, memo: Memo) -> Complaints:
    """Every entry of an own log can be read, was let out by a rule of the own policy that fits it, names no third
    party's incident, no source and no own track."""
    for node in honest(nodes, memo):
        for session in sessions_of(node):
            yield from _audited(node, session, nodes, memo)


def _audited(node: Node, session: Session, nodes: Nodes, memo: Memo) -> Complaints:
    origin = session.own.key.name
    start = memo.audited.get(origin, 0)
    memo.audited[origin] = node.disk.size(origin)
    for serial, entry in enumerate(node.disk.entries(origin, start, node.disk.size(origin)), start=start):
        yield from (f"{origin} {serial}: {wrong}" for wrong in _leaks(entry, session, nodes))
        place = Place(session.channel, session.me, session.year, serial, session.generation)
        message = parse_entry(entry, place, node.now())
        if isinstance(message, Refusal):
            yield f"{origin} {serial}: a partner cannot read it: {message}"
        else:
            yield from (f"{origin} {serial}: {wrong}" for wrong in _misfits(node, session, message))


def _leaks(entry: bytes, session: Session, nodes: Nodes) -> Complaints:
    names = [IncidentId(name.decode()) for name in _INCIDENT_NAME.findall(entry)]
    yield from (f"names {name} of a third party" for name in names if not may_name(name, session.channel))
    yield from (f"holds the source {source_of(p)}" for p in nodes if source_of(p).encode() in entry)
    yield from (f"holds the own track {found.decode()}" for found in _OWN_TRACK.findall(_LOG_NAME.sub(b"", entry)))


def _misfits(node: Node, session: Session, message: Message) -> Complaints:
    if message.type in OF_LOG | OF_LIFE:
        return  # marks of keys, heads and texts: nothing that release decides on
    policy, message = node.state.policy, as_corrected(message)
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
    return next((entry.rule for entry in said if entry.ref == MessageRef.of(message)), None)


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
