"""Seals: SHA-256 over each row of the store, so that a flipped bit or a missing row is found and named.

Here: the bytes that are hashed, each field behind its length. Not here: reading and writing rows (store), what to do
about a fault (check). May know: terms. A seal is no signature: it finds what a disk does by itself. What a person
does is found by the signed heads.
"""

from hashlib import sha256

from redshank.terms.instants import Instant

NO_SEAL = bytes(32)
"""What the journal's first row is chained to."""


def seal(*fields: bytes | int | str) -> bytes:
    """SHA-256 over the fields, each behind its kind and length: two different rows never hash the same bytes."""
    digest = sha256()
    for field in fields:
        kind, data = _spelled(field)
        digest.update(b"%c%d:" % (kind, len(data)))
        digest.update(data)
    return digest.digest()


def _spelled(field: bytes | int | str) -> tuple[bytes, bytes]:
    if isinstance(field, bytes):
        return b"b", field
    return (b"i", b"%d" % field) if isinstance(field, int) else (b"t", field.encode())


def journal_seal(before: bytes, number: int, at_ms: Instant, event: bytes) -> bytes:
    """Chained: the seal of one row vouches for all rows before it."""
    return seal("journal", before, number, at_ms, event)


def entry_seal(origin: str, index: int, body: bytes) -> bytes:
    """Of one log entry at its place."""
    return seal("entry", origin, index, body)


def note_seal(origin: str, kind: str, size: int, at_ms: Instant, body: bytes) -> bytes:
    """Of one head or receipt."""
    return seal("note", origin, kind, size, at_ms, body)


def alert_seal(warning: str, at_ms: Instant) -> bytes:
    """Of the mark that an alert lies in the authority's spool."""
    return seal("alert", warning, at_ms)


def tip_seal(name: str, count: int, last: bytes) -> bytes:
    """Of a tip: how many rows there are of one kind, and the seal of the journal's last one."""
    return seal("tip", name, count, last)
