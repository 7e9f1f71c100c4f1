"""Nights: hundreds of balloons as one incident (PROC-36): when they are one, who joins, how often they are told of.

Here: the agreement's rule over the picture, and what a night changes in what the machine says. Not here: the table
(procedure), opening and telling (duty). May know: the core rooms below, node's state.
"""

from collections.abc import Iterable, Sequence

from redshank.node.state import NodeState
from redshank.procedure.agreement import ManyRule
from redshank.procedure.incident import Direction, Entry, Incident, OwnObject
from redshank.terms import limits
from redshank.terms.geo import distance_m
from redshank.terms.ids import ChannelId, IncidentId, TrackId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import NoticeBody, Phase
from redshank.terms.track import Status, Track

KM_M = 1_000.0
GATHER_MS = 30_000
"""The first word waits so long for a second object that may leave: it is to say that there are many. A tenth of the
time that the table gives for it."""
TOLD_TOGETHER = 2
"""From this count on, a first word says by itself that it is about many (PROC-33)."""


def rules_of(state: NodeState) -> dict[ChannelId, ManyRule]:
    """The rules of the agreements in force."""
    found = {channel: state.charter.tables.many(channel) for channel in state.active_channels()}
    return {channel: rule for channel, rule in found.items() if rule is not None}


def many_on(rules: dict[ChannelId, ManyRule], track: Track, others: Sequence[Track]) -> tuple[ChannelId, ...]:
    """The channels by whose rule a balloon and the `others` worth telling are one incident."""
    return tuple(channel for channel, rule in rules.items() if _like(rule, track, others) > rule.objects)


def _like(rule: ManyRule, track: Track, others: Iterable[Track]) -> int:
    """How many are like this one, itself counted; no farther than the rule needs."""
    count = 1
    for other in others:
        if other.id != track.id and _near(rule, track, other):
            count += 1
            if count > rule.objects:
                break
    return count


def _near(rule: ManyRule, one: Track, other: Track) -> bool:
    if abs(one.first_at - other.first_at) > rule.within_s * SECOND_MS:
        return False
    return distance_m(one.position, other.position) <= rule.radius_km * KM_M


def night_for(state: NodeState, track: Track) -> IncidentId | None:
    """The open night that a balloon joins: one of its objects is near, and came not much earlier or later."""
    if track.status is not Status.BALLOON:
        return None
    rules = rules_of(state).values()
    for incident in state.incidents.open.values():
        if not incident.groups or len(incident.own) >= limits.OBJECTS_PER_INCIDENT:
            continue  # a full one is followed by another: the partner takes no more objects under one name
        held = reversed(incident.own)  # those that came last are the likeliest neighbours
        if any(_near(rule, track, one.track) for one in held for rule in rules):
            return incident.id
    return None


def update_ms(state: NodeState, channel: ChannelId) -> int:
    """How often at most each object of a night is told of on a channel."""
    rule = state.charter.tables.many(channel)
    return 0 if rule is None else rule.update_s * SECOND_MS


def objects_of(state: NodeState) -> dict[TrackId, OwnObject]:
    """The objects of all open nights, by each of their tracks."""
    nights = (incident for incident in state.incidents.open.values() if incident.groups)
    return {track: held for night in nights for held in night.own for track in held.tracks}


def look_again_ms(state: NodeState, night: Incident, held: OwnObject) -> int:
    """How often at most the duty half needs to hear of an object of a night: of one that a partner does not know yet as
    often as of any other."""
    if any(channel not in held.told_on for channel in night.threads):
        return limits.UPDATE_INTERVAL_MS
    paces = [update_ms(state, channel) for channel in night.threads]
    return min((pace for pace in paces if pace), default=limits.UPDATE_INTERVAL_MS)


def due_on(state: NodeState, incident: Incident, channel: ChannelId, number: int, phase: Phase, now: Instant) -> bool:
    """Whether a night's object is to be told of now: a late joiner at once, a new phase at once, else at its pace."""
    last = _last(incident, channel, number)
    if last is None or not isinstance(last.body, NoticeBody):
        return True
    return last.body.phase is not phase or now - last.at >= update_ms(state, channel)


def last_told(incident: Incident, channel: ChannelId, number: int) -> Instant | None:
    """When something about an object last left on a channel."""
    last = _last(incident, channel, number)
    return None if last is None else last.at


def _last(incident: Incident, channel: ChannelId, number: int) -> Entry | None:
    for entry in reversed(incident.timeline):
        told = entry.direction is Direction.SENT and entry.channel == channel
        if told and isinstance(entry.body, NoticeBody) and entry.body.object.object == number:
            return entry
    return None
