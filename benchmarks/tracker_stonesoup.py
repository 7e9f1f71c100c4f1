"""Runs in an environment of its own: Stone Soup's JPDA with a KD-tree over a scene of `tracker_scene`.

JPDA as shipped goes through the product of all tracks' hypotheses, which no computer ends for 500 tracks; so its
`JPDAwithLBP` is given the KD-tree by the library's own mix-in. Initiator and deleter: MultiMeasurementInitiator with
GNN and a KD-tree, UpdateTimeStepsDeleter; their numbers are arguments, so that they can be tuned.

Run: python tracker_stonesoup.py SCENE.npz OUT.npz MIN_POINTS STEPS_WITHOUT_UPDATE HOLDING_STEPS
"""

import datetime
import sys
import time

import numpy as np
from stonesoup.dataassociator.probability import JPDAwithLBP
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D, DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetMixtureTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

REACH_M = 1_500.0
BEGIN = datetime.datetime(2026, 1, 1)  # noqa: DTZ001  (Stone Soup wants it so)


class TreeLBP(DetectionKDTreeMixIn, JPDAwithLBP):
    """Belief propagation over the plots that the tree finds."""

    def associate(self, tracks, detections, timestamp, **kwargs):
        hypotheses = self.generate_hypotheses(tracks, detections, timestamp, **kwargs)
        if not hypotheses or not detections:
            return hypotheses
        return self._compute_multi_hypotheses(tracks, detections, hypotheses, timestamp)


def main() -> None:
    """Tracks and writes what is shown after each scan."""
    scene, out, points, steps, holding = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    with np.load(scene) as told:
        _, sigma, step, detection, clutter, noise, scans = told["facts"]
        plots = [told[f"plots{k}"] for k in range(int(scans))]
    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(noise), ConstantVelocity(noise)])
    seen = LinearGaussian(4, (0, 2), np.eye(2) * sigma**2)
    predictor, updater = KalmanPredictor(motion), KalmanUpdater(seen)
    tree = {"predictor": predictor, "updater": updater, "max_distance": REACH_M}
    pda = PDAHypothesiser(predictor, updater, clutter, prob_detect=detection, prob_gate=0.9997)
    near = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=4.0)
    initiator = MultiMeasurementInitiator(
        prior_state=GaussianState([[0], [0], [0], [0]], np.diag([sigma**2, 2500.0, sigma**2, 2500.0])),
        measurement_model=seen, deleter=UpdateTimeStepsDeleter(holding), updater=updater, min_points=points,
        data_associator=DetectionKDTreeGNN2D(hypothesiser=near, **tree),
    )  # fmt: skip

    def detector():
        for k, one in enumerate(plots):
            at = BEGIN + datetime.timedelta(seconds=k * step)
            yield at, {Detection(xy[:, None], timestamp=at, measurement_model=seen) for xy in one}

    tracker = MultiTargetMixtureTracker(
        initiator, UpdateTimeStepsDeleter(steps), detector(), TreeLBP(hypothesiser=pda, **tree), updater
    )
    shown, seconds, steps_of = {}, [], iter(tracker)
    for k in range(len(plots)):
        begin = time.thread_time()
        _, tracks = next(steps_of)
        seconds.append(time.thread_time() - begin)
        places = [np.asarray(track.state.mean, float).ravel()[[0, 2]] for track in tracks]
        shown[f"shown{k}"] = np.array(places).reshape(-1, 2)
    np.savez(out, seconds=np.array(seconds), **shown)


if __name__ == "__main__":
    main()
