"""A node dies without warning in the middle of an incident, before the receipt and after it; a partner is down. Nothing
is lost, nothing is said twice, and the officers' pages go on by themselves."""

import itertools
import subprocess
import sys
import zipfile

import pytest
from playwright.sync_api import expect
from tests.story.story_fleet import make_fleet, running
from tests.story.story_seat import Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying

from redshank.terms.instants import Instant

pytestmark = needs_browser

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
FIRST = "BY-2026-000001"


@pytest.fixture
def nodes(tmp_path):
    fleet = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    yield fleet["BY"], fleet["LT"]
    for node in fleet.values():
        node.stop()


def incident_of(node):
    """The first incident as the procedure holds it: what a restart must give back."""
    incident = next(one for one in node.view()["incidents"] if one["id"] == FIRST)
    return {
        name: incident[name] for name in ("id", "aliases", "phase", "opened_ms", "opened_by", "threads", "obligations")
    }


def line_of(node):
    (line,) = node.view()["lines"]
    return line


def sizes_of(node):
    line = line_of(node)
    return line["own_size"], line["receipted_size"], line["partner_size"]


def killed_and_back(node):
    """A power cut and a restart; what the node then holds is what it held before."""
    before = incident_of(node), sizes_of(node)
    node.kill()
    node.start()
    node.wait_ready()
    assert (incident_of(node), sizes_of(node)) == before


def messages_of(node):
    (thread,) = incident_of(node)["threads"]
    return [(message["direction"], message["serial"], message["type"]) for message in thread["messages"]]


def test_kills_and_a_partner_that_is_down(nodes, tmp_path):
    by, lt = nodes
    with chromium() as browser, running(by):
        with flying(by, [OBJECT]):
            page = Seat(browser, by, tmp_path)
            what_is_said_waits_while_the_partner_is_down(page)
        # Nothing flies over the restarts: the picture begins anew with new track numbers, and an object that is still
        # in the air would open a second incident.
        killed_and_back(by)
        page.sees("line-BY-LT", "down", "waiting")
        with running(lt):
            it_is_delivered_once_and_in_order(page, lt)
            theirs = Seat(browser, lt, tmp_path)
            theirs.press("a")
            page.sees(page.line_of("sent", "NOTICE"), "◉ read")
            killed_and_back(lt)
            killed_and_back(by)
            the_conversation_goes_on(page, theirs)
            both_records_are_in_order(by, lt, tmp_path)


def what_is_said_waits_while_the_partner_is_down(page):
    """The partner has not even been started. An officer may go on: what is said waits in the log."""
    page.sees(page.line_of("sent", "NOTICE"), "○ not received")
    page.press("l")
    page.click("test-line-BY-LT")
    page.press("Escape")
    page.sees("line-BY-LT", "✕ LT", "down", "waiting")
    page.press("q")
    page.send()
    line = page.node.wait_for(lambda view: view["lines"][0]["queued"] >= 3 and view["lines"][0])
    assert line["receipted_size"] == 0
    page.sees("line-BY-LT", f"{line['queued']} waiting")
    page.shot("partner-down")


def it_is_delivered_once_and_in_order(page, lt):
    by = page.node
    page.sees("line-BY-LT", "● LT", "up")
    expect(page.on("line-BY-LT")).not_to_contain_text("waiting")
    page.sees(page.line_of("sent", "NOTICE"), "⇥ received")
    sent = [(serial, kind) for direction, serial, kind in messages_of(by) if direction == "sent"]
    got = lt.wait_for(lambda view: view["incidents"] and messages_of(lt))
    assert [(serial, kind) for direction, serial, kind in got if direction == "got"] == sent
    assert [kind for _, kind in sent] == ["NOTICE", "QUERY"]
    assert sizes_of(lt)[2] == sizes_of(by)[0]
    assert line_of(lt)["refusals"] == []


def the_conversation_goes_on(page, theirs):
    """Both pages stood open all the while; nobody loads them anew."""
    expect(theirs.on("act-reply")).to_be_visible()
    theirs.press("r")
    theirs.click("choose-no-information")
    theirs.send()
    page.sees(page.line_of("sent", "QUERY"), "⇄ answered")
    page.sees(page.line_of("got", "REPLY"), "No information")
    page.press("q")
    page.send()
    theirs.line_of("got", "QUERY", "not answered")
    page.shot("after-the-restarts")
    for seat in (page, theirs):
        said = sorted((direction, serial) for direction, serial, _ in messages_of(seat.node))
        assert len(said) == len(set(said))


def both_records_are_in_order(by, lt, tmp_path):
    """Each side exports its own record: they hold the same entries, and the verifier objects to nothing."""
    entries = []
    for node in (by, lt):
        node.wait_for(lambda view: view["lines"][0]["queued"] == 0)
    for node in (by, lt):
        record = tmp_path / f"{node.party}.zip"
        record.write_bytes(node.call("GET", "/api/record/BY-LT"))
        keys = itertools.chain.from_iterable(("--keys", str(one.public_keys)) for one in (by, lt))
        command = [sys.executable, "-m", "redshank.cli.main", "verify", str(record), *keys]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        with zipfile.ZipFile(record) as archive:
            entries.append({name: archive.read(name) for name in archive.namelist() if "/tile/" in name})
    assert entries[0] == entries[1]
