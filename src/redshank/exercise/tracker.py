"""Tracker: a simple national tracker, as the one that feeds a nation's control centre with CAT062.

Here: nearest-neighbour association and a constant-gain (alpha-beta) filter in the regional plane; pure. It
is a source of the exercise and not the picture of a node. May know: sensors, asterix_encoder, terms.
Gains: Benedict and Bordner (1962): beta = alpha^2 / (2 - alpha).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from redshank.exercise.asterix_encoder import SystemTrack
from redshank.exercise.scenario import Radar, Tracker
from redshank.exercise.sensors import Scan, plot_position
from redshank.terms.geo import Position, from_plane, to_plane, velocity_from_plane
from redshank.terms.instants import Instant

ALPHA = 0.35
BETA = ALPHA**2 / (2 - ALPHA)
GATE_M = 1_500.0
GATE_SPEED_MPS = 60.0
"""A plot may lie this much farther off for each second since the last one while the velocity is not yet
known."""
CONFIRMED_HITS = 4
DROPPED_AFTER_MS = 60_000
TENTATIVE_AFTER_MS = 25_000
SIGMA_M = 250.0
SIGMA_MPS = 6.0


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What the tracker sends at `at`."""

    at: Instant
    tracks: tuple[SystemTrack, ...]


@dataclass(frozen=True)
class _Target:
    number: int
    at: Instant
    x_m: float
    y_m: float
    vx_mps: float
    vy_mps: float
    altitude_m: float
    hits: int

    def moved(self, at: Instant) -> tuple[float, float]:
        dt = (at - self.at) / 1000
        return self.x_m + self.vx_mps * dt, self.y_m + self.vy_mps * dt


def batches(tracker: Tracker, radars: Mapping[str, Radar], arriving: Iterable[Scan]) -> Iterator[Batch]:
    """The tracker's output every `period_s`, sent `delay_s` after the moment that it describes."""
    targets: list[_Target] = []
    numbers = 0
    period_ms, delay_ms = round(tracker.period_s * 1000), round(tracker.delay_s * 1000)
    due: int | None = None
    for scan in arriving:
        due = scan.at if due is None else due
        while due <= scan.at:
            targets, sent = _report(tracker, targets, Instant(due))
            if sent:
                yield Batch(at=Instant(due + delay_ms), tracks=sent)
            due += period_ms
        for plot in scan.plots:
            x, y = (float(part) for part in to_plane(*_degrees(plot_position(radars[scan.radar], plot))))
            found = _nearest(targets, x, y, plot.at)
            altitude = plot.altitude_m or 0.0
            if found is None:
                numbers += 1
                targets.append(_Target(numbers, plot.at, x, y, 0.0, 0.0, altitude, 1))
            else:
                targets[targets.index(found)] = _updated(found, x, y, altitude, plot.at)


def _degrees(position: Position) -> tuple[float, float]:
    return position.lat_deg, position.lon_deg


def _nearest(targets: list[_Target], x: float, y: float, at: Instant) -> _Target | None:
    best, best_m = None, 0.0
    for target in targets:
        px, py = target.moved(at)
        off_m = float(((x - px) ** 2 + (y - py) ** 2) ** 0.5)
        gate_m = GATE_M + (GATE_SPEED_MPS * max(0.0, (at - target.at) / 1000) if target.hits < CONFIRMED_HITS else 0.0)
        if off_m <= gate_m and (best is None or off_m < best_m):
            best, best_m = target, off_m
    return best


def _updated(target: _Target, x: float, y: float, altitude_m: float, at: Instant) -> _Target:
    dt = (at - target.at) / 1000
    if dt < 1.0:  # a second radar saw it in the same moment, or plots came out of order
        return target
    altitude = target.altitude_m + 0.2 * (altitude_m - target.altitude_m)
    if target.hits == 1:
        vx, vy = (x - target.x_m) / dt, (y - target.y_m) / dt
        return replace(target, at=at, x_m=x, y_m=y, vx_mps=vx, vy_mps=vy, altitude_m=altitude, hits=2)
    px, py = target.moved(at)
    # The first updates take more of the plot, as a filter that does not know its state yet must.
    alpha = max(ALPHA, 2 * (2 * target.hits - 1) / (target.hits * (target.hits + 1)))
    beta = max(BETA, 6 / (target.hits * (target.hits + 1)))
    return replace(
        target,
        at=at,
        x_m=px + alpha * (x - px),
        y_m=py + alpha * (y - py),
        vx_mps=target.vx_mps + beta * (x - px) / dt,
        vy_mps=target.vy_mps + beta * (y - py) / dt,
        altitude_m=altitude,
        hits=target.hits + 1,
    )


def _report(tracker: Tracker, targets: list[_Target], at: Instant) -> tuple[list[_Target], tuple[SystemTrack, ...]]:
    kept: list[_Target] = []
    sent: list[SystemTrack] = []
    for target in targets:
        known = target.hits >= CONFIRMED_HITS
        over = at - target.at > (DROPPED_AFTER_MS if known else TENTATIVE_AFTER_MS)
        if not over:
            kept.append(target)
        if known:
            sent.append(_system_track(tracker, target, at, ended=over))
    return kept, tuple(sent)


def _system_track(tracker: Tracker, target: _Target, at: Instant, *, ended: bool) -> SystemTrack:
    x, y = target.moved(at)
    lat, lon = (float(part) for part in from_plane(x, y))
    east, north = (float(part) for part in velocity_from_plane(lat, lon, target.vx_mps, target.vy_mps))
    blind_s = max(0.0, (at - target.at) / 1000)
    return SystemTrack(
        at=at,
        track_number=target.number,
        position=Position(lat, lon),
        velocity_e_mps=east,
        velocity_n_mps=north,
        altitude_m=target.altitude_m,
        sigma_position_m=SIGMA_M + SIGMA_MPS * blind_s,
        sigma_velocity_mps=SIGMA_MPS,
        status=tracker.status,
        ended=ended,
    )
