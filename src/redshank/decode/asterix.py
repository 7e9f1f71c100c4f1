"""ASTERIX: a datagram of data blocks becomes reports, refusals and counts.

Here: block framing, source and time checks, limits. Not here: bits (layout), items (cat048, cat062). May
know: terms and the rest of this room.

ASTERIX has no version, no checksum and no date on the wire. So a block is believed as a whole or not at
all: if one record of it does not fit the configured edition, the others may be misread too. Blocks are
framed by their length, so the blocks before and after a bad one still count.
"""

from collections.abc import Callable
from functools import cache

from redshank.decode.cat048 import read_cat048
from redshank.decode.cat062 import read_cat062
from redshank.decode.decoded import Decoded, Reading
from redshank.decode.layout import SPARE, Layout, LayoutFault, ReadInteger, ReadNumber, Starts, layout_of
from redshank.decode.source import SourceConfig
from redshank.terms import limits
from redshank.terms.geo import check_position
from redshank.terms.instants import DAY_MS, Instant, utc_midnight_before
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Report, ReportKind

HEADER_BYTES = 3
TIME_ITEM = {48: "140", 62: "070"}
READERS: dict[int, Callable[[SourceConfig, str, bytes, Starts], Reading | Refusal]] = {
    48: read_cat048,
    62: read_cat062,
}


def decode_block(source: SourceConfig, data: bytes, now: Instant) -> Decoded:
    """All data blocks of one datagram (or of one piece of a recording), in their order.

    `now` is when the bytes arrived: it gives the times of day their date. Never raises on any bytes. After
    REFUSALS_PER_DATAGRAM refusals the rest is refused as one with TOO_LARGE.
    """
    reports: list[Report] = []
    refusals: list[Refusal] = []
    ignored = at = 0
    while at < len(data):
        if len(refusals) >= limits.REFUSALS_PER_DATAGRAM:
            refusals.append(Refusal(Reason.TOO_LARGE, f"byte {at}", "too many refusals: the rest was not read"))
            break
        end = block_end(data, at)
        if isinstance(end, Refusal):
            refusals.append(end)
            break
        category = data[at]
        if category in source.ignored:
            ignored += 1
        else:
            found, refused, passed = _block(source, data, at, end, now)
            reports += found
            refusals += refused
            ignored += passed
        at = end
    return Decoded(tuple(reports), tuple(refusals), ignored)


def block_end(data: bytes, at: int) -> int | Refusal:
    """Where the data block at `at` ends; TRUNCATED or MALFORMED when it has no whole header or body."""
    if len(data) - at < HEADER_BYTES:
        return Refusal(Reason.TRUNCATED, f"block at byte {at}", f"{len(data) - at} bytes are no block header")
    length = int.from_bytes(data[at + 1 : at + HEADER_BYTES], "big")
    if length < HEADER_BYTES:
        return Refusal(Reason.MALFORMED, f"CAT{data[at]:03d} at byte {at}", f"states a length of {length}")
    if at + length > len(data):
        detail = f"states {length} bytes, {len(data) - at} are there"
        return Refusal(Reason.TRUNCATED, f"CAT{data[at]:03d} at byte {at}", detail)
    return at + length


def block_instant(source: SourceConfig, block: bytes, now: Instant) -> Instant | None:
    """The time that the first record of a block states, on the day nearest to `now`; None without one.

    A raw recording holds no other clock.
    """
    category = block[0] if block else 0
    edition = source.edition_of(category)
    if edition is None or len(block) <= HEADER_BYTES:
        return None
    layout, fields = layout_of(category, edition), _head(category, edition)
    try:
        starts, _ = layout.record(block, HEADER_BYTES, len(block))
    except LayoutFault:
        return None
    seconds = fields[2](block, starts)
    return None if seconds is None else resolve_time_of_day(seconds, now)


def resolve_time_of_day(seconds: float, now: Instant) -> Instant:
    """Seconds since an unnamed UTC midnight, on that day which brings them nearest to `now`."""
    today = utc_midnight_before(now) + round(seconds * 1000)
    return Instant(min((today - DAY_MS, today, today + DAY_MS), key=lambda at: abs(at - now)))


@cache
def _head(category: int, edition: str) -> tuple[ReadInteger, ReadInteger, ReadNumber]:
    layout = layout_of(category, edition)
    time = layout.quantity(TIME_ITEM[category], "s")
    return layout.integer("010/SAC"), layout.integer("010/SIC"), time


def _block(
    source: SourceConfig, data: bytes, at: int, end: int, now: Instant
) -> tuple[list[Report], list[Refusal], int]:
    """One block: its reports, its refusals, and the number of records ignored."""
    category = data[at]
    name = f"CAT{category:03d} at byte {at}"
    edition = source.edition_of(category)
    if edition is None or category not in READERS:
        return [], [Refusal(Reason.WRONG_CATEGORY, name, f"source {source.id} has no edition for it")], 0
    records = _records(source, layout_of(category, edition), data, at + HEADER_BYTES, end)
    if isinstance(records, LayoutFault):
        reason = Reason.TRUNCATED if records.truncated else Reason.WRONG_EDITION
        detail = f"{records.what} at byte {records.at}, read as edition {edition}"
        return [], [Refusal(reason, name, detail)], 0
    reports: list[Report] = []
    refusals: list[Refusal] = []
    ignored = 0
    for starts in records:
        result = _record(source, category, edition, data, starts, now)
        if isinstance(result, Report):
            reports.append(result)
        elif result is None:
            ignored += 1
        elif result.reason in (Reason.WRONG_EDITION, Reason.MALFORMED):
            return [], [Refusal(result.reason, name, f"{result}, read as edition {edition}")], 0
        else:
            refusals.append(result)
            if len(refusals) >= limits.REFUSALS_PER_DATAGRAM:
                refusals.append(Refusal(Reason.TOO_LARGE, name, "too many refusals: the rest was not read"))
                break
    outside = sum(refusal.reason is Reason.POSITION_NOT_PLAUSIBLE for refusal in refusals)
    if not reports and outside >= limits.EDITION_WITNESSES:
        detail = f"all {outside} positions lie outside the source's area: edition {edition} or the area is wrong"
        return [], [Refusal(Reason.WRONG_EDITION, name, detail)], ignored
    return reports, refusals, ignored


def _records(source: SourceConfig, layout: Layout, data: bytes, at: int, end: int) -> list[Starts] | LayoutFault:
    records: list[Starts] = []
    try:
        while at < end:
            starts, after = layout.record(data, at, end)
            if source.check_spares and SPARE in starts:
                return LayoutFault(False, starts[SPARE], "a spare bit is set")
            records.append(starts)
            at = after
    except LayoutFault as fault:
        return fault
    return records


def _record(
    source: SourceConfig, category: int, edition: str, data: bytes, starts: Starts, now: Instant
) -> Report | Refusal | None:
    """One record; None when it is a simulated or test target and the source does not take those."""
    sac, sic, _ = _head(category, edition)
    sender = (sac(data, starts), sic(data, starts))
    if None in sender:
        return Refusal(Reason.MALFORMED, f"I{category:03d}/010", "the record does not name its source")
    if source.sac_sic and sender not in source.sac_sic:
        return Refusal(Reason.UNKNOWN_SOURCE, f"I{category:03d}/010", f"SAC {sender[0]} SIC {sender[1]}")
    reading = READERS[category](source, edition, data, starts)
    if isinstance(reading, Refusal):
        return reading
    if reading.simulated and not source.accept_simulated:
        return None
    return _report(source, reading, now)


def _report(source: SourceConfig, reading: Reading, now: Instant) -> Report | Refusal:
    at = resolve_time_of_day(reading.time_of_day_s, now)
    fault = _implausible(source, reading) or check_time(source, at, now)
    if fault is not None:
        return fault
    return Report(
        source=source.id,
        kind=ReportKind.PLOT if reading.track_number is None else ReportKind.TRACK,
        at=at,
        position=reading.position,
        covariance=reading.covariance,
        altitude_m=reading.altitude_m,
        velocity_e_mps=reading.velocity_e_mps,
        velocity_n_mps=reading.velocity_n_mps,
        sigma_velocity_mps=reading.sigma_velocity_mps,
        track_number=reading.track_number,
        ended=reading.ended,
        status=reading.status,
        cooperative=reading.cooperative,
    )


def check_time(source: SourceConfig, at: Instant, now: Instant) -> Refusal | None:
    """TIME_NOT_PLAUSIBLE when a time is too old for the source or lies in the future."""
    age_s = (now - at) / 1000
    if now - at > source.age_max_ms:
        detail = f"is {age_s:.0f} s old, at most {source.age_max_ms / 1000:.0f} s is taken"
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "time", detail)
    if at - now > limits.REPORT_AHEAD_MS:
        detail = f"is {-age_s:.1f} s ahead, at most {limits.REPORT_AHEAD_MS / 1000:.0f} s is taken"
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "time", detail)
    return None


def _implausible(source: SourceConfig, reading: Reading) -> Refusal | None:
    if reading.time_of_day_s * 1000 >= DAY_MS:
        return Refusal(Reason.BAD_TIME, "time of day", f"{reading.time_of_day_s:.1f} s is more than a day")
    place = check_position(reading.position.lat_deg, reading.position.lon_deg, source.area)
    if isinstance(place, Refusal):
        return place
    altitude = reading.altitude_m
    if altitude is not None and not source.altitude_min_m <= altitude <= source.altitude_max_m:
        return Refusal(
            Reason.VALUE_NOT_PLAUSIBLE,
            "altitude_m",
            f"{altitude:.0f} is not within {source.altitude_min_m:.0f}..{source.altitude_max_m:.0f}",
        )
    east, north = reading.velocity_e_mps or 0.0, reading.velocity_n_mps or 0.0
    if east**2 + north**2 > source.speed_max_mps**2:
        detail = f"{(east**2 + north**2) ** 0.5:.0f} is above {source.speed_max_mps:.0f}"
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "speed_mps", detail)
    worst = max(reading.covariance.ee_m2, reading.covariance.nn_m2) ** 0.5
    if worst > limits.SIGMA_MAX_M:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "sigma_m", f"{worst:.0f} is above {limits.SIGMA_MAX_M:.0f}")
    return None
