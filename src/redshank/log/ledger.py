"""The two logs of a channel as one node holds them: its own, and its partner's.

Here: what may be signed, what counts as a receipt, which delivered head may follow which. Not here: what
entries say, where they are stored, who holds keys. May know: terms. States are frozen; a refusal leaves the
old one in force.

Own log: at most HEADS_UNDER_WAY signed heads wait for a receipt, together over at most DELIVERY_ENTRIES entries;
each covers at most HEAD_ENTRIES more than the one before. So a sender need not wait for one answer before it
pushes again, and any backlog goes out in deliveries of bounded size.
"""

from collections.abc import Iterable, Sequence

import msgspec

from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint, SignedHead, open_head
from redshank.log.merkle import Frontier
from redshank.log.note import HybridKey, Signature, Verified, verify_hybrid
from redshank.terms import limits
from redshank.terms.invariant import require
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace


class OwnLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log that this node writes. Sizes count entries; ``receipted_size <= head size <= size``."""

    key: HybridKey
    witness: HybridKey
    """The partner's witness keys: its two cosignatures are the receipt."""
    frontier: Frontier = Frontier()
    cuts: tuple[Frontier, ...] = ()
    """Ends of full heads beyond the newest signed head, in order."""
    tail: int = 0
    """Entries after the last cut (or after the newest signed head)."""
    head: SignedHead | None = None
    """The newest signed head; its origin is the key's name."""
    waiting: tuple[SignedHead, ...] = ()
    """The signed heads beyond the receipt, oldest first; the last is `head`."""
    receipt: SignedHead | None = None
    """The newest head with the partner's receipt; its `note` holds all four signatures."""
    partner_size: int = 0
    """How much the partner said it holds; only a hint where to resume."""

    @property
    def size(self) -> int:
        """Entries appended."""
        return self.frontier.size

    @property
    def signed_size(self) -> int:
        """Entries under the newest signed head."""
        return self.head.checkpoint.size if self.head else 0

    @property
    def receipted_size(self) -> int:
        """Entries that the partner has acknowledged by cosignature."""
        return self.receipt.checkpoint.size if self.receipt else 0


class Appended(msgspec.Struct, frozen=True):
    """An entry has its place: `index` is its serial."""

    log: OwnLog
    index: int
    leaf: bytes


def append(log: OwnLog, entry: bytes) -> Appended | Refusal:
    """Appends one entry; refuses with TOO_LARGE an entry out of bounds or a full log."""
    if not 1 <= len(entry) <= limits.ENTRY_BYTES or log.size >= limits.LOG_ENTRIES:
        return Refusal(Reason.TOO_LARGE, "entry", f"{len(entry)} bytes at index {log.size}")
    leaf = merkle.leaf_hash(entry)
    cuts, tail = log.cuts, log.tail + 1
    if tail > limits.HEAD_ENTRIES:
        cuts, tail = (*cuts, log.frontier), 1
    grown = _changed(log, frontier=merkle.append(log.frontier, leaf), cuts=cuts, tail=tail)
    return Appended(grown, log.size, leaf)


def head_to_sign(log: OwnLog) -> Checkpoint | None:
    """The next head to sign: None when every entry is under a head already, or as much as may be is under way."""
    if log.size == log.signed_size or len(log.waiting) >= limits.HEADS_UNDER_WAY:
        return None
    upto = log.cuts[0] if log.cuts else log.frontier
    # As many of the longest entries fit into DELIVERY_BYTES; a test holds that.
    if upto.size - log.receipted_size > limits.DELIVERY_ENTRIES:
        return None
    return Checkpoint(log.key.name, upto.size, merkle.root(upto))


def head_signed(log: OwnLog, note: bytes) -> OwnLog:
    """Takes the signed head that `head_to_sign` asked for. Raises InvariantBroken for any other: keys are
    ours."""
    wanted = head_to_sign(log)
    head = open_head(note, log.key)
    require(wanted is not None and isinstance(head, SignedHead), "only a head that was asked for is signed")
    if wanted is None or isinstance(head, Refusal):  # for the type checker; `require` has raised
        return log
    require(head.text == wanted.text, "the signed head is the one that was asked for")
    waiting = (*log.waiting, head)
    if log.cuts:
        return _changed(log, head=head, waiting=waiting, cuts=log.cuts[1:])
    return _changed(log, head=head, waiting=waiting, tail=0)


class Push(msgspec.Struct, frozen=True):
    """What to deliver: the entries [first, size of the head). None of them when the partner holds them already and
    its answer was lost; then the head alone is delivered."""

    first: int
    head: SignedHead

    @property
    def end(self) -> int:
        """The size of the head."""
        return self.head.checkpoint.size


def next_push(log: OwnLog, pushed: int = 0) -> Push | None:
    """The next delivery after those that are on their way, the last of which ended at size `pushed`; None when there
    is nothing to deliver now.

    With nothing on its way it is the newest head: an older one may have arrived, and its answer been lost.
    """
    begin = max(log.receipted_size, log.partner_size, pushed)
    due = [head for head in log.waiting if head.checkpoint.size > pushed and head.checkpoint.size >= begin]
    return Push(begin, due[0] if pushed else due[-1]) if due else None


def partner_holds(log: OwnLog, size: int) -> OwnLog | Refusal:
    """Takes the partner's word on how much it holds, to resume there.

    Refuses with SHRUNKEN when it gave a receipt for more (it has lost what it acknowledged), and with
    WRONG_SIZE when that much was never delivered.
    """
    if size < log.receipted_size:
        return Refusal(Reason.SHRUNKEN, "size", f"holds {size}, but gave a receipt for {log.receipted_size}")
    if size > log.signed_size:
        return Refusal(Reason.WRONG_SIZE, "size", f"holds {size}, but only {log.signed_size} were signed")
    return _changed(log, partner_size=size)


def accept_receipt(log: OwnLog, signatures: Sequence[Signature]) -> OwnLog | Refusal:
    """Takes the partner's receipt for one of the heads under way; it covers those before. The newest receipt again
    changes nothing.

    Refuses with NOT_WITNESSED when nothing was signed yet, with BAD_SIGNATURE when no cosignature of the
    partner fits any of these heads (an answer to an older head comes here too), with NOT_HYBRID when one of
    its two is missing.
    """
    if log.head is None:
        return Refusal(Reason.NOT_WITNESSED, "receipt", "no head was delivered")
    for number, head in enumerate(log.waiting):
        verified = verify_hybrid(head.text, signatures, log.witness)
        if not isinstance(verified, Refusal):
            return _receipted(log, number, verified)
        if verified.reason is not Reason.BAD_SIGNATURE:
            return verified
    again = log.receipt and verify_hybrid(log.receipt.text, signatures, log.witness)
    if again is None:
        return Refusal(Reason.BAD_SIGNATURE, log.witness.name, "did not sign any head that is under way")
    return again if isinstance(again, Refusal) else log


def _receipted(log: OwnLog, number: int, verified: tuple[Verified, ...]) -> OwnLog:
    """With the receipt for one of the waiting heads."""
    head = log.waiting[number]
    note = head.note + b"".join(found.signature.line for found in verified)
    receipt = SignedHead(head.checkpoint, head.text, note, verified)
    held = max(log.partner_size, head.checkpoint.size)
    return _changed(log, receipt=receipt, waiting=log.waiting[number + 1 :], partner_size=held)


# --- the partner's log --------------------------------------------------------------------------------------


class Step(msgspec.Struct, frozen=True):
    """One accepted delivery: the tree before it, and the leaf hashes that it added."""

    before: Frontier
    leaves: tuple[bytes, ...]


class PartnerLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log that the partner writes, as far as this node has accepted it."""

    key: HybridKey
    frontier: Frontier = Frontier()
    head: SignedHead | None = None
    earlier: tuple[Checkpoint, ...] = ()
    """The heads accepted before the newest one, newest last, at most HEADS_REMEMBERED."""
    steps: tuple[Step, ...] = ()
    """The newest deliveries, of at least as many entries as an honest sender may have under way."""

    @property
    def size(self) -> int:
        """Entries accepted."""
        return self.frontier.size


class Accepted(msgspec.Struct, frozen=True):
    """A delivery was accepted: the log now ends at `head`; `new` entries are those not held before, from
    `first`."""

    log: PartnerLog
    head: SignedHead
    first: int
    new: tuple[bytes, ...]
    leaves: tuple[bytes, ...]


def accept(log: PartnerLog, old_size: int, note: bytes, entries: Sequence[bytes]) -> Accepted | Refusal:
    """Checks a delivered head and the entries [old_size, head size) against all that was accepted before.

    The new root is computed from the frontier held and the entries delivered; when it equals the signed root,
    every earlier head is a prefix and every entry is included. A head that is held already is accepted again
    with no new entries, so that a lost answer can be given again. Refuses with BAD_NOTE, BAD_SIGNATURE,
    NOT_HYBRID, WRONG_ORIGIN, WRONG_SIZE (start elsewhere), FORKED (the size of a head accepted before, with another
    root), OVERTAKEN (more is held than where they begin, or than an older head of the same log that is met for the
    first time: a line broke while several were under way), REPLAYED (an older head that was accepted before), SHRUNKEN
    (smaller than the newest, never seen before, and signed later or not over what is held), BAD_PROOF.
    """
    head = open_head(note, log.key)
    if isinstance(head, Refusal):
        return head
    size, held = head.checkpoint.size, log.size
    if size == held and size:
        if head.checkpoint.root != merkle.root(log.frontier):
            return Refusal(Reason.FORKED, "root", f"two signed heads of size {size} with different roots")
        return Accepted(log, head, held, (), ())
    if size < held:
        return _older(log, head)
    if old_size < held and len(entries) == size - old_size:
        return Refusal(Reason.OVERTAKEN, "old", f"{held} held; got entries from {old_size} for size {size}")
    if old_size != held or len(entries) != size - held or not entries:
        return Refusal(
            Reason.WRONG_SIZE,
            "old",
            f"{held} held; got {len(entries)} entries from {old_size} for size {size}",
        )
    return _extended(log, head, entries)


def _older(log: PartnerLog, head: SignedHead) -> Refusal:
    """A head below the newest one: a network that repeats itself, or a log that was rolled back or forked."""
    size = head.checkpoint.size
    known = next((earlier for earlier in log.earlier if earlier.size == size), None)
    if known is None and _overtaken(log, head):
        return Refusal(Reason.OVERTAKEN, "size", f"a head of size {size} came behind that of size {log.size}")
    if known is None:
        return Refusal(Reason.SHRUNKEN, "size", f"{size}, never seen before, but {log.size} were signed")
    if known.root != head.checkpoint.root:
        return Refusal(Reason.FORKED, "root", f"two signed heads of size {size} with different roots")
    return Refusal(Reason.REPLAYED, "size", f"the head of size {size} again; {log.size} are held")


def _overtaken(log: PartnerLog, head: SignedHead) -> bool:
    """Whether it is over what is held, and was not signed after the newest head: then it only came late."""
    size, newest = head.checkpoint.size, log.head
    if newest is None or head.stamped_s > newest.stamped_s:
        return False
    for step in log.steps:
        count = size - step.before.size
        if 0 <= count <= len(step.leaves):
            return merkle.root(merkle.append_many(step.before, step.leaves[:count])) == head.checkpoint.root
    return False


def _extended(log: PartnerLog, head: SignedHead, entries: Iterable[bytes]) -> Accepted | Refusal:
    new = tuple(entries)
    leaves = tuple(merkle.leaf_hash(entry) for entry in new)
    frontier = merkle.append_many(log.frontier, leaves)
    if merkle.root(frontier) != head.checkpoint.root:
        return Refusal(Reason.BAD_PROOF, "root", "held and delivered entries do not give the signed root")
    earlier = log.earlier if log.head is None else (*log.earlier, log.head.checkpoint)[-limits.HEADS_REMEMBERED :]
    steps = (*log.steps, Step(log.frontier, leaves))
    while sum(len(step.leaves) for step in steps[1:]) >= limits.DELIVERY_ENTRIES:
        steps = steps[1:]
    after = _changed(log, frontier=frontier, head=head, earlier=earlier, steps=steps)
    return Accepted(after, head, log.size, new, leaves)


def convicts(one: bytes, other: bytes, key: HybridKey) -> bool:
    """Whether two notes prove that the holder of `key` signed two logs: same origin and size, different
    roots."""
    a, b = open_head(one, key), open_head(other, key)
    if isinstance(a, Refusal) or isinstance(b, Refusal):
        return False
    return a.checkpoint.size == b.checkpoint.size and a.checkpoint.root != b.checkpoint.root
