"""Voiced: what was heard by voice in an incident, before its signed original or instead of it; and own messages that
were read out.

Here: those changes of `Incidents`. A statement by voice drives the table as the signed message would; when that comes
it takes its place, and nothing is driven twice. Not here: the voice form (exchange), messages that are signed
(`record`). May know: terms. Each function checks all, then changes; a refusal leaves the old state.
"""

import msgspec

from redshank.procedure import record
from redshank.procedure import table as law
from redshank.procedure.agreement import Tables
from redshank.procedure.home import with_threads
from redshank.procedure.incident import Direction, Entry, Incident, Incidents, Voice
from redshank.procedure.obligation import MessageRef, Owner
from redshank.procedure.table import RECEIPT, Owed, ProcedureTable
from redshank.procedure.thread import Thread, apply
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import (
    AgreeCloseBody,
    Body,
    CancelBody,
    CorrectBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
)
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace


def heard(incidents: Incidents, tables: Tables, message: Message, now: Instant) -> Incidents | Refusal:
    """With a partner's message that was keyed in. Refuses as `record.got` does.

    The log's own order is untouched: signed messages with smaller serials, when they come, are taken as ever.
    """
    name, channel = message.incident or IncidentId(""), message.channel
    before = incidents.find(name)
    old = None if before is None else before.threads.get(channel)
    after = record.got(incidents, tables, message, now)
    if isinstance(after, Refusal):
        return after
    incident, ref = after.get(name), MessageRef.of(message)
    entry = _entry_of(incident, channel, ref, Direction.GOT)
    if entry is None or after is incidents:
        return Refusal(Reason.NOT_IN_TABLE, "serial", f"{message.serial} has been had already")
    thread = _changed(incident.threads[channel], got_upto=None if old is None else old.got_upto, voiced=True)
    incident = _with(incident, entry, _changed(entry, received_at=None, voice=Voice.HEARD))
    table = tables.of(thread)
    if law.READ_OUT in table.obligations and message.in_reply_to is not None:  # who answers a message has heard it
        thread = _with_upto(table, thread, _had_upto(table, incident, channel), now)
    return with_threads(after, tables, incident, {**incident.threads, channel: thread}, now)


def signed(
    incidents: Incidents, channel: ChannelId, ref: MessageRef, message: Message | None, same: bool, now: Instant
) -> tuple[Incidents, bool]:
    """The signed original of a statement has come; None: its entry is no message. `same`: nothing but rounding differs.

    True when the incident has the message now, in the words of the original, and the table has been driven by it
    before. False when the original must still be taken as any other: it is another message, and the statement is
    withdrawn; what it drove stays driven, for a deadline that has been answered cannot be unanswered.
    """
    incident = _with_statement(incidents, channel, ref)
    if incident is None:
        return incidents, False
    entry = _entry_of(incident, channel, ref, Direction.GOT)
    if entry is None:
        raise InvariantBroken("an incident that was found by its statement holds it")
    if message is None or not _drives_alike(entry, message):
        withdrawn = _with(incident, entry, _changed(entry, voice=Voice.WITHDRAWN))
        return incidents.put(withdrawn), False
    fresh = _changed(
        entry,
        stated_ms=message.stated_ms,
        observed_ms=message.observed_ms,
        body=message.body,
        text=message.text,
        received_at=now,
        voice=Voice.CONFIRMED if same else Voice.DIFFERS,
    )
    thread = incident.threads[channel]
    upto = ref if thread.got_upto is None else max(ref, thread.got_upto)
    incident = record.with_object_told(_with(incident, entry, fresh), message, incidents.me)
    threads = {**incident.threads, channel: _changed(thread, got_upto=upto)}
    return incidents.put(_changed(incident, threads=threads)), True


def _drives_alike(entry: Entry, message: Message) -> bool:
    """Whether the table was given the same input, in the same incident and about the same message."""
    said, true = entry.body, message.body
    agree = (said.agrees if isinstance(said, AgreeCloseBody) else "") == (
        true.agrees if isinstance(true, AgreeCloseBody) else ""
    )
    place = (entry.type, entry.incident, entry.in_reply_to, entry.reply_generation)
    if _names(said) != _names(true):
        return False
    return agree and place == (message.type.value, message.incident, message.in_reply_to, message.reply_generation)


def _names(body: Body | None) -> tuple[object, ...]:
    """Which earlier message a CORRECT or CANCEL is about."""
    if isinstance(body, CorrectBody):
        return body.serial, body.generation, body.type
    return (body.serial, body.generation) if isinstance(body, CancelBody) else ()


def read_out(
    incidents: Incidents, tables: Tables, channel: ChannelId, ref: MessageRef, read_back: bool, now: Instant
) -> Incidents | Refusal:
    """With our message read out to the partner's officer. When he has read it back, he has it: the receipt and the ACK
    are no longer owed for it. Neither is proof: only a cosignature shows receipt, and only a signed ACK that it was
    read. What a partner by voice owes for a message counts from the first time that he heard it."""
    incident = _with_sent(incidents, channel, ref)
    if incident is None:
        return Refusal(Reason.UNKNOWN_MESSAGE, "serial", f"no message {ref.serial} of ours in an incident on {channel}")
    entry = next(e for e in incident.messages(channel, Direction.SENT) if e.ref == ref)
    back = entry.read_back_at or (now if read_back else None)
    incident = _with(incident, entry, _changed(entry, read_out_at=entry.read_out_at or now, read_back_at=back))
    thread = incident.threads[channel]
    table = tables.of(thread)
    if law.READ_OUT in table.obligations and entry.read_out_at is None and entry.ref is not None:
        thread = _counted_from_now(table, thread, entry.ref, now)
    if read_back and entry.ref is not None:
        thread = _answered_by_voice(table, incident, thread, entry.ref, now)
    return with_threads(incidents, tables, incident, {**incident.threads, channel: thread}, now)


def _answered_by_voice(
    table: ProcedureTable, incident: Incident, thread: Thread, ref: MessageRef, now: Instant
) -> Thread:
    """A receipt counts for all before it: it is not owed any more only if all before it have arrived one way or the
    other."""
    upto = _had_upto(table, incident, thread.channel)
    if upto is None or upto < ref:
        return thread
    owes_ack = thread.owes(Owed("ack", Owner.PARTNER))
    thread = _with_upto(table, thread, upto, now)
    if not owes_ack:
        return thread
    after = apply(table, thread, law.got(MessageType.ACK), now, settles=ref)
    return thread if isinstance(after, Refusal) else after  # no row: the state does not wait for it


def _with_upto(table: ProcedureTable, thread: Thread, upto: MessageRef | None, now: Instant) -> Thread:
    """With everything up to a message had, as a receipt would say."""
    after = thread if upto is None else apply(table, thread, RECEIPT, now, settles=upto)
    return thread if isinstance(after, Refusal) else after


def _had_upto(table: ProcedureTable, incident: Incident, channel: ChannelId) -> MessageRef | None:
    """The last of our messages that the partner has, with all before it; of a partner by voice, also when he has
    answered it, and but for what is old news."""
    sent, upto = incident.messages(channel, Direction.SENT), None
    by_voice = law.READ_OUT in table.obligations
    to_read = {e.serial for e in unread(incident, channel)} if by_voice else set()
    for entry in sent:
        had = entry.serial not in to_read if by_voice else entry.received_at or entry.read_back_at
        if not had:
            return upto
        upto = entry.ref or upto
    return upto


def unread(incident: Incident, channel: ChannelId) -> tuple[Entry, ...]:
    """Our messages that a partner by voice has neither read back nor answered (nor its machine receipted, if it has
    one), oldest first; but none that a later one has made old news."""
    old_news = superseded(incident, channel)
    return tuple(
        entry
        for entry in incident.messages(channel, Direction.SENT)
        if not (entry.received_at or entry.read_back_at or entry.read_at or entry.answered_at)
        and entry.serial not in old_news
    )


def superseded(incident: Incident, channel: ChannelId) -> frozenset[int]:
    """Serials of our UPDATEs and LOSTs that a later one about the same object has made old: nobody need read them
    out."""
    newest = dict[int, int]()
    old = set[int]()
    for entry in incident.messages(channel, Direction.SENT):
        if (
            isinstance(entry.body, NoticeBody | LostBody)
            and entry.type != MessageType.NOTICE
            and entry.serial is not None
        ):
            number = entry.body.object.object
            if number in newest:
                old.add(newest[number])
            newest[number] = entry.serial
    return frozenset(old)


def _counted_from_now(table: ProcedureTable, thread: Thread, ref: MessageRef, now: Instant) -> Thread:
    """What the partner owes for a message that he has just heard, if it is not late already, is due that much later."""
    owed = tuple(
        _changed(o, due=Instant(now + table.obligations[o.what].deadline_s * SECOND_MS))
        if o.owner is Owner.PARTNER and o.first == ref and not o.escalation_level
        else o
        for o in thread.obligations
    )
    return _changed(thread, obligations=owed)


# --- finding ----------------------------------------------------------------------------------------------------------


def _with_statement(incidents: Incidents, channel: ChannelId, ref: MessageRef) -> Incident | None:
    for incident in (*incidents.open.values(), *reversed(incidents.closed.values())):
        thread = incident.threads.get(channel)
        if thread is not None and thread.voiced:
            entry = _entry_of(incident, channel, ref, Direction.GOT)
            if entry is not None and entry.voice is Voice.HEARD:
                return incident
    return None


def _with_sent(incidents: Incidents, channel: ChannelId, ref: MessageRef) -> Incident | None:
    for incident in (*incidents.open.values(), *reversed(incidents.closed.values())):
        if any(entry.ref == ref for entry in incident.messages(channel, Direction.SENT)):
            return incident
    return None


def _entry_of(incident: Incident, channel: ChannelId, ref: MessageRef, way: Direction) -> Entry | None:
    return next((entry for entry in reversed(incident.messages(channel, way)) if entry.ref == ref), None)


def _with(incident: Incident, old: Entry, new: Entry) -> Incident:
    return _changed(incident, timeline=tuple(new if entry is old else entry for entry in incident.timeline))
