"""Turn: what one batch of events leads to, in the order that is the law of a node: step, sign heads, cosign, and then
first what must be durable, and only then what somebody outside can notice.

Here: the pure part of a node's loop, for the engine and for the simulation alike. Not here: the queue, the disk, the
acting. May know: exchange, node.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import msgspec

from redshank.exchange.parties import PartyKeys
from redshank.exchange.session import Session, head_to_sign
from redshank.exchange.signing import LogKeyHolder, WitnessKeyHolder, receipt_lines, signed_head
from redshank.node import rotation
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


@runtime_checkable
class Ring(Protocol):
    """Holds a party's keys of several generations."""

    def holding(self, keys: PartyKeys) -> Signer:
        """The holder of these. Raises what breaks the node when there is none."""


def take_turn(state: NodeState, batch: Sequence[Event], now: Instant, signer: Signer | Ring) -> Turn:
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


def _sign_heads(state: NodeState, effects: list[Effect], now: Instant, signer: Signer | Ring) -> NodeState:
    """Signs the newest head of each log: one signature covers all that was said in this turn. Of a backlog as many
    heads follow as may be under way."""
    channels = dict.fromkeys(effect.channel for effect in effects if isinstance(effect, SignHead))
    for channel in channels:
        for generation in range(len(state.generations(channel))):
            while (head := head_to_sign(state.generations(channel)[generation])) is not None:
                session = state.generations(channel)[generation]
                note = signed_head(session, head.text, now, _holder(signer, session))
                state, more = step(state, HeadSigned(channel, note), now)
                effects.extend(more)
    return state


def _cosign(
    state: NodeState, effects: Sequence[Effect], signer: Signer | Ring
) -> tuple[list[AnswerPeer], list[KeepNote]]:
    """One receipt for each log, for the newest head that came: it covers the others, and is their answer too."""
    newest = {effect.origin: effect for effect in effects if isinstance(effect, Cosign)}
    answers, kept = list[AnswerPeer](), list[KeepNote]()
    for origin, head in newest.items():
        session = rotation.of_origin(state, head.channel, origin)
        lines = receipt_lines(session, head.text, head.at, _holder(signer, session))
        came = [effect.ticket for effect in effects if isinstance(effect, Cosign) and effect.origin == origin]
        answers.extend(AnswerPeer(ticket, 200, lines) for ticket in came)
        kept.append(KeepNote(origin, NoteKind.RECEIPT, head.size, head.note + lines))
    return answers, kept


def _holder(signer: Signer | Ring, session: Session) -> Signer:
    return signer.holding(session.keys) if isinstance(signer, Ring) else signer
