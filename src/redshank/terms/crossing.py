"""Forecast words: where, when and how likely a track crosses which border, and which districts lie in its path."""

import msgspec

from redshank.terms.geo import Position
from redshank.terms.ids import BorderId, CountryId, DistrictId, TrackId
from redshank.terms.instants import Instant


class TimeWindow(msgspec.Struct, frozen=True, gc=False):
    """10, 50 and 90 % quantiles of a time, given that the thing happens."""

    p10: Instant
    p50: Instant
    p90: Instant


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


class Crossing(msgspec.Struct, frozen=True, gc=False):
    """A crossing that happened: the exact border line was cut between two states of the track."""

    track: TrackId
    border: BorderId
    out_of: CountryId
    into: CountryId
    at: Instant
    position: Position
