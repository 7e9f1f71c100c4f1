"""Feeds: where bytes of sensors enter the node.

Here: UDP (unicast and multicast) and recordings (pcap, pcapng, raw ASTERIX). Not here: what the bytes
mean (decode), people's reports over HTTP (console), retries of a node. A feed gives `emit` one batch
after another and waits for it. May know: decode, terms, edges.clock.
"""

from collections.abc import Awaitable, Callable

from redshank.decode.decoded import Decoded
from redshank.terms.ids import SourceId

Emit = Callable[[SourceId, Decoded], Awaitable[None]]
"""Where batches go. Waiting in it holds the feed back; a UDP feed then drops datagrams, and says how many."""
