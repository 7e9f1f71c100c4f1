"""`redshank report CHANNEL`: its arguments. Imports of the rooms stand inside, so that `redshank --help` answers at
once."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None, typer.Option(help="A node's YAML configuration, running or not.", exists=True, dir_okay=False)
]
Records = Annotated[
    list[Path] | None, typer.Option(help="An exported record, a zip or a folder; one of each generation.", exists=True)
]
Keys = Annotated[list[Path] | None, typer.Option(help="public.json of a party, to check records with.", exists=True)]
Agreed = Annotated[Path | None, typer.Option(help="The agreement's YAML, if not one that ships.", exists=True)]
From = Annotated[str | None, typer.Option("--from", help="UTC time, e.g. 2026-05-01T00:00:00Z.")]
Until = Annotated[str | None, typer.Option(help="UTC time; what was stated before it counts.")]
Like = Annotated[
    Path | None, typer.Option(help="The other side's report.json: count only what both of you hold.", exists=True)
]


def report(
    channel: Annotated[str, typer.Argument(help="The channel, e.g. BY-LT.")],
    config: Config = None,
    record: Records = None,
    keys: Keys = None,
    agreement: Agreed = None,
    from_: From = None,
    until: Until = None,
    like: Like = None,
    out: Annotated[Path, typer.Option(help="Folder for the JSON, the HTML page and the PDF.")] = Path(),
) -> None:
    """Write the report of compliance and reciprocity of a channel: what both sides can read from the common log.

    Ends with 0, with 1 if a record is not in order, with 2 if there is no report.
    """
    from redshank.cli.compliance import ReportOrder, run_report
    from redshank.terms.ids import ChannelId

    if (config is None) == (not record):
        typer.echo("either --config of a node, or --record, once or more", err=True)
        raise typer.Exit(2)
    order = ReportOrder(
        channel=ChannelId(channel),
        config=config,
        records=tuple(record or ()),
        keys=tuple(keys or ()),
        agreement=agreement,
        from_text=from_,
        until_text=until,
        like=like,
        out=out,
    )
    raise typer.Exit(run_report(order))
