"""The phase that a partner is told is that of its own border, not of any border on the way."""

from redshank.node.sense import phase_of
from redshank.terms.crossing import BorderForecast, Forecast, Stretch, TimeWindow
from redshank.terms.geo import Position
from redshank.terms.ids import BorderId, CountryId, PartyId, TrackId
from redshank.terms.instants import MINUTE_MS, Instant
from redshank.terms.message import Phase

NOW = Instant(1_778_115_600_000)
HERE = Position(51.5, 24.0)


def border(name: str, out_of: str, into: str, probability: float, in_minutes: int) -> BorderForecast:
    at = Instant(NOW + in_minutes * MINUTE_MS)
    window = TimeWindow(at, at, at)
    stretch = Stretch(HERE, HERE, HERE, 0.0)
    return BorderForecast(BorderId(name), CountryId(out_of), CountryId(into), probability, window, stretch)


FORECAST = Forecast(
    TrackId("BY/1"),
    NOW,
    60 * MINUTE_MS,
    CountryId("UA"),
    (border("UA|BY", "UA", "BY", 0.99, 1), border("PL|BY", "BY", "PL", 0.93, 40)),
    (),
)


def test_a_near_crossing_of_another_border_is_not_the_partners() -> None:
    assert phase_of(FORECAST, NOW, (PartyId("PL"),)) is Phase.POSSIBLE


def test_the_partners_own_crossing_is_near_and_certain() -> None:
    soon = Instant(NOW + 38 * MINUTE_MS)
    assert phase_of(FORECAST, soon, (PartyId("PL"),)) is Phase.CROSSING
    assert phase_of(FORECAST, NOW, (PartyId("BY"),)) is Phase.CROSSING


def test_nothing_forecast_is_possible_at_most() -> None:
    assert phase_of(None, NOW, (PartyId("PL"),)) is Phase.POSSIBLE
