"""Leash: runs the `redshank` command in a child that the kernel ends when its parent dies.

Here: prctl(PR_SET_PDEATHSIG), Linux only; elsewhere the child runs without it. Not here: starting and
stopping (fleet). Usage: python -m redshank.exercise.leash PARENT_PID ARGUMENTS...
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def hold(parent: int) -> None:
    """Ends this process with SIGKILL when `parent` dies: a node survives that, its journal is durable.

    Exits at once if the parent is gone already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the exercise director is gone")


def main() -> None:
    """Entry point of the child."""
    hold(int(sys.argv[1]))
    sys.argv = ["redshank", *sys.argv[2:]]
    runpy.run_module("redshank.cli.main", run_name="__main__")  # as a user starts it; cli stands above this room


if __name__ == "__main__":
    main()
