"""`redshank procedure`: prove tables, and draw them."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from redshank.cli.terminal import printable

app = typer.Typer(
    no_args_is_help=True,
    help="Procedure tables: who owes what by when. `check` examines them by every law, `draw` draws them.",
)

TableFiles = Annotated[
    list[Path] | None,
    typer.Argument(help="YAML files of procedure tables; all that ship if absent.", exists=True, dir_okay=False),
]


def table_texts(paths: list[Path] | None) -> dict[str, str]:
    """The texts to work on, by the name of each. Raises OSError or UnicodeError."""
    if paths:
        return {str(path): path.read_text(encoding="utf-8") for path in paths}
    from redshank.procedure.kinds import SHIPPED

    folder = files("redshank.procedure") / "tables"
    return {f"{name}.yaml": (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in SHIPPED}


@app.command()
def check(
    tables: TableFiles = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="With one message on the way each way where messages are lost, not two.")
    ] = False,
) -> None:
    """Examine tables: both sides together, every order of messages, losses, dead partners and timers.

    Prints what was explored, and each breach of a law as a story. Ends with 0 if every law holds, with 1 if one does
    not, with 2 if a file is no table.
    """
    from redshank.procedure.config import ConfigError
    from redshank.procedure.explore import TooManyStates
    from redshank.procedure.proof import prove
    from redshank.procedure.table import parse_table
    from redshank.procedure.telling import story_of

    status, worlds = 0, 0
    for name, text in _read(tables).items():
        try:
            table = parse_table(text)
        except ConfigError as error:
            typer.echo(printable(f"{name}: {error}"), err=True)
            status = 2
            continue
        try:
            proof = prove(table, deep=not quick)
        except TooManyStates as error:
            typer.echo(f"{name}: {error}: too large to be proven, and too large for a person.", err=True)
            status = 2
            continue
        worlds += proof.worlds
        said = "every law holds" if not proof.violations else f"{len(proof.violations)} laws do not hold"
        seen = f"{proof.worlds:,} states of both sides and {proof.moves:,} moves explored"
        typer.echo(f"{printable(table.name)}: {seen}; {said}.")
        for violation in proof.violations:
            typer.echo("\n".join(map(printable, story_of(table, violation))))
        status = max(status, 1 if proof.violations else 0)
    typer.echo(f"{worlds:,} states explored.")
    raise typer.Exit(status)


def _read(tables: list[Path] | None) -> dict[str, str]:
    try:
        return table_texts(tables)
    except (OSError, UnicodeError) as error:
        typer.echo(f"cannot be read: {error}", err=True)
        raise typer.Exit(2) from None


@app.command()
def draw(
    out: Annotated[Path, typer.Argument(help="Folder for the drawings; those of the same names are replaced.")],
    tables: TableFiles = None,
) -> None:
    """Draw tables as SVG: states, what leads from one to another, and who owes what by when."""
    from redshank.procedure.config import ConfigError
    from redshank.procedure.drawing import draw as drawn
    from redshank.procedure.table import parse_table

    for name, text in _read(tables).items():
        try:
            table = parse_table(text)
            out.mkdir(parents=True, exist_ok=True)
            path = out / f"{Path(name).stem}.svg"
            path.write_text(drawn(table), encoding="utf-8")
        except (ConfigError, OSError) as error:
            typer.echo(printable(f"{name}: {error}"), err=True)
            raise typer.Exit(2) from None
        typer.echo(str(path))
