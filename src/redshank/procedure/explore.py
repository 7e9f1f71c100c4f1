"""Explore: runs a table on both sides at once through everything that can happen; what must not happen becomes a story.

Here: the exhaustive search and the laws of two sides. Not here: time (any deadline may pass at any moment), numbers of
messages (a side owes one thing of a name once), the laws of one side's timers, and telling (`proof`). May know:
terms. Breadth first, so that a story is a shortest one.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from redshank.procedure.table import PLAIN, VARIANTS, IncidentPhase, Input, Owed, ProcedureTable, Row, Watch
from redshank.terms import limits
from redshank.terms.message import MessageType

Owes = frozenset[Owed]
Fired = frozenset[tuple[str, Owed]]


class TooManyStates(ValueError):
    """A table that can be in more states than are looked at (limits.EXPLORED_STATES): nothing is said of it."""


class Side:
    """A state, what is open in it, and which timers of that (``overdue``, ``exhausted``) have gone off: each does so
    once. One object for each such side within one search, so that two are equal if they are the same."""

    __slots__ = ("fired", "owes", "state")

    def __init__(self, state: str, owes: Owes, fired: Fired) -> None:
        self.state = state
        self.owes = owes
        self.fired = fired


Flight = tuple[str, ...]
World = tuple[tuple[Side, Side], tuple[Flight, Flight]]
"""Both sides, and the messages that each has on their way to the other, oldest first."""
T = TypeVar("T", bound=Hashable)
Move = tuple[str, T]

TIMERS = ("overdue", "exhausted")
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


class Rules:
    """A table reduced to the obligations that steer it, and to those of `also`; all others never change what is
    possible."""

    def __init__(
        self, table: ProcedureTable, *, all_owed: bool = False, also: Iterable[Owed] = (), idle: bool = True
    ) -> None:
        """`idle`: with messages that change neither side."""
        self.table = table
        every = {owed for row in table.rows.values() for owed in row.begins}
        self.timed = {given for _, given in table.rows if given.startswith(("overdue:", "exhausted:"))}
        names = {given.partition(":")[2] for given in self.timed}
        self.steering = {row.needs for row in table.rows.values() if row.needs is not None} | set(also)
        self.steering |= {owed for owed in every if all_owed or owed.what in names}
        self.spoken = _told_apart(table, self.steering, idle)
        self._sides: dict[tuple[str, Owes, Fired], Side] = {}
        self._known: dict[tuple[Side, str], Side | None] = {}
        self._alone: dict[Side, tuple[Move[Side], ...]] = {}

    def side(self, state: str, owes: Owes = frozenset(), fired: Fired = frozenset()) -> Side:
        """The one side that is like this."""
        key = (state, owes, fired)
        if key not in self._sides:
            self._sides[key] = Side(*key)
        return self._sides[key]

    def start(self) -> Side:
        """A thread of which nothing is known yet."""
        return self.side(self.table.start)

    def after(self, side: Side, given: str) -> Side | None:
        """The side after an input other than a timer; None if it is refused."""
        key = (side, given)
        if key not in self._known:
            row = self._row(side, given)
            self._known[key] = None if row is None else self._follow(side, row)
        return self._known[key]

    def _row(self, side: Side, given: str) -> Row | None:
        row = self.table.row(side.state, Input(given))
        return None if row is None or (row.needs is not None and row.needs not in side.owes) else row

    def _follow(self, side: Side, row: Row) -> Side:
        left = side.owes - set(row.settles)
        if self.is_closed(row.to) and not self.is_closed(side.state):
            left = frozenset(owed for owed in left if self.table.obligations[owed.what].survives_close)
        begun = {owed for owed in row.begins if owed in self.steering}
        anew = {owed for owed in begun if self.table.obligations[owed.what].watch is not Watch.OLDEST}
        kept = frozenset(timer for timer in side.fired if timer[1] in left and timer[1] not in anew)
        return self.side(row.to, frozenset(left | begun), kept)

    def timer(self, side: Side, kind: str, owed: Owed) -> Side:
        """The side after a timer has gone off. One that the table has a row for only in other states is spent all the
        same: that is how a thread counts (PROC-8), so a table can not rely on its coming later."""
        spent = self.side(side.state, side.owes, side.fired | {(kind, owed)})
        row = self._row(spent, f"{kind}:{owed.what}")
        return spent if row is None else self._follow(spent, row)

    def timers(self, side: Side) -> Iterator[Move[Side]]:
        """Timers that may go off now: overdue before exhausted, each once."""
        for owed in sorted(side.owes, key=str):
            due = [kind for kind in TIMERS if f"{kind}:{owed.what}" in self.timed and (kind, owed) not in side.fired]
            if due:
                yield f"{due[0]}:{owed.what}", self.timer(side, due[0], owed)

    def goes_back(self) -> bool:
        """Whether any row leads back to an earlier phase."""
        phase = self.table.phase
        return any(phase(row.to).rank < phase(state).rank for (state, _), row in self.table.rows.items())

    def is_closed(self, state: str) -> bool:
        """Whether a state is an end."""
        return self.table.phase(state) is IncidentPhase.CLOSED

    def alone(self, side: Side) -> Iterable[Move[Side]]:
        """What a side can do without a message coming in: own inputs, deadlines, sending."""
        if side not in self._alone:
            self._alone[side] = tuple(self._find_alone(side))
        return self._alone[side]

    def _find_alone(self, side: Side) -> Iterator[Move[Side]]:
        for given in (*PLAIN, *(f"sent:{kind}" for kind in self.spoken)):
            after = self.after(side, given)
            if after is not None and after != side:
                yield given, after
        yield from self.timers(side)


def _told_apart(table: ProcedureTable, steering: Iterable[Owed], idle: bool) -> list[str]:
    """The messages that the table speaks, but of those that do the same in every state, sent and got, only the first:
    what can happen with the others is the same under another name. `steering`: the obligations that are followed; what
    a row does to others makes no difference here. Without `idle` those are left out that never do anything at all."""
    steers, first = set(steering), dict[tuple[object, ...], str]()
    for kind in MessageType:
        for ending in VARIANTS.get(kind, ("",)):
            name = kind.value + ending
            rows = [table.row(state, Input(f"{way}:{name}")) for way in ("sent", "got") for state in table.states]
            if any(rows) and (idle or not _is_idle(table, name, steers)):
                first.setdefault(tuple(_done_by(row, steers) for row in rows), name)
    return list(first.values())


def _is_idle(table: ProcedureTable, name: str, steers: set[Owed]) -> bool:
    """Whether a message leaves its sender and its receiver as they were, in every state."""
    both = ((state, table.row(state, Input(f"{way}:{name}"))) for way in ("sent", "got") for state in table.states)
    return all(row is None or (row.to == state and not steers & {*row.begins, *row.settles}) for state, row in both)


def _done_by(row: Row | None, steers: set[Owed]) -> object:
    return (
        None
        if row is None
        else (
            row.to,
            frozenset(steers.intersection(row.begins)),
            frozenset(steers.intersection(row.settles)),
            row.needs,
        )
    )


class Found(Generic[T]):
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


def search(start: T, moves: Callable[[T], Iterable[Move[T]]]) -> Found[T]:
    """Everything that `moves` leads to from `start`, breadth first. Raises TooManyStates."""
    found = Found(start)
    numbers = {start: 0}
    for here, world in enumerate(found.worlds):  # grows while it is read: breadth first
        leads = []
        for step, after in moves(world):
            number = numbers.setdefault(after, len(found.worlds))
            if number == len(found.worlds):
                if number >= limits.EXPLORED_STATES:
                    raise TooManyStates(f"more than {limits.EXPLORED_STATES:,} states of both sides")
                found.worlds.append(after)
                found.came.append((here, step))
            leads.append(number)
        found.leads.append(tuple(leads))
    return found


def explore(table: ProcedureTable, *, in_flight: int = 2, faults: bool = False) -> Exploration:
    """Both sides with up to `in_flight` messages on the way each way. With `faults`, messages are also lost, doubled
    and overtaken; then refusals are normal and the law ANSWERED is not asked.

    With `faults` a message that changes neither side is not looked at: without it the same sides are reached, and from
    them the same ends. Whether such a message is taken is the law ANSWERED, and is looked at without faults.
    """
    rules = Rules(table, idle=not faults)
    found = search(pair_of(rules), lambda world: moves_of(rules, world, in_flight, faults))
    laws = [
        (CLOSES, _cannot_reach(found, lambda world: all(rules.is_closed(side.state) for side in world[0]))),
        (ALONE, _stuck_alone(rules, found)),
        (FORWARD, _gone_back(rules, found)),
    ]
    if not faults:
        laws.append((ANSWERED, _refused(rules, found)))
    return told(found, laws)


def told(found: Found[T], laws: Iterable[tuple[str, Iterator[tuple[str, ...]]]]) -> Exploration:
    """The first, and so a shortest, story of each law that does not hold."""
    stories = [(law, next(broken, None)) for law, broken in laws]
    bad = tuple(Violation(law, story) for law, story in stories if story is not None)
    return Exploration(len(found.worlds), found.moves, bad)


def explore_obligations(table: ProcedureTable) -> Exploration:
    """One side with all that it may owe, against a partner that may say anything at any time: the law OWNED."""
    rules = Rules(table, all_owed=True)
    found = search(rules.start(), lambda side: anything(rules, side))
    bare = (
        found.story(index)
        for index, side in enumerate(found.worlds)
        if index
        and not rules.is_closed(side.state)
        and all(table.obligations[owed.what].survives_close for owed in side.owes)
    )
    return told(found, [(OWNED, bare)])


def anything(rules: Rules, side: Side) -> Iterator[Move[Side]]:
    """What can happen to one side whose partner may say anything at any time."""
    yield from rules.alone(side)
    for kind in rules.spoken:
        after = rules.after(side, f"got:{kind}")
        if after is not None and after != side:
            yield f"got:{kind}", after


def pair_of(rules: Rules) -> World:
    """Both sides before anything has happened."""
    return (rules.start(), rules.start()), ((), ())


def moves_of(rules: Rules, world: World, in_flight: int, faults: bool) -> Iterator[Move[World]]:
    """All that can happen next, as a step of a story and what it leads to."""
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


def _arrivals(rules: Rules, world: World, me: int, faults: bool) -> Iterator[Move[World]]:
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


def _refused(rules: Rules, found: Found[World]) -> Iterator[tuple[str, ...]]:
    """Where the oldest message on its way has no row, although its receiver has not closed."""
    for index, world in enumerate(found.worlds):
        for me in (0, 1):
            side, coming = world[0][me], world[1][1 - me]
            if coming and not rules.is_closed(side.state) and rules.after(side, f"got:{coming[0]}") is None:
                yield (*found.story(index), f"{'AB'[me]} in state {side.state} gets {coming[0]}: refused")


def _cannot_reach(found: Found[T], done: Callable[[T], bool]) -> Iterator[tuple[str, ...]]:
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


def _stuck_alone(rules: Rules, found: Found[World]) -> Iterator[tuple[str, ...]]:
    """Sides that cannot close by themselves, however long they wait."""
    ends: dict[Side, bool] = {}
    for index, world in enumerate(found.worlds):
        for side in world[0]:
            if side not in ends:
                reach = search(side, rules.alone).worlds
                ends[side] = any(rules.is_closed(end.state) for end in reach)
            if not ends[side]:
                yield found.story(index)


def _gone_back(rules: Rules, found: Found[World]) -> Iterator[tuple[str, ...]]:
    if not rules.goes_back():  # quicker to see than in all worlds
        return
    rank = {name: state.phase.rank for name, state in rules.table.states.items()}
    for here, leads in enumerate(found.leads):
        for there in leads:
            pairs = zip(found.worlds[here][0], found.worlds[there][0], strict=True)
            if any(rank[after.state] < rank[before.state] for before, after in pairs):
                yield found.story(there)
