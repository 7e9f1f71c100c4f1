"""Duties: what one side owed the other for its messages, and when it answered, from both logs alone.

Here: which message answers which, and how each stands. Not here: which types ask (`rules`), counting (`report`). May
know: terms. Order is by index within a log; between the logs there are only the two clocks, and the receipts.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

import msgspec

from redshank.exchange.audit.cosigned import Receipts
from redshank.exchange.compliance.copies import Row
from redshank.exchange.compliance.figures import Answer, Duty, Ref, Standing, figure, spread
from redshank.exchange.compliance.rules import DEFAULT_KIND, Ask
from redshank.terms.ids import IncidentId
from redshank.terms.instants import SECOND_MS

_CLOSE: Final = "CLOSE"
_CORRECT: Final = "CORRECT"


class Voices(msgspec.Struct, frozen=True):
    """Both logs from one side's view: it was asked in `asking`, and answers in `answering`. `receipts` are those that
    it gave, by generation."""

    asking: Sequence[Row]
    answering: Sequence[Row]
    receipts: Mapping[int, Receipts]
    closed_ms: Mapping[IncidentId, int]
    kinds: Mapping[IncidentId, str]
    """What each incident is about, by its first word; DEFAULT_KIND where it stands in none of the logs."""
    first_close_ms: Mapping[IncidentId, int]
    """When `answering` first said CLOSE."""
    cancelled: Mapping[Ref, int]
    """Messages of `asking` that were cancelled, with the time."""
    named: Mapping[Ref, str] = {}
    """CORRECTs and CANCELs of `asking` that count (MSG-28), with the type of the message that each names."""


class Window(msgspec.Struct, frozen=True):
    """The period, and the newest statement under the heads."""

    from_ms: int
    until_ms: int
    as_of_ms: int

    def has(self, at_ms: int) -> bool:
        """Whether a statement belongs to the period."""
        return self.from_ms <= at_ms < self.until_ms


def duty(ask: Ask, voices: Voices, window: Window) -> Duty:
    """How one side kept one obligation for what it was asked in the period; its answers may come later."""
    answers = _Answers(ask, voices)
    lines = [
        _line(ask, row, answers.of(row), voices, window)
        for row in voices.asking
        if _asks(ask, row, voices)
        and window.has(row.stated_ms)
        and _is_owed_in(ask, row, voices)
        and not _answers_itself(row, voices)
    ]
    by_standing = {standing: figure(line.asked for line in lines if line.standing is standing) for standing in Standing}
    shown = [line for line in lines if line.standing is not Standing.IN_TIME] if ask.by_machine else lines
    return Duty(
        what=ask.what,
        kinds=tuple(sorted(ask.kinds)),
        deadline_s=ask.deadline_s,
        asks=tuple(sorted(ask.asks)),
        answers=tuple(sorted(ask.answers)),
        in_time=by_standing[Standing.IN_TIME],
        late=by_standing[Standing.LATE],
        never=by_standing[Standing.NEVER],
        not_received=by_standing[Standing.NOT_RECEIVED],
        released=by_standing[Standing.RELEASED],
        cancelled=by_standing[Standing.CANCELLED],
        open=by_standing[Standing.OPEN],
        after=spread([line.after_ms for line in lines if line.after_ms is not None]),
        after_receipt=spread([line.after_receipt_ms for line in lines if line.after_receipt_ms is not None]),
        lines=tuple(sorted(shown, key=lambda line: line.asked)),
    )


def _line(ask: Ask, row: Row, answer: Row | None, voices: Voices, window: Window) -> Answer:
    got_s = _receipt_of(voices.receipts.get(row.ref[0], ()), row.ref[1])
    after_ms = after_receipt_ms = None
    if answer is not None:
        after_ms = answer.stated_ms - row.stated_ms
        after_receipt_ms = None if got_s is None else answer.stated_ms - got_s * SECOND_MS
    return Answer(
        asked=row.ref,
        standing=_standing(ask, row, answer, got_s, voices, window),
        answer=None if answer is None else answer.ref,
        after_ms=after_ms,
        after_receipt_ms=after_receipt_ms,
    )


def _standing(ask: Ask, row: Row, answer: Row | None, got_s: int | None, voices: Voices, window: Window) -> Standing:
    """By the clock of the side that owes it, whose receipt counts to the end of its second."""
    since_ms = row.stated_ms if got_s is None else (got_s + 1) * SECOND_MS - 1
    due_ms = since_ms + ask.deadline_s * SECOND_MS
    if answer is not None:
        return Standing.IN_TIME if answer.stated_ms <= due_ms else Standing.LATE
    # What a CORRECT says is cancelled with the message that it corrects.
    said = row.names if row.type == _CORRECT and row.names is not None else row.ref
    if voices.cancelled.get(said, due_ms + 1) <= due_ms:
        return Standing.CANCELLED
    closed_ms = None if row.incident is None else voices.closed_ms.get(row.incident)
    if closed_ms is not None and closed_ms <= due_ms and row.type != _CLOSE:
        return Standing.RELEASED
    if window.as_of_ms <= due_ms:
        return Standing.OPEN
    return Standing.NOT_RECEIVED if got_s is None else Standing.NEVER


def _receipt_of(receipts: Receipts, serial: int) -> int | None:
    place = bisect_right(receipts, serial, key=lambda receipt: receipt[0])
    return receipts[place][1] if place < len(receipts) else None


def _asks(ask: Ask, row: Row, voices: Voices) -> bool:
    if row.type in ask.as_named:
        return voices.named.get(row.ref) in ask.asks - ask.as_named
    return row.type in ask.asks


def _is_owed_in(ask: Ask, row: Row, voices: Voices) -> bool:
    if not ask.kinds:
        return True
    return row.incident is not None and voices.kinds.get(row.incident, DEFAULT_KIND) in ask.kinds


def _answers_itself(row: Row, voices: Voices) -> bool:
    """A CLOSE that was stated after the other side's CLOSE of the same incident is its answer, and is owed none."""
    if row.type != _CLOSE or row.incident is None:
        return False
    return voices.first_close_ms.get(row.incident, row.stated_ms) < row.stated_ms


class _Answers:
    """The answers of one side to one kind of question, found in one pass over its log."""

    def __init__(self, ask: Ask, voices: Voices) -> None:
        self._each = ask.each
        self._exact = dict[Ref, Row]()
        self._unnamed = dict[IncidentId, Row]()
        """By incident: the first answer that names no message."""
        named = dict[IncidentId, list[tuple[Ref, Row]]]()
        asked_in = {row.ref: row.incident for row in voices.asking if row.type in ask.asks}
        for row in voices.answering:
            if row.type not in ask.answers:
                continue
            if row.reply is None:
                if row.incident is not None:
                    self._unnamed.setdefault(row.incident, row)
                continue
            self._exact.setdefault(row.reply, row)
            incident = asked_in.get(row.reply)
            if incident is not None:
                named.setdefault(incident, []).append((row.reply, row))
        self._later = {incident: _first_from(pairs) for incident, pairs in named.items()}

    def of(self, asked: Row) -> Row | None:
        """The first answer to a question; by an answer to a later one of the incident, too, unless each has its own."""
        found = [self._exact[asked.ref]] if asked.ref in self._exact else []
        if not self._each and asked.incident is not None:
            questions, firsts = self._later.get(asked.incident, ((), ()))
            place = bisect_right(questions, asked.ref)
            found += firsts[place : place + 1]
            if asked.incident in self._unnamed:
                found.append(self._unnamed[asked.incident])
        return min(found, key=lambda row: row.ref) if found else None


def _first_from(pairs: Sequence[tuple[Ref, Row]]) -> tuple[Sequence[Ref], Sequence[Row]]:
    """The questions of an incident in order, and for each the first answer to it or to a later one."""
    ordered = sorted(pairs, key=lambda pair: (pair[0], pair[1].ref))
    firsts = list(accumulate((row for _, row in reversed(ordered)), _earlier))
    return [question for question, _ in ordered], firsts[::-1]


def _earlier(one: Row, other: Row) -> Row:
    return one if one.ref <= other.ref else other
