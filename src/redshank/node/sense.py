"""Sense: the ephemeral half of a step. Reports and time move the picture and its forecasts; what is worth a decision
comes out as recorded events.

Here: which objects are forecast when, which forecasts, crossings and losses matter. Not here: what follows (duty).
May know: the core rooms below, node's state.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import msgspec
from msgspec.structs import replace

from redshank.forecast.forecast import forecast_tracks
from redshank.forecast.geography import Way
from redshank.node import nights
from redshank.node.events import Recorded, Reported, Snapshot, SnapshotTaken
from redshank.node.state import Look, NodeState, Watch
from redshank.picture import FusedTrack, absorb, advance, fused, moved
from redshank.procedure.agreement import ManyRule
from redshank.procedure.incident import OwnObject
from redshank.procedure.obligation import Owner
from redshank.terms import limits
from redshank.terms.crossing import Crossing, Forecast
from redshank.terms.geo import Position, distance_m
from redshank.terms.ids import ChannelId, CountryId, IncidentId, PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import Phase
from redshank.terms.track import Life, Status, Track

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
    """Lets time pass in the picture; returns what is worth a decision, oldest object first.

    A look at a large picture takes several ticks, each short: the picture first, then forecasts, then what is worth
    telling, all with the time at which it is done. While `state.look` is set the next tick may follow at once.
    """
    is_large = len(state.picture.own) + len(state.picture.received) > limits.OBJECTS_PER_STEP
    if state.look is None:
        state = _looked(state, now)
        if is_large:
            return state, []
    if state.look is not None and state.look.due:
        state = _forecast(state, state.look, now)
        if is_large or (state.look is not None and state.look.due):
            return state, []
    return (state, []) if state.look is None else _worth_telling(state, state.look, now)


def _looked(state: NodeState, now: Instant) -> NodeState:
    """Begins a look: the picture as it is now, and which of its tracks are to be forecast."""
    picture, lost = advance(state.picture, now)
    before = None if state.looked_at is None else (state.looked_at, state.objects)
    objects = fused(picture, now, before)
    known = {shown.track.id for shown in objects}
    forecasts = {key: forecast for key, forecast in state.forecasts.items() if key in known}
    watches = {key: watch for key, watch in state.watches.items() if key in known}
    losses = {fact.track: fact for fact in lost}
    look = Look(tuple(_due(objects, forecasts, losses, now)), losses)
    return replace(
        state, picture=picture, objects=objects, looked_at=picture, forecasts=forecasts, watches=watches, look=look
    )


def _forecast(state: NodeState, look: Look, now: Instant) -> NodeState:
    """Forecasts of the next few tracks that are due."""
    some, rest = look.due[: limits.FORECAST_TRACKS_PER_STEP], look.due[limits.FORECAST_TRACKS_PER_STEP :]
    charter = state.charter
    made = forecast_tracks(charter.geography, some, now, limits.FORECAST_HORIZON_MS, wind=charter.wind)
    forecasts = {**state.forecasts, **{forecast.track: forecast for forecast in made}}
    return replace(state, forecasts=forecasts, look=msgspec.structs.replace(look, due=rest))


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
    return [track for _, track in waiting[: limits.FORECAST_TRACKS_PER_LOOK]]


def _forecast_pause_ms(track: Track, made: Forecast) -> int:
    """Airliners are many and do not turn into a procedure: they wait the longer time, report or not."""
    if track.life is Life.LOST:
        return FORECAST_LOST_MS
    is_newer = made.state_at is None or track.at > made.state_at
    return FORECAST_NEWER_MS if is_newer and not track.cooperative else FORECAST_AGAIN_MS


_Joined = dict[TrackId, list[tuple[int, TrackId]]]
"""By track: the numbers that younger tracks had before they were joined to it, each with its place in that order."""


class _Eyes:
    """What is the same for all objects of one step; each part is made when something asks for it."""

    def __init__(self, state: NodeState, now: Instant) -> None:
        self.state = state
        self.now = now

    @cached_property
    def concerned(self) -> frozenset[PartyId]:
        """The parties whose territory we watch over: our own, and those whom we may tell."""
        return _concerned(self.state)

    @cached_property
    def joined(self) -> _Joined:
        """Numbers that younger tracks had before."""
        return _joined(self.state)

    @cached_property
    def unseen(self) -> list[OwnObject]:
        """Objects of open incidents of which the picture holds no track any more."""
        return _unseen(self.state)

    @cached_property
    def rules(self) -> dict[ChannelId, ManyRule]:
        """When balloons are one incident, by channel."""
        return nights.rules_of(self.state)

    @cached_property
    def of_nights(self) -> dict[TrackId, OwnObject]:
        """Objects of open nights, by each of their tracks."""
        return nights.objects_of(self.state)

    @cached_property
    def balloons(self) -> list[Track]:
        """Balloons that are worth an incident."""
        return list(_balloons(self))


def _worth_telling(state: NodeState, look: Look, now: Instant) -> tuple[NodeState, list[Recorded]]:
    """Goes through the next objects until so many are seen, or so many facts found, as a step may take."""
    eyes = _Eyes(state, now)
    part = state.objects[look.seen : look.seen + limits.OBJECTS_PER_STEP]
    cuts = _cuts(state, part)
    facts: list[Recorded] = []
    watches = dict(state.watches)
    seen = look.seen
    for shown in part:
        if len(facts) == limits.FACTS_PER_STEP:
            break
        seen += 1
        key = shown.track.id
        if key in state.picture.own or key in state.picture.received:  # it was neither joined nor withdrawn meanwhile
            watches[key], fact = _seen(eyes, shown, look, cuts.get(key, ()))
            facts += [] if fact is None else [fact]
    after = None if seen == len(state.objects) else msgspec.structs.replace(look, seen=seen)
    return replace(state, watches=watches, look=after), facts


def _seen(
    eyes: _Eyes, shown: FusedTrack, look: Look, crossings: tuple[Crossing, ...]
) -> tuple[Watch, SnapshotTaken | None]:
    """What is to be remembered of an object, and the fact that is worth a decision, if there is one."""
    state, now, track = eyes.state, eyes.now, shown.track
    watch = state.watches.get(track.id, Watch(track.position, track.at))
    if track.at > watch.seen_at and track.life is Life.LIVE:
        watch = msgspec.structs.replace(watch, seen_position=track.position, seen_at=track.at)
    loss = look.losses.get(track.id) if track.life is Life.LOST else None
    loss = loss if loss is not None and loss.observer == state.charter.party else None
    members = _names(eyes.joined, shown)
    incident = state.incidents.of_tracks(members)
    forecast = state.forecasts.get(track.id)
    if _worth(eyes, shown, watch, incident, bool(crossings) or loss is not None):
        kin = _kin(eyes, shown) if incident is None else ()
        fact = SnapshotTaken(
            snapshot=snapshot_of(state, shown, kin),
            crossing=crossings[-1] if crossings else None,
            search=loss.search if loss else None,
            many=_many(eyes, track) if incident is None else (),
        )
        told = msgspec.structs.replace(
            watch,
            told_at=now,
            told_phase=phase_of(forecast, now, eyes.concerned),
            told_into=_likely_into(eyes, forecast),
        )
        return told, fact
    if incident is None and watch.told_into:
        still = _likely_into(eyes, forecast, TURNED_AWAY_SHARE)
        watch = msgspec.structs.replace(watch, told_into=watch.told_into & still)
    return watch, None


def _cuts(state: NodeState, objects: Iterable[FusedTrack]) -> dict[TrackId, tuple[Crossing, ...]]:
    """Cuts of the border since the last look. A fused estimate may step back a little in time or place: a cut into
    where it came from is a cut as well, and is reported as one."""
    ways: list[Way] = []
    for shown in objects:
        track, watch = shown.track, state.watches.get(shown.track.id)
        if watch is not None and track.at > watch.seen_at and track.life is Life.LIVE:
            ways.append((track.id, (watch.seen_position, watch.seen_at), (track.position, track.at)))
    return state.charter.geography.crossings_of(ways)


def _worth(eyes: _Eyes, shown: FusedTrack, watch: Watch, incident: IncidentId | None, happened: bool) -> bool:
    """Whether the duty half should hear of the object now."""
    state, now = eyes.state, eyes.now
    forecast = state.forecasts.get(shown.track.id)
    if incident is not None:
        return happened or _worth_again(eyes, shown, watch, incident)
    if shown.track.cooperative or forecast is None or shown.track.life is not Life.LIVE:
        return False  # who answers a transponder is known to air traffic control; a lost one opens nothing new
    if not _mature(state, shown):
        return False
    likely = _likely_into(eyes, forecast)
    if watch.told_at is not None:  # persons have closed its incident: what they knew then opens no new one
        nearer = phase_of(forecast, now, eyes.concerned) is Phase.CROSSING and watch.told_phase is Phase.POSSIBLE
        return happened or bool(likely - watch.told_into) or (nearer and bool(likely))
    return bool(likely) or _is_inside_from_outside(eyes, shown, forecast)


def _worth_again(eyes: _Eyes, shown: FusedTrack, watch: Watch, incident: IncidentId) -> bool:
    """Whether there is news of an object that has an incident: at once a new phase, and at its pace a newer state."""
    phase = phase_of(eyes.state.forecasts.get(shown.track.id), eyes.now, eyes.concerned)
    if watch.told_at is None or phase is not watch.told_phase:
        return True
    if shown.track.at <= watch.told_at or eyes.now - watch.told_at < NOTICE_AGAIN_MS:
        return False
    if shown.track.id in eyes.of_nights:
        held, night = eyes.of_nights[shown.track.id], eyes.state.incidents.get(incident)
        return eyes.now - watch.told_at >= nights.look_again_ms(eyes.state, night, held)
    return eyes.now - watch.told_at >= limits.UPDATE_INTERVAL_MS or _owes_notice(eyes.state, incident)


def _many(eyes: _Eyes, track: Track) -> tuple[ChannelId, ...]:
    if track.status is not Status.BALLOON or not eyes.rules:
        return ()
    return nights.many_on(eyes.rules, track, eyes.balloons)


def _balloons(eyes: _Eyes) -> Iterable[Track]:
    """All that fly, are surely there, and are likely to enter a territory concerned."""
    for shown in eyes.state.objects:
        track = shown.track
        if track.status is not Status.BALLOON or track.cooperative or track.life is not Life.LIVE:
            continue
        if _mature(eyes.state, shown) and _likely_into(eyes, eyes.state.forecasts.get(track.id)):
            yield track


def _mature(state: NodeState, shown: FusedTrack) -> bool:
    """Whether an object is surely one. Clutter makes tracks of three plots that look like fast fliers; few get more.
    What a person saw, a national tracker holds or a partner tells has been judged by somebody."""
    own = state.picture.own.get(shown.track.id)
    if own is None or len(shown.members) > 1 or own.reports >= MATURE_REPORTS:
        return True
    return any(part.sighting or part.source is not None for part in own.parts)


def _concerned(state: NodeState) -> frozenset[PartyId]:
    return frozenset((*state.active_partners(), state.charter.party))


def _joined(state: NodeState) -> _Joined:
    joined: _Joined = {}
    for number, (old, now_known_as) in enumerate(state.picture.aliases.items()):
        joined.setdefault(now_known_as, []).append((number, old))
    return joined


def _unseen(state: NodeState) -> list[OwnObject]:
    present = {member for shown in state.objects for member in shown.members}
    return [held for incident in state.incidents.open.values() for held in incident.own if not held.tracks & present]


def _likely_into(eyes: _Eyes, forecast: Forecast | None, share: float = 1.0) -> frozenset[PartyId]:
    """Which of the parties concerned the object is likely to enter: `share` lowers the threshold."""
    least = eyes.state.charter.open_at_probability * share
    borders = forecast.borders if forecast is not None else ()
    return frozenset(PartyId(b.into) for b in borders if b.probability >= least) & eyes.concerned


def _owes_notice(state: NodeState, incident: IncidentId) -> bool:
    """Whether a NOTICE is owed and still in time: what one report did not let out, the third one may."""
    threads = state.incidents.get(incident).threads.values()
    owed = (owed for thread in threads for owed in thread.obligations)
    return any(o.open and o.what == "notice" and o.owner is Owner.US and o.missed_at is None for o in owed)


def _is_inside_from_outside(eyes: _Eyes, shown: FusedTrack, forecast: Forecast) -> bool:
    """Over a party's territory after a cut that was seen: it has crossed, whatever comes next."""
    if (
        shown.track.id not in eyes.state.watches
        or forecast.over is None
        or PartyId(forecast.over) not in eyes.concerned
    ):
        return False
    started = eyes.state.charter.geography.country_at(first_place(shown.track))
    return started is not None and started != forecast.over


def first_place(track: Track) -> Position:
    """The oldest place in the track's trail."""
    return track.trail[0].position if track.trail else track.position


def _kin(eyes: _Eyes, shown: FusedTrack) -> tuple[TrackId, ...]:
    """Tracks of an open incident that the picture holds no more, and at whose predicted place and speed this object is:
    the same object, seen again after a restart or a gap. Otherwise its partners would be told of a second one."""
    track, found = shown.track, list[tuple[float, tuple[TrackId, ...]]]()
    for held in eyes.unseen:
        if not 0 <= track.at - held.track.at <= KIN_GAP_MS:
            continue
        there = moved([held.track], track.at)[0]
        off_m = distance_m(there.position, track.position)
        spread_m2 = sum(one.covariance[0] + one.covariance[5] for one in (there, track))
        off_mps = math.hypot(there.velocity_e_mps - track.velocity_e_mps, there.velocity_n_mps - track.velocity_n_mps)
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
    return _names(_joined(state), shown)


def _names(joined: _Joined, shown: FusedTrack) -> tuple[TrackId, ...]:
    before = sorted(one for member in shown.members for one in joined.get(member, ()))
    return (*shown.members, *(old for _, old in before))


def phase_of(forecast: Forecast | None, now: Instant, into: Collection[PartyId]) -> Phase:
    """How far a crossing into one of these territories has come: possible, or crossing when it is certain and near."""
    for border in forecast.borders if forecast is not None else ():
        soon = border.probability >= CERTAIN and border.window.p50 - now <= CROSSING_SOON_MS
        if soon and PartyId(border.into) in into:
            return Phase.CROSSING
    return Phase.POSSIBLE
