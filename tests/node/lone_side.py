"""A node whose partner has no keys, and that partner's officer with his book: they meet on the telephone only."""

from functools import cache

import msgspec
from msgspec.structs import replace
from tests.node.node_pair import BY, CAST, CHANNEL, LT, Side

from redshank.compose.build import read_tables
from redshank.exchange import voice
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.session import Session, open_session
from redshank.exchange.voice import book as books
from redshank.exchange.voice.book import Book, Cover
from redshank.exchange.voice.form import VoiceForm
from redshank.exercise.simulation.scenes import YEAR
from redshank.node.commands import NoteReadOut, TakeVoice
from redshank.node.state import NodeState
from redshank.node.voices import to_read_out
from redshank.procedure.agreement import Tables, in_force
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import AckBody, Body, Message, MessageType
from redshank.terms.refusal import Refusal


def lone_state(fresh: NodeState, partner: PartyId) -> NodeState:
    """The same node, towards a partner without keys and node."""
    me = fresh.charter.party
    session = open_session(
        prefix=EXERCISE_PREFIX,
        channel=CHANNEL,
        me=me,
        year=YEAR,
        keys=CAST[me].public(CHANNEL, me),
        partner_keys=None,
    )
    assert isinstance(session, Session)
    agreement = msgspec.structs.replace(fresh.charter.agreements[CHANNEL], by_voice=partner)
    charter = replace(
        fresh.charter,
        agreements={**fresh.charter.agreements, CHANNEL: agreement},
        tables=_law({CHANNEL: agreement}),
        by_voice=frozenset({CHANNEL}),
    )
    return replace(fresh, charter=charter, sessions={CHANNEL: session})


def _law(agreements) -> Tables:
    return in_force(_tables(), agreements)


@cache
def _tables():
    return read_tables()


def lone_side(me: PartyId = LT) -> Side:
    """A node in its first second."""
    side = Side(me)
    side.fresh = lone_state(side.fresh, BY if me == LT else LT)
    side.state = side.fresh
    return side


class Officer:
    """The partner's officer: a telephone, a book, and no node."""

    def __init__(self, node: Side, party: PartyId = BY) -> None:
        self.node = node
        self.book = Book(
            cover=Cover(book_of=party, channel=CHANNEL, year=YEAR, exercise=True, types=tuple(MessageType))
        )

    @property
    def now(self) -> Instant:
        return self.node.now

    def hears_all(self) -> list[MessageType]:
        """The node's officer reads out what waits, oldest first; this one reads it back."""
        heard = []
        for one in to_read_out(self.node.state, CHANNEL):
            self.hears(one.serial)
            assert self.node.order(NoteReadOut(channel=CHANNEL, serial=one.serial, read_back=True)) is None
            heard.append(one.type)
        return heard

    def hears(self, serial: int) -> None:
        after = books.hear(self.book, self.node.form(serial).groups, self.now)
        assert isinstance(after, Book), after
        self.book = after

    def says(self, message: Message | Refusal) -> Refusal | None:
        """He reads it out, and the node's officer keys it in. What the node answered."""
        assert isinstance(message, Message), message
        done = books.say(self.book, message)
        assert not isinstance(done, Refusal), done
        self.book, form = done
        return self.reads(form)

    def reads(self, form: VoiceForm) -> Refusal | None:
        return self.node.order(TakeVoice(channel=CHANNEL, groups=" ".join(form.groups), text="Maj. K., direct line"))

    def answers(self, kind: MessageType, serial: int, body: Body) -> Refusal | None:
        return self.says(books.answer(self.book, kind, serial, body, self.now))

    def acknowledges(self, serial: int) -> Refusal | None:
        return self.answers(MessageType.ACK, serial, AckBody(role="duty-officer"))


def form_of(message: Message) -> VoiceForm:
    form = voice.encode(message, exercise=True)
    assert isinstance(form, VoiceForm)
    return form
