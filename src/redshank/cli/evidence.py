"""`redshank verify` of a file of evidence, and of one record against another: who contradicted whom."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from redshank.cli.terminal import printable
from redshank.edges.keys import PublicKeys
from redshank.exchange.crosscheck import contradictions_between
from redshank.exchange.evidence import Evidence, EvidenceReport, check_evidence, encode_evidence, generation_of
from redshank.exchange.parties import PartyKeys, party_keys
from redshank.exchange.record import CLASSIC_VERSION
from redshank.exchange.verifier import RecordReport
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId


def is_evidence(path: Path) -> bool:
    """Whether the file is one JSON object and no zip file. Raises OSError."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(1) == b"{"


def verify_evidence(path: Path, keys: Sequence[Path], *, as_json: bool) -> int:
    """Checks one file and says what it shows; 0 if it shows what it claims, 1 if not, 2 if it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(limits.EVIDENCE_BYTES + 1)
        brought = [msgspec.json.decode(public.read_bytes(), type=PublicKeys) for public in keys]
        pinned = _pinned(data, brought) if keys else None
    except (OSError, ValueError, msgspec.MsgspecError) as error:  # ValueError: no UTF-8, no base64
        print(f"{path}: cannot be checked: {printable(str(error))}", file=sys.stderr)
        return 2
    report = check_evidence(data, pinned)
    if as_json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        print_report(report)
    return 0 if report.refusal is None else 1


def _pinned(data: bytes, keys: Sequence[PublicKeys]) -> dict[PartyId, PartyKeys]:
    """The keys that the caller brought, under the names of the evidence's channel."""
    try:
        evidence = msgspec.json.decode(data, type=Evidence)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    place, named = (evidence.prefix, ChannelId(evidence.channel), evidence.year), dict[PartyId, PartyKeys]()
    for public in keys:
        found, party = party_keys(*place, public.party, public.raw(), generation_of(evidence)), public.party
        fits = party in named and named[party].log.classic.vkey == evidence.key
        if isinstance(found, PartyKeys) and not fits:  # of several sets of one party the one that the file is under
            named[party] = found
    return named


def print_report(report: EvidenceReport) -> None:
    """For people: what it shows, whether that convicts, and what would settle it."""
    console = Console(highlight=False)
    if report.evidence is not None:
        parties = printable(report.evidence.accused), printable(report.evidence.reporter)
        console.print(f"Evidence against {parties[0]}, kept by {parties[1]}", markup=False)
    console.print("Keys: brought by you" if report.pinned else "Keys: those that the file claims (bring --keys)")
    if report.refusal is not None:
        console.print(f"The file shows nothing: {printable(str(report.refusal))}", markup=False)
        return
    console.print(f"{report.words}.", markup=False)
    if report.convicts:
        console.print("Both were signed with that party's own key: this convicts, whoever shows it.")
    else:
        console.print(f"This is one side's word: {report.clears}.", markup=False)


def compare(reports: Sequence[RecordReport], files: Sequence[Mapping[str, bytes]], folder: Path) -> int:
    """Two verified records of one channel: prints who contradicted whom, writes the proof beside; 0 if nobody did."""
    one, other = (report.manifest for report in reports)
    if one is None or other is None or (one.prefix, one.channel, one.year, one.keys) != (
        other.prefix, other.channel, other.year, other.keys,
    ):  # fmt: skip
        print("The two records are not of one channel and year under the same keys.", file=sys.stderr)
        return 2
    if one.v == CLASSIC_VERSION:
        print("A file of evidence needs both keys of a log, and records of version 1 have one.", file=sys.stderr)
        return 2
    found = contradictions_between(files[0], files[1], one)
    for number, evidence in enumerate(found):
        path = folder / f"evidence-{evidence.channel}-{evidence.accused}-{number}.json"
        path.write_bytes(encode_evidence(evidence))
        print_report(check_evidence(encode_evidence(evidence)))
        print(f"The proof is in {path}.")
    if not found:
        print("The two records do not contradict one another: each log of one is the beginning of the other's.")
    return 1 if found else 0
