"""Late plots: whatever the order of arrival, the field is the one of the plots in time, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.picture.test_picture_tracking import same

from redshank.picture.tracking.engine import scanned
from redshank.picture.tracking.field import Field, Scan, Sensor, empty, scan_of
from redshank.picture.tracking.late import KEEP_EVERY_MS, WINDOW_MS, Frame, Timeline, begin, inserted

pytestmark = pytest.mark.timeout(600)  # the first one on a machine compiles the loops: 22 s of processor
SECTOR = Sensor(0.85, 2e-8, 4e-9, whole=False)
AREA = Sensor(0.85, 2e-8, 4e-9)


def night(seed: int, frames: int, step_ms: int = 1_000) -> list[Frame]:
    """Two radars over the same fliers; one looks at all of it, the other at sectors, half a second apart."""
    draw = np.random.default_rng(seed)
    place, speed = draw.uniform(0, 15_000, (2, 12)), draw.normal(0, 35, (2, 12))
    told = []
    for number in range(frames):
        now = place + speed * number * step_ms / 1_000
        for source, sensor, late in (("a", AREA, 0), ("b", SECTOR, step_ms // 2)):
            seen = draw.random(12) < 0.8
            plots = np.hstack((now[:, seen] + draw.normal(0, 30, (2, seen.sum())), draw.uniform(0, 15_000, (2, 3))))
            told.append(Frame(number * step_ms + late, source, scan_of(plots[0], plots[1], 30.0), sensor))
    return told


def in_time(frames: list[Frame]) -> Field:
    field = empty()
    for frame in frames:
        field = scanned(field, frame.plots, frame.sensor, frame.at_ms)
    return field


def all_of(frames: list[Frame]) -> Timeline:
    line = begin()
    for frame in frames:
        newer = inserted(line, frame)
        assert newer is not None
        line = newer
    return line


def part(frame: Frame, chosen: np.ndarray) -> Frame:
    return frame._replace(plots=Scan(*(column[chosen] for column in frame.plots)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1_000, 4_000]))
def test_any_order_of_arrival_within_a_minute_gives_the_same_bits(seed, step_ms):
    """Each plot for itself is up to a minute late, across the end of the window as well."""
    frames, draw = night(seed, 25, step_ms), np.random.default_rng(seed)
    pieces = []
    for frame in frames:
        late = draw.integers(0, WINDOW_MS, frame.plots.size) * (draw.random(frame.plots.size) < 0.3)
        for wait in np.unique(late):
            pieces.append((frame.at_ms + int(wait), frame.source, part(frame, late == wait)))
    line = all_of([piece for _, _, piece in sorted(pieces, key=lambda p: p[:2])])
    assert same(line.field, in_time(frames))


def test_what_is_later_than_a_minute_is_not_taken():
    frames = night(3, 80)
    line = all_of(frames)
    assert inserted(line, frames[0]) is None
    assert inserted(line, frames[-1]._replace(at_ms=frames[-1].at_ms - WINDOW_MS - 1)) is None
    assert inserted(line, frames[-1]._replace(at_ms=frames[-1].at_ms - WINDOW_MS)) is not None


def test_the_past_is_bounded_and_old_timelines_stay_what_they_were():
    frames = night(4, 200)
    line = all_of(frames[:300])
    before, bits = line.field, line.field.state.tobytes()
    later = inserted(line, frames[260]._replace(source="c"))
    assert later is not None
    assert later.field.state.tobytes() != bits
    assert line.field is before
    assert before.state.tobytes() == bits
    line = all_of(frames)
    assert len(line.frames) <= 2 * (WINDOW_MS + KEEP_EVERY_MS) // 1_000 + 2
    assert len(line.kept) <= WINDOW_MS // KEEP_EVERY_MS + 1
