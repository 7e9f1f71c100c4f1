"""People at a real node: they enrol and log in, two of them let a held message out, and one hands the shift over."""

import json
import sqlite3
import subprocess
import sys
import time
import urllib.parse

import pyotp
import pytest
import yaml
from playwright.sync_api import expect
from tests.story.story_fleet import make_fleet, running
from tests.story.story_seat import PATIENCE_MS, Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying

from redshank.terms.instants import Instant

pytestmark = [*needs_browser, pytest.mark.slow]
NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
PASSWORD = "correct horse battery"
NAMES = ("Ona Kazlauskiene", "Jonas Petraitis", "Exercise authority")


def redshank(*words):
    done = subprocess.run(
        [sys.executable, "-m", "redshank.cli.main", *map(str, words)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def on(page, name):
    return page.locator(f'[data-test="{name}"]')


@pytest.fixture
def pair(tmp_path):
    """BY asks two persons before it tells LT of anything in its strip."""
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    by = nodes["BY"]
    config = yaml.safe_load(by.config.read_text())
    policy = yaml.safe_load((by.config.parent / config["policy"]).read_text())
    for rule in policy["rules"]:
        if rule["id"] == "border-strip-100":
            rule |= {"effect": "ask", "ask": {"persons": 2, "within_s": 900}}
            del rule["automatic"]
    (by.folder / "policy.yaml").write_text(yaml.safe_dump(policy))
    by.config.write_text(yaml.safe_dump({**config, "policy": "policy.yaml"}))
    with running(*nodes.values()):
        yield by, nodes["LT"]


def test_a_person_enrols_with_a_passkey_and_logs_in_with_it(pair):
    """PEO-8, PEO-12. Chromium's own authenticator; the link is printed by the command line and works once."""
    by, _ = pair
    link = redshank(
        "people", "add", "o.kazlauskiene", "--name", NAMES[0], "--role", "releasing-authority", "--config", by.config
    ).split()[-1]
    assert link.startswith(f"http://localhost:{by.console_port}/enter.html#")
    with chromium() as browser:
        context = browser.new_context()
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(link)
        expect(on(page, "enter")).to_contain_text(NAMES[0])
        assert "#" not in page.url
        page.keyboard.press("Enter")  # the first button has the focus
        expect(on(page, "clock")).to_be_visible()
        keys = devtools.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]
        assert [key["rpId"] for key in keys] == ["localhost"]
        on(page, "leave").click()
        on(page, "use-passkey").click()
        expect(on(page, "clock")).to_be_visible()
        assert page.request.get("/api/me".join([f"http://localhost:{by.console_port}", ""])).json()["name"] == NAMES[0]
        page.goto(link)
        page.reload()
        expect(on(page, "clock")).to_be_visible(timeout=PATIENCE_MS)  # used, but this browser is in already
    assert "passkey" in redshank("people", "list", "--config", by.config)


def test_a_person_enrols_with_a_password_and_codes(pair):
    """PEO-10. A wrong code first; then out, and in again; then an administrator resets it."""
    by, _ = pair
    words = ("people", "add", "j.petraitis", "--name", NAMES[1], "--role", "duty-officer", "--config", by.config)
    link = redshank(*words).split()[-1]
    with chromium() as browser:
        page = browser.new_context().new_page()
        page.goto(link.replace("localhost", "127.0.0.1"))
        expect(on(page, "enter")).to_contain_text("by its name")
        on(page, "make-code").click()
        secret = on(page, "code-secret").inner_text()
        on(page, "enter-password").fill(PASSWORD)
        on(page, "enter-code").fill("000000")
        on(page, "enter-send").click()
        expect(on(page, "enter-refused")).to_be_visible()
        on(page, "enter-code").fill(pyotp.TOTP(secret).now())
        on(page, "enter-send").click()
        expect(on(page, "clock")).to_be_visible()
        on(page, "leave").click()
        on(page, "enter-person").fill("j.petraitis")
        on(page, "enter-password").fill(PASSWORD)
        on(page, "enter-code").fill(pyotp.TOTP(secret).at(int(time.time()) + 30))  # that of now has been used
        page.keyboard.press("Enter")
        expect(on(page, "clock")).to_be_visible()
        redshank("people", "reset", "j.petraitis", "--config", by.config)
        expect(on(page, "enter-person")).to_be_visible(timeout=PATIENCE_MS)  # the page notices by itself


def test_two_persons_let_a_held_message_out_and_names_stay_at_home(pair):
    """REL-26, REL-29, PEO-4, PEO-17. One person in two windows is one person; a restart comes between."""
    by, lt = pair
    with chromium() as browser, flying(by, [OBJECT]):
        first = Seat(browser, by, by.folder, "authority")
        number = by.wait_for(lambda view: [one["number"] for one in view["approvals"] if one["standing"] == "waiting"])[
            0
        ]
        expect(first.on(f"question-{number}")).to_contain_text("border-strip-100")
        expect(first.on(f"told-{number}")).to_contain_text("Lithuania")
        expect(first.on("policy")).to_contain_text("by-exercise-1")
        reasons = next(one["reasons"] for one in by.view()["approvals"] if one["number"] == number)
        assert reasons[-1][:2] == ["border-strip-100", ""]
        assert reasons[0][:2] == ["no-cooperative-traffic", "cooperative"]
        first.click(f"approve-{number}")
        expect(first.on(f"question-{number}")).to_contain_text("Exercise authority BY")
        again = Seat(browser, by, by.folder, "authority")
        again.click(f"approve-{number}")
        again.sees("said", "two persons")
        assert lt.view()["incidents"] == []
        by.kill()
        by.start()
        by.wait_ready()
        second = Seat(browser, by, by.folder, "authority-2")
        second.click(f"approve-{number}")
        lt.wait_for(lambda view: view["incidents"])
        expect(second.on(f"ended-{number}")).to_contain_text("sent")
        officer = by.call("POST", "/api/command", {"act": "approve-release", "question": number, "sight": "0" * 64})
        assert officer["field"] == "role"
    acts = [json.loads(line) for line in redshank("people", "acts", "--config", by.config, "--json").splitlines()]
    given = [one for one in acts if one["act"] == "approve-release" and one["outcome"] == "done"]
    assert [one["person"] for one in given] == ["authority", "authority-2"]
    assert all(one["journal"] for one in given)
    assert any("two persons" in str(one["outcome"]) for one in acts)
    assert redshank("release", "audit", "--config", by.config)
    names_stay_at_home(by, lt)


def names_stay_at_home(by, lt):
    """In no row of the journal, no log and no record."""
    record = by.call("GET", "/api/record/BY-LT")
    db = sqlite3.connect(by.folder / "data" / "node.sqlite")
    kept = b"".join(row for (row,) in db.execute("SELECT event FROM journal UNION ALL SELECT body FROM entry"))
    db.close()
    for name in ("Exercise authority", "authority-2", "Exercise officer", "robot"):
        assert name.encode() not in kept
        assert name.encode() not in record
        assert name not in json.dumps(lt.view())
    assert b"releasing-authority" in kept


def test_a_shift_is_handed_over_on_two_screens(pair):
    """PEO-13, PEO-14."""
    by, _ = pair
    with chromium() as browser, flying(by, [OBJECT]):
        by.wait_for(lambda view: [one for one in view["approvals"] if one["standing"] == "waiting"])
        out, into = Seat(browser, by, by.folder, "officer"), Seat(browser, by, by.folder, "officer-2")
        for seat in (out, into):
            seat.press("h")
        expect(out.on("shift-nobody")).to_be_visible()
        out.click("shift-take")
        into.sees("on-shift", "Exercise officer BY")
        out.click("shift-offer")
        expect(into.on("accept-all")).to_be_visible()
        rows = into.page.locator('[data-test^="shift-owed-"]')
        expect(rows.first).to_be_visible()
        owed = by.view()["shift"]["to_accept"]
        assert {one["what"] for one in owed} >= {"notice"}
        into.click("accept-all")
        out.sees("on-shift", "Second exercise officer BY")
    told = redshank("people", "acts", "--config", by.config)
    assert [line.split("  ")[3] for line in told.splitlines()] == ["take-shift", "offer-shift", "accept-shift"]


def test_the_first_administrator_comes_in_by_the_printed_link(tmp_path):
    """PEO-8. A node whose people nobody administers prints a link at each start, until somebody has enrolled."""
    [node] = make_fleet(tmp_path, ["LT"], at=NIGHT).values()
    for part in (node.folder / "data").iterdir():
        part.unlink()
    node.staffed = False
    with running(node), chromium() as browser:
        line = next(line for line in node.log().splitlines() if "nobody administers" in line)
        page = browser.new_page()
        page.goto(line.split()[-1])
        on(page, "make-code").click()
        secret = on(page, "code-secret").inner_text()
        on(page, "enter-password").fill(PASSWORD)
        on(page, "enter-code").fill(pyotp.TOTP(secret).now())
        on(page, "enter-send").click()
        expect(on(page, "clock")).to_be_visible()
        assert urllib.parse.urlsplit(page.url).path == "/"
        node.stop()
        node.start()
        node.wait_ready()
        assert node.log().count("nobody administers") == 1
