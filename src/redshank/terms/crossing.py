"""Forecast words: where, when and how likely a track crosses which border, and which districts lie in its path."""

from enum import StrEnum

import msgspec

from redshank.terms.geo import Position
from redshank.terms.ids import BorderId, CountryId, DistrictId, TrackId
from redshank.terms.instants import Instant


class TimeWindow(msgspec.Struct, frozen=True, gc=False):
    """10, 50 and 90 % quantiles of a time, given that the thing happens."""

    p10: Instant
    p50: Instant
    p90: Instant


class Course(StrEnum):
    """What an object may do next; one of the hypotheses that a forecast weighs."""

    TRANSIT = "transit"
    """Holds its course and speed."""
    CRUISE = "cruise"
    """Goes on, and wanders about its course."""
    LOITER = "loiter"
    """Stays about where its trail has been."""
    RETURN = "return"
    """Turns back."""
    DRIFT = "drift"
    """Moves as its trail did on the whole: circles on the wind, or is carried by it."""
    FAIL = "fail"
    """Comes down soon."""


class CourseWeight(msgspec.Struct, frozen=True, gc=False):
    """How likely an object takes a course (0 to 1)."""

    course: Course
    weight: float


class Within(msgspec.Struct, frozen=True, gc=False):
    """Probability (0 to 1) that it has happened by `horizon_ms` from the time at which the forecast was made."""

    horizon_ms: int
    probability: float


class Hinge(msgspec.Struct, frozen=True, gc=False):
    """What a forecast hangs on: were it known that the object takes `course`, the probability would be another one."""

    border: BorderId
    into: CountryId
    course: Course
    weight: float
    probability: float
    """Of the crossing within the horizon, given the course; not recalibrated."""


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """The stretch of border that holds 80 % of the forecast crossings, and its median point; all lie on the border."""

    start: Position
    middle: Position
    end: Position
    length_m: float


class BorderForecast(msgspec.Struct, frozen=True, gc=False):
    """The first crossing of one border into `into` within the horizon, with its probability (0 to 1)."""

    border: BorderId
    out_of: CountryId
    into: CountryId
    probability: float
    window: TimeWindow
    stretch: Stretch
    within: tuple[Within, ...] = ()
    """Within 5, 10, 20, 30 and 60 minutes, those of them that the forecast reaches; never falling."""


class DistrictForecast(msgspec.Struct, frozen=True, gc=False):
    """A district in the path: probability (0 to 1) of overflight within the horizon, and when it begins and ends."""

    district: DistrictId
    country: CountryId
    name: str
    probability: float
    enters: TimeWindow
    leaves_p90: Instant


class Forecast(msgspec.Struct, frozen=True, gc=False):
    """A forecast for one track, made at `made_at` for the next `horizon_ms`. Sorted by probability, highest first."""

    track: TrackId
    made_at: Instant
    horizon_ms: int
    over: CountryId | None
    """The country whose territory the track is over now; None outside all known ones."""
    borders: tuple[BorderForecast, ...]
    districts: tuple[DistrictForecast, ...]
    state_at: Instant | None = None
    """Time of the track's state that it leads on."""
    courses: tuple[CourseWeight, ...] = ()
    """What the object may do, likeliest first; together 1. Empty if the track could not be led on."""
    hinges: tuple[Hinge, ...] = ()
    """What would change the first border's probability most, strongest first; empty if nothing would by much."""


class Crossing(msgspec.Struct, frozen=True, gc=False):
    """A crossing that happened: the exact border line was cut between two states of the track."""

    track: TrackId
    border: BorderId
    out_of: CountryId
    into: CountryId
    at: Instant
    position: Position
