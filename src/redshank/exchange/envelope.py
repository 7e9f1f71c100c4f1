"""Envelope: the bytes of one message, canonical JSON, and their strict parse.

Here: writing and reading an entry of a log. Not here: bounds of single fields (`bounds`), logs. May know:
terms. The rules are numbered in docs/spec/messages.md.

Canonical means: one message has one spelling. An entry is decoded strictly, encoded again and compared byte
by byte; that is a check of form. What is signed and hashed is always the bytes that came, never our own
encoding of them.
"""

from typing import Any

import msgspec

from redshank.exchange.bounds import check_message
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import BODY_OF, NOT_CORRECTABLE, Body, CorrectBody, Message, MessageType
from redshank.terms.refusal import Reason, Refusal

VERSION = 1
ORIGINAL = "original"
RESERVED_FORMS = ("correction", "cancel")


class Place(msgspec.Struct, frozen=True):
    """Where an entry stands: the log that holds it and the index there. An entry must say the same of
    itself."""

    channel: ChannelId
    sender: PartyId
    year: int
    serial: int
    generation: int = 0


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    v: int
    type: str
    channel: str
    sender: str
    year: int
    serial: int
    form: str
    stated_ms: int
    observed_ms: int | None = None
    incident: str | None = None
    in_reply_to: int | None = None
    generation: int = 0
    reply_generation: int | None = None
    body: msgspec.Raw
    text: str | None = None


class _Wire(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    v: int
    type: str
    channel: str
    sender: str
    year: int
    serial: int
    form: str
    stated_ms: int
    observed_ms: int | None = None
    incident: str | None = None
    in_reply_to: int | None = None
    generation: int = 0
    reply_generation: int | None = None
    body: Body
    text: str | None = None


_ENCODER = msgspec.json.Encoder(order="sorted")
_HEADER = msgspec.json.Decoder(_Header)
_BODIES: dict[MessageType, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(body) for kind, body in BODY_OF.items() if kind is not MessageType.CORRECT
}


class _Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    serial: int
    type: str
    body: msgspec.Raw
    generation: int | None = None


_CORRECTION = msgspec.json.Decoder(_Correction)


def encode_message(message: Message) -> bytes:
    """The canonical bytes of a message; nothing is checked."""
    return _ENCODER.encode(
        _Wire(
            v=VERSION,
            type=message.type.value,
            channel=message.channel,
            sender=message.sender,
            year=message.year,
            serial=message.serial,
            form=ORIGINAL,
            stated_ms=message.stated_ms,
            observed_ms=message.observed_ms,
            incident=message.incident,
            in_reply_to=message.in_reply_to,
            generation=message.generation,
            reply_generation=message.reply_generation,
            body=message.body,
            text=message.text,
        )
    )


def write_entry(message: Message) -> bytes | Refusal:
    """The entry of an own message; refuses what a partner would refuse, for a person may have typed it."""
    bad = check_message(message, message.stated_ms)
    if bad is not None:
        return bad
    entry = encode_message(message)
    return _too_large(entry) or entry


def parse_entry(data: bytes, place: Place, now: Instant | None) -> Message | Refusal:
    """The message in an entry that stands at `place`.

    `now` is the reader's clock, against which the time of statement is held; None when reading an old record.
    Refuses with TOO_LARGE, MALFORMED, UNKNOWN_FIELD, UNKNOWN_TYPE, WRONG_CHANNEL, WRONG_SENDER, WRONG_YEAR,
    WRONG_GENERATION, WRONG_SERIAL, NOT_CORRECTABLE, NOT_CANONICAL, or the reason of the field that is out of bounds.
    Never raises.
    """
    bad = _too_large(data)
    if bad is not None:
        return bad
    try:
        header = _HEADER.decode(data)
        kind = _kind(header)
        if isinstance(kind, Refusal):
            return kind
        body = _body(kind, header.body)
        if isinstance(body, Refusal):
            return body
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return _malformed(error)
    return _misplaced(header, place) or _read(data, _message(header, place, kind, body), now)


def _read(data: bytes, message: Message, now: Instant | None) -> Message | Refusal:
    # First the bounds, then the comparison: integers beyond the bounds need not be encodable at all.
    bad = check_message(message, now)
    if bad is not None:
        return bad
    if encode_message(message) != data:
        return Refusal(Reason.NOT_CANONICAL, "entry", "the same message is spelled otherwise")
    return message


def _kind(header: _Header) -> MessageType | Refusal:
    if header.v != VERSION:
        return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {header.v}, this is {VERSION}")
    if header.form in RESERVED_FORMS:
        return Refusal(Reason.UNKNOWN_TYPE, "form", f"{header.form} is reserved")
    if header.form != ORIGINAL:
        return Refusal(Reason.MALFORMED, "form", f"unknown form {header.form[:20]!r}")
    try:
        return MessageType(header.type)
    except ValueError:
        return Refusal(Reason.UNKNOWN_TYPE, "type", f"unknown type {header.type[:20]!r}")


def _body(kind: MessageType, data: msgspec.Raw) -> Body | Refusal:
    """The body of a type. That of a CORRECT holds one more, of the type that it names; deeper it does not go."""
    if kind is not MessageType.CORRECT:
        body: Body = _BODIES[kind].decode(data)
        return body
    outer = _CORRECTION.decode(data)
    if outer.type not in set(MessageType) - NOT_CORRECTABLE:
        return Refusal(Reason.NOT_CORRECTABLE, "type", f"{outer.type[:20]!r} can not be corrected")
    named = MessageType(outer.type)
    inner = _BODIES[named].decode(outer.body)
    return CorrectBody(serial=outer.serial, type=named, body=inner, generation=outer.generation)


def _misplaced(header: _Header, place: Place) -> Refusal | None:
    pairs = (
        (Reason.WRONG_CHANNEL, "channel", header.channel, place.channel),
        (Reason.WRONG_SENDER, "sender", header.sender, place.sender),
        (Reason.WRONG_YEAR, "year", header.year, place.year),
        (Reason.WRONG_GENERATION, "generation", header.generation, place.generation),
        (Reason.WRONG_SERIAL, "serial", header.serial, place.serial),
    )
    for reason, field, said, true in pairs:
        if said != true:
            return Refusal(reason, field, f"says {str(said)[:20]!r} in the place of {str(true)!r}")
    return None


def _message(header: _Header, place: Place, kind: MessageType, body: Body) -> Message:
    """Of an entry that is in its place: the names are then the place's own, held once for all entries of a log."""
    return Message(
        type=kind,
        channel=place.channel,
        sender=place.sender,
        year=header.year,
        serial=header.serial,
        stated_ms=Instant(header.stated_ms),
        body=body,
        incident=None if header.incident is None else IncidentId(header.incident),
        observed_ms=None if header.observed_ms is None else Instant(header.observed_ms),
        in_reply_to=header.in_reply_to,
        generation=header.generation,
        reply_generation=header.reply_generation,
        text=header.text,
    )


def _too_large(data: bytes) -> Refusal | None:
    if len(data) > limits.ENTRY_BYTES:
        return Refusal(Reason.TOO_LARGE, "entry", f"{len(data)} bytes, allowed {limits.ENTRY_BYTES}")
    brackets = data.count(b"[") + data.count(b"{")
    if brackets > limits.ENTRY_BRACKETS:  # so that no reader's own limit on depth has a say
        return Refusal(Reason.MALFORMED, "entry", f"{brackets} opening brackets, allowed {limits.ENTRY_BRACKETS}")
    return None


def _malformed(error: Exception) -> Refusal:
    detail = str(error)[:200]
    # At its beginning: further on, a sender's own words may be quoted.
    unknown = detail.startswith("Object contains unknown field")
    reason = Reason.UNKNOWN_FIELD if unknown else Reason.MALFORMED
    return Refusal(reason, "entry", detail)
