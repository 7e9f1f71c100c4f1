"""Held: a message that a rule of the release policy asks about. It stays as it was when it was asked about, so that a
yes is to one thing, until a releasing authority has answered or the time is over.

Here: the value, which of them are kept, and its form in a bookmark. Not here: asking (`questions`), answering
(`approvals`). May know: release, terms.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from redshank.release.asking import Approval, Question
from redshank.release.policy import Asking
from redshank.release.released import Shown
from redshank.terms import limits
from redshank.terms.draft import Draft, Earlier, FormDraft, TrackDraft
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import Body, MessageType, Phase


class Standing(StrEnum):
    """What has become of a question."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    """A releasing authority has said no."""
    LAPSED = "lapsed"
    """Nobody, or not enough persons, said yes in time: that is a no."""
    REPLACED = "replaced"
    """Something else is to be told by now; that has a question of its own."""
    WITHDRAWN = "withdrawn"
    """The policy has changed and does not ask about it any more."""


DENIED = (Standing.REFUSED, Standing.LAPSED)


class Matter(NamedTuple):
    """What a question is about. While one waits, no second one about the same is asked."""

    channel: ChannelId
    incident: IncidentId | None
    kind: MessageType | None
    """Of a form; None for what is told of a track, which is NOTICE, UPDATE or LOST by turns."""
    object: int | None
    replies_to: tuple[int, int] | None
    corrects: Earlier | None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One question and its message."""

    number: int
    """Counts questions of this node from 1."""
    draft: Draft
    rule: str
    asking: Asking
    question: Question
    sight: bytes
    told: bytes
    """The body that the partner would get, as JSON."""
    observed_ms: Instant | None
    text: str | None
    standing: Standing = Standing.WAITING
    not_before_ms: Instant | None = None
    """Set when all have said yes and only time stands in the way."""
    ended_at: Instant | None = None
    ended_by: str = ""
    """The role of who said no, or of who said yes last."""
    why: str = ""
    serial: int | None = None
    generation: int = 0
    """Of the message that left."""

    @property
    def ends_at(self) -> Instant:
        """The last instant at which it may leave."""
        return self.question.ends_at(self.asking)

    def with_yes(self, given: Approval) -> "Held":
        """With one more yes."""
        question = replace(self.question, approvals=(*self.question.approvals, given))
        return replace(self, question=question)

    def ended(self, standing: Standing, now: Instant, *, by: str = "", why: str = "") -> "Held":
        """With an end."""
        return replace(self, standing=standing, ended_at=now, ended_by=by, why=why, not_before_ms=None)


def held_of(number: int, draft: Draft, rule: str, asking: Asking, shown: Shown, now: Instant) -> Held:
    """A new question about a draft."""
    return Held(
        number=number,
        draft=draft,
        rule=rule,
        asking=asking,
        question=Question(asked_at=now),
        sight=shown.sight,
        told=msgspec.json.encode(shown.body, order="sorted"),
        observed_ms=shown.observed_ms,
        text=shown.text,
    )


def matter_of(draft: Draft) -> Matter:
    """What a draft is about."""
    if isinstance(draft, TrackDraft):
        kind = draft.type if draft.type is MessageType.OWN_OBJECT else None
        return Matter(draft.channel, draft.incident, kind, draft.object_number, None, draft.corrects)
    answers = None if draft.in_reply_to is None else (draft.reply_generation or 0, draft.in_reply_to)
    return Matter(draft.channel, draft.incident, draft.type, None, answers, draft.corrects)


def news_of(draft: Draft) -> tuple[MessageType, Phase | None]:
    """What makes it worth asking anew of the same matter, without a person's wish: the kind, and the phase."""
    return draft.type, draft.phase if isinstance(draft, TrackDraft) else None


def kept(held: Mapping[int, Held]) -> dict[int, Held]:
    """Those that wait, the newest no to each matter and its news (so that the machine does not ask again), and of all
    others the newest few."""
    waiting = {number: one for number, one in held.items() if one.standing is Standing.WAITING}
    denied = {(matter_of(one.draft), news_of(one.draft)): number for number, one in sorted(held.items()) if _is_no(one)}
    noes = sorted(denied.values())[-limits.OPEN_INCIDENTS :]
    ended = sorted(held.keys() - waiting.keys())[-limits.QUESTIONS_ENDED :]
    return {number: held[number] for number in sorted({*waiting, *noes, *ended})}


def _is_no(one: Held) -> bool:
    return one.standing in DENIED


# --- in a bookmark ----------------------------------------------------------------------------------------------------


class KeptHeld(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question as a bookmark has it: the body of a form says only by its type what it is."""

    held: msgspec.Raw
    track: TrackDraft | None = None
    form: msgspec.Raw = msgspec.Raw(b"\xc0")
    body: msgspec.Raw = msgspec.Raw(b"\xc0")


_ENCODER = msgspec.msgpack.Encoder()
_FIELDS = {field.name: field.type for field in msgspec.structs.fields(Held) if field.name != "draft"}
_Plain = msgspec.defstruct("_Plain", list(_FIELDS.items()), frozen=True, kw_only=True, forbid_unknown_fields=True)
_FORM_FIELDS = {field.name: field.type for field in msgspec.structs.fields(FormDraft) if field.name != "body"}
_Form = msgspec.defstruct("_Form", list(_FORM_FIELDS.items()), frozen=True, kw_only=True, forbid_unknown_fields=True)


def to_bookmark(one: Held) -> KeptHeld:
    """For the bookmark."""
    plain = msgspec.Raw(_ENCODER.encode({name: getattr(one, name) for name in _FIELDS}))
    if isinstance(one.draft, TrackDraft):
        return KeptHeld(held=plain, track=one.draft)
    form = msgspec.Raw(_ENCODER.encode({name: getattr(one.draft, name) for name in _FORM_FIELDS}))
    return KeptHeld(held=plain, form=form, body=msgspec.Raw(_ENCODER.encode(one.draft.body)))


def of_bookmark(twin: KeptHeld, read_body: Callable[[MessageType, msgspec.Raw], Body]) -> Held:
    """From the bookmark. Raises msgspec.MsgspecError for what is none."""
    plain = msgspec.structs.asdict(msgspec.msgpack.decode(twin.held, type=_Plain))
    if twin.track is not None:
        return Held(draft=twin.track, **plain)
    form = msgspec.structs.asdict(msgspec.msgpack.decode(twin.form, type=_Form))
    return Held(draft=FormDraft(body=read_body(form["type"], twin.body), **form), **plain)
