"""`redshank verify`: a record by itself, beside the partner's (--against), and after the one before it (--before).

Here: which looks are taken, and whether a record follows the record of the generation before it, in words. Not here:
what a link is (exchange.chain). May know: exchange.
"""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from redshank.cli.evidence import is_evidence, verify_evidence
from redshank.cli.record_files import read_files
from redshank.cli.terminal import shown
from redshank.cli.verifying import compare_paths, pinned_of, verify_path
from redshank.exchange.chain import Half, Link, Side, follows
from redshank.exchange.verifier import RecordReport, verify_record
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal


def verify_all(
    record: Path,
    keys: tuple[Path, ...],
    against: Path | None,
    before: Path | None,
    agreement: Path | None,
    *,
    owed: bool = False,
    as_json: bool,
    language: str | None = None,
) -> int:
    """All that `redshank verify` is asked for; the exit code of the first look that finds something."""
    if is_evidence(record):
        return verify_evidence(record, keys, as_json=as_json)
    status = verify_path(record, keys, agreement, as_json=as_json, language=language)
    if against is not None and status == 0:
        status = verify_path(against, keys, agreement, as_json=as_json) or compare_paths(record, against, keys)
    if before is not None and status == 0:
        status = verify_path(before, keys, agreement, as_json=as_json) or chain_paths(before, record, keys)
    if owed:
        from redshank.cli.owed import print_owed  # what reads the tables costs every other look half a second

        status = max(status, print_owed(record, keys, agreement, as_json=as_json))
    return status


def chain_paths(before: Path, after: Path, keys: tuple[Path, ...]) -> int:
    """Tells of two records that were in order; the exit code: 0 the second follows the first, 1 not."""
    sides = [_side(path, keys) for path in (before, after)]
    links = follows(*sides)
    console = Console(soft_wrap=True, highlight=False)
    if isinstance(links, Refusal):
        console.print(f"[bold]FAULT[/bold] {shown(str(links))}")
        return 1
    for link in links:
        _tell(console, link)
    return 1 if any(link.faults for link in links) else 0


def _tell(console: Console, link: Link) -> None:
    for fault in link.faults:
        console.print(f"[bold]FAULT[/bold] {link.party}: {shown(str(fault))}")
    if link.faults:
        return
    if link.endorsed:
        console.print(f"{link.party}: the log follows the one before it ({link.why}); the old keys name the new ones.")
        return
    console.print(
        f"{link.party}: the log follows the one before it, and the old keys do not speak for the new ones: they were "
        f"{link.why}. What speaks for them is the ceremony of the two officers."
    )


def _side(path: Path, keys: tuple[Path, ...]) -> Side:
    files = read_files(path)
    side = side_of(files, verify_record(files, pinned_of(files, keys)))
    if side is None:
        raise ValueError(f"{path}: is no record")
    return side


def side_of(files: Mapping[str, bytes], report: RecordReport) -> Side | None:
    """What the chain needs of a verified record; None when it does not say what it is about."""
    if report.manifest is None:
        return None
    halves: dict[str, Half] = {one.party: _half(report, one.party) for one in report.directions}
    return Side(report.manifest, files, halves)


def _half(report: RecordReport, party: str) -> Half:
    direction = next(one for one in report.directions if one.party == party)
    contents = {line.serial: line.content for line in report.lines if line.sender == party}
    first, last = contents.get(0), contents.get(direction.size - 1)
    return Half(
        origin=direction.origin,
        size=direction.size,
        root=direction.root,
        first=first if isinstance(first, Message) else None,
        last=last if isinstance(last, Message) else None,
    )
