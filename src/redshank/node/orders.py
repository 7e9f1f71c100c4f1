# size: one command of an officer each, and nothing else
"""Orders: what a person asks the node to do, as drafts and messages.

Here: each command of an officer turned into a form, previewed or said. Not here: what the machine says by itself
(duty). May know: the core rooms below, node's state.
"""

import msgspec
from msgspec.structs import replace

from redshank.node import (
    agreements,
    alerts,
    approvals,
    contradictions,
    duty,
    line_tests,
    questions,
    roles,
    rotation,
    shift,
    statements,
    voices,
)
from redshank.node.commands import (
    AcceptShift,
    Acknowledge,
    Activate,
    AgreeClose,
    ApproveRelease,
    CancelMessage,
    CloseAlone,
    CloseIncident,
    Command,
    CorrectMessage,
    EndAgreement,
    IssueWarning,
    NoteReadOut,
    OfferShift,
    OpenIncident,
    RefuseRelease,
    Resume,
    RotateKeys,
    SeeContradiction,
    SendEvidence,
    SendFind,
    SendMeasure,
    SendNegative,
    SendNotice,
    SendOwnObject,
    SendQuery,
    SendReply,
    SendWarning,
    SetStatus,
    Suspend,
    TakeShift,
    TakeVoice,
    TestLine,
)
from redshank.node.effects import CommandDone, Effect, KeepEvent, PublishAlert
from redshank.node.events import Asked, Commanded, Snapshot, encode_event
from redshank.node.mail import into_picture, take_up
from redshank.node.questions import OnHold
from redshank.node.saying import Spoken, speak
from redshank.node.sense import snapshot_of
from redshank.node.state import NodeState
from redshank.picture import search_area, set_status
from redshank.procedure import home
from redshank.procedure.incident import Incident, OpenedBy, close_summary
from redshank.procedure.obligation import MessageRef
from redshank.procedure.required import Said, missing_in
from redshank.procedure.table import WARNED
from redshank.release.decide import decide
from redshank.release.released import Released, Withheld
from redshank.terms.draft import Draft, FormDraft, OwnFlight
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId, partner_on
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Body,
    MessageType,
    QueryBody,
    Question,
    ReplyBody,
    TestBody,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life

Done = tuple[NodeState, tuple[Effect, ...]]
_People = ApproveRelease | RefuseRelease | TakeShift | OfferShift | AcceptShift
BY_HAND = (ApproveRelease, RefuseRelease, TakeShift, OfferShift, AcceptShift)
"""Commands of which it matters that it was another person; of all others the journal keeps the role alone."""


def commanded(state: NodeState, event: Asked) -> Commanded:
    """The command with what the picture holds of the object that it is about: a decision is made on that alone."""
    snapshot = _snapshot_for(state, event.command)
    return Commanded(
        ticket=event.ticket,
        role=event.role,
        command=event.command,
        snapshot=snapshot,
        entry=event.entry,
        hand=event.hand if isinstance(event.command, BY_HAND) else b"",
        act=event.act,
    )


def _snapshot_for(state: NodeState, command: Command) -> Snapshot | None:
    wanted: set[TrackId] = set()
    if isinstance(command, OpenIncident | SetStatus):
        wanted = {command.track}
    elif isinstance(command, SendNotice | SendOwnObject | CorrectMessage):
        about = command.by if isinstance(command, CorrectMessage) else command
        name = about.incident if isinstance(about, SendNotice | SendOwnObject) else None
        incident = None if name is None else state.incidents.find(name)
        wanted = set() if incident is None else set(incident.track_ids)
    for shown in state.objects:
        if wanted & set(shown.members):
            return snapshot_of(state, shown)
    return None


def obey(state: NodeState, event: Commanded, now: Instant) -> tuple[NodeState, list[Effect]]:
    """Does it, or says why not; only what was done goes to the journal."""
    done = roles.barred(event.role, event.command) or _do(state, event, now)
    if isinstance(done, Refusal):
        return state, [CommandDone(event.ticket, done)]
    after, effects = done
    return after, [KeepEvent(encode_event(event)), *effects, CommandDone(event.ticket, None)]


def _do(state: NodeState, event: Commanded, now: Instant) -> Done | Refusal:
    command = event.command
    match command:
        case OpenIncident():
            return _open(state, event, now)
        case IssueWarning():
            return _issue(state, command, now)
        case SetStatus():
            return _set_status(state, command, event.snapshot, now)
        case CloseAlone():
            return _close_alone(state, command, now)
        case TestLine() | RotateKeys() | SeeContradiction() | Activate() | Suspend() | Resume() | EndAgreement():
            return _of_line(state, command, now)
        case TakeVoice() | NoteReadOut():
            return _by_voice(state, event, command, now)
        case ApproveRelease() | RefuseRelease() | TakeShift() | OfferShift() | AcceptShift():
            return _of_people(state, event, command, now)
        case _:
            return _say(state, event, now)


def _issue(state: NodeState, command: IssueWarning, now: Instant) -> Done | Refusal:
    """The alert goes to the authority whatever becomes of the WARNINGs by which the neighbours hear of it."""
    issued = alerts.issued(state, command.warning, now)
    if isinstance(issued, Refusal):
        return issued
    state, effects = issued[0], [PublishAlert(command.warning, issued[1])]
    told, more = _tell_neighbours(state, command.warning, now)
    return told, (*effects, *more)


def _tell_neighbours(state: NodeState, warning: str, now: Instant) -> Done:
    """WARNING on each channel on which the incident has been spoken of, where its agreement and our release allow it.
    A table that knows `warned` is told first."""
    alert = state.alerts[warning]
    incident = state.incidents.find(alert.proposal.incident)
    effects: list[Effect] = []
    for channel in sorted(incident.threads) if incident is not None else ():
        if incident is None or not state.is_active(channel):
            continue
        state = duty.happened(state, incident.id, channel, WARNED, now)
        if not statements.spoken_of(incident, channel):
            continue
        body = statements.warning_of(alert, now)
        draft = _plain(state, channel, MessageType.WARNING, body, None)
        if isinstance(draft, Refusal) or statements.beyond_strip(state, channel, body) is not None:
            continue
        said = speak(state, msgspec.structs.replace(draft, incident=incident.id_on(channel)), now)
        if not isinstance(said, Refusal):
            state = said.state  # with the question, where a releasing authority has the word
            effects.extend(said.effects if isinstance(said, Spoken) else ())
    return state, tuple(effects)


def _of_people(state: NodeState, event: Commanded, command: _People, now: Instant) -> Done | Refusal:
    match command:
        case ApproveRelease():
            return approvals.approved(state, event, command, now)
        case RefuseRelease():
            return approvals.refused(state, event, command, now)
        case _:
            after = shift.obeyed(state, event, command, now)
            return after if isinstance(after, Refusal) else (after, ())


def _of_line(
    state: NodeState, command: TestLine | RotateKeys | SeeContradiction | agreements.LifeCommand, now: Instant
) -> Done | Refusal:
    if isinstance(command, agreements.LifeCommand):
        return _of_life(state, command, now)
    if isinstance(command, RotateKeys):
        return rotation.rotate(state, command, now)
    if isinstance(command, SeeContradiction):
        seen = contradictions.seen(state, command, now)
        return seen if isinstance(seen, Refusal) else (seen, ())
    return duty.send_test(state, command.channel, now)


def _of_life(state: NodeState, command: agreements.LifeCommand, now: Instant) -> Done | Refusal:
    obeyed = agreements.obeyed(state, command, now)
    if isinstance(obeyed, Refusal):
        return obeyed
    after, more = take_up(obeyed[0], command.channel, now)
    return after, (*obeyed[1], *more)


def _say(state: NodeState, event: Commanded, now: Instant) -> Done | Refusal:
    draft = draft_of(state, event, now)
    spoken = draft if isinstance(draft, Refusal) else speak(state, draft, now)
    if isinstance(spoken, OnHold):  # done as far as the officer can: a releasing authority has the word
        return spoken.refusal if spoken.state is state else (spoken.state, ())
    return spoken if isinstance(spoken, Refusal) else (spoken.state, spoken.effects)


def _open(state: NodeState, event: Commanded, now: Instant) -> Done | Refusal:
    if event.snapshot is None:
        return Refusal(Reason.UNKNOWN_TRACK, "track", "is not in the picture any more")
    if state.incidents.of_tracks(event.snapshot.members) is not None:
        return Refusal(Reason.NOT_IN_TABLE, "track", "has an incident already")
    opened = duty.open_for(state, event.snapshot, OpenedBy.PERSON, now)
    return opened if isinstance(opened, Refusal) else (opened, ())


def _set_status(state: NodeState, command: SetStatus, seen: Snapshot | None, now: Instant) -> Done | Refusal:
    """The picture begins anew at a restart and may not hold the track then: that is no error of the journal."""
    picture = set_status(state.picture, command.track, command.status, state.charter.party, now)
    if isinstance(picture, Refusal):
        return picture if seen is None else (state, ())
    return replace(state, picture=picture), ()


def _by_voice(state: NodeState, event: Commanded, command: TakeVoice | NoteReadOut, now: Instant) -> Done | Refusal:
    if isinstance(command, NoteReadOut):
        noted = voices.read_out(state, command, event.role, now)
        return noted if isinstance(noted, Refusal) else (noted, ())
    taken = voices.taken(state, command, event.role, event.entry, now)
    if isinstance(taken, Refusal):
        return taken
    return (taken.state if taken.told is None else into_picture(taken.state, taken.told, now)), ()


def _close_alone(state: NodeState, command: CloseAlone, now: Instant) -> Done | Refusal:
    if command.incident == line_tests.name_of(command.channel):
        tried = line_tests.tried_otherwise(state, command.channel, now)
        return tried if isinstance(tried, Refusal) else (tried, ())
    closed = home.closed_alone(state.incidents, state.charter.tables, command.incident, command.channel, now)
    if isinstance(closed, Refusal):
        return closed
    return replace(state, incidents=closed), ()


# --- drafts -----------------------------------------------------------------------------------------------------------


def draft_of(state: NodeState, event: Commanded, now: Instant) -> Draft | Refusal:
    """The draft that a command leads to; NOT_IN_TABLE for one that sends nothing."""
    command = event.command
    match command:
        case SendNotice():
            return _notice(state, command, event.snapshot, now)
        case Acknowledge():
            return _answer(state, command, MessageType.ACK, AckBody(role=event.role))
        case SendReply():
            return _answer(state, command, MessageType.REPLY, ReplyBody(answer=command.answer))
        case SendQuery() | CloseIncident() | AgreeClose():
            return _form(state, command, now)
        case SendOwnObject() | SendMeasure() | SendFind() | SendEvidence() | SendNegative() | SendWarning():
            return _statement(state, command, event.snapshot)
        case CorrectMessage() | CancelMessage():
            return _of_earlier(state, event, command, now)
        case TestLine():
            line = state.line(command.channel)
            return _plain(state, command.channel, MessageType.TEST, TestBody(number=line.tests_sent + 1), command.text)
        case _:
            return Refusal(Reason.NOT_IN_TABLE, "act", "sends no message")


def _notice(state: NodeState, command: SendNotice, snapshot: Snapshot | None, now: Instant) -> Draft | Refusal:
    """What is due about the object: NOTICE, UPDATE, or LOST with the area to search when it is lost."""
    incident = state.incidents.find(command.incident)
    if incident is None:
        return _unknown(command.incident)
    snapshot = snapshot or duty.last_snapshot(state, incident)
    if snapshot is None:
        return Refusal(Reason.NOT_IN_TABLE, "incident", "holds no track of ours to tell of")
    search = search_area(snapshot.track, now) if snapshot.track.life is Life.LOST else None
    draft = duty.track_draft(state, incident, command.channel, snapshot, search=search, by_person=True)
    return draft if isinstance(draft, Refusal) or not incident.groups else duty.counted(state, incident, draft, now)


def _own_object(state: NodeState, command: SendOwnObject, snapshot: Snapshot | None) -> Draft | Refusal:
    """The incident's object, as release lets its track out, with what a person says of it."""
    incident = state.incidents.find(command.incident)
    if incident is None:
        return _unknown(command.incident)
    snapshot = snapshot or duty.last_snapshot(state, incident)
    if snapshot is None or snapshot.track.observer != state.charter.party:
        return Refusal(Reason.NOT_IN_TABLE, "incident", "holds no track of ours to tell of; answer with a REPLY")
    draft = duty.track_draft(state, incident, command.channel, snapshot, by_person=True)
    if isinstance(draft, Refusal):
        return draft
    own = OwnFlight(command.condition, command.until_ms)
    return msgspec.structs.replace(draft, type=MessageType.OWN_OBJECT, own=own)


def _statement(
    state: NodeState,
    command: SendOwnObject | SendMeasure | SendFind | SendEvidence | SendNegative | SendWarning,
    snapshot: Snapshot | None,
) -> Draft | Refusal:
    if isinstance(command, SendOwnObject):
        return _own_object(state, command, snapshot)
    found = state.incidents.find(command.incident)
    if found is None:
        return _unknown(command.incident)
    kind, body = statements.filled(command)
    draft = _plain(state, command.channel, kind, body, command.text)
    if isinstance(draft, Refusal):
        return draft
    barred = statements.beyond_strip(state, command.channel, body)
    return barred or msgspec.structs.replace(draft, incident=found.id_on(command.channel))


def _of_earlier(
    state: NodeState, event: Commanded, command: CorrectMessage | CancelMessage, now: Instant
) -> Draft | Refusal:
    found = statements.named(state, command)
    if isinstance(found, Refusal):
        return found
    if isinstance(command, CancelMessage):
        body = statements.cancelled(command, found)
        draft = _plain(state, command.channel, MessageType.CANCEL, body, command.text)
        return draft if isinstance(draft, Refusal) else msgspec.structs.replace(draft, incident=found.entry.incident)
    if command.by.channel != command.channel:
        return Refusal(Reason.WRONG_CHANNEL, "by.channel", "a correction is said where the message was")
    meant = draft_of(state, msgspec.structs.replace(event, command=command.by), now)
    return meant if isinstance(meant, Refusal) else statements.in_place_of(meant, found)


def _unknown(incident: IncidentId) -> Refusal:
    return Refusal(Reason.UNKNOWN_INCIDENT, "incident", f"no incident {incident[:40]}")


def _answer(state: NodeState, command: Acknowledge | SendReply, kind: MessageType, body: Body) -> Draft | Refusal:
    """An answer belongs to the incident of the message that it answers."""
    session = state.sessions.get(command.channel)
    if session is None:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{command.channel} is no channel of this node")
    generation = session.generation if command.generation is None else command.generation
    incident = state.incidents.incident_of(command.channel, MessageRef(session.year, generation, command.serial))
    if incident is None:
        return Refusal(
            Reason.UNKNOWN_MESSAGE, "serial", f"no message {command.serial} of an incident on {command.channel}"
        )
    draft = _plain(state, command.channel, kind, body, command.text)
    if isinstance(draft, Refusal):
        return draft
    return msgspec.structs.replace(draft, incident=incident, in_reply_to=command.serial, reply_generation=generation)


def _form(state: NodeState, command: SendQuery | CloseIncident | AgreeClose, now: Instant) -> FormDraft | Refusal:
    found = state.incidents.find(command.incident)
    if found is None:
        return _unknown(command.incident)
    kind, body = _filled(found, command, now)
    draft = _plain(state, command.channel, kind, body, command.text)
    if isinstance(draft, Refusal):
        return draft
    reply_to = found.close_ref(command.channel) if kind is MessageType.AGREE_CLOSE else None
    name = _name_on(found, command.channel, kind)
    if reply_to is None:
        return msgspec.structs.replace(draft, incident=name)
    serial, generation = reply_to.serial, reply_to.generation
    return msgspec.structs.replace(draft, incident=name, in_reply_to=serial, reply_generation=generation)


def _filled(
    incident: Incident, command: SendQuery | CloseIncident | AgreeClose, now: Instant
) -> tuple[MessageType, Body]:
    match command:
        case SendQuery():
            return MessageType.QUERY, QueryBody(object=command.object, question=Question.YOURS_OR_KNOWN)
        case AgreeClose():
            return MessageType.AGREE_CLOSE, AgreeCloseBody(agrees="yes" if command.agrees else "no")
        case CloseIncident():
            summary = close_summary(incident, command.channel, now)
            return MessageType.CLOSE, msgspec.structs.replace(summary, outcome=command.outcome)


def _name_on(incident: Incident, channel: ChannelId, kind: MessageType) -> IncidentId:
    """An answer to a CLOSE uses the name that the CLOSE used; what we say by ourselves uses the thread's name."""
    close = incident.latest_close(channel) if kind is MessageType.AGREE_CLOSE else None
    return incident.id_on(channel) if close is None or close.incident is None else close.incident


def _plain(
    state: NodeState, channel: ChannelId, kind: MessageType, body: Body, text: str | None
) -> FormDraft | Refusal:
    if channel not in state.sessions:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
    partner = partner_on(channel, state.charter.party)
    return FormDraft(type=kind, channel=channel, partner=partner, body=body, text=text, by_person=True)


# --- preview ----------------------------------------------------------------------------------------------------------


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the partner would read, in the members and units of the wire; where a releasing authority has to be asked,
    what it is asked about."""

    type: str
    channel: ChannelId
    partner: PartyId
    released: bool
    asks: int = 0
    """How many persons are asked before it leaves; 0 where nobody is."""
    rule: str
    body: dict[str, object]
    text: str | None = None
    hidden: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    """What its form asks for and it does not say (RPT-3)."""


def preview_of(state: NodeState, command: Command, now: Instant, role: str = "duty-officer") -> Preview | Refusal:
    """What would leave if the command were given now; nothing is changed."""
    event = Commanded(ticket=0, role=role, command=command, snapshot=_snapshot_for(state, command))
    draft = draft_of(state, event, now)
    if isinstance(draft, Refusal):
        return draft
    verdict = decide(state.policy, draft, now)
    told = verdict if isinstance(verdict, Released) else verdict.shown
    return Preview(
        type=draft.kind.value,
        channel=draft.channel,
        partner=draft.partner,
        released=isinstance(verdict, Released),
        asks=_asks(state, verdict),
        rule=verdict.verdict.rule,
        body={} if told is None else msgspec.to_builtins(told.body),
        text=None if told is None else told.text,
        hidden=verdict.verdict.hidden,
        missing=() if told is None else missing_in(Said(draft.type, draft.partner, told.body, told.observed_ms)),
    )


def _asks(state: NodeState, verdict: Released | Withheld) -> int:
    if isinstance(verdict, Released) or verdict.shown is None:
        return 0
    asking = questions.asking_of(state, verdict.verdict.rule)
    return 0 if asking is None else asking.persons
