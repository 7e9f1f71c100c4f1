"""The alert: valid against the OASIS schema in every level, language and status, and checked beyond it."""

import gzip
import json
import math
from importlib.resources import files

import pytest
from lxml import etree
from shapely.geometry import Polygon
from tests.warning.cap_schema import load_schema
from tests.warning.warning_samples import INCIDENT, NOW, RING, RULES, SENDER, TEXTS, proposal

from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.warning.area import rings_for_alert
from redshank.warning.cap import CAP_NAMESPACE, CapStatus, build_cap, format_cap_time
from redshank.warning.check import check_cap
from redshank.warning.proposal import Level

NS = {"c": CAP_NAMESPACE}
ISSUED = {f"{INCIDENT}.LV-077.1": Instant(NOW - 300_000)}


def alert(level=Level.POSSIBLE, status=CapStatus.EXERCISE, issued=ISSUED, rings=(RING,), **changes):
    made = build_cap(proposal(level, **changes), rings, TEXTS, SENDER, sent=NOW, status=status, issued=issued)
    assert isinstance(made, bytes), made
    return made


def said(data, path):
    return [node.text for node in etree.fromstring(data).findall(path, NS)]


@pytest.fixture(scope="module")
def schema():
    return load_schema()


@pytest.mark.oracle
@pytest.mark.parametrize("status", list(CapStatus))
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("party", sorted(RULES.languages))
def test_every_alert_is_valid(schema, party, level, status):
    """CAP-6."""
    data = alert(level, status, languages=RULES.languages[party])
    schema.assertValid(etree.fromstring(data))
    assert check_cap(data) == ()
    assert said(data, "c:info/c:language") == list(RULES.languages[party])
    first = alert(Level.POSSIBLE, status, issued=None, languages=RULES.languages[party])
    schema.assertValid(etree.fromstring(first))
    assert said(first, "c:msgType") == ["Alert"]
    assert said(first, "c:references") == []


SCHEMA_BREAKS = [
    ("+00:00</sent>", "Z</sent>"),
    ("+00:00</sent>", ".123+00:00</sent>"),
    ("<status>Exercise", "<status>Drill"),
    ("<msgType>Update", "<msgType>Change"),
    ("<urgency>Expected", "<urgency>Soon"),
    ("<severity>Severe", "<severity>Bad"),
    ("<certainty>Likely", "<certainty>Sure"),
    ("<category>Safety", "<category>Air"),
    ("<areaDesc>Rēzeknes novads</areaDesc>", ""),
    ("<responseType>Prepare", "<responseType>Run"),
    ("<event>", "<kind/><event>"),
    ("<sender>civil-protection.example</sender>", ""),
]


@pytest.mark.oracle
@pytest.mark.parametrize(("old", "new"), SCHEMA_BREAKS)
def test_the_schema_bites(schema, old, new):
    text = alert().decode()
    assert old in text
    assert not schema.validate(etree.fromstring(text.replace(old, new, 1).encode()))


OWN_BREAKS = [
    ("polygon", "<polygon>", "<polygon>56.1,27.1 56.2,27.1 56.1,27.1</polygon><polygon>"),
    ("polygon", "<polygon>", "<polygon>56.1,27.1 56.2,27.1 56.3,27.4 56.2,27.6</polygon><polygon>"),
    ("polygon", "<polygon>", "<polygon>94.1,27.1 94.2,27.1 94.3,27.4 94.1,27.1</polygon><polygon>"),
    ("polygon", "<polygon>", "<polygon>27.1,56.1 27.1,56.2 27.4,56.3 27.1,56.1</polygon><polygon>"),
    ("polygon", "<polygon>", "<polygon>56.1,27.1 56.3,27.3 56.3,27.1 56.1,27.3 56.1,27.1</polygon><polygon>"),
    ("polygon", "<polygon>", "<polygon>" + "56.1,27.1 " * 101 + "</polygon><polygon>"),
    ("identifier", "<identifier>LV", "<identifier>LV ,"),
    ("references", "<references>civil-protection.example,", "<references>"),
    ("headline", "(EXERCISE): ", ": "),
    ("headline", "<headline>", "<headline>" + "x" * 160),
    ("scope", "<scope>Restricted", "<scope>Public"),
    ("note", "<note>EXERCISE. ", "<note>"),
    ("expires", "<expires>2026", "<expires>2025"),
    ("language", "<language>ru", "<language>lv"),
]


@pytest.mark.oracle
@pytest.mark.parametrize(("field", "old", "new"), OWN_BREAKS)
def test_own_rules_catch_what_the_schema_lets_through(schema, field, old, new):
    """CAP-10."""
    text = alert().decode()
    assert old in text
    broken = text.replace(old, new, 1).replace("EXERCISE. ", "", 1 if field == "note" else 0).encode()
    if field == "note":
        broken = broken.replace(b"Tai", b"Tai")
    assert schema.validate(etree.fromstring(broken)), "the schema accepts it"
    assert field in {refusal.field for refusal in check_cap(broken)}


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"<",
        b"\xff\xfe\x00",
        b"<alert/>",
        f"<alert xmlns='{CAP_NAMESPACE}'/>".encode(),
        b"x" * 300_000,
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    ],
)
def test_junk_is_refused_and_never_raises(junk):
    assert check_cap(junk)


def test_an_actual_alert_must_not_say_exercise():
    text = alert(status=CapStatus.ACTUAL).decode()
    assert "EXERCISE" not in text
    assert check_cap(text.replace("<headline>", "<headline>EXERCISE ", 1).encode())[0].field == "headline"


@pytest.mark.parametrize(
    ("level", "kind", "urgency", "response"),
    [
        (Level.POSSIBLE, "Update", "Expected", "Prepare"),
        (Level.SHELTER, "Update", "Immediate", "Shelter"),
        (Level.ALL_CLEAR, "Cancel", "Past", "AllClear"),
    ],
)
def test_levels_have_their_codes(level, kind, urgency, response):
    """CAP-8."""
    data = alert(level)
    assert said(data, "c:msgType") == [kind]
    assert set(said(data, "c:info/c:urgency")) == {urgency}
    assert set(said(data, "c:info/c:responseType")) == {response}
    assert said(data, "c:references") == [f"{SENDER.id},{INCIDENT}.LV-077.1,{format_cap_time(Instant(NOW - 300_000))}"]
    assert said(data, "c:info/c:area/c:geocode/c:value") == ["LV-077"] * 3


def test_certainty_follows_probability_and_times_have_no_fraction():
    assert set(said(alert(permille=500), "c:info/c:certainty")) == {"Possible"}
    assert set(said(alert(permille=501), "c:info/c:certainty")) == {"Likely"}
    assert said(alert(), "c:sent") == ["2026-05-07T00:30:00+00:00"]
    assert "00:38" in said(alert(), "c:info/c:description")[0]


def test_an_exercise_is_unmistakable():
    """CAP-9."""
    data = alert()
    assert said(data, "c:status") == ["Exercise"]
    assert all("EXERCISE" in headline for headline in said(data, "c:info/c:headline"))
    assert all(TEXTS.say(lang, "exercise-note") in said(data, "c:note")[0] for lang in ("lv", "ru", "en"))
    assert {"EU-Exercise"} == set(said(data, "c:info/c:parameter/c:value"))


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({"level": Level.ALL_CLEAR}, {"issued": None}, Reason.NOT_ALLOWED),
        ({"languages": ("lv", "de")}, {}, Reason.VALUE_NOT_PLAUSIBLE),
        ({"languages": ()}, {}, Reason.VALUE_NOT_PLAUSIBLE),
        ({"expires": NOW}, {}, Reason.TIME_NOT_PLAUSIBLE),
        ({"name": "a\x00b"}, {}, Reason.VALUE_NOT_PLAUSIBLE),
        ({}, {"rings": ()}, Reason.POSITION_NOT_PLAUSIBLE),
        ({}, {"rings": (((94.0, 25.0), (94.0, 26.0), (95.0, 26.0)),)}, Reason.POSITION_NOT_PLAUSIBLE),
        ({}, {"rings": (((math.nan, 25.0), (54.0, 26.0), (55.0, 26.0)),)}, Reason.POSITION_NOT_PLAUSIBLE),
        ({}, {"rings": (((54.0, 25.0), (54.0, 26.0), (54.0, 25.0)),)}, Reason.POSITION_NOT_PLAUSIBLE),
        ({}, {"rings": (((54.0, 25.0), (55.0, 26.0), (55.0, 25.0), (54.0, 26.0)),)}, Reason.POSITION_NOT_PLAUSIBLE),
    ],
)
def test_what_can_not_be_said_is_refused(changes, options, reason):
    rings = options.get("rings", (RING,))
    made = build_cap(proposal(**changes), rings, TEXTS, SENDER, sent=NOW, issued=options.get("issued", ISSUED))
    assert isinstance(made, Refusal)
    assert made.reason is reason


def coast(points, lat=56.5, lon=27.0, size=0.3):
    """A ragged ring of many points."""
    turn = [2 * math.pi * n / points for n in range(points)]
    radii = [size * (1 + 0.2 * math.sin(7 * a) + 0.03 * math.sin(91 * a)) for a in turn]
    return tuple((lat + r * math.sin(a), lon + r * math.cos(a)) for r, a in zip(radii, turn, strict=True))


@pytest.mark.parametrize("points", [3, 4, 50, 400, 5_000])
def test_the_area_is_small_closed_and_covers_the_district(points):
    made = rings_for_alert([coast(points)])
    assert not isinstance(made, Refusal)
    (ring,) = made
    assert 4 <= len(ring) <= limits.CAP_POLYGON_POINTS
    assert ring[0] == ring[-1]
    district, cover = Polygon(coast(points)), Polygon(ring)
    assert cover.is_valid
    assert cover.covers(district)
    assert cover.area < district.area * 1.25


def test_many_islets_are_few_polygons_that_cover_all():
    parts = [coast(40, 58.0 + n * 0.05, 22.0 + (n % 5) * 0.2, 0.01 + n * 1e-4) for n in range(30)]
    made = rings_for_alert(parts)
    assert not isinstance(made, Refusal)
    assert len(made) <= limits.CAP_POLYGONS
    whole = [Polygon(ring) for ring in made]
    assert all(any(cover.covers(Polygon(part)) for cover in whole) for part in parts)
    assert check_cap(alert(rings=parts)) == ()


def test_every_real_district_has_an_area():
    """CAP-7. Over all real districts of the five parties: covered, closed, small."""
    packed = files("redshank.geodata").joinpath("districts.geojson.gz").read_bytes()
    seen = 0
    for feature in json.loads(gzip.decompress(packed))["features"]:
        if feature["properties"]["country"] not in RULES.languages:
            continue
        seen += 1
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        rings = [tuple((lat, lon) for lon, lat in polygon[0]) for polygon in polygons]
        made = rings_for_alert(rings)
        assert not isinstance(made, Refusal), (feature["properties"]["id"], made)
        whole = [Polygon(ring) for ring in made]
        assert all(cover.is_valid and len(cover.exterior.coords) <= limits.CAP_POLYGON_POINTS for cover in whole)
        assert all(any(cover.covers(Polygon(ring)) for cover in whole) for ring in rings), feature["properties"]["id"]
    assert seen > 500
