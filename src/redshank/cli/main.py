"""The command `redshank`: what a person types. Thin: it reads arguments and calls the rooms below.

Imports of the rooms stand inside the commands, so that `redshank --help` answers at once.
"""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from redshank.cli import witnessing
from redshank.cli.url_first import UrlFirst

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Redshank: a risk-reduction channel between states. It warns, de-conflicts and records.\n\n"
    "New here? Run `redshank demo`: five nodes and a documented night in your browser.",
)

app.add_typer(witnessing.app, name="witness")


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
    agreement: Annotated[
        Path | None, typer.Option(help="The agreement's YAML: its third-party witnesses then decide.", exists=True)
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
    status = verify_path(record, pinned, agreement, as_json=as_json)
    if against is not None and status == 0:
        status = verify_path(against, pinned, agreement, as_json=as_json) or compare_paths(record, against, pinned)
    raise typer.Exit(status)


@app.command()
def verifier(
    out: Annotated[Path, typer.Argument(help="File to write; a name that ends in .mjs gives the script for Node.")],
) -> None:
    """Write the offline verifier: one HTML file that checks a record in any browser, without server or network.

    Give it to whoever shall check a record and has no Redshank.
    """
    from redshank.cli.offline_page import write_verifier

    raise typer.Exit(write_verifier(out))


@app.command()
def decode(
    recording: Annotated[Path, typer.Argument(help="A .pcap/.pcapng file, or raw ASTERIX blocks.", exists=True)],
    source: Annotated[Path, typer.Option(help="YAML of one source: kind, editions, area, …", exists=True)],
    port: Annotated[int | None, typer.Option(help="Only datagrams to this UDP port of a capture.")] = None,
) -> None:
    """Read a surveillance recording and print one JSON line for each report, refusals counted at the end."""
    from redshank.cli.decoding import decode_path

    raise typer.Exit(decode_path(recording, source, port))


qualification = typer.Typer(
    cls=UrlFirst,
    no_args_is_help=True,
    help="Examine a node, yours or a partner's, over its public contract: `redshank qualify URL --folder FOLDER`.\n\n"
    "1. `redshank qualify prepare FOLDER --node public.json --listen ADDRESS:PORT` makes a sandbox: keys that are used "
    "for nothing else, and the files that the node's operator needs. The party's code is XQ, which is no state's.\n\n"
    "2. The operator runs a node for the sandbox (an exercise, with its own keys), pins the sandbox's public.json, and "
    "sends you that node's public.json beforehand.\n\n"
    "3. `redshank qualify URL --folder FOLDER` acts as the partner: about 150 cases, good and bad, for each clause of "
    "docs/spec that a partner can see. It writes a signed report that names who is responsible for each failure.\n\n"
    "4. `redshank qualify check REPORT` verifies the signature of a report and prints it.",
)
app.add_typer(qualification, name="qualify")


@qualification.command("prepare")
def qualify_prepare(
    folder: Annotated[Path, typer.Argument(help="Folder for the sandbox; keys that are there already are kept.")],
    node: Annotated[Path, typer.Option(help="public.json of the node to be examined.", exists=True, dir_okay=False)],
    listen: Annotated[str, typer.Option(help="Address and port at which the node will find the qualifier.")],
    clock: Annotated[
        str, typer.Option(help="`own`: the node's clock must agree with this machine's; `node`: it is an exercise's.")
    ] = "own",
    year: Annotated[int | None, typer.Option(help="Year in the logs' names; this one if absent.")] = None,
) -> None:
    """Make a sandbox: its keys, its agreement, and a sample of the node's configuration."""
    from redshank.cli.qualifying import run_prepare

    raise typer.Exit(run_prepare(folder, node, listen, clock, year))


@qualification.command("run", hidden=True)
def qualify_run(
    url: Annotated[str, typer.Argument(help="The node's address for partners, e.g. https://192.0.2.7:8470.")],
    folder: Annotated[Path, typer.Option(help="The sandbox, made by `prepare`.", exists=True, file_okay=False)],
    out: Annotated[Path, typer.Option(help="Where the signed report goes.")] = Path("report.note"),
    only: Annotated[str, typer.Option(help="Only these clauses or cases, e.g. DEL,LOG-11,MSG-9.2.")] = "",
    html: Annotated[Path | None, typer.Option(help="Also write the report as one HTML page.")] = None,
) -> None:
    """Examine the node at URL in the sandbox. Ends with 0 if it keeps the contract, with 1 if not."""
    from redshank.cli.qualifying import run_qualify

    raise typer.Exit(run_qualify(url, folder, out, only, html))


@qualification.command("check")
def qualify_check(
    report: Annotated[Path, typer.Argument(help="A signed report.", exists=True, dir_okay=False)],
    key: Annotated[str | None, typer.Option(help="The qualifier's verifier key, if you know it.")] = None,
    full: Annotated[bool, typer.Option(help="Also print the cases that passed.")] = False,
) -> None:
    """Verify the signature of a report and print it. Ends with 0 if the node keeps the contract, with 1 if not."""
    from redshank.cli.qualifying import run_check

    raise typer.Exit(run_check(report, key, full=full))


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
