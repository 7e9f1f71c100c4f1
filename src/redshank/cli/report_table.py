"""Report table: what a verification found, for people at a terminal. A long record is printed page by page."""

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import UnsetType
from rich.console import Console
from rich.table import Table

from redshank.cli.report_words import told
from redshank.cli.terminal import printable, shown
from redshank.exchange.chain import generation_of
from redshank.exchange.verifier import Contradiction, Direction, Examined, Line, RecordReport
from redshank.exchange.voice import Heard
from redshank.exchange.voice.notes import Standing, VoiceLine
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Refusal
from redshank.wording.figures import NBSP
from redshank.wording.wording import Wording

PAGE_LINES = 1_000  # a table needs all its rows before the first one is printed


def print_record(examined: Examined, words: Wording | None = None) -> None:
    """Prints the report, verdict last; with `words`, also what each message says."""
    report, console = examined.report, Console()
    _print_head(report, console)
    lines = examined.lines()
    while page := list(islice(lines, PAGE_LINES)):
        console.print(_table(page, report.witnesses))
        for sentence in (said for line in page for said in told(line, words)) if words else ():
            console.print(printable(sentence.replace(NBSP, " ")), markup=False, highlight=False, soft_wrap=True)
        for sentence in _sent_not_receipted(page, _keyless(report)):
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
    for sentence in _proven(report):
        console.print(sentence, highlight=False, soft_wrap=True)


def _proven(report: RecordReport) -> list[str]:
    """How far each direction is proven, a sentence each."""
    keyless = _keyless(report)
    if keyless is not None:
        return _proven_alone(report, keyless)
    return [
        f"{_size(direction)}, {direction.receipts} receipts, {direction.receipted} received by the partner, "
        f"{direction.unreceipted} without receipt" + _witnessed_size(report, direction)
        for direction in report.directions
    ]


def _keyless(report: RecordReport) -> PartyId | None:
    """The party that has no keys, by the record's own word (REC-20)."""
    if report.manifest is None or isinstance(report.manifest.by_voice, UnsetType):
        return None
    return PartyId(report.manifest.by_voice)


def _proven_alone(report: RecordReport, keyless: PartyId) -> list[str]:
    """What a record proves of which one party has no keys, and what it does not (REC-20)."""
    sure = report.ok and report.pinned
    sentences = [
        f"{keyless} has no keys: only what the other party said {'is' if sure else 'can be'} proven here. "
        f"What {keyless} said or heard stands in the notes of voice, if anywhere; nobody signed them, and they prove "
        "nothing.",
        f"That {keyless} has none is the record's own word: with keys of {keyless} (--keys) it is refused.",
    ]
    for direction in report.directions:
        if direction.party == keyless:
            noted = sum(line.what == "heard" and line.sender == keyless for line in report.voice)
            sentences.append(f"{keyless}: nothing is signed; {noted} statements noted")
        else:
            proven = f", proven as said by {direction.party}" if sure else ""
            sentences.append(
                f"{_size(direction)}{proven}{_witnessed_size(report, direction)}; no receipt can come, "
                f"{_read_back(report.voice, direction)} are noted as read back"
            )
            sentences += _by_when(report, direction)
    return sentences


def _by_when(report: RecordReport, direction: Direction) -> list[str]:
    """Whose word the times of a lone log are."""
    if not report.ok or direction.size == 0:
        return []
    witnessed, own = direction.witnessed, f"the times are {direction.party}'s own"
    if witnessed == 0:
        return [f"No third party witnesses when it was said: {own}."]
    named = "" if report.witnesses_pinned else ", those that the record itself names"
    if witnessed == direction.size:
        return [f"Third parties witness by when it was said{named}."]
    return [f"Third parties witness by when the first {witnessed} were said{named}; of the others {own}."]


def _read_back(voice: Sequence[VoiceLine], direction: Direction) -> int:
    """How many of a party's messages are noted as read back by the partner's officer."""
    back = {line.serial for line in voice if line.read_back and line.sender == direction.party}
    return sum(0 <= serial < direction.size for serial in back)


def _size(direction: Direction) -> str:
    return f"{direction.party}: {direction.size} messages, root {direction.root.hex()[:16]}…"


def _witnessed_size(report: RecordReport, direction: Direction) -> str:
    return f", {direction.witnessed} witnessed" if report.witnesses.witnesses else ""


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


def _sent_not_receipted(lines: Sequence[Line], keyless: PartyId | None) -> list[str]:
    """What third parties prove where the partner gave no receipt, or can give none, a sentence each."""
    return [
        f"{line.sender} {line.serial}: witnessed as sent "
        + ", ".join(f"at {_time(at_s)} by {name}" for name, at_s in line.witnessed_by)
        + ("; no receipt" if keyless is None else "")
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
    words = {Standing.WAITING: "not in this record", Standing.UNSIGNED: "never signed: the speaker has no keys"}
    return said, words.get(standing, standing.value)


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
    says = message.type.value + (", replies to voice" if line.to_voice else "")
    return line.sender, str(line.serial), stated, says, message.incident or "-", received, read, answered
