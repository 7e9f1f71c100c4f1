# size: each way in which a message becomes part of an incident
"""Record: what was said in an incident, written into it: messages sent and got, receipts.

Here: the functions that change `Incidents` by messages; those of our own side (`home`) stand here again, so that a
caller needs one name. Each checks all, then changes; a refusal leaves the old state. Not here: the table's machine
(`thread`), clocks, deadlines (`deadline`). May know: terms.
"""

import re

import msgspec

from redshank.procedure import corrections
from redshank.procedure import table as law
from redshank.procedure.agreement import Tables
from redshank.procedure.home import (
    begun,
    closed_alone,
    happened,
    next_name,
    noted,
    opened,
    seen,
    unknown,
    with_entry,
    with_event,
    with_threads,
)
from redshank.procedure.incident import (
    Direction,
    Entry,
    Incident,
    Incidents,
    OpenedBy,
    may_name,
    opener_of,
)
from redshank.procedure.kinds import IncidentKind, kind_of
from redshank.procedure.obligation import MessageRef
from redshank.procedure.table import RECEIPT, IncidentPhase, Input
from redshank.procedure.thread import Thread, apply, begun_anew, new_thread
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import Instant, year_of
from redshank.terms.invariant import require
from redshank.terms.message import AgreeCloseBody, CloseBody, CorrectBody, Message, MessageType
from redshank.terms.refusal import Reason, Refusal

__all__ = [
    "ANSWERS", "begun", "can_send", "closed_alone", "got", "happened", "not_taken", "noted", "opened", "receipted",
    "seen", "sent",
]  # fmt: skip

_NAME = re.compile(r"[A-Z]{2}-(\d{4})-(\d{6})", re.ASCII)

ANSWERS = {
    MessageType.ACK: frozenset(MessageType),
    MessageType.REPLY: frozenset({MessageType.QUERY}),
    MessageType.AGREE_CLOSE: frozenset({MessageType.CLOSE}),
}
"""Which types a type may answer. The message that is answered must be one of the other side in the same incident."""

ENDING = frozenset({MessageType.CLOSE, MessageType.AGREE_CLOSE})
"""Types that are taken even when the timeline is full: a flood must not keep an incident open."""


# --- messages ---------------------------------------------------------------------------------------------------------


def can_send(incidents: Incidents, tables: Tables, message: Message, now: Instant) -> Refusal | None:
    """Why a message could not be recorded as sent; None if it can."""
    after = sent(incidents, tables, message, None, now)
    return after if isinstance(after, Refusal) else None


def sent(incidents: Incidents, tables: Tables, message: Message, rule: str | None, now: Instant) -> Incidents | Refusal:
    """With our message. `rule`: the release rule that let it out. Refuses what agreement, table or name forbid."""
    require(message.sender == incidents.me, "only our own messages are recorded as sent")
    incident = _incident_for(incidents, tables, message)
    if isinstance(incident, Refusal):
        return incident
    return _message(incidents, tables, incident, message, rule, now)


def got(
    incidents: Incidents, tables: Tables, message: Message, now: Instant, same_as: IncidentId | None = None
) -> Incidents | Refusal:
    """With a partner's message. One that may begin an incident, under a name of the partner's that is new, opens an
    incident of that name, or becomes an alias of the open incident `same_as` when the picture holds the objects to be
    one, and both sides speak of it as the same kind (PROC-34).

    Names that the partner cannot know are unknown, whatever we know: an answer must not tell what others told us.
    """
    incident = _incident_for(incidents, tables, message)
    if isinstance(incident, Refusal):
        late = message.incident in incidents.unopened.get(message.channel, ())
        if incident.reason is not Reason.UNKNOWN_INCIDENT or late or tables.kind_begun(message) is None:
            return incident
        named = _named_by_partner(incidents, tables, message, same_as, now)
        if isinstance(named, Refusal):
            return named
        incidents, incident = named
    return _message(incidents, tables, incident, message, None, now)


def not_taken(incidents: Incidents, message: Message) -> Incidents:
    """With a partner's message that was refused. Its sender holds it to be said: if it was the first under its name, no
    later one is taken for the first here, for the two sides would run two tables."""
    name, channel = message.incident, message.channel
    named = incidents.unopened.get(channel, ())
    if name is None or name in named or incidents.find(name) is not None or opener_of(name) != message.sender:
        return incidents
    if kind_of(message) is None:
        return incidents
    kept = (*named, name)[-limits.REFUSED_FIRST_WORDS :]
    return msgspec.structs.replace(incidents, unopened={**incidents.unopened, channel: kept})


def _incident_for(incidents: Incidents, tables: Tables, message: Message) -> Incident | Refusal:
    refused = tables.permits(message.channel, message.type)
    if refused is not None:
        return refused
    if message.incident is None:
        return Refusal(Reason.UNKNOWN_INCIDENT, "incident", f"{message.type.value} without an incident")
    incident = incidents.find(message.incident)
    if incident is None or not may_name(message.incident, message.channel):
        return unknown(message.incident)
    if message.sender == incidents.me:
        return incident
    thread = incident.threads.get(message.channel)
    theirs = opener_of(message.incident) == message.sender
    if thread is None or (thread.sent_upto is None and not theirs):
        return unknown(message.incident)
    return incident


def _named_by_partner(
    incidents: Incidents, tables: Tables, message: Message, same_as: IncidentId | None, now: Instant
) -> tuple[Incidents, Incident] | Refusal:
    """The incident that a partner's message names for the first time: one of ours, or a new one."""
    name, sender = IncidentId(message.incident or ""), message.sender
    match = _NAME.fullmatch(name)
    if match is None or opener_of(name) != sender or incidents.find(name) is not None:
        return unknown(name)
    if abs(int(match[1]) - year_of(now)) > 1 or match[2] == "000000":
        return Refusal(Reason.MALFORMED, "incident", f"{name} is no name for an incident of these years")
    ours = None if same_as is None else incidents.open.get(incidents.names.get(same_as, same_as))
    if ours is not None and not _named_already(ours, message) and not _differs(tables, ours, message):
        ours = msgspec.structs.replace(ours, aliases=(*ours.aliases, name))
        thread = ours.threads.get(message.channel)
        if thread is not None and thread.sent_upto is None:  # the partner knows only its own name for it
            renamed = msgspec.structs.replace(thread, incident=name)
            ours = msgspec.structs.replace(ours, threads={**ours.threads, message.channel: renamed})
        return incidents, ours
    held = 0  # nobody counts while all that are open together would be within the partner's bound
    if len(incidents.open) >= min(limits.INCIDENTS_PER_PARTNER, limits.OPEN_INCIDENTS):
        held = sum(opened.startswith(f"{sender}-") for opened in incidents.open)
    if held >= limits.INCIDENTS_PER_PARTNER or len(incidents.open) >= limits.OPEN_INCIDENTS:
        return Refusal(Reason.BUSY, "incident", f"{held} incidents of {sender} are open")
    own_name, numbers = next_name(incidents, now)
    if own_name is None:
        return Refusal(Reason.BUSY, "incident", "all numbers of this year are used")
    fresh = Incident(id=name, own_id=own_name, aliases=(own_name,), opened_at=now, opened_by=OpenedBy.NOTICE)
    fresh = with_event(tables, fresh, "opened", now, note=OpenedBy.NOTICE.value)
    return msgspec.structs.replace(incidents, numbers=numbers), fresh


def _named_already(ours: Incident, message: Message) -> bool:
    """One incident has one name by one partner: a second name means a second object."""
    return any(opener_of(name) == message.sender for name in (ours.id, *ours.aliases))


def _differs(tables: Tables, ours: Incident, message: Message) -> bool:
    """What was begun on both sides at once as two kinds stays two incidents, on both sides: each name has the kind that
    its giver's first message gave it."""
    thread = ours.threads.get(message.channel)
    return thread is not None and thread.spoken and thread.kind is not tables.kind_begun(message)


def _input(message: Message, ours: bool) -> Input | Refusal:
    agrees = True
    if isinstance(message.body, AgreeCloseBody):
        if message.body.agrees not in ("yes", "no"):
            return Refusal(Reason.MALFORMED, "body.agrees", "yes or no")
        agrees = message.body.agrees == "yes"
    return law.sent(message.type, agrees=agrees) if ours else law.got(message.type, agrees=agrees)


def _message(
    incidents: Incidents, tables: Tables, incident: Incident, message: Message, rule: str | None, now: Instant
) -> Incidents | Refusal:
    ours, channel = message.sender == incidents.me, message.channel
    given, ref = _input(message, ours), MessageRef.of(message)
    if isinstance(given, Refusal):
        return given
    if channel not in incident.threads and incident.phase is IncidentPhase.CLOSED:
        return Refusal(Reason.ALREADY_CLOSED, "incident", incident.id)
    thread = _thread_for(tables, incident, message, now)
    table = tables.of(thread)
    if thread.had(given, ref):
        return incidents
    answered, earlier = _answered(incident, message, ours), corrections.named(incident, message, ours)
    full = _full(incident, message, ours)
    for bad in (answered, earlier, full):
        if isinstance(bad, Refusal):
            return bad
    answered, earlier = _entry_or_none(answered), _entry_or_none(earlier)
    if earlier is not None and corrections.read_by_a_person(table, MessageType(earlier.type)):
        given = (law.sent if ours else law.got)(message.type, read=True)
    after = apply(table, thread, given, now, ref, answered.ref if answered else None)
    if isinstance(after, Refusal):
        return after
    if earlier is not None and message.type is MessageType.CANCEL:
        after = corrections.unowed(table, after, earlier.ref, now)
    incident = _marked(incident, answered, message.type, now)
    incident = _with_own_told(incident, message) if ours else incident
    incident = with_entry(incident, _entry(message, ref, ours, rule, now))
    incident = corrections.marked(incident, earlier, message)
    incident = incident if ours else with_object_told(incident, message, incidents.me)
    incident = _with_outcome(incident, message)
    incidents = with_threads(incidents, tables, incident, {**incident.threads, channel: after}, now)
    awaited = ours and law.RECEIPT in table.obligations  # of a partner by voice no receipt can come
    return _await_receipt(incidents, channel, incident.id) if awaited else incidents


def _entry_or_none(found: Entry | Refusal | None) -> Entry | None:
    return found if isinstance(found, Entry) else None


def _thread_for(tables: Tables, incident: Incident, message: Message, now: Instant) -> Thread:
    """The thread that a message belongs to. The first one decides what it is about, whatever we meant before."""
    channel, kind = message.channel, tables.kind_begun(message)
    thread = incident.threads.get(channel)
    if thread is None:
        kind = kind or IncidentKind.NOTICE
        return new_thread(tables.on(channel, kind), message.incident or incident.own_id, channel, now, kind)
    if kind is None or kind is thread.kind or thread.phase is not IncidentPhase.OPEN:
        return thread
    if not thread.spoken:
        return begun_anew(tables.on(channel, kind), thread, kind, now)
    return _told_again(tables, incident, thread, kind, message)


def _told_again(tables: Tables, incident: Incident, thread: Thread, kind: IncidentKind, message: Message) -> Thread:
    """Only by voice can a first message come after a later one. Then the thread is begun anew under the kind that the
    first one gives it, and what was heard of later ones is told to it again, each at its own time."""
    ref, said = MessageRef.of(message), incident.messages(thread.channel)
    first = all(entry.direction is Direction.GOT and entry.ref and ref < entry.ref for entry in said)
    if not thread.voiced or not first or opener_of(thread.incident) != message.sender:
        return thread
    table = tables.on(thread.channel, kind)
    fresh = new_thread(table, thread.incident, thread.channel, thread.since, kind)
    fresh = msgspec.structs.replace(fresh, begun=thread.begun, settled=thread.settled, voiced=True)
    for entry in said:
        agrees = not (isinstance(entry.body, AgreeCloseBody) and entry.body.agrees == "no")
        after = apply(table, fresh, law.got(MessageType(entry.type), agrees=agrees), entry.at, entry.ref)
        fresh = fresh if isinstance(after, Refusal) else after
    return msgspec.structs.replace(fresh, got_upto=None)


def _answered(incident: Incident, message: Message, ours: bool) -> Entry | Refusal | None:
    """The other side's message that this one answers; None for types that answer nothing."""
    if message.type not in ANSWERS:
        return None
    theirs = incident.messages(message.channel, Direction.GOT if ours else Direction.SENT)
    fit = [e for e in theirs if e.type in ANSWERS[message.type] and e.ref and e.ref.year <= message.year]
    if message.type is MessageType.AGREE_CLOSE and message.in_reply_to is None:
        return fit[-1] if fit else None
    for entry in reversed(fit):
        if entry.ref and (entry.serial, entry.ref.generation) == (message.in_reply_to, message.answered_generation):
            return entry
    detail = f"{message.type.value} answers no such message of {incident.id}"
    return Refusal(Reason.UNKNOWN_MESSAGE, "in_reply_to", detail)


def _full(incident: Incident, message: Message, ours: bool) -> Refusal | None:
    """Bounds that a partner could otherwise break."""
    if ours:
        return None
    room = len(incident.timeline) < limits.MESSAGES_PER_INCIDENT or message.type in ENDING
    if not room and all(entry.type != MessageType.UPDATE for entry in incident.timeline):
        return Refusal(Reason.BUSY, "incident", f"{limits.MESSAGES_PER_INCIDENT} messages; close it")
    body = message.body.body if isinstance(message.body, CorrectBody) else message.body
    if isinstance(body, corrections.About):
        held = incident.received.get(message.sender, {})
        if body.object.object not in held and len(held) >= limits.OBJECTS_PER_INCIDENT:
            return Refusal(Reason.TOO_LARGE, "object", f"{limits.OBJECTS_PER_INCIDENT} objects in one incident")
    return None


def _marked(incident: Incident, answered: Entry | None, kind: MessageType, now: Instant) -> Incident:
    if answered is None:
        return incident
    if kind is MessageType.ACK:
        marked = msgspec.structs.replace(answered, read_at=answered.read_at or now)
    else:
        marked = msgspec.structs.replace(answered, answered_at=answered.answered_at or now)
    timeline = tuple(marked if entry is answered else entry for entry in incident.timeline)
    return msgspec.structs.replace(incident, timeline=timeline)


def _with_own_told(incident: Incident, message: Message) -> Incident:
    """Our object, now that the partner of the channel knows of it."""
    body, channel = message.body, message.channel
    if not isinstance(body, corrections.About):
        return incident
    told = {o.number: o for o in incident.own if o.number == body.object.object and channel not in o.told_on}
    if not told:
        return incident
    own = tuple(
        msgspec.structs.replace(held, told_on=held.told_on | {channel}) if held.number in told else held
        for held in incident.own
    )
    return msgspec.structs.replace(incident, own=own)


def with_object_told(incident: Incident, message: Message, me: PartyId) -> Incident:
    """The partner's object as it now is, after a word about it or a correction of one. The message is an entry."""
    entry = next(
        (e for e in incident.messages(message.channel, Direction.GOT) if e.ref == MessageRef.of(message)), None
    )
    for number in corrections.touched(incident, message):
        incident = corrections.retold(incident, message.channel, me, number)
    if entry is None or not isinstance(message.body, corrections.About):
        return incident
    number, objects = message.body.object.object, incident.received.get(message.sender, {})
    told = corrections.object_told(objects.get(number), message.body, entry)
    received = {**incident.received, message.sender: {**objects, number: told}}
    return msgspec.structs.replace(incident, received=received)


def _entry(message: Message, ref: MessageRef, ours: bool, rule: str | None, now: Instant) -> Entry:
    return Entry(
        at=now,
        direction=Direction.SENT if ours else Direction.GOT,
        type=message.type.value,
        channel=message.channel,
        incident=message.incident,
        ref=ref,
        stated_ms=message.stated_ms,
        observed_ms=message.observed_ms,
        in_reply_to=message.in_reply_to,
        reply_generation=message.reply_generation,
        body=message.body,
        text=message.text,
        rule=rule,
        received_at=None if ours else now,
    )


def _with_outcome(incident: Incident, message: Message) -> Incident:
    """Our own CLOSE says how it ended for us; the partner's stands until then."""
    body = message.body.body if isinstance(message.body, CorrectBody) else message.body
    if not isinstance(body, CloseBody):
        return incident
    ours = opener_of(incident.own_id) == message.sender
    said = any(one.type == MessageType.CLOSE for one in incident.timeline if one.direction is Direction.SENT)
    meant = isinstance(message.body, CorrectBody) and not said
    outcome = body.outcome if ours or meant or incident.outcome is None else incident.outcome
    return msgspec.structs.replace(incident, outcome=outcome)


# --- receipts ----------------------------------------------------------------------------------------------


def _await_receipt(incidents: Incidents, channel: ChannelId, name: IncidentId) -> Incidents:
    waiting = {**incidents.waiting, channel: {**incidents.waiting.get(channel, {}), name: None}}
    return msgspec.structs.replace(incidents, waiting=waiting)


def receipted(
    incidents: Incidents,
    tables: Tables,
    channel: ChannelId,
    size: int,
    now: Instant,
    log: tuple[int, int] | None = None,
) -> Incidents:
    """With the partner's receipt for the first `size` messages (serials below `size`) of our `log`, by year and
    generation; without it: of the log that each incident last spoke in."""
    still: dict[IncidentId, None] = {}
    for name in incidents.waiting.get(channel, {}):
        incident = incidents.find(name)
        thread = None if incident is None else incident.threads.get(channel)
        if incident is None or thread is None or thread.sent_upto is None:
            continue
        year, generation = (thread.sent_upto.year, thread.sent_upto.generation) if log is None else log
        upto = MessageRef(year, generation, size - 1)
        if upto < thread.sent_upto:
            still[name] = None
        incidents = incidents.put(_receipted(tables, incident, thread, upto, now))
    return msgspec.structs.replace(incidents, waiting={**incidents.waiting, channel: still})


def _receipted(tables: Tables, incident: Incident, thread: Thread, upto: MessageRef, now: Instant) -> Incident:
    timeline = tuple(
        msgspec.structs.replace(entry, received_at=now) if _waits(entry, thread.channel, upto) else entry
        for entry in incident.timeline
    )
    after = apply(tables.of(thread), thread, RECEIPT, now, settles=upto)
    threads = incident.threads if isinstance(after, Refusal) else {**incident.threads, thread.channel: after}
    return msgspec.structs.replace(incident, timeline=timeline, threads=threads)


def _waits(entry: Entry, channel: ChannelId, upto: MessageRef) -> bool:
    mine = entry.direction is Direction.SENT and entry.channel == channel and entry.received_at is None
    return mine and entry.ref is not None and entry.ref <= upto
