"""`redshank agreement`: the schema of the agreement file, and a check that says what follows from a fault."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from redshank.cli.terminal import printable

app = typer.Typer(
    no_args_is_help=True,
    help="Agreements: the bilateral instrument that a channel rests on, as a file of a legal adviser.",
)


@app.command()
def schema(
    out: Annotated[Path | None, typer.Argument(help="File to write; the screen if absent.")] = None,
) -> None:
    """Print the JSON Schema of the agreement file."""
    from redshank.procedure.agreement_schema import schema_text

    if out is None:
        typer.echo(schema_text(), nl=False)
        return
    try:
        out.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        typer.echo(f"{out}: {error}", err=True)
        raise typer.Exit(2) from None


@app.command()
def check(
    agreements: Annotated[list[Path], typer.Argument(help="YAML files of agreements.", exists=True, dir_okay=False)],
) -> None:
    """Check agreement files: each fault with its line, its field, and what would follow from it.

    Ends with 0 if there are doubts at most, with 1 if there is an error, with 2 if a file cannot be read.
    """
    from redshank.cli.procedures import table_texts
    from redshank.edges.clock import SystemClock
    from redshank.procedure.agreement_findings import Weight, examine
    from redshank.procedure.table import parse_table

    today = datetime.fromtimestamp(SystemClock().now() / 1000, UTC).date()
    tables = {table.name: table for table in map(parse_table, table_texts(None).values())}
    status = 0
    for path in agreements:
        try:
            found = examine(path.read_text(encoding="utf-8"), tables, today)
        except (OSError, UnicodeError) as error:
            typer.echo(f"{path}: cannot be read: {error}", err=True)
            raise typer.Exit(2) from None
        for finding in found:
            found_at = f"{path}:{finding.line}: {finding.weight.value}: {finding.field}"
            typer.echo(printable(f"{found_at}: {finding.problem}."))
            typer.echo(printable(f"    {finding.consequence}"))
        errors = sum(finding.weight is Weight.ERROR for finding in found)
        typer.echo(f"{path}: {errors} errors, {len(found) - errors} doubts.")
        status = max(status, 1 if errors else 0)
    raise typer.Exit(status)
