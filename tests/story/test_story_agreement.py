"""The life of an agreement on two real nodes: the documented basis of BY and LT, dormant to ended. No browser."""

import io
import signal
import subprocess
import sys
import zipfile

import pytest
import yaml
from tests.story.story_fleet import PACKAGE, make_fleet, running
from tests.story.story_sky import FEED, Flight, flying

from redshank.exchange.bounds import OF_LIFE
from redshank.exchange.verifier import verify_record
from redshank.exercise.accounts import OFFICER
from redshank.procedure.agreement import parse_agreement
from redshank.procedure.fingerprint import fingerprint
from redshank.terms.instants import Instant
from redshank.terms.message import LifeBody, Message

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
FLIGHT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
BASIS = (PACKAGE / "procedure" / "bases" / "by-lt.yaml").read_text(encoding="utf-8")
MARK = fingerprint(parse_agreement(BASIS))


def redshank(*words):
    done = subprocess.run(
        [sys.executable, "-m", "redshank.cli.main", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def act(node, name, *more):
    """By the command of the node's own machine; who stops is the officer, all else the only administrator does."""
    partner = "LT" if node.party == "BY" else "BY"
    who = ("--as", OFFICER) if name == "suspend" else ()
    return redshank("agreement", name, "--config", node.config, partner, *who, *more)


def line(view):
    return view["lines"][0]


def stands(node, state, what=lambda agreement: True):
    node.wait_for(lambda view: line(view)["agreement"]["state"] == state and what(line(view)["agreement"]), 40)


def messages(node, direction):
    return [
        one
        for incident in node.view()["incidents"]
        for thread in incident["threads"]
        for one in thread["messages"]
        if one["direction"] == direction and one["serial"] is not None
    ]


@pytest.fixture
def pair(tmp_path):
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    for node in nodes.values():
        text = node.folder / "by-lt.yaml"
        text.write_text(BASIS, encoding="utf-8")
        config = yaml.safe_load(node.config.read_text())
        config["channels"][0]["agreement"] = str(text)
        node.config.write_text(yaml.safe_dump(config))
    with running(*nodes.values()):
        yield nodes["BY"], nodes["LT"]


def test_agr_6_to_12_a_dormant_agreement_is_activated_stopped_over_a_dead_line_resumed_and_ended(pair):
    """AGR-4, AGR-6 to AGR-10, AGR-12: on the documented basis of 2001, with nothing but commands of officers."""
    by, lt = pair
    with flying(by, [FLIGHT]):
        nothing_but_tests(by, lt)
        both_activate(by, lt)
        one_stops_while_the_line_is_cut(by, lt)
        the_other_learns_it_when_the_line_returns(by, lt)
        it_goes_on(by, lt)
        a_changed_file_changes_nothing(by)
        it_ends_and_is_closed(by, lt)
    the_record_has_all_of_it(by)


def nothing_but_tests(by, lt):
    for node in (by, lt):
        stands(node, "dormant", lambda agreement: agreement["kind"] == "bilateral" and not agreement["by_file"])
        node.wait_for(lambda view: line(view)["last_test_ms"] is not None)
    name = by.wait_for(
        lambda view: [track["id"] for track in view["tracks"] if track["observer"] == "BY" and track["life"] == "live"]
    )[0]
    by.call("POST", "/api/command", {"act": "open-incident", "track": name})
    incident = by.wait_for(lambda view: [one["id"] for one in view["incidents"]])[0]
    said = by.call("POST", "/api/command", {"act": "send-notice", "incident": incident, "channel": "BY-LT"})
    assert said["reason"] == "channel-not-active", said
    assert messages(by, "sent") == []
    assert lt.view()["incidents"] == []


def both_activate(by, lt):
    status, said = act(by, "activate", "--fingerprint", "0" * 64)
    assert (status, "not-agreed" in said) == (2, True), said
    assert act(by, "activate", "--fingerprint", MARK)[0] == 0
    stands(lt, "dormant", lambda agreement: agreement["partner_text"] == MARK[:12])
    assert by.view()["lines"][0]["agreement"]["state"] == "dormant"
    assert act(lt, "activate", "--fingerprint", MARK)[0] == 0
    for node in (by, lt):
        stands(node, "active", lambda agreement: agreement["text"] == MARK[:12])
    by.wait_for(lambda view: [one for one in messages(by, "sent") if one["type"] == "NOTICE"])
    lt.wait_for(lambda view: [one for one in messages(lt, "got") if one["type"] == "NOTICE"])


def one_stops_while_the_line_is_cut(by, lt):
    """LT is away; BY stops at once, and says nothing more about the object that is still flying."""
    lt.stop()
    status, said = act(by, "suspend", "--why", "ordered")
    assert status == 0, said
    stands(by, "suspended", lambda agreement: agreement["suspended_by"] == ["BY"])
    before = len(messages(by, "sent"))
    assert before
    incident = by.view()["incidents"][0]["id"]
    said = by.call("POST", "/api/command", {"act": "send-notice", "incident": incident, "channel": "BY-LT"})
    assert said["reason"] == "channel-not-active", said
    by.stop()
    by.start()
    by.wait_ready()
    stands(by, "suspended", lambda agreement: agreement["suspended_by"] == ["BY"])
    assert len(messages(by, "sent")) == before


def the_other_learns_it_when_the_line_returns(by, lt):
    lt.start()
    lt.wait_ready()
    stands(lt, "suspended", lambda agreement: agreement["suspended_by"] == ["BY"])
    newest = lt.view()["lines"][0]["agreement"]["acts"][0]
    assert (newest["by"], newest["type"], newest["why"], newest["effect"]) == ("BY", "SUSPEND", "ordered", "taken")
    assert act(lt, "resume")[0] == 2  # who suspended resumes


def it_goes_on(by, lt):
    assert act(by, "resume")[0] == 0
    for node in (by, lt):
        stands(node, "active")
    incident = lt.view()["incidents"][0]
    serial = next(one["serial"] for one in messages(lt, "got") if one["type"] == "NOTICE")
    said = lt.call("POST", "/api/command", {"act": "acknowledge", "channel": "BY-LT", "serial": serial})
    assert said == {"accepted": True}, (said, incident)


def a_changed_file_changes_nothing(by):
    file = by.folder / "by-lt.yaml"
    file.write_text(BASIS.replace("state: dormant", "state: active"), encoding="utf-8")
    by.process.send_signal(signal.SIGHUP)
    by.wait_for(lambda view: "NOT taken" in by.log())
    assert "only the two parties' acts activate it" in by.log()
    file.write_text(BASIS.replace("deadlines: {}", "deadlines: {ack: 300}"), encoding="utf-8")
    by.process.send_signal(signal.SIGHUP)
    stands(by, "active", lambda agreement: agreement["own_text"] != agreement["text"] == MARK[:12])


def it_ends_and_is_closed(by, lt):
    assert act(lt, "end", "--why", "expired")[0] == 0
    for node in (by, lt):
        stands(node, "ended")
    incident = by.view()["incidents"][0]["id"]
    closing = {"act": "close-incident", "incident": incident, "channel": "BY-LT", "outcome": "did-not-cross"}
    assert by.call("POST", "/api/command", closing) == {"accepted": True}
    theirs = lt.wait_for(lambda view: [one["id"] for one in view["incidents"] if "CLOSE" in str(one)])[0]
    agreed = {"act": "agree-close", "incident": theirs, "channel": "BY-LT", "agrees": True}
    lt.wait_for(lambda view: lt.call("POST", "/api/command", agreed) == {"accepted": True})
    by.wait_for(lambda view: view["incidents"][0]["phase"] == "closed")


def the_record_has_all_of_it(by):
    """Whoever has the record sees who did what, over which text."""
    with zipfile.ZipFile(io.BytesIO(by.call("GET", "/api/record/BY-LT"))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    report = verify_record(files)
    assert report.ok, report.findings
    said = [one.content for one in report.lines if isinstance(one.content, Message)]
    acts = [(one.sender, one.type.value) for one in said if one.type in OF_LIFE]
    assert sorted(acts) == [
        ("BY", "ACTIVATE"), ("BY", "RESUME"), ("BY", "SUSPEND"), ("LT", "ACTIVATE"), ("LT", "END"),
    ]  # fmt: skip
    assert {one.body.agreement for one in said if isinstance(one.body, LifeBody)} == {MARK}
