"""A partner that signs against itself, seen from the node: EVI-6, EVI-7. Real turns of two nodes' states, no engine."""

from collections.abc import Sequence

import pytest

from redshank.edges.recovery import recover
from redshank.edges.turn import Turn, take_turn
from redshank.exchange.evidence import Kind, check_evidence, encode_evidence
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exercise.simulation.disk import Disk
from redshank.exercise.simulation.scenes import START, Keys, fresh_state
from redshank.node import commands
from redshank.node.commands import SeeContradiction
from redshank.node.contradictions import evidence_of
from redshank.node.effects import AnswerPeer, CommandDone, KeepEntry, NoteKind
from redshank.node.events import AnswerCame, Asked, DeliveryCame, Event
from redshank.node.state import Contradiction
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason

BY, LT = PartyId("BY"), PartyId("LT")
CHANNEL = ChannelId("BY-LT")
CAST = {party: Keys(1, party) for party in (BY, LT)}
SEND = commands.TestLine(channel=CHANNEL)


class Party:
    """A node's state on a disk: what is decided is kept before it is acted on."""

    def __init__(self, party: PartyId) -> None:
        self.party, self.state, self.disk = party, fresh_state(party, CAST), Disk()
        self.entries: list[bytes] = []

    def turn(self, *events: Event, at_ms: int = 0) -> Turn:
        done = take_turn(self.state, events, Instant(START + at_ms), CAST[self.party])
        self.disk.commit(done.durables, Instant(START + at_ms))
        mine = self.state.session(CHANNEL).own.key.name
        self.entries += [one.body for one in done.durables if isinstance(one, KeepEntry) and one.origin == mine]
        self.state = done.state
        return done

    def say(self, at_ms: int = 0) -> bytes:
        """A line test, and the delivery that is due then."""
        self.turn(Asked(1, "duty-officer", SEND), at_ms=at_ms)
        return self.push()

    def push(self) -> bytes:
        session = self.state.session(CHANNEL)
        due = next_delivery(session)
        assert due is not None
        return delivery_bytes(due, tuple(self.entries[due.first : due.end]))

    def take(self, delivery: bytes, at_ms: int = 0) -> AnswerPeer:
        done = self.turn(DeliveryCame(7, CHANNEL, delivery), at_ms=at_ms)
        (answer,) = (act for act in done.acts if isinstance(act, AnswerPeer))
        return answer

    def give(self, other: "Party", at_ms: int = 0) -> None:
        answer = other.take(self.push(), at_ms)
        assert answer.status == 200
        self.turn(AnswerCame(8, CHANNEL, answer.status, answer.body), at_ms=at_ms)

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        return self.state.contradictions.get(CHANNEL, ())

    def kinds(self) -> list[Kind]:
        return [one.kind for one in self.contradictions]

    def evidence(self, number: int) -> bytes:
        one, session = self.contradictions[number], self.state.session(CHANNEL)
        theirs = session.theirs.key.name
        sizes = range(1, session.theirs.size + 1)
        notes = {size: self.disk.note(theirs, NoteKind.HEAD, size) for size in sizes}
        kept = {size: note for size, note in notes.items() if note is not None}
        entries: Sequence[bytes] = self.disk.entries(theirs, 0, one.size)
        return encode_evidence(evidence_of(one, session, EXERCISE_PREFIX, kept, entries))


def convicted(lt: Party, number: int = 0) -> bool:
    pinned = {party: CAST[party].public(CHANNEL, party) for party in CAST}
    report = check_evidence(lt.evidence(number), pinned)
    assert report.refusal is None
    assert report.evidence is not None
    assert report.evidence.accused == BY
    return report.convicts


@pytest.fixture
def lt() -> Party:
    return Party(LT)


def spoken(*at_ms: int) -> Party:
    """BY, having said a line test at each of these times and delivered nothing."""
    by = Party(BY)
    for at in at_ms:
        by.say(at)
    return by


def test_a_fork_is_kept_once_and_honest_traffic_goes_on(lt: Party) -> None:
    """EVI-6: of the newest head and of an older one; the same again is counted only; the channel works on."""
    by = Party(BY)
    for at in (0, 1_000):
        by.say(at)
        by.give(lt, at)
    other = Party(BY)
    other.say(500)
    old_fork = other.push()
    for _ in range(3):
        assert lt.take(old_fork, 2_000).status == 422
    assert lt.kinds() == [Kind.FORKED]
    assert convicted(lt)
    assert lt.state.line(CHANNEL).refusals[Reason.FORKED] == 3
    by.say(3_000)
    by.give(lt, 3_000)
    assert lt.state.session(CHANNEL).theirs.size == 3


def test_a_log_that_shrank_and_was_signed_later_convicts(lt: Party) -> None:
    """EVI-6: BY was put back to an old copy and goes on from there, with a newer stamp on a smaller head."""
    by = Party(BY)
    by.turn(Asked(1, "duty-officer", SEND), Asked(2, "duty-officer", SEND))
    by.give(lt)
    assert lt.state.session(CHANNEL).theirs.size == 2
    back = Party(BY)
    assert lt.take(back.say(60_000), 60_000).status == 409
    assert lt.kinds() == [Kind.SHRUNKEN]
    assert convicted(lt)


def test_a_head_that_does_not_follow_is_cleared_when_its_entries_come(lt: Party) -> None:
    """EVI-7: a delivery with wrong entries under a sound head; then the right ones."""
    by = Party(BY)
    by.say()
    by.give(lt)
    good = by.say(1_000)
    wrong = good[:-20] + bytes([good[-20] ^ 1]) + good[-19:]
    assert lt.take(wrong, 1_000).status == 422
    assert lt.kinds() == [Kind.UNPROVEN]
    assert not convicted(lt)
    assert lt.contradictions[0].cleared_at is None
    assert lt.take(good, 2_000).status == 200
    assert lt.contradictions[0].cleared_at == START + 2_000


def test_dates_that_can_not_be_are_kept(lt: Party) -> None:
    """EVI-6: of accepted entries: dated back, and dated ahead of the reader's clock."""
    by = spoken(0, 1_000)
    by.give(lt, 1_000)
    ahead = limits.MESSAGE_AHEAD_MS + 5_000
    by.turn(Asked(1, "duty-officer", SEND), at_ms=ahead)
    while next_delivery(by.state.session(CHANNEL)) is not None:
        answer = lt.take(by.push(), 1_000)
        by.turn(AnswerCame(8, CHANNEL, answer.status, answer.body), at_ms=1_000)
    assert lt.kinds() == [Kind.FUTURE_DATED]
    assert not convicted(lt)
    by.turn(Asked(1, "duty-officer", SEND), at_ms=-limits.MESSAGE_BACK_MS)
    while next_delivery(by.state.session(CHANNEL)) is not None:
        answer = lt.take(by.push(), 2_000)
        by.turn(AnswerCame(8, CHANNEL, answer.status, answer.body), at_ms=2_000)
    assert lt.kinds() == [Kind.FUTURE_DATED, Kind.BACK_DATED]
    assert convicted(lt, 1)


def test_the_alarm_lasts_until_a_person_has_seen_it_and_a_restart_keeps_all(lt: Party) -> None:
    """EVI-6: kept before the answer; the replay of the journal gives the same contradictions, seen or not."""
    by = Party(BY)
    by.say()
    by.give(lt)
    other = Party(BY)
    other.say(500)
    lt.take(other.push(), 1_000)
    assert recover(fresh_state(LT, CAST), lt.disk).contradictions == lt.state.contradictions
    assert [one.seen_at for one in lt.contradictions] == [None]
    done = lt.turn(Asked(3, "duty-officer", SeeContradiction(channel=CHANNEL, number=0)), at_ms=2_000)
    assert CommandDone(3, None) in done.acts
    assert lt.contradictions[0].seen_at == START + 2_000
    assert recover(fresh_state(LT, CAST), lt.disk).contradictions == lt.state.contradictions
    refused = lt.turn(Asked(4, "duty-officer", SeeContradiction(channel=CHANNEL, number=1)), at_ms=2_000)
    (answer,) = (act for act in refused.acts if isinstance(act, CommandDone))
    assert answer.refusal is not None


def test_no_partner_can_fill_the_journal_with_contradictions(lt: Party) -> None:
    """EVI-6: at the bound the last one is kept, one over it is only counted."""
    by = Party(BY)
    by.say()
    by.give(lt)
    for number in range(limits.CONTRADICTIONS_PER_CHANNEL + 1):
        other = Party(BY)
        other.say(1 + number)
        before = lt.disk.events()
        lt.take(other.push(), 1_000)
        kept = lt.disk.events() - before
        assert kept == (number < limits.CONTRADICTIONS_PER_CHANNEL)
    assert len(lt.contradictions) == limits.CONTRADICTIONS_PER_CHANNEL
    assert lt.state.line(CHANNEL).refusals[Reason.FORKED] == limits.CONTRADICTIONS_PER_CHANNEL + 1


def test_a_back_dated_message_is_proven_by_what_came_before_it(lt: Party) -> None:
    """EVI-3: also when the same delivery holds a newer message behind it."""
    by = spoken(200_000, 0, 300_000)
    by.give(lt, 300_000)
    assert lt.kinds() == [Kind.BACK_DATED]
    assert (lt.contradictions[0].earlier, lt.contradictions[0].serial) == (0, 1)
    assert convicted(lt)
