"""Report: both columns from the copies of one side. Pure: the same copies, law and period give the same bytes.

Here: how the parts are put together. Not here: what each part counts (`duties`, `said`). May know: log, terms.
"""

from collections.abc import Sequence

import msgspec

from redshank.exchange.compliance.copies import LogCopy, ReadLog, Row, read_log
from redshank.exchange.compliance.duties import Voices, Window, duty
from redshank.exchange.compliance.figures import REPORT_VERSION, Figure, Held, Ref, Report, Side, figure
from redshank.exchange.compliance.rules import DEFAULT_KIND, Law
from redshank.exchange.compliance.said import (
    first_times,
    notices,
    of_type,
    outcomes_differ,
    receipts_given,
    taken_back,
    tests,
    types_said,
)
from redshank.terms.ids import ChannelId, IncidentId, parties_of
from redshank.terms.instants import Instant

_AGREED = "AGREE-CLOSE"


class Period(msgspec.Struct, frozen=True):
    """Statements from `from_ms` on and before `until_ms`, each by its sender's clock."""

    from_ms: Instant
    until_ms: Instant


EVER = Period(Instant(0), Instant(253_402_300_799_999))
"""Up to the end of the year 9999."""


class _Party(msgspec.Struct, frozen=True):
    """One party's logs of all generations, in order."""

    name: str
    logs: tuple[ReadLog, ...]
    rows: tuple[Row, ...]


def compliance_report(
    channel: ChannelId, copies: Sequence[LogCopy], law: Law, period: Period, *, exercise: bool
) -> Report:
    """The report of a channel from one side's copies of its logs. Each copy is read once."""
    parties = tuple(_party(name, copies, period) for name in parties_of(channel))
    as_of_ms = max((row.stated_ms for party in parties for row in party.rows), default=0)
    window = Window(period.from_ms, period.until_ms, as_of_ms)
    one, other = parties
    return Report(
        v=REPORT_VERSION,
        channel=channel,
        exercise=exercise,
        from_ms=period.from_ms,
        until_ms=period.until_ms,
        as_of_ms=as_of_ms,
        heads=tuple(_held(log) for party in parties for log in party.logs),
        rules=law.rules,
        sides=(_side(one, other, law, window), _side(other, one, law, window)),
    )


def _party(name: str, copies: Sequence[LogCopy], period: Period) -> _Party:
    mine = sorted((copy for copy in copies if copy.first.sender == name), key=lambda copy: copy.key)
    logs = tuple(read_log(copy, period.from_ms) for copy in mine)
    return _Party(name, logs, tuple(row for log in logs for row in log.rows))


def _held(log: ReadLog) -> Held:
    """The head, with the receipts that have a say in the period or after it."""
    receipts = tuple(one for one in log.copy.receipts if one[0] > log.begins)
    party, generation = log.copy.key
    return Held(party, generation, log.copy.size, log.root.hex(), receipts)


def _side(me: _Party, other: _Party, law: Law, window: Window) -> Side:
    rows = [row for row in me.rows if window.has(row.stated_ms)]
    keyless, voices = law.by_voice is not None, _voices(me, other)
    return Side(
        party=me.name,
        by_voice=law.by_voice == me.name,
        said=types_said(rows),
        not_understood=_refused(me, window),
        tests=tests(me.rows, window, None if keyless else law.rules.line_test_s),
        notices=notices(me.rows, window),
        owes=() if keyless else tuple(duty(ask, voices, window) for ask in law.asks),
        receipts=receipts_given(other.logs, window, None if keyless else law.receipt_s),
        corrections=of_type(rows, "CORRECT"),
        cancellations=of_type(rows, "CANCEL"),
        disagreed=figure(row.ref for row in rows if row.agrees is False),
        outcomes_differ=outcomes_differ(rows, other.rows),
    )


def _refused(party: _Party, window: Window) -> dict[str, Figure]:
    """What is no message has no time of its own: it belongs where the newest statement before it does."""
    found = dict[str, list[Ref]]()
    for one in (one for log in party.logs for one in log.refused):
        if window.has(one.after_ms) or not one.after_ms:
            found.setdefault(one.reason, []).append(one.ref)
    return {reason: figure(refs) for reason, refs in found.items()}


def _voices(me: _Party, other: _Party) -> Voices:
    """What this side was asked by the other, and what it said."""
    named, cancelled = taken_back(other.rows)
    return Voices(
        asking=other.rows,
        answering=me.rows,
        receipts={log.copy.first.generation: log.copy.receipts for log in other.logs},
        closed_ms=_closed(me, other),
        kinds=_kinds(me, other),
        first_close_ms=first_times(me.rows, "CLOSE"),
        cancelled=cancelled,
        named=named,
    )


def _kinds(me: _Party, other: _Party) -> dict[IncidentId, str]:
    """The first message under a name, in the log of the party that gave the name, decides what it is about."""
    found = dict[IncidentId, str]()
    for party in (me, other):
        for row in party.rows:
            if row.incident is not None and row.incident.startswith(f"{party.name}-"):
                found.setdefault(row.incident, row.kind or DEFAULT_KIND)
    return found


def _closed(me: _Party, other: _Party) -> dict[IncidentId, int]:
    """When each incident was closed: at the first AGREE-CLOSE, or at the later of two CLOSEs."""
    mine, theirs = first_times(me.rows, "CLOSE"), first_times(other.rows, "CLOSE")
    closed = {name: max(at, theirs[name]) for name, at in mine.items() if name in theirs}
    for side in (me, other):
        for name, at in first_times(side.rows, _AGREED).items():
            closed[name] = min(at, closed.get(name, at))
    return closed
