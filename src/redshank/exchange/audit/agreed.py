"""Agreed: which messages of an incident were stated outside an agreement in force (AGR-15).

Here: spans of serials, out of the acts in both logs; by index, and only for an end that was said beforehand by the
sender's own clock. Not here: whether a node acted on them: no record shows that. May know: terms. A mark is no fault.
"""

from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from redshank.exchange.bounds import NO_INCIDENT
from redshank.terms.message import EndBody, LifeBody, Message, MessageType, SuspendBody
from redshank.terms.refusal import Refusal

_CLOSING = frozenset({MessageType.CLOSE, MessageType.AGREE_CLOSE})
_NEVER = 1 << 62


class Outside(StrEnum):
    """Why a message stands outside. The codes are part of the format."""

    BEFORE_ACTIVATION = "before-activation"
    OWN_SUSPENSION = "own-suspension"
    OWN_END = "own-end"
    NOT_TAKEN = "not-taken"
    """The receiver had suspended, and had not taken it by then."""


class Act(msgspec.Struct, frozen=True, gc=False):
    """An act about the agreement: what its marks are made of."""

    serial: int
    type: MessageType
    life: int
    taken: int
    from_ms: int


class Span(msgspec.Struct, frozen=True, gc=False):
    """Serials from `first` to before `end`; of an end that was said beforehand, those stated from `from_ms` on."""

    first: int
    end: int
    mark: Outside
    from_ms: int = 0


def act_of(serial: int, content: Message) -> Act | None:
    """The act in an entry, if it is one."""
    body = content.body
    if not isinstance(body, LifeBody | SuspendBody | EndBody):
        return None
    return Act(serial, content.type, body.life, body.taken, body.from_ms if isinstance(body, EndBody) else 0)


def own_spans(acts: Sequence[Act], generation: int) -> tuple[Span, ...]:
    """What the sender's own acts say of its messages. Logs of a later `generation` follow acts of earlier ones."""
    spans, opened = list[Span](), None
    if acts and not generation and acts[0].type is MessageType.ACTIVATE and acts[0].life == 1:
        spans.append(Span(0, acts[0].serial, Outside.BEFORE_ACTIVATION))
    for act in acts:
        suspended = opened is not None and opened.mark is Outside.OWN_SUSPENSION
        closes = (MessageType.RESUME, MessageType.END) if suspended else (MessageType.ACTIVATE,)
        if opened is not None and act.type in closes:
            spans.append(msgspec.structs.replace(opened, end=act.serial))
            opened = None
        if opened is None and act.type is MessageType.SUSPEND:
            opened = Span(act.serial, _NEVER, Outside.OWN_SUSPENSION)
        if opened is None and act.type is MessageType.END:
            opened = Span(act.serial, _NEVER, Outside.OWN_END, act.from_ms)
    return tuple(spans) if opened is None else (*spans, opened)


def partner_spans(acts: Sequence[Act]) -> tuple[Span, ...]:
    """What the receiver's acts say of the messages that it had not taken by then; until it resumed, or began again."""
    spans, opened, upto = list[Span](), None, 0
    for act in acts:
        upto = max(upto, act.taken)
        if opened is None and act.type is MessageType.SUSPEND:
            opened = Span(upto, _NEVER, Outside.NOT_TAKEN)
        elif opened is not None and act.type in (MessageType.RESUME, MessageType.ACTIVATE):
            spans.append(msgspec.structs.replace(opened, end=upto))
            opened = None
    return tuple(spans) if opened is None else (*spans, opened)


def outside(own: Sequence[Span], partner: Sequence[Span], serial: int, content: Message | Refusal) -> Outside | None:
    """The mark of an entry, if it has one. What its own sender's acts say comes first."""
    if isinstance(content, Refusal) or content.type in NO_INCIDENT or content.type is MessageType.ACK:
        return None
    span = _around(own, serial)
    if span is not None and content.stated_ms >= span.from_ms:
        return None if span.mark is Outside.OWN_END and content.type in _CLOSING else span.mark
    span = _around(partner, serial)
    return None if span is None else span.mark


def _around(spans: Sequence[Span], serial: int) -> Span | None:
    at = bisect_right(spans, serial, key=lambda span: span.first) - 1
    return spans[at] if at >= 0 and serial < spans[at].end else None
