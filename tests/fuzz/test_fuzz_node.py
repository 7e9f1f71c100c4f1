"""A whole node under a partner that signs whatever it likes: entries within the bounds of a message, in any order, with
any time, place, reference and incident, and entries that are no message at all. No step raises, no view fails, and a
restart from the journal comes to the same state.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_messages import messages
from tests.exchange.exchange_world import CROSSING, DISTRICT, OBJECT

from redshank.console.render import render
from redshank.edges.turn import Turn, take_turn
from redshank.exchange import bounds
from redshank.exchange.delivery import OK, encode_delivery
from redshank.exchange.envelope import encode_message
from redshank.exchange.signing import signed_head
from redshank.exercise.simulation.scenes import START, Keys, fresh_state
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint
from redshank.node.effects import AnswerPeer, KeepEvent
from redshank.node.events import DeliveryCame, Ticked, decode_event
from redshank.node.state import NodeState
from redshank.node.step import step
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import DAY_MS, SECOND_MS, Instant
from redshank.terms.message import CloseBody, Message, MessageType, NoticeBody, Outcome, Phase
from redshank.terms.refusal import Refusal

BY, LT, CHANNEL = PartyId("BY"), PartyId("LT"), ChannelId("BY-LT")
KEYS = {party: Keys(7, party) for party in (BY, LT)}
INCIDENTS = st.builds("{}-2026-{:06d}".format, st.sampled_from([BY, BY, BY, LT, "PL"]), st.integers(1, 2)).map(
    IncidentId
)


class Liar:
    """BY with its own log keys: signs any bytes as entries, in one gap-free log."""

    def __init__(self) -> None:
        self._session = fresh_state(BY, KEYS).session(CHANNEL)
        self._entries: list[bytes] = []

    @property
    def size(self) -> int:
        return len(self._entries)

    def deliver(self, entries: Sequence[bytes]) -> bytes:
        old = self.size
        self._entries += entries
        root = merkle.root_at(self.size, merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in self._entries]))
        text = Checkpoint(self._session.own.key.name, self.size, root).text
        return encode_delivery(old, signed_head(self._session, text, START, KEYS[BY]), entries)


@st.composite
def said(draw: st.DrawFn) -> Message:
    """A message of BY within bounds; half of them near the present and of few incidents, so that they meet."""
    message = draw(messages(START))
    changes: dict[str, object] = {"sender": BY}
    if message.incident is not None:
        changes["incident"] = draw(INCIDENTS)
    if draw(st.booleans()):
        changes["stated_ms"] = Instant(START - draw(st.integers(-limits.MESSAGE_AHEAD_MS, 600_000)))
        changes["observed_ms"] = draw(st.none() | st.just(changes["stated_ms"]))
    return msgspec.structs.replace(message, **changes)


WORDS = said() | said() | said() | st.binary(min_size=1, max_size=60)


def took(state: NodeState, body: bytes, now: Instant) -> Turn:
    turn = take_turn(state, [DeliveryCame(1, CHANNEL, body)], now, KEYS[LT])
    answers = [act for act in turn.acts if isinstance(act, AnswerPeer)]
    assert len(answers) == 1, "each delivery is answered once"
    assert answers[0].status == OK, "a gap-free signed log is taken, whatever it says"
    return turn


def replayed(journal: list[tuple[Instant, bytes]]) -> NodeState:
    state = fresh_state(LT, KEYS)
    for at, data in journal:
        event = decode_event(data)
        assert not isinstance(event, Refusal)
        state, _ = step(state, event, at)
    return state


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=5))
def test_a_partner_may_sign_what_it_likes(pushes: list[list[Message | bytes]]) -> None:
    """DEL-8, MSG-16, PROC-18: hostile words lead to refusals, counts and bounded state, and to nothing else."""
    state, liar, now = fresh_state(LT, KEYS), Liar(), START
    journal: list[tuple[Instant, bytes]] = []
    for push in pushes:
        entries = [
            word
            if isinstance(word, bytes)
            else encode_message(msgspec.structs.replace(word, serial=liar.size + number))
            for number, word in enumerate(push)
        ]
        for event in (None, Ticked()):
            now = Instant(now + 7 * SECOND_MS)
            turn = (
                took(state, liar.deliver(entries), now) if event is None else take_turn(state, [event], now, KEYS[LT])
            )
            journal += [(now, kept.event) for kept in turn.durables if isinstance(kept, KeepEvent)]
            state = turn.state
        render(state, now, 1.0)
    late = Instant(now + DAY_MS)
    turn = take_turn(state, [Ticked()], late, KEYS[LT])
    journal += [(late, kept.event) for kept in turn.durables if isinstance(kept, KeepEvent)]
    render(turn.state, late, 1.0)
    again = replayed(journal)
    assert again.incidents == turn.state.incidents
    assert again.sessions == turn.state.sessions


def test_times_at_the_end_of_what_a_message_may_say_are_no_harm() -> None:
    """MSG-14: a crossing in the year 287396 is shown or refused, not an error."""
    state, liar = fresh_state(LT, KEYS), Liar()
    last = Instant(bounds.INTEGER_MAX)
    words = [
        msgspec.structs.replace(word, sender=BY, serial=number, stated_ms=START)
        for number, word in enumerate(one_of_each_type(last))
    ]
    turn = took(state, liar.deliver([encode_message(word) for word in words]), START)
    render(turn.state, START, 1.0)
    render(take_turn(turn.state, [Ticked()], Instant(START + DAY_MS), KEYS[LT]).state, Instant(START + DAY_MS), 1.0)


def one_of_each_type(last: Instant) -> list[Message]:
    """Notices and closes of BY's own incident whose windows end at `last`."""
    window: dict[str, Any] = {"p10_ms": Instant(0), "p50_ms": last, "p90_ms": last}
    notice = NoticeBody(
        phase=Phase.POSSIBLE,
        object=OBJECT,
        crossing=msgspec.structs.replace(CROSSING, **window),
        districts=(msgspec.structs.replace(DISTRICT, **window),),
    )
    close = CloseBody(outcome=Outcome.CROSSED, objects=1, first_observed_ms=Instant(0), last_observed_ms=last)
    plain: dict[str, Any] = {"channel": CHANNEL, "sender": BY, "year": 2026, "serial": 0, "stated_ms": START}
    incident = IncidentId("BY-2026-000001")
    return [
        Message(type=MessageType.NOTICE, body=notice, incident=incident, observed_ms=Instant(0), **plain),
        Message(type=MessageType.UPDATE, body=notice, incident=incident, **plain),
        Message(type=MessageType.CLOSE, body=close, incident=incident, **plain),
    ]
