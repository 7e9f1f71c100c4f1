"""Nodes with a mistake in them, for the tests of the simulation's invariants."""

import copy

import msgspec

from redshank.edges.turn import Turn
from redshank.exercise.simulation.node import Fate, Node
from redshank.node.effects import AnswerPeer, Deliver, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.node.events import Commanded, decode_event
from redshank.terms.instants import Instant


class AnswersBeforeItCommits(Node):
    """Cosigns what may never reach the disk."""

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        held, self.state = self.state, done.state
        for act in done.acts:
            if isinstance(act, AnswerPeer):
                self._do(act)
        self.state = held
        return super().commit(done, now, fate)


class DeliversBeforeItCommits(Node):
    """Sends from memory what may never reach the disk."""

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        disk, held = self.disk, self.state
        self.disk, self.state = copy.deepcopy(disk), done.state
        self.disk.commit(done.durables, now)
        for act in done.acts:
            if isinstance(act, Deliver):
                self._do(act)
        self.disk, self.state = disk, held
        return super().commit(done, now, fate)


class ForgetsItsReceipts(Node):
    """Does not keep the receipts that it gives."""

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        mine = {session.own.key.name for session in done.state.sessions.values()}
        kept = tuple(
            one
            for one in done.durables
            if not (isinstance(one, KeepNote) and one.kind is NoteKind.RECEIPT and one.origin not in mine)
        )
        return super().commit(msgspec.structs.replace(done, durables=kept), now, fate)


class ForgetsOrders(Node):
    """Does not record what persons asked for."""

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        kept = tuple(one for one in done.durables if not (isinstance(one, KeepEvent) and _is_order(one)))
        return super().commit(msgspec.structs.replace(done, durables=kept), now, fate)


def _is_order(kept: KeepEvent) -> bool:
    return isinstance(decode_event(kept.event), Commanded)


class GoesOnAfterAnUnknownCommit(Node):
    """Does not hear what became of its commit, and goes on as if it had been lost."""

    _goes_on = False

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        self._goes_on = fate is Fate.UNKNOWN_KEPT and any(isinstance(one, KeepEntry) for one in done.durables)
        return super().commit(done, now, fate)

    def die(self) -> None:
        if not self._goes_on:
            super().die()
        self._goes_on = False


class FollowsItsMachinesClock(Node):
    """Has no time of its own."""

    def now(self) -> Instant:
        return self._clock()


class ForgetsTheTimeAtARestart(Node):
    """Its time runs on only as long as it lives."""

    def restart(self) -> None:
        super().restart()
        self._last_now = Instant(0)


class HasADiskThatRots(Node):
    """What was compared once changes later on the disk."""

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        kept = super().commit(done, now, fate)
        for session in self.state.sessions.values():
            copy_of_partner = self.disk._entries.get(session.theirs.origin, {})
            if len(copy_of_partner) > 6:
                copy_of_partner[0] = b"rotten"
        return kept
