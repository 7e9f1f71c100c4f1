"""The walk, path by path: raster entries against exact cuts of the same path, overflights against a plain loop."""

from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from redshank import geodata
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.motion import PATHS, SLOW_FLIER, STEP_S, UNIFORMS, Motion, bank_of, draw_paths
from redshank.forecast.sums import quantiles
from redshank.forecast.trail import LAGS, past_of, shares_of
from redshank.forecast.walk import Nodes, Starts, find_crossings, find_overflights, motion_of_paths, nodes_of, paths_in
from redshank.terms.crossing import Course
from redshank.terms.geo import grid_turn, to_plane

STEPS = 120
WANDERS = Motion(Course.CRUISE, heading_sigma_rad=0.17, heading_tau_s=600.0, speed_sigma=0.05)


@cache
def geography() -> Geography:
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    return load_geography(*(geodata.read(name) for name in names))


def walked(lat_deg: float, lon_deg: float, east_mps: float, north_mps: float, age_s: float = 0.0) -> Nodes:
    """256 paths of one slow flier that wanders about its course, known to 300 m and 3 m/s."""
    convergence, scale = grid_turn([lat_deg], [lon_deg])
    rotor = scale * np.exp(-1j * convergence)
    x, y = to_plane([lat_deg], [lon_deg])
    root = np.diag([300.0, 300.0, 3.0, 3.0])[None]
    velocity = rotor * complex(east_mps, north_mps)
    lagged = np.full((1, LAGS + 1), np.nan + 0j)
    lagged[:, 0] = 0.0
    shares = np.array([[PATHS]])
    starts = Starts(
        x + 1j * y, velocity, rotor, root, np.array([age_s]), past_of(lagged, velocity), shares, np.array([True])
    )
    step = int(age_s // STEP_S)
    return nodes_of(starts, bank_of((WANDERS,)), (step, STEPS, 1), geography().country_raster, age_s > 0)


@pytest.mark.parametrize(
    "state",
    [
        (54.85, 27.15, -40.0, -18.0),
        (54.95, 27.21, -40.0, 33.0),
        (54.40, 27.03, -30.0, 33.0),
        (54.66, 26.3, -35.0, -25.0),
    ],
)
def test_first_entries_are_those_of_the_exact_line_path_by_path(state):
    """The border there is a winding one with salients: a path may cut it many times, and the first cut counts."""
    nodes = walked(*state)
    found = find_crossings(geography(), nodes, 3)
    number, line = next((n, line) for n, line in enumerate(geography().borders) if line.id == "LT|BY")
    row = int(np.flatnonzero(found.direction == 2 * number)[0])  # into a = LT
    raster = geography().country_raster
    paths = nodes.z[0].astype(complex) * raster.cell_m + complex(raster.west_plane_m, raster.south_plane_m)
    exact_s = np.full(PATHS, np.inf)
    for path in range(PATHS):
        points = np.column_stack([paths[path].real, paths[path].imag])
        string = shapely.LineString(points)
        if not len(line.pieces.tree.query(string, predicate="intersects")):
            continue
        for leg in range(STEPS):
            into_a = [share for share, _, into_b in line.cuts(points[leg], points[leg + 1]) if not into_b]
            if into_a:
                exact_s[path] = (leg + into_a[0]) * STEP_S
                break
    ours_s = found.time_s[row].astype(float)
    both = np.isfinite(exact_s) & np.isfinite(ours_s)
    late_s = ours_s[both] - exact_s[both]
    assert both.sum() > 150
    assert np.isfinite(exact_s).sum() - both.sum() <= 0.03 * PATHS  # corners cut within one leg
    assert np.isfinite(ours_s).sum() - both.sum() <= 0.01 * PATHS  # the cell says inside, the line outside
    assert abs(np.median(late_s)) < 3.0
    assert np.mean(np.abs(late_s) < 30.0) > 0.94
    places = found.place[row][both].astype(complex) * raster.cell_m + complex(raster.west_plane_m, raster.south_plane_m)
    gaps_m = line.pieces.tree.query_nearest(
        shapely.points(places.real, places.imag), return_distance=True, all_matches=False
    )[1]
    assert gaps_m.max() < 600.0


@pytest.mark.parametrize("age_s", [0.0, 300.0])
def test_overflights_are_those_of_a_plain_loop(age_s):
    """First entering and last leaving per path, also for paths that end (a lost track)."""
    nodes = walked(54.6, 25.8, -35.0, 20.0, age_s)
    found = find_overflights(geography(), nodes, 1)
    raster, base = geography().district_raster, geography().country_raster
    place = nodes.z[0, :, ::2].astype(np.complex128) * base.cell_m + complex(base.west_plane_m, base.south_plane_m)
    unit = raster.at(place.real, place.imag)
    step_s, final = 2 * STEP_S, STEPS * STEP_S
    expected: dict[tuple[int, int], tuple[float, float]] = {}
    for path in range(PATHS):
        for node in range(int(nodes.last[0, path] // 2) + 1 if nodes.last[0, path] >= 0 else 0):
            key = (path, int(unit[path, node]))
            enter = expected[key][0] if key in expected else (0.0 if node == 0 else (node - 0.5) * step_s)
            expected[key] = (enter, min((node + 0.5) * step_s, final))
    got = {
        (int(path), int(district)): (float(found.enters_s[row, path]), float(found.leaves_s[row, path]))
        for row, district in enumerate(found.district)
        for path in np.flatnonzero(np.isfinite(found.enters_s[row]))
    }
    assert got == {key: value for key, value in expected.items() if key[1] != 0}
    assert (np.isfinite(found.enters_s) == np.isfinite(found.leaves_s)).all()


def test_quantiles_leave_out_the_paths_without():
    values = np.array([[3.0, np.inf, 1.0, 2.0], [5.0, np.inf, np.inf, np.inf]], np.float32)
    counts, found = quantiles(values)
    assert counts.tolist() == [3, 1]
    assert found.tolist() == [[pytest.approx(1.2), 2.0, pytest.approx(2.8)], [5.0, 5.0, 5.0]]


def test_the_bank_is_fixed_and_has_the_spread_that_the_motion_states():
    assert (bank_of(SLOW_FLIER).shape == bank_of.__wrapped__(SLOW_FLIER).shape).all()
    wanders = Motion(Course.CRUISE, heading_sigma_rad=0.2, heading_tau_s=600.0)
    free = draw_paths([wanders], np.random.default_rng(1).random((4_000, UNIFORMS))).shape[0]
    assert np.allclose(free[:, 0], 0)
    assert np.abs(np.diff(free[:, :3], axis=1) / STEP_S).mean() == pytest.approx(1.0, abs=0.02)
    # Ornstein-Uhlenbeck: the heading a time t on differs by sigma * sqrt(2 (1 - exp(-t / tau))) from the first one.
    for node in (4, 10, 40, 100):
        heading = np.angle(free[:, node + 1] - free[:, node])
        expected = 0.2 * np.sqrt(2 * (1 - np.exp(-(node + 0.5) * STEP_S / 600.0)))
        assert heading.std() == pytest.approx(expected, rel=0.1), node


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7).filter(lambda weights: sum(weights) > 0.01))
def test_paths_are_shared_out_in_proportion_to_the_weights(weights):
    exact = np.array([weights]) / np.sum(weights)
    shares = shares_of(exact, PATHS)
    assert shares.sum() == PATHS
    assert (np.abs(shares - exact * PATHS) < 1).all()
    flies = motion_of_paths(shares)[0]
    assert np.bincount(flies, minlength=len(weights)).tolist() == shares[0].tolist()


@pytest.mark.parametrize("course", list(Course))
def test_each_course_leads_where_it_says(course):
    """An object at 0 flies east at 40 m/s; its trail of twenty minutes came from the south-west at half of that."""
    lagged = -np.arange(LAGS + 1) * 30.0 * 20.0 * np.exp(0.25j * np.pi)
    velocity, still = np.array([40.0 + 0j]), np.zeros(1)
    shares = np.array([[PATHS if one.course is course else 0 for one in SLOW_FLIER]])
    past = past_of(lagged[None], velocity)
    one = np.ones(1, np.complex128)
    starts = Starts(0 * one, velocity, one, np.zeros((1, 4, 4)), still, past, shares, still == 0)
    paths = paths_in(starts, bank_of(SLOW_FLIER), (0, 61, 1), (0j, 1.0))[0].astype(complex)
    assert np.abs(paths[:, 0]).max() < 1.0 + past.radius_m[0] * 1e-6
    end, straight = paths[:, 60], 40.0 * past.pace[0] * 1_800.0
    if course is Course.LOITER:
        assert np.abs(end.mean() - past.centre_m[0]) < 0.2 * past.radius_m[0]
        assert np.abs(end - past.centre_m[0]).std() < 1.5 * past.radius_m[0]
    elif course is Course.DRIFT:
        assert np.angle(end.mean()) == pytest.approx(0.25 * np.pi, abs=0.15)
    elif course is Course.RETURN:
        assert np.mean(end.real < 0.9 * straight) > 0.95  # a few wait for longer
        assert np.median(end.real) < 0.0
    else:
        assert np.median(end.real) > 0.5 * straight
        assert abs(np.mean(end.imag)) < 0.1 * straight
