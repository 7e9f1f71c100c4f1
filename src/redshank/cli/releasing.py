"""`redshank release check|explain|audit`: what a policy means, what a partner gets of a track and why, and afterwards
what was sent and what was not.

Imports of the rooms stand inside the functions, so that `redshank --help` answers at once.
"""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="The release policy: check a file, explain what a partner gets, audit what left. A running node takes a "
    "changed policy on SIGHUP, e.g. `kill -HUP PID`.",
)
Config = Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)]


@app.command()
def check(
    policy: Annotated[Path, typer.Argument(help="The policy's YAML.", exists=True, dir_okay=False)],
    party: Annotated[str, typer.Option(help="Whose policy it is to be.")],
) -> None:
    """Read a policy as a node would, before it gets it. Ends with 0 if a node would take it, with 1 if not."""
    from redshank.compose.config import ConfigFailed
    from redshank.compose.policy_file import read_policy
    from redshank.terms.ids import PartyId

    try:
        found = read_policy(policy, PartyId(party))
    except ConfigFailed as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"{policy}: {found.policy.policy}, {len(found.policy.rules)} rules: a node of {party} would take it")
    for note in found.policy.notes:
        print(f"NOTE {note}")


@app.command()
def explain(
    track: Annotated[str, typer.Argument(help="The track's number, as the console shows it, e.g. LT/17.")],
    config: Config,
    at: Annotated[str | None, typer.Option(help="UTC time, e.g. 2026-05-07T00:30:00Z; the newest if absent.")] = None,
) -> None:
    """Say what each partner could get of a track, and why, at its last decision up to a time: running node or not."""
    from redshank.cli.release_report import print_explained, print_fact, read_node
    from redshank.node.audit import decisions_about, newest_fact
    from redshank.terms.ids import TrackId
    from redshank.terms.instants import parse_instant
    from redshank.terms.refusal import Refusal

    until = None if at is None else parse_instant(at, "--at")
    if isinstance(until, Refusal):
        _stop(str(until))
    journal, _ = read_node(config, _stop)
    fact = newest_fact(journal, TrackId(track), until)
    if fact is None:
        _stop(
            f"{track}: the journal holds no decision about it{' up to then' if at else ''}. Nothing was told of it; "
            "what would be told now is in the console, under what the partner sees"
        )
    print_fact(track, fact)
    for one in decisions_about(journal, fact):
        print_explained(one)


@app.command()
def audit(
    config: Config,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Hold all that was sent against the policies that were in force, and say what was withheld: running node or not.

    Ends with 0 if nothing left outside of a policy, with 1 if something did.
    """
    import msgspec

    from redshank.cli.release_report import print_report, read_node
    from redshank.node.audit import audit as audit_now

    journal, sent = read_node(config, _stop)
    report = audit_now(journal, sent)
    if as_json:
        print(msgspec.json.encode(report).decode())
    else:
        print_report(journal, report)
    raise typer.Exit(1 if report.unfit else 0)


@app.command("audit-record")
def audit_record(
    record: Annotated[Path, typer.Argument(help="An exported record: a zip file or an unpacked folder.", exists=True)],
    policy: Annotated[Path, typer.Option(help="The policy of the sender's YAML.", exists=True, dir_okay=False)],
    party: Annotated[str, typer.Option(help="Whose messages and whose policy.")],
) -> None:
    """Hold a party's messages in a record against one policy, without its node: what each could be let out by.

    What the picture was, and which policies were in force when, only `audit` can say. Ends with 0 if each message lies
    within the policy, with 1 if not.
    """
    from redshank.cli.release_report import audit_record as audit_now

    raise typer.Exit(audit_now(record, policy, party, _stop))


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)
