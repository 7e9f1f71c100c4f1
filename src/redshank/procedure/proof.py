"""Proof: all laws that a table must keep, looked for in everything that can happen, and a breach told as a story.

Here: the laws of one side's timers and duties, the whole examination of a table, and the telling. Not here: the search
itself (`explore`), files. May know: terms. Nothing is sampled: within its bounds (two messages on the way each way) the
search sees every order of sending, arrival, loss, doubling, overtaking and timers (PROC-28).
"""

from collections.abc import Callable, Iterator

import msgspec

from redshank.procedure.explore import (
    Exploration,
    Rules,
    Side,
    Violation,
    World,
    anything,
    explore,
    explore_obligations,
    moves_of,
    pair_of,
    search,
    told,
)
from redshank.procedure.obligation import Owner
from redshank.procedure.table import READ_OUT, RECEIPT, Owed, ProcedureTable, by_voice

WAITS = "two sides never wait for each other for ever: one that only waits comes by its timers to where it must act"
DOABLE = "what a side owes it can do at once, or be released from by closing"
KNOWN = "what a side waits for, its partner knows that it owes, once all messages are there"
BY_VOICE = " (towards a partner without a node)"

LINE_ITSELF = (RECEIPT, READ_OUT)
"""Owed for a message as such: no message of the partner begins or settles it."""


class Proof(msgspec.Struct, frozen=True):
    """What an examination saw of one table: how many worlds and moves, and the first breach of each law."""

    table: str
    worlds: int
    moves: int
    violations: tuple[Violation, ...]


def prove(table: ProcedureTable, *, deep: bool = True) -> Proof:
    """Examines a table by every law. Without `deep`, faults are looked at with one message on the way each way only,
    which is quicker by far and sees nearly all there is. Raises TooManyStates."""
    seen = [
        one_side(table),
        explore_obligations(table),
        explore(table, in_flight=1),
        explore(table, in_flight=1, faults=True),
    ]
    seen += [_known(table, what) for what in _answerable(table)]
    spoken = by_voice(table)
    if spoken is not None:
        seen += [_marked(one_side(spoken)), _marked(explore_obligations(spoken))]
    if not any(part.violations for part in seen):  # a shorter story is a better one
        seen.append(explore(table, in_flight=2))
        if deep:
            seen.append(explore(table, in_flight=2, faults=True))
    first: dict[str, Violation] = {}
    for part in seen:
        for violation in part.violations:
            first.setdefault(violation.law, violation)
    return Proof(table.name, sum(p.worlds for p in seen), sum(p.moves for p in seen), tuple(first.values()))


def one_side(table: ProcedureTable) -> Exploration:
    """One side with all that it may owe, against a partner that may say anything at any time, or nothing any more: the
    laws WAITS and DOABLE."""
    rules = Rules(table, all_owed=True)
    found = search(rules.start(), lambda side: anything(rules, side))
    between = [(number, side) for number, side in enumerate(found.worlds) if number and not rules.is_closed(side.state)]

    known: dict[Side, bool] = {}

    def stories(bad: Callable[[Side], bool]) -> Iterator[tuple[str, ...]]:
        return (found.story(number) for number, side in between if bad(side))

    return told(
        found,
        [
            (WAITS, stories(lambda side: not _comes_to_act(rules, side, known))),
            (DOABLE, stories(lambda side: _cannot_do(rules, side) is not None)),
        ],
    )


def _ours(rules: Rules, side: Side) -> list[Owed]:
    return sorted(
        (
            owed
            for owed in side.owes
            if owed.owner is Owner.US and not rules.table.obligations[owed.what].survives_close
        ),
        key=str,
    )


def _comes_to_act(rules: Rules, side: Side, known: dict[Side, bool]) -> bool:
    """Whether time alone, in whatever order the timers go off, brings the side to where it owes something itself. A
    timer that only winds itself up again does not."""
    if side in known:
        return known[side]
    if rules.is_closed(side.state) or _ours(rules, side):
        known[side] = True
        return True
    known[side] = False  # what leads back to here ends nothing
    later = [after for _, after in rules.timers(side)]
    known[side] = bool(later) and all(_comes_to_act(rules, after, known) for after in later)
    return known[side]


def _cannot_do(rules: Rules, side: Side) -> Owed | None:
    """The first thing owed by this side that none of its own steps settles, though it may have other steps."""
    timers = {given for given, _ in rules.timers(side)}
    ends = [after for given, after in rules.alone(side) if given not in timers and given != RECEIPT]
    return next((owed for owed in _ours(rules, side) if all(owed in after.owes for after in ends)), None)


def _answerable(table: ProcedureTable) -> list[str]:
    """What a partner may owe us by its own deed."""
    begun = {owed.what for row in table.rows.values() for owed in row.begins if owed.owner is Owner.PARTNER}
    return sorted(begun - set(LINE_ITSELF))


def _known(table: ProcedureTable, what: str) -> Exploration:
    """Both sides without faults: the law KNOWN, for one obligation."""
    waited, owed = Owed(what, Owner.PARTNER), Owed(what, Owner.US)
    rules = Rules(table, also=(waited, owed))

    def amiss(world: World) -> bool:
        sides, flights = world
        if any(flights) or any(rules.is_closed(side.state) for side in sides):
            return False
        return any(waited in mine.owes and owed not in theirs.owes for mine, theirs in (sides, sides[::-1]))

    found = search(pair_of(rules), lambda world: moves_of(rules, world, 1, False))
    return told(found, [(KNOWN, (found.story(n) for n, world in enumerate(found.worlds) if amiss(world)))])


def _marked(seen: Exploration) -> Exploration:
    marked = tuple(Violation(one.law + BY_VOICE, one.story) for one in seen.violations)
    return msgspec.structs.replace(seen, violations=marked)
