"""Leash: a node as a child process that starts quickly and never outlives the director.

Here: the process that runs `redshank node --config FILE`, forked from a server that has imported the program
once (the "forkserver" of multiprocessing: five nodes need not each import it), and the thread in it that waits
for the director's death. Not here: when nodes start and stop (fleet). A program that starts nodes needs the
usual guard `if __name__ == "__main__"`, because each child imports it.
"""

import multiprocessing
import os
import signal
import sys
import threading
from importlib import import_module
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

PRELOADED = [
    "redshank.cli.main",
    "redshank.compose.serve",
    "asterix.base",
    "asterix.generated",
    "scipy.stats",
    "redshank.exercise.warm",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
]

_CONTEXT = multiprocessing.get_context("forkserver")


def child(config: Path, log: Path) -> ForkServerProcess:
    """A node that is not started yet; `start` blocks while the server imports the program, once."""
    _CONTEXT.set_forkserver_preload(PRELOADED)
    return _CONTEXT.Process(target=run_node, args=(str(config), str(log)), name=str(config), daemon=True)


def run_node(config: str, log: str) -> None:
    """What the child does: the command line's own `node`, with its output in a file.

    A session of its own: Ctrl-C reaches the director alone, which then stops the nodes in order.
    """
    os.setsid()
    hold()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.argv = ["redshank", "node", "--config", config]
    import_module(PRELOADED[0]).main()  # the command as a user starts it, by name: cli stands above this room


def hold() -> None:
    """Ends this process with SIGKILL when the director dies: a node survives that, its journal is durable."""
    director = multiprocessing.parent_process()
    if director is None:
        sys.exit("only the exercise director starts a node in this way")
    sentinel = director.sentinel

    def watch() -> None:
        wait([sentinel])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="leash", daemon=True).start()
