"""A line that works in one direction only: what BY can not push, LT pulls. DEL-9 to DEL-11 between two processes."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.story.story_fleet import NodeProcess, free_port, make_fleet, running

from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z


def no_way_to(node: NodeProcess) -> None:
    """The node's calls to its partner end at a port where nobody listens, as behind a firewall."""
    config = yaml.safe_load(node.config.read_text())
    config["channels"][0]["url"] = f"https://127.0.0.1:{free_port()}"
    node.config.write_text(yaml.safe_dump(config))


@pytest.mark.timeout(180)
def test_what_one_side_can_not_push_the_other_one_pulls(tmp_path: Path) -> None:
    """DEL-10, DEL-11: BY's messages arrive, their receipts come home, and LT's answers go the ordinary way."""
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT)
    by, lt = nodes["BY"], nodes["LT"]
    no_way_to(by)
    with running(by, lt):
        for expected in (1, 2):
            assert by.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"}) == {"accepted": True}
            line = by.wait_for(lambda view, least=expected: receipted(view, least), 60.0)
            assert line["own_size"] == line["receipted_size"]
        theirs = lt.wait_for(lambda view: receipted(view, 2), 60.0)
        assert theirs["partner_size"] >= 2
        assert by.view()["lines"][0]["last_test_ms"] is not None, "LT's TEST-REPLY has come the ordinary way"


def receipted(view: dict[str, Any], least: int) -> dict[str, Any] | None:
    line: dict[str, Any] = view["lines"][0]
    return line if line["own_size"] == line["receipted_size"] >= least else None
