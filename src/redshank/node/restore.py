"""Restore: a node begins again from its logs, after a person has said so.

Here: what restored entries and heads do to sessions and incidents. Not here: whether they may be restored (edges). May
know: the core rooms below, node's state. Nothing is sent, signed or answered by it: all of it was said before.

Incidents come back from what was said on the channels: open ones with what each side owes, its deadlines counted from
the times of the messages. What was only here does not: own tracks and forecasts, remarks, which names of third parties
meant the same incident, warnings and who read what.
"""

import msgspec
from msgspec.structs import replace

from redshank.exchange.bounds import OF_LIFE
from redshank.exchange.generations import follower, next_keys
from redshank.exchange.restoring import heads_restored, own_restored, theirs_restored
from redshank.node import agreements, rotation
from redshank.node.effects import Effect, KeepEntry, KeepEvent
from redshank.node.events import EntryRestored, GenerationRestored, HeadsRestored, RebuildBegun, encode_event
from redshank.node.saying import LINE_TYPES
from redshank.node.state import NodeState
from redshank.procedure import record
from redshank.procedure.home import with_event
from redshank.procedure.incident import Incident, Incidents, OpenedBy, opener_of
from redshank.terms.instants import Instant
from redshank.terms.invariant import require
from redshank.terms.message import Message
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace

RULE = "rebuilt"
"""In the place of the release rule, which the logs do not name."""


def begun(state: NodeState, event: RebuildBegun) -> tuple[NodeState, list[Effect]]:
    """The decision, and the numbers of incidents that are taken."""
    incidents = msgspec.structs.replace(state.incidents, numbers=dict(event.numbers))
    return replace(state, incidents=incidents), [KeepEvent(encode_event(event))]


def entry(state: NodeState, event: EntryRestored, now: Instant) -> tuple[NodeState, list[Effect]]:
    """One more entry of one of the two logs, and what it says, taken as it was taken then."""
    before = state.session(event.channel)
    restored = own_restored if event.own else theirs_restored
    session, content = restored(before, event.entry)
    origin, index = (before.own.key.name, before.own.size) if event.own else (before.theirs.origin, before.theirs.size)
    kept: list[Effect] = [KeepEvent(encode_event(event)), KeepEntry(origin, index, event.entry)]
    state = replace(state, sessions={**state.sessions, event.channel: session})
    if isinstance(content, Message) and content.type in OF_LIFE:
        state = agreements.read_again(state, content, event.own, now)
    if isinstance(content, Message) and content.type not in LINE_TYPES:
        noted = _noted(state, content, now)
        if isinstance(noted, Refusal):
            line = state.line(event.channel).refused(noted.reason)
            return replace(state, lines={**state.lines, event.channel: line}), kept
        state = replace(state, incidents=noted)
    return state, kept


def generation(state: NodeState, event: GenerationRestored) -> tuple[NodeState, list[Effect]]:
    """The open logs are whole, and another generation follows them."""
    before = _changed(state.session(event.channel), keyless=event.keyless, partner_keyless=event.partner_keyless)
    found = next_keys(before, event.own, event.partner)
    after = found if isinstance(found, Refusal) else follower(_changed(before, next=found))
    require(not isinstance(after, Refusal), "a record that chains names keys for the next generation")
    if isinstance(after, Refusal):  # for the type checker; `require` has raised
        return state, []
    earlier = (*state.earlier.get(event.channel, ()), before)
    state = replace(
        state,
        sessions={**state.sessions, event.channel: after},
        earlier={**state.earlier, event.channel: earlier},
    )
    return state, [KeepEvent(encode_event(event))]


def heads(state: NodeState, event: HeadsRestored, now: Instant) -> tuple[NodeState, list[Effect]]:
    """The newest heads of a channel, and the newest receipt."""
    before = state.generations(event.channel)[event.generation]
    session = heads_restored(before, event.own_head, event.own_receipt, event.their_head)
    log = (session.year, session.generation)
    size = session.own.receipted_size
    incidents = record.receipted(state.incidents, state.charter.tables, event.channel, size, now, log)
    state = agreements.restored(replace(rotation.with_session(state, session), incidents=incidents))
    return state, [KeepEvent(encode_event(event))]


def _noted(state: NodeState, message: Message, now: Instant) -> Incidents | Refusal:
    tables = agreements.as_if_active(state.charter.tables, message.channel)  # it was judged when it was said
    if message.sender != state.charter.party:
        return record.got(state.incidents, tables, message, now)
    noted = record.sent(state.incidents, tables, message, RULE, now)
    if not isinstance(noted, Refusal) or noted.reason is not Reason.UNKNOWN_INCIDENT:
        return noted
    opened = _opened(state, message, now)
    return noted if opened is None else record.sent(opened, tables, message, RULE, now)


def _opened(state: NodeState, message: Message, now: Instant) -> Incidents | None:
    """With an incident of our own, of which the messages are all that is left."""
    name = message.incident
    if name is None or opener_of(name) != state.charter.party:
        return None
    fresh = Incident(id=name, own_id=name, opened_at=now, opened_by=OpenedBy.NOTICE)
    return state.incidents.put(with_event(state.charter.tables, fresh, "opened", now, note=RULE))
