"""Faults: whether the rows of a voice form pass, and where the fault may be when one does not.

Here: rows, their sums, suspicions. Not here: what the groups mean. May know: terms. A suspicion tells the officer what
to ask for again; nothing is ever corrected by itself. That something is wrong is certain (VOICE-5); where it is, is a
guess by what people do: one symbol misheard, two symbols or two groups in the wrong order.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations
from typing import Final

import msgspec

from redshank.exchange.voice.field import GF20, check_value, syndrome, weight
from redshank.exchange.voice.words import group_text
from redshank.terms import limits

EXERCISE_MARK: Final = 1 << 19
"""In the constant of every row of an exercise: its forms fail in operation, and the other way round."""
ROW: Final = limits.VOICE_ROW_GROUPS + 1


class FaultKind(StrEnum):
    """What may have happened."""

    SYMBOL = "symbol"
    """One symbol of one group."""
    ORDER = "order"
    """The symbols of one group in another order."""
    SWAPPED = "swapped"
    """Two groups in each other's place."""
    ROW = "row"
    """Somewhere in this row: more than one thing is wrong."""
    EXERCISE = "exercise"
    """The row is sound, but of an exercise in operation, or of operation in an exercise."""


class Fault(msgspec.Struct, frozen=True):
    """A row that fails, and the places (from 1) of the groups to ask for again."""

    kind: FaultKind
    groups: tuple[int, ...]


class Row(msgspec.Struct, frozen=True):
    """One row: its number from 1, the place of its first group from 1, and its values, the check last."""

    number: int
    first: int
    values: tuple[int, ...]


def constant(row: int, exercise: bool) -> int:
    """What the sum of a row must be: its number, so that rows in the wrong order fail, and the mark of an exercise."""
    return row | (EXERCISE_MARK if exercise else 0)


def with_checks(data: Sequence[int], exercise: bool) -> list[int]:
    """The values of a whole form: after each seven groups, and after the last, the check of the row."""
    out: list[int] = []
    for number, start in enumerate(range(0, len(data), limits.VOICE_ROW_GROUPS), start=1):
        row, first = list(data[start : start + limits.VOICE_ROW_GROUPS]), len(out) + 1
        out += [*row, check_value(GF20, row, first, constant(number, exercise))]
    return out


def rows_of(values: Sequence[int]) -> list[Row]:
    """The rows of a whole form."""
    starts = range(0, len(values), ROW)
    return [Row(at // ROW + 1, at + 1, tuple(values[at : at + ROW])) for at in starts]


def data_of(values: Sequence[int]) -> list[int]:
    """The values without the checks of full rows and, in the last row, without its last group."""
    return [value for row in rows_of(values) for value in row.values[:-1]]


def total_groups(data_groups: int) -> int:
    """Groups of a form with its checks."""
    return data_groups + -(-data_groups // limits.VOICE_ROW_GROUPS)


def faults_in(rows: Sequence[Row], exercise: bool) -> list[Fault]:
    """All that is wrong with whole rows."""
    sums = {row: syndrome(GF20, row.values, row.first, constant(row.number, exercise)) for row in rows}
    failed = {row: off for row, off in sums.items() if off}
    for (one, off), (other, other_off) in combinations(failed.items(), 2):
        places = _swapped_between(one, off, other, other_off)
        if places:
            return [Fault(FaultKind.SWAPPED, places)]
    return [fault for row, off in failed.items() for fault in _suspicions(row, off)]


def _suspicions(row: Row, off: int) -> list[Fault]:
    if off == EXERCISE_MARK:
        return [Fault(FaultKind.EXERCISE, _places(row))]
    found = [Fault(kind, (place,)) for place, value in _placed(row) if (kind := _slip(place, value, off))]
    found += [
        Fault(FaultKind.SWAPPED, (place, other))
        for (place, value), (other, second) in combinations(_placed(row), 2)
        if GF20.times(weight(GF20, place) ^ weight(GF20, other), value ^ second) == off
    ]
    return found or [Fault(FaultKind.ROW, _places(row))]


def _slip(place: int, value: int, off: int) -> FaultKind | None:
    """Whether a single slip in this group would explain the row."""
    meant = value ^ GF20.times(off, GF20.inverse(weight(GF20, place)))
    said, true = group_text(value), group_text(meant)
    if sum(one != other for one, other in zip(said, true, strict=True)) == 1:
        return FaultKind.SYMBOL
    return FaultKind.ORDER if sorted(said) == sorted(true) else None


def _swapped_between(one: Row, off: int, other: Row, other_off: int) -> tuple[int, int] | None:
    for place, value in _placed(one):
        for second, across in _placed(other):
            change = value ^ across
            if GF20.times(weight(GF20, place), change) == off and GF20.times(weight(GF20, second), change) == other_off:
                return place, second
    return None


def _placed(row: Row) -> list[tuple[int, int]]:
    return list(enumerate(row.values, start=row.first))


def _places(row: Row) -> tuple[int, ...]:
    return tuple(place for place, _ in _placed(row))
