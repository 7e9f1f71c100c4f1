"""The specification and its tests know one another: every clause has a test, every cited clause exists."""

import ast
import json
import re
from base64 import b64decode
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "docs" / "spec"
DEFINED = re.compile(r"^[\s#>*|-]*\b([A-Z]{3,5}-\d+)\b", re.MULTILINE)
CITED = re.compile(r"\b([A-Z]{3,5}-\d+)\b")
IN_NAME = re.compile(r"(?:^|_)([a-z]{3,5})_(\d+)(?=_|$)")


def clauses() -> dict[str, str]:
    """Clause id to the file that defines it: a paragraph, heading or row that begins with it."""
    found: dict[str, str] = {}
    for path in sorted(SPEC.glob("*.md")):
        if path.name == "README.md":
            continue
        for clause in DEFINED.findall(path.read_text(encoding="utf-8")):
            assert clause not in found or found[clause] == path.name, f"{clause} is defined twice"
            found[clause] = path.name
    return found


def citations() -> dict[str, set[str]]:
    """Clause id to the tests that cite it in their docstring or name."""
    prefixes = {clause.partition("-")[0] for clause in clauses()}
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
                continue
            cited = set(CITED.findall(ast.get_docstring(node) or ""))
            cited |= {f"{name.upper()}-{number}" for name, number in IN_NAME.findall(node.name)}
            for clause in cited:
                if clause.partition("-")[0] in prefixes:
                    found.setdefault(clause, set()).add(f"{path.name}::{node.name}")
    return found


def test_every_clause_has_a_test() -> None:
    untested = sorted(set(clauses()) - set(citations()))
    assert not untested, f"no test cites {untested}"


def test_every_cited_clause_exists() -> None:
    defined = clauses()
    unknown = {clause: tests for clause, tests in citations().items() if clause not in defined}
    assert not unknown


def test_clauses_are_numbered_without_a_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for clause in clauses():
        prefix, _, number = clause.partition("-")
        numbers.setdefault(prefix, []).append(int(number))
    assert {"MSG", "LOG", "DEL", "REC"} <= set(numbers)
    for prefix, found in numbers.items():
        assert sorted(found) == list(range(1, len(found) + 1)), prefix


def test_the_examples_are_what_the_code_writes() -> None:
    """Every line of the example blocks stands in the vectors, and those are made by the code.
    Of an ML-DSA-44 line or key, beginning and end are shown, with an ellipsis between."""
    made: set[str] = set()
    messages = json.loads((ROOT / "vectors" / "messages" / "entries.json").read_text(encoding="utf-8"))
    made |= {case["text"] for case in messages["good"]}
    heads = json.loads((ROOT / "vectors" / "log" / "checkpoints.json").read_text(encoding="utf-8"))
    made |= {value for name, value in heads.items() if "key" in name}
    made |= {line for case in heads["good"] for line in case["text"].splitlines()}
    pushes = json.loads((ROOT / "vectors" / "log" / "deliveries.json").read_text(encoding="utf-8"))
    first = b64decode(pushes["cases"][0]["delivery"])
    made |= set(first[: first.rindex(b"=\n") + 1].decode().splitlines())
    spoken = json.loads((ROOT / "vectors" / "voice" / "forms.json").read_text(encoding="utf-8"))["forms"]
    for form in spoken:
        groups = form["groups"]
        rows = [" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]
        made |= {form["opening"], form["heard"], *rows}
    record = json.loads((ROOT / "vectors" / "record" / "small.json").read_text(encoding="utf-8"))["files"]
    made |= set(record) | {b64decode(record["record.json"]).decode()}
    asked = json.loads((ROOT / "vectors" / "witness" / "submissions.json").read_text(encoding="utf-8"))["cases"]
    made |= set(b64decode(asked[0]["request"]).decode().splitlines())
    for name in ("messages", "log", "delivery", "record", "witness", "voice"):
        blocks = (SPEC / f"{name}.md").read_text(encoding="utf-8").split("```")[1::2]
        assert blocks
        for line in "\n".join(blocks).splitlines():
            shape = re.compile(".+".join(map(re.escape, line.split("…"))))
            shown = any(shape.fullmatch(one) for one in made) if "…" in line else line in made
            assert shown or not line, f"{name}.md: {line}"
