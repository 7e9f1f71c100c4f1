"""`redshank verify`: reads a record from disk, has it checked, and says what was found, for people or as JSON."""

import struct
import sys
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from redshank.cli.evidence import compare
from redshank.edges.keys import PublicKeys
from redshank.exchange.parties import YEAR_MIN, PartyKeys, classic_keys, party_keys
from redshank.exchange.record import MANIFEST, Manifest
from redshank.exchange.verifier import Line, RecordReport, verify_record
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Refusal

RECORD_BYTES = 2 * 1024**3  # unpacked; a zip bomb is refused before it is unpacked
FILES = 2_000_000
YEAR_10000_MS = 253_402_300_800_000


def verify_path(record: Path, keys: tuple[Path, ...], *, as_json: bool) -> int:
    """Checks one record; prints the report; the exit code: 0 in order, 1 not, 2 could not be read."""
    try:
        files = read_files(record)
        pinned = pinned_keys(files, _brought(keys))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        print(f"{record}: cannot be read as a record: {error}", file=sys.stderr)
        return 2
    report = verify_record(files, pinned)
    if as_json:
        sys.stdout.write(msgspec.json.encode(_plain(report)).decode() + "\n")
    else:
        _print(report)
    return 0 if report.ok else 1


def read_files(record: Path) -> dict[str, bytes]:
    """The files of a record. Raises OSError, BadZipFile, or ValueError when it is too large."""
    if record.is_dir():
        paths = sorted(path for path in record.rglob("*") if path.is_file())
        if len(paths) > FILES or sum(path.stat().st_size for path in paths) > RECORD_BYTES:
            raise ValueError(f"larger than {RECORD_BYTES} bytes or {FILES} files")
        return {path.relative_to(record).as_posix(): path.read_bytes() for path in paths}
    try:
        return _unzipped(record)
    except (RuntimeError, zlib.error, EOFError, struct.error) as error:  # what zipfile lets through of a damaged one
        raise ValueError(f"the zip file is damaged: {error}") from error


def _unzipped(record: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(record) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > FILES or sum(entry.file_size for entry in entries) > RECORD_BYTES:
            raise ValueError(f"larger than {RECORD_BYTES} bytes or {FILES} files")
        if len({entry.filename for entry in entries}) != len(entries):
            raise ValueError("a name occurs twice")
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            raise ValueError("packed by a method that records do not use")
        return {entry.filename: archive.read(entry) for entry in entries}


class ClassicPublicKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public.json from before the second signature: it fits records of version 1 only."""

    party: PartyId
    log_key: str
    witness_key: str
    authority_pem: str


Brought = PublicKeys | ClassicPublicKeys


def read_public_keys(data: bytes) -> Brought:
    """A file of public keys, as its party gave it out. Raises ValueError for what is none."""
    public: Brought
    try:
        public = msgspec.json.decode(data, type=PublicKeys)
    except msgspec.MsgspecError as error:
        try:
            public = msgspec.json.decode(data, type=ClassicPublicKeys)
        except msgspec.MsgspecError:
            raise ValueError(f"is not a file of public keys: {error}") from error
    # Any channel will do: whether these are keys does not depend on it.
    keys = _named(public, "", ChannelId("AA-BB"), YEAR_MIN)
    if isinstance(keys, Refusal):
        raise ValueError(str(keys))
    return public


def _brought(paths: tuple[Path, ...]) -> list[Brought] | None:
    """Keys that the caller brought. Raises OSError, or ValueError for what is no file of public keys."""
    found = []
    for path in paths:
        try:
            found.append(read_public_keys(path.read_bytes()))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return found or None


def _named(public: Brought, prefix: str, channel: ChannelId, year: int) -> PartyKeys | Refusal:
    if isinstance(public, PublicKeys):
        return party_keys(prefix, channel, year, public.party, public.raw())
    raw = (b64decode(text, validate=True) for text in (public.log_key, public.witness_key))
    return classic_keys(prefix, channel, year, public.party, *raw)


def pinned_keys(files: Mapping[str, bytes], brought: Sequence[Brought] | None) -> dict[PartyId, PartyKeys] | None:
    """Keys that the caller brought, named for the channel that the record is about.

    A record that does not say what it is about gets none: then the verifier names what is wrong with it.
    """
    if brought is None:
        return None
    try:
        manifest = msgspec.json.decode(files.get(MANIFEST, b""), type=Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    pinned = {}
    for public in brought:
        keys = _named(public, manifest.prefix, ChannelId(manifest.channel), manifest.year)
        if isinstance(keys, PartyKeys):
            pinned[public.party] = keys
    return pinned


def compare_paths(one: Path, other: Path, keys: tuple[Path, ...]) -> int:
    """Two records that were in order, side by side; the proof of a contradiction is written into the present folder."""
    files, brought = [read_files(path) for path in (one, other)], _brought(keys)
    return compare([verify_record(held, pinned_keys(held, brought)) for held in files], files, Path.cwd())


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
    for finding in report.findings:
        console.print(f"[bold]FAULT[/bold] {finding.path}: {finding.refusal}", markup=True, highlight=False)
    verdict = "The record is in order." if report.ok else f"The record is NOT in order: {len(report.findings)} faults."
    console.print(verdict)


def _table(report: RecordReport) -> Table:
    table = Table("from", "serial", "stated (UTC)", "says", "incident", "received", "read", "answered")
    for line in report.lines:
        table.add_row(*_row(line))
    return table


def _row(line: Line) -> tuple[str, ...]:
    received = "-" if line.received_at_s is None else _time(line.received_at_s * 1000)[11:]
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
    stated = _time(message.stated_ms)
    return line.sender, str(line.serial), stated, message.type.value, message.incident or "-", received, read, answered


def _time(at_ms: int) -> str:
    """Whole seconds; a clock may say anything in 64 bits, and a calendar ends with the year 9999."""
    return format_instant(Instant(at_ms))[:19] if at_ms < YEAR_10000_MS else "beyond the year 9999"


def _plain(report: RecordReport) -> object:
    """Bytes, such as roots, become base64, as they stand in a head."""
    return msgspec.to_builtins(report)
