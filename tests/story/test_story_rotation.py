"""LT's keys are renewed in the middle of an open incident, by the commands alone: both logs end and open anew, the
power fails at the switch, and the incident is closed in the new logs as if nothing had been."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.story.story_fleet import NodeProcess, make_fleet, running
from tests.story.story_sky import FEED, Flight, flying

from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
FIRST = "BY-2026-000001"
WORD = re.compile(r"\b(\d+) ([a-z]+)\b")


def redshank(*words: str, typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "redshank.cli.main", *words],
        check=False,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def words_in(said: str, party: str) -> list[str]:
    lines = "\n".join(line for line in said.splitlines() if line.startswith(f"    {party}  "))
    found = {int(number): word for number, word in WORD.findall(lines)}
    return [found[number] for number in sorted(found)]


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[NodeProcess, NodeProcess]]:
    fleet = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    yield fleet["BY"], fleet["LT"]
    for node in fleet.values():
        node.stop()


def line_of(node: NodeProcess) -> Any:
    [line] = node.view()["lines"]
    return line


def incident_of(node: NodeProcess) -> Any:
    return next(one for one in node.view()["incidents"] if FIRST in (one["id"], *one["aliases"]))


def messages_of(node: NodeProcess) -> list[tuple[str, int, int, str]]:
    [thread] = incident_of(node)["threads"]
    return [(one["direction"], one["generation"], one["serial"], one["type"]) for one in thread["messages"]]


def does(node: NodeProcess, **command: object) -> None:
    assert node.call("POST", "/api/command", command) == {"accepted": True}


def paired(node: NodeProcess, partner: NodeProcess, public: Path, words: list[str]) -> str:
    typed = "\n".join([*words, f"officer {node.party}", f"officer {partner.party}", "yes", ""])
    return redshank("pair", "--config", str(node.config), str(public), typed=typed)


def ceremony(by: NodeProcess, lt: NodeProcess) -> Path:
    """LT's officer makes the next set, and both officers read their words to one another."""
    made = redshank("keys", "LT", str(lt.folder / "keys"), "--next", "--passphrase-file", str(lt.folder / "passphrase"))
    fresh = lt.folder / "keys" / "next-1" / "public.json"
    assert "redshank rotate" in paired(by, lt, fresh, words_in(made, "LT"))
    by_words = words_in(
        redshank("keys", "BY", str(by.folder / "keys"), "--passphrase-file", str(by.folder / "passphrase")), "BY"
    )
    paired(lt, by, by.folder / "keys" / "public.json", by_words)
    for node in (by, lt):
        node.wait_for(lambda view: view["lines"][0]["next_keys"] == "confirmed")
    return fresh


def record_of(node: NodeProcess, generation: int, folder: Path) -> Path:
    path = folder / f"{node.party}-{generation}.zip"
    path.write_bytes(node.call("GET", f"/api/record/BY-LT?generation={generation}"))
    return path


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_keys_are_rotated_in_the_middle_of_an_incident(nodes: tuple[NodeProcess, NodeProcess], tmp_path: Path) -> None:
    """KEY-15, KEY-16, LOG-20 to LOG-22, MSG-20, REC-21 and RCV-13, with kill -9 right after the switch."""
    by, lt = nodes
    with running(by, lt):
        with flying(by, [OBJECT]):
            lt.wait_for(lambda view: view["incidents"])
        does(by, act="send-query", incident=FIRST, channel="BY-LT", object=1)
        lt.wait_for(lambda _: any(kind == "QUERY" for *_, kind in messages_of(lt)))
        fresh = ceremony(by, lt)
        told = redshank("rotate", "--config", str(lt.config), "BY")
        assert "BY follows by itself" in told
        lt.kill()
        lt.start()
        lt.wait_ready()
        by.wait_for(lambda view: view["lines"][0]["generation"] == 1)
        by.kill()
        by.start()
        by.wait_ready()
        for node in (by, lt):
            node.wait_for(lambda view: view["lines"][0]["queued"] == 0 and view["lines"][0]["partner_size"])
            assert line_of(node)["generation"] == 1
        query = next(serial for way, _, serial, kind in messages_of(lt) if (way, kind) == ("got", "QUERY"))
        does(lt, act="send-reply", channel="BY-LT", serial=query, generation=0, answer="no-information")
        by.wait_for(lambda _: ("got", 1, "REPLY") in [(way, log, kind) for way, log, _, kind in messages_of(by)])
        does(by, act="close-incident", incident=FIRST, channel="BY-LT", outcome="did-not-cross")
        lt.wait_for(lambda _: ("got", 1, "CLOSE") in [(way, log, kind) for way, log, _, kind in messages_of(lt)])
        does(lt, act="agree-close", incident=FIRST, channel="BY-LT", agrees=True)
        by.wait_for(lambda _: incident_of(by)["phase"] == "closed")
        lt.wait_for(lambda _: incident_of(lt)["phase"] == "closed")
        for node in (by, lt):
            said = [one[:3] for one in messages_of(node)]
            assert len(said) == len(set(said))
            node.wait_for(lambda view: view["lines"][0]["queued"] == 0)
            assert line_of(node)["refusals"] == []
        the_records_chain((by, lt), fresh, tmp_path)
        a_lost_disk_is_rebuilt_from_both_records(by, lt, tmp_path)
    for node in (by, lt):
        node.stop()
        checked = ("--config", str(node.config), "--passphrase-file", str(node.folder / "passphrase"))
        redshank("check", str(node.folder / "data"), *checked)


def the_records_chain(nodes: tuple[NodeProcess, NodeProcess], fresh: Path, folder: Path) -> None:
    by, lt = nodes
    for node in nodes:
        old, new = record_of(node, 0, folder), record_of(node, 1, folder)
        sets = (by.public_keys, lt.public_keys, fresh)
        keys = [word for one in sets for word in ("--keys", str(one))]
        said = redshank("verify", str(new), "--before", str(old), *keys)
        assert "LT: the log follows the one before it (planned); the old keys name the new ones" in said
        assert "BY: the log follows the one before it (partner); the old keys name the new ones" in said
        with pytest.raises(AssertionError, match="generation 0 does not follow 1"):
            redshank("verify", str(old), "--before", str(new))


def a_lost_disk_is_rebuilt_from_both_records(by: NodeProcess, lt: NodeProcess, folder: Path) -> None:
    """Of all that BY had only its keys and pins are left; LT's records of both generations bring the rest back."""
    before = [one[:3] for one in messages_of(by)]
    by.stop()
    (by.folder / "data").rename(by.folder / "lost")
    records = [word for generation in (0, 1) for word in ("--from", str(record_of(lt, generation, folder)))]
    held = line_of(lt)["partner_size"]
    wishes = ("--by", "officer BY", "--size", f"BY-LT={held}", "--accept-loss")
    with pytest.raises(AssertionError, match="all are needed"):
        redshank("rebuild", "--config", str(by.config), *records[2:], *wishes)
    told = redshank("rebuild", "--config", str(by.config), *records, *wishes)
    assert "Open incidents: none" in told
    by.start()
    by.wait_ready()
    assert line_of(by)["generation"] == 1
    assert [one[:3] for one in messages_of(by)] == before
    does(by, act="test-line", channel="BY-LT")
    by.wait_for(lambda view: view["lines"][0]["last_test_ms"] and view["lines"][0]["queued"] == 0)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_lost_keys_are_followed_by_new_ones(nodes: tuple[NodeProcess, NodeProcess]) -> None:
    """KEY-17 and LOG-23: LT's whole key folder is gone; the ceremony and two commands bring the channel back, and what
    was said before is there."""
    by, lt = nodes
    with running(by, lt):
        does(lt, act="test-line", channel="BY-LT")
        lt.wait_for(lambda view: view["lines"][0]["last_test_ms"] and view["lines"][0]["queued"] == 0)
        lt.stop()
        for gone in ("keys", "pinned"):
            (lt.folder / gone).rename(lt.folder / f"lost-{gone}")
        made = redshank("keys", "LT", str(lt.folder / "keys"), "--passphrase-file", str(lt.folder / "passphrase"))
        again = redshank("keys", "BY", str(by.folder / "keys"), "--passphrase-file", str(by.folder / "passphrase"))
        paired(by, lt, lt.folder / "keys" / "public.json", words_in(made, "LT"))
        paired(lt, by, by.folder / "keys" / "public.json", words_in(again, "BY"))
        by.stop()
        by.start()  # LT has a new authority, which a running node does not take
        lt.start()
        for node in (by, lt):
            node.wait_ready()
            node.wait_for(lambda view: view["lines"][0]["next_keys"] == "confirmed")
        silent = lt.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"})
        assert silent["reason"] == "channel-not-active"
        assert "takes nothing of it until" in redshank("rotate", "--config", str(lt.config), "BY", "--why", "lost")
        redshank("rotate", "--config", str(by.config), "LT", "--why", "partner")
        for node in (by, lt):
            node.wait_for(lambda view: view["lines"][0]["generation"] == 1 and view["lines"][0]["queued"] == 0)
            does(node, act="test-line", channel="BY-LT")
        for node in (by, lt):
            node.wait_for(lambda view: view["lines"][0]["state"] == "up" and view["lines"][0]["queued"] == 0)
