"""A sandbox for tests: a real node process in an exercise of its own, and a qualifier's folder beside it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from tests.conformance.nursery import Nursery
from tests.story.story_fleet import PACKAGE, NodeProcess, free_port, pin

from redshank.conformance.case import Result, Verdict
from redshank.conformance.prepare import NODE_KEYS, prepare, read_sandbox
from redshank.conformance.report import Report
from redshank.conformance.run import Progress, qualify
from redshank.edges.clock import SystemClock
from redshank.edges.keys import Passphrase, make_keys
from redshank.edges.keys.public import parse_public, public_bytes
from redshank.edges.keys.sealed import random_passphrase, write_new
from redshank.terms.ids import PartyId

YEAR = 2026


class NurseryNode(NodeProcess):
    """A real node from the nursery, with one thing in it done wrong, or none."""

    nursery: Nursery
    fault = ""

    def start(self, env: dict[str, str] | None = None) -> None:
        assert env is None, "a fork has its parent's"
        (self.folder / "data" / "console.json").unlink(missing_ok=True)
        self.process = cast("Any", self.nursery.start(self.fault, self.config, self.folder / "node.log"))

    def stop(self, number: int = 9) -> None:
        """A broken node need not end well."""
        super().stop(number)


@dataclass
class Sandboxed:
    """A node that lets a qualifier in, and the qualifier's folder."""

    node: NodeProcess
    folder: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.node.peer_port}"

    async def qualify(
        self,
        only: str = "",
        *,
        now_ms: Callable[[], int] = lambda: int(time.time() * 1000),
        disciplined: bool = False,
        url: str | None = None,
        progress: Progress = lambda number, of, case, result: None,
    ) -> Report:
        sandbox, opened, settings = read_sandbox(self.folder, url or self.url)
        return await qualify(
            sandbox,
            opened,
            now_ms,
            node_file=(self.folder / NODE_KEYS).read_bytes(),
            follows_node=settings.clock == "node",
            clock_is_disciplined=disciplined,
            selection=only,
            progress=progress,
        )


def make_sandbox(folder: Path, nursery: Nursery | None = None, fault: str = "") -> Sandboxed:
    """Nothing runs yet. Without a nursery the node is started by the command."""
    home, door = folder / "LT", free_port()
    home.mkdir(parents=True)
    passphrase = random_passphrase()
    write_new(home / "passphrase", passphrase.encode())
    keys = make_keys(PartyId("LT"), home / "keys", SystemClock().now(), Passphrase(passphrase))
    (home / "public.json").write_bytes(public_bytes(keys.public()))
    listen = f"127.0.0.1:{door}"
    now_s = SystemClock().now() // 1000
    prepare(folder / "sandbox", home / "public.json", listen=listen, clock="own", year=YEAR, now_s=now_s)
    kind = NodeProcess if nursery is None else NurseryNode
    node = kind("LT", home, home / "node.yaml", free_port(), free_port())
    if isinstance(node, NurseryNode) and nursery is not None:
        node.nursery, node.fault = nursery, fault
    sample = yaml.safe_load((folder / "sandbox" / "node-part.yaml").read_text())
    (channel,) = sample["channels"]
    theirs = parse_public((folder / "sandbox" / "public.json").read_bytes())
    channel |= {
        "partner_keys": str(pin(home, keys, theirs)),
        "agreement": str(folder / "sandbox" / channel["agreement"]),
    }
    rest = {
        "data": "data",
        "keys": "keys",
        "passphrase_file": "passphrase",
        "console": {"host": "127.0.0.1", "port": node.console_port},
        "peers": {"host": "127.0.0.1", "port": node.peer_port},
        "policy": str(PACKAGE / "release" / "policies" / "LT.yaml"),
        "alert_sender": "civil-protection.lt",
    }
    node.config.write_text(yaml.safe_dump({**sample, **rest}))
    return Sandboxed(node, folder / "sandbox")


def not_passed(report: Report) -> dict[str, Result]:
    """Results that are neither a pass nor out of question, by case."""
    return {one.case: one for one in report.results if one.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE)}


def told(report: Report) -> str:
    """What did not pass, for the words of a failed test."""
    lines = [
        f"{one.case} {one.verdict.value} {one.responsible.value} {one.breached}: {one.did}: {one.came}"
        for one in not_passed(report).values()
    ]
    return "\n".join(lines)
