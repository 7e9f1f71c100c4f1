"""Recorded: a run of the workload under the shim, in a process of its own."""

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Run:
    """What a run left."""

    root: Path
    root_inode: int
    trace: Path
    status: int
    said: str
    live: dict[str, dict[int, Any]]
    """By party: the state after the turn that left so many journal rows."""
    commits: dict[str, list[Any]]
    """By party: (journal rows, now, durables) of each commit that was tried."""


def under(shim: Path, root: Path, **settings: object) -> dict[str, str]:
    """The environment of a process under the shim."""
    python_path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    told = {f"DISK_{name.upper()}": str(value) for name, value in settings.items()}
    return os.environ | {"LD_PRELOAD": str(shim), "DISK_ROOT": str(root), "PYTHONPATH": python_path} | told


def record(shim: Path, folder: Path, *, turns: int, mistake: str = "", fail: str = "") -> Run:
    """Runs it. `mistake` is one that the workload makes on purpose; `fail` as DISK_FAIL in shim.c."""
    root, trace, reference = folder / "root", folder / "trace", folder / "reference"
    root.mkdir(parents=True)
    command = [sys.executable, "-m", "tests.disk.workload", str(root), str(reference), str(turns), mistake]
    settings = {"trace": trace} | ({"fail": fail} if fail else {})
    done = subprocess.run(
        command, env=under(shim, root, **settings), check=False, timeout=100, capture_output=True, text=True
    )
    assert done.returncode in {0, 3}, done.stderr
    kept = pickle.loads(reference.read_bytes())
    return Run(
        root=root,
        root_inode=root.stat().st_ino,
        trace=trace,
        status=done.returncode,
        said=done.stderr,
        live={party: live for party, (live, _) in kept.items()},
        commits={party: commits for party, (_, commits) in kept.items()},
    )
