"""Report table: what a verification found, for people at a terminal. A long record is printed page by page."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.table import Table

from redshank.cli.terminal import printable, shown
from redshank.exchange.chain import generation_of
from redshank.exchange.verifier import Contradiction, Examined, Line, RecordReport
from redshank.exchange.voice import Heard
from redshank.exchange.voice.notes import Standing, VoiceLine
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms import limits
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Refusal

PAGE_LINES = 1_000  # a table needs all its rows before the first one is printed


def print_record(examined: Examined) -> None:
    """Prints the report, verdict last."""
    report, console = examined.report, Console()
    _print_head(report, console)
    lines = examined.lines()
    while page := list(islice(lines, PAGE_LINES)):
        console.print(_table(page, report.witnesses))
        for sentence in _sent_not_receipted(page):
            console.print(sentence, highlight=False, soft_wrap=True)
    _print_voice(report, console)
    for one in report.evidence:
        for sentence in _contradiction(one):
            console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    for caution in report.cautions:
        sentence = f"[bold]CAUTION[/bold] {shown(caution.path)}: {caution.code.value}: {caution.detail}"
        console.print(sentence, highlight=False)
    for finding in report.findings:
        console.print(f"[bold]FAULT[/bold] {shown(finding.path)}: {shown(str(finding.refusal))}", highlight=False)
    verdict = "The record is in order." if report.ok else f"The record is NOT in order: {len(report.findings)} faults."
    console.print(verdict)


def _contradiction(one: Contradiction) -> Iterator[str]:
    """What a file of evidence in the record shows, and how far."""
    yield f"EVIDENCE {one.path}, kept by {one.reporter}: {printable(one.words)}."
    if one.convicts:
        yield f"  Signed with the keys of {one.accused}: this convicts {one.accused}, whoever shows it."
    else:
        yield f"  This is the word of {one.reporter}: {printable(one.clears)}."


def _print_head(report: RecordReport, console: Console) -> None:
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


def _print_voice(report: RecordReport, console: Console) -> None:
    if report.voice:
        console.print("Said by voice, as the exporter notes it (unsigned, no proof):")
        console.print(_voice_table(report.voice))
        for line in report.voice:
            for one in line.differences:
                where = f"{line.sender} {line.serial}: {one.field}"
                console.print(f"{where}: voice {one.voice}, signed {one.signed}", markup=False, highlight=False)


def _table(lines: Sequence[Line], policy: WitnessPolicy) -> Table:
    columns = ("from", "serial", "stated (UTC)", "says", "incident", "received", "read", "answered")
    table = Table(*columns, *(("witnessed",) if policy.witnesses else ()))
    for line in lines:
        more = (_witnessed(line, policy),) if policy.witnesses else ()
        table.add_row(*_row(line), *more)
    return table


def _witnessed(line: Line, policy: WitnessPolicy) -> str:
    """When as many as required had witnessed it; or how many have."""
    if line.witnessed_at_s is not None:
        return _time(line.witnessed_at_s)
    return f"{len(line.witnessed_by)} of {policy.required}" if line.witnessed_by else "-"


def _sent_not_receipted(lines: Sequence[Line]) -> list[str]:
    """What third parties prove where the partner gave no receipt, a sentence each."""
    return [
        f"{line.sender} {line.serial}: witnessed as sent "
        + ", ".join(f"at {_time(at_s)} by {name}" for name, at_s in line.witnessed_by)
        + "; no receipt"
        for line in lines
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
