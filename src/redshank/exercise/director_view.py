"""The director's view: what the exercise director's page shows, as plain types that go to the browser as JSON.

Here: the contract between the director's server and `console/src/director.ts`; degrees, metres, UTC milliseconds of
the exercise clock. Not here: how the truth is simulated or scored, and no word of HTML. May know: nobody.

The server answers: GET /api/state (a `DirectorView`), GET /api/stream (server-sent events made by
`console.stream.events` with `DIRECTOR_KEYS`), POST /api/start (a `StartExercise`), POST /api/pause, POST /api/resume;
refusals as {reason, field, detail}; /basemap.pmtiles as the console does.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

DIRECTOR_KEYS: Mapping[str, str] = {
    "scenarios": "id",
    "truth": "id",
    "paths": "id",
    "nodes": "party",
    "knows": "party",
    "scores": "id",
    "ticker": "id",
}

TICKER_ITEMS = 200
"""The ticker keeps the newest ones: more than a screen, less than a night."""

Seat = Literal["robot", "person"]
"""Who sits on a node's seat: a scripted duty officer, or a person at the console."""


class ScenarioView(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario card. `documented` and `invented` are sentences: an honest replay says which is which."""

    id: str
    title: str
    start_ms: int
    end_ms: int
    objects: int
    documented: list[str]
    invented: list[str]


class TruthView(msgspec.Struct, frozen=True, kw_only=True):
    """An object of the scenario as it really is now. `state`: ``waiting``, ``flying`` or ``ended``."""

    id: str
    kind: str
    state: str
    lat: float
    lon: float
    course_deg: float
    speed_mps: float
    altitude_m: float
    ended_how: str | None = None
    """``impact``, ``found``, ``left`` or ``shot-down``; None while it flies."""


class PathView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole true trajectory of an object: (lat, lon, ms); sent once per exercise."""

    id: str
    points: list[tuple[float, float, int]]


class KnownTrackView(msgspec.Struct, frozen=True, kw_only=True):
    """A track in one node's picture. `truth` names the object that it comes from, None for a false one."""

    id: str
    observer: str
    lat: float
    lon: float
    course_deg: float | None
    speed_mps: float
    life: str
    truth: str | None = None
    error_m: float | None = None


class KnowsView(msgspec.Struct, frozen=True, kw_only=True):
    """What one node knows now."""

    party: str
    tracks: list[KnownTrackView]


class NodeCardView(msgspec.Struct, frozen=True, kw_only=True):
    """One node of the exercise. `lines` pairs a partner with the state of the line (``up``, ``amber``, …)."""

    party: str
    console_url: str
    """A one-time link for an officer, made anew once it was used; and one for a releasing authority."""
    authority_url: str
    up: bool
    seat: Seat
    open_incidents: int
    tracks: int
    lines: list[tuple[str, str]]
    heard_ms: int | None = None


class ScoreView(msgspec.Struct, frozen=True, kw_only=True):
    """One object and one district or border: what the channel gained, beside what really happened.

    Leads are whole seconds before the event: positive is earlier, negative is late. `documented_lead_min` is what is
    documented of the real night, e.g. -39 and -73; None where nothing is.
    """

    id: str
    object: str
    party: str
    place: str
    crossed_ms: int | None = None
    noticed_ms: int | None = None
    notice_by: str | None = None
    notice_lead_s: int | None = None
    warned_ms: int | None = None
    impact_ms: int | None = None
    warning_lead_s: int | None = None
    documented_lead_min: int | None = None
    documented: str | None = None


class TickerView(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the night. `kind`: ``truth``, ``notice``, ``warning``, ``procedure``, ``fault`` or ``seat``."""

    id: int
    at_ms: int
    party: str | None
    kind: str
    text: str


class DirectorView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the director's page needs. `phase`: ``choosing``, ``starting``, ``running``, ``paused``,
    ``finished`` or ``failed``."""

    phase: str
    now_ms: int
    clock_rate: float
    scenario: str | None
    scenarios: list[ScenarioView]
    truth: list[TruthView]
    paths: list[PathView]
    nodes: list[NodeCardView]
    knows: list[KnowsView]
    scores: list[ScoreView]
    ticker: list[TickerView]
    message: str | None = None
    """One sentence for the director: what is being started, or what failed."""


class StartExercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/start; a running exercise is ended first. `seats` names a party once at most."""

    scenario: str
    speed: Annotated[float, msgspec.Meta(ge=0.1, le=120.0)]
    seats: dict[str, Seat] = {}
