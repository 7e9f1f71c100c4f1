"""Release policy: the rules that one state owns alone, as data.

Here: the types of a policy. Not here: reading one (`reader`), what its rules are together (`lint`), what a rule does to
a draft (`decide`), how a grain is applied (`coarsen`). May know: terms.

Order is law: the first rule that matches decides, and what no rule matches is withheld by ``default-deny``.
A condition that a rule does not name does not restrict it. Altitude, course and speed leave only when the rule
names a grain for them, so that forgetting a line hides and never shows.

The journal keeps policies that came into force, without what is as by default: no default here may change.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.message import MessageType
from redshank.terms.track import Life, Status

DEFAULT_DENY: Final = "default-deny"
NEVER_RELEASED: Final = "never-released"
DRAFT_CHECK: Final = "draft-check"
RESERVED_IDS: Final = frozenset((DEFAULT_DENY, NEVER_RELEASED, DRAFT_CHECK))
"""Rule ids that verdicts use for what stands in the code and not in a policy."""

SEEN_TYPES: Final = frozenset((MessageType.NOTICE, MessageType.UPDATE, MessageType.LOST))
"""Types that tell what was seen; they may leave by themselves."""
TRACK_TYPES: Final = SEEN_TYPES | {MessageType.OWN_OBJECT}
"""Types that are built from a track. All others are forms of codes."""


class RuleEffect(StrEnum):
    """``ask``: may leave once a releasing authority has said yes."""

    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"


class Field(StrEnum):
    """A field that a rule may strip."""

    ALTITUDE = "altitude"
    COURSE = "course"
    SPEED = "speed"
    STATUS = "status"
    CROSSING = "crossing"
    DISTRICTS = "districts"
    TEXT = "text"


class Extent(StrEnum):
    """What only a policy that says so may do: release nothing, or release every track to everybody by itself."""

    NOTHING = "nothing"
    EVERYTHING = "everything"


RuleId = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,47}$")]
Corner = tuple[
    Annotated[float, msgspec.Meta(ge=limits.REGION_LAT_MIN_DEG, le=limits.REGION_LAT_MAX_DEG)],
    Annotated[float, msgspec.Meta(ge=limits.REGION_LON_MIN_DEG, le=limits.REGION_LON_MAX_DEG)],
]
"""Latitude and longitude on WGS 84, degrees."""
Outline = Annotated[tuple[Corner, ...], msgspec.Meta(min_length=3, max_length=limits.ZONE_CORNERS)]
"""A zone: the corners in order; its edges are straight in degrees; the last corner is joined to the first."""
PartnerName = Annotated[str, msgspec.Meta(pattern="^([A-Z]{2}|any)$")]


class Coarsen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Grains. `position_m` is the side of a grid cell; 0 elsewhere means that the field does not leave."""

    position_m: Annotated[int, msgspec.Meta(ge=limits.POSITION_GRAIN_MIN_M, le=limits.POSITION_GRAIN_MAX_M)] = 0
    time_s: Annotated[int, msgspec.Meta(ge=1, le=limits.TIME_GRAIN_MAX_S)] = 1
    altitude_m: Annotated[int, msgspec.Meta(ge=1, le=5_000)] = 0
    course_deg: Annotated[int, msgspec.Meta(ge=1, le=90)] = 0
    speed_kmh: Annotated[int, msgspec.Meta(ge=1, le=500)] = 0
    permille: Annotated[int, msgspec.Meta(ge=1, le=500)] = 10


class AltitudeBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Metres above mean sea level, both ends included; `unknown` says whether a track without altitude matches."""

    min_m: float
    max_m: float
    unknown: bool


TimeOfDay = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
When = Annotated[datetime, msgspec.Meta(tz=True)]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of each day, UTC: from the first minute on, until before the last; over midnight when `from` is later."""

    since: TimeOfDay = msgspec.field(name="from")
    until: TimeOfDay


class Valid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a rule is in force: from the first instant on, until before the last."""

    since: When = msgspec.field(name="from")
    until: When


class Asking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `ask` waits for: how many persons of a releasing authority, and for how long a yes can be given."""

    persons: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    within_s: Annotated[int, msgspec.Meta(ge=1, le=limits.ASK_MAX_S)]


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article of a law or an agreement that rules may rest on."""

    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9.-]{0,31}$")]
    says: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One rule: conditions, effect, and what is taken away from what it lets out."""

    id: RuleId
    effect: RuleEffect
    partners: Annotated[tuple[PartnerName, ...], msgspec.Meta(min_length=1)]
    types: Annotated[tuple[MessageType, ...], msgspec.Meta(min_length=1)]
    statuses: tuple[Status, ...] | None = None
    lives: tuple[Life, ...] | None = None
    within_km: Annotated[float, msgspec.Meta(ge=0, le=2_000)] | None = None
    altitude: AltitudeBand | None = None
    min_reports: Annotated[int, msgspec.Meta(ge=1)] | None = None
    max_sigma_m: Annotated[float, msgspec.Meta(gt=0)] | None = None
    cooperative: bool | None = None
    zones: Annotated[tuple[RuleId, ...], msgspec.Meta(min_length=1)] | None = None
    """Names of the policy's zones. An allowing rule needs all places that it would tell of in one of them; a denying
    or asking rule matches when any of these places lies in one."""
    hours: Hours | None = None
    valid: Valid | None = None
    ask: Asking | None = None
    """Only with the effect `ask`, which needs it."""
    coarsen: Coarsen | None = None
    strip: tuple[Field, ...] = ()
    min_delay_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    update_interval_s: Annotated[int, msgspec.Meta(ge=0, le=3_600)] = 0
    automatic: bool = False
    """False: leaves only when a person asked for it."""
    under: str | None = None
    """The article of this policy that the rule rests on (AGR-13); it decides nothing."""

    @property
    def for_tracks(self) -> bool:
        """Whether the rule is about tracks; a rule is about tracks or about forms, never both."""
        return self.types[0] in TRACK_TYPES


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A policy in force. `notes` are the reader's remarks: legal, but worth a second look."""

    policy: RuleId
    party: Annotated[PartyId, msgspec.Meta(pattern="^[A-Z]{2}$")]
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=limits.POLICY_RULES)]
    zones: dict[RuleId, Outline] = {}
    extent: Extent | None = None
    articles: Annotated[tuple[Article, ...], msgspec.Meta(max_length=limits.AGREEMENT_ARTICLES)] = ()
    """What rules rest on, so that a reader can look it up."""
    notes: tuple[str, ...] = ()
