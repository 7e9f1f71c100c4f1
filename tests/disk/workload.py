"""Workload: two real nodes' engines and stores, exchanging in one process; a second process runs it under the shim.

Real: keys, store, engine, turn, outbox, alert spool, console keys. In place of the line there is a function call. Each
thing that somebody outside learns is noted in a `.mark` file, and thereby in the trace, in the very order.

    python -m tests.disk.workload ROOT REFERENCE TURNS [MISTAKE]
"""

import asyncio
import contextlib
import json
import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redshank.compose.doorkeeper import feed_key
from redshank.decode.decoded import Decoded
from redshank.edges import durable_file, store
from redshank.edges.alerts import SpoolSender
from redshank.edges.engine import Engine
from redshank.edges.keys import KeySet, Passphrase, make_keys
from redshank.edges.peers.outbox import ChannelOutbox
from redshank.edges.recovery import RecoveryFailed, recover
from redshank.edges.store import JOURNAL, Store, StoreFailed
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys, party_keys
from redshank.exercise.simulation.officers import _sensible
from redshank.exercise.simulation.scenes import YEAR, fresh_state
from redshank.node.commands import Command, IssueWarning, TestLine
from redshank.node.effects import Durable, KeepEvent
from redshank.node.events import Asked, DeliveryCame, Event, Reported, Ticked
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.geo import Position, destination
from redshank.terms.ids import ChannelId, PartyId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

BY, LT = PartyId("BY"), PartyId("LT")
CHANNEL = ChannelId("BY-LT")
BEGIN = Instant(1_778_113_800_000)
MISTAKE = ""
limits.WAL_BYTES = 160_000
"""So few that the short run holds several checkpoints."""


class HandClock:
    """Stands until it is moved."""

    rate = 1.0

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> Instant:
        return self.at


class PublicOf:
    """A key set as `fresh_state` wants it."""

    def __init__(self, keys: KeySet) -> None:
        self.sign_with_log_key = keys.sign_with_log_key
        self.sign_with_witness_key = keys.sign_with_witness_key
        self.sign_with_log_mldsa_key = keys.sign_with_log_mldsa_key
        self.sign_with_witness_mldsa_key = keys.sign_with_witness_mldsa_key
        self._public = keys.public()

    def public(self, channel: ChannelId, party: PartyId) -> PartyKeys:
        made = party_keys(EXERCISE_PREFIX, channel, YEAR, party, self._public.raw())
        assert isinstance(made, PartyKeys)
        return made


def fresh(party: PartyId, cast: dict[PartyId, KeySet]) -> NodeState:
    """A node that has heard nothing yet."""
    return fresh_state(party, {name: PublicOf(keys) for name, keys in cast.items()})  # type: ignore[misc]


class Notebook:
    """What is known outside, in order."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def says(self, **what: object) -> None:
        if self._file is not None:
            os.write(self._file, json.dumps(what).encode() + b"\n")


class WatchedStore(Store):
    """The store; each commit that has returned is noted, with all that was in it."""

    def __init__(self, party: PartyId, path: Path, book: Notebook) -> None:
        super().__init__(path)
        self._party, self._book = party, book
        if MISTAKE == "no fsync of the store":
            self._db.execute("PRAGMA synchronous = OFF")
        self.commits: list[tuple[int, Instant, tuple[Durable, ...]]] = []

    def commit(self, durables: Sequence[Durable], now: Instant) -> None:
        recorded = self.recorded + sum(isinstance(one, KeepEvent) for one in durables)
        self.commits.append((recorded, now, tuple(durables)))
        if MISTAKE == "acknowledged before the commit":
            self._book.says(party=self._party, done="commit", journal=recorded)
        super().commit(durables, now)
        assert self.recorded == recorded
        self._book.says(party=self._party, done="commit", journal=recorded)

    def mark_published(self, warning: str, now: Instant) -> None:
        super().mark_published(warning, now)
        self._book.says(party=self._party, done="published", warning=warning)

    @property
    def recorded(self) -> int:
        return self._tips.get(JOURNAL, (0, b""))[0]


class WatchedEngine(Engine):
    """The engine; keeps what the state was after each turn."""

    live: dict[int, Any]

    async def _turn(self, batch: Sequence[Event]) -> None:
        await super()._turn(batch)
        assert isinstance(self._store, WatchedStore)
        self.live[self._store.recorded] = held(self.state)


def held(state: NodeState) -> tuple[Any, ...]:
    """What a restart must give back. The ticket is the number of a waiting caller, who is gone."""
    return dict(state.sessions), state.incidents, {name: alert.issued_at for name, alert in state.alerts.items()}


PASSPHRASE = Passphrase("known to every process of a test")


class Side:
    """One party."""

    def __init__(self, party: PartyId, root: Path, clock: HandClock, book: Notebook) -> None:
        self.party, self.folder, self.book, self._clock = party, root / party, book, clock
        self.keys = make_keys(party, self.folder / "keys", BEGIN, PASSPHRASE)
        self.book.says(party=party, done="keys", public=self.keys.public().log_key)
        self.live: dict[int, Any] = {}
        self.commits: list[tuple[int, Instant, tuple[Durable, ...]]] = []

    def start(self, cast: dict[PartyId, KeySet]) -> None:
        data = self.folder / "data"
        self.store = WatchedStore(self.party, data / "node.sqlite", self.book)
        self.store.commits = self.commits
        self.book.says(party=self.party, done="console", key=feed_key(data))
        state = recover(fresh(self.party, cast), self.store)
        self.engine = WatchedEngine(state, self.store, self.keys, self._clock, SpoolSender(data / "alerts"))
        self.engine.live = self.live
        self.live[self.store.recorded] = held(state)
        self.outbox = ChannelOutbox(self.engine, CHANNEL)
        self.running = asyncio.create_task(self.engine.run())

    async def stop(self) -> None:
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.running
        self.store.close()

    async def happens(self, event: Event) -> None:
        """An event that nobody waits for; returns when it is done."""
        version = self.engine.version
        await self.engine.post(event)
        while self.engine.version == version:
            changed = asyncio.create_task(self.engine.changed(version, 1.0))
            await asyncio.wait([changed, self.running], return_when=asyncio.FIRST_COMPLETED)
            self._raise_if_dead()

    async def does(self, command: Command) -> None:
        asked = asyncio.create_task(self.engine.ask(lambda ticket: Asked(ticket, "duty-officer", command)))
        await asyncio.wait([asked, self.running], return_when=asyncio.FIRST_COMPLETED)
        self._raise_if_dead()
        if asked.result() is None and isinstance(command, IssueWarning):
            self.book.says(party=self.party, done="warned", warning=command.warning)

    async def takes(self, delivery: bytes) -> tuple[int, bytes]:
        answer = asyncio.create_task(self.engine.ask(lambda ticket: DeliveryCame(ticket, CHANNEL, delivery)))
        await asyncio.wait([answer, self.running], return_when=asyncio.FIRST_COMPLETED)
        self._raise_if_dead()
        result = answer.result()
        assert isinstance(result, tuple)
        if result[0] == 200:
            theirs = self.engine.state.session(CHANNEL).theirs
            self.book.says(party=self.party, done="receipt", origin=theirs.origin, size=theirs.size)
        return result

    def _raise_if_dead(self) -> None:
        if self.running.done():
            self.running.result()


async def deliver(one: Side, other: Side) -> None:
    """Everything that `one` owes, as the pump does it."""
    while (due := await one.outbox.next_delivery(0)) is not None:
        head = one.engine.state.session(CHANNEL).own.head
        assert head is not None
        assert head.checkpoint.size == due.size
        size, root = head.checkpoint.size, head.checkpoint.root.hex()
        one.book.says(party=one.party, done="delivery", origin=head.checkpoint.origin, size=size, root=root)
        answer = await other.takes(due.body)
        got = asyncio.create_task(one.outbox.answered(*answer, due))
        await asyncio.wait([got, one.running], return_when=asyncio.FIRST_COMPLETED)
        one._raise_if_dead()
        assert got.result()


def seen(at: Instant, number: int) -> Decoded:
    """An object that flies from BY into LT."""
    flown_m = 45.0 * (at - BEGIN) / 1_000
    report = Report(
        source=SourceId("tracker"),
        kind=ReportKind.TRACK,
        at=at,
        position=destination(Position(54.5, 25.9 + 0.1 * number), 285.0, flown_m),
        covariance=HorizontalCovariance(2_500.0, 0.0, 2_500.0),
        velocity_e_mps=-43.5,
        velocity_n_mps=11.6,
        sigma_velocity_mps=2.0,
        track_number=number,
        status=Status.UAV,
    )
    return Decoded((report,))


async def converse(sides: tuple[Side, Side], clock: HandClock, turns: int, done: set[Command]) -> None:
    """Objects fly, officers answer whatever the procedure lets them answer, lines are tested."""
    for turn in range(turns):
        for number, side in enumerate(sides):
            other = sides[1 - number]
            for _ in range(4):
                clock.at = Instant(clock.at + 1_000)
                await side.happens(Reported(SourceId("tracker"), seen(clock.at, 1)))
                await side.happens(Ticked())
            state = side.engine.state
            wanted = [command for command in _sensible(state) if command not in done and _is_calm(command)]
            warnings = [IssueWarning(warning=name) for name, one in state.alerts.items() if one.issued_at is None]
            for command in (*wanted[:2], *warnings[:1]):  # however much else there is to do
                done.add(command)
                await side.does(command)
            if turn % 3 == number:
                await side.does(TestLine(channel=CHANNEL))
            await deliver(side, other)
            await deliver(other, side)


def _is_calm(command: Command) -> bool:
    return not type(command).__name__.startswith(("Close", "AgreeClose", "IssueWarning"))


async def main(root: Path, reference: Path, turns: int) -> None:
    """Two lives of two nodes, with an orderly end between them. What was kept is told whatever happens."""
    clock, book, done = HandClock(), Notebook(root / "outside.mark"), set[Command]()
    kept: dict[str, Any] = {}
    try:
        sides = Side(BY, root, clock, book), Side(LT, root, clock, book)
        kept |= {side.party: (side.live, side.commits) for side in sides}
        cast = {side.party: side.keys for side in sides}
        for _ in range(2):
            for side in sides:
                side.start(cast)
            await converse(sides, clock, turns, done)
            for side in sides:
                await side.stop()
    finally:
        reference.write_bytes(pickle.dumps(kept))  # noqa: ASYNC240 - nothing runs beside it any more


def make_mistake(mistake: str) -> None:
    """Breaks one promise of the product, so that a test can show that the images catch it."""
    match mistake:
        case "no fsync of folders":
            setattr(durable_file, "sync_folder", lambda folder: None)  # noqa: B010
            setattr(store, "sync_folder", lambda folder: None)  # noqa: B010
        case "no fsync of files":
            setattr(os, "fsync", lambda descriptor: None)  # noqa: B010
        case "no fsync at a checkpoint":
            Store._checkpoint = _careless_checkpoint  # type: ignore[method-assign]
        case "published is marked first":
            Engine._publish = _mark_first  # type: ignore[method-assign]


def _careless_checkpoint(self: Store) -> bool:
    self._db.execute("PRAGMA synchronous = OFF")
    (busy, _, _) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    self._db.execute("PRAGMA synchronous = FULL")
    return not busy


async def _mark_first(self: Engine, warning: str, cap: bytes) -> None:
    self._store.mark_published(warning, self.now())
    self._alerts.publish(warning, cap)


def main_process(root: Path, reference: Path, turns: int) -> int:
    """The exit code: 0 when it went to its end, 3 when the disk failed and that was said on stderr."""
    try:
        asyncio.run(main(root, reference, turns))
    except (StoreFailed, RecoveryFailed, OSError) as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        return 3
    return 0


if __name__ == "__main__":
    MISTAKE = sys.argv[4] if len(sys.argv) > 4 else ""
    make_mistake(MISTAKE)
    sys.exit(main_process(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
