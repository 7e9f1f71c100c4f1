"""Late: plots that come up to a minute late, from any source, are tracked as if they had come in time.

Here: the frames of the last minute, fields kept on the way, and the replay from the one before a late plot. The field
afterwards is the same to the last bit, whatever the order of arrival (the tests permute it). Not here: which plots are
refused before (absorbing). May know: terms.
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import numpy as np

from redshank.picture.tracking.engine import CALM_AIR, scanned
from redshank.picture.tracking.field import Field, Floats, Scan, Sensor, empty

WINDOW_MS = 60_000
"""A plot may be this much behind the newest frame."""
KEEP_EVERY_MS = 5_000
"""A field is kept for each such step: 13 of them, some 2 MB each with 10,000 tracks."""


class Frame(NamedTuple):
    """What one source saw at about one time; plots of the same source and time are one frame, however they come."""

    at_ms: int
    source: str
    plots: Scan
    sensor: Sensor

    @property
    def key(self) -> tuple[int, str]:
        """Order of tracking, whatever the order of arrival is."""
        return self.at_ms, self.source


class Kept(NamedTuple):
    """A field, and how many frames of the timeline are in it."""

    frames: int
    field: Field


class Timeline(NamedTuple):
    """The tracker with its last minute. A value: `inserted` makes a new one, and old ones stay as they are."""

    base: Field
    """What came before the window."""
    frames: tuple[Frame, ...] = ()
    kept: tuple[Kept, ...] = ()
    field: Field = empty()
    """The present: all frames tracked."""

    @property
    def newest_ms(self) -> int | None:
        """Time of the newest frame."""
        return self.frames[-1].at_ms if self.frames else None


def begin(field: Field | None = None) -> Timeline:
    """A timeline that has seen nothing, or goes on from a field."""
    start = empty() if field is None else field
    return Timeline(base=start, field=start)


def inserted(line: Timeline, frame: Frame, wind_mps: Floats = CALM_AIR) -> Timeline | None:
    """The timeline with a frame in its place; None when it is more than `WINDOW_MS` behind the newest one."""
    newest = line.newest_ms
    if newest is not None and frame.at_ms < newest - WINDOW_MS:
        return None
    keys = [one.key for one in line.frames]
    place = bisect_left(keys, frame.key)
    same = place < len(keys) and keys[place] == frame.key
    whole = _together(line.frames[place], frame) if same else frame
    frames = (*line.frames[:place], whole, *line.frames[place + same :])
    kept = line.kept[: bisect_right([one.frames for one in line.kept], place)]
    if place == len(line.frames):  # in time: the present goes one frame on
        done, field = place, line.field
    else:
        done, field = (kept[-1].frames, kept[-1].field) if kept else (0, line.base)
    return _forgotten(_replayed(Timeline(line.base, frames, kept, field), done, wind_mps))


def _together(one: Frame, more: Frame) -> Frame:
    plots = Scan(*(np.concatenate(pair) for pair in zip(one.plots, more.plots, strict=True)))
    return one._replace(plots=plots)


def _replayed(line: Timeline, done: int, wind_mps: Floats) -> Timeline:
    """Tracks the frames from `done` on, and keeps a field wherever a step of time ends."""
    field, kept = line.field, list(line.kept)
    for number in range(done, len(line.frames)):
        frame = line.frames[number]
        step = frame.at_ms // KEEP_EVERY_MS
        if number and step != line.frames[number - 1].at_ms // KEEP_EVERY_MS and (not kept or kept[-1].frames < number):
            kept.append(Kept(number, field))
        field = scanned(field, frame.plots, frame.sensor, frame.at_ms, wind_mps)
    return line._replace(kept=tuple(kept), field=field)


def _forgotten(line: Timeline) -> Timeline:
    """Frames that no late plot can come before any more go into the base, by whole steps."""
    oldest = line.frames[-1].at_ms - WINDOW_MS
    over = [one for one in line.kept if line.frames[one.frames].at_ms <= oldest]
    if not over:
        return line
    last = over[-1]
    kept = tuple(Kept(one.frames - last.frames, one.field) for one in line.kept if one.frames > last.frames)
    return Timeline(last.field, line.frames[last.frames :], kept, line.field)
