"""Owed: what each side owed the other in an incident, and whether it kept it, from the two logs and their receipts.

Here: the tables of the agreement run once more over what was signed. Not here: verifying the logs (`verifier`), sums
and shares, files, printing (cli). May know: procedure, terms.

Each side is measured by its own clock alone: from its cosignature on what it was asked (its clock, its key) to its
statement (its clock, its key). So nobody can say that the other's clock made him late. What a side does not say is in
no log: that its sensors saw something, or that its policy withheld it. What begins with such an event is not counted
here, and what such an event would have ended is marked (`PERHAPS_WITHHELD`).
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from redshank.procedure import corrections
from redshank.procedure import table as law
from redshank.procedure.agreement import Tables
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.obligation import MessageRef, Obligation, Owner
from redshank.procedure.record import ANSWERS
from redshank.procedure.table import RECEIPT, WITHHELD, Input, ProcedureTable
from redshank.procedure.thread import Thread, apply, missed, new_thread
from redshank.terms.ids import ChannelId, IncidentId, PartyId, parties_of
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import NOT_CORRECTABLE, AgreeCloseBody, CancelBody, CorrectBody, Message
from redshank.terms.refusal import Reason, Refusal

UNSEEN = frozenset({"close"})
"""Owed by whoever acts next, so by nobody alone: told only when it was missed."""


class Standing(StrEnum):
    """How an obligation ended. The codes are part of the format."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    """Its deadline passed, and it was never done."""
    RELEASED = "released"
    """The close came before its deadline."""
    OPEN = "open"
    """Neither done nor due when the logs end."""


class InTheWay(StrEnum):
    """What the logs show that stood in the way. The codes are part of the format."""

    NOTHING = "nothing-shown"
    QUESTION_UNDER_WAY = "question-under-way"
    """What was asked came to the side that owed it only after the receipt was overdue."""
    ANSWER_UNDER_WAY = "answer-under-way"
    """What was done reached the other side only after the receipt was overdue."""
    ANSWER_NOT_RECEIPTED = "answer-not-receipted"
    """What was done has no receipt: nothing shows that the other side ever had it."""
    PERHAPS_WITHHELD = "perhaps-withheld"
    """A release policy may have forbidden it. That stands in no log."""


class Said(msgspec.Struct, frozen=True):
    """One message of either log, and when its receiver first cosigned it: the receiver's clock; None: no receipt."""

    message: Message
    received_ms: Instant | None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation of `party`, by its own clock; a receipt alone is measured by two: from the statement of the one to
    the cosignature of the other."""

    incident: IncidentId
    kind: IncidentKind
    what: str
    party: PartyId
    about: MessageRef | None
    """The message of the other side that it was about; for a receipt, and what follows an own message, that."""
    since_ms: Instant
    due_ms: Instant
    done_ms: Instant | None
    done_by: MessageRef | None
    """The message of `party` that settled it."""
    standing: Standing
    late_ms: int
    """By how much it was done too late, or is late when the logs end; else 0."""
    step: str
    """The last step of the ladder that fell due before it was done; empty: none."""
    in_the_way: InTheWay


def kept_in(said: Iterable[Said], tables: Tables, channel: ChannelId) -> tuple[Kept, ...]:
    """Every obligation of both sides that the messages of the two logs show, by incident and time. `said`: the messages
    of both logs, each log in its own order; those about no incident are left out. Pure; never refuses: a message that
    the table has no row for owes and settles nothing, as at the nodes."""
    by_incident: dict[IncidentId, list[Said]] = {}
    ends = dict.fromkeys(parties_of(channel), Instant(0))
    for one in said:
        for party in ends:
            own_clock = one.message.stated_ms if one.message.sender == party else one.received_ms or Instant(0)
            ends[party] = max(ends[party], own_clock)
        if one.message.incident is not None and one.message.channel == channel:
            by_incident.setdefault(one.message.incident, []).append(one)
    found = [
        kept
        for name, messages in by_incident.items()
        for party in parties_of(channel)
        for kept in _Side(name, party, messages, tables, ends[party]).kept()
    ]
    return tuple(sorted(found, key=lambda kept: (kept.incident, kept.since_ms, kept.due_ms, kept.party, kept.what)))


class _Event(msgspec.Struct, frozen=True):
    """What one side sees at a time of its own: a message sent or got, or the receipt for one sent."""

    at: Instant
    given: Input
    ref: MessageRef
    answers: MessageRef | None
    message: Message | None = None


class _Side:
    """One incident as one side saw it. `end`: the newest time of its own clock that either log shows."""

    def __init__(self, name: IncidentId, party: PartyId, said: list[Said], tables: Tables, end: Instant) -> None:
        self._party = party
        self._channel = said[0].message.channel
        giver = PartyId(name.partition("-")[0])
        first = next((one.message for one in said if one.message.sender == giver), said[0].message)
        self._kind = tables.kind_begun(first) or IncidentKind.NOTICE
        self._table: ProcedureTable = tables.on(self._channel, self._kind)
        self._mine = {MessageRef.of(one.message): one for one in said if one.message.sender == party}
        self._theirs = {MessageRef.of(one.message): one for one in said if one.message.sender != party}
        events = self._events()
        began = events[0].at if events else Instant(0)
        self._thread = new_thread(self._table, name, self._channel, began, self._kind)
        self._done: dict[str, tuple[Obligation, MessageRef | None]] = {}
        self._cancelled: set[tuple[PartyId, MessageRef]] = set()
        for event in events:
            self._pass_time(event.at)
            self._take(event)
        self._end = end
        self._pass_time(end)

    def _events(self) -> list[_Event]:
        """In the order of this side: its own log, and the partner's log as it came. What it answers it has had."""
        own, got = list(self._own()), list(self._got())
        merged: list[_Event] = []
        taken = None
        while own or got:
            waits = bool(own) and own[0].answers is not None and (taken is None or taken < own[0].answers)
            if own and (not got or (own[0].at < got[0].at and not waits)):
                merged.append(own.pop(0))
            else:
                merged.append(got.pop(0))
                taken = merged[-1].ref
        receipts = [
            _Event(max(one.received_ms, one.message.stated_ms), RECEIPT, ref, ref)
            for ref, one in self._mine.items()
            if one.received_ms is not None
        ]
        return sorted((*merged, *receipts), key=lambda event: event.at)

    def _own(self) -> Iterator[_Event]:
        at = Instant(0)
        for ref, one in self._mine.items():
            at = max(at, one.message.stated_ms)
            given = law.sent(one.message.type, agrees=_agrees(one.message))
            yield _Event(at, given, ref, _answered(one.message), one.message)

    def _got(self) -> Iterator[_Event]:
        at = Instant(0)
        for ref, one in self._theirs.items():
            if one.received_ms is not None:
                at = max(at, one.received_ms)
                given = law.got(one.message.type, agrees=_agrees(one.message))
                yield _Event(at, given, ref, _answered(one.message), one.message)

    def _take(self, event: _Event) -> None:
        if event.given == RECEIPT:
            after = apply(self._table, self._thread, RECEIPT, event.at, settles=event.ref)
        elif event.message is not None and isinstance(event.message.body, CorrectBody | CancelBody):
            after = self._take_back(event, event.message, event.message.body)
        else:
            after = apply(self._table, self._thread, event.given, event.at, event.ref, event.answers)
        if isinstance(after, Refusal):
            return
        self._remember(after, None if event.given == RECEIPT else event.ref)

    def _take_back(self, event: _Event, message: Message, body: CorrectBody | CancelBody) -> Thread | Refusal:
        """A CORRECT or CANCEL, as at the nodes: it must name what its sender said here and still stands (MSG-28)."""
        ours, ref = message.sender == self._party, corrections.ref_named(message, body)
        named = (self._mine if ours else self._theirs).get(ref)
        kind = None if named is None else named.message.type
        other = isinstance(body, CorrectBody) and body.type is not kind
        if kind is None or other or kind in NOT_CORRECTABLE or (message.sender, ref) in self._cancelled:
            return Refusal(Reason.UNKNOWN_MESSAGE, "serial", "names no message that stands")
        read = corrections.read_by_a_person(self._table, kind)
        given = (law.sent if ours else law.got)(message.type, read=read)
        after = apply(self._table, self._thread, given, event.at, event.ref)
        if isinstance(after, Refusal) or isinstance(body, CorrectBody):
            return after
        self._cancelled.add((message.sender, ref))
        return corrections.unowed(self._table, after, ref, event.at)

    def _remember(self, after: Thread, by: MessageRef | None) -> None:
        for owed in (*after.settled, *after.obligations):
            before = self._done.get(owed.id)
            if before is None or before[0] is not owed:
                self._done[owed.id] = (owed, by if owed.settled_at is not None else None)
        self._thread = after

    def _pass_time(self, until: Instant) -> None:
        """Steps of ladders that fell due before: they may change the state, as at a node."""
        while True:
            due = [(o.next_at, o) for o in self._thread.obligations if o.next_at is not None and o.next_at < until]
            if not due:
                return
            at, first = min(due, key=lambda pair: (pair[0], pair[1].id))
            self._remember(missed(self._table, self._thread, first.id, first.escalation_level + 1, at), None)

    def kept(self) -> Iterator[Kept]:
        """What this side owed, and the receipts that it was owed."""
        for owed, by in self._done.values():
            ours = owed.owner is Owner.US
            if ours or owed.what == RECEIPT:
                told = self._told(owed, by if ours else None)
                if owed.what not in UNSEEN or told.standing in (Standing.LATE, Standing.MISSED):
                    yield told

    def _told(self, owed: Obligation, by: MessageRef | None) -> Kept:
        done = owed.settled_at if owed.settled_at is not None and not owed.lapsed else None
        late_ms = max(0, (done if done is not None else owed.settled_at or self._end) - owed.due)
        one, other = parties_of(self._channel)
        return Kept(
            incident=self._thread.incident,
            kind=self._kind,
            what=owed.what,
            party=self._party if owed.owner is Owner.US else other if self._party == one else one,
            about=owed.first,
            since_ms=owed.began_at,
            due_ms=owed.due,
            done_ms=done,
            done_by=by if done is not None else None,
            standing=_standing(owed, done, late_ms),
            late_ms=late_ms,
            step="" if owed.step is None else owed.step.value,
            in_the_way=self._in_the_way(owed, by if done is not None else None, late_ms),
        )

    def _in_the_way(self, owed: Obligation, by: MessageRef | None, late_ms: int) -> InTheWay:
        if owed.what == RECEIPT:
            return InTheWay.NOTHING
        receipt = self._table.obligations.get(RECEIPT)
        patience_ms = 0 if receipt is None else receipt.deadline_s * SECOND_MS
        asked = None if owed.first is None else self._theirs.get(owed.first)
        if asked is not None and _under_way_ms(asked) > patience_ms:
            return InTheWay.QUESTION_UNDER_WAY
        answer = None if by is None else self._mine.get(by)
        if answer is not None and answer.received_ms is None:
            return InTheWay.ANSWER_NOT_RECEIPTED
        if answer is not None and _under_way_ms(answer) > patience_ms:
            return InTheWay.ANSWER_UNDER_WAY
        return InTheWay.PERHAPS_WITHHELD if late_ms and _may_be_withheld(self._table, owed.what) else InTheWay.NOTHING


def _standing(owed: Obligation, done: Instant | None, late_ms: int) -> Standing:
    if done is not None:
        return Standing.LATE if late_ms else Standing.MET
    if late_ms:
        return Standing.MISSED
    return Standing.RELEASED if owed.lapsed else Standing.OPEN


def _may_be_withheld(table: ProcedureTable, what: str) -> bool:
    return any(
        owed.what == what
        for (_, given), row in table.rows.items()
        if given == WITHHELD
        for owed in row.settles
    )  # fmt: skip


def _under_way_ms(said: Said) -> int:
    return 0 if said.received_ms is None else said.received_ms - said.message.stated_ms


def _agrees(message: Message) -> bool:
    return not (isinstance(message.body, AgreeCloseBody) and message.body.agrees == "no")


def _answered(message: Message) -> MessageRef | None:
    if message.type not in ANSWERS or message.in_reply_to is None:
        return None
    return MessageRef(message.year, message.answered_generation, message.in_reply_to)
