"""Runs of a scene through Redshank's tracker and through peers, for the benchmarks of the tracker.

Here: our own run, the peers' environment and their runs, averages. Not here: scenes, figures.
"""

import subprocess
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.tak_servers import Absent, Peer, Start, environment
from benchmarks.tracker_scene import Floats, Scene, gospa, loaded, save
from redshank.picture.tracking.engine import scanned
from redshank.picture.tracking.field import Sensor, empty, scan_of

HERE = Path(__file__).parent
PEERS = Peer(
    "trackers",
    "Stone Soup 1.9.1 and kalbee 1.0.0",
    "MIT, Apache-2.0",
    "tracker_peers.lock",
    lambda _a, _b: Start((), {}),
)
SHOWN = 0.5
CUT_M = 300.0
PEER_S = 3_600


class Result(NamedTuple):
    """One program over one scene, after the scans in which all begin."""

    gospa_m: float
    located_m: float
    missed: float
    false: float
    wall_ms: float
    """Median of a scan; and of the processor's time alone."""
    cpu_ms: float


def judged(shown: list[Floats], scene: Scene, first: int, wall: list[float], cpu: list[float]) -> Result:
    """Averages over the scans from `first` on."""
    rows = np.array([gospa(shown[k], scene.truth[k], CUT_M) for k in range(first, len(shown))])
    return Result(*rows.mean(axis=0).tolist(), median(wall[first:]) * 1e3, median(cpu[first:]) * 1e3)


def ours(scene: Scene, first: int, births: float = 0.002) -> Result:
    """`births`: density of objects not yet tracked, by that of all."""
    density = len(scene.truth[0]) / scene.side_m**2
    sensor, field = Sensor(scene.detection, scene.clutter_per_m2, births * density), empty()
    shown, wall, cpu = [], [], []
    for k, plots in enumerate(scene.plots):
        scan = scan_of(np.ascontiguousarray(plots[:, 0]), np.ascontiguousarray(plots[:, 1]), scene.sigma_m)
        begin, began = time.perf_counter(), time.thread_time()
        field = scanned(field, scan, sensor, round(k * scene.step_s * 1_000))
        cpu.append(time.thread_time() - began)
        wall.append(time.perf_counter() - begin)
        shown.append(field.mean()[field.exist > SHOWN, :2])
    return judged(shown, scene, first, wall, cpu)


def peer(folder: Path, script: str, scene: Scene, scans: int, first: int, tuning: tuple[int, ...]) -> Result:
    """A peer over the first scans; Absent if it can not be had or does not end within an hour."""
    python = environment(PEERS)
    save(folder / "scene.npz", scene, scans)
    told = [str(python), str(HERE / script), str(folder / "scene.npz"), str(folder / "out.npz"), *map(str, tuning)]
    try:
        subprocess.run(told, check=True, timeout=PEER_S, capture_output=True, text=True)
    except subprocess.TimeoutExpired as late:
        raise Absent(f"{script} did not end within an hour") from late
    except subprocess.CalledProcessError as failed:
        raise Absent(f"{script}: {failed.stderr.strip().splitlines()[-1]}") from failed
    shown, seconds = loaded(folder / "out.npz", scans)
    return judged(shown, scene, first, seconds.tolist(), seconds.tolist())
