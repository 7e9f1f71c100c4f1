"""Reading a policy: YAML to `Policy`, or a refusal that says the file, the line, the field, the limit and what follows.

Here: the reader and what one rule must be. Not here: what the rules are together (`lint`). May know: terms, PyYAML.
"""

import re
from collections.abc import Collection
from typing import Any

import msgspec
import yaml

from redshank.release.lint import LintFault, fault_among
from redshank.release.policy import RESERVED_IDS, TRACK_TYPES, Coarsen, Field, Policy, Rule, RuleEffect
from redshank.terms import limits
from redshank.terms.message import MessageType
from redshank.terms.strict_yaml import fault_in


class PolicyRefused(ValueError):
    """A policy that is not taken into force. Says the line, the field, the limit and what follows from it; whoever read
    the file puts its name before it."""

    def __init__(self, line: int, field: str, limit: str) -> None:
        super().__init__(
            f"line {line}: {field}: {limit}. The policy is not taken into force; the one before stays in force, "
            "and a node without any releases nothing"
        )
        self.line = line
        self.field = field
        self.limit = limit


def parse_policy(text: str, parties: Collection[str] | None = None) -> Policy:
    """Reads a policy in YAML. `parties`: codes of all states that a rule may name, if they are known.

    Raises PolicyRefused, also for rules that never decide and for a policy that releases nothing or everything without
    saying so.
    """
    data, lines = _read_yaml(text)
    if isinstance(data, dict) and "notes" in data:
        raise PolicyRefused(lines["$.notes"], "notes", "is written by the reader, not by the author")
    try:
        policy = msgspec.convert(data, Policy)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        path = path.rstrip("`") or "$"
        raise PolicyRefused(_line_of(lines, path), path.removeprefix("$."), _plainer(what)) from None
    for number, rule in enumerate(policy.rules):
        _check_rule(policy, number, rule, lines)
    fault = fault_among(policy, parties)
    if fault is not None:
        raise _refused(policy, fault, lines)
    return msgspec.structs.replace(policy, notes=tuple(_notes(policy)))


def _refused(policy: Policy, fault: LintFault, lines: dict[str, int]) -> PolicyRefused:
    if fault.rule is None:
        return PolicyRefused(_line_of(lines, f"$.{fault.field}"), fault.field, fault.limit)
    where, rule = f"rules[{fault.rule}].{fault.field}", policy.rules[fault.rule]
    return PolicyRefused(_line_of(lines, f"$.{where}"), f"{where} ({rule.id})", fault.limit)


def _plainer(what: str) -> str:
    """YAML 1.1 reads 22:00 as a number in base 60."""
    return f'{what} (a time of day is written in quotes: "22:00")' if what == "Expected `str`, got `int`" else what


def _notes(policy: Policy) -> list[str]:
    if policy.extent is None:
        return []
    return [f"this policy says that it releases {policy.extent.value}"]


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


_TRACK_ONLY = ("statuses", "lives", "within_km", "altitude", "min_reports", "max_sigma_m", "cooperative", "zones")


def _check_rule(policy: Policy, number: int, rule: Rule, lines: dict[str, int]) -> None:
    where = f"$.rules[{number}]"

    def refuse(field: str, limit: str) -> PolicyRefused:
        return PolicyRefused(_line_of(lines, f"{where}.{field}"), f"rules[{number}].{field} ({rule.id})", limit)

    if rule.id in RESERVED_IDS or any(other.id == rule.id for other in policy.rules[:number]):
        raise refuse("id", "is taken; verdicts name rules by id, so each rule needs its own")
    if policy.party in rule.partners:
        raise refuse("partners", f"names {policy.party}, whose policy this is")
    _check_types(rule, refuse)
    if not rule.for_tracks:
        for field in _TRACK_ONLY:
            if getattr(rule, field) is not None:
                raise refuse(field, "has no meaning for a form, which holds nothing of the picture")
        if not set(rule.strip) <= {Field.TEXT}:
            raise refuse("strip", "can strip only text from a form")
    _check_meaning(rule, refuse)
    if rule.effect is RuleEffect.DENY:
        if rule.coarsen is not None or rule.strip or rule.min_delay_s or rule.update_interval_s:
            raise refuse("effect", "is deny; nothing leaves, so coarsen, strip and delays have no meaning")
    else:
        _check_grains(rule, refuse)


def _check_types(rule: Rule, refuse: Any) -> None:
    """What a rule may be about."""
    if any((kind in TRACK_TYPES) != rule.for_tracks for kind in rule.types):
        raise refuse("types", "mixes NOTICE, UPDATE, LOST, OWN-OBJECT with forms; write two rules")
    if MessageType.CORRECT in rule.types:
        raise refuse("types", "names CORRECT, which leaves by the rules for the type that it corrects")
    if MessageType.OWN_OBJECT in rule.types and rule.automatic:
        raise refuse("automatic", "is for what a node may say by itself; an OWN-OBJECT is said by a person")


def _check_meaning(rule: Rule, refuse: Any) -> None:
    """Conditions that nothing meets."""
    if rule.altitude is not None and rule.altitude.min_m > rule.altitude.max_m:
        raise refuse("altitude", "has min_m above max_m, so it matches nothing")
    if rule.hours is not None and rule.hours.since == rule.hours.until:
        raise refuse("hours", "begins and ends at one minute, so it matches nothing; leave it out for the whole day")
    if rule.valid is not None and rule.valid.since >= rule.valid.until:
        raise refuse("valid", "ends before it begins, so it matches nothing")
    if (rule.ask is not None) is not (rule.effect is RuleEffect.ASK):
        raise refuse(
            "ask", "stands with the effect ask, and with no other: how many persons, and how long a yes counts"
        )


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
