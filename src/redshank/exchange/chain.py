"""Chain: how the records of a channel's generations hang together.

Here: what a record of one generation must begin and end with, and whether a record follows another one: the last
message of the old log names the keys of the new one, the first of the new one names the head of the old. Not here: the
proofs of one record (verifier). May know: log, terms. Clauses: docs/spec/record.md REC-21 to REC-23.
"""

from base64 import b64encode
from collections.abc import Mapping

import msgspec
from msgspec import UnsetType

from redshank.exchange.generations import UNENDORSED, mark
from redshank.exchange.parties import PartyKeys
from redshank.exchange.record import MANIFEST, ClaimedKeys, Manifest
from redshank.log import merkle, tiles
from redshank.log.note import HybridKey, parse_vkey
from redshank.terms.message import HeadClaim, LogEndBody, LogOpenBody, Message
from redshank.terms.refusal import Reason, Refusal


def generation_of(manifest: Manifest) -> int:
    """Of the two logs of a record."""
    return 0 if isinstance(manifest.generation, UnsetType) else manifest.generation


def log_faults(size: int, opens: bool, ended_at: int | None, generation: int) -> list[tuple[int, Refusal]]:
    """(serial, what is wrong) where one log of a record does not begin or end as LOG-20 and LOG-22 have it. `opens`:
    whether its first entry is a LOG-OPEN; `ended_at`: the serial of its first LOG-END."""
    faults = list[tuple[int, Refusal]]()
    if generation and size and not opens:
        faults.append((0, Refusal(Reason.WRONG_OPENING, "type", "does not begin with a LOG-OPEN that can be read")))
    if ended_at is not None and ended_at + 1 < size:
        fault = Refusal(Reason.LOG_ENDED, "serial", f"said after the end of the log at {ended_at}")
        faults.append((ended_at + 1, fault))
    return faults


class Half(msgspec.Struct, frozen=True, kw_only=True):
    """One party's log of one record, once it has been verified."""

    origin: str
    size: int
    root: bytes
    first: Message | None = None
    last: Message | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One party's step from the old log to the new one. `endorsed`: the old keys name the new ones."""

    party: str
    why: str = ""
    endorsed: bool = False
    faults: tuple[Refusal, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """A verified record: its manifest, files, and logs by party."""

    manifest: Manifest
    files: Mapping[str, bytes]
    logs: Mapping[str, Half]


def follows(before: Side, after: Side) -> tuple[Link, ...] | Refusal:
    """Whether `after` is the generation that follows `before`; both have been verified, each by itself.

    Refuses with MALFORMED, WRONG_CHANNEL, WRONG_YEAR or WRONG_GENERATION two records that can not follow one another.
    """
    if not before.logs or not after.logs:
        return Refusal(Reason.MALFORMED, MANIFEST, "a record whose logs can not be read follows nothing")
    bad = _strangers(before.manifest, after.manifest)
    return bad or tuple(_link(party, before, after) for party in sorted(before.logs))


def _strangers(one: Manifest, other: Manifest) -> Refusal | None:
    if (one.prefix, one.channel) != (other.prefix, other.channel):
        return Refusal(Reason.WRONG_CHANNEL, "channel", "the two records are of different channels")
    if one.year != other.year:
        return Refusal(Reason.WRONG_YEAR, "year", "the two records are of logs that were begun in different years")
    if generation_of(other) != generation_of(one) + 1:
        detail = f"generation {generation_of(other)} does not follow {generation_of(one)}"
        return Refusal(Reason.WRONG_GENERATION, "generation", detail)
    return None


def _link(party: str, before: Side, after: Side) -> Link:
    old, new = before.logs[party], after.logs[party]
    partner = next(one for one in before.logs if one != party)
    if new.first is None or not isinstance(new.first.body, LogOpenBody):
        return Link(party=party, faults=(_wrong("opening", "the new log does not begin with a LOG-OPEN"),))
    opening = new.first.body
    end = old.last.body if old.last is not None and isinstance(old.last.body, LogEndBody) else None
    faults = [_end_fault(party, opening, end, before), _partner_end_fault(partner, opening.partner_end, before)]
    if end is not None:
        faults.append(_key_fault(end, after.manifest, party, partner))
    return Link(
        party=party,
        why=opening.why.value,
        endorsed=end is not None,
        faults=tuple(fault for fault in faults if fault is not None),
    )


def _end_fault(party: str, opening: LogOpenBody, end: LogEndBody | None, before: Side) -> Refusal | None:
    old = before.logs[party]
    if opening.why in UNENDORSED:
        return _head_fault("end", opening.end, party, before)
    if end is None:
        return _wrong("end", "the old log has no LOG-END at its end")
    if opening.end == _claim(old.origin, old.size, old.root):
        return None
    return _wrong("end", f"names size {opening.end.size}; the old log ends with {old.size}, or has another root")


def _partner_end_fault(partner: str, said: HeadClaim, before: Side) -> Refusal | None:
    return _head_fault("partner_end", said, partner, before)


def _head_fault(field: str, said: HeadClaim, party: str, before: Side) -> Refusal | None:
    """A head that the opening names must be one of the old log, as far as the record shows it."""
    old = before.logs[party]
    if said.origin != old.origin:
        return _wrong(field, "names another log")
    if said.size > old.size:
        return Refusal(Reason.SHRUNKEN, field, f"names size {said.size}; the old record ends at {old.size}")
    root = old.root if said.size == old.size else _root_at(before.files, party, said.size, old.size)
    return None if said == _claim(old.origin, said.size, root) else _wrong(field, f"another root at size {said.size}")


def _root_at(files: Mapping[str, bytes], party: str, size: int, whole: int) -> bytes:
    entries = list[bytes]()
    for tile in tiles.entry_bundles(whole):
        if len(entries) >= size:
            break
        found = tiles.parse_bundle(files.get(f"{party}/{tile.path}", b""))
        entries.extend(() if isinstance(found, Refusal) else found)
    return merkle.root_at(size, merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in entries[:size]]))


def _key_fault(end: LogEndBody, manifest: Manifest, party: str, partner: str) -> Refusal | None:
    """The old log names the keys of the new record, the party's and the partner's."""
    for field, named, whose in (("keys", end.keys, party), ("partner_keys", end.partner_keys, partner)):
        held = keys_of(manifest.keys[whose])
        if held is None or mark(held) != named:
            return Refusal(Reason.BAD_KEY, field, f"the old log names other keys of {whose} than the new record has")
    return None


def keys_of(claimed: ClaimedKeys) -> PartyKeys | None:
    """The keys that a record claims for a party; None when they are none."""
    log, witness = _hybrid(claimed.log, claimed.log_mldsa), _hybrid(claimed.witness, claimed.witness_mldsa)
    return None if log is None or witness is None else PartyKeys(log, witness)


def _hybrid(classic: str, mldsa: str | None) -> HybridKey | None:
    first, second = parse_vkey(classic), None if mldsa is None else parse_vkey(mldsa)
    if isinstance(first, Refusal) or isinstance(second, Refusal):
        return None
    return HybridKey(first, second)


def _claim(origin: str, size: int, root: bytes) -> HeadClaim:
    return HeadClaim(origin=origin, size=size, root=b64encode(root).decode("ascii"))


def _wrong(field: str, detail: str) -> Refusal:
    return Refusal(Reason.WRONG_OPENING, field, detail)
