"""`redshank verify`: reads a record from disk, has it checked, and says what was found, for people or as JSON."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from redshank.cli.evidence import compare
from redshank.cli.record_files import read_files
from redshank.cli.terminal import shown
from redshank.edges.keys import PublicKeys
from redshank.exchange.parties import PartyKeys, party_keys
from redshank.exchange.record import MANIFEST, Manifest
from redshank.exchange.verifier import Line, RecordReport, verify_record
from redshank.exchange.voice import Heard
from redshank.exchange.voice.notes import Standing, VoiceLine
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Refusal


def verify_path(record: Path, keys: tuple[Path, ...], *, as_json: bool) -> int:
    """Checks one record; prints the report; the exit code: 0 in order, 1 not, 2 could not be read."""
    try:
        files = read_files(record)
        pinned = _pinned(files, keys)
    except (OSError, ValueError) as error:
        print(f"{record}: cannot be read as a record: {error}", file=sys.stderr)
        return 2
    report = verify_record(files, pinned)
    if as_json:
        sys.stdout.write(msgspec.json.encode(_plain(report)).decode() + "\n")
    else:
        _print(report)
    return 0 if report.ok else 1


def compare_paths(one: Path, other: Path, keys: tuple[Path, ...]) -> int:
    """Two records that were in order, side by side; the proof of a contradiction is written into the present folder."""
    files = [read_files(path) for path in (one, other)]
    return compare([verify_record(held, _pinned(held, keys)) for held in files], files, Path.cwd())


def _pinned(files: Mapping[str, bytes], paths: tuple[Path, ...]) -> dict[PartyId, PartyKeys] | None:
    """Keys that the caller brought, named for the channel that the record is about."""
    if not paths:
        return None
    try:
        manifest = msgspec.json.decode(files.get(MANIFEST, b""), type=Manifest)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{MANIFEST}: {error}") from error
    pinned = {}
    for path in paths:
        try:
            public = msgspec.json.decode(path.read_bytes(), type=PublicKeys)
        except msgspec.MsgspecError as error:
            raise ValueError(f"{path}: is not a file of public keys: {error}") from error
        keys = party_keys(
            manifest.prefix,
            ChannelId(manifest.channel),
            manifest.year,
            public.party,
            public.raw(),
        )
        if isinstance(keys, Refusal):
            raise ValueError(f"{path}: {keys}")
        pinned[public.party] = keys
    return pinned


def _print(report: RecordReport) -> None:
    console = Console()
    manifest = report.manifest
    if manifest is not None:
        console.print(f"Record of channel [bold]{manifest.channel}[/bold], year {manifest.year}")
    console.print(
        "Keys: brought by you" if report.pinned else "Keys: those that the record claims (bring your own with --keys)"
    )
    for direction in report.directions:
        console.print(
            f"{direction.party}: {direction.size} messages, root {direction.root.hex()[:16]}…, {direction.receipts} "
            f"receipts, {direction.receipted} received by the partner, {direction.unreceipted} without receipt"
        )
    if report.lines:
        console.print(_table(report))
    if report.voice:
        console.print("Said by voice, as the exporter notes it (unsigned, no proof):")
        console.print(_voice_table(report.voice))
        for line in report.voice:
            for one in line.differences:
                where = f"{line.sender} {line.serial}: {one.field}"
                console.print(f"{where}: voice {one.voice}, signed {one.signed}", markup=False, highlight=False)
    for finding in report.findings:
        console.print(f"[bold]FAULT[/bold] {shown(finding.path)}: {shown(str(finding.refusal))}", highlight=False)
    verdict = "The record is in order." if report.ok else f"The record is NOT in order: {len(report.findings)} faults."
    console.print(verdict)


def _table(report: RecordReport) -> Table:
    table = Table("from", "serial", "stated (UTC)", "says", "incident", "received", "read", "answered")
    for line in report.lines:
        table.add_row(*_row(line))
    return table


def _voice_table(lines: Sequence[VoiceLine]) -> Table:
    table = Table("noted by", "at (UTC)", "what", "serial", "says", "against the signed original")
    for line in lines:
        at = format_instant(Instant(line.at_ms))[:19]
        table.add_row(line.by, at, line.what, str(line.serial) if line.serial >= 0 else "-", *_voice_words(line))
    return table


def _voice_words(line: VoiceLine) -> tuple[str, str]:
    if line.what == "read-out":
        return "read back" if line.read_back else "read out", "-"
    if not isinstance(line.content, Heard):
        return f"unreadable: {line.content}", "-"
    said = f"{line.sender} {line.content.message.type.value}"
    standing = line.standing or Standing.WAITING
    return said, "not in this record" if standing is Standing.WAITING else standing.value


def _row(line: Line) -> tuple[str, ...]:
    received = "-" if line.received_at_s is None else format_instant(Instant(line.received_at_s * 1000))[11:19]
    read = "-" if line.read_by is None else f"ACK {line.read_by}"
    answered = "-" if line.answered_by is None else f"serial {line.answered_by}"
    if isinstance(line.content, Refusal):
        return (
            line.sender,
            str(line.serial),
            "-",
            f"refused: {line.content.reason.value}",
            "-",
            received,
            read,
            answered,
        )
    message = line.content
    stated = format_instant(message.stated_ms)[:19]
    return line.sender, str(line.serial), stated, message.type.value, message.incident or "-", received, read, answered


def _plain(report: RecordReport) -> object:
    return msgspec.to_builtins(report, enc_hook=lambda value: value.hex() if isinstance(value, bytes) else str(value))
