"""Layout: which fields of a message are said, in which order and in how many bits (VOICE-7 to VOICE-10).

Here: the header, CORRECT and CANCEL, and which body is which, writing and reading side by side. Not here: checks,
symbols, the bounds of a message. May know:
terms. What does not go by voice is named in `unspoken`, and the form says so too.
"""

from typing import Final, Literal, NamedTuple, assert_never

import msgspec

from redshank.exchange.voice import bodies, statements
from redshank.exchange.voice.bits import Reader, Writer, refuse
from redshank.exchange.voice.codes import YEAR_BITS, Parties, put_incident, put_letters, take_incident, take_letters
from redshank.terms import limits
from redshank.terms.ids import PartyId, channel_between, partner_on
from redshank.terms.instants import SECOND_MS, Instant, year_of
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Body,
    CancelBody,
    CancelWhy,
    CloseBody,
    CorrectBody,
    EvidenceBody,
    FindBody,
    LogEndBody,
    LogOpenBody,
    LostBody,
    MeasureBody,
    Message,
    MessageType,
    NegativeBody,
    NoticeBody,
    OwnObjectBody,
    QueryBody,
    ReplyBody,
    TestBody,
    WarningBody,
)
from redshank.terms.refusal import Reason

VERSION: Final = 0
VERSION_LATER: Final = 1
"""Of a log that follows another: its generation is said, and that of the log that is answered."""
GENERATION_BITS: Final = 10
TYPES: Final = (
    MessageType.TEST, MessageType.TEST_REPLY, MessageType.NOTICE, MessageType.UPDATE, MessageType.LOST,
    MessageType.QUERY, MessageType.REPLY, MessageType.ACK, MessageType.CLOSE, MessageType.AGREE_CLOSE,
    MessageType.CORRECT, MessageType.OWN_OBJECT, MessageType.EVIDENCE, MessageType.WARNING, MessageType.MEASURE,
    MessageType.FIND, MessageType.NEGATIVE, MessageType.CANCEL,
)  # fmt: skip
"""A type's number is its place here. Types of later versions follow; a number is never given again."""
MORE_TYPES: Final = 15
"""This number says that four bits more follow: the type's place from here on."""
CORRECTABLE: Final = (
    MessageType.NOTICE, MessageType.UPDATE, MessageType.LOST, MessageType.QUERY, MessageType.REPLY, MessageType.ACK,
    MessageType.CLOSE, MessageType.AGREE_CLOSE, MessageType.OWN_OBJECT, MessageType.EVIDENCE, MessageType.WARNING,
    MessageType.MEASURE, MessageType.FIND, MessageType.NEGATIVE,
)  # fmt: skip
"""The numbers of the types that a CORRECT may name."""
WHYS: Final = (CancelWhy.SENT_IN_ERROR, CancelWhy.WRONG_OBJECT, CancelWhy.WRONG_PARTNER, CancelWhy.SUPERSEDED)
SERIAL_BITS: Final = 40
SECONDS_BITS: Final = (32, 44)
"""Seconds of UTC since 1970: until 2106, and all that a message may hold."""
AGE_BITS: Final = 12
YEAR_LAST_S: Final = 253_402_300_800
"""10000-01-01: a statement from then on has no calendar year, and says that of its log."""


class Heard(msgspec.Struct, frozen=True):
    """A message as it is said: rounded to the steps of the voice form. `unspoken` names what the signed message holds
    beside it: ``text``, ``crossing``, ``role``, ``districts 3``."""

    message: Message
    unspoken: tuple[str, ...] = ()


def write(message: Message, groups: int, group_bits: int) -> Writer:
    """The fields of a message within bounds. Of a body that may be longer as much as fits into `groups`."""
    header = Writer()
    _put_header(header, message, _parties(message), message.stated_ms // SECOND_MS)
    return _put_body(header, message, message.body, groups * group_bits)


def _parties(message: Message) -> Parties:
    return Parties(message.sender, partner_on(message.channel, message.sender))


def _put_body(header: Writer, message: Message, body: Body, room: int) -> Writer:
    """`body` is the message's own, or what its CORRECT puts in the place of an earlier one."""
    stated_s, later = message.stated_ms // SECOND_MS, message.generation > 0
    match body:
        case NoticeBody():
            return bodies.put_notice(header, body, _parties(message), stated_s, room)
        case WarningBody():
            return statements.put_warning(header, body, _parties(message), stated_s, room)
        case EvidenceBody():
            return statements.put_evidence(header, body, stated_s, (later, room))
        case CorrectBody():
            header.put(CORRECTABLE.index(body.type), 4)
            statements.put_own_serial(header, body.serial, body.generation, later)
            return _put_body(header, message, body.body, room)
        case CancelBody():
            statements.put_own_serial(header, body.serial, body.generation, later)
            header.put(WHYS.index(body.why), 2)
        case OwnObjectBody():
            statements.put_own_object(header, body, stated_s)
        case MeasureBody():
            statements.put_measure(header, body, stated_s)
        case FindBody():
            statements.put_find(header, body, stated_s)
        case NegativeBody():
            statements.put_negative(header, body, stated_s)
        case _:
            _put_short(header, body)
    return header


def _put_short(
    header: Writer,
    body: LostBody | QueryBody | ReplyBody | AckBody | CloseBody | AgreeCloseBody | TestBody | LogEndBody | LogOpenBody,
) -> None:
    """The bodies of the first ten types that need no time of statement."""
    match body:
        case LostBody():
            bodies.put_lost(header, body)
        case QueryBody():
            bodies.put_query(header, body)
        case ReplyBody():
            bodies.put_reply(header, body)
        case AckBody():
            bodies.put_ack(header, body)
        case CloseBody():
            bodies.put_close(header, body)
            for at in (body.first_observed_ms, body.last_observed_ms):
                _put_seconds(header, at // SECOND_MS)
        case AgreeCloseBody():
            header.put(body.agrees == "yes", 1)
        case TestBody():
            header.put_number(body.number, 53)
        case LogEndBody() | LogOpenBody():
            raise InvariantBroken("what is about the log itself is not said by voice")
        case _:
            assert_never(body)


def read(bits: Reader) -> Heard:
    """The message behind the bits. Raises Unreadable, and RanOut while more must follow."""
    later = bits.take(2, "version", VERSION_LATER) == VERSION_LATER
    kind = TYPES[_take_type(bits)]
    sender, receiver = take_letters(bits, 2, "sender"), take_letters(bits, 2, "receiver")
    if sender == receiver:
        refuse(Reason.WRONG_CHANNEL, "receiver", f"{sender} does not speak to itself")
    parties, unspoken = Parties(sender, receiver), list[str]()
    if bits.take(1, "text"):
        unspoken.append("text")
    stated_s = _take_seconds(bits, "stated_ms")
    year, serial = _take_year(bits, stated_s), bits.take_number(SERIAL_BITS, "serial")
    generation = _take_generation(bits, "generation") if later else 0
    incident = take_incident(bits, parties, year)
    observed_s = _take_observed(bits, stated_s)
    in_reply_to = bits.take_number(SERIAL_BITS, "in_reply_to") if bits.take(1, "in_reply_to") else None
    reply_generation = (
        bits.take_optional(GENERATION_BITS, "reply_generation", limits.LOG_GENERATIONS - 1) if later else None
    )
    message = Message(
        type=kind,
        channel=channel_between(PartyId(sender), PartyId(receiver)),
        sender=PartyId(sender),
        year=year,
        serial=serial,
        stated_ms=Instant(stated_s * SECOND_MS),
        body=_take_body(bits, kind, _Spoken(parties, stated_s, later, unspoken)),
        incident=incident,
        observed_ms=None if observed_s is None else Instant(observed_s * SECOND_MS),
        in_reply_to=in_reply_to,
        generation=generation,
        reply_generation=reply_generation,
    )
    return Heard(message, tuple(unspoken))


# --- header -----------------------------------------------------------------------------------------------------------


def _put_header(out: Writer, message: Message, parties: Parties, stated_s: int) -> None:
    out.put(VERSION_LATER if message.generation else VERSION, 2)
    number = TYPES.index(message.type)
    out.put(min(number, MORE_TYPES), 4)
    if number >= MORE_TYPES:
        out.put(number - MORE_TYPES, 4)
    for party in parties.both:
        put_letters(out, party)
    out.put(message.text is not None, 1)
    _put_seconds(out, stated_s)
    out.put_optional(None if message.year == _year_at(stated_s) else message.year, YEAR_BITS)
    out.put_number(message.serial, SERIAL_BITS)
    if message.generation:
        out.put(message.generation, GENERATION_BITS)
    put_incident(out, message.incident, parties, message.year)
    _put_observed(out, message.observed_ms, stated_s)
    out.put(message.in_reply_to is not None, 1)
    if message.in_reply_to is not None:
        out.put_number(message.in_reply_to, SERIAL_BITS)
    if message.generation:
        out.put_optional(message.reply_generation, GENERATION_BITS)


def _take_type(bits: Reader) -> int:
    number = bits.take(4, "type")
    return number if number < MORE_TYPES else number + bits.take(4, "type", len(TYPES) - 1 - MORE_TYPES)


def _year_at(seconds: int) -> int:
    return year_of(Instant(seconds * SECOND_MS)) if seconds < YEAR_LAST_S else -1


def _take_year(bits: Reader, stated_s: int) -> int:
    other, same = bits.take_optional(YEAR_BITS, "year", 9_999), _year_at(stated_s)
    if other == same or (other is None and same < 0):
        refuse(Reason.NOT_CANONICAL, "year", "the year of the statement needs no digits, another needs them")
    return same if other is None else other


def _take_generation(bits: Reader, field: str) -> int:
    generation = bits.take(GENERATION_BITS, field, limits.LOG_GENERATIONS - 1)
    if not generation:
        refuse(Reason.NOT_CANONICAL, field, "the first log has no such digits")
    return generation


def _put_seconds(out: Writer, seconds: int) -> None:
    long = seconds >= 1 << SECONDS_BITS[0]
    out.put(long, 1)
    out.put(seconds, SECONDS_BITS[long])


def _take_seconds(bits: Reader, field: str) -> int:
    long = bits.take(1, field)
    seconds = bits.take(SECONDS_BITS[long], field)
    if long and seconds < 1 << SECONDS_BITS[0]:
        refuse(Reason.NOT_CANONICAL, field, "written wider than it needs")
    return seconds


def _put_observed(out: Writer, observed: Instant | None, stated_s: int) -> None:
    """0 none, 1 so many seconds before the statement, 2 a time."""
    if observed is None:
        return out.put(0, 2)
    age_s = stated_s - observed // SECOND_MS
    if 0 <= age_s < 1 << AGE_BITS:
        out.put(1, 2)
        return out.put(age_s, AGE_BITS)
    out.put(2, 2)
    return _put_seconds(out, observed // SECOND_MS)


def _take_observed(bits: Reader, stated_s: int) -> int | None:
    form = bits.take(2, "observed_ms", 2)
    if form == 0:
        return None
    if form == 1:
        return stated_s - bits.take(AGE_BITS, "observed_ms")
    seconds = _take_seconds(bits, "observed_ms")
    if 0 <= stated_s - seconds < 1 << AGE_BITS:
        refuse(Reason.NOT_CANONICAL, "observed_ms", "written wider than it needs")
    return seconds


class _Spoken(NamedTuple):
    """What the header says that a body needs, and where to note what is not spoken."""

    parties: Parties
    stated_s: int
    later: bool
    unspoken: list[str]


def _take_body(bits: Reader, kind: MessageType, said: _Spoken) -> Body:
    match kind:
        case MessageType.NOTICE | MessageType.UPDATE:
            return bodies.take_notice(bits, said.parties, said.stated_s, said.unspoken)
        case MessageType.TEST | MessageType.TEST_REPLY:
            return TestBody(bits.take_number(53, "number"))
        case MessageType.CORRECT | MessageType.CANCEL:
            return _take_earlier(bits, kind, said)
        case MessageType.LOG_END | MessageType.LOG_OPEN:
            raise InvariantBroken("no number of the form stands for these types")
        case MessageType.ACK:
            return bodies.take_ack(bits, said.unspoken)
        case MessageType.LOST | MessageType.QUERY | MessageType.REPLY | MessageType.CLOSE | MessageType.AGREE_CLOSE:
            return _take_short(bits, kind)
        case _:
            return _take_statement(bits, kind, said)


def _take_short(
    bits: Reader,
    kind: Literal[MessageType.LOST, MessageType.QUERY, MessageType.REPLY, MessageType.CLOSE, MessageType.AGREE_CLOSE],
) -> Body:
    match kind:
        case MessageType.LOST:
            return bodies.take_lost(bits)
        case MessageType.QUERY:
            return bodies.take_query(bits)
        case MessageType.REPLY:
            return bodies.take_reply(bits)
        case MessageType.CLOSE:
            return _take_close(bits)
        case MessageType.AGREE_CLOSE:
            return AgreeCloseBody("yes" if bits.take(1, "agrees") else "no")
        case _:
            assert_never(kind)


def _take_statement(
    bits: Reader,
    kind: Literal[
        MessageType.OWN_OBJECT,
        MessageType.MEASURE,
        MessageType.FIND,
        MessageType.EVIDENCE,
        MessageType.NEGATIVE,
        MessageType.WARNING,
    ],
    said: _Spoken,
) -> Body:
    match kind:
        case MessageType.OWN_OBJECT:
            return statements.take_own_object(bits, said.stated_s)
        case MessageType.MEASURE:
            return statements.take_measure(bits, said.stated_s)
        case MessageType.FIND:
            return statements.take_find(bits, said.stated_s)
        case MessageType.EVIDENCE:
            return statements.take_evidence(bits, said.stated_s, said.later, said.unspoken)
        case MessageType.NEGATIVE:
            return statements.take_negative(bits, said.stated_s)
        case MessageType.WARNING:
            return statements.take_warning(bits, said.parties, said.stated_s, said.unspoken)
        case _:
            assert_never(kind)


def _take_close(bits: Reader) -> CloseBody:
    outcome, objects = bodies.take_close(bits)
    first, last = (_take_seconds(bits, field) for field in ("first_observed_ms", "last_observed_ms"))
    return CloseBody(
        outcome=outcome,
        objects=objects,
        first_observed_ms=Instant(first * SECOND_MS),
        last_observed_ms=Instant(last * SECOND_MS),
    )


def _take_earlier(bits: Reader, kind: MessageType, said: _Spoken) -> CorrectBody | CancelBody:
    if kind is MessageType.CANCEL:
        serial, generation = statements.take_own_serial(bits, "serial", said.later)
        return CancelBody(serial=serial, generation=generation, why=WHYS[bits.take(2, "why")])
    named = CORRECTABLE[bits.take(4, "type", len(CORRECTABLE) - 1)]
    serial, generation = statements.take_own_serial(bits, "serial", said.later)
    return CorrectBody(serial=serial, generation=generation, type=named, body=_take_body(bits, named, said))
