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
from redshank.procedure.table import RECEIPT, Owed
from redshank.procedure.thread import Thread, apply
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import AgreeCloseBody, Message, MessageType
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
    return after.put(_changed(incident, threads={**incident.threads, channel: thread}))


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
    incident = record.with_object_told(_with(incident, entry, fresh), message)
    threads = {**incident.threads, channel: _changed(thread, got_upto=upto)}
    return incidents.put(_changed(incident, threads=threads)), True


def _drives_alike(entry: Entry, message: Message) -> bool:
    """Whether the table was given the same input, in the same incident and about the same message."""
    said, true = entry.body, message.body
    agree = (said.agrees if isinstance(said, AgreeCloseBody) else "") == (
        true.agrees if isinstance(true, AgreeCloseBody) else ""
    )
    place = (entry.type, entry.incident, entry.in_reply_to, entry.reply_generation)
    return agree and place == (message.type.value, message.incident, message.in_reply_to, message.reply_generation)


def read_out(
    incidents: Incidents, tables: Tables, channel: ChannelId, ref: MessageRef, read_back: bool, now: Instant
) -> Incidents | Refusal:
    """With our message read out to the partner's officer. When he has read it back, he has it: the receipt and the ACK
    are no longer owed for it. Neither is proof: only a cosignature shows receipt, and only a signed ACK that it was
    read."""
    incident = _with_sent(incidents, channel, ref)
    if incident is None:
        return Refusal(Reason.UNKNOWN_MESSAGE, "serial", f"no message {ref.serial} of ours in an incident on {channel}")
    entry = next(e for e in incident.messages(channel, Direction.SENT) if e.ref == ref)
    back = entry.read_back_at or (now if read_back else None)
    incident = _with(incident, entry, _changed(entry, read_out_at=entry.read_out_at or now, read_back_at=back))
    thread = incident.threads[channel]
    if read_back and entry.ref is not None:
        thread = _answered_by_voice(tables, incident, thread, entry.ref, now)
    return with_threads(incidents, tables, incident, {**incident.threads, channel: thread}, now)


def _answered_by_voice(tables: Tables, incident: Incident, thread: Thread, upto: MessageRef, now: Instant) -> Thread:
    """A receipt counts for all before it: it is not owed any more only if all before it have arrived one way or the
    other."""
    earlier = [e for e in incident.messages(thread.channel, Direction.SENT) if e.ref is not None and e.ref <= upto]
    if not all(e.received_at or e.read_back_at for e in earlier):
        return thread
    given = [RECEIPT]
    if thread.owes(Owed("ack", Owner.PARTNER)):
        given.append(law.got(MessageType.ACK))
    for one in given:
        after = apply(tables.on(thread.channel), thread, one, now, settles=upto)
        thread = thread if isinstance(after, Refusal) else after  # no row: the state does not wait for it
    return thread


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
