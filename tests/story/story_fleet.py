"""Real node processes for tests: fresh keys, configurations, free ports; started, watched and stopped by process id."""

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

import redshank
from redshank.edges.clock import SystemClock, set_exercise_clock
from redshank.edges.keys import KeySet, Passphrase, PublicKeys, make_keys
from redshank.edges.keys.pins import EXERCISE, confirmed, pin_partner
from redshank.edges.keys.public import public_bytes
from redshank.edges.keys.sealed import random_passphrase, write_new
from redshank.exercise.accounts import OFFICER, Links, make_accounts
from redshank.terms.ids import PartyId, channel_between
from redshank.terms.instants import Instant

PACKAGE = Path(redshank.__file__).parent


_candidates = itertools.cycle(range(20_000 + os.getpid() % 1_000 * 12, 32_000))


def free_port() -> int:
    """A port, free for TCP and UDP, below those that the kernel gives to outgoing connections: nobody takes it before
    the node does."""
    for port in _candidates:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, contextlib.suppress(OSError):
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port
    raise AssertionError("the candidates never end")


@dataclass
class NodeProcess:
    party: str
    folder: Path
    config: Path
    peer_port: int
    console_port: int
    """The same after a restart, as in operation: an open page finds its node again."""
    udp_ports: dict[str, int] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)
    """By account: the headers of a session of its own."""
    staffed: bool = True
    """Whether the exercise's accounts are made where there is no file of people, as after a lost disk."""

    @property
    def access(self) -> dict[str, Any]:
        access: dict[str, Any] = json.loads((self.folder / "data" / "console.json").read_bytes())
        return access

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.console_port}"

    def link(self, person: str = OFFICER) -> str:
        """A one-time link into the console for an account of the exercise."""
        links = Links(PartyId(self.party), self.folder / "data", self.origin)
        try:
            return links.link(person)
        finally:
            links.close()

    def session(self, person: str) -> dict[str, str]:
        """The headers of a session that a program came in by, as a browser does it."""
        if person not in self.sessions:
            step = {"step": "enter", "link": self.link(person).partition("#")[2]}
            headers = {"Origin": self.origin, "Content-Type": "application/json"}
            request = urllib.request.Request(f"{self.origin}/api/enter", msgspec.json.encode(step), headers)
            with urllib.request.urlopen(request, timeout=20) as response:
                cookie = response.headers["Set-Cookie"].partition(";")[0]
            self.sessions[person] = {**headers, "Cookie": cookie}
        return self.sessions[person]

    def start(self, env: dict[str, str] | None = None) -> None:
        if self.staffed and not (self.folder / "data" / "people.sqlite").exists():
            self.sessions.clear()
            make_accounts(PartyId(self.party), self.folder / "data")
        told = self.folder / "data" / "console.json"
        if told.exists():
            told.unlink()
        log = (self.folder / "node.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "redshank.cli.main", "node", "--config", str(self.config)],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=env,
        )

    def wait_ready(self, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not (self.folder / "data" / "console.json").exists():
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def log(self) -> str:
        return (self.folder / "node.log").read_text()

    @property
    def public_keys(self) -> Path:
        """What the party gives to its partners, and to whoever checks a record."""
        return self.folder / "public.json"

    def kill(self) -> None:
        """As a power cut does it: nothing is flushed, nobody is told."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(20)

    def call(self, method: str, path: str, body: object = None, *, person: str = OFFICER) -> Any:
        request = urllib.request.Request(
            f"{self.origin}{path}",
            method=method,
            data=None if body is None else msgspec.json.encode(body),
            headers=self.session(person),
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                content = response.read()
                return (
                    json.loads(content) if response.headers["Content-Type"].startswith("application/json") else content
                )
        except urllib.error.HTTPError as error:
            return json.loads(error.read())

    def view(self) -> Any:
        return self.call("GET", "/api/view")

    def wait_for(self, what: Any, seconds: float = 30.0, *, every_s: float = 0.1) -> Any:
        """Polls the view until `what(view)` is true; returns what it gave."""
        deadline = time.monotonic() + seconds
        while True:
            view = self.view()
            found = what(view)
            if found:
                return found
            assert time.monotonic() < deadline, json.dumps(view)[:4000] + self.log()[-2000:]
            time.sleep(every_s)


@contextlib.contextmanager
def running(*nodes: NodeProcess) -> Iterator[None]:
    """The nodes, started together and ready; stopped at the end, whatever happened."""
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.wait_ready()
        yield
    finally:
        for node in nodes:
            node.stop()


def pin(folder: Path, keys: KeySet, partner: PublicKeys) -> Path:
    """The partner's keys, confirmed by nobody but this test."""
    path = folder / "pinned" / f"{partner.party}.json"
    seen = confirmed(keys, partner, "test officer", "test officer", SystemClock().now(), EXERCISE)
    pin_partner(keys, path, partner, seen)
    return path


def make_fleet(
    folder: Path,
    parties: list[str],
    *,
    at: Instant,
    rate: float = 1.0,
    feeds: dict[str, list[dict[str, Any]]] | None = None,
) -> dict[str, NodeProcess]:
    """Folders, keys and configurations of some parties' nodes on one exercise clock. Nothing runs yet."""
    set_exercise_clock(folder / "clock.json", at, rate)
    nodes = {}
    key_sets: dict[str, KeySet] = {}
    for party in parties:
        home = folder / party
        home.mkdir(parents=True)
        passphrase = random_passphrase()
        write_new(home / "passphrase", passphrase.encode())
        keys = make_keys(PartyId(party), home / "keys", SystemClock().now(), Passphrase(passphrase))
        (home / "public.json").write_bytes(public_bytes(keys.public()))
        key_sets[party] = keys
        make_accounts(PartyId(party), home / "data")
        nodes[party] = NodeProcess(party, home, home / "node.yaml", free_port(), free_port())
    for party, node in nodes.items():
        channels = []
        for other, partner in nodes.items():
            if other == party:
                continue
            channel = channel_between(PartyId(party), PartyId(other))
            agreement = PACKAGE / "procedure" / "agreements" / f"{channel.lower()}.yaml"
            if agreement.exists():
                channels.append(
                    {
                        "partner": other,
                        "partner_keys": str(pin(node.folder, key_sets[party], key_sets[other].public())),
                        "agreement": str(agreement),
                        "url": f"https://127.0.0.1:{partner.peer_port}",
                    }
                )
        entries = []
        for source in (feeds or {}).get(party, []):
            port = free_port()
            node.udp_ports[source["id"]] = port
            entries.append({"source": source, "udp": {"port": port, "interface": "127.0.0.1"}})
        node.config.write_text(
            yaml.safe_dump(
                {
                    "party": party,
                    "exercise": True,
                    "year": 2026,
                    "data": "data",
                    "keys": "keys",
                    "passphrase_file": "passphrase",
                    "console": {"host": "127.0.0.1", "port": node.console_port},
                    "peers": {"host": "127.0.0.1", "port": node.peer_port},
                    "policy": str(PACKAGE / "release" / "policies" / f"{party}.yaml"),
                    "channels": channels,
                    "feeds": entries,
                    "clock": {"exercise_file": "../clock.json"},
                    "alert_sender": f"civil-protection.{party.lower()}",
                }
            )
        )
    return nodes
