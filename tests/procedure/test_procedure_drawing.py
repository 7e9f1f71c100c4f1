"""The drawings of docs/procedures: what the tables give today, all of it, and legible."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree
from tests.procedure.procedure_scene import ROOM, TABLE
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.procedure.drawing import draw
from redshank.procedure.kinds import SHIPPED as TABLES
from redshank.procedure.table import parse_table

DOCS = Path(__file__).parents[2] / "docs" / "procedures"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(name: str) -> str:
    return draw(parse_table((ROOM / "tables" / f"{name}.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", TABLES)
def test_the_drawings_in_the_docs_are_those_of_the_tables(name: str):
    """PROC-30: `redshank procedure draw docs/procedures` makes them."""
    assert (DOCS / f"{name}.svg").read_text(encoding="utf-8") == drawn(name)
    assert f"]({name}.svg)" in (DOCS / "README.md").read_text(encoding="utf-8")


def test_the_command_writes_the_same(tmp_path: Path):
    """PROC-30"""
    said = CliRunner().invoke(app, ["procedure", "draw", str(tmp_path / "new")])
    assert said.exit_code == 0, said.output
    assert {path.name for path in (tmp_path / "new").iterdir()} == {f"{name}.svg" for name in TABLES}
    assert (tmp_path / "new" / "notice.svg").read_bytes() == (DOCS / "notice.svg").read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_every_state_every_change_and_every_deadline_is_on_the_sheet(name: str):
    """PROC-30"""
    table = parse_table((ROOM / "tables" / f"{name}.yaml").read_text(encoding="utf-8"))
    root = etree.fromstring(drawn(name).encode())
    said = [node.text or "" for node in root.iter(f"{SVG}text")]
    assert set(table.states) | set(table.obligations) <= set(said)
    pairs = {(state, row.to) for (state, _), row in table.rows.items() if row.to != state}
    arrows = [node for node in root.iter(f"{SVG}path") if node.get("marker-end")]
    assert len(arrows) >= len(pairs)
    for target in {to for _, to in pairs}:
        assert any(line.endswith(f"→ {target}") for line in said)


@pytest.mark.parametrize("name", TABLES)
def test_no_text_lies_on_another_and_no_two_lines_share_a_lane(name: str):
    """PROC-30: legible means at least this."""
    root = etree.fromstring(drawn(name).encode())
    width = float(root.get("width", "0"))
    boxes = []
    for node in root.iter(f"{SVG}text"):
        size, text = float(node.get("font-size", "12")), node.text or ""
        x, wide = float(node.get("x", "0")), len(text) * size * 0.56
        if node.get("text-anchor") == "end":
            x -= wide
        boxes.append((x, float(node.get("y", "0")), wide, size, text))
        assert 0 <= x <= x + wide <= width, text
    for (ax, ay, aw, size, a), (bx, by, bw, other, b) in combinations(boxes, 2):
        assert abs(ay - by) >= min(size, other) or ax + aw <= bx or bx + bw <= ax, (a, b)
    lanes: dict[str, list[tuple[int, int]]] = {}
    for node in root.iter(f"{SVG}path"):
        if found := re.fullmatch(r"M\d+ (\d+)H(\d+)V(\d+)H\d+", node.get("d", "")):
            low, high = sorted((int(found[1]), int(found[3])))
            assert all(high < a or low > b for a, b in lanes.get(found[2], []))
            lanes.setdefault(found[2], []).append((low, high))


def test_what_a_table_says_is_escaped():
    """PROC-30: a table may come from a partner; its drawing is shown in a browser."""
    text = (ROOM / "tables" / "notice.yaml").read_text(encoding="utf-8")
    bad = draw(
        parse_table(text.replace("means: our NOTICE is sent}", 'means: "<script>x</script> & \\e[2J so on"}', 1))
    )
    assert "<script" not in bad
    assert "&lt;script&gt;" in bad
    assert etree.fromstring(bad.encode()) is not None
    assert draw(TABLE) == draw(TABLE)
