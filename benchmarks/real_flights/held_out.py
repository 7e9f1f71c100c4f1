"""Forecasts of aircraft by what was fitted on others: ours and the rivals'.

Here: `Study`, `fit`, `forecast_held_out`, `rivals_held_out`. Not here: scores, words, files.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.real_flights import rivals
from benchmarks.real_flights.cases import Cases, Plan, shares_by_course, shares_crossing
from benchmarks.real_flights.fit import aircraft_weights, fit_recalibration, fit_weights
from redshank.forecast.kinds import HORIZONS_MS, Kind, recalibrated, weights_of
from redshank.forecast.motion import PATHS, SLOW_FLIER
from redshank.forecast.trail import shares_of

Reals = npt.NDArray[np.float64]
FITTED_COURSES = 5  # of SLOW_FLIER, in its order: all but coming down, of which the recordings tell nothing


@dataclass(frozen=True, eq=False)
class Study:
    """Some cases: those of `judged` aircraft are forecast, the others only learnt from. Fold -1: never held out."""

    cases: Cases
    plan: Plan
    judged: npt.NDArray[np.bool_]
    fold: npt.NDArray[np.int64]
    fail_share: float
    shares: Reals
    """By course, for the fit."""


def study(cases: Cases, plan: Plan, judged: Sequence[str], folds: int, fail_share: float) -> Study:
    """Numbers the folds by aircraft, and leads all cases on by every course."""
    names = sorted(judged)
    number = {name: place % folds for place, name in enumerate(names)}
    fold = np.array([number.get(one, -1) for one in cases.aircraft.tolist()])
    return Study(cases, plan, fold >= 0, fold, fail_share, shares_by_course(cases, plan))


def fit(given: Study, held_out: int | None) -> Kind:
    """Weights and recalibration, without the aircraft of a fold."""
    weight = learning(given, held_out)
    learn = weight > 0
    crossed = given.cases.crossed[learn]
    table = fit_weights(given.cases.past.features[learn], given.shares[:FITTED_COURSES, learn], crossed, weight[learn])
    count = Counter(given.cases.aircraft.tolist())
    plain = Kind(SLOW_FLIER, _rows(table), (), given.fail_share)
    p = np.einsum("nk,knhl->nhl", weights_of(plain, given.cases.past.features[learn]), given.shares[:, learn])
    alike = given.judged[learn] / np.array([count[one] for one in given.cases.aircraft[learn].tolist()])
    maps = [fit_recalibration(p[:, number], crossed[:, number], alike) for number in range(len(given.plan.horizons_s))]
    return Kind(SLOW_FLIER, plain.table, tuple(maps), given.fail_share)


def learning(given: Study, held_out: int | None) -> Reals:
    """The weight of each moment in a fit; zero for those held out. What is judged weighs three times the rest: it is
    what the forecast is for."""
    weight = aircraft_weights(given.cases.aircraft, np.where(given.judged, 2.0, 0.7))
    return np.where(given.fold == held_out, 0.0, weight) if held_out is not None else weight


def _rows(table: Reals) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(round(value, 4) for value in row) for row in table.tolist())


def forecast_held_out(given: Study) -> tuple[Reals, Reals]:
    """(moments, horizons, lines): as the product forecasts, and the same without the recalibration; nan where not
    judged. Beside them stand no others: each fold's aircraft by what its own fit gives."""
    told, raw = np.full(given.cases.crossed.shape, np.nan), np.full(given.cases.crossed.shape, np.nan)
    for held_out in range(given.fold.max() + 1):
        kind = fit(given, held_out)
        rows = np.flatnonzero(given.fold == held_out)
        some = given.cases.take(rows)
        raw[rows] = shares_crossing(some, given.plan, shares_of(weights_of(kind, some.past.features), PATHS))
        for number, values in enumerate(kind.maps):
            one = Kind(kind.motions, kind.table, (values,) * len(HORIZONS_MS), kind.fail_share)
            told[rows, number] = recalibrated(one, raw[rows, number], float(given.plan.horizons_s[number]))
    return told, raw


RIVALS = ("dead reckoning", "constant velocity", "climatology", "climatology by distance", "gradient boosting")


def rivals_held_out(given: Study, number: int, boosting: bool) -> dict[str, Reals]:
    """(moments, lines) of each rival at one horizon."""
    horizon_s, cases = float(given.plan.horizons_s[number]), given.cases
    told = {name: np.full(cases.crossed[:, number].shape, np.nan) for name in RIVALS}
    told["dead reckoning"] = rivals.dead_reckoning(cases, number, horizon_s)
    for held_out in range(given.fold.max() + 1):
        rows = given.fold == held_out
        # Climatology knows the judged kind alone: with the other flights in it, it would be a worse one.
        heard = np.isfinite(cases.crossed[:, number, 0])
        learn = ((given.fold != held_out) & heard & given.judged, learning(given, held_out))
        told["constant velocity"][rows] = rivals.constant_velocity(cases, number, horizon_s, learn)[rows]
        told["climatology"][rows] = rivals.climatology(cases, number, learn)[rows]
        told["climatology by distance"][rows] = rivals.climatology_by_distance(cases, number, horizon_s, learn)[rows]
    if not boosting:
        return {name: p for name, p in told.items() if name != "gradient boosting"}
    table = rivals.inputs(cases, number, horizon_s)
    weight = learning(given, None)
    told["gradient boosting"] = rivals.gradient_boosting(table, cases.crossed[:, number], given.fold, weight)
    return told
