"""Policy file: the release policy as it stands in its file, and how it comes into force on a running node.

Here: reading it, at the start and on SIGHUP. Not here: what it means (release), what coming into force does (node). May
know: compose.config, edges.engine, node, release.

A file is looked at only when a person says so. A node that watched it would take half a file from an editor that
saves in two writes; and the first half of a policy is a policy.
"""

import asyncio
import hashlib
import sys
from collections.abc import Collection
from pathlib import Path

from redshank.compose.build import read_geography
from redshank.compose.config import ConfigFailed, NodeConfig
from redshank.edges.engine import Engine
from redshank.node.events import PolicyTaken
from redshank.node.state import NodeState
from redshank.release.policy import Extent, Policy
from redshank.release.reader import parse_policy
from redshank.terms import limits
from redshank.terms.ids import PartyId


def silent(party: PartyId) -> Policy:
    """What is in force before any policy was taken: nothing leaves."""
    return Policy(policy="none", party=party, rules=(), extent=Extent.NOTHING)


def read_policy(path: Path, party: PartyId, partners: Collection[PartyId] = ()) -> PolicyTaken:
    """The policy in a file. `partners`: of the configured channels; a rule may also name any country of the map.

    Raises ConfigFailed with file, line, field, limit and what follows.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.POLICY_BYTES + 1)
        policy = parse_policy(data.decode("utf-8"), {*read_geography().countries, *partners})
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}. {_STAYS}") from error
    except UnicodeDecodeError as error:
        raise ConfigFailed(f"{path}: is not UTF-8 at byte {error.start}. {_STAYS}") from error
    except ValueError as error:
        raise ConfigFailed(f"{path}: {error}") from error
    if policy.party != party:
        raise ConfigFailed(f"{path}: party: is the policy of {policy.party}, this node is {party}. {_STAYS}")
    return PolicyTaken(policy=policy, sha256=hashlib.sha256(data).hexdigest())


_STAYS = "The policy before it stays in force; a node without any releases nothing"


class PolicyFile:
    """The policy file of one node."""

    def __init__(self, path: Path, party: PartyId, partners: Collection[PartyId] = ()) -> None:
        self._path, self._party, self._partners = path, party, partners

    @staticmethod
    def of(config: NodeConfig, base: Path) -> "PolicyFile":
        """The one that a configuration names."""
        return PolicyFile(base / config.policy, config.party, [channel.partner for channel in config.channels])

    def at_start(self, state: NodeState) -> PolicyTaken | None:
        """What the first turn has to take: None when the policy in force is that of the file.

        A file that is refused does not keep a node from going on under the policy that its journal holds; it is told.
        Raises ConfigFailed when there is none.
        """
        try:
            found = self._read()
        except ConfigFailed as error:
            if state.taken is None:
                raise
            _tell(f"NOT taken: {error}. {state.policy.policy} stays in force")
            return None
        return None if state.taken is not None and state.taken.sha256 == found.sha256 else found

    async def take(self, engine: Engine) -> None:
        """On SIGHUP: has the node take the file's policy, or tells why not."""
        try:
            found = await asyncio.to_thread(self._read)
        except ConfigFailed as error:
            _tell(f"NOT taken: {error}. {engine.state.policy.policy} stays in force")
            return
        taken = engine.state.taken
        if taken is not None and taken.sha256 == found.sha256:
            _tell(f"{found.policy.policy} is in force already")
            return
        await engine.post(found)
        _tell(f"{found.policy.policy} comes into force (sha256 {found.sha256})")

    def _read(self) -> PolicyTaken:
        return read_policy(self._path, self._party, self._partners)


def _tell(what: str) -> None:
    sys.stdout.write(f"Redshank: release policy: {what}\n")
    sys.stdout.flush()
