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

NOTE = "begun.json"


def check_begun(data: Path, sets: Iterable[PublicKeys]) -> None:
    """Notes the keys of log and witness of each party at the first start; later compares them.

    A new authority or key exchange does not matter here. Raises ConfigFailed with what to do: going on would make a log
    that its first half contradicts, or one that nobody can check.
    """
    path, now = data / NOTE, {public.party: _mark(public) for public in sets}
    try:
        begun = msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigFailed(f"{path}: cannot be read: {error}") from error
    for party, mark in now.items():
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
