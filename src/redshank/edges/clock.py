"""Clock: the one place that reads a clock.

Here: the system clock, and the exercise's clock that runs a documented night at a chosen pace. Not here: timers (an
edge sleeps through `sleep_until_changed` of asyncio, never by reading time). May know: terms.
"""

import ctypes
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


_TIME_ERROR = 5  # Linux, adjtimex(2): the clock is not synchronised
_TIMEX_BYTES = 208  # struct timex on 64-bit Linux


def machine_clock_is_disciplined() -> bool:
    """Whether the kernel says that this machine's clock is kept in step (adjtimex(2)); False when it cannot say."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return False
    return 0 <= state < _TIME_ERROR


class ClockFace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """State of an exercise clock: when the machine's monotonic clock reads `anchor_monotonic_ns` it begins to show
    `anchor_ms`, and runs on at `rate`. Until then `before` is in force, if there is one.

    CLOCK_MONOTONIC is one for all processes of a machine, so that five nodes agree, and change over at one instant: a
    node that jumped a day earlier than its partner would be refused as speaking from the future.
    """

    anchor_ms: int
    anchor_monotonic_ns: int
    rate: float
    before: "ClockFace | None" = None

    def in_force(self, monotonic_ns: int) -> "ClockFace":
        """The face that counts when the machine's monotonic clock reads `monotonic_ns`."""
        if self.before is not None and monotonic_ns < self.anchor_monotonic_ns:
            return self.before.in_force(monotonic_ns)
        return self

    def read(self, monotonic_ns: int) -> Instant:
        """The time shown when the machine's monotonic clock reads `monotonic_ns`."""
        face = self.in_force(monotonic_ns)
        return Instant(face.anchor_ms + int((monotonic_ns - face.anchor_monotonic_ns) * face.rate) // 1_000_000)


class ExerciseClock:
    """A clock whose face lies in a file that the exercise director writes; paused when the rate is 0."""

    LOOK_AGAIN_NS = 100_000_000
    CHANGE_OVER_NS = 250_000_000
    """From the writing of a new face until it is in force: every reader has looked again by then."""

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
        return self._face.in_force(time.monotonic_ns()).rate


def set_exercise_clock(path: Path, at: Instant, rate: float) -> None:
    """A face that shows `at` when it comes into force, and runs at `rate`. The first one of a file counts at once, a
    later one after CHANGE_OVER_NS, for all readers in the same instant. Raises OSError."""
    before, now_ns = _pending_face(path)
    from_ns = now_ns if before is None else now_ns + ExerciseClock.CHANGE_OVER_NS
    _write_face(path, ClockFace(int(at), from_ns, rate, before))


def set_exercise_pace(path: Path, rate: float) -> None:
    """Another pace after CHANGE_OVER_NS; the time shown goes on from where it is then. Raises OSError."""
    before, now_ns = _pending_face(path)
    if before is None:
        raise FileNotFoundError(f"{path}: there is no exercise clock whose pace could change")
    at_ns = now_ns + ExerciseClock.CHANGE_OVER_NS
    _write_face(path, ClockFace(int(before.read(at_ns)), at_ns, rate, before))


def _pending_face(path: Path) -> tuple[ClockFace | None, int]:
    """The newest face, and the monotonic clock; faces that nobody can need any more are dropped."""
    now_ns = time.monotonic_ns()
    if not path.exists():
        return None, now_ns
    newest = msgspec.json.decode(path.read_bytes(), type=ClockFace)
    needed: list[ClockFace] = []
    face: ClockFace | None = newest
    while face is not None:
        needed.append(face)
        face = face.before if now_ns < face.anchor_monotonic_ns else None
    chain: ClockFace | None = None
    for one in reversed(needed):
        chain = msgspec.structs.replace(one, before=chain)
    return chain, now_ns


def _write_face(path: Path, face: ClockFace) -> None:
    """The change is atomic for readers."""
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.encode(face))
    draft.replace(path)


def stopwatch_ns() -> int:
    """A reading of the monotonic clock, for measuring how long something took; never for dates."""
    return time.monotonic_ns()
