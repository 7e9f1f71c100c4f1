"""The node process on a disk that fails: it ends with a text that says what to do, and nobody holds an acknowledgement
for what is not on the disk."""

import contextlib
import os
import subprocess
import urllib.error
from pathlib import Path

import pytest
from tests.disk.recorded import under
from tests.story.story_fleet import make_fleet

from redshank.terms.instants import Instant

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

NIGHT = Instant(1_778_115_600_000)
DISK, DAMAGED = 3, 4


@pytest.fixture
def nodes(tmp_path):
    fleet = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT)
    yield fleet["BY"], fleet["LT"]
    for node in fleet.values():
        node.stop()


def acknowledged_until_it_ends(node, most=400):
    """Tests the line until the node has gone; how often it said that this was done."""
    done = 0
    for _ in range(most):
        try:
            answer = node.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"})
        except (urllib.error.URLError, OSError, ValueError):
            break
        if "reason" in answer:
            break
        done += 1
    assert node.process.wait(20) == DISK, node.log()
    return done


def comes_back_with(node, done):
    """On a sound disk: every acknowledged message is in the log."""
    node.start()
    node.wait_ready()
    (line,) = node.view()["lines"]
    assert line["own_size"] >= done
    node.stop()
    assert node.process.returncode == 0, node.log()


@pytest.mark.parametrize(("fail", "says"), [("250:EIO1", "disk I/O error"), ("270:ENOSPC", "full"), ("1:EROFS", "")])
def test_rcv_4_the_node_ends_and_says_what_to_do(nodes, shim, fail, says):
    """RCV-4: exit code 3; the text names the file and what to look at."""
    node = nodes[0]
    (node.folder / "data").mkdir(exist_ok=True)
    node.start(under(shim, node.folder / "data", fail=fail))
    done = 0
    if not fail.startswith("1:"):
        node.wait_ready()
        done = acknowledged_until_it_ends(node)
        assert done > 3
    assert node.process.wait(20) == DISK, node.log()
    assert "The node cannot run" in node.log()
    first = "people.sqlite" if fail.startswith("1:") else "node.sqlite"  # what is written first of all
    kept = (first, "people.sqlite")  # whichever of the two was written at that moment
    assert any(str(node.folder / "data" / one) in node.log() for one in kept)
    assert says in node.log()
    assert "Look at the disk" in node.log()
    assert "Traceback" not in node.log()
    comes_back_with(node, done)


@contextlib.contextmanager
def small_disk(place: Path, kib: int):
    """A file system of this size, where this machine lets us mount one."""
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount; the shim's ENOSPC and EROFS stand for it")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_rcv_4_a_disk_that_is_really_full_and_one_that_is_really_read_only(nodes):
    """RCV-4: the kernel's own refusals."""
    node = nodes[0]
    with small_disk(node.folder / "data", 600):
        node.start()
        node.wait_ready()
        done = acknowledged_until_it_ends(node)
        assert done > 3
        assert "full" in node.log() or "No space" in node.log()
        assert "Look at the disk" in node.log()
        subprocess.run(["mount", "-o", "remount,size=64m", str(node.folder / "data")], check=True)
        comes_back_with(node, done)
        (node.folder / "data" / "console.json").unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(node.folder / "data")], check=True)
        node.start()
        assert node.process.wait(20) == DISK, node.log()
        assert "ead-only" in node.log() or "readonly" in node.log()
        subprocess.run(["mount", "-o", "remount,rw", str(node.folder / "data")], check=True)
        comes_back_with(node, done)
