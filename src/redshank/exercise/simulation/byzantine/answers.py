"""Answers: attacks by what is said to a delivery, or to none.

Here: answers to nobody's question, one function for each, and twists of true answers. A twist works through the
victim's own pump, which must bear it and go on. A receipt for a head that the victim has followed up by a newer one
meanwhile is refused as one for another head.
"""

from base64 import b64decode

from redshank.exchange.delivery import CONFLICT, FORBIDDEN, OK
from redshank.exchange.signing import receipt_lines
from redshank.exercise.simulation.byzantine.mouth import Mouth, Twist
from redshank.log.note import cosign_requests
from redshank.log.tree_head import Checkpoint
from redshank.terms import limits
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.refusal import Reason


def _text(mouth: Mouth) -> bytes | None:
    """The victim's newest head, as the evil partner knows it."""
    head = mouth.victim.state.session(mouth.channel).own.head
    return None if head is None else head.text


def receipt_for_another_size(mouth: Mouth) -> bool:
    """A cosignature on a head that the victim has not signed."""
    own = mouth.victim.state.session(mouth.channel).own
    if own.head is None:
        return False
    text = Checkpoint(own.key.name, own.size + 5, bytes(32)).text
    lines = receipt_lines(mouth.session, text, mouth.now, mouth.evil.keys)
    mouth.answer("receipt for another size", OK, lines, Reason.BAD_SIGNATURE)
    return True


def receipt_with_a_false_time(mouth: Mouth) -> bool:
    """A cosignature whose time was changed after it was signed."""
    text = _text(mouth)
    if text is None:
        return False
    signed = receipt_lines(mouth.session, text, mouth.now, mouth.evil.keys)
    later_s = mouth.now // SECOND_MS + 3_600
    classic, second = cosign_requests(text, mouth.session.keys.witness, later_s)
    forged = b"".join(
        request.signed(_signature_in(line)).line
        for request, line in zip((classic, second), signed.splitlines(keepends=True), strict=True)
    )
    mouth.answer("receipt with a false time", OK, forged, Reason.BAD_SIGNATURE)
    return True


def _signature_in(line: bytes) -> bytes:
    """The bare signature of a cosignature line: without key id (4 bytes) and time (8 bytes)."""
    return b64decode(line.split()[-1])[12:]


def receipt_of_two_times(mouth: Mouth) -> bool:
    """Each of the two cosignatures is sound, and they name two times."""
    text = _text(mouth)
    if text is None:
        return False
    now = receipt_lines(mouth.session, text, mouth.now, mouth.evil.keys).splitlines(keepends=True)
    other = receipt_lines(mouth.session, text, Instant(mouth.now + 60_000), mouth.evil.keys).splitlines(keepends=True)
    mouth.answer("receipt of two times", OK, now[0] + other[1], Reason.NOT_HYBRID, Reason.BAD_SIGNATURE)
    return True


def receipt_of_one_key(mouth: Mouth) -> bool:
    """Only the Ed25519 half of a receipt."""
    text = _text(mouth)
    if text is None:
        return False
    lines = receipt_lines(mouth.session, text, mouth.now, mouth.evil.keys).splitlines(keepends=True)
    mouth.answer("receipt of one key", OK, lines[0], Reason.NOT_HYBRID, Reason.BAD_SIGNATURE)
    return True


def claims_to_hold_more(mouth: Mouth) -> bool:
    """A size that was never signed."""
    own = mouth.victim.state.session(mouth.channel).own
    mouth.answer("claims to hold more", CONFLICT, b"%d\n" % (own.size + 100), Reason.WRONG_SIZE)
    return True


def claims_to_hold_less(mouth: Mouth) -> bool:
    """A size below its own receipt."""
    own = mouth.victim.state.session(mouth.channel).own
    if own.receipted_size < 1:
        return False
    mouth.answer("claims to hold less", CONFLICT, b"%d\n" % (own.receipted_size - 1), Reason.SHRUNKEN)
    return True


def accuses_of_forgery(mouth: Mouth) -> bool:
    """Says that the victim's signature is bad."""
    mouth.answer("accuses of forgery", FORBIDDEN, b"bad-signature\n", Reason.BAD_SIGNATURE)
    return True


def garbage_for_a_receipt(mouth: Mouth) -> bool:
    """Bytes that are no receipt."""
    body = mouth.rng.bytes(int(mouth.rng.integers(1, 3_000)))
    mouth.answer("garbage for a receipt", OK, body, Reason.BAD_NOTE, Reason.TOO_LARGE)
    return True


def giant_receipt(mouth: Mouth) -> bool:
    """More than a note may hold, as far as an edge reads it."""
    line = "— redshank/nobody AAAAAAAA\n".encode()
    body = (line * (limits.NOTE_BYTES // len(line) + 1))[: limits.NOTE_BYTES]
    mouth.answer("giant receipt", OK, body, Reason.TOO_LARGE, Reason.BAD_NOTE)
    return True


def unknown_status(mouth: Mouth) -> bool:
    """A status without a code."""
    mouth.answer("unknown status", 500, b"<html>Internal Server Error</html>", Reason.MALFORMED)
    return True


ANSWERS = (
    receipt_for_another_size, receipt_with_a_false_time, receipt_of_two_times, receipt_of_one_key, claims_to_hold_more,
    claims_to_hold_less, accuses_of_forgery, garbage_for_a_receipt, giant_receipt, unknown_status,
)  # fmt: skip


def withheld(status: int, answer: bytes) -> None:
    """Keeps the delivery and its cosignature, and says nothing."""


def twists(mouth: Mouth) -> tuple[Twist, ...]:
    """What may become of a true answer on its way out of an evil mouth."""
    return (
        withheld,
        lambda status, answer: (status, answer[: len(answer) // 2]),
        lambda status, answer: (503, b"busy\n"),
        lambda status, answer: (CONFLICT, b"0\n"),
        lambda status, answer: (OK, mouth.rng.bytes(64)),
    )
