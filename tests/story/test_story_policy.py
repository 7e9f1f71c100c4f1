"""A policy on a running node: explained, changed by a signal, refused when it is bad, replayed, audited. No browser."""

import json
import signal
import subprocess
import sys
import time

import msgspec
import pytest
import yaml
from tests.story.story_fleet import PACKAGE, make_fleet, running
from tests.story.story_sky import FEED, Flight, flying

from redshank.terms.instants import Instant
from redshank.terms.track import Status

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
RELEASED = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
AIRLINER = Flight(
    number=2, lat_deg=54.6, lon_deg=26.5, course_deg=270.0, speed_mps=220.0, status=Status.AIRCRAFT, cooperative=True,
    altitude_m=9_000.0,
)  # fmt: skip
SILENT = "policy: by-silent\nparty: BY\nextent: nothing\nrules: []\n"


def redshank(*words):
    done = subprocess.run(
        [sys.executable, "-m", "redshank.cli.main", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def wait_for_log(node, text):
    deadline = time.monotonic() + 30
    while text not in node.log():
        assert time.monotonic() < deadline, node.log()
        time.sleep(0.1)


def sent(node):
    return [
        one
        for incident in node.view()["incidents"]
        for thread in incident["threads"]
        for one in thread["messages"]
        if one["direction"] == "sent"
    ]


@pytest.fixture
def pair(tmp_path):
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    by = nodes["BY"]
    config = yaml.safe_load(by.config.read_text())
    policy = by.folder / "policy.yaml"
    policy.write_bytes((by.config.parent / config["policy"]).read_bytes())
    by.config.write_text(yaml.safe_dump({**config, "policy": str(policy)}))
    with running(*nodes.values()):
        yield by, nodes["LT"], policy


def test_a_policy_is_explained_changed_replayed_and_audited(pair):
    """The whole of REL-21, REL-22 and REL-23 on two real nodes."""
    by, _, policy = pair
    with flying(by, [RELEASED, AIRLINER]):
        by.wait_for(lambda view: sent(by))
        first = sent(by)
        track = next(one["tracks"][0] for one in by.view()["incidents"])
        explained(by, track)
        a_bad_file_changes_nothing(by, policy)
        a_good_file_counts_at_once(by, policy)
    status, out, err = redshank("release", "audit", "--config", by.config, "--json")
    report = msgspec.json.decode(out)
    assert (status, report["unfit"]) == (0, []), err
    assert report["about_tracks"] >= len([one for one in first if one["type"] == "NOTICE"]) >= 1
    the_record_is_held_against_a_policy(by, policy)
    the_audit_names_policies_and_what_was_withheld(by)
    the_policy_outlives_a_restart_and_a_bad_file(by, policy)


def explained(by, track):
    """While the node runs."""
    status, out, err = redshank("release", "explain", track, "--config", by.config)
    assert status == 0, err
    assert "LT: release by border-strip-100" in out
    told = next(line for line in out.splitlines() if line.strip().startswith('{"phase"'))
    assert "altitude_m" not in told
    assert "no match  no-cooperative-traffic  cooperative: does not answer interrogation" in out
    assert "decides   border-strip-100" in out
    assert redshank("release", "explain", track, "--config", by.config, "--at", "2026-05-07T00:00:00Z")[0] == 2
    assert redshank("release", "explain", "BY/999", "--config", by.config)[0] == 2


def a_bad_file_changes_nothing(by, policy):
    good = policy.read_text()
    policy.write_text(good.replace("min_reports: 3", "min_report: 3"))
    assert redshank("release", "check", policy, "--party", "BY")[0] == 1
    by.process.send_signal(signal.SIGHUP)
    wait_for_log(by, "NOT taken")
    line = next(line for line in by.log().splitlines() if "NOT taken" in line)
    assert str(policy) in line
    assert "line " in line
    assert "min_report" in line
    assert "by-exercise-1 stays in force" in line
    assert any(seen["released"] for picture in by.view()["partner_pictures"] for seen in picture["seen"])


def a_good_file_counts_at_once(by, policy):
    policy.write_text(SILENT)
    assert redshank("release", "check", policy, "--party", "BY")[0] == 0
    by.process.send_signal(signal.SIGHUP)
    by.wait_for(
        lambda view: (
            [s for p in view["partner_pictures"] for s in p["seen"]]
            and not any(s["released"] for p in view["partner_pictures"] for s in p["seen"])
        )
    )
    assert "by-silent comes into force" in by.log()


def the_record_is_held_against_a_policy(by, policy):
    """By somebody who has the exported record, and no node."""
    record = by.folder / "record.zip"
    record.write_bytes(by.call("GET", "/api/record/BY-LT"))
    shipped = PACKAGE / "release" / "policies" / "BY.yaml"
    words = ("release", "audit-record", record, "--party", "BY", "--policy")
    status, out, err = redshank(*words, shipped)
    assert status == 0, out + err
    assert "held against by-exercise-1: no faults" in out
    status, out, _ = redshank(*words, policy)
    assert status == 1
    assert "no rule lets this type out to this partner" in out


def the_audit_names_policies_and_what_was_withheld(by):
    status, out, _ = redshank("release", "audit", "--config", by.config)
    assert status == 0
    assert "by-exercise-1 in force from" in out
    assert "by-silent in force from" in out
    assert "Withheld" in out


def the_policy_outlives_a_restart_and_a_bad_file(by, policy):
    """Replay decides as it was decided; a file that is refused does not keep the node from its last good policy."""
    before = sent(by)
    by.kill()
    assert redshank("release", "audit", "--config", by.config)[0] == 0, "what a power cut left can be read as well"
    policy.write_text("rules: [")
    by.start()
    by.wait_ready()
    assert "by-silent stays in force" in by.log()
    assert sent(by)[: len(before)] == before
    assert json.dumps(by.view()["partner_pictures"]).count('"released": true') == 0
    by.stop()
    status, out, err = redshank("check", by.folder / "data", "--config", by.config)
    assert status == 0, out + err
