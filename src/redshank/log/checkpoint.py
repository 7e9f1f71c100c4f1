"""Checkpoints: the signed head of a log.

Here: opening a signed one, with its log's two signatures and its cosignatures. Not here: its text (`tree_head`), what
may follow which head (`ledger`). May know: terms. Source: c2sp.org/tlog-checkpoint.
"""

from collections.abc import Sequence

import msgspec

from redshank.log.note import HybridKey, Verified, VerifierKey, hybrid_of, parse_note, signed_note, verify_signatures
from redshank.log.tree_head import Checkpoint, parse_checkpoint, parse_size
from redshank.terms.refusal import Reason, Refusal

__all__ = ["Checkpoint", "SignedHead", "open_head", "parse_checkpoint", "parse_size"]


class SignedHead(msgspec.Struct, frozen=True):
    """A checkpoint whose two log signatures were verified, and the cosignatures found, two lines a receipt.

    `note` is the text as it came with the verified signatures only, so that nobody can pad a record.
    """

    checkpoint: Checkpoint
    text: bytes
    note: bytes
    cosigned: tuple[Verified, ...] = ()
    stamped_s: int = 0
    """When the log signed it, by its own clock, as its ML-DSA-44 line says (POSIX seconds); 0 without one."""


def open_head(
    data: bytes, log_key: HybridKey, witnesses: Sequence[HybridKey] = (), others: Sequence[VerifierKey] = ()
) -> SignedHead | Refusal:
    """A signed checkpoint, verified with both of the log's keys; cosignatures of `witnesses` and of single `others`
    are verified and collected.

    Refuses with BAD_NOTE, TOO_LARGE, BAD_SIGNATURE, NOT_HYBRID when one of two lines is missing, or WRONG_ORIGIN when
    the origin is not the log key's name.
    """
    note = parse_note(data)
    if isinstance(note, Refusal):
        return note
    checkpoint = parse_checkpoint(note.text)
    if isinstance(checkpoint, Refusal):
        return checkpoint
    if checkpoint.origin != log_key.name:
        return Refusal(Reason.WRONG_ORIGIN, "origin", f"{checkpoint.origin[:80]!r}, expected {log_key.name!r}")
    cosigners = [key for witness in witnesses for key in witness.both]
    verified = verify_signatures(note.text, note.signatures, (*log_key.both, *cosigners, *others))
    if isinstance(verified, Refusal):
        return verified
    own = hybrid_of(verified, log_key)
    if own is None:
        return Refusal(Reason.BAD_SIGNATURE, log_key.name, "the log itself did not sign")
    if isinstance(own, Refusal):
        return own
    for found in (hybrid_of(verified, witness) for witness in witnesses):
        if isinstance(found, Refusal):
            return found
    cosigned = tuple(found for found in verified if found.key not in log_key.both)
    kept = signed_note(note.text, [found.signature for found in verified])
    return SignedHead(checkpoint, note.text, kept, cosigned, own[-1].at_s or 0)
