"""Annex: what one side notes beside the common log: what was said by voice, and files of evidence. Part of no figure.

Here: the values, and how they are taken from a record. The other side may not have them, or may have others: so they
never stand in the report itself (RPT-12). May know: exchange.audit, terms.
"""

import msgspec

from redshank.exchange.audit.report import Contradiction, RecordReport
from redshank.exchange.compliance.report import Period
from redshank.exchange.voice.notes import VoiceLine
from redshank.terms.ids import PartyId


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note of its holder. `kind`: ``heard``, ``read-out`` or ``evidence``; `about`: whose message or signature."""

    at_ms: int
    kind: str
    about: PartyId
    serial: int | None
    says: str


class Annex(msgspec.Struct, frozen=True):
    """All notes of one side in a period, in order. `by` is unknown where a record does not say who exported it."""

    by: PartyId | None
    notes: tuple[Note, ...]


def annex_of(voice: tuple[VoiceLine, ...], evidence: tuple[Contradiction, ...], period: Period) -> Annex:
    """The notes in a period."""
    notes = [_voice(line) for line in voice] + [_evidence(one) for one in evidence]
    inside = [note for note in notes if period.from_ms <= note.at_ms < period.until_ms]
    by = voice[0].by if voice else evidence[0].reporter if evidence else None
    return Annex(by, tuple(sorted(inside, key=lambda note: (note.at_ms, note.kind, note.serial or 0))))


def annex_of_record(report: RecordReport, period: Period) -> Annex:
    """What the exporter of a record put beside the logs."""
    return annex_of(report.voice, report.evidence, period)


def _voice(line: VoiceLine) -> Note:
    said = "" if line.standing is None else line.standing.value
    back = {True: "read back", False: "not read back", None: said}[line.read_back]
    serial = line.serial if line.serial >= 0 else None
    return Note(at_ms=line.at_ms, kind=line.what, about=line.sender, serial=serial, says=back)


def _evidence(one: Contradiction) -> Note:
    says = f"{one.kind}: {'convicts' if one.convicts else 'the word of ' + one.reporter}"
    return Note(at_ms=one.found_ms, kind="evidence", about=one.accused, serial=None, says=says)
