"""Verifier: checks a record without a node, a network or a clock.

Here: every proof, every serial, every receipt, and which message was received, read and answered. Not here:
the layout (`record`), printing (cli). May know: log, terms. Never raises on what a record holds; each fault
is named.

A record shows what was signed. It can not show that nothing followed: whoever exports may end it at an
earlier head. A receipt that the other party holds for a larger size convicts such a record.
"""

# size: one verification, read from top to bottom: keys, logs, receipts, third parties, lines

from bisect import bisect_right
from collections.abc import Mapping
from heapq import merge

import msgspec
from msgspec import UNSET, UnsetType

from redshank.exchange import chain
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys, check_channel, check_distinct, check_keys
from redshank.exchange.record import (
    CLASSIC_VERSION,
    MANIFEST,
    RECORD_VERSION,
    ClaimedKeys,
    ClaimedWitnesses,
    Manifest,
    claimed_witnesses,
    encode_manifest,
)
from redshank.exchange.voice.notes import VOICE_FILE, VoiceLine, lines_of, parse_notes
from redshank.exchange.witnessing import Statement, WitnessPolicy, parse_witnesses, statements_in
from redshank.log import merkle, tiles
from redshank.log.checkpoint import Checkpoint, SignedHead, open_head, parse_size
from redshank.log.merkle import ReadHash
from redshank.log.note import HybridKey, parse_vkey
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal

ANSWERS = frozenset({MessageType.REPLY, MessageType.TEST_REPLY, MessageType.AGREE_CLOSE})


class Finding(msgspec.Struct, frozen=True):
    """One fault of the record: the file (or ``<party>/entry <serial>``), and what is wrong."""

    path: str
    refusal: Refusal


class Direction(msgspec.Struct, frozen=True, kw_only=True):
    """One party's log as the record proves it."""

    party: PartyId
    origin: str
    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    receipts: int = 0
    """Cosigned heads that verified."""
    receipted: int = 0
    """Entries under the newest receipt; its index is one less."""
    witnessed: int = 0
    """Entries that as many third-party witnesses as are required have cosigned."""
    serial_gaps: tuple[int, ...] = ()
    """Indexes whose entry says another serial."""

    @property
    def unreceipted(self) -> int:
        """Entries that the partner has not acknowledged."""
        return self.size - self.receipted


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, in the order of the record, with its levels of acknowledgement."""

    sender: PartyId
    serial: int
    content: Message | Refusal
    """A refusal: the log proves that this was sent, but it is no message by the spec."""
    witnessed_by: tuple[tuple[str, int], ...] = ()
    """Third parties that have cosigned the log with this entry in it, and when first, by their own clocks: proof that
    it was sent by then, also where no receipt came."""
    witnessed_at_s: int | None = None
    """When as many as are required had done so; None: fewer have."""
    received_at_s: int | None = None
    """Receiver's clock in the first receipt that covers it; None: sent, but no receipt."""
    read_by: int | None = None
    """Serial of the receiver's first ACK."""
    answered_by: int | None = None
    """Serial of the receiver's first REPLY, TEST-REPLY or AGREE-CLOSE to it."""


class RecordReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a record proves. `ok`: nothing to object to."""

    ok: bool
    pinned: bool
    """True: checked with keys that the caller brought. False: the keys are those that the record claims."""
    witnesses: WitnessPolicy = WitnessPolicy()
    """The third-party witnesses by which it was checked."""
    witnesses_pinned: bool = False
    manifest: Manifest | None
    directions: tuple[Direction, ...] = ()
    lines: tuple[Line, ...] = ()
    voice: tuple[VoiceLine, ...] = ()
    """Notes of the exporter on what was said by voice: unsigned, and no part of what the record proves."""
    findings: tuple[Finding, ...] = ()


class _Read(msgspec.Struct, frozen=True):
    direction: Direction
    contents: tuple[Message | Refusal, ...] = ()
    receipts: tuple[tuple[int, int], ...] = ()  # (size, at_s), sorted
    witnessed: tuple[tuple[int, Statement], ...] = ()  # (size, statement), sorted by size


class _Desk:
    """The record on the desk: which files were looked at, and what was found. Lives for one verification."""

    def __init__(self, files: Mapping[str, bytes], manifest: Manifest, witnesses: WitnessPolicy) -> None:
        self.files = files
        self.manifest = manifest
        self.witnesses = witnesses
        self.findings: list[Finding] = []
        self._looked_at = {MANIFEST}

    def fault(self, path: str, reason: Reason, field: str, detail: str) -> None:
        self.findings.append(Finding(path, Refusal(reason, field, detail)))

    def take(self, path: str) -> bytes | None:
        """A file that a record must have; its absence is a finding."""
        self._looked_at.add(path)
        if path not in self.files:
            self.fault(path, Reason.TRUNCATED, "path", "missing")
        return self.files.get(path)

    def take_all(self, prefix: str) -> list[str]:
        paths = [path for path in self.files if path.startswith(prefix)]
        self._looked_at.update(paths)
        return paths

    def close(self) -> tuple[Finding, ...]:
        for path in self.files.keys() - self._looked_at:
            self.fault(path, Reason.UNKNOWN_FIELD, "path", "no part of a record")
        return tuple(sorted(self.findings, key=lambda finding: (finding.path, str(finding.refusal))))


class _Log(msgspec.Struct, frozen=True):
    """Whose log, and the keys of its owner and of the partner's witness."""

    party: PartyId
    key: HybridKey
    witness: HybridKey


def verify_record(
    files: Mapping[str, bytes],
    pinned: Mapping[PartyId, PartyKeys] | None = None,
    witnesses: WitnessPolicy | None = None,
) -> RecordReport:
    """Checks a record; with `pinned` keys of both parties and the `witnesses` of the agreement, or with those that it
    claims. Never raises."""
    manifest = _manifest(files)
    if isinstance(manifest, Refusal):
        return _faulty(None, pinned, manifest)
    keys = _keys(manifest, pinned)
    if isinstance(keys, Refusal):
        return _faulty(manifest, pinned, keys)
    policy = _policy(manifest, keys, witnesses)
    if isinstance(policy, Refusal):
        return _faulty(manifest, pinned, policy)
    desk = _Desk(files, manifest, policy)
    one, other = parties_of(ChannelId(manifest.channel))
    reads = (
        _verify_log(desk, _Log(one, keys[one].log, keys[other].witness)),
        _verify_log(desk, _Log(other, keys[other].log, keys[one].witness)),
    )
    lines = _lines(desk, *reads)
    voice = _voice(desk, {one: reads[0].contents, other: reads[1].contents})
    findings = desk.close()
    return RecordReport(
        ok=not findings,
        pinned=pinned is not None,
        witnesses=policy,
        witnesses_pinned=witnesses is not None,
        manifest=manifest,
        directions=tuple(read.direction for read in reads),
        lines=lines,
        voice=voice,
        findings=findings,
    )


def _voice(desk: _Desk, contents: dict[PartyId, tuple[Message | Refusal, ...]]) -> tuple[VoiceLine, ...]:
    """What the exporter notes of statements by voice. A record without such notes is as good as one with them."""
    if VOICE_FILE not in desk.files:
        return ()
    notes = parse_notes(desk.take(VOICE_FILE) or b"", tuple(contents))
    if isinstance(notes, Refusal):
        desk.findings.append(Finding(VOICE_FILE, notes))
        return ()
    return lines_of(notes, desk.manifest.prefix == EXERCISE_PREFIX, contents)


def _faulty(manifest: Manifest | None, pinned: Mapping[PartyId, PartyKeys] | None, refusal: Refusal) -> RecordReport:
    finding = Finding(MANIFEST, refusal)
    return RecordReport(ok=False, pinned=pinned is not None, manifest=manifest, findings=(finding,))


# --- the manifest and the keys ------------------------------------------------------------------------------


def _manifest(files: Mapping[str, bytes]) -> Manifest | Refusal:
    data = files.get(MANIFEST)
    if data is None:
        return Refusal(Reason.TRUNCATED, MANIFEST, "missing")
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
        canonical = encode_manifest(manifest) == data
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Refusal(Reason.MALFORMED, MANIFEST, str(error)[:200])
    if not canonical:
        return Refusal(Reason.NOT_CANONICAL, MANIFEST, "spelled otherwise")
    bad = _misversioned(manifest) or check_channel(
        manifest.prefix, manifest.channel, manifest.year, chain.generation_of(manifest)
    )
    if bad is not None:
        return bad
    if sorted(manifest.keys) != list(parties_of(ChannelId(manifest.channel))):
        return Refusal(Reason.BAD_KEY, "keys", "needs the keys of both parties and no others")
    return manifest


def _misversioned(manifest: Manifest) -> Refusal | None:
    """None when the manifest has what its version has, and nothing of another one."""
    if manifest.v not in (CLASSIC_VERSION, RECORD_VERSION):
        return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {manifest.v}, this is {RECORD_VERSION}")
    if manifest.generation == 0 or (manifest.v == CLASSIC_VERSION and manifest.generation is not UNSET):
        return Refusal(Reason.MALFORMED, MANIFEST, "the first logs, and those of version 1, name no generation")
    if (manifest.witnesses is UNSET) is (manifest.v == RECORD_VERSION):
        return Refusal(
            Reason.MALFORMED, MANIFEST, "version 2 names its third parties, if only none; version 1 has none"
        )
    second = [key for keys in manifest.keys.values() for key in (keys.log_mldsa, keys.witness_mldsa)]
    if any((key is None) is (manifest.v == RECORD_VERSION) for key in second):
        return Refusal(Reason.MALFORMED, MANIFEST, "version 2 has ML-DSA-44 keys, and version 1 has none")
    return None


def _keys(manifest: Manifest, pinned: Mapping[PartyId, PartyKeys] | None) -> dict[PartyId, PartyKeys] | Refusal:
    channel, keys = ChannelId(manifest.channel), dict[PartyId, PartyKeys]()
    for party in parties_of(channel):
        found = _parsed(manifest.keys[party])
        if isinstance(found, Refusal):
            return found
        wanted = found if pinned is None else pinned.get(party)
        if wanted != found:
            return Refusal(Reason.BAD_KEY, party, "the record claims other keys than the pinned ones")
        bad = check_keys(manifest.prefix, channel, manifest.year, party, found, chain.generation_of(manifest))
        if bad is not None:
            return bad
        keys[party] = found
    one, other = keys.values()
    return check_distinct(one, other) or keys


def _parsed(keys: ClaimedKeys) -> PartyKeys | Refusal:
    log, witness = _hybrid(keys.log, keys.log_mldsa), _hybrid(keys.witness, keys.witness_mldsa)
    if isinstance(log, Refusal):
        return log
    return witness if isinstance(witness, Refusal) else PartyKeys(log, witness)


def _hybrid(classic: str, mldsa: str | None) -> HybridKey | Refusal:
    first, second = parse_vkey(classic), None if mldsa is None else parse_vkey(mldsa)
    if isinstance(first, Refusal):
        return first
    return second if isinstance(second, Refusal) else HybridKey(first, second)


def _policy(
    manifest: Manifest, keys: Mapping[PartyId, PartyKeys], pinned: WitnessPolicy | None
) -> WitnessPolicy | Refusal:
    said = ClaimedWitnesses() if isinstance(manifest.witnesses, UnsetType) else manifest.witnesses
    claimed = parse_witnesses(said.required, [("witnesses", vkeys) for vkeys in said.of])
    if isinstance(claimed, Refusal):
        return claimed
    if pinned is not None and claimed_witnesses(pinned) != said:
        return Refusal(Reason.BAD_KEY, "witnesses", "the record claims other witnesses than the pinned ones")
    one, other = keys.values()
    return check_distinct(one, other, [key for witness in claimed.witnesses for key in witness.keys]) or claimed


# --- one log ---------------------------------------------------------------------------------------------


def _verify_log(desk: _Desk, log: _Log) -> _Read:
    path, nothing = f"{log.party}/checkpoint", _Read(Direction(party=log.party, origin=log.key.name))
    if path not in desk.files:
        return nothing  # this party signed nothing; any other file of its log is then no part of a record
    head = _head(desk.take(path) or b"", log)
    if isinstance(head, Refusal):
        desk.findings.append(Finding(path, head))
        return nothing
    entries = _entries(desk, log.party, head.checkpoint.size)
    if entries is None:
        return nothing
    read_hash = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in entries])
    sound = merkle.root_at(len(entries), read_hash) == head.checkpoint.root
    if not sound:
        desk.fault(path, Reason.BAD_PROOF, "root", "the entries do not give the signed root")
    _check_tiles(desk, log.party, len(entries), read_hash)
    receipts = _receipts(desk, log, head, read_hash if sound else None)
    witnessed = _witnessed(desk, log, head.checkpoint, read_hash if sound else None)
    contents = _contents(desk, log.party, entries)
    direction = Direction(
        party=log.party,
        origin=log.key.name,
        size=len(entries),
        root=head.checkpoint.root,
        receipts=len(receipts),
        receipted=max((size for size, _ in receipts), default=0),
        witnessed=_quorum_size(desk.witnesses, witnessed),
        serial_gaps=tuple(serial for serial, content in enumerate(contents) if _is_gap(content)),
    )
    return _Read(direction, contents, receipts, witnessed)


def _head(data: bytes, log: _Log) -> SignedHead | Refusal:
    """A head with no signature beside the log's and the witness's: nothing in a record goes unchecked."""
    head = open_head(data, log.key, (log.witness,))
    if isinstance(head, SignedHead) and head.note != data:
        return Refusal(Reason.BAD_SIGNATURE, "note", "a signature of an unknown key, or one twice")
    return head


def _contents(desk: _Desk, party: PartyId, entries: list[bytes]) -> tuple[Message | Refusal, ...]:
    channel, year = ChannelId(desk.manifest.channel), desk.manifest.year
    generation = chain.generation_of(desk.manifest)
    contents = tuple(
        parse_entry(entry, Place(channel, party, year, serial, generation), None)
        for serial, entry in enumerate(entries)
    )
    for serial, fault in chain.log_faults(contents, generation):
        desk.findings.append(Finding(f"{party}/entry {serial}", fault))
    for serial, content in enumerate(contents):
        if _is_gap(content):
            desk.fault(f"{party}/entry {serial}", Reason.WRONG_SERIAL, "serial", "says another serial")
    return contents


def _is_gap(content: Message | Refusal) -> bool:
    return isinstance(content, Refusal) and content.reason is Reason.WRONG_SERIAL


def _entries(desk: _Desk, party: PartyId, size: int) -> list[bytes] | None:
    """All entries, or None when a bundle is missing or damaged: then nothing can be said of the log."""
    if size > tiles.TILE_WIDTH * len(desk.files):  # a head may claim any size; do not count to it
        desk.fault(f"{party}/checkpoint", Reason.TRUNCATED, "size", f"most of {size} entries are missing")
        return None
    entries: list[bytes] = []
    for tile in tiles.entry_bundles(size):
        path = f"{party}/{tile.path}"
        data = desk.take(path)
        found = () if data is None else tiles.parse_bundle(data)
        if isinstance(found, Refusal):
            desk.findings.append(Finding(path, found))
        elif data is not None and len(found) != tile.width:
            desk.fault(path, Reason.TRUNCATED, "bundle", f"{len(found)} entries, needs {tile.width}")
        else:
            entries.extend(found)
    return entries if len(entries) == size else None


def _check_tiles(desk: _Desk, party: PartyId, size: int, read_hash: ReadHash) -> None:
    for tile in tiles.hash_tiles(size):
        path = f"{party}/{tile.path}"
        data = desk.take(path)
        if data is not None and data != tiles.tile_bytes(tile, read_hash):
            desk.fault(path, Reason.BAD_PROOF, "tile", "not the hashes of the entries")


# --- receipts --------------------------------------------------------------------------------------------


def _receipts(desk: _Desk, log: _Log, head: SignedHead, read_hash: ReadHash | None) -> tuple[tuple[int, int], ...]:
    """(size, time in s of the cosigner's clock) of each verified receipt, sorted.

    `read_hash` None: the entries are not those under the signed head, so nothing follows from them.
    """
    prefix = f"{log.party}/receipts/"
    found = {(head.checkpoint.size, cosigned.at_s or 0) for cosigned in head.cosigned}
    for path in desk.take_all(prefix):
        data, name = desk.files[path], path.removeprefix(prefix)
        receipt = _receipt(data, name, head.checkpoint, read_hash, log)
        if isinstance(receipt, Refusal):
            desk.findings.append(Finding(path, receipt))
        else:
            found.add(receipt)
    return tuple(sorted(found))


def _receipt(
    data: bytes, name: str, newest: Checkpoint, read_hash: ReadHash | None, log: _Log
) -> tuple[int, int] | Refusal:
    head = _head(data, log)
    if isinstance(head, Refusal):
        return head
    checkpoint = head.checkpoint
    if not head.cosigned:
        return Refusal(Reason.NOT_WITNESSED, "receipt", "no cosignature of the partner")
    return _misfit(checkpoint, name, newest, read_hash) or (checkpoint.size, head.cosigned[0].at_s or 0)


def _misfit(checkpoint: Checkpoint, name: str, newest: Checkpoint, read_hash: ReadHash | None) -> Refusal | None:
    """None when a cosigned head is one of this log, and the one that its path names."""
    if parse_size(name) != checkpoint.size:
        return Refusal(Reason.WRONG_SIZE, "path", f"it is for size {checkpoint.size}")
    if checkpoint.size > newest.size:
        return Refusal(Reason.SHRUNKEN, "size", f"cosigned for {checkpoint.size}, but the log ends at {newest.size}")
    return _off(checkpoint, newest, read_hash)


def _off(receipt: Checkpoint, newest: Checkpoint, read_hash: ReadHash | None) -> Refusal | None:
    """Whether the receipt's root is another one. FORKED convicts: two signatures of the log have to contradict."""
    if receipt.size == newest.size:
        same = receipt.root == newest.root
        return None if same else Refusal(Reason.FORKED, "root", "two signed heads of one size, and two roots")
    if read_hash is None:
        return Refusal(Reason.BAD_PROOF, "root", "the entries are not those that were signed, so it proves nothing")
    if merkle.root_at(receipt.size, read_hash) != receipt.root:
        return Refusal(Reason.FORKED, "root", "signed and cosigned, but not the root of these entries")
    return None


# --- third parties ------------------------------------------------------------------------------------------


def _witnessed(
    desk: _Desk, log: _Log, newest: Checkpoint, read_hash: ReadHash | None
) -> tuple[tuple[int, Statement], ...]:
    prefix, found = f"{log.party}/witnessed/", list[tuple[int, Statement]]()
    for path in desk.take_all(prefix):
        said = statements_in(desk.files[path], desk.witnesses)
        if isinstance(said, Refusal):
            desk.findings.append(Finding(path, said))
            continue
        head, statements = said
        bad = _foreign(head, log) or _misfit(head, path.removeprefix(prefix), newest, read_hash)
        if bad is None:
            found += [(head.size, statement) for statement in statements]
        else:
            desk.findings.append(Finding(path, bad))
    return tuple(sorted(found, key=lambda one: (one[0], one[1].witness)))


def _foreign(head: Checkpoint, log: _Log) -> Refusal | None:
    """First of all: what a witness said of another log must not accuse the owner of this one."""
    if head.origin == log.key.name:
        return None
    return Refusal(Reason.WRONG_ORIGIN, "origin", f"{head.origin[:80]!r}, expected {log.key.name!r}")


def _quorum_size(policy: WitnessPolicy, witnessed: tuple[tuple[int, Statement], ...]) -> int:
    newest = {statement.witness: size for size, statement in witnessed}  # sorted by size: the last one counts
    return policy.kth(list(newest.values()), largest=True) or 0


def _first_statements(witnessed: tuple[tuple[int, Statement], ...], serial: int) -> tuple[tuple[str, int], ...]:
    """Each witness's first statement for a size that covers the serial, by time."""
    first = dict[str, int]()
    for size, statement in witnessed:
        if size > serial:
            first.setdefault(statement.witness, statement.at_s)
    return tuple(sorted(first.items(), key=lambda one: (one[1], one[0])))


# --- the lines ----------------------------------------------------------------------------------------------


def _lines(desk: _Desk, one: _Read, other: _Read) -> tuple[Line, ...]:
    """Both logs merged by time of statement, each in the order of its own index."""
    both = merge(_timed(desk, one, other), _timed(desk, other, one), key=lambda pair: pair[0])
    return tuple(line for _, line in both)


def _timed(desk: _Desk, read: _Read, partner: _Read) -> list[tuple[int, Line]]:
    """The lines of one log, each with its time of statement; an entry that is no message has that of the one before.

    `merge` keeps each log's own order, whatever its clock does.
    """
    party, partner_size = read.direction.party, partner.direction.size
    acks, answers = _replies(partner.contents)
    latest, lines = 0, list[tuple[int, Line]]()
    for serial, content in enumerate(read.contents):
        if isinstance(content, Message):
            latest = content.stated_ms
            answered = _answers_here(content)
            if answered is not None and answered >= partner_size:
                detail = f"replies to serial {answered}; the partner's log ends at {partner_size}"
                desk.fault(f"{party}/entry {serial}", Reason.UNKNOWN_MESSAGE, "in_reply_to", detail)
        witnessed_by = _first_statements(read.witnessed, serial)
        line = Line(
            sender=party,
            serial=serial,
            content=content,
            witnessed_by=witnessed_by,
            witnessed_at_s=desk.witnesses.kth([at_s for _, at_s in witnessed_by], largest=False),
            received_at_s=_received_at(read.receipts, serial),
            read_by=acks.get(serial),
            answered_by=answers.get(serial),
        )
        lines.append((latest, line))
    return lines


def _replies(contents: tuple[Message | Refusal, ...]) -> tuple[dict[int, int], dict[int, int]]:
    acks, answers = dict[int, int](), dict[int, int]()
    for serial, content in enumerate(contents):
        answered = _answers_here(content) if isinstance(content, Message) else None
        if isinstance(content, Message) and answered is not None:
            if content.type is MessageType.ACK:
                acks.setdefault(answered, serial)
            elif content.type in ANSWERS:
                answers.setdefault(answered, serial)
    return acks, answers


def _answers_here(content: Message) -> int | None:
    """The serial that a message answers; None when that stands in the log of an earlier generation."""
    return content.in_reply_to if content.reply_generation is None else None


def _received_at(receipts: tuple[tuple[int, int], ...], serial: int) -> int | None:
    """Time of the receipt with the smallest size that covers the serial."""
    place = bisect_right(receipts, serial, key=lambda receipt: receipt[0])
    return receipts[place][1] if place < len(receipts) else None
