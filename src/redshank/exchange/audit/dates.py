"""Dates: receipts whose time can not be right by what the record itself says (REC-19). No fault: signatures hold, and
of two clocks one is off.

A receipt of the future that is the last one of its log is not found: to see that, one needs a clock.
"""

from collections.abc import Sequence

from redshank.exchange.audit.cosigned import Receipts
from redshank.exchange.audit.desk import Desk
from redshank.exchange.audit.proven_log import ProvenLog
from redshank.exchange.audit.report import Caution, Dated
from redshank.terms import limits

SKEW_S = limits.MESSAGE_AHEAD_MS // 1000


def doubtful_dates(desk: Desk, log: ProvenLog) -> list[Caution]:
    """The cautions about the receipts of one log, by size. Of several receipts for one size the earliest counts."""
    party, found = log.direction.party, list[Caution]()
    earliest = _earliest(log.receipts)
    for number, (size, at_s) in enumerate(earliest):
        path = f"{party}/receipts/{size}"
        path = path if path in desk.files else f"{party}/checkpoint"
        covered_from = earliest[number - 1][0] if number else 0
        newest_s = max(log.columns.stated_ms[covered_from:size], default=-1) // 1000
        if newest_s - at_s > SKEW_S:
            detail = f"{newest_s - at_s} s before a statement that it is the first to cover"
            found.append(Caution(path, Dated.BEFORE_STATEMENT, detail))
        if number + 1 < len(earliest) and at_s - earliest[number + 1][1] > SKEW_S:
            next_size, next_s = earliest[number + 1]
            detail = f"{at_s - next_s} s after the receipt for {next_size}"
            found.append(Caution(path, Dated.AFTER_NEXT, detail))
    return found


def _earliest(receipts: Receipts) -> Sequence[tuple[int, int]]:
    first = dict[int, int]()
    for size, at_s in receipts:  # sorted: of one size the earliest comes first
        first.setdefault(size, at_s)
    return list(first.items())
