"""What `redshank people acts` reads of the journal and prints of an act."""

from pathlib import Path

from redshank.edges.people.layout import Act
from redshank.edges.reading import StoreReader
from redshank.edges.store import StoreFailed
from redshank.node.events import Commanded
from redshank.terms.instants import format_instant


def journal_numbers(store: Path) -> dict[int, int]:
    """By number of the act: the row of the journal. Empty before the node's first start, and for a journal that can not
    be read: `redshank check` says why."""
    if not store.exists():
        return {}
    try:
        reader = StoreReader(store)
        try:
            rows = enumerate(reader.journal(), start=1)
            return {event.act: number for number, (_, event) in rows if isinstance(event, Commanded) and event.act}
        finally:
            reader.close()
    except StoreFailed:
        return {}


def line_of(act: Act, row: int | None) -> str:
    """For people."""
    outcome = act.outcome or ("done" if row is not None else "not done: the node ended")
    where = "-" if row is None else f"row {row}"
    return (
        f"{format_instant(act.at)}  {act.name} ({act.person})  {act.role}  {act.act}  {where}  {outcome}  {act.about}"
    )
