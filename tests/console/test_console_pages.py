"""The built console in a headless Chromium, against a small fake node: what an officer sees, and what is sent."""

import asyncio
import shutil
import socket
import threading
import time
from pathlib import Path

import msgspec
import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright
from tests.console.fake_node import People

from redshank.console import view as views
from redshank.console.app import build_app
from redshank.console.port import Accepted, PreviewView
from redshank.node import commands
from redshank.terms.ids import ChannelId
from redshank.terms.message import Answer

ROOT = Path(__file__).parents[2] / "src" / "redshank"
PAGES, BASEMAP = ROOT / "console" / "pages", ROOT / "geodata" / "base.pmtiles"
CHROMIUM = shutil.which("chromium")
NOW = 1_778_113_500_000
MINUTE = 60_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
    pytest.mark.skipif(not (PAGES / "index.html").is_file(), reason="needs the built pages: tools/build_console.sh"),
]


def message(serial, kind, body, **levels):
    return views.MessageView(
        channel="BY-LT", direction="got", generation=0,
        serial=serial, type=kind, stated_ms=NOW - MINUTE, incident="BY-2026-000003",
        in_reply_to=None, body=body, text=None, rule=None, received_ms=NOW - MINUTE, read_ms=levels.get("read"),
        answered_ms=levels.get("answered"), missing=levels.get("missing", []),
    )  # fmt: skip


def night(read=None, answered=None):
    """One received object on its way into LT; BY has given notice and asks."""
    track = views.TrackView(
        id="BY-LT/BY-2026-000003/1", observer="BY", mine=False, fused=False, lat=54.5, lon=26.6, course_deg=280.0,
        speed_mps=44.0, altitude_m=None, status="uav", life="live", at_ms=NOW, last_report_ms=NOW,
        ellipse=views.EllipseView(2000.0, 1000.0, 40.0), sources=1, trail=[(54.48, 26.8)], fused_with=[],
        incident="BY-2026-000003",
    )  # fmt: skip
    crossing = views.CrossingView(
        border="LT|BY", out_of="BY", into="LT", probability=0.87, p10_ms=NOW + 10 * MINUTE, p50_ms=NOW + 13 * MINUTE,
        p90_ms=NOW + 18 * MINUTE, stretch=[(54.6, 25.76), (54.5, 25.66)], stretch_m=11_000.0,
    )  # fmt: skip
    owed = views.ObligationView(
        id="o1", owner="us", what="ack", due_ms=NOW - 20_000, missed=True, escalation="second-officer"
    )
    thread = views.ThreadView(
        channel="BY-LT", partner="BY", state="noticed", obligations=[] if read else [owed],
        messages=[
            message(7, "NOTICE", {"phase": "possible"}, read=read, missing=["body.object.altitude_m", "observed_ms"]),
            message(8, "QUERY", {"object": 1, "question": "yours-or-known"}, read=NOW, answered=answered),
        ],
        acts=[act for act, there in (("ack", not read), ("reply", not answered)) if there],
    )  # fmt: skip
    incident = views.IncidentView(
        id="BY-2026-000003", aliases=[], phase="open", opened_ms=NOW - MINUTE, opened_by="notice", closed_ms=None,
        outcome=None, tracks=[track.id], obligations=[], threads=[thread], warnings=[],
    )  # fmt: skip
    hidden = views.SeenView(
        track="LT/1", released=False, rule="default-deny", lat=None, lon=None, accuracy_m=None, altitude_m=None,
        course_deg=None, speed_kmh=None, status=None, hidden=[],
    )  # fmt: skip
    return views.View(
        party="LT", exercise=True, now_ms=NOW, clock_rate=0.0, tracks=[track],
        forecasts=[views.ForecastView(track=track.id, made_at_ms=NOW, over="BY", borders=[crossing], districts=[])],
        incidents=[incident], lines=[], feeds=[],
        partner_pictures=[views.PartnerPictureView(partner="BY", channel="BY-LT", seen=[hidden])],
    )  # fmt: skip


class FakeNode:
    """Keeps the contract of ConsolePort: an ACK marks the notice as read, a REPLY answers the query."""

    def __init__(self):
        self.version, self.got, self.reports = 1, [], []
        self.read = self.answered = self.seen = None
        self.contradicted = False

    def view(self):
        shown = night(self.read, self.answered)
        return contradicted(shown, self.seen) if self.contradicted else shown

    async def drawn(self):
        return self.view()

    async def changed(self, since_version):
        while self.version <= since_version:  # noqa: ASYNC110 - the server makes its loop after this object
            await asyncio.sleep(0.05)
        return self.version

    async def command(self, command, role, person):
        self.got.append(command)
        if isinstance(command, commands.Acknowledge):
            self.read = NOW
        if isinstance(command, commands.SeeContradiction):
            self.seen = NOW
        if isinstance(command, commands.SendReply):
            self.answered = NOW
        self.version += 1
        return Accepted()

    async def preview(self, command):
        return PreviewView(
            type="REPLY", channel="BY-LT", partner="BY", released=True, rule="forms", body={"answer": command.answer},
            missing=["body.answer"] if command.answer is Answer.CANNOT_SAY else [],
        )  # fmt: skip

    async def report(self, body, source):
        self.reports.append((body, source))

    async def record(self, channel):
        return b"PK"

    async def evidence(self, channel, number):
        return b"{}"

    def warning_cap(self, warning):
        return None


@pytest.fixture
def node():
    return FakeNode()


@pytest.fixture
def link(node, tmp_path, request):
    """Of the officer's console, or of whom a class of tests names as its `person`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = People(tmp_path, origin=f"http://127.0.0.1:{port}")
    app = build_app(node, PAGES, BASEMAP, people.keeper)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/enter.html#{people.link(getattr(request.instance, 'person', 'officer'))}"
    server.force_exit = server.should_exit = True
    thread.join(10)


class Noted:
    """What went wrong on a page, and every address that it asked for."""

    def __init__(self):
        self.faults: list[str] = []
        self.asked: list[str] = []


@pytest.fixture
def noted():
    return Noted()


@pytest.fixture
def page(link, noted):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1366, "height": 768})
        opened.on("pageerror", lambda error: noted.faults.append(str(error)))
        opened.on("console", lambda said: noted.faults.append(said.text) if said.type == "error" else None)
        opened.on("request", lambda request: noted.asked.append(request.url))
        opened.add_init_script("localStorage.setItem('language', 'en')")
        opened.goto(link)
        yield opened
        browser.close()


def on(page, name):
    return page.locator(f'[data-test="{name}"]')


def test_an_officer_reads_and_answers_by_keyboard(page, node, noted):
    expect(on(page, "exercise")).to_be_visible()
    card = on(page, "incident-BY-2026-000003")
    expect(card).to_contain_text("13:00")
    expect(card).to_contain_text("87 %")
    expect(card).to_contain_text("wake the second officer")
    expect(on(page, "next-deadline")).to_contain_text("−00:20")
    expect(on(page, "message-got-7")).to_contain_text("not read")
    expect(on(page, "missing-got-7")).to_contain_text("incomplete: without altitude, time of observation")
    page.keyboard.press("a")
    expect(on(page, "act-ack")).to_have_count(0)
    assert node.got == [commands.Acknowledge(channel=ChannelId("BY-LT"), serial=7, generation=0)]
    expect(on(page, "next-deadline")).to_contain_text("Nothing owed")

    page.keyboard.press("r")
    expect(on(page, "form-send")).to_be_disabled()
    on(page, "choose-cannot-say").click()
    expect(on(page, "preview-missing")).to_have_text("The form also asks for: an answer in substance")  # RPT-3
    page.keyboard.press("3")
    expect(on(page, "preview")).to_contain_text("Unknown to us")
    expect(on(page, "preview-missing")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(on(page, "form")).to_have_count(0)
    assert node.got[1:] == [
        commands.SendReply(channel=ChannelId("BY-LT"), serial=8, generation=0, answer=Answer.UNKNOWN)
    ]
    expect(on(page, "message-got-8")).not_to_contain_text("not answered")
    assert not noted.faults


def test_what_they_see_and_a_report(page, node, noted):
    on(page, "sees-BY").click()
    expect(on(page, "map-theirs")).to_be_visible()
    expect(on(page, "seen-LT/1")).to_contain_text("default-deny")
    on(page, "open-report").click()
    on(page, "report-reference").fill("Šumskas")
    on(page, "report-distance").fill("3")
    on(page, "report-direction").select_option("N")
    on(page, "report-heading").select_option("W")
    on(page, "report-send").click()
    expect(on(page, "panel-report")).to_have_count(0)
    ((body, source),) = node.reports
    assert source == "desk"
    assert '"name":"Šumskas"'.encode() in body
    assert b'"direction":"N"' in body
    assert not noted.faults


def contradicted(view, seen=None):
    """The view of a node whose partner has signed two logs."""
    one = views.ContradictionView(
        number=0, kind="forked", found_ms=NOW, serial=None, size=12, seen_ms=seen, cleared_ms=None
    )
    line = views.LineView(
        channel="BY-LT", partner="BY", state="up", own_size=14, receipted_size=14, partner_size=12, queued=0,
        last_contact_ms=NOW, last_test_ms=NOW, refusals=[("forked", 3)], contradictions=[one],
    )  # fmt: skip
    return msgspec.structs.replace(view, lines=[line])


def test_a_partner_that_contradicts_itself_is_an_alarm_until_somebody_has_seen_it(page, node, noted, tmp_path):
    """EVI-6: on the strip at once; the panel says what it means, gives the proof, and takes the officer's word."""
    node.contradicted = True
    node.version += 1
    expect(on(page, "contradicts-BY-LT")).to_contain_text("Belarus contradicts itself")
    page.keyboard.press("l")
    expect(on(page, "contradictions-BY-LT")).to_contain_text("Two different logs of one size")
    page.screenshot(path=tmp_path / "contradiction.png")
    with page.expect_download() as saved:
        on(page, "evidence-BY-LT-0").click()
    assert saved.value.suggested_filename == "redshank-evidence-BY-LT-0.json"
    on(page, "see-BY-LT-0").click()
    expect(on(page, "contradicts-BY-LT")).to_have_count(0)
    expect(on(page, "contradictions-BY-LT")).to_contain_text("seen")
    assert node.got[-1] == commands.SeeContradiction(channel=ChannelId("BY-LT"), number=0)
    assert not noted.faults


def test_nothing_is_loaded_from_outside_and_the_key_is_gone(page, link, noted):
    expect(on(page, "map-mine").locator("canvas").first).to_be_visible()
    page.wait_for_timeout(500)
    own, _, secret = link.partition("/enter.html#")
    assert noted.asked
    assert all(url.startswith(own + "/") for url in noted.asked)
    assert page.url == own + "/"
    assert secret not in page.evaluate("document.cookie + document.documentElement.outerHTML")
    assert not noted.faults
