"""Pull: reading a partner's log from its static files, when its own deliveries do not come.

Here: which files to fetch for a head, and the delivery that they make: what was pulled is taken exactly as if it had
been pushed, so both lead to the same state. Not here: fetching (edges), what a delivery means (session). May know: log,
terms. The rules are DEL-9 to DEL-11 of docs/spec/delivery.md.
"""

from collections.abc import Sequence

import msgspec

from redshank.exchange.delivery import encode_delivery
from redshank.exchange.session import Session
from redshank.log import tiles
from redshank.log.checkpoint import open_head
from redshank.log.tiles import TILE_WIDTH, Tile
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal


class Wanted(msgspec.Struct, frozen=True):
    """What to fetch so that `note`, the partner's newest head, can be taken: entries [first, end) lie in `bundles`."""

    note: bytes
    first: int
    end: int
    bundles: tuple[Tile, ...]


def wanted(session: Session, note: bytes) -> Wanted | Refusal | None:
    """What to fetch for the head that the partner shows; None when it is held and its owner has our receipt.

    A head that does not fit is wanted too, without entries: taking it finds out what is wrong with it. Refuses with
    the reasons of `open_head`, and with TOO_LARGE a head that covers more than one delivery beyond what is held.
    """
    head = open_head(note, session.partner_keys.log, (session.keys.witness,))
    if isinstance(head, Refusal):
        return head
    held, size = session.theirs.size, head.checkpoint.size
    if size <= held:
        same = session.theirs.head is not None and session.theirs.head.text == head.text
        return None if same and head.cosigned else Wanted(note, held, held, ())
    if size - held > limits.DELIVERY_ENTRIES:
        return Refusal(
            Reason.TOO_LARGE, "size", f"{size - held} entries beyond {held}, allowed {limits.DELIVERY_ENTRIES}"
        )
    bundles = tiles.entry_bundles(size)[held // TILE_WIDTH :]
    return Wanted(note, held, size, bundles)


def delivery_of(what: Wanted, bundles: Sequence[bytes]) -> bytes | Refusal:
    """The push that the fetched bundles make; refuses with TRUNCATED or TOO_LARGE what is no bundle of that width."""
    entries: list[bytes] = []
    for tile, data in zip(what.bundles, bundles, strict=True):
        found = tiles.parse_bundle(data)
        if isinstance(found, Refusal):
            return found
        if len(found) != tile.width:
            return Refusal(Reason.TRUNCATED, tile.path, f"{len(found)} entries, needs {tile.width}")
        entries.extend(found)
    skipped = what.first - what.first // TILE_WIDTH * TILE_WIDTH if what.bundles else 0
    return encode_delivery(what.first, what.note, entries[skipped:])
