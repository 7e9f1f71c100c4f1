"""The first hour of the night pl-2025-09-10 between BY and PL, as the exercise played it: every number by hand.

The entries lie in nights/pl-2025-09-10.txt, one a line; each figure below was counted there with pencil and paper.
"""

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from tests.exchange.compliance_logs import owes, report, serials, side

from redshank.compose.reporting.law import law_by_title
from redshank.edges.report_page.html import report_html
from redshank.edges.report_page.paper import report_pdf
from redshank.edges.report_page.tables import sections
from redshank.exchange.compliance.annex import Annex, Note
from redshank.exchange.compliance.copies import LogCopy
from redshank.exchange.compliance.report import EVER, compliance_report
from redshank.exchange.envelope import Place
from redshank.terms.ids import ChannelId, PartyId

BY, PL, CHANNEL = PartyId("BY"), PartyId("PL"), ChannelId("BY-PL")
LAW = law_by_title(CHANNEL, "Exercise agreement BY and PL")


def copies():
    entries: dict[PartyId, list[bytes]] = {BY: [], PL: []}
    receipts: dict[PartyId, tuple[tuple[int, int], ...]] = {}
    night = Path(__file__).parent / "nights" / "pl-2025-09-10.txt"
    for line in night.read_text(encoding="utf-8").splitlines():
        party, _, rest = line.partition(" ")
        if party == "#":
            continue
        if rest.startswith("receipts "):
            pairs = (one.split("@") for one in rest.split()[1:])
            receipts[PartyId(party)] = tuple((int(size), int(at_s)) for size, at_s in pairs)
        else:
            entries[PartyId(party)].append(rest.encode())
    return tuple(
        LogCopy(Place(CHANNEL, party, 2025, 0), len(said), receipts[party], partial(iter, said))
        for party, said in entries.items()
    )


@pytest.fixture(scope="module")
def made():
    return compliance_report(CHANNEL, copies(), LAW, EVER, exercise=True)


def ms(clock):
    """A time of that night, to the millisecond."""
    at = datetime.fromisoformat(f"2025-09-09T{clock}").replace(tzinfo=UTC)
    return round(at.timestamp() * 1000)


def test_what_was_said(made):
    """RPT-1: 82 and 21 entries."""
    counted = {one.party: {said.type: said.all.count for said in one.said} for one in made.sides}
    assert counted == {
        "BY": {"ACK": 1, "NOTICE": 3, "REPLY": 1, "TEST": 7, "TEST-REPLY": 6, "UPDATE": 64},
        "PL": {"ACK": 3, "NOTICE": 1, "QUERY": 1, "TEST": 6, "TEST-REPLY": 7, "UPDATE": 3},
    }
    assert [(held.party, held.size) for held in made.heads] == [("BY", 82), ("PL", 21)]
    assert made.as_of_ms == ms("21:34:51.882")


def test_who_read_what_and_when(made):
    """RPT-6: PL read all three notices in time; BY read PL's one 13.825 s too late."""
    ack = owes(made, PL, "ack")
    assert [(line.asked[1], (line.answer or (0, -1))[1], line.after_ms) for line in ack.lines] == [
        (4, 5, ms("20:53:38.365") - ms("20:52:11.579")),
        (30, 11, ms("21:14:24.860") - ms("21:13:25.978")),
        (72, 18, ms("21:33:31.630") - ms("21:32:20.974")),
    ]
    assert [line.after_ms for line in ack.lines] == [86_786, 58_882, 70_656]
    assert (ack.in_time.count, ack.after.median_ms) == (3, 70_656)
    [late] = owes(made, BY, "ack").lines
    assert (late.asked, late.answer, late.standing.value, late.after_ms) == ((0, 15), (0, 76), "late", 133_825)
    [reply] = owes(made, BY, "reply").lines
    assert (reply.asked, reply.answer, reply.after_ms) == ((0, 6), (0, 10), 99_761)
    assert all(owes(made, party, "agree-close").lines == () for party in (BY, PL))


def test_warning_times(made):
    """RPT-9: of three forecasts one has come true so far: 37 min 48 s after it was told, 6 min before its median."""
    by, pl = side(made, BY).notices, side(made, PL).notices
    assert [(line.serial[1], line.lead_ms) for line in by.lines] == [(4, 2_628_421), (30, 2_704_022), (72, 2_379_026)]
    assert by.lead.median_ms == 2_628_421
    assert (by.lines[0].crossed, by.lines[0].crossed_lead_ms) == ((0, 67), ms("21:30:00.000") - ms("20:52:11.579"))
    assert by.lines[0].crossed_lead_ms == 2_268_421
    assert [(line.serial[1], line.lead_ms, line.crossed) for line in pl.lines] == [(15, 388_097, None)]


def test_the_line(made):
    """RPT-8, RPT-13: no test was missed and each was answered; every receipt came within ten seconds."""
    assert [one.tests.missed for one in made.sides] == [0, 0]
    assert serials(side(made, BY).tests.held) == [0, 2, 6, 18, 31, 52, 77]
    assert serials(side(made, PL).tests.held) == [1, 3, 7, 9, 12, 14]
    assert [owes(made, party, "test-reply").in_time.count for party in (BY, PL)] == [6, 7]
    for party, entries in ((BY, 21), (PL, 82)):  # each gave receipts for the other's log
        given = side(made, party).receipts
        assert given.in_time.count + given.open.count == entries
        assert (given.late.count, given.never.count, given.waits) == (0, 0, ())


def test_what_was_empty(made):
    """RPT-2: BY told no altitude and no district of PL; PL told all but BY's districts."""
    by = {said.type: said for said in side(made, BY).said}
    assert serials(by["NOTICE"].incomplete) == [4, 30, 72]
    assert set(by["NOTICE"].missing) == {"body.object.altitude_m", "body.districts"}
    assert by["UPDATE"].incomplete.count == by["UPDATE"].missing["body.object.altitude_m"].count == 64
    # Of its 64 updates those that told a crossing into PL lacked its districts; 69, 71, 74 and 79 told one out of it.
    assert by["UPDATE"].missing["body.districts"].count == 60
    pl = {said.type: said for said in side(made, PL).said}
    assert set(pl["NOTICE"].missing) == set(pl["UPDATE"].missing) == {"body.districts"}
    assert serials(pl["NOTICE"].incomplete) == [15]
    assert by["REPLY"].incomplete.count == 0


def test_page_and_paper_are_the_same_each_time_and_load_nothing(made):
    """RPT-12, RPT-15."""
    note = Note(at_ms=ms("21:00:00.000"), kind="heard", about=PL, serial=3, says="<b>waiting</b>")
    annex = Annex(BY, (note,))
    page = report_html(made, annex).decode()
    assert page == report_html(made, annex).decode()
    assert not re.search(r"https?:|<script|<link|@import|url\(|style=", page)
    assert "<b>waiting" not in page
    assert "&lt;b&gt;waiting" in page
    assert page.index("Annex: notes of BY") > page.index("What it was made from")
    for words in ("cannot know", "compares two clocks", "There is no score", "82", made.heads[0].root):
        assert words in page
    paper = report_pdf(made, annex)
    assert paper == report_pdf(made, annex)
    assert paper.startswith(b"%PDF-")


def test_a_page_has_a_table_for_what_was_asked_and_a_line_for_the_rest(made):
    """RPT-15: that night ACKs and a REPLY for notices, and the line tests."""
    titles = [one.title for one in sections(made)]
    assert [title for title in titles if ": within " in title and "Receipts" not in title] == [
        "Read by a person (ACK), in notice, public-warning: within 120 s",
        "Answered (REPLY), in notice, public-warning: within 300 s",
        "Line test answered (by machine): within 60 s",
    ]
    [rest] = [one for one in sections(made) if one.title == "Owed, but not asked for"]
    assert len(rest.rows) == len(made.sides[0].owes) - 3
    assert {cell.text for _, *cells in rest.rows for cell in cells} == {"0"}


def test_a_log_full_of_wrong_times_still_makes_a_page():
    """RPT-15: times beyond the calendar are shown as they stand."""
    from tests.exchange.compliance_logs import Talk

    talk = Talk()
    talk.test(BY, 8_000_000_000_000)
    talk.notice(BY, 8_000_000_000_001)
    wild = report(talk.copies(), EVER)
    ever = report(talk.copies(), type(EVER)(EVER.from_ms, type(EVER.until_ms)(1 << 53)))
    for one in (wild, ever):
        assert b"<svg" in report_html(one) or b"Compliance" in report_html(one)
        assert report_pdf(one).startswith(b"%PDF-")
