"""Lines: the health of each channel as the officer sees it.

Here: what was last heard on a line and when, what was refused. Not here: sockets (edges), logs (log). May know: terms.
"""

from collections.abc import Mapping

import msgspec

from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One channel. `failing_since` is set while deliveries do not get through."""

    channel: ChannelId
    last_contact: Instant | None = None
    failing_since: Instant | None = None
    why: str = ""
    tests_sent: int = 0
    test_sent_at: Instant | None = None
    test_serial: int | None = None
    """Serial of the newest TEST that has no TEST-REPLY yet."""
    last_test: Instant | None = None
    """When the newest TEST-REPLY came."""
    refusals: Mapping[Reason, int] = {}

    def heard(self, now: Instant) -> "Line":
        """The partner was in contact."""
        return msgspec.structs.replace(self, last_contact=now, failing_since=None, why="")

    def failed(self, now: Instant, why: str) -> "Line":
        """The partner could not be reached; the first failure's time stays."""
        return msgspec.structs.replace(self, failing_since=self.failing_since or now, why=why)

    def refused(self, reason: Reason) -> "Line":
        """Something of the partner's was refused; it is counted by reason."""
        count = self.refusals.get(reason, 0) + 1
        return msgspec.structs.replace(self, refusals={**self.refusals, reason: count})
