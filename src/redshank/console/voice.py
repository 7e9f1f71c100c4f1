"""Voice: the read-out of a message and the live check of one that is being keyed in, as the pages see them.

Here: the views and how they are made. Not here: routes (`app`), the form itself (exchange.voice). May know: node and
below.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from redshank.console.view import VoiceDifferenceView, VoiceStatementView
from redshank.exchange import voice
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.notes import Statement
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

STATEMENTS_SHOWN = 50  # the newest; the record has all that the node keeps


class VoiceHeardView(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says: the members and units of the wire (docs/spec/messages.md), in the steps of the voice form.
    `unspoken` names what the signed message holds beside it."""

    type: str
    channel: str
    sender: str
    year: int
    serial: int
    stated_ms: int
    observed_ms: int | None
    incident: str | None
    in_reply_to: int | None
    body: dict[str, object]
    unspoken: list[str]


class VoiceGroupView(msgspec.Struct, frozen=True, kw_only=True):
    """One group: its place from 1, its four symbols, how they are said, and whether it is the check of its row."""

    place: int
    text: str
    spoken: str
    check: bool


class VoiceFormView(msgspec.Struct, frozen=True, kw_only=True):
    """A read-out: `opening` is said first, then the groups. `seconds` at 100 words a minute."""

    opening: str
    groups: list[VoiceGroupView]
    seconds: float
    heard: VoiceHeardView


class VoiceTyped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has been typed so far, and how many groups the speaker has announced."""

    groups: Annotated[str, msgspec.Meta(max_length=limits.VOICE_TEXT_CHARS)]
    count: Annotated[int, msgspec.Meta(ge=1, le=99)] | None = None


class VoiceFaultView(msgspec.Struct, frozen=True, kw_only=True):
    """What may have happened, and the groups to ask for again."""

    kind: str
    groups: list[int]


class VoiceCheckView(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of it: a state for each group; `heard` once the form is whole and passes."""

    states: list[str]
    expected: int | None
    faults: list[VoiceFaultView]
    heard: VoiceHeardView | None
    refusal: Refusal | None


def form_view(form: VoiceForm) -> VoiceFormView:
    """A read-out as the page shows it."""
    last = len(form.groups)
    row = limits.VOICE_ROW_GROUPS + 1
    groups = [
        VoiceGroupView(place=place, text=text, spoken=voice.spoken(text), check=place % row == 0 or place == last)
        for place, text in enumerate(form.groups, start=1)
    ]
    return VoiceFormView(
        opening=form.opening, groups=groups, seconds=round(form.seconds, 1), heard=heard_view(form.heard)
    )


def check_view(typed: VoiceTyped, exercise: bool, now: Instant) -> VoiceCheckView:
    """The live check of what has been typed."""
    live = voice.check_typed(voice.split_groups(typed.groups), exercise, typed.count, now)
    return VoiceCheckView(
        states=[state.value for state in live.states],
        expected=live.expected,
        faults=[VoiceFaultView(kind=fault.kind.value, groups=list(fault.groups)) for fault in live.faults],
        heard=None if live.heard is None else heard_view(live.heard),
        refusal=live.refusal,
    )


def heard_view(heard: voice.Heard) -> VoiceHeardView:
    """A message as it is heard."""
    message = heard.message
    return VoiceHeardView(
        type=message.type.value,
        channel=message.channel,
        sender=message.sender,
        year=message.year,
        serial=message.serial,
        stated_ms=message.stated_ms,
        observed_ms=message.observed_ms,
        incident=message.incident,
        in_reply_to=message.in_reply_to,
        body=msgspec.to_builtins(message.body),
        unspoken=list(heard.unspoken),
    )


def statement_views(statements: Sequence[Statement]) -> list[VoiceStatementView]:
    """The newest statements, newest first."""
    return [_statement(one) for one in reversed(statements[-STATEMENTS_SHOWN:])]


def _statement(one: Statement) -> VoiceStatementView:
    return VoiceStatementView(
        serial=one.serial,
        type=one.heard.message.type.value,
        incident=one.heard.message.incident,
        taken_ms=one.taken_at,
        role=one.role,
        remark=one.remark,
        standing=one.standing.value,
        settled_ms=one.settled_at,
        refused=None if one.refused is None else one.refused.reason.value,
        differences=[
            VoiceDifferenceView(field=found.field, voice=found.voice, signed=found.signed) for found in one.differences
        ],
    )
