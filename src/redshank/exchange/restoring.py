"""Restoring: a session built up again from entries and heads that the partner's record, or what was left of our own
store, has proven.

Here: appending without saying, taking heads without signing. Not here: which entries and heads may be restored (edges,
docs/spec/recovery.md). May know: log, terms. What does not fit is broken, not refused: it was verified before it was
written to the journal.
"""

import msgspec

from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import Session, back_dated, their_end, their_place
from redshank.log import ledger, merkle
from redshank.log.checkpoint import SignedHead, open_head
from redshank.log.note import HybridKey
from redshank.terms.invariant import require
from redshank.terms.message import LogEndBody, Message
from redshank.terms.refusal import Refusal

_changed = msgspec.structs.replace


def own_restored(session: Session, entry: bytes) -> tuple[Session, Message | Refusal]:
    """With one more entry of our own log, and what it says."""
    serial = session.own.size
    appended = ledger.append(session.own, entry)
    require(not isinstance(appended, Refusal), "an entry of our own log fits into it")
    if isinstance(appended, Refusal):  # for the type checker; `require` has raised
        return session, appended
    content = parse_entry(entry, Place(session.channel, session.me, session.year, serial, session.generation), None)
    return _changed(session, own=appended.log), content


def theirs_restored(session: Session, entry: bytes) -> tuple[Session, Message | Refusal]:
    """With one more entry of the partner's log, and what it says."""
    content = parse_entry(entry, their_place(session, session.theirs.size), None)
    if isinstance(content, Message):
        content = back_dated(content, session.theirs_stated_ms) or content
    if isinstance(content, Message) and content.stated_ms > session.theirs_stated_ms:
        session = _changed(session, theirs_stated_ms=content.stated_ms, theirs_stated_at=session.theirs.size)
    if session.theirs_end is None and isinstance(content, Message) and isinstance(content.body, LogEndBody):
        end = their_end(session.theirs, [merkle.leaf_hash(entry)], content.body)
        session = _changed(session, theirs_end=end)
    frontier = merkle.append(session.theirs.frontier, merkle.leaf_hash(entry))
    return _changed(session, theirs=_changed(session.theirs, frontier=frontier)), content


def heads_restored(session: Session, own_head: bytes, own_receipt: bytes, their_head: bytes) -> Session:
    """With the newest signed heads over exactly the entries restored so far; empty bytes where none was signed. A
    receipt is the newest one, and for at most the size of the head."""
    own, theirs = session.own, session.theirs
    require(not (session.lone and (own_receipt or their_head)), "a partner without keys has signed nothing")
    if own_head:
        head = _opened(own_head, own.key)
        _require_over(head, own.frontier)
        own = _changed(own, head=head, waiting=() if own.witness is None else (head,), cuts=(), tail=0)
    if own_receipt and own.witness is not None:
        receipt = _opened(own_receipt, own.key, own.witness)
        require(bool(receipt.cosigned), "a receipt has the partner's cosignature")
        require(receipt.checkpoint.size <= own.signed_size, "a receipt is for a head that was signed")
        waiting = () if receipt.checkpoint.size == own.signed_size else own.waiting
        own = _changed(own, receipt=receipt, waiting=waiting, partner_size=receipt.checkpoint.size)
    if their_head and theirs.key is not None:
        head = _opened(their_head, theirs.key)
        _require_over(head, theirs.frontier)
        theirs = _changed(theirs, head=head)
    return _changed(session, own=own, theirs=theirs)


def _opened(note: bytes, key: HybridKey, *witnesses: HybridKey) -> SignedHead:
    head = open_head(note, key, witnesses)
    require(isinstance(head, SignedHead), "a restored head is signed")
    if isinstance(head, Refusal):  # for the type checker; `require` has raised
        raise TypeError
    return head


def _require_over(head: SignedHead, frontier: merkle.Frontier) -> None:
    there = (frontier.size, merkle.root(frontier))
    require((head.checkpoint.size, head.checkpoint.root) == there, "a restored head is over the restored entries")
