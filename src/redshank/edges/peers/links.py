"""Link book: what the node's TLS links are like now, for the console: by which key exchange, and what was refused.

Here: facts of this process, forgotten at its end. Not here: what the channel's log says (the core keeps that). May
know: terms, edges.keys.
"""

from collections.abc import Mapping

import msgspec

from redshank.edges.keys import KeyExchange
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant


class LinkHealth(msgspec.Struct, frozen=True, kw_only=True):
    """The links to one partner. `fault` is the newest refusal in words, until a link is secured again."""

    group: KeyExchange | None = None
    partner_certificate_ends: Instant | None = None
    fault: str = ""
    refused: Mapping[str, int] = {}


class LinkBook:
    """All partners' links, and the callers that never came to a name."""

    def __init__(self) -> None:
        self._links: dict[PartyId, LinkHealth] = {}
        self._barred: dict[PartyId, str] = {}
        self.strangers: dict[str, int] = {}
        """Calls that were refused before anybody's certificate was known, by reason."""

    def of(self, partner: PartyId) -> LinkHealth:
        """How the links to one partner are."""
        return self._links.get(partner, LinkHealth())

    def secured(self, partner: PartyId, group: KeyExchange, certificate_ends: Instant) -> None:
        """A handshake ended as it should."""
        self._links[partner] = msgspec.structs.replace(
            self.of(partner), group=group, partner_certificate_ends=certificate_ends, fault=""
        )

    def bar(self, partner: PartyId, words: str) -> None:
        """No link with this partner any more, in neither direction, until the node starts anew."""
        if partner not in self._barred:
            self._barred[partner] = words
            self.refused(partner, "revoked", words)

    def barred(self, partner: PartyId) -> str | None:
        """Why there may be no link with this partner; None when there may."""
        return self._barred.get(partner)

    def refused(self, partner: PartyId | None, reason: str, words: str) -> None:
        """A link was refused; None when nobody knows whose."""
        if partner is None:
            self.strangers[reason] = self.strangers.get(reason, 0) + 1
            return
        link = self.of(partner)
        counts = {**link.refused, reason: link.refused.get(reason, 0) + 1}
        self._links[partner] = msgspec.structs.replace(link, fault=words, refused=counts)
