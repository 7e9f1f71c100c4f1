"""What the machine itself did while a benchmark ran: how long a small durable write took, and how late a sleeper woke.

Here: `Probe`. A figure that is bad while both are good is our own fault; otherwise the disk or the other work's.
"""

import threading
import time
from pathlib import Path
from types import TracebackType

from benchmarks.plain_line import Journal

EVERY_S = 0.05
BLOCK = bytes(4_096)


class Probe:
    """Writes a block each EVERY_S in a thread of its own, from `with` to its end."""

    def __init__(self, path: Path) -> None:
        self.writes_s: list[float] = []
        self.lateness_s: list[float] = []
        self._journal = Journal(path)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="probe")

    def __enter__(self) -> "Probe":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            begin = time.monotonic()
            self._ended.wait(EVERY_S)
            woken = time.monotonic()
            self._journal.keep(BLOCK)
            self.lateness_s.append(woken - begin - EVERY_S)
            self.writes_s.append(time.monotonic() - woken)
