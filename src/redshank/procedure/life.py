"""Life: whether a channel's agreement is in force, out of the acts of both sides (docs/spec/agreement.md).

Here: what each side's acts have made of it, as a fold over both logs that gives the same whichever log is read first.
Not here: saying an act (node), the text of an agreement (`agreement`), clocks. May know: terms.

Each side's acts count in the order of its own log; no clock and no order between the two logs has a say. What makes
that so is the number of the *life* that each act names: an END closes a life for both sides, and an act about a life
that has ended does nothing, whichever of the two came first.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from redshank.procedure.agreement import AgreementState
from redshank.procedure.obligation import MessageRef
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import EndBody, LifeBody, Message, MessageType, SuspendBody
from redshank.terms.refusal import Reason, Refusal

HALF = 32
"""Digits of a hash that go by voice."""

_changed = msgspec.structs.replace


class Effect(StrEnum):
    """What an act has done. The codes stand on the console and in the record's lines."""

    TAKEN = "taken"
    WAITS = "waits"
    """An ACTIVATE that the other side has not joined yet."""
    OTHER_TEXT = "other-text"
    """An ACTIVATE over another text than the other side's: no activation."""
    TOO_LATE = "too-late"
    """About a life that has ended, or that its sender can not mean."""
    BY_VOICE = "by-voice"
    """Heard by voice: what starts something waits for the signed original."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act, for whoever asks who did what when. `ref` None: by voice, its signed original has not come."""

    by: PartyId
    type: MessageType
    at: Instant
    """This node's clock when it was said or came."""
    agreement: str
    life: int
    effect: Effect
    ref: MessageRef | None = None
    why: str = ""
    from_ms: Instant | None = None


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """What one side's acts say, of lives that have not ended."""

    activated: Mapping[int, str] = {}
    """By life the hash of the text that it activated last."""
    suspended: int = 0
    """The life that it suspended; 0: none. It stays so until it resumes, or that life has ended."""


NOTHING = Stand()


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """The agreement of one channel as this node holds it."""

    own: Stand = NOTHING
    partner: Stand = NOTHING
    by_file: bool = False
    """An exercise agreement that its file began as active: no acts were needed, and its file alone says what counts."""
    ended: int = 0
    """The highest life that has ended."""
    ending: tuple[int, Instant] | None = None
    """A life whose end has been said and has not come yet, and when it comes."""
    stopped_at: Instant | None = None
    """Since when nothing may be said here; None while active."""
    acts: tuple[Act, ...] = ()

    @property
    def in_force(self) -> int | None:
        """The life that both sides have activated over one text, suspended or not."""
        both = self.own.activated.keys() & self.partner.activated.keys()
        same = [life for life in both if self.own.activated[life] == self.partner.activated[life]]
        return max(same, default=None)

    @property
    def text(self) -> str | None:
        """The hash of the text that is in force."""
        return None if self.in_force is None else self.own.activated[self.in_force]

    @property
    def newest(self) -> int:
        """The highest life that is in force or has ended."""
        return max(self.ended, self.in_force or 0)

    @property
    def state(self) -> AgreementState:
        """Dormant until both sides have activated one text; then active, suspended by whoever said so, or ended."""
        if self.in_force is None:
            return AgreementState.ENDED if self.ended else AgreementState.DORMANT
        stopped = self.own.suspended or self.partner.suspended
        return AgreementState.SUSPENDED if stopped else AgreementState.ACTIVE

    @property
    def differs(self) -> bool:
        """Whether both sides have activated a life that is to come, over two texts."""
        both = self.own.activated.keys() & self.partner.activated.keys()
        return any(self.own.activated[life] != self.partner.activated[life] for life in both if life > self.newest)


def begun_by_file(text: str, ended: int = 0) -> Life:
    """An exercise agreement that begins as active."""
    both = Stand(activated={ended + 1: text})
    return Life(own=both, partner=both, by_file=True, ended=ended)


# --- what a side may do -----------------------------------------------------------------------------------------------


def may_activate(life: Life, text: str) -> int | Refusal:
    """The number of the life that an ACTIVATE over this text begins; NOT_IN_TABLE when there is nothing to begin."""
    if life.text == text and life.ending is None:
        return Refusal(Reason.NOT_IN_TABLE, "agreement", f"this text is in force already, it is {life.state.value}")
    number = life.newest + 1
    if number > limits.LIVES:
        return Refusal(Reason.NOT_IN_TABLE, "life", f"{limits.LIVES} lives are used")
    if life.own.activated.get(number) == text:
        return Refusal(Reason.NOT_IN_TABLE, "agreement", "we have activated this text; the partner has not yet")
    return number


def may_suspend(life: Life) -> int | Refusal:
    """The life that a SUSPEND is about: the one in force, or one that we have activated and the partner may join."""
    if life.own.suspended:
        return Refusal(Reason.NOT_IN_TABLE, "agreement", "is suspended by us already")
    number = life.in_force or max(life.own.activated, default=0)
    if not number:
        return Refusal(Reason.NOT_IN_TABLE, "agreement", f"is {life.state.value}: there is nothing to suspend")
    return number


def may_resume(life: Life) -> int | Refusal:
    """The life that a RESUME is about. Who suspended resumes, nobody else."""
    if not life.own.suspended:
        by = "by the partner, who alone may resume it" if life.partner.suspended else "by nobody"
        return Refusal(Reason.NOT_IN_TABLE, "agreement", f"is suspended {by}")
    return life.own.suspended


def may_end(life: Life) -> int | Refusal:
    """The life that an END is about: the one in force, or our own activation that waits, which it takes
    back: with it goes every later one, for who ends means all of it."""
    number = max((life.in_force or 0, *life.own.activated), default=0)
    if not number:
        return Refusal(Reason.NOT_IN_TABLE, "agreement", f"is {life.state.value}: there is nothing to end")
    return number


# --- the fold ---------------------------------------------------------------------------------------------------------


def acted(
    life: Life,
    message: Message,
    own: bool,
    now: Instant,
    *,
    signed: bool = True,
    lone: bool = False,
    alone: bool = False,
) -> Life:
    """With an act of one side, own or the partner's, in the order of its log.

    By voice (`signed` false) what stops counts at once, and what starts waits for the signed original; a partner that
    has no keys (`lone`) has no original, so what it says counts. `alone`: this log is read without what the other one
    held by then, as a rebuild does. Raises TypeError for a message that is no act.
    """
    body = message.body
    if not isinstance(body, LifeBody | SuspendBody | EndBody):
        raise TypeError(message.type)
    starts = message.type in (MessageType.ACTIVATE, MessageType.RESUME)
    if not (alone or _is_due(life, message.type, body.life, own)) or body.life <= life.ended:
        effect, after = Effect.TOO_LATE, life
    elif starts and not (signed or lone):
        effect, after = Effect.BY_VOICE, life
    else:
        after = _done(life, message.type, body, own, now)
        effect = _effect(after, message, own)
    act = Act(
        by=message.sender,
        type=message.type,
        at=now,
        agreement=body.agreement,
        life=body.life,
        effect=effect,
        ref=MessageRef.of(message) if signed else None,
        why="" if isinstance(body, LifeBody) else body.why.value,
        from_ms=body.from_ms if isinstance(body, EndBody) else None,
    )
    return stamped(_changed(after, acts=(*after.acts, act)[-limits.LIFE_ACTS :]), now)


def _is_due(life: Life, kind: MessageType, number: int, own: bool) -> bool:
    """Whether an act names a life that its sender can mean. Judged by the sender's own acts and by what has ended
    alone: what the other side has activated meanwhile may be read sooner or later, and must not matter."""
    activated = (life.own if own else life.partner).activated
    if kind is MessageType.ACTIVATE:
        return number <= max((life.ended, *activated)) + 1
    return number in activated


def _done(life: Life, kind: MessageType, body: LifeBody | SuspendBody | EndBody, own: bool, now: Instant) -> Life:
    side = life.own if own else life.partner
    if isinstance(body, EndBody):
        ending = (body.life, body.from_ms)
        if life.ending is not None:  # both have said it: the later life, and of one life the earlier end
            ending = max(life.ending, ending, key=lambda one: (one[0], -one[1]))
        return fallen_due(_changed(life, ending=ending), now)
    if kind is MessageType.ACTIVATE:
        text = _whole(body.agreement, life, own)
        side = _changed(side, activated={**side.activated, body.life: text})
    else:
        side = _changed(side, suspended=body.life if kind is MessageType.SUSPEND else 0)
    return _changed(life, own=side) if own else _changed(life, partner=side)


def _whole(said: str, life: Life, own: bool) -> str:
    """Of a hash that went by voice half is known: it is ours when that half is."""
    known = () if own else life.own.activated.values()
    return next((text for text in known if said == text[:HALF] + "0" * HALF), said)


def _effect(after: Life, message: Message, own: bool) -> Effect:
    body = message.body
    if message.type is not MessageType.ACTIVATE or not isinstance(body, LifeBody) or after.in_force == body.life:
        return Effect.TAKEN
    return Effect.OTHER_TEXT if after.differs else Effect.WAITS


def fallen_due(life: Life, now: Instant) -> Life:
    """With an end that has been said, once its time has come by this node's clock."""
    if life.ending is None or life.ending[1] > now:
        return life
    ended = max(life.ended, life.ending[0])
    left = [
        Stand(
            activated={number: text for number, text in side.activated.items() if number > ended},
            suspended=side.suspended if side.suspended > ended else 0,
        )
        for side in (life.own, life.partner)
    ]
    return stamped(_changed(life, own=left[0], partner=left[1], ended=ended, ending=None, by_file=False), now)


def stamped(life: Life, now: Instant) -> Life:
    """With the time since when nothing may be said."""
    if life.state is AgreementState.ACTIVE:
        return life if life.stopped_at is None else _changed(life, stopped_at=None)
    return _changed(life, stopped_at=now) if life.stopped_at is None else life


def refiled(life: Life, text: str, active: bool) -> Life:
    """With another file: it says itself what counts where no act of anybody does, and nothing where acts do."""
    acted_on = bool(life.own.activated or life.partner.activated) and not life.by_file
    if acted_on or (not active and not life.by_file):
        return life
    if not active:
        return _changed(life, own=NOTHING, partner=NOTHING, by_file=False)
    both = {life.ended + 1: text}
    own, partner = (_changed(side, activated=both) for side in (life.own, life.partner))
    return _changed(life, own=own, partner=partner, by_file=True)
