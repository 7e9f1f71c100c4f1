"""Polar geometry against Earth-centred coordinates, and the encoder of the exercise against the decoder."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from tests.decode.decode_feeds import NIGHT, SITE, source

from redshank.decode.asterix import decode_block
from redshank.decode.polar import covariance_along, ground_range_m, measure, place_of, slant_range_m
from redshank.decode.source import RadarSite
from redshank.decode.specs import editions_of
from redshank.exercise.asterix_encoder import PolarPlot, SystemTrack, encode_cat048, encode_cat062
from redshank.terms import limits
from redshank.terms.geo import Position, destination, distance_m
from redshank.terms.instants import DAY_MS, Instant

RANGE_STEP_M, AZIMUTH_STEP_DEG = 1_852 / 256, 360 / 2**16
DEGREE_STEP = 180 / 2**25
TIME_STEP_MS = 1_000 / 128
to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform

azimuths = st.floats(0, 359.999)
ranges = st.floats(2_000, 400_000)
altitudes = st.floats(0, 12_000)
speeds = st.floats(-250, 250)


def straight_m(site: RadarSite, place: Position, altitude_m: float) -> float:
    """The exact distance through space."""
    one = to_ecef(site.lon_deg, site.lat_deg, site.altitude_m)
    other = to_ecef(place.lon_deg, place.lat_deg, altitude_m)
    return math.dist(one, other)


@given(azimuth=azimuths, ground=ranges, altitude=altitudes, lat=st.floats(47, 62))
def test_slant_range_agrees_with_earth_centred_coordinates(
    azimuth: float, ground: float, altitude: float, lat: float
) -> None:
    site = RadarSite(lat, 24.0, 200.0)
    place = destination(site.position, azimuth, ground)
    slant, measured_azimuth = measure(site, place, altitude)
    assert slant == pytest.approx(straight_m(site, place, altitude), abs=RANGE_STEP_M / 2)
    assert (measured_azimuth - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


@given(ground=st.floats(0, 400_000), altitude=st.floats(-100, 30_000))
def test_ground_range_undoes_slant_range(ground: float, altitude: float) -> None:
    assert ground_range_m(slant_range_m(ground, SITE, altitude), SITE, altitude) == pytest.approx(ground, abs=0.01)


def test_a_target_nearer_than_its_height_stands_above_the_antenna() -> None:
    assert ground_range_m(5_000, SITE, 9_000) == 0


def test_an_unknown_height_widens_the_range_near_the_antenna() -> None:
    near = place_of(SITE, 10_000, 0, None)[2]
    far = place_of(SITE, 200_000, 0, None)[2]
    assert near > 200 > far > 0
    assert place_of(SITE, 10_000, 0, 500.0)[2] == 0


@given(azimuth=azimuths, along=st.floats(1, 5_000), across=st.floats(1, 5_000))
def test_a_turned_covariance_keeps_its_axes(azimuth: float, along: float, across: float) -> None:
    c = covariance_along(azimuth, along, across)
    assert c.ee_m2 + c.nn_m2 == pytest.approx(along**2 + across**2)
    assert c.ee_m2 * c.nn_m2 - c.en_m2**2 == pytest.approx((along * across) ** 2, rel=1e-4)
    sine, cosine = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    assert sine**2 * c.ee_m2 + 2 * sine * cosine * c.en_m2 + cosine**2 * c.nn_m2 == pytest.approx(along**2, rel=1e-4)


@pytest.mark.parametrize("edition", list(editions_of(48)))
@settings(max_examples=60, deadline=None)
@given(
    azimuth=azimuths, ground=ranges, altitude=altitudes, east=speeds, north=speeds,
    number=st.none() | st.integers(0, 4095), cooperative=st.booleans(), ended=st.booleans(),
    day_ms=st.integers(0, DAY_MS - 1),
)  # fmt: skip
def test_a_plot_survives_the_wire(
    edition: str, azimuth: float, ground: float, altitude: float, east: float, north: float, number: int | None,
    cooperative: bool, ended: bool, day_ms: int,
) -> None:  # fmt: skip
    place, at = destination(SITE.position, azimuth, ground), Instant(NIGHT - NIGHT % DAY_MS + day_ms)
    slant, measured = measure(SITE, place, altitude)
    plot = PolarPlot(
        at=at, slant_range_m=slant, azimuth_deg=measured, altitude_m=altitude, velocity_e_mps=east,
        velocity_n_mps=north, track_number=number, ended=ended, cooperative=cooperative,
    )  # fmt: skip
    anywhere = {"lat_min_deg": 40, "lat_max_deg": 70, "lon_min_deg": 0, "lon_max_deg": 50}
    decoded = decode_block(source(editions={48: edition}, area=anywhere), encode_cat048([plot], 25, 13, edition), at)
    (report,) = decoded.reports
    height_step_m = 25 * 0.3048
    across = ground * math.radians(AZIMUTH_STEP_DEG)
    # A height that is off by half a step moves a near target's ground range by as much as its elevation's tangent.
    steep = max(altitude - SITE.altitude_m, 0) / ground * height_step_m
    assert distance_m(report.position, place) <= math.hypot(RANGE_STEP_M + steep, across)
    assert report.altitude_m == pytest.approx(altitude, abs=height_step_m / 2 + 1e-6)
    assert abs(report.at - at) <= TIME_STEP_MS / 2 + 1
    assert report.velocity_e_mps == pytest.approx(east, abs=0.12)
    assert report.velocity_n_mps == pytest.approx(north, abs=0.12)
    assert (report.track_number, report.cooperative) == (number, cooperative)
    assert report.ended is (ended and number is not None)


@pytest.mark.parametrize("edition", list(editions_of(62)))
@pytest.mark.parametrize("centre", [None, Position(54.6, 25.3)])
@settings(max_examples=40, deadline=None)
@given(
    lat=st.floats(47.01, 61.99), lon=st.floats(10.01, 35.99), altitude=st.floats(-400, 12_000), east=speeds,
    north=speeds, sigma=st.floats(1, 30_000), number=st.integers(0, 65_535), day_ms=st.integers(0, DAY_MS - 1),
)  # fmt: skip
def test_a_track_survives_the_wire(
    edition: str, centre: Position | None, lat: float, lon: float, altitude: float, east: float, north: float,
    sigma: float, number: int, day_ms: int,
) -> None:  # fmt: skip
    at = Instant(NIGHT - NIGHT % DAY_MS + day_ms)
    track = SystemTrack(
        at=at, track_number=number, position=Position(lat, lon), velocity_e_mps=east, velocity_n_mps=north,
        altitude_m=altitude, sigma_position_m=sigma,
    )  # fmt: skip
    reference = {"lat_deg": centre.lat_deg, "lon_deg": centre.lon_deg} if centre else None
    mine = source(editions={62: edition}, radar=None, system_reference=reference)
    (report,) = decode_block(mine, encode_cat062([track], 25, 100, edition, centre), at).reports
    assert report.position.lat_deg == pytest.approx(lat, abs=DEGREE_STEP / 2 + 1e-12)
    assert report.position.lon_deg == pytest.approx(lon, abs=DEGREE_STEP / 2 + 1e-12)
    assert report.altitude_m == pytest.approx(altitude, abs=6.25 * 0.3048 / 2 + 1e-6)
    assert report.velocity_e_mps == pytest.approx(east, abs=0.19)
    assert report.velocity_n_mps == pytest.approx(north, abs=0.19)
    assert math.sqrt(report.covariance.ee_m2) == pytest.approx(sigma, abs=0.26)
    assert report.track_number == number
    assert abs(report.at - at) <= TIME_STEP_MS / 2 + 1


def test_what_does_not_fit_is_refused_by_the_encoder() -> None:
    plot = PolarPlot(at=NIGHT, slant_range_m=500_000, azimuth_deg=0)
    with pytest.raises(ValueError, match="slant range"):
        encode_cat048([plot], 1, 2, "1.31")
    track = SystemTrack(at=NIGHT, track_number=1, position=Position(55, 25))
    with pytest.raises(ValueError, match=r"no edition 1\.2"):
        encode_cat062([track], 1, 2, "1.2")
    with pytest.raises(ValueError, match="datagram"):
        encode_cat062([track] * (limits.DATAGRAM_BYTES // 20), 1, 2, "1.18")
