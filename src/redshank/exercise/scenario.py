"""Scenarios: a documented night as data, read strictly.

Here: the types of a scenario file and its reader, which names file, field and limit. Every object and every
alert says field by field what is documented and what is invented; sensors and people are invented as a
whole. Not here: where an object is at a time (truth), what a sensor makes of it (sensors). May know: terms.
"""

from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from typing import Annotated

import msgspec
import yaml
from msgspec import Meta

from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant, parse_instant
from redshank.terms.refusal import Refusal
from redshank.terms.track import Status

PARTIES: tuple[PartyId, ...] = tuple(PartyId(party) for party in ("LT", "LV", "EE", "PL", "BY"))

Lat = Annotated[float, Meta(ge=limits.REGION_LAT_MIN_DEG, le=limits.REGION_LAT_MAX_DEG)]
Lon = Annotated[float, Meta(ge=limits.REGION_LON_MIN_DEG, le=limits.REGION_LON_MAX_DEG)]
Altitude = Annotated[float, Meta(ge=limits.ALTITUDE_MIN_M, le=limits.ALTITUDE_MAX_M)]
Name = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Code = Annotated[int, Meta(ge=0, le=255)]
Text = Annotated[str, Meta(min_length=1, max_length=400)]


class ScenarioRefused(ValueError):
    """A scenario file that is not played. Says file, field and limit."""


class Basis(StrEnum):
    """Where a value comes from."""

    DOCUMENTED = "documented"
    INVENTED = "invented"


class Ending(StrEnum):
    """How the flight of an object ends. FOUND: came down unseen and was found; LOST: nobody knows."""

    IMPACT = "impact"
    FOUND = "found"
    SHOT_DOWN = "shot-down"
    LEFT = "left"
    LOST = "lost"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every part of the file: frozen, and closed to unknown fields."""


class Source(_Part, frozen=True, kw_only=True):
    """A documented fact, with the grade of its source (A official or established, B trade) and its error."""

    fact: Text
    grade: Annotated[str, Meta(pattern="^[ABC]$")]
    error: Text


class Bookmark(_Part, frozen=True, kw_only=True):
    """A moment of the night, told in the ticker."""

    at: Instant
    text: Text
    basis: Basis


class Waypoint(_Part, frozen=True, kw_only=True):
    """A point that the object passes; its time follows from the speed and from the object's `ends_at`."""

    lat: Lat
    lon: Lon
    altitude_m: Altitude
    basis: Basis = Basis.INVENTED

    @property
    def position(self) -> Position:
        """On WGS 84."""
        return Position(self.lat, self.lon)


class ObjectBasis(_Part, frozen=True, kw_only=True):
    """What is documented of one object, field by field. The route's altitudes are invented with it."""

    kind: Basis
    speed_kmh: Basis
    route: Basis
    ends_at: Basis
    end_place: Basis
    ending: Basis


class FlyingObject(_Part, frozen=True, kw_only=True):
    """One object. It flies along `route` at an even speed and is at the last point at `ends_at`."""

    id: Name
    kind: Text
    speed_kmh: Annotated[float, Meta(ge=20, le=1_000)]
    route: Annotated[tuple[Waypoint, ...], Meta(min_length=2, max_length=20)]
    ends_at: Instant
    end_place: Text
    end_error_km: Annotated[float, Meta(ge=0, le=200)]
    ending: Ending
    basis: ObjectBasis


class AlertRow(_Part, frozen=True, kw_only=True):
    """An alert of the real night: which districts it reached, when, and which event it came too late for."""

    id: Name
    party: PartyId
    at: Instant
    object: Name
    districts: Annotated[tuple[str, ...], Meta(min_length=1)]
    place: Text
    event: Text
    event_at: Instant
    """The event that the alert was meant for: an impact or an entry."""
    text: Text
    basis: Basis


class Radar(_Part, frozen=True, kw_only=True):
    """A radar. `antenna_m` is above mean sea level; `tracked` plots go to the party's tracker and not to its
    node."""

    id: Name
    sac: Code
    sic: Code
    lat: Lat
    lon: Lon
    antenna_m: Altitude
    range_km: Annotated[float, Meta(gt=0, le=470)]
    rotation_s: Annotated[float, Meta(ge=1, le=30)]
    min_elevation_deg: Annotated[float, Meta(ge=-1, le=10)] = -0.5
    pd_near: Share = 0.95
    pd_far: Share = 0.6
    sigma_range_m: Annotated[float, Meta(gt=0, le=1_000)] = 80.0
    sigma_azimuth_deg: Annotated[float, Meta(gt=0, le=2)] = 0.12
    false_plots_per_scan: Annotated[float, Meta(ge=0, le=20)] = 0.05
    tracked: bool = False

    @property
    def position(self) -> Position:
        """Of the antenna."""
        return Position(self.lat, self.lon)


class Tracker(_Part, frozen=True, kw_only=True):
    """A national tracker: takes the plots of the party's `tracked` radars and sends CAT062."""

    id: Name
    sac: Code
    sic: Code
    period_s: Annotated[float, Meta(ge=1, le=60)]
    delay_s: Annotated[float, Meta(ge=0, le=120)]
    status: Status = Status.UNKNOWN


class Post(_Part, frozen=True, kw_only=True):
    """People who may see or hear an object, and say so in words after a delay; once per object."""

    id: Name
    reporter: Annotated[str, Meta(pattern="^(border-guard|police|resident|acoustic|officer)$")]
    place: Text
    country: str
    lat: Lat
    lon: Lon
    hears_km: Annotated[float, Meta(gt=0, le=20)]
    probability: Share
    delay_s: Annotated[float, Meta(ge=0, le=1_800)]
    what: Status = Status.UNKNOWN

    @property
    def position(self) -> Position:
        """Of the post, and of the landmark that it names."""
        return Position(self.lat, self.lon)


class FalseReport(_Part, frozen=True, kw_only=True):
    """A wrong sighting: somebody took something else for an object."""

    at: Instant
    reporter: Annotated[str, Meta(pattern="^(border-guard|police|resident|acoustic|officer)$")]
    place: Text
    country: str
    distance_km: Annotated[float, Meta(ge=0, le=50)]
    direction: Annotated[str, Meta(pattern="^[NESW]{1,3}$")]
    remark: Text


class Sensors(_Part, frozen=True, kw_only=True):
    """All that one party can see and hear."""

    radars: tuple[Radar, ...] = ()
    tracker: Tracker | None = None
    posts: tuple[Post, ...] = ()
    false_reports: tuple[FalseReport, ...] = ()


class Officers(_Part, frozen=True, kw_only=True):
    """How quick the robot officers are: mean and spread of a human delay, seconds of exercise time."""

    mean_s: Annotated[float, Meta(gt=0, le=600)] = 45.0
    spread_s: Annotated[float, Meta(ge=0, le=300)] = 20.0
    asks_share: Share = 0.3
    """In so many incidents that a partner opened, the officer asks whether the object is known there."""
    closes_after_s: Annotated[float, Meta(ge=60, le=7_200)] = 600.0


class Scenario(_Part, frozen=True, kw_only=True):
    """One night. `ground_m` is the flat ground of the line-of-sight model, above mean sea level."""

    id: Name
    title: Text
    starts: Instant
    ends: Instant
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    speed: Annotated[float, Meta(ge=1, le=60)]
    ground_m: Altitude
    scored: Annotated[tuple[PartyId, ...], Meta(min_length=1)]
    """The parties that the night came upon: their crossings and warnings are scored."""
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    invented: Annotated[tuple[Text, ...], Meta(min_length=1)]
    bookmarks: tuple[Bookmark, ...] = ()
    objects: Annotated[tuple[FlyingObject, ...], Meta(min_length=1, max_length=200)]
    alerts: tuple[AlertRow, ...] = ()
    sensors: dict[PartyId, Sensors]
    officers: Officers = Officers()


def parse_scenario(text: str, file: str) -> Scenario:
    """A scenario from YAML text. Raises ScenarioRefused naming `file`, field and limit."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ScenarioRefused(f"{file}: is not YAML: {error}") from error
    try:
        scenario = msgspec.convert(_with_instants(raw, "", file), Scenario)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        field = path.rstrip("`").removeprefix("$").lstrip(".") or "scenario"
        raise ScenarioRefused(f"{file}: {field}: {what}") from error
    for field, limit in _problems(scenario):
        raise ScenarioRefused(f"{file}: {field}: {limit}")
    return scenario


def read_scenarios() -> dict[str, Scenario]:
    """The scenarios that ship with the program, by id. Raises ScenarioRefused."""
    folder = files("redshank.exercise").joinpath("scenarios")
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name)
    found = [parse_scenario(entry.read_text(encoding="utf-8"), entry.name) for entry in entries]
    return {scenario.id: scenario for scenario in found}


_TIMES = frozenset({"at", "starts", "ends", "ends_at", "event_at"})


def _with_instants(raw: object, path: str, file: str) -> object:
    """The same data with RFC 3339 texts of the time fields turned into instants."""
    if isinstance(raw, list):
        return [_with_instants(item, f"{path}[{number}]", file) for number, item in enumerate(raw)]
    if not isinstance(raw, dict):
        return raw
    turned: dict[object, object] = {}
    for key, value in raw.items():
        here = f"{path}.{key}".lstrip(".")
        if key in _TIMES:
            instant = parse_instant(value if isinstance(value, str) else repr(value), here)
            if isinstance(instant, Refusal):
                raise ScenarioRefused(f"{file}: {here}: needs a quoted UTC time, {instant.detail}")
            turned[key] = int(instant)
        elif key == "basis" and isinstance(value, dict):
            turned[key] = value
        else:
            turned[key] = _with_instants(value, here, file)
    return turned


def _problems(scenario: Scenario) -> Iterator[tuple[str, str]]:
    if scenario.starts >= scenario.ends:
        yield "ends", "must be after starts"
    ids = [item.id for item in scenario.objects]
    for number, item in enumerate(scenario.objects):
        if ids.count(item.id) > 1:
            yield f"objects[{number}].id", f"{item.id} stands there twice"
        if not scenario.starts < item.ends_at <= scenario.ends:
            yield f"objects[{number}].ends_at", "must lie between starts and ends"
    for number, alert in enumerate(scenario.alerts):
        if alert.object not in ids:
            yield f"alerts[{number}].object", f"no object {alert.object}"
    for number, party in enumerate(scenario.scored):
        if party not in PARTIES:
            yield f"scored[{number}]", f"must be one of {', '.join(PARTIES)}"
    for party, sensors in scenario.sensors.items():
        if party not in PARTIES:
            yield f"sensors.{party}", f"must be one of {', '.join(PARTIES)}"
        yield from _radar_problems(f"sensors.{party}.radars", sensors)


def _radar_problems(path: str, sensors: Sensors) -> Iterator[tuple[str, str]]:
    senders = [(radar.sac, radar.sic) for radar in sensors.radars]
    for number, radar in enumerate(sensors.radars):
        if senders.count((radar.sac, radar.sic)) > 1:
            yield f"{path}[{number}].sic", "two radars of a party need two codes"
        if radar.tracked and sensors.tracker is None:
            yield f"{path}[{number}].tracked", "needs a tracker"
