"""Begun: under which keys the logs in a data folder were begun, so that no other keys go on with them.

Here: the note beside the store, and the check at each start. Not here: changing keys, which needs new logs (KEY-14).
May know: compose.config, edges.keys.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from redshank.compose.config import ConfigFailed
from redshank.edges.keys import PublicKeys
from redshank.edges.keys.sealed import replace_file
from redshank.terms.ids import PartyId

NOTE = "begun.json"
NO_KEYS = "by voice"
"""In the place of a partner's keys where it has none."""


def check_begun(data: Path, sets: Iterable[PublicKeys], by_voice: Iterable[PartyId] = ()) -> None:
    """Notes the keys of log and witness of each party at the first start, and who has none; later compares them.

    A new authority or key exchange does not matter here. Raises ConfigFailed with what to do: going on would make a log
    that its first half contradicts, or one that nobody can check.
    """
    path, now = data / NOTE, {public.party: _mark(public) for public in sets} | dict.fromkeys(by_voice, NO_KEYS)
    try:
        begun = msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigFailed(f"{path}: cannot be read: {error}") from error
    for party, mark in now.items():
        if begun.get(party, mark) != mark and NO_KEYS in (mark, begun[party]):
            raise ConfigFailed(
                f"{data}: the log for {party} was begun {'without' if mark != NO_KEYS else 'with'} keys of {party}; it "
                "can not go on otherwise. Put the configuration back as it was to read it; for how a partner by voice "
                "gets keys and a node, see VOICE-25"
            )
        if begun.get(party, mark) != mark:
            raise ConfigFailed(
                f"{data}: the logs here were begun under other keys of {party}; they can not go on under new ones. "
                "Put the old pin or the old keys back to read them; for what to do after a loss or a revocation, see "
                "KEY-14"
            )
    if begun != begun | now:
        replace_file(path, msgspec.json.encode(begun | now, order="sorted"), private=True)


def _mark(public: PublicKeys) -> str:
    keys = (public.log_key, public.witness_key, public.log_key_mldsa, public.witness_key_mldsa)
    return hashlib.sha256("\n".join(keys).encode("ascii")).hexdigest()
