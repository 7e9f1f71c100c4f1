"""BY runs a node. LT runs none and has no keys: its officer has a telephone, a laptop with a book, and paper. One night
from NOTICE over ACK, QUERY, REPLY and UPDATE to AGREE-CLOSE: BY's side by clicks and keys, LT's by the command line."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect
from tests.story.story_fleet import PACKAGE, NodeProcess, make_fleet, running
from tests.story.story_seat import Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying
from tests.story.story_witness import WitnessProcess, redshank

from redshank.edges.wording import wording
from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
GROUP = re.compile(r"^ *\d+  ([0-9A-Z]{4})  ", re.MULTILINE)

pytestmark = [*needs_browser, pytest.mark.timeout(300)]


class Officer:
    """LT's: what he hears he keys in, what he says he reads from the screen."""

    def __init__(self, folder: Path, agreement: Path) -> None:
        folder.mkdir()
        self.book = folder / "LT.book"
        clock = folder.parent / "clock.json"
        redshank("voice", "open", agreement, "--party", "LT", "--book", self.book, "--year", 2026, "--clock", clock)

    def hears(self, groups: list[str]) -> str:
        command = [
            "voice",
            "hear",
            "--book",
            self.book,
            "--count",
            len(groups),
            "--remark",
            "BY's duty officer, line 1",
        ]
        done = subprocess.run(
            [sys.executable, "-m", "redshank.cli.main", *map(str, command)],
            input=" ".join(groups) + "\n\n", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def says(self, *what: object) -> list[str]:
        """The groups that he reads out."""
        return GROUP.findall(redshank("voice", "say", *what, "--book", self.book))


@pytest.fixture
def third(tmp_path):
    witness = WitnessProcess(tmp_path / "witness", "osce.example/w")
    yield witness
    witness.stop()


@pytest.fixture
def by(tmp_path, third):
    node = make_fleet(tmp_path, ["BY"], at=NIGHT, feeds={"BY": [FEED]})["BY"]
    agreement = tmp_path / "by-lt.yaml"
    shipped = (PACKAGE / "procedure" / "agreements" / "by-lt.yaml").read_text()
    more = {"by_voice": "LT", "witnesses": {"required": 1, "of": [third.agreed]}}
    agreement.write_text(shipped + yaml.safe_dump(more, width=100_000))
    config = yaml.safe_load(node.config.read_text())
    config["channels"] = [{"partner": "LT", "agreement": str(agreement)}]
    node.config.write_text(yaml.safe_dump(config))
    third.serve(redshank("witness", "logs", node.public_keys, "BY-LT", 2026, "--exercise").split())
    third.start()
    yield node
    node.stop()


def test_voice_19_a_night_with_a_partner_who_has_a_telephone(by, tmp_path):
    """VOICE-19 to VOICE-23, PROC-26, REC-20, WIT-5."""
    lt = Officer(tmp_path / "LT", tmp_path / "by-lt.yaml")
    with chromium() as browser:
        with running(by), flying(by, [OBJECT]):
            seat = Seat(browser, by, tmp_path)
            it_is_plain_how_the_partner_is_reached(seat)
            notice = reads_out(seat, lt, "NOTICE")
            keys_in(seat, lt.says("ack", notice), "ACK")
            seat.sees(seat.line_of("got", "ACK"), "by voice, never signed")
            seat.sees(seat.line_of("sent", "NOTICE"), "◉ read")
            by.wait_for(lambda view: "UPDATE" in [one["type"] for one in view["lines"][0]["to_read_out"]], 150)
            reads_out(seat, lt, "UPDATE")
            seat.page.close()
        with running(by):
            seat = Seat(browser, by, tmp_path)
            lt_asks_and_is_answered(seat, lt)
            lt_agrees_to_the_close(seat, lt)
            the_record_tells_of_it(seat, by, tmp_path)
            seat.asked_nobody_else()
        assert (
            "everything that was kept is there" in redshank("check", by.folder / "data", "--config", by.config).lower()
        )
        it_is_rebuilt_from_its_own_record(by, tmp_path)
    assert "OWED" not in redshank("voice", "list", "--book", lt.book)


def it_is_plain_how_the_partner_is_reached(seat: Seat) -> None:
    seat.sees("line-BY-LT", "◇ LT", "by voice and paper only")
    seat.sees("to-read-BY-LT", "to read out")
    seat.press("l")
    panel = seat.sees("by-voice-BY-LT", "by voice and paper only", "runs no node and has no keys", "NOTICE 0")
    expect(panel).to_contain_text("to be read out by")
    paper = seat.download("print-BY-LT-0")
    assert paper.read_bytes().startswith(b"%PDF-")
    seat.shot("to-read")
    seat.press("Escape")
    seat.sees("chosen-thread-BY-LT", "reached by voice and paper only")
    expect(seat.on("chosen-thread-BY-LT")).to_contain_text("read-out by voice")


def reads_out(seat: Seat, lt: Officer, kind: str) -> int:
    """BY's officer opens the message that waits, reads it out, and has it read back."""
    mine = seat.line_of("sent", kind)
    serial = int(mine.rpartition("-")[2])
    seat.click(f"read-out-{serial}")
    panel = seat.sees("read-out", "exercise groups")
    groups = panel.locator(".groups b").all_text_contents()
    assert f"message         {wording('en').word('type', kind)}, serial {serial} of the log of BY" in lt.hears(groups)
    seat.click("note-read-back")
    seat.sees(mine, "read back")
    return serial


def keys_in(seat: Seat, groups: list[str], kind: str) -> None:
    """BY's officer types what he hears; the page checks each row as it comes."""
    seat.press("v")
    seat.sees("key-in")
    expect(seat.on("voice-count")).to_be_focused()
    seat.page.keyboard.type(str(len(groups)))
    seat.press("Tab", "Tab")
    seat.page.keyboard.type(" ".join(groups).lower())
    seat.sees("voice-meaning", kind)
    seat.press("Enter")
    seat.sees_no("key-in")


def lt_asks_and_is_answered(seat: Seat, lt: Officer) -> None:
    """After a restart of the node: nothing was lost."""
    [incident] = seat.incidents()
    keys_in(seat, lt.says("query", incident["id"], 1), "QUERY")
    seat.line_of("got", "QUERY")
    seat.press("r")
    seat.click("choose-unknown")
    seat.send()
    reads_out(seat, lt, "REPLY")
    seen = ["--incident", incident["id"], "--lat", 54.6, "--lon", 25.9, "--within", 3000]
    keys_in(seat, lt.says("notice", *seen), "NOTICE")
    seat.sees("act-ack", "NOTICE 2")
    seat.press("a")
    reads_out(seat, lt, "ACK")
    seat.shot("both-have-told")


def lt_agrees_to_the_close(seat: Seat, lt: Officer) -> None:
    seat.press("c")
    seat.click("choose-crossed")
    seat.send()
    close = reads_out(seat, lt, "CLOSE")
    keys_in(seat, lt.says("agree-close", close), "CLOSE ANSWERED")
    seat.node.wait_for(lambda view: view["incidents"][0]["phase"] == "closed")
    [thread] = [thread for thread in seat.incidents()[0]["threads"] if thread["channel"] == "BY-LT"]
    assert (thread["state"], thread["lone"]) == ("closed", True)
    [line] = seat.node.wait_for(lambda view: view["lines"] if len(set(sizes_of(view))) == 1 else None)
    assert (line["queued"], line["not_heard"], line["to_read_out"]) == (0, [], [])


def the_record_tells_of_it(seat: Seat, by: NodeProcess, folder: Path) -> None:
    """What BY said is proven and witnessed; what LT said is noted."""
    seat.press("l")
    got = seat.download("record-BY-LT")
    record = folder / "record.zip"
    shutil.copy(got, record)
    said = redshank("verify", record, "--keys", by.public_keys, "--agreement", folder / "by-lt.yaml")
    assert "LT has no keys: only what the other party said is proven here." in said
    assert "proven as said by BY" in said
    assert "The record is in order." in said
    told = json.loads(redshank("verify", record, "--json"))
    assert [line["standing"] for line in told["voice"] if line["what"] == "heard"] == ["unsigned"] * 4
    assert sum(line["to_voice"] for line in told["lines"]) == 2


def sizes_of(view: Any) -> tuple[int, int]:
    (line,) = view["lines"]
    return line["own_size"], line["witnessed_size"]


def it_is_rebuilt_from_its_own_record(by: NodeProcess, folder: Path) -> None:
    """The disk dies after the export. The third party says how many entries it has cosigned; the rest is the record."""
    data = by.folder / "data"
    with running(by):
        own, witnessed = sizes_of(by.view())
        (folder / "last.zip").write_bytes(by.call("GET", "/api/record/BY-LT"))
    data.rename(by.folder / "dead")
    wish = ["rebuild", "--config", by.config, "--by", "Cpt Example", "--accept-loss"]
    exported = ["--from", folder / "last.zip"]
    redshank(*wish, *exported, "--size", f"BY-LT={own + 1}", status=1)
    redshank(*wish, "--size", f"BY-LT={witnessed}", status=1)
    redshank(*wish, *exported, "--size", f"BY-LT={witnessed}")
    with running(by):
        assert sizes_of(by.view())[0] == own
        assert by.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"}) == {"accepted": True}
        by.wait_for(lambda view: sizes_of(view) == (own + 1, own + 1))
