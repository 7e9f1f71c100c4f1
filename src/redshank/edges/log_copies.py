"""Log copies: both logs of a channel as a store holds them, of all generations, for a report (RPT-4).

Here: where they lie. Not here: what is made of them (exchange.compliance). May know: exchange; reading.
"""

from functools import partial

from redshank.edges.reading import StoreReader
from redshank.exchange.compliance.copies import LogCopy
from redshank.exchange.envelope import Place
from redshank.exchange.parties import log_origin, witness_name
from redshank.terms import limits
from redshank.terms.ids import ChannelId, parties_of, partner_on


def copies_in_store(store: StoreReader, prefix: str, channel: ChannelId, year: int) -> tuple[LogCopy, ...]:
    """The copies under their newest signed heads. Raises StoreFailed or StoreCorrupt, also when they are read later."""
    found = list[LogCopy]()
    for generation in range(limits.LOG_GENERATIONS):
        here = len(found)
        for party in parties_of(channel):
            origin = log_origin(prefix, channel, party, year, generation)
            size = store.head_size(origin)
            if size:
                receipts = tuple(store.receipts(origin, witness_name(prefix, partner_on(channel, party))))
                first = Place(channel, party, year, 0, generation)
                found.append(LogCopy(first, size, receipts, partial(store.entries, origin)))
        if len(found) == here:
            break
    return tuple(found)
