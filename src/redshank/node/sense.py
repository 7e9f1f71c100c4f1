"""Sense: the ephemeral half of a step. Reports and time move the picture and its forecasts; what is worth a decision
comes out as recorded events.

Here: which objects are forecast when, which forecasts, crossings and losses matter. Not here: what follows (duty).
May know: the core rooms below, node's state.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from msgspec.structs import replace

import msgspec

from redshank.forecast.forecast import forecast_tracks
from redshank.node.events import Recorded, Reported, Snapshot, SnapshotTaken
from redshank.node.state import NodeState, Watch
from redshank.picture import FusedTrack, TrackLostFact, absorb, advance, fused, moved
from redshank.procedure.obligation import Owner
from redshank.terms import limits
from redshank.terms.crossing import Crossing, Forecast
from redshank.terms.geo import Position, distance_m
from redshank.terms.ids import CountryId, IncidentId, PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import Phase
from redshank.terms.track import Life, Track

FORECAST_AGAIN_MS = 5_000  # a forecast is made anew after this time at the latest
FORECAST_NEWER_MS = 1_000  # and after this time when there is a newer report: a turn must not wait
FORECAST_LOST_MS = 20_000  # of what is lost nothing new is known: its forecast only ages, for up to half an hour
NOTICE_AGAIN_MS = 1_000  # a NOTICE that is owed does not wait for the next update; ends at its deadline, 60 s
TURNED_AWAY_SHARE = 0.5  # of the threshold that opens an incident: below it a crossing is no longer expected
CROSSING_SOON_MS = 3 * 60_000  # "is crossing": certain, and half of the paths have crossed within this time
CERTAIN = 0.9
MATURE_REPORTS = 5  # plots of a track before the machine opens an incident by itself; two more than it takes to live
KIN_GAP_MS = 5 * 60_000  # a restart and the first scans take seconds; later than this it is another object
KIN_SIGMAS = 3.0
KIN_SPEED_MPS = 25.0  # a turn of half a minute changes the velocity by less


def reported(state: NodeState, event: Reported, now: Instant) -> NodeState:
    """Takes in what a feed saw."""
    counts = state.feed(event.source).plus(event.decoded, now)
    picture = absorb(state.picture, event.decoded.reports, now)
    return replace(state, picture=picture, feeds={**state.feeds, event.source: counts})


def ticked(state: NodeState, now: Instant) -> tuple[NodeState, list[Recorded]]:
    """Lets time pass in the picture; returns what is worth a decision, oldest object first."""
    picture, lost = advance(state.picture, now)
    objects = fused(picture, now)
    known = {shown.track.id for shown in objects}
    forecasts = {key: forecast for key, forecast in state.forecasts.items() if key in known}
    due = _due(objects, forecasts, {fact.track for fact in lost}, now)
    for forecast in forecast_tracks(state.charter.geography, due, now, limits.FORECAST_HORIZON_MS):
        forecasts[forecast.track] = forecast
    watches = {key: watch for key, watch in state.watches.items() if key in known}
    state = replace(state, picture=picture, objects=objects, forecasts=forecasts, watches=watches)
    return _worth_telling(state, lost, now)


def _due(
    objects: Iterable[FusedTrack], forecasts: Mapping[TrackId, Forecast], just_lost: Collection[TrackId], now: Instant
) -> list[Track]:
    """Tracks whose forecast is missing or old, or which have just been lost; those that waited longest first."""
    waiting = []
    for shown in objects:
        made = forecasts.get(shown.track.id)
        late = made is None or now - made.made_at >= _forecast_pause_ms(shown.track, made)
        if late or shown.track.id in just_lost:
            waiting.append((made.made_at if made else Instant(0), shown.track))
    waiting.sort(key=lambda pair: (pair[0], pair[1].id))
    return [track for _, track in waiting[: limits.FORECAST_TRACKS_PER_STEP]]


def _forecast_pause_ms(track: Track, made: Forecast) -> int:
    """Airliners are many and do not turn into a procedure: they wait the longer time, report or not."""
    if track.life is Life.LOST:
        return FORECAST_LOST_MS
    is_newer = made.state_at is None or track.at > made.state_at
    return FORECAST_NEWER_MS if is_newer and not track.cooperative else FORECAST_AGAIN_MS


def _worth_telling(state: NodeState, lost: Iterable[TrackLostFact], now: Instant) -> tuple[NodeState, list[Recorded]]:
    losses = {fact.track: fact for fact in lost}
    facts: list[Recorded] = []
    watches = dict(state.watches)
    for shown in state.objects:
        watch = watches.get(shown.track.id, Watch(shown.track.position, shown.track.at))
        crossings, watch = _crossed(state, shown, watch)
        loss = losses.get(shown.track.id) if shown.track.life is Life.LOST else None
        loss = loss if loss is not None and loss.observer == state.charter.party else None
        incident = state.incidents.of_tracks(known_ids(state, shown))
        if _worth(state, shown, watch, incident, bool(crossings) or loss is not None, now):
            kin = _kin(state, shown) if incident is None else ()
            fact = SnapshotTaken(
                snapshot=snapshot_of(state, shown, kin),
                crossing=crossings[-1] if crossings else None,
                search=loss.search if loss else None,
            )
            facts.append(fact)
            watch = msgspec.structs.replace(
                watch,
                told_at=now,
                told_phase=phase_of(fact.snapshot.forecast, now, _concerned(state)),
                told_into=_likely_into(state, fact.snapshot.forecast),
            )
        elif incident is None and watch.told_into:
            still = _likely_into(state, state.forecasts.get(shown.track.id), TURNED_AWAY_SHARE)
            watch = msgspec.structs.replace(watch, told_into=watch.told_into & still)
        watches[shown.track.id] = watch
    return replace(state, watches=watches), facts


def _crossed(state: NodeState, shown: FusedTrack, watch: Watch) -> tuple[tuple[Crossing, ...], Watch]:
    """Cuts of the border since the last look. A fused estimate may step back a little in time or place: a cut into
    where it came from is a cut as well, and is reported as one."""
    track = shown.track
    if track.at <= watch.seen_at or track.life is not Life.LIVE:
        return (), watch
    cuts = state.charter.geography.crossings_between(
        track.id, (watch.seen_position, watch.seen_at), (track.position, track.at)
    )
    return cuts, msgspec.structs.replace(watch, seen_position=track.position, seen_at=track.at)


def _worth(
    state: NodeState, shown: FusedTrack, watch: Watch, incident: IncidentId | None, happened: bool, now: Instant
) -> bool:
    """Whether the duty half should hear of the object now."""
    forecast = state.forecasts.get(shown.track.id)
    if incident is not None:
        if happened:
            return True
        if watch.told_at is None:
            return True
        phase = phase_of(forecast, now, _concerned(state))
        pause_ms = NOTICE_AGAIN_MS if _owes_notice(state, incident) else limits.UPDATE_INTERVAL_MS
        fresh = shown.track.at > watch.told_at or phase is not watch.told_phase
        return fresh and (phase is not watch.told_phase or now - watch.told_at >= pause_ms)
    if shown.track.cooperative or forecast is None or shown.track.life is not Life.LIVE:
        return False  # who answers a transponder is known to air traffic control; a lost one opens nothing new
    if not _mature(state, shown):
        return False
    likely = _likely_into(state, forecast)
    if watch.told_at is not None:  # persons have closed its incident: what they knew then opens no new one
        nearer = phase_of(forecast, now, _concerned(state)) is Phase.CROSSING and watch.told_phase is Phase.POSSIBLE
        return happened or bool(likely - watch.told_into) or (nearer and bool(likely))
    return bool(likely) or _is_inside_from_outside(state, shown, forecast)


def _mature(state: NodeState, shown: FusedTrack) -> bool:
    """Whether an object is surely one. Clutter makes tracks of three plots that look like fast fliers; few get more.
    What a person saw, a national tracker holds or a partner tells has been judged by somebody."""
    own = state.picture.own.get(shown.track.id)
    if own is None or len(shown.members) > 1 or own.reports >= MATURE_REPORTS:
        return True
    return any(part.sighting or part.source is not None for part in own.parts)


def _concerned(state: NodeState) -> frozenset[PartyId]:
    """The parties whose territory we watch over: our own, and those whom we may tell."""
    return frozenset((*state.active_partners(), state.charter.party))


def _likely_into(state: NodeState, forecast: Forecast | None, share: float = 1.0) -> frozenset[PartyId]:
    """Which of the parties concerned the object is likely to enter: `share` lowers the threshold."""
    least = state.charter.open_at_probability * share
    borders = forecast.borders if forecast is not None else ()
    return frozenset(PartyId(b.into) for b in borders if b.probability >= least) & _concerned(state)


def _owes_notice(state: NodeState, incident: IncidentId) -> bool:
    """Whether a NOTICE is owed and still in time: what one report did not let out, the third one may."""
    threads = state.incidents.get(incident).threads.values()
    owed = (owed for thread in threads for owed in thread.obligations)
    return any(o.open and o.what == "notice" and o.owner is Owner.US and o.missed_at is None for o in owed)


def _is_inside_from_outside(state: NodeState, shown: FusedTrack, forecast: Forecast) -> bool:
    """Over a party's territory after a cut that was seen: it has crossed, whatever comes next."""
    watch = state.watches.get(shown.track.id)
    if watch is None or forecast.over is None:
        return False
    started = state.charter.geography.country_at(first_place(shown.track))
    return started is not None and started != forecast.over and PartyId(forecast.over) in _concerned(state)


def first_place(track: Track) -> Position:
    """The oldest place in the track's trail."""
    return track.trail[0].position if track.trail else track.position


def _kin(state: NodeState, shown: FusedTrack) -> tuple[TrackId, ...]:
    """Tracks of an open incident that the picture holds no more, and at whose predicted place and speed this object is:
    the same object, seen again after a restart or a gap. Otherwise its partners would be told of a second one."""
    present = {member for other in state.objects for member in other.members}
    track, found = shown.track, list[tuple[float, tuple[TrackId, ...]]]()
    for incident in state.incidents.open.values():
        for held in incident.own:
            if held.tracks & present or not 0 <= track.at - held.track.at <= KIN_GAP_MS:
                continue
            there = moved([held.track], track.at)[0]
            off_m = distance_m(there.position, track.position)
            spread_m2 = sum(one.covariance[0] + one.covariance[5] for one in (there, track))
            off_mps = math.hypot(
                there.velocity_e_mps - track.velocity_e_mps, there.velocity_n_mps - track.velocity_n_mps
            )
            if off_m <= KIN_SIGMAS * math.sqrt(spread_m2) and off_mps <= KIN_SPEED_MPS:
                found.append((off_m, tuple(sorted(held.tracks))))
    return min(found)[1] if found else ()


def snapshot_of(state: NodeState, shown: FusedTrack, kin: tuple[TrackId, ...] = ()) -> Snapshot:
    """All that a decision about this object needs, copied out of the picture."""
    geography = state.charter.geography
    partners = sorted(state.active_partners())
    return Snapshot(
        track=shown.track,
        forecast=state.forecasts.get(shown.track.id),
        distances_m=tuple(
            (partner, geography.distance_to_country_m(shown.track.position, CountryId(partner))) for partner in partners
        ),
        members=(*known_ids(state, shown), *kin),
    )


def known_ids(state: NodeState, shown: FusedTrack) -> tuple[TrackId, ...]:
    """The object's tracks, and the numbers that younger tracks had before they were joined to one of these."""
    joined = [old for old, now_known_as in state.picture.aliases.items() if now_known_as in shown.members]
    return (*shown.members, *joined)


def phase_of(forecast: Forecast | None, now: Instant, into: Collection[PartyId]) -> Phase:
    """How far a crossing into one of these territories has come: possible, or crossing when it is certain and near."""
    for border in forecast.borders if forecast is not None else ():
        soon = border.probability >= CERTAIN and border.window.p50 - now <= CROSSING_SOON_MS
        if soon and PartyId(border.into) in into:
            return Phase.CROSSING
    return Phase.POSSIBLE
