"""Links: what the console shows of the TLS links beside what the core knows of the lines.

Here: joining the link book to a view. Not here: any judgement of a link (edges/peers). May know: console's view,
edges.peers.
"""

import msgspec

from redshank.console.view import LineView, View
from redshank.edges.peers.links import LinkBook
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant


def with_links(view: View, book: LinkBook, own_ends: Instant, machine_now: Instant) -> View:
    """The view with each line's link. Certificates are dated by the machine's clock, also in an exercise."""
    return msgspec.structs.replace(
        view, lines=[_with_link(line, book, own_ends, machine_now) for line in view.lines], strangers=strangers(book)
    )


def strangers(book: LinkBook) -> list[tuple[str, int]]:
    """Calls refused before anybody's name was known, by reason."""
    return sorted(book.strangers.items())


def _with_link(line: LineView, book: LinkBook, own_ends: Instant, machine_now: Instant) -> LineView:
    link = book.of(PartyId(line.partner))
    return msgspec.structs.replace(
        line,
        key_exchange=None if link.group is None else link.group.value,
        fault=link.fault,
        links_refused=sorted(link.refused.items()),
        own_certificate_ends_ms=_if_soon(own_ends, machine_now),
        partner_certificate_ends_ms=_if_soon(link.partner_certificate_ends, machine_now),
    )


def _if_soon(ends: Instant | None, machine_now: Instant) -> Instant | None:
    return ends if ends is not None and ends - machine_now < limits.CERTIFICATE_WARN_MS else None
