"""Compliance: the report of a channel from what a node keeps, or from exported records; and the law that it is held
against.

Here: which store, which agreement. Not here: any figure (exchange.compliance), pages (edges.report_page). May know:
everything below.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import msgspec

from redshank.compose.build import packaged, read_tables
from redshank.compose.config import ConfigFailed, NodeConfig
from redshank.edges.log_copies import copies_in_store
from redshank.edges.reading import StoreReader
from redshank.exchange.compliance.copies import LogCopy, common
from redshank.exchange.compliance.figures import Held, Report
from redshank.exchange.compliance.report import Period, compliance_report
from redshank.exchange.compliance.rules import Law, law_of
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.procedure.agreement import Agreement, bent, parse_agreement
from redshank.procedure.config import ConfigError
from redshank.procedure.table import parse_table
from redshank.terms.ids import ChannelId, channel_between
from redshank.terms.refusal import Refusal

LINE_TEST = "line-test"


def law_in(agreement: Agreement) -> Law:
    """The law of an agreement with its procedure, of those that ship. Raises ConfigFailed."""
    tables = read_tables()
    if agreement.procedure not in tables:
        raise ConfigFailed(f"{agreement.channel}: no procedure {agreement.procedure!r}")
    try:
        table = bent(tables[agreement.procedure], agreement)
    except ConfigError as error:
        raise ConfigFailed(f"{agreement.channel}: {error}") from error
    line = parse_table(packaged("redshank.procedure", "tables", f"{LINE_TEST}.yaml"))
    return law_of(agreement, table, line)


def law_of_file(path: Path, channel: ChannelId) -> Law:
    """The law of an agreement's file. Raises ConfigFailed."""
    try:
        agreement = parse_agreement(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigFailed(f"{path}: {error}") from error
    if agreement.channel != channel:
        raise ConfigFailed(f"{path}: is about {agreement.channel}, not {channel}")
    return law_in(agreement)


def law_by_title(channel: ChannelId, title: str) -> Law:
    """The law of the agreement that ships with the program under a title, for whoever has a record and no file. Raises
    ConfigFailed when the record was made under another one."""
    name = f"{channel.lower()}.yaml"
    shipped = files("redshank.procedure").joinpath("agreements", name)
    agreement = parse_agreement(packaged("redshank.procedure", "agreements", name)) if shipped.is_file() else None
    if agreement is None or agreement.title != title:
        raise ConfigFailed(f"the record is under the agreement {title!r}: bring its file with --agreement")
    return law_in(agreement)


def law_on(config: NodeConfig, base: Path, channel: ChannelId) -> Law:
    """The law of one channel of a node. Raises ConfigFailed."""
    for one in config.channels:
        if channel_between(config.party, one.partner) == channel:
            return law_of_file(base / one.agreement, channel)
    raise ConfigFailed(f"{channel} is no channel of this node")


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
    """The heads that another report names. Raises ReportFailed for what is no report."""
    try:
        return msgspec.json.decode(data, type=Report).heads
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ReportFailed(f"is no report of this version: {str(error)[:200]}") from error
