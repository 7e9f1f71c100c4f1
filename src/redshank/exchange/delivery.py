"""Delivery: the bytes of one push, and of its answer.

Here: framing, statuses, strict bounded parse. Not here: whether a head may be accepted (log.ledger), HTTP
itself. May know: log, terms. Modelled on add-checkpoint of c2sp.org/tlog-witness; instead of a consistency
proof it carries the entries themselves, from which the receiver computes the root. The rules are numbered in
docs/spec/delivery.md.
"""

from collections.abc import Sequence

import msgspec

from redshank.log.checkpoint import parse_size
from redshank.log.note import Signature, parse_signatures
from redshank.log.tiles import encode_bundle, parse_bundle
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

MAGIC = b"redshank-delivery/1 "
FIRST_LINE_BYTES = 40  # the magic, at most 19 digits, newline
ORIGIN_WITHIN_BYTES = 512  # two lines and an empty one before it, and an origin has at most 255 bytes
OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE, UNPROCESSABLE = 200, 400, 403, 404, 409, 413, 422
TOO_MANY = 429

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

STATUS_OF: dict[Reason, int] = {
    Reason.WRONG_ORIGIN: NOT_FOUND,
    Reason.BAD_SIGNATURE: FORBIDDEN,
    Reason.NOT_HYBRID: FORBIDDEN,
    Reason.NOT_AGREED: FORBIDDEN,
    Reason.WRONG_SIZE: CONFLICT,
    Reason.OVERTAKEN: CONFLICT,
    Reason.SHRUNKEN: CONFLICT,
    Reason.REPLAYED: CONFLICT,
    Reason.TOO_LARGE: TOO_LARGE,
    Reason.BUSY: TOO_MANY,
    Reason.FORKED: UNPROCESSABLE,
    Reason.WRONG_OPENING: UNPROCESSABLE,
    Reason.BAD_PROOF: UNPROCESSABLE,
}
"""HTTP status of a refused delivery; any other reason is 400."""


class Delivery(msgspec.Struct, frozen=True):
    """A parsed push: the entries from index `old_size` on, and the signed head over all up to the last of
    them."""

    old_size: int
    note: bytes
    entries: tuple[bytes, ...]


class Answer(msgspec.Struct, frozen=True):
    """What the receiver answers: HTTP status, content type, body."""

    status: int
    content_type: str
    body: bytes


class Held(msgspec.Struct, frozen=True):
    """The receiver's answer that it holds another number of entries: deliver from there."""

    size: int


def encode_delivery(old_size: int, note: bytes, entries: Sequence[bytes]) -> bytes:
    """The bytes of a push."""
    text = b"old %d\n\n" % old_size + note
    return MAGIC + b"%d\n" % len(text) + text + encode_bundle(entries)


def parse_delivery(data: bytes) -> Delivery | Refusal:
    """A push from its bytes; refuses with TOO_LARGE, TRUNCATED or MALFORMED. Nothing is verified yet."""
    if len(data) > limits.DELIVERY_BYTES:
        return Refusal(Reason.TOO_LARGE, "delivery", f"{len(data)} bytes, allowed {limits.DELIVERY_BYTES}")
    first = data[:FIRST_LINE_BYTES].partition(b"\n")[0]
    length = _number(first.removeprefix(MAGIC)) if first.startswith(MAGIC) else None
    if length is None:
        return Refusal(Reason.MALFORMED, "delivery", "the first line is not the magic and the text's length")
    begin = len(first) + 1
    text = data[begin : begin + length]
    if length > limits.NOTE_BYTES + FIRST_LINE_BYTES:
        return Refusal(Reason.TOO_LARGE, "text", f"{length} bytes, allowed {limits.NOTE_BYTES} and one line")
    if len(text) != length:
        return Refusal(Reason.TRUNCATED, "text", f"{len(text)} of {length} bytes")
    line, blank, note = text.partition(b"\n\n")
    old_size = _number(line.removeprefix(b"old ")) if blank and line.startswith(b"old ") else None
    if old_size is None:
        return Refusal(Reason.MALFORMED, "old", "the text does not begin with an old size line and a blank line")
    entries = parse_bundle(data[begin + length :], limits.DELIVERY_ENTRIES)
    return entries if isinstance(entries, Refusal) else Delivery(old_size, note, entries)


def origin_in(data: bytes) -> str:
    """The origin that the head in a push names, read without checking anything; empty where there is none."""
    return data[:ORIGIN_WITHIN_BYTES].partition(b"\n\n")[2].partition(b"\n")[0].decode("utf-8", "replace")


def answer_refused(refusal: Refusal, held_size: int) -> Answer:
    """The refusal: its code; or, when the delivery began or ended elsewhere, the size that the receiver
    holds."""
    status = STATUS_OF.get(refusal.reason, BAD_REQUEST)
    if status == CONFLICT:
        return Answer(status, SIZE, b"%d\n" % held_size)
    return Answer(status, TEXT, refusal.reason.value.encode() + b"\n")


def parse_answer(status: int, body: bytes) -> tuple[Signature, ...] | Held | Refusal:
    """What an answer says: cosignature lines, the size held, or the partner's refusal.

    A refusal whose field is ``partner`` is the partner's own code; MALFORMED or BAD_NOTE mean no proper
    answer.
    """
    if status == OK:
        return parse_signatures(body)
    line, newline, rest = body[:FIRST_LINE_BYTES].partition(b"\n")
    if newline and not rest:
        if status == CONFLICT:
            size = _number(line)
            if size is not None:
                return Held(size)
        elif line in _CODES:
            return Refusal(_CODES[line], "partner", f"the partner refused the delivery with status {status}")
    return Refusal(Reason.MALFORMED, "answer", f"status {status} without a known code")


_CODES = {reason.value.encode(): reason for reason in Reason}


def _number(digits: bytes) -> int | None:
    size = parse_size(digits.decode("latin-1"))
    return None if isinstance(size, Refusal) else size
