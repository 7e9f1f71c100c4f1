"""Clock: the one place that reads a clock.

Here: the system clock, and the exercise's clock that runs a documented night at a chosen pace. Not here: timers (an
edge sleeps through `sleep_until_changed` of asyncio, never by reading time). May know: terms.
"""

import json
import os
import time
from pathlib import Path
from typing import Protocol

import msgspec

from redshank.terms.instants import Instant


class Clock(Protocol):
    """What every edge asks for the time."""

    def now(self) -> Instant:
        """UTC, whole milliseconds."""

    @property
    def rate(self) -> float:
        """Seconds of this clock per second of the wall."""


class SystemClock:
    """The machine's UTC clock."""

    rate = 1.0

    def now(self) -> Instant:
        """UTC, whole milliseconds."""
        return Instant(time.time_ns() // 1_000_000)


class ClockFace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """State of an exercise clock: at `anchor_monotonic_ns` of the machine it showed `anchor_ms`, and runs at `rate`.

    CLOCK_MONOTONIC is one for all processes of a machine, so that five nodes agree.
    """

    anchor_ms: int
    anchor_monotonic_ns: int
    rate: float

    def read(self, monotonic_ns: int) -> Instant:
        """The time shown when the machine's monotonic clock reads `monotonic_ns`."""
        return Instant(self.anchor_ms + int((monotonic_ns - self.anchor_monotonic_ns) * self.rate) // 1_000_000)


class ExerciseClock:
    """A clock whose face lies in a file that the exercise director writes; paused when the rate is 0."""

    LOOK_AGAIN_NS = 100_000_000

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked_ns = 0
        self._stamp: tuple[int, int] = (0, 0)
        self._face = self._load()

    def _load(self) -> ClockFace:
        status = os.stat(self._path)
        self._stamp = (status.st_mtime_ns, status.st_ino)
        return msgspec.json.decode(self._path.read_bytes(), type=ClockFace)

    def _refresh(self, monotonic_ns: int) -> None:
        if monotonic_ns - self._looked_ns < self.LOOK_AGAIN_NS:
            return
        self._looked_ns = monotonic_ns
        status = os.stat(self._path)
        if (status.st_mtime_ns, status.st_ino) != self._stamp:
            self._face = self._load()

    def now(self) -> Instant:
        """Exercise time, UTC of the replayed night."""
        monotonic_ns = time.monotonic_ns()
        self._refresh(monotonic_ns)
        return self._face.read(monotonic_ns)

    @property
    def rate(self) -> float:
        """Exercise seconds per second; 0 when paused."""
        return self._face.rate


def set_exercise_clock(path: Path, at: Instant, rate: float) -> ClockFace:
    """Writes a new face that shows `at` now and runs at `rate`; the change is atomic for readers."""
    face = ClockFace(int(at), time.monotonic_ns(), rate)
    draft = path.with_suffix(".new")
    draft.write_bytes(json.dumps(msgspec.to_builtins(face)).encode())
    draft.replace(path)
    return face


def stopwatch_ns() -> int:
    """A reading of the monotonic clock, for measuring how long something took; never for dates."""
    return time.monotonic_ns()
