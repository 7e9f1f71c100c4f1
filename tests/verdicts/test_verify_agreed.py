"""Acts about an agreement in a record: two verifiers mark what was stated outside, and find no fault in it."""

from pathlib import Path

import pytest
from tests.exchange.exchange_world import BY, LT, NOW, Node, exchange_all, line_test, release, two_nodes
from tests.exchange.test_exchange_record import Files, export
from tests.verdicts.test_verify_script import by_node, by_python

from redshank.compose.desk import zipped
from redshank.exchange.audit.agreed import Act, Outside, own_spans, partner_spans
from redshank.exchange.session import Said, append, own_message
from redshank.exchange.verifier import verify_record
from redshank.terms.instants import Instant
from redshank.terms.message import (
    Body,
    CloseBody,
    EndBody,
    EndWhy,
    LifeBody,
    MessageType,
    Outcome,
    QueryBody,
    Question,
    SuspendBody,
    SuspendWhy,
)

M, TEXT = MessageType, "a" * 64


def act(node: Node, kind: MessageType, now: int, **more: int) -> None:
    """Says an act; the other side's log is taken as far as the node holds it."""
    life, taken = more.get("life", 1), node.session.theirs.size
    body: Body = LifeBody(agreement=TEXT, life=life, taken=taken)
    if kind is M.SUSPEND:
        body = SuspendBody(agreement=TEXT, life=life, taken=taken, why=SuspendWhy.ORDERED)
    if kind is M.END:
        from_ms = Instant(more.get("from_ms", now))
        body = EndBody(agreement=TEXT, life=life, taken=taken, why=EndWhy.EXPIRED, from_ms=from_ms)
    said = append(node.session, own_message(node.session, kind, body, Instant(now)))
    assert isinstance(said, Said), said
    node.session = said.session
    node.said.append(said.entry)


def ask(node: Node, now: int) -> None:
    partner = LT if node.session.me == BY else BY
    node.say(release(M.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN), partner), now)


def told() -> Files:
    """LT speaks too early, in flight, under its own suspension, and after its end; a CLOSE after an end is in order."""
    by, lt = two_nodes()
    lt.say(line_test(1), NOW)
    ask(lt, NOW + 1)
    act(lt, M.ACTIVATE, NOW + 2)
    exchange_all(lt, by, NOW + 3)
    act(by, M.ACTIVATE, NOW + 4)
    ask(lt, NOW + 5)
    exchange_all(lt, by, NOW + 6)
    ask(lt, NOW + 7)  # in flight: BY has taken four
    act(by, M.SUSPEND, NOW + 8)
    exchange_all(lt, by, NOW + 9)
    act(by, M.RESUME, NOW + 10)
    ask(lt, NOW + 11)
    act(lt, M.SUSPEND, NOW + 12)
    ask(lt, NOW + 13)
    act(lt, M.RESUME, NOW + 14)
    act(lt, M.END, NOW + 15, from_ms=NOW + 1_000)
    ask(lt, NOW + 16)
    ask(lt, NOW + 1_001)
    close = CloseBody(outcome=Outcome.LOST, objects=1, first_observed_ms=Instant(NOW), last_observed_ms=Instant(NOW))
    lt.say(release(M.CLOSE, close, BY), NOW + 1_002)
    exchange_all(lt, by, NOW + 1_003)
    exchange_all(by, lt, NOW + 1_004)
    return export(by, lt)


EXPECTED = {
    1: "before-activation", 4: "not-taken", 7: "own-suspension", 11: "own-end",
}  # fmt: skip


def test_agr_15_what_is_stated_outside_is_marked_and_is_no_fault() -> None:
    """AGR-15: by index, by the acts in both logs; a test, an act, an ACK and a closing are never outside."""
    report = verify_record(told())
    assert (report.ok, report.findings) == (True, ())
    marks = {line.serial: line.outside.value for line in report.lines if line.sender == LT and line.outside}
    assert marks == EXPECTED
    assert not any(line.outside for line in report.lines if line.sender == BY)


def test_agr_15_two_verifiers_mark_the_same(tmp_path: Path) -> None:
    """AGR-15: the one in TypeScript, too; and both say it in words."""
    packed = tmp_path / "record.zip"
    packed.write_bytes(zipped(told()))
    assert by_node(packed, []) == by_python(packed, [])
    lines = by_node(packed, [])[1]["lines"]
    assert {line["serial"]: line["outside"] for line in lines if line["sender"] == LT and line["outside"]} == EXPECTED


def test_agr_15_a_record_without_acts_says_nothing() -> None:
    """AGR-15"""
    by, lt = two_nodes()
    ask(lt, NOW)
    exchange_all(lt, by, NOW + 1)
    assert not any(line.outside for line in verify_record(export(by, lt)).lines)


@pytest.mark.parametrize("generation", [0, 1])
def test_a_later_log_follows_acts_that_stand_in_earlier_ones(generation: int) -> None:
    """AGR-15: nothing is before an activation there."""
    spans = own_spans([Act(5, M.ACTIVATE, 1, 0, 0)], generation)
    assert [span.mark for span in spans] == ([] if generation else [Outside.BEFORE_ACTIVATION])


def test_a_sender_that_counts_backwards_makes_no_span_twice() -> None:
    """AGR-15: `taken` of a hostile record may fall; spans stay in order and apart."""
    acts = [Act(0, M.SUSPEND, 1, 9, 0), Act(1, M.RESUME, 1, 3, 0), Act(2, M.SUSPEND, 1, 0, 0)]
    spans = partner_spans(acts)
    assert [span.first for span in spans] == [9, 9]
    assert spans[0].end == 9
