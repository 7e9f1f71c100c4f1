"""Every bound of terms/limits.py is tested by name, or stands here with the reason why no hostile input meets it."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MEETS_NO_HOSTILE_INPUT = {
    "PICTURE_LAT_MIN_DEG": "the edge of the projection; a source's own area is checked against it when a node starts",
    "PICTURE_LAT_MAX_DEG": "the same",
    "PICTURE_LON_MIN_DEG": "the same",
    "PICTURE_LON_MAX_DEG": "the same",
    "EDITION_WITNESSES": "how many positions speak of a wrong edition: a threshold of belief, not of size",
    "FEED_WINDOW_MS": "the pace of our own batches",
    "PLACES": "the gazetteer is part of the installation",
    "FORECAST_HORIZON_MS": "how far our own forecast looks",
    "FORECAST_TRACKS_PER_STEP": "the pace of our own forecast; what is due waits for the next step",
    "UPDATE_INTERVAL_MS": "the pace of our own words",
    "DISTRICTS_RELEASED": "the length of our own words",
    "WARNING_REFERENCES": "our own alerts",
    "CAP_BYTES": "our own alerts",
    "CAP_POLYGON_POINTS": "our own alerts",
    "CAP_POLYGONS": "our own alerts",
    "CAP_HEADLINE_CHARS": "our own alerts",
    "BOOKMARK_EVENTS": "the pace of our own bookmarks",
    "BOOKMARK_BYTES": "the same",
    "EVENTS_PER_COMMIT": "the pace of our own commits",
    "PEER_TIMEOUT_S": "ends our own call to a partner that is silent; the pump calls again",
    "PULL_EVERY_S": "the pace of our own look at the partner",
    "PEER_RETRY_MIN_S": "the pace of our own calls",
    "PEER_RETRY_MAX_S": "the same",
    "PEER_CALL_AGAIN_S": "the same",
    "WAL_BYTES": "the pace of our own checkpoints",
    "KEYS_LOOK_S": "the pace of our own look at our keys",
    "PEER_BUFFER_BYTES": "where reading stops until what came is taken; a test of hostile peers measures it",
    "TILES_PER_STEP": "the pace of our own hashing",
    "TILES_EVERY_S": "the same",
    "WITNESS_RETRY_MIN_S": "the pace of our own calls to a witness",
    "WITNESS_RETRY_MAX_S": "the same",
    "CONSOLE_HEARTBEAT_S": "the pace of our own pages",
    "CONSOLE_CADENCE_S": "the same",
    "CONSOLE_KEY_CHARS": "the length of our own keys",
    "SESSION_SEEN_S": "the pace of our own writing",
    "TICK_S": "the pace of our own clock",
    "SLOW_TURN_MS": "when our own operator is told",
    "TEST_ANSWER_MS": "when our own officer is told",
}


def bounds() -> list[str]:
    """The names in terms/limits.py, in file order."""
    tree = ast.parse((ROOT / "src/redshank/terms/limits.py").read_text(encoding="utf-8"))
    found: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                found += [name.id for name in names if isinstance(name, ast.Name)]
    return found


def named() -> dict[str, set[str]]:
    """Bound to the tests that name it, in their body, their parameters or their docstring."""
    found: dict[str, set[str]] = {}
    wanted = re.compile(r"\b(?:" + "|".join(bounds()) + r")\b")
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                text = "\n".join(ast.unparse(part) for part in (*node.decorator_list, *node.body))
                for name in wanted.findall(text):
                    found.setdefault(name, set()).add(f"{path.name}::{node.name}")
    return found


def test_every_bound_is_tested_or_meets_no_hostile_input() -> None:
    tested = named()
    forgotten = [name for name in bounds() if name not in tested and name not in MEETS_NO_HOSTILE_INPUT]
    assert not forgotten, f"no test names {forgotten}"


def test_every_excuse_is_of_a_bound_that_exists() -> None:
    assert sorted(set(MEETS_NO_HOSTILE_INPUT) - set(bounds())) == []


def test_every_bound_says_why() -> None:
    """A comment on its line, above it, or on the heading of its group."""
    lines = (ROOT / "src/redshank/terms/limits.py").read_text(encoding="utf-8").splitlines()
    assert len(bounds()) > 80
    for number, line in enumerate(lines):
        if re.match(r"[A-Z][A-Z_, ]+ = \($", line):
            assert any("#" in later for later in lines[number : number + 4]), line
