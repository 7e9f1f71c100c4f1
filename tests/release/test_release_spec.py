"""docs/spec/release.md: its example is real, and each clause is named by a test."""

import re
from pathlib import Path

import msgspec
from tests.release.release_drafts import NOW, POLICY, draft, forecast

from redshank.release.decide import decide
from redshank.release.released import Released

HERE = Path(__file__).parent
SPEC = (HERE.parents[1] / "docs" / "spec" / "release.md").read_text(encoding="utf-8")


def test_the_example_is_what_the_code_writes():
    made = decide(POLICY, draft(forecast=forecast(districts=())), NOW)
    assert isinstance(made, Released)
    example = SPEC.split("```json\n")[1].split("```")[0]
    assert msgspec.json.decode(example) == msgspec.to_builtins(made.body)
    assert str(made.observed_ms) in SPEC


def test_each_clause_is_tested_and_each_test_names_a_clause_that_exists():
    clauses = re.findall(r"^\*\*(REL-\d+)\.\*\*", SPEC, re.MULTILINE)
    assert clauses == [f"REL-{n}" for n in range(1, len(clauses) + 1)]
    files = [*HERE.glob("test_*.py"), HERE.parent / "node" / "test_node_approvals.py"]
    tests = "".join(path.read_text(encoding="utf-8") for path in files)
    assert set(re.findall(r"\bREL-\d+", tests)) == set(clauses)
