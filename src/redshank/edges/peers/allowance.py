"""Allowance: how much one partner may hand in, as bytes that grow again with time (a token bucket).

Here: the count. Not here: what is answered (compose.desk), time (an argument). May know: limits. One per channel, so
that a partner which sends without end, or sends what is refused, spends its own allowance and nobody else's.
"""

from redshank.terms import limits
from redshank.terms.instants import SECOND_MS, Instant


class Allowance:
    """What is left for one partner. It may be overdrawn by what is under way, never by what begins."""

    def __init__(self) -> None:
        self._left_bytes = float(limits.PEER_BURST_BYTES)
        self._at: Instant | None = None

    def admits(self, size_bytes: int, now: Instant) -> bool:
        """Whether a delivery of this size may be looked at now; if so, it is paid for."""
        self._refill(now)
        if self._left_bytes < 0:
            return False
        self._left_bytes -= size_bytes + limits.PEER_DELIVERY_COST_BYTES
        return True

    def refused(self) -> None:
        """The delivery was refused: it cost a check and brought nothing."""
        self._left_bytes -= limits.PEER_REFUSED_COST_BYTES

    def _refill(self, now: Instant) -> None:
        since_ms = max(now - (now if self._at is None else self._at), 0)
        self._at = now
        grown = self._left_bytes + since_ms * limits.PEER_BYTES_PER_S / SECOND_MS
        self._left_bytes = min(grown, float(limits.PEER_BURST_BYTES))
