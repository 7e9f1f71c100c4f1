"""Bookmarks: a restart goes on from the newest one, and from the whole journal when there is none to go by (RCV-12)."""

import asyncio
import sqlite3
from pathlib import Path
from typing import cast

import pytest

from redshank.edges.check import check_store
from redshank.edges.engine import Engine
from redshank.edges.keys import KeySet
from redshank.edges.recovery import recover
from redshank.edges.store import Store
from redshank.exercise.simulation.invariants import duty_half
from redshank.exercise.simulation.scenes import START, Keys, fresh_state
from redshank.node import commands
from redshank.node.events import Asked
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant

BY, LT, CHANNEL = PartyId("BY"), PartyId("LT"), ChannelId("BY-LT")
KEYS = {party: Keys(11, party) for party in (BY, LT)}
ORDER = commands.TestLine(channel=CHANNEL)


class StillClock:
    """Keeps the contract of a clock."""

    rate = 1.0

    def now(self) -> Instant:
        return START


class NoAlerts:
    """Keeps the contract of an alert sender; this node has none to send."""

    def publish(self, warning: str, cap: bytes) -> None:
        raise AssertionError(warning)


async def lived(path: Path, events: int, *, killed: bool = False) -> NodeState:
    """The state at the end of a life with so many recorded events more; `killed`: without a regular end."""
    store = Store(path)
    state, _ = restarted(store)
    engine = Engine(state, store, cast(KeySet, KEYS[LT]), StillClock(), NoAlerts())
    running = asyncio.create_task(engine.run())
    for _ in range(events):  # each waits for its answer, so that at the end no turn is under way
        assert await engine.ask(lambda ticket: Asked(ticket, "duty-officer", ORDER)) is None
    if killed:
        store.keep_bookmark = lambda body: None  # type: ignore[method-assign]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    store.close()
    return engine.state


def restarted(store: Store) -> tuple[NodeState, int]:
    """The state of a restart, and how many events were replayed for it."""
    replayed = list[int]()
    state = recover(fresh_state(LT, KEYS), store, replayed.append)
    return state, len(replayed)


def again(path: Path) -> tuple[NodeState, int]:
    store = Store(path)
    try:
        return restarted(store)
    finally:
        store.close()


async def test_a_node_that_was_stopped_replays_nothing(tmp_path: Path) -> None:
    """RCV-12: and a second life begins where the first one ended."""
    for _ in range(2):
        before = await lived(tmp_path / "node.sqlite", 5)
        state, replayed = again(tmp_path / "node.sqlite")
        assert replayed == 0
        assert duty_half(state) == duty_half(before)


async def test_a_node_that_was_killed_replays_what_came_after_the_bookmark(tmp_path: Path) -> None:
    """RCV-12: the same state as from the whole journal."""
    await lived(tmp_path / "node.sqlite", 7)
    before = await lived(tmp_path / "node.sqlite", 4, killed=True)
    state, replayed = again(tmp_path / "node.sqlite")
    assert 4 <= replayed < 11
    assert duty_half(state) == duty_half(before)


async def test_a_bookmark_is_kept_while_the_node_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RCV-12: after so many events, and after so many bytes."""
    for name, value in (("BOOKMARK_EVENTS", 6), ("BOOKMARK_BYTES", 200)):
        monkeypatch.setattr(limits, name, value)
        await lived(tmp_path / name, 30, killed=False)
        before = await lived(tmp_path / name, 30, killed=True)
        state, replayed = again(tmp_path / name)
        assert replayed <= 31
        assert duty_half(state) == duty_half(before)
        monkeypatch.undo()


@pytest.mark.parametrize(
    "fault", ["UPDATE bookmark SET body = CAST(x'00' || body AS BLOB)", "UPDATE bookmark SET seq = seq - 1"]
)
async def test_a_bookmark_that_rots_is_left_aside_and_named(tmp_path: Path, fault: str) -> None:
    """RCV-12, RCV-5: the journal says it all; `redshank check` says what is wrong."""
    path = tmp_path / "node.sqlite"
    before = await lived(path, 6)
    with sqlite3.connect(path) as db:
        db.execute(fault)
    db.close()
    store = Store(path)
    assert store.bookmark() is None
    state, replayed = restarted(store)
    assert replayed == store.events
    store.close()
    assert duty_half(state) == duty_half(before)
    assert [found.place for found in check_store(path, lambda what, done, most: None).faults] == ["bookmark"]


async def test_a_bookmark_of_another_version_is_left_aside(tmp_path: Path) -> None:
    """RCV-12: a sound row that this version can not read."""
    path = tmp_path / "node.sqlite"
    before = await lived(path, 6)
    store = Store(path)
    store.keep_bookmark(b"of a later version")
    state, replayed = restarted(store)
    assert replayed == store.events
    store.close()
    assert duty_half(state) == duty_half(before)
