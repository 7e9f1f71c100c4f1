"""Recorded: a run of the workload under the shim, in a process of its own."""

import ctypes
import os
import pickle
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
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


def record(shim: Path, folder: Path, *, turns: int, mistake: str = "") -> Run:
    """Runs it. `mistake` is one that the workload makes on purpose."""
    root, trace, reference = _places(folder)
    command = [sys.executable, "-m", "tests.disk.workload", str(root), str(reference), str(turns), mistake]
    env = under(shim, root, trace=trace)
    done = subprocess.run(command, env=env, check=False, timeout=100, capture_output=True, text=True)
    return _left(folder, done.returncode, done.stderr)


def record_many(shim: Path, folder: Path, *, turns: int, fails: Sequence[str]) -> Iterator[Run]:
    """One run for each of `fails` (as DISK_FAIL in shim.c), each in a process forked off one that has all loaded."""
    env = {name: text for name, text in under(shim, folder).items() if name != "DISK_ROOT"}
    command = [sys.executable, "-m", "tests.disk.recorded", str(shim), str(folder), str(turns), *fails]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for fail, line in zip(fails, process.stdout, strict=True):
            home = folder / fail.replace(":", "-")
            yield _left(home, int(line), (home / "said").read_text())
            shutil.rmtree(home)
    assert process.returncode == 0


def _places(folder: Path) -> tuple[Path, Path, Path]:
    (folder / "root").mkdir(parents=True)
    return folder / "root", folder / "trace", folder / "reference"


def _left(folder: Path, status: int, said: str) -> Run:
    assert status in {0, 3}, said
    kept = pickle.loads((folder / "reference").read_bytes())
    return Run(
        root=folder / "root",
        root_inode=(folder / "root").stat().st_ino,
        trace=folder / "trace",
        status=status,
        said=said,
        live={party: live for party, (live, _) in kept.items()},
        commits={party: commits for party, (_, commits) in kept.items()},
    )


def _fork_each(shim: str, folder: Path, turns: int, fails: Sequence[str]) -> None:
    from tests.disk.workload import main_process

    from redshank.exercise.simulation.scenes import law

    law()
    library = ctypes.CDLL(shim)
    for fail in fails:
        home = folder / fail.replace(":", "-")
        root, trace, reference = _places(home)
        child = os.fork()
        if child == 0:
            said = os.open(home / "said", os.O_WRONLY | os.O_CREAT)
            os.dup2(said, 2)
            library.disk_begin(str(root).encode(), str(trace).encode(), fail.encode())
            status = 98
            try:
                status = main_process(root, reference, turns)
            except BaseException:  # noqa: BLE001 - a forked child must never come back
                traceback.print_exc()
            finally:
                os._exit(status)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _fork_each(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
