"""What the tests of the wording read: the texts of each language, parsed, and what the pages ask for by name."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fluent.syntax import FluentParser, ast

ROOT = Path(__file__).resolve().parents[2]
WORDING = ROOT / "src" / "redshank" / "wording"
CONSOLE = ROOT / "console"
LANGUAGES = ("lt", "lv", "et", "pl", "be", "ru", "en")
FILES = ("codes", "message", "paper", "warning")
"""In each folder of the wording; the pages' own texts are those of `console/texts`."""
PLAN = json.loads((WORDING / "plan.json").read_text(encoding="utf-8"))


def path_of(language: str, name: str) -> Path:
    """Where the texts stand."""
    return CONSOLE / "texts" / f"{language}.ftl" if name == "console" else WORDING / "texts" / language / f"{name}.ftl"


@cache
def texts(language: str, name: str) -> dict[str, Any]:
    """Text by its id. Fails for what does not parse and for an id that is there twice."""
    found: dict[str, Any] = {}
    for entry in FluentParser().parse(path_of(language, name).read_text(encoding="utf-8")).body:
        assert not isinstance(entry, ast.Junk), f"{language}/{name}: {(entry.content or '')[:80]}"
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{language}/{name}: {entry.id.name} is there twice"
            assert entry.value is not None
            found[str(entry.id.name)] = entry.value
    return found


def all_texts(language: str) -> dict[str, Any]:
    """Of every file; fails when two files have the same id."""
    found: dict[str, Any] = {}
    for name in (*FILES, "console"):
        twice = set(found) & set(texts(language, name))
        assert not twice, f"{language}/{name}: {twice}"
        found |= texts(language, name)
    return found


def _nodes(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    """All nodes of a kind in the JSON of a text."""
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for inner in value.values():
            yield from _nodes(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner, kind)


def variables(pattern: Any) -> set[str]:
    """The places that a text has."""
    return {node["id"]["name"] for node in _nodes(pattern.to_json(), "VariableReference")}


def variants(pattern: Any) -> list[tuple[str, list[str]]]:
    """For each selection in a text its variable and the keys of its variants."""
    return [
        (node["selector"]["id"]["name"], [one["key"].get("name") or one["key"]["value"] for one in node["variants"]])
        for node in _nodes(pattern.to_json(), "SelectExpression")
    ]


def letters_of(pattern: Any) -> str:
    """The words of a text without its places."""
    return " ".join(node["value"] for node in _nodes(pattern.to_json(), "TextElement"))


def page_sources() -> str:
    """All TypeScript of the console."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((CONSOLE / "src").glob("*.ts")))


def asked_by_pages() -> tuple[set[str], set[str]]:
    """Ids that the pages ask for outright, and beginnings of those that they build: of ``word("status", …)`` it is
    ``status-``, of ``t(`panel-${name}`)`` it is ``panel-``."""
    source = page_sources()
    outright = set(re.findall(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"', source))
    built = {f"{group}-" for group in re.findall(r'\bword\(\s*"([a-z-]+)"', source)}
    built |= {f"{group}-" for group in re.findall(r'\bselect\("[a-z]+", [A-Z]+, "([a-z]+)"', source)}
    built |= set(re.findall(r"`([a-z]+(?:-[a-z]+)*-)\$\{", source))
    return outright, built
