"""Rotations: officers change keys while nodes die, lines fail and clocks are set.

Here: a ceremony for each channel, nodes that find it, officers who give the command until it is done. Not here: what a
node does then (node.rotation), what must hold (invariants). Everything is drawn from the seed.
"""

from functools import partial

import numpy as np

from redshank.exercise.simulation.node import Node
from redshank.exercise.simulation.scenes import Bunch, Keys
from redshank.exercise.simulation.trouble import Stage
from redshank.node.commands import RotateKeys
from redshank.node.events import KeysAgreed
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.instants import MINUTE_MS, SECOND_MS
from redshank.terms.message import Why
from redshank.terms.refusal import Refusal
from redshank.terms.roles import Role

CEREMONY_MS, LOOK_MS, ORDER_MS = (20 * SECOND_MS, 5 * MINUTE_MS), (4 * SECOND_MS, 40 * SECOND_MS), 50 * SECOND_MS
SETS = 3
"""That each party has: the one that its logs begin with, and two more."""


def sets_of(seed: int, party: PartyId) -> Bunch:
    """A party's sets of keys, oldest first."""
    return Bunch(*(Keys(seed + 1_000_003 * number, party) for number in range(SETS)))


class Rotations:
    """Carries them out, on one stage."""

    def __init__(self, stage: Stage, rng: np.random.Generator) -> None:
        self._stage = stage
        self._rng = rng
        self._agreed: dict[ChannelId, int] = {}
        """By channel: which of the sets the last ceremony was about."""

    def begin(self) -> None:
        """A first ceremony on each channel; on some a second one, while the first may not be through."""
        nodes = self._stage.nodes.values()
        for channel in sorted({channel for node in nodes for channel in node.state.sessions}):
            for number in range(1, SETS if self._rng.random() < 0.5 else 2):
                delay_ms = int(self._rng.integers(*CEREMONY_MS)) * number
                self._stage.after(delay_ms, partial(self._ceremony, channel, number))
            self._stage.after(ORDER_MS, partial(self._order, channel))
        for party in sorted(self._stage.nodes):
            self._look(self._stage.nodes[party])

    def _ceremony(self, channel: ChannelId, number: int) -> None:
        """The next one is held when both sides have come through the change that the last one was about (KEY-15)."""
        sides = [self._stage.nodes[party].state.session(channel).generation for party in parties_of(channel)]
        if min(sides) < number - 1:
            self._stage.after(ORDER_MS, partial(self._ceremony, channel, number))
            return
        self._agreed[channel] = number

    def _look(self, node: Node) -> None:
        """Each node looks for ceremonies by itself, in its own time."""
        for channel in filter(node.state.hears, sorted(node.state.sessions)):
            number = self._agreed.get(channel)
            if number is not None:
                own, partner = (self._set(party, number) for party in _ends(channel, node.party))
                node.post(KeysAgreed(channel=channel, own=own.raw(), partner=partner.raw()))
        self._stage.after(int(self._rng.integers(*LOOK_MS)), partial(self._look, node))

    def _set(self, party: PartyId, number: int) -> Keys:
        keys = self._stage.nodes[party].keys
        return keys.sets[number] if isinstance(keys, Bunch) else keys

    def _order(self, channel: ChannelId) -> None:
        """One officer, or now and then both, until both sides have got there."""
        number = self._agreed.get(channel, 0)
        for party in parties_of(channel):
            node = self._stage.nodes[party]
            if node.state.session(channel).generation < number and self._rng.random() < 0.4:
                node.order(Role.ADMINISTRATOR, RotateKeys(channel=channel, why=Why.PLANNED), self._ordered)
        self._stage.after(ORDER_MS, partial(self._order, channel))

    def _ordered(self, result: tuple[int, bytes] | Refusal | None) -> None:
        self._stage.note(f"rotation {result.reason if isinstance(result, Refusal) else 'done'}")


def _ends(channel: ChannelId, me: PartyId) -> tuple[PartyId, PartyId]:
    one, other = parties_of(channel)
    return (one, other) if one == me else (other, one)
