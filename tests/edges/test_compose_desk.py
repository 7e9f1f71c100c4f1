"""The desk of a real node, with its real store: a log is shown without reading all of it."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from tests.node.lone_side import lone_state

from redshank.cli.record_files import unzipped
from redshank.compose.build import read_gazetteer
from redshank.compose.desk import NodeDesk, SeenLinks
from redshank.compose.serve import DESK_SOURCE
from redshank.console.port import Accepted
from redshank.edges.clock import SystemClock
from redshank.edges.engine import Engine
from redshank.edges.keys import KeySet
from redshank.edges.peers.links import LinkBook
from redshank.edges.people import PeopleStore
from redshank.edges.store import Store
from redshank.edges.tiles import LogTiles, TileHashes
from redshank.edges.turn import take_turn
from redshank.exchange.delivery import OK
from redshank.exchange.record import log_files
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exchange.signing import receipt_lines
from redshank.exchange.verifier import Contradiction, verify_record
from redshank.exercise.simulation.scenes import START, Keys, fresh_state
from redshank.log import tiles
from redshank.node.commands import TestLine as LineTest
from redshank.node.effects import KeepEntry
from redshank.node.events import AnswerCame
from redshank.node.events import TestFellDue as FellDue
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.roles import Role
from redshank.warning.proposal import Proposal

BY, LT, CHANNEL = PartyId("BY"), PartyId("LT"), ChannelId("BY-LT")
KEYS = {party: Keys(7, party) for party in (BY, LT)}


class StillClock:
    """Keeps the contract of a clock: it shows what it is set to."""

    rate = 1.0

    def __init__(self) -> None:
        self.at = START

    def now(self) -> Instant:
        return self.at


class NoAlerts:
    """Keeps the contract of an alert sender; this node has none to send."""

    def publish(self, warning: str, cap: bytes) -> None:
        raise AssertionError(Proposal)


class CountingStore(Store):
    """The real store; counts the entries that it was asked for."""

    read = 0

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        found = super().entries(origin, start, stop)
        self.read += len(found)
        return found


class Running:
    """A node of LT and its desk."""

    def __init__(self, folder: Path, fresh: NodeState | None = None) -> None:
        self.clock = StillClock()
        self.store = CountingStore(folder / "node.sqlite")
        self.people = PeopleStore(folder / "people.sqlite", LT)
        if self.people.person("anna") is None:
            self.people.add("anna", "Anna", list(Role), SystemClock().now())
        keys = cast(KeySet, KEYS[LT])  # an engine signs with them and asks nothing else
        self.engine = Engine(fresh or fresh_state(LT, KEYS), self.store, keys, self.clock, NoAlerts())
        logs = LogTiles(self.engine, TileHashes(folder / "tiles.sqlite"))
        self.desk = NodeDesk(self.engine, DESK_SOURCE, read_gazetteer(), logs, SeenLinks(LinkBook(), keys), self.people)


@asynccontextmanager
async def running(folder: Path, fresh: NodeState | None = None) -> AsyncIterator[Running]:
    node = Running(folder, fresh)
    task = asyncio.create_task(node.engine.run())
    try:
        yield node
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        node.store.close()
        node.people.close()


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
async def test_a_log_is_shown_path_by_path(tmp_path: Path, size: int) -> None:
    """DEL-9, LOG-7: each file of the log is what a whole export gives, at the price of one bundle."""
    async with running(tmp_path) as node:
        await say(node, size)
        session = node.engine.state.session(CHANNEL)
        export = await cast(Any, node.desk)._export(session.own.key.name, session.witnesses)
        files = {path: data for path, data in log_files(export).items() if not path.startswith("receipts/")}
        assert export.size == size
        assert await node.desk.log_resource(CHANNEL, "tile/0/000") is not None or size < tiles.TILE_WIDTH
        for path, data in files.items():
            node.store.read = 0
            assert await node.desk.log_resource(CHANNEL, path) == data, path
            assert node.store.read <= tiles.TILE_WIDTH, "whole tiles are hashed once, at the first question"
        for path in ("tile/0/003", "tile/2/000", "receipts/1", "tile/entries/000.p/0", f"tile/0/{size // 256 + 1:03d}"):
            assert await node.desk.log_resource(CHANNEL, path) is None, path


async def test_a_record_holds_the_evidence_of_its_channel(tmp_path: Path) -> None:
    """REC-16, REC-18: what BY signed against itself goes into the export, and both say that BY did; without it there is
    no such file."""
    honest, other = _by_says(0), _by_says(500)
    async with running(tmp_path) as node:
        status, _ = await node.desk.delivery(CHANNEL, honest)
        assert (status, await _evidence_in(node)) == (200, [])
        status, _ = await node.desk.delivery(CHANNEL, other)
        assert status == 422
        (shown,) = await _evidence_in(node)
        assert (shown.kind, shown.accused, shown.reporter, shown.convicts) == ("forked", BY, LT, True)


async def test_the_record_of_a_lone_log_is_exported(tmp_path: Path) -> None:
    """REC-20, REC-18: of a partner without keys there is neither log nor evidence to ask for."""
    async with running(tmp_path, lone_state(fresh_state(LT, KEYS), BY)) as node:
        assert await node.desk.command(LineTest(channel=CHANNEL), "duty-officer", "anna") == Accepted()
        packed = await node.desk.record(CHANNEL)
        assert isinstance(packed, bytes)
        report = verify_record(unzipped(io.BytesIO(packed), len(packed)), {LT: KEYS[LT].public(CHANNEL, LT)})
        assert report.ok, report.findings
        assert report.manifest is not None
        assert report.manifest.by_voice == BY
        assert {one.party: one.size for one in report.directions} == {LT: 1, BY: 0}


async def _evidence_in(node: Running) -> list[Contradiction]:
    packed = await node.desk.record(CHANNEL)
    assert isinstance(packed, bytes)
    files = unzipped(io.BytesIO(packed), len(packed))
    pinned = {party: KEYS[party].public(CHANNEL, party) for party in KEYS}
    report = verify_record(files, pinned)
    assert report.ok, report.findings
    assert [path for path in files if path.startswith("evidence/")] == [one.path for one in report.evidence]
    return list(report.evidence)


def _by_says(at_ms: int) -> bytes:
    """The delivery of a first line test of BY, stated then."""
    at, entries = Instant(START + at_ms), list[bytes]()
    done = take_turn(fresh_state(BY, KEYS), [FellDue(CHANNEL)], at, KEYS[BY])
    entries += [one.body for one in done.durables if isinstance(one, KeepEntry)]
    due = next_delivery(done.state.session(CHANNEL))
    assert due is not None
    return delivery_bytes(due, tuple(entries[due.first : due.end]))


async def say(node: Running, count: int) -> None:
    """That many line tests; their heads are taken by BY's witness as they come."""
    for _ in range(count):
        await node.engine.post(FellDue(CHANNEL))
    partner, version = fresh_state(BY, KEYS).session(CHANNEL), 0
    while (own := node.engine.state.session(CHANNEL).own).size < count or own.head is None:
        version = await node.engine.changed(version, 1.0)
    while (own := node.engine.state.session(CHANNEL).own).receipted_size < count:
        assert own.head is not None
        lines = receipt_lines(partner, own.head.text, START, KEYS[BY])
        assert await node.engine.ask(partial(_answer, lines)) is None


def _answer(lines: bytes, ticket: int) -> AnswerCame:
    return AnswerCame(ticket, CHANNEL, OK, lines)
