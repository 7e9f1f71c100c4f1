"""Engine: runs the core. Takes events from all edges, steps, commits what must be durable in one go, then acts.

Here: the loop, the group commit, the waiting tickets. Not here: any decision, the order of what waits (lanes), what a
batch leads to (turn).
Order is the law of this module: take the turn, commit, and only then anything that somebody outside can notice. When a
commit fails the node stops: what the disk holds then is for the restart to find out.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from redshank.edges.clock import Clock, stopwatch_ns
from redshank.edges.lanes import Lanes
from redshank.edges.newest import NewestEntries
from redshank.edges.store import Store
from redshank.edges.turn import Act, Ring, Signer, take_turn
from redshank.node.alerts import cap_of
from redshank.node.bookmark import bookmark_of
from redshank.node.effects import AnswerPeer, CommandDone, Deliver, KeepEntry, KeepEvent, NoteKind, PublishAlert
from redshank.node.events import Event
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

T = TypeVar("T")
_LOGGER = logging.getLogger(__name__)

BREATHS = 5
"""Rounds of the event loop between two pieces of work: as many as a request takes from its socket into its lane."""

ENDED = Refusal(Reason.BUSY, "node", "has stopped; whether this was kept shows when it is back")
"""What everybody hears who waits for a node that stops. A partner gets no receipt of it."""


class AlertSender(Protocol):
    """Hands CAP alerts to the public authority."""

    def publish(self, warning: str, cap: bytes) -> None:
        """Keeps the alert where the authority fetches it. Raises OSError."""


class Engine:
    """One node's loop. Every public coroutine may be called from the one event loop it runs in."""

    def __init__(self, state: NodeState, store: Store, keys: Signer | Ring, clock: Clock, alerts: AlertSender) -> None:
        self.state = state
        self.version = 0
        self._store = store
        self._keys = keys
        self._clock = clock
        self._alerts = alerts
        self._last_now = store.last_at()
        self._reflected = store.events
        """Recorded events that `state` is made of; what the store has beyond it was kept while the node was ended."""
        self._marked = store.events
        self._unmarked_bytes = 0
        self._lanes = Lanes()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._tickets: dict[int, asyncio.Future[tuple[int, bytes] | Refusal | None]] = {}
        self._next_ticket = 1
        self._ended = False
        self._changed = asyncio.Condition()
        self._wakers: dict[ChannelId, asyncio.Event] = {}
        self._newest = NewestEntries()

    # -- for the edges -------------------------------------------------------------------------------------------------

    async def post(self, event: Event) -> None:
        """Hands an event to the node; waits while its lane is full (back-pressure)."""
        await self._lanes.put(event)

    async def ask(self, make: Callable[[int], Event]) -> tuple[int, bytes] | Refusal | None:
        """Hands over the event made with a fresh ticket and waits for what becomes of it."""
        if self._ended:
            return ENDED
        ticket, self._next_ticket = self._next_ticket, self._next_ticket + 1
        future: asyncio.Future[tuple[int, bytes] | Refusal | None] = asyncio.get_running_loop().create_future()
        self._tickets[ticket] = future
        try:
            await self._lanes.put(make(ticket))
            return await future
        finally:
            self._tickets.pop(ticket, None)

    async def changed(self, since: int, timeout_s: float | None = None) -> int:
        """The state's version as soon as it is newer than `since`, or after the timeout.

        Without asyncio.wait_for, which in Python 3.11 may swallow the cancellation that ends a job.
        """
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._changed.wait_for(lambda: self.version > since)
            return self.version

    def waker(self, channel: ChannelId) -> asyncio.Event:
        """Set whenever there may be something to deliver on the channel."""
        return self._wakers.setdefault(channel, asyncio.Event())

    async def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        """Entries of one log, from the store when they are not the newest."""
        newest = self._newest.entries(origin, start, stop)
        return await self._on_disk(lambda: self._store.entries(origin, start, stop)) if newest is None else newest

    async def notes(self, origin: str, kind: NoteKind) -> list[tuple[int, bytes]]:
        """Heads or receipts of one log from the store."""
        return await self._on_disk(lambda: self._store.notes(origin, kind))

    async def reading(self, work: Callable[[Store], T]) -> T:
        """What `work` reads of the store, in the store's thread; it must be short, for commits wait."""
        return await self._on_disk(lambda: work(self._store))

    def now(self) -> Instant:
        """The node's time; never runs backwards, even if the machine's clock is set back."""
        self._last_now = max(self._last_now, self._clock.now())
        return self._last_now

    @property
    def events(self) -> int:
        """Recorded events that are durable."""
        return self._store.events

    @property
    def rate(self) -> float:
        """Seconds of the node's clock per second."""
        return self._clock.rate

    # -- the loop ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Runs until cancelled. Raises what breaks the node: InvariantBroken, StoreFailed, or OSError of the spool."""
        try:
            await self._publish_missed()
            while True:
                await self._lanes.arrived()
                for batch in (self._lanes.procedure, self._lanes.picture):
                    await self._turn(batch())
                if self.state.look is not None:
                    self._lanes.look_again()
                for _ in range(BREATHS):
                    await asyncio.sleep(0)
        finally:
            self._ended = True
            for ticket in self._tickets:
                self._settle(ticket, ENDED)
            marked = self._disk.submit(self._mark)
            self._disk.shutdown(wait=True)
            if marked.exception() is not None:
                _LOGGER.warning("no bookmark at the end, the next start replays more: %s", marked.exception())

    async def _turn(self, batch: Sequence[Event]) -> None:
        if not batch:
            return
        now, begin_ns = self.now(), stopwatch_ns()
        done = take_turn(self.state, batch, now, self._keys)
        stepped_ns = stopwatch_ns()
        if done.durables:
            await self._on_disk(lambda: self._store.commit(done.durables, now))
        self._tell_if_slow(batch, len(done.durables), begin_ns, stepped_ns)
        self.state, self._reflected = done.state, self._store.events
        written = {session.own.key.name for session in self.state.sessions.values()}
        self._newest.committed([one for one in done.durables if isinstance(one, KeepEntry)], written)
        self._unmarked_bytes += sum(len(one.event) for one in done.durables if isinstance(one, KeepEvent))
        for act in done.acts:
            await self._do(act)
        async with self._changed:
            self.version += 1
            self._changed.notify_all()
        if self._reflected - self._marked >= limits.BOOKMARK_EVENTS or self._unmarked_bytes >= limits.BOOKMARK_BYTES:
            await self._on_disk(self._mark)

    def _mark(self) -> None:
        """Keeps a bookmark, so that a restart has little to replay. In the store's thread, while nothing is stepped."""
        if self._reflected == self._store.events > self._marked:
            self._store.keep_bookmark(bookmark_of(self.state))
            self._marked, self._unmarked_bytes = self._reflected, 0

    def _tell_if_slow(self, batch: Sequence[Event], durables: int, begin_ns: int, stepped_ns: int) -> None:
        """A slow turn is a line in the operator's log: which part of it took the time, and what it was about."""
        stepped_ms, kept_ms = (stepped_ns - begin_ns) // 1_000_000, (stopwatch_ns() - stepped_ns) // 1_000_000
        if stepped_ms + kept_ms < limits.SLOW_TURN_MS:
            return
        kinds = Counter(type(event).__name__ for event in batch)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        _LOGGER.warning(
            "a slow turn: decided in %d ms, %d things durable in %d ms; it was about %s",
            stepped_ms,
            durables,
            kept_ms,
            told,
        )

    async def _do(self, act: Act) -> None:
        match act:
            case AnswerPeer(ticket=ticket, status=status, body=body):
                self._settle(ticket, (status, body))
            case CommandDone(ticket=ticket, refusal=refusal):
                self._settle(ticket, refusal)
            case Deliver(channel=channel):
                self.waker(channel).set()
            case PublishAlert(warning=warning, cap=cap):
                await self._publish(warning, cap)

    async def _publish_missed(self) -> None:
        """Alerts that a person had issued when the node died before they lay in the spool."""
        done = await self._on_disk(self._store.published)
        for warning, alert in self.state.alerts.items():
            cap = cap_of(self.state, warning, self.now())
            if alert.issued_at is not None and warning not in done and cap is not None:
                await self._publish(warning, cap)

    async def _publish(self, warning: str, cap: bytes) -> None:
        """First the file, then the mark: after a power cut between them the same bytes are put there again."""
        now = self.now()
        await self._on_disk(lambda: self._alerts.publish(warning, cap))
        await self._on_disk(lambda: self._store.mark_published(warning, now))

    def _settle(self, ticket: int, result: tuple[int, bytes] | Refusal | None) -> None:
        future = self._tickets.get(ticket)
        if future is not None and not future.done():
            future.set_result(result)

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)
