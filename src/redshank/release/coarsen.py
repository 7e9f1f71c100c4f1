"""Coarsening: a fixed grid for places, steps for numbers, and the accuracy that honestly goes with them.

Here: pure arithmetic on degrees, metres and milliseconds. Not here: which grain applies (`policy`). May know: terms.

The grid is fixed to the earth and not to the object: a still object gives the same cell each time, so that no
averaging over many messages brings back what was taken away.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from redshank.terms.geo import Position
from redshank.terms.instants import Instant
from redshank.terms.message import PointE7

Floats = npt.NDArray[np.float64]
_E7: Final = 10_000_000
_METRES_PER_DEGREE_MAX: Final = 111_700.0
"""No degree of a meridian, and no degree of longitude divided by cos(latitude), is longer on WGS 84 (111,694)."""
_A_M: Final = 6_378_137.0
_E2: Final = 6.694379990141e-3
CHI2_95: Final = 5.991464547107979
"""95 % quantile of chi-square with two degrees of freedom, -2 ln 0.05: holds for a Gaussian in the plane."""


class Cell:
    """One cell of the grid: its centre, its half diagonal (an upper bound, metres) and the grid's side."""

    __slots__ = ("centre", "half_diagonal_m", "side_m")

    def __init__(self, position: Position, side_m: int) -> None:
        step_lat = max(1, round(side_m * _E7 / _METRES_PER_DEGREE_MAX))
        south = round(position.lat_deg * _E7) // step_lat * step_lat
        lat_e7 = south + step_lat // 2
        step_lon = max(1, round(step_lat / math.cos(math.radians(lat_e7 / _E7))))
        lon_e7 = round(position.lon_deg * _E7) // step_lon * step_lon + step_lon // 2
        self.centre = PointE7(lat_e7, lon_e7)
        self.side_m = side_m
        widest = math.cos(math.radians(min(abs(south), abs(south + step_lat)) / _E7))
        half_lat, half_lon = step_lat / _E7 / 2, step_lon / _E7 / 2 * widest
        self.half_diagonal_m = _METRES_PER_DEGREE_MAX * math.hypot(half_lat, half_lon) + 0.1


def snap(position: Position, side_m: int) -> PointE7:
    """The centre of the cell that holds a position."""
    return Cell(position, side_m).centre


def accuracy_m(cell: Cell, radius_95_m: float) -> int:
    """A bound for the distance from the cell's centre to the object, given one from the estimate, in whole half
    sides: by the triangle inequality the half diagonal is added."""
    step = max(1, cell.side_m // 2)
    return math.ceil((radius_95_m + cell.half_diagonal_m) / step) * step


def sigma_max_m(ee: float, en: float, nn: float) -> float:
    """Standard deviation along the worst direction of a 2 x 2 covariance in m2; NaN when it is none."""
    half = (ee - nn) / 2.0
    largest = (ee + nn) / 2.0 + math.sqrt(half * half + en * en)
    return math.sqrt(largest) if ee >= 0.0 and nn >= 0.0 and ee * nn * (1 + 1e-9) + 1e-6 >= en * en else math.nan


def sigma_max_each_m(ee: Floats, en: Floats, nn: Floats) -> Floats:
    """`sigma_max_m` of many covariances: the same arithmetic in the same order, so the same bits."""
    half = (ee - nn) / 2.0
    with np.errstate(invalid="ignore", over="ignore"):  # what is none becomes NaN, as it does there
        largest = (ee + nn) / 2.0 + np.sqrt(half * half + en * en)
        is_one = (ee >= 0.0) & (nn >= 0.0) & (ee * nn * (1 + 1e-9) + 1e-6 >= en * en)
        return np.where(is_one, np.sqrt(largest), np.nan)


def radius_95_m(sigma: float) -> float:
    """Radius of a disc about the estimate that holds the object with at least 95 %."""
    return math.sqrt(CHI2_95) * sigma


def moved(position: Position, east_m: float, north_m: float) -> Position:
    """A position moved by local metres on WGS 84's radii of curvature; the error is under d2/R (2 m for 3.6 km)."""
    sin_lat = math.sin(math.radians(position.lat_deg))
    w2 = 1.0 - _E2 * sin_lat * sin_lat
    meridian_m = _A_M * (1.0 - _E2) / (w2 * math.sqrt(w2))
    parallel_m = _A_M / math.sqrt(w2) * math.cos(math.radians(position.lat_deg))
    return Position(
        position.lat_deg + math.degrees(north_m / meridian_m), position.lon_deg + math.degrees(east_m / parallel_m)
    )


def moved_each(lat_deg: Floats, lon_deg: Floats, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """`moved` for many; a sine may differ in its last digit, which is 1e-9 m here."""
    sin_lat = np.sin(np.radians(lat_deg))
    w2 = 1.0 - _E2 * sin_lat * sin_lat
    meridian_m = _A_M * (1.0 - _E2) / (w2 * np.sqrt(w2))
    parallel_m = _A_M / np.sqrt(w2) * np.cos(np.radians(lat_deg))
    return lat_deg + np.degrees(north_m / meridian_m), lon_deg + np.degrees(east_m / parallel_m)


def floor_time(at: Instant, grain_s: int) -> Instant:
    """The start of the grain."""
    grain = grain_s * 1_000
    return Instant(at // grain * grain)


def ceil_time(at: Instant, grain_s: int) -> Instant:
    """The end of the grain."""
    grain = grain_s * 1_000
    return Instant(-(-at // grain) * grain)


def nearest(value: float, step: int) -> int:
    """The nearest multiple of a step; halves go up, so that the cells are half open and of one size."""
    return math.floor(value / step + 0.5) * step
