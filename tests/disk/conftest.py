"""The shim, compiled for this run, and a run of the workload under it."""

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


@dataclass
class Run:
    """A workload that ended as it should."""

    root: Path
    root_inode: int
    trace: Path
    live: dict[str, dict[int, Any]]
    """By party: the state after the turn that left so many journal rows."""
    commits: dict[str, list[Any]]
    """By party: (journal rows, now, durables) of each commit."""


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    command = ["gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([*command, str(HERE / "shim.c"), "-ldl", "-lpthread"], check=True)
    return library


def under(shim, root, **settings):
    """The environment of a process under the shim."""
    python_path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    told = {f"DISK_{name.upper()}": str(value) for name, value in settings.items()}
    return os.environ | {"LD_PRELOAD": str(shim), "DISK_ROOT": str(root), "PYTHONPATH": python_path} | told


@pytest.fixture(scope="session")
def run(shim, tmp_path_factory):
    """One recorded run for all tests of images."""
    folder = tmp_path_factory.mktemp("run")
    root, trace, reference = folder / "root", folder / "trace", folder / "reference"
    root.mkdir()
    command = [sys.executable, "-m", "tests.disk.workload", str(root), str(reference)]
    subprocess.run(command, env=under(shim, root, trace=trace), check=True, timeout=100)
    kept = pickle.loads(reference.read_bytes())
    return Run(
        root=root,
        root_inode=root.stat().st_ino,
        trace=trace,
        live={party: live for party, (live, _) in kept.items()},
        commits={party: commits for party, (_, commits) in kept.items()},
    )


@pytest.fixture
def ram(tmp_path):
    """A folder in memory where there is one: images are many and need no real disk."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="redshank-", dir=shared))
    yield folder
    shutil.rmtree(folder)
