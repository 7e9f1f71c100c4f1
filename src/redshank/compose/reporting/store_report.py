"""Store report: the report of a channel from what a node keeps, made in a process of its own.

Here: which store, which heads, and the process: of a year it computes for seconds, in which the node has other things
to do. Not here: the law (`law`), any figure (exchange.compliance), how it looks (edges.report_page). It imports nothing
that takes long to load.
"""

import asyncio
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from redshank.edges.log_copies import copies_in_store
from redshank.edges.reading import StoreReader
from redshank.edges.store import StoreFailed
from redshank.exchange.compliance.annex import Annex
from redshank.exchange.compliance.copies import LogCopy, common
from redshank.exchange.compliance.figures import Held, Report, encode_report
from redshank.exchange.compliance.report import Period, compliance_report
from redshank.exchange.compliance.rules import Law
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.refusal import Refusal


class Form(StrEnum):
    """In what form a report is wanted."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """All that the process is told."""

    store: str
    channel: ChannelId
    law: Law
    period: Period
    year: int
    exercise: bool
    form: Form
    annex: Annex | None


class ReportFailed(Exception):
    """No report can be made; the text says why."""


def report_of(
    channel: ChannelId,
    copies: Sequence[LogCopy],
    law: Law,
    period: Period,
    *,
    exercise: bool,
    like: Sequence[Held] | None = None,
) -> Report:
    """The report, for the heads and receipts of another one too if `like` names them. Raises ReportFailed."""
    used = copies if like is None else common(copies, like)
    if isinstance(used, Refusal):
        raise ReportFailed(f"the other report was made from another log than is held here: {used}")
    return compliance_report(channel, used, law, period, exercise=exercise)


def report_of_store(
    store: Path,
    channel: ChannelId,
    law: Law,
    period: Period,
    *,
    year: int,
    exercise: bool,
    like: Sequence[Held] | None = None,
) -> Report:
    """The report of a channel from a node's store, read beside the node. Raises StoreFailed, StoreCorrupt or
    ReportFailed."""
    reader = StoreReader(store)
    try:
        copies = copies_in_store(reader, EXERCISE_PREFIX if exercise else "", channel, year)
        return report_of(channel, copies, law, period, exercise=exercise, like=like)
    finally:
        reader.close()


def heads_in(data: bytes) -> tuple[Held, ...]:
    """The heads that another report names, which came from a partner. Raises ReportFailed for what is no report."""
    if len(data) > limits.RECORD_BYTES:
        raise ReportFailed(f"the other report has {len(data)} bytes, allowed {limits.RECORD_BYTES}")
    try:
        heads = msgspec.json.decode(data, type=Report).heads
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ReportFailed(f"the other is no report of this version: {str(error)[:200]}") from error
    for held in heads:
        if not 0 <= held.size <= limits.LOG_ENTRIES:
            raise ReportFailed(f"the other report's head of {held.party[:20]!r} has {held.size} entries")
    return heads


def formed(report: Report, annex: Annex | None, form: Form) -> bytes:
    """The report in one of its forms."""
    if form is Form.JSON:
        return encode_report(report)
    if form is Form.HTML:
        from redshank.edges.report_page.html import report_html

        return report_html(report, annex)
    from redshank.edges.report_page.paper import report_pdf

    return report_pdf(report, annex)


async def made_apart(order: Order) -> bytes:
    """The report, made by a process of its own. Raises ReportFailed with what that process says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # nothing is imported from wherever the node happens to run
        "-m",
        "redshank.compose.reporting.store_report",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, trouble = await process.communicate(msgspec.json.encode(order))
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise ReportFailed(trouble.decode("utf-8", "replace").strip()[-400:])
    return out


def main() -> int:
    """Reads an order from standard input and writes the report to standard output; the exit code."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    try:
        report = report_of_store(
            Path(order.store), order.channel, order.law, order.period, year=order.year, exercise=order.exercise
        )
    except (StoreFailed, ReportFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(formed(report, order.annex, order.form))
    return 0


if __name__ == "__main__":
    sys.exit(main())
