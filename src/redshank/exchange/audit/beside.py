"""Beside the logs: files of evidence (REC-16, REC-17), and the exporter's notes of what was said by voice (REC-15)."""

from collections.abc import Mapping

from redshank.exchange.audit.desk import Desk
from redshank.exchange.audit.proven_log import ProvenLog
from redshank.exchange.audit.report import Contradiction
from redshank.exchange.chain import generation_of as manifest_generation
from redshank.exchange.evidence import EvidenceReport, check_evidence
from redshank.exchange.evidence import generation_of as evidence_generation
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys
from redshank.exchange.record import EVIDENCE_FOLDER, evidence_number
from redshank.exchange.voice.notes import VOICE_FILE, VoiceLine, lines_of, parse_notes
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal


def contradictions_in(desk: Desk, keys: Mapping[PartyId, PartyKeys]) -> tuple[Contradiction, ...]:
    """What each file of evidence shows, by its number. One that shows nothing is a fault."""
    found = list[tuple[int, Contradiction]]()
    for path in desk.take_all(EVIDENCE_FOLDER):
        number = evidence_number(path)
        if number is None or number >= limits.CONTRADICTIONS_PER_CHANNEL:
            most = f"{EVIDENCE_FOLDER}0.json to {limits.CONTRADICTIONS_PER_CHANNEL - 1}.json"
            desk.fault(path, Reason.UNKNOWN_FIELD, "path", f"files of evidence are {most}")
            continue
        shown = _shown(desk, path, check_evidence(desk.files[path], keys))
        if isinstance(shown, Refusal):
            desk.find(path, shown)
        else:
            found.append((number, shown))
    return tuple(shown for _, shown in sorted(found, key=lambda one: one[0]))


def _shown(desk: Desk, path: str, report: EvidenceReport) -> Contradiction | Refusal:
    evidence, manifest = report.evidence, desk.manifest
    if evidence is not None:
        of_record = (manifest.prefix, manifest.channel, manifest.year)
        if (evidence.prefix, evidence.channel, evidence.year) != of_record:
            return Refusal(Reason.WRONG_CHANNEL, "evidence", "is about another channel or year than the record")
        if evidence_generation(evidence) != manifest_generation(manifest):
            return Refusal(Reason.WRONG_GENERATION, "evidence", "is about a log of another generation than the record")
    if report.refusal is not None:
        return report.refusal
    if evidence is None:  # for the type checker: what was not read was refused
        raise TypeError
    return Contradiction(
        path=path,
        kind=evidence.kind.value,
        accused=PartyId(evidence.accused),
        reporter=PartyId(evidence.reporter),
        found_ms=evidence.found_ms,
        convicts=report.convicts,
        words=report.words,
        clears=report.clears,
    )


def voice_in(desk: Desk, one: ProvenLog, other: ProvenLog) -> tuple[VoiceLine, ...]:
    """What the exporter notes of statements by voice. A record without such notes is as good as one with them."""
    if VOICE_FILE not in desk.files:
        return ()
    contents = {log.direction.party: log.contents for log in (one, other)}
    notes = parse_notes(desk.take(VOICE_FILE) or b"", tuple(contents))
    if isinstance(notes, Refusal):
        desk.find(VOICE_FILE, notes)
        return ()
    keyless = next((log.direction.party for log in (one, other) if log.keyless), None)
    return lines_of(notes, desk.manifest.prefix == EXERCISE_PREFIX, contents, keyless)
