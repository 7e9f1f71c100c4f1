"""Where a wind forecast carries a balloon beyond what the wind of now does.

Here: `carried_m`. Not here: reading of wind, what else the wind may turn out to be (motion). May know: terms.
"""

import math

import numpy as np
import numpy.typing as npt

from redshank.forecast.motion import STEP_S, STEPS_KEPT
from redshank.terms.geo import Position
from redshank.terms.instants import Instant
from redshank.terms.track import Track
from redshank.terms.wind import Wind

STEP_OF_WIND_S = 300
DEGREE_M = 111_320.0


def carried_m(track: Track, wind: Wind) -> npt.NDArray[np.complex64]:
    """(STEPS_KEPT + 1): displacement east + i north in metres at each STEP_S from the track's state, against going on
    with its velocity.

    The object goes with its own velocity and the *change* of the field along its way: what the field's error and the
    object's own drag are now, they are taken to stay. From where the field ends on, its last change holds.
    """
    here, velocity = track.position, complex(track.velocity_e_mps, track.velocity_n_mps)
    first = wind.at(here, track.altitude_m, track.at)
    count = -(-STEPS_KEPT * STEP_S // STEP_OF_WIND_S)
    places, change, way = [0j], 0j, 0j
    for step in range(count if first is not None else 0):
        blows = wind.at(here, track.altitude_m, Instant(track.at + step * STEP_OF_WIND_S * 1_000))
        if blows is not None and first is not None:
            change = complex(*blows) - complex(*first)
        places.append(places[-1] + change * STEP_OF_WIND_S)
        way += (velocity + change) * STEP_OF_WIND_S
        here = Position(
            track.position.lat_deg + way.imag / DEGREE_M,
            track.position.lon_deg + way.real / (DEGREE_M * max(math.cos(math.radians(track.position.lat_deg)), 0.1)),
        )
    at_s = np.arange(STEPS_KEPT + 1) * STEP_S
    along = np.interp(at_s, np.arange(len(places)) * STEP_OF_WIND_S, np.array(places))
    return np.asarray(along, dtype=np.complex64)
