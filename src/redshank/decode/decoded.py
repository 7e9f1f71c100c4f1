"""Decoded: what came out of some bytes of a feed, and the counts that are kept of it.

Here: one ASTERIX record in SI units (`Reading`), one batch (`Decoded`), the running counts of a source
(`FeedCounts`). Not here: how bytes are read, which values are plausible. May know: terms.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.ids import SourceId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

NAUTICAL_MILE_M = 1_852.0
FOOT_M = 0.3048
FLIGHT_LEVEL_M = 100 * FOOT_M


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One target. `time_of_day_s` is seconds since a UTC midnight that the record does not name."""

    time_of_day_s: float
    position: Position
    covariance: HorizontalCovariance
    altitude_m: float | None = None
    velocity_e_mps: float | None = None
    velocity_n_mps: float | None = None
    sigma_velocity_mps: float | None = None
    track_number: int | None = None
    ended: bool = False
    status: Status = Status.UNKNOWN
    cooperative: bool = False
    simulated: bool = False


def velocity(speed_mps: float, course_deg: float) -> tuple[float, float]:
    """East and north component of a ground speed on a true course."""
    course = math.radians(course_deg)
    return speed_mps * math.sin(course), speed_mps * math.cos(course)


class Decoded(msgspec.Struct, frozen=True):
    """One batch: reports, refusals (one per refused record, block or datagram), and what was passed over
    by design."""

    reports: tuple[Report, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    ignored: int = 0
    """Blocks of categories that the source lists as ignored, and records marked as simulated or test
    targets."""
    dropped: int = 0
    """Datagrams that an overfull queue threw away before anyone looked at them."""

    superseded: int = 0
    """Reports of system tracks that a newer one of the same track overtook before anybody looked: taken, not needed."""

    def batches(self, size: int = limits.REPORTS_PER_BATCH) -> Iterator["Decoded"]:
        """The same content in batches of at most `size` reports; refusals and counts go with the first."""
        yield Decoded(self.reports[:size], self.refusals, self.ignored, self.dropped, self.superseded)
        for start in range(size, len(self.reports), size):
            yield Decoded(self.reports[start : start + size])


def join(parts: Sequence[Decoded]) -> Decoded:
    """Several results as one, in their order."""
    if len(parts) == 1:
        return parts[0]
    return Decoded(
        tuple(report for part in parts for report in part.reports),
        tuple(refusal for part in parts for refusal in part.refusals),
        sum(part.ignored for part in parts),
        sum(part.dropped for part in parts),
        sum(part.superseded for part in parts),
    )


def newest_only(parts: Sequence[Decoded]) -> Decoded:
    """Several results of one source as one, with the newest report of each system track only, in their order.

    A system track is an estimate already: a newer one replaces it. Plots and sightings are observations, each of which
    counts, and a number whose track ends may come again as another object: such reports are all kept.
    """
    whole = join(parts)
    newest: dict[int, int] = {}
    ended = {report.track_number for report in whole.reports if report.ended}
    for place, report in enumerate(whole.reports):
        number = report.track_number
        if report.kind is ReportKind.TRACK and number is not None and number not in ended:
            held = newest.get(number)
            if held is None or whole.reports[held].at <= report.at:
                newest[number] = place
    kept = tuple(
        report
        for place, report in enumerate(whole.reports)
        if report.track_number not in newest
        or report.kind is not ReportKind.TRACK
        or newest[report.track_number] == place
    )
    over = len(whole.reports) - len(kept)
    return msgspec.structs.replace(whole, reports=kept, superseded=whole.superseded + over)


class FeedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Running counts of one source, for the health page. `refused` is sorted by reason."""

    source: SourceId
    accepted: int = 0
    refused: tuple[tuple[Reason, int], ...] = ()
    ignored: int = 0
    dropped: int = 0
    last_at: Instant | None = None
    """When the source last gave a report that was accepted (the time of receipt, not of the observation)."""

    def plus(self, decoded: Decoded, now: Instant) -> "FeedCounts":
        """The counts with one more batch."""
        refused = Counter(dict(self.refused))
        refused.update(refusal.reason for refusal in decoded.refusals)
        return FeedCounts(
            source=self.source,
            accepted=self.accepted + len(decoded.reports) + decoded.superseded,
            refused=tuple(sorted(refused.items())),
            ignored=self.ignored + decoded.ignored,
            dropped=self.dropped + decoded.dropped,
            last_at=now if decoded.reports else self.last_at,
        )
