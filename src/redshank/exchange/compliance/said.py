"""Said: what one side said in the period: types and completeness, tests, notices and their lead, ends in dispute; and
the receipts that it gave.

Here: pure counting over rows. Not here: answers (`duties`). May know: terms.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from redshank.exchange.audit.cosigned import Receipts as Stamps
from redshank.exchange.compliance.copies import ReadLog, Row
from redshank.exchange.compliance.duties import Window
from redshank.exchange.compliance.figures import (
    Figure,
    Gap,
    Notice,
    Notices,
    Receipts,
    Ref,
    Run,
    Said,
    Tests,
    Wait,
    figure,
    spread,
)
from redshank.terms.ids import IncidentId
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import NOT_CORRECTABLE


def types_said(rows: Sequence[Row]) -> tuple[Said, ...]:
    """Each type, and what of it was complete."""
    by_type = dict[str, list[Row]]()
    for row in rows:
        by_type.setdefault(row.type, []).append(row)
    return tuple(_said(kind, by_type[kind]) for kind in sorted(by_type))


def _said(kind: str, rows: Sequence[Row]) -> Said:
    lacking = dict[str, list[Ref]]()
    for row in rows:
        for member in row.missing:
            lacking.setdefault(member, []).append(row.ref)
    return Said(
        type=kind,
        all=figure(row.ref for row in rows),
        complete=figure(row.ref for row in rows if not row.missing),
        incomplete=figure(row.ref for row in rows if row.missing),
        missing={member: figure(refs) for member, refs in lacking.items()},
    )


def of_type(rows: Iterable[Row], kind: str) -> Figure:
    """All messages of one type."""
    return figure(row.ref for row in rows if row.type == kind)


def taken_back(rows: Sequence[Row]) -> tuple[Mapping[Ref, str], Mapping[Ref, int]]:
    """Of one side's log the CORRECTs and CANCELs that count (MSG-28), with the type of the message that each names; and
    the messages that were cancelled, with the time.

    Such a message is of the log before it, still stands, and of a CORRECT it is of the type that it says. A CORRECT or
    CANCEL under another incident's name asks for nothing: the report does not know which names are of one incident.
    """
    wanted = {row.names for row in rows if row.names is not None}
    said, named, cancelled = dict[Ref, Row](), dict[Ref, str](), dict[Ref, int]()
    for row in rows:
        if row.names is None:
            if row.ref in wanted and row.type not in NOT_CORRECTABLE:
                said[row.ref] = row
            continue
        about = said.get(row.names)
        if about is None or row.names in cancelled or row.corrects not in (None, about.type):
            continue
        if about.incident == row.incident:
            named[row.ref] = about.type
        if row.type == "CANCEL":
            cancelled[row.names] = row.stated_ms
    return named, cancelled


# --- tests ------------------------------------------------------------------------------------------------------------


def tests(rows: Sequence[Row], window: Window, interval_s: int | None) -> Tests:
    """TESTs of one side, and how many more its log owed: as many as whole intervals, to the nearest, lie between two,
    less one. Counted from the first statement of the log to the newest one in the copies, within the period. None:
    there is no line to test."""
    said = [row for row in rows if row.type == "TEST" and window.has(row.stated_ms)]
    held, at_ms = figure(row.ref for row in said), tuple(row.stated_ms for row in said)
    if not rows or interval_s is None:
        return Tests(held, at_ms, 0, ())
    begin = max(window.from_ms, rows[0].stated_ms)
    end = max(begin, min(window.until_ms, window.as_of_ms))
    marks = [(begin, None), *((row.stated_ms, row.ref) for row in said), (end, None)]
    interval_ms, gaps = interval_s * SECOND_MS, list[Gap]()
    for (from_ms, after), (until_ms, before) in pairwise(marks):
        missed = (until_ms - from_ms + interval_ms // 2) // interval_ms - 1
        if missed > 0:
            gaps.append(Gap(from_ms, until_ms, missed, after, before))
    return Tests(held, at_ms, sum(gap.missed for gap in gaps), tuple(gaps))


# --- notices ----------------------------------------------------------------------------------------------------------


def notices(rows: Sequence[Row], window: Window) -> Notices:
    """First notices of the period, with what the same log says later of the same object."""
    crossed, first = dict[tuple[IncidentId, int], Row](), dict[tuple[IncidentId, int], Row]()
    for row in rows:
        if row.incident is None or row.object is None or row.phase is None:
            continue
        about = (row.incident, row.object)
        if row.phase == "crossed":
            crossed.setdefault(about, row)
        if row.type == "NOTICE":
            first.setdefault(about, row)
    lines = tuple(_notice(about, row, crossed.get(about)) for about, row in first.items() if window.has(row.stated_ms))
    lines = tuple(sorted(lines, key=lambda line: line.serial))
    return Notices(
        first=figure(line.serial for line in lines),
        lead=spread([line.lead_ms for line in lines if line.lead_ms is not None]),
        crossed_lead=spread([line.crossed_lead_ms for line in lines if line.crossed_lead_ms is not None]),
        without_forecast=figure(line.serial for line in lines if line.lead_ms is None),
        lines=lines,
    )


def _notice(about: tuple[IncidentId, int], row: Row, crossed: Row | None) -> Notice:
    happened_ms = None if crossed is None else crossed.happened_ms
    return Notice(
        serial=row.ref,
        incident=about[0],
        object=about[1],
        stated_ms=row.stated_ms,
        phase=row.phase or "",
        lead_ms=None if row.crossing_ms is None else row.crossing_ms - row.stated_ms,
        crossed=None if crossed is None else crossed.ref,
        crossed_lead_ms=None if happened_ms is None else happened_ms - row.stated_ms,
    )


# --- closing ----------------------------------------------------------------------------------------------------------


def outcomes_differ(rows: Sequence[Row], others: Sequence[Row]) -> Figure:
    """CLOSEs of one side whose summary is not that of the other side's last CLOSE of the incident."""
    theirs = {row.incident: row for row in others if row.type == "CLOSE"}
    return figure(
        row.ref
        for row in rows
        if row.type == "CLOSE"
        and (other := theirs.get(row.incident)) is not None
        and (row.outcome, row.objects) != (other.outcome, other.objects)
    )


# --- receipts ---------------------------------------------------------------------------------------------------------


def receipts_given(logs: Sequence[ReadLog], window: Window, deadline_s: int | None) -> Receipts:
    """Receipts for the other side's entries of the period. A lone log is owed none."""
    in_time, late, never, still = list[Ref](), list[Ref](), list[Ref](), list[Ref]()
    after, waits = list[int](), list[Wait]()
    limit_ms = (deadline_s or 0) * SECOND_MS
    for log in logs if deadline_s is not None else ():
        waiting = list[tuple[Row, int | None]]()
        for row, stamp_s in _stamped(log.rows, log.copy.receipts, window):
            if stamp_s is None:
                due = row.stated_ms + limit_ms < window.as_of_ms
                (never if due else still).append(row.ref)
                waiting += [(row, None)] if due else []
                continue
            after.append(stamp_s * SECOND_MS - row.stated_ms)
            (late if after[-1] > limit_ms else in_time).append(row.ref)
            waiting += [(row, stamp_s)] if after[-1] > limit_ms else []
        waits += _waits(waiting)
    return Receipts(figure(in_time), figure(late), figure(never), figure(still), spread(after), tuple(waits))


def _stamped(rows: Sequence[Row], stamps: Stamps, window: Window) -> Iterable[tuple[Row, int | None]]:
    for row in rows:
        if window.has(row.stated_ms):
            place = bisect_right(stamps, row.ref[1], key=lambda stamp: stamp[0])
            yield row, stamps[place][1] if place < len(stamps) else None


def _waits(waiting: Sequence[tuple[Row, int | None]]) -> list[Wait]:
    """Entries that waited, one beside the other in the log, as one stretch: each was stated while the one before it
    still waited."""
    found = list[Wait]()
    for row, stamp_s in waiting:
        generation, serial = row.ref
        last = found[-1] if found else None
        waits_on = last is not None and (last.until_s is None or row.stated_ms <= last.until_s * SECOND_MS)
        if last is not None and waits_on and last.serials[2] == serial - 1:
            run: Run = (generation, last.serials[1], serial)
            until_s = None if stamp_s is None else max(stamp_s, last.until_s or 0)
            found[-1] = Wait(run, last.from_ms, until_s)
        else:
            found.append(Wait((generation, serial, serial), row.stated_ms, stamp_s))
    return found


def first_times(rows: Iterable[Row], kind: str) -> Mapping[IncidentId, int]:
    """By incident: when a type was first said."""
    found = dict[IncidentId, int]()
    for row in rows:
        if row.type == kind and row.incident is not None:
            found.setdefault(row.incident, row.stated_ms)
    return found
