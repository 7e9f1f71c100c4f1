"""State: all that a node has been told (charter) and all that it knows, as frozen values.

Two halves: *sensed* (picture, forecasts, watches, feeds), which a restart begins anew, and *duty* (incidents, sessions,
lines, warnings), which is the replay of the journal. May know: the core rooms below.
"""

from collections.abc import Mapping

import msgspec

from redshank.decode.decoded import FeedCounts
from redshank.exchange.evidence import Kind
from redshank.exchange.session import Session
from redshank.exchange.voice.notes import ReadOut, Statement
from redshank.forecast.geography import Geography
from redshank.node.events import AgreementTaken, PolicyTaken
from redshank.node.held import Held
from redshank.picture import FusedTrack, Picture, TrackLostFact
from redshank.procedure.agreement import Agreement, AgreementState, Tables
from redshank.procedure.incident import Incidents
from redshank.procedure.life import Life
from redshank.procedure.table import ProcedureTable
from redshank.procedure.thread import Thread
from redshank.release.policy import Policy
from redshank.terms.crossing import Forecast
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, PartyId, SourceId, TrackId, partner_on
from redshank.terms.instants import Instant
from redshank.terms.message import Phase
from redshank.terms.refusal import Reason
from redshank.terms.track import Track
from redshank.terms.wind import Wind
from redshank.warning.proposal import Proposal, Rules
from redshank.warning.texts import Texts


class Charter(msgspec.Struct, frozen=True, eq=False):
    """What a node has been told and does not change while it runs, but for the state and the text of each agreement,
    which follow the acts of both sides (node.agreements). Its `policy` is the one that it began with.

    `open_at_probability`: from this probability of a crossing on, an incident is opened without being asked.
    """

    party: PartyId
    exercise: bool
    geography: Geography
    policy: Policy
    agreements: Mapping[ChannelId, Agreement]
    tables: Tables
    warning_rules: Rules
    warning_texts: Texts
    alert_sender: str
    open_at_probability: float
    by_voice: frozenset[ChannelId] = frozenset()
    """Channels whose partner has no node to deliver to, and perhaps no keys either: they live on the voice form and
    paper."""
    laws: Mapping[str, ProcedureTable] = {}
    """The procedures by name, as they are before any agreement bends them: for a text that comes into force later."""
    wind: Wind | None = None
    """What carries balloons; None: the wind of now is taken to stay."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One channel. `failing_since` is set while deliveries do not get through."""

    channel: ChannelId
    last_contact: Instant | None = None
    failing_since: Instant | None = None
    why: str = ""
    tests_sent: int = 0
    test_sent_at: Instant | None = None
    test_serial: int | None = None
    """Serial of the newest TEST that has no TEST-REPLY yet, and below the generation of its log."""
    test_generation: int = 0
    last_test: Instant | None = None
    """When the newest TEST-REPLY came."""
    test: Thread | None = None
    """The test of the line as the agreement's table has it; None before the first, and where it names none."""
    refusals: Mapping[Reason, int] = {}
    witness_troubles: Mapping[str, str] = {}
    """By witness: why it could not be reached or would not cosign, since it last did."""

    def heard(self, now: Instant) -> "Line":
        """The partner has said something. Whether it takes what we deliver is another matter."""
        return msgspec.structs.replace(self, last_contact=now)

    def answered(self, now: Instant) -> "Line":
        """The partner has answered a delivery of ours: the line does not fail, whatever the answer was."""
        return msgspec.structs.replace(self, last_contact=now, failing_since=None, why="")

    def tested(self, now: Instant) -> "Line":
        """Our newest TEST has been answered."""
        return msgspec.structs.replace(self, test_serial=None, test_sent_at=None, last_test=now)

    def failed(self, now: Instant, why: str) -> "Line":
        """The partner could not be reached; the first failure's time stays."""
        return msgspec.structs.replace(self, failing_since=self.failing_since or now, why=why)

    def witness_failed(self, witness: str, why: str) -> "Line":
        """A third party's witness could not be reached, or refused."""
        return msgspec.structs.replace(self, witness_troubles={**self.witness_troubles, witness: why})

    def witness_heard(self, witness: str) -> "Line":
        """It cosigned."""
        left = {name: why for name, why in self.witness_troubles.items() if name != witness}
        return msgspec.structs.replace(self, witness_troubles=left)

    def refused(self, reason: Reason) -> "Line":
        """Something of the partner's was refused; it is counted by reason."""
        count = self.refusals.get(reason, 0) + 1
        return msgspec.structs.replace(self, refusals={**self.refusals, reason: count})


class Watch(msgspec.Struct, frozen=True, gc=False):
    """What was last looked at and told of one object."""

    seen_position: Position
    seen_at: Instant
    told_at: Instant | None = None
    told_phase: Phase | None = None
    told_into: frozenset[PartyId] = frozenset()
    """Parties that it was likely to enter when it was last told of. After a close only something new opens again."""


class Look(msgspec.Struct, frozen=True):
    """A look at a large picture that is not over: each tick goes on with it, and only then the next one begins."""

    due: tuple[Track, ...]
    """Tracks that are still to be forecast, those that waited longest first."""
    losses: Mapping[TrackId, TrackLostFact]
    seen: int = 0
    """So many of the state's objects have been looked at for what is worth telling."""


class Alert(msgspec.Struct, frozen=True, gc=False):
    """A warning proposal and what became of it."""

    proposal: Proposal
    issued_at: Instant | None = None


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A partner's message that came under our own suspension and waits for its end."""

    entry: bytes
    generation: int
    serial: int
    at: Instant


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a partner signed and that does not fit what it signed before. Of heads: both notes; of an entry:
    its serial, and `earlier` the serial of the statement that it is dated before."""

    kind: Kind
    at: Instant
    size: int
    """Of the head that was refused, or of the partner's log when the entry was accepted."""
    held: bytes = b""
    shown: bytes = b""
    serial: int | None = None
    earlier: int | None = None
    generation: int = 0
    """Of the log that it is about."""
    entries: tuple[bytes, ...] = ()
    """Of a log that opened wrongly: those under `shown`, which were refused with it."""
    seen_at: Instant | None = None
    cleared_at: Instant | None = None


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for this node, and since when. A person is known by its hand (events.Commanded), never by name."""

    hand: bytes
    since: Instant
    taken_over: bool = False
    """Taken without a hand-over; the journal has the reason."""
    offered: tuple[str, ...] | None = None
    """Obligations that were listed when it was offered; None while it is not."""
    offered_at: Instant | None = None
    accepted: tuple[tuple[str, Instant], ...] = ()
    """Obligations that the next officer has read and accepted, and when."""
    next_hand: bytes = b""
    """Who is accepting."""


class NodeState(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One node. Mappings are never changed in place."""

    charter: Charter
    picture: Picture
    incidents: Incidents
    sessions: Mapping[ChannelId, Session]
    lines: Mapping[ChannelId, Line]
    objects: tuple[FusedTrack, ...] = ()
    """The picture's objects when the last look began."""
    looked_at: Picture | None = None
    """The picture that `objects` were made of."""
    look: Look | None = None
    forecasts: Mapping[TrackId, Forecast] = {}
    watches: Mapping[TrackId, Watch] = {}
    feeds: Mapping[SourceId, FeedCounts] = {}
    alerts: Mapping[str, Alert] = {}
    contradictions: Mapping[ChannelId, tuple[Contradiction, ...]] = {}
    heard: Mapping[ChannelId, tuple[Statement, ...]] = {}
    """What partners have said by voice, oldest first."""
    read_outs: Mapping[ChannelId, tuple[ReadOut, ...]] = {}
    earlier: Mapping[ChannelId, tuple[Session, ...]] = {}
    """Generations that are followed by another, oldest first."""
    taken: PolicyTaken | None = None
    """The release policy that came into force last; None before the first, when the charter's counts."""
    taken_at: Instant | None = None
    held: Mapping[int, Held] = {}
    """By number: messages that a releasing authority is asked about, and the newest that it was."""
    next_question: int = 1
    shift: Shift | None = None
    lives: Mapping[ChannelId, Life] = {}
    """By channel the life of its agreement, once an act or a file was recorded."""
    texts: Mapping[ChannelId, tuple[AgreementTaken, ...]] = {}
    """By channel the texts of its agreement that are in force or may come into force; the newest file is the last."""
    waiting: Mapping[ChannelId, tuple[Waiting, ...]] = {}
    """What waits for the end of a suspension of ours, in the order of the partner's log."""

    @property
    def policy(self) -> Policy:
        """The release policy in force."""
        return self.charter.policy if self.taken is None else self.taken.policy

    def statements(self, channel: ChannelId) -> tuple[Statement, ...]:
        """What the partner of a channel has said by voice, oldest first."""
        return self.heard.get(channel, ())

    def session(self, channel: ChannelId) -> Session:
        """The session of a channel. Raises KeyError for a channel that this node has not."""
        return self.sessions[channel]

    def generations(self, channel: ChannelId) -> tuple[Session, ...]:
        """All generations of a channel's logs, oldest first. Raises KeyError for a channel that this node has not."""
        return (*self.earlier.get(channel, ()), self.sessions[channel])

    def line(self, channel: ChannelId) -> Line:
        """The line of a channel, as good as new before anything was heard."""
        return self.lines.get(channel, Line(channel=channel))

    def feed(self, source: SourceId) -> FeedCounts:
        """The counts of a source."""
        return self.feeds.get(source, FeedCounts(source=source))

    def is_active(self, channel: ChannelId) -> bool:
        """Whether messages may be said on the channel."""
        open_ = self.sessions.get(channel)
        return self.is_in_force(channel) and not (open_ is not None and open_.keyless)

    def is_in_force(self, channel: ChannelId) -> bool:
        """Whether the agreement of the channel is active, whatever keys are there."""
        agreement = self.charter.agreements.get(channel)
        return agreement is not None and agreement.state is AgreementState.ACTIVE

    def hears(self, channel: ChannelId) -> bool:
        """Whether the channel has a log and an agreement, in force or not: line tests and acts about the agreement go
        there whatever its state is."""
        open_ = self.sessions.get(channel)
        return open_ is not None and channel in self.charter.agreements and not open_.keyless

    def active_channels(self) -> tuple[ChannelId, ...]:
        """Channels on which messages may be said, in order."""
        return tuple(channel for channel in sorted(self.sessions) if self.is_active(channel))

    def active_partners(self) -> tuple[PartyId, ...]:
        """Partners on active channels, in order."""
        return tuple(partner_on(channel, self.charter.party) for channel in self.active_channels())
