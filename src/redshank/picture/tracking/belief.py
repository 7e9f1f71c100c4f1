"""Belief: the probability that a track made a plot, for all tracks and plots of a scan together.

Here: loopy belief propagation for data association (Williams and Lau 2014, IEEE TAES 50(4), algorithm of section III)
with the existence of tracks and the births of the track-oriented multi-Bernoulli filter (Williams 2015, IEEE TAES
51(3)). Exact where the graph of tracks and plots has no loop, else close (the tests say how close). Not here: gates,
states. May know: nothing.
"""

from typing import NamedTuple

import numpy as np

from redshank.picture.tracking.compiled import compiled
from redshank.picture.tracking.field import Floats, Short, Whole

ROUNDS, CLOSE = 40, 1e-5
"""Messages are passed until none of them changes by more than this share. Where two sure tracks want one plot that
comes slowly, and the shares hardly move any more: the tests hold what is left against the exact sum."""


class Shares(NamedTuple):
    """Probabilities after a scan."""

    pair: Floats
    """That the track exists and made this plot, for each pair."""
    none: Floats
    """That a track made no plot, existing or not."""
    loose: Floats
    """That no track made the plot."""


@compiled
def shared(start: Whole, plot: Short, weight: Floats, missed: Floats, plots: int) -> Shares:
    """Shares of pairs in order of track. `weight` is r Pd l / (clutter and births), `missed` is 1 - r Pd."""
    n, total, rivals = len(missed), np.zeros(plots), np.zeros(plots, np.int32)
    for k in range(start[n]):
        rivals[plot[k]] += 1
    out, back = np.empty(start[n]), np.ones(start[n])
    contested, count = np.empty(n, np.int32), 0
    for i in range(n):
        first, last = start[i], start[i + 1]
        alone = True
        for k in range(first, last):
            alone = alone and rivals[plot[k]] == 1
        if not alone:
            contested[count] = i
            count += 1
        if last == first + 1:
            out[first] = weight[first] / missed[i]
            total[plot[first]] += out[first]
        elif last > first:
            forward(i, start, plot, weight, missed, back, out, total)
    agreed(contested[:count], start, plot, weight, missed, back, out, total)
    return ended(start, plot, weight, missed, back, total, out)


@compiled
def agreed(
    contested: Short,
    start: Whole,
    plot: Short,
    weight: Floats,
    missed: Floats,
    back: Floats,
    out: Floats,
    total: Floats,
) -> None:
    """Passes messages between tracks that have a plot in common until they agree."""
    for _ in range(ROUNDS):
        if len(contested) == 0 or backward(contested, start, plot, back, out, total) < CLOSE:
            break
        for i in contested:
            for k in range(start[i], start[i + 1]):
                total[plot[k]] = 0.0
        for i in contested:
            forward(i, start, plot, weight, missed, back, out, total)


@compiled
def forward(
    i: int, start: Whole, plot: Short, weight: Floats, missed: Floats, back: Floats, out: Floats, total: Floats
) -> None:
    """The track's messages to its plots."""
    everything = missed[i]
    for k in range(start[i], start[i + 1]):
        everything += weight[k] * back[k]
    for k in range(start[i], start[i + 1]):
        out[k] = weight[k] / max(everything - weight[k] * back[k], 1e-300)
        total[plot[k]] += out[k]


@compiled
def backward(contested: Short, start: Whole, plot: Short, back: Floats, out: Floats, total: Floats) -> float:
    """The plots' messages to the tracks; returns the largest relative change."""
    change = 0.0
    for i in contested:
        for k in range(start[i], start[i + 1]):
            was = back[k]
            back[k] = 1.0 / (1.0 + max(total[plot[k]] - out[k], 0.0))
            change = max(change, abs(back[k] - was) / was)
    return change


@compiled
def ended(
    start: Whole, plot: Short, weight: Floats, missed: Floats, back: Floats, total: Floats, pair: Floats
) -> Shares:
    """Probabilities from the last messages."""
    none, loose = np.empty(len(missed)), np.empty(len(total))
    for i in range(len(missed)):
        none[i] = 1.0
        if start[i] == start[i + 1]:
            continue
        everything = missed[i]
        for k in range(start[i], start[i + 1]):
            everything += weight[k] * back[k]
        per = 1.0 / everything
        none[i] = missed[i] * per
        for k in range(start[i], start[i + 1]):
            pair[k] = weight[k] * back[k] * per
    for j in range(len(total)):
        loose[j] = 1.0 / (1.0 + total[j])
    return Shares(pair, none, loose)
