"""The report of compliance and reciprocity, from both nodes, from the record, and in the browser: one report."""

import subprocess
import sys

import msgspec
import pytest
from playwright.sync_api import expect
from tests.story.story_fleet import make_fleet, running
from tests.story.story_seat import UNLIKELY, Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying

from redshank.exchange.compliance.figures import Report
from redshank.terms.instants import Instant

pytestmark = needs_browser

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
FIRST = "BY-2026-000001"
NAME = "redshank-report-BY-LT"


@pytest.fixture
def pair(tmp_path):
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    with running(*nodes.values()), flying(nodes["BY"], [OBJECT]) as sky, chromium() as browser:
        yield Seat(browser, nodes["BY"], tmp_path), Seat(browser, nodes["LT"], tmp_path), sky


def test_both_nodes_the_record_and_the_page_give_one_report(pair, tmp_path):
    """RPT-1, RPT-4, RPT-15."""
    by, lt, sky = pair
    an_incident_is_told_asked_and_closed(by, lt, sky)
    by_json, lt_json = until_both_hold_the_same(by, lt)
    assert by_json == lt_json
    report = msgspec.json.decode(by_json, type=Report)
    its_numbers_are_those_of_the_night(report)
    record = tmp_path / "BY-LT.zip"
    record.write_bytes(by.node.call("GET", "/api/record/BY-LT"))
    from_record = made(tmp_path / "record", "--record", str(record), "--like", str(kept(tmp_path, by_json)))
    from_store = made(tmp_path / "store", "--config", str(lt.node.config), "--like", str(kept(tmp_path, by_json)))
    assert from_record == from_store == by_json
    the_page_shows_and_saves_it(by)
    for seat in (by, lt):
        seat.asked_nobody_else()


def an_incident_is_told_asked_and_closed(by, lt, sky):
    by.sees(f"incident-{FIRST}", "LT")
    lt.sees(lt.line_of("got", "NOTICE"), "○ not read")
    lt.press("a")
    lt.press("q")
    lt.send()
    by.line_of("got", "QUERY")
    by.press("r")
    by.click("choose-cannot-say")
    by.send()
    reply = by.line_of("sent", "REPLY")
    by.sees(reply, "incomplete: without an answer in substance", "⇥ received")  # RPT-3: in time, and empty
    sky.turn(OBJECT.number, 105.0)
    by.sees(f"incident-{FIRST}", UNLIKELY)
    by.press("c")
    by.click("choose-did-not-cross")
    by.send()
    lt.sees("act-agree-close")
    lt.press("g")
    lt.send()
    by.sees_no(f"incident-{FIRST}")


def until_both_hold_the_same(by, lt):
    """Both nodes' JSON once neither has anything on its way."""
    for seat in (by, lt):
        seat.node.wait_for(lambda view: not view["lines"][0]["queued"])
    both = [b"BY", b"LT"]
    for _ in range(20):
        if both[0] == both[1]:
            break
        by.page.wait_for_timeout(500)
        both = [seat.page.request.get(f"{seat.page.url}api/compliance/BY-LT.json").body() for seat in (by, lt)]
    return both


def its_numbers_are_those_of_the_night(report):
    by, lt = report.sides
    assert (by.party, lt.party) == ("BY", "LT")
    assert by.notices.first.count == 1
    lead = by.notices.lines[0].lead_ms
    assert lead is not None
    assert 0 < lead < 3_600_000
    owed = {
        (side.party, duty.what): duty for side in report.sides for duty in side.owes if "notice" in duty.kinds
    }  # fmt: skip
    assert owed["LT", "ack"].in_time.count == 1
    assert owed["BY", "reply"].in_time.count == 1
    assert owed["LT", "agree-close"].in_time.count == 1
    [reply] = [said for said in by.said if said.type == "REPLY"]
    assert reply.missing["body.answer"].count == reply.incomplete.count == 1
    assert by.receipts.never.count == lt.receipts.never.count == 0


def kept(folder, data):
    path = folder / "other.json"
    path.write_bytes(data)
    return path


def made(out, *arguments):
    """What `redshank report` writes, as bytes of the JSON; the page and the paper beside it."""
    command = [sys.executable, "-m", "redshank.cli.main", "report", "BY-LT", "--out", str(out), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (out / f"{NAME}.pdf").read_bytes().startswith(b"%PDF-")
    assert "http" not in (out / f"{NAME}.html").read_text(encoding="utf-8")
    return (out / f"{NAME}.json").read_bytes()


def the_page_shows_and_saves_it(by):
    by.press("l")
    with by.page.context.expect_page() as opened:
        by.click("compliance-BY-LT")
    page = opened.value
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    expect(page.locator(".report h1")).to_have_text("Compliance and reciprocity: BY and LT")
    expect(page.locator(".report svg").first).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 900})
    page.screenshot(path=by.shots / "compliance-page.png")
    for form, begins in (("json", b'{"as_of_ms"'), ("html", b"<!doctype html>"), ("pdf", b"%PDF-")):
        with page.expect_download() as waiting:
            page.locator(f'[data-test="save-{form}"]').click()
        assert waiting.value.suggested_filename == f"{NAME}.{form}"
        kept_at = by.shots / f"saved.{form}"
        waiting.value.save_as(kept_at)
        assert kept_at.read_bytes().startswith(begins)
    page.locator('[data-test="from"]').fill("yesterday")
    page.locator('[data-test="show"]').click()
    expect(page.locator('[data-test="refused"]')).to_contain_text("2026-05-07 01:00")
    page.locator('[data-test="preset-ever"]').click()
    expect(page.locator(".report h1")).to_be_visible()
    assert faults == []
