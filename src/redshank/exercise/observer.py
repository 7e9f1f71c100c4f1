"""Observer: reads the nodes' views and keeps what the score and the director's page need.

Here: matching tracks and messages to the truth, collecting notices, warnings and answers as they appear, and
telling them as ticker lines; pure but for its own memory. Not here: HTTP, the score itself. May know:
console's view, score, truth, director_view, terms.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from redshank.console.view import IncidentView, MessageView, TrackView, View
from redshank.exercise.director_view import TICKER_ITEMS, KnownTrackView, KnowsView, TickerView
from redshank.exercise.score import Answered, HeardNotice, Observed, SeenWarning
from redshank.exercise.truth import Flight
from redshank.terms.geo import Position, distance_m
from redshank.terms.instants import Instant

NEAR_M = 4_000.0
"""A track within this, or within its own 95 % ellipse and this, is of the object."""

NEAR_MAX_M = 25_000.0
NOTICE_AGE_MS = 60_000
"""A notice may describe a moment this much before it was stated: release coarsens time."""

DOWN_FOR_MS = 600_000
"""An object that has come down still explains a track for so long: trackers coast, people report late."""

LINE_WORDS = {"UPDATE", "TEST", "TEST-REPLY"}


class Observer:
    """The memory of one exercise."""

    def __init__(self, flights: Sequence[Flight]) -> None:
        self._flights = flights
        self._notices: dict[tuple[str, str, int, int], HeardNotice] = {}
        self._warnings: dict[tuple[str, str], SeenWarning] = {}
        self._answers: dict[tuple[str, str, int, int], Answered] = {}
        self._missed: set[tuple[str, str]] = set()
        self._told: set[tuple[str, str, int, int]] = set()
        self._objects: dict[tuple[str, str], str] = {}
        self._ticker: list[TickerView] = []
        self._count = 0

    @property
    def observed(self) -> Observed:
        """What the score needs. A notice whose incident turned out to be of an object was not false, only
        inexact."""
        notices = [
            notice if notice.object else msgspec.structs.replace(notice, object=self._object_of_incident(notice))
            for notice in self._notices.values()
        ]
        return Observed(
            notices=tuple(notices),
            warnings=tuple(self._warnings.values()),
            answers=tuple(self._answers.values()),
        )

    def _object_of_incident(self, notice: HeardNotice) -> str | None:
        return self._objects.get((notice.party, notice.incident))

    @property
    def ticker(self) -> list[TickerView]:
        """The newest lines."""
        return list(self._ticker)

    def tell(self, at: Instant, party: str | None, kind: str, text: str) -> None:
        """Adds a line to the ticker."""
        self._count += 1
        self._ticker = [
            *self._ticker[1 - TICKER_ITEMS :],
            TickerView(id=self._count, at_ms=at, party=party, kind=kind, text=text),
        ]

    def look(self, view: View) -> KnowsView:
        """Takes a node's newest view."""
        known = [self._known(track, Instant(view.now_ms)) for track in view.tracks if track.life != "ended"]
        truths = {track.id.rstrip("*"): track.truth for track in known if track.truth is not None}
        for incident in view.incidents:
            self._incident(view, incident, truths)
        return KnowsView(party=view.party, tracks=known)

    # -- truth

    def nearest(self, position: Position, at: Instant, slack_m: float) -> tuple[str, float] | None:
        """The object that was nearest at a moment, and its distance, if it lies within NEAR_M and the slack."""
        found = [
            (distance_m(position, flight.state_at(at).position), flight.about.id)
            for flight in self._flights
            if flight.starts_at <= at < flight.ends_at + DOWN_FOR_MS
        ]
        distance, name = min(found, default=(float("inf"), ""))
        return (name, distance) if distance <= min(NEAR_M + slack_m, NEAR_MAX_M) else None

    def _known(self, track: TrackView, now: Instant) -> KnownTrackView:
        # The console draws a live track where it is by now, and a lost one where it was last seen.
        at = now if track.life == "live" else Instant(track.at_ms)
        found = self.nearest(Position(track.lat, track.lon), at, track.ellipse.major_m)
        return KnownTrackView(
            id=track.id,
            observer=track.observer,
            lat=track.lat,
            lon=track.lon,
            course_deg=track.course_deg,
            speed_mps=track.speed_mps,
            life=track.life,
            truth=found[0] if found else None,
            error_m=found[1] if found else None,
        )

    # -- incidents

    def _incident(self, view: View, incident: IncidentView, truths: Mapping[str, str]) -> None:
        mine = (view.party, incident.id)
        for track in incident.tracks:
            if track in truths:
                self._objects.setdefault(mine, truths[track])
        for message in _messages(incident):
            self._message(view, incident, message)
        for warning in incident.warnings:
            self._warning_of(view.party, incident, warning.id)
        for obligation in self._missed_now(view.party, incident):
            self.tell(Instant(view.now_ms), view.party, "procedure", obligation)

    def _message(self, view: View, incident: IncidentView, message: MessageView) -> None:
        if message.direction != "got":
            return
        key = (view.party, message.channel, message.generation, message.serial)
        at = Instant(message.received_ms or message.stated_ms)
        if message.type in ("NOTICE", "UPDATE") and (view.party, incident.id) not in self._objects:
            found = self._object_of(message)
            if found is not None:
                self._objects[view.party, incident.id] = found
        if message.type == "NOTICE":
            about = self._object_of(message) or self._objects.get((view.party, incident.id))
            by = _partner(message.channel, view.party)
            self._notices.setdefault(
                key, HeardNotice(party=view.party, by=by, at=at, incident=incident.id, object=about)
            )
        answered = message.answered_ms if message.type == "QUERY" else message.read_ms
        if answered is not None and message.type in ("QUERY", "NOTICE"):
            self._answers.setdefault(
                key, Answered(party=view.party, what=message.type, received=at, answered=Instant(answered))
            )
        if key not in self._told and message.type not in LINE_WORDS:
            self._told.add(key)
            self.tell(at, view.party, _kind(message.type), self._in_words(view.party, incident, message))

    def _in_words(self, party: str, incident: IncidentView, message: MessageView) -> str:
        about = self._objects.get((party, incident.id))
        which = f" ({about})" if about else " (no true object near)" if message.type == "NOTICE" else ""
        detail = message.body.get("answer") or message.body.get("outcome") or message.body.get("phase") or ""
        words = f"{message.type} {detail}".strip()
        return f"{words} from {_partner(message.channel, party)}: {incident.id}{which}"

    def _object_of(self, message: MessageView) -> str | None:
        """The true object that was where the message says, a little before it was stated."""
        told: Any = message.body.get("object")
        if not isinstance(told, dict) or not isinstance(told.get("at"), dict):
            return None
        place = Position(told["at"]["lat_e7"] / 1e7, told["at"]["lon_e7"] / 1e7)
        found = self.nearest(place, Instant(message.stated_ms - NOTICE_AGE_MS // 2), float(told.get("accuracy_m", 0)))
        return found[0] if found else None

    def _warning_of(self, party: str, incident: IncidentView, name: str) -> None:
        warning = next(warning for warning in incident.warnings if warning.id == name)
        key, known = (party, name), self._warnings.get((party, name))
        self._warnings[key] = SeenWarning(
            party=party,
            district=warning.district,
            level=warning.level,
            proposed=Instant(warning.proposed_ms),
            issued=Instant(warning.issued_ms) if warning.issued_ms is not None else None,
            object=self._objects.get((party, incident.id)),
        )
        if known is None:
            text = f"{warning.level} proposed for {warning.district_name}"
            self.tell(Instant(warning.proposed_ms), party, "warning", text)
        if warning.issued_ms is not None and (known is None or known.issued is None):
            text = f"{warning.level} issued for {warning.district_name}"
            self.tell(Instant(warning.issued_ms), party, "warning", text)

    def _missed_now(self, party: str, incident: IncidentView) -> Iterator[str]:
        owed = [(thread.partner, owed) for thread in incident.threads for owed in thread.obligations]
        for partner, obligation in (*owed, *(("the public", owed) for owed in incident.obligations)):
            key = (party, f"{incident.id}/{partner}/{obligation.id}")
            if obligation.missed and obligation.owner == "us" and key not in self._missed:
                self._missed.add(key)
                yield f"{obligation.what} to {partner} is overdue: {incident.id}"


def _messages(incident: IncidentView) -> Iterator[MessageView]:
    for thread in incident.threads:
        yield from thread.messages


def _partner(channel: str, party: str) -> str:
    first, _, second = channel.partition("-")
    return second if first == party else first


def _kind(message: str) -> str:
    return "notice" if message in ("NOTICE", "LOST") else "procedure"
