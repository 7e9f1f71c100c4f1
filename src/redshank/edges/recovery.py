"""Recovery: a restart is a replay of the journal through the same step, from the newest bookmark on.

Here: the replay, and the check that what it derives is what the store holds. A bookmark of another version of the
program, or of other keys, is left aside, and the whole journal is replayed. May know: node.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from redshank.node.bookmark import from_bookmark
from redshank.node.effects import KeepEntry
from redshank.node.events import decode_event
from redshank.node.state import NodeState
from redshank.node.step import step
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal


class RecoveryFailed(Exception):
    """The journal can not be replayed; the text names the place. Nothing was changed."""


class Memory(Protocol):
    """What a restart reads; `edges.store.Store` keeps it on disk."""

    def bookmark(self) -> tuple[int, bytes] | None:
        """(recorded events that it stands for, its bytes), or None."""

    def journal(self, after: int = 0) -> Iterable[tuple[Instant, bytes]]:
        """Recorded events in order, from number `after` on, each with the `now` that it was decided at."""

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        """Entries start..stop-1 of one log; shorter if the log is."""

    def size(self, origin: str) -> int:
        """Number of entries kept of one log."""


def recover(state: NodeState, store: Memory, progress: Callable[[int], None] | None = None) -> NodeState:
    """The state after all recorded events. Calls `progress` with the number of events replayed.

    Raises RecoveryFailed when an event can not be read, or when a derived log entry differs from the stored one: then
    the disk, or this version of the program, is not the one that wrote the journal.
    """
    state, done = _from_bookmark(state, store)
    for number, (at, data) in enumerate(store.journal(done), start=done):
        event = decode_event(data)
        if isinstance(event, Refusal):
            raise RecoveryFailed(f"journal event {number}: {event}")
        state, effects = step(state, event, at)
        for effect in effects:
            if isinstance(effect, KeepEntry):
                _check(store, effect, number)
        if progress is not None:
            progress(number + 1)
    for session in (one for channel in state.sessions for one in state.generations(channel)):
        for origin, size in ((session.own.key.name, session.own.size), (session.theirs.origin, session.theirs.size)):
            if store.size(origin) != size:
                raise RecoveryFailed(f"log {origin}: {store.size(origin)} entries are stored, the journal gives {size}")
    return state


def _from_bookmark(fresh: NodeState, store: Memory) -> tuple[NodeState, int]:
    kept = store.bookmark()
    if kept is None:
        return fresh, 0
    state = from_bookmark(fresh, kept[1])
    return (fresh, 0) if isinstance(state, Refusal) else (state, kept[0])


def _check(store: Memory, derived: KeepEntry, number: int) -> None:
    stored = store.entries(derived.origin, derived.index, derived.index + 1)
    if stored != [derived.body]:
        raise RecoveryFailed(
            f"journal event {number}: entry {derived.index} of {derived.origin} is not the one that is stored; "
            "keep the data folder as it is and restore the version that wrote it"
        )
