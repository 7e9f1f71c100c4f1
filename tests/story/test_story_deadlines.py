"""Deadlines of a node process that is killed with -9 while clocks jump: each step fires once, none is forgotten, and
the next one can be seen coming."""

import time

import pytest
from tests.story.story_fleet import make_fleet
from tests.story.story_sky import FEED, Flight, flying

from redshank.edges.clock import set_exercise_clock
from redshank.edges.store import Store
from redshank.node.events import DeadlinePassed, decode_event
from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)
OBJECT = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
INCIDENT = "BY-2026-000001"


@pytest.fixture
def node(tmp_path):
    """BY, whose partner LT was never started: nothing is receipted, so deadlines pass."""
    node = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})["BY"]
    node.start()
    node.wait_ready()
    yield node
    node.stop()


def thread_of(view):
    found = [one for one in view["incidents"] if one["id"] == INCIDENT]
    return found[0]["threads"][0] if found and found[0]["threads"] else None


def owed(view, what):
    thread = thread_of(view)
    return next((one for one in thread["obligations"] if one["what"] == what), None) if thread else None


def jump(node, to_ms):
    set_exercise_clock(node.folder.parent / "clock.json", Instant(to_ms), 1.0)


def journal(node):
    store = Store(node.folder / "data" / "node.sqlite")
    kept = [(at, decode_event(event)) for at, event in store.journal()]
    store.close()
    return kept


def again(node):
    node.kill()
    node.start()
    node.wait_ready()


@pytest.mark.timeout(300)
def test_kill_9_and_jumps_of_the_clock_lose_no_step_and_fire_none_twice(node):
    """PROC-8, PROC-38"""
    with flying(node, [OBJECT]):
        node.wait_for(lambda view: owed(view, "receipt"))
    view = node.view()
    receipt = owed(view, "receipt")
    assert receipt["due_ms"] > NIGHT  # it can be seen coming
    begin_ms = receipt["due_ms"]

    jump(node, begin_ms + 60_000)  # forward, over the first step; dead in that moment
    node.wait_for(lambda view: (owed(view, "receipt") or {}).get("escalation") == "alternate-line")
    again(node)
    assert owed(node.view(), "receipt")["escalation"] == "alternate-line"

    node.kill()
    jump(node, begin_ms + 200_000)  # forward, while it is down
    time.sleep(0.5)
    node.start()
    node.wait_ready()
    node.wait_for(lambda view: (owed(view, "receipt") or {}).get("escalation") == "third-party-relay")
    late_ms = node.view()["now_ms"]

    jump(node, begin_ms - 30_000)  # back, before everything, and killed there
    time.sleep(1.0)
    again(node)
    view = node.view()
    assert view["now_ms"] >= late_ms - 1_000  # its own time goes on from the last recorded event
    assert owed(view, "receipt")["escalation"] == "third-party-relay"

    jump(node, begin_ms + 400_000)
    node.wait_for(lambda view: (owed(view, "receipt") or {}).get("escalation") == "higher-level")
    again(node)
    time.sleep(1.0)
    node.stop()

    kept = journal(node)
    assert [at for at, _ in kept] == sorted(at for at, _ in kept)
    steps = [(event.incident, event.obligation, event.level) for _, event in kept if isinstance(event, DeadlinePassed)]
    assert len(steps) == len(set(steps))
    assert [level for _, name, level in steps if name == receipt["id"]] == [1, 2, 3]
