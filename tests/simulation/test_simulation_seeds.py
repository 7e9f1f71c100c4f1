"""The simulation over many seeds: nothing breaks, and a seed gives the same run whatever the machine's hash seed is."""

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from redshank.exercise.simulation import scenes
from redshank.exercise.simulation.__main__ import main
from redshank.exercise.simulation.byzantine.answers import ANSWERS
from redshank.exercise.simulation.byzantine.pushes import PUSHES
from redshank.exercise.simulation.byzantine.slips import SLIPS, notice
from redshank.exercise.simulation.network import Weather
from redshank.exercise.simulation.node import Fate
from redshank.exercise.simulation.trouble import draw_plan
from redshank.exercise.simulation.world import SimulationFailed, World
from redshank.terms import limits

SEEDS = 500
"""In two processes, within two minutes on two cores."""
SHORT = 300


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


def first_with(*marks: str) -> int:
    """The first seed whose plan has all these marks."""
    plans = ((seed, draw_plan(np.random.default_rng([seed, 1]), seed, None)) for seed in range(1, 1_000))
    return next(seed for seed, plan in plans if all(mark in plan.marks for mark in marks))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("marks", [(), ("garbled", "evil"), ("clocks", "backup"), ("dead", "evil")], ids="-".join)
def test_a_seed_replays_exactly(marks: tuple[str, ...]) -> None:
    """In processes with other hash seeds, and whatever the hedged signatures of ML-DSA are this time."""
    seed = first_with(*marks)
    asked = ("--seed", seed, "--steps", SHORT)
    (one, first), (two, second) = outcomes([simulate(*asked, hash_seed=1), simulate(*asked, hash_seed=2)])
    assert (one, two) == (0, 0), first + second
    assert first == second
    assert "trace " in first
    assert World(seed, SHORT).run().trace in first


def test_another_seed_is_another_run() -> None:
    assert World(1, SHORT).run().trace != World(2, SHORT).run().trace


def met(*seeds: int, evil: bool | None = None) -> set[str]:
    return set[str]().union(*(World(seed, evil=evil).run().counts for seed in seeds))


def test_runs_meet_what_they_are_for() -> None:
    """Crashes at each point, restarts, bad lines, bad clocks, hours of silence, old backups, messages, orders done,
    keys changed."""
    seen = met(*range(1, 25), evil=False)
    for needed in (
        "restart", "line cut", "line slow", "parted", "clock forward", "clock back", "dead for hours", "old backup",
        "entry", "order AgreeClose done", "order IssueWarning done", "rotation done", "rotation not-agreed",
        "kind notice", "kind crossing", "kind search", "kind query",
    ):  # fmt: skip
        assert needed in seen, sorted(seen)
    for fate in Fate:
        assert fate is Fate.LIVES or any(what.endswith(fate) for what in seen), fate
    assert any("unknown-incident" in what for what in seen)
    assert any("malformed" in what for what in seen)


def test_every_attack_is_made() -> None:
    seen = met(*range(1, 13), evil=True)
    for attack in (*PUSHES, *SLIPS, *ANSWERS):
        assert f"attack {attack.__name__}" in seen, sorted(what for what in seen if what.startswith("attack"))
    assert {"answers withheld", "answers twisted", "attack forged_log_first"} <= seen


def test_a_flood_of_incidents_ends_at_its_bound() -> None:
    """One partner may hold a thousand open incidents and no more; the victim's other channels do not notice."""
    plans = ((seed, World(seed, 0).plan) for seed in range(1, 200))
    seed = next(seed for seed, plan in plans if len(plan.cast) == 3 and not plan.wild_clocks)
    run = World(seed, 200, evil=True)
    mouth = run.campaign.mouths[0]
    for number in range(1, limits.INCIDENTS_PER_PARTNER + 200):
        mouth.evil.slip(mouth.channel, notice(mouth, number))
    mouth.evil.deliver(mouth.channel)
    run.run()
    assert run.counts["of the partner busy"] >= 199


def test_a_failure_says_how_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Weather, "clear", lambda self: self.cut.update(scenes.GATES))
    monkeypatch.setattr("redshank.exercise.simulation.world.SETTLE_MS", 60_000)
    with pytest.raises(SimulationFailed) as failed:
        World(2, SHORT, evil=False).run()
    assert failed.value.invariant in {"everything_is_receipted", "everything_is_closed"}
    assert "seed 2, step " in str(failed.value)
    assert f"make simulate SEED=2 STEPS={SHORT}" in str(failed.value)


def test_a_long_run_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--hours", "0.0000001", "--seed", "2"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("from seed 2 on")
    assert "1 seeds" in said
    assert "last seed 2" in said


def test_a_long_run_takes_fresh_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    firsts = set()
    for _ in range(2):
        main(["--hours", "0", "--steps", "20"])
        firsts.add(capsys.readouterr().out.split()[2])
    assert len(firsts) == 2


def test_a_long_run_stops_at_the_first_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Weather, "clear", lambda self: self.cut.update(scenes.GATES))
    monkeypatch.setattr("redshank.exercise.simulation.world.SETTLE_MS", 60_000)
    assert main(["--hours", "1", "--seed", "2", "--steps", str(SHORT)]) == 1
    assert f"make simulate SEED=2 STEPS={SHORT}" in capsys.readouterr().out
