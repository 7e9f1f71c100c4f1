"""Message words: the closed set of types and their bodies, in the integers and codes of the wire (docs/spec).

Positions are 1e-7 degrees, times are instants, probabilities are per mille, courses are whole degrees true.
`None` means that the member is absent; JSON null never appears on the wire.
"""
# size: the closed set of types and their bodies is one list

from enum import StrEnum

import msgspec

from redshank.terms.geo import Position
from redshank.terms.ids import BorderId, ChannelId, CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.track import Status


class MessageType(StrEnum):
    """The types that this version speaks; another is refused with UNKNOWN_TYPE."""

    TEST = "TEST"
    TEST_REPLY = "TEST-REPLY"
    NOTICE = "NOTICE"
    UPDATE = "UPDATE"
    LOST = "LOST"
    QUERY = "QUERY"
    REPLY = "REPLY"
    ACK = "ACK"
    CLOSE = "CLOSE"
    AGREE_CLOSE = "AGREE-CLOSE"
    LOG_END = "LOG-END"
    LOG_OPEN = "LOG-OPEN"
    OWN_OBJECT = "OWN-OBJECT"
    MEASURE = "MEASURE"
    FIND = "FIND"
    EVIDENCE = "EVIDENCE"
    NEGATIVE = "NEGATIVE"
    WARNING = "WARNING"
    CORRECT = "CORRECT"
    CANCEL = "CANCEL"


class Phase(StrEnum):
    """How far a crossing has come: may cross, is crossing (within minutes, certain), has crossed."""

    POSSIBLE = "possible"
    CROSSING = "crossing"
    CROSSED = "crossed"


class Question(StrEnum):
    """What a QUERY asks."""

    YOURS_OR_KNOWN = "yours-or-known"


class Answer(StrEnum):
    """What a REPLY says. `cannot-say` is an answer; silence is data of another kind."""

    OURS = "ours"
    KNOWN = "known"
    UNKNOWN = "unknown"
    NO_INFORMATION = "no-information"
    CANNOT_SAY = "cannot-say"


class Outcome(StrEnum):
    """How an incident ended, as the sender of CLOSE sees it."""

    CROSSED = "crossed"
    DID_NOT_CROSS = "did-not-cross"
    IDENTIFIED = "identified"
    LOST = "lost"
    FOUND = "found"
    NO_FURTHER_INFORMATION = "no-further-information"


class Why(StrEnum):
    """Why a party ends its log on a channel and opens the next one (LOG-20)."""

    PLANNED = "planned"
    EXPIRY = "expiry"
    REVOKED = "revoked"
    LOST = "lost"
    PARTNER = "partner"
    """The other party rotates; this one goes with it."""


class Condition(StrEnum):
    """What an object of the sender's own does, as an OWN-OBJECT says."""

    OUT_OF_CONTROL = "out-of-control"
    IN_FLIGHT = "in-flight"
    UNDER_CONTROL = "under-control"
    LANDED = "landed"


class Measure(StrEnum):
    """What a MEASURE tells of, so that it is not misread."""

    AIRSPACE_CLOSED = "airspace-closed"
    AIRSPACE_RESTRICTED = "airspace-restricted"
    RESPONSE_FLIGHT = "response-flight"
    SEARCH_FLIGHT = "search-flight"


class Found(StrEnum):
    """What a FIND is."""

    DEBRIS = "debris"
    WHOLE_OBJECT = "whole-object"
    BALLOON = "balloon"
    PAYLOAD = "payload"


class Hazard(StrEnum):
    """Whether what was found may hurt whoever comes near."""

    NONE_SEEN = "none-seen"
    POSSIBLE = "possible"
    CONFIRMED = "confirmed"


class Secured(StrEnum):
    """Whether a find is guarded."""

    YES = "yes"
    NO = "no"


class Item(StrEnum):
    """What an EVIDENCE offers."""

    PHOTOGRAPH = "photograph"
    DOCUMENT = "document"
    DATA = "data"
    PART = "part"


class Means(StrEnum):
    """How it was looked, where a NEGATIVE says that nothing was seen."""

    RADAR = "radar"
    AIR = "air"
    GROUND = "ground"
    WATER = "water"


class WarningLevel(StrEnum):
    """What the sender's public was told."""

    POSSIBLE = "possible"
    SHELTER = "shelter"
    ALL_CLEAR = "all-clear"


class CancelWhy(StrEnum):
    """Why a message no longer stands. It says nothing of who was at fault."""

    SENT_IN_ERROR = "sent-in-error"
    WRONG_OBJECT = "wrong-object"
    WRONG_PARTNER = "wrong-partner"
    SUPERSEDED = "superseded"


class PointE7(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A WGS 84 point in units of 1e-7 degrees."""

    lat_e7: int
    lon_e7: int

    @staticmethod
    def of(position: Position) -> "PointE7":
        """Nearest representable point."""
        return PointE7(round(position.lat_deg * 1e7), round(position.lon_deg * 1e7))

    def position(self) -> Position:
        """As degrees."""
        return Position(self.lat_e7 / 1e7, self.lon_e7 / 1e7)


class ObjectState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """One object as released: `accuracy_m` bounds the position error with 95 % and includes the coarsening."""

    object: int
    """The object's number within the incident, from 1. Never the sender's track number."""
    status: Status
    at: PointE7
    accuracy_m: int
    count: int = 1
    altitude_m: int | None = None
    course_deg: int | None = None
    speed_kmh: int | None = None


class CrossingClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Which border, with what probability, when (10/50/90 %), and on which stretch (80 % of the crossings)."""

    border: BorderId
    out_of: CountryId
    into: CountryId
    permille: int
    p10_ms: Instant
    p50_ms: Instant
    p90_ms: Instant
    stretch_from: PointE7
    stretch_to: PointE7


class DistrictClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A district of the receiver in the object's path."""

    district: DistrictId
    permille: int
    p10_ms: Instant
    p50_ms: Instant
    p90_ms: Instant


class NoticeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of NOTICE and UPDATE."""

    phase: Phase
    object: ObjectState
    crossing: CrossingClaim | None = None
    districts: tuple[DistrictClaim, ...] = ()


class LostBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of LOST: the last released state, and the disc to search (90 %) at the time of statement."""

    object: ObjectState
    search_centre: PointE7
    search_radius_m: int


class QueryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Body of QUERY."""

    object: int
    question: Question


class ReplyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Body of REPLY; `in_reply_to` names the QUERY."""

    answer: Answer


class AckBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Body of ACK: a person in this role has read the message that `in_reply_to` names."""

    role: str


class CloseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Body of CLOSE: the sender's summary."""

    outcome: Outcome
    objects: int
    first_observed_ms: Instant
    last_observed_ms: Instant


class AgreeCloseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Body of AGREE-CLOSE; `agrees` is ``yes`` or ``no``; a no is recorded as a disagreement and closes as well."""

    agrees: str


class TestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Body of TEST and TEST-REPLY: `number` counts the tests of a channel."""

    number: int


class HeadClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A head of a log, as a message names it: `root` in base64."""

    origin: str
    size: int
    root: str


class LogEndBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Body of LOG-END, the last message of a log: under which keys both logs go on. `keys` and `partner_keys` are marks
    of the sender's and the receiver's next keys (LOG-19)."""

    generation: int
    keys: str
    partner_keys: str
    why: Why


class LogOpenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Body of LOG-OPEN, the first message of a log that follows another: where the sender's log before it ended, and
    how far the sender held the receiver's."""

    end: HeadClaim
    partner_end: HeadClaim
    why: Why


class OwnObjectBody(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False
):
    """Body of OWN-OBJECT: an object of the sender's. `until_ms`: when its flight should end (fuel, flight plan)."""

    condition: Condition
    object: ObjectState
    until_ms: Instant | None = None


class MeasureBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of MEASURE: the area that it stays in, never where an aircraft is. Heights above mean sea level."""

    measure: Measure
    centre: PointE7
    radius_m: int
    from_ms: Instant
    until_ms: Instant
    floor_m: int | None = None
    ceiling_m: int | None = None


class FindBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of FIND. `object`: the number within the incident, where the sender holds it to be that object."""

    what: Found
    at: PointE7
    accuracy_m: int
    found_ms: Instant
    hazard: Hazard
    secured: Secured
    object: int | None = None


class EvidenceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of EVIDENCE: an item offered by its SHA-256 (64 hexadecimal digits); the item itself goes another way.
    `find`: serial of a FIND of the same log, or of an earlier one where `generation` says which."""

    kind: Item
    sha256: str
    bytes: int
    obtained_ms: Instant
    find: int | None = None
    generation: int | None = None


class NegativeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Body of NEGATIVE: looked there, saw nothing."""

    centre: PointE7
    radius_m: int
    from_ms: Instant
    until_ms: Instant
    means: Means


class WarningBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Body of WARNING: the sender's public in these districts of its own was told so."""

    level: WarningLevel
    districts: tuple[DistrictId, ...]
    from_ms: Instant
    until_ms: Instant


class CorrectBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of CORRECT: what the message of this serial of the same log, or of the log of an earlier `generation`,
    should have said: a whole body of its type. Never handed to a decoder whole: `body` follows from `type`."""

    serial: int
    type: MessageType
    body: "Body"
    generation: int | None = None


class CancelBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Body of CANCEL: the message of this serial of the same log, or of an earlier one, no longer stands."""

    serial: int
    why: CancelWhy
    generation: int | None = None


Body = (
    NoticeBody
    | LostBody
    | QueryBody
    | ReplyBody
    | AckBody
    | CloseBody
    | AgreeCloseBody
    | TestBody
    | LogEndBody
    | LogOpenBody
    | OwnObjectBody
    | MeasureBody
    | FindBody
    | EvidenceBody
    | NegativeBody
    | WarningBody
    | CorrectBody
    | CancelBody
)

BODY_OF: dict[MessageType, type] = {
    MessageType.TEST: TestBody,
    MessageType.TEST_REPLY: TestBody,
    MessageType.NOTICE: NoticeBody,
    MessageType.UPDATE: NoticeBody,
    MessageType.LOST: LostBody,
    MessageType.QUERY: QueryBody,
    MessageType.REPLY: ReplyBody,
    MessageType.ACK: AckBody,
    MessageType.CLOSE: CloseBody,
    MessageType.AGREE_CLOSE: AgreeCloseBody,
    MessageType.LOG_END: LogEndBody,
    MessageType.LOG_OPEN: LogOpenBody,
    MessageType.OWN_OBJECT: OwnObjectBody,
    MessageType.MEASURE: MeasureBody,
    MessageType.FIND: FindBody,
    MessageType.EVIDENCE: EvidenceBody,
    MessageType.NEGATIVE: NegativeBody,
    MessageType.WARNING: WarningBody,
    MessageType.CORRECT: CorrectBody,
    MessageType.CANCEL: CancelBody,
}

NOT_CORRECTABLE = frozenset(
    {
        MessageType.TEST,
        MessageType.TEST_REPLY,
        MessageType.LOG_END,
        MessageType.LOG_OPEN,
        MessageType.CORRECT,
        MessageType.CANCEL,
    }
)
"""Types that CORRECT and CANCEL can not name: about the line, the log, or another statement (MSG-26)."""


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message, parsed and checked. Field order and bytes on the wire are the envelope's business."""

    type: MessageType
    channel: ChannelId
    sender: PartyId
    year: int
    serial: int
    stated_ms: Instant
    body: Body
    incident: IncidentId | None = None
    observed_ms: Instant | None = None
    in_reply_to: int | None = None
    """Serial of a message of the *receiver's* log on this channel and year."""
    generation: int = 0
    """How many logs this channel and sender had before this one."""
    reply_generation: int | None = None
    """The generation of the log that `in_reply_to` points into, where it is an earlier one than the message's own."""
    text: str | None = None
    """Unofficial remark; never needed."""

    @property
    def answered_generation(self) -> int:
        """The generation of the log that `in_reply_to` points into."""
        return self.generation if self.reply_generation is None else self.reply_generation
