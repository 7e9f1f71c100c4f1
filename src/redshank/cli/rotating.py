"""`redshank rotate`: asks the running node, over its console's door on this machine, to change one channel over.

Here: the request and its answer in words. Not here: what the node does (node.rotation). May know: compose.
"""

import http.client
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from redshank.compose.config import NodeConfig
    from redshank.edges.people import PeopleStore

TIMEOUT_S = 30.0


def rotate(
    config: Annotated[Path, typer.Option(help="The node's YAML configuration.", exists=True, dir_okay=False)],
    partner: Annotated[str, typer.Argument(help="Two-letter code of the partner whose channel changes over.")],
    why: Annotated[
        str,
        typer.Option(
            help="planned or expiry: our old keys end their log. revoked or lost: ours are not to be used any more. "
            "partner: the partner's are not."
        ),
    ] = "planned",
    person: Annotated[
        str | None, typer.Option("--as", help="Which administrator you are; the only one if absent.")
    ] = None,
) -> None:
    """Have the running node end its log on one channel and open the next one, under the keys that were paired last.

    Needs a ceremony about the next keys on both sides (`redshank keys --help` tells the order). The node goes on
    without a pause. Where the old keys are revoked or lost nothing but the ceremony speaks for the new ones: then
    both officers give this command, one with `--why lost` or `--why revoked`, the other with `--why partner`.
    """
    from redshank.compose.config import ConfigFailed, read_config
    from redshank.terms.ids import PartyId, channel_between
    from redshank.terms.message import Why

    try:
        settings, base = read_config(config)
        if why not in list(Why):
            raise ConfigFailed(f"--why {why}: is one of {', '.join(Why)}")
        if all(channel.partner != partner for channel in settings.channels):
            raise ConfigFailed(f"{partner} is no partner of {settings.party}")
        channel = channel_between(settings.party, PartyId(partner))
        give(settings, base / settings.data, person, {"act": "rotate-keys", "channel": channel, "why": why})
    except ConfigFailed as error:
        typer.echo(f"Nothing was changed over: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{channel}: our log has ended, and the next one is open under the keys that were paired last.")
    if why in (Why.REVOKED, Why.LOST):
        typer.echo(f"{partner} takes nothing of it until its officer has run: redshank rotate --why partner")
        return
    typer.echo(f"{partner} follows by itself, if its officer has paired with the same keys.")


def give(settings: "NodeConfig", data: Path, person: str | None, command: dict[str, Any]) -> None:
    """Has the running node obey, over its console's door, in the name of a person who may give the command.

    Raises ConfigFailed with the node's own words.
    """
    from redshank.compose.config import ConfigFailed
    from redshank.compose.doorkeeper import open_people
    from redshank.edges.clock import SystemClock
    from redshank.edges.people import PeopleFailed
    from redshank.terms import limits

    try:
        store = open_people(settings, data)
        try:
            token = store.begin_session(_who(store, person, str(command["act"])), SystemClock().now())
        finally:
            store.close()
        told: Any = json.loads((data / "console.json").read_bytes())
        port = int(told["console_port"])
        origin = f"http://127.0.0.1:{port}"
        cookie = f"redshank_{settings.party}_{port}={token}"
        headers = {"Cookie": cookie, "Origin": origin, "Content-Type": "application/json"}
        console = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        console.request("POST", "/api/command", json.dumps(command), headers)
        answer: Any = json.loads(console.getresponse().read(limits.CONSOLE_COMMAND_BYTES))
        console.request("POST", "/api/leave", "{}", headers)
        console.close()
    except (OSError, http.client.HTTPException, KeyError, ValueError, PeopleFailed) as error:
        raise ConfigFailed(f"{data}: the node cannot be asked; is it running? {error}") from error
    if answer != {"accepted": True}:
        said = answer if isinstance(answer, dict) else {}
        raise ConfigFailed(f"the node says no: {said.get('reason')}: {said.get('detail')}")


def _who(store: "PeopleStore", person: str | None, act: str) -> str:
    """In whose name the command is given: whoever may read the file of people administers the node, and says who."""
    from redshank.compose.config import ConfigFailed
    from redshank.node.roles import may_give

    may = may_give(act)
    known = [one.id for one in store.people() if may & set(one.roles) and not one.disabled]
    if person is None and len(known) == 1:
        return known[0]
    if person not in known:
        who, names = " or ".join(sorted(may)), ", ".join(known) or "there is none yet"
        raise ConfigFailed(f"--as: {act} is for {who}; say who you are: {names}")
    return person
