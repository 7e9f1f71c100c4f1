"""Evidence: what one party signed that contradicts what it signed before, as a small file that stands by itself.

Here: building such a file, and checking one without a node, a network or a clock; it says who contradicted whom, and
whether that convicts or is one side's word against the other's. Not here: when a node keeps one (node), the record of
a whole channel (`verifier`). May know: log, terms. The rules are numbered in docs/spec/evidence.md.
"""

from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.parties import PartyKeys, check_channel, check_log_key
from redshank.exchange.session import back_dated
from redshank.log import merkle
from redshank.log.checkpoint import SignedHead, open_head
from redshank.log.note import HybridKey, parse_vkey
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.message import LogOpenBody, Message, MessageType, Why
from redshank.terms.refusal import Reason, Refusal

EVIDENCE_VERSION = 1
MISPLACED = frozenset(
    {Reason.WRONG_CHANNEL, Reason.WRONG_SENDER, Reason.WRONG_YEAR, Reason.WRONG_GENERATION, Reason.WRONG_SERIAL}
)


class Kind(StrEnum):
    """What the accused party has done. The codes are part of the format."""

    FORKED = "forked"
    """Signed two heads of one size with different roots."""
    REWRITTEN = "rewritten"
    """Signed two heads that have different entries at one index."""
    MISPLACED = "misplaced"
    """Signed an entry that says another place than the one it stands at."""
    BACK_DATED = "back-dated"
    """Signed a statement that claims to be older than an earlier one of the same log."""
    CONTINUED = "continued"
    """Signed an entry after the LOG-END of the same log."""
    FUTURE_DATED = "future-dated"
    """Signed a statement that the reporter had before the time that it claims."""
    WRONG_OPENING = "wrong-opening"
    """Opened a log otherwise than its log before it had ended."""
    SHRUNKEN = "shrunken"
    """Signed a head smaller than one that the reporter holds; stamped later, it convicts."""
    UNPROVEN = "unproven"
    """Signed a larger head that the delivered entries do not lead to."""


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry (base64) at `index` of the log under `heads[head]`, with its inclusion proof (base64 hashes)."""

    head: int
    index: int
    entry: str
    proof: tuple[str, ...]


class EarlierKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The accused party's log keys of the generation before, as vkeys."""

    key: str
    key_mldsa: str


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file. `heads` are signed notes, as text; `key` and `key_mldsa` are the accused party's log keys, as vkeys."""

    v: int
    kind: Kind
    prefix: str
    channel: str
    year: int
    accused: str
    reporter: str
    found_ms: int
    key: str
    key_mldsa: str
    heads: tuple[str, ...]
    leaves: tuple[Leaf, ...] = ()
    generation: int | UnsetType = UNSET
    """Of the log; left out for the first one."""
    earlier: EarlierKeys | UnsetType = UNSET
    """Of the log that the first of `heads` is of, where that is the one before."""
    consistency: tuple[str, ...] = ()
    """What clears an UNPROVEN one: the proof from the smaller head to the larger."""


class EvidenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the file shows. `convicts`: the accused party's own signatures contradict one another, whoever shows them.
    Otherwise it is the reporter's word; `clears` says what would settle it."""

    evidence: Evidence | None
    pinned: bool
    refusal: Refusal | None
    """The file does not show what it claims."""
    convicts: bool = False
    words: str = ""
    clears: str = ""


def encode_evidence(evidence: Evidence) -> bytes:
    """Canonical bytes of the file."""
    return msgspec.json.encode(evidence, order="sorted")


def leaf_under(head: int, index: int, entry: bytes, proof: Sequence[bytes]) -> Leaf:
    """One entry with its place and proof."""
    return Leaf(head=head, index=index, entry=_text(entry), proof=tuple(_text(one) for one in proof))


def check_evidence(data: bytes, pinned: Mapping[PartyId, PartyKeys] | None = None) -> EvidenceReport:
    """Checks a file of evidence, with the accused's `pinned` keys or with the key that it claims. Never raises."""
    evidence = _parsed(data)
    if isinstance(evidence, Refusal):
        return EvidenceReport(evidence=None, pinned=pinned is not None, refusal=evidence)
    shown = _shown(evidence, pinned)
    if isinstance(shown, Refusal):
        return EvidenceReport(evidence=evidence, pinned=pinned is not None, refusal=shown)
    convicts, words, clears = shown
    return EvidenceReport(
        evidence=evidence, pinned=pinned is not None, refusal=None, convicts=convicts, words=words, clears=clears
    )


def _parsed(data: bytes) -> Evidence | Refusal:
    if len(data) > limits.EVIDENCE_BYTES:
        return Refusal(Reason.TOO_LARGE, "evidence", f"{len(data)} bytes, allowed {limits.EVIDENCE_BYTES}")
    try:
        evidence = msgspec.json.decode(data, type=Evidence)
        canonical = encode_evidence(evidence) == data
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Refusal(Reason.MALFORMED, "evidence", str(error)[:200])
    if not canonical:
        return Refusal(Reason.NOT_CANONICAL, "evidence", "spelled otherwise")
    if evidence.v != EVIDENCE_VERSION:
        return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {evidence.v}, this is {EVIDENCE_VERSION}")
    return evidence


_Shown = tuple[bool, str, str]  # convicts, words, what would clear it


def _shown(evidence: Evidence, pinned: Mapping[PartyId, PartyKeys] | None) -> _Shown | Refusal:
    key = _key(evidence, pinned)
    if isinstance(key, Refusal):
        return key
    earlier = _earlier_key(evidence)
    if isinstance(earlier, Refusal):
        return earlier
    heads = list[SignedHead]()
    for number, note in enumerate(evidence.heads):
        head = open_head(note.encode(), key if number or earlier is None else earlier)
        if isinstance(head, Refusal):
            return head
        heads.append(head)
    entries = _entries(evidence, heads)
    if isinstance(entries, Refusal):
        return entries
    wanted = _NEEDS[evidence.kind]
    if (len(heads), len(entries)) != wanted:
        return Refusal(Reason.MALFORMED, "heads", f"{evidence.kind} needs {wanted[0]} heads and {wanted[1]} entries")
    return _judged(evidence, heads, entries)


def _key(evidence: Evidence, pinned: Mapping[PartyId, PartyKeys] | None) -> HybridKey | Refusal:
    if evidence.generation == 0:
        return Refusal(Reason.NOT_CANONICAL, "generation", "is left out for the first log")
    bad = check_channel(evidence.prefix, evidence.channel, evidence.year, generation_of(evidence))
    if bad is not None:
        return bad
    if {evidence.accused, evidence.reporter} != set(parties_of(ChannelId(evidence.channel))):
        return Refusal(Reason.WRONG_CHANNEL, "accused", "accused and reporter are not the two parties of the channel")
    key = _hybrid(evidence.key, evidence.key_mldsa)
    if isinstance(key, Refusal):
        return key
    if pinned is not None:
        known = pinned.get(PartyId(evidence.accused))
        if known is None or known.log != key:
            return Refusal(Reason.BAD_KEY, "key", f"are not the pinned log keys of {evidence.accused}")
    channel, accused = ChannelId(evidence.channel), PartyId(evidence.accused)
    return check_log_key(evidence.prefix, channel, evidence.year, accused, key, generation_of(evidence)) or key


def _hybrid(classic_text: str, mldsa_text: str) -> HybridKey | Refusal:
    classic, mldsa = parse_vkey(classic_text), parse_vkey(mldsa_text)
    if isinstance(classic, Refusal):
        return classic
    return mldsa if isinstance(mldsa, Refusal) else HybridKey(classic, mldsa)


def _earlier_key(evidence: Evidence) -> HybridKey | Refusal | None:
    """The keys of the log before; only for the kind that needs them."""
    if isinstance(evidence.earlier, UnsetType) is (evidence.kind is Kind.WRONG_OPENING):
        return Refusal(Reason.MALFORMED, "earlier", f"stands with {Kind.WRONG_OPENING} and with no other kind")
    if isinstance(evidence.earlier, UnsetType):
        return None
    if not generation_of(evidence):
        return Refusal(Reason.WRONG_GENERATION, "generation", "there is no log before the first one")
    key = _hybrid(evidence.earlier.key, evidence.earlier.key_mldsa)
    if isinstance(key, Refusal):
        return key
    channel, accused, generation = ChannelId(evidence.channel), PartyId(evidence.accused), generation_of(evidence) - 1
    return check_log_key(evidence.prefix, channel, evidence.year, accused, key, generation) or key


def generation_of(evidence: Evidence) -> int:
    """Of the log that the file is about."""
    return 0 if isinstance(evidence.generation, UnsetType) else evidence.generation


def _entries(evidence: Evidence, heads: Sequence[SignedHead]) -> tuple[bytes, ...] | Refusal:
    """The entries, each proven to stand where the file says."""
    found = []
    for leaf in evidence.leaves:
        entry, proof = _bytes(leaf.entry), [_bytes(one) for one in leaf.proof]
        if not 0 <= leaf.head < len(heads) or entry is None or None in proof:
            return Refusal(Reason.MALFORMED, "leaves", "names no head, or is not base64")
        under = heads[leaf.head].checkpoint
        hashes = [one for one in proof if one is not None]
        bad = merkle.verify_inclusion(leaf.index, under.size, merkle.leaf_hash(entry), under.root, hashes)
        if bad is not None:
            return bad
        found.append(entry)
    return tuple(found)


_NEEDS: dict[Kind, tuple[int, int]] = {
    Kind.FORKED: (2, 0),
    Kind.REWRITTEN: (2, 2),
    Kind.MISPLACED: (1, 1),
    Kind.BACK_DATED: (1, 2),
    Kind.CONTINUED: (1, 2),
    Kind.FUTURE_DATED: (1, 1),
    Kind.WRONG_OPENING: (2, 1),
    Kind.SHRUNKEN: (2, 0),
    Kind.UNPROVEN: (2, 0),
}
"""Heads and entries that each kind is shown by."""


def _judged(evidence: Evidence, heads: Sequence[SignedHead], entries: Sequence[bytes]) -> _Shown | Refusal:
    match evidence.kind:
        case Kind.FORKED:
            return _forked(evidence, heads)
        case Kind.REWRITTEN:
            return _rewritten(evidence, entries)
        case Kind.MISPLACED:
            return _misplaced(evidence, entries[0])
        case Kind.BACK_DATED:
            return _back_dated(evidence, entries)
        case Kind.CONTINUED:
            return _continued(evidence, entries)
        case Kind.FUTURE_DATED:
            return _future_dated(evidence, entries[0])
        case Kind.WRONG_OPENING:
            return _wrong_opening(evidence, heads, entries[0])
        case Kind.SHRUNKEN | Kind.UNPROVEN:
            return _disputed(evidence, heads)


def _forked(evidence: Evidence, heads: Sequence[SignedHead]) -> _Shown | Refusal:
    one, other = (head.checkpoint for head in heads)
    if one.size != other.size or one.root == other.root:
        return _nothing("the two heads do not contradict one another")
    words = f"{evidence.accused} signed two different logs of {one.size} messages on {evidence.channel}"
    return True, words, ""


def _rewritten(evidence: Evidence, entries: Sequence[bytes]) -> _Shown | Refusal:
    one, other = evidence.leaves
    if {one.head, other.head} != {0, 1} or one.index != other.index or entries[0] == entries[1]:
        return _nothing("the two entries are not two contents of one serial under the two heads")
    words = f"{evidence.accused} signed two different messages with serial {one.index} on {evidence.channel}"
    return True, words, ""


def _misplaced(evidence: Evidence, entry: bytes) -> _Shown | Refusal:
    content = _read(evidence, 0, entry)
    if not isinstance(content, Refusal) or content.reason not in MISPLACED:
        return _nothing("the entry says the place that it stands at")
    index = evidence.leaves[0].index
    words = f"{evidence.accused} signed at serial {index} an entry that belongs elsewhere ({content})"
    return True, words, ""


def _back_dated(evidence: Evidence, entries: Sequence[bytes]) -> _Shown | Refusal:
    first, second = (_read(evidence, number, entry) for number, entry in enumerate(entries))
    in_order = evidence.leaves[0].index < evidence.leaves[1].index
    if not in_order or not isinstance(first, Message) or not isinstance(second, Message):
        return _nothing("needs an earlier and a later message of one log")
    if back_dated(second, first.stated_ms) is None:
        return _nothing("the later message is not dated before the earlier one")
    behind_s = (first.stated_ms - second.stated_ms) // 1000
    words = f"{evidence.accused} dated serial {second.serial} {behind_s} s before its own serial {first.serial}"
    return True, words, ""


def _continued(evidence: Evidence, entries: Sequence[bytes]) -> _Shown | Refusal:
    end, later = _read(evidence, 0, entries[0]), evidence.leaves[1].index
    if not isinstance(end, Message) or end.type is not MessageType.LOG_END or later <= end.serial:
        return _nothing("needs the LOG-END of a log, and an entry after it")
    return True, f"{evidence.accused} ended its log with serial {end.serial} and signed serial {later} in it", ""


def _wrong_opening(evidence: Evidence, heads: Sequence[SignedHead], entry: bytes) -> _Shown | Refusal:
    """A log that opens with fewer entries than its log before had, or with another root. Who says that its keys were
    stolen or lost may not have signed the head: then it is one side's word."""
    opening, held = _read(evidence, 0, entry), heads[0].checkpoint
    if not isinstance(opening, Message) or not isinstance(opening.body, LogOpenBody) or evidence.leaves[0].head != 1:
        return _nothing("needs the LOG-OPEN under the second head")
    said, root = opening.body.end, b64encode(held.root).decode()
    if said.origin != held.origin or said.size > held.size or (said.size, said.root) == (held.size, root):
        return _nothing("the opening does not contradict the head of the log before it")
    words = (
        f"{evidence.accused} opened a log after {said.size} messages of the one before, of which it signed {held.size}"
    )
    if opening.body.why in (Why.REVOKED, Why.LOST):
        return False, words, f"{evidence.accused} says that the old keys are {opening.body.why}: somebody else may have"
    return True, words, ""


def _future_dated(evidence: Evidence, entry: bytes) -> _Shown | Refusal:
    content = _read(evidence, 0, entry)
    if not isinstance(content, Message) or content.stated_ms <= evidence.found_ms + limits.MESSAGE_AHEAD_MS:
        return _nothing("the message is not dated after it was found")
    ahead_s = (content.stated_ms - evidence.found_ms) // 1000
    words = f"{evidence.accused} dated serial {content.serial} {ahead_s} s after {evidence.reporter} had it"
    return False, words, f"the clock of {evidence.reporter} is its own word; a third party's witness settles the time"


def _disputed(evidence: Evidence, heads: Sequence[SignedHead]) -> _Shown | Refusal:
    one, other = (head.checkpoint for head in heads)
    if one.size >= other.size:
        return _nothing("the first head is the smaller one")
    if evidence.consistency:
        proof = [_bytes(line) for line in evidence.consistency]
        hashes = [line for line in proof if line is not None]
        bad = merkle.verify_consistency(one.size, other.size, one.root, other.root, hashes)
        if len(hashes) == len(proof) and bad is None:
            return _nothing("a consistency proof is there: the larger head extends the smaller one")
    if evidence.kind is Kind.UNPROVEN:
        words = (
            f"{evidence.accused} signed {other.size} messages that do not follow from the {one.size} it signed before"
        )
        return False, words, f"a consistency proof from {one.size} to {other.size} would clear {evidence.accused}"
    words = f"{evidence.accused} showed a log of {one.size} messages after it had signed {other.size}"
    if heads[0].stamped_s > heads[1].stamped_s:
        return True, f"{words}, and signed the smaller one {heads[0].stamped_s - heads[1].stamped_s} s later", ""
    return False, words, "the smaller head is stamped earlier: a network may have held it back, or its clock is wrong"


def _read(evidence: Evidence, number: int, entry: bytes) -> Message | Refusal:
    index, generation = evidence.leaves[number].index, generation_of(evidence)
    place = Place(ChannelId(evidence.channel), PartyId(evidence.accused), evidence.year, index, generation)
    return parse_entry(entry, place, None)


def _nothing(detail: str) -> Refusal:
    return Refusal(Reason.NO_CONTRADICTION, "evidence", detail)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(text: str) -> bytes | None:
    """Canonical base64, or None."""
    try:
        data = b64decode(text, validate=True)
    except (BinasciiError, ValueError):
        return None
    return data if _text(data) == text else None
