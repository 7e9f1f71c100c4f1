"""Figures: numbers, units, times and places as text, the same in the pages' twin (`console/src/figures.ts`).

Here: integers of the wire in, text out. Not here: words. Times are ISO dates and UTC in every language, places degrees
and minutes with N and E as ICAO Annex 15 writes them: both officers read the same figures aloud. May know: nothing.
"""

from datetime import UTC, datetime
from typing import Final

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
CALENDAR_END_MS: Final = 253_402_300_800_000
"""10000-01-01; a message may state a later time, and then it is a number."""


def moment(at_ms: int) -> str | None:
    """``2026-05-07 00:30:01 UTC``, held together; None outside the calendar."""
    if not 0 <= at_ms < CALENDAR_END_MS:
        return None
    at = datetime.fromtimestamp(at_ms // 1000, UTC)
    return f"{at:%Y-%m-%d}{NBSP}{at:%H:%M:%S}{NBSP}UTC"


def window(from_ms: int, until_ms: int) -> str | None:
    """``00:35:02–00:52:10 UTC``; with dates where the two days differ. None outside the calendar."""
    begin, end = moment(from_ms), moment(until_ms)
    if begin is None or end is None:
        return None
    return f"{begin[11:19]}–{end[11:]}" if begin[:10] == end[:10] else f"{begin[:19]} – {end}"


def place(lat_e7: int, lon_e7: int) -> str:
    """``54°36.12′N 025°43.20′E``, held together: degrees and minutes, as aviation reads them."""
    north, east = ("S" if lat_e7 < 0 else "N"), ("W" if lon_e7 < 0 else "E")
    return f"{_angle(lat_e7, 2)}{north}{NBSP}{_angle(lon_e7, 3)}{east}"


def _angle(value_e7: int, digits: int) -> str:
    hundredths = (abs(value_e7) * 6000 + 5_000_000) // 10_000_000
    return f"{hundredths // 6000:0{digits}d}°{hundredths % 6000 // 100:02d}.{hundredths % 100:02d}′"


def tenths(value: int, decimal: str) -> str:
    """A number of tenths, with the decimal mark of a language."""
    return f"{value // 10}{decimal}{value % 10}"


def signed(value: int) -> str:
    """With a true minus."""
    return f"{MINUS}{-value}" if value < 0 else str(value)


def percent(permille: int) -> str:
    """Whole percent; never 0 or 100 for what is not certain."""
    if 0 < permille < 10:
        return "<1"
    return ">99" if 990 < permille < 1000 else str((permille + 5) // 10)


def course(degrees: int) -> str:
    """``075°``"""
    return f"{degrees % 360:03d}°"
