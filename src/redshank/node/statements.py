"""Statements: what a person says of our own doing and findings, and of our earlier messages, as drafts.

Here: OWN-OBJECT, MEASURE, FIND, EVIDENCE, NEGATIVE, WARNING, CORRECT, CANCEL. What names a place or a district is held
against the strip of the agreement before release is asked; what is made from the picture goes through release like a
NOTICE. Not here: saying them (orders). May know: the core rooms below, node's state.
"""

import msgspec

from redshank.node.commands import (
    CancelMessage,
    CorrectMessage,
    SendEvidence,
    SendFind,
    SendMeasure,
    SendNegative,
    SendWarning,
)
from redshank.node.state import Alert, NodeState
from redshank.procedure.incident import Direction, Entry, Incident
from redshank.procedure.obligation import MessageRef
from redshank.terms.draft import Draft, Earlier, FormDraft, TrackDraft
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, CountryId, DistrictId, partner_on
from redshank.terms.instants import Instant
from redshank.terms.message import (
    NOT_CORRECTABLE,
    Body,
    CancelBody,
    EvidenceBody,
    FindBody,
    MeasureBody,
    MessageType,
    NegativeBody,
    PointE7,
    WarningBody,
    WarningLevel,
)
from redshank.terms.refusal import Reason, Refusal

Written = SendMeasure | SendFind | SendEvidence | SendNegative | SendWarning
Filled = tuple[MessageType, Body]


def filled(command: Written) -> Filled:
    """The type and the body of what a person wrote."""
    match command:
        case SendMeasure():
            return MessageType.MEASURE, MeasureBody(
                measure=command.measure,
                centre=command.centre,
                radius_m=command.radius_m,
                from_ms=command.from_ms,
                until_ms=command.until_ms,
                floor_m=command.floor_m,
                ceiling_m=command.ceiling_m,
            )
        case SendFind():
            return MessageType.FIND, FindBody(
                what=command.what,
                at=command.at,
                accuracy_m=command.accuracy_m,
                found_ms=command.found_ms,
                hazard=command.hazard,
                secured=command.secured,
                object=command.object,
            )
        case SendEvidence():
            return MessageType.EVIDENCE, _evidence(command)
        case SendNegative():
            return MessageType.NEGATIVE, NegativeBody(
                centre=command.centre,
                radius_m=command.radius_m,
                from_ms=command.from_ms,
                until_ms=command.until_ms,
                means=command.means,
            )
        case SendWarning():
            return MessageType.WARNING, WarningBody(
                level=command.level,
                districts=tuple(sorted(set(command.districts))),
                from_ms=command.from_ms,
                until_ms=command.until_ms,
            )


def _evidence(command: SendEvidence) -> EvidenceBody:
    return EvidenceBody(
        kind=command.kind,
        sha256=command.sha256,
        bytes=command.bytes,
        obtained_ms=command.obtained_ms,
        find=command.find,
        generation=command.generation,
    )


# --- the strip of the agreement -------------------------------------------------------------------------------------


def beyond_strip(state: NodeState, channel: ChannelId, body: Body) -> Refusal | None:
    """Why a statement is about a place outside the agreed strip: further from one of the two territories than its
    width, or wider than it; None when it is not."""
    agreement = state.charter.agreements.get(channel)
    if agreement is None:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
    strip_m = agreement.area.strip_km * 1_000
    match body:
        case MeasureBody() | NegativeBody():
            wide = body.radius_m > strip_m
            return _wide(strip_m) if wide else _outside(state, channel, "centre", body.centre, strip_m)
        case FindBody():
            return _outside(state, channel, "at", body.at, strip_m)
        case WarningBody():
            return _districts(state, channel, body.districts, strip_m)
        case _:
            return None


def _wide(strip_m: int) -> Refusal:
    return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "radius_m", f"the agreed strip is {strip_m} m wide on each side")


def _outside(state: NodeState, channel: ChannelId, field: str, point: PointE7, strip_m: int) -> Refusal | None:
    if _within(state, channel, point.position(), strip_m):
        return None
    detail = f"lies outside the agreed strip of {strip_m // 1_000} km on each side of the border"
    return Refusal(Reason.POSITION_NOT_PLAUSIBLE, field, detail)


def _within(state: NodeState, channel: ChannelId, position: Position, strip_m: int) -> bool:
    sides = (state.charter.party, partner_on(channel, state.charter.party))
    geography = state.charter.geography
    return all(geography.distance_to_country_m(position, CountryId(side)) <= strip_m for side in sides)


def _districts(state: NodeState, channel: ChannelId, districts: tuple[DistrictId, ...], strip_m: int) -> Refusal | None:
    """Own districts of which some part lies in the strip."""
    for district in districts:
        rings = state.charter.geography.district_rings(district)
        if not district.startswith(f"{state.charter.party}-") or not rings:
            return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "districts", f"{district[:32]} is no district of ours")
        corners = (Position(lat, lon) for ring in rings for lat, lon in ring)
        if not any(_within(state, channel, corner, strip_m) for corner in corners):
            detail = f"{district} lies outside the agreed strip of {strip_m // 1_000} km"
            return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "districts", detail)
    return None


# --- our public was warned ------------------------------------------------------------------------------------------


def spoken_of(incident: Incident, channel: ChannelId) -> bool:
    """Whether anything was said of the incident on a channel: before that the partner knows no name of it."""
    thread = incident.threads.get(channel)
    return thread is not None and (thread.sent_upto is not None or thread.got_upto is not None or thread.voiced)


def warning_of(alert: Alert, now: Instant) -> WarningBody:
    """What a neighbour is told of an alert that was just issued: the district, the level, from when until when."""
    proposal = alert.proposal
    return WarningBody(
        level=WarningLevel(proposal.level.value),
        districts=(proposal.district,),
        from_ms=now,
        until_ms=max(now, proposal.expires),
    )


# --- CORRECT and CANCEL ---------------------------------------------------------------------------------------------


class Named(msgspec.Struct, frozen=True):
    """A message of ours that is to be corrected or cancelled, where it was said."""

    incident: Incident
    entry: Entry
    earlier: Earlier


def named(state: NodeState, command: CorrectMessage | CancelMessage) -> Named | Refusal:
    """Finds it. WRONG_CHANNEL, UNKNOWN_MESSAGE for what we have not said in an incident, NOT_CORRECTABLE."""
    session = state.sessions.get(command.channel)
    if session is None:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{command.channel} is no channel of this node")
    generation = session.generation if command.generation is None else command.generation
    ref = MessageRef(session.year, generation, command.serial)
    for incident in (*state.incidents.open.values(), *reversed(state.incidents.closed.values())):
        for entry in incident.messages(command.channel, Direction.SENT):
            if entry.ref == ref:
                if entry.type in NOT_CORRECTABLE:
                    return Refusal(Reason.NOT_CORRECTABLE, "serial", f"{command.serial} is a {entry.type}")
                earlier = Earlier(command.serial, None if generation == session.generation else generation)
                return Named(incident, entry, earlier)
    return Refusal(
        Reason.UNKNOWN_MESSAGE, "serial", f"we said no message {command.serial} in an incident on {command.channel}"
    )


def cancelled(command: CancelMessage, found: Named) -> CancelBody:
    """The body of a CANCEL."""
    return CancelBody(serial=found.earlier.serial, generation=found.earlier.generation, why=command.why)


def in_place_of(draft: Draft, found: Named) -> Draft | Refusal:
    """The draft as the correction of a message: under the name that the message used, in reply to nothing. A track's
    draft takes the type that was said."""
    kind = MessageType(found.entry.type)
    if isinstance(draft, TrackDraft) and draft.type is not MessageType.OWN_OBJECT:
        draft = msgspec.structs.replace(draft, type=kind)
    if draft.type is not kind:
        return Refusal(Reason.OTHER_TYPE, "by", f"{found.earlier.serial} is a {kind.value}, not a {draft.type.value}")
    name = found.entry.incident or draft.incident
    if isinstance(draft, FormDraft):
        return msgspec.structs.replace(
            draft, corrects=found.earlier, incident=name, in_reply_to=None, reply_generation=None
        )
    return msgspec.structs.replace(draft, corrects=found.earlier, incident=name or draft.incident)


__all__ = [
    "Named", "beyond_strip", "cancelled", "filled", "in_place_of", "named", "spoken_of", "warning_of",
]  # fmt: skip
