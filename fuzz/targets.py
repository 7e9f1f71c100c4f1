"""Targets: the parsers by name. docs/hostile-input.md says who reaches each, and tests/fuzz holds the two together."""

from collections.abc import Callable
from typing import NamedTuple

from fuzz import files, texts, wire


class Target(NamedTuple):
    """A check, and the longest input that a run tries: somewhat more than the parser may take, or as much as a
    mutated seed needs where that is out of a fuzzer's reach."""

    check: Callable[[bytes], bool]
    most_bytes: int


TARGETS = {
    "delivery": Target(wire.delivery, 4_096),
    "push": Target(wire.push, 4_096),
    "answer": Target(wire.answer, 2_048),
    "note": Target(wire.note, 2_048),
    "signatures": Target(wire.signatures, 2_048),
    "checkpoint": Target(wire.checkpoint, 256),
    "vkey": Target(wire.vkey, 256),
    "tile_path": Target(wire.tile_path, 64),
    "bundle": Target(wire.bundle, 8_192),
    "entry": Target(wire.entry, 4_200),
    "zip_file": Target(files.zip_file, 8_192),
    "record": Target(files.record, 2_048),
    "asterix": Target(files.asterix, 2_048),
    "capture": Target(files.capture, 2_048),
    "report": Target(files.report, 1_024),
    "agreement": Target(texts.agreement, 2_048),
    "procedure": Target(texts.procedure, 12_000),
    "policy": Target(texts.policy, 4_096),
    "source": Target(texts.source, 1_024),
}
