"""Law: what a channel's report is held against, from an agreement's file, a node or a record.

Here: which agreement. Not here: the report itself (`store_report`), any figure (exchange.compliance).
"""

from importlib.resources import files
from pathlib import Path

from redshank.compose.build import packaged, read_tables
from redshank.compose.config import ConfigFailed, NodeConfig
from redshank.exchange.compliance.rules import Law, law_of
from redshank.procedure.agreement import Agreement, bent, parse_agreement, procedures_of
from redshank.procedure.config import ConfigError
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.table import parse_table
from redshank.terms.ids import ChannelId, channel_between

LINE_TEST = "line-test"


def law_in(agreement: Agreement) -> Law:
    """The law of an agreement with its procedure for each kind of incident, of those that ship. Raises ConfigFailed."""
    tables, named = read_tables(), procedures_of(agreement)
    lacking = sorted({name for name in named.values() if name not in tables})
    if lacking or IncidentKind.NOTICE not in named:
        raise ConfigFailed(f"{agreement.channel}: no procedure {', '.join(lacking) or 'for a notice'}")
    try:
        kinds = {
            kind.value: bent(tables[name], agreement)
            for kind, name in named.items()
            if kind is not IncidentKind.LINE_TEST
        }
    except ConfigError as error:
        raise ConfigFailed(f"{agreement.channel}: {error}") from error
    line = parse_table(packaged("redshank.procedure", "tables", f"{LINE_TEST}.yaml"))
    return law_of(agreement, kinds[IncidentKind.NOTICE.value], line, kinds)


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
