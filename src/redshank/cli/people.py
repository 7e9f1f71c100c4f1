"""`redshank people`: who may log in at a node, in which roles, and who did what. It works on the file of the node's
people, beside a running node too: who may read that file administers the node.

Imports of the rooms stand inside the functions, so that `redshank --help` answers at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from redshank.compose.config import NodeConfig
    from redshank.edges.people import PeopleStore
    from redshank.terms.instants import Instant
    from redshank.terms.refusal import Refusal
    from redshank.terms.roles import Role

app = typer.Typer(
    no_args_is_help=True,
    help="The people of a node: who may log in, in which roles, and who did what.\n\n"
    "Four roles. observer: reads. duty-officer: follows the procedure, and keeps the shift. releasing-authority: says "
    "yes or no to what a rule of the release policy asks about. administrator: people, keys, policy; no act of a "
    "procedure. A person may have several; each act is recorded under the one that may do it.\n\n"
    "1. `redshank people add j.petraitis --name 'Jonas Petraitis' --role duty-officer --config node.yaml` prints a "
    "one-time link. Hand it over in person: whoever opens it first, enrols.\n\n"
    "2. The person opens it and chooses a passkey, or a password with codes of a telephone. That uses the link up.\n\n"
    "3. A lost key or telephone: `redshank people reset j.petraitis` takes the old ones away and prints a new link. "
    "Who leaves: `redshank people disable`. Both end all sessions at once.\n\n"
    "Names stay here: journal, messages and records know roles only. `redshank people acts` joins the two.",
)
Config = Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)]
Id = Annotated[str, typer.Argument(help="What the person types to log in, e.g. j.petraitis.")]
Roles = Annotated[list[str], typer.Option("--role", help="observer, duty-officer, releasing-authority, administrator.")]


@app.command("list")
def list_people(config: Config) -> None:
    """List the accounts: roles, how each logs in, and whether it is open."""
    with _people(config) as (store, _):
        for one in store.people():
            ways = ["passkey"] * bool(one.passkeys) + ["password and code"] * one.has_password
            ways += ["national login"] * (one.subject is not None)
            how = "disabled" if one.disabled else " or ".join(ways) or "not enrolled"
            mark = "" if one.kind == "person" else f" ({one.kind})"
            print(f"{one.id:<20} {one.name:<30} {', '.join(one.roles) or 'no role':<40} {how}{mark}")


@app.command()
def add(
    id_: Id,
    name: Annotated[str, typer.Option(help="The name, for people to read; it never leaves this node.")],
    roles: Roles,
    config: Config,
    subject: Annotated[
        str | None, typer.Option(help="Who this is at the national login: ISSUER SUBJECT; then no link is needed.")
    ] = None,
) -> None:
    """Add a person, and print the one-time link to enrol with."""
    with _people(config) as (store, settings):
        from redshank.edges.clock import SystemClock

        _unless(store.add(id_, name, _roles(roles), SystemClock().now(), subject=subject))
        if subject is None:
            _print_link(store, settings, id_)


@app.command("roles")
def set_roles(id_: Id, roles: Roles, config: Config) -> None:
    """Give a person these roles, and no others, from now on. The last administrator stays one."""
    with _people(config) as (store, _):
        _unless(store.set_roles(id_, _roles(roles)))


@app.command()
def reset(id_: Id, config: Config) -> None:
    """Take passkeys, password and codes away, end all sessions, and print a new link to enrol with."""
    with _people(config) as (store, settings):
        _unless(store.reset(id_))
        _print_link(store, settings, id_)


@app.command()
def disable(id_: Id, config: Config) -> None:
    """Close an account and end its sessions at once. Its acts stay in the register."""
    with _people(config) as (store, _):
        _unless(store.disable(id_))


@app.command()
def enable(id_: Id, config: Config) -> None:
    """Open a closed account again; what the person logs in with is as it was."""
    with _people(config) as (store, _):
        _unless(store.enable(id_))


@app.command()
def acts(
    config: Config,
    since: Annotated[str | None, typer.Option("--from", help="UTC, e.g. 2026-05-07T00:00:00Z; all if absent.")] = None,
    until: Annotated[str | None, typer.Option(help="UTC; up to now if absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say who did what: each act with the person, the role, and the number of its row in the journal."""
    import msgspec

    from redshank.cli.register import journal_numbers, line_of
    from redshank.terms.instants import Instant

    begin = _instant(since, "--from", Instant(0))
    end = _instant(until, "--until", Instant(1 << 62))
    with _people(config) as (store, settings):
        found = store.acts(begin, end)
        rows = journal_numbers(config.resolve().parent / settings.data / "node.sqlite")
    for one in found:
        row = rows.get(one.number)
        told = {**msgspec.structs.asdict(one), "journal": row}
        print(msgspec.json.encode(told).decode() if as_json else line_of(one, row))


@contextmanager
def _people(config: Path) -> "Iterator[tuple[PeopleStore, NodeConfig]]":
    from redshank.compose.config import ConfigFailed, read_config
    from redshank.compose.doorkeeper import open_people
    from redshank.edges.people import PeopleFailed

    try:
        settings, base = read_config(config)
        store = open_people(settings, base / settings.data)
    except (ConfigFailed, PeopleFailed) as error:
        _stop(str(error))
    try:
        yield store, settings
    except PeopleFailed as error:
        _stop(str(error))
    finally:
        store.close()


def _print_link(store: "PeopleStore", settings: "NodeConfig", id_: str) -> None:
    from redshank.compose.doorkeeper import console_url, link_url
    from redshank.edges.clock import SystemClock

    link = link_url(console_url(settings, settings.console.port), store.new_link(id_, SystemClock().now()))
    print(f"{id_} enrols with this link, once, within a day:\n{link}")


def _roles(names: list[str]) -> "list[Role]":
    from redshank.terms.roles import Role

    strangers = [name for name in names if name not in list(Role)]
    if strangers:
        _stop(f"--role {strangers[0]}: is one of {', '.join(Role)}")
    return [Role(name) for name in dict.fromkeys(names)]


def _instant(text: str | None, option: str, otherwise: "Instant") -> "Instant":
    from redshank.terms.instants import parse_instant
    from redshank.terms.refusal import Refusal

    if text is None:
        return otherwise
    found = parse_instant(text, option)
    if isinstance(found, Refusal):
        _stop(str(found))
    return found


def _unless(no: "Refusal | None") -> None:
    if no is not None:
        _stop(str(no))


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)
