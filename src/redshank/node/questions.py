"""Questions: a draft that a rule asks about is held until a releasing authority has answered.

Here: asking, and when not to ask again. Not here: the answers (`approvals`), what a yes is worth (`release/asking`).
May know: the core rooms below, node's state.
"""

import msgspec
from msgspec.structs import replace

from redshank.node.held import DENIED, Held, Standing, held_of, kept, matter_of, news_of
from redshank.node.state import NodeState
from redshank.release.policy import Asking
from redshank.release.released import Withheld
from redshank.terms import limits
from redshank.terms.draft import Draft
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Reason, Refusal


class OnHold(msgspec.Struct, frozen=True):
    """Nothing has left; it is asked about, and what was lacking is in the refusal."""

    state: NodeState
    refusal: Refusal


def waiting(state: NodeState) -> list[Held]:
    """Questions without an answer, oldest first."""
    return [one for _, one in sorted(state.held.items()) if one.standing is Standing.WAITING]


def with_held(state: NodeState, *changed: Held) -> NodeState:
    """With these, in the place of what they were."""
    return replace(state, held=kept({**state.held, **{one.number: one for one in changed}}))


def asked(state: NodeState, draft: Draft, verdict: Withheld, now: Instant) -> OnHold | Refusal:
    """Asks about a draft, unless it is asked about already or was denied; a person may always ask anew.

    The machine's next look at the same object is no new question while one waits: a yes could never keep up with a
    track. What has crossed or was lost since is one, and so is what a person sends.
    """
    shown = verdict.shown
    if shown is None:
        return verdict.refusal
    about = [one for one in state.held.values() if matter_of(one.draft) == matter_of(draft)]
    before = next((one for one in about if one.standing is Standing.WAITING), None)
    same_news = [one for one in about if news_of(one.draft) == news_of(draft)]
    if before is not None and (before.sight == shown.sight or (before in same_news and not draft.by_person)):
        return OnHold(state, _asked_already(before))
    denied = next((one for one in same_news if one.standing in DENIED), None)
    if denied is not None and not draft.by_person:
        detail = f"question {denied.number} about it was answered with no or not at all; a person may ask again"
        return Refusal(Reason.NOT_RELEASED, denied.rule, detail)
    if before is None and len(waiting(state)) >= limits.QUESTIONS_OPEN:
        return Refusal(Reason.BUSY, "questions", f"{limits.QUESTIONS_OPEN} questions wait for an answer")
    asking = asking_of(state, verdict.verdict.rule)
    if asking is None:
        return verdict.refusal
    fresh = held_of(state.next_question, draft, verdict.verdict.rule, asking, shown, now)
    ended = () if before is None else (before.ended(Standing.REPLACED, now, why=f"by question {fresh.number}"),)
    after = replace(with_held(state, *ended, fresh), next_question=fresh.number + 1)
    return OnHold(after, verdict.refusal)


def overtaken(state: NodeState, draft: Draft, now: Instant) -> NodeState:
    """Something about the same matter has left by another rule: what is still asked about it is old."""
    old = [one for one in waiting(state) if matter_of(one.draft) == matter_of(draft)]
    ended = (one.ended(Standing.REPLACED, now, why="it was told by another rule since") for one in old)
    return with_held(state, *ended) if old else state


def asking_of(state: NodeState, rule: str) -> Asking | None:
    """How many persons the rule in force asks, and for how long."""
    return next((one.ask for one in state.policy.rules if one.id == rule), None)


def _asked_already(before: Held) -> Refusal:
    detail = f"question {before.number} about it waits for a releasing authority until {format_instant(before.ends_at)}"
    return Refusal(Reason.NOT_RELEASED, before.rule, detail)
