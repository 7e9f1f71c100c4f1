"""Render: a node's state as a view.

Here: pure functions from state to view types. Not here: HTTP, and how incidents are shown (`render_incidents`). May
know: node and below.
"""

import math
from collections import Counter
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from redshank.console.agreement_view import agreement_view
from redshank.console.pieces import Memory, Pieces, at_once
from redshank.console.render_incidents import incident_views, obligation_view
from redshank.console.render_people import approval_views, policy_view, shift_view
from redshank.console.view import (
    ContradictionView,
    CrossingView,
    DistrictView,
    EllipseView,
    FeedView,
    ForecastView,
    LineView,
    PartnerPictureView,
    SeenView,
    ToReadOutView,
    TrackView,
    View,
    WitnessView,
)
from redshank.console.voice import statement_views
from redshank.decode.decoded import FeedCounts
from redshank.exchange.session import Session, unreceipted
from redshank.forecast.geography import Geography
from redshank.node import line_tests, voices
from redshank.node.sense import phase_of
from redshank.node.state import Line, NodeState
from redshank.picture import FusedTrack, ellipses_95, moved, own_tracks, received_tracks, search_area
from redshank.release.batch import judge
from redshank.release.decide import decide
from redshank.release.released import Effect, Released, Withheld
from redshank.terms import limits
from redshank.terms.crossing import Forecast
from redshank.terms.draft import TrackDraft
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, CountryId, IncidentId, PartyId, TrackId, partner_on
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import LostBody, MessageType, NoticeBody, ObjectState
from redshank.terms.track import Life, Track
from redshank.wording.wording import languages_of

SLOW_MPS = 1.0  # below this a course is noise
TRACKS_PER_PIECE = 128  # a piece of a drawing takes about 5 ms
SEEN_PER_PIECE = 32


def render(state: NodeState, now: Instant, clock_rate: float) -> View:
    """The whole view at `now`, in one go."""
    return at_once(drawing(state, now, clock_rate, Memory()))


def drawing(state: NodeState, now: Instant, clock_rate: float, memory: Memory) -> Pieces[View]:
    """The same in pieces. Costs a fifth of the forecasts of as many tracks; the caller draws it once per change."""
    tracks = yield from _tracks(state, now)
    forecasts = []
    for number, (track, forecast) in enumerate(sorted(state.forecasts.items())):
        forecasts.append(memory.drawn("forecast", track, (forecast,), _forecast))
        if number % TRACKS_PER_PIECE == 0:
            yield
    incidents = yield from incident_views(state, memory)
    pictures = []
    for channel in state.active_channels():
        pictures.append((yield from _partner_picture(state, channel, now)))
    memory.turn_over()
    return View(
        party=state.charter.party,
        exercise=state.charter.exercise,
        now_ms=now,
        clock_rate=clock_rate,
        tracks=tracks,
        forecasts=forecasts,
        incidents=incidents,
        partner_pictures=pictures,
        lines=[_line(state, channel, now) for channel in sorted(state.sessions)],
        feeds=[_feed(state, counts) for _, counts in sorted(state.feeds.items())],
        approvals=approval_views(state),
        policy=policy_view(state),
        shift=shift_view(state),
    )


def _feed(state: NodeState, counts: FeedCounts) -> FeedView:
    """What decode refused and what the picture could not use, as one: a report counts as accepted once both took it."""
    book = state.picture.sources.get(counts.source)
    unused = dict(book.refused) if book else {}
    refused = Counter(dict(counts.refused)) + Counter(unused)
    return FeedView(
        source=counts.source,
        accepted=counts.accepted - sum(unused.values()),
        refused=sorted((reason.value, count) for reason, count in refused.items()),
        last_ms=counts.last_at,
    )


def _tracks(state: NodeState, now: Instant) -> Pieces[list[TrackView]]:
    """The best estimate of each object, and its parts where there are several."""
    rows: list[_Row] = []
    several = any(len(item.members) > 1 for item in state.objects)
    known = (*own_tracks(state.picture), *received_tracks(state.picture)) if several else ()
    parts = {track.id: track for track in known}
    for item in state.objects:
        incident = state.incidents.of_tracks(item.members)
        fused = len(item.members) > 1
        rows.append(_Row(item.track, item.members, incident, fused))
        if fused:
            singles = [parts[member] for member in item.members if member in parts]
            rows.extend(_Row(part, (part.id,), incident, False) for part in singles)
    views: list[TrackView] = []
    for first in range(0, len(rows), TRACKS_PER_PIECE):
        some = rows[first : first + TRACKS_PER_PIECE]
        flying = iter(moved([row.track for row in some if row.track.life is Life.LIVE], now))  # in one go: it is arrays
        places = [next(flying) if row.track.life is Life.LIVE else row.track for row in some]
        ellipses = ellipses_95(places)
        views += [_track(state, *one, now) for one in zip(some, places, ellipses, strict=True)]
        yield
    return views


class _Row(NamedTuple):
    """A track to show, as it was last estimated."""

    track: Track
    members: tuple[TrackId, ...]
    incident: IncidentId | None
    fused: bool


def _track(state: NodeState, row: _Row, here: Track, ellipse: tuple[float, float, float], now: Instant) -> TrackView:
    """`here` is the track led on to `now`, with its error ellipse then."""
    track = row.track
    search = search_area(track, now) if track.life is Life.LOST else None
    course = math.degrees(math.atan2(track.velocity_e_mps, track.velocity_n_mps)) % 360.0
    return TrackView(
        id=f"{track.id}*" if row.fused else track.id,
        observer=track.observer,
        mine=track.observer == state.charter.party,
        fused=row.fused,
        lat=here.position.lat_deg,
        lon=here.position.lon_deg,
        course_deg=course if track.speed_mps >= SLOW_MPS else None,
        speed_mps=track.speed_mps,
        altitude_m=track.altitude_m,
        status=track.status.value,
        life=track.life.value,
        at_ms=track.at,
        last_report_ms=track.last_report_at,
        ellipse=EllipseView(*ellipse),
        sources=len(track.sources),
        trail=[(point.position.lat_deg, point.position.lon_deg) for point in track.trail],
        fused_with=[member for member in row.members if member != track.id],
        incident=row.incident,
        search_lat=search.centre.lat_deg if search else None,
        search_lon=search.centre.lon_deg if search else None,
        search_radius_m=search.radius_m if search else None,
    )


def _forecast(made_of: tuple[Any, ...]) -> ForecastView:
    forecast: Forecast = made_of[0]
    return ForecastView(
        track=forecast.track,
        made_at_ms=forecast.made_at,
        over=forecast.over,
        borders=[
            CrossingView(
                border=border.border,
                out_of=border.out_of,
                into=border.into,
                probability=border.probability,
                p10_ms=border.window.p10,
                p50_ms=border.window.p50,
                p90_ms=border.window.p90,
                stretch=[
                    (place.lat_deg, place.lon_deg)
                    for place in (border.stretch.start, border.stretch.middle, border.stretch.end)
                ],
                stretch_m=border.stretch.length_m,
            )
            for border in forecast.borders
        ],
        districts=[
            DistrictView(
                district=district.district,
                country=district.country,
                name=district.name,
                probability=district.probability,
                p10_ms=district.enters.p10,
                p50_ms=district.enters.p50,
                p90_ms=district.enters.p90,
                leaves_ms=district.leaves_p90,
            )
            for district in forecast.districts
        ],
    )


def _line(state: NodeState, channel: ChannelId, now: Instant) -> LineView:
    session, line = state.sessions[channel], state.line(channel)
    return LineView(
        channel=channel,
        partner=session.partner,
        state=_line_state(state, channel, now),
        own_size=session.own.size,
        receipted_size=session.own.receipted_size,
        partner_size=session.theirs.size,
        queued=0 if session.lone else sum(unreceipted(one) for one in state.generations(channel)),
        generation=session.generation,
        next_keys=_next_keys(session),
        last_contact_ms=line.last_contact,
        last_test_ms=line.last_test,
        test_state="" if line.test is None else line.test.state,
        obligations=[] if line.test is None else [obligation_view(owed) for owed in line.test.obligations],
        refusals=sorted((reason.value, count) for reason, count in line.refusals.items()),
        voice=statement_views(state.statements(channel)),
        lone=session.lone,
        languages=languages_of(session.partner, state.charter.agreements[channel].languages),
        to_read_out=[_to_read_out(one) for one in voices.to_read_out(state, channel)],
        not_heard=list(voices.not_heard(state, channel)),
        contradictions=[
            ContradictionView(
                number=number,
                kind=one.kind.value,
                found_ms=one.at,
                serial=one.serial,
                size=one.size,
                seen_ms=one.seen_at,
                cleared_ms=one.cleared_at,
            )
            for number, one in enumerate(state.contradictions.get(channel, ()))
        ],
        witnesses=[_witness(session, line, witness.name) for witness in session.witnesses.witnesses],
        witnesses_required=session.witnesses.required,
        witnessed_size=session.witnessing.quorum_size(session.witnesses),
        agreement=agreement_view(state, channel, now),
    )


def _to_read_out(one: voices.ToReadOut) -> ToReadOutView:
    return ToReadOutView(
        serial=one.serial,
        type=one.type.value,
        incident=one.incident,
        stated_ms=one.stated_at,
        due_ms=one.due,
        read_out_ms=one.read_out_at,
    )


def _next_keys(session: Session) -> str:
    if session.theirs_end is not None:
        return "awaited"
    return "" if session.next is None else "confirmed"


def _witness(session: Session, line: Line, name: str) -> WitnessView:
    newest = next((one for one in session.witnessing.newest if one.witness == name), None)
    return WitnessView(
        name=name,
        size=0 if newest is None else newest.size,
        at_ms=None if newest is None else newest.at_s * SECOND_MS,
        trouble=line.witness_troubles.get(name, ""),
    )


def _line_state(state: NodeState, channel: ChannelId, now: Instant) -> str:
    line = state.line(channel)
    if not state.is_active(channel):
        agreement = state.charter.agreements.get(channel)
        return "dormant" if agreement is None else agreement.state.value
    if channel in state.charter.by_voice:
        return "voice"
    if line.failing_since is not None:
        return "down"
    overdue = line.test_sent_at is not None and now - line.test_sent_at > limits.TEST_ANSWER_MS
    overdue = overdue or line_tests.is_missed(line)
    if line.last_contact is None or overdue:
        return "amber"
    return "up"


def _partner_picture(state: NodeState, channel: ChannelId, now: Instant) -> Pieces[PartnerPictureView]:
    """What the partner would get of each of my live objects now, whether or not anything was sent. Of all at once it is
    asked which rule decides; only what would leave is then built."""
    partner, me = partner_on(channel, state.charter.party), state.charter.party
    own = [shown for shown in state.objects if shown.track.observer == me and shown.track.life is Life.LIVE]
    away = np.zeros((len(own), 1))
    for number, shown in enumerate(own):
        away[number, 0] = _distance_m(state.charter.geography, shown.track.position, CountryId(partner))
        if number % SEEN_PER_PIECE == 0:
            yield
    verdicts = judge(state.policy, [shown.track for shown in own], (partner,), away, now, by_person=True)
    seen = []
    for number, shown in enumerate(own):
        rule, effect = verdicts.of(number, 0)
        is_told = effect is Effect.RELEASE
        seen.append(_seen(state, channel, partner, shown, now) if is_told else _unseen_view(shown.track.id, rule))
        if number % SEEN_PER_PIECE == 0:
            yield
    return PartnerPictureView(partner=partner, channel=channel, seen=seen)


def _seen(state: NodeState, channel: ChannelId, partner: PartyId, shown: FusedTrack, now: Instant) -> SeenView:
    track = shown.track
    forecast = state.forecasts.get(track.id)
    draft = TrackDraft(
        type=MessageType.NOTICE,
        channel=channel,
        partner=partner,
        incident=state.incidents.of_tracks(shown.members) or IncidentId(f"{state.charter.party}-0000-000000"),
        object_number=1,
        track=track,
        phase=phase_of(forecast, now, (partner,)),
        distance_to_partner_m=_distance_m(state.charter.geography, track.position, CountryId(partner)),
        forecast=forecast,
        by_person=True,
    )
    verdict = decide(state.policy, draft, now)
    return _seen_view(track.id, verdict)


@lru_cache(maxsize=65_536)
def _distance_m(geography: Geography, place: Position, country: CountryId) -> float:
    """Each track's place stays the same for several views, until its next report."""
    return geography.distance_to_country_m(place, country)


def _seen_view(track: TrackId, verdict: Released | Withheld) -> SeenView:
    told = _told(verdict)
    if told is None:
        return _unseen_view(track, verdict.verdict.rule)
    place = told.at.position()
    return SeenView(
        track=track,
        released=True,
        rule=verdict.verdict.rule,
        lat=place.lat_deg,
        lon=place.lon_deg,
        accuracy_m=told.accuracy_m,
        altitude_m=told.altitude_m,
        course_deg=told.course_deg,
        speed_kmh=told.speed_kmh,
        status=told.status.value,
        hidden=list(verdict.verdict.hidden),
    )


def _unseen_view(track: TrackId, rule: str) -> SeenView:
    return SeenView(
        track=track,
        released=False,
        rule=rule,
        lat=None,
        lon=None,
        accuracy_m=None,
        altitude_m=None,
        course_deg=None,
        speed_kmh=None,
        status=None,
        hidden=[("track", rule)],
    )


def _told(verdict: Released | Withheld) -> ObjectState | None:
    if isinstance(verdict, Released) and isinstance(verdict.body, NoticeBody | LostBody):
        return verdict.body.object
    return None
