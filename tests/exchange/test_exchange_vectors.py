"""The published vectors are what tools/make_vectors.py makes."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    path = ROOT / "tools" / "make_vectors.py"
    spec = importlib.util.spec_from_file_location("make_vectors", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_vectors"] = module
    spec.loader.exec_module(module)
    vectors: dict[str, str] = module.all_vectors()
    return vectors


def test_the_files_are_those_that_the_tool_makes(made: dict[str, str]) -> None:
    """A change of the wire format can not pass unseen: run tools/make_vectors.py, and look at what changed."""
    folder = ROOT / "vectors"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")}
    # A record as the first version made it, which nothing makes now; and what tools/make_key_vectors.py makes.
    assert there == {*made, "record/version1.json", "keys/ceremony.json"}
    for path, content in made.items():
        assert (folder / path).read_text(encoding="utf-8") == content, path
