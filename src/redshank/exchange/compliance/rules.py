"""Rules: what an agreement makes a side owe for the other side's messages, read off its procedure table.

Here: which types ask, which answer, and within how many seconds. Not here: what was said (`duties`). May know:
procedure, terms.
"""

from collections.abc import Mapping

import msgspec

from redshank.exchange.compliance.figures import Rules
from redshank.procedure.agreement import Agreement
from redshank.procedure.obligation import Owner
from redshank.procedure.required import EDITION
from redshank.procedure.table import RECEIPT, ProcedureTable, Watch

LINE = "test-reply"
DEFAULT_KIND = "notice"
"""The kind of an incident that no rule gives one."""


class Ask(msgspec.Struct, frozen=True):
    """One obligation of the partner: messages of the types `asks` are owed one of `answers`. `each`: its own one; else
    an answer to a later message of the incident serves the earlier ones too. `by_machine`: no person answers. `kinds`:
    of incidents that it is owed in; empty: in all."""

    what: str
    deadline_s: int
    asks: frozenset[str]
    answers: frozenset[str]
    each: bool
    by_machine: bool = False
    kinds: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """As the rules of a report name it."""
        return f"{'+'.join(sorted(self.kinds))}.{self.what}" if self.kinds else self.what


class Law(msgspec.Struct, frozen=True):
    """All that a report applies."""

    rules: Rules
    asks: tuple[Ask, ...]
    receipt_s: int | None
    """None: the partner runs no node, and no receipt is owed."""
    by_voice: str | None = None


def law_of(
    agreement: Agreement, table: ProcedureTable, line: ProcedureTable, kinds: Mapping[str, ProcedureTable] = {}
) -> Law:
    """The law of an agreement with its `table` as bent by it, and the table of the line test; where kinds of incidents
    have tables of their own, `kinds` has them all by code, `table` among them as that of DEFAULT_KIND."""
    asks = (*_of_kinds(kinds or {"": table}), *(one for one in _asks(line, by_machine=True) if one.what == LINE))
    receipt = table.obligations.get(RECEIPT)
    deadlines = {one.name: one.deadline_s for one in asks}
    if receipt is not None:
        deadlines[RECEIPT] = receipt.deadline_s
    rules = Rules(
        agreement=agreement.title,
        procedure=table.name,
        procedure_version=table.version,
        line_test_s=agreement.line_test.interval_s,
        deadlines_s=deadlines,
        forms=EDITION,
    )
    return Law(rules, asks, None if receipt is None else receipt.deadline_s, agreement.by_voice)


def _of_kinds(tables: Mapping[str, ProcedureTable]) -> list[Ask]:
    """What is owed by each table; what two owe alike is told once."""
    kinds = dict[Ask, set[str]]()
    for kind, table in tables.items():
        for ask in _asks(table):
            kinds.setdefault(ask, set()).add(kind)
    found = [msgspec.structs.replace(ask, kinds=frozenset(of) - {""}) for ask, of in kinds.items()]
    return sorted(found, key=lambda ask: (ask.what, sorted(ask.kinds)))


def _asks(table: ProcedureTable, *, by_machine: bool = False) -> list[Ask]:
    """What a message that we send makes the partner owe, and which of its messages settles that."""
    found = []
    for what, rule in table.obligations.items():
        if what == RECEIPT or Owner.PARTNER not in rule.ladder:
            continue
        asks, answers = set[str](), set[str]()
        for (_, given), row in table.rows.items():
            way, _, rest = given.partition(":")
            if way == "sent" and any((o.what, o.owner) == (what, Owner.PARTNER) for o in row.begins):
                asks.add(rest.partition(":")[0])
            if way == "got" and any((o.what, o.owner) == (what, Owner.PARTNER) for o in row.settles):
                answers.add(rest.partition(":")[0])
        if asks and answers:
            each = by_machine or rule.watch is Watch.EACH
            found.append(Ask(what, rule.deadline_s, frozenset(asks), frozenset(answers), each, by_machine))
    return sorted(found, key=lambda one: one.what)
