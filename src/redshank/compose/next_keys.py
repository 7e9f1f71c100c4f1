"""Next keys: a running node looks for a ceremony about next keys, and for keys that it lacks.

Here: pins and key folders turned into events. Not here: what follows from them (node.rotation). May know: everything
below.
"""

import asyncio
import sys
from pathlib import Path

from redshank.compose.build import confirmed_pair
from redshank.compose.config import ChannelConfig, ConfigFailed, NodeConfig
from redshank.edges.engine import Engine
from redshank.edges.keys import KeyRing, KeysFailed
from redshank.exchange.parties import RawKeys, raw_keys
from redshank.node.events import KeysAgreed, KeysMissed
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId, channel_between


def keys_missed(state: NodeState, keys: KeyRing) -> list[KeysMissed]:
    """For each log whose keys of ours are not here any more: nothing is to be signed in it."""
    sessions = (one for channel in state.sessions for one in state.generations(channel))
    lacking = (one for one in sessions if not one.keyless and not keys.has(raw_keys(one.keys)))
    return [KeysMissed(one.channel, one.generation) for one in lacking]


class NextKeysWatch:
    """Runs beside the engine."""

    def __init__(self, config: NodeConfig, base: Path, keys: KeyRing, engine: Engine) -> None:
        self._config, self._base, self._keys, self._engine = config, base, keys, engine
        self._told: dict[ChannelId, tuple[RawKeys, RawKeys]] = {}
        self._faults: dict[ChannelId, str] = {}

    async def run(self) -> None:
        """Looks for ever. Ends only by cancellation."""
        while True:
            for channel in self._config.channels:
                await self._look(channel)
            await asyncio.sleep(limits.KEYS_LOOK_S)

    async def _look(self, channel: ChannelConfig) -> None:
        """A ceremony that has been held is told once; what can not be read is told to the operator once."""
        name = channel_between(self._config.party, channel.partner)
        try:
            pair = await asyncio.to_thread(self._confirmed, channel)
        except (ConfigFailed, KeysFailed) as error:
            if self._faults.get(name) != str(error):
                self._faults[name] = str(error)
                sys.stdout.write(f"Redshank: next keys on {name} are not taken: {error}\n")
                sys.stdout.flush()
            return
        if pair is not None and self._told.get(name) != pair:
            self._told[name] = pair
            await self._engine.post(KeysAgreed(channel=name, own=pair[0], partner=pair[1]))

    def _confirmed(self, channel: ChannelConfig) -> tuple[RawKeys, RawKeys] | None:
        self._keys.refresh()
        return confirmed_pair(self._config, self._base, channel, self._keys)
