"""Agreement files: which texts a node has read, at its start and when a person says so (SIGHUP).

Here: reading the files of all channels, and telling the operator what became of them. Not here: what a text is worth
(node.agreements). A file that is refused changes nothing; which text is in force both sides' acts say, never a file.
"""

import asyncio
import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from redshank.compose.build import read_tables
from redshank.compose.config import ConfigFailed, NodeConfig
from redshank.edges.engine import Engine
from redshank.node.agreements import life_of
from redshank.node.events import AgreementTaken
from redshank.node.state import NodeState
from redshank.procedure.agreement import in_force, parse_agreement
from redshank.procedure.fingerprint import SHOWN_DIGITS, fingerprint
from redshank.terms.ids import ChannelId, channel_between


def read_text(path: Path, channel: ChannelId) -> AgreementTaken:
    """The text in a file. Raises ConfigFailed naming the file, and the line where there is one."""
    try:
        data = path.read_bytes()
        laws = read_tables()
        agreement = parse_agreement(data.decode("utf-8"), laws)
        in_force(laws, {channel: agreement})
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # no UTF-8, or refused by the reader
        raise ConfigFailed(f"{path}: {error}") from error
    if agreement.channel != channel:
        raise ConfigFailed(f"{path}: is about {agreement.channel}, not {channel}")
    return AgreementTaken(
        agreement=agreement, sha256=hashlib.sha256(data).hexdigest(), fingerprint=fingerprint(agreement)
    )


class AgreementFiles:
    """The agreement files of one node, by channel."""

    def __init__(self, paths: Mapping[ChannelId, Path]) -> None:
        self._paths = paths

    @staticmethod
    def of(config: NodeConfig, base: Path) -> "AgreementFiles":
        """Those that a configuration names."""
        named = {channel_between(config.party, one.partner): base / one.agreement for one in config.channels}
        return AgreementFiles(named)

    def at_start(self, state: NodeState) -> list[AgreementTaken]:
        """What the first turn has to take: each file that is another than the one that was read last."""
        return [found for channel in sorted(self._paths) if (found := self._changed(state, channel)) is not None]

    async def take(self, engine: Engine) -> None:
        """On SIGHUP: has the node take what has changed, and tells the operator."""
        for channel in sorted(self._paths):
            try:
                found = await asyncio.to_thread(self._changed, engine.state, channel)
            except ConfigFailed as error:
                _tell(f"{channel}: NOT taken: {error}. What was known before goes on")
                continue
            if found is not None:
                await engine.post(found)
                _tell(f"{channel}: another text, {_told(engine.state, found)}")

    def _changed(self, state: NodeState, channel: ChannelId) -> AgreementTaken | None:
        found = read_text(self._paths[channel], channel)
        known = state.texts.get(channel, ())
        return None if known and known[-1].sha256 == found.sha256 else found


def _told(state: NodeState, found: AgreementTaken) -> str:
    short, life = found.fingerprint[:SHOWN_DIGITS], life_of(state, found.agreement.channel)
    if life.by_file or life.text is None:
        return f"{short}"
    if life.text == found.fingerprint:
        return f"{short}, which is in force"
    return f"{short}; {life.text[:SHOWN_DIGITS]} stays in force until both sides have activated the new one"


def _tell(what: str) -> None:
    sys.stdout.write(f"Redshank: agreement: {what}\n")
    sys.stdout.flush()
