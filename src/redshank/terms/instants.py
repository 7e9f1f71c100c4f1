"""Instants: whole milliseconds of UTC since 1970-01-01 (POSIX time, no leap seconds).

Text is RFC 3339 with ``Z`` or ``+00:00``. A local or naive time is refused: in a documented case nobody could
say afterwards whether 23:00 had been Minsk time.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NewType

from redshank.terms.refusal import Reason, Refusal

Instant = NewType("Instant", int)

SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def parse_instant(text: str, field: str = "time") -> Instant | Refusal:
    """RFC 3339 UTC text to an instant; fractions below a millisecond are cut off.

    Refuses with LOCAL_TIME when the zone is missing or not UTC, with BAD_TIME when it is no time at all.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        return Refusal(Reason.BAD_TIME, field, f"not RFC 3339: {text[:40]!r}")
    *digits, fraction, zone = match.groups()
    if zone not in ("Z", "+00:00"):
        return Refusal(Reason.LOCAL_TIME, field, f"needs UTC, written with Z, got {text[:40]!r}")
    year, month, day, hour, minute, second = (int(part or 0) for part in digits)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        return Refusal(Reason.BAD_TIME, field, f"{text[:40]!r}: {error}")
    millis = int((fraction or "0")[:3].ljust(3, "0"))
    return Instant((moment - _EPOCH) // timedelta(milliseconds=1) + millis)


def format_instant(at: Instant) -> str:
    """``2026-05-07T00:30:00.000Z``; always three decimals, always Z."""
    moment = _EPOCH + timedelta(milliseconds=at)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"


def year_of(at: Instant) -> int:
    """The UTC calendar year of an instant: logs are kept by year."""
    return (_EPOCH + timedelta(milliseconds=at)).year


def utc_midnight_before(at: Instant) -> Instant:
    """The UTC midnight at or before an instant; ASTERIX gives seconds since midnight without a date."""
    return Instant(at - at % DAY_MS)
