"""A person's report: the words people use become numbers with widths, and everything else is refused by name."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decode.decode_feeds import NIGHT

from redshank.decode.gazetteer import Gazetteer, Place, fold, gazetteer_of
from redshank.decode.report_json import WINDS, decode_report, parse_report
from redshank.decode.source import SourceConfig, parse_source
from redshank.terms import limits
from redshank.terms.geo import REGION, Position, bearing_deg, distance_m
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Report, ReportKind, Status

ZARASAI = Position(55.7323, 26.2511)
PLACES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": number, "name": name, "country": country, "pop": 1_000},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for number, (name, country, lat, lon) in enumerate(
            [
                ("Zarasai", "LT", ZARASAI.lat_deg, ZARASAI.lon_deg),
                ("Łódź", "PL", 51.7706, 19.4739),
                ("Šiauliai", "LT", 55.9333, 23.3167),
                ("Dąbrowa", "PL", 50.2, 19.2),
                ("Dąbrowa", "PL", 53.6, 23.3),
                ("Kalinovka", "BY", 52.9, 27.2),
                ("Kalinovka", "LV", 55.9, 27.1),
                ("Kalinovka", "UA", 42.0, 28.0),
            ]
        )
    ],
}
BASE: dict[str, Any] = {"at": "2026-05-07T00:29:00Z", "reporter": "border-guard"}
NORTH_OF_ZARASAI = {"reference": {"name": "Zarasai"}, "distance_km": 3.0, "direction": "N"}


def gazetteer() -> Gazetteer:
    found = gazetteer_of(json.dumps(PLACES))
    assert isinstance(found, Gazetteer)
    return found


def desk() -> SourceConfig:
    source = parse_source({"id": "desk", "kind": "json"})
    assert isinstance(source, SourceConfig)
    return source


def said(**fields: Any) -> Report | Refusal:
    return parse_report(desk(), json.dumps(BASE | fields).encode(), NIGHT, gazetteer())


def accepted(**fields: Any) -> Report:
    report = said(**fields)
    assert isinstance(report, Report), report
    return report


def refused(**fields: Any) -> Refusal:
    refusal = said(**fields)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def test_three_kilometres_north_of_zarasai_heading_north_east_low() -> None:
    report = accepted(**NORTH_OF_ZARASAI, heading="NE", height="low", speed="medium", what="uav", remark="loud")
    assert report.kind is ReportKind.SIGHTING
    assert distance_m(ZARASAI, report.position) == pytest.approx(3_000, abs=1)
    assert bearing_deg(ZARASAI, report.position) == pytest.approx(0, abs=0.01)
    assert report.velocity_e_mps == pytest.approx(report.velocity_n_mps)
    assert math.hypot(report.velocity_e_mps or 0, report.velocity_n_mps or 0) == pytest.approx(40)
    assert (report.altitude_m, report.sigma_altitude_m) == (150, 80)
    assert (report.status, report.reporter, report.remark) == (Status.UAV, "border-guard", "loud")
    assert report.at == NIGHT - 60_000


def test_a_place_is_surer_along_the_words_that_are_surer() -> None:
    """20 km north: 13 degrees of direction are 4.5 km east-west, a fifth of the distance 4 km north-south."""
    report = accepted(reference={"name": "zarasai"}, distance_km=20, direction="N")
    east, north = math.sqrt(report.covariance.ee_m2), math.sqrt(report.covariance.nn_m2)
    assert east == pytest.approx(math.hypot(500, 20_000 * math.radians(13)), rel=1e-6)
    assert north == pytest.approx(math.hypot(500, 4_000), rel=1e-6)
    finer = accepted(reference={"name": "zarasai"}, distance_km=20, direction="NNE")
    assert finer.covariance.ee_m2 + finer.covariance.nn_m2 < report.covariance.ee_m2 + report.covariance.nn_m2


def test_a_position_with_a_stated_accuracy_uses_it() -> None:
    report = accepted(position={"lat_deg": 56.0, "lon_deg": 27.0}, accuracy_m=1_000)
    assert report.position == Position(56.0, 27.0)
    sigma = 1_000 / math.sqrt(-2 * math.log(0.05))
    assert report.covariance.ee_m2 == report.covariance.nn_m2 == pytest.approx(sigma**2)
    assert (report.velocity_e_mps, report.altitude_m, report.count) == (None, None, 1)


@pytest.mark.parametrize(("word", "index"), [(word, index) for index, word in enumerate(WINDS)])
def test_the_sixteen_winds(word: str, index: int) -> None:
    report = accepted(**NORTH_OF_ZARASAI | {"direction": word.lower()})
    assert bearing_deg(ZARASAI, report.position) == pytest.approx(index * 22.5, abs=0.01)


def test_directions_may_be_degrees() -> None:
    report = accepted(**NORTH_OF_ZARASAI | {"direction": 135}, heading=270, speed_kmh=180)
    assert bearing_deg(ZARASAI, report.position) == pytest.approx(135, abs=0.01)
    assert report.velocity_e_mps == pytest.approx(-50)
    assert report.velocity_n_mps == pytest.approx(0, abs=1e-9)


def test_right_above_a_place_needs_no_direction() -> None:
    report = accepted(reference={"name": "Zarasai"}, distance_km=0)
    assert report.position == ZARASAI


def test_a_heading_alone_gives_a_usual_speed_with_its_width() -> None:
    drone = accepted(**NORTH_OF_ZARASAI, heading="E")
    balloon = accepted(**NORTH_OF_ZARASAI, heading="E", what="balloon")
    assert drone.velocity_e_mps == pytest.approx(40)
    assert drone.sigma_velocity_mps == 20
    assert balloon.velocity_e_mps == pytest.approx(10)
    assert balloon.sigma_velocity_mps == 8


def test_a_hovering_object_needs_no_heading_but_a_fast_one_has_none_without() -> None:
    hovering = accepted(**NORTH_OF_ZARASAI, speed="hovering")
    assert (hovering.velocity_e_mps, hovering.velocity_n_mps, hovering.sigma_velocity_mps) == (0, 0, 3)
    assert accepted(**NORTH_OF_ZARASAI, speed="fast").velocity_e_mps is None


@pytest.mark.parametrize("name", ["zarasai", "ZARASAI", "  Zarasai ", "Lodz", "łódź", "siauliai", "ŠIAULIAI"])
def test_names_are_blind_to_case_and_accents(name: str) -> None:
    assert isinstance(gazetteer().find(name, REGION), Place)


def test_a_name_of_two_places_is_refused_with_the_candidates() -> None:
    refusal = refused(**NORTH_OF_ZARASAI | {"reference": {"name": "Dabrowa"}})
    assert (refusal.reason, refusal.field) == (Reason.AMBIGUOUS_PLACE, "reference.name")
    assert "50.200 19.200" in refusal.detail
    assert "53.600 23.300" in refusal.detail
    assert refused(**NORTH_OF_ZARASAI | {"reference": {"name": "Kalinovka"}}).reason is Reason.AMBIGUOUS_PLACE
    report = accepted(**NORTH_OF_ZARASAI | {"reference": {"name": "Kalinovka", "country": "LV"}})
    assert distance_m(report.position, Position(55.9, 27.1)) == pytest.approx(3_000, abs=1)


def test_a_place_far_away_is_no_candidate() -> None:
    refusal = refused(**NORTH_OF_ZARASAI | {"reference": {"name": "Kalinovka", "country": "UA"}})
    assert refusal.reason is Reason.UNKNOWN_PLACE


def test_a_landmark_may_be_a_point() -> None:
    report = accepted(reference={"lat_deg": 55.0, "lon_deg": 25.0}, distance_km=5, direction="S")
    assert report.position.lat_deg < 55


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"at": "2026-05-07T03:29:00+03:00"}, Reason.LOCAL_TIME, "at"),
        ({"at": "2026-05-07T00:29:00"}, Reason.LOCAL_TIME, "at"),
        ({"at": "yesterday"}, Reason.BAD_TIME, "at"),
        ({"at": "2026-05-06T23:29:00Z"}, Reason.TIME_NOT_PLAUSIBLE, "time"),
        ({"at": "2026-05-07T00:31:00Z"}, Reason.TIME_NOT_PLAUSIBLE, "time"),
        ({"reporter": "radio"}, Reason.MALFORMED, "reporter"),
        ({"position": {"lat_deg": 26.25, "lon_deg": 55.73}}, Reason.MALFORMED, "direction"),
        ({"owner": "x"}, Reason.UNKNOWN_FIELD, "owner"),
        ({"reference": {"nom": "Zarasai"}}, Reason.UNKNOWN_FIELD, "reference.nom"),
        ({"reference": {}}, Reason.MALFORMED, "reference"),
        ({"reference": {"name": "Atlantis"}}, Reason.UNKNOWN_PLACE, "reference.name"),
        ({"reference": None}, Reason.NO_POSITION, "position"),
        ({"direction": "north"}, Reason.MALFORMED, "direction"),
        ({"direction": 400}, Reason.MALFORMED, "direction"),
        ({"direction": None}, Reason.MALFORMED, "direction"),
        ({"distance_km": None}, Reason.MALFORMED, "distance_km"),
        ({"distance_km": 101}, Reason.MALFORMED, "distance_km"),
        ({"heading": "up"}, Reason.MALFORMED, "heading"),
        ({"speed": "fast", "speed_kmh": 200}, Reason.MALFORMED, "speed"),
        ({"height": "low", "height_m": 200}, Reason.MALFORMED, "height"),
        ({"height_m": 1e9}, Reason.MALFORMED, "height_m"),
        ({"what": "hostile"}, Reason.MALFORMED, "what"),
        ({"count": 0}, Reason.MALFORMED, "count"),
        ({"remark": "x" * (limits.REPORT_TEXT_CHARS + 1)}, Reason.MALFORMED, "remark"),
        ({"accuracy_m": -1}, Reason.MALFORMED, "accuracy_m"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], reason: Reason, field: str) -> None:
    merged = NORTH_OF_ZARASAI | fields
    if "position" in fields:
        merged.pop("reference")
    refusal = refused(**merged)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_swapped_coordinates_are_no_place_of_this_region() -> None:
    refusal = refused(position={"lat_deg": 26.25, "lon_deg": 55.73})
    assert refusal.reason is Reason.POSITION_NOT_PLAUSIBLE


def test_a_required_field_is_named() -> None:
    refusal = parse_report(desk(), b'{"at": "2026-05-07T00:29:00Z"}', NIGHT, gazetteer())
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.field) == (Reason.MALFORMED, "reporter")


def test_an_oversized_report_is_not_parsed() -> None:
    body = b" " * (limits.REPORT_JSON_BYTES + 1)
    assert [refusal.reason for refusal in decode_report(desk(), body, NIGHT, gazetteer()).refusals] == [
        Reason.TOO_LARGE
    ]


def test_control_characters_do_not_reach_a_screen() -> None:
    assert accepted(**NORTH_OF_ZARASAI, remark="a\x1b[2Jb\u202ec").remark == "a [2Jb c"


def test_a_broken_gazetteer_is_refused() -> None:
    for broken in ("{", '{"features": [{}]}', b"\xff"):
        assert isinstance(gazetteer_of(broken), Refusal)


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.just({}), st.just([])
)


@given(
    fields=st.dictionaries(
        st.sampled_from(["at", "reporter", "position", "reference", "distance_km", "direction", "heading", "speed",
                         "speed_kmh", "height", "height_m", "what", "count", "remark", "accuracy_m", "x"]),
        VALUES, max_size=4,
    ),
    junk=st.binary(max_size=60),
)  # fmt: skip
def test_no_report_raises(fields: dict[str, Any], junk: bytes) -> None:
    body = json.dumps(BASE | NORTH_OF_ZARASAI | fields).encode()
    assert isinstance(parse_report(desk(), body, NIGHT, gazetteer()), Report | Refusal)
    parse_report(desk(), body[: len(body) // 2] + junk, NIGHT, gazetteer())


@given(name=st.text(max_size=20))
def test_folding_is_stable(name: str) -> None:
    assert fold(fold(name)) == fold(name)
