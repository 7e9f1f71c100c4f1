"""Memo: what the invariants must remember between steps, and which lines are sound. A crash does not reach it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from redshank.exchange.session import Session
from redshank.exercise.simulation.node import Node
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.refusal import Reason

Nodes = Mapping[PartyId, Node]
Complaints = Iterator[str]


@dataclass
class Slip:
    """An entry that an evil partner has put into its own log: its receiver must refuse the content by one of these
    names. `before` counts what had been refused on that line until then, in this life of the receiver."""

    attack: str
    victim: PartyId
    channel: ChannelId
    serial: int
    expects: frozenset[Reason]
    before: Mapping[Reason, int]
    life: int


@dataclass
class Memo:
    """What has been checked already, what each node has promised, and what has been done to whom on purpose."""

    evil: PartyId | None = None
    touched: set[PartyId] = field(default_factory=set)
    """Whose disk or state this step may have changed."""
    receipted: dict[str, int] = field(default_factory=dict)
    agreed: dict[tuple[str, PartyId], int] = field(default_factory=dict)
    audited: dict[str, int] = field(default_factory=dict)
    read: dict[PartyId, int] = field(default_factory=dict)
    dated: dict[PartyId, tuple[int, int]] = field(default_factory=dict)
    """By node: how many events have been looked at, and when the last of them was decided."""
    levels: dict[tuple[PartyId, str], int] = field(default_factory=dict)
    shadows: dict[PartyId, tuple[NodeState, int]] = field(default_factory=dict)
    """By node: what its record gives up to that many events."""
    lead_ms: dict[PartyId, int] = field(default_factory=dict)
    lag_ms: dict[PartyId, int] = field(default_factory=dict)
    """How far a node's time was ever ahead of the true time, and behind it."""
    garbled: Counter[ChannelId] = field(default_factory=Counter)
    """How many messages of a channel were garbled on the way."""
    unreadable: Counter[ChannelId] = field(default_factory=Counter)
    """How many refusals have been put down to that."""
    absent: set[PartyId] = field(default_factory=set)
    """Nodes that were dead for hours."""
    stood_still: set[ChannelId] = field(default_factory=set)
    """Channels whose agreement was stopped, or begun, while things flew."""
    stopped: dict[str, bool] = field(default_factory=dict)
    """By log: whether its owner has stopped there, by its own acts."""
    rolled_back: set[PartyId] = field(default_factory=set)
    lost: dict[tuple[PartyId, str], ChannelId] = field(default_factory=dict)
    """(node, log) that an old backup made shorter."""
    forked: set[ChannelId] = field(default_factory=set)
    """Channels on which an evil partner has got a forged head accepted: the true log can not go on there."""
    proved: dict[tuple[PartyId, ChannelId], int] = field(default_factory=dict)
    """How many contradictions have been looked at."""
    slips: list[Slip] = field(default_factory=list)

    def is_sound(self, *parties: PartyId) -> bool:
        """Whether all of them are honest and have kept their disks."""
        return self.evil not in parties and self.rolled_back.isdisjoint(parties)

    def apart(self, sender: PartyId, receiver: PartyId) -> bool:
        """Whether the receiver may have had to refuse an honest time of the sender's."""
        return self.lead_ms.get(sender, 0) + self.lag_ms.get(receiver, 0) > limits.MESSAGE_AHEAD_MS

    def clock_moved(self, party: PartyId, off_ms: int) -> None:
        """A node has read its clock, so much ahead of the true time (behind: negative)."""
        self.lead_ms[party] = max(self.lead_ms.get(party, 0), off_ms)
        self.lag_ms[party] = max(self.lag_ms.get(party, 0), -off_ms)


def lines(nodes: Nodes, memo: Memo, *, all_of_them: bool = False) -> Iterator[tuple[Node, Session, Node]]:
    """Each channel and generation from each of its ends: the node, its session, the partner's node. Only sound ends;
    only those where something may have changed in this step, unless all are asked for."""
    for node in nodes.values():
        for session in sessions_of(node):
            near = all_of_them or node.party in memo.touched or session.partner in memo.touched
            if near and memo.is_sound(node.party, session.partner):
                yield node, session, nodes[session.partner]


def sessions_of(node: Node) -> Iterator[Session]:
    """All that a node holds: each generation of each channel."""
    for channel in node.state.sessions:
        yield from node.state.generations(channel)


def honest(nodes: Nodes, memo: Memo, *, all_of_them: bool = False) -> Iterator[Node]:
    """Nodes that are up, run the product and say what it says; those that something may have happened to, unless all
    are asked for. What a disk keeps of one that is down is looked at when it has come back."""
    for node in nodes.values():
        if node.up and node.party != memo.evil and (all_of_them or node.party in memo.touched):
            yield node
