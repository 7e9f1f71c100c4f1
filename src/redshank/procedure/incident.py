"""Incidents: one thing that happened, from open to close, with all that each side said of it.

Here: the values, how they are found, and what a person may do now. Not here: what changes them (`record`,
`deadline`), the picture. May know: terms. All values are frozen; a change makes a new `Incidents`, which shares
the rest with the old.
"""
# size: the values of an incident, and what a person may do with one

from bisect import bisect_left, insort
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from redshank.procedure.agreement import Tables
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.obligation import MessageRef, Obligation, Owner
from redshank.procedure.table import CLOSED_ALONE, DROPPED, IncidentPhase, Input, Owed, ProcedureTable, sent
from redshank.procedure.thread import Thread, row_for
from redshank.terms import limits
from redshank.terms.crossing import Forecast
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId, parties_of
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import (
    NOT_CORRECTABLE,
    Body,
    CloseBody,
    Condition,
    LostBody,
    MessageType,
    NoticeBody,
    ObjectState,
    Outcome,
    Phase,
    ReplyBody,
)
from redshank.terms.message import Answer as ReplyAnswer
from redshank.terms.refusal import Refusal
from redshank.terms.track import Track


class OpenedBy(StrEnum):
    """What opened an incident."""

    FORECAST = "forecast"
    CROSSING = "crossing"
    NOTICE = "notice"
    PERSON = "person"


class Direction(StrEnum):
    """Where an entry of the timeline comes from."""

    SENT = "sent"
    GOT = "got"
    OWN = "own"


class Voice(StrEnum):
    """What an entry that was first heard by voice has become."""

    HEARD = "heard"
    """Keyed in by an officer; its signed original has not come."""
    CONFIRMED = "confirmed"
    """The signed original says the same; the entry has its words."""
    DIFFERS = "differs"
    """The signed original says something else; the entry has its words."""
    WITHDRAWN = "withdrawn"
    """The signed original is another message, with an entry of its own; the words are those of the voice."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an incident's timeline: a message, or an own event (`type` is then its code).

    Three levels of acknowledgement, never confused: `received_at` by the other machine (the receipt; for a message
    that we got: by ours, and not yet while it is only heard by voice), `read_at` by a person (an ACK of this very
    message), `answered_at` by a message in reply.
    """

    at: Instant
    direction: Direction
    type: str
    channel: ChannelId | None = None
    incident: IncidentId | None = None
    """The name under which the message speaks of the incident."""
    ref: MessageRef | None = None
    stated_ms: Instant | None = None
    observed_ms: Instant | None = None
    in_reply_to: int | None = None
    reply_generation: int | None = None
    """Of the log that `in_reply_to` points into, where it is not that of the message."""
    body: Body | None = None
    text: str | None = None
    rule: str | None = None
    """The release rule that let it out."""
    note: str = ""
    received_at: Instant | None = None
    read_at: Instant | None = None
    answered_at: Instant | None = None
    voice: Voice | None = None
    read_out_at: Instant | None = None
    """When ours was first read out to the partner's officer, and when he read it back: noted by us, signed by
    nobody."""
    read_back_at: Instant | None = None
    corrected_by: MessageRef | None = None
    """The newest CORRECT of this message; the body stays what was said, the CORRECT is an entry of its own."""
    cancelled_by: MessageRef | None = None
    """The CANCEL of this message; it was said, and no longer stands."""

    @property
    def serial(self) -> int | None:
        """The serial in the sender's log."""
        return self.ref.serial if self.ref else None

    @property
    def stale_ms(self) -> int | None:
        """How long a partner's UPDATE was under way, when that makes it old news (PROC-25); else None."""
        if self.direction is not Direction.GOT or self.type != MessageType.UPDATE or self.stated_ms is None:
            return None
        under_way_ms = self.at - self.stated_ms
        return under_way_ms if under_way_ms > limits.UPDATE_STALE_MS else None


class OwnObject(msgspec.Struct, frozen=True, gc=False):
    """An object as this node holds it: its number in the incident, and the newest snapshot."""

    number: int
    tracks: frozenset[TrackId]
    track: Track
    forecast: Forecast | None
    told_on: frozenset[ChannelId] = frozenset()
    """Channels on which we have told of it."""


class ReceivedObject(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An object as a partner last told it. `lost` is set while its last word is LOST."""

    state: ObjectState
    phase: Phase | None
    notice: NoticeBody | None
    lost: LostBody | None
    condition: Condition | None = None
    """Set while its last word is an OWN-OBJECT: it is the partner's own."""
    stated_ms: Instant
    observed_ms: Instant | None
    corrected: bool = False
    """Whether a CORRECT stands in the place of what was first said of it."""
    cancelled: bool = False
    """Whether all that was said of it has been cancelled: it feeds no picture any more."""


class Incident(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One incident. `own_id` is its name toward partners who have not given it another one."""

    id: IncidentId
    own_id: IncidentId
    aliases: tuple[IncidentId, ...] = ()
    opened_at: Instant
    opened_by: OpenedBy
    phase: IncidentPhase = IncidentPhase.OPEN
    closed_at: Instant | None = None
    outcome: Outcome | None = None
    own: tuple[OwnObject, ...] = ()
    received: dict[PartyId, dict[int, ReceivedObject]] = {}
    threads: dict[ChannelId, Thread] = {}
    duties: tuple[Obligation, ...] = ()
    timeline: tuple[Entry, ...] = ()
    groups: bool = False
    """Whether it is about many objects that we tell of as one thing (PROC-36)."""
    trimmed: int = 0
    """Entries that the bound pushed out; the logs have them."""

    @property
    def track_ids(self) -> tuple[TrackId, ...]:
        """All tracks that this incident is about, own and received."""
        return tuple(sorted({track for held in self.own for track in held.tracks}))

    @property
    def disputed(self) -> bool:
        """Whether a channel closed with a disagreement on record."""
        return any(thread.state == "disputed" for thread in self.threads.values())

    @property
    def next_due(self) -> Instant | None:
        """When the next step of any obligation falls due."""
        open_ones = [o for thread in self.threads.values() for o in thread.obligations]
        return min((o.next_at for o in (*open_ones, *self.duties) if o.next_at is not None), default=None)

    def object_number(self, track: TrackId) -> int:
        """The number of the object that a track belongs to. Raises InvariantBroken for a track that was never seen."""
        for held in self.own:
            if track in held.tracks:
                return held.number
        raise InvariantBroken(f"{track} has no number in {self.id}")

    def id_on(self, channel: ChannelId) -> IncidentId:
        """The name to use in what we say by ourselves on a channel; a third party's name never leaves."""
        thread = self.threads.get(channel)
        return self.own_id if thread is None else thread.incident

    def messages(self, channel: ChannelId, direction: Direction | None = None) -> list[Entry]:
        """The messages of a channel, oldest first."""
        return [e for e in self.timeline if e.channel == channel and e.ref and direction in (None, e.direction)]

    def latest_close(self, channel: ChannelId) -> Entry | None:
        """The partner's newest CLOSE."""
        closes = [e for e in self.messages(channel, Direction.GOT) if e.type == MessageType.CLOSE]
        return closes[-1] if closes else None

    def close_ref(self, channel: ChannelId) -> MessageRef | None:
        """The partner's newest CLOSE, which an AGREE-CLOSE answers."""
        close = self.latest_close(channel)
        return None if close is None else close.ref


class Incidents(msgspec.Struct, frozen=True, kw_only=True):
    """All incidents of a node. `due` is sorted: the head is the next deadline."""

    me: PartyId
    open: dict[IncidentId, Incident] = {}
    closed: dict[IncidentId, Incident] = {}
    names: dict[IncidentId, IncidentId] = {}
    """Aliases to ids."""
    tracks: dict[TrackId, IncidentId] = {}
    """Tracks of open incidents."""
    numbers: dict[int, int] = {}
    """The last number given, by year."""
    due: tuple[tuple[Instant, IncidentId], ...] = ()
    waiting: dict[ChannelId, dict[IncidentId, None]] = {}
    """Incidents with messages that have no receipt yet."""
    unopened: dict[ChannelId, tuple[IncidentId, ...]] = {}
    """Names of partners whose first word was refused here: a later word is not taken for the first (PROC-33)."""

    @staticmethod
    def none(me: PartyId) -> "Incidents":
        """A node that has had none."""
        return Incidents(me=me)

    def find(self, name: IncidentId) -> Incident | None:
        """An incident by its id or an alias; closed ones too, as long as they are kept."""
        key = self.names.get(name, name)
        return self.open.get(key) or self.closed.get(key)

    def get(self, name: IncidentId) -> Incident:
        """An incident that must exist. Raises InvariantBroken."""
        found = self.find(name)
        if found is None:
            raise InvariantBroken(f"no incident {name}")
        return found

    def of_tracks(self, members: Iterable[TrackId]) -> IncidentId | None:
        """The open incident of an object, by any of its tracks. A received track names its incident itself."""
        for member in members:
            if member in self.tracks:
                return self.tracks[member]
        for member in members:
            parts = member.split("/")
            key = self.names.get(IncidentId(parts[1]), IncidentId(parts[1])) if len(parts) > 2 else None
            if key in self.open:
                return key
        return None

    def told(self, name: IncidentId, channel: ChannelId) -> bool:
        """Whether our first word about an object has left on this channel."""
        thread = self._thread(name, channel)
        return thread is not None and thread.noticed_at is not None

    def told_before(self, name: IncidentId, channel: ChannelId) -> bool:
        """The same by any name of the incident: the partner's words may contain ours."""
        return self.told(name, channel)

    def last_sent(self, name: IncidentId, channel: ChannelId) -> Instant | None:
        """When something about an object last left on this channel."""
        thread = self._thread(name, channel)
        return None if thread is None else thread.told_at

    def incident_of(self, channel: ChannelId, ref: MessageRef) -> IncidentId | None:
        """The name of the incident in the partner's message `ref`; an answer uses the same name."""
        for incident in (*self.open.values(), *reversed(self.closed.values())):
            thread = incident.threads.get(channel)
            if thread is None or (thread.got_upto is None and not thread.voiced):
                continue
            for entry in reversed(incident.messages(channel, Direction.GOT)):
                if entry.ref == ref:
                    return entry.incident
        return None

    def _thread(self, name: IncidentId, channel: ChannelId) -> Thread | None:
        incident = self.find(name)
        return None if incident is None else incident.threads.get(channel)

    def put(self, incident: Incident) -> "Incidents":
        """With this incident instead of its older self; a closed one leaves the open ones and frees its tracks."""
        key, old = incident.id, self.open.get(incident.id) or self.closed.get(incident.id)
        due = _moved(self.due, key, old.next_due if old else None, incident.next_due)
        names = self.names
        if old is None or old.aliases != incident.aliases:
            names = {**names, **dict.fromkeys(incident.aliases, key)}
        if incident.phase is not IncidentPhase.CLOSED:
            return msgspec.structs.replace(self, open={**self.open, key: incident}, due=due, names=names)
        closed = {**self.closed, key: incident}
        tracks, rest = self.tracks, self.open
        if key in rest:
            tracks = {track: home for track, home in tracks.items() if home != key}
            rest = {name: other for name, other in rest.items() if name != key}
        after = msgspec.structs.replace(self, open=rest, closed=closed, due=due, names=names, tracks=tracks)
        return after._forget_oldest() if len(closed) > limits.CLOSED_INCIDENTS else after

    def _forget_oldest(self) -> "Incidents":
        gone = next(iter(self.closed.values()))
        return msgspec.structs.replace(
            self,
            closed={key: incident for key, incident in self.closed.items() if key != gone.id},
            names={alias: key for alias, key in self.names.items() if key != gone.id},
            due=_moved(self.due, gone.id, gone.next_due, None),
        )


def _moved(
    due: tuple[tuple[Instant, IncidentId], ...], key: IncidentId, old: Instant | None, new: Instant | None
) -> tuple[tuple[Instant, IncidentId], ...]:
    if old == new:
        return due
    moved = list(due)
    if old is not None:
        moved.pop(bisect_left(moved, (old, key)))
    if new is not None:
        insort(moved, (new, key))
    return tuple(moved)


class Act(StrEnum):
    """What a person may do on a channel, as a code for the console."""

    NOTICE = "notice"
    ACK = "ack"
    QUERY = "query"
    REPLY = "reply"
    CLOSE = "close"
    AGREE_CLOSE = "agree-close"
    DISAGREE_CLOSE = "disagree-close"
    CLOSE_ALONE = "close-alone"
    OWN_OBJECT = "own-object"
    MEASURE = "measure"
    FIND = "find"
    EVIDENCE = "evidence"
    NEGATIVE = "negative"
    WARNING = "warning"
    CORRECT = "correct"
    CANCEL = "cancel"


_INPUTS: dict[Act, tuple[Input, ...]] = {
    Act.NOTICE: (sent(MessageType.NOTICE),),
    Act.ACK: (sent(MessageType.ACK),),
    Act.QUERY: (sent(MessageType.QUERY),),
    Act.REPLY: (sent(MessageType.REPLY),),
    Act.CLOSE: (sent(MessageType.CLOSE),),
    Act.AGREE_CLOSE: (sent(MessageType.AGREE_CLOSE),),
    Act.DISAGREE_CLOSE: (sent(MessageType.AGREE_CLOSE, agrees=False),),
    Act.CLOSE_ALONE: (CLOSED_ALONE, DROPPED),
    Act.OWN_OBJECT: (sent(MessageType.OWN_OBJECT),),
    Act.MEASURE: (sent(MessageType.MEASURE),),
    Act.FIND: (sent(MessageType.FIND),),
    Act.EVIDENCE: (sent(MessageType.EVIDENCE),),
    Act.NEGATIVE: (sent(MessageType.NEGATIVE),),
    Act.WARNING: (sent(MessageType.WARNING),),
    Act.CORRECT: (sent(MessageType.CORRECT),),
    Act.CANCEL: (sent(MessageType.CANCEL),),
}


_FIRST: dict[Act, IncidentKind] = {
    Act.QUERY: IncidentKind.QUERY,
    Act.OWN_OBJECT: IncidentKind.OWN_OBJECT,
    Act.MEASURE: IncidentKind.OWN_MEASURE,
    Act.FIND: IncidentKind.FIND,
    Act.WARNING: IncidentKind.PUBLIC_WARNING,
}
"""Acts that may be the first word on a channel, and the kind of thread that they begin."""


def acts(tables: Tables, incident: Incident, channel: ChannelId) -> tuple[Act, ...]:
    """What a person may do now on a channel: the acts whose input has a row, and the first words that begin a thread.
    ACK only while something got is unread."""
    thread = incident.threads.get(channel)
    first = tuple(act for act, kind in _FIRST.items() if tables.begins(channel, kind))
    if thread is None:
        return (Act.NOTICE, *first) if incident.phase is IncidentPhase.OPEN else ()
    table = tables.of(thread)
    may = [act for act, inputs in _INPUTS.items() if any(_has_row(table, thread, given) for given in inputs)]
    if not thread.spoken and thread.phase is IncidentPhase.OPEN:
        may += [act for act in first if act not in may]
    owes_ack = thread.owes(Owed("ack", Owner.US))
    if not owes_ack and all(e.read_at is not None for e in incident.messages(channel, Direction.GOT)):
        may = [act for act in may if act is not Act.ACK]
    if not any(standing(e) for e in incident.messages(channel, Direction.SENT)):
        may = [act for act in may if act not in (Act.CORRECT, Act.CANCEL)]
    return tuple(may)


def standing(entry: Entry) -> bool:
    """Whether a message may still be corrected or cancelled."""
    return entry.cancelled_by is None and entry.type not in NOT_CORRECTABLE


def _has_row(table: ProcedureTable, thread: Thread, given: Input) -> bool:
    return not isinstance(row_for(table, thread, given), Refusal)


def close_summary(incident: Incident, channel: ChannelId, now: Instant) -> CloseBody:
    """A summary to begin with. It is made from what was said on this channel alone: a close must not tell more."""
    said = incident.messages(channel)
    bodies = [(e, e.body) for e in said if isinstance(e.body, NoticeBody | LostBody)]
    seen = [e.observed_ms or e.stated_ms or e.at for e, _ in bodies] or [now]
    counts = [len({body.object.object for e, body in bodies if e.direction is way}) for way in Direction]
    return CloseBody(
        outcome=_outcome(said),
        objects=max(1, *counts),
        first_observed_ms=min(seen),
        last_observed_ms=max(seen),
    )


def _outcome(said: list[Entry]) -> Outcome:
    bodies = [entry.body for entry in said]
    if any(isinstance(body, NoticeBody) and body.phase is Phase.CROSSED for body in bodies):
        return Outcome.CROSSED
    if any(isinstance(body, ReplyBody) and body.answer in (ReplyAnswer.OURS, ReplyAnswer.KNOWN) for body in bodies):
        return Outcome.IDENTIFIED
    last = [body for body in bodies if isinstance(body, NoticeBody | LostBody)]
    return Outcome.LOST if last and isinstance(last[-1], LostBody) else Outcome.NO_FURTHER_INFORMATION


def opener_of(name: IncidentId) -> PartyId:
    """The party that gave this name."""
    return PartyId(name.partition("-")[0])


def may_name(name: IncidentId, channel: ChannelId) -> bool:
    """Whether a name may be used on a channel: it was given by one of its two parties."""
    return opener_of(name) in parties_of(channel)
