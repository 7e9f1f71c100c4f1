"""What a track's trail tells: how straight, how fast, about which place; and how likely each course is after it.

Here: `Past`, the features of a trail, the weights of courses. Not here: paths, borders. May know: terms.

The weights are a softmax of linear functions of the features (a mixture of experts: Jacobs and others 1991), fitted on
real flights (fitted.py). They know of a track what its places tell, nothing of what it is held to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redshank.forecast.motion import Reals
from redshank.terms.geo import to_plane
from redshank.terms.track import Track

Places = npt.NDArray[np.complex128]

LAG_S = 30  # positions of a track are good to some 100 m: at 10 s steps their noise would pass for speed
LAGS = 40  # 20 minutes, as long as a picture keeps a trail
PACE_LAGS = 10
SPANS = (4, 10, 20, 40)  # lags over which straightness is told
RADIUS_LEAST_S = 20.0  # what circles in a place needs some room: this long a way at its pace
FEATURES = ("one", "straight_2", "straight_5", "straight_10", "straight_20", "log_pace", "along_5", "along_20", "seen",
            "speed_by_pace")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Past:
    """What is known of the trails of some tracks, in the plane, relative to their last places."""

    features: Reals
    """(tracks, FEATURES)."""
    pace: Reals
    """Mean speed along the way of the last five minutes over the present speed; 1 if there is no trail."""
    net_mps: Places
    """Mean velocity over the trail; the present one if there is none."""
    centre_m: Places
    """Mean place."""
    radius_m: Reals
    """Root mean square distance from it."""

    def take(self, which: npt.NDArray[np.int64]) -> "Past":
        """Of some tracks."""
        return Past(
            self.features[which], self.pace[which], self.net_mps[which], self.centre_m[which], self.radius_m[which]
        )


def past_of(lagged_m: Places, velocity_mps: Places) -> Past:
    """From places at each LAG_S back, the newest first (tracks, LAGS + 1), relative to the newest, nan where the trail
    does not reach; and present velocities."""
    seen = np.isfinite(lagged_m.real).sum(axis=1) - 1
    rows = np.arange(len(lagged_m))
    step_m = np.nan_to_num(np.abs(np.diff(lagged_m, axis=1)))
    way_m = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(step_m, axis=1)], axis=1)
    speed = np.maximum(np.abs(velocity_mps), 1e-3)
    paced = np.minimum(PACE_LAGS, seen)
    pace_mps = np.where(paced > 0, way_m[rows, paced] / np.maximum(paced * LAG_S, 1), speed)
    pace_mps = np.clip(pace_mps, speed / 2, speed * 2)  # a trail with a jump in it does not make a fast object
    heading = velocity_mps / speed
    features = [np.ones(len(rows))]
    along = {}
    for span in SPANS:
        lags = np.minimum(span, seen)
        net = -lagged_m[rows, lags]
        features.append(np.where(lags > 0, np.abs(net) / np.maximum(way_m[rows, lags], 1e-3), 1.0))
        along[span] = np.where(lags > 0, (net * heading.conj()).real / np.maximum(np.abs(net), 1e-3), 1.0)
    features += [np.log(np.clip(pace_mps, 1.0, 400.0) / 40.0), along[10], along[40], seen / LAGS, speed / pace_mps]
    known = np.isfinite(lagged_m.real)
    places = np.where(known, lagged_m, 0.0)
    centre_m = places.sum(axis=1) / np.maximum(seen + 1, 1)
    spread = np.where(known, np.abs(places - centre_m[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(seen + 1, 1)
    net_mps = np.where(seen > 0, -lagged_m[rows, np.maximum(seen, 0)] / np.maximum(seen * LAG_S, 1), velocity_mps)
    return Past(
        np.stack(features, axis=1),
        pace_mps / speed,
        net_mps,
        centre_m,
        np.maximum(np.sqrt(spread), RADIUS_LEAST_S * pace_mps),
    )


def lagged_places(tracks: Sequence[Track], place_m: Places) -> Places:
    """Places of the tracks at each LAG_S back, in the plane relative to `place_m`, nan where the trail does not reach
    or is not finite. A trail may have gaps: it is followed straight across them."""
    lagged = np.full((len(tracks), LAGS + 1), np.nan + 0j)
    lagged[:, 0] = 0.0
    chosen = [_spaced(track) for track in tracks]
    lat = [lat for points in chosen for _, lat, _ in points]
    lon = [lon for points in chosen for _, _, lon in points]
    x, y = to_plane(lat, lon) if lat else (np.empty(0), np.empty(0))
    plane = np.asarray(x) + 1j * np.asarray(y)
    begin = 0
    for number, points in enumerate(chosen):
        end = begin + len(points)
        if points and np.isfinite(plane[begin:end]).all():
            age_s = np.array([0.0] + [age for age, _, _ in points])
            there = np.concatenate([[0.0], plane[begin:end] - place_m[number]])
            lags = np.arange(0, min(int(age_s[-1] / LAG_S), LAGS) + 1)
            lagged[number, : len(lags)] = np.interp(lags * LAG_S, age_s, there)
        begin = end
    return lagged


def _spaced(track: Track) -> list[tuple[float, float, float]]:
    """(age s, lat, lon) of points of the trail that stand at least LAG_S apart, newest first."""
    points: list[tuple[float, float, float]] = []
    last_s = 0.0
    for point in reversed(track.trail):
        age_s = (track.at - point.at) / 1_000
        if age_s - last_s >= LAG_S:
            points.append((age_s, point.position.lat_deg, point.position.lon_deg))
            last_s = age_s
            if age_s >= LAGS * LAG_S:
                break
    return points


def course_weights(features: Reals, table: Reals) -> Reals:
    """(tracks, courses) from the features and a table (features, courses): each row sums to 1."""
    # Not a matrix product: the libraries' last bits of it depend on how many tracks there are.
    logit = np.clip((np.nan_to_num(features)[:, :, None] * table).sum(axis=1), -50.0, 50.0)
    raw = np.exp(logit - logit.max(axis=1, keepdims=True))
    return np.asarray(raw / raw.sum(axis=1, keepdims=True))


def shares_of(weights: Reals, paths: int) -> npt.NDArray[np.int64]:
    """How many of so many paths each course gets: in proportion, the largest remainders rounded up (Hamilton)."""
    exact = weights * paths
    whole = np.floor(exact + 1e-9).astype(np.int64)
    left = paths - whole.sum(axis=1)
    rank = np.argsort(np.argsort(-(exact - whole), axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(whole + (rank < left[:, None]))
