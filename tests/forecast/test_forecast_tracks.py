"""forecast_tracks against plain sampling with exact lines, against arithmetic, and against its own laws."""

import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank import geodata
from redshank.forecast.forecast import forecast_tracks
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.kinds import KIND_OF, WARNS, Kind, weights_of
from redshank.forecast.motion import STEP_S, UNIFORMS, Motion, draw_paths
from redshank.forecast.trail import lagged_places, past_of
from redshank.terms.crossing import BorderForecast, Course, Forecast
from redshank.terms.geo import Position, destination, distance_m, from_plane, grid_turn, to_plane
from redshank.terms.ids import BorderId, CountryId, PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Life, Status, Track

NOW = Instant(1_746_577_800_000)
HOUR_MS = 3_600_000
STRAIGHT = {Status.UAV: Kind((Motion(Course.TRANSIT),))}


@cache
def geography() -> Geography:
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    return load_geography(*(geodata.read(name) for name in names))


def covariance(place_m: float, speed_mps: float) -> tuple[float, ...]:
    return tuple(np.diag([place_m**2, place_m**2, speed_mps**2, speed_mps**2]).ravel().tolist())


def track(lat_deg: float, lon_deg: float, course_deg: float, speed_mps: float, **changes) -> Track:
    course = math.radians(course_deg)
    fields: dict[str, Any] = {
        "id": TrackId("LT/1"),
        "observer": PartyId("LT"),
        "at": NOW,
        "position": Position(lat_deg, lon_deg),
        "velocity_e_mps": speed_mps * math.sin(course),
        "velocity_n_mps": speed_mps * math.cos(course),
        "covariance": covariance(300.0, 3.0),
        "status": Status.UAV,
        "first_at": NOW,
        "last_report_at": NOW,
    }
    return Track(**(fields | changes))


def forecast(one: Track, now: Instant = NOW, **more) -> Forecast:
    return forecast_tracks(geography(), [one], now, HOUR_MS, **more)[0]


def border_of(found: Forecast, border: str, into: str) -> BorderForecast:
    matches = [f for f in found.borders if f.border == border and f.into == into]
    assert len(matches) == 1, f"{border} into {into} in {found.borders}"
    return matches[0]


# --- a plain reference: random samples, exact lines, no raster, no shared bank -------------------------------------


@cache
def raw_border(border: str) -> tuple[shapely.LineString, ...]:
    """The lines of one border straight from the file, in the plane."""
    features = json.loads(geodata.read("borders.geojson"))["features"]
    lines = []
    for feature in features:
        if feature["properties"]["id"].rpartition("|")[0] == border:
            for line in shapely.get_parts(shapely.from_geojson(json.dumps(feature["geometry"]))):
                lonlat = shapely.get_coordinates(shapely.segmentize(line, 0.02))
                lines.append(np.column_stack(to_plane(lonlat[:, 1], lonlat[:, 0])))
    return tuple(shapely.LineString(line[i : i + 9]) for line in lines for i in range(0, len(line) - 1, 8))


@cache
def raw_tree(border: str) -> shapely.STRtree:
    return shapely.STRtree(raw_border(border))


def sampled_paths(tracks: Sequence[Track], rng: np.random.Generator) -> np.ndarray:
    """(tracks, nodes) complex plane coordinates, one path each, drawn with pseudo-random numbers; one kind only, no
    trails. Each path flies one motion, drawn by its weight; one that comes down stays where it did."""
    kind, paths = KIND_OF.get(tracks[0].status, WARNS), []
    nodes = HOUR_MS // 1_000 // STEP_S + 1
    for at in range(0, len(tracks), 1_000):
        some = tracks[at : at + 1_000]
        each = np.arange(len(some))
        bank = draw_paths(kind.motions, rng.random((len(some), UNIFORMS)))
        lat, lon = np.array([(t.position.lat_deg, t.position.lon_deg) for t in some]).T
        convergence, scale = grid_turn(lat, lon)
        rotor = scale * np.exp(-1j * convergence)
        x, y = to_plane(lat, lon)
        known = rotor * np.array([complex(t.velocity_e_mps, t.velocity_n_mps) for t in some])
        past = past_of(lagged_places(some, x + 1j * y), known)
        flies = (rng.random((len(some), 1)) > np.cumsum(weights_of(kind, past.features), axis=1)).sum(axis=1)
        flies = np.minimum(flies, len(kind.motions) - 1)
        sigmas = np.sqrt([np.diag(np.reshape(t.covariance, (4, 4))) for t in some])
        noise = rng.standard_normal((len(some), 4)) * sigmas
        begin = x + 1j * y + rotor * (noise[:, 0] + 1j * noise[:, 1])
        velocity = known + rotor * (noise[:, 2] + 1j * noise[:, 3])
        path = begin[:, None] + velocity[:, None] * bank.shape[flies, each, :nodes]
        for motion in range(len(kind.motions)):
            mine, spread, drift_m = flies == motion, bank.spread[motion], bank.drift_m[motion]
            if spread is not None:
                path[mine] += past.radius_m[mine, None] * spread[mine, :nodes]
            if drift_m is not None:
                path[mine] += rotor[mine, None] * drift_m[mine, :nodes]
            if kind.motions[motion].ends:
                last = np.clip(bank.end_s[motion, mine] // STEP_S, 0, nodes - 1).astype(int)
                path[mine] = np.take_along_axis(path[mine], np.minimum(np.arange(nodes), last[:, None]), axis=1)
        paths.append(path)
    return np.concatenate(paths)


def first_cuts(paths: np.ndarray, border: str) -> tuple[np.ndarray, np.ndarray]:
    """(seconds, place) of each path's first exact cut of a border; infinite without one."""
    legs_each = 10
    starts = range(0, paths.shape[1] - 1, legs_each)
    parts = np.stack([paths[:, at : at + legs_each + 1] for at in starts], axis=1).reshape(-1, legs_each + 1)
    lines = np.asarray(shapely.linestrings(np.stack([parts.real, parts.imag], axis=2)))
    pieces = np.array(raw_border(border), dtype=object)
    path, piece = raw_tree(border).query(lines, predicate="intersects")
    cut = shapely.intersection(lines[path], pieces[piece])
    point, which = shapely.get_coordinates(cut, return_index=True)
    path = path[which]
    along = shapely.line_locate_point(lines[path], shapely.points(point))
    order = np.lexsort((along, path))
    part, along, point = path[order], along[order], point[order]
    first = np.r_[True, part[1:] // len(starts) != part[:-1] // len(starts)]
    seconds, place = np.full(len(paths), np.inf), np.full(len(paths), np.nan + 0j)
    legs = np.cumsum(np.abs(np.diff(parts, axis=1)), axis=1)
    for number, length, xy in zip(part[first], along[first], point[first], strict=True):
        whole, piece_number = divmod(number, len(starts))
        leg = np.interp(length, np.r_[0.0, legs[number]], np.arange(legs_each + 1))
        seconds[whole] = (piece_number * legs_each + leg) * STEP_S
        place[whole] = complex(*xy)
    return seconds, place


@pytest.mark.parametrize(
    ("one", "border", "into"),
    [
        (track(54.3, 27.2, 300.0, 45.0), "LT|BY", "LT"),
        (track(56.3, 29.0, 255.0, 45.0), "LV|RU", "LV"),
        (track(53.2, 26.0, 262.0, 40.0), "PL|BY", "PL"),
        (track(54.25, 26.0, 335.0, 12.0, status=Status.BALLOON), "LT|BY", "LT"),
    ],
    ids=["by-lt", "ru-lv", "by-pl", "balloon"],
)
def test_agrees_with_20000_plain_samples_on_exact_lines(one, border, into):
    seconds, place = first_cuts(sampled_paths([one] * 20_000, np.random.default_rng(7)), border)
    crossed = np.isfinite(seconds)
    ours = border_of(forecast(one), border, into)
    assert ours.probability == pytest.approx(crossed.mean(), abs=0.05)
    median_ms = NOW + 1_000 * np.median(seconds[crossed])
    # The median of some 100 paths is good to a twentieth of the window's width or so.
    assert abs(ours.window.p50 - median_ms) <= 30_000 + 0.06 * (ours.window.p90 - ours.window.p10)
    line = next(b for b in geography().borders if b.id == border)
    chainage = line.locate(np.column_stack([place[crossed].real, place[crossed].imag]))
    middle = line.point_at(np.quantile(chainage, [0.5]))
    lat, lon = from_plane(middle[:, 0], middle[:, 1])
    assert (
        distance_m(ours.stretch.middle, Position(float(lat[0]), float(lon[0]))) < 0.08 * ours.stretch.length_m + 1_000
    )


def test_the_walk_itself_is_exact_to_a_second_and_a_cell_on_a_straight_path():
    """No noise at all: time and place must be those of one exact cut."""
    one = track(54.3, 27.2, 300.0, 45.0, covariance=covariance(0.0, 0.0))
    ours = border_of(forecast(one, kinds=STRAIGHT), "LT|BY", "LT")
    end = destination(one.position, 300.0, 45.0 * 3_600)
    exact = geography().crossings_between(one.id, (one.position, NOW), (end, Instant(NOW + HOUR_MS)))[0]
    assert exact.border == "LT|BY"
    assert ours.probability == 1.0
    assert abs(ours.window.p50 - exact.at) < 15_000
    assert distance_m(ours.stretch.middle, exact.position) < 600.0
    assert ours.stretch.length_m == 0.0


def test_uncertain_speed_gives_the_window_of_arithmetic():
    """With a known course and speed ~ N(45, 3) the quantiles of the time are distance / quantiles of the speed."""
    course, speed, sigma = math.radians(300.0), 45.0, 3.0
    along = np.array([math.sin(course), math.cos(course)])
    spread = np.zeros((4, 4))
    spread[2:, 2:] = sigma**2 * np.outer(along, along)
    one = track(54.3, 27.2, 300.0, speed, covariance=tuple(spread.ravel().tolist()))
    end = destination(one.position, 300.0, 45.0 * 3_600)
    cut = geography().crossings_between(one.id, (one.position, NOW), (end, Instant(NOW + HOUR_MS)))[0]
    metres = distance_m(one.position, cut.position)
    window = border_of(forecast(one, kinds=STRAIGHT), "LT|BY", "LT").window
    for got, z in ((window.p10, 1.2816), (window.p50, 0.0), (window.p90, -1.2816)):
        assert (got - NOW) / 1_000 == pytest.approx(metres / (speed + z * sigma), abs=20.0)


# --- calibration ---------------------------------------------------------------------------------------------------


def test_is_calibrated_on_2400_flights_of_its_own_model():
    """Of all forecasts of p about the share p comes true; truth is cut on exact lines, with other random numbers."""
    rng = np.random.default_rng(2026)
    tracks = [
        track(float(lat), float(lon), float(course), float(speed))
        for lat, lon, course, speed in rng.uniform([53.4, 25.2, 180, 25], [56.4, 29.5, 360, 55], (2_400, 4))
    ]
    found = forecast_tracks(geography(), tracks, NOW, HOUR_MS)
    paths = sampled_paths(tracks, rng)
    told, came = [], []
    for border in ("LT|BY", "LV|BY"):
        crossed = np.isfinite(first_cuts(paths, border)[0])
        for one, truth in zip(found, crossed, strict=True):
            told += [f.probability for f in one.borders if f.border == border and f.out_of == one.over]
            came += [bool(truth) for f in one.borders if f.border == border and f.out_of == one.over]
    p, truth = np.array(told), np.array(came)
    for low, high in ((0.01, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.001)):
        inside = (p >= low) & (p < high)
        assert inside.sum() >= 40, f"too few forecasts in {low}..{high}"
        error = 3.3 * math.sqrt(np.mean(p[inside] * (1 - p[inside])) / inside.sum())
        assert abs(truth[inside].mean() - p[inside].mean()) < error + 0.015, (low, high)


# --- laws ----------------------------------------------------------------------------------------------------------


def test_a_nearer_border_is_neither_later_nor_less_likely():
    start = Position(54.1, 27.8)
    found = [
        border_of(forecast(track(p.lat_deg, p.lon_deg, 300.0, 45.0)), "LT|BY", "LT")
        for p in (destination(start, 300.0, 8_000.0 * i) for i in range(8))
    ]
    medians = [f.window.p50 for f in found]
    assert medians == sorted(medians, reverse=True)
    assert all(b.probability >= a.probability - 0.02 for a, b in pairwise(found))


def test_a_track_is_forecast_alike_alone_and_among_others_in_any_order():
    rng = np.random.default_rng(3)
    tracks = [
        track(float(lat), float(lon), float(course), 40.0, id=TrackId(f"LT/{i}"), life=list(Life)[i % 3])
        for i, (lat, lon, course) in enumerate(rng.uniform([51, 20, 0], [59, 31, 360], (40, 3)))
    ]
    together = forecast_tracks(geography(), tracks, NOW, HOUR_MS)
    assert together == forecast_tracks(geography(), tracks, NOW, HOUR_MS)
    assert together[::-1] == forecast_tracks(geography(), tracks[::-1], NOW, HOUR_MS)
    assert together[17] == forecast(tracks[17])


def test_two_borders_in_a_row_are_both_reported_the_second_one_later():
    found = forecast(track(53.99, 24.6, 275.0, 50.0))
    first, second = border_of(found, "LT|BY", "LT"), border_of(found, "LT|PL", "PL")
    assert (found.over, first.out_of, second.out_of) == ("BY", "BY", "LT")
    assert second.window.p50 > first.window.p50


def test_a_lost_track_keeps_a_forecast_that_fades():
    live = border_of(forecast(track(54.3, 27.2, 300.0, 45.0)), "LT|BY", "LT")
    lost = track(54.3, 27.2, 300.0, 45.0, life=Life.LOST)
    seen_now = border_of(forecast(lost), "LT|BY", "LT")
    later = border_of(forecast(lost, Instant(NOW + 900_000)), "LT|BY", "LT")
    assert live.probability > seen_now.probability > 0.2
    assert later.window.p50 > NOW + 900_000
    gone = forecast(lost, Instant(NOW + 100 * HOUR_MS))
    assert all(f.probability < 0.3 for f in gone.borders)


def test_districts_come_in_order_along_the_way():
    found = forecast(track(54.62, 25.95, 290.0, 45.0, covariance=covariance(50.0, 0.5)))
    vilnius = [d for d in found.districts if d.district == "LT-57"]
    assert vilnius, found.districts
    assert vilnius[0].country == "LT"
    assert NOW < vilnius[0].enters.p50 < vilnius[0].leaves_p90 <= NOW + HOUR_MS


def test_outside_the_map_and_broken_states_give_an_empty_or_partial_forecast_never_an_exception():
    outside = forecast(track(54.0, 37.2, 270.0, 60.0))
    assert outside.over is None
    strange = [
        track(float("nan"), 25.0, 0.0, 10.0),
        track(-89.9, -156.0, 0.0, 10.0),
        track(54.0, 25.0, 0.0, 10.0, covariance=(1.0,)),
        track(54.0, 25.0, 0.0, 10.0, covariance=(float("inf"),) * 16),
        track(54.0, 25.0, 0.0, 10.0, life=Life.ENDED),
    ]
    for found in forecast_tracks(geography(), strange, NOW, HOUR_MS):
        assert (found.borders, found.districts) == ((), ())
    assert forecast_tracks(geography(), [], NOW, HOUR_MS) == ()
    assert forecast_tracks(geography(), [track(54.0, 25.0, 0.0, 10.0)], NOW, -5)[0].borders == ()


@settings(max_examples=60, deadline=None)
@given(
    st.floats(45, 64),
    st.floats(5, 42),
    st.floats(0, 360),
    st.floats(0, 1_000),
    st.floats(0, 50_000),
    st.floats(0, 100),
    st.sampled_from(list(Status)),
    st.sampled_from(list(Life)),
    st.integers(-10_000, 10_000_000),
)
def test_every_forecast_is_well_formed(lat, lon, course, speed, place_m, speed_mps, status, life, age_ms):
    one = track(lat, lon, course, speed, covariance=covariance(place_m, speed_mps), status=status, life=life)
    now = Instant(NOW + age_ms)
    found = forecast(one, now)
    assert [f.probability for f in found.borders] == sorted((f.probability for f in found.borders), reverse=True)
    for border in found.borders:
        assert 0.0 < border.probability <= 1.0
        assert now <= border.window.p10 <= border.window.p50 <= border.window.p90 <= now + HOUR_MS
        assert {border.out_of, border.into} == set(border.border.split("|"))
        for point in (border.stretch.start, border.stretch.middle, border.stretch.end):
            x, y = to_plane(point.lat_deg, point.lon_deg)
            gap_m = raw_tree(border.border).query_nearest(shapely.Point(float(x), float(y)), return_distance=True)[1]
            assert gap_m[0] < 2.0  # long edges at sea are followed to about a metre
        assert border.stretch.length_m >= 0.0
        steps = [within.probability for within in border.within]
        assert [within.horizon_ms for within in border.within] == [300_000, 600_000, 1_200_000, 1_800_000, HOUR_MS]
        assert steps == sorted(steps)
        assert steps[-1] == border.probability
    assert sum(one.weight for one in found.courses) == pytest.approx(0.0 if life is Life.ENDED else 1.0)
    for district in found.districts:
        assert 0.0 < district.probability <= 1.0
        assert now <= district.enters.p10 <= district.enters.p50 <= district.enters.p90
        assert district.enters.p10 <= district.leaves_p90 <= now + HOUR_MS


def test_the_motions_are_told_apart():
    """A balloon spreads in place by wind, a slow flier by turns: the balloon's window opens wider at low speed."""
    flier = track(54.2, 26.05, 335.0, 15.0)
    balloon = track(54.2, 26.05, 335.0, 15.0, status=Status.BALLOON)
    assert forecast(flier).borders != forecast(balloon).borders
    assert [one.course for one in forecast(balloon).courses] == [Course.DRIFT]
    assert {type(BorderId("LT|BY")), type(CountryId("LT"))} == {str}
