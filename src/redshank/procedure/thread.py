"""Threads: one incident on one channel, driven by a procedure table.

Here: the value and `apply`, the only way to change it. Not here: messages, several channels (`incident`, `record`). May
know: terms. A thread holds at most one obligation per name and owner, except where the table says one for each message.
"""

import msgspec

from redshank.procedure.kinds import FIRST_WORD, IncidentKind
from redshank.procedure.obligation import MessageRef, Obligation
from redshank.procedure.table import IncidentPhase as Phase
from redshank.procedure.table import Input, Owed, ProcedureTable, Row, Watch, sent
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import MessageType
from redshank.terms.refusal import Reason, Refusal

ABOUT_OBJECTS = (sent(MessageType.NOTICE), sent(MessageType.UPDATE), sent(MessageType.LOST))


class Thread(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One incident on one channel. `obligations` are open; `settled` holds the latest ones that have ended."""

    incident: IncidentId
    channel: ChannelId
    kind: IncidentKind = IncidentKind.NOTICE
    """Which table it runs. Our own intent while nothing was said; from the first message on what that says."""
    state: str
    phase: Phase = Phase.OPEN
    since: Instant
    obligations: tuple[Obligation, ...] = ()
    settled: tuple[Obligation, ...] = ()
    sent_upto: MessageRef | None = None
    got_upto: MessageRef | None = None
    noticed_at: Instant | None = None
    """When our first word about an object left."""
    told_at: Instant | None = None
    """When something about an object (NOTICE, UPDATE, LOST) last left."""
    voiced: bool = False
    """Whether something was heard by voice here."""
    begun: int = 0
    """How many obligations have ever begun: numbers their ids."""

    @property
    def spoken(self) -> bool:
        """Whether anything was said here, by either side or by voice."""
        return self.sent_upto is not None or self.got_upto is not None or self.voiced

    def had(self, given: Input, serial: MessageRef) -> bool:
        """Whether this message has been applied already. Messages of one log come in order."""
        upto = self.sent_upto if given.startswith("sent:") else self.got_upto
        return upto is not None and serial <= upto

    def owes(self, owed: Owed) -> bool:
        """Whether an obligation of this name and owner is open."""
        return any(o.what == owed.what and o.owner is owed.owner for o in self.obligations)


def new_thread(
    table: ProcedureTable,
    incident: IncidentId,
    channel: ChannelId,
    now: Instant,
    kind: IncidentKind = IncidentKind.NOTICE,
) -> Thread:
    """A thread in the table's start state."""
    phase = table.phase(table.start)
    return Thread(incident=incident, channel=channel, kind=kind, state=table.start, phase=phase, since=now)


def begun_anew(table: ProcedureTable, thread: Thread, kind: IncidentKind, now: Instant) -> Thread:
    """A thread on which nothing was said, under the table of another kind. What was owed stays owed by its first
    deadline, missed if it was missed, where the new table owes it too; the rest is released."""
    fresh = msgspec.structs.replace(
        new_thread(table, thread.incident, thread.channel, now, kind), begun=thread.begun, settled=thread.settled
    )
    if thread.obligations and kind in FIRST_WORD:
        after = apply(table, fresh, FIRST_WORD[kind], now)
        fresh = fresh if isinstance(after, Refusal) else after
    for old in thread.obligations:
        same = next((o for o in fresh.obligations if (o.what, o.owner) == (old.what, old.owner)), None)
        if same is None:
            released = msgspec.structs.replace(old, settled_at=now, lapsed=True)
            kept = (*fresh.settled, released)[-limits.SETTLED_PER_THREAD :]
            fresh = msgspec.structs.replace(fresh, settled=kept)
        else:
            fresh = _swap(fresh, same, _sooner(old, same))
    return fresh


def _sooner(old: Obligation, new: Obligation) -> Obligation:
    """What is owed still, under the ladder of the new table; a step that was taken is not taken again."""
    level = min(old.escalation_level, len(new.ladder))
    return msgspec.structs.replace(old, due=min(old.due, new.due), ladder=new.ladder, escalation_level=level)


def apply(
    table: ProcedureTable,
    thread: Thread,
    given: Input,
    now: Instant,
    serial: MessageRef | None = None,
    settles: MessageRef | None = None,
) -> Thread | Refusal:
    """The thread after an input, or NOT_IN_TABLE, ALREADY_CLOSED or BUSY; a refusal changes nothing.

    `serial` is the message itself (for sent and got), `settles` the message that it answers (or the receipt's last).
    A message that the thread has had already changes nothing. Messages come in the order of their log.
    """
    if serial is not None and thread.had(given, serial):
        return thread
    row = row_for(table, thread, given)
    if isinstance(row, Refusal):
        return row
    if len(thread.obligations) + len(row.begins) > limits.OBLIGATIONS_PER_THREAD and given.partition(":")[2] == "QUERY":
        return Refusal(Reason.BUSY, given, f"{limits.OBLIGATIONS_PER_THREAD} obligations are open in this thread")
    for owed in row.settles:
        thread = _settle(table, thread, owed, now, settles)
    if table.phase(row.to) is Phase.CLOSED and thread.phase is not Phase.CLOSED:
        thread = _lapse(table, thread, now)
    for owed in row.begins:
        thread = _begin(table, thread, owed, now, serial)
    since = thread.since if row.to == thread.state else now
    thread = msgspec.structs.replace(thread, state=row.to, phase=table.phase(row.to), since=since)
    return _seen(thread, given, serial, now)


def row_for(table: ProcedureTable, thread: Thread, given: Input) -> Row | Refusal:
    """The row that an input has now, or why it has none."""
    row = table.row(thread.state, given)
    if row is not None and (row.needs is None or thread.owes(row.needs)):
        return row
    if thread.phase is Phase.CLOSED:
        return Refusal(Reason.ALREADY_CLOSED, given, f"{thread.incident} on {thread.channel} is {thread.state}")
    missing = f"; needs an open {row.needs}" if row is not None else ""
    return Refusal(Reason.NOT_IN_TABLE, given, f"no such step in state {thread.state}{missing}")


def _seen(thread: Thread, given: Input, serial: MessageRef | None, now: Instant) -> Thread:
    if serial is None:
        return thread
    if given.startswith("got:"):
        return msgspec.structs.replace(thread, got_upto=serial)
    thread = msgspec.structs.replace(thread, sent_upto=serial)
    if given not in ABOUT_OBJECTS:
        return thread
    return msgspec.structs.replace(thread, noticed_at=thread.noticed_at or now, told_at=now)


def _begin(table: ProcedureTable, thread: Thread, owed: Owed, now: Instant, about: MessageRef | None) -> Thread:
    rule = table.obligations[owed.what]
    same = next((o for o in thread.obligations if o.what == owed.what and o.owner is owed.owner), None)
    if same is not None and rule.watch is Watch.OLDEST:
        return _swap(thread, same, msgspec.structs.replace(same, newest=about or same.newest))
    due = Instant(now + rule.deadline_s * SECOND_MS)
    if same is not None and rule.watch is Watch.LATEST:
        if not same.escalation_level:  # put off in time: nothing to remember
            return _swap(thread, same, msgspec.structs.replace(same, due=due, newest=about or same.newest))
        thread = _end(thread, same, now)
    if same is not None and rule.watch is Watch.EACH and about is None:
        return thread
    fresh = Obligation(
        id=f"{thread.incident}/{thread.channel}/{thread.begun + 1}",
        owner=owed.owner,
        what=owed.what,
        began_at=now,
        due=due,
        ladder=rule.ladder[owed.owner],
        first=about,
        newest=about,
    )
    return msgspec.structs.replace(thread, obligations=(*thread.obligations, fresh), begun=thread.begun + 1)


def _settle(table: ProcedureTable, thread: Thread, owed: Owed, now: Instant, upto: MessageRef | None) -> Thread:
    watch = table.obligations[owed.what].watch
    for o in thread.obligations:
        if o.what != owed.what or o.owner is not owed.owner:
            continue
        if upto is None or o.first is None or o.newest is None or watch is Watch.LATEST:
            thread = _end(thread, o, now)
        elif watch is Watch.EACH:
            thread = _end(thread, o, now) if upto == o.first else thread
        elif upto >= o.first:
            thread = _end(thread, o, now)
            if upto < o.newest:  # a later message still waits: its clock begins now, not with the old one
                thread = _begin(table, thread, owed, now, o.newest)
    return thread


def _lapse(table: ProcedureTable, thread: Thread, now: Instant) -> Thread:
    """The close releases what is still open, except what watches the line itself."""
    for o in thread.obligations:
        if not table.obligations[o.what].survives_close:
            thread = _end(thread, o, now, lapsed=True)
    return thread


def _end(thread: Thread, o: Obligation, now: Instant, *, lapsed: bool = False) -> Thread:
    ended = msgspec.structs.replace(o, settled_at=now, lapsed=lapsed)
    left = tuple(other for other in thread.obligations if other is not o)
    kept = (*thread.settled, ended)[-limits.SETTLED_PER_THREAD :]
    return msgspec.structs.replace(thread, obligations=left, settled=kept)


def released(thread: Thread, o: Obligation, now: Instant) -> Thread:
    """The thread with an obligation ended that nobody need meet any more."""
    return _end(thread, o, now, lapsed=True)


def _swap(thread: Thread, old: Obligation, new: Obligation) -> Thread:
    return msgspec.structs.replace(thread, obligations=tuple(new if o is old else o for o in thread.obligations))


def missed(table: ProcedureTable, thread: Thread, obligation_id: str, level: int, now: Instant) -> Thread:
    """The thread after step `level` of an obligation's ladder has been recorded; each step counts once.

    Gives the table `overdue:<name>` at the first step and `exhausted:<name>` at the last, where it has rows for them.
    """
    o = next((o for o in thread.obligations if o.id == obligation_id), None)
    if o is None or level != o.escalation_level + 1 or o.exhausted:
        return thread
    later = msgspec.structs.replace(o, escalation_level=level, missed_at=now if o.missed_at is None else o.missed_at)
    thread = _swap(thread, o, later)
    inputs = [f"overdue:{o.what}"] if level == 1 else []
    if later.exhausted:
        inputs.append(f"exhausted:{o.what}")
    for given in inputs:
        after = apply(table, thread, Input(given), now)
        thread = thread if isinstance(after, Refusal) else after  # no row: the miss is recorded, the state stays
    return thread
