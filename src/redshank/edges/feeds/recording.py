"""Recordings: a capture file decoded at once, or replayed at its own pace.

Here: the times of a recording and the pace. Not here: file formats (capture), ASTERIX (decode). May
know: decode, terms, edges.clock, edges.feeds.capture.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from redshank.decode.asterix import block_instant, decode_block
from redshank.decode.decoded import Decoded
from redshank.decode.source import SourceConfig
from redshank.edges.clock import Clock
from redshank.edges.feeds import Emit
from redshank.edges.feeds.capture import read_capture
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

Progress = Callable[[int, int], None]
"""Called with (bytes read, bytes of the file)."""


class Moment(NamedTuple):
    """One piece of a recording, decoded, when it was recorded, and how far the file is read."""

    at: Instant
    decoded: Decoded
    read_bytes: int
    file_bytes: int


def decode_file(
    path: Path, source: SourceConfig, now: Instant, port: int | None = None, progress: Progress | None = None
) -> Iterator[Decoded]:
    """The batches of a recording, as fast as they can be read.

    A capture says when each packet came. A raw file does not: its first time of day is taken for the one
    nearest to `now`, and the file runs on from there. A broken file gives a last batch with a refusal.
    Raises OSError.
    """
    for moment in moments(path, source, now, port):
        if progress is not None:
            progress(moment.read_bytes, moment.file_bytes)
        yield from moment.decoded.batches()


def moments(path: Path, source: SourceConfig, now: Instant, port: int | None = None) -> Iterator[Moment]:
    """The pieces of a recording with their times; see `decode_file`."""
    at, read_bytes, file_bytes = now, 0, path.stat().st_size
    for piece in read_capture(path, port):
        if isinstance(piece, Refusal):
            yield Moment(at, Decoded(refusals=(piece,)), read_bytes, file_bytes)
            continue
        read_bytes = piece.offset
        at = piece.at if piece.at is not None else block_instant(source, piece.data, at) or at
        yield Moment(at, decode_block(source, piece.data, at), read_bytes, file_bytes)


async def replay(
    path: Path,
    source: SourceConfig,
    emit: Emit,
    clock: Clock,
    speed: float | None = 1.0,
    port: int | None = None,
    as_if_now: bool = False,
    progress: Progress | None = None,
) -> None:
    """Emits a recording at its own pace times `speed`; None is as fast as `emit` takes it.

    With `as_if_now` each piece is dated as if it had been recorded when it is emitted, so that a live
    node takes it (its motion is true only if `speed` is the clock's rate); otherwise reports keep their
    times. Raises OSError when the file can not be read, ValueError for a speed of 0 or less.
    """
    if speed is not None and speed <= 0:
        raise ValueError(f"speed must be above 0, got {speed}")
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    first: Instant | None = None
    for moment in moments(path, source, clock.now(), port):
        first = moment.at if first is None else first
        if speed is not None:
            await asyncio.sleep(max((moment.at - first) / 1000 / speed - (loop.time() - began_s), 0))
        shift_ms = clock.now() - moment.at if as_if_now else 0
        for batch in moment.decoded.batches():
            await emit(source.id, _shifted(batch, shift_ms))
        if progress is not None:
            progress(moment.read_bytes, moment.file_bytes)


def _shifted(decoded: Decoded, shift_ms: int) -> Decoded:
    if shift_ms == 0:
        return decoded
    moved = tuple(msgspec.structs.replace(report, at=report.at + shift_ms) for report in decoded.reports)
    return msgspec.structs.replace(decoded, reports=moved)
