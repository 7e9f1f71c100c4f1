"""The last line of every benchmark: one JSON object that says what was measured beside which peer.

Here: `print_figure` and `quantile`. A ratio above 1 means that Redshank is better; `goal` says what `met` compares.
"""

import json
from collections.abc import Mapping, Sequence


def print_figure(
    name: str,
    ours: float,
    peer: float,
    *,
    unit: str,
    goal: float,
    lower_is_better: bool = True,
    goal_is_ours: bool = False,
    also: tuple[str, bool] | None = None,
    beside: Mapping[str, object] | None = None,
) -> bool:
    """Prints {name, ours, peer, ratio, unit, goal, met} on one line and says whether the goal was met.

    `ours` and `peer` are in `unit`. `goal` is the least ratio wanted (1 for "no worse than the peer or limit"), or with
    `goal_is_ours` the worst figure of ours that is wanted, in `unit`. `also` is what else was promised with it, and
    whether that was kept: without it the goal is not met. `beside` are further members, which `met` does not look at.
    """
    better, worse = (ours, peer) if lower_is_better else (peer, ours)
    ratio = worse / better if better else float("inf")
    if goal_is_ours:
        met = ours <= goal if lower_is_better else ours >= goal
        told = f"ours {'<=' if lower_is_better else '>='} {goal:g} {unit}"
    else:
        met = ratio >= goal
        told = f"ratio >= {goal:g}"
    if also is not None:
        told, met = f"{told}, {also[0]}", met and also[1]
    figure: dict[str, object] = {
        "name": name,
        "ours": round(ours, 6),
        "peer": round(peer, 6),
        "ratio": round(ratio, 3) if ratio != float("inf") else None,
        "unit": unit,
        "goal": told,
        "met": met,
        **(beside or {}),
    }
    print(json.dumps(figure, ensure_ascii=False), flush=True)
    return met


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least `share` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-round(share * len(ordered) * 1_000) // 1_000)  # ceil, without a float's last digit
    return ordered[min(max(rank, 1), len(ordered)) - 1]
