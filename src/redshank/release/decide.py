"""The decision: a draft and a policy give a Released or a Withheld.

Here: the first rule that matches, the person it may need, the time it may need. Not here: reading a policy
(`policy`), conditions (`match`), what leaves (`body`). May know: terms.
"""

import msgspec

from redshank.release.asking import Question, has_lapsed, lacking, sight_of
from redshank.release.body import build_body, build_form, hidden_fields, observed
from redshank.release.coarsen import floor_time
from redshank.release.match import Moment, fault, mismatch, sigma_m
from redshank.release.policy import DEFAULT_DENY, DRAFT_CHECK, Asking, Coarsen, Field, Policy, Rule, RuleEffect
from redshank.release.released import Effect, Released, Shown, Verdict, Withheld, _release
from redshank.terms.draft import Draft, FormDraft, TrackDraft
from redshank.terms.instants import SECOND_MS, Instant, format_instant
from redshank.terms.message import Body, CorrectBody, MessageType
from redshank.terms.refusal import Reason, Refusal

_PLAIN = Coarsen()
_NOBODY = Asking(persons=2, within_s=1)
"""Of a rule that asks and does not say whom, which no reader takes: it must not leave unasked for that."""


def decide(
    policy: Policy,
    draft: Draft,
    now: Instant,
    *,
    question: Question | None = None,
    last_sent_ms: Instant | None = None,
) -> Released | Withheld:
    """What may leave of a draft now. Pure and deterministic; never raises for what a draft holds.

    `question`: when a releasing authority was asked, and its answers to this very draft. `last_sent_ms`: when the last
    message about the same object left on the same channel; only UPDATE is held back by it. A Withheld whose effect is
    ``ask`` can become a Released once persons have acted; one with `not_before_ms` once that time has come.
    """
    sigma = sigma_m(draft) if isinstance(draft, TrackDraft) else 0.0
    wrong = fault(draft, sigma)
    if wrong is not None:
        return Withheld(verdict=Verdict(effect=Effect.WITHHOLD, rule=DRAFT_CHECK, detail=str(wrong)), refusal=wrong)
    moment = Moment(policy, now, sigma)
    for rule in policy.rules:
        if mismatch(rule, draft, moment) is None:
            held = _held_back(rule, draft, now, question, last_sent_ms)
            return _let_out(rule, draft) if held is None else held
    return _withheld(Effect.WITHHOLD, DEFAULT_DENY, "no rule of the policy is about this; what no rule allows stays")


def _withheld(effect: Effect, rule: str, detail: str, not_before: Instant | None = None) -> Withheld:
    return Withheld(
        verdict=Verdict(effect=effect, rule=rule, detail=detail),
        refusal=Refusal(Reason.NOT_RELEASED, rule, detail),
        not_before_ms=not_before,
    )


def _held_back(
    rule: Rule, draft: Draft, now: Instant, question: Question | None, last_sent_ms: Instant | None
) -> Withheld | None:
    if rule.effect is RuleEffect.DENY:
        return _withheld(Effect.WITHHOLD, rule.id, "the rule denies it")
    if rule.effect is RuleEffect.ASK:
        asked = _asked(rule, rule.ask or _NOBODY, draft, now, question)
        if asked is not None:
            return asked
    elif not (rule.automatic or draft.by_person):
        return _withheld(Effect.ASK, rule.id, "it leaves only when a person sends it")
    not_before = _not_before(rule, draft, last_sent_ms)
    if not_before is not None and now < not_before:
        detail = f"not before {format_instant(not_before)}"
        return _withheld(Effect.WITHHOLD, rule.id, detail, not_before)
    return None


def _asked(rule: Rule, asking: Asking, draft: Draft, now: Instant, question: Question | None) -> Withheld | None:
    """What a releasing authority is shown while its yes is lacking; None once it has said yes to just this."""
    if has_lapsed(asking, question, now):
        return _withheld(Effect.WITHHOLD, rule.id, f"nobody said yes within {asking.within_s} s; ask again")
    shown = _shown(rule, draft)
    detail = lacking(asking, question, shown.sight, now)
    if detail is None:
        return None
    return msgspec.structs.replace(_withheld(Effect.ASK, rule.id, detail), shown=shown)


def _shown(rule: Rule, draft: Draft) -> Shown:
    made = _let_out(rule, draft)
    parts = (made.type, made.channel, made.partner, made.incident, made.in_reply_to, made.observed_ms, made.text)
    sight = sight_of((rule.id, *parts, made.body))
    return Shown(body=made.body, observed_ms=made.observed_ms, text=made.text, sight=sight)


def _not_before(rule: Rule, draft: Draft, last_sent_ms: Instant | None) -> Instant | None:
    seen = observed(draft) if isinstance(draft, TrackDraft) else draft.observed_ms
    times = []
    if rule.min_delay_s and seen is not None:
        times.append(seen + rule.min_delay_s * SECOND_MS)
    if rule.update_interval_s and draft.type is MessageType.UPDATE and last_sent_ms is not None:
        times.append(last_sent_ms + rule.update_interval_s * SECOND_MS)
    return Instant(max(times)) if times else None


def _let_out(rule: Rule, draft: Draft) -> Released:
    grains = rule.coarsen or _PLAIN
    return _track(rule, grains, draft) if isinstance(draft, TrackDraft) else _form(rule, grains, draft)


def _in_place(draft: Draft, body: Body) -> Body:
    """The body, or the CORRECT that holds it: what a rule lets out as a NOTICE it lets out as the correction of one."""
    earlier = draft.corrects
    if earlier is None:
        return body
    return CorrectBody(serial=earlier.serial, generation=earlier.generation, type=draft.type, body=body)


def _track(rule: Rule, grains: Coarsen, draft: TrackDraft) -> Released:
    return _release(
        type_=draft.kind,
        channel=draft.channel,
        partner=draft.partner,
        body=_in_place(draft, build_body(rule, grains, draft)),
        incident=draft.incident,
        in_reply_to=None,
        observed_ms=floor_time(observed(draft), grains.time_s),
        text=None,
        verdict=Verdict(effect=Effect.RELEASE, rule=rule.id, hidden=hidden_fields(rule, grains, draft)),
    )


def _form(rule: Rule, grains: Coarsen, draft: FormDraft) -> Released:
    strips_text = Field.TEXT in rule.strip and draft.text is not None
    hidden = [("text", rule.id)] if strips_text else []
    if draft.observed_ms is not None or draft.type is MessageType.CLOSE:
        hidden.append(("time", rule.id))
    return _release(
        type_=draft.kind,
        channel=draft.channel,
        partner=draft.partner,
        body=_in_place(draft, build_form(draft.body, grains)),
        incident=draft.incident,
        in_reply_to=draft.in_reply_to,
        reply_generation=draft.reply_generation,
        observed_ms=None if draft.observed_ms is None else floor_time(draft.observed_ms, grains.time_s),
        text=None if strips_text else draft.text,
        verdict=Verdict(effect=Effect.RELEASE, rule=rule.id, hidden=tuple(hidden)),
    )
