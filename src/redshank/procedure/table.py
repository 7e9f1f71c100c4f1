"""Procedure tables: the law of an incident on one channel, as states, inputs and rows.

Here: the types, the strict reader with its consistency checks, the diagram. Not here: running a table
(`thread`), its override (`agreement`), files. May know: terms. What is not in a table is refused; a table that leads
nowhere is not loaded.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import NewType

import msgspec

from redshank.procedure.config import ConfigError, Document, read
from redshank.procedure.obligation import Owner, Rung
from redshank.terms import limits
from redshank.terms.message import MessageType

Input = NewType("Input", str)
"""``sent:TYPE``, ``got:TYPE`` (``:no`` after AGREE-CLOSE that does not agree; ``:ack`` after CORRECT and CANCEL of a
message that is owed an ACK), ``overdue:OBLIGATION``, ``exhausted:OBLIGATION``, or one of the plain ones below."""

RECEIPT = Input("receipt")
FORECAST = Input("forecast")
"""Our forecast concerns the partner's territory."""
CROSSED = Input("crossed")
LOST = Input("lost")
WARNED = Input("warned")
"""Our public has been warned: an alert was issued."""
WITHHELD = Input("withheld")
"""Our release policy does not let it out: what we owed is not owed for now."""
DROPPED = Input("dropped")
"""A person ends a thread on which nothing was ever said."""
CLOSED_ALONE = Input("closed-alone")
"""A person ends a thread whose partner has not answered the whole ladder."""
PLAIN = (RECEIPT, FORECAST, CROSSED, LOST, WARNED, WITHHELD, DROPPED, CLOSED_ALONE)

READ_OUT = "read-out"
"""What we owe a partner who runs no node: a message is not received by itself there, a person must read it out."""
OWN_EVENTS = ("opened", "told", "threatened", "warned")
LINE_TYPES = (MessageType.TEST, MessageType.TEST_REPLY)
OF_EARLIER = (MessageType.CORRECT, MessageType.CANCEL)
VARIANTS = {MessageType.AGREE_CLOSE: ("", ":no"), **dict.fromkeys(OF_EARLIER, ("", ":ack"))}
"""Types of which a table tells two cases apart; of all others there is one."""


def sent(kind: MessageType, *, agrees: bool = True, read: bool = False) -> Input:
    """We sent a message of this type. `read`: it corrects or cancels one that is owed an ACK."""
    return Input(f"sent:{kind.value}{_variant(agrees, read)}")


def got(kind: MessageType, *, agrees: bool = True, read: bool = False) -> Input:
    """The partner's message of this type is here."""
    return Input(f"got:{kind.value}{_variant(agrees, read)}")


def _variant(agrees: bool, read: bool) -> str:
    return "" if agrees and not read else ":ack" if read else ":no"


class IncidentPhase(StrEnum):
    """How far an incident or a thread is; it never goes back."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        """0, 1, 2."""
        return tuple(IncidentPhase).index(self)


class Watch(StrEnum):
    """How an obligation counts: for each message, for the oldest one, or anew at the latest one."""

    EACH = "each"
    OLDEST = "oldest"
    LATEST = "latest"


class Carries(StrEnum):
    """What the messages of a table are about: an incident, or the line itself (TEST and TEST-REPLY alone)."""

    INCIDENT = "incident"
    LINE = "line"


class StateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state: its phase, and what it means in a few words."""

    phase: IncidentPhase
    means: str


class ObligationRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An obligation's deadline and its ladder for each side that may owe it."""

    deadline_s: int
    watch: Watch
    ladder: dict[Owner, tuple[Rung, ...]]
    survives_close: bool = False


class Owed(msgspec.Struct, frozen=True):
    """An obligation's name and who owes it."""

    what: str
    owner: Owner

    def __str__(self) -> str:
        return f"{self.what} {self.owner.value}"


class Row(msgspec.Struct, frozen=True):
    """What an input does in a state. `needs`: the row exists only while that is owed."""

    to: str
    begins: tuple[Owed, ...] = ()
    settles: tuple[Owed, ...] = ()
    needs: Owed | None = None


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Owed once for the incident, by us: the own events that begin and settle it."""

    begins: str
    settles: str


class ProcedureTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table that has passed all checks."""

    name: str
    version: int
    start: str
    states: dict[str, StateRule]
    obligations: dict[str, ObligationRule]
    duties: dict[str, Duty]
    rows: dict[tuple[str, str], Row]
    carries: Carries = Carries.INCIDENT
    read_out: ObligationRule | None = None
    """What stands in the place of the receipt towards a partner who runs no node; None: the table knows no such
    partner."""

    def row(self, state: str, given: Input) -> Row | None:
        """The row for an input in a state; None means refused."""
        return self.rows.get((state, given))

    def phase(self, state: str) -> IncidentPhase:
        """The phase of a state."""
        return self.states[state].phase

    def inputs_of(self, state: str) -> tuple[Input, ...]:
        """All inputs that have a row in a state, in file order."""
        return tuple(Input(given) for at, given in self.rows if at == state)


class _RowText(msgspec.Struct, forbid_unknown_fields=True):
    to: str | None = None
    begins: list[str] = []
    settles: list[str] = []
    needs: str | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    procedure: str
    version: int
    start: str
    states: dict[str, object]
    obligations: dict[str, object]
    rows: dict[str, dict[str, object]]
    duties: dict[str, object] = {}
    carries: Carries = Carries.INCIDENT
    read_out: object = None


def parse_table(text: str) -> ProcedureTable:
    """A procedure table from YAML text. Raises ConfigError with the line, the field and the limit."""
    doc = read(text)
    head = doc.decode(_File)
    if not 2 <= len(head.states) <= limits.PROCEDURE_STATES:
        raise doc.error(f"2 to {limits.PROCEDURE_STATES} states, got {len(head.states)}", "states")
    table = ProcedureTable(
        name=head.procedure,
        version=head.version,
        start=head.start,
        states={name: doc.decode(StateRule, "states", name) for name in head.states},
        obligations={name: _obligation(doc, "obligations", name) for name in head.obligations},
        duties={name: doc.decode(Duty, "duties", name) for name in head.duties},
        rows={},
        carries=head.carries,
        read_out=None if head.read_out is None else _obligation(doc, "read_out"),
    )
    if table.start not in table.states:
        raise doc.error(f"no state {table.start!r}", "start")
    where = _read_rows(doc, table)
    _check_duties(doc, table)
    _check_ways(doc, table, where)
    return table


def _obligation(doc: Document, *path: str) -> ObligationRule:
    for owner in doc.keys(*path, "ladder"):
        doc.decode(tuple[Rung, ...], *path, "ladder", owner)
    rule = doc.decode(ObligationRule, *path)
    check_deadline(doc, rule.deadline_s, *path, "deadline_s")
    if not rule.ladder:
        raise doc.error("needs a ladder for at least one owner", *path, "ladder")
    for owner, rungs in rule.ladder.items():
        check_ladder(doc, rungs, *path, "ladder", owner.value)
    return rule


def by_voice(table: ProcedureTable) -> ProcedureTable | None:
    """The table towards a partner who runs no node and has no keys (PROC-26): where a receipt would be owed to us, we
    owe to read the message out, and what settled the receipt settles that. None if the table does not provide for
    one."""
    if table.read_out is None or Owner.US not in table.read_out.ladder:
        return None
    receipt, read_out = Owed(RECEIPT, Owner.PARTNER), Owed(READ_OUT, Owner.US)

    def swapped(owed: tuple[Owed, ...]) -> tuple[Owed, ...]:
        return tuple(read_out if one == receipt else one for one in owed)

    rows = {
        place: msgspec.structs.replace(row, begins=swapped(row.begins), settles=swapped(row.settles))
        for place, row in table.rows.items()
    }
    rules = {name: rule for name, rule in table.obligations.items() if name != RECEIPT}
    return msgspec.structs.replace(table, rows=rows, obligations={**rules, READ_OUT: table.read_out})


def check_deadline(doc: Document, seconds: int, *path: str) -> None:
    """Raises ConfigError unless 1 <= seconds <= limits.DEADLINE_S."""
    if not 1 <= seconds <= limits.DEADLINE_S:
        raise doc.error(f"{seconds} s; 1 to {limits.DEADLINE_S}", *path)


def check_ladder(doc: Document, rungs: tuple[Rung, ...], *path: str) -> None:
    """Raises ConfigError unless the first step is due at once and each later one later, within the limit."""
    times = [rung.after_s for rung in rungs]
    if not times or times[0] != 0:
        raise doc.error("the first step is due with the deadline: after_s: 0", *path)
    if any(b <= a for a, b in pairwise(times)) or times[-1] > limits.DEADLINE_S:
        raise doc.error(f"after_s must rise from step to step, up to {limits.DEADLINE_S}", *path)


def _read_rows(doc: Document, table: ProcedureTable) -> dict[tuple[str, str], tuple[str, str]]:
    """Fills table.rows; returns where in the file each row stands."""
    where: dict[tuple[str, str], tuple[str, str]] = {}
    groups = doc.keys("rows")
    for group in sorted(groups, key=lambda group: group == "*"):  # "*" last: it only fills gaps
        states = tuple(table.states) if group == "*" else tuple(part.strip() for part in group.split(","))
        for given in doc.keys("rows", group):
            _check_input(doc, table, given, "rows", group, given)
            raw = doc.decode(_RowText, "rows", group, given)
            for state in states:
                if state not in table.states:
                    raise doc.error(f"no state {state!r}", "rows", group)
                if (state, given) in table.rows:
                    if group == "*":
                        continue
                    raise doc.error(f"{state} has a row for {given} already", "rows", group, given)
                table.rows[state, given] = _row(doc, table, state, raw, ("rows", group, given))
                where[state, given] = (group, given)
    return where


def _check_input(doc: Document, table: ProcedureTable, given: str, *path: str) -> None:
    kind, _, rest = given.partition(":")
    if kind in ("overdue", "exhausted") and rest in table.obligations:
        return
    is_line = table.carries is Carries.LINE
    spoken = [kind for kind in MessageType if (kind in LINE_TYPES) is is_line]
    types = [kind.value + ending for kind in spoken for ending in VARIANTS.get(kind, ("",))]
    if given in PLAIN or (kind in ("sent", "got") and rest in types):
        return
    raise doc.error(f"no such input {given!r}", *path)


def _row(doc: Document, table: ProcedureTable, state: str, raw: _RowText, path: tuple[str, ...]) -> Row:
    to = state if raw.to is None else raw.to
    if to not in table.states:
        raise doc.error(f"no state {to!r}", *path, "to")
    if table.phase(to).rank < table.phase(state).rank:
        raise doc.error(f"{state} to {to} would go back from {table.phase(state)} to {table.phase(to)}", *path)
    owed = {
        name: tuple(_owed(doc, table, text, *path, name) for text in getattr(raw, name))
        for name in ("begins", "settles")
    }
    needs = None if raw.needs is None else _owed(doc, table, raw.needs, *path, "needs")
    return Row(to, owed["begins"], owed["settles"], needs)


def _owed(doc: Document, table: ProcedureTable, text: str, *path: str) -> Owed:
    what, _, owner = text.partition(" ")
    if what not in table.obligations:
        raise doc.error(f"no obligation {what!r}", *path)
    if owner not in tuple(Owner) or Owner(owner) not in table.obligations[what].ladder:
        raise doc.error(f"{what!r} needs an owner with a ladder (us or partner), got {owner!r}", *path)
    return Owed(what, Owner(owner))


def _check_duties(doc: Document, table: ProcedureTable) -> None:
    for name, duty in table.duties.items():
        if name not in table.obligations or Owner.US not in table.obligations[name].ladder:
            raise doc.error(f"no obligation {name!r} with a ladder for us", "duties", name)
        for event in (duty.begins, duty.settles):
            if event not in OWN_EVENTS:
                raise doc.error(f"{event!r} is none of {', '.join(OWN_EVENTS)}", "duties", name)


def reachable(start: Iterable[str], steps: Iterable[tuple[str, str]]) -> set[str]:
    """All states that `steps` (from, to) lead to from `start`, itself included."""
    seen, pairs = set(start), tuple(steps)
    while more := {b for a, b in pairs if a in seen} - seen:
        seen |= more
    return seen


def _check_ways(doc: Document, table: ProcedureTable, where: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Each state is reachable and leads to a closed one; what begins can be settled, and the reverse."""
    steps = [(state, row.to) for (state, _), row in table.rows.items()]
    ends = [name for name in table.states if table.phase(name) is IncidentPhase.CLOSED]
    from_start, to_end = reachable([table.start], steps), reachable(ends, [(b, a) for a, b in steps])
    for name in table.states:
        if name not in from_start:
            raise doc.error(f"no row leads here from {table.start!r}", "states", name)
        if name not in to_end:
            raise doc.error("no way from here to a closed state", "states", name)
    begun = {owed for row in table.rows.values() for owed in row.begins}
    settled = {owed for row in table.rows.values() for owed in row.settles}
    for place, row in table.rows.items():
        at = ("rows", *where[place])
        for owed in row.begins:
            if owed not in settled:
                raise doc.error(f"begins {owed}, and no row settles it", *at)
        for owed in (*row.settles, *((row.needs,) if row.needs else ())):
            if owed not in begun:
                raise doc.error(f"names {owed}, and no row begins it", *at)


def diagram(table: ProcedureTable) -> str:
    """The table as a Mermaid state diagram: one arrow for each pair of states, with the inputs that lead along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, given), row in table.rows.items():
        if row.to != state:
            arrows.setdefault((state, row.to), []).append(given.replace(":", " "))
    order = list(table.states)
    lines = ["stateDiagram-v2", f"    [*] --> {_node(table.start)}"]
    lines += [f"    {_node(name)}: {name}" for name in order]
    for (a, b), inputs in sorted(arrows.items(), key=lambda arrow: [order.index(name) for name in arrow[0]]):
        lines.append(f"    {_node(a)} --> {_node(b)}: {', '.join(inputs)}")
    lines += [f"    {_node(name)} --> [*]" for name in order if table.phase(name) is IncidentPhase.CLOSED]
    return "\n".join(lines) + "\n"


def _node(state: str) -> str:
    return state.replace("-", "_")


__all__ = [
    "CLOSED_ALONE",
    "CROSSED",
    "DROPPED",
    "FORECAST",
    "LOST",
    "READ_OUT",
    "RECEIPT",
    "WARNED",
    "WITHHELD",
    "Carries",
    "ConfigError",
    "Duty",
    "IncidentPhase",
    "Input",
    "ObligationRule",
    "Owed",
    "ProcedureTable",
    "Row",
    "StateRule",
    "Watch",
    "by_voice",
    "check_deadline",
    "check_ladder",
    "diagram",
    "got",
    "parse_table",
    "reachable",
    "sent",
]
