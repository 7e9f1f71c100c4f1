"""Truth: where every object of a scenario really is, and which borders and districts it really crosses.

Here: pure functions of a scenario and the map. Not here: what anybody sees of it. May know: scenario,
forecast, terms. An object flies geodesics between its waypoints at an even speed; its height changes evenly
along each leg.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import msgspec

from redshank.exercise.scenario import FlyingObject, Scenario
from redshank.forecast.geography import Geography
from redshank.terms.crossing import Crossing
from redshank.terms.geo import Position, bearing_deg, destination, distance_m
from redshank.terms.ids import CountryId, TrackId
from redshank.terms.instants import Instant

STEP_M = 2_000.0
"""Crossings are cut on straight pieces of this length: in the plane they stay within a metre of the
geodesic."""


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """A straight piece of flight."""

    start: Position
    end: Position
    start_at: Instant
    end_at: Instant
    start_altitude_m: float
    end_altitude_m: float
    length_m: float


class State(msgspec.Struct, frozen=True, kw_only=True):
    """An object at one moment."""

    object: str
    position: Position
    altitude_m: float
    course_deg: float
    speed_mps: float


@dataclass(frozen=True, eq=False)
class Flight:
    """One object's true flight."""

    about: FlyingObject
    legs: tuple[Leg, ...]

    @property
    def starts_at(self) -> Instant:
        """When it is at its first waypoint."""
        return self.legs[0].start_at

    @property
    def ends_at(self) -> Instant:
        """When it comes down or leaves the scenario."""
        return self.legs[-1].end_at

    @property
    def end(self) -> Position:
        """Where that is."""
        return self.legs[-1].end

    def is_flying(self, at: Instant) -> bool:
        """Whether it is in the air."""
        return self.starts_at <= at < self.ends_at

    def state_at(self, at: Instant) -> State:
        """Its state, held at the ends of the flight; speed is 0 before and after."""
        held = min(max(at, self.starts_at), self.ends_at)
        leg = next((leg for leg in self.legs if held < leg.end_at), self.legs[-1])
        share = (held - leg.start_at) / (leg.end_at - leg.start_at)
        position = destination(leg.start, self._bearings[leg.start_at], share * leg.length_m)
        return State(
            object=self.about.id,
            position=position,
            altitude_m=leg.start_altitude_m + share * (leg.end_altitude_m - leg.start_altitude_m),
            course_deg=bearing_deg(position, leg.end) if share < 1 else self._bearings[leg.start_at],
            speed_mps=self.about.speed_kmh / 3.6 if self.is_flying(at) else 0.0,
        )

    @cached_property
    def _bearings(self) -> dict[Instant, float]:
        return {leg.start_at: bearing_deg(leg.start, leg.end) for leg in self.legs}


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A district that an object flew over, from its first to its last step there."""

    object: str
    district: str
    country: CountryId
    name: str
    enters: Instant
    leaves: Instant


def flight_of(item: FlyingObject) -> Flight:
    """The flight backwards from its documented end: times of the waypoints follow from the speed."""
    at = float(item.ends_at)
    legs: list[Leg] = []
    for start, end in reversed(list(pairwise(item.route))):
        length = distance_m(start.position, end.position)
        before = at - max(length / (item.speed_kmh / 3.6) * 1000, 1.0)
        legs.append(
            Leg(
                start=start.position,
                end=end.position,
                start_at=Instant(round(before)),
                end_at=Instant(round(at)),
                start_altitude_m=start.altitude_m,
                end_altitude_m=end.altitude_m,
                length_m=length,
            )
        )
        at = before
    return Flight(item, tuple(reversed(legs)))


def flights_of(scenario: Scenario) -> tuple[Flight, ...]:
    """All flights, in the order of the file."""
    return tuple(flight_of(item) for item in scenario.objects)


def steps_of(flight: Flight) -> list[tuple[Position, Instant]]:
    """Points of the flight every STEP_M, ends of legs included."""
    points = [(flight.legs[0].start, flight.starts_at)]
    for leg in flight.legs:
        pieces = max(1, int(leg.length_m // STEP_M) + 1)
        for number in range(1, pieces + 1):
            at = Instant(leg.start_at + (leg.end_at - leg.start_at) * number // pieces)
            points.append((flight.state_at(at).position if number < pieces else leg.end, at))
    return points


def crossings_of(flight: Flight, geography: Geography) -> tuple[Crossing, ...]:
    """Every true cut of an exact border line, in order of time."""
    steps = steps_of(flight)
    name = TrackId(flight.about.id)
    return tuple(
        crossing for before, after in pairwise(steps) for crossing in geography.crossings_between(name, before, after)
    )


def entries_of(flight: Flight, geography: Geography) -> tuple[Crossing, ...]:
    """The first crossing into each territory: what the channel should have told beforehand."""
    seen: set[CountryId] = set()
    entries = []
    for crossing in crossings_of(flight, geography):
        if crossing.into not in seen:
            seen.add(crossing.into)
            entries.append(crossing)
    return tuple(entries)


def passages_of(flight: Flight, geography: Geography) -> tuple[Passage, ...]:
    """The districts below the flight, by its steps (about STEP_M)."""
    about = {district: (country, name) for district, country, name in geography.districts}
    found: dict[str, Passage] = {}
    for position, at in steps_of(flight):
        for district in geography.districts_at(position):
            country, name = about[district]
            enters = found[district].enters if district in found else at
            found[district] = Passage(
                object=flight.about.id, district=district, country=country, name=name, enters=enters, leaves=at
            )
    return tuple(found.values())
