"""Deadlines: which obligations have been missed, and when the next one falls due.

Here: reading the clock that is passed in. Not here: clocks, and who is told. May know: terms. The caller records each
`Missed` as an event and then applies it with `mark_missed`: each step of a ladder counts exactly once.
"""

import msgspec

from redshank.procedure.agreement import Tables
from redshank.procedure.incident import Direction, Entry, Incident, Incidents
from redshank.procedure.obligation import Obligation, Owner, Step
from redshank.procedure.thread import missed as thread_missed
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import Instant


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """Step `level` of an obligation's ladder has been reached. `channel` is None for what we owe at home."""

    incident: IncidentId
    channel: ChannelId | None
    obligation: str
    what: str
    owner: Owner
    level: int
    step: Step
    at: Instant
    """When the step fell due; the caller may come later."""


def next_deadline(incidents: Incidents) -> Instant | None:
    """When the next step falls due; O(1)."""
    return incidents.due[0][0] if incidents.due else None


def overdue(incidents: Incidents, now: Instant) -> tuple[Missed, ...]:
    """All steps that have fallen due, earliest incident first; at most limits.MISSED_PER_STEP, the rest next time."""
    found: list[Missed] = []
    for at, name in incidents.due:
        if at > now or len(found) >= limits.MISSED_PER_STEP:
            break
        incident = incidents.get(name)
        for channel, thread in incident.threads.items():
            found.extend(_steps(incident, channel, thread.obligations, now))
        found.extend(_steps(incident, None, incident.duties, now))
    return tuple(found[: limits.MISSED_PER_STEP])


def _steps(incident: Incident, channel: ChannelId | None, owed: tuple[Obligation, ...], now: Instant) -> list[Missed]:
    return [
        Missed(
            incident=incident.id, channel=channel, obligation=o.id, what=o.what, owner=o.owner,
            level=level, step=o.ladder[level - 1].step, at=o.step_at(level),
        )
        for o in owed
        if o.open
        for level in range(o.escalation_level + 1, len(o.ladder) + 1)
        if o.step_at(level) <= now
    ]  # fmt: skip


def mark_missed(
    incidents: Incidents, tables: Tables, name: IncidentId, obligation: str, level: int, now: Instant
) -> Incidents:
    """With step `level` taken. A step that was taken before, or a settled obligation, changes nothing."""
    incident = incidents.find(name)
    if incident is None:
        return incidents
    for channel, thread in incident.threads.items():
        owed = next((o for o in thread.obligations if o.id == obligation), None)
        if owed is None:
            continue
        after = thread_missed(tables.of(thread), thread, obligation, level, now)
        if after is thread:
            return incidents
        changed = msgspec.structs.replace(incident, threads={**incident.threads, channel: after})
        return incidents.put(_told(changed, channel, owed, level, now))
    return _mark_duty(incidents, incident, obligation, level, now)


def _mark_duty(incidents: Incidents, incident: Incident, obligation: str, level: int, now: Instant) -> Incidents:
    owed = next((o for o in incident.duties if o.id == obligation and o.open), None)
    if owed is None or owed.exhausted or level != owed.escalation_level + 1:
        return incidents
    first = now if owed.missed_at is None else owed.missed_at
    later = msgspec.structs.replace(owed, escalation_level=level, missed_at=first)
    duties = tuple(later if o is owed else o for o in incident.duties)
    return incidents.put(_told(msgspec.structs.replace(incident, duties=duties), None, owed, level, now))


def _told(incident: Incident, channel: ChannelId | None, owed: Obligation, level: int, now: Instant) -> Incident:
    """The miss stands in the timeline: who owed what, and which step was taken."""
    note = f"{owed.what} {owed.owner.value} {owed.ladder[level - 1].step.value}"
    entry = Entry(at=now, direction=Direction.OWN, type="missed", channel=channel, note=note)
    if len(incident.timeline) >= limits.MESSAGES_PER_INCIDENT:
        return msgspec.structs.replace(incident, trimmed=incident.trimmed + 1)
    return msgspec.structs.replace(incident, timeline=(*incident.timeline, entry))
