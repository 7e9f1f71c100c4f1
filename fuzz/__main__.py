"""Fuzzes one parser: `python -m fuzz NAME [--seconds N | --runs N] [--seed N]`, or `make fuzz NAME=… SECONDS=…`.

NAME is a target or `all`, each then in a process of its own. Runs atheris on the kept corpus and the seeds; what it
finds new lies in .fuzz/NAME. A crash is written to .fuzz and the exit code is not 0. `--keep` runs nothing: it takes
what was found (each input reaches code that none before it did) into fuzz/corpus, the shortest first.
"""

import argparse
import os
import sys
from hashlib import sha256
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
INSTRUMENTED = ["redshank", "yaml", "dpkt", "zipfile"]
HANG_S, MEMORY_MB = 20, 1_024
KEPT_BYTES = 40_000
"""Of one target's corpus; `seed-…` files are made again and not kept."""
ALL = "all"

with atheris.instrument_imports(include=INSTRUMENTED):
    from fuzz.seeds import seeds
    from fuzz.targets import TARGETS


def main() -> None:
    """Of one target it never returns: libFuzzer ends the process."""
    asked = _arguments()
    names = list(TARGETS) if asked.name == ALL else [asked.name]
    if asked.keep:
        for name in names:
            _keep(asked.work / name, CORPUS / name)
        return
    if asked.name != ALL:
        _fuzz(asked.name, asked)
    failed = [name for name in names if _in_a_child(name, asked) != 0]
    print(f"failed: {', '.join(failed) or 'none'} of {len(names)}", file=sys.stderr)
    sys.exit(1 if failed else 0)


def _in_a_child(name: str, asked: argparse.Namespace) -> int:
    """The exit code of one target; what was imported and instrumented is shared."""
    child = os.fork()
    if child == 0:
        _fuzz(name, asked)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _keep(found: Path, kept: Path) -> None:
    """Keeps the shortest inputs, as many as fit: a corpus is for replaying, not for keeping all that was ever seen."""
    kept.mkdir(parents=True, exist_ok=True)
    inputs = {path.read_bytes() for folder in (found, kept) for path in folder.glob("[!s]*")}
    for path in kept.iterdir():
        path.unlink()
    left = KEPT_BYTES
    for data in sorted(inputs, key=lambda data: (len(data), data)):
        left -= len(data)
        if left < 0:
            return
        (kept / sha256(data).hexdigest()[:16]).write_bytes(data)


def _fuzz(name: str, asked: argparse.Namespace) -> None:
    target = TARGETS[name]
    found = asked.work / name
    kept = CORPUS / name
    for folder in (found, kept):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (found / f"seed-{number:03d}").write_bytes(seed[: target.most_bytes])
    bounds = [f"-timeout={HANG_S}", f"-rss_limit_mb={MEMORY_MB}", f"-max_len={target.most_bytes}"]
    until = f"-runs={asked.runs // target.cost}" if asked.runs else f"-max_total_time={asked.seconds}"
    artifacts = f"-artifact_prefix={asked.work}/{name}-"
    options = [until, f"-seed={asked.seed}", artifacts, "-print_final_stats=1", *bounds, str(found), str(kept)]

    def one_input(data: bytes) -> None:
        target.check(data)

    print(f"fuzzing {name}", file=sys.stderr, flush=True)
    atheris.Setup([sys.argv[0], *options], one_input)
    atheris.Fuzz()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("name", choices=[ALL, *sorted(TARGETS)])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument(
        "--runs", type=int, default=0, help="inputs of a cheap target instead of a time; fewer of others"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="take what was found into the kept corpus")
    parser.add_argument("--work", type=Path, default=ROOT / ".fuzz")
    return parser.parse_args()


if __name__ == "__main__":
    main()
