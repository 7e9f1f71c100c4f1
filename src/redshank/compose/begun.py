"""Begun: under which keys each channel's first logs in a data folder were begun: the journal is replayed from there.

Here: the note beside the store, made at a channel's first start. Not here: later keys, which the journal holds (node.
rotation). May know: compose.config, edges.keys.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from redshank.compose.config import ConfigFailed
from redshank.edges.keys.sealed import replace_file
from redshank.exchange.parties import RawKeys
from redshank.terms.ids import ChannelId

NOTE = "begun.json"
_NO_KEYS: Literal["by voice"] = "by voice"
"""In the place of a partner's keys where it has none."""

Pair = tuple[RawKeys, RawKeys | None]
"""Our keys and the partner's; None: it has none."""


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    log: str
    witness: str
    log_mldsa: str
    witness_mldsa: str


class _Begun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: _Keys
    partner: _Keys | Literal["by voice"]


def begun_keys(data: Path, now: Mapping[ChannelId, Pair], *, keep: bool) -> dict[ChannelId, Pair]:
    """The keys that each channel was begun with; of a channel that is new here, those of `now`, which are noted if
    asked to `keep`.

    Raises ConfigFailed when the note can not be read, because without it nobody can tell under which keys the journal
    begins; and for a channel that was begun with keys of the partner and is without now, or the other way round: new
    keys follow old ones in a rotation, and here there are none on one of the two sides of it (VOICE-25).
    """
    path = data / NOTE
    try:
        begun = msgspec.json.decode(path.read_bytes(), type=dict[ChannelId, _Begun]) if path.exists() else {}
        found = {channel: _pair(noted) for channel, noted in begun.items()}
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise ConfigFailed(f"{path}: cannot be read: {error}") from error
    for channel, (_, partner) in now.items():
        _check_same_kind(data, channel, found.get(channel, (None, partner))[1], partner)
    fresh = {channel: pair for channel, pair in now.items() if channel not in found}
    if fresh and keep:
        noted = begun | {channel: _Begun(_text(own), _partner(partner)) for channel, (own, partner) in fresh.items()}
        replace_file(path, msgspec.json.encode(noted, order="sorted"), private=True)
    return found | fresh


def _check_same_kind(data: Path, channel: ChannelId, begun: RawKeys | None, now: RawKeys | None) -> None:
    if (begun is None) != (now is None):
        raise ConfigFailed(
            f"{data}: the log on {channel} was begun {'without' if begun is None else 'with'} keys of the partner; it "
            "can not go on otherwise, and no rotation leads there. Put the configuration back as it was to read it; "
            "for how a partner by voice gets keys and a node, see VOICE-25"
        )


def _pair(noted: _Begun) -> Pair:
    return _raw(noted.own), None if isinstance(noted.partner, str) else _raw(noted.partner)


def _partner(keys: RawKeys | None) -> _Keys | Literal["by voice"]:
    return _NO_KEYS if keys is None else _text(keys)


def _raw(keys: _Keys) -> RawKeys:
    return RawKeys(*(base64.b64decode(text, validate=True) for text in msgspec.structs.astuple(keys)))


def _text(keys: RawKeys) -> _Keys:
    return _Keys(*(base64.b64encode(raw).decode("ascii") for raw in msgspec.structs.astuple(keys)))
