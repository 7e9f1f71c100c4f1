"""The map: places, distances and exact crossings, against WGS 84 arithmetic and against the file's own vertices."""

import hashlib
import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank import geodata
from redshank.forecast.borderline import BorderLine, chain_parts, chainage_of, cut_into_pieces
from redshank.forecast.geography import Geography, load_geography
from redshank.terms.geo import GEOD_WGS84, Position, destination, distance_m, from_plane
from redshank.terms.ids import BorderId, CountryId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken

ID = TrackId("LT/1")
NAMES = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")


@cache
def geography() -> Geography:
    return load_geography(*(geodata.read(name) for name in NAMES))


def way(start: Position, end: Position, duration_ms: int = 100_000):
    return geography().crossings_between(ID, (start, Instant(0)), (end, Instant(duration_ms)))


@pytest.mark.parametrize(
    ("place", "country", "district"),
    [
        (Position(54.687, 25.280), "LT", "LT-57"),  # Vilnius
        (Position(53.900, 27.567), "BY", None),  # Minsk
        (Position(56.510, 27.333), "LV", "LV-REZ"),  # Rezekne
        (Position(54.710, 20.510), "RU-KGD", None),  # Kaliningrad
        (Position(56.5, 19.0), None, None),  # the high sea
        (Position(0.0, 0.0), None, None),
        (Position(float("nan"), 0.0), None, None),
    ],
)
def test_a_place_has_its_territory_and_district(place, country, district):
    assert geography().country_at(place) == country
    found = geography().districts_at(place)
    if district is not None:
        assert found == (district,)
    if country is None:
        assert found == ()


def test_the_border_file_hash_is_that_of_the_unpacked_file():
    assert geography().border_file_hash == hashlib.sha256(geodata.read("borders.geojson")).hexdigest()


def test_a_grid_of_another_file_is_our_own_mistake():
    borders, countries, districts, grid = (geodata.read(name) for name in NAMES)
    with pytest.raises(InvariantBroken):
        load_geography(borders, countries.replace(b'"id":"LT"', b'"id":"XX"'), districts, grid)


@pytest.mark.parametrize(("lat", "lon"), [(54.69, 25.28), (55.9, 23.3), (54.0, 23.9), (56.9, 26.1), (58.4, 26.7)])
def test_distance_agrees_with_geodesics_to_all_vertices(lat, lon):
    """Border vertices stand about 30 m apart, so the least geodesic to one is as good as exact."""
    place = Position(lat, lon)
    ends = np.concatenate([line.points_plane_m for line in geography().borders if "BY" in (line.a, line.b)])
    lat_v, lon_v = from_plane(ends[:, 0], ends[:, 1])
    _, _, metres = GEOD_WGS84.inv(np.full(len(lat_v), lon), np.full(len(lat_v), lat), lon_v, lat_v)
    ours = geography().distance_to_country_m(place, CountryId("BY"))
    assert ours == pytest.approx(min(metres), abs=60.0, rel=5e-4)  # outlines are 25 m off the lines


def test_distance_is_zero_inside_and_infinite_to_the_unknown():
    assert geography().distance_to_country_m(Position(53.9, 27.567), CountryId("BY")) == 0.0
    assert geography().distance_to_country_m(Position(53.9, 27.567), CountryId("XX")) == math.inf
    assert geography().distance_to_country_m(Position(float("nan"), 27.567), CountryId("BY")) == math.inf


def test_one_crossing_lies_on_the_line_in_time_and_says_the_direction():
    start, end = Position(54.60, 25.60), Position(54.60, 25.90)
    (there,) = way(start, end)
    assert (there.border, there.out_of, there.into) == ("LT|BY", "LT", "BY")
    share = distance_m(start, there.position) / distance_m(start, end)
    assert there.at == pytest.approx(100_000 * share, abs=30)
    (back,) = way(end, start)
    assert (back.out_of, back.into) == ("BY", "LT")
    assert distance_m(back.position, there.position) < 0.01
    assert there.at + back.at == pytest.approx(100_000, abs=2)


def test_no_way_no_crossing():
    here = Position(54.60, 25.60)
    assert way(here, here) == ()
    assert way(here, Position(54.61, 25.61)) == ()
    assert way(here, Position(float("nan"), 25.61)) == ()


@settings(max_examples=150, deadline=None)
@given(st.floats(53.3, 57.9), st.floats(22.5, 29.0), st.floats(0, 360), st.floats(100, 60_000))
def test_crossings_alternate_and_lead_from_where_it_was_to_where_it_is(lat, lon, bearing, metres):
    start = Position(lat, lon)
    end = destination(start, bearing, metres)
    cuts = way(start, end)
    assert [cut.at for cut in cuts] == sorted(cut.at for cut in cuts)
    for one, other in pairwise(cuts):
        assert one.into == other.out_of or one.at == other.at
    begin, finish = (geography().distance_to_border_m(p) for p in (start, end))
    if min(begin, finish) < 200.0:
        return  # outlines are 25 m off the exact lines: the territory of the ends would be in doubt
    owned = {line.a for line in geography().borders} | {line.b for line in geography().borders}
    over = [geography().country_at(p) for p in (start, end)]
    if cuts and all(country in owned for country in over):
        assert (cuts[0].out_of, cuts[-1].into) == tuple(over)


@settings(max_examples=60, deadline=None)
@given(st.integers(100, 24_000), st.floats(0, 360), st.floats(1.0, 3_000.0), st.integers(1, 9))
def test_a_way_in_pieces_has_the_crossings_of_the_whole(vertex, bearing, metres, pieces):
    """Even through a vertex of the border: nothing is counted twice or lost where one leg ends and the next begins."""
    line = geography().borders[0]
    corner = line.points_plane_m[vertex]
    step = metres * np.array([math.sin(math.radians(bearing)), math.cos(math.radians(bearing))])
    whole = line.cuts(corner - step, corner + step)
    stops = [corner - step + 2 * step * i / pieces for i in range(pieces + 1)]
    legs = [cut for a, b in pairwise(stops) for cut in line.cuts(a, b)]
    net = sum(1 if cut[2] else -1 for cut in whole)
    assert net == sum(1 if cut[2] else -1 for cut in legs)
    assert len(legs) - len(whole) in (-2, 0, 2)


def corner_line() -> BorderLine:
    """A border that runs east, then turns north: (-1000, 0) to (0, 0) to (0, 1000); `b` is to its left."""
    points = np.array([[-1_000.0, 0.0], [0.0, 0.0], [0.0, 1_000.0]])
    part = np.zeros(3, np.int64)
    left_is_b = np.array([True])
    return BorderLine(
        BorderId("A|B"),
        CountryId("A"),
        CountryId("B"),
        points,
        part,
        chainage_of(points, part),
        left_is_b,
        cut_into_pieces(points, part),
    )


@pytest.mark.parametrize(
    ("start", "end", "into_b"),
    [
        ((-500, -100), (-500, 100), [True]),
        ((-500, 100), (-500, -100), [False]),
        ((200, -200), (-200, 200), [True]),  # through the vertex
        ((-200, -200), (200, 200), []),  # touches the vertex from outside
        ((-800, -100), (100, 800), [True, False]),  # in and out again
        ((-900, 0), (-100, 0), []),  # along the line
        ((-900, -50), (-900, 0), [True]),  # ends on the line, which counts as its left side
        ((-900, 0), (-900, 50), []),  # and goes on from it
        ((-900, 0), (-900, -50), [False]),  # or turns back
        ((500, 500), (500, 900), []),
        ((-500, 500), (-500, 500), []),
    ],
)
def test_touching_double_and_parallel_cuts(start, end, into_b):
    found = corner_line().cuts(np.array(start, float), np.array(end, float))
    net = sum(1 if cut[2] else -1 for cut in found)
    assert net == sum(1 if into else -1 for into in into_b)
    if len(into_b) != 0:
        assert [cut[2] for cut in found] == into_b


def test_chainage_is_geodesic_and_a_point_comes_back():
    line = next(line for line in geography().borders if line.id == "LT|BY")
    assert line.chainage_m[-1] == pytest.approx(678_900, rel=1e-3)  # length that the file states
    chainage = np.linspace(0, line.chainage_m[-1], 500)
    points = line.point_at(chainage)
    assert np.abs(line.locate(points) - chainage).max() < 1.0
    assert shapely.distance(shapely.LineString(line.points_plane_m), shapely.points(points)).max() < 1e-6


def test_parts_are_put_in_order_along_the_border():
    a, b, c = (np.array([[x, 0.0], [x + 10.0, 0.0]]) for x in (0.0, 12.0, 24.0))
    points, part = chain_parts([b[::-1], c, a])
    assert sorted({tuple(points[:, 0]), tuple(points[::-1, 0])})[0] == (0.0, 10.0, 12.0, 22.0, 24.0, 34.0)
    assert part.tolist() == [0, 0, 1, 1, 2, 2]


def test_each_border_is_told_apart_by_exact_places_beside_it():
    """Out of 40 places along each border, 600 m to its left and right, nearly all lie in the territory they should."""
    for line in geography().borders:
        at = np.linspace(0.02, 0.98, 40) * line.chainage_m[-1]
        before, after = line.point_at(at - 300.0), line.point_at(at + 300.0)
        along = after - before
        normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
        segment = np.clip(np.searchsorted(line.chainage_m, at) - 1, 0, len(line.part) - 1)
        left_is_b = line.left_is_b[line.part[segment]]
        right = 0
        for sign in (1.0, -1.0):
            lat, lon = from_plane(*(line.point_at(at) + sign * 600.0 * normal).T)
            expected = np.where(left_is_b == (sign > 0), line.b, line.a)
            over = [geography().country_at(Position(float(p), float(q))) for p, q in zip(lat, lon, strict=True)]
            right += sum(o == e for o, e in zip(over, expected, strict=True))
        assert right >= 64, (line.id, right)
