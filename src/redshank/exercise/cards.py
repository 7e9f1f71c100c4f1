"""Cards: a scenario and its truth as the director's page shows them; pure.

Here: scenario cards, true paths and states, and the moments that the ticker tells. Not here: what nodes know
(observer), the running of an exercise (stage). May know: scenario, truth, director_view, terms.
"""

import msgspec

from redshank.exercise.director_view import PathView, ScenarioView, TruthView
from redshank.exercise.scenario import Basis, Scenario
from redshank.exercise.truth import Flight, crossings_of, steps_of
from redshank.forecast.geography import Geography
from redshank.terms.instants import Instant

PATH_POINT_EVERY = 5
"""Of the steps of a flight (2 km each) the page draws every fifth, and all corners."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the truth that the ticker tells when its time comes."""

    at: Instant
    text: str


def moments_of(scenario: Scenario, flights: tuple[Flight, ...], geography: Geography) -> list[Moment]:
    """What the ticker tells of the truth, in order of time."""
    moments = [
        Moment(at=mark.at, text=mark.text if mark.basis is Basis.DOCUMENTED else f"(invented) {mark.text}")
        for mark in scenario.bookmarks
    ]
    for flight in flights:
        for crossing in crossings_of(flight, geography):
            moments.append(
                Moment(at=crossing.at, text=f"{flight.about.id} crosses from {crossing.out_of} into {crossing.into}")
            )
        how = flight.about.ending.value
        moments.append(Moment(at=flight.ends_at, text=f"{flight.about.id} ends at {flight.about.end_place}: {how}"))
    return sorted(moments, key=lambda moment: moment.at)


def path_view(flight: Flight) -> PathView:
    """The whole trajectory."""
    steps = steps_of(flight)
    corners = {leg.end_at for leg in flight.legs}
    kept = [step for number, step in enumerate(steps) if number % PATH_POINT_EVERY == 0 or step[1] in corners]
    return PathView(id=flight.about.id, points=[(place.lat_deg, place.lon_deg, at) for place, at in kept])


def truth_view(flight: Flight, now: Instant) -> TruthView:
    """An object as it really is now."""
    state = flight.state_at(now)
    ended = now >= flight.ends_at
    return TruthView(
        id=flight.about.id,
        kind=flight.about.kind,
        state="ended" if ended else "flying" if flight.is_flying(now) else "waiting",
        lat=state.position.lat_deg,
        lon=state.position.lon_deg,
        course_deg=state.course_deg,
        speed_mps=state.speed_mps,
        altitude_m=state.altitude_m,
        ended_how=flight.about.ending.value if ended else None,
    )


def scenario_view(scenario: Scenario) -> ScenarioView:
    """The card of a scenario, with what is documented and what is invented."""
    return ScenarioView(
        id=scenario.id,
        title=scenario.title,
        start_ms=scenario.starts,
        end_ms=scenario.ends,
        objects=len(scenario.objects),
        documented=[f"{source.fact} (grade {source.grade}; error: {source.error})" for source in scenario.sources],
        invented=list(scenario.invented),
    )
