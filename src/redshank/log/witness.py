"""Witness: what a third party does with a submitted checkpoint, C2SP tlog-witness.

Here: the request's bytes, the checks in the order of the text, the verdict as a value. Not here: HTTP, what is kept
where (edges/witness), private keys. May know: terms. Source: c2sp.org/tlog-witness, add-checkpoint.

A witness sees origin, size and root of a log, and no entry. It cosigns only what extends all that it cosigned before.
"""

from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable, Mapping, Sequence

import msgspec

from redshank.log.merkle import EMPTY_ROOT, HASH_BYTES, verify_consistency
from redshank.log.note import VerifierKey, parse_note, signed_note, verify_signatures
from redshank.log.tree_head import Checkpoint, parse_size, read_tree_head
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

OK, BAD_REQUEST = 200, 400
STATUS_OF: dict[Reason, int] = {
    Reason.WRONG_ORIGIN: 404,
    Reason.BAD_SIGNATURE: 403,
    Reason.NOT_HYBRID: 403,
    Reason.WRONG_SIZE: 409,
    Reason.FORKED: 422,
    Reason.BAD_PROOF: 422,
    Reason.TOO_LARGE: 413,
}
"""HTTP status of a refused submission; any other reason is 400."""


class Submission(msgspec.Struct, frozen=True):
    """A parsed request: the size that the log believes the witness to hold, a consistency proof from there, and the
    signed head. Nothing is verified yet."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes


class ServedLog(msgspec.Struct, frozen=True):
    """A log that the witness serves: its keys, all under the origin's name, and the newest head that was cosigned."""

    keys: tuple[VerifierKey, ...]
    size: int = 0
    root: bytes = EMPTY_ROOT

    @property
    def origin(self) -> str:
        """The name of all keys."""
        return self.keys[0].name


class Seen(msgspec.Struct, frozen=True):
    """A head that its log has signed with every key that is known of it. `note` has these signatures only."""

    checkpoint: Checkpoint
    text: bytes
    note: bytes


class Verdict(msgspec.Struct, frozen=True):
    """What is to be done: cosign `seen` when there is no refusal. `contradicts`: the head is signed, and another head
    of this size was cosigned before; both together convict the log, whatever the answer is."""

    refusal: Refusal | None
    seen: Seen | None = None
    contradicts: bool = False
    held_size: int = 0

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return OK if self.refusal is None else STATUS_OF.get(self.refusal.reason, BAD_REQUEST)


def encode_submission(old_size: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The body of an add-checkpoint request."""
    return b"old %d\n" % old_size + b"".join(b64encode(node) + b"\n" for node in proof) + b"\n" + note


def parse_submission(data: bytes) -> Submission | Refusal:
    """A request from its body; refuses with TOO_LARGE or MALFORMED."""
    if len(data) > limits.WITNESS_REQUEST_BYTES:
        return Refusal(Reason.TOO_LARGE, "request", f"{len(data)} bytes, allowed {limits.WITNESS_REQUEST_BYTES}")
    head, blank, note = data.partition(b"\n\n")
    first, *rest = head.split(b"\n")
    if not blank or not first.startswith(b"old "):
        return Refusal(Reason.MALFORMED, "request", "needs an old size, proof lines, an empty line, a checkpoint")
    old_size = parse_size(first.removeprefix(b"old ").decode("latin-1"))
    if isinstance(old_size, Refusal):
        return old_size
    if len(rest) > limits.WITNESS_PROOF_LINES:
        return Refusal(Reason.MALFORMED, "proof", f"more than {limits.WITNESS_PROOF_LINES} lines")
    proof = tuple(_hash(line) for line in rest)
    if not all(proof):
        return Refusal(Reason.MALFORMED, "proof", f"a line is not the base64 of {HASH_BYTES} bytes")
    return Submission(old_size, proof, note)


def judge(logs: Mapping[str, ServedLog], data: bytes, cosigned: Callable[[str, int], bytes | None]) -> Verdict:
    """The verdict on a request's body. `cosigned` gives the root that was cosigned for an origin and size, if any.

    Refuses with MALFORMED, BAD_NOTE or TOO_LARGE, WRONG_ORIGIN, BAD_SIGNATURE, NOT_HYBRID (a key of the log did not
    sign), WRONG_SIZE (another size is held), FORKED or BAD_PROOF.
    """
    submission = parse_submission(data)
    if isinstance(submission, Refusal):
        return Verdict(submission)
    found = _served(logs, submission.note)
    if isinstance(found, Refusal):
        return Verdict(found)
    log, seen = found
    held = cosigned(log.origin, seen.checkpoint.size)
    return Verdict(
        refusal=_extends(log, submission, seen.checkpoint),
        seen=seen,
        contradicts=held is not None and held != seen.checkpoint.root,
        held_size=log.size,
    )


def _served(logs: Mapping[str, ServedLog], data: bytes) -> tuple[ServedLog, Seen] | Refusal:
    note = parse_note(data)
    if isinstance(note, Refusal):
        return note
    head = read_tree_head(note.text)
    if isinstance(head, Refusal):
        return head
    log = logs.get(head.origin)
    if log is None:
        return Refusal(Reason.WRONG_ORIGIN, "origin", f"{head.origin[:80]!r} is no log that is served here")
    verified = verify_signatures(note.text, note.signatures, log.keys)
    if isinstance(verified, Refusal):
        return verified
    if len(verified) != len(log.keys):
        return Refusal(Reason.NOT_HYBRID, log.origin, f"{len(verified)} of its {len(log.keys)} keys signed")
    return log, Seen(head, note.text, signed_note(note.text, [found.signature for found in verified]))


def _extends(log: ServedLog, submission: Submission, head: Checkpoint) -> Refusal | None:
    """None when the head may be cosigned, in the order of checks of the text."""
    old_size = submission.old_size
    if old_size > head.size:
        return Refusal(Reason.MALFORMED, "old", f"{old_size} is more than the size {head.size}")
    if old_size != log.size:
        return Refusal(Reason.WRONG_SIZE, "old", f"{log.size} held, not {old_size}")
    if head.size == 0 and head.root != EMPTY_ROOT:
        return Refusal(Reason.BAD_PROOF, "root", "an empty log has the hash of the empty string")
    if old_size == 0:
        return Refusal(Reason.BAD_PROOF, "proof", "from size 0 there is none") if submission.proof else None
    if old_size == head.size and head.root != log.root:
        return Refusal(Reason.FORKED, "root", f"two signed heads of size {head.size} with different roots")
    return verify_consistency(old_size, head.size, log.root, head.root, submission.proof)


def _hash(line: bytes) -> bytes:
    """32 bytes, or none at all."""
    try:
        data = b64decode(line, validate=True)
    except (BinasciiError, ValueError):
        return b""
    return data if len(data) == HASH_BYTES and b64encode(data) == line else b""
