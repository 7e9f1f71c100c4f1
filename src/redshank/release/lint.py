"""Lint: what the rules of a policy are together: rules that never decide, rules that contradict, a policy that releases
nothing or everything without saying so, names that nothing bears.

Here: the check of a whole policy. Not here: what one rule must be (`reader`). May know: terms.

A rule never decides when each combination of type, partner, status, life and transponder that it is about belongs to
an earlier rule whose other conditions are no narrower. The check can miss such a rule (several bands of altitude
that only together cover a third), but it never blames one that can decide.
"""

from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from redshank.release.policy import SEEN_TYPES, Extent, Hours, Policy, Rule, RuleEffect
from redshank.terms.message import MessageType
from redshank.terms.track import Life, Status

Cells = npt.NDArray[np.bool_]
ANY: Final = "any"
_DAY_MIN: Final = 24 * 60
_NUMERIC: Final = ("within_km", "altitude", "min_reports", "max_sigma_m", "zones", "hours", "valid")


class LintFault(msgspec.Struct, frozen=True):
    """What is wrong: the rule by its place in the file (None: the whole policy), the field, and the sentence."""

    rule: int | None
    field: str
    limit: str


def fault_among(policy: Policy, parties: Collection[str] | None = None) -> LintFault | None:
    """The first thing that is wrong with a policy whose rules are sound one by one.

    `parties`: codes of all states that a rule may name; None when that is not known here.
    """
    return next((fault for fault in _faults(policy, parties)), None)


def _faults(policy: Policy, parties: Collection[str] | None) -> Iterator[LintFault]:
    for number, rule in enumerate(policy.rules):
        yield from _unknown(policy, number, rule, parties)
    used = {name for rule in policy.rules for name in rule.zones or ()}
    for name in policy.zones.keys() - used:
        yield LintFault(None, f"zones.{name}", "is a zone that no rule names: it protects nothing")
    names = [article.id for article in policy.articles]
    if len(set(names)) != len(names):
        yield LintFault(None, "articles", "name an article twice: what rests on it could be read in two ways")
    yield from _never_decides(policy)
    yield from _extent(policy)


def _unknown(policy: Policy, number: int, rule: Rule, parties: Collection[str] | None) -> Iterator[LintFault]:
    for name in rule.zones or ():
        if name not in policy.zones:
            yield LintFault(
                number, "zones", f"names {name}, which is no zone of this policy: the rule would never match"
            )
    if rule.under is not None and rule.under not in {article.id for article in policy.articles}:
        listed = ", ".join(article.id for article in policy.articles) or "none"
        told = f"cites {rule.under}, which is no article of this policy ({listed}): nobody could look it up"
        yield LintFault(number, "under", told)
    for partner in rule.partners:
        if parties is not None and partner != ANY and partner not in parties:
            known = ", ".join(sorted(parties))
            yield LintFault(number, "partners", f"names {partner}, which is no party that is known here ({known})")


# --- rules that never decide ------------------------------------------------------------------------------------------


def _never_decides(policy: Policy) -> Iterator[LintFault]:
    partners = sorted({partner for rule in policy.rules for partner in rule.partners} - {ANY})
    cells = [_cells(rule, partners) for rule in policy.rules]
    for number, rule in enumerate(policy.rules):
        left, before = cells[number].copy(), list[Rule]()
        for other, earlier in enumerate(policy.rules[:number]):
            if _no_narrower(earlier, rule) and bool((left & cells[other]).any()):
                left &= ~cells[other]
                before.append(earlier)
            if not left.any():
                yield LintFault(number, "id", _why_never(rule, before))
                break


def _why_never(rule: Rule, before: list[Rule]) -> str:
    names = " and ".join(earlier.id for earlier in before)
    told = f"never decides: {names} before it match{'es' if len(before) == 1 else ''} all that it matches"
    if any(earlier.effect is not rule.effect for earlier in before):
        effects = ", ".join(f"{earlier.id} says {earlier.effect.value}" for earlier in before)
        return f"{told}, and contradict{'s' if len(before) == 1 else ''} it ({effects}, this one {rule.effect.value})"
    return f"{told}; take it out, or put it first"


def _cells(rule: Rule, partners: list[str]) -> Cells:
    """Which combinations of type, partner (the last stands for all others), status, life, transponder it is about."""
    is_any = ANY in rule.partners
    axes: list[list[bool]] = [
        [kind in rule.types for kind in MessageType],
        [is_any or partner in rule.partners for partner in partners] + [is_any],
        [rule.statuses is None or status in rule.statuses for status in Status],
        [rule.lives is None or life in rule.lives for life in Life],
        [rule.cooperative is None or rule.cooperative is answers for answers in (False, True)],
    ]
    cells = np.array(True)
    for axis in axes:
        cells = cells[..., None] & np.array(axis)
    return np.asarray(cells)


def _no_narrower(wide: Rule, narrow: Rule) -> bool:
    """Whether what meets the other conditions of `narrow` meets those of `wide`. May say False when it can not tell."""
    return (
        _at_most(wide.within_km, narrow.within_km)
        and _at_most(wide.max_sigma_m, narrow.max_sigma_m)
        and (wide.min_reports or 1) <= (narrow.min_reports or 1)
        and _band(wide, narrow)
        and _zones(wide, narrow)
        and (wide.hours is None or (narrow.hours is not None and _minutes(narrow.hours) <= _minutes(wide.hours)))
        and _valid(wide, narrow)
    )


def _at_most(wide: float | None, narrow: float | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


def _band(wide: Rule, narrow: Rule) -> bool:
    if wide.altitude is None:
        return True
    inner, outer = narrow.altitude, wide.altitude
    if inner is None:
        return False
    return outer.min_m <= inner.min_m and inner.max_m <= outer.max_m and (outer.unknown or not inner.unknown)


def _zones(wide: Rule, narrow: Rule) -> bool:
    """An allowing rule needs all places inside, the others one: see `match`."""
    if wide.zones is None:
        return True
    strict = wide.effect is RuleEffect.ALLOW and narrow.effect is not RuleEffect.ALLOW
    return narrow.zones is not None and set(narrow.zones) <= set(wide.zones) and not strict


def _minutes(hours: Hours) -> set[int]:
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (hours.since, hours.until))
    return {minute % _DAY_MIN for minute in range(start, end if end > start else end + _DAY_MIN)}


def _valid(wide: Rule, narrow: Rule) -> bool:
    if wide.valid is None:
        return True
    return (
        narrow.valid is not None and wide.valid.since <= narrow.valid.since and narrow.valid.until <= wide.valid.until
    )


# --- nothing and everything -------------------------------------------------------------------------------------------


def _extent(policy: Policy) -> Iterator[LintFault]:
    found = {Extent.NOTHING: _is_nothing(policy), Extent.EVERYTHING: _is_everything(policy)}
    told = {
        Extent.NOTHING: "no rule allows anything: the node would tell nobody anything, TEST and ACK included",
        Extent.EVERYTHING: "every track would leave to every partner by itself, airliners and own patrols included",
    }
    for extent, holds in found.items():
        if holds and policy.extent is not extent:
            yield LintFault(None, "rules", f"{told[extent]}. If that is meant, write `extent: {extent.value}`")
        if not holds and policy.extent is extent:
            yield LintFault(None, "extent", f"says {extent.value}, and the rules say otherwise")


def _is_nothing(policy: Policy) -> bool:
    return all(rule.effect is RuleEffect.DENY for rule in policy.rules)


def _is_everything(policy: Policy) -> bool:
    """Whether rules that let out by themselves and without a condition stand before all others about tracks."""
    left: Any = _cells(Rule(id="all", effect=RuleEffect.ALLOW, partners=(ANY,), types=tuple(SEEN_TYPES)), [])
    for rule in policy.rules:
        if not rule.for_tracks:
            continue
        plain = all(getattr(rule, field) is None for field in _NUMERIC)
        if rule.effect is not RuleEffect.ALLOW or not rule.automatic or not plain:
            return False
        if ANY in rule.partners:
            left &= ~_cells(rule, [])
        if not left.any():
            return True
    return False
