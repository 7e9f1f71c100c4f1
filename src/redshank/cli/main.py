"""The command `redshank`: what a person types. Thin: it reads arguments and calls the rooms below.

Imports of the rooms stand inside the commands, so that `redshank --help` answers at once.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from redshank.cli import agreements, people, procedures, releasing, reporting, rotating, voice_book, witnessing
from redshank.cli.language import LanguageIfAny
from redshank.cli.url_first import UrlFirst

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Redshank: a risk-reduction channel between states. It warns, de-conflicts and records.\n\n"
    "New here? Run `redshank demo`: five nodes and a documented night in your browser.",
)
app.add_typer(voice_book.app, name="voice")
app.add_typer(witnessing.app, name="witness")
app.add_typer(procedures.app, name="procedure")
app.add_typer(agreements.app, name="agreement")
app.add_typer(releasing.app, name="release")
app.add_typer(people.app, name="people")
app.command()(reporting.report)


def main() -> None:
    """Entry point of the installed command."""
    app()


@app.command()
def demo(
    scenario: Annotated[
        str, typer.Option(help="The night to replay: lv-2026-05-07, pl-2025-09-10 or lt-2025-10-04.")
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


PassphraseFile = Annotated[
    Path | None,
    typer.Option(help="File with the passphrase of the keys, readable by its owner alone; asked for if absent."),
]
Config = Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)]


@app.command()
def node(
    config: Config,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: Annotated[int | None, typer.Option(help="Open file descriptor with the passphrase.")] = None,
) -> None:
    """Run one node until it is stopped with Ctrl-C or SIGTERM.

    Ends with 2 if it is set up wrongly, with 3 if a disk failed, with 4 if what lies on the disk is damaged: then do
    not start it again before somebody has looked. The passphrase of its keys comes from a file, a descriptor, systemd's
    credential redshank-passphrase, or from you.
    """
    from redshank.cli.keeping import passphrase_of
    from redshank.compose.config import ConfigFailed
    from redshank.compose.serve import serve
    from redshank.edges.keys import KeysFailed
    from redshank.edges.people import PeopleDamaged, PeopleFailed
    from redshank.edges.recovery import RecoveryFailed
    from redshank.edges.store import ADVICE, StoreCorrupt, StoreFailed

    try:
        asyncio.run(serve(config, passphrase_of(passphrase_file, passphrase_fd)))
    except (PeopleDamaged, RecoveryFailed, StoreCorrupt) as error:
        _stop(f"The node cannot run: {error}", 4)
    except (PeopleFailed, StoreFailed) as error:
        _stop(f"The node cannot run: {error}", 3)
    except OSError as error:
        if error.filename is None:  # an address that is taken, say
            _stop(f"The node cannot run: {error}")
        _stop(f"The node cannot run: {error}. {ADVICE}", 3)
    except (ConfigFailed, KeysFailed) as error:
        _stop(f"The node cannot run: {error}")


@app.command()
def keys(
    party: Annotated[str, typer.Argument(help="Two-letter code of your state, e.g. LT.")],
    folder: Annotated[Path, typer.Argument(help="Folder for the keys; what is there already is kept.")],
    passphrase_file: PassphraseFile = None,
    token_library: Annotated[
        Path | None, typer.Option(help="PKCS #11 library of a token that is to hold the log and witness keys.")
    ] = None,
    token_label: Annotated[str, typer.Option(help="Label of that token.")] = "redshank",
    beside: Annotated[
        bool, typer.Option("--next", help="Make the next log and witness keys beside those of the folder.")
    ] = False,
) -> None:
    """Make a party's keys, the file of public keys that its partners need, and its revocation.

    Give public.json to each partner, and then run `redshank pair` with each of them on the telephone.

    New keys for a running channel, in this order: 1. `redshank keys LT FOLDER --next` makes the next set beside the
    old one. 2. Give its public.json to the partner; both officers run `redshank pair` on the telephone. 3. One of them
    runs `redshank rotate`: both nodes end the channel's logs under the old keys and open the next ones under the new;
    incidents go on. Other channels change nothing. If the old keys are revoked or lost, both officers run it (`--why`).
    """
    from redshank.cli.keeping import make, make_beside
    from redshank.edges.keys.token import TokenPlace
    from redshank.terms.ids import PartyId

    if beside:
        _keep("No keys were made", lambda: make_beside(PartyId(_party(party)), folder, passphrase_file))
        return
    token = None if token_library is None else TokenPlace(str(token_library), token_label, f"redshank {party}")
    _keep("No keys were made", lambda: make(PartyId(_party(party)), folder, passphrase_file, token))


@app.command()
def renew(
    party: Annotated[str, typer.Argument(help="Two-letter code of your state, e.g. LT.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the keys, with authority.key in it.", exists=True)],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a new TLS certificate under the same authority; a running node takes it without a pause."""
    from redshank.cli.keeping import renew as renew_now
    from redshank.terms.ids import PartyId

    _keep("Nothing was renewed", lambda: renew_now(PartyId(_party(party)), folder, passphrase_file))


@app.command()
def pair(
    config: Config,
    partner_public: Annotated[Path, typer.Argument(help="The partner's public.json.", exists=True, dir_okay=False)],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Compare check words with the officer of a partner by voice, and pin the partner's keys."""
    from redshank.cli.keeping import pair as pair_now

    _keep("Not paired", lambda: pair_now(config, partner_public, passphrase_file))


app.command()(rotating.rotate)


@app.command()
def revoke(
    config: Config,
    revocation: Annotated[Path, typer.Argument(help="The partner's revocation.json.", exists=True, dir_okay=False)],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take a partner's revocation of its keys: nothing under them is taken any more."""
    from redshank.cli.keeping import revoke as revoke_now

    _keep("Nothing was revoked", lambda: revoke_now(config, revocation, passphrase_file))


@app.command()
def pairings(config: Config, passphrase_file: PassphraseFile = None) -> None:
    """Show who confirmed which partner's keys, when, and that nobody has changed this list."""
    from redshank.cli.keeping import pairings as pairings_now

    _keep("The list cannot be shown", lambda: pairings_now(config, passphrase_file))


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
        typer.Option(help="public.json of a party whose keys you know; give it for both parties, also several sets."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="The other party's record of the same channel: finds who signed two stories.", exists=True),
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(help="The record of the logs before these, of other keys: does this one follow it?", exists=True),
    ] = None,
    agreement: Annotated[
        Path | None, typer.Option(help="The agreement's YAML: its third-party witnesses then decide.", exists=True)
    ] = None,
    owed: Annotated[
        bool,
        typer.Option("--owed", help="Say what each side owed and did not do in time, by the agreement (--agreement)."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    language: LanguageIfAny = None,
) -> None:
    """Check the record of a channel: every proof, serial and receipt, without a node or a network.

    Of a file of evidence it says who contradicted whom, and whether that convicts. With --against it holds two records
    of one channel side by side; with --before it follows a channel over a change of keys. With --language it says what
    each message means. Ends with 0 if there is nothing to object to, with 1 if there is.
    """
    from redshank.cli.chaining import verify_all

    looks = (record, tuple(keys or ()), against, before, agreement)
    status = verify_all(*looks, owed=owed, as_json=as_json, language=language)
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
def check(
    data: Annotated[Path, typer.Argument(help="The node's data folder; the node must be down.", exists=True)],
    config: Annotated[
        Path | None, typer.Option(help="The node's YAML configuration: then the journal is replayed as well.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Check what a node has on disk: every entry, head, receipt and journal row, offline.

    Ends with 0 if everything is as it was written, with 1 if not; says which log, which entry, and what to do.
    """
    from redshank.cli.checking import check_folder

    raise typer.Exit(check_folder(data, config, passphrase_file))


@app.command()
def rebuild(
    config: Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)],
    by: Annotated[str, typer.Option(help="Your name: the decision is yours, and is kept in the journal.")],
    sizes: Annotated[
        list[str],
        typer.Option(
            "--size", help="How many of our entries the partner holds, as its officer says by voice: BY-LT=12."
        ),
    ],
    records: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            help="A record that the partner exported after this node went down; one for each channel. For a partner "
            "without keys one that was exported here, or none.",
        ),
    ] = None,
    damaged: Annotated[
        Path | None,
        typer.Option(help="The damaged data folder, moved away: what it still proves is used.", exists=True),
    ] = None,
    unused: Annotated[list[str] | None, typer.Option(help="A channel on which nothing was ever said.")] = None,
    accept_loss: Annotated[bool, typer.Option("--accept-loss", help="Go on although something is lost.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Rebuild a lost or damaged node from its partners' records, after a person has decided so.

    Refuses what would fork our log. Read docs/spec/recovery.md first. Ends with 0 when the node may be started.
    """
    from redshank.cli.rebuilding import Wishes, rebuild_node

    wishes = Wishes(tuple(records or ()), by, tuple(sizes), damaged, tuple(unused or ()), accept_loss, passphrase_file)
    raise typer.Exit(rebuild_node(config, wishes))


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


def _party(text: str) -> str:
    if len(text) != 2 or not text.isalpha() or not text.isupper():
        _stop(f"{text!r} is not a two-letter code in capitals, such as LT")
    return text


def _keep(failing: str, work: Callable[[], None]) -> None:
    """Does it, or says in one sentence why not."""
    from redshank.compose.config import ConfigFailed
    from redshank.edges.keys import KeysFailed

    try:
        work()
    except (ConfigFailed, KeysFailed, OSError) as error:
        _stop(f"{failing}: {error}")


def _stop(text: str, status: int = 2) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(status)


if __name__ == "__main__":
    main()
