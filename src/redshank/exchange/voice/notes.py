"""Notes: what a node holds of statements by voice, and how an exporter's record tells of them (VOICE-17).

Here: the values, the file `voice.json` of a record, and what a verifier makes of it. Nobody signed it: they are notes
of the exporter, and say so. Not here: the record's proofs (`exchange.record`, `exchange.verifier`). May know: terms.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from redshank.exchange.voice.form import GROUPS_MAX, decode
from redshank.exchange.voice.layout import Heard
from redshank.exchange.voice.reconcile import Difference, differences
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import Message
from redshank.terms.refusal import Reason, Refusal

VOICE_FILE: Final = "voice.json"
NOTES_VERSION: Final = 1
STANDS_FOR: Final = "notes of the exporter; nobody signed them"


class Standing(StrEnum):
    """Where a statement by voice stands."""

    WAITING = "waiting"
    """The signed original has not come."""
    CONFIRMED = "confirmed"
    """It says the same, within the rounding of the form."""
    DIFFERS = "differs"
    """It says something else, and counts."""
    UNSIGNED = "unsigned"
    """There will be no signed original: the partner has no keys."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's message as an officer of ours has keyed it in."""

    sender: PartyId
    serial: int
    generation: int = 0
    groups: tuple[str, ...]
    exercise: bool
    taken_at: Instant
    role: str
    remark: str | None = None
    refused: Refusal | None = None
    """Why the procedure was not driven by it; None when it was, or had been by the signed original."""
    standing: Standing = Standing.WAITING
    differences: tuple[Difference, ...] = ()
    settled_at: Instant | None = None

    @property
    def heard(self) -> Heard:
        """What the groups say; only what can be read is taken. Raises InvariantBroken."""
        heard = _read(self.groups, self.exercise)
        if isinstance(heard, Refusal):
            raise InvariantBroken(f"a statement of {self.sender} that was taken can be read: {heard}")
        return heard

    def held_against(self, signed: Message | Refusal, now: Instant) -> "Statement":
        """The statement once its signed original is here."""
        found = differences(self.heard, signed)
        standing = Standing.DIFFERS if found else Standing.CONFIRMED
        return msgspec.structs.replace(self, standing=standing, differences=found, settled_at=now)


@lru_cache(maxsize=limits.VOICE_STATEMENTS)
def _read(groups: tuple[str, ...], exercise: bool) -> Heard | Refusal:
    """A view reads the same statements each second."""
    return decode(groups, exercise)


class ReadOut(msgspec.Struct, frozen=True, kw_only=True):
    """Our message `serial` was read out to the partner's officer, who has read it back or has not."""

    serial: int
    generation: int = 0
    at: Instant
    role: str
    read_back: bool
    remark: str | None = None


# --- in a record ------------------------------------------------------------------------------------------------------


class StatementNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One statement in a record."""

    groups: tuple[str, ...]
    taken_ms: int
    role: str
    remark: str | None = None


class ReadOutNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One read-out in a record."""

    serial: int
    at_ms: int
    role: str
    read_back: bool
    remark: str | None = None


class VoiceNotes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. `by` is the exporter."""

    v: int
    stands_for: str
    by: str
    heard: tuple[StatementNote, ...]
    read_out: tuple[ReadOutNote, ...]


class VoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a verifier says of one note. A note shows what the exporter says was said by telephone; no more."""

    by: PartyId
    what: str
    """``heard`` or ``read-out``."""
    sender: PartyId
    serial: int
    at_ms: int
    role: str
    content: Heard | Refusal | None = None
    """What the groups say, or why they say nothing; None for a read-out."""
    standing: Standing | None = None
    differences: tuple[Difference, ...] = ()
    read_back: bool | None = None
    remark: str | None = None


_DECODER = msgspec.json.Decoder(VoiceNotes)


def voice_file(by: PartyId, statements: Sequence[Statement], read_outs: Sequence[ReadOut]) -> dict[str, bytes]:
    """The file of a record, or no file when nothing was said by voice. Canonical JSON."""
    if not statements and not read_outs:
        return {}
    heard = tuple(
        StatementNote(groups=one.groups, taken_ms=one.taken_at, role=one.role, remark=one.remark) for one in statements
    )
    out = tuple(
        ReadOutNote(serial=one.serial, at_ms=one.at, role=one.role, read_back=one.read_back, remark=one.remark)
        for one in read_outs
    )
    notes = VoiceNotes(v=NOTES_VERSION, stands_for=STANDS_FOR, by=by, heard=heard, read_out=out)
    return {VOICE_FILE: _encoded(notes)}


def _encoded(notes: VoiceNotes) -> bytes:
    return msgspec.json.encode(notes, order="sorted")


def parse_notes(data: bytes, parties: Sequence[PartyId]) -> VoiceNotes | Refusal:
    """The notes of one of the parties. Refuses with MALFORMED, NOT_CANONICAL, UNKNOWN_TYPE, WRONG_SENDER or
    TOO_LARGE."""
    try:
        notes = _DECODER.decode(data)
        canonical = _encoded(notes) == data
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Refusal(Reason.MALFORMED, VOICE_FILE, str(error)[:200])
    if not canonical:
        return Refusal(Reason.NOT_CANONICAL, VOICE_FILE, "spelled otherwise")
    if notes.v != NOTES_VERSION or notes.stands_for != STANDS_FOR:
        return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {notes.v}, this is {NOTES_VERSION}")
    if notes.by not in parties:
        return Refusal(Reason.WRONG_SENDER, "by", f"{notes.by[:20]!r} is no party of the channel")
    long = max((len(one.groups) for one in notes.heard), default=0) > GROUPS_MAX
    if long or max(len(notes.heard), len(notes.read_out)) > limits.VOICE_STATEMENTS:
        return Refusal(Reason.TOO_LARGE, VOICE_FILE, f"at most {limits.VOICE_STATEMENTS} notes of a kind")
    return notes


def lines_of(
    notes: VoiceNotes,
    exercise: bool,
    contents: Mapping[PartyId, Sequence[Message | Refusal]],
    keyless: str | None = None,
) -> tuple[VoiceLine, ...]:
    """The notes, each statement read anew and held against the signed entry of the record; nothing is taken from the
    exporter but the groups, the time and who. `keyless`: the party, if any, that signs nothing at all."""
    by = PartyId(notes.by)
    heard = [_heard_line(by, note, exercise, contents) for note in notes.heard]
    heard = [
        msgspec.structs.replace(line, standing=Standing.UNSIGNED)
        if line.sender == keyless and line.standing is Standing.WAITING
        else line
        for line in heard
    ]
    out = [
        VoiceLine(
            by=by,
            what="read-out",
            sender=by,
            serial=note.serial,
            at_ms=note.at_ms,
            role=note.role,
            read_back=note.read_back,
            remark=note.remark,
        )
        for note in notes.read_out
    ]
    return tuple(sorted((*heard, *out), key=lambda line: line.at_ms))


def _heard_line(
    by: PartyId, note: StatementNote, exercise: bool, contents: Mapping[PartyId, Sequence[Message | Refusal]]
) -> VoiceLine:
    partner = next(party for party in contents if party != by)
    heard = decode(note.groups, exercise)
    line = VoiceLine(
        by=by,
        what="heard",
        sender=partner,
        serial=-1,
        at_ms=note.taken_ms,
        role=note.role,
        content=heard,
        remark=note.remark,
    )
    if isinstance(heard, Refusal):
        return line
    message, log = heard.message, contents[partner]
    if message.sender != partner:
        return msgspec.structs.replace(line, content=Refusal(Reason.WRONG_SENDER, "sender", "not the partner's"))
    if message.serial >= len(log):
        return msgspec.structs.replace(line, serial=message.serial, standing=Standing.WAITING)
    found = differences(heard, log[message.serial])
    return msgspec.structs.replace(
        line,
        serial=message.serial,
        standing=Standing.DIFFERS if found else Standing.CONFIRMED,
        differences=found,
    )
