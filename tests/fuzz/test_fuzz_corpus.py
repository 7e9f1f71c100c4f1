"""The kept corpus through every parser, a moment of fuzzing for each, and the list of them in docs/hostile-input.md."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.seeds import seeds
from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "fuzz" / "corpus"
CORPUS_BYTES = 1_000_000
RUNS = 10_000


def kept(name: str) -> list[Path]:
    return sorted((CORPUS / name).iterdir())


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_does_no_harm(name: str) -> None:
    """Every input that was ever worth keeping, and every seed. It reaches both sides: something is taken, something is
    refused."""
    check = TARGETS[name].check
    results = [check(path.read_bytes()) for path in kept(name)] + [check(seed) for seed in seeds(name)]
    assert any(results)
    assert not all(results)


def test_the_corpus_is_small_and_of_these_parsers() -> None:
    assert sorted(path.name for path in CORPUS.iterdir()) == sorted(TARGETS)
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < CORPUS_BYTES


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_a_moment_of_fuzzing(tmp_path: Path) -> None:
    """atheris from the corpus on, led by what each parser covers: 10,000 inputs for a cheap one, some ten for YAML. The
    seed is fixed, so that a failure comes again."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "all", "--runs", str(RUNS), "--seed", "20261127", "--work", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=400,
    )
    said = done.stderr.decode(errors="replace")
    assert done.returncode == 0, said[-3_000:]
    executed = [int(count) for count in re.findall(r"stat::number_of_executed_units: (\d+)", said)]
    assert len(executed) == len(TARGETS)
    for target, count in zip(TARGETS.values(), executed, strict=True):
        assert count >= RUNS // target.cost, "it really ran"


def test_the_list_names_every_parser_that_is_fuzzed() -> None:
    """docs/hostile-input.md and the targets say the same."""
    text = (ROOT / "docs" / "hostile-input.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`fuzz/([a-z_]+)`", text))
    assert listed == set(TARGETS)
