"""Pausing: what becomes of open incidents on a channel whose agreement is suspended, resumes or ends.

Here: the marks in their timelines, deadlines that are put off by the time that the agreement stood still, what an end
releases. Not here: whether it stands still (`life`), messages (`record`). May know: terms. The laws are AGR-8 to
AGR-10. All incidents change at once: a node may hold thousands, and a stop must not wait for them.
"""

from collections.abc import Callable

import msgspec

from redshank.procedure.home import with_entry
from redshank.procedure.incident import Direction, Entry, Incident, Incidents
from redshank.procedure.obligation import Obligation
from redshank.procedure.table import IncidentPhase
from redshank.procedure.thread import Thread
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant

_changed = msgspec.structs.replace


def marked(incidents: Incidents, channel: ChannelId, event: str, now: Instant) -> Incidents:
    """With an entry in the timeline of each incident that is open on the channel: from here on it stood still, went on,
    or ended."""
    entry = Entry(at=now, direction=Direction.OWN, type=event, channel=channel)

    def mark(incident: Incident) -> Incident:
        is_open = incident.threads[channel].phase is not IncidentPhase.CLOSED
        return with_entry(incident, entry) if is_open else incident

    return _each(incidents, channel, mark)


def put_off(incidents: Incidents, channel: ChannelId, by_ms: int) -> Incidents:
    """With the deadlines of what is owed on the channel, and the steps after them, later by so much. What had been
    missed before stays missed."""

    def later(incident: Incident) -> Incident:
        thread = incident.threads[channel]
        owed = tuple(_changed(one, due=Instant(one.due + by_ms)) for one in thread.obligations)
        return _with_thread(incident, _changed(thread, obligations=owed))

    return _each(incidents, channel, later)


def released(incidents: Incidents, channel: ChannelId, now: Instant) -> Incidents:
    """With nothing owed any more in what is open on the channel: the end of the agreement releases it. What a close has
    begun goes on, and an incident that is not closed is still to be closed."""

    def lapse(incident: Incident) -> Incident:
        thread = incident.threads[channel]
        if thread.phase is not IncidentPhase.OPEN:
            return incident  # a close is under way: what it has begun goes on
        ended: tuple[Obligation, ...] = tuple(
            _changed(owed, settled_at=now, lapsed=True) for owed in thread.obligations
        )
        kept = (*thread.settled, *ended)[-limits.SETTLED_PER_THREAD :]
        return _with_thread(incident, _changed(thread, obligations=(), settled=kept))

    return _each(incidents, channel, lapse)


def _with_thread(incident: Incident, thread: Thread) -> Incident:
    return _changed(incident, threads={**incident.threads, thread.channel: thread})


def _each(incidents: Incidents, channel: ChannelId, change: Callable[[Incident], Incident]) -> Incidents:
    """With every incident changed that has a thread on the channel and is open there, or owes something there."""
    fresh = dict[bool, dict[str, Incident]]()
    for is_open, held in ((True, incidents.open), (False, incidents.closed)):
        fresh[is_open] = {
            name: after
            for name, incident in held.items()
            if (thread := incident.threads.get(channel)) is not None
            and (is_open or thread.obligations)
            and (after := change(incident)) is not incident
        }
    touched = fresh[True] | fresh[False]
    kept = [pair for pair in incidents.due if pair[1] not in touched]
    moved = [(due, one.id) for one in touched.values() if (due := one.next_due) is not None]
    return _changed(
        incidents,
        open={**incidents.open, **fresh[True]},
        closed={**incidents.closed, **fresh[False]},
        due=tuple(sorted([*kept, *moved])),
    )
