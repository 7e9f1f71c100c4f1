"""The whole way on real nodes: the disk of one dies, its partner exports, a person rebuilds, the nodes go on."""

import shutil
import subprocess
import sys

import pytest
from tests.story.story_fleet import make_fleet, running

from redshank.exercise.accounts import make_accounts
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)


def redshank(*arguments):
    command = [sys.executable, "-m", "redshank.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def sizes(node):
    (line,) = node.view()["lines"]
    return line["own_size"], line["receipted_size"], line["partner_size"]


def line_is_tested(node):
    before = sizes(node)[0]
    assert "reason" not in node.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"})
    node.wait_for(lambda view: view["lines"][0]["receipted_size"] == view["lines"][0]["own_size"] > before)


def are_enrolled_anew(node):
    """No record brings the accounts back: the refused start has left a file of people with nobody in it."""
    node.sessions.clear()
    make_accounts(PartyId(node.party), node.folder / "data")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_rcv_7_a_node_whose_disk_died_is_rebuilt_by_command(tmp_path):
    """RCV-7, RCV-9, RCV-11: it does not begin anew; without record and size it says what it needs; with them it
    rebuilds; both nodes go on in order."""
    fleet = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT)
    by, lt = fleet["BY"], fleet["LT"]
    with running(by, lt):
        for node in (by, lt, by):
            line_is_tested(node)
        for node in (by, lt):
            node.wait_for(lambda view: view["lines"][0]["queued"] == 0)
        held = sizes(lt)[2]
        by.kill()
        exported = tmp_path / "record.zip"
        exported.write_bytes(lt.call("GET", "/api/record/BY-LT"))
        shutil.rmtree(by.folder / "data")
        told = redshank("node", "--config", by.config)
        assert (told.returncode, "keys have signed" in told.stderr) == (3, True), told.stderr
        wish = ["rebuild", "--config", by.config, "--from", exported, "--by", "Cpt Example", "--size", f"BY-LT={held}"]
        told = redshank(*wish)
        assert (told.returncode, "--accept-loss" in told.stderr) == (1, True), told.stderr
        told = redshank(*wish, "--accept-loss")
        assert told.returncode == 0, told.stderr
        assert f"own log {held} entries" in told.stdout
        assert redshank("check", by.folder / "data", "--config", by.config).returncode == 0
        are_enrolled_anew(by)
        by.start()
        by.wait_ready()
        assert sizes(by)[0] >= held
        for node in (by, lt):
            line_is_tested(node)
        assert sizes(by)[0] == sizes(lt)[2] > held
        assert [node.view()["lines"][0]["refusals"] for node in (by, lt)] == [[], []]
        (tmp_path / "after.zip").write_bytes(by.call("GET", "/api/record/BY-LT"))
        told = redshank("verify", tmp_path / "after.zip", "--keys", by.public_keys, "--keys", lt.public_keys)
        assert told.returncode == 0, told.stdout
