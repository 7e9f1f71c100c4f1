"""Campaign: when an evil party attacks whom, with what; and that each attack is judged.

Here: the seeded order of attacks of one run. Not here: the attacks themselves; what is right (invariants.hostile).
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Protocol

import numpy as np

from redshank.exchange.delivery import OK, UNPROCESSABLE
from redshank.exercise.simulation.byzantine.answers import ANSWERS, twists, withheld
from redshank.exercise.simulation.byzantine.mouth import EvilNode, Mouth, Pushed
from redshank.exercise.simulation.byzantine.pushes import FORGED_FIRST, PUSHES, forged_log_first
from redshank.exercise.simulation.byzantine.slips import SLIPS
from redshank.exercise.simulation.invariants import Complaints, Memo, hostile, proofs
from redshank.exercise.simulation.invariants.memo import Slip
from redshank.exercise.simulation.node import Node
from redshank.terms.ids import PartyId, partner_on
from redshank.terms.instants import MINUTE_MS, SECOND_MS
from redshank.terms.refusal import Reason, Refusal

EVERY_MS = (3 * SECOND_MS, 25 * SECOND_MS)
TWIST_AFTER_MS, TWIST_FOR_MS = (30 * SECOND_MS, 4 * MINUTE_MS), (20 * SECOND_MS, 3 * MINUTE_MS)
FORK_AFTER_MS = (2 * MINUTE_MS, 8 * MINUTE_MS)
QUIET_FACTOR = 20
FORK_SHARE = 0.25
"""Of evil parties that try to get a forged head in first, which ends the channel."""


class Stage(Protocol):
    """What a campaign may touch of the world."""

    nodes: dict[PartyId, Node]
    memo: Memo
    calm: bool
    quiet: bool

    def after(self, delay_ms: int, happens: Callable[[], None]) -> None:
        """Has something happen."""

    def note(self, what: str, *parts: bytes) -> None:
        """Counts a happening."""

    def complain(self, invariant: str, complaints: Complaints) -> None:
        """Fails the run for the first complaint."""


class Campaign:
    """One evil party against all its partners; nothing, if nobody is evil."""

    def __init__(self, stage: Stage, rng: np.random.Generator) -> None:
        self._stage, self._rng = stage, rng
        self.mouths: list[Mouth] = []
        evil = None if stage.memo.evil is None else stage.nodes[stage.memo.evil]
        if isinstance(evil, EvilNode):
            evil.twists = {}
            judges = (self._answered, self._settled, self._slipped)
            for channel in evil.state.active_channels():
                victim = stage.nodes[partner_on(channel, evil.party)]
                self.mouths.append(Mouth(evil, victim, channel, rng, judges))

    def begin(self) -> None:
        """Puts the first attacks on the world's list."""
        for mouth in self.mouths:
            self._stage.after(self._between(EVERY_MS), partial(self._attack, mouth))
            self._stage.after(self._between(TWIST_AFTER_MS), partial(self._twist, mouth))
        if self.mouths and self._rng.random() < FORK_SHARE:
            mouth = self.mouths[int(self._rng.integers(len(self.mouths)))]
            self._stage.after(self._between(FORK_AFTER_MS), partial(self._fork, mouth))

    def end(self) -> None:
        """From now on it behaves. What it said stays said."""
        for mouth in self.mouths:
            mouth.evil.twists.clear()

    def look(self) -> None:
        """Takes note of a channel that has been forked."""
        for mouth in self.mouths:
            if mouth.forgery is not None and mouth.has_forked:
                self._stage.memo.forked.add(mouth.channel)

    def _between(self, bounds: tuple[int, int]) -> int:
        return int(self._rng.integers(*bounds))

    # -- attacks -------------------------------------------------------------------------------------------------------

    def _attack(self, mouth: Mouth) -> None:
        if self._stage.calm:
            return
        kind = (PUSHES, PUSHES, SLIPS, ANSWERS)[int(self._rng.integers(4))]
        attack = kind[int(self._rng.integers(len(kind)))]
        if mouth.victim.up and not (attack in SLIPS and mouth.channel in self._stage.memo.forked) and attack(mouth):
            self._stage.note(f"attack {attack.__name__}", mouth.channel.encode())
        self._again(self._between(EVERY_MS), partial(self._attack, mouth))

    def _again(self, pause_ms: int, happens: Callable[[], None]) -> None:
        """Later; much later in quiet hours, which must not be made of attacks alone."""
        self._stage.after(pause_ms * (QUIET_FACTOR if self._stage.quiet else 1), happens)

    def _fork(self, mouth: Mouth) -> None:
        """Tries until the moment has come."""
        if self._stage.calm or mouth.channel in self._stage.memo.forked:
            return
        if mouth.victim.up and forged_log_first(mouth):
            self._stage.note("attack forged_log_first", mouth.channel.encode())
        self._again(2 * SECOND_MS, partial(self._fork, mouth))

    def _twist(self, mouth: Mouth) -> None:
        """For a while its answers are not what its product said."""
        if self._stage.calm:
            return
        choices = twists(mouth)
        twist = choices[int(self._rng.integers(len(choices)))]
        self._stage.note("answers withheld" if twist is withheld else "answers twisted", mouth.channel.encode())
        mouth.evil.twists[mouth.channel] = twist
        self._stage.after(self._between(TWIST_FOR_MS), partial(self._twist_ends, mouth))

    def _twist_ends(self, mouth: Mouth) -> None:
        if self._stage.calm:
            return
        mouth.evil.twists.pop(mouth.channel, None)
        self._again(self._between(TWIST_AFTER_MS), partial(self._twist, mouth))

    # -- judgement -----------------------------------------------------------------------------------------------------

    def _answered(self, mouth: Mouth, pushed: Pushed, status: int, after: Mapping[Reason, int]) -> None:
        stage = self._stage
        stage.note(f"answered {pushed.attack} {status}")
        if pushed.attack == FORGED_FIRST and status == OK:
            return
        complaints = hostile.an_attack_is_refused_by_its_name(
            pushed.attack, pushed.expects, status, pushed.before, after
        )
        stage.complain("an_attack_is_refused_by_its_name", complaints)
        if status == UNPROCESSABLE:
            kept = proofs.what_contradicts_is_kept(mouth.victim, mouth.channel, pushed.attack, pushed.note)
            stage.complain("what_contradicts_is_kept", kept)

    def _slipped(self, slip: Slip) -> None:
        self._stage.memo.slips.append(slip)

    def _settled(self, attack: str, expects: Collection[Reason], refusal: Refusal | None) -> None:
        self._stage.note(f"settled {attack}")
        complaints = hostile.an_answer_is_refused_by_its_name(attack, expects, refusal)
        self._stage.complain("an_answer_is_refused_by_its_name", complaints)
