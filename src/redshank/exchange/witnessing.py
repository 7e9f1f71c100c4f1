"""Witnessing: the third-party witnesses of an agreement, and what they have cosigned of our log.

Here: who they are, how many are required, their statements as pure changes of a frozen state. Not here: HTTP (edges),
what a witness itself does (log.witness). May know: log, terms. The rules are numbered in docs/spec/witness.md.

Nothing waits for a witness: a head is delivered to the partner at once. What k of n statements add is that a message
was sent at that time, even where no receipt ever comes.
"""

from collections.abc import Sequence

import msgspec

from redshank.log.note import (
    KeyKind,
    VerifierKey,
    parse_note,
    parse_signatures,
    parse_vkey,
    signed_note,
    verify_signatures,
)
from redshank.log.tree_head import Checkpoint, parse_checkpoint
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace


class Witness(msgspec.Struct, frozen=True):
    """A third party: its keys, all under one name. Every one of them has to sign."""

    keys: tuple[VerifierKey, ...]
    url: str = ""

    @property
    def name(self) -> str:
        """The name of all keys."""
        return self.keys[0].name


class WitnessPolicy(msgspec.Struct, frozen=True):
    """The witnesses of an agreement, and how many of them make a head witnessed."""

    required: int = 0
    witnesses: tuple[Witness, ...] = ()

    def named(self, name: str) -> Witness | None:
        """The witness of this name."""
        return next((witness for witness in self.witnesses if witness.name == name), None)

    def kth(self, values: Sequence[int], *, largest: bool) -> int | None:
        """The k-th of the witnesses' values, from the largest or the smallest on; None when there are fewer than k."""
        if not 1 <= self.required <= len(values):
            return None
        return sorted(values, reverse=largest)[self.required - 1]


class Statement(msgspec.Struct, frozen=True):
    """One witness has cosigned one head, at this time of its own clock (the later one, if its lines differ)."""

    witness: str
    at_s: int
    lines: bytes


class WitnessedHead(msgspec.Struct, frozen=True):
    """A head of our log with all statements that came of it. `note`: its text and these statements."""

    size: int
    text: bytes
    statements: tuple[Statement, ...] = ()

    @property
    def note(self) -> bytes:
        """To be kept and shown: a note with the witnesses' signatures alone."""
        return signed_note(self.text, ()) + b"".join(statement.lines for statement in self.statements)


class Newest(msgspec.Struct, frozen=True):
    """The newest head that one witness has cosigned."""

    witness: str
    size: int
    at_s: int


class Witnessing(msgspec.Struct, frozen=True):
    """What witnesses have said of one log: the newest heads with statements, and each witness's newest."""

    heads: tuple[WitnessedHead, ...] = ()
    newest: tuple[Newest, ...] = ()

    def size_of(self, name: str) -> int:
        """Entries that a witness has cosigned; 0 if none."""
        return next((one.size for one in self.newest if one.witness == name), 0)

    def quorum_size(self, policy: WitnessPolicy) -> int:
        """Entries that at least k witnesses have cosigned: a statement for a size covers all smaller ones."""
        return policy.kth([one.size for one in self.newest], largest=True) or 0


def parse_witnesses(required: int, given: Sequence[tuple[str, Sequence[str]]]) -> WitnessPolicy | Refusal:
    """Witnesses from (URL, verifier keys) pairs; refuses with BAD_KEY or VALUE_NOT_PLAUSIBLE."""
    witnesses, seen = [], set[bytes]()
    for url, vkeys in given:
        keys = [parse_vkey(vkey) for vkey in vkeys]
        sound = [key for key in keys if isinstance(key, VerifierKey) and key.kind is not KeyKind.LOG]
        if not keys or len(sound) != len(keys) or len({key.name for key in sound}) != 1:
            return Refusal(Reason.BAD_KEY, url, "needs keys of cosigners (type 0x04 or 0x06) under one name")
        if any(key.public_key in seen for key in sound) or len({key.kind for key in sound}) != len(sound):
            return Refusal(Reason.BAD_KEY, url, "one key twice, or two of one type")
        seen |= {key.public_key for key in sound}
        witnesses.append(Witness(tuple(sound), url))
    names = {witness.name for witness in witnesses}
    least = 1 if witnesses else 0
    if len(names) != len(witnesses) or len(witnesses) > limits.WITNESSES or not least <= required <= len(witnesses):
        detail = f"{required} of {len(witnesses)}; at most {limits.WITNESSES}, each name once"
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "required", detail)
    return WitnessPolicy(required, tuple(witnesses))


def of_policy(note: bytes, policy: WitnessPolicy) -> bytes | None:
    """A kept note with the lines of those witnesses alone that the agreement (still) names; None when none is left."""
    parsed = parse_note(note)
    if isinstance(parsed, Refusal):
        return note  # it was damaged on the disk: the verifier shall say so
    known = {(key.name, key.id) for witness in policy.witnesses for key in witness.keys}
    left = [signature for signature in parsed.signatures if (signature.name, signature.key_id) in known]
    return signed_note(parsed.text, left) if left else None


def statements_in(note: bytes, policy: WitnessPolicy) -> tuple[Checkpoint, tuple[Statement, ...]] | Refusal:
    """What a kept note proves: the head, and the statement of each witness in it.

    Refuses with BAD_NOTE, TOO_LARGE, BAD_SIGNATURE (also for a line that belongs to nobody, or one twice), NOT_HYBRID,
    BAD_TIME.
    """
    parsed = parse_note(note)
    if isinstance(parsed, Refusal):
        return parsed
    head = parse_checkpoint(parsed.text)
    if isinstance(head, Refusal):
        return head
    statements = []
    for witness in policy.witnesses:
        if any(signature.name == witness.name for signature in parsed.signatures):
            found = statement_of(parsed.text, witness, note[len(parsed.text) + 1 :])
            if isinstance(found, Refusal):
                return found
            statements.append(found)
    lines = sum(statement.lines.count(b"\n") for statement in statements)
    if lines != len(parsed.signatures):
        return Refusal(Reason.BAD_SIGNATURE, "note", "a signature of an unknown key, or one twice")
    return head, tuple(statements)


def statement_of(text: bytes, witness: Witness, body: bytes) -> Statement | Refusal:
    """What a witness's answer says of a head; refuses with BAD_NOTE, BAD_SIGNATURE, NOT_HYBRID (a key is missing) or
    BAD_TIME."""
    signatures = parse_signatures(body)
    if isinstance(signatures, Refusal):
        return signatures
    verified = verify_signatures(text, signatures, witness.keys)
    if isinstance(verified, Refusal):
        return verified
    if len(verified) != len(witness.keys):
        return Refusal(Reason.NOT_HYBRID, witness.name, f"{len(verified)} of its {len(witness.keys)} keys signed")
    at_s = max(found.at_s or 0 for found in verified)
    if at_s > limits.CALENDAR_MAX_S:
        return Refusal(Reason.BAD_TIME, witness.name, f"cosigned {at_s} s after 1970")
    return Statement(witness.name, at_s, b"".join(found.signature.line for found in verified))


def witnessed(
    state: Witnessing, origin: str, text: bytes, witness: Witness, body: bytes
) -> tuple[Witnessing, WitnessedHead | None] | Refusal:
    """Takes a witness's answer for a head of ours; also gives the head with all its statements, to be kept. None: it
    was known already, or is older than the heads that are still held in memory.

    Refuses as `statement_of` does, and with WRONG_ORIGIN a head of another log.
    """
    head = parse_checkpoint(text)
    if isinstance(head, Refusal):
        return head
    if head.origin != origin:
        return Refusal(Reason.WRONG_ORIGIN, "origin", f"{head.origin[:80]!r}, expected {origin!r}")
    statement = statement_of(text, witness, body)
    if isinstance(statement, Refusal):
        return statement
    held = {known.size: known for known in state.heads}
    known = held.get(head.size, WitnessedHead(head.size, text))
    too_old = len(held) >= limits.WITNESSED_HEADS and head.size < min(held)
    if too_old or any(said.witness == witness.name for said in known.statements):
        return state, None
    grown = _changed(known, statements=(*known.statements, statement))
    heads = sorted({**held, head.size: grown}.values(), key=lambda one: one.size)[-limits.WITNESSED_HEADS :]
    return Witnessing(tuple(heads), _newest(state, Newest(witness.name, head.size, statement.at_s))), grown


def _newest(state: Witnessing, came: Newest) -> tuple[Newest, ...]:
    if came.size < state.size_of(came.witness):
        return state.newest
    others = tuple(one for one in state.newest if one.witness != came.witness)
    return tuple(sorted((*others, came), key=lambda one: one.witness))
