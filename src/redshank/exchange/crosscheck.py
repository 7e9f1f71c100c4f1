"""Crosscheck: two records of one channel side by side. Each may be in order by itself, and yet they may not be of one
and the same log: then somebody has signed two.

Here: finding the contradictions between two records that were verified, as files of evidence. Not here: verifying the
records (`verifier`), printing (cli). May know: log, terms.
"""

from collections.abc import Mapping

from redshank.exchange.evidence import EVIDENCE_VERSION, Evidence, Kind, Leaf, leaf_under
from redshank.exchange.record import Manifest
from redshank.log import merkle, tiles
from redshank.log.tree_head import Checkpoint, parse_checkpoint
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

Files = Mapping[str, bytes]


def contradictions_between(one: Files, other: Files, manifest: Manifest) -> list[Evidence]:
    """What the two records, both verified and of this channel and these keys, prove against either party; empty when
    each log of the one is a prefix of the same log in the other."""
    parties = parties_of(ChannelId(manifest.channel))
    found = (_of_log(one, other, manifest, party) for party in parties)
    return [evidence for evidence in found if evidence is not None]


def _of_log(one: Files, other: Files, manifest: Manifest, party: PartyId) -> Evidence | None:
    first, second = _heads(one, party), _heads(other, party)
    for size in sorted(first.keys() & second.keys()):
        if _root(first[size]) != _root(second[size]):
            return _evidence(manifest, party, Kind.FORKED, (first[size], second[size]))
    if not first or not second:
        return None
    return _rewritten(manifest, party, (one, first[max(first)]), (other, second[max(second)]))


def _heads(files: Files, party: PartyId) -> dict[int, bytes]:
    """Every head of a party's log that a record holds, by size."""
    heads = {}
    for path in files:
        if path == f"{party}/checkpoint" or path.startswith(f"{party}/receipts/"):
            note = files[path]
            checkpoint = _checkpoint(note)
            if checkpoint is not None:
                heads[checkpoint.size] = note
    return heads


def _checkpoint(note: bytes) -> Checkpoint | None:
    checkpoint = parse_checkpoint(note.rpartition(b"\n\n")[0] + b"\n")
    return None if isinstance(checkpoint, Refusal) else checkpoint


def _root(note: bytes) -> bytes:
    checkpoint = _checkpoint(note)
    return b"" if checkpoint is None else checkpoint.root


def _rewritten(
    manifest: Manifest, party: PartyId, one: tuple[Files, bytes], other: tuple[Files, bytes]
) -> Evidence | None:
    """The first index at which the two logs differ."""
    logs = (_entries(*one, party), _entries(*other, party))
    pairs = enumerate(zip(*logs, strict=False))
    index = next((index for index, (mine, theirs) in pairs if mine != theirs), None)
    if index is None:
        return None
    leaves = tuple(_leaf(number, index, log) for number, log in enumerate(logs))
    return _evidence(manifest, party, Kind.REWRITTEN, (one[1], other[1]), leaves)


def _entries(files: Files, note: bytes, party: PartyId) -> list[bytes]:
    checkpoint, entries = _checkpoint(note), list[bytes]()
    for tile in tiles.entry_bundles(0 if checkpoint is None else checkpoint.size):
        bundle = tiles.parse_bundle(files.get(f"{party}/{tile.path}", b""))
        entries.extend(() if isinstance(bundle, Refusal) else bundle)
    return entries


def _leaf(head: int, index: int, entries: list[bytes]) -> Leaf:
    read_hash = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in entries])
    proof = merkle.inclusion_proof(index, len(entries), read_hash)
    return leaf_under(head, index, entries[index], () if isinstance(proof, Refusal) else proof)


def _evidence(
    manifest: Manifest, party: PartyId, kind: Kind, heads: tuple[bytes, bytes], leaves: tuple[Leaf, ...] = ()
) -> Evidence:
    claimed = manifest.keys[party]
    (reporter,) = (other for other in parties_of(ChannelId(manifest.channel)) if other != party)
    return Evidence(
        v=EVIDENCE_VERSION,
        kind=kind,
        prefix=manifest.prefix,
        channel=manifest.channel,
        year=manifest.year,
        generation=manifest.generation,
        accused=party,
        reporter=reporter,
        found_ms=Instant(0),
        key=claimed.log,
        key_mldsa=claimed.log_mldsa or "",  # a record of version 1 has none: its evidence would be refused
        heads=tuple(note.decode() for note in heads),
        leaves=leaves,
    )
