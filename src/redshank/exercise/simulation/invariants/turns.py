"""Turns: what must hold of each turn of an honest node, held against the state before it.

Here: invariants of one turn. Not here: what disks hold (whole), what an evil partner is told (hostile).
"""

from redshank.edges.turn import Turn
from redshank.exercise.simulation.invariants.memo import Complaints, Memo
from redshank.node.effects import KeepEvent
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId, PartyId, partner_on
from redshank.terms.refusal import Reason

STALE = frozenset({Reason.REPLAYED, Reason.SHRUNKEN, Reason.WRONG_SIZE, Reason.BAD_SIGNATURE})
"""Refusals of a delivery that was overtaken, or of an answer to an earlier one."""
EARLY = frozenset({Reason.NOT_AGREED})
"""Of a change of keys of which this side, or the partner, has not found the ceremony yet."""
UNREADABLE = frozenset(
    {
        Reason.MALFORMED, Reason.TRUNCATED, Reason.TOO_LARGE, Reason.BAD_NOTE, Reason.WRONG_ORIGIN, Reason.BAD_PROOF,
    }
)  # fmt: skip
"""Refusals of a message that was garbled on its way; the receiver's code comes back and is refused once more."""
REFUSALS_OF_ONE_GARBLED = 4
"""A doubled message, refused, and the refusal refused."""
UNHEARD = frozenset({Reason.UNKNOWN_INCIDENT, Reason.UNKNOWN_MESSAGE, Reason.NOT_IN_TABLE, Reason.ALREADY_CLOSED})
"""Refusals of what was said about a message that was refused for its time."""


def incident_never_moves_backwards(before: NodeState, done: Turn, memo: Memo) -> Complaints:
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


def what_is_decided_is_recorded(before: NodeState, done: Turn, memo: Memo) -> Complaints:
    """Incidents, sessions, alerts and contradictions change by recorded events alone: a restart could not know of
    anything else."""
    same = duty_half(before) == duty_half(done.state)
    if not same and not any(isinstance(one, KeepEvent) for one in done.durables):
        yield "the duty half changed without a record"


def honest_parties_understand_each_other(before: NodeState, done: Turn, memo: Memo) -> Complaints:
    """No message is useless to its receiver, and nobody is taken for a forger. Refused is only a delivery or answer
    that is stale, one that was garbled on its way, and a time while the clocks were apart, with what follows it."""
    me = done.state.charter.party
    for channel in done.state.sessions:
        partner = partner_on(channel, me)
        if done.state.line(channel) is before.line(channel) or not memo.is_sound(me, partner):
            continue
        old = before.line(channel).refusals
        for reason, count in done.state.line(channel).refusals.items():
            for _ in range(count - old.get(reason, 0)):
                if reason not in STALE | EARLY and not _has_a_cause(reason, channel, me, partner, memo):
                    yield f"{me} refused something on {channel}: {reason}"


def _has_a_cause(reason: Reason, channel: ChannelId, me: PartyId, partner: PartyId, memo: Memo) -> bool:
    if reason is Reason.TIME_NOT_PLAUSIBLE:
        return memo.apart(partner, me)
    if reason is Reason.ALREADY_CLOSED and (memo.absent or channel in memo.stood_still):
        return True  # said while the other side closed alone: in the hours that have passed, deadlines did
    if reason in UNHEARD:
        return memo.apart(partner, me) or memo.apart(me, partner)
    memo.unreadable[channel] += 1
    return reason in UNREADABLE and memo.unreadable[channel] <= REFUSALS_OF_ONE_GARBLED * memo.garbled[channel]


def duty_half(state: NodeState) -> tuple[object, ...]:
    """What a restart must give again."""
    agreed = state.lives, state.texts, state.waiting
    people = state.held, state.next_question, state.shift
    return state.incidents, state.sessions, state.earlier, state.alerts, state.contradictions, *agreed, *people
