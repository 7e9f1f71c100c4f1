"""Figures: the report as data. Integers, codes and text; a member without a value is absent; nothing is rounded.

Each figure names the serials behind it, as runs of (generation, first, last) in the log that its member names. May
know: terms.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

REPORT_VERSION = 1

Ref = tuple[int, int]
"""(generation, serial) of a message."""
Run = tuple[int, int, int]
"""(generation, first serial, last serial)."""


class Standing(StrEnum):
    """How something owed stands under the heads of the report."""

    # Measured by the clock of the side that owes it, from its own receipt; without a receipt from the statement.

    IN_TIME = "in-time"
    LATE = "late"
    NEVER = "never"
    """It was received, the deadline has passed, and no answer is in the logs."""
    NOT_RECEIVED = "not-received"
    """No receipt and no answer: nothing shows that the side that would owe one ever had it."""
    RELEASED = "released"
    """The incident was closed before the deadline."""
    CANCELLED = "cancelled"
    """What asked for it was cancelled before it was answered."""
    OPEN = "open"
    """The deadline had not passed at the newest statement in the logs."""


class Figure(msgspec.Struct, frozen=True):
    """How many, and which."""

    count: int
    serials: tuple[Run, ...]


class Spread(msgspec.Struct, frozen=True, omit_defaults=True):
    """Least, median (of an even number the lower one) and most of `count` times, in ms; absent when there is none."""

    count: int
    least_ms: int | None = None
    median_ms: int | None = None
    most_ms: int | None = None


class Held(msgspec.Struct, frozen=True):
    """One log as the report read it: a signed head, and the receipts for it as (size, second of the receiver's clock).
    Of the receipts only those that cover something said in the period or later."""

    party: str
    generation: int
    size: int
    root: str
    receipts: tuple[tuple[int, int], ...]


class Rules(msgspec.Struct, frozen=True):
    """What the report was held against: the agreement's figures, in seconds, and the edition of the forms."""

    agreement: str
    procedure: str
    procedure_version: int
    line_test_s: int
    deadlines_s: dict[str, int]
    forms: int


class Said(msgspec.Struct, frozen=True):
    """Messages of one type, of this side's log. `missing`: member to the messages that lack it."""

    type: str
    all: Figure
    complete: Figure
    incomplete: Figure
    missing: dict[str, Figure]


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of this side's clock in which TESTs were due and none was said, between two TESTs or an end of the
    period."""

    from_ms: int
    until_ms: int
    missed: int
    after: Ref | None = None
    before: Ref | None = None


class Tests(msgspec.Struct, frozen=True):
    """Line tests that this side said, and how many more were due by the agreement's interval."""

    held: Figure
    at_ms: tuple[int, ...]
    """When each of `held` was stated."""
    missed: int
    gaps: tuple[Gap, ...]


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The first NOTICE about one object of an incident. Both leads are of the sender's one clock."""

    serial: Ref
    incident: str
    object: int
    stated_ms: int
    phase: str
    lead_ms: int | None = None
    """From statement to the forecast crossing (50 %); absent without a forecast."""
    crossed: Ref | None = None
    """The same sender's first message that says of this object that it has crossed."""
    crossed_lead_ms: int | None = None
    """From statement to that crossing, as it was observed (or else stated)."""


class Notices(msgspec.Struct, frozen=True):
    """First notices of this side, and how long before the crossing they were stated."""

    first: Figure
    lead: Spread
    crossed_lead: Spread
    without_forecast: Figure
    lines: tuple[Notice, ...]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One message of the other side that this side owed an answer, and what came of it."""

    asked: Ref
    standing: Standing
    answer: Ref | None = None
    after_ms: int | None = None
    """From statement to statement: two clocks. It may be negative."""
    after_receipt_ms: int | None = None
    """From this side's own receipt for the message to its answer: this side's clock alone, as the receipt has it in
    whole seconds. Where it is known, it decides."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """What this side owed for the other side's messages; serials are those that asked, in the other side's log."""

    what: str
    kinds: tuple[str, ...]
    """Of incidents in which it is owed; empty: in all."""
    deadline_s: int
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    in_time: Figure
    late: Figure
    never: Figure
    not_received: Figure
    released: Figure
    cancelled: Figure
    open: Figure
    after: Spread
    after_receipt: Spread
    lines: tuple[Answer, ...]
    """One for each message that asked; for what machines answer only those that were not answered in time."""


class Wait(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of the other side's log that waited longer for its receipt than agreed: an outage of the line, of a
    node, or a clock that is off."""

    serials: Run
    from_ms: int
    until_s: int | None = None
    """The receipt that ended it; absent: none has come."""


class Receipts(msgspec.Struct, frozen=True):
    """Receipts that this side gave; serials are of the other side's log. The times compare two clocks."""

    in_time: Figure
    late: Figure
    never: Figure
    open: Figure
    after: Spread
    waits: tuple[Wait, ...]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One party's column. `by_voice`: it has no keys and no log; nothing that it said stands here."""

    party: str
    by_voice: bool
    said: tuple[Said, ...]
    not_understood: dict[str, Figure]
    tests: Tests
    notices: Notices
    owes: tuple[Duty, ...]
    receipts: Receipts
    corrections: Figure
    cancellations: Figure
    disagreed: Figure
    """AGREE-CLOSE that does not agree."""
    outcomes_differ: Figure
    """CLOSE whose outcome or number of objects is another one than in the other side's CLOSE of the same incident."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report. The same copies, rules and period give the same bytes, whoever computes them."""

    v: int
    channel: str
    exercise: bool
    from_ms: int
    until_ms: int
    as_of_ms: int
    """The newest statement under the heads: what was due later is open."""
    heads: tuple[Held, ...]
    rules: Rules
    sides: tuple[Side, ...]


_ENCODER = msgspec.json.Encoder(order="sorted")


def encode_report(report: Report) -> bytes:
    """Canonical JSON: sorted members, no white space, integers and text only."""
    return _ENCODER.encode(report)


def figure(refs: Iterable[Ref]) -> Figure:
    """How many, and which, in order."""
    runs, count = list[Run](), 0
    for generation, serial in sorted(refs):
        count += 1
        if runs and runs[-1][0] == generation and runs[-1][2] == serial - 1:
            runs[-1] = (generation, runs[-1][1], serial)
        else:
            runs.append((generation, serial, serial))
    return Figure(count, tuple(runs))


def spread(times_ms: Sequence[int]) -> Spread:
    """Least, median, most."""
    if not times_ms:
        return Spread(0)
    ordered = sorted(times_ms)
    return Spread(len(ordered), ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1])
