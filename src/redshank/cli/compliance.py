"""`redshank report`: the report of compliance and reciprocity of a channel, from a node's store or from records."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from redshank.cli.record_files import open_record
from redshank.cli.verifying import pinned_of
from redshank.compose.config import ConfigFailed, read_config
from redshank.compose.reporting.law import law_by_title, law_of_file, law_on
from redshank.compose.reporting.store_report import Form, ReportFailed, formed, heads_in, report_of, report_of_store
from redshank.edges.store import StoreFailed
from redshank.exchange.compliance.annex import Annex, annex_of_record
from redshank.exchange.compliance.copies import LogCopy
from redshank.exchange.compliance.figures import Held, Report
from redshank.exchange.compliance.recorded import copies_in
from redshank.exchange.compliance.report import EVER, Period
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.record import Manifest
from redshank.exchange.verifier import examine_record
from redshank.terms.ids import ChannelId
from redshank.terms.instants import parse_instant
from redshank.terms.refusal import Refusal


class ReportOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for on the command line."""

    channel: ChannelId
    config: Path | None
    records: tuple[Path, ...]
    keys: tuple[Path, ...]
    agreement: Path | None
    from_text: str | None
    until_text: str | None
    like: Path | None
    out: Path


def run_report(order: ReportOrder) -> int:
    """Writes the three files; the exit code: 0 made, 1 made of a record that is not in order, 2 could not be made."""
    try:
        period = period_of(order.from_text, order.until_text)
        like = None if order.like is None else heads_in(order.like.read_bytes())
        if order.config is not None:
            report, annex, sound = _of_node(order.config, order, period, like), None, True
        else:
            report, annex, sound = _of_records(order, period, like)
        _write(order.out, report, annex)
    except (ConfigFailed, StoreFailed, ReportFailed, OSError, ValueError) as error:
        print(f"no report of {order.channel}: {error}", file=sys.stderr)
        return 2
    return 0 if sound else 1


def period_of(from_text: str | None, until_text: str | None) -> Period:
    """The period; open where nothing is said. Raises ValueError."""
    ends = []
    for name, text, other in (("--from", from_text, EVER.from_ms), ("--until", until_text, EVER.until_ms)):
        at = other if text is None else parse_instant(text, name)
        if isinstance(at, Refusal):
            raise ValueError(str(at))
        ends.append(at)
    if ends[0] >= ends[1]:
        raise ValueError("--until: is not after --from")
    return Period(*ends)


def _of_node(config_path: Path, order: ReportOrder, period: Period, like: Sequence[Held] | None) -> Report:
    config, base = read_config(config_path)
    law = (
        law_on(config, base, order.channel) if order.agreement is None else law_of_file(order.agreement, order.channel)
    )
    store = base / config.data / "node.sqlite"
    return report_of_store(store, order.channel, law, period, year=config.year, exercise=config.exercise, like=like)


def _of_records(order: ReportOrder, period: Period, like: Sequence[Held] | None) -> tuple[Report, Annex, bool]:
    """Of the records of one channel, each of another generation. Each is verified first."""
    with ExitStack() as opened:
        copies, manifests, annexes, sound = list[LogCopy](), list[Manifest](), list[Annex](), True
        for path in order.records:
            files = opened.enter_context(open_record(path))
            examined = examine_record(files, pinned_of(files, order.keys))
            manifest = examined.report.manifest
            if manifest is None or manifest.channel != order.channel:
                raise ReportFailed(f"{path}: is no record of {order.channel}")
            for fault in examined.report.findings:
                print(f"{path}: FAULT {fault.path}: {fault.refusal}", file=sys.stderr)
            sound = sound and examined.report.ok
            manifests.append(manifest)
            annexes.append(annex_of_record(examined.report, period))
            copies += copies_in(examined, files)
        _check_alike(manifests, copies)
        law = (
            law_by_title(order.channel, manifests[0].agreement)
            if order.agreement is None
            else law_of_file(order.agreement, order.channel)
        )
        exercise = manifests[0].prefix == EXERCISE_PREFIX
        report = report_of(order.channel, copies, law, period, exercise=exercise, like=like)
    by = next((one.by for one in annexes if one.by is not None), None)
    notes = sorted((note for one in annexes for note in one.notes), key=lambda note: note.at_ms)
    return report, Annex(by, tuple(notes)), sound


def _check_alike(manifests: Sequence[Manifest], copies: Sequence[LogCopy]) -> None:
    if len({(one.prefix, one.year, one.agreement) for one in manifests}) > 1:
        raise ReportFailed("the records are of several years or agreements: a report is of one")
    keys = [copy.key for copy in copies]
    if len(set(keys)) < len(keys):
        raise ReportFailed("two records are of the same generation: bring one of each")


def _write(out: Path, report: Report, annex: Annex | None) -> None:
    """report.json, .html and .pdf, and annex.json if there is one."""
    out.mkdir(parents=True, exist_ok=True)
    name = f"redshank-report-{report.channel}"
    made = {f"{name}.{form.value}": formed(report, annex, form) for form in Form}
    if annex is not None and annex.notes:
        made[f"{name}-annex.json"] = msgspec.json.encode(annex, order="sorted")
    for file, data in made.items():
        (out / file).write_bytes(data)
        print(out / file)
