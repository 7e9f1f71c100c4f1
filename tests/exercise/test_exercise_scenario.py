"""The scenario files parse, keep the documented facts within their errors, and are refused with a name when
wrong."""

from importlib.resources import files

import pytest

from redshank.compose.build import read_geography
from redshank.exercise.scenario import Basis, Ending, Scenario, ScenarioRefused, parse_scenario, read_scenarios
from redshank.exercise.truth import crossings_of, entries_of, flight_of, flights_of, passages_of
from redshank.terms.geo import Position, distance_m
from redshank.terms.instants import MINUTE_MS, Instant, parse_instant

# From the list of documented incidents: name, latitude, longitude; each about 5 to 15 km off.
FINDS = {
    "Czosnowka": (52.02, 23.03),
    "Wyryki": (51.56, 23.37),
    "Czesniki": (50.70, 23.42),
    "Wohyn": (51.76, 22.79),
    "Krzywowierzba": (51.63, 23.20),
    "Wyhalew": (51.49, 23.07),
    "Wielki Lan": (51.52, 23.50),
    "Zablocie": (51.90, 23.32),
    "Bychawka Trzecia": (51.06, 22.55),
    "Rabiany": (52.35, 21.95),
    "Nowe Miasto nad Pilica": (51.62, 20.58),
    "Sobotka": (50.87, 21.68),
    "Mniszkow": (51.37, 20.03),
    "Olesno": (54.07, 19.30),
    "Plosnica": (53.28, 20.01),
}


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return read_scenarios()


@pytest.fixture(scope="module")
def geography():
    return read_geography()


def at(text: str) -> Instant:
    instant = parse_instant(text)
    assert isinstance(instant, int)
    return Instant(instant)


def test_these_nights_ship(scenarios):
    assert set(scenarios) == {"lt-2025-10-04", "lv-2026-05-07", "pl-2025-09-10"}


def test_lv_impacts_at_the_documented_place_and_minute(scenarios, geography):
    first, second = flights_of(scenarios["lv-2026-05-07"])
    assert first.ends_at == at("2026-05-07T00:30:00Z")
    assert first.about.basis.ends_at is Basis.DOCUMENTED
    assert distance_m(first.end, Position(56.51, 27.35)) < 5_000
    assert distance_m(second.end, Position(56.55, 26.92)) < 5_000
    assert second.about.basis.ends_at is Basis.INVENTED
    assert geography.districts_at(first.end) == ("LV-REZ",)


def test_lv_objects_enter_from_russia_and_from_nowhere_else(scenarios, geography):
    for flight in flights_of(scenarios["lv-2026-05-07"]):
        assert flight.about.speed_kmh == 160
        entries = crossings_of(flight, geography)
        assert [(crossing.out_of, crossing.into) for crossing in entries] == [("RU", "LV")]
        assert entries[0].at < flight.ends_at


def test_lv_alerts_were_39_and_73_minutes_late(scenarios):
    late = [(alert.at - alert.event_at) / MINUTE_MS for alert in scenarios["lv-2026-05-07"].alerts]
    assert late == [39, 73]


def test_pl_finds_are_the_fifteen_documented_ones(scenarios):
    found = {
        item.end_place: item for item in scenarios["pl-2025-09-10"].objects if item.basis.end_place is Basis.DOCUMENTED
    }
    assert set(found) == set(FINDS)
    for name, item in found.items():
        assert distance_m(item.route[-1].position, Position(*FINDS[name])) < 5_000, name


def test_pl_first_and_last_entry_are_the_documented_ones(scenarios, geography):
    night = scenarios["pl-2025-09-10"]
    entries = sorted(
        entry.at for flight in flights_of(night) for entry in entries_of(flight, geography) if entry.into == "PL"
    )
    assert 19 <= len(entries) <= 23
    assert abs(entries[0] - at("2025-09-09T21:30:00Z")) <= MINUTE_MS
    assert abs(entries[-1] - at("2025-09-10T04:30:00Z")) <= MINUTE_MS
    shot = [item for item in night.objects if item.ending is Ending.SHOT_DOWN]
    assert 3 <= len(shot) <= 4
    assert max(item.ends_at for item in shot) == at("2025-09-10T04:45:00Z")


def test_pl_objects_come_through_belarus_and_ukraine(scenarios, geography):
    night = scenarios["pl-2025-09-10"]
    came_from = [
        str(next(entry.out_of for entry in entries_of(flight, geography) if entry.into == "PL"))
        for flight in flights_of(night)
    ]
    assert came_from.count("BY") > came_from.count("UA") > 0


def test_every_scenario_says_what_is_invented(scenarios):
    for night in scenarios.values():
        assert night.sources
        assert night.invented
        assert all(alert.basis is Basis.DOCUMENTED for alert in night.alerts)


def test_alert_districts_exist(scenarios, geography):
    known = {district for district, _, _ in geography.districts}
    for night in scenarios.values():
        for alert in night.alerts:
            assert set(alert.districts) <= known


def test_a_flight_keeps_its_speed_and_meets_its_points(scenarios):
    for night in scenarios.values():
        for item in night.objects:
            flight = flight_of(item)
            way = sum(leg.length_m for leg in flight.legs)
            hours = (flight.ends_at - flight.starts_at) / 3_600_000
            assert way / 1000 / hours == pytest.approx(item.speed_kmh, rel=1e-4)
            for leg, point in zip(flight.legs, item.route, strict=False):
                assert distance_m(flight.state_at(leg.start_at).position, point.position) < 50


def test_flights_stand_still_outside_their_time(scenarios):
    flight = flights_of(scenarios["lv-2026-05-07"])[0]
    after = flight.state_at(Instant(flight.ends_at + MINUTE_MS))
    assert after.speed_mps == 0
    assert distance_m(after.position, flight.end) < 1
    assert not flight.is_flying(flight.ends_at)


def test_passages_run_from_district_to_district(scenarios, geography):
    flight = flights_of(scenarios["lv-2026-05-07"])[0]
    names = [passage.district for passage in passages_of(flight, geography) if passage.country == "LV"]
    assert names == ["LV-058", "LV-077", "LV-REZ"]


def text_of(name: str) -> str:
    return files("redshank.exercise").joinpath("scenarios", name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("speed: 20\n", "speed: 500\n", "speed"),
        ("seed: 20260507", "sead: 20260507", "sead"),
        ('starts: "2026-05-06T23:15:00Z"', 'starts: "2026-05-06T23:15:00"', "starts"),
        ("lat: 55.20, lon: 31.80", "lat: 95.20, lon: 31.80", "objects[0].route[0].lat"),
        ("ending: impact", "ending: vanished", "objects[0].ending"),
        ("ends_at: documented", "ends_at: rumoured", "objects[0].basis.ends_at"),
        ("object: L1", "object: L9", "alerts[0].object"),
        ("pd_near: 0.9,", "pd_near: 1.9,", "pd_near"),
        ("sic: 12, lat: 55.90", "sic: 11, lat: 55.90", "sensors.BY.radars[0].sic"),
        ("  EE:\n", "  XX:\n", "sensors.XX"),
    ],
)
def test_a_wrong_file_is_refused_by_file_and_field(old, new, named):
    text = text_of("lv-2026-05-07.yaml")
    assert old in text
    with pytest.raises(ScenarioRefused) as no:
        parse_scenario(text.replace(old, new, 1), "night.yaml")
    assert "night.yaml" in str(no.value)
    assert named in str(no.value)


def test_no_yaml_is_refused():
    with pytest.raises(ScenarioRefused, match=r"night.yaml: is not YAML"):
        parse_scenario("a: [", "night.yaml")
