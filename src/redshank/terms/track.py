"""Reports and tracks: what one observer saw, and what one node makes of it."""

from enum import StrEnum

import msgspec

from redshank.terms.geo import Position
from redshank.terms.ids import PartyId, SourceId, TrackId
from redshank.terms.instants import Instant


class Status(StrEnum):
    """What *this observer* holds the object to be. Observers may differ and may change their mind (DESIGN §2).

    There is no code for owner, intent or blame.
    """

    UNKNOWN = "unknown"
    UNIDENTIFIED = "unidentified"
    STRAYED = "strayed"
    UAV = "uav"
    BALLOON = "balloon"
    AIRCRAFT = "aircraft"
    HELICOPTER = "helicopter"
    BIRDS = "birds"


class Life(StrEnum):
    """Where a track stands in its own life, whatever the object is held to be."""

    TENTATIVE = "tentative"
    LIVE = "live"
    LOST = "lost"
    ENDED = "ended"


class ReportKind(StrEnum):
    """The kind of observation."""

    PLOT = "plot"
    TRACK = "track"
    SIGHTING = "sighting"


class HorizontalCovariance(msgspec.Struct, frozen=True, gc=False):
    """2 x 2 covariance of a horizontal position in m2: east-east, east-north, north-north (local true axes)."""

    ee_m2: float
    en_m2: float
    nn_m2: float


class Report(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One observation by one sensor or person. Ground velocity is east/north, metres per second."""

    source: SourceId
    kind: ReportKind
    at: Instant
    position: Position
    covariance: HorizontalCovariance
    altitude_m: float | None = None
    sigma_altitude_m: float | None = None
    """Only where the source says so: a person's "treetop height" is a guess with a width."""
    velocity_e_mps: float | None = None
    velocity_n_mps: float | None = None
    sigma_velocity_mps: float | None = None
    track_number: int | None = None
    """The source's own number for a system track; None for plots and sightings."""
    ended: bool = False
    """The source says that this is its last report of the track."""
    status: Status = Status.UNKNOWN
    cooperative: bool = False
    """Answers a transponder interrogation or broadcasts ADS-B."""
    count: int = 1
    remark: str = ""
    reporter: str = ""
    """The kind of person or desk behind a sighting, e.g. ``border-guard``; empty for sensors."""


class StatusChange(msgspec.Struct, frozen=True, gc=False):
    """From `at` on, `observer` held the object to be `status`."""

    at: Instant
    observer: PartyId
    status: Status


class TrailPoint(msgspec.Struct, frozen=True, gc=False):
    """A past position of a track."""

    at: Instant
    position: Position


class Track(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A state estimate. `covariance` is 4 x 4, row-major, over (east m, north m, v_east m/s, v_north m/s) at
    `position`, local true axes."""

    id: TrackId
    observer: PartyId
    """Whose estimate it is: the node's own party, or the partner that sent it."""
    at: Instant
    position: Position
    velocity_e_mps: float
    velocity_n_mps: float
    covariance: tuple[float, ...]
    altitude_m: float | None = None
    status: Status = Status.UNKNOWN
    life: Life = Life.LIVE
    sources: tuple[SourceId, ...] = ()
    first_at: Instant
    last_report_at: Instant
    reports: int = 1
    cooperative: bool = False
    trail: tuple[TrailPoint, ...] = ()
    statuses: tuple[StatusChange, ...] = ()

    @property
    def speed_mps(self) -> float:
        """Ground speed."""
        return float((self.velocity_e_mps**2 + self.velocity_n_mps**2) ** 0.5)


class SearchArea(msgspec.Struct, frozen=True, gc=False):
    """Where a lost track may be at `at`: a disc about `centre` that holds it with about 90 % probability."""

    at: Instant
    centre: Position
    radius_m: float
    last_position: Position
    last_at: Instant
