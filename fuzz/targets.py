"""Targets: the parsers by name. docs/hostile-input.md says who reaches each, and tests/fuzz holds the two together."""

from collections.abc import Callable
from typing import NamedTuple

from fuzz import files, texts, wire


class Target(NamedTuple):
    """A check, and the longest input that a run tries: somewhat more than the parser may take, or as much as a
    mutated seed needs where that is out of a fuzzer's reach."""

    check: Callable[[bytes], bool]
    most_bytes: int
    cost: int = 1
    """About how many times slower than a cheap one; divides the inputs of a short run."""


TARGETS = {
    "delivery": Target(wire.delivery, 6_000),
    "push": Target(wire.push, 6_000, 5),
    "answer": Target(wire.answer, 8_000),
    "note": Target(wire.note, 8_000),
    "signatures": Target(wire.signatures, 8_000),
    "checkpoint": Target(wire.checkpoint, 256),
    "vkey": Target(wire.vkey, 256),
    "tile_path": Target(wire.tile_path, 64),
    "bundle": Target(wire.bundle, 8_192),
    "entry": Target(wire.entry, 4_200, 2),
    "zip_file": Target(files.zip_file, 8_192, 2),
    "record": Target(files.record, 8_000, 15),
    "evidence": Target(files.evidence, 24_000, 4),
    "public_keys": Target(files.public_keys, 8_000),
    "asterix": Target(files.asterix, 2_048, 2),
    "capture": Target(files.capture, 2_048, 2),
    "report": Target(files.report, 1_024, 2),
    "agreement": Target(texts.agreement, 2_048, 60),
    "procedure": Target(texts.procedure, 12_000, 400),
    "policy": Target(texts.policy, 4_096, 100),
    "source": Target(texts.source, 1_024, 2),
}
