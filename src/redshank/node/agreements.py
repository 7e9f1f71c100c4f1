"""Agreements: the life of a channel's agreement on this node: acts said and taken, a file that was changed, what
follows for incidents when an agreement stands still, goes on or ends.

Here: those changes of the state. Not here: the law of them (procedure.life), what is read again when a suspension ends
(mail). May know: the core rooms below, node's state.

The charter's agreement of a channel always has the text and the state that are in force, so that whoever asks whether
something may be said asks one place.
"""

import msgspec
from msgspec.structs import replace

from redshank.exchange.session import Said, Session, append, own_message
from redshank.node import rotation
from redshank.node.commands import Activate, EndAgreement, Resume, Suspend
from redshank.node.effects import Effect, KeepEntry, KeepEvent
from redshank.node.events import AgreementTaken, EndFellDue, encode_event
from redshank.node.state import NodeState, Waiting
from redshank.procedure import life as lives
from redshank.procedure import pausing
from redshank.procedure.agreement import Agreement, AgreementState, Tables, with_agreement
from redshank.procedure.fingerprint import fingerprint
from redshank.procedure.life import Life, acted, begun_by_file, fallen_due, refiled
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import Body, EndBody, LifeBody, Message, MessageType, SuspendBody
from redshank.terms.refusal import Reason, Refusal

Done = tuple[NodeState, tuple[Effect, ...]]
LifeCommand = Activate | Suspend | Resume | EndAgreement

_STOOD_STILL = (AgreementState.SUSPENDED, AgreementState.DORMANT)


def life_of(state: NodeState, channel: ChannelId) -> Life:
    """The life of a channel's agreement; before any act or file was recorded, what the charter's says. Raises KeyError
    for a channel without an agreement."""
    held = state.lives.get(channel)
    if held is not None:
        return held
    agreement = state.charter.agreements[channel]
    return begun_by_file(fingerprint(agreement)) if agreement.state is AgreementState.ACTIVE else Life()


def newest_text(state: NodeState, channel: ChannelId) -> Agreement:
    """The text that our newest file has; it need not be in force."""
    texts = state.texts.get(channel, ())
    return texts[-1].agreement if texts else state.charter.agreements[channel]


def stopped(state: NodeState) -> frozenset[ChannelId]:
    """Channels on which deadlines stand still (AGR-8)."""
    held = state.charter.agreements
    return frozenset(channel for channel in state.sessions if channel in held and held[channel].state in _STOOD_STILL)


def due(state: NodeState, now: Instant) -> list[EndFellDue]:
    """Ends that were said before and whose time has come."""
    waiting = ((channel, life.ending) for channel, life in state.lives.items())
    return [EndFellDue(channel) for channel, ending in waiting if ending is not None and ending[1] <= now]


# --- our own acts -----------------------------------------------------------------------------------------------------


def obeyed(state: NodeState, command: LifeCommand, now: Instant) -> Done | Refusal:
    """Says an act. No policy and no line is asked: it is in the log, and in force here, once it is committed."""
    session = state.sessions.get(command.channel)
    if session is None or command.channel not in state.charter.agreements:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{command.channel} is no channel of this node")
    if session.keyless:
        no = "our keys of its log are gone, so that nothing is said there anyway: see KEY-17, VOICE-25"
        return Refusal(Reason.CHANNEL_NOT_ACTIVE, command.channel, no)
    filled = _filled(state, command, session, now)
    if isinstance(filled, Refusal):
        return filled
    said = append(session, own_message(session, *filled, now))
    if isinstance(said, Refusal):
        return said
    return _said(state, said, now)


def _said(state: NodeState, said: Said, now: Instant) -> Done:
    channel = said.session.channel
    state = replace(state, sessions={**state.sessions, channel: said.session})
    state = with_life(state, channel, acted(life_of(state, channel), said.message, True, now), now)
    kept = KeepEntry(said.session.own.key.name, said.serial, said.entry)
    return state, (kept, *rotation.to_sign(said.session))


def _filled(
    state: NodeState, command: LifeCommand, session: Session, now: Instant
) -> tuple[MessageType, Body] | Refusal:
    life, taken = life_of(state, command.channel), session.theirs.size
    newest = fingerprint(newest_text(state, command.channel))
    number = _number(life, command, newest)
    if isinstance(number, Refusal):
        return number
    if isinstance(command, Activate):
        return MessageType.ACTIVATE, LifeBody(agreement=newest, life=number, taken=taken)
    text = life.own.activated.get(number, newest)
    if isinstance(command, Resume):
        return MessageType.RESUME, LifeBody(agreement=text, life=number, taken=taken)
    if isinstance(command, Suspend):
        return MessageType.SUSPEND, SuspendBody(agreement=text, life=number, taken=taken, why=command.why)
    from_ms = now if command.from_ms is None else Instant(max(now, command.from_ms))
    return MessageType.END, EndBody(agreement=text, life=number, taken=taken, why=command.why, from_ms=from_ms)


def _number(life: Life, command: LifeCommand, newest: str) -> int | Refusal:
    match command:
        case Activate():
            if command.agreement is not None and command.agreement != newest:
                no = f"the text here is {newest[: lives.HALF]}, not the one that you have read"
                return Refusal(Reason.NOT_AGREED, "agreement", no)
            return lives.may_activate(life, newest)
        case Suspend():
            return lives.may_suspend(life)
        case Resume():
            return lives.may_resume(life)
        case EndAgreement():
            return lives.may_end(life)


# --- the partner's acts, files, time ----------------------------------------------------------------------------------


def came(state: NodeState, message: Message, now: Instant) -> NodeState:
    """An act of the partner's has come over the line."""
    channel = message.channel
    return with_life(state, channel, acted(life_of(state, channel), message, False, now), now)


def heard(state: NodeState, message: Message, lone: bool, now: Instant) -> NodeState:
    """An act of the partner's was read out to our officer: what stops counts at once (AGR-11)."""
    channel = message.channel
    after = acted(life_of(state, channel), message, False, now, signed=False, lone=lone)
    return with_life(state, channel, after, now)


def taken(state: NodeState, event: AgreementTaken, now: Instant) -> tuple[NodeState, list[Effect]]:
    """A file was read, at a start or because a person asked for it. A text that others have activated goes on until
    both sides have activated the new one."""
    channel = event.agreement.channel
    if channel not in state.sessions:
        raise InvariantBroken(f"{channel} is no channel of this node")
    life, known = life_of(state, channel), state.texts.get(channel, ())
    active = event.agreement.state is AgreementState.ACTIVE
    if not known and channel not in state.lives:
        life = begun_by_file(event.fingerprint) if active else Life()
    else:
        life = refiled(life, event.fingerprint, active)
    needed = {*life.own.activated.values(), event.fingerprint}
    kept = tuple(text for text in known if text.fingerprint in needed and text.fingerprint != event.fingerprint)
    state = replace(state, texts={**state.texts, channel: (*kept, event)})
    return with_life(state, channel, lives.stamped(life, now), now), [KeepEvent(encode_event(event))]


def ended(state: NodeState, event: EndFellDue, now: Instant) -> tuple[NodeState, list[Effect]]:
    """An end that was said before has come."""
    after = fallen_due(life_of(state, event.channel), now)
    return with_life(state, event.channel, after, now), [KeepEvent(encode_event(event))]


def with_life(state: NodeState, channel: ChannelId, life: Life, now: Instant) -> NodeState:
    """With this life, the charter's agreement after it, and what follows for the channel's incidents."""
    before, was = life_of(state, channel), state.charter.agreements[channel].state
    state = _in_charter(replace(state, lives={**state.lives, channel: life}), channel, life)
    if life.state is was:
        return state
    if was is AgreementState.ACTIVE or life.state is AgreementState.ENDED:
        event = "agreement-ended" if life.state is AgreementState.ENDED else "agreement-suspended"
        state = replace(state, incidents=pausing.marked(state.incidents, channel, event, now))
    if life.state is AgreementState.ENDED:
        state = replace(state, incidents=pausing.released(state.incidents, channel, now))
    if life.state is AgreementState.ACTIVE:
        still_ms = 0 if before.stopped_at is None else max(0, now - before.stopped_at)
        incidents = pausing.put_off(state.incidents, channel, still_ms)
        state = replace(state, incidents=pausing.marked(incidents, channel, "agreement-resumed", now))
    if life.state in (AgreementState.ENDED, AgreementState.DORMANT):
        state = _dropped(state, channel)
    return state


def read_again(state: NodeState, message: Message, own: bool, now: Instant) -> NodeState:
    """An act that is restored from a log. The charter follows at the end (`restored`): what was said is taken as it was
    judged when it was said, and nobody knows any more what had waited."""
    channel = message.channel
    life = acted(life_of(state, channel), message, own, now, alone=True)
    return replace(state, lives={**state.lives, channel: life})


def as_if_active(tables: Tables, channel: ChannelId) -> Tables:
    """The law of a channel without a word about its agreement's state."""
    if channel not in tables.channels:
        return tables
    agreement, table = tables.channels[channel]
    active = msgspec.structs.replace(agreement, state=AgreementState.ACTIVE)
    return Tables(tables.own, {**tables.channels, channel: (active, table)})


def restored(state: NodeState) -> NodeState:
    """With the charter's agreements as the lives of a bookmark have them."""
    for channel, life in state.lives.items():
        if channel in state.charter.agreements:
            state = _in_charter(state, channel, life)
    return state


def _in_charter(state: NodeState, channel: ChannelId, life: Life) -> NodeState:
    charter, texts = state.charter, state.texts.get(channel, ())
    held, text = charter.agreements[channel], life.text
    found = next((one.agreement for one in texts if one.fingerprint == text), None)
    if found is None:
        found = texts[-1].agreement if texts and text is None else held
    agreement = msgspec.structs.replace(found, state=life.state)
    if agreement == held:
        return state
    tables = charter.tables
    if charter.laws and found is not held:
        tables = with_agreement(tables, charter.laws, agreement)
    else:
        tables = msgspec.structs.replace(
            tables, channels={**tables.channels, channel: (agreement, tables.channels[channel][1])}
        )
    agreements = {**charter.agreements, channel: agreement}
    return replace(state, charter=replace(charter, agreements=agreements, tables=tables))


# --- what comes while we have suspended -------------------------------------------------------------------------------


def holds(state: NodeState, message: Message) -> bool:
    """Whether a message of an incident waits: it comes under our own suspension, in the partner's good faith (AGR-9).
    One that the partner says under a suspension of its own is refused."""
    life = life_of(state, message.channel)
    if state.waiting.get(message.channel):
        return True
    if life.state is not AgreementState.SUSPENDED or life.partner.suspended:
        return False
    return message.type is not MessageType.ACK


def held_back(state: NodeState, message: Message, entry: bytes, now: Instant) -> NodeState | Refusal:
    """With one message more that waits; BUSY when too many do."""
    waiting = state.waiting.get(message.channel, ())
    if len(waiting) >= limits.HELD_MESSAGES:
        return Refusal(Reason.BUSY, "held", f"{limits.HELD_MESSAGES} messages wait for the end of our suspension")
    one = Waiting(entry=entry, generation=message.generation, serial=message.serial, at=now)
    return replace(state, waiting={**state.waiting, message.channel: (*waiting, one)})


def _dropped(state: NodeState, channel: ChannelId) -> NodeState:
    """What waited for an agreement that is over is never acted on; it stays in the log, and is counted."""
    waiting = state.waiting.get(channel, ())
    if not waiting:
        return state
    line = state.line(channel)
    for _ in waiting:
        line = line.refused(Reason.CHANNEL_NOT_ACTIVE)
    left = {name: held for name, held in state.waiting.items() if name != channel}
    return replace(state, waiting=left, lines={**state.lines, channel: line})
