"""A whole incident between two real nodes, both consoles driven in a headless Chromium; then the record of it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect
from tests.story.story_fleet import NodeProcess, make_fleet, running
from tests.story.story_seat import UNLIKELY, Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying

from redshank.cli.verifying import verify_path
from redshank.exchange.record import MANIFEST
from redshank.terms.instants import Instant
from redshank.warning.check import check_cap

pytestmark = needs_browser

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
FIRST = "BY-2026-000001"
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}


def verify(record: Path, *nodes: NodeProcess) -> "subprocess.CompletedProcess[str]":
    keys = [word for node in nodes for word in ("--keys", str(node.public_keys))]
    command = [sys.executable, "-m", "redshank.cli.main", "verify", str(record), *keys]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={"COLUMNS": "200", "PYTHONUTF8": "1"}
    )


def with_one_bit_flipped(record: Path, inside: str, where: int, target: Path) -> Path:
    """The record with the lowest bit of one byte of one of its files turned over."""
    with zipfile.ZipFile(record) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == inside:
                content[where] ^= 1
            new.writestr(name, bytes(content))
    return target


@pytest.fixture
def pair(tmp_path):
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    with running(*nodes.values()), flying(nodes["BY"], [OBJECT]) as sky, chromium() as browser:
        yield Seat(browser, nodes["BY"], tmp_path), Seat(browser, nodes["LT"], tmp_path), sky


def test_an_incident_from_the_first_track_to_the_record(pair, tmp_path):
    by, lt, sky = pair
    notice = the_notice_is_sent_and_receipted(by)
    it_is_read(by, lt, notice)
    query_and_reply(by, lt)
    a_warning_is_issued(lt)
    it_turns_back_and_is_closed(by, lt, sky)
    what_was_closed_stays_closed(by, lt)
    the_record_proves_it(download(by), by, lt, notice, tmp_path)
    for seat in (by, lt):
        seat.asked_nobody_else()


def the_notice_is_sent_and_receipted(by):
    """A drone 35 km from the border: BY's node forecasts the crossing and gives notice by itself: policy allows it."""
    by.sees("exercise")
    card = by.sees(f"incident-{FIRST}", "LT")
    expect(card.locator('[data-test="crossing-LT|BY-LT"]')).to_contain_text("%")
    notice = by.line_of("sent", "NOTICE")
    by.sees(notice, "⇥ received", "○ not read", "§ border-strip-100")
    expect(by.page.locator('[data-test^="owed-"]').filter(has_text="LT owes an ACK").first).to_be_visible()
    by.shot("notice-receipted")
    return notice


def it_is_read(by, lt, notice):
    """The receipt came from a machine; only the officer's key says that a person has read it."""
    lt.sees(f"incident-{FIRST}", "BY")
    got = lt.line_of("got", "NOTICE")
    lt.sees(got, "○ not read")
    assert got.rpartition("-")[2] == notice.rpartition("-")[2]
    lt.shot("notice-unread")
    lt.press("a")
    lt.sees(got, "◉ read")
    by.sees(notice, "◉ read")
    by.line_of("got", "ACK", "duty officer")


def query_and_reply(by, lt):
    lt.press("q")
    lt.sees("preview", "Is this yours, or known to you?", "§ forms")
    lt.send()
    query = lt.line_of("sent", "QUERY")
    lt.sees(query, "⇥ received", "○ not answered")
    by.line_of("got", "QUERY")
    by.press("r")
    expect(by.on("form-send")).to_be_disabled()
    by.click("choose-known")
    by.sees("preview", "Known to us")
    by.send()
    lt.sees(query, "⇄ answered")
    lt.sees(lt.line_of("got", "REPLY"), "Known to us")
    by.sees(by.line_of("sent", "REPLY"), "⇥ received")
    by.shot("answered")


def a_warning_is_issued(lt):
    """The machine proposes, a person issues; the alert lies where the authority fetches it."""
    proposal = lt.page.locator('.warning.open[data-test^="warning-"]').first
    expect(proposal).to_be_visible()
    name = str(proposal.get_attribute("data-test")).removeprefix("warning-")
    lt.press("w")
    lt.send()
    lt.sees(f"warning-{name}", "issued")
    lt.sees_no(f"warning-issue-{name}")
    (alert,) = (lt.node.folder / "data" / "alerts").glob("*.xml")
    content = alert.read_bytes()
    assert check_cap(content) == ()
    root = etree.fromstring(content)
    assert root.findtext("c:status", namespaces=CAP) == "Exercise"
    languages = [str(info.findtext("c:language", namespaces=CAP))[:2] for info in root.findall("c:info", CAP)]
    assert languages == ["lt", "en", "ru"]
    shown = lt.page.request.get(f"{lt.page.url}api/warnings/{name}.xml")
    assert shown.body() == content
    lt.shot("warning-issued")


def it_turns_back_and_is_closed(by, lt, sky):
    sky.turn(OBJECT.number, 105.0)
    by.sees(f"incident-{FIRST}", UNLIKELY)
    by.press("c")
    by.click("choose-did-not-cross")
    by.sees("preview", "Did not cross")
    by.send()
    by.sees(by.line_of("sent", "CLOSE"), "⇥ received", "○ not answered")
    expect(
        by.page.locator('[data-test^="owed-"]').filter(has_text="LT owes an answer to the close").first
    ).to_be_visible()
    lt.sees("act-agree-close")
    lt.press("g")
    lt.sees("preview", "agreed")
    lt.shot("agree-form")
    lt.send()
    for seat in (by, lt):
        seat.sees_no(f"incident-{FIRST}")
        seat.click("toggle-closed")
        seat.sees(f"incident-{FIRST}", "closed", "Did not cross").click()
        seat.sees("chosen-incident", FIRST, "closed")
    by.sees(by.line_of("sent", "CLOSE"), "⇄ answered")
    by.shot("closed")
    for seat in (by, lt):
        (incident,) = seat.incidents()
        assert (incident["phase"], incident["outcome"]) == ("closed", "did-not-cross")
        owed = [owed for thread in incident["threads"] for owed in thread["obligations"]]
        assert [owed["what"] for owed in owed if owed["owner"] == "us"] == []


def what_was_closed_stays_closed(by, lt):
    """What LT holds of the object is old and still points at its border: that is no new incident. What LT has warned of
    wants an all-clear; what nobody issued has nothing to be cleared."""
    lt.page.wait_for_timeout(1_500)
    for seat in (by, lt):
        assert [incident["id"] for incident in seat.incidents()] == [FIRST]
    lt.press("w")
    lt.send()
    levels = [(warning["level"], warning["issued_ms"] is not None) for warning in lt.incidents()[0]["warnings"]]
    assert sorted(levels) == [("all-clear", True), ("possible", False), ("possible", False), ("possible", True)]
    assert all(warning["ended_ms"] for warning in by.incidents()[0]["warnings"])
    alerts = sorted((lt.node.folder / "data" / "alerts").glob("*.xml"))
    assert [check_cap(alert.read_bytes()) for alert in alerts] == [(), ()]


def download(seat):
    seat.press("l")
    seat.sees("panel-lines")
    seat.sees("line-row-BY-LT", "up")
    seat.shot("lines")
    record = seat.download("record-BY-LT")
    seat.press("Escape")
    return record


def the_record_proves_it(record, by, lt, notice, tmp_path):
    """In order with the parties' own keys; every message with its levels; any flipped bit is a fault with a name."""
    done = verify(record, by.node, lt.node)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The record is in order." in done.stdout
    rows = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if line.startswith("│")
    ]
    said = {(row[0], row[3]): row for row in rows}
    sent = [(seat.node.party, seat.node.view()["lines"][0]["own_size"]) for seat in (by, lt)]
    assert len(rows) == sum(size for _, size in sent)
    assert all(row[5] != "-" for row in rows), "every message has its receipt"
    assert said["BY", "NOTICE"][1] == notice.rpartition("-")[2]
    assert said["BY", "NOTICE"][6] == f"ACK {said['LT', 'ACK'][1]}"
    assert said["LT", "QUERY"][7] == f"serial {said['BY', 'REPLY'][1]}"
    assert said["BY", "CLOSE"][7] == f"serial {said['LT', 'AGREE-CLOSE'][1]}"
    names = zipfile.ZipFile(record).namelist()
    bundle = next(name for name in names if name.startswith("BY/tile/entries/"))
    with zipfile.ZipFile(record) as archive:
        inside = archive.read(bundle).index(b'"phase"') + 10
    bent = verify(with_one_bit_flipped(record, bundle, inside, tmp_path / "bent.zip"), by.node, lt.node)
    assert bent.returncode == 1, bent.stdout
    assert "FAULT BY/tile" in bent.stdout
    assert "The record is NOT in order" in bent.stdout
    keys = (by.node.public_keys, lt.node.public_keys)
    for name in names:
        for where in (0, -1) if name != MANIFEST else ():
            turned = with_one_bit_flipped(record, name, where, tmp_path / "turned.zip")
            assert verify_path(turned, keys, as_json=True) == 1, (name, where)


def test_a_farmer_saw_it_and_an_officer_tells_the_neighbour(tmp_path):
    """Another pair of parties. One sighting by a person is enough to be told, but only by a person, and coarser."""
    nodes = make_fleet(tmp_path, ["LV", "LT"], at=NIGHT)
    with running(*nodes.values()), chromium() as browser:
        lv, lt = Seat(browser, nodes["LV"], tmp_path), Seat(browser, nodes["LT"], tmp_path)
        a_person_reports(lv)
        lv.sees("incident-LV-2026-000001", "We owe a notice")
        lv.shot("notice-owed")
        lv.press("n")
        lv.sees("preview", "Lithuania will read", "§ sighting-by-person")
        lv.send()
        notice = lv.line_of("sent", "NOTICE", "UAV")
        lv.sees(notice, "⇥ received", "§ sighting-by-person")
        lt.line_of("got", "NOTICE", "not read")
        lt.press("a")
        lv.sees(notice, "◉ read")
        (told,) = [
            message["body"]["object"]
            for message in lt.incidents()[0]["threads"][0]["messages"]
            if "object" in message["body"]
        ]
        assert told["accuracy_m"] >= 2_000
        assert "altitude_m" not in told
        for seat in (lv, lt):
            seat.asked_nobody_else()


def a_person_reports(lv):
    """ "Seen 2 km south of Bauska, heading south, fast": the form, by keyboard."""
    lv.press("p")
    lv.click("report-reference")
    lv.page.keyboard.type("Bauska")
    lv.on("report-distance").fill("2")
    for field, value in (
        ("direction", "S"),
        ("heading", "S"),
        ("speed", "fast"),
        ("what", "uav"),
        ("reporter", "resident"),
    ):
        lv.on(f"report-{field}").select_option(value)
    lv.shot("report-form")
    lv.click("report-reference")
    lv.press("Enter")
    lv.sees("said", "Report handed in")
