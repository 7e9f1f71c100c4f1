"""Coarse: the steps in which places, times and numbers are said. Integers only, so that every language rounds alike.

Here: rounding to a step's number and back. Not here: bits. May know: terms. What is said is never finer than what
release let out: it is made from the released message alone, and an accuracy grows by as much as its place was moved.
"""

from math import isqrt
from typing import Final

from redshank.exchange.bounds import ACCURACY_MAX_M, LAT_MIN_E7, LON_MIN_E7, SEARCH_RADIUS_MAX_M
from redshank.terms import limits
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import PointE7

_E7: Final = 10_000_000
PER_DEGREE: Final = 600
"""Steps of a tenth of a minute of arc: 186 m of latitude, 61 to 127 m of longitude in the region."""
LAT_FIRST: Final = LAT_MIN_E7 * PER_DEGREE // _E7
LON_FIRST: Final = LON_MIN_E7 * PER_DEGREE // _E7
LAT_STEPS: Final = 9_000
LON_STEPS: Final = 15_600
RADIUS_STEP_M: Final = 100
ALTITUDE_STEP_M: Final = 50
ALTITUDE_FIRST_M: Final = -500
TIME_STEP_S: Final = 10
OFFSET_FIRST: Final = -720
"""Times of a forecast: from two hours before the statement to 3 h 41 min after it."""
OFFSET_STEPS: Final = 2_048
SPREAD_STEPS: Final = 512


def place_steps(point: PointE7) -> tuple[int, int]:
    """The nearest point of the grid, counted from its south-west corner."""
    north = (point.lat_e7 * PER_DEGREE + _E7 // 2) // _E7 - LAT_FIRST
    east = (point.lon_e7 * PER_DEGREE + _E7 // 2) // _E7 - LON_FIRST
    return north, east


def place_of(north: int, east: int) -> PointE7:
    """A point of the grid."""
    half = PER_DEGREE // 2
    return PointE7(
        ((north + LAT_FIRST) * _E7 + half) // PER_DEGREE,
        ((east + LON_FIRST) * _E7 + half) // PER_DEGREE,
    )


def moved_m(point: PointE7) -> int:
    """How far at most the rounding moves a point, in whole metres upwards. No degree of a meridian is longer than
    111,700 m on WGS 84, and none of a parallel north of 47 N longer than that times cos 47."""
    rounded = place_of(*place_steps(point))
    north, east = rounded.lat_e7 - point.lat_e7, rounded.lon_e7 - point.lon_e7
    square = north * north * 10_000 + east * east * 4_652  # cos(47 deg)^2 = 0.4651
    root = isqrt(square)
    root += root * root < square
    return -(-root * 1_117 // _E7)


def radius_steps(radius_m: int, moved: int) -> int:
    """A radius that holds what it held before the point was moved."""
    return -(-(radius_m + moved) // RADIUS_STEP_M)


def accuracy_steps(accuracy_m: int, moved: int) -> int:
    """The same for an accuracy, which ends at 200 km: beyond, it says nothing."""
    return min(ACCURACY_MAX_M // RADIUS_STEP_M, radius_steps(accuracy_m, moved))


def search_steps(radius_m: int, moved: int) -> int:
    """The same for a search radius, which ends at 1,000 km."""
    return min(SEARCH_RADIUS_MAX_M // RADIUS_STEP_M, radius_steps(radius_m, moved))


def altitude_steps(altitude_m: int) -> int:
    """To the nearest 50 m, from 500 m below the sea on."""
    return (altitude_m - ALTITUDE_FIRST_M + ALTITUDE_STEP_M // 2) // ALTITUDE_STEP_M


def percent(permille: int) -> int:
    """To the nearest percent; what is not certain never becomes certain, nor impossible."""
    return permille // 10 if permille in (0, 1000) else min(99, max(1, (permille + 5) // 10))


def window_steps(p10: Instant, p50: Instant, p90: Instant, stated_s: int) -> tuple[int, int, int] | None:
    """A time window as steps after the statement: the median, and how much earlier and later its ends are. Rounded
    outwards, the median to the start of its step. None when it does not fit."""
    zero, step = stated_s * SECOND_MS, TIME_STEP_S * SECOND_MS
    early, middle, late = (p10 - zero) // step, (p50 - zero) // step, -(-(p90 - zero) // step)
    spreads = middle - early, late - middle
    fits = 0 <= middle - OFFSET_FIRST < OFFSET_STEPS and max(spreads) < SPREAD_STEPS
    return (middle - OFFSET_FIRST, *spreads) if fits and zero + early * step >= 0 else None


def window_of(offset: int, before: int, after: int, stated_s: int) -> tuple[Instant, Instant, Instant]:
    """The window of the steps."""
    middle = offset + OFFSET_FIRST
    early, mid, late = (
        Instant((stated_s + steps * TIME_STEP_S) * SECOND_MS) for steps in (middle - before, middle, middle + after)
    )
    return early, mid, late


# --- whole minutes, for what lasts or is long past -----------------------------------------------------------------

MINUTE_MS: Final = 60_000
SPAN_MINUTES: Final = limits.STATED_SPAN_MS // MINUTE_MS
PAST_MINUTES: Final = limits.STATED_PAST_MS // MINUTE_MS
END_STEP_MS: Final = 10 * MINUTE_MS
END_STEPS: Final = limits.FLIGHT_END_MS // END_STEP_MS


def span_steps(begin: Instant, end: Instant, stated_s: int) -> tuple[int, int]:
    """When something begins, in minutes after the statement (negative: before), and how many minutes it lasts; rounded
    outwards, and ended at the bounds of a message."""
    zero = stated_s * SECOND_MS
    early = max((begin - zero) // MINUTE_MS, -(zero // MINUTE_MS))
    late = -(-(end - zero) // MINUTE_MS)
    return early, min(SPAN_MINUTES, late - early)


def span_of(early: int, lasts: int, stated_s: int) -> tuple[Instant, Instant]:
    """From and until."""
    begin = stated_s * SECOND_MS + early * MINUTE_MS
    return Instant(begin), Instant(begin + lasts * MINUTE_MS)


def past_steps(at: Instant, stated_s: int) -> int:
    """How many minutes before the statement something was, rounded away from it; 0 for what its clock calls later."""
    zero = stated_s * SECOND_MS
    return min(PAST_MINUTES, zero // MINUTE_MS, max(0, -((at - zero) // MINUTE_MS)))


def past_of(minutes: int, stated_s: int) -> Instant:
    """The time of the steps."""
    return Instant(stated_s * SECOND_MS - minutes * MINUTE_MS)


def end_steps(end: Instant, stated_s: int) -> int:
    """When a flight ends, in steps of ten minutes after the statement, upwards."""
    return min(END_STEPS, -(-(end - stated_s * SECOND_MS) // END_STEP_MS))


def end_of(steps: int, stated_s: int) -> Instant:
    """The time of the steps."""
    return Instant(stated_s * SECOND_MS + steps * END_STEP_MS)


def looked_steps(radius_m: int, moved: int) -> int:
    """A radius of what was looked at: downwards, so that nobody is said to have looked where he did not."""
    return max(0, radius_m - moved) // RADIUS_STEP_M
