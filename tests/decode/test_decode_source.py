"""Source configs: each wrong one is refused by the field and the limit that it breaks."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redshank.decode.source import SourceConfig, SourceKind, parse_source
from redshank.decode.specs import editions_of
from redshank.terms import limits
from redshank.terms.geo import REGION, Area, Position
from redshank.terms.refusal import Reason, Refusal

RADAR = {"lat_deg": 55.73, "lon_deg": 26.25, "altitude_m": 150.0}
PLAIN: dict[str, Any] = {"id": "radar-1", "kind": "asterix", "editions": {48: "1.31"}, "radar": RADAR}

FULL_YAML = """
id: tracker-vilnius
kind: asterix
editions: {62: "1.20"}
sac_sic: [{sac: 25, sic: 100}, {sac: 25, sic: 101}]
system_reference: {lat_deg: 54.6, lon_deg: 25.3}
area: {lat_min_deg: 53, lat_max_deg: 57.5, lon_min_deg: 20, lon_max_deg: 29}
altitude_max_m: 6000
speed_max_mps: 300
"""


def refused(**changes: Any) -> Refusal:
    result = parse_source(PLAIN | changes)
    assert isinstance(result, Refusal), result
    return result


def test_a_config_from_yaml_is_parsed() -> None:
    source = parse_source(yaml.safe_load(FULL_YAML))
    assert isinstance(source, SourceConfig)
    assert source.kind is SourceKind.ASTERIX
    assert source.edition_of(62) == "1.20"
    assert source.edition_of(48) is None
    assert source.sac_sic == ((25, 100), (25, 101))
    assert source.system_reference == Position(54.6, 25.3)
    assert source.area == Area(53, 57.5, 20, 29)
    assert (source.altitude_max_m, source.speed_max_mps, source.check_spares) == (6000, 300, True)


def test_a_config_from_json_has_text_for_categories() -> None:
    assert isinstance(parse_source(PLAIN | {"editions": {"48": "1.31"}}), SourceConfig)


def test_a_desk_needs_no_edition() -> None:
    source = parse_source({"id": "desk", "kind": "json"})
    assert isinstance(source, SourceConfig)
    assert source.area == REGION


@pytest.mark.parametrize("category", [48, 62])
def test_every_edition_of_libasterix_can_be_chosen(category: int) -> None:
    assert len(editions_of(category)) >= 6
    for edition in editions_of(category):
        assert isinstance(parse_source(PLAIN | {"editions": {category: edition}}), SourceConfig)


def test_an_unknown_edition_is_refused_with_the_ones_there_are() -> None:
    refusal = refused(editions={48: "2.0"})
    assert (refusal.reason, refusal.field) == (Reason.WRONG_EDITION, "editions.48")
    assert all(edition in refusal.detail for edition in editions_of(48))


def test_an_unquoted_edition_is_refused() -> None:
    """YAML reads 1.20 as the number 1.2."""
    plain = yaml.safe_load("{id: a, kind: asterix, editions: {62: 1.20}}")
    refusal = parse_source(plain)
    assert isinstance(refusal, Refusal)
    assert "editions" in refusal.field
    assert "str" in refusal.detail


@pytest.mark.parametrize(
    ("changes", "reason", "field", "limit"),
    [
        ({"radar": RADAR | {"lat_deg": 95.0}}, Reason.MALFORMED, "radar.lat_deg", "90"),
        ({"radar": RADAR | {"lat_deg": float("nan")}}, Reason.MALFORMED, "source.radar.lat_deg", "finite"),
        ({"radar": None}, Reason.MALFORMED, "radar", "48"),
        ({"radar": RADAR | {"height": 3}}, Reason.UNKNOWN_FIELD, "radar.height", ""),
        ({"sigma": 3}, Reason.UNKNOWN_FIELD, "sigma", ""),
        ({"id": ""}, Reason.MALFORMED, "id", "1"),
        ({"kind": "radar"}, Reason.MALFORMED, "kind", "radar"),
        ({"editions": {}}, Reason.MALFORMED, "editions", "required"),
        ({"editions": {21: "2.6"}}, Reason.WRONG_CATEGORY, "editions.21", "48, 62"),
        ({"sigma_range_m": 0}, Reason.MALFORMED, "sigma_range_m", "0"),
        ({"altitude_max_m": 1e6}, Reason.MALFORMED, "altitude_max_m", str(limits.ALTITUDE_MAX_M)),
        ({"speed_max_mps": 1e6}, Reason.MALFORMED, "speed_max_mps", str(limits.SPEED_MAX_MPS)),
        ({"sac_sic": [{"sac": 256, "sic": 0}]}, Reason.MALFORMED, "sac_sic", "255"),
        ({"age_max_ms": 10**9}, Reason.MALFORMED, "age_max_ms", str(limits.REPORT_AGE_MS)),
        (
            {"area": {"lat_min_deg": 50, "lat_max_deg": 40, "lon_min_deg": 0, "lon_max_deg": 1}},
            Reason.MALFORMED,
            "area",
            "below",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_limit(changes: dict[str, Any], reason: Reason, field: str, limit: str) -> None:
    refusal = refused(**changes)
    assert refusal.reason is reason
    assert refusal.field.startswith(field)
    assert limit in refusal.detail


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(raw=ANYTHING, key=st.sampled_from([*PLAIN, "area", "sac_sic", "sigma_range_m", "ignored"]), value=ANYTHING)
def test_no_config_raises(raw: object, key: str, value: object) -> None:
    parse_source(raw)
    parse_source(PLAIN | {key: value})
