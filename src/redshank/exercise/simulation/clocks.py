"""Clocks: the machine clock of each node, which is wrong: it stands off, drifts, and is set forward and back.

Here: one clock. Not here: when it is set (trouble), the node's own time, which never runs backwards (node).
"""

import numpy as np

from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant

USUAL_MS, WILD_MS = 3 * SECOND_MS, 4 * MINUTE_MS
"""How far a clock may stand off: with a time service, and without."""
USUAL_DRIFT, WILD_DRIFT = 50e-6, 2e-3
"""Seconds per second: a quartz, and a virtual machine that is starved."""


class MachineClock:
    """One machine's clock. Times are UTC milliseconds."""

    def __init__(self, rng: np.random.Generator, begin: Instant, *, wild: bool) -> None:
        most_ms, most_drift = (WILD_MS, WILD_DRIFT) if wild else (USUAL_MS, USUAL_DRIFT)
        self._anchor = begin
        self._off_ms = int(rng.integers(-most_ms, most_ms))
        self._drift = float(rng.uniform(-most_drift, most_drift))

    def read(self, true: Instant) -> Instant:
        """What it shows at a true time."""
        return Instant(true + self._off_ms + int((true - self._anchor) * self._drift))

    def jump(self, by_ms: int) -> None:
        """Somebody sets it, forward or back."""
        self._off_ms += by_ms

    def put_right(self, true: Instant) -> None:
        """From now on it is right."""
        self._anchor, self._off_ms, self._drift = true, 0, 0.0
