"""Tracks of five nodes that tell one another: how far fusion at one node is from a central filter of the same plots.

Each node has a sensor of its own (60 m, a bias of 20 m that its errors say, every 5 s) and a filter by the picture's
motion model; its state is told every 30 s, arrives 30 s later, one in five never. One node fuses its own state with the
newest of each other by covariance intersection, as `picture.fused` does. The central filter has, at each time, every
plot that is in those states, and its own. 1,000 seeds, five minutes, the last of them judged.

Run: python -m benchmarks.fusion_five [SEEDS]
"""

import sys

import numpy as np
import numpy.typing as npt

from benchmarks.figures import print_figure
from redshank.picture.kinematics import Array, correct, intersect, predict

NODES, STEP_S, STEPS, JUDGED = 5, 5.0, 60, 12
GUSTS_M2PS3 = 2.0
"""A quarter of what the picture's model allows for at most: that holds its own spread down over a minute."""
TOLD_EVERY, DELAY, LOST, SIGMA_M, BIAS_M = 6, 6, 0.2, 60.0, 20.0
SEEN, ERROR = np.eye(2, 4), np.eye(2) * (SIGMA_M**2 + BIAS_M**2)
State = tuple[Array, Array]
Steps = npt.NDArray[np.int64]


def after(state: State, plots: Array, steps: int = 0) -> State:
    """A state led on by steps, and corrected by plots (n x 2)."""
    mean, cov = state
    count = len(mean)
    for _ in range(steps):
        mean, cov = predict(mean, cov, np.full(count, STEP_S))
    if not len(plots):
        return mean, cov
    return correct(mean, cov, SEEN[None].repeat(count, 0), plots, ERROR[None].repeat(count, 0))


def world(seeds: int, draw: np.random.Generator) -> tuple[Array, Array]:
    """True states (steps x n x 4) and plots (steps x nodes x n x 2)."""
    kick = np.array([[STEP_S**3 / 3, STEP_S**2 / 2], [STEP_S**2 / 2, STEP_S]]) * GUSTS_M2PS3
    root, now = np.linalg.cholesky(kick), np.hstack((np.zeros((seeds, 2)), draw.normal(0, 32, (seeds, 2))))
    bias, truth = draw.normal(0, BIAS_M, (NODES, seeds, 2)), []
    for _ in range(STEPS):
        gust = np.einsum("ij,jnk->ink", root, draw.normal(size=(2, seeds, 2)))
        now = np.hstack((now[:, :2] + STEP_S * now[:, 2:] + gust[0], now[:, 2:] + gust[1]))
        truth.append(now)
    whole = np.stack(truth)
    return whole, whole[:, None, :, :2] + bias + draw.normal(0, SIGMA_M, (STEPS, NODES, seeds, 2))


def begun(plots: Array) -> State:
    """The first state of a filter."""
    mean = np.hstack((plots, np.zeros_like(plots)))
    return mean, np.diag([SIGMA_M**2, SIGMA_M**2, 2_500.0, 2_500.0])[None].repeat(len(plots), 0)


def newest(seeds: int, draw: np.random.Generator) -> Steps:
    """Step of the newest state that has arrived, by time, node and seed; -1 before the first."""
    held = np.full((STEPS, NODES, seeds), -1)
    for node in range(1, NODES):
        for said in range(node, STEPS - DELAY, TOLD_EVERY):
            came = draw.random(seeds) >= LOST
            held[said + DELAY :, node, came] = said
    return held


def central(plots: Array, held: Steps, now: int) -> State:
    """The filter with its own plots until now and the others' until their newest states."""
    state = begun(plots[0, 0])
    for step in range(now + 1):
        if step:
            state = after(state, plots[step, 0], 1)
        for node in range(1, NODES):
            there = held[now, node] >= step
            if there.any():
                mean, cov = after((state[0][there], state[1][there]), plots[step, node][there])
                state[0][there], state[1][there] = mean, cov
    return state


def main() -> None:
    """Measures and prints the figure."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    draw = np.random.default_rng(1)
    truth, plots = world(seeds, draw)
    held = newest(seeds, draw)
    own = [[begun(plots[0, node])] for node in range(NODES)]
    for step in range(1, STEPS):
        for node in range(NODES):
            own[node].append(after(own[node][-1], plots[step, node], 1))
    got: dict[str, list[tuple[float, float, float]]] = {"own": [], "central": [], "fused": []}
    for now in range(STEPS - JUDGED, STEPS):
        got["own"].append(judged(own[0][now], truth[now]))
        got["central"].append(judged(central(plots, held, now), truth[now]))
        mean, cov = own[0][now]
        for node in range(1, NODES):
            there = held[now, node] >= 0
            m, c, _ = intersect(mean, cov, *led(own[node], held[now, node], now))
            mean, cov = np.where(there[:, None], m, mean), np.where(there[:, None, None], c, cov)
        got["fused"].append(judged((mean, cov), truth[now]))
    told(got)


def led(old: list[State], said: Steps, now: int) -> State:
    """Each seed's told state, led on to now."""
    mean, cov = old[0][0].copy(), old[0][1].copy()
    for at in np.unique(said[said >= 0]):
        chosen = said == at
        mean[chosen], cov[chosen] = predict(
            old[at][0][chosen], old[at][1][chosen], np.full(int(chosen.sum()), (now - at) * STEP_S)
        )
    return mean, cov


def judged(state: State, truth: Array) -> tuple[float, float, float]:
    """Mean squared error of place, mean normalised error of the state, largest error."""
    gap = state[0] - truth
    nees = np.einsum("ni,ni->n", gap, np.linalg.solve(state[1], gap[:, :, None])[:, :, 0]).mean() / 4
    squares = (gap[:, :2] ** 2).sum(axis=1)
    return float(squares.mean()), float(nees), float(squares.max() ** 0.5)


def told(got: dict[str, list[tuple[float, float, float]]]) -> None:
    """Prints all and the figure."""
    table = {name: np.array(rows) for name, rows in got.items()}
    rms = {name: float(np.sqrt(rows[:, 0].mean())) for name, rows in table.items()}
    nees = {name: round(float(rows[:, 1].mean()), 3) for name, rows in table.items()}
    worst = float(table["fused"][:, 2].max())
    print(f"place, m: { ({name: round(value, 2) for name, value in rms.items()}) }; ANEES {nees}; worst {worst:.0f} m")
    good = 0.6 <= nees["fused"] <= 1.05 and worst < 10 * rms["central"]
    print_figure(
        "fusion_five", rms["fused"], rms["central"], unit="m", goal=1 / 1.05,
        also=("ANEES 0.6 to 1.05, none diverges", good),
        beside={"peer_is": "a central filter with the same plots", "anees": nees, "own_alone": round(rms["own"], 2)},
    )  # fmt: skip


if __name__ == "__main__":
    main()
