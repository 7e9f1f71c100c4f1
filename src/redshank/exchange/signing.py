"""Signing: turns what a session wants signed into notes and receipt lines, with keys that somebody else
holds.

Here: which bytes go to which key, and what is made of the signature. Not here: any private key. May know:
log, terms.
"""

from collections.abc import Callable
from typing import Protocol

from redshank.exchange.session import Session
from redshank.log.note import cosign_request, log_request, signed_note
from redshank.terms.instants import SECOND_MS, Instant

Sign = Callable[[bytes], bytes]
"""Message to its 64-byte Ed25519 signature."""


class WitnessKeyHolder(Protocol):
    """Holds a party's witness key."""

    def sign_with_witness_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes)."""


def signed_head(session: Session, text: bytes, sign_with_log_key: Sign) -> bytes:
    """The signed checkpoint for a text that `session.head_to_sign` gave."""
    request = log_request(text, session.keys.log)
    return signed_note(text, [request.signed(sign_with_log_key(request.message))])


def receipt_line(session: Session, text: bytes, at: Instant, keys: WitnessKeyHolder) -> bytes:
    """The cosignature line for a partner's checkpoint text, at a time of our clock (whole seconds are
    signed)."""
    request = cosign_request(text, session.keys.witness, at // SECOND_MS)
    return request.signed(keys.sign_with_witness_key(request.message)).line
