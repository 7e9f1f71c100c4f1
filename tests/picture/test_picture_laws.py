"""Laws of the picture's sums, over random inputs: consistency, definiteness, order, and no way to make it raise."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.picture.picture_scene import LT, LV, T0, at, plot, sighting, system

from redshank.picture import (
    Picture,
    absorb,
    advance,
    ellipse_95,
    fused,
    own_tracks,
    partner_lost,
    receive,
    search_area,
    states_at,
    withdraw,
)
from redshank.picture.kinematics import correct, intersect, local_to_plane, plane_to_local, predict
from redshank.terms.geo import Position, to_plane
from redshank.terms.ids import SourceId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, SearchArea, Status, Track

seeds = st.integers(0, 2**32 - 1)


def some_cov(draw: np.random.Generator, size: int = 1) -> np.ndarray:
    """Position sigmas of 10 m to 5 km, velocity sigmas of 1 to 50 m/s, any correlation."""
    scale = np.concatenate((10 ** draw.uniform(1, 3.7, (size, 2)), 10 ** draw.uniform(0, 1.7, (size, 2))), axis=1)
    root = draw.normal(size=(size, 4, 4)) + 0.3 * np.eye(4)
    shape = root @ root.transpose(0, 2, 1) + 1e-3 * np.eye(4)
    unit = np.sqrt(np.einsum("nii->ni", shape))
    return np.asarray(shape / unit[:, :, None] / unit[:, None, :] * scale[:, :, None] * scale[:, None, :])


def least(cov: np.ndarray, unit: np.ndarray) -> float:
    """Smallest eigenvalue in units of another covariance's axes."""
    sigma = np.sqrt(np.einsum("nii->ni", unit))
    return float(np.linalg.eigvalsh(cov / sigma[:, :, None] / sigma[:, None, :]).min())


@given(seeds)
def test_intersection_never_claims_more_than_is_true(seed):
    """For every correlation that the two errors can have, the claimed covariance covers the true one."""
    draw = np.random.default_rng(seed)
    a, b = some_cov(draw, 20), some_cov(draw, 20)
    mean, cov, omega = intersect(np.zeros((20, 4)), a, np.ones((20, 4)), b)
    assert np.isfinite(mean).all()
    assert ((omega >= 0) & (omega <= 1)).all()
    # Any cross covariance is root_a @ k @ root_b' with a contraction k (largest singular value at most 1).
    k = draw.normal(size=(20, 4, 4))
    k /= np.linalg.norm(k, ord=2, axis=(1, 2))[:, None, None] / draw.uniform(0, 1, (20, 1, 1))
    cross = np.linalg.cholesky(a) @ k @ np.linalg.cholesky(b).transpose(0, 2, 1)
    w = omega[:, None, None]
    gain_a, gain_b = w * cov @ np.linalg.inv(a), (1 - w) * cov @ np.linalg.inv(b)
    both = gain_a @ cross @ gain_b.transpose(0, 2, 1)
    true = gain_a @ a @ gain_a.transpose(0, 2, 1) + gain_b @ b @ gain_b.transpose(0, 2, 1)
    true = true + both + both.transpose(0, 2, 1)
    assert least(cov - true, cov) > -1e-6


@given(seeds)
def test_intersection_is_the_best_of_its_family_and_gains_nothing_from_a_copy(seed):
    draw = np.random.default_rng(seed)
    a, b, x = some_cov(draw, 10), some_cov(draw, 10), draw.normal(size=(10, 4))
    _, cov, _ = intersect(x, a, x + 1, b)
    for w in np.linspace(0, 1, 21):
        other = np.linalg.inv(w * np.linalg.inv(a) + (1 - w) * np.linalg.inv(b))
        assert (np.linalg.slogdet(cov)[1] <= np.linalg.slogdet(other)[1] + 1e-6).all()
    mean, same, _ = intersect(x, a, x, a)
    assert np.allclose(mean, x)
    assert np.allclose(same, a, rtol=1e-6)
    worse = a + some_cov(draw, 10)
    mean, kept, omega = intersect(x, a, x + 5, worse)
    assert (omega == 1).all(), "an estimate that is worse in every direction gets no weight"
    assert np.allclose(kept, a, rtol=1e-6)


@given(seeds, st.floats(-600, 600))
def test_covariances_stay_symmetric_and_positive_definite(seed, step_s):
    draw = np.random.default_rng(seed)
    mean, cov = draw.normal(0, 50, (5, 4)), some_cov(draw, 5)
    for _ in range(30):
        mean, cov = predict(mean, cov, np.full(5, step_s))
        seen = np.eye(2, 4)[None].repeat(5, 0)
        mean, cov = correct(mean, cov, seen, mean[:, :2] + 1, np.eye(2)[None].repeat(5, 0) * 10 ** draw.uniform(0, 6))
        assert np.isfinite(mean).all()
        assert (cov == cov.transpose(0, 2, 1)).all()
        assert least(cov, cov) > 1e-12


@given(st.floats(48, 61), st.floats(11, 35), st.floats(-100, 100), st.floats(-100, 100), seeds)
def test_plane_and_local_axes_agree(lat, lon, east, north, seed):
    cov = some_cov(np.random.default_rng(seed))
    speed = np.array([[east, north]])
    mean, plane = local_to_plane(np.array([lat]), np.array([lon]), speed, cov)
    back_lat, back_lon, back_speed, back = plane_to_local(mean, plane)
    assert np.allclose((back_lat, back_lon), ((lat,), (lon,)), atol=1e-9)
    assert np.allclose(back_speed, speed, atol=1e-6)
    sigma = np.sqrt(np.einsum("nii->ni", cov))
    assert np.allclose(
        back / sigma[:, :, None] / sigma[:, None, :], cov / sigma[:, :, None] / sigma[:, None, :], atol=1e-8
    )
    # Flying for a second along the velocity on the ellipsoid is the plane's velocity.
    degree = np.array([111_320 * np.cos(np.radians(lat)), 111_320])
    x, y = to_plane(lat + north / degree[1], lon + east / degree[0])
    assert np.allclose((x - mean[0, 0], y - mean[0, 1]), mean[0, 2:], atol=0.02 * np.hypot(east, north) + 0.1)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), seeds)
def test_the_order_within_a_batch_does_not_matter(shuffle, seed):
    draw = np.random.default_rng(seed)
    picture = Picture.empty(LT)
    for scan in range(4):
        x, y = draw.uniform(-3_000, 3_000, (2, 6)) * (1 if scan == 0 else 0.2)
        batch = [
            plot(a, b, scan * 5 + draw.uniform(0, 5), source=f"r{k % 2}")
            for k, (a, b) in enumerate(zip(x, y, strict=True))
        ]
        batch += [system(45 * scan * 5, 100, scan * 5 + 1, number=n) for n in (1, 2)]
        batch += [sighting(x[0], y[0], scan * 5 + 2, 1_000.0)]
        other = list(batch)
        shuffle.shuffle(other)
        now = at(scan * 5 + 5)
        one = absorb(picture, batch, now)
        assert one == absorb(picture, other, now)
        picture, _ = advance(one, now)
    assert len(own_tracks(picture)) >= 2


odd = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, -0.0, 1e-300, 1e300, -1e9, 55.0, 24.0, 2.5e9])
)
near = st.one_of(st.floats(-1e4, 1e4), odd)
times = st.one_of(st.integers(T0 - 20_000, T0 + 6_000), st.integers(-(2**70), 2**70)).map(Instant)


@st.composite
def hostile_reports(draw) -> Report:
    return Report(
        source=SourceId(draw(st.sampled_from(["a", "b", ""]))),
        kind=draw(st.sampled_from(list(ReportKind))),
        at=draw(times),
        position=Position(draw(st.one_of(st.floats(54.9, 55.1), odd)), draw(st.one_of(st.floats(23.9, 24.1), odd))),
        covariance=HorizontalCovariance(draw(near), draw(near), draw(near)),
        altitude_m=draw(st.one_of(st.none(), near)),
        velocity_e_mps=draw(st.one_of(st.none(), near)),
        velocity_n_mps=draw(st.one_of(st.none(), near)),
        sigma_velocity_mps=draw(st.one_of(st.none(), near)),
        track_number=draw(st.one_of(st.none(), st.integers(0, 2), st.integers(-(2**70), 2**70))),
        ended=draw(st.booleans()),
        status=draw(st.sampled_from(list(Status))),
        cooperative=draw(st.booleans()),
        count=draw(st.integers(-1, 2)),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(hostile_reports(), max_size=12), st.lists(hostile_reports(), max_size=12), st.integers(0, 4_000))
def test_no_report_makes_it_raise_or_leaves_a_bad_covariance(first, second, later_s):
    now = Instant(T0)
    picture = absorb(Picture.empty(LT), [plot(0, 0, -1), *first], now)
    picture, _ = advance(absorb(picture, second, now), now)
    picture, facts = advance(picture, at(later_s))
    counted = sum(book.accepted + sum(book.refused.values()) for book in picture.sources.values())
    assert counted == len(first) + len(second) + 1, "every report is booked, as accepted or as refused"
    tracks = own_tracks(picture)
    fused(picture, at(later_s))
    states = states_at(tracks, at(later_s))
    assert np.isfinite(states.cov_plane).all()
    for track in tracks:
        assert ellipse_95(track)[1] > 0
        assert search_area(track, at(later_s)).radius_m > 0
    for fact in facts:
        assert np.isfinite(fact.search.radius_m)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_partner_track_makes_it_raise(data):
    picture = Picture.empty(LT)
    for _ in range(4):
        good = data.draw(st.booleans())
        cov = np.diag([1e6, 1e6, 1e3, 1e3]).reshape(16).tolist() if good else data.draw(st.lists(near, max_size=17))
        when = data.draw(times)
        track = Track(
            id=TrackId(data.draw(st.sampled_from(["x", "y", "LT/1"]))),
            observer=data.draw(st.sampled_from([LV, LT])),
            at=when,
            position=Position(
                data.draw(st.one_of(st.floats(54.9, 55.1), odd)), data.draw(st.one_of(st.just(24.0), odd))
            ),
            velocity_e_mps=data.draw(near),
            velocity_n_mps=data.draw(near),
            covariance=tuple(cov),
            altitude_m=data.draw(st.one_of(st.none(), near)),
            first_at=when,
            last_report_at=when,
        )
        got = receive(picture, LV, track, Instant(T0))
        picture = picture if isinstance(got, Refusal) else got
    picture, _ = advance(picture, Instant(T0))
    assert all(np.isfinite(one.track.covariance).all() for one in fused(picture, Instant(T0)))
    search = SearchArea(Instant(T0), Position(data.draw(odd), 0.0), data.draw(odd), Position(0.0, 0.0), Instant(T0))
    for name in ("x", "unheard-of"):
        lost = partner_lost(picture, TrackId(name), search, Instant(T0))
        gone = withdraw(picture, TrackId(name))
        assert isinstance(lost, Refusal) is (name not in picture.received)
        assert isinstance(gone, Refusal) is (name not in picture.received)
