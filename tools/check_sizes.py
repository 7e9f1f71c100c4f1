"""Checks what no linter does: sizes of functions, files and rooms, names of files, and forbidden strings.

A comment line `size: <reason>` permits more, and is printed: in the first 15 lines of a file for a longer
file, in those of a room's `__init__.py` for a larger room, right above a function for a longer function.
The strings are hosts of package registries and paths of a machine: they belong in no tracked file.
Knows nothing of the project but its folders; needs nothing but Python and git.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

FUNCTION_LINES = 40
FILE_LINES = 400
ROOM_FILES = 10
REASON_WITHIN = 15

PACKAGE = Path("src/redshank")
SIZED_FOLDERS = ("src", "tests", "tools", "benchmarks", "conformance", "console", "fuzz", "verifier")
SIZED_SUFFIXES = (".py", ".ts", ".mjs", ".css")
BAD_WORDS = {"util", "utils", "common", "helper", "helpers", "manager", "managers"}
REASON = re.compile(r"^\s*(?:#|//|/\*)\s*size:\s*(\S.*?)\s*(?:\*/)?$")

# In pieces, so that this file does not hold what it looks for.
HOSTS = ("py" + "pi.org", "python" + "hosted", "npm" + "js.org", "deb." + "debian.org", "proxy." + "golang")
PLACES = ("wo" + "rk", "fa" + "rm", "opt/py" + "pi", "opt/wh" + "eels")
FORBIDDEN = re.compile(
    "|".join(re.escape(host) for host in HOSTS) + "|" + r"(?<![\w.*-])/(?:" + "|".join(PLACES) + r")(?:/|-more/)"
)


@dataclass
class Findings:
    """What was found: faults fail the check, reasons are only told."""

    faults: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def over(self, what: str, reason: str | None) -> None:
        if reason is None:
            self.faults.append(what)
        else:
            self.reasons.append(f"{what}: {reason}")


def tracked_files(root: Path) -> list[Path]:
    """Files that git tracks or would track; without git, all that lies there but hidden folders."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [path.relative_to(root) for path in root.rglob("*")]
        names = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    return sorted(name for name in set(names) if (root / name).is_file() and not (root / name).is_symlink())


def reason_in(lines: Iterable[str]) -> str | None:
    for line in lines:
        if match := REASON.match(line):
            return match[1]
    return None


def check_functions(name: Path, text: str, findings: Findings) -> None:
    lines = text.splitlines()
    try:
        tree = ast.parse(text, filename=str(name))
    except SyntaxError as error:
        findings.faults.append(f"{name}:{error.lineno} is not Python: {error.msg}")
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > FUNCTION_LINES:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            above = lines[first - 2 : first - 1] if first > 1 else []
            findings.over(f"{name}:{node.lineno} {node.name}: {length} lines > {FUNCTION_LINES}", reason_in(above))


def check_file(name: Path, text: str, findings: Findings) -> None:
    if name.parts[0] not in SIZED_FOLDERS or name.suffix not in SIZED_SUFFIXES:
        return
    lines = text.splitlines()
    if len(lines) > FILE_LINES:
        findings.over(f"{name}: {len(lines)} lines > {FILE_LINES}", reason_in(lines[:REASON_WITHIN]))
    if name.parts[0] == "src" and name.suffix == ".py":
        check_functions(name, text, findings)


def check_name(name: Path, findings: Findings) -> None:
    for part in name.parts:
        words = set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", part).lower()))
        if bad := sorted(words & BAD_WORDS):
            findings.faults.append(f"{name}: {bad[0]!r} says nothing of what is in it")


def check_strings(name: Path, text: str, findings: Findings) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if match := FORBIDDEN.search(line):
            findings.faults.append(f"{name}:{number} holds {match[0]!r}, a registry's host or a machine's path")


def check_rooms(root: Path, names: list[Path], findings: Findings) -> None:
    """Counts a room's modules, those of its folders too; `__init__.py` is the plate and does not count."""
    rooms: dict[str, int] = {}
    for name in names:
        inside = name.parts[len(PACKAGE.parts) :]
        if name.is_relative_to(PACKAGE) and len(inside) > 1 and name.suffix == ".py" and name.name != "__init__.py":
            rooms[inside[0]] = rooms.get(inside[0], 0) + 1
    for room, count in sorted(rooms.items()):
        if count > ROOM_FILES:
            plate = root / PACKAGE / room / "__init__.py"
            lines = plate.read_text(encoding="utf-8").splitlines() if plate.is_file() else []
            findings.over(f"{PACKAGE / room}: {count} files > {ROOM_FILES}", reason_in(lines[:REASON_WITHIN]))


def texts(root: Path, names: list[Path]) -> Iterator[tuple[Path, str]]:
    for name in names:
        content = (root / name).read_bytes()
        if b"\0" not in content[:8192]:
            yield name, content.decode("utf-8", errors="replace")


def check_tree(root: Path) -> Findings:
    findings = Findings()
    names = tracked_files(root)
    for name in names:
        check_name(name, findings)
    check_rooms(root, names, findings)
    for name, text in texts(root, names):
        check_strings(name, text, findings)
        check_file(name, text, findings)
    return findings


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    findings = check_tree(root)
    for reason in findings.reasons:
        print(f"permitted: {reason}")
    for fault in findings.faults:
        print(fault)
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
