"""Turn: what one batch of events leads to, in the order that is the law of a node: step, sign heads, cosign, and then
first what must be durable, and only then what somebody outside can notice.

Here: the pure part of a node's loop, for the engine and for the simulation alike. Not here: the queue, the disk, the
acting. May know: exchange, node.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from redshank.exchange.session import head_to_sign
from redshank.exchange.signing import LogKeyHolder, WitnessKeyHolder, receipt_lines, signed_head
from redshank.node.effects import (
    AnswerPeer,
    CommandDone,
    Cosign,
    Deliver,
    Durable,
    Effect,
    KeepEntry,
    KeepEvent,
    KeepNote,
    NoteKind,
    PublishAlert,
    SignHead,
)
from redshank.node.events import Event, HeadSigned
from redshank.node.state import NodeState
from redshank.node.step import step
from redshank.terms.instants import Instant

Act = AnswerPeer | CommandDone | Deliver | PublishAlert
"""What somebody outside can notice."""


class Signer(LogKeyHolder, WitnessKeyHolder, Protocol):
    """Holds a party's log keys and its witness keys."""


class Turn(msgspec.Struct, frozen=True):
    """What a batch leads to: keep all of `durables` in one commit; then, and only then, `state` holds, and `acts` may
    be done in this order. Without a commit nothing of it has happened."""

    state: NodeState
    durables: tuple[Durable, ...]
    acts: tuple[Act, ...]


def take_turn(state: NodeState, batch: Sequence[Event], now: Instant, signer: Signer) -> Turn:
    """Steps through the batch. Raises InvariantBroken only; then the old state is as it was."""
    after, effects = state, list[Effect]()
    for event in batch:
        after, more = step(after, event, now)
        effects.extend(more)
    after = _sign_heads(after, effects, now, signer)
    answers, receipts = _cosign(state, effects, signer)
    durables = [effect for effect in effects if isinstance(effect, KeepEvent | KeepEntry | KeepNote)]
    acts = [effect for effect in effects if isinstance(effect, AnswerPeer | CommandDone | Deliver | PublishAlert)]
    return Turn(after, (*durables, *receipts), (*acts, *answers))


def _sign_heads(state: NodeState, effects: list[Effect], now: Instant, signer: Signer) -> NodeState:
    """Signs the newest head of each channel: one signature covers all that was said in this turn. Of a backlog as many
    heads follow as may be under way."""
    channels = dict.fromkeys(effect.channel for effect in effects if isinstance(effect, SignHead))
    for channel in channels:
        while (head := head_to_sign(state.session(channel))) is not None:
            note = signed_head(state.session(channel), head.text, now, signer)
            state, more = step(state, HeadSigned(channel, note), now)
            effects.extend(more)
    return state


def _cosign(state: NodeState, effects: Sequence[Effect], signer: Signer) -> tuple[list[AnswerPeer], list[KeepNote]]:
    """One receipt for each channel, for the newest head that came: it covers the others, and is their answer too."""
    newest = {effect.channel: effect for effect in effects if isinstance(effect, Cosign)}
    answers, kept = list[AnswerPeer](), list[KeepNote]()
    for channel, head in newest.items():
        lines = receipt_lines(state.session(channel), head.text, head.at, signer)
        came = [effect.ticket for effect in effects if isinstance(effect, Cosign) and effect.channel == channel]
        answers.extend(AnswerPeer(ticket, 200, lines) for ticket in came)
        kept.append(KeepNote(head.origin, NoteKind.RECEIPT, head.size, head.note + lines))
    return answers, kept
