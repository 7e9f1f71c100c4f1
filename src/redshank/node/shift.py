"""Shift: which officer answers for this node, and how the next one takes over.

Here: taking, offering and accepting. Not here: names (edges know them): an officer is the same *hand*; what is owed
(procedure). Until the next officer has accepted all that was offered and is still owed, the outgoing one answers.
May know: the core rooms below, node's state.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from redshank.node.commands import AcceptShift, OfferShift, TakeShift
from redshank.node.events import Commanded
from redshank.node.state import NodeState, Shift
from redshank.procedure.obligation import Obligation, Owner
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal


class Owes(msgspec.Struct, frozen=True):
    """One thing that this node owes."""

    incident: IncidentId
    channel: ChannelId | None
    owed: Obligation


def owed(state: NodeState) -> Iterator[Owes]:
    """All that this node owes now, by incident."""
    for name, incident in sorted(state.incidents.open.items()):
        for one in incident.duties:
            if one.open:
                yield Owes(name, None, one)
        for channel, thread in sorted(incident.threads.items()):
            for one in thread.obligations:
                if one.open and one.owner is Owner.US:
                    yield Owes(name, channel, one)


def to_accept(state: NodeState) -> list[Owes]:
    """What was offered, is still owed, and has not been accepted."""
    shift = state.shift
    if shift is None or shift.offered is None:
        return []
    taken = {name for name, _ in shift.accepted}
    return [one for one in owed(state) if one.owed.id in shift.offered and one.owed.id not in taken]


def obeyed(
    state: NodeState, event: Commanded, command: TakeShift | OfferShift | AcceptShift, now: Instant
) -> NodeState | Refusal:
    """With the change, or why not."""
    if not event.hand:
        return Refusal(Reason.NOT_ALLOWED, "person", "a shift is a person's: log in")
    match command:
        case TakeShift():
            return _taken(state, event, command, now)
        case OfferShift():
            return _offered(state, event, now)
        case AcceptShift():
            return _accepted(state, event, command, now)


def _taken(state: NodeState, event: Commanded, command: TakeShift, now: Instant) -> NodeState | Refusal:
    if state.shift is not None and state.shift.hand == event.hand:
        return Refusal(Reason.NOT_IN_TABLE, "shift", "is yours already")
    if state.shift is not None and not command.text:
        return Refusal(Reason.NOT_ALLOWED, "text", "somebody is on shift: say why you take it without a hand-over")
    return replace(state, shift=Shift(hand=event.hand, since=now, taken_over=state.shift is not None))


def _offered(state: NodeState, event: Commanded, now: Instant) -> NodeState | Refusal:
    shift = state.shift
    if shift is None or shift.hand != event.hand:
        return Refusal(Reason.NOT_ALLOWED, "shift", "only the officer on shift can offer it")
    names = tuple(one.owed.id for one in owed(state))[: limits.SHIFT_OBLIGATIONS]
    return replace(state, shift=replace(shift, offered=names, offered_at=now, accepted=(), next_hand=b""))


def _accepted(state: NodeState, event: Commanded, command: AcceptShift, now: Instant) -> NodeState | Refusal:
    shift = state.shift
    if shift is None or shift.offered is None:
        return Refusal(Reason.NOT_IN_TABLE, "shift", "nobody has offered it")
    if shift.hand == event.hand:
        return Refusal(Reason.NOT_ALLOWED, "person", "another officer has to accept it")
    if shift.next_hand not in (b"", event.hand):
        return Refusal(Reason.NOT_ALLOWED, "person", "another officer is accepting it already")
    strangers = [name for name in command.obligations if name not in shift.offered]
    if strangers:
        return Refusal(Reason.UNKNOWN_MESSAGE, "obligations", f"{strangers[0][:60]} was not offered")
    known = {name for name, _ in shift.accepted}
    fresh = tuple((name, now) for name in dict.fromkeys(command.obligations) if name not in known)
    after = replace(state, shift=replace(shift, accepted=(*shift.accepted, *fresh), next_hand=event.hand))
    if to_accept(after):
        return after
    return replace(after, shift=Shift(hand=event.hand, since=now))
