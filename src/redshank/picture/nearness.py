"""Nearness: which of two sets of states can be one object, and how likely.

Here: the statistical distance of pairs, and the way to the few pairs that matter. Not here: who is paired (partners).
May know: terms.
"""

import numpy as np
import shapely

from redshank.picture.joining import Times, bring, stack
from redshank.picture.kinematics import (
    CHI2_4_99,
    SPEED_CHANGE_MPS,
    SPEED_CHANGE_SHARE,
    Array,
    Places,
    distance2,
    seconds,
)
from redshank.picture.state import Estimate
from redshank.terms.instants import Instant


def gated(ours: list[Estimate], theirs: list[Estimate]) -> Array:
    """Distance2 and log volume of the joint covariance of each pair inside the 99 % gate; infinite outside of it."""
    i, j = _near(ours, theirs)
    d2, volume = costs([ours[k] for k in i], [theirs[k] for k in j])
    inside = d2 < CHI2_4_99
    cost = np.full((len(ours), len(theirs)), np.inf)
    cost[i[inside], j[inside]] = d2[inside] + volume[inside]
    return cost


def _near(ours: list[Estimate], theirs: list[Estimate]) -> tuple[Places, Places]:
    """All pairs that can lie inside the 99 % gate, and few others: of a thousand tracks and a thousand a thousand pairs
    are looked at and not a million."""
    last = max(one.at for one in (*ours, *theirs))
    (place_a, reach_a), (place_b, reach_b) = (_reach(stack(some), last) for some in (ours, theirs))
    tree = shapely.STRtree(np.asarray(shapely.points(place_b)))
    i, j = tree.query(shapely.points(place_a), predicate="dwithin", distance=reach_a + reach_b.max())
    near = np.hypot(*(place_a[i] - place_b[j]).T) <= reach_a[i] + reach_b[j]
    order = np.lexsort((j[near], i[near]))
    return i[near][order], j[near][order]


def _reach(states: tuple[Array, Array, Times], last: Instant) -> tuple[Array, Array]:
    """Places, and how far from each a state that is the same object may lie: the gate's width by the spread that it can
    grow to until `last`, and its way until then. Spreads of a sum add up to no less than its spread."""
    mean, cov, at = states
    wait_s = seconds(np.full(len(at), last), at)
    speed = np.hypot(mean[:, 2], mean[:, 3])
    place_m, velocity_mps = (np.sqrt(cov[:, k, k] + cov[:, k + 1, k + 1]) for k in (0, 2))
    noise_mps = SPEED_CHANGE_SHARE * speed + SPEED_CHANGE_MPS
    spread_m = place_m + wait_s * (velocity_mps + noise_mps)
    return mean[:, :2], np.sqrt(CHI2_4_99) * spread_m + wait_s * speed


def costs(ours: list[Estimate], theirs: list[Estimate]) -> tuple[Array, Array]:
    """(distance2, log volume of the joint covariance) of pairs, each at its later one's time."""
    mean_a, cov_a, at_a = stack(ours)
    mean_b, cov_b, at_b = stack(theirs)
    to = np.maximum(at_a, at_b)
    first, spread_a = bring(mean_a, cov_a, at_a, to)
    second, spread_b = bring(mean_b, cov_b, at_b, to)
    d2 = distance2(first, spread_a, second, spread_b)
    return d2, np.linalg.slogdet(spread_a + spread_b)[1]
