"""Begun: under which keys each channel's first logs in a data folder were begun: the journal is replayed from there.

Here: the note beside the store, made at a channel's first start. Not here: later keys, which the journal holds (node.
rotation). May know: compose.config, edges.keys.
"""

import base64
from collections.abc import Mapping
from pathlib import Path

import msgspec

from redshank.compose.config import ConfigFailed
from redshank.edges.keys.sealed import replace_file
from redshank.exchange.parties import RawKeys
from redshank.terms.ids import ChannelId

NOTE = "begun.json"

Pair = tuple[RawKeys, RawKeys]
"""Our keys and the partner's."""


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    log: str
    witness: str
    log_mldsa: str
    witness_mldsa: str


class _Begun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: _Keys
    partner: _Keys


def begun_keys(data: Path, now: Mapping[ChannelId, Pair], *, keep: bool) -> dict[ChannelId, Pair]:
    """The keys that each channel was begun with; of a channel that is new here, those of `now`, which are noted if
    asked to `keep`.

    Raises ConfigFailed when the note can not be read: without it nobody can tell under which keys the journal begins.
    """
    path = data / NOTE
    try:
        begun = msgspec.json.decode(path.read_bytes(), type=dict[ChannelId, _Begun]) if path.exists() else {}
        found = {channel: (_raw(noted.own), _raw(noted.partner)) for channel, noted in begun.items()}
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise ConfigFailed(f"{path}: cannot be read: {error}") from error
    fresh = {channel: pair for channel, pair in now.items() if channel not in found}
    if fresh and keep:
        noted = begun | {channel: _Begun(_text(own), _text(partner)) for channel, (own, partner) in fresh.items()}
        replace_file(path, msgspec.json.encode(noted, order="sorted"), private=True)
    return found | fresh


def _raw(keys: _Keys) -> RawKeys:
    return RawKeys(*(base64.b64decode(text, validate=True) for text in msgspec.structs.astuple(keys)))


def _text(keys: RawKeys) -> _Keys:
    return _Keys(*(base64.b64encode(raw).decode("ascii") for raw in msgspec.structs.astuple(keys)))
