"""A full scan of 500 slow fliers beside Stone Soup's JPDA with a KD-tree and kalbee's GNN, and how good they are.

The same plots for all: 500 fliers on 100 x 100 km, Pd 0.9, 100 false plots a scan, 50 m, every 2 s; one thread each,
the peers in an environment of their own, told the true noise, detection and clutter as we are. Times are
processor time of a scan, medians from the 12th on, since peers and we run beside other work; GOSPA (300 m) of the same
scans, mean of the scenes.

Run: python -m benchmarks.tracker_500 [SCENES]
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.figures import print_figure
from benchmarks.tak_servers import Absent
from benchmarks.tracker_runs import Result, ours, peer
from benchmarks.tracker_scene import scene

FIRST, SCANS = 12, 24
PEERS = {
    "stonesoup": ("tracker_stonesoup.py", (3, 4, 2), 10_000.0),
    "kalbee": ("tracker_kalbee.py", (3, 3), 500.0),
}
"""Script, tuning (see there), and how many times faster is wanted."""


def told(name: str, got: Result) -> dict[str, object]:
    """A line for the reader, and the same for the figure."""
    print(
        f"{name}: {got.cpu_ms:.3f} ms of processor a scan ({got.wall_ms:.3f} ms of wall), GOSPA {got.gospa_m:.0f} m: "
        f"located {got.located_m:.0f} m, missed {got.missed:.2f}, false {got.false:.2f}",
        flush=True,
    )
    return {"scan_ms": round(got.cpu_ms, 3), "gospa_m": round(got.gospa_m, 1)}


def mean(results: list[Result]) -> Result:
    """Over scenes."""
    return Result(*(sum(column) / len(results) for column in zip(*results, strict=True)))


def main() -> None:
    """Measures all and prints the figure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    scenes = [
        scene(seed, 500, 100_000.0, SCANS, detection=0.9, clutter=0.2, sigma_m=50.0, step_s=2.0)
        for seed in range(1, count + 1)
    ]
    ours(scenes[0], FIRST)  # compiled once
    mine = mean([ours(one, FIRST) for one in scenes])
    got: dict[str, object] = {"redshank": told("redshank", mine)}
    slowest, kept = 0.0, True
    with tempfile.TemporaryDirectory(prefix="redshank-bench-") as folder:
        for name, (script, tuning, times) in PEERS.items():
            try:
                theirs = mean([peer(Path(folder), script, one, SCANS, FIRST, tuning) for one in scenes])
            except Absent as why:
                got[name], kept = str(why), False
                print(f"{name}: {why}", flush=True)
                continue
            ratio = theirs.cpu_ms / mine.cpu_ms
            got[name] = {**told(name, theirs), "ratio": round(ratio)}
            kept = kept and ratio >= times and mine.gospa_m <= theirs.gospa_m
            slowest = max(slowest, theirs.cpu_ms)
    print_figure(
        "tracker_500", mine.cpu_ms, slowest, unit="ms", goal=10_000,
        also=("500 times kalbee, GOSPA no worse than either", kept), beside={"peer_is": "stonesoup", "peers": got},
    )  # fmt: skip


if __name__ == "__main__":
    main()
