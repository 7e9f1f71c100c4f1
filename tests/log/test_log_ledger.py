"""The two logs of a channel: LOG-6, LOG-9 to LOG-12, LOG-14, LOG-15."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.log import ledger, merkle
from redshank.log.checkpoint import Checkpoint
from redshank.log.ledger import Accepted, Appended, OwnLog, PartnerLog
from redshank.log.note import (
    HybridKey,
    KeyKind,
    Signature,
    cosign_requests,
    hybrid_key,
    log_request,
    log_requests,
    signed_note,
)
from redshank.terms import limits
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Reason, Refusal

Pair = tuple[Ed25519PrivateKey, MLDSA44PrivateKey]


def pair(seed: bytes) -> Pair:
    return Ed25519PrivateKey.from_private_bytes(seed), MLDSA44PrivateKey.from_seed_bytes(seed)


LOG_PRIVATE = pair(bytes(range(32)))
WITNESS_PRIVATE = pair(bytes(range(1, 33)))


def made(name: str, kind: KeyKind, private: Pair) -> HybridKey:
    key = hybrid_key(name, kind, *(half.public_key().public_bytes_raw() for half in private))
    assert isinstance(key, HybridKey)
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


def note_over(text: bytes, at_s: int = 5) -> bytes:
    first, second = log_requests(text, LOG, at_s)
    signatures = first.signed(LOG_PRIVATE[0].sign(text)), second.signed(LOG_PRIVATE[1].sign(second.message))
    return signed_note(text, signatures)


def receipt_for(text: bytes, at_s: int, private: Pair = WITNESS_PRIVATE) -> tuple[Signature, Signature]:
    classic, second = cosign_requests(text, WITNESS, at_s)
    return classic.signed(private[0].sign(classic.message)), second.signed(private[1].sign(second.message))


def signed(log: OwnLog) -> OwnLog:
    request = ledger.head_to_sign(log)
    assert request is not None
    return ledger.head_signed(log, note_over(request.text))


def receipted(log: OwnLog, at_s: int = 7) -> OwnLog:
    assert log.head is not None
    after = ledger.accept_receipt(log, receipt_for(log.head.text, at_s))
    assert isinstance(after, OwnLog)
    return after


def head_of(entries: list[bytes], at_s: int = 5) -> bytes:
    frontier = merkle.append_many(merkle.Frontier(), map(merkle.leaf_hash, entries))
    return note_over(Checkpoint("log", frontier.size, merkle.root(frontier)).text, at_s)


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal)
    return found.reason


def test_the_serial_is_the_index() -> None:
    """LOG-6: from 0 without a gap; and what is no entry takes no place."""
    log = filled(EMPTY, [b"a", b"b"])
    assert log.size == 2
    for entry in (b"", bytes(limits.ENTRY_BYTES + 1)):
        assert reason(ledger.append(log, entry)) is Reason.TOO_LARGE


def pushed_now(log: OwnLog, pushed: int = 0) -> range:
    """Indexes of the next delivery, under its head."""
    push = ledger.next_push(log, pushed)
    assert push is not None
    return range(push.first, push.end)


def test_a_bounded_number_of_heads_is_under_way() -> None:
    """LOG-9: four heads without a receipt; a receipt for one of them covers those before and makes room."""
    assert ledger.head_to_sign(EMPTY) is None
    assert ledger.next_push(EMPTY) is None
    log = EMPTY
    for number in range(limits.HEADS_UNDER_WAY):
        log = signed(filled(log, [b"%d" % number]))
    log = filled(log, [b"one more"])
    assert (log.signed_size, log.receipted_size) == (4, 0)
    assert ledger.head_to_sign(log) is None
    second = ledger.accept_receipt(log, receipt_for(log.waiting[1].text, 7))
    assert isinstance(second, OwnLog)
    assert (second.receipted_size, len(second.waiting)) == (2, 2)
    assert signed(second).signed_size == 5
    assert receipted(log).waiting == ()


def test_deliveries_follow_one_another_without_waiting() -> None:
    """LOG-9, DEL-13: what is on its way is not sent again; with nothing on its way the newest head goes, over all."""
    log = signed(filled(signed(filled(EMPTY, [b"a", b"b"])), [b"c"]))
    assert pushed_now(log) == range(3)
    assert pushed_now(log, 2) == range(2, 3)
    assert ledger.next_push(log, 3) is None
    log = signed(filled(log, [b"d"]))
    assert pushed_now(log, 3) == range(3, 4)
    first = ledger.accept_receipt(log, receipt_for(log.waiting[0].text, 7))
    assert isinstance(first, OwnLog)
    assert pushed_now(first) == range(2, 4)
    assert pushed_now(first, 3) == range(3, 4)


def test_all_that_is_under_way_fits_into_one_delivery() -> None:
    """LOG-9: so that it can be pushed, or pulled, in one after a line that broke."""
    log = filled(EMPTY, [b"x"] * 100)
    log = filled(signed(log), [b"y"] * 400)
    while ledger.head_to_sign(log) is not None:
        log = signed(log)
    assert [head.checkpoint.size for head in log.waiting] == [100, 100 + limits.HEAD_ENTRIES]
    assert len(pushed_now(log)) <= limits.DELIVERY_ENTRIES
    log = receipted(log)
    while ledger.head_to_sign(log) is not None:
        log = signed(log)
    assert [head.checkpoint.size for head in log.waiting] == [356, 484]


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
        indexes = pushed_now(log)
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
    """LOG-10: only the partner's cosignatures on a head under way; the newest ones twice change nothing."""
    log = signed(filled(EMPTY, [b"a"]))
    assert log.head is not None
    good, wrong = receipt_for(log.head.text, 7), receipt_for(log.head.text, 7, LOG_PRIVATE)
    assert reason(ledger.accept_receipt(EMPTY, good)) is Reason.NOT_WITNESSED
    assert reason(ledger.accept_receipt(log, wrong)) is Reason.BAD_SIGNATURE
    assert reason(ledger.accept_receipt(log, [])) is Reason.BAD_SIGNATURE
    after = ledger.accept_receipt(log, good)
    assert isinstance(after, OwnLog)
    assert after.receipt is not None
    assert after.receipt.note == log.head.note + good[0].line + good[1].line
    assert after.receipt.cosigned[0].at_s == 7
    assert ledger.accept_receipt(after, good) == after
    later = signed(filled(after, [b"b"]))
    assert ledger.accept_receipt(later, good) == later
    assert reason(ledger.accept_receipt(receipted(later), good)) is Reason.BAD_SIGNATURE


def test_half_a_receipt_is_none() -> None:
    """LOG-14, LOG-15: one of the two lines, or two lines of two times, do not count; in either order both do."""
    log = signed(filled(EMPTY, [b"a"]))
    assert log.head is not None
    classic, second = receipt_for(log.head.text, 7)
    for half in (classic, second):
        assert reason(ledger.accept_receipt(log, [half])) is Reason.NOT_HYBRID
    assert reason(ledger.accept_receipt(log, [classic, receipt_for(log.head.text, 8)[1]])) is Reason.NOT_HYBRID
    spoilt = Signature(second.name, second.key_id, second.signature[:-1] + bytes([second.signature[-1] ^ 1]))
    assert reason(ledger.accept_receipt(log, [classic, spoilt])) is Reason.BAD_SIGNATURE
    assert isinstance(ledger.accept_receipt(log, [second, classic]), OwnLog)


def test_half_a_head_is_none() -> None:
    """LOG-14: a partner can not go back to one signature, nor a thief of one key sign alone."""
    text = head_of([b"a"]).partition(b"\n\n")[0] + b"\n"
    lines = head_of([b"a"]).partition(b"\n\n")[2].splitlines(keepends=True)
    for line in lines:
        note = text + b"\n" + line
        assert reason(ledger.accept(PartnerLog(key=LOG), 0, note, [b"a"])) is Reason.NOT_HYBRID
        with pytest.raises(InvariantBroken):
            ledger.head_signed(filled(EMPTY, [b"a"]), note)
    assert isinstance(ledger.accept(PartnerLog(key=LOG), 0, text + b"\n" + b"".join(lines), [b"a"]), Accepted)


def test_resuming_at_the_partners_size() -> None:
    """LOG-10: between the last receipt and the newest head; a partner that lost what it receipted is
    refused."""
    log = signed(filled(receipted(signed(filled(EMPTY, [b"a", b"b"]))), [b"c", b"d"]))
    resumed = ledger.partner_holds(log, 3)
    assert isinstance(resumed, OwnLog)
    assert pushed_now(resumed) == range(3, 4)
    all_there = ledger.partner_holds(log, 4)
    assert isinstance(all_there, OwnLog)
    assert len(pushed_now(all_there)) == 0
    assert reason(ledger.partner_holds(log, 1)) is Reason.SHRUNKEN
    assert reason(ledger.partner_holds(log, 5)) is Reason.WRONG_SIZE


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 130), min_size=1, max_size=8), st.data())
def test_a_head_that_comes_late_is_no_shrunken_log(steps: list[int], data: st.DataObject) -> None:
    """LOG-11: of the newest 256 entries each prefix is known again; only another log or a later stamp is a fault."""
    entries, log = list[bytes](), PartnerLog(key=LOG)
    for count in steps:
        new = [b"%d" % (len(entries) + number) for number in range(count)]
        accepted = ledger.accept(log, len(entries), head_of(entries + new), new)
        assert isinstance(accepted, Accepted)
        entries, log = entries + new, accepted.log
    size = data.draw(st.integers(max(1, len(entries) - limits.DELIVERY_ENTRIES), len(entries)))
    known = {head.size for head in (*log.earlier, log.head.checkpoint)} if log.head else set()
    if size in known:
        return
    assert sum(len(step.leaves) for step in log.steps) <= 2 * limits.DELIVERY_ENTRIES
    assert reason(ledger.accept(log, 0, head_of(entries[:size]), entries[:size])) is Reason.OVERTAKEN
    assert reason(ledger.accept(log, 0, head_of(entries[:size], 6), entries[:size])) is Reason.SHRUNKEN
    other = [*entries[: size - 1], b"x"]
    assert reason(ledger.accept(log, 0, head_of(other), other)) is Reason.SHRUNKEN


def test_what_a_partner_may_not_do() -> None:
    """LOG-11: shrink, fork, jump, or sign what it did not deliver; a refusal changes nothing."""
    accepted = ledger.accept(PartnerLog(key=LOG), 0, head_of([b"a", b"b"]), [b"a", b"b"])
    assert isinstance(accepted, Accepted)
    log = accepted.log
    cases = [
        (0, head_of([b"a"], 6), [b"a"], Reason.SHRUNKEN),
        (0, head_of([b"x"]), [b"x"], Reason.SHRUNKEN),
        (0, head_of([b"a"]), [b"a"], Reason.OVERTAKEN),
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
    forged = signed_note(b.partition(b"\n\n")[0] + b"\n", [log_request(b"x\n", LOG.classic).signed(bytes(64))])
    assert not ledger.convicts(a, forged, LOG)
