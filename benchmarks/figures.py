"""The last line of every benchmark: one JSON object that says what was measured beside which peer.

Here: `print_figure`. A ratio above 1 means that Redshank is better; `met` compares the ratio with the goal.
"""

import json


def print_figure(name: str, ours: float, peer: float, *, unit: str, goal: float, lower_is_better: bool = True) -> bool:
    """Prints {name, ours, peer, ratio, unit, goal, met} on one line and says whether the goal was met.

    `ours` and `peer` are in `unit`; `goal` is the least ratio wanted (1 for "no worse than the peer or limit").
    """
    better, worse = (ours, peer) if lower_is_better else (peer, ours)
    ratio = worse / better if better else float("inf")
    met = ratio >= goal
    figure = {
        "name": name,
        "ours": round(ours, 6),
        "peer": round(peer, 6),
        "ratio": round(ratio, 3) if ratio != float("inf") else None,
        "unit": unit,
        "goal": goal,
        "met": met,
    }
    print(json.dumps(figure, ensure_ascii=False), flush=True)
    return met
