"""Keys of a running channel are rotated: both logs end and open anew, and nothing is lost, told or signed twice."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest
from tests.node.node_pair import BEGIN, BY, CAST, CHANNEL, LT

from redshank.edges.engine import Engine
from redshank.edges.recovery import recover
from redshank.edges.tiles import LogTiles
from redshank.edges.turn import take_turn
from redshank.edges.witness.pump import EngineOutbox
from redshank.exchange import generations, voice
from redshank.exchange.delivery import encode_delivery
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.evidence import Kind, check_evidence, encode_evidence
from redshank.exchange.session import Session, append, delivery_bytes, next_delivery, own_message
from redshank.exchange.signing import signed_head
from redshank.exchange.witnessing import Witness
from redshank.exercise.simulation.disk import Disk
from redshank.exercise.simulation.scenes import Bunch, Keys, fresh_state
from redshank.log import ledger
from redshank.node import commands, roles, rotation
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import Command, RotateKeys
from redshank.node.contradictions import evidence_of
from redshank.node.effects import AnswerPeer, CommandDone
from redshank.node.events import AnswerCame, Asked, DeliveryCame, Event, KeysAgreed, KeysMissed
from redshank.node.state import NodeState
from redshank.terms import message
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import LogEndBody, LogOpenBody, Message, MessageType, Why
from redshank.terms.refusal import Reason, Refusal

NEXT = {party: Keys(8, party) for party in (BY, LT)}
OTHER = Keys(9, LT)


@dataclass
class Seat:
    """One node, its disk, and all sets of its keys."""

    party: PartyId
    now: Instant = BEGIN
    disk: Disk = field(default_factory=Disk)
    keys: Bunch = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Bunch(CAST[self.party], NEXT[self.party], Keys(9, self.party))
        self.fresh = fresh_state(self.party, CAST)
        self.state: NodeState = self.fresh

    def take(self, *events: Event) -> list[object]:
        done = take_turn(self.state, events, self.now, self.keys)
        if done.durables:
            self.disk.commit(done.durables, self.now)
        self.state = done.state
        return list(done.acts)

    def order(self, command: Command) -> Refusal | None:
        acts = self.take(Asked(1, min(roles.MAY[type(command)]), command))
        return next(act.refusal for act in acts if isinstance(act, CommandDone))

    def agree(self, mine: Keys, theirs: Keys) -> None:
        """Both officers have read their words to one another."""
        self.take(KeysAgreed(channel=CHANNEL, own=mine.raw(), partner=theirs.raw()))

    def restart(self) -> None:
        before = self.state
        self.state = recover(self.fresh, self.disk)
        for part in ("sessions", "earlier", "incidents", "contradictions"):
            assert getattr(self.state, part) == getattr(before, part)

    @property
    def session(self) -> Session:
        return self.state.session(CHANNEL)

    def messages(self, generation: int, sender: PartyId) -> list[Message | Refusal]:
        session = self.state.generations(CHANNEL)[generation]
        origin = session.own.key.name if sender == self.party else session.theirs.origin
        return [
            parse_entry(entry, Place(CHANNEL, sender, session.year, serial, generation), None)
            for serial, entry in enumerate(self.disk.entries(origin, 0, self.disk.size(origin)))
        ]

    def types(self, generation: int, sender: PartyId) -> list[str]:
        return [
            one.type.value if isinstance(one, Message) else one.reason.value
            for one in self.messages(generation, sender)
        ]


def push(sender: Seat) -> tuple[str, bytes] | None:
    session = rotation.under_delivery(sender.state, CHANNEL)
    outgoing = next_delivery(session)
    if outgoing is None:
        return None
    entries = tuple(sender.disk.entries(session.own.key.name, outgoing.first, outgoing.end))
    return session.own.key.name, delivery_bytes(outgoing, entries)


def hand(receiver: Seat, body: bytes) -> AnswerPeer:
    [answer] = [act for act in receiver.take(DeliveryCame(1, CHANNEL, body)) if isinstance(act, AnswerPeer)]
    return answer


def talk(one: Seat, other: Seat) -> None:
    """The line works until nothing is due on either side."""
    for _ in range(50):
        idle = True
        for sender, receiver in ((one, other), (other, one)):
            pushed = push(sender)
            if pushed is not None:
                idle = False
                answer = hand(receiver, pushed[1])
                sender.take(AnswerCame(1, CHANNEL, answer.status, answer.body, origin=pushed[0]))
        if idle:
            return
    raise AssertionError("the two never come to an end")


def say(seat: Seat) -> None:
    assert seat.order(commands.TestLine(channel=CHANNEL)) is None


def seats() -> tuple[Seat, Seat]:
    return Seat(BY), Seat(LT)


def confirmed() -> tuple[Seat, Seat]:
    """After a ceremony about LT's next set; BY keeps its own."""
    by, lt = seats()
    say(lt)
    talk(by, lt)
    lt.agree(NEXT[LT], CAST[BY])
    by.agree(CAST[BY], NEXT[LT])
    return by, lt


def test_a_planned_rotation_opens_both_logs_anew_and_nothing_is_lost() -> None:
    """LOG-18, LOG-20, LOG-21 and LOG-22: end, open, follow; BY's unreceipted message arrives in its old log."""
    by, lt = confirmed()
    say(by)
    assert lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED)) is None
    say(lt)
    talk(by, lt)
    assert lt.types(0, LT)[-1] == "LOG-END"
    assert lt.types(0, BY)[-1] == "LOG-END"
    assert lt.types(1, LT)[:2] == ["LOG-OPEN", "TEST"]
    assert by.types(1, LT) == lt.types(1, LT)
    assert by.types(1, BY) == lt.types(1, BY)
    assert by.types(0, BY) == lt.types(0, BY)
    for seat in (by, lt):
        for one in seat.state.generations(CHANNEL):
            assert one.own.receipted_size == one.own.size
        assert seat.session.own.key.name.endswith(f"{seat.party}/2026/1")
        assert not seat.state.line(CHANNEL).refusals
        seat.restart()
    end = lt.messages(0, LT)[-1]
    opening = by.messages(1, LT)[0]
    assert isinstance(end, Message)
    assert isinstance(opening, Message)
    assert isinstance(end.body, LogEndBody)
    assert isinstance(opening.body, LogOpenBody)
    assert end.body.keys == generations.mark(lt.session.keys)
    assert (opening.body.end.size, opening.body.why) == (len(lt.messages(0, LT)), Why.PLANNED)


def test_nothing_is_signed_twice_and_old_logs_stay_whole() -> None:
    """LOG-9 and LOG-12: one head for each size of each log, each under the keys of its generation."""
    by, lt = confirmed()
    lt.order(RotateKeys(channel=CHANNEL, why=Why.EXPIRY))
    talk(by, lt)
    say(by)
    talk(by, lt)
    for seat in (by, lt):
        for session in seat.state.generations(CHANNEL):
            heads = seat.disk.heads(session.own.key.name)
            assert max(heads) == session.own.size
            assert session.own.head is not None
    assert lt.session.keys.log.classic.public_key == NEXT[LT].raw().log
    assert lt.state.generations(CHANNEL)[0].keys.log.classic.public_key == CAST[LT].raw().log


def test_without_the_ceremony_there_is_no_switch() -> None:
    """KEY-15: refused with `not-agreed`, on the own side before anything is said."""
    _, lt = seats()
    refused = lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    assert refused is not None
    assert refused.reason is Reason.NOT_AGREED


def test_a_one_sided_rotation_is_refused_until_both_have_paired() -> None:
    """LOG-21: BY's officer has not confirmed LT's next keys: LT's end is receipted, and its next log is not taken."""
    by, lt = seats()
    lt.agree(NEXT[LT], CAST[BY])
    assert lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED)) is None
    answers = []
    for _ in range(3):
        pushed = push(lt)
        assert pushed is not None
        answers.append(hand(by, pushed[1]))
        lt.take(AnswerCame(1, CHANNEL, answers[-1].status, answers[-1].body, origin=pushed[0]))
    assert (answers[-1].status, answers[-1].body) == (403, b"not-agreed\n")
    assert by.session.generation == 0
    assert by.state.line(CHANNEL).refusals == {Reason.NOT_AGREED: 3}
    say(by)
    pushed = push(by)
    assert pushed is not None
    assert hand(lt, pushed[1]).status == 200  # BY's log goes on, and LT receipts it
    by.agree(CAST[BY], OTHER)
    assert by.session.generation == 0  # other keys than those that LT names
    by.agree(CAST[BY], NEXT[LT])
    assert by.session.generation == 1
    talk(by, lt)
    assert by.types(1, LT) == lt.types(1, LT)


def test_a_log_that_goes_on_after_its_end_convicts() -> None:
    """LOG-20 and EVI-9: each entry after LOG-END is refused, kept, and shown as `continued`."""
    by, lt = confirmed()
    lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    talk(by, lt)
    ended = lt.state.generations(CHANNEL)[0]
    said = append(ended, own_message(ended, MessageType.TEST, message.TestBody(9), lt.now))
    assert not isinstance(said, Refusal)
    head = ledger.head_to_sign(said.session.own)
    assert head is not None
    note = signed_head(said.session, head.text, lt.now, CAST[LT])
    hostile = ledger.head_signed(said.session.own, note)
    body = delivery_of(hostile, said.entry)
    answer = hand(by, body)
    assert answer.status == 200
    assert by.types(0, LT)[-1] != "log-ended"  # the bytes are a message; the place is not
    [one] = by.state.contradictions[CHANNEL]
    assert one.kind is Kind.CONTINUED
    report = check_evidence(evidence(by, 0))
    assert report.refusal is None
    assert report.convicts, report
    assert "ended its log" in report.words


def delivery_of(log: ledger.OwnLog, entry: bytes) -> bytes:
    assert log.head is not None
    return encode_delivery(log.size - 1, log.head.note, [entry])


def evidence(seat: Seat, number: int) -> bytes:
    one = seat.state.contradictions[CHANNEL][number]
    session = seat.state.generations(CHANNEL)[one.generation]
    notes = dict(seat.disk.heads(session.theirs.origin))
    entries = seat.disk.entries(session.theirs.origin, 0, one.size)
    before = rotation.before(seat.state, session)
    return encode_evidence(evidence_of(one, session, "exercise/", notes, entries, before))


def test_an_opening_that_denies_what_was_signed_is_refused_and_kept() -> None:
    """LOG-22 and EVI-9: `wrong-opening`, and the two heads convict."""
    by, lt = confirmed()
    liar = Seat(LT, disk=Disk(), now=lt.now)
    liar.agree(NEXT[LT], CAST[BY])
    liar.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))  # as if it had said nothing before
    by.order(RotateKeys(channel=CHANNEL, why=Why.PARTNER))
    fresh = liar.session
    assert fresh.own.head is not None
    body = delivery_of(fresh.own, liar.disk.entries(fresh.own.key.name, 0, 1)[0])
    assert hand(by, body).body == b"wrong-opening\n"
    assert by.session.theirs.size == 0
    [one] = by.state.contradictions[CHANNEL]
    assert one.kind is Kind.WRONG_OPENING
    report = check_evidence(evidence(by, 0))
    assert report.refusal is None
    assert report.convicts
    by.restart()


def test_lost_keys_need_the_word_of_both_officers() -> None:
    """KEY-17 and LOG-23: LT's keys are gone; nothing endorses the new ones but the ceremony."""
    by, lt = seats()
    say(lt)
    talk(by, lt)
    say(by)
    lt.keys = Bunch(NEXT[LT])
    lt.take(KeysMissed(CHANNEL))
    assert lt.order(commands.TestLine(channel=CHANNEL)) is not None  # nothing is signed under keys that are gone
    pushed = push(by)
    assert pushed is not None
    assert hand(lt, pushed[1]).body == b"channel-not-active\n"
    lt.agree(NEXT[LT], CAST[BY])
    by.agree(CAST[BY], NEXT[LT])
    wrong = lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    assert wrong is not None
    assert wrong.reason is Reason.NOT_ALLOWED
    assert lt.order(RotateKeys(channel=CHANNEL, why=Why.LOST)) is None
    pushed = push(lt)
    assert pushed is not None
    assert hand(by, pushed[1]).body == b"not-agreed\n"
    assert by.order(RotateKeys(channel=CHANNEL, why=Why.PARTNER)) is None
    talk(by, lt)
    assert by.types(1, LT) == lt.types(1, LT)
    assert lt.types(1, LT)[0] == "LOG-OPEN"
    assert lt.types(0, BY) == by.types(0, BY)  # the tail has come, though nobody could receipt it
    assert by.state.generations(CHANNEL)[0].own.receipted_size < by.state.generations(CHANNEL)[0].own.size
    for seat in (by, lt):
        assert CHANNEL not in seat.state.contradictions
        seat.restart()


@pytest.mark.parametrize("first", [BY, LT])
def test_both_may_rotate_at_once(first: PartyId) -> None:
    """KEY-16: both officers give the command before either line has carried anything."""
    by, lt = seats()
    by.agree(NEXT[BY], NEXT[LT])
    lt.agree(NEXT[LT], NEXT[BY])
    for seat in (by, lt) if first == BY else (lt, by):
        assert seat.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED)) is None
    talk(*((by, lt) if first == BY else (lt, by)))
    assert (by.session.generation, lt.session.generation) == (1, 1)
    assert by.types(1, LT) == lt.types(1, LT)
    assert by.types(1, BY) == lt.types(1, BY)


def test_a_second_rotation_follows_the_first() -> None:
    """LOG-18 and RCV-13: generations count up; a bookmark holds them all, and so does a replay."""
    by, lt = confirmed()
    lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    talk(by, lt)
    lt.agree(OTHER, NEXT[BY])
    by.agree(NEXT[BY], OTHER)
    by.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    talk(by, lt)
    assert [one.generation for one in lt.state.generations(CHANNEL)] == [0, 1, 2]
    assert lt.session.own.key.name.endswith("/2")
    again = from_bookmark(lt.fresh, bookmark_of(lt.state))
    assert isinstance(again, NodeState)
    assert bookmark_of(again) == bookmark_of(lt.state)
    lt.restart()


def test_the_old_log_is_under_delivery_until_its_end_is_receipted() -> None:
    """DEL-14 and WIT-11: one log at a time, for the partner and for a third party."""
    by, lt = confirmed()
    lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    say(lt)
    origins = []
    while (pushed := push(lt)) is not None:
        origins.append(pushed[0])
        answer = hand(by, pushed[1])
        lt.take(AnswerCame(1, CHANNEL, answer.status, answer.body, origin=pushed[0]))
    later = [origin.endswith("/2026/1") for origin in origins]
    assert (later[0], later[-1]) == (False, True)
    assert sorted(later) == later
    witness = Witness(keys=(NEXT[BY].public(CHANNEL, BY).witness.classic,))
    engine = cast(Engine, SimpleNamespace(state=lt.state))
    outbox = EngineOutbox(engine, cast(LogTiles, None), CHANNEL, witness)
    head = outbox.head()
    assert head is not None
    assert head.text.startswith(lt.state.generations(CHANNEL)[0].own.key.name.encode() + b"\n")


def test_a_form_by_voice_belongs_to_the_log_that_it_names() -> None:
    """VOICE-14 and VOICE-26: serial 0 of the old log is not serial 0 of the new one."""
    by, lt = confirmed()
    lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    say(lt)
    spoken = lt.messages(1, LT)[1]
    assert isinstance(spoken, Message)
    form = voice.encode(spoken, exercise=True)
    assert not isinstance(form, Refusal)
    early = by.order(commands.TakeVoice(channel=CHANNEL, groups=" ".join(form.groups)))
    assert early is not None
    assert early.reason is Reason.WRONG_GENERATION  # that log has not been opened here
    by.agree(CAST[BY], NEXT[LT])
    for _ in range(2):
        pushed = push(lt)
        assert pushed is not None
        answer = hand(by, pushed[1])
        lt.take(AnswerCame(1, CHANNEL, answer.status, answer.body, origin=pushed[0]))
    say(lt)
    spoken = lt.messages(1, LT)[-1]
    assert isinstance(spoken, Message)
    form = voice.encode(spoken, exercise=True)
    assert not isinstance(form, Refusal)
    assert by.order(commands.TakeVoice(channel=CHANNEL, groups=" ".join(form.groups))) is None
    talk(by, lt)
    [statement] = by.state.statements(CHANNEL)
    assert (statement.generation, statement.standing.value) == (1, "confirmed")


def test_a_clock_that_ran_ahead_keeps_no_log_from_ending() -> None:
    """MSG-9: what LT says at the switch is dated hours ahead; its log ends and opens all the same."""
    by, lt = confirmed()
    lt.now = Instant(lt.now + 7_200_000)
    lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    talk(by, lt)
    assert (by.session.generation, lt.session.generation) == (1, 1)
    assert not by.state.line(CHANNEL).refusals
