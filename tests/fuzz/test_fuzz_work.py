"""Work and memory grow with the input and not faster: twice the bytes, at most about twice the calls and the memory.

Counted are calls of functions (Python's and C's) and bytes allocated at the peak, never time. The inputs are the ones
that have brought other parsers down: brackets, blanks, escapes, empty records, many short ones, many unknown ones.
"""

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType

import pytest
from fuzz.files import small_record
from fuzz.seeds import seeds
from fuzz.targets import TARGETS

from redshank.exchange.verifier import verify_record
from redshank.log.tiles import encode_bundle

Make = Callable[[int], bytes]


def calls_in(work: Callable[[], object]) -> int:
    """How many functions are called; generators count each time they go on."""
    count = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def peak_of(work: Callable[[], object]) -> int:
    """Bytes allocated at the peak."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def framed(inner: Make) -> Make:
    def make(size: int) -> bytes:
        text = b"old 1\n\n" + inner(size)
        return b"redshank-delivery/1 %d\n" % len(text) + text

    return make


def again(seed: bytes) -> Make:
    """One valid piece, over and over."""
    return lambda size: seed * (size // len(seed))


LINE = "— a AAAAAAAA\n".encode()
PLOT = seeds("asterix")[0]
HOSTILE: dict[str, tuple[str, int, Make]] = {
    "delivery: a long note": ("delivery", 8_000, framed(lambda size: b"n" * size)),
    "delivery: short entries": (
        "delivery",
        4_000,
        lambda size: b"redshank-delivery/1 7\nold 1\n\n" + b"\0\1x" * (size // 3),
    ),
    "note: blank lines": ("note", 8_000, lambda size: b"\n" * size),
    "note: signature lines": ("note", 500, lambda size: b"t\n\n" + LINE * (size // len(LINE))),
    "note: unknown letters": ("note", 8_000, lambda size: "—".encode() * (size // 3)),
    "answer: signature lines": ("answer", 500, lambda size: b"\0" + LINE * (size // len(LINE))),
    "checkpoint: lines": ("checkpoint", 8_000, lambda size: b"\n" * size),
    "vkey: pluses": ("vkey", 8_000, lambda size: b"+" * size),
    "tile_path: groups": ("tile_path", 8_000, lambda size: b"tile/0/" + b"x000/" * (size // 5)),
    "bundle: shortest entries": ("bundle", 300, lambda size: encode_bundle([b"x"] * (size // 3))),
    "entry: brackets": ("entry", 1_000, lambda size: b"[" * size),
    "entry: escapes": ("entry", 1_000, lambda size: b'{"text":"' + b"\\u0041" * (size // 6) + b'"}'),
    "entry: members": ("entry", 1_000, lambda size: b"{" + b'"a":1,' * (size // 6) + b'"a":1}'),
    "entry: digits": ("entry", 1_000, lambda size: b'{"v":' + b"9" * size + b"}"),
    "evidence: brackets": ("evidence", 60_000, lambda size: b'{"heads":' + b"[" * size),
    "evidence: heads": ("evidence", 60_000, lambda size: b'{"heads":[' + b'"",' * (size // 3) + b'""]}'),
    "public_keys: letters": ("public_keys", 60_000, lambda size: b'{"party":"' + b"x" * size + b'"}'),
    "asterix: empty blocks": ("asterix", 300, lambda size: bytes([1, 0, 3]) * (size // 3)),
    "asterix: plots": ("asterix", 8_000, again(PLOT)),
    "asterix: endless specification": (
        "asterix",
        8_000,
        lambda size: bytes([62, *size.to_bytes(2, "big")]) + b"\xff" * size,
    ),
    "capture: raw blocks": ("capture", 8_000, again(PLOT)),
    "report: blanks": ("report", 1_000, lambda size: b"{" + b" " * size + b"}"),
    "report: brackets": ("report", 1_000, lambda size: b'{"position":' + b"[" * size),
    "agreement: keys": ("agreement", 2_000, lambda size: b"".join(b"k%d: 1\n" % number for number in range(size // 8))),
    "agreement: brackets": ("agreement", 20_000, lambda size: b"[" * size),
    "agreement: questions": ("agreement", 2_000, lambda size: b"? " * (size // 2)),
    "agreement: dashes": ("agreement", 2_000, lambda size: b"- " * (size // 2)),
    "agreement: comments": ("agreement", 20_000, lambda size: b"#\n" * (size // 2)),
    "agreement: quotes": ("agreement", 4_000, lambda size: b"a: '" + b"''" * (size // 2)),
    "policy: sixties": ("policy", 4_000, lambda size: b"policy: 1" + b":0" * (size // 2)),
    "policy: keys": ("policy", 2_000, lambda size: b"".join(b"k%d: 1\n" % number for number in range(size // 8))),
}
"""What it is: target, smaller size in bytes, maker of an input of about that many bytes."""


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_input_is_about_twice_the_work(name: str) -> None:
    """DEL-8, MSG-15, LOG-4: no input makes a parser work more than in proportion."""
    target, size, make = HOSTILE[name]
    check = TARGETS[target].check
    small, large = make(size), make(2 * size)
    assert 1.5 * len(small) < len(large) < 2.5 * len(small)
    check(small), check(large)  # what is loaded or compiled once is not counted
    calls = calls_in(lambda: check(small)), calls_in(lambda: check(large))
    peaks = peak_of(lambda: check(small)), peak_of(lambda: check(large))
    assert calls[1] <= 2.6 * calls[0] + 200, calls
    assert peaks[1] <= 2.6 * peaks[0] + 40_000, peaks
    assert peaks[1] <= 300 * len(large) + 100_000, peaks


@pytest.mark.parametrize(
    "junk",
    [
        lambda number: (f"junk/{number}", b""),
        lambda number: (f"LT/receipts/{number}", b""),
        lambda number: (f"LT/receipts/{number}", small_record()["LT/receipts/2"]),
        lambda number: (f"LT/tile/0/{number:03d}", bytes(32)),
    ],
)
def test_a_record_with_twice_the_files_is_twice_the_work(junk: Callable[[int], tuple[str, bytes]]) -> None:
    """REC-11: files that do not belong, receipts that prove nothing, receipts of one head."""

    def calls(count: int) -> int:
        files = {**small_record(), **dict(junk(number) for number in range(10, 10 + count))}
        return calls_in(lambda: verify_record(files))

    calls(10)
    assert calls(800) <= 2.4 * calls(400) + 200
