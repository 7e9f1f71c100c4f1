"""Corrections: what a CORRECT or a CANCEL names, what it changes in an incident, and what then stands.

Here: both sides of it, of our own messages and of a partner's. Nothing is rewritten: what was said stays an entry as it
was said, the CORRECT or CANCEL is an entry of its own, and each names the other (MSG-27). Not here: the table's machine
(`thread`), the picture (node). May know: terms.
"""

import msgspec

from redshank.procedure.incident import Direction, Entry, Incident, ReceivedObject
from redshank.procedure.obligation import MessageRef, Owner
from redshank.procedure.table import Owed, ProcedureTable, Watch, sent
from redshank.procedure.thread import Thread, released
from redshank.terms.ids import ChannelId, PartyId, partner_on
from redshank.terms.instants import Instant
from redshank.terms.message import (
    NOT_CORRECTABLE,
    Body,
    CancelBody,
    CorrectBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    OwnObjectBody,
)
from redshank.terms.refusal import Reason, Refusal

About = NoticeBody | LostBody | OwnObjectBody
"""Bodies that tell the state of an object."""
_changed = msgspec.structs.replace


def named(incident: Incident, message: Message, ours: bool) -> Entry | Refusal | None:
    """The message that a CORRECT or CANCEL names, as the incident has it; None for all other types.

    Refuses with UNKNOWN_MESSAGE one that its sender has not said in this incident, with NOT_CORRECTABLE a CORRECT or
    CANCEL, with ALREADY_CANCELLED one that no longer stands, with OTHER_TYPE a CORRECT of another type than was said.
    """
    body = message.body
    if not isinstance(body, CorrectBody | CancelBody):
        return None
    ref = ref_named(message, body)
    way = Direction.SENT if ours else Direction.GOT
    entry = next((one for one in reversed(incident.messages(message.channel, way)) if one.ref == ref), None)
    if entry is None:
        detail = f"{message.sender} said no message {body.serial} in {incident.id} on this channel"
        return Refusal(Reason.UNKNOWN_MESSAGE, "serial", detail)
    if entry.type in NOT_CORRECTABLE:
        return Refusal(Reason.NOT_CORRECTABLE, "serial", f"{body.serial} is a {entry.type}")
    if entry.cancelled_by is not None:
        by = f"by serial {entry.cancelled_by.serial}"
        return Refusal(Reason.ALREADY_CANCELLED, "serial", f"{body.serial} was cancelled {by}")
    if isinstance(body, CorrectBody) and body.type != entry.type:
        return Refusal(Reason.OTHER_TYPE, "type", f"{body.serial} is a {entry.type}, not a {body.type.value}")
    return entry


def ref_named(message: Message, body: CorrectBody | CancelBody) -> MessageRef:
    """Where the message stands that a CORRECT or CANCEL names."""
    generation = message.generation if body.generation is None else body.generation
    return MessageRef(message.year, generation, body.serial)


def read_by_a_person(table: ProcedureTable, kind: MessageType) -> bool:
    """Whether the table owes an ACK for messages of this type: then it owes one for their CORRECT and CANCEL too."""
    ack, said = Owed("ack", Owner.PARTNER), sent(kind)
    return any(ack in row.begins for (_, given), row in table.rows.items() if given == said)


def marked(incident: Incident, entry: Entry | None, message: Message) -> Incident:
    """With the named message marked. Call it once the CORRECT or CANCEL is an entry itself."""
    if entry is None:
        return incident
    ref = MessageRef.of(message)
    if isinstance(message.body, CancelBody):
        fresh = _changed(entry, cancelled_by=ref)
    else:
        fresh = _changed(entry, corrected_by=ref)
    timeline = tuple(fresh if one is entry else one for one in incident.timeline)
    return _changed(incident, timeline=timeline)


def unowed(table: ProcedureTable, thread: Thread, ref: MessageRef | None, now: Instant) -> Thread:
    """What was owed for a cancelled message alone (the REPLY to a QUERY) is released."""
    for owed in thread.obligations:
        if ref is not None and table.obligations[owed.what].watch is Watch.EACH and owed.first == ref:
            thread = released(thread, owed, now)
    return thread


def content(incident: Incident, entry: Entry) -> Body | None:
    """What a message says now: its newest correction, else what it said itself; None when it was cancelled."""
    if entry.cancelled_by is not None:
        return None
    if entry.corrected_by is None or entry.channel is None:
        return entry.body
    for one in reversed(incident.messages(entry.channel, entry.direction)):
        if one.ref == entry.corrected_by and isinstance(one.body, CorrectBody):
            return one.body.body
    return entry.body  # the bound has pushed the correction out of the timeline; the logs have both


# --- what a partner's words come to ---------------------------------------------------------------------------------


def named_before(incident: Incident, message: Message) -> Entry | None:
    """The partner's entry that its CORRECT or CANCEL has marked."""
    if not isinstance(message.body, CorrectBody | CancelBody):
        return None
    ref = MessageRef.of(message)
    marks = (e for e in incident.messages(message.channel, Direction.GOT) if ref in (e.corrected_by, e.cancelled_by))
    return next(marks, None)


def touched(incident: Incident, message: Message) -> tuple[int, ...]:
    """The numbers of the partner's objects that its CORRECT or CANCEL may have changed: those of what it said first and
    of each correction of it."""
    entry = named_before(incident, message)
    if entry is None or entry.ref is None:
        return ()
    bodies = [entry.body]
    for one in incident.messages(message.channel, Direction.GOT):
        body = one.body
        if isinstance(body, CorrectBody) and one.ref and _of(body, one.ref) == entry.ref:
            bodies.append(body.body)
    return tuple(sorted({body.object.object for body in bodies if isinstance(body, About)}))


def _of(body: CorrectBody, by: MessageRef) -> MessageRef:
    return MessageRef(by.year, by.generation if body.generation is None else body.generation, body.serial)


def object_told(told: ReceivedObject | None, body: About, entry: Entry) -> ReceivedObject:
    """A partner's object after one more word about it. A LOST or OWN-OBJECT keeps the phase that was told before."""
    notice = body if isinstance(body, NoticeBody) else told.notice if told else None
    return ReceivedObject(
        state=body.object,
        phase=notice.phase if notice else None,
        notice=notice,
        lost=body if isinstance(body, LostBody) else None,
        condition=body.condition if isinstance(body, OwnObjectBody) else None,
        stated_ms=entry.stated_ms or entry.at,
        observed_ms=entry.observed_ms,
        corrected=entry.corrected_by is not None,
    )


def retold(incident: Incident, channel: ChannelId, me: PartyId, number: int) -> Incident:
    """With a partner's object as all of its words that still stand have it, in their order; when none does, as it last
    was, marked as cancelled."""
    sender, said = partner_on(channel, me), incident.messages(channel, Direction.GOT)
    corrected = {one.ref: one.body.body for one in said if one.ref and isinstance(one.body, CorrectBody)}
    told: ReceivedObject | None = None
    for entry in said:
        body = corrected.get(entry.corrected_by, entry.body) if entry.corrected_by else entry.body
        if isinstance(body, About) and body.object.object == number and entry.cancelled_by is None:
            told = object_told(told, body, entry)
    objects = incident.received.get(sender, {})
    if told is None:
        held = objects.get(number)
        if held is None:
            return incident
        told = _changed(held, cancelled=True)
    received = {**incident.received, sender: {**objects, number: told}}
    return _changed(incident, received=received)
