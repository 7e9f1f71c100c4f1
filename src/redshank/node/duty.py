"""Duty: what the machine does by itself when something is worth a decision: opens incidents, gives notice and updates,
proposes warnings, counts deadlines, tests lines.

Here: decisions on recorded events alone. Not here: the picture (sense), persons (orders), channels (mail). May know:
the core rooms below, node's state.
"""

import msgspec
from msgspec.structs import replace

from redshank.node import agreements, alerts, approvals, line_tests, nights
from redshank.node.effects import Effect, KeepEvent
from redshank.node.events import (
    DeadlinePassed,
    LineTestMissed,
    Recorded,
    Snapshot,
    SnapshotTaken,
    TestFellDue,
    encode_event,
)
from redshank.node.questions import OnHold
from redshank.node.saying import Spoken, speak
from redshank.node.sense import phase_of
from redshank.node.state import NodeState
from redshank.procedure import deadline, home
from redshank.procedure.agreement import AgreementState, line_test_interval_ms
from redshank.procedure.incident import Direction, Incident, OpenedBy, OwnObject
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.table import CROSSED, FORECAST, LOST, WITHHELD, Input
from redshank.release.decide import decide
from redshank.release.released import Effect as VerdictEffect
from redshank.release.released import Released
from redshank.terms.crossing import Crossing
from redshank.terms.draft import FormDraft, TrackDraft
from redshank.terms.ids import ChannelId, CountryId, IncidentId, PartyId, partner_on
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import MessageType, NoticeBody, Phase, TestBody
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, SearchArea

Done = tuple[NodeState, tuple[Effect, ...]]


def weighed(state: NodeState, event: SnapshotTaken, now: Instant) -> tuple[NodeState, list[Effect]]:
    """An object is worth a decision: open or continue its incident, tell the partners that it concerns, propose
    warnings for our own districts."""
    snapshot = event.snapshot
    kept: list[Effect] = [KeepEvent(encode_event(event))]
    state = _number_tracks(state, snapshot)
    incident = state.incidents.of_tracks(snapshot.members) or nights.night_for(state, snapshot.track)
    if incident is None:
        opened_by = OpenedBy.CROSSING if event.crossing is not None else OpenedBy.FORECAST
        opened = open_for(state, snapshot, opened_by, now, groups=bool(event.many))
        if isinstance(opened, Refusal):
            return state, kept
        state = opened
        incident = state.incidents.of_tracks(snapshot.members)
    else:
        seen = home.seen(state.incidents, incident, snapshot.track, snapshot.forecast, snapshot.members, now)
        state = replace(state, incidents=seen)
    if incident is None:
        raise InvariantBroken("an incident that was opened for a track is found by it")
    for channel in _concerned(state, incident, snapshot, event.crossing):
        state, more = _tell(state, incident, channel, event, now)
        kept.extend(more)
    return _warn(state, incident, now), kept


def _number_tracks(state: NodeState, snapshot: Snapshot) -> NodeState:
    """Track numbers of the journal are never given again: after a restart the picture is new, the incidents are not."""
    own = [member.partition("/")[2] for member in snapshot.members if member.startswith(f"{state.charter.party}/")]
    newest = max((int(number) for number in own if number.isdigit()), default=0)
    if newest < state.picture.next_number:
        return state
    return replace(state, picture=msgspec.structs.replace(state.picture, next_number=newest + 1))


def open_for(
    state: NodeState, snapshot: Snapshot, opened_by: OpenedBy, now: Instant, *, groups: bool = False
) -> NodeState | Refusal:
    """Opens an incident for an object of the picture, or for it and many like it."""
    opened = home.opened(
        state.incidents,
        state.charter.tables,
        opened_by,
        snapshot.track,
        snapshot.forecast,
        snapshot.members,
        now,
        groups=groups,
    )
    return opened if isinstance(opened, Refusal) else replace(state, incidents=opened)


def _concerned(
    state: NodeState, incident: IncidentId, snapshot: Snapshot, crossing: Crossing | None
) -> list[ChannelId]:
    """Active channels whose partner the object concerns: it may enter the partner's territory, is there, has just
    crossed its border, or the partner has been told before."""
    threshold = state.charter.open_at_probability
    forecast = snapshot.forecast
    into = {border.into for border in forecast.borders if border.probability >= threshold} if forecast else set()
    over = forecast.over if forecast else None
    told = state.incidents.get(incident).threads
    concerned = []
    for channel in state.active_channels():
        partner = CountryId(partner_on(channel, state.charter.party))
        crossed = crossing is not None and partner in (crossing.into, crossing.out_of)
        if channel in told or partner in into or partner == over or crossed:
            concerned.append(channel)
    return concerned


def _tell(
    state: NodeState, incident: IncidentId, channel: ChannelId, event: SnapshotTaken, now: Instant
) -> tuple[NodeState, tuple[Effect, ...]]:
    """Begins the thread, which owes a notice; then says what may be said by itself: NOTICE once, UPDATE or LOST after.

    What needs a person stays owed, and the console shows it; what release forbids is no longer owed.
    """
    if event.snapshot.track.observer != state.charter.party:
        return state, ()  # nobody is told what only a partner saw
    partner = CountryId(partner_on(channel, state.charter.party))
    crossing = event.crossing
    if crossing is not None and partner not in (crossing.into, crossing.out_of):
        crossing = None  # another border's crossing is not this partner's
    state = happened(state, incident, channel, FORECAST, now)
    if crossing is not None:
        state = happened(state, incident, channel, CROSSED, now)
    if event.search is not None:
        state = happened(state, incident, channel, LOST, now)
    held, search = state.incidents.get(incident), event.search
    draft = track_draft(state, held, channel, event.snapshot, crossing=crossing, search=search, by_person=False)
    if isinstance(draft, Refusal):
        return state, ()
    if held.groups:
        of_many = _of_many(state, held, draft, now)
        if of_many is None:
            return state, ()
        draft = of_many
    spoken = speak(state, draft, now)
    if isinstance(spoken, OnHold):
        return spoken.state, ()
    if not isinstance(spoken, Refusal):
        return spoken.state, spoken.effects
    if spoken.reason is not Reason.NOT_RELEASED or may_leave_by_person(state, draft, now):
        return state, ()
    if held.groups and together(state, held, channel, now):
        return state, ()  # others of the night may leave: the word is still owed
    return happened(state, incident, channel, WITHHELD, now), ()


def _of_many(state: NodeState, night: Incident, draft: TrackDraft, now: Instant) -> TrackDraft | None:
    """What is said of an object of a night; None: nothing now. The first word says how many there are, and so does
    each later one about the same object; for a single one that is lost nothing is owed."""
    thread = night.threads.get(draft.channel)
    if draft.search is not None:
        return None
    if state.incidents.told(night.id, draft.channel):
        due = nights.due_on(state, night, draft.channel, draft.object_number, draft.phase, now)
        return counted(state, night, draft, now) if due else None
    draft = counted(state, night, draft, now)
    gathers = thread is not None and not thread.spoken and now - thread.since < nights.GATHER_MS
    return None if draft.together < nights.TOLD_TOGETHER and gathers else draft


def counted(state: NodeState, night: Incident, draft: TrackDraft, now: Instant) -> TrackDraft:
    """With the count of the night, where the draft is its first word or about the object of that."""
    if _leader(night, draft.channel) in (None, draft.object_number):
        count = together(state, night, draft.channel, now, by_person=draft.by_person)
        return msgspec.structs.replace(draft, together=max(1, count))
    return draft


def _leader(night: Incident, channel: ChannelId) -> int | None:
    """The object that the first word on a channel was about."""
    bodies = (entry.body for entry in night.messages(channel, Direction.SENT))
    return next((body.object.object for body in bodies if isinstance(body, NoticeBody)), None)


def together(state: NodeState, night: Incident, channel: ChannelId, now: Instant, *, by_person: bool = False) -> int:
    """How many objects of a night the policy lets out on a channel now. Only they are counted: a count must not tell
    more than the objects themselves would."""
    count = 0
    for held in night.own:
        draft = track_draft(state, night, channel, _as_held(state, held), by_person=by_person)
        if isinstance(draft, Refusal) or held.track.observer != state.charter.party:
            continue
        count += isinstance(decide(state.policy, draft, now), Released)
    return count


def may_leave_by_person(state: NodeState, draft: TrackDraft, now: Instant) -> bool:
    """Whether the policy would let the draft out if a person sent it, now or later."""
    asked = decide(state.policy, msgspec.structs.replace(draft, by_person=True), now)
    return isinstance(asked, Released) or asked.not_before_ms is not None or asked.verdict.effect is VerdictEffect.ASK


def happened(state: NodeState, incident: IncidentId, channel: ChannelId, given: Input, now: Instant) -> NodeState:
    """The thread of an incident with an own input; one that its table has no row for now changes nothing."""
    after = home.happened(state.incidents, state.charter.tables, incident, given, now, channel)
    return state if isinstance(after, Refusal) else replace(state, incidents=after)


def track_draft(
    state: NodeState,
    incident: Incident,
    channel: ChannelId,
    snapshot: Snapshot,
    *,
    crossing: Crossing | None = None,
    search: SearchArea | None = None,
    by_person: bool,
) -> TrackDraft | Refusal:
    """The draft about the incident's object for one channel: NOTICE at first, then UPDATE, or LOST."""
    if channel not in state.sessions:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
    partner = partner_on(channel, state.charter.party)
    distances = dict(snapshot.distances_m)
    if partner not in distances:
        return Refusal(Reason.CHANNEL_NOT_ACTIVE, channel, "its agreement is not in force")
    known = next((member for member in (snapshot.track.id, *snapshot.members) if member in incident.track_ids), None)
    if known is None:
        return Refusal(Reason.UNKNOWN_TRACK, "track", f"is no object of {incident.id}")
    if state.incidents.told(incident.id, channel):
        kind = MessageType.UPDATE if search is None or incident.groups else MessageType.LOST
    else:
        kind = MessageType.NOTICE if search is None else _first_word_of_lost(state, incident, channel)
    return TrackDraft(
        type=kind,
        channel=channel,
        partner=partner,
        incident=incident.id_on(channel),
        object_number=incident.object_number(known),
        track=snapshot.track,
        phase=_phase(incident, channel, partner, snapshot, crossing, incident.object_number(known)),
        distance_to_partner_m=distances[partner],
        forecast=snapshot.forecast,
        crossing=crossing,
        search=search,
        by_person=by_person,
    )


def _first_word_of_lost(state: NodeState, incident: Incident, channel: ChannelId) -> MessageType:
    """What was lost before anything was said of it: a LOST, where the agreement has a search begin with that."""
    thread, tables = incident.threads.get(channel), state.charter.tables
    silent = (thread is None or not thread.spoken) and not incident.groups
    return MessageType.LOST if silent and tables.begins(channel, IncidentKind.SEARCH) else MessageType.NOTICE


def _phase(
    incident: Incident,
    channel: ChannelId,
    partner: PartyId,
    snapshot: Snapshot,
    crossing: Crossing | None,
    number: int,
) -> Phase:
    """What has crossed stays crossed for this partner, even when an update follows."""
    said = (entry.body for entry in incident.messages(channel, Direction.SENT))
    crossed = any(
        isinstance(body, NoticeBody) and body.phase is Phase.CROSSED and body.object.object == number for body in said
    )
    if crossing is not None or crossed:
        return Phase.CROSSED
    return phase_of(snapshot.forecast, snapshot.track.at, (partner,))


def last_snapshot(state: NodeState, incident: Incident) -> Snapshot | None:
    """The newest snapshot that the incident holds of an object of ours, when the picture has it no more."""
    mine = [held for held in incident.own if held.track.observer == state.charter.party]
    return _as_held(state, max(mine, key=lambda held: held.track.at)) if mine else None


def _as_held(state: NodeState, held: OwnObject) -> Snapshot:
    geography = state.charter.geography
    return Snapshot(
        track=held.track,
        forecast=held.forecast,
        distances_m=tuple(
            (partner, geography.distance_to_country_m(held.track.position, CountryId(partner)))
            for partner in state.active_partners()
        ),
        members=tuple(sorted(held.tracks)),
    )


# --- warnings, closing ------------------------------------------------------------------------------------------------


def _warn(state: NodeState, incident: IncidentId, now: Instant) -> NodeState:
    """Proposes what the incident's newest forecasts ask for. An own district in the path begins the duty to warn, once;
    a person who issues a warning settles it."""
    held = state.incidents.get(incident)
    forecasts = [seen.forecast for seen in held.own if seen.forecast is not None]
    lost = any(seen.track.life is Life.LOST for seen in held.own)
    after = alerts.proposed(state, held.id, forecasts, now, lost=lost, over=False)
    threatened = any(entry.type == "threatened" for entry in held.timeline)
    if threatened or not alerts.threatens(state, forecasts, now):
        return after
    noted = home.noted(after.incidents, after.charter.tables, held.id, "threatened", now)
    return replace(after, incidents=noted)


def after_closing(state: NodeState, incident: IncidentId, now: Instant) -> NodeState:
    """When an incident has just closed, what was warned is cleared."""
    return alerts.proposed(state, incident, (), now, lost=False, over=True)


# --- time -------------------------------------------------------------------------------------------------------------


def due(state: NodeState, now: Instant) -> list[Recorded]:
    """What has fallen due: steps of escalation ladders, and line tests."""
    overdue = deadline.overdue(state.incidents, now, agreements.stopped(state))
    facts: list[Recorded] = [DeadlinePassed(step.incident, step.obligation, step.level) for step in overdue]
    facts.extend(approvals.due(state, now))
    facts.extend(line_tests.due(state, now))
    facts.extend(agreements.due(state, now))
    facts.extend(TestFellDue(channel) for channel in sorted(state.sessions) if _test_due(state, channel, now))
    return facts


def _test_due(state: NodeState, channel: ChannelId, now: Instant) -> bool:
    if channel in state.charter.by_voice or not state.hears(channel):
        return False  # no line, no test of it
    if state.charter.agreements[channel].state is AgreementState.ENDED:
        return False  # nobody has agreed to answer any more
    line, agreement = state.line(channel), state.charter.agreements[channel]
    last = max(line.test_sent_at or 0, line.last_test or 0)
    return now - last >= line_test_interval_ms(agreement)


def missed(state: NodeState, event: DeadlinePassed, now: Instant) -> tuple[NodeState, list[Effect]]:
    """A step of a ladder has been reached: it counts once and shows on the console."""
    marked = deadline.mark_missed(
        state.incidents, state.charter.tables, event.incident, event.obligation, event.level, now
    )
    return replace(state, incidents=marked), [KeepEvent(encode_event(event))]


def test_missed(state: NodeState, event: LineTestMissed, now: Instant) -> tuple[NodeState, list[Effect]]:
    """A line stays silent: the step counts once and shows on the console."""
    return line_tests.not_met(state, event, now), [KeepEvent(encode_event(event))]


def tested(state: NodeState, event: TestFellDue, now: Instant) -> tuple[NodeState, list[Effect]]:
    """A line test is due: it is sent, or the line shows why it could not be."""
    kept: list[Effect] = [KeepEvent(encode_event(event))]
    done = send_test(state, event.channel, now)
    if isinstance(done, Refusal):
        line = msgspec.structs.replace(state.line(event.channel), test_sent_at=now)
        return replace(state, lines={**state.lines, event.channel: line}), kept
    return done[0], [*kept, *done[1]]


def send_test(state: NodeState, channel: ChannelId, now: Instant) -> Done | Refusal:
    """Says TEST on a channel and remembers which answer is awaited."""
    if channel not in state.sessions:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
    number = state.line(channel).tests_sent + 1
    draft = FormDraft(
        type=MessageType.TEST,
        channel=channel,
        partner=partner_on(channel, state.charter.party),
        body=TestBody(number=number),
        by_person=True,
    )
    spoken = speak(state, draft, now)
    if not isinstance(spoken, Spoken):
        return spoken if isinstance(spoken, Refusal) else spoken.refusal
    line = msgspec.structs.replace(
        spoken.state.line(channel),
        tests_sent=number,
        test_sent_at=now,
        test_serial=spoken.message.serial,
        test_generation=spoken.message.generation,
    )
    return replace(spoken.state, lines={**spoken.state.lines, channel: line}), spoken.effects
