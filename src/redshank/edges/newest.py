"""Newest: the youngest entries of some logs in memory, so that what was just said is delivered without a look at the
disk. Here: keeping and finding. Not here: the store, which has all of them.
"""

from collections.abc import Sequence, Set

from redshank.node.effects import KeepEntry
from redshank.terms import limits


class NewestEntries:
    """Of each log that is written to the last entries that were committed, as many as may be under way at once."""

    def __init__(self) -> None:
        self._bodies: dict[str, list[bytes]] = {}
        self._ends: dict[str, int] = {}

    def committed(self, entries: Sequence[KeepEntry], written: Set[str]) -> None:
        """These are durable now, in order. `written` are the logs in which this node says something; what was kept of
        others is let go: they have ended, and nothing follows there."""
        for origin in self._bodies.keys() - written:
            del self._bodies[origin], self._ends[origin]
        for entry in entries:
            if entry.origin in written:
                self._bodies.setdefault(entry.origin, []).append(entry.body)
                self._ends[entry.origin] = entry.index + 1
        for origin in {entry.origin for entry in entries} & self._bodies.keys():
            del self._bodies[origin][: -limits.DELIVERY_ENTRIES]

    def entries(self, origin: str, start: int, stop: int) -> list[bytes] | None:
        """Entries start..stop-1; None when not all of them are here."""
        bodies, end = self._bodies.get(origin, []), self._ends.get(origin, 0)
        first = end - len(bodies)
        if not first <= start <= stop <= end:
            return None
        return bodies[start - first : stop - first]
