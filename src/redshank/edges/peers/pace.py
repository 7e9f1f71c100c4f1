"""Pace: how fast one partner may take this node's time; who sends without end is read more slowly, and nobody else.

Here: counting, as one account for all connections of a partner. Not here: waiting (stream, server). Knows limits alone.
A cost is the share of a second that it uses up (virtual scheduling, the GCRA of ITU-T I.371).
"""

from redshank.terms import limits


class Pace:
    """One partner's account. Times are in seconds of the event loop's clock."""

    def __init__(self) -> None:
        self._paid_until_s = 0.0

    def came(self, size: int, now_s: float) -> None:
        """So many bytes of ciphertext came."""
        self._charge(size / limits.PEER_BYTES_PER_S, now_s)

    def asked(self, now_s: float, *, refused: bool) -> None:
        """A request was answered. A refused one costs more: an honest partner has few of them."""
        self._charge(limits.PEER_REFUSED_S if refused else 1 / limits.PEER_REQUESTS_PER_S, now_s)

    def wait_s(self, now_s: float) -> float:
        """How long to wait before more is read."""
        return max(0.0, self._paid_until_s - now_s)

    def _charge(self, cost_s: float, now_s: float) -> None:
        self._paid_until_s = max(self._paid_until_s, now_s - limits.PEER_BURST_S) + cost_s
