"""Voices: what officers key in and read out while a line is down, and how it meets the signed originals.

Here: taking a statement, holding it against the signed entry whichever comes first, noting a read-out. Not here: the
form (exchange.voice), the picture (mail), telephones. May know: the core rooms below, node's state.

A statement by voice is believed no more than a signed one and proves less. It is recorded with who took it and when.
"""

from itertools import islice

import msgspec
from msgspec.structs import replace

from redshank.exchange.bounds import NO_INCIDENT
from redshank.exchange.envelope import parse_entry
from redshank.exchange.session import Arrived, Session, their_place
from redshank.exchange.voice import decode, split_groups
from redshank.exchange.voice.notes import ReadOut, Standing, Statement
from redshank.node.commands import NoteReadOut, TakeVoice
from redshank.node.state import NodeState
from redshank.procedure import voiced
from redshank.procedure.obligation import MessageRef, Obligation, Owner
from redshank.procedure.table import READ_OUT, RECEIPT
from redshank.procedure.thread import Thread
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal


class Taken(msgspec.Struct, frozen=True):
    """A statement is in the notes. `told`: the message that drives the procedure and belongs into the picture, if
    any."""

    state: NodeState
    told: Message | None


def taken(state: NodeState, command: TakeVoice, role: str, entry: bytes | None, now: Instant) -> Taken | Refusal:
    """Takes what an officer has keyed in. `entry`: the signed original, where our copy of the log holds it.

    Refuses what is no form (as `exchange.voice.decode`), is of another channel, sender or year, or has been taken
    before. What the procedure refuses is noted all the same, with the reason: it was said.
    """
    session = state.sessions.get(command.channel)
    if session is None:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{command.channel} is no channel of this node")
    if not state.is_active(command.channel):
        return Refusal(Reason.CHANNEL_NOT_ACTIVE, command.channel, "its agreement is not in force")
    groups = tuple(split_groups(command.groups))
    heard = decode(groups, state.charter.exercise, now)
    if isinstance(heard, Refusal):
        return heard
    session = _of_generation(state, session, heard.message)
    refused = _misplaced(session, heard.message)
    if refused is not None:
        return refused
    place = (heard.message.generation, heard.message.serial)
    earlier = [one for one in state.statements(command.channel) if (one.generation, one.serial) == place]
    if any(one.groups == groups for one in earlier):
        return Refusal(
            Reason.NOT_IN_TABLE, "groups", f"{heard.message.serial} has been taken with these groups already"
        )
    statement = Statement(
        sender=heard.message.sender,
        serial=heard.message.serial,
        generation=heard.message.generation,
        groups=groups,
        exercise=state.charter.exercise,
        taken_at=now,
        role=role,
        remark=command.text,
        standing=Standing.WAITING if not session.lone else Standing.UNSIGNED,
    )
    state = _line_heard(state, heard.message, now)
    if statement.serial < session.theirs.size:
        return _after_signed(state, session, statement, entry, now)
    return _before_signed(state, session, statement, bool(earlier), now)


def _line_heard(state: NodeState, message: Message, now: Instant) -> NodeState:
    """Towards a partner who runs no node the telephone is the line: he has been heard on it, and his TEST-REPLY ends
    our TEST (LINE-8)."""
    if message.channel not in state.charter.by_voice:
        return state
    line = state.line(message.channel).heard(now)
    answers = (message.answered_generation, message.in_reply_to) == (line.test_generation, line.test_serial)
    if message.type is MessageType.TEST_REPLY and answers:
        line = line.tested(now)
    return replace(state, lines={**state.lines, message.channel: line})


def _of_generation(state: NodeState, session: Session, message: Message) -> Session:
    """The session of the log that a form names; the open one when it names none that was ever open."""
    generations = state.generations(session.channel)
    return generations[message.generation] if message.generation < len(generations) else session


def _misplaced(session: Session, message: Message) -> Refusal | None:
    pairs = (
        (Reason.WRONG_CHANNEL, "channel", message.channel, session.channel),
        (Reason.WRONG_SENDER, "sender", message.sender, session.partner),
        (Reason.WRONG_YEAR, "year", message.year, session.year),
        (Reason.WRONG_GENERATION, "generation", message.generation, session.generation),
    )
    for reason, field, said, true in pairs:
        if said != true:
            return Refusal(reason, field, f"the form says {said}, not {true}")
    return None


def _after_signed(
    state: NodeState, session: Session, statement: Statement, entry: bytes | None, now: Instant
) -> Taken | Refusal:
    if entry is None:
        return Refusal(
            Reason.BUSY, "serial", f"{statement.serial} has come signed while it was keyed in; take it again"
        )
    signed = parse_entry(entry, their_place(session, statement.serial), None)
    return Taken(_kept(state, session.channel, statement.held_against(signed, now)), None)


def _before_signed(state: NodeState, session: Session, statement: Statement, contradicts: bool, now: Instant) -> Taken:
    message = statement.heard.message
    if contradicts:
        no = Refusal(Reason.WRONG_SERIAL, "serial", f"{statement.serial} has been said otherwise before")
        return Taken(_kept(state, session.channel, msgspec.structs.replace(statement, refused=no)), None)
    if message.type in NO_INCIDENT:  # a test of the line that did not go over the line tests nothing
        return Taken(_kept(state, session.channel, statement), None)
    incidents = voiced.heard(state.incidents, state.charter.tables, message, now)
    if isinstance(incidents, Refusal):
        return Taken(_kept(state, session.channel, msgspec.structs.replace(statement, refused=incidents)), None)
    return Taken(_kept(replace(state, incidents=incidents), session.channel, statement), message)


def reconciled(state: NodeState, session: Session, arrived: Arrived, now: Instant) -> tuple[NodeState, bool]:
    """Holds a signed entry that has just come against what was said of its serial. True when the incident has it by
    that, and it must not be taken again."""
    channel, held = session.channel, state.statements(session.channel)
    place = (session.generation, arrived.serial)
    waiting = [one for one in held if (one.generation, one.serial) == place and one.standing is Standing.WAITING]
    if not waiting:
        return state, False
    settled = {id(one): one.held_against(arrived.content, now) for one in waiting}
    statements = tuple(settled.get(id(one), one) for one in held)
    state = replace(state, heard={**state.heard, channel: statements})
    drove = next((settled[id(one)] for one in waiting if one.refused is None), None)
    if drove is None:
        return state, False
    message = arrived.content if isinstance(arrived.content, Message) else None
    ref = MessageRef(session.year, session.generation, arrived.serial)
    same = drove.standing is Standing.CONFIRMED
    incidents, has = voiced.signed(state.incidents, channel, ref, message, same, now)
    return replace(state, incidents=incidents), has


def read_out(state: NodeState, command: NoteReadOut, role: str, now: Instant) -> NodeState | Refusal:
    """Notes that our message was read out, and perhaps read back."""
    if command.channel not in state.sessions:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{command.channel} is no channel of this node")
    generations = state.generations(command.channel)
    generation = len(generations) - 1 if command.generation is None else command.generation
    if generation >= len(generations) or command.serial >= generations[generation].own.size:
        return Refusal(Reason.UNKNOWN_MESSAGE, "serial", f"no message {command.serial} of ours on {command.channel}")
    tables, serial, back = state.charter.tables, command.serial, command.read_back
    ref = MessageRef(generations[generation].year, generation, serial)
    after = voiced.read_out(state.incidents, tables, command.channel, ref, back, now)
    if isinstance(after, Refusal) and after.reason is not Reason.UNKNOWN_MESSAGE:
        return after
    note = ReadOut(serial=serial, generation=generation, at=now, role=role, read_back=back, remark=command.text)
    notes = (*state.read_outs.get(command.channel, ()), note)[-limits.VOICE_STATEMENTS :]
    incidents = state.incidents if isinstance(after, Refusal) else after  # a TEST belongs to no incident
    lines = state.lines
    if command.read_back and command.channel in state.charter.by_voice:
        line = state.line(command.channel).heard(now)
        lines = {**lines, command.channel: line.tested(now) if serial == line.test_serial else line}
    return replace(state, incidents=incidents, lines=lines, read_outs={**state.read_outs, command.channel: notes})


class ToReadOut(msgspec.Struct, frozen=True, kw_only=True):
    """A message of ours that waits to be read out, or read out and not read back. `due` is None for a TEST."""

    serial: int
    type: MessageType
    incident: IncidentId | None
    stated_at: Instant
    due: Instant | None
    read_out_at: Instant | None


def to_read_out(state: NodeState, channel: ChannelId) -> tuple[ToReadOut, ...]:
    """What a partner who runs no node has still to hear, oldest first; old news is left out."""
    if channel not in state.charter.by_voice:
        return ()
    tables, held = state.charter.tables, state.incidents
    waiting = [
        ToReadOut(
            serial=entry.ref.serial,
            type=MessageType(entry.type),
            incident=entry.incident,
            stated_at=entry.at,
            due=max(owed.due, Instant(entry.at + table.obligations[owed.what].deadline_s * SECOND_MS)),
            read_out_at=entry.read_out_at,
        )
        for incident in (*held.open.values(), *held.closed.values())
        if (thread := incident.threads.get(channel)) is not None
        if (owed := _owed_still(thread)) is not None
        for table in (tables.of(thread),)
        for entry in voiced.unread(incident, channel)
        if entry.ref is not None
    ]
    line = state.line(channel)
    if line.test_serial is not None and line.test_sent_at is not None:
        notes = [note.at for note in state.read_outs.get(channel, ()) if note.serial == line.test_serial]
        test = ToReadOut(
            serial=line.test_serial, type=MessageType.TEST, incident=None, stated_at=line.test_sent_at, due=None,
            read_out_at=notes[0] if notes else None,
        )  # fmt: skip
        waiting.append(test)
    return tuple(sorted(waiting, key=lambda one: one.serial))


def _owed_still(thread: Thread) -> Obligation | None:
    """The open read-out, or the receipt in the place of which a read-out goes while the line is down."""
    wanted = ((READ_OUT, Owner.US), (RECEIPT, Owner.PARTNER))
    return next((one for one in thread.obligations if (one.what, one.owner) in wanted), None)


def not_heard(state: NodeState, channel: ChannelId) -> tuple[int, ...]:
    """Serials that the partner must have used and nobody here has keyed in: something that it said was not heard. At
    most limits.VOICE_GAPS."""
    session, held = state.session(channel), {one.serial for one in state.statements(channel)}
    if not held or not session.lone:
        return ()
    first = 0 if len(state.statements(channel)) < limits.VOICE_STATEMENTS else min(held)
    gaps = (serial for serial in range(first, max(held)) if serial not in held)
    return tuple(islice(gaps, limits.VOICE_GAPS))


def _kept(state: NodeState, channel: ChannelId, statement: Statement) -> NodeState:
    """The newest ones; when full, the oldest that is settled makes room, or else the oldest: the journal has all."""
    held = [*state.statements(channel), statement]
    if len(held) > limits.VOICE_STATEMENTS:
        gone = next((n for n, one in enumerate(held) if one.standing is not Standing.WAITING), 0)
        del held[gone]
    return replace(state, heard={**state.heard, channel: tuple(held)})
