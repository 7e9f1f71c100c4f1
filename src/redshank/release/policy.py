"""Release policy: the rules that one state owns alone, as data.

Here: the types of a policy and its reader, which refuses what it does not understand and says where. Not here:
what a rule does to a draft (`decide`), how a grain is applied (`coarsen`). May know: terms, PyYAML.

Order is law: the first rule that matches decides, and what no rule matches is withheld by ``default-deny``.
A condition that a rule does not name does not restrict it. Altitude, course and speed leave only when the rule
names a grain for them, so that forgetting a line hides and never shows.
"""

import re
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
import yaml

from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.message import MessageType
from redshank.terms.strict_yaml import fault_in
from redshank.terms.track import Life, Status

DEFAULT_DENY: Final = "default-deny"
NEVER_RELEASED: Final = "never-released"
DRAFT_CHECK: Final = "draft-check"
RESERVED_IDS: Final = frozenset((DEFAULT_DENY, NEVER_RELEASED, DRAFT_CHECK))
"""Rule ids that verdicts use for what stands in the code and not in a policy."""

TRACK_TYPES: Final = frozenset((MessageType.NOTICE, MessageType.UPDATE, MessageType.LOST))
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


Whole = Annotated[int, msgspec.Meta(ge=0)]
RuleId = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,47}$")]
PartnerName = Annotated[str, msgspec.Meta(pattern="^([A-Z]{2}|any)$")]


class Coarsen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
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


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
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
    coarsen: Coarsen | None = None
    strip: tuple[Field, ...] = ()
    min_delay_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    update_interval_s: Annotated[int, msgspec.Meta(ge=0, le=3_600)] = 0
    automatic: bool = False
    """False: leaves only when a person asked for it."""

    @property
    def for_tracks(self) -> bool:
        """Whether the rule is about tracks; a rule is about tracks or about forms, never both."""
        return self.types[0] in TRACK_TYPES


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A policy in force. `notes` are the reader's remarks: legal, but worth a second look."""

    policy: RuleId
    party: Annotated[PartyId, msgspec.Meta(pattern="^[A-Z]{2}$")]
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=limits.POLICY_RULES)]
    notes: tuple[str, ...] = ()


class PolicyRefused(ValueError):
    """A policy that is not taken into force. Says the line, the field, the limit and what follows from it."""

    def __init__(self, line: int, field: str, limit: str) -> None:
        super().__init__(
            f"line {line}: {field}: {limit}. The policy is not taken into force; the one before stays in force, "
            "and a node without any releases nothing"
        )
        self.line = line
        self.field = field
        self.limit = limit


def parse_policy(text: str) -> Policy:
    """Reads a policy in YAML. Raises PolicyRefused; a policy that denies everything is legal and noted."""
    data, lines = _read_yaml(text)
    if isinstance(data, dict) and "notes" in data:
        raise PolicyRefused(lines["$.notes"], "notes", "is written by the reader, not by the author")
    try:
        policy = msgspec.convert(data, Policy)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        path = path.rstrip("`") or "$"
        raise PolicyRefused(_line_of(lines, path), path.removeprefix("$."), what) from None
    for number, rule in enumerate(policy.rules):
        _check_rule(policy, number, rule, lines)
    return msgspec.structs.replace(policy, notes=tuple(_notes(policy)))


def _read_yaml(text: str) -> tuple[Any, dict[str, int]]:
    """The plain data and the line of every path. Refuses aliases and double keys, which YAML would hide."""
    if len(text.encode()) > limits.POLICY_BYTES:
        raise PolicyRefused(1, "file", f"is longer than {limits.POLICY_BYTES} bytes")
    fault = fault_in(text, limits.POLICY_BYTES)
    if fault is not None:
        raise PolicyRefused(fault.line, fault.field, fault.problem)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            raise PolicyRefused(1, "file", "is empty")
        lines: dict[str, int] = {}
        _walk(root, "$", lines, set())
        return yaml.safe_load(text), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PolicyRefused(mark.line + 1 if mark else 1, "file", f"is not YAML: {error}") from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, PolicyRefused):
            raise
        raise PolicyRefused(1, "file", f"is not YAML that can be read: {type(error).__name__}") from None


def _walk(node: yaml.Node, path: str, lines: dict[str, int], seen: set[int]) -> None:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise PolicyRefused(line, path, "is a YAML alias; write the value again")
    seen.add(id(node))
    lines.setdefault(path, line)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, f"{path}[{number}]", lines, seen)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = f"{path}.{key.value}"
            if inner in lines:
                raise PolicyRefused(key.start_mark.line + 1, inner.removeprefix("$."), "is written twice")
            lines[inner] = key.start_mark.line + 1
            _walk(value, inner, lines, seen)


def _line_of(lines: dict[str, int], path: str) -> int:
    while path not in lines and path != "$":
        path = re.sub(r"(\.[^.\[\]]*|\[[^\]]*\])$", "", path) or "$"
    return lines.get(path, 1)


_TRACK_ONLY = ("statuses", "lives", "within_km", "altitude", "min_reports", "max_sigma_m", "cooperative")


def _check_rule(policy: Policy, number: int, rule: Rule, lines: dict[str, int]) -> None:
    where = f"$.rules[{number}]"

    def refuse(field: str, limit: str) -> PolicyRefused:
        return PolicyRefused(_line_of(lines, f"{where}.{field}"), f"rules[{number}].{field} ({rule.id})", limit)

    if rule.id in RESERVED_IDS or any(other.id == rule.id for other in policy.rules[:number]):
        raise refuse("id", "is taken; verdicts name rules by id, so each rule needs its own")
    if policy.party in rule.partners:
        raise refuse("partners", f"names {policy.party}, whose policy this is")
    if any((kind in TRACK_TYPES) != rule.for_tracks for kind in rule.types):
        raise refuse("types", "mixes NOTICE, UPDATE, LOST with forms; write two rules")
    if not rule.for_tracks:
        for field in _TRACK_ONLY:
            if getattr(rule, field) is not None:
                raise refuse(field, "has no meaning for a form, which holds nothing of the picture")
        if not set(rule.strip) <= {Field.TEXT}:
            raise refuse("strip", "can strip only text from a form")
    if rule.altitude is not None and rule.altitude.min_m > rule.altitude.max_m:
        raise refuse("altitude", "has min_m above max_m, so it matches nothing")
    if rule.effect is RuleEffect.DENY:
        if rule.coarsen is not None or rule.strip or rule.min_delay_s or rule.update_interval_s:
            raise refuse("effect", "is deny; nothing leaves, so coarsen, strip and delays have no meaning")
    else:
        _check_grains(rule, refuse)


def _check_grains(rule: Rule, refuse: Any) -> None:
    grains = rule.coarsen
    if rule.for_tracks:
        if grains is None or not grains.position_m:
            raise refuse("coarsen", "must name position_m: a track never leaves at full precision by omission")
        for field, grain in (
            (Field.ALTITUDE, grains.altitude_m),
            (Field.COURSE, grains.course_deg),
            (Field.SPEED, grains.speed_kmh),
        ):
            if grain and field in rule.strip:
                raise refuse("strip", f"strips {field.value}, for which coarsen names a grain; keep one of them")
    elif grains is not None and grains != Coarsen(time_s=grains.time_s):
        raise refuse("coarsen", "can name only time_s for a form")


def _notes(policy: Policy) -> list[str]:
    notes = []
    if all(rule.effect is RuleEffect.DENY for rule in policy.rules):
        notes.append("no rule allows anything: this policy withholds every message, TEST and ACK included")
    for number, rule in enumerate(policy.rules):
        for earlier in policy.rules[:number]:
            if _covers(earlier, rule):
                notes.append(f"rule {rule.id} never decides: {earlier.id} before it matches all that it matches")
                break
    return notes


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Whether every draft that matches `narrow` matches `wide` as well. May say False when it can not tell."""
    partners = "any" in wide.partners or set(narrow.partners) <= set(wide.partners)
    return (
        partners
        and set(narrow.types) <= set(wide.types)
        and _subset(wide.statuses, narrow.statuses)
        and _subset(wide.lives, narrow.lives)
        and wide.altitude in (None, narrow.altitude)
        and wide.cooperative in (None, narrow.cooperative)
        and _at_most(wide.within_km, narrow.within_km)
        and _at_most(wide.max_sigma_m, narrow.max_sigma_m)
        and (wide.min_reports or 1) <= (narrow.min_reports or 1)
    )


def _subset(wide: tuple[Any, ...] | None, narrow: tuple[Any, ...] | None) -> bool:
    return wide is None or (narrow is not None and set(narrow) <= set(wide))


def _at_most(wide: float | None, narrow: float | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)
