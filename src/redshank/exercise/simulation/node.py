"""Node: one party's node as the world drives it: the product's own turn, commit and recovery, without a process.

Here: the queue, the tickets, the order commit-then-act, death at any point of it, the restart. Not here: when one dies
(world), the turn itself (edges/turn), what is right (invariants).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from redshank.edges.recovery import recover
from redshank.edges.turn import Act, Turn, take_turn
from redshank.exchange.delivery import OK, origin_in
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exercise.simulation.disk import Disk, DiskRefused
from redshank.exercise.simulation.network import Pump, Reply
from redshank.exercise.simulation.scenes import Keys
from redshank.node.bookmark import bookmark_of
from redshank.node.commands import Command
from redshank.node.effects import AnswerPeer, CommandDone, Deliver
from redshank.node.events import AnswerCame, Asked, DeliveryCame, Event, LineFailed, Ticked
from redshank.node.rotation import of_origin, under_delivery
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

Ticket = Callable[[tuple[int, bytes] | Refusal | None], None]


class Fate(StrEnum):
    """What happens to a node in a turn."""

    LIVES = "lives"
    BEFORE_COMMIT = "dies before the commit"
    DISK = "the disk refuses"
    UNKNOWN_KEPT = "does not hear that its commit was kept"
    UNKNOWN_LOST = "does not hear that its commit was lost"
    BEFORE_ACTS = "dies between commit and act"
    AMID_ACTS = "dies amid its acts"
    AFTER_ACTS = "dies after its acts"


BOOKMARK_EVENTS = 23
"""Far fewer than in a real node, so that restarts find bookmarks of every age."""
_UNKNOWN = frozenset({Fate.UNKNOWN_KEPT, Fate.UNKNOWN_LOST})
_DEADLY = frozenset({Fate.BEFORE_ACTS, Fate.AMID_ACTS, Fate.AFTER_ACTS})


class Node:
    """One node. What is in `disk` outlives it; all else is lost with it."""

    def __init__(
        self,
        party: PartyId,
        fresh: NodeState,
        keys: Keys,
        clock: Callable[[], Instant],
        soon: Callable[["Node"], None],
    ) -> None:
        self.party = party
        self.keys = keys
        self.disk = Disk()
        self.state = fresh
        self.up = True
        self.life = 1
        self.absent = False
        """Down for hours: no restart brings it back before its time."""
        self._bookmark_at = BOOKMARK_EVENTS
        self.kept = fresh
        """What a restart must give again: the state after the newest commit, whether the node heard of it or not."""
        self._clock = clock
        self._last_now = Instant(0)
        self.promised: dict[str, int] = {}
        """By log: how many entries this node has told a partner that it keeps. For the invariants; never forgotten."""
        self.pumps: Mapping[ChannelId, Pump] = {}
        self.queue: list[Event] = []
        self._soon = soon
        self._has_turn = False
        self._fresh = self.begun = fresh
        self._tickets: dict[int, Ticket] = {}
        self._next_ticket = 1
        self._delivered: dict[ChannelId, str] = {}
        """By channel: the log that was delivered last."""

    def now(self) -> Instant:
        """The node's time; never runs backwards, even if the machine's clock is set back, and even over a restart."""
        self._last_now = max(self._last_now, self._clock())
        return self._last_now

    # -- for the edges -------------------------------------------------------------------------------------------------

    def post(self, event: Event) -> None:
        """Hands over an event; a node that is down hears nothing."""
        if not self.up:
            return
        self.queue.append(event)
        if not self._has_turn:
            self._has_turn = True
            self._soon(self)

    def order(self, role: str, command: Command, then: Ticket) -> None:
        """An officer's command."""
        self.post(Asked(self._ticket(then), role, command))

    def receive(self, channel: ChannelId, body: bytes, reply: Reply) -> bool:
        """A partner's delivery, as edges/peers/server takes it."""

        def then(answer: tuple[int, bytes] | Refusal | None) -> None:
            if isinstance(answer, tuple):
                if answer[0] == OK:
                    theirs = of_origin(self.state, channel, origin_in(body)).theirs
                    self.promised[theirs.origin] = max(theirs.size, self.promised.get(theirs.origin, 0))
                reply(*answer)

        if self.up:
            self.post(DeliveryCame(self._ticket(then), channel, body))
        return self.up

    def next_delivery(self, channel: ChannelId, pushed: int) -> tuple[bytes, int] | None:
        """As edges/peers/outbox: the session says what is due, the disk has the bytes."""
        session = under_delivery(self.state, channel)
        origin = session.own.key.name
        push = next_delivery(session, pushed if origin == self._delivered.get(channel) else 0)
        if push is None:
            return None
        self._delivered[channel] = origin
        entries = self.disk.entries(origin, push.first, push.end)
        return delivery_bytes(push, tuple(entries)), push.end

    def answered(
        self, channel: ChannelId, status: int, body: bytes, pushed: int, then: Callable[[Refusal | None], None]
    ) -> None:
        """A partner's answer to a delivery."""

        def settled(result: tuple[int, bytes] | Refusal | None) -> None:
            then(result if isinstance(result, Refusal) else None)

        origin = self._delivered.get(channel, "")
        self.post(AnswerCame(self._ticket(settled), channel, status, body, pushed, origin=origin))

    def line_failed(self, channel: ChannelId, why: str) -> None:
        """The partner could not be reached."""
        self.post(LineFailed(channel, why))

    # -- turns ---------------------------------------------------------------------------------------------------------

    def turn(self, fate: Fate) -> Turn | None:
        """Takes what is queued through one turn. None if the node has died before the commit: nothing has happened."""
        now, self._has_turn = self.now(), False
        batch, self.queue = self.queue[: limits.EVENTS_PER_COMMIT], self.queue[limits.EVENTS_PER_COMMIT :]
        done = take_turn(self.state, batch, now, self.keys)
        if not self.commit(done, now, fate):
            if fate is Fate.UNKNOWN_KEPT:
                self.kept = done.state
            self.die()
            return None
        self.state = self.kept = done.state
        if self.disk.events() >= self._bookmark_at:
            self.disk.keep_bookmark(bookmark_of(self.state))
            self._bookmark_at = self.disk.events() + BOOKMARK_EVENTS
        if self.state.look is not None and not any(isinstance(event, Ticked) for event in self.queue):
            self.queue.append(Ticked())
        if self.queue:
            self._has_turn = True
            self._soon(self)
        self.act(done, fate)
        if fate in _DEADLY:
            self.die()
        return done

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        """Makes the turn durable; False if the node stops before that. What is kept then, a restart finds out."""
        if fate is Fate.BEFORE_COMMIT:
            return False
        try:
            if fate is Fate.DISK:
                raise DiskRefused("no space left on device")
            if done.durables and fate is not Fate.UNKNOWN_LOST:
                self.disk.commit(done.durables, now)
            if fate in _UNKNOWN:
                raise DiskRefused("input/output error: nobody knows what was kept")
        except DiskRefused:
            return False
        return True

    def act(self, done: Turn, fate: Fate) -> None:
        """Does what others can notice, or as much of it as its fate allows."""
        upto = {Fate.BEFORE_ACTS: 0, Fate.AMID_ACTS: len(done.acts) // 2}.get(fate, len(done.acts))
        for act in done.acts[:upto]:
            self._do(act)

    def _do(self, act: Act) -> None:
        match act:
            case AnswerPeer(ticket=ticket, status=status, body=body):
                self._settle(ticket, (status, body))
            case CommandDone(ticket=ticket, refusal=refusal):
                self._settle(ticket, refusal)
            case Deliver(channel=channel):
                self.pumps[channel].wake()
            case _:
                pass  # an alert goes to the authority's own spool, which is no part of this world

    # -- life and death ------------------------------------------------------------------------------------------------

    def die(self) -> None:
        """Everything that is not on the disk is gone."""
        self.up = self._has_turn = False
        self.queue.clear()
        self._tickets.clear()
        self.pumps = {}

    def restart(self) -> None:
        """A new life from the journal. Raises RecoveryFailed when it does not give what is stored."""
        self.state = recover(self._fresh, self.disk)
        self._last_now = self.disk.last_at()
        self.up = True
        self.life += 1

    def restore(self, backup: Disk, then: NodeState) -> None:
        """Somebody puts an old backup in the place of the disk of a node that is down; `then` was its state."""
        self.disk, self.kept = backup.copy(), then

    def lives(self, life: int) -> bool:
        """Whether it is up, and in this life of its own."""
        return self.up and self.life == life

    def _ticket(self, then: Ticket) -> int:
        ticket, self._next_ticket = self._next_ticket, self._next_ticket + 1
        self._tickets[ticket] = then
        return ticket

    def _settle(self, ticket: int, result: tuple[int, bytes] | Refusal | None) -> None:
        then = self._tickets.pop(ticket, None)
        if then is not None:
            then(result)
