"""Agreement view: the life of a channel's agreement as a console page shows it.

Here: who acted when, over which text, what stands still. Not here: the law of it (procedure.life). May know: node's
state.
"""

from datetime import UTC, datetime

import msgspec

from redshank.node.agreements import life_of, newest_text
from redshank.node.state import NodeState
from redshank.procedure.agreement import AgreementState
from redshank.procedure.fingerprint import SHOWN_DIGITS, fingerprint
from redshank.procedure.life import Act, Life, may_activate, may_end, may_resume, may_suspend
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

SHOWN_ACTS = 12
_TO_READ = frozenset({"ack", "close-alone"})
_TO_CLOSE = _TO_READ | {"close", "agree-close", "disagree-close"}


class ActView(msgspec.Struct, frozen=True, kw_only=True):
    """One act, newest first. `effect` as procedure.life.Effect; `serial` None: by voice only."""

    by: str
    type: str
    at_ms: int
    agreement: str
    life: int
    effect: str
    serial: int | None
    why: str
    from_ms: int | None


class AgreementView(msgspec.Struct, frozen=True, kw_only=True):
    """`text`: the first digits of the fingerprint in force, empty when none is; `own_text` of our newest file;
    `partner_text` of what the partner has activated and we have not."""

    state: str
    kind: str
    by_file: bool
    """An exercise agreement that began as active, without an act of anybody."""
    text: str
    own_text: str
    fingerprint: str
    """All digits of our newest file's."""
    partner_text: str
    differs: bool
    suspended_by: list[str]
    since_ms: int | None
    """Since when nothing may be said of an incident here."""
    ending_ms: int | None
    waiting: int
    """Messages of the partner that came under our suspension and are not acted on."""
    review_overdue: bool
    may: list[str]
    """Which acts an officer may do now: ``activate``, ``suspend``, ``resume``, ``end``."""
    acts: list[ActView]


def agreement_view(state: NodeState, channel: ChannelId, now: Instant) -> AgreementView | None:
    """None for a channel without an agreement."""
    if channel not in state.charter.agreements:
        return None
    life, newest, session = life_of(state, channel), newest_text(state, channel), state.session(channel)
    mark = fingerprint(newest)
    sides = ((session.me, life.own), (session.partner, life.partner))
    return AgreementView(
        state=life.state.value,
        kind=newest.kind.value,
        by_file=life.by_file,
        text=(life.text or "")[:SHOWN_DIGITS],
        own_text=mark[:SHOWN_DIGITS],
        fingerprint=mark,
        partner_text=_partner_text(life)[:SHOWN_DIGITS],
        differs=life.differs,
        suspended_by=[party for party, stand in sides if stand.suspended],
        since_ms=None if life.state is AgreementState.ACTIVE else life.stopped_at,
        ending_ms=None if life.ending is None else life.ending[1],
        waiting=len(state.waiting.get(channel, ())),
        review_overdue=newest.review_date < datetime.fromtimestamp(now / 1000, UTC).date(),
        may=_may(life, mark),
        acts=[_act(act) for act in reversed(life.acts[-SHOWN_ACTS:])],
    )


def may_now(state: NodeState, channel: ChannelId, acts: list[str]) -> list[str]:
    """Of what the procedure allows on a thread, that which the agreement's state lets out (AGR-6): no button for what
    would be refused."""
    agreement = state.charter.agreements.get(channel)
    if agreement is None or agreement.state is AgreementState.ACTIVE:
        return acts
    left = _TO_CLOSE if agreement.state is AgreementState.ENDED else _TO_READ
    return [act for act in acts if act in left]


def _partner_text(life: Life) -> str:
    to_come = {number: text for number, text in life.partner.activated.items() if number > life.newest}
    return to_come[max(to_come)] if to_come else ""


def _may(life: Life, mark: str) -> list[str]:
    asked = {
        "activate": may_activate(life, mark),
        "suspend": may_suspend(life),
        "resume": may_resume(life),
        "end": may_end(life),
    }
    return [name for name, answer in asked.items() if not isinstance(answer, Refusal)]


def _act(act: Act) -> ActView:
    return ActView(
        by=act.by,
        type=act.type.value,
        at_ms=act.at,
        agreement=act.agreement[:SHOWN_DIGITS],
        life=act.life,
        effect=act.effect.value,
        serial=None if act.ref is None else act.ref.serial,
        why=act.why,
        from_ms=act.from_ms,
    )
