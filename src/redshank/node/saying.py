"""Saying: a draft becomes a message of our log, is held for a releasing authority, or is refused by name.

Here: release, procedure and log asked in their order. Not here: when something is said (duty, orders), the answers to
what is held (approvals). May know: the core rooms below, node's state.
"""

import msgspec
from msgspec.structs import replace

from redshank.exchange.bounds import NO_INCIDENT
from redshank.exchange.session import say
from redshank.node import line_tests, nights, rotation
from redshank.node.effects import Effect, KeepEntry
from redshank.node.questions import OnHold, asked, overtaken
from redshank.node.state import NodeState
from redshank.procedure import record
from redshank.release.asking import Question
from redshank.release.decide import decide
from redshank.release.released import Effect as Effects
from redshank.release.released import Released, Withheld
from redshank.terms.draft import Draft, TrackDraft
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal

LINE_TYPES = NO_INCIDENT
"""Types that belong to the line, the log or the agreement, not to an incident."""


class Spoken(msgspec.Struct, frozen=True):
    """A draft has become a message: the state with it, and what must be kept and signed."""

    state: NodeState
    message: Message
    effects: tuple[Effect, ...]


def speak(state: NodeState, draft: Draft, now: Instant) -> Spoken | OnHold | Refusal:
    """Has release decide, the procedure agree, and the log take the message; or says which of them would not.

    Everything is checked before anything changes. What a rule asks about is held (`questions`); of a line test nobody
    is asked, it is part of the line.
    """
    barred = _barred(state, draft)
    if barred is not None:
        return barred
    verdict = decided(state, draft, now)
    if isinstance(verdict, Released):
        spoken = said(state, draft, verdict, now)
        if isinstance(spoken, Refusal):
            return spoken
        return replace(spoken, state=overtaken(spoken.state, draft, now))
    if verdict.verdict.effect is Effects.ASK and draft.type not in LINE_TYPES:
        return asked(state, draft, verdict, now)
    return verdict.refusal


def _barred(state: NodeState, draft: Draft) -> Refusal | None:
    barred = state.charter.tables.permits(draft.channel, draft.kind)
    if barred is None and state.session(draft.channel).keyless:
        detail = "our keys of its log are gone: see KEY-17, VOICE-25"
        return Refusal(Reason.CHANNEL_NOT_ACTIVE, draft.channel, detail)
    return barred


def decided(state: NodeState, draft: Draft, now: Instant, question: Question | None = None) -> Released | Withheld:
    """What the policy in force says of a draft now, and of the answers to a question about it."""
    return decide(state.policy, draft, now, question=question, last_sent_ms=_last_sent(state, draft))


def said(state: NodeState, draft: Draft, verdict: Released, now: Instant) -> Spoken | Refusal:
    """What is released becomes a message of the log, if procedure and log take it."""
    barred = _barred(state, draft)
    if barred is not None:
        return barred
    said = say(state.session(draft.channel), verdict, now)
    if isinstance(said, Refusal):
        return said
    incidents = state.incidents
    if draft.kind not in LINE_TYPES:
        noted = record.sent(incidents, state.charter.tables, said.message, verdict.verdict.rule, now)
        if isinstance(noted, Refusal):
            return noted
        incidents = noted
    told = replace(state, incidents=incidents, sessions={**state.sessions, draft.channel: said.session})
    if draft.type in (MessageType.TEST, MessageType.TEST_REPLY):
        told = line_tests.told(told, said.message, now)
    kept = KeepEntry(said.session.own.key.name, said.serial, said.entry)
    return Spoken(told, said.message, (kept, *rotation.to_sign(said.session)))


def _last_sent(state: NodeState, draft: Draft) -> Instant | None:
    """When something about the same incident, or the same object of a night, last left on this channel; paces
    UPDATEs."""
    if draft.incident is None or draft.type is not MessageType.UPDATE:
        return None
    incident = state.incidents.find(draft.incident)
    if incident is not None and incident.groups and isinstance(draft, TrackDraft):
        return nights.last_told(incident, draft.channel, draft.object_number)
    return state.incidents.last_sent(draft.incident, draft.channel)
