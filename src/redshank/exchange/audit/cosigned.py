"""Cosigned: the partner's receipts for one log, and what third parties say of it (REC-5, REC-13, WIT-9)."""

from bisect import bisect_right

import msgspec

from redshank.exchange.audit.desk import Desk
from redshank.exchange.witnessing import Statement, WitnessPolicy, statements_in
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint, SignedHead, open_head, parse_size
from redshank.log.merkle import ReadHash
from redshank.log.note import HybridKey
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal

Receipts = tuple[tuple[int, int], ...]
"""(size, time in s of the cosigner's clock) of each verified receipt, sorted."""
Witnessed = tuple[tuple[int, Statement], ...]
"""(size, statement), sorted by size."""


class LogKeys(msgspec.Struct, frozen=True):
    """Whose log, and the keys of its owner and of the partner's witness."""

    party: PartyId
    key: HybridKey
    witness: HybridKey | None
    """None: the partner has no keys, so nobody gives a receipt."""


def bare_head(data: bytes, log: LogKeys) -> SignedHead | Refusal:
    """A head with no signature beside the log's and the witness's: nothing in a record goes unchecked."""
    head = open_head(data, log.key, () if log.witness is None else (log.witness,))
    if isinstance(head, SignedHead) and head.note != data:
        return Refusal(Reason.BAD_SIGNATURE, "note", "a signature of an unknown key, or one twice")
    return head


# --- receipts --------------------------------------------------------------------------------------------


def receipts_of(desk: Desk, log: LogKeys, head: SignedHead, read_hash: ReadHash | None) -> Receipts:
    """Each receipt that holds. `read_hash` None: the entries are not those under the signed head, so nothing follows
    from them."""
    prefix = f"{log.party}/receipts/"
    found = {(head.checkpoint.size, cosigned.at_s or 0) for cosigned in head.cosigned}
    for path in desk.take_all(prefix):
        data, name = desk.files[path], path.removeprefix(prefix)
        receipt = _receipt(data, name, head.checkpoint, read_hash, log)
        if isinstance(receipt, Refusal):
            desk.find(path, receipt)
        else:
            found.add(receipt)
    return tuple(sorted(found))


def _receipt(
    data: bytes, name: str, newest: Checkpoint, read_hash: ReadHash | None, log: LogKeys
) -> tuple[int, int] | Refusal:
    head = bare_head(data, log)
    if isinstance(head, Refusal):
        return head
    checkpoint = head.checkpoint
    if not head.cosigned:
        return Refusal(Reason.NOT_WITNESSED, "receipt", "no cosignature of the partner")
    return _misfit(checkpoint, name, newest, read_hash) or (checkpoint.size, head.cosigned[0].at_s or 0)


def _misfit(checkpoint: Checkpoint, name: str, newest: Checkpoint, read_hash: ReadHash | None) -> Refusal | None:
    """None when a cosigned head is one of this log, and the one that its path names."""
    if parse_size(name) != checkpoint.size:
        return Refusal(Reason.WRONG_SIZE, "path", f"it is for size {checkpoint.size}")
    if checkpoint.size > newest.size:
        return Refusal(Reason.SHRUNKEN, "size", f"cosigned for {checkpoint.size}, but the log ends at {newest.size}")
    return _off(checkpoint, newest, read_hash)


def _off(receipt: Checkpoint, newest: Checkpoint, read_hash: ReadHash | None) -> Refusal | None:
    """Whether the receipt's root is another one. FORKED convicts: two signatures of the log have to contradict."""
    if receipt.size == newest.size:
        same = receipt.root == newest.root
        return None if same else Refusal(Reason.FORKED, "root", "two signed heads of one size, and two roots")
    if read_hash is None:
        return Refusal(Reason.BAD_PROOF, "root", "the entries are not those that were signed, so it proves nothing")
    if merkle.root_at(receipt.size, read_hash) != receipt.root:
        return Refusal(Reason.FORKED, "root", "signed and cosigned, but not the root of these entries")
    return None


def received_at(receipts: Receipts, serial: int) -> int | None:
    """Time of the receipt with the smallest size that covers the serial."""
    place = bisect_right(receipts, serial, key=lambda receipt: receipt[0])
    return receipts[place][1] if place < len(receipts) else None


# --- third parties ------------------------------------------------------------------------------------------


def witnessed_in(desk: Desk, log: LogKeys, newest: Checkpoint, read_hash: ReadHash | None) -> Witnessed:
    """Each statement of a third party that holds."""
    prefix, found = f"{log.party}/witnessed/", list[tuple[int, Statement]]()
    for path in desk.take_all(prefix):
        said = statements_in(desk.files[path], desk.witnesses)
        if isinstance(said, Refusal):
            desk.find(path, said)
            continue
        head, statements = said
        bad = _foreign(head, log) or _misfit(head, path.removeprefix(prefix), newest, read_hash)
        if bad is None:
            found += [(head.size, statement) for statement in statements]
        else:
            desk.find(path, bad)
    return tuple(sorted(found, key=lambda one: (one[0], one[1].witness)))


def _foreign(head: Checkpoint, log: LogKeys) -> Refusal | None:
    """First of all: what a witness said of another log must not accuse the owner of this one."""
    if head.origin == log.key.name:
        return None
    return Refusal(Reason.WRONG_ORIGIN, "origin", f"{head.origin[:80]!r}, expected {log.key.name!r}")


def quorum_size(policy: WitnessPolicy, witnessed: Witnessed) -> int:
    """Entries that as many witnesses as are required have cosigned."""
    newest = {statement.witness: size for size, statement in witnessed}  # sorted by size: the last one counts
    return policy.kth(list(newest.values()), largest=True) or 0


class FirstStatements:
    """Each witness's first statement for a size that covers a serial, by time."""

    def __init__(self, witnessed: Witnessed) -> None:
        self._sizes = [size for size, _ in witnessed]
        self._first: list[tuple[tuple[str, int], ...]] = [()]
        first = dict[str, tuple[str, int]]()
        for _, statement in reversed(witnessed):  # the smaller size overrides the larger
            first[statement.witness] = (statement.witness, statement.at_s)
            self._first.append(tuple(sorted(first.values(), key=lambda one: (one[1], one[0]))))
        self._first.reverse()

    def of(self, serial: int) -> tuple[tuple[str, int], ...]:
        """(witness, its time in s)."""
        return self._first[bisect_right(self._sizes, serial)]
