"""Explore: runs a table on both sides at once through everything that can happen; what must not happen becomes a story.

Here: the exhaustive search and its laws. Not here: time (any deadline may pass at any moment), and numbers of messages
(a side owes one thing of a name once). May know: terms. Breadth first, so that a story is a shortest one.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from redshank.procedure.table import LINE_TYPES, PLAIN, IncidentPhase, Input, Owed, ProcedureTable
from redshank.terms.message import MessageType

Owes = frozenset[Owed]
Side = tuple[str, Owes]
"""A state and what is open in it."""
Flight = tuple[str, ...]
World = tuple[tuple[Side, Side], tuple[Flight, Flight]]
"""Both sides, and the messages that each has on their way to the other, oldest first."""
T = TypeVar("T", bound=Hashable)
Move = tuple[str, T]

ANSWERED = "every message that may be sent is taken, in whatever order the two sides speak"
CLOSES = "both sides can always still close"
ALONE = "a side can always still close when nothing comes from the partner any more"
OWNED = "in every state in between somebody owes something"
FORWARD = "a phase never goes back"


class Violation(msgspec.Struct, frozen=True):
    """A law that does not hold, and the steps that lead there from the start."""

    law: str
    story: tuple[str, ...]


class Exploration(msgspec.Struct, frozen=True):
    """What was seen: worlds, moves between them, and the first violation of each law."""

    worlds: int
    moves: int
    violations: tuple[Violation, ...]


class _Rules:
    """A table reduced to the obligations that steer it; all others never change what is possible."""

    def __init__(self, table: ProcedureTable, *, all_owed: bool = False) -> None:
        self.table = table
        self.steering = {row.needs for row in table.rows.values() if row.needs is not None}
        self.passing = [Input(given) for _, given in table.rows if given.startswith(("overdue:", "exhausted:"))]
        names = {given.partition(":")[2] for given in self.passing}
        every = {owed for row in table.rows.values() for owed in row.begins}
        self.steering |= {owed for owed in every if all_owed or owed.what in names}
        self.spoken = [
            kind.value + ending for kind in MessageType if kind not in LINE_TYPES
            for ending in (("", ":no") if kind is MessageType.AGREE_CLOSE else ("",))
        ]  # fmt: skip
        self.known: dict[tuple[Side, str], Side | None] = {}

    def after(self, side: Side, given: str) -> Side | None:
        """The side after an input; None if it is refused."""
        key = (side, given)
        if key not in self.known:
            self.known[key] = self._after(side, given)
        return self.known[key]

    def _after(self, side: Side, given: str) -> Side | None:
        state, owes = side
        row = self.table.row(state, Input(given))
        if row is None or (row.needs is not None and row.needs not in owes):
            return None
        kind, _, what = given.partition(":")
        if kind in ("overdue", "exhausted") and all(owed.what != what for owed in owes):
            return None
        left = owes - set(row.settles)
        if self.is_closed(row.to) and not self.is_closed(state):
            left = frozenset(owed for owed in left if self.table.obligations[owed.what].survives_close)
        return row.to, frozenset(left | {owed for owed in row.begins if owed in self.steering})

    def is_closed(self, state: str) -> bool:
        return self.table.phase(state) is IncidentPhase.CLOSED

    def alone(self, side: Side) -> Iterator[Move[Side]]:
        """What a side can do without a message coming in: own inputs, deadlines, sending."""
        for given in (*PLAIN, *self.passing, *(f"sent:{kind}" for kind in self.spoken)):
            after = self.after(side, given)
            if after is not None and after != side:
                yield given, after


class _Found(Generic[T]):
    """All worlds in the order of their discovery, how each was first reached, and where each leads."""

    def __init__(self, start: T) -> None:
        self.worlds: list[T] = [start]
        self.came: list[tuple[int, str]] = [(0, "")]
        self.leads: list[tuple[int, ...]] = []

    def story(self, index: int) -> tuple[str, ...]:
        """The steps from the start to a world."""
        steps = []
        while index:
            index, step = self.came[index]
            steps.append(step)
        return tuple(reversed(steps))

    @property
    def moves(self) -> int:
        """How many moves there are."""
        return sum(map(len, self.leads))


def _search(start: T, moves: Callable[[T], Iterator[Move[T]]]) -> _Found[T]:
    found = _Found(start)
    numbers = {start: 0}
    for here, world in enumerate(found.worlds):  # grows while it is read: breadth first
        leads = []
        for step, after in moves(world):
            number = numbers.setdefault(after, len(found.worlds))
            if number == len(found.worlds):
                found.worlds.append(after)
                found.came.append((here, step))
            leads.append(number)
        found.leads.append(tuple(leads))
    return found


def explore(table: ProcedureTable, *, in_flight: int = 2, faults: bool = False) -> Exploration:
    """Both sides with up to `in_flight` messages on the way each way. With `faults`, messages are also lost, doubled
    and overtaken; then refusals are normal and the law ANSWERED is not asked."""
    rules = _Rules(table)
    quiet: Side = (table.start, frozenset())
    start: World = ((quiet, quiet), ((), ()))
    found = _search(start, lambda world: _moves(rules, world, in_flight, faults))
    laws = [
        (CLOSES, _cannot_reach(found, lambda world: all(rules.is_closed(side[0]) for side in world[0]))),
        (ALONE, _stuck_alone(rules, found)),
        (FORWARD, _gone_back(rules, found)),
    ]
    if not faults:
        laws.append((ANSWERED, _refused(rules, found)))
    return _told(found, laws)


def _told(found: _Found[T], laws: Iterable[tuple[str, Iterator[tuple[str, ...]]]]) -> Exploration:
    """The first, and so a shortest, story of each law that does not hold."""
    stories = [(law, next(broken, None)) for law, broken in laws]
    bad = tuple(Violation(law, story) for law, story in stories if story is not None)
    return Exploration(len(found.worlds), found.moves, bad)


def explore_obligations(table: ProcedureTable) -> Exploration:
    """One side with all that it may owe, against a partner that may say anything at any time: the law OWNED."""
    rules = _Rules(table, all_owed=True)
    heard = [f"got:{kind}" for kind in rules.spoken]

    def moves(side: Side) -> Iterator[Move[Side]]:
        yield from rules.alone(side)
        for given in heard:
            after = rules.after(side, given)
            if after is not None and after != side:
                yield given, after

    start: Side = (table.start, frozenset())
    found = _search(start, moves)
    bare = (
        found.story(index)
        for index, (state, owes) in enumerate(found.worlds)
        if index and not rules.is_closed(state) and all(table.obligations[owed.what].survives_close for owed in owes)
    )
    return _told(found, [(OWNED, bare)])


def _moves(rules: _Rules, world: World, in_flight: int, faults: bool) -> Iterator[Move[World]]:
    sides, flights = world
    for me, name in ((0, "A"), (1, "B")):
        for given, side in rules.alone(sides[me]):
            if not given.startswith("sent:"):
                yield f"{name} {given}", (_with(sides, me, side), flights)
        for kind in rules.spoken:
            after = rules.after(sides[me], f"sent:{kind}")
            if after is not None and len(flights[me]) < in_flight:
                sent = _with(flights, me, (*flights[me], kind))
                yield f"{name} sends {kind}", (_with(sides, me, after), sent)
        yield from _arrivals(rules, world, me, faults)


def _arrivals(rules: _Rules, world: World, me: int, faults: bool) -> Iterator[Move[World]]:
    """Messages of the other side come to `me`: the oldest; with faults any, perhaps twice, or never."""
    sides, flights = world
    you, name, coming = 1 - me, "AB"[me], flights[1 - me]
    for index in range(len(coming) if faults else min(1, len(coming))):
        kind = coming[index]
        rest = _with(flights, you, (*coming[:index], *coming[index + 1 :]))
        taken = _with(sides, me, rules.after(sides[me], f"got:{kind}") or sides[me])
        yield f"{name} gets {kind}", (taken, rest)
        if faults:
            yield f"{name} gets {kind}, which will come again", (taken, flights)
            yield f"{kind} to {name} is lost", (sides, rest)


def _with(pair: tuple[T, T], me: int, mine: T) -> tuple[T, T]:
    return (mine, pair[1]) if me == 0 else (pair[0], mine)


def _refused(rules: _Rules, found: _Found[World]) -> Iterator[tuple[str, ...]]:
    """Where the oldest message on its way has no row, although its receiver has not closed."""
    for index, world in enumerate(found.worlds):
        for me in (0, 1):
            side, coming = world[0][me], world[1][1 - me]
            if coming and not rules.is_closed(side[0]) and rules.after(side, f"got:{coming[0]}") is None:
                yield (*found.story(index), f"{'AB'[me]} in state {side[0]} gets {coming[0]}: refused")


def _cannot_reach(found: _Found[T], done: Callable[[T], bool]) -> Iterator[tuple[str, ...]]:
    """Worlds from which no way leads to one that is done."""
    back: list[list[int]] = [[] for _ in found.worlds]
    for here, leads in enumerate(found.leads):
        for there in leads:
            back[there].append(here)
    front = [index for index, world in enumerate(found.worlds) if done(world)]
    good = set(front)
    while front:
        front = list({before for index in front for before in back[index]} - good)
        good.update(front)
    return (found.story(index) for index in range(len(found.worlds)) if index not in good)


def _stuck_alone(rules: _Rules, found: _Found[World]) -> Iterator[tuple[str, ...]]:
    """Sides that cannot close by themselves, however long they wait."""
    ends: dict[Side, bool] = {}
    for index, world in enumerate(found.worlds):
        for side in world[0]:
            if side not in ends:
                reach = _search(side, rules.alone).worlds
                ends[side] = any(rules.is_closed(state) for state, _ in reach)
            if not ends[side]:
                yield found.story(index)


def _gone_back(rules: _Rules, found: _Found[World]) -> Iterator[tuple[str, ...]]:
    rank = {name: state.phase.rank for name, state in rules.table.states.items()}
    for here, leads in enumerate(found.leads):
        for there in leads:
            pairs = zip(found.worlds[here][0], found.worlds[there][0], strict=True)
            if any(rank[after[0]] < rank[before[0]] for before, after in pairs):
                yield found.story(there)
