"""GOSPA in a dense scene beside Stone Soup's JPDA, its initiator and deleter tuned on another draw of the same scene.

200 fliers, one to the square kilometre, Pd 0.8, 100 false plots a scan, 30 m, every 2 s. Stone Soup gets each of the
tunings below on a scene of another seed, and the best one then on the scene that counts. Our births and lives were
chosen with a dense scene and `tracker_500` in sight, so that the two do not stand quite alike: fresh draws are needed
before the ratio is a claim.

Run: python -m benchmarks.tracker_dense [SCANS]
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.figures import print_figure
from benchmarks.tak_servers import Absent
from benchmarks.tracker_500 import told
from benchmarks.tracker_runs import Result, ours, peer
from benchmarks.tracker_scene import Scene, scene

FIRST, TARGETS = 12, 200
TUNINGS = ((3, 3, 2), (3, 4, 1), (4, 4, 2), (4, 4, 1), (5, 4, 2), (5, 4, 1))
"""Plots that begin a track, steps without update that end it, steps that end one not yet begun."""


def dense(seed: int, scans: int) -> Scene:
    """One draw."""
    side_m = 1_000.0 * TARGETS**0.5
    return scene(seed, TARGETS, side_m, scans, detection=0.8, clutter=0.5, sigma_m=30.0, step_s=2.0)


def main() -> None:
    """Measures both and prints the figure."""
    scans = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    trial, one = dense(2, scans), dense(1, scans)
    ours(trial, FIRST)
    mine = ours(one, FIRST)
    beside: dict[str, object] = {"redshank": told("redshank", mine)}
    try:
        theirs, tuning = best(trial, one, scans)
    except Absent as why:
        raise SystemExit(f"no figure: {why}") from why
    beside |= {"stonesoup": told(f"stonesoup {tuning}", theirs), "tuning": tuning}
    print_figure("tracker_dense", mine.gospa_m, theirs.gospa_m, unit="m", goal=1 / 0.45, beside=beside)


def best(trial: Scene, one: Scene, scans: int) -> tuple[Result, tuple[int, ...]]:
    """The peer with the tuning that was best on the trial."""
    with tempfile.TemporaryDirectory(prefix="redshank-bench-") as folder:
        tried: list[tuple[float, tuple[int, ...]]] = []
        for tuning in TUNINGS:
            got = peer(Path(folder), "tracker_stonesoup.py", trial, scans, FIRST, tuning)
            told(f"stonesoup, trial, {tuning}", got)
            tried.append((got.gospa_m, tuning))
        chosen = min(tried)[1]
        return peer(Path(folder), "tracker_stonesoup.py", one, scans, FIRST, chosen), chosen


if __name__ == "__main__":
    main()
