"""Checks of what a partner's node sends: deliveries, answers, notes, keys, tiles, entries."""

import re
from functools import cache
from typing import TypeVar

from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Node, exchange_all, line_test, two_nodes

from redshank.exchange import session
from redshank.exchange.delivery import MAGIC, Delivery, Held, encode_delivery, parse_answer, parse_delivery
from redshank.exchange.envelope import Place, encode_message, parse_entry
from redshank.exchange.session import Received
from redshank.log.checkpoint import parse_checkpoint
from redshank.log.note import parse_note, parse_signatures, parse_vkey, signed_note
from redshank.log.tiles import encode_bundle, parse_bundle, parse_path
from redshank.terms import limits
from redshank.terms.refusal import Refusal

T = TypeVar("T")
ANSWERS = (200, 409, 400, 403, 404, 413, 422, 429, 500, 200)
_SERIAL = re.compile(rb'"serial":(\d{1,13})[,}]')


def taken(found: T | Refusal) -> T | None:
    """What was taken; None for a refusal, which must say what it is about."""
    if isinstance(found, Refusal):
        assert found.field, found
        assert len(str(found)) < 1_000, "a refusal quotes without bound"
        return None
    return found


def delivery(data: bytes) -> bool:
    """A push; and, because a fuzzer seldom finds the right length, the input as the text of one."""
    return _delivery(MAGIC + b"%d\n" % len(data) + data) | _delivery(data)


def _delivery(data: bytes) -> bool:
    found = taken(parse_delivery(data))
    if found is None:
        return False
    assert len(found.entries) <= limits.DELIVERY_ENTRIES
    assert encode_delivery(found.old_size, found.note, found.entries) == data
    return True


def answer(data: bytes) -> bool:
    """An answer to our push; the first byte picks the HTTP status."""
    if not data:
        return False
    status, body = ANSWERS[data[0] % len(ANSWERS)], data[1:]
    found = parse_answer(status, body)
    if isinstance(found, Held):
        assert body == b"%d\n" % found.size
        assert status == 409
        return True
    if isinstance(found, Refusal):
        return found.field == "partner" and body == found.reason.value.encode() + b"\n"
    assert b"".join(signature.line for signature in found) == body
    return True


def note(data: bytes) -> bool:
    """A signed note."""
    found = taken(parse_note(data))
    if found is None:
        return False
    assert signed_note(found.text, found.signatures) == data
    return True


def signatures(data: bytes) -> bool:
    """Signature lines."""
    found = taken(parse_signatures(data))
    if found is None:
        return False
    assert 1 <= len(found) <= limits.NOTE_SIGNATURES
    assert b"".join(signature.line for signature in found) == data
    return True


def checkpoint(data: bytes) -> bool:
    """The text of a head."""
    found = taken(parse_checkpoint(data))
    if found is None:
        return False
    assert found.text == data
    assert found.size <= limits.LOG_ENTRIES
    return True


def vkey(data: bytes) -> bool:
    """A verifier key, as record.json and an agreement's files hold it."""
    text = data.decode(errors="surrogateescape")
    found = taken(parse_vkey(text))
    if found is None:
        return False
    assert found.vkey == text
    return True


def tile_path(data: bytes) -> bool:
    """A path that a partner asks of our log."""
    text = data.decode("latin-1")
    found = taken(parse_path(text))
    if found is None:
        return False
    assert found.path == text
    return True


def bundle(data: bytes) -> bool:
    """An entry bundle."""
    found = taken(parse_bundle(data))
    if found is None:
        return False
    assert len(found) <= limits.DELIVERY_ENTRIES
    assert encode_bundle(found) == data
    return True


def entry(data: bytes) -> bool:
    """One message, at the serial that it says of itself."""
    said = _SERIAL.search(data)
    place = Place(CHANNEL, LT, YEAR, int(said[1]) if said else 0)
    found = taken(parse_entry(data, place, NOW))
    old = parse_entry(data, place, None)
    if found is None:
        return False
    assert old == found, "a message that is taken now is taken from an old record"
    assert encode_message(found) == data
    return True


@cache
def _receiver() -> Node:
    by, lt = two_nodes()
    lt.say(line_test(1))
    exchange_all(lt, by)
    return by


def push(data: bytes) -> bool:
    """A whole push to BY, which holds one entry of LT: framing, signature, proof and messages. A refusal changes
    nothing; what is taken is a delivery that really is signed."""
    by = _receiver()
    found = taken(session.receive(by.session, data, NOW))
    if found is None:
        return False
    assert isinstance(found, Received)
    framed = parse_delivery(data)
    assert isinstance(framed, Delivery)
    theirs = found.session.theirs
    assert theirs.size == by.session.theirs.size + len(found.arrived) == found.head.checkpoint.size
    return True


PARTIES = (BY, LT)
