"""All lines are down between two real nodes: a NOTICE is read out from one page and keyed in on the other, an ACK goes
back; then the line returns, and the signed messages confirm what was said. Keys and clicks only."""

import shutil
import subprocess
import sys

import pytest
import yaml
from playwright.sync_api import expect
from tests.story.story_fleet import make_fleet, running
from tests.story.story_seat import Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying

from redshank.terms.instants import Instant

pytestmark = [*needs_browser, pytest.mark.timeout(300)]  # four starts of a node

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
FIRST = "BY-2026-000001"


@pytest.fixture
def nodes(tmp_path):
    fleet = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    yield fleet["BY"], fleet["LT"]
    for node in fleet.values():
        node.stop()


def without_line(node):
    """The partner's address is taken out of the configuration; gives the one that had it."""
    config = node.config.read_text()
    told = yaml.safe_load(config)
    for channel in told["channels"]:
        del channel["url"]
    node.config.write_text(yaml.safe_dump(told))
    return config


def test_a_night_by_voice(nodes, tmp_path):
    by, lt = nodes
    with_line = {node.party: without_line(node) for node in nodes}
    with chromium() as browser:
        with running(by, lt):
            with flying(by, [OBJECT]):
                reader, hearer = Seat(browser, by, tmp_path), Seat(browser, lt, tmp_path)
                groups = it_is_read_out(reader)
            it_is_keyed_in(hearer, groups)
            the_answer_goes_back(hearer, reader)
            reader.asked_nobody_else()
            hearer.asked_nobody_else()
            reader.page.close()
            hearer.page.close()
        for node in nodes:
            node.config.write_text(with_line[node.party])
        with running(by, lt):
            it_is_confirmed(Seat(browser, lt, tmp_path), Seat(browser, by, tmp_path))
            the_record_tells_of_it(by, lt, tmp_path)


def it_is_read_out(reader):
    """BY's officer presses O and reads what he sees; LT's reads it back."""
    reader.sees("line-BY-LT", "◇ LT", "by voice")
    notice = reader.line_of("sent", "NOTICE")
    reader.press("o")
    panel = reader.sees("read-out", "exercise groups", "NOTICE")
    groups = panel.locator(".groups b").all_text_contents()
    assert 8 < len(groups) <= 24
    reader.shot("read-out")
    paper = reader.download("voice-print")
    assert paper.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True)
        assert "EXERCISE" in done.stdout
    reader.click("note-read-back")
    reader.sees(notice, "read back", "○ not received", "○ not read")
    return groups


def it_is_keyed_in(hearer, groups):
    """With one symbol misheard: the page finds the group before the form is whole. Nothing but keys."""
    assert hearer.incidents() == []
    hearer.press("v")
    hearer.sees("key-in")
    expect(hearer.on("voice-count")).to_be_focused()
    hearer.page.keyboard.type(str(len(groups)))
    hearer.press("Tab", "Tab")
    slip = [*groups[:8]]
    slip[3] = slip[3][:2] + ("A" if slip[3][2] != "A" else "B") + slip[3][3]
    hearer.page.keyboard.type(" ".join(slip).lower())
    hearer.sees("voice-fault", "one symbol of group 4")
    expect(hearer.on("voice-group-4")).to_have_class("g-wrong")
    expect(hearer.on("voice-take")).to_be_disabled()
    hearer.shot("a-slip")
    hearer.press("Control+a")
    hearer.page.keyboard.type(" ".join(groups[:-1]))
    expect(hearer.on("voice-group-8")).to_have_class("g-ok")
    hearer.sees_no("voice-fault")
    hearer.page.keyboard.type(f" {groups[-1]}")
    hearer.sees("voice-meaning", "NOTICE", FIRST)
    hearer.shot("keyed-in")
    hearer.press("Enter")
    hearer.sees_no("key-in")
    hearer.sees(f"incident-{FIRST}", "BY")
    hearer.sees(hearer.line_of("got", "NOTICE"), "by voice, not signed yet")
    hearer.shot("incident-by-voice")


def the_answer_goes_back(hearer, reader):
    """LT's officer acknowledges what he has heard; the ACK goes the same way."""
    hearer.press("a")
    ack = hearer.line_of("sent", "ACK")
    hearer.click(ack.replace("message-sent", "read-out"))
    groups = hearer.sees("read-out").locator(".groups b").all_text_contents()
    hearer.press("Escape")
    reader.press("v")
    expect(reader.on("voice-count")).to_be_focused()
    reader.page.keyboard.type(str(len(groups)))
    reader.press("Tab", "Tab")
    reader.page.keyboard.type(" ".join(groups))
    reader.sees("voice-meaning")
    reader.press("Enter")
    reader.sees(reader.line_of("got", "ACK"), "by voice, not signed yet")
    reader.sees(reader.line_of("sent", "NOTICE"), "◉ read")


def it_is_confirmed(hearer, reader):
    """The nodes were restarted in between: nothing of it was lost, and nothing is said twice."""
    for seat, kind in ((hearer, "NOTICE"), (reader, "ACK")):
        seat.node.wait_for(lambda view: view["lines"][0]["queued"] == 0)
        seat.sees(seat.line_of("got", kind), "heard by voice, confirmed")
        (incident,) = seat.incidents()
        (thread,) = incident["threads"]
        said = [(message["direction"], message["serial"]) for message in thread["messages"]]
        assert len(said) == len(set(said))
        seat.press("l")
        serial = next(one["serial"] for one in seat.node.view()["lines"][0]["voice"])
        seat.sees(f"voice-BY-LT-{serial}", "confirmed")
        seat.shot("confirmed")


def the_record_tells_of_it(by, lt, tmp_path):
    record = tmp_path / "record.zip"
    record.write_bytes(lt.call("GET", "/api/record/BY-LT"))
    command = [sys.executable, "-m", "redshank.cli.main", "verify", str(record)]
    keys = [word for node in (by, lt) for word in ("--keys", str(node.public_keys))]
    done = subprocess.run([*command, *keys], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "unsigned, no proof" in done.stdout
    assert "confirmed" in done.stdout
