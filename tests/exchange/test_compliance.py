"""The report of compliance and reciprocity: stories with every number counted by hand."""

import msgspec
from tests.exchange.compliance_logs import LAW, Talk, owes, report, serials, side
from tests.exchange.exchange_world import BY, INCIDENT, LT, NOW

from redshank.compose.build import packaged, read_tables
from redshank.exchange.compliance.copies import Row
from redshank.exchange.compliance.duties import Voices, Window, duty
from redshank.exchange.compliance.figures import Standing, figure, spread
from redshank.exchange.compliance.report import Period
from redshank.exchange.compliance.rules import law_of
from redshank.exchange.compliance.said import of_type, taken_back
from redshank.procedure.agreement import parse_agreement
from redshank.terms.ids import IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType, Outcome, Phase

OTHER = IncidentId("LT-2026-000013")


def test_what_is_owed_is_read_off_the_agreements_table() -> None:
    """RPT-6: which types ask, which answer, and by when, in each kind of incident."""
    asks = {name: (ask.deadline_s, sorted(ask.asks), sorted(ask.answers)) for ask in LAW.asks for name in ask.names}
    read = ["CANCEL", "CORRECT", "EVIDENCE", "FIND", "MEASURE", "NEGATIVE", "NOTICE", "OWN-OBJECT", "WARNING"]
    assert asks["notice.ack"] == (120, read, ["ACK"])
    assert asks["crossing.ack"] == (60, read, ["ACK"])
    assert asks["search.ack"] == (120, sorted([*read, "LOST"]), ["ACK"])
    assert asks["notice.reply"] == (300, ["QUERY"], ["REPLY"])
    assert asks["notice.agree-close"] == (900, ["CLOSE"], ["AGREE-CLOSE", "CLOSE"])
    assert asks["test-reply"] == (60, ["TEST"], ["TEST-REPLY"])
    assert LAW.rules.deadlines_s == {name: deadline_s for name, (deadline_s, *_) in asks.items()} | {"receipt": 10}
    assert {ask.as_named for ask in LAW.asks if ask.what == "ack"} == {frozenset({"CORRECT", "CANCEL"})}
    assert not any(ask.as_named for ask in LAW.asks if ask.what != "ack")
    assert LAW.receipt_s == 10
    assert LAW.rules.line_test_s == 600


def test_one_night_in_all_its_numbers() -> None:
    """RPT-1, RPT-6, RPT-13, RPT-14: a notice read in time, a question answered late, a close that is not agreed to."""
    talk = Talk()
    talk.notice(LT, 0)  # LT 0
    talk.receipt(LT, 2)
    talk.ack(BY, 95, to=0)  # BY 0
    talk.receipt(BY, 96)
    talk.query(LT, 100)  # LT 1
    talk.receipt(LT, 130)
    talk.reply(BY, 401, to=1)  # BY 1
    talk.crossed(LT, 900, observed_s=840)  # LT 2
    talk.close(BY, 1000)  # BY 2
    talk.agree(LT, 1900, to=2, agrees="no")  # LT 3
    made = report(talk.copies())

    ack = owes(made, BY, "ack")
    assert (serials(ack.in_time), ack.after.median_ms, ack.after_receipt.median_ms) == ([0], 95_000, 93_000)
    reply = owes(made, BY, "reply")
    # Stated 301 s before it was answered; but the line had been down, and BY had it for 271 s by its own clock.
    assert (serials(reply.in_time), reply.after.median_ms, reply.after_receipt.median_ms) == ([1], 301_000, 271_000)
    agree = owes(made, LT, "agree-close")
    assert (serials(agree.in_time), agree.after.median_ms) == ([2], 900_000)
    assert serials(side(made, LT).disagreed) == [3]
    assert side(made, BY).disagreed.count == 0

    given = side(made, BY).receipts
    assert (serials(given.in_time), serials(given.late), serials(given.never)) == ([0], [1], [2])
    assert serials(given.open) == [3]  # the newest statement of all
    assert [(wait.serials, wait.until_s) for wait in given.waits] == [((0, 1, 1), NOW // 1000 + 130), ((0, 2, 2), None)]
    [notice] = side(made, LT).notices.lines
    assert (notice.lead_ms, notice.crossed, notice.crossed_lead_ms) == (780_000, (0, 2), 840_000)
    assert side(made, BY).notices.lines == ()


def test_the_example_of_the_clauses_is_what_is_made(request) -> None:
    """RPT-1."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.query(LT, 100)
    talk.receipt(LT, 130)
    talk.reply(BY, 400, to=0)  # answers nothing that asks
    talk.reply(BY, 401, to=1)
    made = msgspec.json.Encoder(order="sorted").encode(owes(report(talk.copies()), BY, "reply")).decode()
    text = (request.config.rootpath / "docs" / "spec" / "report.md").read_text(encoding="utf-8")
    assert text.split("```")[1].strip() == made


def test_an_answer_to_a_later_notice_serves_the_earlier_one() -> None:
    """RPT-6: an ACK is for what it names and for what came before in the incident; each QUERY is owed its own REPLY."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.notice(LT, 60)
    talk.notice(LT, 61, incident=OTHER)
    talk.ack(BY, 130, to=1)
    talk.query(LT, 140)
    talk.query(LT, 141)
    talk.reply(BY, 150, to=4)
    for at_s, size in ((0, 1), (61, 3), (1000, 5)):
        talk.receipt(LT, at_s, size)
    talk.test(LT, 2000)
    made = report(talk.copies())
    ack = owes(made, BY, "ack")
    assert [(line.asked, line.standing.value, line.after_ms) for line in ack.lines] == [
        ((0, 0), "late", 130_000),
        ((0, 1), "in-time", 70_000),
        ((0, 2), "never", None),
    ]
    reply = owes(made, BY, "reply")
    assert (serials(reply.never), serials(reply.in_time)) == ([3], [4])


def test_an_answer_serves_nothing_that_was_asked_after_it() -> None:
    """RPT-6: neither does an earlier ACK read a later NOTICE."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.ack(BY, 20, to=0)
    talk.notice(LT, 60)
    talk.receipt(LT, 61)
    talk.test(LT, 900)
    ack = owes(report(talk.copies()), BY, "ack")
    assert (serials(ack.in_time), serials(ack.never)) == ([0], [1])


def test_one_close_alone_closes_nothing() -> None:
    """RPT-7: of two CLOSEs the later one closes: what fell due between them was owed."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.receipt(LT, 1)
    talk.close(LT, 100)
    talk.close(BY, 300)
    assert serials(owes(report(talk.copies()), BY, "ack").never) == [0]


def test_a_report_names_the_receipts_that_have_a_say_in_its_period() -> None:
    """RPT-4: the first that covers the first message of the period, and all after it."""
    talk = Talk()
    for at_s in (0, 100, 200):
        talk.test(LT, at_s)
        talk.receipt(LT, at_s + 1)
    second = report(talk.copies(), Period(Instant(NOW + 100_000), Instant(NOW + 150_000)))
    [_, lt] = second.heads
    assert lt.receipts == ((2, NOW // 1000 + 101), (3, NOW // 1000 + 201))


def test_the_close_releases_what_was_still_in_time_and_nothing_else() -> None:
    """RPT-7."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.notice(LT, 900)
    talk.close(LT, 950)
    talk.agree(BY, 960, to=2)
    talk.test(LT, 3000)
    talk.receipt(LT, 1, size=1)
    ack = owes(report(talk.copies()), BY, "ack")
    assert (serials(ack.never), serials(ack.released), ack.open.count) == ([0], [1], 0)


def test_what_was_cancelled_in_time_is_owed_nothing() -> None:
    """RPT-7, RPT-14: a cancellation after the deadline changes nothing, and is owed an ACK itself."""

    def row(serial, kind, at_s, names=None):
        return Row(ref=(0, serial), type=kind, stated_ms=at_s * 1000, incident=OTHER, reply=None, names=names)

    asking = [row(0, "NOTICE", 0), row(1, "CANCEL", 50, (0, 0)), row(2, "NOTICE", 100), row(3, "CANCEL", 900, (0, 2))]
    named, cancelled = taken_back(asking)
    voices = Voices(
        asking=asking, answering=[], receipts={}, closed_ms={}, kinds={}, first_close_ms={},
        cancelled=cancelled, named=named,
    )  # fmt: skip
    [ack] = [ask for ask in LAW.asks if "notice.ack" in ask.names]
    found = duty(ack, voices, Window(0, 1 << 52, 1_000_000))
    # The CANCEL at 50 s was due at 170 s, that at 900 s will be at 1020 s.
    assert (serials(found.cancelled), serials(found.not_received), serials(found.open)) == ([0], [1, 2], [3])
    assert serials(of_type(asking, "CANCEL")) == [1, 3]


def test_each_kind_of_incident_has_its_own_deadlines() -> None:
    """RPT-6: where an agreement has a table for each kind, the kind of the incident decides; what all kinds have alike
    is one, without their names."""
    tables = read_tables()["notice"]
    soon = {"ack": msgspec.structs.replace(tables.obligations["ack"], deadline_s=30)}
    quick = msgspec.structs.replace(tables, obligations=tables.obligations | soon)
    by_kind = {"notice": tables, "crossing": quick}
    agreement = parse_agreement(packaged("redshank.procedure", "agreements", "by-lt.yaml"))
    law = law_of(agreement, tables, tables, by_kind)
    asks = {name: ask for ask in law.asks for name in ask.names}
    assert {name: ask.deadline_s for name, ask in asks.items() if ask.what == "ack"} == {
        "notice.ack": 120,
        "crossing.ack": 30,
    }
    assert (asks["reply"].deadline_s, asks["reply"].kinds) == (300, frozenset())
    assert law.rules.deadlines_s == {
        "notice.ack": 120, "crossing.ack": 30, "reply": 300, "agree-close": 900, "receipt": 10,
    }  # fmt: skip

    def row(serial, incident, at_s=0, kind="NOTICE", reply=None):
        return Row(ref=(0, serial), type=kind, stated_ms=at_s * 1000, incident=incident, reply=reply)

    voices = Voices(
        asking=[row(0, INCIDENT), row(1, OTHER)],
        answering=[row(0, INCIDENT, 40, "ACK", (0, 0)), row(1, OTHER, 40, "ACK", (0, 1))],
        receipts={}, closed_ms={}, kinds={OTHER: "crossing"}, first_close_ms={}, cancelled={},
    )  # fmt: skip
    ends = Window(0, 1 << 52, 1_000_000)
    assert serials(duty(asks["notice.ack"], voices, ends).in_time) == [0]
    assert serials(duty(asks["crossing.ack"], voices, ends).late) == [1]


def test_corrections_and_cancellations_stand_beside_what_they_are_about() -> None:
    """RPT-2, RPT-7, RPT-14: a correction is asked for what the form that it corrects asks for, and cancelled
    with what it corrects."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.correct(LT, 40, 0)
    talk.cancel(LT, 50, 0)
    talk.test(LT, 900)
    made = report(talk.copies())
    lt = side(made, LT)
    assert (serials(lt.corrections), serials(lt.cancellations), serials(lt.notices.first)) == ([1], [2], [0])
    ack = owes(made, BY, "ack")
    assert (serials(ack.cancelled), serials(ack.not_received)) == ([0, 1], [2])
    [correct] = [said for said in lt.said if said.type == "CORRECT"]
    assert list(correct.missing) == ["observed_ms"]


def test_a_correction_asks_where_what_it_corrects_asked_and_stands() -> None:
    """RPT-6, RPT-7: nobody owes an answer to a CORRECT or CANCEL of what was owed none, of what is not there, of what
    was cancelled before, of another incident, or of another type than it says."""
    talk = Talk()
    talk.notice(LT, 0)  # 0, asks
    talk.crossed(LT, 10, 10)  # 1, an UPDATE
    talk.correct(LT, 20, 0)  # 2, asks
    talk.correct(LT, 30, 1, MessageType.UPDATE)  # 3
    talk.cancel(LT, 40, 1)  # 4
    talk.correct(LT, 50, 1, MessageType.NOTICE)  # 5: cancelled, and an UPDATE
    talk.correct(LT, 60, 0, incident=OTHER)  # 6
    talk.correct(LT, 70, 0, MessageType.UPDATE)  # 7
    talk.cancel(LT, 75, 2)  # 8: names a CORRECT
    talk.cancel(LT, 80, 0)  # 9, asks
    talk.cancel(LT, 900, 0)  # 10: was cancelled before, and does not move the time of that
    talk.test(LT, 2000)
    ack = owes(report(talk.copies()), BY, "ack")
    assert [line.asked[1] for line in ack.lines] == [0, 2, 9]
    assert (serials(ack.cancelled), serials(ack.not_received)) == ([0, 2], [9])


def test_what_was_due_after_the_newest_statement_is_open() -> None:
    """RPT-7: nobody is late by the clock of whoever reads."""
    talk = Talk()
    talk.notice(LT, 0)
    assert serials(owes(report(talk.copies()), BY, "ack").open) == [0]
    talk.test(LT, 121)
    assert serials(owes(report(talk.copies()), BY, "ack").not_received) == [0]
    talk.receipt(LT, 1, size=1)
    assert serials(owes(report(talk.copies()), BY, "ack").open) == [0]  # from the end of that second
    talk.test(LT, 122)
    assert serials(owes(report(talk.copies()), BY, "ack").never) == [0]


def test_of_two_closes_the_later_one_is_the_answer() -> None:
    """RPT-6, RPT-14: and is owed none itself."""
    talk = Talk()
    talk.close(LT, 0)
    talk.close(BY, 40, outcome=Outcome.LOST)
    talk.test(LT, 5000)
    made = report(talk.copies())
    assert serials(owes(made, BY, "agree-close").in_time) == [0]
    assert owes(made, LT, "agree-close").lines == ()
    assert [serials(side(made, party).outcomes_differ) for party in (BY, LT)] == [[0], [0]]


def test_tests_are_counted_against_the_agreed_interval() -> None:
    """RPT-8: 600 s. A test that is half an interval late is not missed yet; the end of the copies ends the count."""
    talk = Talk()
    for at_s in (0, 601, 1502, 3300):
        talk.test(LT, at_s)
    talk.test_reply(BY, 1, to=0)
    talk.test_reply(BY, 700, to=1)
    talk.notice(BY, 4000)
    talk.receipt(LT, 602, size=2)
    talk.receipt(LT, 1503, size=3)
    made = report(talk.copies())
    tests = side(made, LT).tests
    assert (serials(tests.held), tests.missed) == ([0, 1, 2, 3], 3)
    assert [(gap.after, gap.before, gap.missed) for gap in tests.gaps] == [
        ((0, 1), (0, 2), 1),  # 901 s are nearer to two intervals than to one
        ((0, 2), (0, 3), 2),
    ]
    answers = owes(made, BY, "test-reply")
    assert (serials(answers.in_time), serials(answers.late)) == ([0], [1])
    assert (serials(answers.never), serials(answers.not_received)) == ([2], [3])
    assert [line.asked for line in answers.lines] == [(0, 1), (0, 2), (0, 3)]  # of machines only what went wrong
    assert side(made, BY).tests.missed == 6  # BY has tested nothing in 3,999 s of its log: nearest seven, less one


def test_a_period_has_what_was_stated_in_it_and_the_answers_whenever_they_came() -> None:
    """RPT-5."""
    talk = Talk()
    talk.notice(LT, 0)
    talk.notice(LT, 100, incident=OTHER)
    talk.ack(BY, 50, to=0)
    talk.ack(BY, 150, to=1, incident=OTHER)
    first = report(talk.copies(), Period(Instant(NOW), Instant(NOW + 100_000)))
    second = report(talk.copies(), Period(Instant(NOW + 100_000), Instant(NOW + 120_000)))
    assert [serials(owes(one, BY, "ack").in_time) for one in (first, second)] == [[0], [1]]
    assert side(second, BY).said == ()


def test_what_is_no_message_is_listed_and_counts_as_nothing() -> None:
    """RPT-10: as its receiver took it: no JSON, dated back, or ahead of the receipt."""
    talk = Talk()
    talk.notice(LT, 100)
    talk.raw(LT, b"no JSON")
    talk.notice(LT, 30, incident=OTHER)  # 70 s before what was said already
    talk.receipt(LT, 101)
    talk.test(LT, 500)
    talk.receipt(LT, 300)  # 200 s ahead of the receiver's clock
    made = report(talk.copies())
    found = {reason: serials(one) for reason, one in side(made, LT).not_understood.items()}
    assert found == {"malformed": [1], "back-dated": [2], "time-not-plausible": [3]}
    assert [one.type for one in side(made, LT).said] == ["NOTICE"]
    assert made.as_of_ms == NOW + 100_000  # nobody moves the time of the report by a wrong date


def test_an_empty_log_and_an_empty_period_give_a_report_too() -> None:
    """RPT-1."""
    made = report(Talk().copies())
    assert [one.said for one in made.sides] == [(), ()]
    assert made.as_of_ms == 0


def test_figures_name_runs_and_spreads_round_nothing() -> None:
    """RPT-1."""
    made = figure([(1, 0), (0, 4), (0, 3), (0, 7)])
    assert (made.count, made.serials) == (4, ((0, 3, 4), (0, 7, 7), (1, 0, 0)))
    assert spread([3, 1, 2, 9]).median_ms == 2
    assert {one.value for one in Standing} == {
        "in-time",
        "late",
        "never",
        "not-received",
        "released",
        "cancelled",
        "open",
    }


def test_a_notice_without_a_forecast_has_no_lead() -> None:
    """RPT-9: it was stated when the object had crossed."""
    talk = Talk()
    talk.notice(LT, 900, phase=Phase.CROSSED, observed_s=840)
    notices = side(report(talk.copies()), LT).notices
    assert (serials(notices.without_forecast), notices.lead.count) == ([0], 0)
    assert notices.lines[0].crossed_lead_ms == -60_000  # said a minute after it
