"""`redshank verify`: reads a record from disk, has it checked, and says what was found, for people or as JSON."""

import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from redshank.cli.evidence import compare
from redshank.cli.record_files import read_files
from redshank.cli.terminal import shown
from redshank.edges.keys import PublicKeys
from redshank.exchange.chain import generation_of
from redshank.exchange.parties import YEAR_MIN, PartyKeys, classic_keys, party_keys
from redshank.exchange.record import MANIFEST, Manifest, claimed
from redshank.exchange.verifier import Line, RecordReport, verify_record
from redshank.exchange.voice import Heard
from redshank.exchange.voice.notes import Standing, VoiceLine
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Refusal


def verify_path(record: Path, keys: tuple[Path, ...], agreement: Path | None = None, *, as_json: bool) -> int:
    """Checks one record; prints the report; the exit code: 0 in order, 1 not, 2 could not be read."""
    try:
        files = read_files(record)
        pinned = pinned_keys(files, _brought(keys))
        witnesses = None if agreement is None else _agreed(agreement)
    except (OSError, ValueError) as error:
        print(f"{record}: cannot be read as a record: {error}", file=sys.stderr)
        return 2
    report = verify_record(files, pinned, witnesses)
    if as_json:
        sys.stdout.write(msgspec.json.encode(_plain(report)).decode() + "\n")
    else:
        _print(report)
    return 0 if report.ok else 1


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


def _named(public: Brought, prefix: str, channel: ChannelId, year: int, generation: int = 0) -> PartyKeys | Refusal:
    if isinstance(public, PublicKeys):
        return party_keys(prefix, channel, year, public.party, public.raw(), generation)
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
    pinned = dict[PartyId, PartyKeys]()
    for public in brought:
        place = (manifest.prefix, ChannelId(manifest.channel), manifest.year, generation_of(manifest))
        keys, party = _named(public, *place), public.party
        fits = party in pinned and claimed(pinned[party]) == manifest.keys.get(party)
        if isinstance(keys, PartyKeys) and not fits:  # of several sets of one party the one that the record is under
            pinned[party] = keys
    return pinned


def pinned_of(files: Mapping[str, bytes], keys: tuple[Path, ...]) -> dict[PartyId, PartyKeys] | None:
    """As `pinned_keys`, of files of public keys. Raises OSError or ValueError."""
    return pinned_keys(files, _brought(keys))


def compare_paths(one: Path, other: Path, keys: tuple[Path, ...]) -> int:
    """Two records that were in order, side by side; the proof of a contradiction is written into the present folder."""
    files, brought = [read_files(path) for path in (one, other)], _brought(keys)
    return compare([verify_record(held, pinned_keys(held, brought)) for held in files], files, Path.cwd())


def _agreed(path: Path) -> WitnessPolicy:
    """The witnesses of the agreement that the caller brought."""
    from redshank.compose.build import read_witnesses
    from redshank.compose.config import ConfigFailed

    try:
        return read_witnesses(path)
    except ConfigFailed as error:
        raise ValueError(str(error)) from error


def _print(report: RecordReport) -> None:
    console = Console()
    manifest = report.manifest
    if manifest is not None:
        which = f", log {generation_of(manifest)}" if generation_of(manifest) else ""
        console.print(f"Record of channel [bold]{manifest.channel}[/bold], year {manifest.year}{which}")
    console.print(
        "Keys: brought by you" if report.pinned else "Keys: those that the record claims (bring your own with --keys)"
    )
    if report.witnesses.witnesses:
        brought = "of the agreement that you brought" if report.witnesses_pinned else "that the record claims"
        names = ", ".join(witness.name for witness in report.witnesses.witnesses)
        console.print(f"Third parties {brought}, {report.witnesses.required} required: {names}", highlight=False)
    for direction in report.directions:
        console.print(
            f"{direction.party}: {direction.size} messages, root {direction.root.hex()[:16]}…, {direction.receipts} "
            f"receipts, {direction.receipted} received by the partner, {direction.unreceipted} without receipt"
            + (f", {direction.witnessed} witnessed" if report.witnesses.witnesses else "")
        )
    if report.lines:
        console.print(_table(report))
    for sentence in _sent_not_receipted(report):
        console.print(sentence, highlight=False, soft_wrap=True)
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
    columns = ("from", "serial", "stated (UTC)", "says", "incident", "received", "read", "answered")
    table = Table(*columns, *(("witnessed",) if report.witnesses.witnesses else ()))
    for line in report.lines:
        more = (_witnessed(line, report.witnesses),) if report.witnesses.witnesses else ()
        table.add_row(*_row(line), *more)
    return table


def _witnessed(line: Line, policy: WitnessPolicy) -> str:
    """When as many as required had witnessed it; or how many have."""
    if line.witnessed_at_s is not None:
        return _time(line.witnessed_at_s)
    return f"{len(line.witnessed_by)} of {policy.required}" if line.witnessed_by else "-"


def _sent_not_receipted(report: RecordReport) -> list[str]:
    """What third parties prove where the partner gave no receipt, a sentence each."""
    return [
        f"{line.sender} {line.serial}: witnessed as sent "
        + ", ".join(f"at {_time(at_s)} by {name}" for name, at_s in line.witnessed_by)
        + "; no receipt"
        for line in report.lines
        if line.witnessed_by and line.received_at_s is None
    ]


def _moment(at_ms: int) -> str:
    """Date and time; a message or a note may state any time, also one that no calendar has."""
    return format_instant(Instant(at_ms))[:19] if 0 <= at_ms // 1000 <= limits.CALENDAR_MAX_S else f"{at_ms} ms"


def _time(at_s: int) -> str:
    """The time of day; a cosigner may claim any time, also one that no calendar has."""
    return format_instant(Instant(at_s * 1000))[11:19] if at_s <= limits.CALENDAR_MAX_S else f"{at_s} s"


def _voice_table(lines: Sequence[VoiceLine]) -> Table:
    table = Table("noted by", "at (UTC)", "what", "serial", "says", "against the signed original")
    for line in lines:
        table.add_row(
            line.by, _moment(line.at_ms), line.what, str(line.serial) if line.serial >= 0 else "-", *_voice_words(line)
        )
    return table


def _voice_words(line: VoiceLine) -> tuple[str, str]:
    if line.what == "read-out":
        return "read back" if line.read_back else "read out", "-"
    if not isinstance(line.content, Heard):
        return f"unreadable: {shown(str(line.content))}", "-"
    said = f"{line.sender} {line.content.message.type.value}"
    standing = line.standing or Standing.WAITING
    return said, "not in this record" if standing is Standing.WAITING else standing.value


def _row(line: Line) -> tuple[str, ...]:
    received = "-" if line.received_at_s is None else _time(line.received_at_s)
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
    stated = _moment(message.stated_ms)
    return line.sender, str(line.serial), stated, message.type.value, message.incident or "-", received, read, answered


def _plain(report: RecordReport) -> object:
    """Bytes, such as roots, become base64, as they stand in a head."""
    return msgspec.to_builtins(report)
