"""Real recordings, against asterix_decoder: a decoder that nobody here wrote."""

import math
from collections import Counter
from pathlib import Path

import pytest
from tests.decode.decode_feeds import source
from tests.oracle.recordings import SERVICE, OracleRecord, oracle_records, oracle_tracks, recording_path

from redshank.decode.asterix import decode_block
from redshank.decode.cat062 import plane_about
from redshank.decode.layout import layout_of
from redshank.decode.source import SourceConfig
from redshank.decode.specs import editions_of
from redshank.edges.feeds.capture import Piece, read_capture
from redshank.edges.feeds.recording import decode_file
from redshank.terms.geo import GEOD_WGS84, Position, distance_m
from redshank.terms.instants import DAY_MS, Instant
from redshank.terms.refusal import Reason
from redshank.terms.track import Report

pytestmark = pytest.mark.oracle

ADRIATIC = {"lat_min_deg": 38.0, "lat_max_deg": 52.0, "lon_min_deg": 5.0, "lon_max_deg": 25.0}
ANTENNA = {"lat_deg": 45.5, "lon_deg": 16.0, "altitude_m": 200.0}
"""The recordings do not say where their radars stand: a place in the middle serves to compare polar measurements."""

KNOT_MPS = 1_852 / 3_600
FOOT_M = 0.3048
RAW_DAY = {
    "cat048.raw": Instant(20_000 * DAY_MS + 27_354_000),
    "cat062cat065.raw": Instant(20_000 * DAY_MS + 30_911_000),
}


def adriatic(**changes: object) -> SourceConfig:
    return source(area=ADRIATIC, radar=ANTENNA, **changes)


def reports_of(name: str, **changes: object) -> list[Report]:
    now = RAW_DAY.get(name, Instant(0))
    decoded = list(decode_file(recording_path(name), adriatic(**changes), now))
    assert {refusal.reason for batch in decoded for refusal in batch.refusals} <= {Reason.NO_POSITION}
    return [report for batch in decoded for report in batch.reports]


@pytest.mark.parametrize("name", ["cat062cat065.raw", "cat_062_065.pcap"])
def test_system_tracks_agree(name: str) -> None:
    theirs, ours = oracle_tracks(name), reports_of(name)
    assert len(ours) == len(theirs) > 0
    for report, record in zip(ours, theirs, strict=True):
        assert report.track_number == record.track_number
        assert report.at % DAY_MS == pytest.approx(record.time_of_day_s * 1000, abs=1)
        assert report.position.lat_deg == pytest.approx(record.lat_deg, abs=1e-9)
        assert report.position.lon_deg == pytest.approx(record.lon_deg, abs=1e-9)
        assert report.velocity_e_mps == record.value("I185", "Vx")
        assert report.velocity_n_mps == record.value("I185", "Vy")
        assert report.altitude_m == pytest.approx(altitude_m(record))
        assert report.cooperative
        assert report.ended is bool(record.value("I080", "TSE"))


def altitude_m(record: OracleRecord) -> float:
    """What the oracle's two altitudes come to: the geometric one, unless it contradicts the measured one."""
    geometric_m, level_m = record.value("I130", "Alt") * FOOT_M, record.value("I136", "MFL") * FOOT_M
    return float(geometric_m if abs(geometric_m - level_m) <= 1_000 else level_m)


@pytest.mark.parametrize("name", ["cat062cat065.raw", "cat_062_065.pcap"])
def test_flight_levels_agree(name: str) -> None:
    """I062/136 gives way to I062/130 in a report, so it is compared one level below."""
    layout = layout_of(62, "1.18")
    level = layout.quantity("136", "FL")
    levels = []
    for piece in read_capture(recording_path(name)):
        assert isinstance(piece, Piece)
        at = 3
        while piece.data[0] == 62 and at < int.from_bytes(piece.data[1:3], "big"):
            starts, at = layout.record(piece.data, at, len(piece.data))
            levels.append(level(piece.data, starts))
    assert levels == [record.value("I136", "MFL") / 100 for record in oracle_tracks(name)]


@pytest.mark.parametrize("name", ["cat048.raw", "cat_034_048.pcap"])
def test_plots_agree(name: str) -> None:
    theirs = [record for record in oracle_records(name) if record.category == 48 and "I040" in record.items]
    ours = reports_of(name)
    assert len(ours) == len(theirs) > 0
    for report, record in zip(ours, theirs, strict=True):
        same_plot(report, record)


def same_plot(report: Report, record: OracleRecord) -> None:
    assert report.track_number == record.track_number
    assert report.at % DAY_MS == pytest.approx(record.time_of_day_s * 1000, abs=1)
    speed, course = record.value("I200", "CGS") * KNOT_MPS, math.radians(record.value("I200", "CHdg"))
    assert report.velocity_e_mps == pytest.approx(speed * math.sin(course), abs=0.12)
    assert report.velocity_n_mps == pytest.approx(speed * math.cos(course), abs=0.12)
    assert report.cooperative is (record.value("I020", "TYP") not in (0, 1))
    if "I110" not in record.items:
        assert report.altitude_m == pytest.approx(record.value("I090", "FL") * 100 * FOOT_M)
    antenna = ANTENNA["lon_deg"], ANTENNA["lat_deg"]
    azimuth, _, ground = GEOD_WGS84.inv(*antenna, report.position.lon_deg, report.position.lat_deg)
    assert (azimuth - record.value("I040", "THETA") + 180) % 360 - 180 == pytest.approx(0, abs=0.0055)
    slant_m = record.value("I040", "RHO") * 1_852
    assert straight_m(ground, report.altitude_m or 0.0) == pytest.approx(slant_m, abs=7.3)


def straight_m(ground_m: float, altitude_m: float) -> float:
    """From the antenna to a point so far along the ground and so high: plain trigonometry about the Earth's centre."""
    low, high = 6_378_000 + ANTENNA["altitude_m"], 6_378_000 + altitude_m
    angle = ground_m / 6_378_000
    return math.sqrt(low**2 + high**2 - 2 * low * high * math.cos(angle))


@pytest.mark.parametrize("name", ["cat048.raw", "cat_034_048.pcap", "cat062cat065.raw", "cat_062_065.pcap"])
def test_the_counts_agree(name: str) -> None:
    batches = list(decode_file(recording_path(name), adriatic(), RAW_DAY.get(name, Instant(0))))
    theirs = Counter(record.category in SERVICE for record in oracle_records(name))
    assert sum(len(batch.reports) + len(batch.refusals) for batch in batches) == theirs[False]
    assert sum(batch.ignored for batch in batches) == theirs[True]


def test_the_only_refusals_are_the_two_records_that_have_no_position() -> None:
    refused = [
        refusal
        for batch in decode_file(recording_path("cat_034_048.pcap"), adriatic(), Instant(0))
        for refusal in batch.refusals
    ]
    theirs = [record for record in oracle_records("cat_034_048.pcap") if record.category == 48]
    assert len(refused) == sum("I040" not in record.items for record in theirs) == 2


def test_a_port_and_a_sender_select_one_radar() -> None:
    one = adriatic(sac_sic=[{"sac": 25, "sic": 12}])
    batches = list(decode_file(recording_path("cat_034_048.pcap"), one, Instant(0), port=22_112))
    theirs = [record for record in oracle_records("cat_034_048.pcap", 22_112) if record.category == 48]
    mine = [record for record in theirs if (record.sac, record.sic) == (25, 12)]
    reports = [report for batch in batches for report in batch.reports]
    assert [report.track_number for report in reports] == [record.track_number for record in mine]
    refused = [refusal.reason for batch in batches for refusal in batch.refusals]
    assert refused == [Reason.UNKNOWN_SOURCE] * (len(theirs) - len(mine))


@pytest.mark.parametrize("category", [48, 62])
def test_every_edition_reads_the_recordings_alike(category: int) -> None:
    """Only the newest octets of I048/020 and I062/080 set the editions apart, and these senders do not use them."""
    name = "cat048.raw" if category == 48 else "cat062cat065.raw"
    readings = {
        edition: reports_of(name, editions={category: edition}, ignored=[34, 65]) for edition in editions_of(category)
    }
    assert len(readings) == 6
    assert all(reading == readings["1.31" if category == 48 else "1.18"] for reading in readings.values())


@pytest.mark.parametrize("name", ["cat048.raw", "cat062cat065.raw"])
def test_any_cut_of_a_recording_keeps_the_blocks_before_it(name: str) -> None:
    data = Path(recording_path(name)).read_bytes()
    first = int.from_bytes(data[1:3], "big")
    for cut in range(len(data)):
        decoded = decode_block(adriatic(), data[:cut], RAW_DAY[name])
        assert bool(decoded.reports) is (cut >= first)
        assert [refusal.reason for refusal in decoded.refusals] == [Reason.TRUNCATED] * (cut not in (0, first))


def test_the_plane_position_agrees_with_the_geographic_one() -> None:
    """I062/100 and I062/105 of one tracker name the same places: the plane's centre, fitted to one record, serves all.

    The tracker projects over a conformal sphere and this node on the ellipsoid, which differ with the distance.
    """
    tracks = [record for name in ("cat062cat065.raw", "cat_062_065.pcap") for record in oracle_tracks(name)]
    centre = fitted_centre(tracks[1])
    for record in tracks:
        xy = record.value("I100", "X"), record.value("I100", "Y")
        far_m = math.hypot(*xy)
        place = Position(*placed_by_plane(centre, xy))
        assert record.lat_deg is not None
        assert record.lon_deg is not None
        assert distance_m(place, Position(record.lat_deg, record.lon_deg)) < 10 + 0.0002 * far_m


def placed_by_plane(centre: Position, xy_m: tuple[float, float]) -> tuple[float, float]:
    lon, lat = plane_about(centre)(*xy_m, inverse=True)
    return float(lat), float(lon)


def fitted_centre(record: OracleRecord) -> Position:
    """The centre about which a record's I062/100 falls on its I062/105, by a few steps of correction."""
    assert record.lat_deg is not None
    assert record.lon_deg is not None
    lat, lon = record.lat_deg, record.lon_deg
    for _ in range(20):
        found = placed_by_plane(Position(lat, lon), (record.value("I100", "X"), record.value("I100", "Y")))
        lat, lon = lat + record.lat_deg - found[0], lon + record.lon_deg - found[1]
    return Position(lat, lon)
