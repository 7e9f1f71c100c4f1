"""Signing: turns what a session wants signed into notes and receipt lines, with keys that somebody else
holds.

Here: which bytes go to which key, and what is made of the signatures. Not here: any private key. May know:
log, terms.
"""

from typing import Protocol

from redshank.exchange.session import Session
from redshank.log.note import HybridKey, cosign_requests, log_requests, signed_note
from redshank.terms.instants import SECOND_MS, Instant


class LogKeyHolder(Protocol):
    """Holds a party's two log keys."""

    def sign_with_log_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes)."""

    def sign_with_log_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes)."""


class WitnessKeyHolder(Protocol):
    """Holds a party's two witness keys."""

    def sign_with_witness_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes)."""

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes)."""


def signed_head(session: Session, text: bytes, at: Instant, keys: LogKeyHolder) -> bytes:
    """The signed checkpoint for a text that `session.head_to_sign` gave, at a time of our clock (whole seconds are
    signed)."""
    classic, second = log_requests(text, session.keys.log, at // SECOND_MS)
    signatures = (
        classic.signed(keys.sign_with_log_key(classic.message)),
        second.signed(keys.sign_with_log_mldsa_key(second.message)),
    )
    return signed_note(text, signatures)


def receipt_lines(session: Session, text: bytes, at: Instant, keys: WitnessKeyHolder) -> bytes:
    """The two cosignature lines for a partner's checkpoint text, at a time of our clock (whole seconds are signed)."""
    return cosignature_lines(text, session.keys.witness, at, keys)


def cosignature_lines(text: bytes, key: HybridKey, at: Instant, keys: WitnessKeyHolder) -> bytes:
    """The two lines by which a witness, of a party or of a third one, cosigns a checkpoint text."""
    classic, second = cosign_requests(text, key, at // SECOND_MS)
    lines = (
        classic.signed(keys.sign_with_witness_key(classic.message)).line,
        second.signed(keys.sign_with_witness_mldsa_key(second.message)).line,
    )
    return b"".join(lines)
