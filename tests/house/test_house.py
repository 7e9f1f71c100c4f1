"""The fences bite: each check of the house is shown a fault and must find it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ROOT / "src" / "redshank"
BIN = Path(sys.executable).parent


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


check_sizes = load(ROOT / "tools" / "check_sizes.py")


def ruff_codes(source: str, where: str) -> set[str]:
    """The codes that ruff, with the project's configuration, gives `source` as if it stood at `where`."""
    done = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "--output-format=json", "--stdin-filename", where, "-"],
        input=source,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {found["code"] for found in json.loads(done.stdout)}


# --- ruff ----------------------------------------------------------------------------------------------

CLOCK = '"""Reads a clock."""\n\nimport time\n\nSTARTED = time.time()\n'
NAIVE = '"""Makes a naive time."""\n\nfrom datetime import datetime\n\nWHEN = datetime(2026, 5, 1)\n'
TODAY = '"""Reads a clock."""\n\nfrom datetime import UTC, datetime\n\nWHEN = datetime.now(tz=UTC)\n'
NUMPY_DRAW = '"""Draws."""\n\nimport numpy as np\n\nRNG = np.random.default_rng(7)\n'
PLAIN_DRAW = '"""Draws."""\n\nimport random\n\nX = random.Random(7)\n'
BARE_CATCH = (
    '"""Swallows."""\n\n\ndef read() -> None:\n    try:\n        int(\'1\')\n    except Exception:\n        pass\n'
)


@pytest.mark.parametrize(
    ("source", "where", "code"),
    [
        (CLOCK, "src/redshank/picture/x.py", "TID251"),
        (CLOCK, "src/redshank/edges/feeds.py", "TID251"),
        (CLOCK, "src/redshank/exercise/x.py", "TID251"),
        (TODAY, "src/redshank/picture/x.py", "TID251"),
        (NAIVE, "src/redshank/picture/x.py", "DTZ001"),
        (NAIVE, "src/redshank/edges/clock.py", "DTZ001"),
        (NAIVE, "tests/x.py", "DTZ001"),
        (NUMPY_DRAW, "src/redshank/picture/x.py", "TID251"),
        (PLAIN_DRAW, "src/redshank/picture/x.py", "TID251"),
        (PLAIN_DRAW, "src/redshank/exercise/x.py", "TID251"),
        (BARE_CATCH, "src/redshank/edges/x.py", "BLE001"),
        ("X = 1\n", "src/redshank/picture/x.py", "D100"),
    ],
)
def test_ruff_finds(source: str, where: str, code: str) -> None:
    assert code in ruff_codes(source, where)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (CLOCK, "src/redshank/edges/clock.py"),
        (TODAY, "src/redshank/edges/clock.py"),
        (NUMPY_DRAW, "src/redshank/exercise/x.py"),
        (NUMPY_DRAW, "tests/x.py"),
    ],
)
def test_ruff_permits(source: str, where: str) -> None:
    assert ruff_codes(source, where) == set()


def test_the_exercise_bans_all_that_the_project_bans_but_numpy_random() -> None:
    project = dict(PYPROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])
    nested = tomllib.loads((ROOMS / "exercise" / "ruff.toml").read_text(encoding="utf-8"))
    del project["numpy.random"]
    assert nested["lint"]["flake8-tidy-imports"]["banned-api"] == project


# --- import-linter -------------------------------------------------------------------------------------


def lint_imports(tree: Path) -> tuple[int, str]:
    """Runs the project's contracts over the package in `tree`/src, which shadows the installed one."""
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def bare_house(tmp_path: Path) -> Path:
    """A tree with every room and an empty plate in each."""
    package = tmp_path / "src" / "redshank"
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [room.strip() for layer in layers for room in layer.split("|")]
    for folder in [package, *(package / room for room in [*rooms, "geodata"])]:
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    return tmp_path


def test_the_rooms_keep_their_contracts() -> None:
    code, output = lint_imports(ROOT)
    assert code == 0, output
    assert "0 broken" in output


def test_every_room_stands_in_the_layers() -> None:
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {room.strip() for layer in layers for room in layer.split("|")} | {"geodata"}
    found = {path.parent.name for path in ROOMS.glob("*/__init__.py")}
    assert found == named


def test_a_bare_house_keeps_its_contracts(bare_house: Path) -> None:
    code, output = lint_imports(bare_house)
    assert code == 0, output


@pytest.mark.parametrize(
    ("room", "statement", "contract"),
    [
        ("picture", "import redshank.node", "Rooms"),
        ("picture", "from redshank.forecast import x", "Rooms"),
        ("terms", "import redshank.log", "Rooms"),
        ("console", "import redshank.edges", "Rooms"),
        ("compose", "import redshank.exercise", "Rooms"),
        ("log", "import sqlite3", "Core"),
        ("picture", "from time import monotonic", "Core"),
        ("node", "import asyncio", "Core"),
        ("decode", "from pathlib import Path", "Core"),
        ("exchange", "from urllib.parse import quote", "Core"),
        ("warning", "def f():\n    import os", "Core"),
        ("geodata", "import redshank.terms", "Geodata"),
        ("conformance", "from redshank.terms import ids", "Rooms"),
        ("conformance", "import redshank.log", "Rooms"),
        ("exercise", "import redshank.conformance", "Conformance"),
        ("compose", "from redshank.conformance import wire", "Conformance"),
    ],
)
def test_a_wrong_import_breaks_a_contract(bare_house: Path, room: str, statement: str, contract: str) -> None:
    (bare_house / "src/redshank/forecast/x.py").touch()
    (bare_house / "src/redshank" / room / "wrong.py").write_text(statement + "\n")
    code, output = lint_imports(bare_house)
    assert code == 1, output
    broken = [line for line in output.splitlines() if line.endswith(" BROKEN")]
    assert [line.split(":")[0] for line in broken] == [contract], output


def test_a_room_that_no_layer_names_breaks_a_contract(bare_house: Path) -> None:
    attic = bare_house / "src/redshank/attic"
    attic.mkdir()
    (attic / "__init__.py").touch()
    code, output = lint_imports(bare_house)
    assert code == 1
    assert "attic" in output


@pytest.mark.parametrize(
    ("room", "statement"),
    [
        ("edges", "import sqlite3, asyncio, time"),
        ("exercise", "import redshank.compose"),
        ("cli", "import os"),
    ],
)
def test_what_edges_and_outer_rooms_may_import(bare_house: Path, room: str, statement: str) -> None:
    (bare_house / "src/redshank" / room / "right.py").write_text(statement + "\n")
    code, output = lint_imports(bare_house)
    assert code == 0, output


# --- sizes, names, strings -----------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def put(tree: Path, name: str, text: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def faults(tree: Path) -> list[str]:
    return list(check_sizes.check_tree(tree).faults)


def function(lines: int, above: str = "") -> str:
    return above + "def f():\n" + "    x = 1\n" * (lines - 1)


def test_a_function_of_40_lines_passes_and_one_of_41_fails(tree: Path) -> None:
    put(tree, "src/redshank/picture/a.py", function(40))
    assert faults(tree) == []
    put(tree, "src/redshank/picture/b.py", function(41))
    assert faults(tree) == ["src/redshank/picture/b.py:1 f: 41 lines > 40"]


def test_a_long_method_or_coroutine_fails(tree: Path) -> None:
    body = "        x = 1\n" * 40
    put(tree, "src/redshank/picture/a.py", f"class C:\n    async def g(self):\n{body}")
    assert faults(tree) == ["src/redshank/picture/a.py:2 g: 41 lines > 40"]


def test_a_reason_above_a_function_permits_it_and_is_told(tree: Path) -> None:
    put(tree, "src/redshank/picture/a.py", function(41, above="# size: one table, read as a whole\n@cache\n"))
    found = check_sizes.check_tree(tree)
    assert found.faults == []
    assert found.reasons == ["src/redshank/picture/a.py:3 f: 41 lines > 40: one table, read as a whole"]


@pytest.mark.parametrize("name", ["src/redshank/picture/a.py", "tests/picture/test_a.py", "console/src/map.ts"])
def test_a_file_of_401_lines_fails_unless_it_says_why(tree: Path, name: str) -> None:
    mark = "#" if name.endswith(".py") else "//"
    lines = [f"{mark} {number}\n" for number in range(400)]
    put(tree, name, "".join(lines))
    assert faults(tree) == []
    put(tree, name, "".join([*lines, "\n"]))
    assert faults(tree) == [f"{name}: 401 lines > 400"]
    put(tree, name, "".join([*lines, f"{mark} size: too late to count\n"]))
    assert len(faults(tree)) == 1
    put(tree, name, "".join([f"{mark} size: a table of codes\n", *lines]))
    assert faults(tree) == []
    assert check_sizes.check_tree(tree).reasons == [f"{name}: 401 lines > 400: a table of codes"]


def test_a_room_of_eleven_files_fails(tree: Path) -> None:
    put(tree, "src/redshank/log/__init__.py", '"""The plate."""\n')
    for number in range(9):
        put(tree, f"src/redshank/log/m{number}.py", "")
    put(tree, "src/redshank/log/tiles/deep.py", "")
    assert faults(tree) == []
    put(tree, "src/redshank/log/eleventh.py", "")
    assert faults(tree) == ["src/redshank/log: 11 files > 10"]


@pytest.mark.parametrize(
    "name",
    [
        "src/redshank/log/utils.py",
        "src/redshank/common/x.py",
        "console/src/TrackManager.ts",
        "tests/helpers.py",
    ],
)
def test_a_name_that_says_nothing_fails(tree: Path, name: str) -> None:
    put(tree, name, "")
    assert any("says nothing" in fault for fault in faults(tree))


@pytest.mark.parametrize(
    "text",
    [
        "see https://py" + "pi.org/simple",
        '"resolved": "https://registry.npm' + 'js.org/lit"',
        "cd /wo" + "rk/main",
        "/opt/wh" + "eels/x.whl",
    ],
)
def test_a_registry_host_or_a_machine_path_fails(tree: Path, text: str) -> None:
    put(tree, "docs/x.md", f"first line\n{text}\n")
    assert len(faults(tree)) == 1
    assert faults(tree)[0].startswith("docs/x.md:2 ")


def test_an_ignored_file_is_not_looked_at(tree: Path) -> None:
    put(tree, ".gitignore", "/x.md\n")
    put(tree, "x.md", "/wo" + "rk/main\n")
    assert faults(tree) == []


def test_the_checker_fails_as_a_command(tree: Path) -> None:
    put(tree, "src/redshank/picture/a.py", function(41))
    command = [sys.executable, str(ROOT / "tools" / "check_sizes.py"), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "41 lines > 40" in done.stdout


# --- the build house itself ----------------------------------------------------------------------------


def test_the_locks_are_hashed_and_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = [block for block in text.split("\n") if block[:1].isalnum()]
        assert all(block.endswith(" \\") for block in blocks), "a pin without a hash"
        return dict(block.removesuffix(" \\").split("==") for block in blocks)

    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= dev.items()
    assert "asterix-decoder" not in dev
    assert "asterix-decoder" in pins("requirements-oracle.lock")


def test_every_dependency_is_locked() -> None:
    text = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    locked = {line.split("==")[0] for line in text.splitlines() if "==" in line}
    project = PYPROJECT["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["build"]]
    declared += project["optional-dependencies"]["dev"]
    assert {name.split(">=")[0].lower().replace(".", "-") for name in declared} <= locked


@pytest.mark.parametrize("built", ["console", "verifier"])
def test_the_build_hook_knows_old_pages(tmp_path: Path, built: str) -> None:
    hook = load(ROOT / "hatch_build.py")
    _, folders, result, script = next(one for one in hook.BUILDS if one[1][0] == Path(built))
    assert (ROOT / script).is_file()
    sources = folders[-1]
    source = tmp_path / sources / "src/map.ts"
    put(tmp_path, f"{sources}/src/map.ts", "")
    put(tmp_path, f"{sources}/node_modules/new.js", "")
    assert not hook.is_current(tmp_path, folders, result)
    put(tmp_path, str(result), "")
    os.utime(source, (1_000, 1_000))
    os.utime(tmp_path / result, (2_000, 2_000))
    assert hook.is_current(tmp_path, folders, result)
    os.utime(source, (3_000, 3_000))
    assert not hook.is_current(tmp_path, folders, result)


def fake_node(folder: Path, version: str) -> Path:
    folder.mkdir()
    for name, prints in (("node", version), ("npm", "10")):
        (folder / name).write_text(f"#!/bin/sh\necho {prints}\n")
        (folder / name).chmod(0o755)
    return folder


def build_console(tree: Path, path: str) -> subprocess.CompletedProcess[str]:
    put(tree, "tools/build_console.sh", (ROOT / "tools/build_console.sh").read_text(encoding="utf-8"))
    bash = shutil.which("bash")
    assert bash is not None
    return subprocess.run(
        [bash, "tools/build_console.sh"],
        cwd=tree,
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_node_is_named(tmp_path: Path) -> None:
    put(tmp_path, "console/package.json", "{}")
    put(tmp_path, "console/package-lock.json", "{}")
    done = build_console(tmp_path, f"{fake_node(tmp_path / 'bin', 'v18.19.0')}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "Node 20" in done.stderr
    assert "v18.19.0" in done.stderr


def test_no_console_is_no_error_but_a_console_without_its_lock_is(tmp_path: Path) -> None:
    assert build_console(tmp_path, os.environ["PATH"]).returncode == 0
    put(tmp_path, "console/package.json", "{}")
    done = build_console(tmp_path, os.environ["PATH"])
    assert done.returncode == 1
    assert "package-lock.json is missing" in done.stderr
