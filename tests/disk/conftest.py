"""The shim, compiled for this run, and a place for images."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    command = ["gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([*command, str(HERE / "shim.c"), "-ldl", "-lpthread"], check=True)
    return library


@pytest.fixture
def ram(tmp_path):
    """A folder in memory where there is one: images are many and need no real disk."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="redshank-", dir=shared))
    yield folder
    shutil.rmtree(folder)
