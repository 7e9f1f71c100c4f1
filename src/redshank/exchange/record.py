"""Record: the exportable proof of a channel, as a flat mapping from path to bytes.

Here: its layout and how it is built. Not here: how it is checked (`verifier`), zip files and folders (edges).
May know: log, terms. The rules are numbered in docs/spec/record.md.

    record.json                     who, which channel and year, which keys: canonical JSON
    <party>/checkpoint              newest signed head of that party's log, with the partner's receipt if any
    <party>/tile/...                Merkle tiles and entry bundles, C2SP tlog-tiles
    <party>/receipts/<size>         each head that the partner cosigned, with all four signatures
    <party>/witnessed/<size>        each head that third parties cosigned: its text and their signatures
    evidence/<n>.json               what a party signed against itself, as the exporter holds it (evidence)
    voice.json                      notes of the exporter on what was said by voice, if anything was (voice.notes)
"""

import re
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from redshank.exchange.parties import PartyKeys
from redshank.exchange.witnessing import WitnessPolicy
from redshank.log import tiles
from redshank.log.merkle import leaf_hash, perfect_hashes
from redshank.terms.ids import ChannelId, PartyId, parties_of

RECORD_VERSION = 2
CLASSIC_VERSION = 1
"""Records of before the second signature: still read, no longer made."""
MANIFEST = "record.json"
EVIDENCE_FOLDER = "evidence/"
_EVIDENCE = re.compile(r"evidence/(0|[1-9]\d{0,3})\.json", re.ASCII)


class ClaimedKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A party's keys as the record claims them, as vkeys. Version 1 has no ML-DSA-44 keys."""

    log: str
    witness: str
    log_mldsa: str | None = None
    witness_mldsa: str | None = None


class ClaimedWitnesses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The third-party witnesses as the record claims them: the vkeys of each, and how many are required."""

    required: int = 0
    of: tuple[tuple[str, ...], ...] = ()


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``record.json`` says. Nobody signed it: everything in it is held against the signed parts or
    pinned."""

    v: int
    agreement: str
    prefix: str
    channel: str
    year: int
    generation: int | UnsetType = UNSET
    """Of the two logs; left out for the first ones (REC-21)."""
    keys: dict[str, ClaimedKeys]
    by_voice: str | UnsetType = UNSET
    """The party, if any, that has no keys and therefore no log: the record is of a lone log (REC-20)."""
    witnesses: ClaimedWitnesses | UnsetType = UNSET
    """Named from version 2 on, also when there are none."""


class LogExport(msgspec.Struct, frozen=True):
    """One log to export: its newest signed head, the entries under that head, and the cosigned heads by
    size."""

    checkpoint: bytes
    size: int
    entries: Sequence[bytes]
    receipts: Mapping[int, bytes]
    witnessed: Mapping[int, bytes] = {}
    """By size: the head's text with the cosignatures of third parties."""


def claimed(keys: PartyKeys) -> ClaimedKeys:
    """The keys as text."""
    return ClaimedKeys(
        log=keys.log.classic.vkey,
        witness=keys.witness.classic.vkey,
        log_mldsa=keys.log.mldsa.vkey,
        witness_mldsa=keys.witness.mldsa.vkey,
    )


def claimed_witnesses(policy: WitnessPolicy) -> ClaimedWitnesses:
    """The witnesses as text; where they are is not part of a record."""
    of = tuple(tuple(key.vkey for key in witness.keys) for witness in policy.witnesses)
    return ClaimedWitnesses(policy.required, of)


def encode_manifest(manifest: Manifest) -> bytes:
    """Canonical bytes of ``record.json``."""
    return msgspec.json.encode(manifest, order="sorted")


def evidence_number(path: str) -> int | None:
    """The number in the path of a file of evidence; None for any other path."""
    match = _EVIDENCE.fullmatch(path)
    return None if match is None else int(match[1])


def build_record(  # noqa: PLR0913  all that a record says, each by its name
    *,
    agreement: str,
    prefix: str,
    channel: ChannelId,
    year: int,
    generation: int = 0,
    keys: Mapping[PartyId, PartyKeys],
    logs: Mapping[PartyId, LogExport],
    witnesses: WitnessPolicy = WitnessPolicy(),
    evidence: Sequence[bytes] = (),
) -> dict[str, bytes]:
    """The files of a record. A party that never signed a head has no log to export, and one without keys is `by_voice`.
    Raises nothing; checks nothing: what is wrong in the store shall be found by the verifier. `evidence`: files that
    show something (`evidence.check_evidence`)."""
    keyless = [party for party in parties_of(channel) if party not in keys]
    manifest = Manifest(
        v=RECORD_VERSION,
        agreement=agreement,
        prefix=prefix,
        channel=channel,
        year=year,
        generation=generation or UNSET,
        keys={party: claimed(held) for party, held in keys.items()},
        witnesses=claimed_witnesses(witnesses),
        by_voice=keyless[0] if keyless else UNSET,
    )
    files = {MANIFEST: encode_manifest(manifest)}
    for party, log in logs.items():
        files.update({f"{party}/{path}": data for path, data in log_files(log).items()})
    files.update({f"{EVIDENCE_FOLDER}{number}.json": data for number, data in enumerate(evidence)})
    return files


def log_files(log: LogExport) -> dict[str, bytes]:
    """The files of one log."""
    entries = log.entries[: log.size]
    size = len(entries)
    read_hash = perfect_hashes([leaf_hash(entry) for entry in entries])
    files = {"checkpoint": log.checkpoint}
    for tile in tiles.hash_tiles(size):
        files[tile.path] = tiles.tile_bytes(tile, read_hash)
    for tile in tiles.entry_bundles(size):
        begin = tile.index * tiles.TILE_WIDTH
        files[tile.path] = tiles.encode_bundle(entries[begin : begin + tile.width])
    files.update({f"receipts/{at}": note for at, note in log.receipts.items()})
    files.update({f"witnessed/{at}": note for at, note in log.witnessed.items() if at <= size})
    return files
