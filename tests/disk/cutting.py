"""Cutting: the power goes at every operation of a recorded run, and each image is examined."""

import contextlib
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tests.disk.power_cut import Disk, Op, lay_out, marks, read_trace
from tests.disk.recorded import Run
from tests.disk.recovered import Known, Reference, examine, go_on
from tests.disk.workload import BY, LT, PASSPHRASE

from redshank.edges.keys import KeySet, KeysFailed
from redshank.terms.ids import PartyId


class PromiseBroken(AssertionError):
    """The text names operation and image."""


@dataclass
class Cutting:
    """One run being cut everywhere. `met` are the images examined, `gone_on` the pairs of nodes that went on."""

    run: Run
    folder: Path
    seed: int
    met: set[bytes] = field(default_factory=set)
    gone_on: set[tuple[str, int, int]] = field(default_factory=set)
    operations: int = 0
    images: int = 0

    def __post_init__(self) -> None:
        self.cast = {}
        for party in (BY, LT):  # a run that ended early may not have had keys
            with contextlib.suppress(KeysFailed, OSError):
                keys = KeySet(party, self.run.root / party / "keys", PASSPHRASE)
                keys.public()
                self.cast[party] = keys
        self.references = {
            party: Reference(self.run.commits.get(party, []), self.run.live.get(party, {})) for party in (BY, LT)
        }
        self.known = {party: Known() for party in (BY, LT)}
        self.disk, self.rng = Disk(self.run.root_inode), np.random.default_rng(self.seed)

    def everywhere(self, kinds: Sequence[str]) -> None:
        """Raises PromiseBroken."""
        for op in read_trace(self.run.trace):
            self.operations += 1
            if op.kind == "m":
                for mark in marks(op):
                    self.known[mark["party"]].hears(mark)
                continue
            self.disk.take(op)
            if op.path.endswith("-shm"):
                continue  # made anew after a power cut
            party = BY if op.path.startswith(f"/{BY}") else LT
            for kind in kinds:
                self.one(op, party, kind)
            self._both()

    def one(self, op: Op, party: PartyId, kind: str) -> None:
        files = self.disk.image(kind, self.rng, f"/{party}/")
        self.images += 1
        digest = _digest(files, self.known[party])
        if digest in self.met:
            return
        self.met.add(digest)
        try:
            self._examine(party, files, self.folder / "one")
        except Exception as error:
            where = f"operation {self.operations} ({op.kind} {op.path}), image {kind!r}, {party}"
            raise PromiseBroken(f"{where}: {type(error).__name__}: {error}") from error
        shutil.rmtree(self.folder / "one")

    def _examine(self, party: PartyId, files: dict[str, bytes], folder: Path) -> None:
        lay_out(files, folder)
        self._look(party, folder)

    def _look(self, party: PartyId, folder: Path) -> None:
        examine(party, folder, self.known[party], self.references[party], self.cast)

    def restart_both(self, root: Path) -> None:
        """On what the run left, by a sound disk. Raises what a promise broken raises."""
        for party in (BY, LT):
            self._look(party, root)
        if all(known.journal for known in self.known.values()):
            go_on(root, self.cast)

    def _both(self) -> None:
        """Once for each pair of journals that the two nodes come back with: they go on together."""
        if not all(known.journal for known in self.known.values()):
            return
        kind = "any" if self.rng.random() < 0.5 else "none"
        pair = (kind, self.known[BY].journal, self.known[LT].journal)
        if pair not in self.gone_on:
            self.gone_on.add(pair)
            for party in (BY, LT):
                self._examine(party, self.disk.image(kind, self.rng, f"/{party}/"), self.folder / "two")
            go_on(self.folder / "two", self.cast)


def _digest(files: dict[str, bytes], known: Known) -> bytes:
    hasher = hashlib.blake2b(repr(known).encode())
    for name, content in files.items():
        if not name.endswith("-shm"):
            hasher.update(f"{name} {len(content)} ".encode())
            hasher.update(content)
    return hasher.digest()
