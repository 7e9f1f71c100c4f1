"""Render people: what waits for a releasing authority, the policy in force, and the shift, as views. May know: node and
below. A person is a hand here; names are for the desk."""

import msgspec

from redshank.console.people_view import ApprovalView, PolicyView, ShiftOwedView, ShiftView
from redshank.node import shift as shifts
from redshank.node.held import Held, Standing
from redshank.node.state import NodeState
from redshank.release.preview import explain
from redshank.terms.draft import TrackDraft

ENDED_SHOWN = 20
EXPLAINED = 20  # the oldest that wait; each is a walk through the policy


def approval_views(state: NodeState) -> list[ApprovalView]:
    """Those that wait, oldest first, then the newest that have ended."""
    held = [one for _, one in sorted(state.held.items())]
    waiting = [one for one in held if one.standing is Standing.WAITING]
    ended = [one for one in held if one.ended_at is not None]
    ended.sort(key=lambda one: (one.ended_at or 0, one.number), reverse=True)
    explained = [_approval(one, _reasons(state, one)) for one in waiting[:EXPLAINED]]
    return [*explained, *(_approval(one, []) for one in (*waiting[EXPLAINED:], *ended[:ENDED_SHOWN]))]


def _reasons(state: NodeState, held: Held) -> list[tuple[str, str, str]]:
    """As at the time when it was asked: what the condition found then is what the answer is about."""
    found = explain(state.policy, held.draft, held.question.asked_at)
    upto = next((number for number, one in enumerate(found, 1) if one.decides), len(found))
    return [(one.rule, one.field, one.detail) for one in found[:upto]]


def _approval(held: Held, reasons: list[tuple[str, str, str]]) -> ApprovalView:
    draft = held.draft
    return ApprovalView(
        number=held.number,
        channel=draft.channel,
        partner=draft.partner,
        type=draft.kind.value,
        incident=draft.incident,
        track=draft.track.id if isinstance(draft, TrackDraft) else None,
        rule=held.rule,
        body=msgspec.json.decode(held.told),
        text=held.text,
        observed_ms=held.observed_ms,
        sight=held.sight.hex(),
        asked_ms=held.question.asked_at,
        ends_ms=held.ends_at,
        persons=held.asking.persons,
        reasons=reasons,
        yes=[given.person for given in held.question.approvals],
        standing=held.standing.value,
        ended_ms=held.ended_at,
        ended_by=held.ended_by,
        why=held.why,
        serial=held.serial,
    )


def policy_view(state: NodeState) -> PolicyView:
    """The policy that decides now."""
    taken = state.taken
    return PolicyView(
        name=state.policy.policy,
        sha256="" if taken is None else taken.sha256,
        since_ms=state.taken_at,
        rules=len(state.policy.rules),
    )


def shift_view(state: NodeState) -> ShiftView | None:
    """Who is on shift; None before anybody was."""
    shift = state.shift
    if shift is None:
        return None
    return ShiftView(
        person=shift.hand.hex(),
        since_ms=shift.since,
        taken_over=shift.taken_over,
        offered_ms=shift.offered_at,
        next=shift.next_hand.hex(),
        to_accept=[
            ShiftOwedView(
                id=one.owed.id,
                incident=one.incident,
                channel=one.channel,
                what=one.owed.what,
                due_ms=one.owed.due,
                missed=one.owed.missed_at is not None,
            )
            for one in shifts.to_accept(state)
        ],
        accepted=list(shift.accepted),
    )
