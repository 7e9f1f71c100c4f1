"""The two logs of a channel: LOG-6, LOG-9, LOG-10, LOG-11, LOG-12."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.log import ledger, merkle
from redshank.log.checkpoint import Checkpoint
from redshank.log.ledger import Accepted, Appended, OwnLog, PartnerLog
from redshank.log.note import KeyKind, VerifierKey, cosign_request, log_request, signed_note, verifier_key
from redshank.terms import limits
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Reason, Refusal

LOG_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESS_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def made(name: str, kind: KeyKind, private: Ed25519PrivateKey) -> VerifierKey:
    key = verifier_key(name, kind, private.public_key().public_bytes_raw())
    assert isinstance(key, VerifierKey)
    return key


LOG = made("log", KeyKind.LOG, LOG_PRIVATE)
WITNESS = made("witness", KeyKind.WITNESS, WITNESS_PRIVATE)
EMPTY = OwnLog(key=LOG, witness=WITNESS)


def filled(log: OwnLog, entries: list[bytes]) -> OwnLog:
    for entry in entries:
        appended = ledger.append(log, entry)
        assert isinstance(appended, Appended)
        assert appended.index == log.size
        log = appended.log
    return log


def note_over(text: bytes) -> bytes:
    return signed_note(text, [log_request(text, LOG).signed(LOG_PRIVATE.sign(text))])


def signed(log: OwnLog) -> OwnLog:
    request = ledger.head_to_sign(log)
    assert request is not None
    return ledger.head_signed(log, note_over(request.text))


def receipted(log: OwnLog, at_s: int = 7) -> OwnLog:
    assert log.head is not None
    request = cosign_request(log.head.text, WITNESS, at_s)
    after = ledger.accept_receipt(log, [request.signed(WITNESS_PRIVATE.sign(request.message))])
    assert isinstance(after, OwnLog)
    return after


def head_of(entries: list[bytes]) -> bytes:
    frontier = merkle.append_many(merkle.Frontier(), map(merkle.leaf_hash, entries))
    return note_over(Checkpoint("log", frontier.size, merkle.root(frontier)).text)


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal)
    return found.reason


def test_the_serial_is_the_index() -> None:
    """LOG-6: from 0 without a gap; and what is no entry takes no place."""
    log = filled(EMPTY, [b"a", b"b"])
    assert log.size == 2
    for entry in (b"", bytes(limits.ENTRY_BYTES + 1)):
        assert reason(ledger.append(log, entry)) is Reason.TOO_LARGE


def test_one_head_under_way() -> None:
    """LOG-9: nothing is signed while a receipt is owed; what was said meanwhile comes under the next head."""
    assert ledger.head_to_sign(EMPTY) is None
    log = signed(filled(EMPTY, [b"a", b"b"]))
    log = filled(log, [b"c"])
    assert (log.signed_size, log.receipted_size) == (2, 0)
    assert ledger.head_to_sign(log) is None
    assert ledger.undelivered(log) == range(2)
    log = receipted(log)
    assert ledger.undelivered(log) == range(2, 2)
    log = signed(log)
    assert log.signed_size == 3
    assert ledger.undelivered(log) == range(2, 3)


def test_only_the_asked_for_head_is_taken() -> None:
    """LOG-9: our own key signing anything else is our own fault, and stops the node."""
    log = filled(EMPTY, [b"a", b"b"])
    for note in (head_of([b"a"]), head_of([b"a", b"x"]), b"nonsense"):
        with pytest.raises(InvariantBroken):
            ledger.head_signed(log, note)
    with pytest.raises(InvariantBroken):
        ledger.head_signed(signed(log), head_of([b"a", b"b"]))


def test_a_full_delivery_of_the_longest_entries_fits() -> None:
    """LOG-9, DEL-2: so that counting entries is enough."""
    framing = 200
    longest = limits.DELIVERY_ENTRIES * (limits.ENTRY_BYTES + 2) + limits.NOTE_BYTES + framing
    assert longest <= limits.DELIVERY_BYTES


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([1, 40, 3000, 4096]), min_size=1, max_size=1200))
def test_a_backlog_goes_out_in_bounded_steps(lengths: list[int]) -> None:
    """LOG-9: each head covers at most one delivery more, whatever piled up, and all of it goes out."""
    entries = [bytes([65 + i % 26]) * length for i, length in enumerate(lengths)]
    log, partner = filled(EMPTY, entries), PartnerLog(key=LOG)
    while ledger.head_to_sign(log) is not None:
        log = signed(log)
        indexes = ledger.undelivered(log)
        batch = entries[indexes.start : indexes.stop]
        assert 1 <= len(batch) <= limits.DELIVERY_ENTRIES
        assert sum(len(entry) + 2 for entry in batch) + limits.NOTE_BYTES + 200 <= limits.DELIVERY_BYTES
        assert log.head is not None
        accepted = ledger.accept(partner, indexes.start, log.head.note, batch)
        assert isinstance(accepted, Accepted)
        assert accepted.new == tuple(batch)
        partner, log = accepted.log, receipted(log)
    assert partner.frontier == log.frontier
    assert log.receipted_size == len(entries)


def test_receipts() -> None:
    """LOG-10: only the partner's cosignature on the newest head; the same one twice changes nothing."""
    log = signed(filled(EMPTY, [b"a"]))
    assert log.head is not None
    request = cosign_request(log.head.text, WITNESS, 7)
    good = request.signed(WITNESS_PRIVATE.sign(request.message))
    wrong = request.signed(LOG_PRIVATE.sign(request.message))
    assert reason(ledger.accept_receipt(EMPTY, [good])) is Reason.NOT_WITNESSED
    assert reason(ledger.accept_receipt(log, [wrong])) is Reason.BAD_SIGNATURE
    assert reason(ledger.accept_receipt(log, [])) is Reason.BAD_SIGNATURE
    after = ledger.accept_receipt(log, [good])
    assert isinstance(after, OwnLog)
    assert after.receipt is not None
    assert after.receipt.note == log.head.note + good.line
    assert after.receipt.cosigned[0].at_s == 7
    assert ledger.accept_receipt(after, [good]) == after
    later = signed(filled(after, [b"b"]))
    assert reason(ledger.accept_receipt(later, [good])) is Reason.BAD_SIGNATURE


def test_resuming_at_the_partners_size() -> None:
    """LOG-10: between the last receipt and the newest head; a partner that lost what it receipted is
    refused."""
    log = signed(filled(receipted(signed(filled(EMPTY, [b"a", b"b"]))), [b"c", b"d"]))
    resumed = ledger.partner_holds(log, 3)
    assert isinstance(resumed, OwnLog)
    assert ledger.undelivered(resumed) == range(3, 4)
    all_there = ledger.partner_holds(log, 4)
    assert isinstance(all_there, OwnLog)
    assert len(ledger.undelivered(all_there)) == 0
    assert reason(ledger.partner_holds(log, 1)) is Reason.SHRUNKEN
    assert reason(ledger.partner_holds(log, 5)) is Reason.WRONG_SIZE


def test_what_a_partner_may_not_do() -> None:
    """LOG-11: shrink, fork, jump, or sign what it did not deliver; a refusal changes nothing."""
    accepted = ledger.accept(PartnerLog(key=LOG), 0, head_of([b"a", b"b"]), [b"a", b"b"])
    assert isinstance(accepted, Accepted)
    log = accepted.log
    cases = [
        (0, head_of([b"a"]), [b"a"], Reason.SHRUNKEN),
        (2, head_of([b"a", b"x"]), [], Reason.FORKED),
        (3, head_of([b"a", b"b", b"c", b"d"]), [b"d"], Reason.WRONG_SIZE),
        (2, head_of([b"a", b"b", b"c", b"d"]), [b"c"], Reason.WRONG_SIZE),
        (2, head_of([b"a", b"b", b"c"]), [b"x"], Reason.BAD_PROOF),
        (2, head_of([b"a", b"x", b"c"]), [b"c"], Reason.BAD_PROOF),
        (2, head_of([b"a", b"b", b"c"])[:-1], [b"c"], Reason.BAD_NOTE),
    ]
    for old, note, entries, expected in cases:
        assert reason(ledger.accept(log, old, note, entries)) is expected
    assert reason(ledger.accept(PartnerLog(key=LOG), 0, head_of([]), [])) is Reason.WRONG_SIZE
    again = ledger.accept(log, 0, head_of([b"a", b"b"]), [b"whatever"])
    assert isinstance(again, Accepted)
    assert (again.log, again.new) == (log, ())


def test_two_heads_convict() -> None:
    """LOG-12: same size, different roots, both signed; anything less does not."""
    a, b = head_of([b"a", b"b"]), head_of([b"a", b"x"])
    assert ledger.convicts(a, b, LOG)
    assert not ledger.convicts(a, a, LOG)
    assert not ledger.convicts(a, head_of([b"a"]), LOG)
    forged = signed_note(b.partition(b"\n\n")[0] + b"\n", [log_request(b"x\n", LOG).signed(bytes(64))])
    assert not ledger.convicts(a, forged, LOG)
