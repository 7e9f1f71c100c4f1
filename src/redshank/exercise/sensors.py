"""Sensors: what radars and people make of the truth, with line of sight, misses, noise and false plots.

Here: pure functions given a numpy Generator. Not here: the truth, sockets, the clock, tracking (tracker).
May know: scenario, truth, asterix_encoder, decode's polar geometry, terms.

Line of sight: the radar horizon over a smooth earth of 4/3 of its radius, the standard atmosphere of ITU-R
P.834: d = sqrt(2 k a) (sqrt(h1) + sqrt(h2)), heights above the ground. Terrain is left out: the ground is
flat.
"""

import math
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from redshank.decode.polar import measure, place_of
from redshank.decode.source import RadarSite
from redshank.exercise.asterix_encoder import PolarPlot
from redshank.exercise.scenario import FalseReport, Post, Radar
from redshank.exercise.truth import Flight, State
from redshank.terms.geo import Position, bearing_deg, destination, distance_m
from redshank.terms.instants import Instant, format_instant

EARTH_RADIUS_M = 6_371_000.0
EFFECTIVE_EARTH = 4.0 / 3.0  # k for the standard refractivity gradient, ITU-R P.834
WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
LISTEN_STEP_MS = 10_000
FALSE_ALTITUDE_M = (100.0, 2_000.0)
FULL_PD_SHARE = 0.5
"""Up to this share of its range a radar has its near probability; from there it falls evenly to the far
one."""


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of the antenna, sent when it is complete. `truths` names the object of each plot, None for a
    false one; it never leaves the simulator."""

    at: Instant
    radar: str
    plots: tuple[PolarPlot, ...]
    truths: tuple[str | None, ...]


class Sighted(msgspec.Struct, frozen=True, kw_only=True):
    """A person's report: the JSON that is posted at `at`. `truth` never leaves the simulator."""

    at: Instant
    post: str
    body: bytes
    truth: str | None


def horizon_m(antenna_above_ground_m: float, target_above_ground_m: float) -> float:
    """Ground distance at which a target comes over the radar horizon; heights below the ground count as 0."""
    reach = math.sqrt(max(antenna_above_ground_m, 0.0)) + math.sqrt(max(target_above_ground_m, 0.0))
    return math.sqrt(2.0 * EFFECTIVE_EARTH * EARTH_RADIUS_M) * reach


def elevation_deg(ground_range_m: float, antenna_m: float, target_m: float) -> float:
    """Elevation angle of a target over the 4/3 earth, degrees; for distances that are short beside the
    earth."""
    drop = ground_range_m**2 / (2.0 * EFFECTIVE_EARTH * EARTH_RADIUS_M)
    return math.degrees(math.atan2(target_m - antenna_m - drop, max(ground_range_m, 1.0)))


def can_see(radar: Radar, position: Position, altitude_m: float, ground_m: float) -> bool:
    """Whether a target is in range, over the horizon and above the lowest beam."""
    ground_range = distance_m(radar.position, position)
    return (
        ground_range <= radar.range_km * 1000
        and ground_range <= horizon_m(radar.antenna_m - ground_m, altitude_m - ground_m)
        and elevation_deg(ground_range, radar.antenna_m, altitude_m) >= radar.min_elevation_deg
    )


def detection_probability(radar: Radar, ground_range_m: float) -> float:
    """Pd of one scan by range; 0 beyond the radar's range."""
    share = ground_range_m / (radar.range_km * 1000)
    if share > 1:
        return 0.0
    fall = max(0.0, share - FULL_PD_SHARE) / (1 - FULL_PD_SHARE)
    return radar.pd_near + fall * (radar.pd_far - radar.pd_near)


def scans(
    radar: Radar,
    flights: Sequence[Flight],
    span: tuple[Instant, Instant],
    ground_m: float,
    rng: np.random.Generator,
) -> Iterator[Scan]:
    """All turns of one radar from span[0] to span[1], empty ones included; the same generator gives the same
    scans."""
    turn_ms = round(radar.rotation_s * 1000)
    first = span[0] + int(rng.integers(turn_ms))
    for north_at in range(first, span[1], turn_ms):
        found: list[tuple[PolarPlot, str | None]] = [
            (plot, flight.about.id)
            for flight in flights
            if (plot := _plot(radar, flight, Instant(north_at), turn_ms, ground_m, rng)) is not None
        ]
        found += [(plot, None) for plot in _false_plots(radar, Instant(north_at), turn_ms, rng)]
        found.sort(key=lambda pair: pair[0].at)
        yield Scan(
            at=Instant(north_at + turn_ms),
            radar=radar.id,
            plots=tuple(plot for plot, _ in found),
            truths=tuple(truth for _, truth in found),
        )


def plot_position(radar: Radar, plot: PolarPlot) -> Position:
    """Where a plot lies on WGS 84."""
    return place_of(site_of(radar), plot.slant_range_m, plot.azimuth_deg, plot.altitude_m)[0]


def site_of(radar: Radar) -> RadarSite:
    """The antenna as decode knows it."""
    return RadarSite(radar.lat, radar.lon, radar.antenna_m)


def _plot(
    radar: Radar, flight: Flight, north_at: Instant, turn_ms: int, ground_m: float, rng: np.random.Generator
) -> PolarPlot | None:
    if not flight.is_flying(north_at):
        return None
    azimuth = bearing_deg(radar.position, flight.state_at(north_at).position)
    at = Instant(north_at + round(turn_ms * azimuth / 360.0))
    state = flight.state_at(at)
    if not can_see(radar, state.position, state.altitude_m, ground_m):
        return None
    if rng.random() >= detection_probability(radar, distance_m(radar.position, state.position)):
        return None
    slant, azimuth = measure(site_of(radar), state.position, state.altitude_m)
    return PolarPlot(
        at=at,
        slant_range_m=max(0.0, slant + rng.normal(0.0, radar.sigma_range_m)),
        azimuth_deg=(azimuth + rng.normal(0.0, radar.sigma_azimuth_deg)) % 360.0,
        altitude_m=max(0.0, state.altitude_m + rng.normal(0.0, 60.0)),
    )


def _false_plots(radar: Radar, north_at: Instant, turn_ms: int, rng: np.random.Generator) -> list[PolarPlot]:
    """Clutter: a Poisson number a turn, even over the area within range."""
    plots = []
    for _ in range(int(rng.poisson(radar.false_plots_per_scan))):
        azimuth = float(rng.uniform(0.0, 360.0))
        plots.append(
            PolarPlot(
                at=Instant(north_at + round(turn_ms * azimuth / 360.0)),
                slant_range_m=radar.range_km * 1000 * math.sqrt(float(rng.uniform(0.0, 1.0))),
                azimuth_deg=azimuth,
                altitude_m=float(rng.uniform(*FALSE_ALTITUDE_M)),
            )
        )
    return plots


def sightings(post: Post, flights: Sequence[Flight], rng: np.random.Generator) -> tuple[Sighted, ...]:
    """What the people of a post report: each object at most once, when it was nearest, after their delay."""
    found = []
    for flight in flights:
        nearest = _nearest(post, flight)
        if nearest is None or rng.random() >= post.probability:
            continue
        at, state = nearest
        late_ms = round(post.delay_s * 1000 * float(rng.uniform(0.6, 1.4)))
        body = _words(post, at, state, rng)
        found.append(Sighted(at=Instant(at + late_ms), post=post.id, body=body, truth=flight.about.id))
    return tuple(sorted(found, key=lambda sighted: sighted.at))


def _nearest(post: Post, flight: Flight) -> tuple[Instant, State] | None:
    moments = range(flight.starts_at, flight.ends_at, LISTEN_STEP_MS)
    near = [(distance_m(post.position, flight.state_at(Instant(at)).position), at) for at in moments]
    distance, at = min(near, default=(math.inf, 0))
    return (Instant(at), flight.state_at(Instant(at))) if distance <= post.hears_km * 1000 else None


def _words(post: Post, at: Instant, state: State, rng: np.random.Generator) -> bytes:
    """The report in relative form: whole kilometres from the place, one of eight winds, speed and height in
    words."""
    error_m = float(rng.normal(0.0, 300.0))
    thought = destination(state.position, float(rng.uniform(0.0, 360.0)), abs(error_m))
    kilometres = round(distance_m(post.position, thought) / 1000)
    report: dict[str, object] = {
        "at": format_instant(Instant(at - at % 1000)),
        "reporter": post.reporter,
        "reference": {"lat_deg": post.lat, "lon_deg": post.lon},
        "distance_km": kilometres,
        "heading": _wind(state.course_deg + float(rng.normal(0.0, 10.0))),
        "speed": "medium",
        "height": "low" if state.altitude_m < 500 else "medium",
        "what": post.what.value,
        "remark": f"{kilometres} km from {post.place}: engine noise",
    }
    if kilometres:
        report["direction"] = _wind(bearing_deg(post.position, thought))
    return msgspec.json.encode(report)


def false_sighting(report: FalseReport) -> Sighted:
    """A wrong report as it is posted; the landmark is named, as people do."""
    body = msgspec.json.encode(
        {
            "at": format_instant(report.at),
            "reporter": report.reporter,
            "reference": {"name": report.place, "country": report.country},
            "distance_km": report.distance_km,
            "direction": report.direction,
            "what": "unknown",
            "remark": report.remark,
        }
    )
    return Sighted(at=report.at, post=report.place, body=body, truth=None)


def _wind(course_deg: float) -> str:
    return WINDS[round(course_deg % 360.0 / 45.0) % len(WINDS)]
