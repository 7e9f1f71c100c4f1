"""Mouth: the means of an evil party: to sign any head, push any bytes, slip any entry into its log, give any answer.

Here: the evil node, and one mouth for one victim. Not here: what is said (pushes, slips, answers).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from redshank.edges.turn import take_turn
from redshank.exchange.delivery import encode_delivery
from redshank.exchange.session import Session, head_to_sign
from redshank.exchange.signing import signed_head
from redshank.exercise.simulation.invariants.memo import Slip
from redshank.exercise.simulation.network import Reply
from redshank.exercise.simulation.node import Fate, Node
from redshank.log import ledger, merkle
from redshank.log.tree_head import Checkpoint
from redshank.node.effects import Deliver, KeepEntry
from redshank.node.events import HeadSigned
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Reason, Refusal

Answered = Callable[["Mouth", "Pushed", int, Mapping[Reason, int]], None]
"""Takes a mouth, what it pushed, the status of the answer, and the line's counts after it."""
Settled = Callable[[str, Collection[Reason], Refusal | None], None]
"""Takes an attack by an answer, the reasons that may be given, and what the victim's node said to its pump."""
Twist = Callable[[int, bytes], tuple[int, bytes] | None]
"""An answer as it is given instead; None: none is given."""


class Pushed(msgspec.Struct, frozen=True):
    """A delivery of an evil mouth: the reasons that may be given, the victim's counts before it, and the signed head in
    it, if there is one."""

    attack: str
    expects: tuple[Reason, ...]
    before: Mapping[Reason, int]
    note: bytes = b""


class EvilNode(Node):
    """Runs the product. `twists` say what becomes of its answers on a channel. It never crashes: that is for the
    honest."""

    twists: dict[ChannelId, Twist]

    def receive(self, channel: ChannelId, body: bytes, reply: Reply) -> bool:
        """Takes a delivery as the product does, and answers it as it likes."""

        def instead(status: int, answer: bytes) -> None:
            twist = self.twists.get(channel)
            said = (status, answer) if twist is None else twist(status, answer)
            if said is not None:
                reply(*said)

        return super().receive(channel, body, instead)

    def slip(self, channel: ChannelId, entry: bytes) -> int:
        """Puts an entry that the product would never write into its own log; the product signs and delivers it."""
        session = self.state.session(channel)
        appended = ledger.append(session.own, entry)
        if isinstance(appended, Refusal):
            raise InvariantBroken(f"an evil entry is none at all: {appended}")
        grown = msgspec.structs.replace(session, own=appended.log)
        self.state = replace(self.state, sessions={**self.state.sessions, channel: grown})
        self.disk.commit([KeepEntry(session.own.key.name, appended.index, entry)], self.now())
        return appended.index

    def deliver(self, channel: ChannelId) -> None:
        """Signs what was slipped in, if no other head is under way, and wakes the pump."""
        session, now = self.state.session(channel), self.now()
        wanted = head_to_sign(session)
        if wanted is not None:
            note = signed_head(session, wanted.text, now, self.keys)
            done = take_turn(self.state, [HeadSigned(channel, note)], now, self.keys)
            self.commit(done, now, Fate.LIVES)
            self.state = done.state
            self.act(msgspec.structs.replace(done, acts=(Deliver(channel),)), Fate.LIVES)


class Mouth:
    """What one evil node can do to one victim on their channel."""

    def __init__(
        self,
        evil: EvilNode,
        victim: Node,
        channel: ChannelId,
        rng: np.random.Generator,
        judges: tuple[Answered, Settled, Callable[[Slip], None]],
    ) -> None:
        self.evil, self.victim, self.channel, self.rng = evil, victim, channel, rng
        self.forgery: tuple[int, bytes] | None = None
        """The serial and the entry by which a forged log differs from the true one, once one was pushed first."""
        self._answered, self._settled, self._slipped = judges

    @property
    def session(self) -> Session:
        """The evil node's own end of the channel."""
        return self.evil.state.session(self.channel)

    @property
    def held(self) -> int:
        """How many entries of the evil log the victim holds now."""
        return self.victim.state.session(self.channel).theirs.size

    @property
    def has_forked(self) -> bool:
        """Whether the victim has taken a forged log for the true one."""
        if self.forgery is None:
            return False
        serial, entry = self.forgery
        return self.victim.disk.entries(self.session.own.key.name, serial, serial + 1) == [entry]

    @property
    def now(self) -> Instant:
        """The evil node's time."""
        return self.evil.now()

    def entries(self, size: int) -> list[bytes]:
        """The first entries of the evil node's true log."""
        return self.evil.disk.entries(self.session.own.key.name, 0, size)

    def head(self, entries: Sequence[bytes], origin: str | None = None) -> bytes:
        """A head over a log of exactly these entries, signed with the evil party's own keys, now."""
        frontier = merkle.append_many(merkle.Frontier(), [merkle.leaf_hash(entry) for entry in entries])
        said = Checkpoint(origin or self.session.own.key.name, frontier.size, merkle.root(frontier))
        return signed_head(self.session, said.text, self.now, self.evil.keys)

    def push(self, attack: str, old: int, note: bytes, entries: Sequence[bytes], *expects: Reason) -> None:
        """Pushes a delivery that claims what it likes."""
        self.push_bytes(attack, encode_delivery(old, note, entries), *expects, note=note)

    def push_bytes(self, attack: str, body: bytes, *expects: Reason, note: bytes = b"") -> None:
        """Pushes bytes. The victim's answer must be one of the reasons; none given: it changes nothing."""
        pushed = Pushed(attack, expects, dict(self.victim.state.line(self.channel).refusals), note)

        def judged(status: int, _: bytes) -> None:
            self._answered(self, pushed, status, self.victim.state.line(self.channel).refusals)

        self.victim.receive(self.channel, body, judged)

    def answer(self, attack: str, status: int, body: bytes, *expects: Reason) -> None:
        """Gives an answer to nobody's question, or before the true one. The victim's line is not silent then."""
        if self.channel in self.victim.pumps:
            self.victim.pumps[self.channel].failed_in_a_row = 0
        self.victim.answered(self.channel, status, body, 0, lambda refusal: self._settled(attack, expects, refusal))

    def slip(self, attack: str, entry: bytes, *expects: Reason) -> None:
        """Puts an entry into the true log of the evil node; the victim must refuse its content by one of the
        reasons."""
        before = dict(self.victim.state.line(self.channel).refusals)
        serial = self.evil.slip(self.channel, entry)
        if expects:
            life, reasons = self.victim.life, frozenset(expects)
            self._slipped(Slip(attack, self.victim.party, self.channel, serial, reasons, before, life))
        self.evil.deliver(self.channel)
