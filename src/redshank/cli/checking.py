"""`redshank check`: looks at a node's data folder while the node is down, and says what is wrong and what to do."""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from redshank.cli.keeping import open_keys
from redshank.compose.begun import begun_keys
from redshank.compose.build import build_state, first_pairs
from redshank.compose.config import ConfigFailed
from redshank.compose.policy_file import silent
from redshank.edges.check import CheckReport, Fault, check_store
from redshank.edges.keys import KeysFailed
from redshank.edges.recovery import RecoveryFailed, recover
from redshank.edges.store import Store, StoreFailed

STORE = "node.sqlite"


def check_folder(data: Path, config: Path | None, passphrase_file: Path | None = None) -> int:
    """Checks a data folder; prints the report; the exit code: 0 in order, 1 not, 2 could not be read."""
    console = Console(highlight=False)
    try:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            tasks = {}

            def tell(what: str, done: int, most: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what, total=most)
                bar.update(tasks[what], completed=done)

            report = check_store(data / STORE, tell)
        faults = [*report.faults, *_replayed(config, passphrase_file, data, report)]
    except (OSError, ConfigFailed, KeysFailed) as error:
        print(f"{data}: cannot be checked: {error}", file=sys.stderr)
        return 2
    _print(console, report, faults, replayed=config is not None)
    return 1 if faults else 0


def _replayed(config: Path | None, passphrase_file: Path | None, data: Path, report: CheckReport) -> list[Fault]:
    """The journal, replayed as at a start. Only on a store without a fault: else it says no more than the check."""
    if config is None or report.faults:
        return []
    settings, base, keys = open_keys(config, passphrase_file)
    if (base / settings.data).resolve() != data.resolve():
        raise ConfigFailed(f"{config}: its data folder is {base / settings.data}")
    begun = begun_keys(data, first_pairs(settings, base, keys), keep=False)
    fresh = build_state(settings, base, keys, begun, silent(settings.party))
    try:
        store = Store(data / STORE)
        try:
            recover(fresh, store)
        finally:
            store.close()
    except (RecoveryFailed, StoreFailed) as error:
        return [Fault("replay", str(error))]
    return []


def _print(console: Console, report: CheckReport, faults: list[Fault], *, replayed: bool) -> None:
    console.print(f"Journal: {report.journal} events")
    for log in report.logs:
        console.print(f"Log {log.origin}: {log.entries} entries, {log.heads} heads, {log.receipts} receipts")
    for fault in faults:
        console.print(f"[bold]FAULT[/bold] {fault.place}: {fault.what}")
    if not faults:
        console.print("Everything that was kept is there, as it was written.")
        if not replayed:
            console.print("Not replayed: add --config NODE.yaml to see that it gives a sound state.")
        return
    console.print(
        f"{len(faults)} faults. Do not start the node, and change nothing here. 1. Move this folder away: it is "
        "evidence. 2. Tell the partner by voice, and let its officer say how many of our entries it holds. 3. Ask the "
        "partner for its record of the channel (its console, Export). 4. redshank rebuild --config NODE.yaml "
        "--from RECORD.zip --size AA-BB=N --by 'YOUR NAME' --damaged FOLDER"
    )
