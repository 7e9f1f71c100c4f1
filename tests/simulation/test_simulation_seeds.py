"""The simulation over many seeds: nothing breaks, and a seed gives the same run whatever the machine's hash seed is."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from redshank.exercise.simulation.network import Weather
from redshank.exercise.simulation.world import SimulationFailed, World

SEEDS = 100
"""As many as fit in about 90 seconds on two cores, in two processes."""
SHORT = 400


def simulate(*arguments: object, hash_seed: int = 0) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "redshank.exercise.simulation", *map(str, arguments)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def outcomes(runs: list["subprocess.Popen[str]"]) -> Iterator[tuple[int, str]]:
    for run in runs:
        said, _ = run.communicate(timeout=800)
        yield run.returncode, said


@pytest.mark.slow
@pytest.mark.timeout(820)
def test_every_seed_holds(capsys: pytest.CaptureFixture[str]) -> None:
    half = SEEDS // 2
    done = list(outcomes([simulate("--seed", first, "--seeds", half) for first in (1, 1 + half)]))
    with capsys.disabled():
        print(f"simulation: {SEEDS} seeds ", end="")
    assert [code for code, _ in done] == [0, 0], "\n".join(said for _, said in done)
    lines = [line for _, said in done for line in said.splitlines()]
    assert len([line for line in lines if line.startswith("seed ")]) == SEEDS


@pytest.mark.timeout(120)
def test_a_seed_replays_exactly() -> None:
    asked = ("--seed", 1, "--steps", SHORT)
    (one, first), (two, second) = outcomes([simulate(*asked, hash_seed=1), simulate(*asked, hash_seed=2)])
    assert (one, two) == (0, 0), first + second
    assert first == second
    assert "trace " in first
    assert World(1, SHORT).run().trace in first


def test_another_seed_is_another_run() -> None:
    assert World(1, SHORT).run().trace != World(2, SHORT).run().trace


def test_a_run_meets_what_it_is_for() -> None:
    """Crashes at each point, restarts, cut lines, messages, receipts, orders done and orders refused."""
    seen: set[str] = set()
    for seed in range(1, 4):
        seen |= set(World(seed).run().counts)
    for needed in ("restart", "line cut", "entry", "order AgreeClose done", "order IssueWarning done"):
        assert needed in seen, sorted(seen)
    for fate in ("dies before the commit", "dies between commit and act", "dies amid its acts", "the disk refuses"):
        assert any(what.endswith(fate) for what in seen), fate
    assert any("unknown-incident" in what for what in seen)


def test_a_failure_says_how_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Weather, "clear", lambda self: self.cut.update(("BY-LT", "BY-LV", "BY-PL", "EE-LV", "LT-LV")))
    monkeypatch.setattr("redshank.exercise.simulation.world.SETTLE_MS", 60_000)
    with pytest.raises(SimulationFailed) as failed:
        World(2, SHORT).run()
    assert failed.value.invariant in {"everything_is_receipted", "everything_is_closed"}
    assert "seed 2, step " in str(failed.value)
    assert f"make simulate SEED=2 STEPS={SHORT}" in str(failed.value)
