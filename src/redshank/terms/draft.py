"""Drafts: what this node knows and would say. Only `release` turns a draft into something that may leave."""

import msgspec

from redshank.terms.crossing import Crossing, Forecast
from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import Body, Condition, MessageType, Phase
from redshank.terms.track import SearchArea, Track


class Earlier(msgspec.Struct, frozen=True, gc=False):
    """A message of our own log that a draft is to stand in the place of. `generation`: of an earlier log; None: of the
    one that is open."""

    serial: int
    generation: int | None = None


class OwnFlight(msgspec.Struct, frozen=True, gc=False):
    """What an OWN-OBJECT says beside the state of the object; a person wrote it."""

    condition: Condition
    until_ms: Instant | None = None


class TrackDraft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """About a track, in full precision: for NOTICE, UPDATE, LOST, OWN-OBJECT and the preview of what a partner sees."""

    type: MessageType
    channel: ChannelId
    partner: PartyId
    incident: IncidentId
    object_number: int
    track: Track
    phase: Phase
    distance_to_partner_m: float
    """Geodesic distance from the track to the partner's territory; 0 inside it."""
    forecast: Forecast | None = None
    crossing: Crossing | None = None
    search: SearchArea | None = None
    own: OwnFlight | None = None
    """Only for OWN-OBJECT, which needs it."""
    corrects: Earlier | None = None
    """It leaves as a CORRECT of that message, whose type it has."""
    together: int = 1
    """So many objects of the incident, this one counted, may leave as it does; more than one only where it stands for
    a night of many."""
    by_person: bool = False
    """A person of a role that may send asked for it."""

    @property
    def kind(self) -> MessageType:
        """The type that it leaves as."""
        return self.type if self.corrects is None else MessageType.CORRECT


class FormDraft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A form of codes filled by a person or by the procedure; holds nothing of the picture."""

    type: MessageType
    channel: ChannelId
    partner: PartyId
    body: Body
    incident: IncidentId | None = None
    in_reply_to: int | None = None
    reply_generation: int | None = None
    """Of the log that `in_reply_to` points into; None: of the log that is open."""
    observed_ms: Instant | None = None
    text: str | None = None
    by_person: bool = False
    corrects: Earlier | None = None
    """It leaves as a CORRECT of that message, whose type it has."""

    @property
    def kind(self) -> MessageType:
        """The type that it leaves as."""
        return self.type if self.corrects is None else MessageType.CORRECT


Draft = TrackDraft | FormDraft
