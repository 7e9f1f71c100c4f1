"""Tables: the report as sections of rows, one cell for each side; page and paper show the same. May know: words."""

from collections.abc import Callable, Sequence

import msgspec

from redshank.edges.report_page.words import duty_name, instant, lapse, runs, serial, spread
from redshank.exchange.compliance.figures import Answer, Duty, Figure, Notice, Report, Side, Standing

LINES_SHOWN = 200
"""Of one list on page and paper; the JSON has all."""


class Cell(msgspec.Struct, frozen=True):
    """What stands in one column: the figure as text, and the serials behind it."""

    text: str
    serials: Sequence[str] = ()


class Section(msgspec.Struct, frozen=True):
    """A heading, what its serials are of, and its rows: a label and one cell a side."""

    title: str
    note: str
    rows: tuple[tuple[str, Cell, Cell], ...]


class Listing(msgspec.Struct, frozen=True):
    """A list of single messages, with its columns' names."""

    title: str
    head: tuple[str, ...]
    shares: tuple[float, ...]
    """Of the width, for paper."""
    lines: tuple[tuple[str, ...], ...]
    left_out: int = 0


def sections(report: Report) -> tuple[Section, ...]:
    """All figures, side by side."""
    found = [
        _section(
            report,
            "What each side said",
            "Serials are of the side's own log.",
            [
                *((kind, _said(kind)) for kind in sorted({said.type for side in report.sides for said in side.said})),
                ("no message by the specification", _refused),
            ],
        ),
        _section(
            report, "Complete by what the forms ask for", "Serials of incomplete messages.", _completeness(report)
        ),
        _section(
            report,
            "Warning time",
            "First notices, in the side's own log. Both times are of that side's one clock.",
            [
                ("first notices", lambda side: _figure(side.notices.first)),
                ("before the forecast crossing", lambda side: Cell(spread(side.notices.lead))),
                ("before the crossing that it told later", lambda side: Cell(spread(side.notices.crossed_lead))),
                ("without a forecast", lambda side: _figure(side.notices.without_forecast)),
            ],
        ),
    ]
    numbers = range(len(report.sides[0].owes))
    asked = [number for number in numbers if any(_was_asked(side.owes[number]) for side in report.sides)]
    found += [_duty_section(report, number) for number in asked]
    found += (
        [_not_asked(report, [number for number in numbers if number not in asked])] if len(asked) < len(numbers) else []
    )
    found += [_receipts(report), _tests(report), _closing(report)]
    return tuple(found)


Read = Callable[[Side], Cell]


def _section(report: Report, title: str, note: str, rows: Sequence[tuple[str, Read]]) -> Section:
    one, other = report.sides
    return Section(title, note, tuple((label, read(one), read(other)) for label, read in rows))


def _figure(figure: Figure) -> Cell:
    return Cell(str(figure.count), runs(figure))


def _said(kind: str) -> Read:
    def read(side: Side) -> Cell:
        return next((_figure(said.all) for said in side.said if said.type == kind), Cell("0"))

    return read


def _refused(side: Side) -> Cell:
    found = [f"{reason}: {', '.join(runs(figure))}" for reason, figure in side.not_understood.items()]
    return Cell(str(sum(figure.count for figure in side.not_understood.values())), found)


def _completeness(report: Report) -> list[tuple[str, Read]]:
    rows = list[tuple[str, Read]]()
    for kind in sorted({said.type for side in report.sides for said in side.said if said.incomplete.count}):
        rows.append((f"{kind}, incomplete", _incomplete(kind)))
        lacking = {
            member for side in report.sides for said in side.said if said.type == kind for member in said.missing
        }
        rows += [(f"– without {member.removeprefix('body.')}", _lacking(kind, member)) for member in sorted(lacking)]
    return rows or [("incomplete messages", lambda _: Cell("0"))]


def _incomplete(kind: str) -> Read:
    def read(side: Side) -> Cell:
        for said in side.said:
            if said.type == kind:
                return Cell(f"{said.incomplete.count} of {said.all.count}", runs(said.incomplete))
        return Cell("none said")

    return read


def _lacking(kind: str, member: str) -> Read:
    def read(side: Side) -> Cell:
        found = next((said.missing.get(member) for said in side.said if said.type == kind), None)
        return Cell("0") if found is None else _figure(found)

    return read


def _was_asked(duty: Duty) -> bool:
    answered, unanswered = (duty.in_time, duty.late), (duty.never, duty.not_received)
    return any(one.count for one in (*answered, *unanswered, duty.released, duty.cancelled, duty.open))


def _not_asked(report: Report, numbers: Sequence[int]) -> Section:
    """What neither side had to answer in the period, a line each."""
    titles = [_duty_title(report.sides[0].owes[number]) for number in numbers]
    rows: list[tuple[str, Read]] = [(title, lambda _: Cell("0")) for title in titles]
    return _section(report, "Owed, but not asked for", "Neither side was asked for any of these.", rows)


def _duty_title(duty: Duty) -> str:
    return f"{duty_name(duty)}: within {duty.deadline_s} s"


def _duty_section(report: Report, number: int) -> Section:
    """Both sides owe the same in the same order."""
    duty = report.sides[0].owes[number]
    title = _duty_title(duty)
    note = (
        f"What a side owed for {', '.join(duty.asks)} of the other. Serials are those that asked, in the other's log."
    )

    def of(read: Callable[[Duty], Cell]) -> Read:
        return lambda side: read(side.owes[number])

    return _section(
        report,
        title,
        note,
        [
            ("in time", of(lambda one: _figure(one.in_time))),
            ("late", of(lambda one: _figure(one.late))),
            ("never", of(lambda one: _figure(one.never))),
            ("no receipt and no answer", of(lambda one: _figure(one.not_received))),
            ("released by the close", of(lambda one: _figure(one.released))),
            ("cancelled before", of(lambda one: _figure(one.cancelled))),
            ("open", of(lambda one: _figure(one.open))),
            ("from statement to answer, two clocks", of(lambda one: Cell(spread(one.after)))),
            ("from its receipt to its answer, its own clock", of(lambda one: Cell(spread(one.after_receipt)))),
        ],
    )


def _receipts(report: Report) -> Section:
    within = report.rules.deadlines_s.get("receipt")
    return _section(
        report,
        "Receipts given" if within is None else f"Receipts given: within {within} s",
        "By machine, for the other side's entries; serials are of the other's log. Two clocks.",
        [
            ("in time", lambda side: _figure(side.receipts.in_time)),
            ("late", lambda side: _figure(side.receipts.late)),
            ("never", lambda side: _figure(side.receipts.never)),
            ("open", lambda side: _figure(side.receipts.open)),
            ("from statement to receipt", lambda side: Cell(spread(side.receipts.after))),
            (
                "waits",
                lambda side: Cell(
                    str(len(side.receipts.waits)),
                    [f"{run_of(wait.serials)} from {instant(wait.from_ms)}" for wait in side.receipts.waits],
                ),
            ),
        ],
    )


def run_of(one: tuple[int, int, int]) -> str:
    """A run of serials as text."""
    return runs(Figure(0, (one,)))[0]


def _tests(report: Report) -> Section:
    return _section(
        report,
        f"Line tests: one each {report.rules.line_test_s} s",
        "Said by the side, in its own log; missed ones were due and are not there.",
        [
            ("held", lambda side: _figure(side.tests.held)),
            (
                "missed",
                lambda side: Cell(
                    str(side.tests.missed),
                    [f"{gap.missed} after {instant(gap.from_ms)}" for gap in side.tests.gaps],
                ),
            ),
        ],
    )


def _closing(report: Report) -> Section:
    return _section(
        report,
        "Corrections, cancellations, closing",
        "Serials are of the side's own log.",
        [
            ("corrections", lambda side: _figure(side.corrections)),
            ("cancellations", lambda side: _figure(side.cancellations)),
            ("does not agree to a close", lambda side: _figure(side.disagreed)),
            ("its summary differs from the other's", lambda side: _figure(side.outcomes_differ)),
        ],
    )


def listings(report: Report) -> tuple[Listing, ...]:
    """Single messages: first notices, and answers that were not in time."""
    found = []
    for side in report.sides:
        found.append(_notice_list(side))
        found.append(_answer_list(side))
    return tuple(one for one in found if one.lines)


def _notice_list(side: Side) -> Listing:
    head = ("serial", "incident", "object", "stated", "phase", "to the forecast", "to the crossing", "told by")
    shares = (0.09, 0.17, 0.08, 0.21, 0.1, 0.13, 0.13, 0.09)
    lines = tuple(_notice(line) for line in side.notices.lines[:LINES_SHOWN])
    return Listing(f"{side.party}: first notices", head, shares, lines, max(0, len(side.notices.lines) - LINES_SHOWN))


def _notice(line: Notice) -> tuple[str, ...]:
    told = "–" if line.crossed is None else serial(line.crossed)
    times = (lapse(line.lead_ms), lapse(line.crossed_lead_ms))
    place = (serial(line.serial), line.incident, str(line.object), instant(line.stated_ms), line.phase)
    return (*place, *times, told)


def _answer_list(side: Side) -> Listing:
    head = ("owed", "asked by serial", "stands", "answered by serial", "after", "by its own clock")
    found = [(duty, line) for duty in side.owes for line in duty.lines if line.standing is not Standing.IN_TIME]
    lines = tuple(_answer(duty, line) for duty, line in found[:LINES_SHOWN])
    shares = (0.15, 0.17, 0.17, 0.17, 0.17, 0.17)
    return Listing(f"{side.party}: owed and not in time", head, shares, lines, max(0, len(found) - LINES_SHOWN))


def _answer(duty: Duty, line: Answer) -> tuple[str, ...]:
    times = (lapse(line.after_ms), lapse(line.after_receipt_ms))
    return (duty.what, serial(line.asked), line.standing.value, serial(line.answer), *times)
