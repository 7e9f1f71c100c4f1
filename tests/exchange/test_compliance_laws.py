"""Laws of the report: both sides make the same bytes, whatever came in which order, and no number is lost."""

from functools import partial

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.exchange.compliance_logs import DAY, LAW, Talk, owes, report, side
from tests.exchange.exchange_world import BY, LT, NOW, exchange_all, one_of_each, two_nodes

from redshank.edges.report_page.html import report_html
from redshank.edges.report_page.paper import report_pdf
from redshank.exchange.compliance.copies import common
from redshank.exchange.compliance.figures import Report, encode_report
from redshank.exchange.compliance.report import EVER, Period, compliance_report
from redshank.exchange.compliance.schema import schema_text
from redshank.log.note import stamp_of
from redshank.terms.ids import IncidentId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

INCIDENTS = [IncidentId(f"LT-2026-00000{number}") for number in range(1, 4)]

words = st.sampled_from(
    ["notice", "crossed", "ack", "query", "reply", "close", "agree", "test", "test_reply", "raw", "correct", "cancel"]
)
steps = st.lists(
    st.tuples(st.sampled_from([BY, LT]), words, st.integers(0, 400), st.integers(0, 40), st.sampled_from(INCIDENTS)),
    max_size=60,
)


def told(said, skew_s=0):
    """Both logs, with receipts here and there; BY's clock is off by `skew_s`, and all jump about as MSG-18 allows."""
    talk, at_s = Talk(), 1_000
    for sender, word, pause_s, target, incident in said:
        at_s += pause_s
        own_s = at_s + (skew_s if sender == BY else 0) - pause_s % 60
        match word:
            case "ack":
                talk.ack(sender, own_s, target, incident)
            case "reply" | "test_reply":
                getattr(talk, word)(sender, own_s, target)
            case "agree":
                talk.agree(sender, own_s, target if target % 2 else None, "no" if target % 3 else "yes", incident)
            case "crossed":
                talk.crossed(sender, own_s, own_s)
            case "correct" | "cancel":
                getattr(talk, word)(sender, own_s, target, incident=incident)
            case "test":
                talk.test(sender, own_s)
            case "raw":
                talk.raw(sender, b"%d" % target)
            case _:
                getattr(talk, word)(sender, own_s, incident=incident)
        if pause_s % 3 == 0:
            talk.receipt(sender, at_s + pause_s % 7 + (0 if sender == BY else skew_s))
    return talk


def cut(talk, sizes, keep):
    """A copy: shorter logs, and the receipts that `keep` lets through by number."""
    receipts = {
        party: [one for number, one in enumerate(stamps) if keep(number)] for party, stamps in talk.receipts.items()
    }
    return talk.copies(dict(zip((BY, LT), sizes, strict=True)), receipts)


def figures_of(duty):
    return [duty.in_time, duty.late, duty.never, duty.not_received, duty.released, duty.cancelled, duty.open]


@given(steps, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_in_which_copies_came_does_not_count(said, random) -> None:
    """RPT-4: equal copies give equal bytes."""
    talk = told(said)
    copies = list(talk.copies())
    random.shuffle(copies)
    shuffled = [
        msgspec.structs.replace(one, receipts=tuple(sorted(random.sample(one.receipts, len(one.receipts)))))
        for one in copies
    ]
    assert encode_report(report(talk.copies())) == encode_report(report(shuffled))


counts, every, skews = st.integers(0, 30), st.integers(1, 4), st.integers(-300, 300)


TOLD_AHEAD = [(BY, "notice", pause_s, 0, INCIDENTS[0]) for pause_s in (0, 0, 186)]
"""With a clock 72 s ahead: whether the first of it is taken depends on which receipts a side holds."""


@given(steps, counts, counts, every, every, skews, st.integers(0, 8_000))
@example(TOLD_AHEAD, 3, 0, 1, 2, 72, 0)
@settings(max_examples=300, deadline=None)
def test_two_sides_that_cut_to_one_another_make_the_same_bytes(said, by_has, lt_has, one, other, skew_s, from_s):
    """RPT-4: each holds all of its own log, less of the other's, and other receipts; both come to the same report for
    the heads and receipts that both have."""
    talk, period = told(said, skew_s), Period(Instant(NOW + from_s * 1000), DAY.until_ms)
    mine = cut(talk, (len(talk.entries[BY]), lt_has), lambda number: number % one == 0)
    theirs = cut(talk, (by_has, len(talk.entries[LT])), lambda number: number % other == 0)
    reports = report(mine, period), report(theirs, period)
    both = [common(mine, reports[1].heads), common(theirs, reports[0].heads)]
    assert not any(isinstance(copies, Refusal) for copies in both)
    again = [report(copies, period) for copies in both]
    assert encode_report(again[0]) == encode_report(again[1])
    assert msgspec.json.decode(encode_report(again[0]), type=Report) == again[0]


@given(steps, st.integers(-90_000, 90_000))
@settings(deadline=None)
def test_each_message_that_asks_stands_somewhere_once(said, skew_s) -> None:
    """RPT-6, RPT-7: whatever the clocks do, the standings add up to what was asked, each in one kind of incident. Of
    the CORRECTs and CANCELs some ask, and of crossing CLOSEs one."""
    made = report(told(said, skew_s).copies(), Period(Instant(0), Instant(1 << 52)))
    for one in made.sides:
        other = next(side for side in made.sides if side is not one)
        for what in {duty.what for duty in one.owes}:
            duties = [duty for duty in one.owes if duty.what == what]
            types = {kind for duty in duties for kind in duty.asks}
            asked = sum(kind.all.count for kind in other.said if kind.type in types)
            surely = sum(kind.all.count for kind in other.said if kind.type in types - {"CORRECT", "CANCEL", "CLOSE"})
            assert surely <= sum(figure.count for duty in duties for figure in figures_of(duty)) <= asked
        for duty in one.owes:
            assert duty.in_time.count + duty.late.count == duty.after.count
            assert duty.after_receipt.count <= duty.after.count
        given_ = one.receipts
        counted = sum(figure.count for figure in (given_.in_time, given_.late, given_.never, given_.open))
        assert counted == sum(kind.all.count for kind in other.said)


@given(steps)
@settings(deadline=None)
def test_both_sides_are_measured_alike(said) -> None:
    """RPT-2: with the names changed, those of the incidents too, the columns change places, and nothing else."""
    other = {BY: LT, LT: BY}
    mirrored = [(other[sender], *rest, IncidentId(f"{BY}{name[2:]}")) for sender, *rest, name in said]
    one, two = report(told(said).copies()), report(told(mirrored).copies())

    def nameless(column):
        lines = tuple(msgspec.structs.replace(line, incident=line.incident[2:]) for line in column.notices.lines)
        notices = msgspec.structs.replace(column.notices, lines=lines)
        return msgspec.structs.replace(column, party="", notices=notices)

    assert [nameless(column) for column in one.sides] == [nameless(column) for column in reversed(two.sides)]


def test_a_clock_that_is_off_shows_as_two_clocks_and_not_as_blame() -> None:
    """RPT-6: BY's clock is 55 s slow. Its answer seems to come at once; by its own clock it took 110 s."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.receipt(LT, 1 - 55)
    talk.ack(BY, 111 - 55, to=0)
    ack = owes(report(talk.copies(), Period(Instant(0), DAY.until_ms)), BY, "ack")
    assert (ack.after.median_ms, ack.after_receipt.median_ms) == (56_000, 110_000)


def test_a_report_of_another_log_is_refused() -> None:
    """RPT-4: heads of a log that is not held here cannot be cut to."""
    talk, forged = Talk(), Talk()
    talk.notice(LT, 0)
    forged.notice(LT, 1)
    refused = common(talk.copies(), report(forged.copies()).heads)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.FORKED


def test_two_real_sessions_end_with_one_report() -> None:
    """RPT-4: what BY holds and what LT holds, after both have delivered: each its own log and the other's, receipts as
    they came back."""
    by, lt = two_nodes()
    for one in one_of_each(BY):
        lt.say(one)
    for one in one_of_each(LT):
        by.say(one)
    exchange_all(lt, by, NOW + 2_000)
    exchange_all(by, lt, NOW + 3_000)
    talk = Talk()
    talk.entries = {BY: by.said, LT: lt.said}
    for me, partner in ((by, lt), (lt, by)):
        stamps = {at: stamp_of(note, partner.keys.public.witness.name) for at, note in me.receipts.items()}
        assert set(stamps.values()) == {NOW // 1000 + (2 if me is lt else 3)}
        assert stamp_of(next(iter(me.receipts.values())), "nobody") is None
        talk.receipts[me.session.me] = [(at, stamp) for at, stamp in stamps.items() if stamp is not None]
    other = Talk()
    other.entries, other.receipts = {BY: lt.got, LT: by.got}, talk.receipts
    assert encode_report(report(talk.copies())) == encode_report(report(other.copies()))


@pytest.mark.parametrize("party", [BY, LT])
def test_a_party_by_voice_has_a_column_that_says_so(party) -> None:
    """RPT-11: of what it said nothing stands in the log, so nothing is counted for or against it."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.test(LT, 5_000)
    law = msgspec.structs.replace(LAW, by_voice=party, receipt_s=None)
    made = report(talk.copies(), law=law)
    assert [one.by_voice for one in made.sides] == [party == BY, party == LT]
    assert all(one.owes == () for one in made.sides)
    assert [one.tests.missed for one in made.sides] == [0, 0]  # there is no line to test
    assert report_html(made).startswith(b"<!doctype html>")
    assert report_pdf(made).startswith(b"%PDF-")
    assert side(made, BY).receipts.never.count == 0


def test_a_copy_is_read_only_once() -> None:
    """RPT-1: the entries of a year are not held in memory, and not read twice."""
    talk = Talk()
    talk.notice(LT, 0)
    reads = []

    def read(entries):
        reads.append(1)
        return iter(entries)

    copies = [msgspec.structs.replace(one, read=partial(read, talk.entries[one.first.sender])) for one in talk.copies()]
    compliance_report(copies[0].first.channel, copies, LAW, DAY, exercise=True)
    assert len(reads) == 2


@given(st.lists(st.tuples(st.sampled_from([BY, LT]), st.binary(max_size=60)), max_size=12), st.integers(0, 1 << 53))
@settings(max_examples=30, deadline=None)
def test_whatever_a_log_holds_there_is_a_report_with_its_page_and_paper(entries, at_s) -> None:
    """RPT-10, RPT-15: a partner's log is hostile input."""
    talk = Talk()
    talk.notice(LT, 10)
    for sender, entry in entries:
        talk.raw(sender, entry)
    talk.receipts[LT].append((1, at_s))
    made = report(talk.copies(), EVER)
    assert sum(sum(one.count for one in side.not_understood.values()) for side in made.sides) >= len(entries)
    assert report_html(made).startswith(b"<!doctype html>")
    assert report_pdf(made).startswith(b"%PDF-")


def test_the_published_schema_is_that_of_the_report(request) -> None:
    """RPT-1: docs/report.schema.json."""
    assert (request.config.rootpath / "docs" / "report.schema.json").read_text(encoding="utf-8") == schema_text()
