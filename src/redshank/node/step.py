"""Step: the only junction between the core and the world. `step(state, event, now) -> (state, effects)`.

Sensed events may lead to recorded ones, which are stepped through at once, each with its own entry in the journal. An
error is an InvariantBroken and leaves the old state, because nothing is changed in place.
"""

from collections.abc import Iterable

from redshank.node import agreements, approvals, contradictions, duty, mail, orders, restore, rotation, sense
from redshank.node.effects import Effect
from redshank.node.events import (
    AgreementTaken,
    AnswerCame,
    Asked,
    Commanded,
    ContradictionFound,
    DeadlinePassed,
    DeliveryCame,
    EndFellDue,
    EntryRestored,
    Event,
    GenerationRestored,
    HeadSigned,
    HeadsRestored,
    KeysAgreed,
    KeysMissed,
    LineFailed,
    LineTestMissed,
    PolicyTaken,
    RebuildBegun,
    Recorded,
    ReleaseFellDue,
    Reported,
    Restored,
    SnapshotTaken,
    TestFellDue,
    Ticked,
    WitnessCame,
    WitnessFailed,
)
from redshank.node.state import NodeState
from redshank.terms.instants import Instant


def step(state: NodeState, event: Event, now: Instant) -> tuple[NodeState, list[Effect]]:
    """The state after the event, and what is to be done. Pure; raises InvariantBroken only."""
    match event:
        case Reported():
            return sense.reported(state, event, now), []
        case Ticked():
            state, facts = sense.ticked(state, now)
            return _all(state, (*facts, *duty.due(state, now)), now)
        case Asked():
            return _recorded(state, orders.commanded(state, event), now)
        case LineFailed():
            return mail.failed(state, event, now), []
        case WitnessFailed():
            return mail.witness_failed(state, event), []
        case _:
            return _recorded(state, event, now)


def _all(state: NodeState, facts: Iterable[Recorded], now: Instant) -> tuple[NodeState, list[Effect]]:
    effects: list[Effect] = []
    for fact in facts:
        state, more = _recorded(state, fact, now)
        effects.extend(more)
    return state, effects


def _recorded(state: NodeState, event: Recorded, now: Instant) -> tuple[NodeState, list[Effect]]:
    """The event, and what follows when an incident has just closed by it, on whichever side and for whatever reason."""
    before = state.incidents.closed
    state, effects = _taken(state, event, now)
    if state.incidents.closed is not before:
        for incident in sorted(state.incidents.closed.keys() - before.keys()):
            state = duty.after_closing(state, incident, now)
    return state, effects


def _taken(state: NodeState, event: Recorded, now: Instant) -> tuple[NodeState, list[Effect]]:
    match event:
        case SnapshotTaken():
            return duty.weighed(state, event, now)
        case Commanded():
            return orders.obey(state, event, now)
        case DeadlinePassed() | LineTestMissed() | TestFellDue():
            return _fell_due(state, event, now)
        case PolicyTaken() | ReleaseFellDue():
            return _of_release(state, event, now)
        case AgreementTaken() | EndFellDue() | KeysAgreed() | KeysMissed():
            return _of_channel(state, event, now)
        case RebuildBegun() | EntryRestored() | GenerationRestored() | HeadsRestored():
            return _restored(state, event, now)
        case _:
            return _mailed(state, event, now)


def _of_release(state: NodeState, event: PolicyTaken | ReleaseFellDue, now: Instant) -> tuple[NodeState, list[Effect]]:
    match event:
        case PolicyTaken():
            return approvals.policy_taken(state, event, now)
        case ReleaseFellDue():
            return approvals.fell_due(state, event, now)


def _fell_due(
    state: NodeState, event: DeadlinePassed | LineTestMissed | TestFellDue, now: Instant
) -> tuple[NodeState, list[Effect]]:
    match event:
        case DeadlinePassed():
            return duty.missed(state, event, now)
        case LineTestMissed():
            return duty.test_missed(state, event, now)
        case TestFellDue():
            return duty.tested(state, event, now)


def _of_channel(
    state: NodeState, event: AgreementTaken | EndFellDue | KeysAgreed | KeysMissed, now: Instant
) -> tuple[NodeState, list[Effect]]:
    if isinstance(event, KeysAgreed | KeysMissed):
        return _rotated(state, event, now)
    if isinstance(event, EndFellDue):
        return agreements.ended(state, event, now)
    state, effects = agreements.taken(state, event, now)
    state, more = mail.take_up(state, event.agreement.channel, now)
    return state, [*effects, *more]


def _rotated(state: NodeState, event: KeysAgreed | KeysMissed, now: Instant) -> tuple[NodeState, list[Effect]]:
    match event:
        case KeysAgreed():
            return rotation.agreed(state, event, now)
        case KeysMissed():
            return rotation.missed(state, event)


def _mailed(
    state: NodeState, event: DeliveryCame | ContradictionFound | HeadSigned | AnswerCame | WitnessCame, now: Instant
) -> tuple[NodeState, list[Effect]]:
    match event:
        case DeliveryCame():
            return mail.delivered(state, event, now)
        case ContradictionFound():
            return contradictions.found(state, event, now), []
        case HeadSigned():
            return mail.signed(state, event)
        case AnswerCame():
            return mail.answered(state, event, now)
        case WitnessCame():
            return mail.witness_came(state, event)


def _restored(state: NodeState, event: Restored, now: Instant) -> tuple[NodeState, list[Effect]]:
    match event:
        case RebuildBegun():
            return restore.begun(state, event)
        case EntryRestored():
            return restore.entry(state, event, now)
        case GenerationRestored():
            return restore.generation(state, event)
        case HeadsRestored():
            return restore.heads(state, event, now)
