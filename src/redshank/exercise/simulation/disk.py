"""Disk: what edges/store keeps, in memory, with the same contract: a commit is kept whole or not at all.

Here: journal, entries, notes; what was committed outlives the node that wrote it. Not here: when a disk fails (world).
"""

from collections.abc import Iterator, Sequence

from redshank.node.effects import Durable, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.terms.instants import Instant


class DiskRefused(Exception):
    """The commit was not kept: the counterpart of StoreFailed."""


class Disk:
    """One node's store."""

    def __init__(self) -> None:
        self._journal: list[tuple[Instant, bytes]] = []
        self._bookmark: tuple[int, bytes] | None = None
        self._entries: dict[str, dict[int, bytes]] = {}
        self._sizes: dict[str, int] = {}
        self._notes: dict[tuple[str, NoteKind], dict[int, bytes]] = {}

    def commit(self, durables: Sequence[Durable], now: Instant) -> None:
        """Keeps all of them or none. Raises DiskRefused; like the store, when an index is taken already."""
        places = [(one.origin, one.index) for one in durables if isinstance(one, KeepEntry)]
        taken = [place for place in places if place[1] in self._entries.get(place[0], {})]
        if taken or len(set(places)) != len(places):
            raise DiskRefused(f"entries {taken or places} are kept already")
        for durable in durables:
            match durable:
                case KeepEvent(event=event):
                    self._journal.append((now, event))
                case KeepEntry(origin=origin, index=index, body=body):
                    self._entries.setdefault(origin, {})[index] = body
                    self._sizes[origin] = max(index + 1, self._sizes.get(origin, 0))
                case KeepNote(origin=origin, kind=kind, size=size, body=body):
                    self._notes.setdefault((origin, kind), {})[size] = body

    def copy(self) -> "Disk":
        """A backup: what is kept now, whatever comes."""
        twin = Disk()
        twin._journal = list(self._journal)
        twin._bookmark = self._bookmark
        twin._entries = {origin: dict(kept) for origin, kept in self._entries.items()}
        twin._sizes = dict(self._sizes)
        twin._notes = {place: dict(kept) for place, kept in self._notes.items()}
        return twin

    def last_at(self) -> Instant:
        """When the newest recorded event was decided; 0 before the first."""
        return self._journal[-1][0] if self._journal else Instant(0)

    def bookmark(self) -> tuple[int, bytes] | None:
        """The newest one kept: (recorded events that it stands for, its bytes)."""
        return self._bookmark

    def keep_bookmark(self, body: bytes) -> None:
        """Of what all recorded events so far lead to."""
        self._bookmark = (len(self._journal), body)

    def journal(self, after: int = 0) -> Iterator[tuple[Instant, bytes]]:
        """Recorded events in order, from number `after` on, each with the `now` that it was decided at."""
        return iter(self._journal[after:])

    def entries(self, origin: str, start: int, stop: int) -> list[bytes]:
        """Entries start..stop-1 of one log; shorter if the log is."""
        kept = self._entries.get(origin, {})
        return [kept[index] for index in range(start, min(stop, self.size(origin))) if index in kept]

    def size(self, origin: str) -> int:
        """Number of entries kept of one log."""
        return self._sizes.get(origin, 0)

    def count(self, origin: str) -> int:
        """Number of indexes that are taken; less than `size` if there is a gap."""
        return len(self._entries.get(origin, ()))

    def events(self) -> int:
        """Number of recorded events."""
        return len(self._journal)

    def events_from(self, start: int) -> list[bytes]:
        """Recorded events from number `start` on."""
        return [event for _, event in self._journal[start:]]

    def heads(self, origin: str) -> dict[int, bytes]:
        """All signed heads kept of one log, by size."""
        return dict(self._notes.get((origin, NoteKind.HEAD), {}))

    def note(self, origin: str, kind: NoteKind, size: int) -> bytes | None:
        """The head or the receipt kept for a log of this size."""
        return self._notes.get((origin, kind), {}).get(size)
