"""Third-party witnesses as real processes, set up with the command line alone."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from tests.story.story_fleet import free_port


def redshank(*arguments: object, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "redshank.cli.main", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


class WitnessProcess:
    """A third party's witness, set up with the command line alone."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.folder = folder
        self.port = free_port()
        self.vkeys = redshank("witness", "init", name, folder).split()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def agreed(self) -> dict[str, Any]:
        return {"url": f"http://127.0.0.1:{self.port}", "keys": self.vkeys}

    def serve(self, logs: list[str]) -> None:
        path = self.folder / "witness.yaml"
        config = yaml.safe_load(path.read_text())
        config |= {"listen": {"host": "127.0.0.1", "port": self.port}, "logs": logs}
        path.write_text(yaml.safe_dump(config))

    def start(self) -> None:
        log = (self.folder / "witness.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "redshank.cli.main", "witness", "run", "--config", self.folder / "witness.yaml"],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 30
        while b"listens" not in (self.folder / "witness.log").read_bytes():
            assert self.process.poll() is None, (self.folder / "witness.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
