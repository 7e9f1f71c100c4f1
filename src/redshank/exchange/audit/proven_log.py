"""One log: its entries give the signed root, its tiles hold their hashes (REC-4, REC-6, REC-8).

A bundle at a time: of the entries only their hashes and a row of `Columns` are kept.
"""

import msgspec

from redshank.exchange.audit.columns import NONE, Columns, Contents
from redshank.exchange.audit.cosigned import (
    LogKeys,
    Receipts,
    Witnessed,
    bare_head,
    quorum_size,
    receipts_of,
    witnessed_in,
)
from redshank.exchange.audit.desk import Desk
from redshank.exchange.audit.report import Direction
from redshank.exchange.chain import generation_of, log_faults
from redshank.exchange.envelope import Place, parse_entry
from redshank.log import merkle, tiles
from redshank.log.merkle import PackedHashes, ReadHash
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.refusal import Reason, Refusal


class ProvenLog(msgspec.Struct, frozen=True):
    """What is known of one log when all its files were read."""

    direction: Direction
    columns: Columns
    contents: Contents
    receipts: Receipts = ()
    witnessed: Witnessed = ()
    keyless: bool = False
    """The party has no keys, so it has no log either (REC-20)."""


def no_log(desk: Desk, party: PartyId) -> ProvenLog:
    """Of a party without keys. Any file of a log of its is then no part of the record."""
    direction = Direction(party=party, origin="")
    return ProvenLog(direction, Columns(), _contents(desk, party, 0), keyless=True)


def verify_log(desk: Desk, log: LogKeys) -> ProvenLog:
    """Checks one log; its faults go to the desk. A log without a head is empty: the party signed nothing, and any
    other file of it is then no part of a record."""
    path = f"{log.party}/checkpoint"
    nothing = ProvenLog(Direction(party=log.party, origin=log.key.name), Columns(), _contents(desk, log.party, 0))
    if path not in desk.files:
        return nothing
    head = bare_head(desk.take(path) or b"", log)
    if isinstance(head, Refusal):
        desk.find(path, head)
        return nothing
    read = _read(desk, log, head.checkpoint.size)
    if read is None:
        return nothing
    columns, hashes = read
    sound = merkle.root_at(len(columns), hashes) == head.checkpoint.root
    if not sound:
        desk.fault(path, Reason.BAD_PROOF, "root", "the entries do not give the signed root")
    _check_tiles(desk, log, len(columns), hashes)
    receipts = receipts_of(desk, log, head, hashes if sound else None)
    witnessed = witnessed_in(desk, log, head.checkpoint, hashes if sound else None)
    direction = Direction(
        party=log.party,
        origin=log.key.name,
        size=len(columns),
        root=head.checkpoint.root,
        receipts=len(receipts),
        receipted=max((size for size, _ in receipts), default=0),
        witnessed=quorum_size(desk.witnesses, witnessed),
        serial_gaps=tuple(columns.gaps),
    )
    return ProvenLog(direction, columns, _contents(desk, log.party, len(columns)), receipts, witnessed)


def _contents(desk: Desk, party: PartyId, size: int) -> Contents:
    return Contents(desk.files, _place(desk, party, 0), size)


def _place(desk: Desk, party: PartyId, serial: int) -> Place:
    manifest = desk.manifest
    return Place(ChannelId(manifest.channel), party, manifest.year, serial, generation_of(manifest))


def _read(desk: Desk, log: LogKeys, size: int) -> tuple[Columns, ReadHash] | None:
    """Rows and hashes of all entries, or None when a bundle is missing or damaged: then nothing can be said of the
    log."""
    if size > tiles.TILE_WIDTH * len(desk.files):  # a head may claim any size; do not count to it
        desk.fault(f"{log.party}/checkpoint", Reason.TRUNCATED, "size", f"most of {size} entries are missing")
        return None
    columns, hashes, whole = Columns(), PackedHashes(), True
    for tile in tiles.entry_bundles(size):
        entries = _bundle(desk, f"{log.party}/{tile.path}", tile.width)
        whole = whole and entries is not None
        if whole and entries is not None:
            hashes.extend([merkle.leaf_hash(entry) for entry in entries])
            _add_rows(desk, log, columns, entries)
    if not whole:
        return None
    for serial in columns.gaps:
        desk.fault(f"{log.party}/entry {serial}", Reason.WRONG_SERIAL, "serial", "says another serial")
    ended_at = None if columns.ended_at == NONE else columns.ended_at
    for serial, fault in log_faults(len(columns), columns.opens, ended_at, generation_of(desk.manifest)):
        desk.find(f"{log.party}/entry {serial}", fault)
    return columns, hashes.read


def _add_rows(desk: Desk, log: LogKeys, columns: Columns, entries: tuple[bytes, ...]) -> None:
    for serial, entry in enumerate(entries, start=len(columns)):
        columns.add(parse_entry(entry, _place(desk, log.party, serial), None))


def _bundle(desk: Desk, path: str, width: int) -> tuple[bytes, ...] | None:
    data = desk.take(path)
    if data is None:
        return None
    found = tiles.parse_bundle(data)
    if isinstance(found, Refusal):
        desk.find(path, found)
        return None
    if len(found) != width:
        desk.fault(path, Reason.TRUNCATED, "bundle", f"{len(found)} entries, needs {width}")
        return None
    return found


def _check_tiles(desk: Desk, log: LogKeys, size: int, read_hash: ReadHash) -> None:
    for tile in tiles.hash_tiles(size):
        path = f"{log.party}/{tile.path}"
        data = desk.take(path)
        if data is not None and data != tiles.tile_bytes(tile, read_hash):
            desk.fault(path, Reason.BAD_PROOF, "tile", "not the hashes of the entries")
