"""`python -m redshank.exercise.simulation --seed N`: one run, or many, or as many as fit into some hours."""

import argparse
import secrets
import sys
from collections.abc import Iterator
from itertools import count

from redshank.edges.clock import stopwatch_ns
from redshank.exercise.simulation.world import SimulationFailed, World

FRESH_SEEDS = 1 << 40
"""A long run begins at a seed below this, drawn by the machine: no two long runs look at the same seeds."""
PROGRESS_S = 10
HOUR_S = 3_600


def main(arguments: list[str] | None = None) -> int:
    """Runs seeds; prints a line for each, or in a long run a line of progress. 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m redshank.exercise.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="the first seed; 1, or a fresh one in a long run")
    parser.add_argument("--seeds", type=int, default=1, help="how many, one after the other")
    parser.add_argument(
        "--steps", type=int, default=None, help="steps with faults, before all becomes good; else by seed"
    )
    parser.add_argument("--hours", type=float, help="run so long over seeds; stop at the first that fails")
    asked = parser.parse_args(arguments)
    if asked.hours is not None:
        first = secrets.randbelow(FRESH_SEEDS) if asked.seed is None else asked.seed
        return _run_long(first, asked.steps, asked.hours)
    first = 1 if asked.seed is None else asked.seed
    return _run_all(range(first, first + asked.seeds), asked.steps)


def _run_all(seeds: range, steps: int | None) -> int:
    failed = 0
    for seed in seeds:
        try:
            result = World(seed, steps).run()
        except SimulationFailed as failure:
            failed += 1
            _say(f"FAILED {failure}")
            continue
        counts = ", ".join(f"{name} {many}" for name, many in result.counts.items() if len(seeds) == 1)
        parties = "-".join(result.parties) + (f" ({result.marks})" if result.marks else "")
        _say(f"seed {seed}: {parties}, {result.steps} steps, trace {result.trace}  {counts}")
    return 1 if failed else 0


def _run_long(first: int, steps: int | None, hours: float) -> int:
    """Fresh seeds until the time is up, with a line of progress now and then; ends at the first that fails."""
    _say(f"from seed {first} on, for {hours:g} h")
    begin_ns, told_s = stopwatch_ns(), 0.0
    all_steps = 0
    for done, seed in _numbered(first):
        try:
            all_steps += World(seed, steps).run().steps
        except SimulationFailed as failure:
            _say(f"FAILED {failure}")
            return 1
        gone_s = (stopwatch_ns() - begin_ns) / 1e9
        if gone_s - told_s >= PROGRESS_S or gone_s >= hours * HOUR_S:
            told_s = gone_s
            _say(f"{gone_s / 60:8.1f} min  {done} seeds, {all_steps} steps, all hold; last seed {seed}")
        if gone_s >= hours * HOUR_S:
            return 0
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _numbered(first: int) -> Iterator[tuple[int, int]]:
    return zip(count(1), count(first))


if __name__ == "__main__":
    sys.exit(main())
