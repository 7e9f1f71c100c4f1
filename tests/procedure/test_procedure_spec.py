"""docs/spec/procedure.md: its story and its diagram are what the code makes, and each clause is named by a test."""

import re
from pathlib import Path

from tests.procedure.procedure_scene import BY_LT, T0, TABLE, at

from redshank.procedure.obligation import MessageRef, Obligation
from redshank.procedure.table import FORECAST, RECEIPT, Input, diagram, got, sent
from redshank.procedure.thread import Thread, apply, missed, new_thread
from redshank.terms.ids import IncidentId
from redshank.terms.message import MessageType as M

HERE = Path(__file__).parent
SPEC = (HERE.parents[1] / "docs" / "spec" / "procedure.md").read_text(encoding="utf-8")

PASSES = Input("the deadline passes")
STORY = (
    (0, FORECAST, None, None),
    (20, sent(M.NOTICE), 0, None),
    (21, RECEIPT, None, 0),
    (95, got(M.ACK), 0, 0),
    (100, sent(M.QUERY), 1, None),
    (101, RECEIPT, None, 1),
    (240, got(M.REPLY), 1, 1),
    (600, sent(M.CLOSE), 2, None),
    (601, RECEIPT, None, 2),
    (1500, PASSES, None, None),
    (1620, got(M.AGREE_CLOSE), 2, 2),
)


def ref(serial: int | None) -> MessageRef | None:
    return None if serial is None else MessageRef(2026, 0, serial)


def told(o: Obligation) -> str:
    late = f", missed: {o.step.value}" if o.step else ""
    return f"{o.what} ({o.owner.value}, until {(o.due - T0) // 1000}{late})"


def story() -> str:
    """The example of the spec: what LT's node holds of its thread with BY after each step."""
    thread = new_thread(TABLE, IncidentId("LT-2026-000012"), BY_LT, T0)
    lines = ["| second | what happens | state | owed |", "|---|---|---|---|"]
    for seconds, given, serial, settles in STORY:
        if given == PASSES:
            late = next(o for o in thread.obligations if o.what == "agree-close")
            thread = missed(TABLE, thread, late.id, 1, at(seconds))
        else:
            after = apply(TABLE, thread, given, at(seconds), ref(serial), ref(settles))
            assert isinstance(after, Thread), after
            thread = after
        owed = "; ".join(told(o) for o in thread.obligations) or "nothing"
        lines.append(f"| {seconds} | {given} | {thread.state} | {owed} |")
    return "\n".join(lines) + "\n"


def deadlines() -> str:
    """The table of deadlines and ladders, as the shipped table has them."""
    lines = ["| obligation | deadline, s | when missed by us | when missed by the partner |", "|---|---|---|---|"]
    for name, rule in TABLE.obligations.items():
        ladders = {
            o.value: ", ".join(f"{r.step.value} +{r.after_s}" for r in rungs) for o, rungs in rule.ladder.items()
        }
        lines.append(f"| {name} | {rule.deadline_s} | {ladders.get('us', '')} | {ladders.get('partner', '')} |")
    return "\n".join(lines) + "\n"


def between(mark: str) -> str:
    return SPEC.split(f"<!-- {mark} -->\n")[1].split(f"<!-- end of {mark} -->")[0]


def test_the_story_is_what_the_code_does():
    """PROC-5"""
    assert between("story") == story()


def test_the_diagram_is_drawn_from_the_table():
    """PROC-1"""
    assert between("diagram") == f"```mermaid\n{diagram(TABLE)}```\n"


def test_the_deadlines_are_those_of_the_table():
    """PROC-9"""
    assert between("deadlines") == deadlines()


def test_each_clause_is_tested_and_each_test_names_a_clause_that_exists():
    clauses = re.findall(r"^\*\*(PROC-\d+)\.\*\*", SPEC, re.MULTILINE)
    assert clauses == [f"PROC-{n}" for n in range(1, len(clauses) + 1)]
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.parent.rglob("test_*.py"))
    assert set(re.findall(r"\bPROC-\d+", tests)) == set(clauses)
