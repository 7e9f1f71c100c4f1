"""docs/spec/warning.md: its example is real, and each clause is named by a test."""

import re
from pathlib import Path

from tests.warning.test_warning_cap import alert

HERE = Path(__file__).parent
SPEC = (HERE.parents[1] / "docs" / "spec" / "warning.md").read_text(encoding="utf-8")


def test_the_example_is_what_the_code_writes():
    example = SPEC.split("```xml\n")[1].split("```")[0]
    assert alert(languages=("en",)).decode() == example


def test_each_clause_is_tested_and_each_test_names_a_clause_that_exists():
    clauses = re.findall(r"^\*\*(CAP-\d+)\.\*\*", SPEC, re.MULTILINE)
    assert clauses == [f"CAP-{n}" for n in range(1, len(clauses) + 1)]
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    assert set(re.findall(r"\bCAP-\d+", tests)) == set(clauses)
