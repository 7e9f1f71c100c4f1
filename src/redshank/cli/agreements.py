"""`redshank agreement`: the schema of the agreement file, a check that says what follows from a fault, the fingerprint
by which two officers compare a text, and the acts that activate, stop and end an agreement on a running node."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

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
        if not errors:
            typer.echo(printable(f"    {_standing(path)}"))
        status = max(status, 1 if errors else 0)
    raise typer.Exit(status)


def _standing(path: Path) -> str:
    """What a sound file begins as, and which text it is."""
    from redshank.procedure.agreement import AgreementState, Kind, parse_agreement
    from redshank.procedure.fingerprint import fingerprint

    agreement = parse_agreement(path.read_text(encoding="utf-8"))
    begins = "begins as active, by its file alone: it binds nobody"
    if agreement.state is AgreementState.DORMANT:
        begins = "begins as dormant, until both sides have activated this text"
    kind = "exercise" if agreement.kind is Kind.EXERCISE else "bilateral"
    return f"{agreement.channel}, {kind}: {begins}. Fingerprint {fingerprint(agreement)}"


@app.command(name="fingerprint")
def show_fingerprint(
    agreement: Annotated[Path, typer.Argument(help="YAML file of an agreement.", exists=True, dir_okay=False)],
    content: Annotated[bool, typer.Option(help="Print the canonical content that it is the hash of.")] = False,
) -> None:
    """Print the fingerprint of an agreement's text, in groups for reading it out: both officers must have the same."""
    from redshank.procedure.agreement import parse_agreement
    from redshank.procedure.config import ConfigError
    from redshank.procedure.fingerprint import canonical_content, fingerprint

    try:
        parsed = parse_agreement(agreement.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, ConfigError) as error:
        typer.echo(printable(f"{agreement}: {error}"), err=True)
        raise typer.Exit(2) from None
    if content:
        typer.echo(canonical_content(parsed).decode())
        return
    mark = fingerprint(parsed)
    typer.echo(f"{parsed.channel}  {mark}")
    typer.echo("    " + " ".join(mark[at : at + 4] for at in range(0, len(mark), 4)))


_Config = Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)]
_Partner = Annotated[str, typer.Argument(help="Two-letter code of the partner.")]
_As = Annotated[str | None, typer.Option("--as", help="Who you are; the only one who may give the command if absent.")]


@app.command()
def activate(
    config: _Config,
    partner: _Partner,
    fingerprint: Annotated[
        str | None,
        typer.Option(help="The 64 digits that you have read; the node says no to another text."),
    ] = None,
    person: _As = None,
) -> None:
    """Have the running node activate the text of its agreement file; in force once the partner has done it too."""
    more = {} if fingerprint is None else {"agreement": fingerprint}
    channel = _acted(config, partner, person, "activate", **more)
    typer.echo(f"{channel}: activated by us. It is in force once {partner} has activated the same text.")


@app.command()
def suspend(
    config: _Config,
    partner: _Partner,
    why: Annotated[str, typer.Option(help="ordered, technical, keys-in-doubt, misuse or no-reason-given.")] = (
        "no-reason-given"
    ),
    person: _As = None,
) -> None:
    """Have the running node stop at once: nothing of an incident is said any more, whether the line is there or not."""
    channel = _acted(config, partner, person, "suspend", why=why)
    typer.echo(f"{channel}: suspended. {partner} learns it when the line is there; read it out by voice until then.")


@app.command()
def resume(config: _Config, partner: _Partner, person: _As = None) -> None:
    """Have the running node take our own suspension back."""
    typer.echo(f"{_acted(config, partner, person, 'resume')}: resumed by us.")


@app.command()
def end(
    config: _Config,
    partner: _Partner,
    why: Annotated[
        str, typer.Option(help="ordered, expired, replaced, breach, withdrawn or no-reason-given.")
    ] = "no-reason-given",
    from_: Annotated[
        str | None, typer.Option("--from", help="From when on, in UTC, as 2027-06-30T00:00:00Z; at once if absent.")
    ] = None,
    person: _As = None,
) -> None:
    """Have the running node end the agreement. What is open can still be closed."""
    from redshank.terms.instants import parse_instant
    from redshank.terms.refusal import Refusal

    more: dict[str, Any] = {"why": why}
    if from_ is not None:
        at = parse_instant(from_)
        if isinstance(at, Refusal):
            typer.echo(f"Nothing was said: --from {from_}: {at}", err=True)
            raise typer.Exit(2)
        more["from_ms"] = at
    typer.echo(f"{_acted(config, partner, person, 'end', **more)}: ended by us. What is open is still to be closed.")


def _acted(config: Path, partner: str, person: str | None, act: str, **more: Any) -> str:
    from redshank.cli.rotating import give
    from redshank.compose.config import ConfigFailed, read_config
    from redshank.terms.ids import PartyId, channel_between

    try:
        settings, base = read_config(config)
        if all(channel.partner != partner for channel in settings.channels):
            raise ConfigFailed(f"{partner} is no partner of {settings.party}")
        channel = channel_between(settings.party, PartyId(partner))
        give(settings, base / settings.data, person, {"act": act, "channel": channel, **more})
    except ConfigFailed as error:
        typer.echo(printable(f"Nothing was said: {error}"), err=True)
        raise typer.Exit(2) from error
    return channel
