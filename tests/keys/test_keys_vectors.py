"""The published vectors of the ceremony, and the example of the specification, are what the code says."""

import json
from pathlib import Path

import pytest

from redshank.edges.keys import KeysFailed
from redshank.edges.keys.public import fingerprint, parse_public, public_bytes
from redshank.edges.keys.revocation import check_revocation, revocation_text
from redshank.edges.keys.words import words_of

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "vectors" / "keys" / "ceremony.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["cases"])
def test_every_good_case(case: dict[str, str]) -> None:
    """KEY-1, KEY-2, KEY-3 and KEY-12."""
    public = parse_public(case["public_json"].encode())
    assert public_bytes(public).decode() == case["public_json"]
    assert fingerprint(public).hex() == case["sha256"]
    assert " ".join(words_of(fingerprint(public))) == case["words"]
    assert revocation_text(public.party, fingerprint(public)).decode() == case["revocation_text"]
    check_revocation(case["revocation_json"].encode(), public)


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["why"])
def test_every_bad_case(case: dict[str, str]) -> None:
    """KEY-1 and KEY-13."""
    assert case["public_json"] != VECTORS["cases"][0]["public_json"]
    with pytest.raises(KeysFailed):
        parse_public(case["public_json"].encode())


def test_the_example_of_the_specification_is_a_vector() -> None:
    """KEY-2, KEY-3 and KEY-12."""
    case = VECTORS["cases"][0]
    blocks = (ROOT / "docs" / "spec" / "keys.md").read_text(encoding="utf-8").split("```")[1::2]
    assert blocks[0].split("\n")[1:-1] == [case["sha256"], case["words"]]
    assert blocks[1].lstrip("\n") == case["revocation_text"]
