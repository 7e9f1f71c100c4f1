# size: what goes out and what comes in on one channel, with what it leads to in the picture
"""Mail: what goes out and comes in on the channels.

Here: taking deliveries and answers, what a received message does to the picture. Not here: how something is said
(`saying`), when (duty, orders). May know: the core rooms below, node's state.
"""

import math

import msgspec
from msgspec.structs import replace

from redshank.exchange import generations
from redshank.exchange.bounds import OF_LIFE
from redshank.exchange.delivery import CONFLICT, answer_refused, origin_in
from redshank.exchange.envelope import parse_entry
from redshank.exchange.generations import prefix_of, receive_after
from redshank.exchange.parties import log_origin
from redshank.exchange.session import (
    Arrived,
    Received,
    Session,
    answer_came,
    head_signed,
    their_place,
    witness_said,
)
from redshank.node import agreements, contradictions, line_tests, rotation, voices
from redshank.node.effects import (
    AnswerPeer,
    CommandDone,
    Cosign,
    Deliver,
    Effect,
    KeepEntry,
    KeepEvent,
    KeepNote,
    NoteKind,
)
from redshank.node.events import (
    AnswerCame,
    DeliveryCame,
    HeadSigned,
    LineFailed,
    WitnessCame,
    WitnessFailed,
    encode_event,
)
from redshank.node.saying import LINE_TYPES, Spoken, speak
from redshank.node.state import Line, NodeState
from redshank.picture import partner_lost, withdraw
from redshank.picture import receive as receive_track
from redshank.procedure import corrections, record
from redshank.terms.draft import FormDraft
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import (
    CancelBody,
    CorrectBody,
    LogEndBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Phase,
    TestBody,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, SearchArea, Track

RADIUS_95_SIGMA = 2.4477  # 95 % radius of a circular normal error, in sigmas: sqrt(-2 ln 0.05)
VELOCITY_SIGMA_MPS = 5.0  # of a course and speed told in coarse steps
VELOCITY_UNKNOWN_MPS = 40.0  # a slow low flier of which no speed was told


def signed(state: NodeState, event: HeadSigned) -> tuple[NodeState, list[Effect]]:
    """Takes the signed head of our own log: it can be delivered."""
    session = head_signed(rotation.of_note(state, event.channel, event.note), event.note)
    state = rotation.with_session(state, session)
    note = KeepNote(session.own.key.name, NoteKind.HEAD, session.own.signed_size, event.note)
    return state, [KeepEvent(encode_event(event)), note, Deliver(event.channel)]


def answered(state: NodeState, event: AnswerCame, now: Instant) -> tuple[NodeState, list[Effect]]:
    """Takes a partner's answer to a delivery: the receipt, or where to resume, or its refusal."""
    before = _delivered_of(state, event)
    after = answer_came(before, event.status, event.body, event.pushed)
    if isinstance(after, Refusal):
        lines = {**state.lines, event.channel: _refused_answer(state, before, after, now)}
        return replace(state, lines=lines), [CommandDone(event.ticket, after)]
    line = state.line(event.channel).answered(now)
    state = replace(rotation.with_session(state, after), lines={**state.lines, event.channel: line})
    effects: list[Effect] = [CommandDone(event.ticket, None)]
    if after != before:
        effects.append(KeepEvent(encode_event(event)))
    if after.own.receipt is not None and after.own.receipted_size > before.own.receipted_size:
        size, log = after.own.receipted_size, (after.year, after.generation)
        receipted = record.receipted(state.incidents, state.charter.tables, event.channel, size, now, log)
        state = replace(state, incidents=receipted)
        effects.append(KeepNote(after.own.key.name, NoteKind.RECEIPT, size, after.own.receipt.note))
    if after != before:
        effects.extend(rotation.to_sign(after))
    if after.generation < state.session(event.channel).generation:
        effects.append(Deliver(event.channel))  # the log that follows may be due now
    return state, effects


def _delivered_of(state: NodeState, event: AnswerCame) -> Session:
    """Of which generation the delivery was that is answered."""
    if event.origin:
        return rotation.of_origin(state, event.channel, event.origin)
    return rotation.under_delivery(state, event.channel)


def _refused_answer(state: NodeState, session: Session, why: Refusal, now: Instant) -> Line:
    """The line with an answer that is none. While a delivery is due it fails: it has been heard of and not taken. When
    the reason stays, one of the two logs is not what it was, as after an old backup, and only people can mend that."""
    own, line = session.own, state.line(session.channel).refused(why.reason)
    if own.signed_size > own.receipted_size:
        return line.heard(now).failed(now, str(why))
    return line.answered(now)


def delivered(state: NodeState, event: DeliveryCame, now: Instant) -> tuple[NodeState, list[Effect]]:
    """Takes a partner's delivery: entries are kept and the head is cosigned, or it is refused by name."""
    session = rotation.of_origin(state, event.channel, origin_in(event.body))
    came = _received(state, session, event, now)
    line = state.line(event.channel).heard(now)
    if isinstance(came, Refusal):
        return _refused(state, session, event, came, now)
    state = replace(rotation.with_session(state, came.session), lines={**state.lines, event.channel: line})
    effects: list[Effect] = [_receipt(event, came, now)]
    if came.arrived:
        origin, size = came.session.theirs.origin, came.session.theirs.size
        effects.append(KeepEvent(encode_event(event)))
        effects.extend(KeepEntry(origin, entry.serial, entry.entry) for entry in came.arrived)
        effects.append(KeepNote(origin, NoteKind.HEAD, size, came.head.note))
    for entry in came.arrived:
        state, more = _take(state, came.session, entry, now)
        effects.extend(more)
        state = contradictions.in_entry(state, came.session, entry, now)
    state, more = rotation.followed(contradictions.accepted(state, came.session, now), event.channel, now)
    return state, [*effects, *more]


def _received(state: NodeState, session: Session, event: DeliveryCame, now: Instant) -> Received | Refusal:
    if not state.hears(event.channel):
        return _not_active(event.channel)
    origin, prefix, generation = origin_in(event.body), prefix_of(session), session.generation + 1
    if origin == log_origin(prefix, session.channel, session.partner, session.year, generation):
        return Refusal(Reason.NOT_AGREED, "origin", f"generation {generation} has not been opened here")
    return receive_after(session, rotation.before(state, session), event.body, now)


def _receipt(event: DeliveryCame, came: Received, now: Instant) -> Effect:
    """Our cosignature; of a log whose witness key is gone only the size that we hold, which proves nothing."""
    origin, size = came.session.theirs.origin, came.session.theirs.size
    if came.session.keyless:
        return AnswerPeer(event.ticket, CONFLICT, b"%d\n" % size)
    return Cosign(event.ticket, event.channel, origin, size, text=came.head.text, note=came.head.note, at=now)


def _refused(
    state: NodeState, session: Session, event: DeliveryCame, why: Refusal, now: Instant
) -> tuple[NodeState, list[Effect]]:
    """The delivery is refused by name. A head in it that the partner signed against itself is kept as proof."""
    line = state.line(event.channel).heard(now)
    answer = answer_refused(why, session.theirs.size)
    if why.reason is not Reason.OVERTAKEN:  # an honest partner after a line that broke: nothing to count
        line = line.refused(why.reason)
    state = replace(state, lines={**state.lines, event.channel: line})
    effects: list[Effect] = [AnswerPeer(event.ticket, answer.status, answer.body)]
    found = contradictions.in_delivery(session, rotation.before(state, session), event.body, why)
    if found is None or not contradictions.is_new(state, found):
        return state, effects
    return contradictions.found(state, found, now), [KeepEvent(encode_event(found)), *effects]


def _not_active(channel: ChannelId) -> Refusal:
    return Refusal(Reason.CHANNEL_NOT_ACTIVE, channel, "its agreement is not in force")


def failed(state: NodeState, event: LineFailed, now: Instant) -> NodeState:
    """Notes that a partner could not be reached."""
    return replace(state, lines={**state.lines, event.channel: state.line(event.channel).failed(now, event.why)})


def witness_came(state: NodeState, event: WitnessCame) -> tuple[NodeState, list[Effect]]:
    """Takes a third party's cosignatures on a head of ours, or says why they are none."""
    before = rotation.of_note(state, event.channel, event.text)
    said = witness_said(before, event.witness, event.text, event.body)
    line = state.line(event.channel)
    if isinstance(said, Refusal):
        lines = {**state.lines, event.channel: line.witness_failed(event.witness, str(said))}
        return replace(state, lines=lines), [CommandDone(event.ticket, said)]
    session, head = said
    state = replace(
        rotation.with_session(state, session),
        lines={**state.lines, event.channel: line.witness_heard(event.witness)},
    )
    effects: list[Effect] = [CommandDone(event.ticket, None)]
    if head is not None:
        note = KeepNote(session.own.key.name, NoteKind.WITNESSED, head.size, head.note)
        effects += [KeepEvent(encode_event(event)), note]
    return state, effects


def witness_failed(state: NodeState, event: WitnessFailed) -> NodeState:
    """Notes that a third party's witness could not be reached, or refused."""
    line = state.line(event.channel).witness_failed(event.witness, event.why)
    return replace(state, lines={**state.lines, event.channel: line})


def _take(state: NodeState, session: Session, entry: Arrived, now: Instant) -> tuple[NodeState, tuple[Effect, ...]]:
    """One entry of the partner. What cannot be used is counted; it stays in the log as evidence."""
    message, channel = entry.content, session.channel
    state, has_it = voices.reconciled(state, session, entry, now)
    if isinstance(message, Refusal):
        said = parse_entry(entry.entry, their_place(session, entry.serial), None)
        return _unused(state, channel, said, message.reason), ()
    if isinstance(message.body, LogEndBody):
        return (state if generations.agrees(session, message.body) else _count(state, channel, Reason.NOT_AGREED)), ()
    if message.type in OF_LIFE:
        return take_up(agreements.came(state, message, now), channel, now)
    if message.type in LINE_TYPES:
        return _line_test(state, message, now)
    if has_it:
        return into_picture(state, message, now), ()
    if agreements.holds(state, message):
        waiting = agreements.held_back(state, message, entry.entry, now)
        if isinstance(waiting, Refusal):
            return _unused(state, channel, message, waiting.reason), ()
        return waiting, ()
    return _got(state, message, now), ()


def take_up(state: NodeState, channel: ChannelId, now: Instant) -> tuple[NodeState, tuple[Effect, ...]]:
    """Once the agreement is active again: what has waited is read in its order, as late as it is now (PROC-25)."""
    waiting = state.waiting.get(channel, ())
    if not waiting or not state.is_in_force(channel):
        return state, ()
    state = replace(state, waiting={name: kept for name, kept in state.waiting.items() if name != channel})
    for one in waiting:
        session = state.generations(channel)[one.generation]
        message = parse_entry(one.entry, their_place(session, one.serial), None)
        if isinstance(message, Refusal):
            raise InvariantBroken("what waited was read once already")
        state = _got(state, message, now)
    return state, ()


def _got(state: NodeState, message: Message, now: Instant) -> NodeState:
    """A message of an incident, into the incident and the picture."""
    noted = record.got(state.incidents, state.charter.tables, message, now)
    if isinstance(noted, Refusal):
        return _unused(state, message.channel, message, noted.reason)
    return into_picture(replace(state, incidents=noted), message, now)


def _unused(state: NodeState, channel: ChannelId, said: Message | Refusal, reason: Reason) -> NodeState:
    taken = state.incidents if isinstance(said, Refusal) else record.not_taken(state.incidents, said)
    return _count(replace(state, incidents=taken), channel, reason)


def _count(state: NodeState, channel: ChannelId, reason: Reason) -> NodeState:
    return replace(state, lines={**state.lines, channel: state.line(channel).refused(reason)})


def _line_test(state: NodeState, message: Message, now: Instant) -> tuple[NodeState, tuple[Effect, ...]]:
    """A TEST is answered by the machine at once; a TEST-REPLY ends ours."""
    if message.type is MessageType.LOG_OPEN:
        return state, ()
    state = line_tests.told(state, message, now)
    if message.type is MessageType.TEST_REPLY:
        line = state.line(message.channel)
        if (message.answered_generation, message.in_reply_to) == (line.test_generation, line.test_serial):
            line = line.tested(now)
        return replace(state, lines={**state.lines, message.channel: line}), ()
    number = message.body.number if isinstance(message.body, TestBody) else 0
    reply = FormDraft(
        type=MessageType.TEST_REPLY,
        channel=message.channel,
        partner=message.sender,
        body=TestBody(number=number),
        in_reply_to=message.serial,
        reply_generation=message.generation,
    )
    spoken = speak(state, reply, now)
    if not isinstance(spoken, Spoken):
        reason = spoken.reason if isinstance(spoken, Refusal) else spoken.refusal.reason
        return _count(state, message.channel, reason), ()
    return spoken.state, spoken.effects


# --- into the picture -------------------------------------------------------------------------------------------------


def into_picture(state: NodeState, message: Message, now: Instant) -> NodeState:
    """A partner's NOTICE, UPDATE, LOST or OWN-OBJECT is one more source of the picture; never truth. What the picture
    refuses (an older state, a place off the map) stays in the log and in the incident."""
    if message.incident is None:
        return state
    if isinstance(message.body, CorrectBody | CancelBody):
        return _taken_back(state, message, now)
    if not isinstance(message.body, corrections.About):
        return state
    track = received_track(message, message.body.object)
    told_before = state.incidents.told_before(message.incident, message.channel)
    lineage = frozenset((message.sender, state.charter.party)) if told_before else None
    picture = receive_track(state.picture, message.sender, track, now, lineage)
    if isinstance(picture, Refusal):
        picture = state.picture
    if isinstance(message.body, LostBody):
        search = SearchArea(
            at=message.stated_ms,
            centre=message.body.search_centre.position(),
            radius_m=float(message.body.search_radius_m),
            last_position=track.position,
            last_at=track.at,
        )
        lost = partner_lost(picture, track.id, search, now)
        picture = picture if isinstance(lost, Refusal) else lost
    return replace(state, picture=picture)


def _taken_back(state: NodeState, message: Message, now: Instant) -> NodeState:
    """What a CORRECT or CANCEL has changed is no source of the picture any more; what then stands is told anew."""
    incident = state.incidents.find(message.incident or IncidentId(""))
    entry = None if incident is None else corrections.named_before(incident, message)
    if incident is None or entry is None:
        return state
    for number in corrections.touched(incident, message):
        said = msgspec.structs.replace(message, incident=entry.incident)
        gone = withdraw(state.picture, received_track_id(said, number))
        state = state if isinstance(gone, Refusal) else replace(state, picture=gone)
        told = incident.received.get(message.sender, {}).get(number)
        if told is not None and not told.cancelled:
            body = told.lost or NoticeBody(phase=told.phase or Phase.POSSIBLE, object=told.state)
            again = msgspec.structs.replace(said, body=body, stated_ms=told.stated_ms, observed_ms=told.observed_ms)
            state = into_picture(state, again, now)
    return state


def received_track_id(message: Message, number: int) -> TrackId:
    """The id of a received track: channel, the sender's incident and its object number."""
    return TrackId(f"{message.channel}/{message.incident}/{message.sender}/{number}")


def received_track(message: Message, told: ObjectState) -> Track:
    """The partner's words as a track. `accuracy_m` bounds 95 %; where no speed was told, the velocity is any of a slow
    low flier's."""
    sigma_m = told.accuracy_m / RADIUS_95_SIGMA
    knows_velocity = told.course_deg is not None and told.speed_kmh is not None
    sigma_mps = VELOCITY_SIGMA_MPS if knows_velocity else VELOCITY_UNKNOWN_MPS
    east, north = _velocity(told)
    at = message.observed_ms if message.observed_ms is not None else message.stated_ms
    return Track(
        id=received_track_id(message, told.object),
        observer=PartyId(message.sender),
        at=at,
        position=told.at.position(),
        velocity_e_mps=east,
        velocity_n_mps=north,
        covariance=_diagonal(sigma_m**2, sigma_m**2, sigma_mps**2, sigma_mps**2),
        altitude_m=None if told.altitude_m is None else float(told.altitude_m),
        status=told.status,
        life=Life.LIVE,
        first_at=at,
        last_report_at=at,
    )


def _velocity(told: ObjectState) -> tuple[float, float]:
    if told.course_deg is None or told.speed_kmh is None:
        return 0.0, 0.0
    course, speed_mps = math.radians(told.course_deg), told.speed_kmh / 3.6
    return speed_mps * math.sin(course), speed_mps * math.cos(course)


def _diagonal(*variances: float) -> tuple[float, ...]:
    size = len(variances)
    return tuple(variances[row] if row == column else 0.0 for row in range(size) for column in range(size))
