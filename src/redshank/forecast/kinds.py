"""Kinds of objects: which courses they may take, how likely after which trail, and the recalibration of the result.

Here: `Kind`, the four kinds, `kind_of`, `weights_of`, `recalibrated`. Not here: paths, trails, the fitted numbers.
May know: terms.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from redshank.forecast import fitted
from redshank.forecast.motion import BALLOON, SLOW_FLIER, Motion, Reals
from redshank.forecast.trail import FEATURES, course_weights
from redshank.terms.crossing import Course
from redshank.terms.track import Status, Track

Table = tuple[tuple[float, ...], ...]
KNOTS = (0.0, 0.03, 0.08, 0.16, 0.3, 0.5, 0.7, 0.84, 0.92, 0.97, 1.0)
"""Shares of paths at which a recalibration is told: denser where a small difference matters."""
HORIZONS_MS = tuple(seconds * 1_000 for seconds in fitted.HORIZONS_S)


@dataclass(frozen=True, eq=False)  # one kind is itself: it is looked up for each track
class Kind:
    """What moves alike: its motions, the table of their weights (a row for each feature of a trail, a column for each
    course of fitted.COURSES), and for each horizon of fitted.HORIZONS_S the recalibration, as values at KNOTS."""

    motions: tuple[Motion, ...]
    table: Table = ()
    """Empty where there is one motion."""
    maps: Table = ()
    """Empty: the share of the paths is the probability."""
    fail_share: float = 0.0
    """ASSUMED: flights that come down unforeseen are too few in the recordings to fit it."""
    assumed: tuple[float, ...] = ()
    """Weights by motion that are taken instead of the table's, the more the straighter the trail of ten minutes is."""


WARNS = Kind(SLOW_FLIER, fitted.SLOW, fail_share=0.04, assumed=(0.55, 0.25, 0.06, 0.04, 0.06, 0.04))
"""What nobody has named, and drones. ASSUMED: no public set of truth exists for such flights; documented nights give
150 to 160 km/h and long straight legs with turns. Weighed like the gliders and survey aircraft of the fit, one that
flies straight at a border would be held less likely to come than it is; so the fit counts as the trail winds. Not
recalibrated."""
SLOW = Kind(SLOW_FLIER, fitted.SLOW, fitted.SLOW_MAPS, fail_share=0.02)
FAST = Kind(SLOW_FLIER, fitted.FAST, fitted.FAST_MAPS)
CARRIED = Kind(BALLOON)

KIND_OF: Mapping[Status, Kind] = {
    Status.BALLOON: CARRIED,
    Status.AIRCRAFT: FAST,
    Status.HELICOPTER: SLOW,
    Status.BIRDS: SLOW,
}


def kind_of(track: Track, kinds: Mapping[Status, Kind] = KIND_OF) -> Kind:
    """By what the track is held to be. What is not named there: a slow flier like those of the fit if it answers a
    transponder, else WARNS."""
    return kinds.get(track.status, SLOW if track.cooperative else WARNS)


def weights_of(kind: Kind, features: Reals) -> Reals:
    """(tracks, motions of the kind), each row summing to 1."""
    if not kind.table:
        return np.ones((len(features), 1))
    fit = course_weights(features, np.array(kind.table))
    named = [Course(name) for name in fitted.COURSES]
    columns = [named.index(one.course) if one.course in named else None for one in kind.motions]
    shares = [
        np.full(len(features), kind.fail_share) if column is None else (1 - kind.fail_share) * fit[:, column]
        for column in columns
    ]
    weights = np.stack(shares, axis=1)
    if kind.assumed:
        straight = features[:, [FEATURES.index("straight_10")]] ** 2
        weights = straight * np.array(kind.assumed) + (1 - straight) * weights
    return weights


def recalibrated(kind: Kind, probability: Reals, horizon_s: float) -> Reals:
    """By a monotone map, straight between KNOTS and between the fitted horizons. Zero stays zero: a border that no path
    crosses is not reported."""
    if not kind.maps:
        return probability
    values = [np.interp(horizon_s, fitted.HORIZONS_S, column) for column in np.array(kind.maps).T]
    return np.asarray(np.where(probability > 0, np.interp(probability, KNOTS, values), 0.0))
