"""Runs in an environment of its own: kalbee's GNN tracker over a scene of `tracker_scene`, as its own example has it.

Run: python tracker_kalbee.py SCENE.npz OUT.npz HITS_TO_CONFIRM MISSES_ALLOWED
"""

import sys
import time

import numpy as np
from kalbee import KalmanFilter, MultiObjectTracker


def main() -> None:
    """Tracks and writes what is shown after each scan."""
    scene, out, hits, misses = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
    with np.load(scene) as told:
        _, sigma, dt, _, _, noise, scans = told["facts"]
        plots = [told[f"plots{k}"] for k in range(int(scans))]
    block = np.array([[1.0, dt], [0.0, 1.0]])
    kick = noise * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
    step, gust, seen = np.kron(np.eye(2), block), np.kron(np.eye(2), kick), np.eye(4)[[0, 2]]
    error, first = np.eye(2) * sigma**2, np.diag([sigma**2, 2500.0, sigma**2, 2500.0])

    def started(z):
        return KalmanFilter(np.array([[z[0]], [0.0], [z[1]], [0.0]]), first.copy(), step, gust, seen, error)

    tracker = MultiObjectTracker(started, n_init=hits, max_age=misses, gate=4.0)
    shown, seconds = {}, []
    for k, one in enumerate(plots):
        begin = time.thread_time()
        tracks = tracker.update(one, dt=dt)
        seconds.append(time.thread_time() - begin)
        places = [np.asarray(track.state, float).ravel()[[0, 2]] for track in tracks]
        shown[f"shown{k}"] = np.array(places).reshape(-1, 2)
    np.savez(out, seconds=np.array(seconds), **shown)


if __name__ == "__main__":
    main()
