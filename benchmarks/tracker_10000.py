"""A full scan of 10,000 slow fliers on one thread, and the replay of a minute after a plot that came 60 s late.

600 x 600 km, Pd 0.9, 1,000 false plots a scan, 30 m, each second; straight on in gusts, and again with one in twenty
always in a rate-one turn. Predict, gates, belief, update, births and ends; the arrays are given. The figure is the
processor time of the thread, since the machine has other work; wall time is told beside it.

Run: python -m benchmarks.tracker_10000 [SCANS]
"""

import sys
import time

import numpy as np

from benchmarks.figures import print_figure, quantile
from redshank.picture.tracking.engine import scanned
from redshank.picture.tracking.field import Field, Floats, Scan, Sensor, scan_of
from redshank.picture.tracking.late import Frame, begin, inserted

TARGETS, SIDE_M, SIGMA_M, WARM = 10_000, 600_000.0, 30.0, 20
GOAL_MS, P99_MS, REPLAY_MS = 1.0, 3.0, 100.0
SENSOR = Sensor(0.9, 0.1 * TARGETS / SIDE_M**2, 0.002 * TARGETS / SIDE_M**2)


def turning(scans: int, share: float = 0.05, seed: int = 1) -> list[Scan]:
    """Plots of each second."""
    draw = np.random.default_rng(seed)
    place, course = draw.uniform(0, SIDE_M, (2, TARGETS)), draw.uniform(0, 2 * np.pi, TARGETS)
    speed = draw.uniform(25, 60, TARGETS) * np.stack((np.sin(course), np.cos(course)))
    rate = np.zeros(TARGETS)
    told = []
    for second in range(scans):
        if second % 30 == 0:
            rate[:] = 0.0
            rate[draw.choice(TARGETS, int(share * TARGETS), replace=False)] = np.radians(3.0)
        gust = draw.normal(0, 0.5**0.5, speed.shape)
        c, s = np.cos(rate), np.sin(rate)
        speed = np.stack((c * speed[0] - s * speed[1], s * speed[0] + c * speed[1])) + gust
        place = place + speed
        told.append(seen(draw, place))
    return told


def seen(draw: np.random.Generator, place: Floats) -> Scan:
    """Plots of one scan, in no order."""
    there = place[:, draw.random(TARGETS) < SENSOR.detection]
    false = draw.uniform(0, SIDE_M, (2, draw.poisson(0.1 * TARGETS)))
    plots = np.hstack((there + draw.normal(0, SIGMA_M, there.shape), false))
    x, y = plots[:, draw.permutation(plots.shape[1])]
    return scan_of(x, y, SIGMA_M)


def measured(told: list[Scan]) -> tuple[list[float], list[float], Field]:
    """Processor and wall time of each scan after the first ones, ms, and the last field."""
    field, cpu, wall = begin().field, [], []
    for second, scan in enumerate(told):
        started, began = time.perf_counter(), time.thread_time()
        field = scanned(field, scan, SENSOR, second * 1_000)
        cpu.append((time.thread_time() - began) * 1e3)
        wall.append((time.perf_counter() - started) * 1e3)
    return cpu[WARM:], wall[WARM:], field


def main() -> None:
    """Measures and prints the figures."""
    scans = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    beside: dict[str, object] = {}
    for name, share in (("one in twenty turning", 0.05), ("straight, in gusts", 0.0)):
        told = turning(scans, share)
        cpu, wall, field = measured(told)
        figures = {"median_ms": quantile(cpu, 0.5), "p99_ms": quantile(cpu, 0.99), "least_ms": min(cpu),
                   "wall_ms": quantile(wall, 0.5), "wall_p99_ms": quantile(wall, 0.99)}  # fmt: skip
        beside[name] = {key: round(value, 3) for key, value in figures.items()}
        real = int((field.exist > 0.5).sum())
        print(f"{name}: {real} of {TARGETS} tracks, {field.size} with those that may be, {len(field.bank)} of several "
              f"models; {beside[name]}", flush=True)  # fmt: skip
    late_ms, late_cpu_ms = replay(told)
    print_figure(
        "tracker_10000", figures["median_ms"], 1_000.0, unit="ms", goal=GOAL_MS, goal_is_ours=True,
        also=(f"p99 <= {P99_MS:g} ms", figures["p99_ms"] <= P99_MS),
        beside={"peer_is": "the second that a scan lasts", **beside},
    )  # fmt: skip
    print_figure(
        "tracker_late", late_cpu_ms, 60_000.0, unit="ms", goal=REPLAY_MS, goal_is_ours=True,
        beside={"peer_is": "the minute that is replayed", "wall_ms": round(late_ms, 1)},
    )  # fmt: skip


def replay(told: list[Scan]) -> tuple[float, float]:
    """Wall and processor time, ms, until a plot of a second source, 60 s late, is in its place; medians of seven."""
    newest, line = len(told) - 1, begin()
    for second, scan in enumerate(told):
        line = inserted(line, Frame(second * 1_000, "a", scan, SENSOR)) or line
    plot, wall, cpu = scan_of(np.array([1e5]), np.array([1e5]), SIGMA_M), [], []
    for _ in range(7):
        started, began = time.perf_counter(), time.thread_time()
        after = inserted(line, Frame((newest - 60) * 1_000, "b", plot, SENSOR._replace(whole=False)))
        cpu.append((time.thread_time() - began) * 1e3)
        wall.append((time.perf_counter() - started) * 1e3)
        if after is None:
            raise SystemExit("the late plot was refused: no figure")
    return quantile(wall, 0.5), quantile(cpu, 0.5)


if __name__ == "__main__":
    main()
