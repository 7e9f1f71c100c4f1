"""`python -m redshank.exercise.simulation --seed N`: one run, or many; the same seed gives the same run."""

import argparse
import sys

from redshank.exercise.simulation.world import SimulationFailed, World


def main(arguments: list[str] | None = None) -> int:
    """Runs seeds; prints a line for each. 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m redshank.exercise.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many, one after the other")
    parser.add_argument("--steps", type=int, default=None, help="steps with faults, before all becomes good; else by seed")
    asked = parser.parse_args(arguments)
    failed = 0
    for seed in range(asked.seed, asked.seed + asked.seeds):
        try:
            result = World(seed, asked.steps).run()
        except SimulationFailed as failure:
            failed += 1
            sys.stdout.write(f"FAILED {failure}\n")
            continue
        counts = ", ".join(f"{name} {count}" for name, count in result.counts.items() if asked.seeds == 1)
        parties = "-".join(result.parties) + (f" ({result.marks})" if result.marks else "")
        sys.stdout.write(f"seed {seed}: {parties}, {result.steps} steps, trace {result.trace}  {counts}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
