"""TAK servers as peers of the channel's benchmarks: installed when they are wanted, started on loopback.

Here: `PEERS`, `environment`, `Server`. Each peer has a virtual environment of its own in the user's cache
(`REDSHANK_PEERS` names another folder), from a lock of its own with hashes (`tak_*.lock`, beside this file). Nothing
of them is in Redshank's environment, locks or sources. A peer that can not be installed or started is `Absent`, which
says why: the benchmark tells it and goes on. Not here: clients (`tak_cot`), what is measured (`tak_tracks`,
`tak_line_cut`).

They are started as their own documentation says, with settings that only choose addresses, ports and folders.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.story.story_fleet import free_port

HERE = Path(__file__).parent
INSTALL_S, READY_S, STOP_S = 600.0, 60.0, 10.0


class Absent(Exception):
    """The peer is not to be had here, or does not work; the text says why, for the reader of a figure."""


@dataclass(frozen=True)
class Start:
    """How a server is started in its folder: arguments of its environment's Python, and environment variables. `leaves`
    is a folder that it makes elsewhere whatever it is told; it goes at the end unless it was there before."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    leaves: Path | None = None


@dataclass(frozen=True)
class Peer:
    """A server; `licence` as its package says; `start` gets a folder of its own and the port for CoT over TCP."""

    name: str
    version: str
    licence: str
    lock: str
    start: Callable[[Path, int], Start]

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"


def _start_taky(folder: Path, port: int) -> Start:
    """Of its README: a configuration file, `taky -c FILE`. Without `redis` it keeps what it knows in memory."""
    config = folder / "taky.conf"
    config.write_text(
        f"[taky]\nhostname=127.0.0.1\nbind_ip=127.0.0.1\nroot_dir={folder}\n[cot_server]\nport={port}\n"
        "[ssl]\nenabled=false\n",
        encoding="utf-8",
    )
    return Start(("-m", "taky.cot", "-l", "warning", "-c", str(config)), {})


def _start_freetakserver(folder: Path, port: int) -> Start:
    """Of its documentation: environment variables, `python -m FreeTAKServer.controllers.services.FTS`.

    It makes /opt/fts whatever it is told, so it needs a user who may. Its two package servers listen at all addresses,
    ports 8080 and 8443, and its parts meet at the fixed ports 19030 to 19034: one at a time.
    """
    for name in ("certs/clientPackages", "ExCheck/template", "ExCheck/checklist", "packages", "Logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    certs = {
        "SERVER_KEYDIR": "server.key", "SERVER_PEMDIR": "server.pem", "TESTCLIENT_PEMDIR": "server.pem",
        "TESTCLIENT_KEYDIR": "server.key", "UNENCRYPTED_KEYDIR": "server.key.unencrypted",
        "SERVER_P12DIR": "server.p12", "CADIR": "ca.pem", "CAKEYDIR": "ca.key", "CRLDIR": "FTS_CRL.json",
        "FEDERATION_CERTDIR": "server.pem", "FEDERATION_KEYDIR": "server.key", "CLIENT_PACKAGES_PATH": "clientPackages",
    }  # fmt: skip
    folders = {
        "PERSISTENCE_PATH": ".", "DB_PATH": "FTSDataBase.db", "CERTS_PATH": "certs", "EXCHECK_PATH": "ExCheck",
        "EXCHECK_TEMPLATE_PATH": "ExCheck/template", "EXCHECK_CHECKLIST_PATH": "ExCheck/checklist",
        "DATAPACKAGE_PATH": "packages", "LOGFILE_PATH": "Logs",
    }  # fmt: skip
    told = {"FIRST_START": "false", "COT_PORT": str(port), "SSLCOT_PORT": str(free_port())}
    told |= {"API_PORT": str(free_port()), "FED_PORT": str(free_port())}
    told |= dict.fromkeys(("DP_ADDRESS", "USER_ADDRESS", "API_ADDRESS"), "127.0.0.1")
    told |= {name: str(folder / "certs" / path) for name, path in certs.items()}
    told |= {name: str(folder / path) for name, path in folders.items()}
    local = ("-CoTIP", "-SSLCoTIP", "-DataPackageIP", "-SSLDataPackageIP", "-RestAPIIP")
    return Start(
        ("-m", "FreeTAKServer.controllers.services.FTS", *(part for name in local for part in (name, "127.0.0.1"))),
        {f"FTS_{name}": value for name, value in told.items()},
        Path("/opt/fts"),
    )


PEERS = {
    peer.name: peer
    for peer in (
        Peer("taky", "0.10", "MIT", "tak_taky.lock", _start_taky),
        Peer("FreeTAKServer", "2.2.1", "EPL-2.0", "tak_freetakserver.lock", _start_freetakserver),
    )
}

NOT_STARTED = {
    "OpenTAKServer 1.7.14": "not measured: it runs only beside RabbitMQ and a PostgreSQL with PostGIS, as services"
}
"""What a benchmark does not set up, and why; told in the last line with the peers."""


def environment(peer: Peer) -> Path:
    """The Python of the peer's environment, which is made first if it is not there. Raises Absent."""
    lock = HERE / peer.lock
    home = os.environ.get("REDSHANK_PEERS") or str(
        Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "redshank-peers"
    )
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    place = Path(home) / f"{peer.name.lower()}-{digest}-py{sys.version_info.major}.{sys.version_info.minor}"
    python, done = place / "bin" / "python", place / "installed"
    if done.exists() and python.exists():
        return python
    print(f"installing {peer.title} ({peer.licence}) into an environment of its own", flush=True)
    shutil.rmtree(place, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(place)], peer)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    _run([*pip, "--require-hashes", "-r", str(lock)], peer)
    done.touch()
    return python


def _run(command: list[str], peer: Peer) -> None:
    try:
        subprocess.run(command, check=True, timeout=INSTALL_S, capture_output=True, text=True)
    except subprocess.CalledProcessError as failed:
        last = (failed.stderr.strip().splitlines() or ["without a word"])[-1]
        raise Absent(f"{peer.title} can not be installed here: {last[:200]}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise Absent(f"{peer.title} can not be installed here: {type(failed).__name__}") from failed


class Server:
    """A peer's server with a folder and a port of its own; started by `with`, or by `start` again after `kill`."""

    def __init__(self, peer: Peer, python: Path, folder: Path) -> None:
        self.peer, self.port = peer, free_port()
        self._folder = folder
        self._start = peer.start(folder, self.port)
        self._command = [str(python), *self._start.arguments]
        self._process: subprocess.Popen[bytes] | None = None
        leaves = self._start.leaves
        self._leaves = None if leaves is None or leaves.exists() else leaves

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        if self._leaves is not None:
            shutil.rmtree(self._leaves, ignore_errors=True)

    def start(self) -> None:
        """Until its port is open. Raises Absent."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env={**variables, **self._start.variables}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + READY_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise Absent(f"{self.peer.title} does not start: {self._last_words()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1.0):
            return True
        return False

    def _last_words(self) -> str:
        lines = (self._folder / "server.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return (lines or ["without a word"])[-1][:200]

    def kill(self) -> None:
        """SIGKILL to all its processes, as a power cut would end them."""
        if self._process is None:
            return
        deadline = time.monotonic() + STOP_S
        while (alive := list(self.processes())) and time.monotonic() < deadline:
            for pid in alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
            self._process.poll()
        self._process.wait()

    def processes(self) -> Iterator[int]:
        """Of its session, which began with it: itself and all that it started."""
        assert self._process is not None
        for entry in Path("/proc").iterdir():
            fields = _stat(entry) if entry.name.isdigit() else []
            if fields and fields[3] == str(self._process.pid) and fields[0] != "Z":
                yield int(entry.name)

    def cpu_s(self) -> float:
        """Processor time of all its living processes so far."""
        ticks = 0
        for pid in self.processes():
            if fields := _stat(Path("/proc") / str(pid)):
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Proportional set of all its processes: what they share is counted once."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
                total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        return total / 1024


def _stat(entry: Path) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when it is gone."""
    try:
        return (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
