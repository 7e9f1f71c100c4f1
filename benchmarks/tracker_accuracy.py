"""Accuracy where theory knows the best: straight fliers in gusts, far apart, against the Riccati recursion.

1,000 fliers of the straight model's own noise, 60 scans, Pd 0.999, several draws: the root mean square error of places
over its bound, and the normalised error of the whole state (1 if the covariance says the truth).

Run: python -m benchmarks.tracker_accuracy [DRAWS]
"""

import sys

import numpy as np
from tests.picture.test_picture_tracking import easy

from benchmarks.figures import print_figure

GOAL, ANEES = 1.005, (0.97, 1.03)


def main() -> None:
    """Measures and prints the figure."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    got = np.array([easy(seed, targets=1_000, scans=60) for seed in range(draws)])
    ratio, anees = float(np.sqrt((got[:, 0] ** 2).mean())), float(got[:, 1].mean())
    print(f"RMSE / bound {ratio:.4f} (draws {got[:, 0].min():.4f} to {got[:, 0].max():.4f}), ANEES {anees:.4f} "
          f"({got[:, 1].min():.4f} to {got[:, 1].max():.4f})")  # fmt: skip
    print_figure(
        "tracker_accuracy", ratio, 1.0, unit="bound", goal=GOAL, goal_is_ours=True,
        also=(f"ANEES {ANEES[0]} to {ANEES[1]}", ANEES[0] <= anees <= ANEES[1]),
        beside={"peer_is": "the Riccati recursion", "anees": round(anees, 4)},
    )  # fmt: skip


if __name__ == "__main__":
    main()
