"""Plots: warning times, answer times, and the line over the period; each side on a row of its own, one axis for both.

Here: where each dot goes. Not here: how it is painted (`drawing`). May know: exchange.compliance, words.
"""

from collections.abc import Sequence
from typing import Final

from redshank.edges.report_page.drawing import (
    DIM,
    INK,
    PALE,
    RAIL,
    SIDES,
    Drawing,
    Shape,
    Swarm,
    line,
    nice_step,
    text,
)
from redshank.edges.report_page.words import duty_name, lapse
from redshank.exchange.compliance.figures import Answer, Duty, Report, Side, Standing
from redshank.exchange.compliance.report import EVER
from redshank.terms.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Instant, format_instant

WIDTH: Final = 720.0
LEFT, RIGHT = 44.0, 660.0
RADIUS: Final = 3.4
TICKS_MOST: Final = 600
"""Tests on one row that are drawn one by one; of more a filled band is drawn between."""


def plots(report: Report) -> tuple[Drawing, ...]:
    """All plots that have something to show."""
    found = [_leads(report)]
    owed = enumerate(report.sides[0].owes)
    found += [_answers(report, number) for number, duty in owed if duty.what != "test-reply"]
    found.append(_line(report))
    return tuple(one for one in found if one is not None)


def _scale(low: float, high: float, at: float) -> float:
    """Where a value lies; beyond the ends at the ends."""
    inside = min(max(at, low), high)
    return LEFT + (RIGHT - LEFT) * (inside - low) / (high - low)


def _axis(low: float, high: float, y: float, top: float, unit: str) -> list[Shape]:
    step, shapes = nice_step(high - low, 10), list[Shape]()
    tick = -(-low // step) * step
    while tick <= high:
        x = _scale(low, high, tick)
        shapes += [line(x, top, x, y, PALE if tick else DIM), text(x, y + 13, f"{tick or 0.0:g}", anchor="middle")]
        tick += step
    return [*shapes, text(RIGHT + 22, y + 13, unit)]


def _row_name(side: Side, number: int, y: float) -> Shape:
    return text(4, y + 5, side.party, colour=SIDES[number], size=15)


# --- warning time -----------------------------------------------------------------------------------------------------


def _leads(report: Report) -> Drawing | None:
    """A full dot for the forecast, a ring for the crossing that was told later, a line from the one to the other."""
    told = [line_.lead_ms for side in report.sides for line_ in side.notices.lines]
    later = [line_.crossed_lead_ms for side in report.sides for line_ in side.notices.lines]
    minutes = [one / MINUTE_MS for one in (*told, *later) if one is not None]
    if not minutes:
        return None
    low, high = min(0.0, *minutes) - 1, max(10.0, *minutes) * 1.04
    shapes = _axis(low, high, 172, 12, "min")
    for number, side in enumerate(report.sides):
        middle = 52.0 + 80 * number
        shapes += [line(LEFT, middle, RIGHT, middle), _row_name(side, number, middle)]
        swarm = Swarm(middle, RADIUS, 4)
        for one in sorted(side.notices.lines, key=lambda one: one.lead_ms or one.crossed_lead_ms or 0):
            shapes += _lead(one.lead_ms, one.crossed_lead_ms, swarm, (low, high), SIDES[number])
        median = side.notices.lead.median_ms
        if median is not None:
            x = _scale(low, high, median / MINUTE_MS)
            shapes += [line(x, middle - 36, x, middle + 32, SIDES[number], 1.6)]
            anchor, x = ("start", x + 4) if x < RIGHT - 110 else ("end", x - 4)
            shapes += [text(x, middle - 28, f"median {lapse(median)}", colour=SIDES[number], anchor=anchor)]
    return Drawing(
        "Minutes from the first notice to the crossing: as forecast, and as told later", WIDTH, 190, tuple(shapes)
    )


def _lead(
    lead_ms: int | None, crossed_ms: int | None, swarm: Swarm, ends: tuple[float, float], colour: str
) -> list[Shape]:
    shapes, y = list[Shape](), 0.0
    xs = [None if one is None else _scale(*ends, one / MINUTE_MS) for one in (lead_ms, crossed_ms)]
    known = [x for x in xs if x is not None]
    if not known:
        return shapes
    y = swarm.y_of(known[0])
    if len(known) == 2:
        shapes.append(line(known[0], y, known[1], y, RAIL, 0.8))
    if xs[1] is not None:
        shapes.append(Shape(kind="dot", x=xs[1], y=y, x2=RADIUS, colour=colour, hollow=True))
    if xs[0] is not None:
        shapes.append(Shape(kind="dot", x=xs[0], y=y, x2=RADIUS, colour=colour))
    return shapes


# --- answers ----------------------------------------------------------------------------------------------------------


def _answers(report: Report, number: int) -> Drawing | None:
    """A dot for each answer, full if in time; the deadline is a line; beyond twice the deadline all are at the end."""
    duties = [side.owes[number] for side in report.sides]
    if not any(duty.lines for duty in duties):
        return None
    limit = float(duties[0].deadline_s)
    unit, scale = ("min", 60.0) if limit >= 300 else ("s", 1.0)
    low, high = -0.05 * limit / scale, 2.0 * limit / scale
    shapes = _axis(low, high, 132, 18, unit)
    x = _scale(low, high, limit / scale)
    shapes += [
        line(x, 10, x, 132, INK, 1.6),
        text(x + 4, 18, f"agreed: {lapse(duties[0].deadline_s * 1000)}", colour=INK),
    ]
    for row, (side, duty) in enumerate(zip(report.sides, duties, strict=True)):
        middle = 48.0 + 54 * row
        shapes += [line(LEFT, middle, RIGHT, middle), _row_name(side, row, middle)]
        shapes += _dots(duty, middle, (low, high, scale), SIDES[row])
    return Drawing(f"{duty_name(duties[0])}: by each side's own clock, from its receipt", WIDTH, 150, tuple(shapes))


def _dots(duty: Duty, middle: float, axis: tuple[float, float, float], colour: str) -> list[Shape]:
    low, high, scale = axis
    swarm, shapes = Swarm(middle, RADIUS, 3), list[Shape]()
    answered = sorted(_known(duty), key=lambda pair: (pair[0], pair[1].asked))
    for after_ms, one in answered:
        x, late = _scale(low, high, after_ms / SECOND_MS / scale), one.standing is not Standing.IN_TIME
        shapes.append(Shape(kind="dot", x=x, y=swarm.y_of(x), x2=RADIUS, colour=colour, hollow=late))
    beyond = sum(after_ms > high * scale * SECOND_MS for after_ms, _ in answered)
    if beyond:
        shapes.append(text(RIGHT + 8, middle - 4, f"{beyond} later", colour=colour))
    if duty.never.count:
        shapes.append(text(RIGHT + 8, middle + 10, f"{duty.never.count} never", colour=colour))
    return shapes


def _known(duty: Duty) -> list[tuple[int, Answer]]:
    """What decides of each answer: the time by its side's own clock, or without a receipt that between statements."""
    times = ((one.after_ms if one.after_receipt_ms is None else one.after_receipt_ms, one) for one in duty.lines)
    return [(after_ms, one) for after_ms, one in times if after_ms is not None]


# --- the line ---------------------------------------------------------------------------------------------------------


def _line(report: Report) -> Drawing | None:
    """The period from left to right: TESTs as ticks, stretches without them as boxes with how many were due, and below
    them the waits of the other side's messages for this side's receipts."""
    begin, end = _shown_period(report)
    if end <= begin:
        return None
    shapes = _days(begin, end, 142)
    for number, side in enumerate(report.sides):
        top = 20.0 + 62 * number
        shapes += [
            Shape(kind="box", x=LEFT, y=top, x2=RIGHT, y2=top + 20, colour=PALE),
            _row_name(side, number, top + 12),
        ]
        shapes += _gaps(side, (begin, end), top, SIDES[number]) + _ticks(side, report, top, SIDES[number])
        shapes.append(line(LEFT, top + 31, RIGHT, top + 31))
        for wait in side.receipts.waits:
            ends = (wait.from_ms, end if wait.until_s is None else wait.until_s * SECOND_MS)
            x, x2 = (_scale(begin, end, at) for at in ends)
            shapes.append(Shape(kind="box", x=x, y=top + 26, x2=max(x2, x + 1.5), y2=top + 36, colour=SIDES[number]))
        shapes.append(text(RIGHT + 8, top + 14, "tests"))
        shapes.append(text(RIGHT + 8, top + 35, "waits"))
    return Drawing(
        "The line over the period: tests, tests that were due, and waits for receipts", WIDTH, 166, tuple(shapes)
    )


def _shown_period(report: Report) -> tuple[int, int]:
    """The part of the period that the copies say anything of."""
    firsts = [mark for side in report.sides for mark in _first_marks(side)]
    begin = max(report.from_ms, min(firsts, default=report.from_ms))
    return begin, min(report.until_ms, report.as_of_ms, EVER.until_ms)


def _first_marks(side: Side) -> list[int]:
    marks = [gap.from_ms for gap in side.tests.gaps[:1]] + [one.stated_ms for one in side.notices.lines[:1]]
    return [*marks, *side.tests.at_ms[:1]]


def _gaps(side: Side, ends: tuple[int, int], top: float, colour: str) -> list[Shape]:
    shapes = list[Shape]()
    for gap in side.tests.gaps:
        x, x2 = _scale(*ends, gap.from_ms), _scale(*ends, gap.until_ms)
        shapes.append(Shape(kind="box", x=x, y=top + 2, x2=x2, y2=top + 18, colour=colour, hollow=True))
        if x2 - x > 16:
            shapes.append(text((x + x2) / 2, top + 14, str(gap.missed), colour=colour, anchor="middle"))
    return shapes


def _ticks(side: Side, report: Report, top: float, colour: str) -> list[Shape]:
    begin, end = _shown_period(report)
    at_ms: Sequence[int] = side.tests.at_ms
    every = -(-len(at_ms) // TICKS_MOST) if at_ms else 1
    xs = [_scale(begin, end, at) for at in at_ms[::every]]
    return [line(x, top + 3, x, top + 17, colour, 0.9) for x in xs]


def _days(begin: int, end: int, y: float) -> list[Shape]:
    span = end - begin
    step = DAY_MS * 7 if span > 70 * DAY_MS else DAY_MS if span > 3 * DAY_MS else HOUR_MS
    while span / step > 10:
        step *= 2
    shapes, at = list[Shape](), -(-begin // step) * step
    while at <= end:
        words = format_instant(Instant(at))
        label = words[5:10] if step >= DAY_MS else words[11:16]
        x = _scale(begin, end, at)
        shapes += [line(x, 14, x, y - 4, RAIL), text(x, y + 8, label, anchor="middle")]
        at += step
    return [*shapes, text(RIGHT + 22, y + 8, "UTC")]
