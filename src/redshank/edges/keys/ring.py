"""Ring: all sets of keys that a party has: the one that its logs were begun with, and those that were made beside it.

Here: making the next set beside the old ones, finding the set that a log needs. Not here: when a log changes over
(node.rotation). May know: the rest of this room. Clauses: docs/spec/keys.md KEY-14 to KEY-17.

The next set has keys of log and witness of its own; authority and TLS certificate stay those of the folder.
"""

import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from redshank.edges.durable_file import make_folder, sync_folder
from redshank.edges.keys.keyset import LOG, LOG_MLDSA, WITNESS, WITNESS_MLDSA, KeySet
from redshank.edges.keys.public import KeysFailed, PublicKeys, fingerprint
from redshank.edges.keys.sealed import SALT, Passphrase, Seal
from redshank.edges.keys.token import PLACE
from redshank.exchange.parties import PartyKeys, RawKeys, raw_keys
from redshank.terms import limits
from redshank.terms.ids import PartyId

_NEXT, _DRAFT = "next-", ".making"


class KeyRing:
    """A party's sets of keys, oldest first."""

    def __init__(self, party: PartyId, folder: Path, passphrase: Passphrase) -> None:
        """Raises KeysFailed when any set of the folder can not be opened."""
        self.base = KeySet(party, folder, passphrase)
        self._passphrase = passphrase
        self._sets: tuple[tuple[KeySet, RawKeys], ...] = ((self.base, self.base.public().raw()),)
        self.refresh()

    @property
    def newest(self) -> KeySet:
        """The set that was made last: what the party shows in its next ceremony."""
        return self._sets[-1][0]

    def refresh(self) -> None:
        """Opens sets that were made since; may run beside a signature. Raises KeysFailed."""
        there = {one.folder for one, _ in self._sets}
        for folder in next_folders(self.base.folder):
            if folder not in there:
                fresh = KeySet(self.base.party, folder, self._passphrase, self.base)
                self._sets = (*self._sets, (fresh, fresh.public().raw()))

    def named(self, of: str) -> PublicKeys | None:
        """The public half of the set with this fingerprint, in hexadecimal digits; None when it is not here."""
        publics = (one.public() for one, _ in self._sets)
        return next((public for public in publics if fingerprint(public).hex() == of), None)

    def has(self, raw: RawKeys) -> bool:
        """Whether one of the sets has exactly these keys."""
        return any(held == raw for _, held in self._sets)

    def holding(self, keys: PartyKeys) -> KeySet:
        """The set with these public keys. Raises KeysFailed: nothing is signed with others."""
        wanted = raw_keys(keys)
        for one, held in self._sets:
            if held == wanted:
                return one
        raise KeysFailed(f"{self.base.folder}: holds no keys of {keys.log.name}; nothing is signed with others")


def next_folders(folder: Path) -> list[Path]:
    """The folders of the sets that were made beside the first, oldest first."""
    found = [path for path in folder.glob(f"{_NEXT}*") if path.name.removeprefix(_NEXT).isdecimal()]
    return sorted(found, key=lambda path: int(path.name.removeprefix(_NEXT)))


def make_next(party: PartyId, folder: Path, passphrase: Passphrase) -> KeySet:
    """Makes the next set of log and witness keys beside those of the folder, whole or not at all. Raises KeysFailed or
    OSError."""
    if (folder / PLACE).exists():
        raise KeysFailed(f"{folder}: its keys lie on a token; sets beside one another are of sealed files only")
    ring = KeyRing(party, folder, passphrase)  # a wrong passphrase must show before anything is sealed with it
    there = next_folders(folder)
    number = int(there[-1].name.removeprefix(_NEXT)) + 1 if there else 1
    if number >= limits.LOG_GENERATIONS:
        raise KeysFailed(f"{folder}: holds {number} sets, which is all that may be")
    target, draft = folder / f"{_NEXT}{number}", folder / f"{_NEXT}{number}{_DRAFT}"
    shutil.rmtree(draft, ignore_errors=True)  # of an attempt that a power cut ended: shown to nobody
    make_folder(draft, 0o700)
    shutil.copy2(folder / SALT, draft / SALT)  # one passphrase and one derivation open them all
    seal = Seal(draft, passphrase)
    for name in (LOG, WITNESS):
        seal.write_key(name, Ed25519PrivateKey.generate())
    for name in (LOG_MLDSA, WITNESS_MLDSA):
        seal.write_key(name, MLDSA44PrivateKey.generate())
    sync_folder(draft)
    draft.rename(target)
    sync_folder(folder)
    ring.refresh()
    return ring.newest
