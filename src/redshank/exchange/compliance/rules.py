"""Rules: what an agreement makes a side owe for the other side's messages, read off its procedure table.

Here: which types ask, which answer, and within how many seconds. Not here: what was said (`duties`). May know:
procedure, terms.
"""

from collections.abc import Iterable, Mapping

import msgspec

from redshank.exchange.compliance.figures import Rules
from redshank.procedure.agreement import Agreement
from redshank.procedure.obligation import Owner
from redshank.procedure.required import EDITION
from redshank.procedure.table import RECEIPT, Owed, ProcedureTable, Watch, sent
from redshank.terms.message import MessageType

LINE = "test-reply"
DEFAULT_KIND = "notice"
"""The kind of an incident that no rule gives one."""


class Ask(msgspec.Struct, frozen=True):
    """One obligation of the partner: messages of the types `asks` are owed one of `answers`. `each`: its own one; else
    an answer to a later message of the incident serves the earlier ones too. `by_machine`: no person answers. `kinds`:
    of incidents that it is owed in; empty: in all, alike. `as_named`: those of `asks` (CORRECT, CANCEL) that ask only
    where what they name does (MSG-28)."""

    what: str
    deadline_s: int
    asks: frozenset[str]
    answers: frozenset[str]
    each: bool
    by_machine: bool = False
    kinds: frozenset[str] = frozenset()
    as_named: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """As the rules of a report name it: alone where all kinds have it alike, else with each kind before it."""
        return tuple(f"{kind}.{self.what}" for kind in sorted(self.kinds)) or (self.what,)


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
    deadlines = {name: one.deadline_s for one in asks for name in one.names}
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
    """What is owed by each table; what two owe alike is told once, and what all owe alike without their names."""
    kinds = dict[Ask, set[str]]()
    for kind, table in tables.items():
        for ask in _asks(table):
            kinds.setdefault(ask, set()).add(kind)
    every = set(tables)
    found = [msgspec.structs.replace(ask, kinds=frozenset(of if of != every else ())) for ask, of in kinds.items()]
    return sorted(found, key=lambda ask: (ask.what, sorted(ask.kinds)))


def _asks(table: ProcedureTable, *, by_machine: bool = False) -> list[Ask]:
    """What a message that we send makes the partner owe, and which of its messages settles that."""
    found = []
    for what, rule in table.obligations.items():
        if what == RECEIPT or Owner.PARTNER not in rule.ladder:
            continue
        owed = Owed(what, Owner.PARTNER)
        begun = {given for (_, given), row in table.rows.items() if given.startswith("sent:") and owed in row.begins}
        settled = {given for (_, given), row in table.rows.items() if given.startswith("got:") and owed in row.settles}
        if begun and settled:
            asks, each = _types(begun), by_machine or rule.watch is Watch.EACH
            as_named = frozenset(kind for kind in asks if sent(MessageType(kind)) not in begun)
            types = (frozenset(asks), frozenset(_types(settled)))
            found.append(Ask(what, rule.deadline_s, *types, each, by_machine, as_named=as_named))
    return sorted(found, key=lambda one: one.what)


def _types(inputs: Iterable[str]) -> set[str]:
    """The types of inputs such as ``sent:CORRECT:ack``, without their variants."""
    return {given.split(":")[1] for given in inputs}
