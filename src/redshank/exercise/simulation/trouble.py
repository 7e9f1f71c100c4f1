"""Trouble: what goes wrong in a run beside crashes and bad lines, and when: cut and slow lines, a parted world, clocks
that are set, a node that is dead for hours, one that comes back from an old backup.

Here: the plan of a seed, and the happenings that carry it out. Not here: what a node or a line does then; what an evil
partner does (byzantine). All of it ends when the world becomes calm.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

import msgspec
import numpy as np

from redshank.exercise.simulation import scenes
from redshank.exercise.simulation.disk import Disk
from redshank.exercise.simulation.invariants import Memo
from redshank.exercise.simulation.network import Weather
from redshank.exercise.simulation.node import Node
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.instants import HOUR_MS, MINUTE_MS, SECOND_MS

CUT_AFTER_MS, CUT_FOR_MS = (20 * SECOND_MS, 6 * MINUTE_MS), (5 * SECOND_MS, 4 * MINUTE_MS)
SLOW_AFTER_MS, SLOW_FOR_MS = (2 * MINUTE_MS, 8 * MINUTE_MS), (30 * SECOND_MS, 3 * MINUTE_MS)
SLOW_BY_MS = (1 * SECOND_MS, 25 * SECOND_MS)
"""To beyond the time that a sender waits for an answer."""
JUMP_AFTER_MS, JUMP_BY_MS = (1 * MINUTE_MS, 6 * MINUTE_MS), (-5 * MINUTE_MS, 5 * MINUTE_MS)
ONCE_AFTER_MS = (30 * SECOND_MS, 4 * MINUTE_MS)
DEAD_MS = (1 * HOUR_MS, 3 * HOUR_MS)
BACKUP_AGE_MS = (30 * SECOND_MS, 5 * MINUTE_MS)
QUIET_FACTOR = 10
QUIET_PAUSE_MAX_MS = 5 * MINUTE_MS

STEPS = (1_000, 300, 300, 500)
"""Steps with all that can go wrong, by seed modulo 4: a long run meets what is rare, short ones meet more casts."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What may go wrong in one seed. Everything in it comes from the seed."""

    cast: tuple[PartyId, ...]
    steps: int
    garble: float
    wild_clocks: bool
    dead_hours: bool
    old_backup: bool
    evil: PartyId | None
    rotates: bool
    """Whether keys are changed while all this goes on."""
    lives: bool = False
    """Whether agreements begin as dormant, and are activated, suspended and resumed."""

    @property
    def marks(self) -> str:
        """What is unusual about this seed, for the line that is printed."""
        told = {"clocks": self.wild_clocks, "garbled": self.garble > 0, "dead": self.dead_hours}
        told |= {"backup": self.old_backup, f"evil {self.evil}": self.evil is not None}
        told |= {"rotates": self.rotates, "lives": self.lives}
        return ", ".join(name for name, is_so in told.items() if is_so)


def draw_plan(rng: np.random.Generator, seed: int, steps: int | None, evil: bool | None = None) -> Plan:
    """The plan of a seed; `steps` and `evil`, if given, overrule what would be drawn."""
    cast = tuple(PartyId(name) for name in scenes.CASTS[int(rng.integers(len(scenes.CASTS)))])
    rolls = rng.random(5)
    villain = cast[int(rng.integers(len(cast)))]
    is_evil = evil if evil is not None else bool(rolls[0] < (0.5 if len(cast) > 2 else 0.2))
    old_backup = not is_evil and bool(rolls[4] < 0.2)
    return Plan(
        cast=cast,
        steps=STEPS[seed % len(STEPS)] if steps is None else steps,
        garble=float(rolls[1] / 10) if rolls[1] < 0.3 else 0.0,
        wild_clocks=bool(rolls[2] < 0.2),
        dead_hours=bool(rolls[3] < 0.25),
        old_backup=old_backup,
        evil=villain if is_evil else None,
        rotates=not is_evil and not old_backup and seed % 3 == 0,
        lives=not is_evil and not old_backup and seed % 4 == 3,
    )


class Stage(Protocol):
    """What trouble may touch of the world."""

    nodes: dict[PartyId, Node]
    weather: Weather
    memo: Memo
    calm: bool
    quiet: bool

    def after(self, delay_ms: int, happens: Callable[[], None]) -> None:
        """Has something happen."""

    def between(self, bounds: tuple[int, int]) -> int:
        """A number of the seed."""

    def note(self, what: str, *parts: bytes) -> None:
        """Counts a happening."""

    def set_clock(self, party: PartyId, by_ms: int) -> None:
        """Sets a machine's clock forward or back."""

    def restart(self, node: Node) -> None:
        """A node that is down comes back."""

    def rolled_back(self, node: Node, backup: Disk) -> None:
        """A node is about to start from an old backup."""


class Trouble:
    """Carries out a plan, on one stage."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self._stage = stage
        self._plan = plan

    def begin(self) -> None:
        """Puts the first of each trouble on the world's list."""
        stage, parties = self._stage, self._plan.cast
        channels = sorted({c for node in stage.nodes.values() for c in node.state.sessions if node.state.hears(c)})
        for channel in channels:
            stage.after(stage.between(CUT_AFTER_MS), partial(self._cut, channel))
            stage.after(stage.between(SLOW_AFTER_MS), partial(self._slow, channel))
        if len(parties) > 2:
            stage.after(stage.between(ONCE_AFTER_MS), partial(self._part, channels))
        if self._plan.wild_clocks:
            for party in parties:
                stage.after(stage.between(JUMP_AFTER_MS), partial(self._jump, party))
        honest = [party for party in parties if party != self._plan.evil]
        if self._plan.dead_hours:
            victim = honest[stage.between((0, len(honest)))]
            stage.after(stage.between(ONCE_AFTER_MS), partial(self._dies_for_hours, victim))
        if self._plan.old_backup:
            victim = honest[stage.between((0, len(honest)))]
            stage.after(stage.between(ONCE_AFTER_MS), partial(self._backs_up, victim))

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _cut(self, channel: ChannelId) -> None:
        stage = self._stage
        if stage.calm:
            return
        stage.note("line cut", channel.encode())
        stage.weather.cut.add(channel)
        stage.after(stage.between(CUT_FOR_MS), lambda: stage.weather.cut.discard(channel))
        self._again(CUT_AFTER_MS, partial(self._cut, channel))

    def _slow(self, channel: ChannelId) -> None:
        stage = self._stage
        if stage.calm:
            return
        stage.note("line slow", channel.encode())
        stage.weather.slow[channel] = stage.between(SLOW_BY_MS)
        stage.after(stage.between(SLOW_FOR_MS), partial(self._fast, channel))

    def _fast(self, channel: ChannelId) -> None:
        self._stage.weather.slow.pop(channel, None)
        self._again(SLOW_AFTER_MS, partial(self._slow, channel))

    def _again(self, pause: tuple[int, int], happens: Callable[[], None]) -> None:
        """Later; much later in quiet hours, which must not be made of line faults alone."""
        self._stage.after(self._stage.between(pause) * (QUIET_FACTOR if self._stage.quiet else 1), happens)

    def _part(self, channels: list[ChannelId]) -> None:
        """The world falls into two halves that do not hear one another."""
        stage, names = self._stage, sorted(self._stage.nodes)
        if stage.calm:
            return
        half = set(names[: stage.between((1, len(names)))])
        between = [channel for channel in channels if len(half & set(parties_of(channel))) == 1]
        stage.note("parted")
        stage.weather.cut.update(between)
        stage.after(stage.between(CUT_FOR_MS), lambda: stage.weather.cut.difference_update(between))

    # -- machines ------------------------------------------------------------------------------------------------------

    def _jump(self, party: PartyId) -> None:
        stage = self._stage
        if stage.calm:
            return
        by_ms = stage.between(JUMP_BY_MS)
        stage.note("clock forward" if by_ms > 0 else "clock back", party.encode())
        stage.set_clock(party, by_ms)
        self._again(JUMP_AFTER_MS, partial(self._jump, party))

    def _dies_for_hours(self, party: PartyId) -> None:
        stage, node = self._stage, self._stage.nodes[party]
        if stage.calm:
            return
        node.die()
        stage.note("dead for hours", party.encode())
        node.absent = stage.quiet = True
        stage.memo.absent.add(party)
        stage.weather.pause_max_ms = QUIET_PAUSE_MAX_MS
        stage.after(stage.between(DEAD_MS), partial(self._comes_back, node))

    def _comes_back(self, node: Node) -> None:
        stage = self._stage
        if not node.absent:
            return
        node.absent = stage.quiet = False
        stage.weather.pause_max_ms = Weather.PAUSE_MAX_MS
        stage.restart(node)

    def _backs_up(self, party: PartyId) -> None:
        stage, node = self._stage, self._stage.nodes[party]
        if stage.calm or not node.up:
            return
        backup, then = node.disk.copy(), node.kept
        stage.after(stage.between(BACKUP_AGE_MS), partial(self._rolls_back, node, backup, then))

    def _rolls_back(self, node: Node, backup: Disk, then: NodeState) -> None:
        stage = self._stage
        if stage.calm or node.absent:
            return
        node.die()
        stage.note("old backup", node.party.encode())
        stage.rolled_back(node, backup)
        node.restore(backup, then)
        stage.restart(node)
