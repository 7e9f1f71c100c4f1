"""`redshank qualify`: examines a node over its public contract, and writes, prints and checks the signed report."""

import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from redshank.conformance.case import NOT_TRIED, Case, Result, Verdict
from redshank.conformance.keys import Folder, Unusable
from redshank.conformance.prepare import NODE_KEYS, prepare, read_sandbox
from redshank.conformance.report import REPORT_BYTES, Report, check, digest, page, signed
from redshank.conformance.run import explain, qualify
from redshank.conformance.wire import Breach
from redshank.edges.clock import SystemClock, machine_clock_is_disciplined
from redshank.terms.instants import SECOND_MS, Instant, format_instant

COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}


BAD = (Verdict.FAIL, Verdict.INCONCLUSIVE)


def run_prepare(folder: Path, node: Path, listen: str, clock: str, year: int | None) -> int:
    """Makes a sandbox's folder and says what is to be done with it; the exit code."""
    now = SystemClock().now()
    try:
        prepare(
            folder,
            node,
            listen=listen,
            clock=clock,
            year=year or int(format_instant(now)[:4]),
            now_s=now // SECOND_MS,
        )
    except (Unusable, OSError) as error:
        print(f"No sandbox was made: {error}", file=sys.stderr)
        return 2
    print(
        f"The sandbox is in {folder}. Give the node's operator, by a way that you both trust, these files of it:\n"
        f"  public.json      your public keys, to be pinned\n"
        f"  agreement.yaml   the sandbox channel's agreement\n"
        f"  node-part.yaml   how to configure a node for it\n"
        f"Keep everything else secret. When that node runs: redshank qualify https://ITS-ADDRESS --folder {folder}"
    )
    return 0


def run_qualify(url: str, folder: Path, out: Path, only: str, page_path: Path | None) -> int:
    """Examines the node at `url`; 0 when it qualifies, 1 when it does not, 2 when nothing could be examined."""
    console = Console()
    try:
        sandbox, opened, settings = read_sandbox(folder, url)
        with Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        ) as bar:
            task = bar.add_task("calling")

            def told(number: int, of: int, case: Case, result: Result | None) -> None:
                bar.update(task, total=of, completed=number, description=f"{case.id}")
                if result is not None and result.verdict in BAD and not result.came.startswith(NOT_TRIED):
                    bar.console.print(_line(result), markup=True, highlight=False)

            report = asyncio.run(
                qualify(
                    sandbox,
                    opened,
                    lambda: int(SystemClock().now()),
                    node_file=(folder / NODE_KEYS).read_bytes(),
                    follows_node=settings.clock == "node",
                    clock_is_disciplined=machine_clock_is_disciplined(),
                    selection=only,
                    progress=told,
                )
            )
        note = _written(report, opened, out, page_path)
    except (Unusable, OSError) as error:
        print(f"Nothing was examined: {error}", file=sys.stderr)
        return 2
    show(report, console)
    console.print(f"Signed report: {out}, SHA-256 {digest(note)}", highlight=False, soft_wrap=True)
    return 0 if report.qualifies else 1


def _written(report: Report, opened: Folder, out: Path, page_path: Path | None) -> bytes:
    note = signed(report, opened.report_secret())
    out.write_bytes(note)
    if page_path is not None:
        page_path.write_text(page(report), encoding="utf-8")
    return note


def run_check(path: Path, key: str | None, *, full: bool) -> int:
    """Verifies a report's signature and prints it; 0 when it holds and the node qualifies, 1 when it does not."""
    console = Console()
    try:
        if path.stat().st_size > REPORT_BYTES:
            raise Breach("report", f"more than {REPORT_BYTES} bytes")
        found = check(path.read_bytes(), key)
    except (OSError, Breach) as error:
        print(f"{path}: is not a report whose signature holds: {error}", file=sys.stderr)
        return 2
    claimed = "the one that you brought" if found.pinned else "the one that the report claims (bring yours by --key)"
    console.print(f"The signature holds; the key is {claimed}.", highlight=False)
    show(found.report, console, full=full)
    return 0 if found.report.qualifies else 1


def show(report: Report, console: Console, *, full: bool = False) -> None:
    """Prints a report: what did not pass, or all of it, and the verdict."""
    stated = format_instant(Instant(report.began_ms))[:19]
    console.print(
        f"Node of [bold]{report.node}[/bold] at {report.url}, channel {report.prefix}{report.channel}, {stated} UTC",
        highlight=False,
    )
    untried = [result for result in report.results if result.came.startswith(NOT_TRIED)]
    shown = [one for one in report.results if (full or one.verdict is not Verdict.PASS) and one not in untried]
    if shown:
        table = Table("case", "clauses", "what was done", "what came", "verdict", "who")
        for result in shown:
            table.add_row(*_cells(result))
        console.print(table)
    if untried:
        console.print(f"{len(untried)} cases were {untried[0].came}", markup=False, highlight=False)
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count)
    console.print(f"{len(report.results)} cases: {counts}. {len(report.unseen)} clauses cannot be seen over the wire.")
    for party in sorted({result.responsible for result in report.results if result.verdict is not Verdict.PASS}):
        if explain(party):
            console.print(f"[bold]{party.value}[/bold]: {explain(party)}", highlight=False)
    part = f" of the clauses asked for ({report.selection})" if report.selection else ""
    console.print(f"The node {'keeps' if report.qualifies else 'does NOT keep'} the contract{part}.", highlight=False)


def _cells(result: Result) -> tuple[str, ...]:
    colour = COLOURS[result.verdict]
    broken = f" ({result.breached})" if result.breached else ""
    verdict = f"[{colour}]{result.verdict.value}[/{colour}]{broken}"
    plain = (result.case, " ".join(result.clauses), result.did, result.came)
    return (*(cell.replace("[", "\\[") for cell in plain), verdict, result.responsible.value)


def _line(result: Result) -> str:
    colour = COLOURS[result.verdict]
    came = result.came.replace("[", "\\[")
    return f"[{colour}]{result.verdict.value}[/{colour}] {result.case} ({result.responsible.value}): {came}"
