"""Telling: a breach of a law as a story for a person: numbered steps, who did what when, what was lost, who waits.

Here: replaying a story's steps and wording them. Not here: finding it (`explore`, `proof`). May know: terms.
A story has no times of its own, since any timer may go off at any moment. The telling gives it the earliest ones: a
second for each deed, and for each timer its own deadline and ladder.
"""

import re
from collections.abc import Iterator

from redshank.procedure.explore import ALONE, CLOSES, OWNED, Rules, Side, Violation
from redshank.procedure.obligation import Owner
from redshank.procedure.proof import BY_VOICE, DOABLE, KNOWN, WAITS
from redshank.procedure.table import Input, Owed, ProcedureTable, Watch, by_voice

_SENDS = re.compile(r"([AB]) sends (\S+)")
_GETS = re.compile(r"([AB]) gets (\S+?)(, which will come again)?")
_LOST = re.compile(r"(\S+) to ([AB]) is lost")
_REFUSED = re.compile(r"([AB]) in state (\S+) gets (\S+): refused")
_OWN = re.compile(r"([AB]) (\S+)")

_WORDS = {
    "receipt": "has the receipt for all that it sent",
    "forecast": "sees by its forecast that the object may come to {you}",
    "crossed": "sees that the object has crossed",
    "lost": "loses the track",
    "withheld": "may not tell: its release policy withholds it",
    "warned": "has warned its own public",
    "dropped": "drops the thread, on which nothing was said",
    "closed-alone": "closes alone",
}

_MEANS = {
    ALONE: "If the partner is dead or its line is cut from here on, this side stays open for ever.",
    CLOSES: "Whatever the two do from here on, one of them stays open for ever.",
    WAITS: "From here on only the partner is to act, and no timer ends the wait: if it waits too, both wait for ever.",
    DOABLE: "Something is owed by this side, and no step of its own does it.",
    KNOWN: "All messages are there, and one side waits for what the other does not know that it owes.",
    OWNED: "Nobody owes anything: the incident can be forgotten.",
}


def story_of(table: ProcedureTable, violation: Violation) -> tuple[str, ...]:
    """The lines of one breach: the law, its numbered steps, and how both sides stand at the end."""
    spoken = by_voice(table) if violation.law.endswith(BY_VOICE) else None
    teller = _Teller(spoken or table)
    lines = [f"Violated: {violation.law}."]
    for number, step in enumerate(violation.story, 1):
        said = teller.step(step)
        lines.append(f"  {number:>2}. {_clock(teller.now)}  {said}")
    lines += [f"      {_MEANS[law]}" for law in _MEANS if violation.law.startswith(law)]
    alone = all(not re.match(r"[AB] |\S+ to [AB] ", step) for step in violation.story)
    lines += [f"      {said}" for said in teller.ends("A" if alone and violation.story else "AB")]
    return tuple(lines)


def _clock(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {text}" if days else text


class _Teller:
    """Both sides while a story is told. Lives for one telling."""

    def __init__(self, table: ProcedureTable) -> None:
        self.rules = Rules(table, all_owed=True)
        self.sides: dict[str, Side] = {"A": self.rules.start(), "B": self.rules.start()}
        self.since: dict[tuple[str, Owed], int] = {}
        self.now = -1

    def step(self, step: str) -> str:
        """Words one step and takes it. A step of a lone side is A's."""
        self.now += 1
        if found := _REFUSED.fullmatch(step):
            return f"{found[1]} gets {found[3]}. In its state {found[2]} the table has no row for it: refused."
        if found := _LOST.fullmatch(step):
            return f"{found[1]} to {found[2]} is lost on the way."
        if found := _GETS.fullmatch(step):
            again = " (it will come a second time)" if found[3] else ""
            return self._takes(found[1], f"got:{found[2]}", f"gets {found[2]}{again}")
        if found := _SENDS.fullmatch(step):
            return self._takes(found[1], f"sent:{found[2]}", f"sends {found[2]}")
        if found := _OWN.fullmatch(step):
            return self._own(found[1], found[2])
        return self._own("A", step)

    def _own(self, name: str, given: str) -> str:
        kind, _, what = given.partition(":")
        if kind in ("overdue", "exhausted"):
            return self._timer(name, kind, what)
        words = {"sent": f"sends {what}", "got": f"gets {what}"}.get(kind) or _WORDS[kind].format(
            you="B" if name == "A" else "A"
        )
        return self._takes(name, given, words)

    def _takes(self, name: str, given: str, words: str) -> str:
        before = self.sides[name]
        after = self.rules.after(before, given)
        if after is None:
            return f"{name} {words}; the table has no row for it in state {before.state}: refused."
        row = self.rules.table.row(before.state, Input(given))
        for owed in row.begins if row is not None else ():
            if self.rules.table.obligations[owed.what].watch is Watch.LATEST:
                self.since[name, owed] = self.now
        return self._becomes(name, after, words)

    def _timer(self, name: str, kind: str, what: str) -> str:
        rule, side = self.rules.table.obligations[what], self.sides[name]
        owed = next(owed for owed in sorted(side.owes, key=str) if owed.what == what and (kind, owed) not in side.fired)
        late = 0 if kind == "overdue" else rule.ladder[owed.owner][-1].after_s
        self.now = max(self.now, self.since.get((name, owed), 0) + rule.deadline_s + late)
        after = self.rules.timer(side, kind, owed)
        whose = "does not get" if owed.owner is Owner.PARTNER else "has not done"
        step = rule.ladder[owed.owner][-1].step.value
        rest = f"; the ladder is at its last step, {step}" if kind == "exhausted" else ""
        return self._becomes(name, after, f"{whose} {what!r} in time{rest}")

    def _becomes(self, name: str, after: Side, words: str) -> str:
        before, self.sides[name] = self.sides[name], after
        for owed in after.owes - before.owes:
            self.since[name, owed] = self.now
        moved = f" {name} is now {after.state}." if after.state != before.state else ""
        return f"{name} {words}.{moved}"

    def ends(self, names: str) -> Iterator[str]:
        """How each side stands, and what it takes to be owed."""
        for name in names:
            side = self.sides[name]
            meaning = self.rules.table.states[side.state].means
            yield f"{name} is left in {side.state} ({meaning}). {self._owed(name, side.owes)}"

    def _owed(self, name: str, owes: frozenset[Owed]) -> str:
        if not owes:
            return "Nobody owes anything."
        due = []
        for owed in sorted(owes, key=str):
            until = self.since.get((name, owed), 0) + self.rules.table.obligations[owed.what].deadline_s
            due.append(f"{owed.what} by {'itself' if owed.owner is Owner.US else 'its partner'} until {_clock(until)}")
        return f"Owed: {'; '.join(due)}."
