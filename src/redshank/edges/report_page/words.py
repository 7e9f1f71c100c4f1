"""Words: how figures, times and serials are written on page and paper."""

from collections.abc import Sequence
from typing import Final

from redshank.exchange.compliance.figures import Duty, Figure, Ref, Run, Spread
from redshank.exchange.compliance.report import EVER
from redshank.terms.instants import Instant, format_instant

RUNS_SHOWN: Final = 12

DUTIES: Final = {
    "ack": "Read by a person (ACK)",
    "reply": "Answered (REPLY)",
    "agree-close": "Close answered (AGREE-CLOSE)",
    "test-reply": "Line test answered (by machine)",
}

TWO_CLOCKS: Final = (
    "Each side's times are of its own clock. Whether an answer was in time is measured from a side's own receipt to "
    "its own answer: one clock, and nobody is late by the other's or by the line. A time from one side's statement to "
    "the other's answer or receipt compares two clocks, and the time on the line is in it."
)
NOT_TOLD: Final = (
    "Incomplete: in time, but without something that the form asks for. Whether the sender did not know it or its "
    "release policy kept it back is not in the log, and its partner cannot know: the two are not told apart, for "
    "either side.",
    "A wait: messages stood longer without a receipt than agreed. An outage of the line, of a node, or a clock that is "
    "off: which of them is not in the log.",
    "No receipt and no answer: nothing shows that the message ever came to the side that would owe an answer.",
    "Open: the deadline lies after the newest statement that this report was made from. Released: the incident was "
    "closed before the deadline.",
    "Not here, because only one side knows it: when an officer saw something, delays inside a country, what was said "
    "by voice, what was never sent. What a party did not send, and by which rule of its own policy, that party can "
    "show with redshank release audit.",
    "Both columns are measured alike. There is no score and no order: the columns stand in the order of the codes.",
)


def duty_name(duty: Duty) -> str:
    """What is owed, and in which kinds of incidents if not in all."""
    name = DUTIES.get(duty.what, duty.what)
    return f"{name}, in {', '.join(duty.kinds)}" if duty.kinds else name


def instant(at_ms: int) -> str:
    """UTC to the second, as read by people. A log may hold any number as a time: beyond the calendar it is shown as
    it is."""
    if not EVER.from_ms <= at_ms <= EVER.until_ms:
        return f"{at_ms} ms"
    return format_instant(Instant(at_ms)).replace("T", " ")[:19] + " UTC"


def period(from_ms: int, until_ms: int) -> str:
    """The period in words; an open end is named as such."""
    begin = "the beginning" if from_ms <= EVER.from_ms else instant(from_ms)
    return f"from {begin} to {'now' if until_ms >= EVER.until_ms else instant(until_ms)}"


def lapse(span_ms: int | None) -> str:
    """A time span: ``1 h 02 min``, ``3 min 05 s``, ``12.3 s``; negative with a minus sign."""
    if span_ms is None:
        return "–"
    sign, span_s = "−" if span_ms < 0 else "", abs(span_ms) / 1000
    if span_s < 60:
        return f"{sign}{span_s:.1f} s"
    whole = int(span_s)
    if whole < 3_600:
        return f"{sign}{whole // 60} min {whole % 60:02d} s"
    if whole < 172_800:
        return f"{sign}{whole // 3_600} h {whole % 3_600 // 60:02d} min"
    return f"{sign}{whole // 86_400} d {whole % 86_400 // 3_600:02d} h"


def spread(found: Spread) -> str:
    """Least, median, most."""
    if not found.count:
        return "–"
    if found.count == 1:
        return lapse(found.median_ms)
    return f"{lapse(found.median_ms)} ({lapse(found.least_ms)} to {lapse(found.most_ms)})"


def serial(ref: Ref | None) -> str:
    """A message's place: its serial, with the generation where that is not the first."""
    if ref is None:
        return "–"
    return str(ref[1]) if not ref[0] else f"{ref[1]} (log {ref[0]})"


def run(one: Run) -> str:
    """A run of serials."""
    generation, first, last = one
    text = str(first) if first == last else f"{first}–{last}"
    return text if not generation else f"{text} (log {generation})"


def runs(figure: Figure) -> Sequence[str]:
    """All serials of a figure."""
    return [run(one) for one in figure.serials]
