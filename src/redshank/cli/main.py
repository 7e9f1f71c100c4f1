"""The command `redshank`: what a person types. Thin: it reads arguments and calls the rooms below.

Imports of the rooms stand inside the commands, so that `redshank --help` answers at once.
"""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from redshank.cli import voice

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Redshank: a risk-reduction channel between states. It warns, de-conflicts and records.\n\n"
    "New here? Run `redshank demo`: five nodes and a documented night in your browser.",
)
app.add_typer(voice.app, name="voice")


def main() -> None:
    """Entry point of the installed command."""
    app()


@app.command()
def demo(
    scenario: Annotated[
        str, typer.Option(help="The night to replay: lv-2026-05-07 or pl-2025-09-10.")
    ] = "lv-2026-05-07",
    speed: Annotated[
        float | None,
        typer.Option(help="Exercise seconds per second; the night's own pace if absent.", min=1.0, max=60.0),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where the nodes keep their data; a fresh temporary folder if absent.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the director's page; the nodes take the next ones.")] = 8100,
    seat: Annotated[
        list[str] | None, typer.Option(help="A party whose seat you hold, e.g. --seat LV; robots hold the others.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the director's page in the browser.")] = True,
) -> None:
    """Run five real nodes and an exercise director on this machine, and replay a documented night.

    Open a console from the director's page to take part; press Ctrl-C to end.
    """
    from redshank.exercise.director import run_demo

    status = asyncio.run(
        run_demo(
            scenario=scenario,
            speed=speed,
            folder=folder,
            base_port=port,
            seats=frozenset(seat or ()),
            open_browser=browser,
        )
    )
    raise typer.Exit(status)


@app.command()
def node(
    config: Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)],
) -> None:
    """Run one node until it is stopped with Ctrl-C or SIGTERM."""
    from redshank.compose.config import ConfigFailed
    from redshank.compose.serve import serve
    from redshank.edges.keys import KeysFailed
    from redshank.edges.recovery import RecoveryFailed
    from redshank.edges.store import StoreFailed

    try:
        asyncio.run(serve(config))
    except (ConfigFailed, KeysFailed, RecoveryFailed, StoreFailed, OSError) as error:
        _stop(f"The node cannot run: {error}")


@app.command()
def keys(
    party: Annotated[str, typer.Argument(help="Two-letter code of your state, e.g. LT.")],
    folder: Annotated[Path, typer.Argument(help="Folder for the keys; what is there already is kept.")],
) -> None:
    """Make a party's keys, and the file of public keys that its partners need.

    Give public.json to each partner by a way that you both trust, and compare it by voice.
    """
    import msgspec

    from redshank.edges.clock import SystemClock
    from redshank.edges.keys import KeysFailed, make_keys
    from redshank.terms.ids import PartyId

    if len(party) != 2 or not party.isalpha() or not party.isupper():
        _stop(f"{party!r} is not a two-letter code in capitals, such as LT")
    try:
        made = make_keys(PartyId(party), folder, SystemClock().now())
    except (KeysFailed, OSError) as error:
        _stop(f"No keys were made: {error}")
    public = folder / "public.json"
    public.write_bytes(msgspec.json.encode(made.public()))
    typer.echo(f"Keys of {party} are in {folder}. Give {public} to your partners; keep everything else secret.")


@app.command()
def verify(
    record: Annotated[
        Path,
        typer.Argument(
            help="An exported record (a zip file or an unpacked folder), or a file of evidence.", exists=True
        ),
    ],
    keys: Annotated[
        list[Path] | None,
        typer.Option(help="public.json of a party whose keys you know; give it for both parties."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="The other party's record of the same channel: finds who signed two stories.", exists=True),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check the record of a channel: every proof, serial and receipt, without a node or a network.

    Of a file of evidence it says who contradicted whom, and whether that convicts. With --against it holds two records
    of one channel side by side. Ends with 0 if there is nothing to object to, with 1 if there is.
    """
    from redshank.cli.evidence import is_evidence, verify_evidence
    from redshank.cli.verifying import compare_paths, verify_path

    pinned = tuple(keys or ())
    if is_evidence(record):
        raise typer.Exit(verify_evidence(record, pinned, as_json=as_json))
    status = verify_path(record, pinned, as_json=as_json)
    if against is not None and status == 0:
        status = verify_path(against, pinned, as_json=as_json) or compare_paths(record, against, pinned)
    raise typer.Exit(status)


@app.command()
def decode(
    recording: Annotated[Path, typer.Argument(help="A .pcap/.pcapng file, or raw ASTERIX blocks.", exists=True)],
    source: Annotated[Path, typer.Option(help="YAML of one source: kind, editions, area, …", exists=True)],
    port: Annotated[int | None, typer.Option(help="Only datagrams to this UDP port of a capture.")] = None,
) -> None:
    """Read a surveillance recording and print one JSON line for each report, refusals counted at the end."""
    from redshank.cli.decoding import decode_path

    raise typer.Exit(decode_path(recording, source, port))


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
