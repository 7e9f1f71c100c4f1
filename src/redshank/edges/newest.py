"""Newest: the youngest entries of some logs in memory, so that what was just said is delivered without a look at the
disk. Here: keeping and finding. Not here: the store, which has all of them.
"""

from collections.abc import Iterable, Sequence

from redshank.node.effects import KeepEntry
from redshank.terms import limits


class NewestEntries:
    """Of each log the last entries that were committed, as many as may be under way at once."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._bodies: dict[str, list[bytes]] = {origin: [] for origin in origins}
        self._ends: dict[str, int] = {}

    def committed(self, entries: Sequence[KeepEntry]) -> None:
        """These are durable now, in order."""
        for entry in entries:
            bodies = self._bodies.get(entry.origin)
            if bodies is not None:
                bodies.append(entry.body)
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
