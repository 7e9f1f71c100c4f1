"""Home: what happens to an incident on our own side: opened, tracks seen, own events, closed without a partner.

Here: those changes, and how an incident takes new threads and entries. Not here: messages (`record`), the table's
machine (`thread`), clocks. May know: terms. Each function checks all, then changes; a refusal leaves the old state.
"""

import msgspec

from redshank.procedure.agreement import Tables
from redshank.procedure.incident import Direction, Entry, Incident, Incidents, OpenedBy, OwnObject
from redshank.procedure.kinds import INTENTS, IncidentKind, overtakes
from redshank.procedure.obligation import Obligation, Owner
from redshank.procedure.table import CLOSED_ALONE, DROPPED, FORECAST, IncidentPhase, Input
from redshank.procedure.thread import Thread, apply, begun_anew, new_thread
from redshank.terms import limits
from redshank.terms.crossing import Forecast
from redshank.terms.ids import ChannelId, IncidentId, TrackId
from redshank.terms.instants import SECOND_MS, Instant, year_of
from redshank.terms.message import MessageType, Outcome
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Track

_NUMBER_MAX = 999_999


def opened(
    incidents: Incidents,
    tables: Tables,
    opened_by: OpenedBy,
    track: Track | None,
    forecast: Forecast | None,
    members: tuple[TrackId, ...],
    now: Instant,
    *,
    groups: bool = False,
) -> Incidents | Refusal:
    """With a new incident of our own for an object, or for many that it `groups`. BUSY when limits.OPEN_INCIDENTS are
    open or the year is used up."""
    if len(incidents.open) >= limits.OPEN_INCIDENTS:
        return Refusal(Reason.BUSY, "incident", f"{limits.OPEN_INCIDENTS} incidents are open; close some")
    name, numbers = next_name(incidents, now)
    if name is None:
        return Refusal(Reason.BUSY, "incident", "all numbers of this year are used")
    incidents = msgspec.structs.replace(incidents, numbers=numbers)
    fresh = Incident(id=name, own_id=name, opened_at=now, opened_by=opened_by, groups=groups)
    fresh = with_event(tables, fresh, "opened", now, note=opened_by.value)
    incidents = incidents.put(fresh)
    return incidents if track is None else seen(incidents, name, track, forecast, members, now)


def next_name(incidents: Incidents, now: Instant) -> tuple[IncidentId | None, dict[int, int]]:
    year = year_of(now)
    number = incidents.numbers.get(year, 0) + 1
    name = IncidentId(f"{incidents.me}-{year}-{number:06d}") if number <= _NUMBER_MAX else None
    return name, {**incidents.numbers, year: number}


def seen(
    incidents: Incidents,
    name: IncidentId,
    track: Track,
    forecast: Forecast | None,
    members: tuple[TrackId, ...],
    now: Instant,
) -> Incidents:
    """With the newest snapshot of an object of the incident; an object that shares no track with a known one gets the
    next number, which it keeps when its best track changes."""
    incident = incidents.get(name)
    if incident.phase is IncidentPhase.CLOSED:
        return incidents
    tracks = frozenset((track.id, *members))
    known = next((held for held in incident.own if held.tracks & tracks), None)
    number = known.number if known else len(incident.own) + 1
    before = known or OwnObject(number, frozenset(), track, forecast)
    fresh = OwnObject(number, tracks | before.tracks, track, forecast, before.told_on)
    own = (*(held for held in incident.own if held is not known), fresh)
    own = tuple(sorted(own, key=lambda held: held.number))
    incidents = incidents.put(msgspec.structs.replace(incident, own=own))
    new = {one for one in fresh.tracks if incidents.tracks.get(one) != incident.id}
    if not new:
        return incidents
    return msgspec.structs.replace(incidents, tracks={**incidents.tracks, **dict.fromkeys(sorted(new), incident.id)})


# --- own events -------------------------------------------------------------------------------------------------------


def begun(incidents: Incidents, tables: Tables, name: IncidentId, channel: ChannelId, now: Instant) -> Incidents:
    """Our forecast concerns the partner of this channel: the thread begins and owes a NOTICE. Again: no change."""
    after = happened(incidents, tables, name, FORECAST, now, channel)
    return incidents if isinstance(after, Refusal) else after


def happened(
    incidents: Incidents,
    tables: Tables,
    name: IncidentId,
    given: Input,
    now: Instant,
    channel: ChannelId | None = None,
) -> Incidents | Refusal:
    """With an own input (forecast, crossed, lost, withheld, dropped, closed-alone) on one channel, or on every thread
    that has a row for it. Refuses with UNKNOWN_INCIDENT or with the table's reason; only on one channel."""
    incident = incidents.find(name)
    if incident is None:
        return unknown(name)
    if incident.phase is IncidentPhase.CLOSED and channel not in incident.threads:
        return Refusal(Reason.ALREADY_CLOSED, "incident", incident.id)
    threads = dict(incident.threads)
    for one in threads if channel is None else (channel,):
        thread = _meant(tables, incident, one, given, now)
        after = apply(tables.of(thread), thread, given, now)
        if isinstance(after, Refusal) and channel is not None:
            return after
        if not isinstance(after, Refusal):
            threads[one] = after
    if threads == incident.threads:
        return incidents
    entry = Entry(at=now, direction=Direction.OWN, type=given, channel=channel)
    return with_threads(incidents, tables, with_entry(incident, entry), threads, now)


def _meant(tables: Tables, incident: Incident, channel: ChannelId, given: Input, now: Instant) -> Thread:
    """The thread that an own event is about: before anything was said, of the kind that we would now speak of."""
    thread = incident.threads.get(channel)
    intent = INTENTS.get(given, IncidentKind.NOTICE)
    if thread is None:
        kind = IncidentKind.BALLOON_NIGHT if incident.groups else intent
        kind = kind if tables.begins(channel, kind) else IncidentKind.NOTICE
        return new_thread(tables.on(channel, kind), incident.own_id, channel, now, kind)
    graver = overtakes(given, thread.kind, intent) and tables.begins(channel, intent)
    if thread.spoken or thread.phase is not IncidentPhase.OPEN or not graver:
        return thread
    return begun_anew(tables.on(channel, intent), thread, intent, now)


def noted(
    incidents: Incidents, tables: Tables, name: IncidentId, event: str, now: Instant, note: str = ""
) -> Incidents:
    """With an own event that no channel sees: ``threatened`` (own territory in the path), ``warned`` (proposed)."""
    incident = incidents.get(name)
    if incident.phase is IncidentPhase.CLOSED:
        return incidents
    return incidents.put(with_event(tables, incident, event, now, note))


def with_event(tables: Tables, incident: Incident, event: str, now: Instant, note: str = "") -> Incident:
    """An own event: begins and settles what we owe at home; each duty is open at most once."""
    duties = list(incident.duties)
    for what, duty in tables.own.duties.items():
        still = next((o for o in duties if o.what == what and o.open), None)
        if event == duty.settles and still is not None:
            duties[duties.index(still)] = msgspec.structs.replace(still, settled_at=now)
        if event == duty.begins and still is None:
            rule = tables.own.obligations[what]
            due = Instant(now + rule.deadline_s * SECOND_MS)
            key = f"{incident.id}/own/{len(duties) + 1}"
            ladder = rule.ladder[Owner.US]
            duties.append(Obligation(id=key, owner=Owner.US, what=what, began_at=now, due=due, ladder=ladder))
    incident = msgspec.structs.replace(incident, duties=tuple(duties))
    return with_entry(incident, Entry(at=now, direction=Direction.OWN, type=event, note=note))


def closed_alone(
    incidents: Incidents,
    tables: Tables,
    name: IncidentId,
    channel: ChannelId,
    now: Instant,
    outcome: Outcome = Outcome.NO_FURTHER_INFORMATION,
) -> Incidents | Refusal:
    """A person ends it without the partner: after the whole ladder (disputed), or before anything was said. An
    incident that concerns no partner closes as a whole."""
    incident = incidents.find(name)
    if incident is None:
        return unknown(name)
    if not incident.threads:
        if incident.phase is IncidentPhase.CLOSED:
            return Refusal(Reason.ALREADY_CLOSED, "incident", incident.id)
        entry = Entry(at=now, direction=Direction.OWN, type=DROPPED)
        return incidents.put(_closed(tables, with_entry(incident, entry), outcome, now))
    if channel not in incident.threads:
        return Refusal(Reason.NOT_IN_TABLE, "channel", f"nothing to close on {channel}")
    after = happened(incidents, tables, name, CLOSED_ALONE, now, channel)
    if isinstance(after, Refusal) and after.reason is Reason.NOT_IN_TABLE:
        dropped = happened(incidents, tables, name, DROPPED, now, channel)
        return after if isinstance(dropped, Refusal) else dropped
    return after


# --- the incident itself ----------------------------------------------------------------------------------------------


def unknown(name: IncidentId) -> Refusal:
    return Refusal(Reason.UNKNOWN_INCIDENT, "incident", f"no incident {name[:20]} on this channel")


def with_entry(incident: Incident, entry: Entry) -> Incident:
    """Appends; when full, the oldest UPDATE makes room, or else the oldest entry: the logs keep everything."""
    timeline, trimmed = incident.timeline, incident.trimmed
    if len(timeline) >= limits.MESSAGES_PER_INCIDENT:
        gone = next((n for n, old in enumerate(timeline) if old.type == MessageType.UPDATE), 0)
        timeline, trimmed = timeline[:gone] + timeline[gone + 1 :], trimmed + 1
    return msgspec.structs.replace(incident, timeline=(*timeline, entry), trimmed=trimmed)


def with_threads(
    incidents: Incidents, tables: Tables, incident: Incident, threads: dict[ChannelId, Thread], now: Instant
) -> Incidents:
    """With the threads, and the phase that follows from them; a phase never goes back."""
    told = bool(threads) and not incident.threads
    incident = msgspec.structs.replace(incident, threads=threads)
    if told:
        incident = with_event(tables, incident, "told", now)
    rank = min(thread.phase.rank for thread in threads.values())
    if rank == IncidentPhase.CLOSED.rank and incident.phase is not IncidentPhase.CLOSED:
        return incidents.put(_closed(tables, incident, incident.outcome, now))
    phase = max(incident.phase, tuple(IncidentPhase)[rank], key=lambda one: one.rank)
    return incidents.put(msgspec.structs.replace(incident, phase=phase))


def _closed(tables: Tables, incident: Incident, outcome: Outcome | None, now: Instant) -> Incident:
    """Every channel has closed: what was owed at home is released."""
    duties = tuple(msgspec.structs.replace(o, settled_at=now, lapsed=True) if o.open else o for o in incident.duties)
    incident = msgspec.structs.replace(
        incident, phase=IncidentPhase.CLOSED, closed_at=now, outcome=outcome, duties=duties
    )
    return with_entry(incident, Entry(at=now, direction=Direction.OWN, type="closed"))
