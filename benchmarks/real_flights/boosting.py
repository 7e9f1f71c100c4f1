"""Gradient boosting as a rival, in the environment of the recordings: python boosting.py GIVEN.npz TOLD.npy."""

import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # beside other work many threads wait for one another

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

ITERATIONS, RATE, LEAVES, LEAF_LEAST = 100, 0.08, 15, 200


def main() -> None:
    """Learns on all other folds, forecasts each."""
    given = np.load(sys.argv[1])
    table, crossed, fold = given["table"], given["crossed"], given["fold"]
    weight = np.repeat(given["weight"][:, None], crossed.shape[1], axis=1) * len(fold)
    known = np.isfinite(crossed)
    told = np.full(crossed.shape, np.nan)
    for held_out in range(int(fold.max()) + 1):
        learn = known & (fold != held_out)[:, None]
        ask = known & (fold == held_out)[:, None]
        if not ask.any():
            continue
        learner = HistGradientBoostingClassifier(
            max_iter=ITERATIONS, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAF_LEAST,
            early_stopping=False, random_state=0,
        )  # fmt: skip
        learner.fit(table[learn], crossed[learn], sample_weight=weight[learn])
        told[ask] = learner.predict_proba(table[ask])[:, 1]
    np.save(sys.argv[2], told)


if __name__ == "__main__":
    main()
