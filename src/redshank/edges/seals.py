"""Seals: SHA-256 over each row of the store, so that a flipped bit or a missing row is found and named.

Here: the bytes that are hashed, so spelled that two different rows never hash the same ones. Not here: reading and
writing rows (store), what to do about a fault (check). May know: terms. A seal is no signature: it finds what a disk
does by itself. What a person does is found by the signed heads.
"""

from hashlib import sha256

from redshank.terms.instants import Instant

NO_SEAL = bytes(32)
"""What the journal's first row is chained to."""


def journal_seal(before: bytes, number: int, at_ms: Instant, event: bytes) -> bytes:
    """Chained: the seal of one row vouches for all rows before it."""
    return sha256(b"journal %s %d %d " % (before, number, at_ms) + event).digest()


def entry_seal(origin: str, index: int, body: bytes) -> bytes:
    """Of one log entry at its place."""
    return sha256(b"entry %s %d " % (_text(origin), index) + body).digest()


def note_seal(origin: str, kind: str, size: int, at_ms: Instant, body: bytes) -> bytes:
    """Of one head or receipt."""
    return sha256(b"note %s %s %d %d " % (_text(origin), _text(kind), size, at_ms) + body).digest()


def bookmark_seal(number: int, row: bytes, body: bytes) -> bytes:
    """Of the bookmark behind journal row `number`, whose seal is `row`: it stands for these rows and no others."""
    return sha256(b"bookmark %d %s " % (number, row) + body).digest()


def alert_seal(warning: str, at_ms: Instant) -> bytes:
    """Of the mark that an alert lies in the authority's spool."""
    return sha256(b"alert %s %d" % (_text(warning), at_ms)).digest()


def tip_seal(name: str, count: int, last: bytes) -> bytes:
    """Of a tip: how many rows there are of one kind, and the seal of the journal's last one."""
    return sha256(b"tip %s %d " % (_text(name), count) + last).digest()


def _text(text: str) -> bytes:
    data = text.encode()
    return b"%d:%s" % (len(data), data)
