"""Node: one party's node as the world drives it: the product's own turn, commit and recovery, without a process.

Here: the queue, the tickets, the order commit-then-act, death at any point of it, the restart. Not here: when one dies
(world), the turn itself (edges/turn), what is right (invariants).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from redshank.edges.recovery import recover
from redshank.edges.turn import Act, Turn, take_turn
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exercise.simulation.disk import Disk, DiskRefused
from redshank.exercise.simulation.network import Pump, Reply
from redshank.exercise.simulation.scenes import Keys
from redshank.node.commands import Command
from redshank.node.effects import AnswerPeer, CommandDone, Deliver
from redshank.node.events import AnswerCame, Asked, DeliveryCame, Event, LineFailed
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
    BEFORE_ACTS = "dies between commit and act"
    AMID_ACTS = "dies amid its acts"
    AFTER_ACTS = "dies after its acts"


class Node:
    """One node. What is in `disk` outlives it; all else is lost with it."""

    def __init__(self, party: PartyId, fresh: NodeState, keys: Keys, skew_ms: int) -> None:
        self.party = party
        self.keys = keys
        self.disk = Disk()
        self.state = fresh
        self.up = True
        self.life = 1
        self.skew_ms = skew_ms
        self.pumps: Mapping[ChannelId, Pump] = {}
        self.queue: list[Event] = []
        self.scheduled = False
        self._fresh = fresh
        self._tickets: dict[int, Ticket] = {}
        self._next_ticket = 1

    # -- for the edges -------------------------------------------------------------------------------------------------

    def post(self, event: Event) -> None:
        """Hands over an event; a node that is down hears nothing."""
        if self.up:
            self.queue.append(event)

    def order(self, role: str, command: Command, then: Ticket) -> None:
        """An officer's command."""
        self.post(Asked(self._ticket(then), role, command))

    def receive(self, channel: ChannelId, body: bytes, reply: Reply) -> bool:
        """A partner's delivery, as edges/peers/server takes it."""

        def then(answer: tuple[int, bytes] | Refusal | None) -> None:
            if isinstance(answer, tuple):
                reply(*answer)

        if self.up:
            self.post(DeliveryCame(self._ticket(then), channel, body))
        return self.up

    def next_delivery(self, channel: ChannelId) -> bytes | None:
        """As edges/peers/outbox: the session says what is due, the disk has the bytes."""
        session = self.state.session(channel)
        outgoing = next_delivery(session)
        if outgoing is None:
            return None
        entries = self.disk.entries(session.own.key.name, outgoing.first, outgoing.end)
        return delivery_bytes(session, outgoing, tuple(entries))

    def answered(self, channel: ChannelId, status: int, body: bytes, then: Callable[[Refusal | None], None]) -> None:
        """A partner's answer to a delivery."""

        def settled(result: tuple[int, bytes] | Refusal | None) -> None:
            then(result if isinstance(result, Refusal) else None)

        self.post(AnswerCame(self._ticket(settled), channel, status, body))

    def line_failed(self, channel: ChannelId, why: str) -> None:
        """The partner could not be reached."""
        self.post(LineFailed(channel, why))

    # -- turns ---------------------------------------------------------------------------------------------------------

    def turn(self, now: Instant, fate: Fate) -> Turn | None:
        """Takes what is queued through one turn. None if the node has died before the commit: nothing has happened."""
        batch, self.queue = self.queue[: limits.EVENTS_PER_COMMIT], self.queue[limits.EVENTS_PER_COMMIT :]
        done = take_turn(self.state, batch, now, self.keys)
        if fate is Fate.BEFORE_COMMIT:
            self.die()
            return None
        self.disk.faulty = fate is Fate.DISK
        if done.durables and not self.commit(done, now):
            return None
        self.disk.faulty = False
        self.state = done.state
        self.act(done, fate)
        if fate is not Fate.LIVES:
            self.die()
        return done

    def commit(self, done: Turn, now: Instant) -> bool:
        """Makes the turn durable. When the disk refuses, the node stops: a restart finds out what is kept."""
        try:
            self.disk.commit(done.durables, now)
        except DiskRefused:
            self.die()
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
        self.up = False
        self.queue.clear()
        self._tickets.clear()
        self.pumps = {}

    def restart(self) -> None:
        """A new life from the journal. Raises RecoveryFailed when it does not give what is stored."""
        self.state = recover(self._fresh, self.disk)
        self.up = True
        self.life += 1

    def _ticket(self, then: Ticket) -> int:
        ticket, self._next_ticket = self._next_ticket, self._next_ticket + 1
        self._tickets[ticket] = then
        return ticket

    def _settle(self, ticket: int, result: tuple[int, bytes] | Refusal | None) -> None:
        then = self._tickets.pop(ticket, None)
        if then is not None:
            then(result)
