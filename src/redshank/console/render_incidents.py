"""Render incidents: queue, threads, messages, obligations and warnings as views. May know: node and below."""

from functools import partial
from typing import Any

import msgspec

from redshank.console.agreement_view import may_now
from redshank.console.pieces import Memory, Pieces
from redshank.console.view import IncidentView, MessageView, ObligationView, ThreadView, WarningView
from redshank.node.state import Alert, NodeState
from redshank.procedure.incident import Act, Direction, Entry, Incident, Voice, acts
from redshank.procedure.obligation import Obligation
from redshank.procedure.required import Said, missing_in
from redshank.procedure.table import IncidentPhase
from redshank.procedure.thread import Thread
from redshank.terms.ids import ChannelId, IncidentId, PartyId, partner_on
from redshank.warning.proposal import Level

CLOSED_SHOWN = 20  # the newest closed incidents stay in the queue's foot; the record has all
TIMELINE_SHOWN = 200
NEVER = 1 << 62
INCIDENTS_PER_PIECE = 16


def incident_views(state: NodeState, memory: Memory) -> Pieces[list[IncidentView]]:
    """Open incidents by their next deadline, then the newest closed ones."""
    incidents = state.incidents
    alerts: dict[IncidentId, list[Alert]] = {}
    for alert in state.alerts.values():
        alerts.setdefault(alert.proposal.incident, []).append(alert)
    ended = sorted(incidents.closed.values(), key=lambda one: (-(one.closed_at or 0), one.id))[:CLOSED_SHOWN]
    channels = state.active_channels()
    made: list[tuple[Incident, tuple[int, IncidentView]]] = []
    for number, incident in enumerate((*incidents.open.values(), *ended)):
        own = alerts.get(incident.id, [])
        drawn = memory.drawn("incident", incident.id, (incident, *own, *channels), partial(_incident, state, own))
        made.append((incident, drawn))
        if number % INCIDENTS_PER_PIECE == 0:
            yield
    waiting = sorted(made[: len(incidents.open)], key=lambda one: (one[1][0], one[0].opened_at, one[0].id))
    return [view for _, (_, view) in (*waiting, *made[len(incidents.open) :])]


def _incident(state: NodeState, own: list[Alert], made_of: tuple[Any, ...]) -> tuple[int, IncidentView]:
    """When its next deadline is, and its view; `own` are its alerts."""
    incident: Incident = made_of[0]
    alerts = [alert for alert in own if not _clears_nothing(state, alert)]
    threads = [_thread(state, incident, channel) for channel in sorted(incident.threads)]
    if not threads:
        threads = [_at_home(state, incident)]
    if any(held.track.observer == state.charter.party for held in incident.own):
        threads += [_untold(state, incident, name) for name in state.active_channels() if name not in incident.threads]
    view = IncidentView(
        id=incident.id,
        aliases=list(incident.aliases),
        phase=incident.phase.value,
        opened_ms=incident.opened_at,
        opened_by=incident.opened_by.value,
        closed_ms=incident.closed_at,
        outcome=incident.outcome.value if incident.outcome else None,
        tracks=list(incident.track_ids),
        obligations=[obligation_view(owed) for owed in incident.duties if owed.open],
        threads=threads,
        warnings=[_warning(own, alert) for alert in alerts],
    )
    return incident.next_due or NEVER, view


def _at_home(state: NodeState, incident: Incident) -> ThreadView:
    """An incident that concerns no partner: it is ours to close."""
    is_open = incident.phase is not IncidentPhase.CLOSED
    return ThreadView(
        channel=state.charter.party,
        partner=state.charter.party,
        state="at-home",
        obligations=[],
        messages=[],
        acts=[Act.CLOSE_ALONE.value] if is_open else [],
    )


def _untold(state: NodeState, incident: Incident, channel: ChannelId) -> ThreadView:
    """A partner that nothing asks us to tell: a person may still give notice of what we ourselves see."""
    return ThreadView(
        channel=channel,
        partner=partner_on(channel, state.charter.party),
        state="quiet",
        obligations=[],
        messages=[],
        lone=_lone(state, channel),
        acts=may_now(state, channel, [act.value for act in acts(state.charter.tables, incident, channel)]),
    )


def _thread(state: NodeState, incident: Incident, channel: ChannelId) -> ThreadView:
    thread: Thread = incident.threads[channel]
    messages = incident.messages(channel)[-TIMELINE_SHOWN:]
    return ThreadView(
        channel=channel,
        partner=partner_on(channel, state.charter.party),
        kind=thread.kind.value,
        state=thread.state,
        obligations=[obligation_view(owed) for owed in thread.obligations],
        messages=[_message(channel, entry, state.charter.party, lone=_lone(state, channel)) for entry in messages],
        lone=_lone(state, channel),
        acts=may_now(state, channel, [act.value for act in acts(state.charter.tables, incident, channel)]),
    )


def obligation_view(owed: Obligation) -> ObligationView:
    """What is owed, by when, and which step has been reached."""
    return ObligationView(
        id=owed.id,
        owner=owed.owner.value,
        what=owed.what,
        due_ms=owed.due,
        missed=owed.missed_at is not None,
        escalation=owed.step.value if owed.step else None,
    )


def _lone(state: NodeState, channel: ChannelId) -> bool:
    session = state.sessions.get(channel)
    return session is not None and session.lone


def _message(channel: ChannelId, entry: Entry, me: PartyId, *, lone: bool) -> MessageView:
    heard = "unsigned" if lone and entry.voice is Voice.HEARD else entry.voice.value if entry.voice else None
    return MessageView(
        channel=channel,
        direction=entry.direction.value,
        serial=entry.serial or 0,
        generation=entry.ref.generation if entry.ref else 0,
        type=entry.type,
        stated_ms=entry.stated_ms or entry.at,
        incident=entry.incident,
        in_reply_to=entry.in_reply_to,
        body=msgspec.to_builtins(entry.body),
        text=entry.text,
        rule=entry.rule,
        received_ms=entry.received_at,
        read_ms=entry.read_at,
        answered_ms=entry.answered_at,
        voice=heard,
        read_out_ms=entry.read_out_at,
        read_back_ms=entry.read_back_at,
        stale_ms=entry.stale_ms,
        corrected_by=entry.corrected_by.serial if entry.corrected_by else None,
        cancelled_by=entry.cancelled_by.serial if entry.cancelled_by else None,
        missing=list(_missing(channel, entry, me)),
    )


def _missing(channel: ChannelId, entry: Entry, me: PartyId) -> tuple[str, ...]:
    """What its form asks for; of a message heard by voice nothing is asked, for the voice form says less."""
    if entry.body is None or entry.voice is Voice.HEARD:
        return ()
    receiver = partner_on(channel, me) if entry.direction is Direction.SENT else me
    return missing_in(Said(entry.type, receiver, entry.body, entry.observed_ms))


def _clears_nothing(state: NodeState, alert: Alert) -> bool:
    """An all-clear after proposals that nobody issued: it ends them, but there is nothing to tell the public."""
    earlier = (state.alerts.get(name) for name in alert.proposal.references)
    issued = any(other is not None and other.issued_at is not None for other in earlier)
    return alert.proposal.level is Level.ALL_CLEAR and alert.issued_at is None and not issued


def _warning(own: list[Alert], alert: Alert) -> WarningView:
    """`own` are all alerts of the incident."""
    proposal = alert.proposal
    replaced = [other.proposal.made_at for other in own if proposal.id in other.proposal.references]
    return WarningView(
        id=proposal.id,
        incident=proposal.incident,
        district=proposal.district,
        district_name=proposal.name,
        level=proposal.level.value,
        proposed_ms=proposal.made_at,
        impact_p50_ms=proposal.impact_p50,
        issued_ms=alert.issued_at,
        ended_ms=min(replaced, default=None),
        languages=list(proposal.languages),
    )
