"""The bytes of a push and of its answer: DEL-1 to DEL-4, DEL-6, DEL-7."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redshank.exchange import delivery
from redshank.exchange.delivery import Held, encode_delivery, parse_answer, parse_delivery
from redshank.log import ledger, merkle
from redshank.log.ledger import PartnerLog
from redshank.log.note import HybridKey, VerifierKey, parse_vkey
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "log" / "deliveries.json").read_text(encoding="utf-8")
)


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    """DEL-1, DEL-3, DEL-4, DEL-6, DEL-7, LOG-11: each push has its answer."""
    classic, second = parse_vkey(VECTORS["log_key"]), parse_vkey(VECTORS["log_key_mldsa"])
    assert isinstance(classic, VerifierKey)
    assert isinstance(second, VerifierKey)
    key = HybridKey(classic, second)
    held = [b64decode(entry) for entry in VECTORS["held"]]
    frontier = merkle.append_many(merkle.Frontier(), map(merkle.leaf_hash, held))
    log = PartnerLog(key=key, frontier=frontier)
    pushed = parse_delivery(b64decode(case["delivery"]))
    found = pushed
    if not isinstance(pushed, Refusal):
        accepted = ledger.accept(log, pushed.old_size, pushed.note, pushed.entries)
        if not isinstance(accepted, Refusal):
            assert case["status"] == 200
            return
        found = accepted
    assert isinstance(found, Refusal)
    answer = delivery.answer_refused(found, log.size)
    assert (answer.status, answer.body.decode()) == (case["status"], case["body"] + "\n")


@given(
    st.integers(0, limits.LOG_ENTRIES), st.binary(min_size=1, max_size=99), st.lists(st.binary(min_size=1, max_size=9))
)
def test_framing_round_trips(old: int, note: bytes, entries: list[bytes]) -> None:
    """DEL-1: for any note and any entries."""
    found = parse_delivery(encode_delivery(old, note, entries))
    assert found == delivery.Delivery(old, note, tuple(entries))


def test_a_text_that_ends_early_is_truncated() -> None:
    """DEL-1: the first line's length is the text's."""
    whole = encode_delivery(0, b"note\n", [])
    assert not isinstance(parse_delivery(whole), Refusal)
    for cut in range(whole.index(b"\n") + 1, len(whole)):
        assert reason(parse_delivery(whole[:cut])) is Reason.TRUNCATED


def test_bounds_of_a_push() -> None:
    """DEL-2: bytes, entries, text."""
    assert reason(parse_delivery(bytes(limits.DELIVERY_BYTES + 1))) is Reason.TOO_LARGE
    assert reason(parse_delivery(encode_delivery(0, b"n", [b"e"] * 257))) is Reason.TOO_LARGE
    assert reason(parse_delivery(encode_delivery(0, b"n" * 65_577, [b"e"]))) is Reason.TOO_LARGE
    assert not isinstance(parse_delivery(encode_delivery(0, b"n", [b"e" * 4096] * 256)), Refusal)


def test_answers() -> None:
    """DEL-6, DEL-7: each reason has its status, and the code is all that is said."""
    for code, status in (
        (Reason.BAD_SIGNATURE, 403), (Reason.WRONG_ORIGIN, 404), (Reason.TOO_LARGE, 413), (Reason.FORKED, 422),
        (Reason.BAD_PROOF, 422), (Reason.BAD_NOTE, 400), (Reason.TRUNCATED, 400),
    ):  # fmt: skip
        answer = delivery.answer_refused(Refusal(code, "field", "detail that stays here"), 7)
        assert (answer.status, answer.body) == (status, code.value.encode() + b"\n")
        assert reason(parse_answer(answer.status, answer.body)) is code
    for code in (Reason.WRONG_SIZE, Reason.SHRUNKEN):
        answer = delivery.answer_refused(Refusal(code, "old"), 7)
        assert (answer.status, answer.content_type, answer.body) == (409, "text/x.tlog.size", b"7\n")
        assert parse_answer(409, answer.body) == Held(7)
    for status, body in ((409, b"07\n"), (409, b"7"), (409, b"7\nx"), (400, b"no such code\n"), (500, b"")):
        assert reason(parse_answer(status, body)) is Reason.MALFORMED
