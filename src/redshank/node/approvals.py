"""Approvals: what a releasing authority's yes or no to a held message leads to, and what the end of its time does.

Here: answers as recorded events. Not here: asking (`questions`), who a person is (edges): a person is the same *hand*.
May know: the core rooms below, node's state and mail.
"""

from msgspec.structs import replace

from redshank.node import questions
from redshank.node.commands import ApproveRelease, RefuseRelease
from redshank.node.effects import Effect, KeepEvent
from redshank.node.events import Commanded, PolicyTaken, ReleaseFellDue, encode_event
from redshank.node.held import Held, Standing, held_of
from redshank.node.saying import decided, said
from redshank.node.state import NodeState
from redshank.procedure import home
from redshank.procedure.table import WITHHELD
from redshank.release.asking import Approval
from redshank.release.released import Released
from redshank.terms.draft import TrackDraft
from redshank.terms.instants import Instant, format_instant
from redshank.terms.message import MessageType
from redshank.terms.refusal import Reason, Refusal

Done = tuple[NodeState, tuple[Effect, ...]]


def approved(state: NodeState, event: Commanded, command: ApproveRelease, now: Instant) -> Done | Refusal:
    """A yes. With the last one that the rule asks for the message leaves, as it was shown and not otherwise."""
    held = _waiting(state, command.question, now)
    if isinstance(held, Refusal):
        return held
    if command.sight != held.sight.hex():
        return Refusal(Reason.NOT_RELEASED, "sight", "what would leave is not what you have seen; read it again")
    if not event.hand:
        return Refusal(Reason.NOT_ALLOWED, "person", "a yes needs a person who has logged in")
    if any(yes.person == event.hand.hex() for yes in held.question.approvals):
        return Refusal(Reason.NOT_ALLOWED, "person", "you have said yes to it already; the rule asks two persons")
    given = Approval(person=event.hand.hex(), at=now, sight=held.sight)
    return _let_go(state, replace(held.with_yes(given), ended_by=event.role), now)


def refused(state: NodeState, event: Commanded, command: RefuseRelease, now: Instant) -> Done | Refusal:
    """A no: one is enough, whoever has said yes before."""
    held = _waiting(state, command.question, now)
    if isinstance(held, Refusal):
        return held
    ended = held.ended(Standing.REFUSED, now, by=event.role, why=command.text or "")
    return _denied(state, ended, now), ()


def fell_due(state: NodeState, event: ReleaseFellDue, now: Instant) -> tuple[NodeState, list[Effect]]:
    """The time is over, which is a no; or what had to wait for its time leaves."""
    kept: list[Effect] = [KeepEvent(encode_event(event))]
    held = state.held.get(event.question)
    if held is None or held.standing is not Standing.WAITING:
        return state, kept
    if now > held.ends_at:
        why = f"nobody said no, and not enough persons said yes within {held.asking.within_s} s"
        return _denied(state, held.ended(Standing.LAPSED, now, why=why), now), kept
    gone = _let_go(state, replace(held, not_before_ms=None), now)
    if isinstance(gone, Refusal):
        return questions.with_held(state, replace(held, not_before_ms=None)), kept
    return gone[0], [*kept, *gone[1]]


def due(state: NodeState, now: Instant) -> list[ReleaseFellDue]:
    """Questions whose time is over, and messages whose time has come."""
    return [
        ReleaseFellDue(one.number)
        for one in questions.waiting(state)
        if now > one.ends_at or (one.not_before_ms is not None and now >= one.not_before_ms)
    ]


def policy_taken(state: NodeState, event: PolicyTaken, now: Instant) -> tuple[NodeState, list[Effect]]:
    """Another policy is in force: what it asks about in the same way stays asked, what it would show otherwise is asked
    anew, all else is withdrawn."""
    state = replace(state, taken=event, taken_at=now)
    for held in questions.waiting(state):
        state = _asked_by(state, held, now)
    return state, [KeepEvent(encode_event(event))]


def _asked_by(state: NodeState, held: Held, now: Instant) -> NodeState:
    verdict = decided(state, held.draft, now)
    asking = questions.asking_of(state, verdict.verdict.rule)
    if isinstance(verdict, Released) or verdict.shown is None or asking is None:
        why = f"the policy {state.policy.policy} does not ask about it: {verdict.verdict.rule}"
        return questions.with_held(state, held.ended(Standing.WITHDRAWN, now, why=why))
    if (verdict.shown.sight, asking) == (held.sight, held.asking):
        return state
    fresh = held_of(state.next_question, held.draft, verdict.verdict.rule, asking, verdict.shown, now)
    ended = held.ended(Standing.REPLACED, now, why=f"by question {fresh.number}: the policy has changed")
    return replace(questions.with_held(state, ended, fresh), next_question=fresh.number + 1)


def _waiting(state: NodeState, number: int, now: Instant) -> Held | Refusal:
    held = state.held.get(number)
    if held is None:
        return Refusal(Reason.UNKNOWN_MESSAGE, "question", f"no question {number}")
    if held.standing is not Standing.WAITING:
        return Refusal(Reason.NOT_IN_TABLE, "question", f"question {number} has ended: {held.standing.value}")
    if now > held.ends_at:
        return Refusal(Reason.NOT_RELEASED, "question", f"its time was over at {format_instant(held.ends_at)}")
    return held


def _let_go(state: NodeState, held: Held, now: Instant) -> Done | Refusal:
    """Says the held message, if the policy lets it out by now; else what is lacking stays lacking."""
    verdict = decided(state, held.draft, now, held.question)
    if isinstance(verdict, Released):
        if verdict.verdict.rule != held.rule:
            detail = f"{verdict.verdict.rule} decides by now, and not {held.rule}: it must be sent anew"
            return Refusal(Reason.NOT_RELEASED, verdict.verdict.rule, detail)
        spoken = said(state, held.draft, verdict, now)
        if isinstance(spoken, Refusal):
            return spoken
        sent = held.ended(Standing.SENT, now, by=held.ended_by)
        sent = replace(sent, serial=spoken.message.serial, generation=spoken.message.generation)
        return questions.with_held(spoken.state, sent), spoken.effects
    if verdict.shown is not None and verdict.shown.sight == held.sight:
        return questions.with_held(state, held), ()
    if verdict.not_before_ms is not None:
        return questions.with_held(state, replace(held, not_before_ms=verdict.not_before_ms)), ()
    return verdict.refusal


def _denied(state: NodeState, ended: Held, now: Instant) -> NodeState:
    """With the no. What was owed about a track is not owed any more, as after a rule that denies."""
    state, draft = questions.with_held(state, ended), ended.draft
    if not isinstance(draft, TrackDraft) or draft.type is MessageType.OWN_OBJECT or draft.corrects is not None:
        return state
    after = home.happened(state.incidents, state.charter.tables, draft.incident, WITHHELD, now, draft.channel)
    return state if isinstance(after, Refusal) else replace(state, incidents=after)
