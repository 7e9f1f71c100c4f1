"""Two nodes of the product on a hand-driven clock, and a line between them that works only when the story says so."""

from dataclasses import dataclass, field

from redshank.edges.recovery import recover
from redshank.edges.turn import take_turn
from redshank.exchange import voice
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exchange.voice.form import VoiceForm
from redshank.exercise.simulation.disk import Disk
from redshank.exercise.simulation.scenes import Keys, fresh_state
from redshank.node.commands import Command
from redshank.node.effects import AnswerPeer, CommandDone
from redshank.node.events import AnswerCame, Asked, DeliveryCame, Event
from redshank.node.roles import MAY
from redshank.node.state import NodeState
from redshank.procedure.incident import Direction, Entry, Incident
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal

BY, LT = PartyId("BY"), PartyId("LT")
CHANNEL = ChannelId("BY-LT")
BEGIN = Instant(1_778_115_600_000)
CAST = {party: Keys(7, party) for party in (BY, LT)}


@dataclass
class Side:
    """One node and its disk."""

    party: PartyId
    now: Instant = BEGIN
    disk: Disk = field(default_factory=Disk)

    def __post_init__(self) -> None:
        self.fresh = fresh_state(self.party, CAST)
        self.state: NodeState = self.fresh

    def take(self, *events: Event) -> list[object]:
        """One turn, as the engine takes it: commit, then act."""
        done = take_turn(self.state, events, self.now, CAST[self.party])
        if done.durables:
            self.disk.commit(done.durables, self.now)
        self.state = done.state
        return list(done.acts)

    def order(
        self,
        command: Command,
        entry: bytes | None = None,
        *,
        role: str | None = None,
        hand: bytes = b"somebody",
        act: int = 0,
    ) -> Refusal | None:
        """A command of a person in the role that may give it, or in another; what became of it."""
        role = min(MAY[type(command)]) if role is None else role
        acts = self.take(Asked(1, role, command, entry, hand, act))
        [done] = [act for act in acts if isinstance(act, CommandDone)]
        return done.refusal

    def restart(self) -> None:
        """A new life from the journal."""
        self.state = recover(self.fresh, self.disk)

    # -- what is on the disk -------------------------------------------------------------------------------------------

    def entry(self, sender: PartyId, serial: int) -> bytes:
        """The signed bytes, as this side keeps them."""
        session = self.state.session(CHANNEL)
        origin = session.own.key.name if sender == self.party else session.theirs.origin
        [found] = self.disk.entries(origin, serial, serial + 1)
        return found

    def form(self, serial: int) -> VoiceForm:
        """The read-out of an own message."""
        place = Place(CHANNEL, self.party, self.state.session(CHANNEL).year, serial)
        message = parse_entry(self.entry(self.party, serial), place, None)
        assert isinstance(message, Message), message
        form = voice.encode(message, exercise=True)
        assert isinstance(form, VoiceForm)
        return form

    # -- incidents -----------------------------------------------------------------------------------------------------

    def incidents(self) -> list[Incident]:
        held = self.state.incidents
        return [*held.open.values(), *held.closed.values()]

    def got(self) -> list[Entry]:
        """What has come from the partner, in all incidents."""
        return [entry for one in self.incidents() for entry in one.messages(CHANNEL, Direction.GOT)]

    def owes(self) -> set[str]:
        """Open obligations as ``ack us``."""
        threads = [one.threads[CHANNEL] for one in self.incidents() if CHANNEL in one.threads]
        return {f"{o.what} {o.owner.value}" for thread in threads for o in thread.obligations}


def deliver(sender: Side, receiver: Side) -> None:
    """The line works: everything that waits goes over, and the receipt comes back."""
    while (outgoing := next_delivery(sender.state.session(CHANNEL))) is not None:
        session = sender.state.session(CHANNEL)
        entries = tuple(sender.disk.entries(session.own.key.name, outgoing.first, outgoing.end))
        acts = receiver.take(DeliveryCame(1, CHANNEL, delivery_bytes(outgoing, entries)))
        [answer] = [act for act in acts if isinstance(act, AnswerPeer)]
        sender.take(AnswerCame(1, CHANNEL, answer.status, answer.body))
