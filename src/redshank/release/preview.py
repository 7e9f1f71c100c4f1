"""Preview: what a partner would see, before anything is sent, and the reasons rule by rule.

Here: the same decision as for sending, shown to the own officer. Not here: a second, kinder decision. May know: terms.
"""

from collections.abc import Iterable

import msgspec

from redshank.release.decide import decide
from redshank.release.match import Moment, fault, mismatch, sigma_m
from redshank.release.policy import DEFAULT_DENY, DRAFT_CHECK, Policy, Rule, RuleEffect
from redshank.release.released import Released, Verdict, Withheld
from redshank.terms.draft import Draft, TrackDraft
from redshank.terms.ids import TrackId
from redshank.terms.instants import Instant


class Reasoned(msgspec.Struct, frozen=True):
    """One rule's part in a decision. `decides` is True for the one that gave the verdict."""

    rule: str
    matches: bool
    decides: bool
    field: str
    """The condition that was not met, by its name in the policy; empty when all were met."""
    detail: str


def preview(
    policy: Policy, drafts: Iterable[TrackDraft], now: Instant
) -> tuple[tuple[TrackId, Released | Withheld], ...]:
    """For each draft what its partner would get now, in the order of the drafts."""
    return tuple((draft.track.id, decide(policy, draft, now)) for draft in drafts)


def explain(policy: Policy, draft: Draft, now: Instant) -> tuple[Reasoned, ...]:
    """Why each rule did or did not match. The last entry says what happens when none did."""

    sigma = sigma_m(draft) if isinstance(draft, TrackDraft) else 0.0
    wrong = fault(draft, sigma)
    if wrong is not None:
        return (Reasoned(DRAFT_CHECK, True, True, wrong.field, str(wrong)),)
    verdict = decide(policy, draft, now).verdict
    reasons = [_reason(rule, draft, Moment(policy, now, sigma), verdict) for rule in policy.rules]
    if verdict.rule == DEFAULT_DENY:
        reasons.append(Reasoned(DEFAULT_DENY, True, True, "", verdict.detail))
    return tuple(reasons)


def _reason(rule: Rule, draft: Draft, moment: Moment, verdict: Verdict) -> Reasoned:
    field = mismatch(rule, draft, moment)
    if field is not None:
        return Reasoned(rule.id, False, False, field, _detail(rule, draft, field, moment))
    if rule.id == verdict.rule:
        return Reasoned(rule.id, True, True, "", f"{verdict.effect.value}: {verdict.detail}".removesuffix(": "))
    return Reasoned(rule.id, True, False, "", "matches as well, but an earlier rule decides")


def _detail(rule: Rule, draft: Draft, field: str, moment: Moment) -> str:
    if field == "types":
        return f"is about {_listed(rule.types)}, not {draft.type.value}"
    if field == "partners":
        return f"is about {_listed(rule.partners)}, not {draft.partner}"
    if field == "hours" and rule.hours is not None:
        return f"counts from {rule.hours.since} until {rule.hours.until} UTC"
    if field == "valid" and rule.valid is not None:
        return f"counts from {rule.valid.since.isoformat()} until {rule.valid.until.isoformat()}"
    if not isinstance(draft, TrackDraft):
        return f"{field} does not hold"
    track = draft.track
    told = {
        "within_km": f"{draft.distance_to_partner_m / 1_000:.1f} km away, the strip is {rule.within_km} km",
        "statuses": f"held to be {track.status.value}, which is not listed",
        "lives": f"is {track.life.value}, which is not listed",
        "altitude": "altitude is not known" if track.altitude_m is None else f"{track.altitude_m:.0f} m is outside",
        "min_reports": f"{track.reports} reports, {rule.min_reports} are needed",
        "max_sigma_m": f"sigma is {moment.sigma_m:.0f} m, at most {rule.max_sigma_m} m is allowed",
        "zones": f"is {'not all' if rule.effect is RuleEffect.ALLOW else 'nowhere'} in {_listed(rule.zones or ())}",
        "cooperative": "answers interrogation" if track.cooperative else "does not answer interrogation",
    }
    return told[field]


def _listed(items: Iterable[str]) -> str:
    return ", ".join(str(item) for item in items)
