"""Layout: which fields of a message are said, in which order and in how many bits (VOICE-7 to VOICE-10).

Here: header and bodies, writing and reading side by side. Not here: checks, symbols, the bounds of a message. May know:
terms. What does not go by voice is named in `unspoken`, and the form says so too.
"""

from typing import Final, NoReturn, assert_never

import msgspec

from redshank.exchange.bounds import OF_LIFE
from redshank.exchange.voice import bodies
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
    CloseBody,
    EndBody,
    LifeBody,
    LogEndBody,
    LogOpenBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    QueryBody,
    ReplyBody,
    SuspendBody,
    TestBody,
)
from redshank.terms.refusal import Reason

VERSION: Final = 0
VERSION_LATER: Final = 1
"""Of a log that follows another: its generation is said, and that of the log that is answered."""
GENERATION_BITS: Final = 10
TYPES: Final = (
    MessageType.TEST, MessageType.TEST_REPLY, MessageType.NOTICE, MessageType.UPDATE, MessageType.LOST,
    MessageType.QUERY, MessageType.REPLY, MessageType.ACK, MessageType.CLOSE, MessageType.AGREE_CLOSE,
)  # fmt: skip
"""A type's number is its place here. Types of later versions follow; a number is never given again."""
MORE_TYPES: Final = 15
"""This number says that four bits more follow."""
LIFE_TYPES: Final = {
    MessageType.ACTIVATE: 3, MessageType.SUSPEND: 4, MessageType.RESUME: 5, MessageType.END: 6,
}  # fmt: skip
"""Their numbers in these four bits."""
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
    """The fields of a message within bounds. Of a NOTICE or an UPDATE as much as fits into `groups`."""
    parties = Parties(message.sender, partner_on(message.channel, message.sender))
    stated_s = message.stated_ms // SECOND_MS
    header = Writer()
    _put_header(header, message, parties, stated_s)
    body = message.body
    match body:
        case NoticeBody():
            return bodies.put_notice(header, body, parties, stated_s, groups * group_bits)
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
        case LifeBody() | SuspendBody() | EndBody():
            _put_life(header, body)
        case LogEndBody() | LogOpenBody():
            raise InvariantBroken("what is about the log itself is not said by voice")
        case _:
            assert_never(body)
    return header


def read(bits: Reader) -> Heard:
    """The message behind the bits. Raises Unreadable, and RanOut while more must follow."""
    later = bits.take(2, "version", VERSION_LATER) == VERSION_LATER
    kind = _take_type(bits)
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
    is_life = kind in OF_LIFE
    message = Message(
        type=kind,
        channel=channel_between(PartyId(sender), PartyId(receiver)),
        sender=PartyId(sender),
        year=year,
        serial=serial,
        stated_ms=Instant(stated_s * SECOND_MS),
        body=_take_life(bits, kind, unspoken) if is_life else _take_body(bits, kind, parties, stated_s, unspoken),
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
    _put_type(out, message.type)
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


def _put_type(out: Writer, kind: MessageType) -> None:
    if kind in LIFE_TYPES:
        out.put(MORE_TYPES, 4)
        return out.put(LIFE_TYPES[kind], 4)
    return out.put(TYPES.index(kind), 4)


def _take_type(bits: Reader) -> MessageType:
    number = bits.take(4, "type")
    if number != MORE_TYPES:
        return TYPES[number] if number < len(TYPES) else _no_type(number)
    more = bits.take(4, "type")
    return next((kind for kind, one in LIFE_TYPES.items() if one == more), None) or _no_type(MORE_TYPES + more)


def _no_type(number: int) -> NoReturn:
    refuse(Reason.VALUE_NOT_PLAUSIBLE, "type", f"{number} is no code of this field")


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


def _take_body(bits: Reader, kind: MessageType, parties: Parties, stated_s: int, unspoken: list[str]) -> Body:
    match kind:
        case MessageType.NOTICE | MessageType.UPDATE:
            return bodies.take_notice(bits, parties, stated_s, unspoken)
        case MessageType.LOST:
            return bodies.take_lost(bits)
        case MessageType.QUERY:
            return bodies.take_query(bits)
        case MessageType.REPLY:
            return bodies.take_reply(bits)
        case MessageType.ACK:
            return bodies.take_ack(bits, unspoken)
        case MessageType.CLOSE:
            outcome, objects = bodies.take_close(bits)
            first, last = (_take_seconds(bits, field) for field in ("first_observed_ms", "last_observed_ms"))
            return CloseBody(
                outcome=outcome,
                objects=objects,
                first_observed_ms=Instant(first * SECOND_MS),
                last_observed_ms=Instant(last * SECOND_MS),
            )
        case MessageType.AGREE_CLOSE:
            return AgreeCloseBody("yes" if bits.take(1, "agrees") else "no")
        case MessageType.TEST | MessageType.TEST_REPLY:
            return TestBody(bits.take_number(53, "number"))
        case MessageType.LOG_END | MessageType.LOG_OPEN:
            raise InvariantBroken("no number of the form stands for these types")
        case MessageType.ACTIVATE | MessageType.SUSPEND | MessageType.RESUME | MessageType.END:
            raise InvariantBroken("bodies of the agreement's life are read by themselves")
        case _:
            assert_never(kind)


def _put_life(out: Writer, body: LifeBody | SuspendBody | EndBody) -> None:
    bodies.put_life(out, body)
    if isinstance(body, EndBody):
        _put_seconds(out, body.from_ms // SECOND_MS)


def _take_life(bits: Reader, kind: MessageType, unspoken: list[str]) -> LifeBody | SuspendBody | EndBody:
    if kind is MessageType.SUSPEND:
        return bodies.take_suspend(bits, unspoken)
    if kind is MessageType.END:
        return bodies.take_end(bits, unspoken, lambda: Instant(_take_seconds(bits, "from_ms") * SECOND_MS))
    return bodies.take_life(bits, unspoken)
