"""Commands: what an officer asks the node to do, in the imperative, as closed forms.

Here: one frozen type per act; the tag member ``act`` tells them apart in JSON. Not here: whether the act is
allowed now (the procedure decides) and what a partner would read of it (release decides). May know: terms.
"""

from typing import Annotated

import msgspec

from redshank.terms import limits
from redshank.terms.ids import ChannelId, DistrictId, IncidentId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    Answer,
    CancelWhy,
    Condition,
    EndWhy,
    Found,
    Hazard,
    Item,
    Means,
    Measure,
    Outcome,
    PointE7,
    Secured,
    SuspendWhy,
    WarningLevel,
    Why,
)
from redshank.terms.track import Status

Remark = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.MESSAGE_TEXT_CHARS)]
"""A short unofficial remark, in characters; never needed."""
Serial = Annotated[int, msgspec.Meta(ge=0)]
Generation = Annotated[int, msgspec.Meta(ge=0)]
ObjectNumber = Annotated[int, msgspec.Meta(ge=1)]
WarningId = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="act"):
    text: Remark | None = None


class OpenIncident(_Form, frozen=True, kw_only=True, tag="open-incident"):
    """Open an incident for a track that no rule has opened one for."""

    track: TrackId


class SendNotice(_Form, frozen=True, kw_only=True, tag="send-notice"):
    """Tell the partner of this channel what release lets out about the incident's objects."""

    incident: IncidentId
    channel: ChannelId


class Acknowledge(_Form, frozen=True, kw_only=True, tag="acknowledge"):
    """A person has read the partner's message `serial`."""

    channel: ChannelId
    serial: Serial
    generation: Generation | None = None
    """Of the log that holds it; None: of the log that is open."""


class SendQuery(_Form, frozen=True, kw_only=True, tag="send-query"):
    """Ask: is object number `object` of the incident yours, or known to you?"""

    incident: IncidentId
    channel: ChannelId
    object: ObjectNumber


class SendReply(_Form, frozen=True, kw_only=True, tag="send-reply"):
    """Answer the partner's QUERY `serial`."""

    channel: ChannelId
    serial: Serial
    answer: Answer
    generation: Generation | None = None


class CloseIncident(_Form, frozen=True, kw_only=True, tag="close-incident"):
    """Propose to end the incident on this channel, with our summary."""

    incident: IncidentId
    channel: ChannelId
    outcome: Outcome


class AgreeClose(_Form, frozen=True, kw_only=True, tag="agree-close"):
    """Answer the partner's CLOSE. A no is recorded as a disagreement, and closes as well."""

    incident: IncidentId
    channel: ChannelId
    agrees: bool


class CloseAlone(_Form, frozen=True, kw_only=True, tag="close-alone"):
    """End the incident on this channel without the partner, who never answered."""

    incident: IncidentId
    channel: ChannelId


class IssueWarning(_Form, frozen=True, kw_only=True, tag="issue-warning"):
    """Hand the proposed warning to the public authority."""

    warning: WarningId


class SetStatus(_Form, frozen=True, kw_only=True, tag="set-status"):
    """From now on we hold the object to be this. The history stays."""

    track: TrackId
    status: Status


class TestLine(_Form, frozen=True, kw_only=True, tag="test-line"):
    """Send a TEST on this channel now."""

    channel: ChannelId


class TakeVoice(_Form, frozen=True, kw_only=True, tag="take-voice"):
    """The partner's officer has read out a message; these are its groups, parted by white space
    (docs/spec/voice.md)."""

    channel: ChannelId
    groups: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.VOICE_TEXT_CHARS)]


class NoteReadOut(_Form, frozen=True, kw_only=True, tag="note-read-out"):
    """We have read our message `serial` out to the partner's officer, and he has read it back, or not."""

    channel: ChannelId
    serial: Serial
    read_back: bool
    generation: Generation | None = None


class SeeContradiction(_Form, frozen=True, kw_only=True, tag="see-contradiction"):
    """A person has seen that the partner contradicted itself; `number` counts from 0 on its channel."""

    channel: ChannelId
    number: Serial


class RotateKeys(_Form, frozen=True, kw_only=True, tag="rotate-keys"):
    """End our log on this channel and open the next one, under the next keys that both officers have confirmed."""

    channel: ChannelId
    why: Why


class Activate(_Form, frozen=True, kw_only=True, tag="activate"):
    """We activate the agreement in the text that our newest file has; `agreement`: its hash as the person has read it,
    where that was asked for. It is in force once the partner has activated the same."""

    channel: ChannelId
    agreement: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")] | None = None


class Suspend(_Form, frozen=True, kw_only=True, tag="suspend"):
    """We stop: from now on nothing of an incident is said on this channel, whether the line is there or not."""

    channel: ChannelId
    why: SuspendWhy = SuspendWhy.NO_REASON


class Resume(_Form, frozen=True, kw_only=True, tag="resume"):
    """We take our suspension back."""

    channel: ChannelId


class EndAgreement(_Form, frozen=True, kw_only=True, tag="end"):
    """We end the agreement, from now or from a time to come on."""

    channel: ChannelId
    why: EndWhy = EndWhy.NO_REASON
    from_ms: Annotated[int, msgspec.Meta(ge=0)] | None = None


Sight = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
"""SHA-256 of all that would leave, as the person saw it (REL-20)."""
QuestionNumber = Annotated[int, msgspec.Meta(ge=1)]
ObligationId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ApproveRelease(_Form, frozen=True, kw_only=True, tag="approve-release"):
    """A releasing authority says yes to what question `question` would let out, which it has seen."""

    question: QuestionNumber
    sight: Sight


class RefuseRelease(_Form, frozen=True, kw_only=True, tag="refuse-release"):
    """A releasing authority says no. One no is enough."""

    question: QuestionNumber


class TakeShift(_Form, frozen=True, kw_only=True, tag="take-shift"):
    """From now on this officer answers. Without a hand-over it needs a remark that says why."""


class OfferShift(_Form, frozen=True, kw_only=True, tag="offer-shift"):
    """The officer on shift offers it to the next one, with all that is owed now."""


class AcceptShift(_Form, frozen=True, kw_only=True, tag="accept-shift"):
    """The next officer has read these obligations and takes them over; with the last one the shift."""

    obligations: Annotated[tuple[ObligationId, ...], msgspec.Meta(max_length=limits.SHIFT_OBLIGATIONS)]


class _OfIncident(_Form, frozen=True, kw_only=True):
    incident: IncidentId
    channel: ChannelId


class SendOwnObject(_OfIncident, frozen=True, kw_only=True, tag="send-own-object"):
    """Tell that the incident's object is our own, what it does, and when its flight should end. Where it is release
    says, from the picture."""

    condition: Condition
    until_ms: Instant | None = None


class SendMeasure(_OfIncident, frozen=True, kw_only=True, tag="send-measure"):
    """Tell of a measure of our own, by the area that it stays in."""

    measure: Measure
    centre: PointE7
    radius_m: int
    from_ms: Instant
    until_ms: Instant
    floor_m: int | None = None
    ceiling_m: int | None = None


class SendFind(_OfIncident, frozen=True, kw_only=True, tag="send-find"):
    """Tell what was found, and where."""

    what: Found
    at: PointE7
    accuracy_m: int
    found_ms: Instant
    hazard: Hazard
    secured: Secured
    object: ObjectNumber | None = None


class SendEvidence(_OfIncident, frozen=True, kw_only=True, tag="send-evidence"):
    """Offer an item by its hash; `find`: serial of our FIND that it belongs to."""

    kind: Item
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    bytes: int
    obtained_ms: Instant
    find: Serial | None = None
    generation: Generation | None = None


class SendNegative(_OfIncident, frozen=True, kw_only=True, tag="send-negative"):
    """Tell that we looked there and saw nothing."""

    centre: PointE7
    radius_m: int
    from_ms: Instant
    until_ms: Instant
    means: Means


class SendWarning(_OfIncident, frozen=True, kw_only=True, tag="send-warning"):
    """Tell that we have warned our public in these districts of ours. What IssueWarning says by itself, by hand."""

    level: WarningLevel
    districts: Annotated[tuple[DistrictId, ...], msgspec.Meta(min_length=1, max_length=limits.DISTRICTS_WARNED)]
    from_ms: Instant
    until_ms: Instant


Statement = SendOwnObject | SendMeasure | SendFind | SendEvidence | SendNegative | SendWarning


class CorrectMessage(_Form, frozen=True, kw_only=True, tag="correct-message"):
    """Say what our message `serial` should have said. `by`: the command that should have been given; what is made from
    the picture (NOTICE, UPDATE, LOST, OWN-OBJECT) is made anew, from what the picture holds now."""

    channel: ChannelId
    serial: Serial
    by: SendNotice | SendQuery | SendReply | CloseIncident | AgreeClose | Statement
    generation: Generation | None = None


class CancelMessage(_Form, frozen=True, kw_only=True, tag="cancel-message"):
    """Say that our message `serial` no longer stands. It stays in both logs."""

    channel: ChannelId
    serial: Serial
    why: CancelWhy
    generation: Generation | None = None


Command = (
    OpenIncident
    | SendNotice
    | Acknowledge
    | SendQuery
    | SendReply
    | CloseIncident
    | AgreeClose
    | CloseAlone
    | IssueWarning
    | SetStatus
    | TestLine
    | TakeVoice
    | NoteReadOut
    | SeeContradiction
    | RotateKeys
    | Activate
    | Suspend
    | Resume
    | EndAgreement
    | ApproveRelease
    | RefuseRelease
    | TakeShift
    | OfferShift
    | AcceptShift
    | Statement
    | CorrectMessage
    | CancelMessage
)
