"""Line tests: the test of each line as a thread of the table that the agreement names for it (PROC-37).

Here: what a TEST and its answer, a deadline or a person do to that thread. Not here: the schedule (duty), the answer
itself (mail), what the line is otherwise known to be (state). May know: the core rooms below, node's state.

There is one thread at a time on a line. A TEST that is sent while an earlier one has no answer belongs to the same
thread, so that a line that stays silent climbs its ladder once, and does not look well again after each new TEST.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from redshank.node.events import LineTestMissed
from redshank.node.state import Line, NodeState
from redshank.procedure import table as law
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.obligation import MessageRef, Owner
from redshank.procedure.table import CLOSED_ALONE, IncidentPhase, Input
from redshank.procedure.thread import Thread, apply, missed, new_thread
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import Message
from redshank.terms.refusal import Reason, Refusal


def told(state: NodeState, message: Message, now: Instant) -> NodeState:
    """With a TEST or TEST-REPLY of either side. What the table has no row for changes nothing: an answer to nothing."""
    ours, ref = message.sender == state.charter.party, MessageRef.of(message)
    given = law.sent(message.type) if ours else law.got(message.type)
    answers = None
    if message.in_reply_to is not None:
        answers = MessageRef(message.year, message.answered_generation, message.in_reply_to)
    return _with(state, message.channel, given, now, ref, answers)


def tried_otherwise(state: NodeState, channel: ChannelId, now: Instant) -> NodeState | Refusal:
    """A person has tried the alternate line. Refuses with WRONG_CHANNEL, or NOT_IN_TABLE while the line is not
    silent."""
    line = state.lines.get(channel)
    if channel not in state.sessions:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
    if line is None or line.test is None:
        return Refusal(Reason.NOT_IN_TABLE, "channel", f"no test of {channel} waits for a person")
    after = apply(state.charter.tables.of(line.test), line.test, CLOSED_ALONE, now)
    return after if isinstance(after, Refusal) else _put(state, line, after)


def _with(
    state: NodeState, channel: ChannelId, given: Input, now: Instant, ref: MessageRef, answers: MessageRef | None
) -> NodeState:
    tables, line = state.charter.tables, state.line(channel)
    if not tables.knows(channel, IncidentKind.LINE_TEST) or channel in state.charter.by_voice:
        return state
    table, thread = tables.on(channel, IncidentKind.LINE_TEST), line.test
    if thread is None or (thread.phase is IncidentPhase.CLOSED and given.endswith(":TEST")):
        fresh = new_thread(table, name_of(channel), channel, now, IncidentKind.LINE_TEST)
        thread = fresh if thread is None else replace(fresh, begun=thread.begun, settled=thread.settled)
    after = apply(table, thread, given, now, ref, answers)
    return state if isinstance(after, Refusal) else _put(state, line, after)


def _put(state: NodeState, line: Line, thread: Thread) -> NodeState:
    after = msgspec.structs.replace(line, test=thread)
    return replace(state, lines={**state.lines, line.channel: after})


def name_of(channel: ChannelId) -> IncidentId:
    """By which the test of a line is called where an incident has its name."""
    return IncidentId(f"{channel}/{IncidentKind.LINE_TEST.value}")


def due(state: NodeState, now: Instant) -> Iterator[LineTestMissed]:
    """Steps of the ladder of a line's test that have fallen due."""
    for channel, line in state.lines.items():
        for owed in () if line.test is None else line.test.obligations:
            if owed.next_at is not None and owed.next_at <= now:
                yield LineTestMissed(channel, owed.id, owed.escalation_level + 1)


def not_met(state: NodeState, event: LineTestMissed, now: Instant) -> NodeState:
    """With a step taken; each counts once."""
    line = state.line(event.channel)
    if line.test is None:
        return state
    after = missed(state.charter.tables.of(line.test), line.test, event.obligation, event.level, now)
    return state if after is line.test else _put(state, line, after)


def is_missed(line: Line) -> bool:
    """Whether the partner has let the deadline for its answer pass, and has not answered since."""
    owed = () if line.test is None else line.test.obligations
    return any(o.owner is Owner.PARTNER and o.missed_at is not None for o in owed) or is_silent(line)


def is_silent(line: Line) -> bool:
    """Whether the whole ladder has passed without an answer."""
    return line.test is not None and line.test.state in ("silent", "unheard")
