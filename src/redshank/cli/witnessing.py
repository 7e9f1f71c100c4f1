"""`redshank witness`: make a witness's keys, run it, and see what it has kept against logs."""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(no_args_is_help=True, help="A third party's witness: it cosigns heads of logs and sees no content.")

_TEMPLATE = """name: {name}
keys: keys
data: data
listen: {{host: 127.0.0.1, port: 8200}}
# tls: {{certificate: witness.crt, key: witness.tls.key}}
# The verifier keys of each log that you witness; every key that you list for a log has to sign its heads.
logs: []
"""


@app.command()
def init(
    name: Annotated[str, typer.Argument(help="Name of the witness: a domain and path without scheme.")],
    folder: Annotated[Path, typer.Argument(help="Folder for keys, data and witness.yaml; what is there is kept.")],
) -> None:
    """Make the keys of a witness and a configuration to fill in; print its public keys, one a line."""
    from redshank.edges.keys import KeysFailed
    from redshank.edges.witness.keys import make_witness_keys

    try:
        keys = make_witness_keys(name, folder / "keys")
    except (KeysFailed, OSError) as error:
        _stop(f"No keys were made: {error}")
    config = folder / "witness.yaml"
    if not config.exists():
        config.write_text(_TEMPLATE.format(name=name), encoding="utf-8")
    for key in keys.public.both:
        typer.echo(key.vkey)


@app.command()
def logs(
    public: Annotated[Path, typer.Argument(help="public.json of a party.", exists=True, dir_okay=False)],
    channel: Annotated[str, typer.Argument(help="The channel, e.g. BY-LT.")],
    year: Annotated[int, typer.Argument(help="UTC year in which the channel's logs were opened.")],
    generation: Annotated[int, typer.Option(help="How many logs the channel had before it.")] = 0,
    exercise: Annotated[bool, typer.Option("--exercise", help="The log of an exercise.")] = False,
) -> None:
    """Print the verifier keys of a party's log, one a line, as a witness's configuration needs them."""
    import msgspec

    from redshank.edges.keys import PublicKeys
    from redshank.exchange.parties import EXERCISE_PREFIX, party_keys
    from redshank.terms.ids import ChannelId
    from redshank.terms.refusal import Refusal

    try:
        raw = msgspec.json.decode(public.read_bytes(), type=PublicKeys)
        keys = party_keys(
            EXERCISE_PREFIX if exercise else "", ChannelId(channel), year, raw.party, raw.raw(), generation
        )
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        _stop(f"{public}: is not a file of public keys: {error}")
    if isinstance(keys, Refusal):
        _stop(f"{public}: {keys}")
    for key in keys.log.both:
        typer.echo(key.vkey)


@app.command()
def run(
    config: Annotated[Path, typer.Option(help="The witness's YAML configuration.", exists=True, dir_okay=False)],
) -> None:
    """Run a witness until it is stopped with Ctrl-C or SIGTERM."""
    from redshank.compose.config import ConfigFailed
    from redshank.compose.witness import serve_witness
    from redshank.edges.keys import KeysFailed

    try:
        asyncio.run(serve_witness(config))
    except (ConfigFailed, KeysFailed, OSError) as error:
        _stop(f"The witness cannot run: {error}")


@app.command()
def proofs(
    config: Annotated[Path, typer.Option(help="The witness's YAML configuration.", exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option(help="Folder to write each pair of contradicting heads to.")] = None,
) -> None:
    """Show what convicts a log: two heads of one size with different roots, both signed. Status 1 if there are any."""
    from redshank.compose.config import ConfigFailed
    from redshank.compose.witness import contradictions_of

    try:
        found = contradictions_of(config)
        for number, proof in enumerate(found, start=1):
            typer.echo(f"{number}: {proof.origin} has signed two heads of size {proof.size} with different roots")
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{number}-cosigned").write_bytes(proof.cosigned)
                (out / f"{number}-other").write_bytes(proof.other)
    except (ConfigFailed, OSError) as error:
        _stop(f"The proofs cannot be read: {error}")
    if not found:
        typer.echo("No log has contradicted itself before this witness.")
    raise typer.Exit(1 if found else 0)


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
