"""Lives: officers activate, suspend and resume agreements while nodes die, lines fail and clocks are set.

Here: which channels of a seed begin as dormant, and the officers' acts. Not here: what a node does then
(node.agreements), what must hold (invariants). Everything is drawn from the seed. Nobody ends an agreement here: what
waits then is never read, and the two sides would not come to the same end.
"""

from functools import partial

import msgspec
import numpy as np
from msgspec.structs import replace

from redshank.exercise.simulation.node import Node
from redshank.exercise.simulation.scenes import law
from redshank.exercise.simulation.trouble import Stage
from redshank.node.commands import Activate, Command, Resume, Suspend
from redshank.node.roles import MAY
from redshank.node.state import NodeState
from redshank.procedure.agreement import AgreementState, Kind, in_force
from redshank.procedure.life import Life
from redshank.terms.ids import ChannelId
from redshank.terms.instants import SECOND_MS
from redshank.terms.refusal import Refusal

FIRST_MS, ACT_MS = (100, 2 * SECOND_MS), (3 * SECOND_MS, 30 * SECOND_MS)
STOPS, RESUMES = 0.15, 0.3
"""How often an officer who could suspend, or resume, does."""


def all_dormant(fresh: NodeState) -> NodeState:
    """The node with every agreement bilateral, and activated by nobody."""
    charter = fresh.charter
    held = {
        channel: msgspec.structs.replace(agreement, kind=Kind.BILATERAL, state=AgreementState.DORMANT)
        for channel, agreement in charter.agreements.items()
    }
    tables = law().tables
    return replace(fresh, charter=replace(charter, agreements=held, tables=in_force(tables, held), laws=tables))


class Lives:
    """Carries the acts out, on one stage."""

    def __init__(self, stage: Stage, rng: np.random.Generator) -> None:
        self._stage = stage
        self._rng = rng

    def begin(self) -> None:
        """Each officer looks at each of his channels, in his own time."""
        for party in sorted(self._stage.nodes):
            for channel in sorted(self._stage.nodes[party].state.sessions):
                self._later(party, channel, FIRST_MS)

    def _later(self, party: str, channel: ChannelId, pause: tuple[int, int] = ACT_MS) -> None:
        self._stage.after(int(self._rng.integers(*pause)), partial(self._look, party, channel))

    def _look(self, party: str, channel: ChannelId) -> None:
        node = next(node for name, node in self._stage.nodes.items() if name == party)
        roll = float(self._rng.random())
        command = _wanted(node, channel, roll, self._stage.calm)
        if command is not None:
            self._stage.memo.stood_still.add(channel)
            node.order(min(MAY[type(command)]), command, partial(self._done, type(command).__name__))
        self._later(party, channel)

    def _done(self, name: str, result: tuple[int, bytes] | Refusal | None) -> None:
        self._stage.note(f"agreement {name} {result.reason if isinstance(result, Refusal) else 'done'}")


def _wanted(node: Node, channel: ChannelId, roll: float, calm: bool) -> Command | None:
    """In the calm everybody activates and resumes, and nobody stops."""
    life = node.state.lives.get(channel, Life())
    if life.own.suspended:
        return Resume(channel=channel) if calm or roll < RESUMES else None
    if life.in_force is None:
        return Activate(channel=channel) if not life.own.activated else None
    return Suspend(channel=channel) if not calm and roll < STOPS else None
