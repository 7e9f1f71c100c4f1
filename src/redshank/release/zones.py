"""Zones: whether a place lies inside an outline that a policy names, for one place and for many alike.

Here: the even-odd rule on latitude and longitude in degrees (Shimrat, CACM 5(8), 1962, algorithm 112), half open, so
that of two zones that share an edge each place on it lies in one. Not here: which places count (`match`).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from redshank.release.policy import Outline
from redshank.terms.geo import Position

Degrees = npt.NDArray[np.float64]
Inside = npt.NDArray[np.bool_]
CLOSE_DEG: Final = 1e-9
"""A tenth of a millimetre: far more than two ways of rounding a sine differ by."""


def holds(outline: Outline, place: Position) -> bool:
    """Whether a place lies inside. Its edges are straight in degrees of latitude and longitude."""
    inside, (lat_a, lon_a) = False, outline[-1]
    for lat_b, lon_b in outline:
        if (lat_a > place.lat_deg) != (lat_b > place.lat_deg):
            share = (place.lat_deg - lat_a) / (lat_b - lat_a)
            inside ^= place.lon_deg < lon_a + share * (lon_b - lon_a)
        lat_a, lon_a = lat_b, lon_b
    return inside


def holds_each(outline: Outline, lat_deg: Degrees, lon_deg: Degrees) -> tuple[Inside, Inside]:
    """`holds` for many places, and for which of them it should be asked one by one: those within `CLOSE_DEG` of a
    corner's latitude or of an edge, where the last digit of a place decides."""
    inside, unsure = np.zeros(lat_deg.shape, bool), np.zeros(lat_deg.shape, bool)
    lat_a, lon_a = outline[-1]
    for lat_b, lon_b in outline:
        unsure |= np.abs(lat_deg - lat_b) < CLOSE_DEG
        if lat_a != lat_b:
            spans = (lat_a > lat_deg) != (lat_b > lat_deg)
            edge = lon_a + (lat_deg - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            inside ^= spans & (lon_deg < edge)
            unsure |= spans & (np.abs(lon_deg - edge) < CLOSE_DEG)
        lat_a, lon_a = lat_b, lon_b
    return inside, unsure
