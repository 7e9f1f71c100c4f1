"""The two logs of a channel as one node holds them: its own, and its partner's.

Here: what may be signed, what counts as a receipt, which delivered head may follow which. Not here: what
entries say, where they are stored, who holds keys. May know: terms. States are frozen; a refusal leaves the
old one in force.

Own log: at most one signed head is under way. It is delivered until its receipt comes; then the next is
signed, over at most DELIVERY_ENTRIES more entries, so that any backlog goes out in deliveries of bounded
size.
"""

from collections.abc import Iterable, Sequence

import msgspec

from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint, SignedHead, open_head
from redshank.log.merkle import Frontier
from redshank.log.note import HybridKey, Signature, verify_hybrid
from redshank.terms import limits
from redshank.terms.invariant import require
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace


class OwnLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log that this node writes. Sizes count entries; ``receipted_size <= head size <= size``."""

    key: HybridKey
    witness: HybridKey | None
    """The partner's witness keys: its two cosignatures are the receipt. None: a partner without keys gives none, and
    no head waits for one."""
    frontier: Frontier = Frontier()
    cuts: tuple[Frontier, ...] = ()
    """Ends of full deliveries beyond the newest signed head, in order."""
    tail: int = 0
    """Entries after the last cut (or after the newest signed head)."""
    head: SignedHead | None = None
    """The newest signed head; its origin is the key's name."""
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
    if tail > limits.DELIVERY_ENTRIES:  # as many of the longest entries fit into DELIVERY_BYTES; a test holds that
        cuts, tail = (*cuts, log.frontier), 1
    grown = _changed(log, frontier=merkle.append(log.frontier, leaf), cuts=cuts, tail=tail)
    return Appended(grown, log.size, leaf)


def head_to_sign(log: OwnLog) -> Checkpoint | None:
    """The next head to sign: None while one is under way, or when every entry is under a head already."""
    if log.witness is None:
        return None if log.size == log.signed_size else Checkpoint(log.key.name, log.size, merkle.root(log.frontier))
    if log.signed_size > log.receipted_size or log.size == log.signed_size:
        return None
    upto = log.cuts[0] if log.cuts else log.frontier
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
    if log.witness is None:
        return _changed(log, head=head, cuts=(), tail=0)
    if log.cuts:
        return _changed(log, head=head, cuts=log.cuts[1:])
    return _changed(log, head=head, tail=0)


def undelivered(log: OwnLog) -> range:
    """Indexes that belong into the next delivery, under the newest head; empty when all is receipted.

    When the partner holds them already (its answer was lost), the range is empty but the head is to be
    delivered.
    """
    return range(max(log.receipted_size, log.partner_size), log.signed_size)


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
    """Takes the partner's receipt for the newest head. The same receipt twice changes nothing.

    Refuses with NOT_WITNESSED when nothing was signed yet or the partner has no keys, with BAD_SIGNATURE when no
    cosignature of the partner fits the newest head (an answer to an earlier head comes here too), with NOT_HYBRID when
    one of its two is missing.
    """
    if log.head is None or log.witness is None:
        return Refusal(Reason.NOT_WITNESSED, "receipt", "no head was delivered")
    verified = verify_hybrid(log.head.text, signatures, log.witness)
    if isinstance(verified, Refusal):
        return verified
    if log.receipted_size == log.signed_size:
        return log
    own = log.head.note
    note = own + b"".join(found.signature.line for found in verified)
    receipt = SignedHead(log.head.checkpoint, log.head.text, note, verified)
    return _changed(log, receipt=receipt, partner_size=log.signed_size)


# --- the partner's log --------------------------------------------------------------------------------------


class PartnerLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log that the partner writes, as far as this node has accepted it. Without a `key` it writes none."""

    key: HybridKey | None
    frontier: Frontier = Frontier()
    head: SignedHead | None = None
    earlier: tuple[Checkpoint, ...] = ()
    """The heads accepted before the newest one, newest last, at most HEADS_REMEMBERED."""

    @property
    def size(self) -> int:
        """Entries accepted."""
        return self.frontier.size

    @property
    def origin(self) -> str:
        """Name of the log; empty if there is none."""
        return "" if self.key is None else self.key.name


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
    NOT_HYBRID, BAD_KEY (the partner has none), WRONG_ORIGIN, WRONG_SIZE (start elsewhere), FORKED (the size of a head
    accepted before, with another root), REPLAYED (an older head that was accepted before), SHRUNKEN (smaller than the
    newest, and never seen before), BAD_PROOF.
    """
    if log.key is None:
        return Refusal(Reason.BAD_KEY, "log", "the partner has no keys")
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
    if known is None:
        return Refusal(Reason.SHRUNKEN, "size", f"{size}, never seen before, but {log.size} were signed")
    if known.root != head.checkpoint.root:
        return Refusal(Reason.FORKED, "root", f"two signed heads of size {size} with different roots")
    return Refusal(Reason.REPLAYED, "size", f"the head of size {size} again; {log.size} are held")


def _extended(log: PartnerLog, head: SignedHead, entries: Iterable[bytes]) -> Accepted | Refusal:
    new = tuple(entries)
    leaves = tuple(merkle.leaf_hash(entry) for entry in new)
    frontier = merkle.append_many(log.frontier, leaves)
    if merkle.root(frontier) != head.checkpoint.root:
        return Refusal(Reason.BAD_PROOF, "root", "held and delivered entries do not give the signed root")
    earlier = log.earlier if log.head is None else (*log.earlier, log.head.checkpoint)[-limits.HEADS_REMEMBERED :]
    return Accepted(_changed(log, frontier=frontier, head=head, earlier=earlier), head, log.size, new, leaves)


def convicts(one: bytes, other: bytes, key: HybridKey) -> bool:
    """Whether two notes prove that the holder of `key` signed two logs: same origin and size, different
    roots."""
    a, b = open_head(one, key), open_head(other, key)
    if isinstance(a, Refusal) or isinstance(b, Refusal):
        return False
    return a.checkpoint.size == b.checkpoint.size and a.checkpoint.root != b.checkpoint.root
