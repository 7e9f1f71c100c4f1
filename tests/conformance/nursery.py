"""Nursery: real nodes, sound or broken, forked from a process that has read the map already: there in a moment."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conformance.broken_node import FAULTS

from redshank.compose.build import read_geography
from redshank.compose.serve import serve
from redshank.forecast.forecast import draw_banks


class Forked:
    """A process of the nursery, with as much of Popen as a test needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            assert time.monotonic() < deadline, f"{self.pid} does not end"
            time.sleep(0.02)
        return 0


class Nursery:
    """Reads the map once; then a node is there in a moment."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.conformance.nursery"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, fault: str, config: Path, log: Path) -> Forked:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{fault}\t{config}\t{log}\n")
        self._process.stdin.flush()
        return Forked(int(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


def _be_a_node(fault: str, config: str, log: str) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if fault:
        FAULTS[fault]()
    asyncio.run(serve(Path(config)))


def main() -> None:
    """Forks a node for each line of the input, until it ends."""
    read_geography()
    draw_banks()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        fault, config, log = line.rstrip("\n").split("\t")
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                _be_a_node(fault, config, log)
                status = 0
            finally:
                os._exit(status)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
