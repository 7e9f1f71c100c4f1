"""State: what a picture is made of, as frozen values.

Here: the picture, its own and received tracks, the books on sources, and the few readings that need no sums.
Not here: any estimate's arithmetic, any decision. May know: terms.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from redshank.terms import limits
from redshank.terms.ids import PartyId, SourceId, TrackId
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, SearchArea, Status, StatusChange, Track, TrailPoint

TRAIL_STEP_MS = 10 * SECOND_MS
"""Trail points stand at least this far apart, so that the history spans 20 minutes at any report rate."""
SILENCE_MIN_MS, SILENCE_MAX_MS = 30 * SECOND_MS, 120 * SECOND_MS
SILENCE_SIGHTING_MS = 10 * MINUTE_MS
"""People call once or twice; silence says little for some minutes."""
MISSED_SCANS = 4
"""Silence of more than three missed scans: four report intervals."""
STARVED_MS = 10 * SECOND_MS
PERIOD_DEFAULT_MS = 5 * SECOND_MS
PERIOD_SAMPLES, PERIOD_RANK, PERIOD_MAX_MS = 15, 4, 15 * SECOND_MS


class Estimate(msgspec.Struct, frozen=True, gc=False):
    """A plane state at an instant: mean (x, y, vx, vy in m and m/s), covariance row-major 4 x 4."""

    at: Instant
    mean: tuple[float, ...]
    cov: tuple[float, ...]


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One estimator's view of an own track: a system track of a source, or (source None) the node's plot tracker."""

    source: SourceId | None
    number: int | None = None
    estimate: Estimate
    last_report_at: Instant
    interval_ms: int = PERIOD_DEFAULT_MS
    seen: tuple[tuple[SourceId, Instant], ...] = ()
    """When each source last updated the tracker's part; gives the scan period of a source."""
    sighting: bool = False
    """Nothing but people's sightings so far."""
    over: bool = False
    """The source said that this was its last report."""
    apart: int = 0
    """Updates in a row that were clearly apart from the track's other parts."""

    @property
    def key(self) -> tuple[SourceId, int] | None:
        """(source, its number) of a system track; None for the plot tracker's part."""
        return (self.source, self.number) if self.source is not None and self.number is not None else None

    def starved(self, now: Instant) -> bool:
        """Whether its plots have stopped coming, well before it counts as silent."""
        return now - self.last_report_at > max(STARVED_MS, 5 * self.interval_ms // 2)

    def silent(self, now: Instant) -> bool:
        """Whether it has been without a report for longer than its kind of source explains."""
        if self.over:
            return True
        if self.sighting:
            return now - self.last_report_at > SILENCE_SIGHTING_MS
        limit = min(max(MISSED_SCANS * self.interval_ms, SILENCE_MIN_MS), SILENCE_MAX_MS)
        return now - self.last_report_at > limit


class OwnTrack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An object as this node's own sources see it. `estimate` is the best over its parts."""

    id: TrackId
    estimate: Estimate
    parts: tuple[Part, ...]
    life: Life = Life.LIVE
    first_at: Instant
    last_report_at: Instant
    reports: int = 1
    sources: tuple[SourceId, ...] = ()
    cooperative: bool = False
    altitude_m: float | None = None
    status: Status = Status.UNKNOWN
    by_officer: bool = False
    """A person of this node has set the status; sources do not change it any more."""
    statuses: tuple[StatusChange, ...] = ()
    trail: tuple[TrailPoint, ...] = ()

    def silent(self, now: Instant) -> bool:
        """Whether no part of it is fed any more; True for one that is lost already."""
        return all(part.silent(now) for part in self.parts)


class Tentative(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Plots that may become a track. Never shown. `hits` are the times of its newest plots."""

    part: Part
    first_at: Instant
    hits: tuple[Instant, ...]


class Received(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A partner's track, beside our own. `track` is as told, with its trail and everyone's statuses on it."""

    track: Track
    estimate: Estimate
    lineage: frozenset[PartyId]
    """Parties whose information it holds, as far as known."""
    link: TrackId | None = None
    """The track (own, or received earlier) that is held to be the same object."""
    apart: int = 0
    judged_at: Instant | None = None
    """The time of the state that was last compared with the linked track."""
    search: SearchArea | None = None
    """The partner's own words on where it lost the object."""


class SourceBook(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a source: counts, and the report intervals that give its scan period."""

    accepted: int = 0
    refused: Mapping[Reason, int] = {}
    last_at: Instant | None = None
    intervals_ms: tuple[int, ...] = ()

    @property
    def period_ms(self) -> int:
        """Scan period: a low rank of recent intervals, since missed scans only make intervals longer."""
        if len(self.intervals_ms) < PERIOD_RANK:
            return PERIOD_DEFAULT_MS
        return min(max(sorted(self.intervals_ms)[PERIOD_RANK - 1], SECOND_MS // 2), PERIOD_MAX_MS)


class TrackLostFact(msgspec.Struct, frozen=True, gc=False):
    """A track went silent at `at`. `observer` is the node's own party, or the partner whose updates stopped."""

    track: TrackId
    observer: PartyId
    at: Instant
    search: SearchArea


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """All tracks of a node. Equal inputs give equal pictures; the mappings are never changed in place."""

    party: PartyId
    own: Mapping[TrackId, OwnTrack] = {}
    tentative: tuple[Tentative, ...] = ()
    received: Mapping[TrackId, Received] = {}
    system: Mapping[tuple[SourceId, int], TrackId] = {}
    """(source, its track number) to the own track that it feeds."""
    aliases: Mapping[TrackId, TrackId] = {}
    """Ids of own tracks that were joined to an older one."""
    next_number: int = 1
    sources: Mapping[SourceId, SourceBook] = {}
    newest_plot_at: Instant | None = None
    joined_at: Instant | None = None

    @staticmethod
    def empty(party: PartyId) -> "Picture":
        """The picture of a node that has seen nothing yet."""
        return Picture(party=party)


class Work:
    """A picture under change within one call: copies of the mappings, and what has been touched."""

    def __init__(self, picture: Picture) -> None:
        self.base = picture
        self.own = dict(picture.own)
        self.received = dict(picture.received)
        self.system = dict(picture.system)
        self.aliases = dict(picture.aliases)
        self.next_number = picture.next_number
        self.tentative = picture.tentative
        self.changed: dict[TrackId, None] = {}
        self.born = False

    def new_id(self) -> TrackId:
        """The next own track id; numbers are never used twice."""
        number, self.next_number = self.next_number, self.next_number + 1
        self.born = True
        return TrackId(f"{self.base.party}/{number}")

    def unfeed(self, owner: TrackId, parts: Iterable[Part]) -> None:
        """Forgets that these parts' system tracks feed `owner`."""
        for part in parts:
            if part.key is not None and self.system.get(part.key) == owner:
                del self.system[part.key]

    def done(self, **changes: object) -> Picture:
        """The new picture."""
        return msgspec.structs.replace(
            self.base,
            own=self.own,
            received=self.received,
            system=self.system,
            aliases=dict(list(self.aliases.items())[-limits.TRACK_ALIASES :]),
            next_number=self.next_number,
            tentative=self.tentative,
            **changes,
        )


def resolve(picture: Picture, track_id: TrackId) -> TrackId | Refusal:
    """The id under which a track is held now, or UNKNOWN_TRACK."""
    for _ in range(limits.TRACK_ALIASES):  # joins only lead from younger to older: no circle
        if track_id in picture.own or track_id in picture.received:
            return track_id
        if track_id not in picture.aliases:
            break
        track_id = picture.aliases[track_id]
    return Refusal(Reason.UNKNOWN_TRACK, "track", f"{str(track_id)[:80]!r} is not in the picture")


def with_status(
    history: Sequence[StatusChange], at: Instant, observer: PartyId, status: Status
) -> tuple[StatusChange, ...]:
    """The history with one more entry, unless that observer already held it to be so; the newest are kept."""
    for change in reversed(history):
        if change.observer == observer:
            if change.status == status:
                return tuple(history)
            break
    return (*history, StatusChange(at, observer, status))[-limits.STATUS_HISTORY :]


def with_sources(held: tuple[SourceId, ...], more: Sequence[SourceId]) -> tuple[SourceId, ...]:
    """Sources in order of first appearance, bounded."""
    fresh = tuple(source for source in dict.fromkeys(more) if source not in held)
    return (held + fresh)[: limits.TRACK_SOURCES] if fresh else held
