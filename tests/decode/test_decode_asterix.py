"""Datagrams: what becomes a report, what is refused and by which name, and that one fault stops nothing else."""

import pytest
from asterix.base import Bits
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.decode.decode_feeds import NIGHT, OVER_LATGALE, SITE, plot_block, source, track_block

from redshank.decode.asterix import block_instant, decode_block, resolve_time_of_day
from redshank.decode.decoded import Decoded, FeedCounts, join
from redshank.decode.specs import editions_of
from redshank.terms import limits
from redshank.terms.geo import Position, distance_m
from redshank.terms.ids import SourceId
from redshank.terms.instants import DAY_MS, HOUR_MS, MINUTE_MS, Instant, parse_instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import ReportKind, Status

NORTH_MARK = bytes.fromhex("220008d001020220")[:8]
ZERO_TRACK_ITEMS = {"010": 0x1964, "070": 0, "040": 1}


def raw_cat062(edition: str = "1.18", **items: object) -> bytes:
    """A CAT062 block straight from libasterix, without the encoder of the exercise."""
    spec = editions_of(62)[edition]
    named = {name.lstrip("i"): value for name, value in items.items()}
    record = spec.cv_uap.cv_record.create(ZERO_TRACK_ITEMS | {"070": seconds(NIGHT)} | named)
    block: bytes = spec.create([record]).unparse().to_bytes()
    return block


def seconds(at: Instant) -> int:
    return round(at % DAY_MS / 1000 * 128)


def reasons(decoded: Decoded) -> list[Reason]:
    return [refusal.reason for refusal in decoded.refusals]


def instant(text: str) -> Instant:
    at = parse_instant(text)
    assert not isinstance(at, Refusal)
    return at


def test_a_system_track_becomes_a_report() -> None:
    block = track_block(
        altitude_m=300.0, sigma_position_m=80.0, sigma_velocity_mps=3.0, status=Status.UAV, cooperative=True
    )
    (report,) = decode_block(source(), block, NIGHT).reports
    assert (report.kind, report.at, report.track_number) == (ReportKind.TRACK, NIGHT, 1)
    assert distance_m(report.position, OVER_LATGALE) < 1
    assert report.altitude_m == pytest.approx(300, abs=1)
    assert (report.velocity_e_mps, report.velocity_n_mps, report.sigma_velocity_mps) == (-30, 20, 3)
    assert (report.covariance.ee_m2, report.covariance.en_m2, report.covariance.nn_m2) == (6400, 0, 6400)
    assert (report.status, report.cooperative, report.ended) == (Status.UAV, True, False)


def test_a_plot_becomes_a_report_with_its_error_across_the_beam() -> None:
    (report,) = decode_block(source(), plot_block(), NIGHT).reports
    assert report.kind is ReportKind.PLOT
    assert distance_m(report.position, OVER_LATGALE) < 15
    assert report.altitude_m == pytest.approx(900, abs=4)
    assert not report.cooperative
    across = distance_m(SITE.position, OVER_LATGALE) * 0.15 * 3.141592653589793 / 180
    total = report.covariance.ee_m2 + report.covariance.nn_m2
    assert total == pytest.approx(100**2 + across**2, rel=1e-3)


def test_the_end_of_a_track_is_told() -> None:
    assert decode_block(source(), track_block(ended=True), NIGHT).reports[0].ended
    assert decode_block(source(), plot_block(track_number=9, ended=True), NIGHT).reports[0].ended


def test_a_datagram_of_several_blocks_keeps_their_order_and_ignores_service_messages() -> None:
    decoded = decode_block(source(), plot_block() + NORTH_MARK + track_block(count=3), NIGHT)
    assert [report.track_number for report in decoded.reports] == [None, 1, 2, 3]
    assert (decoded.ignored, decoded.refusals) == (1, ())


def test_a_category_without_an_edition_is_refused_and_the_next_block_counts() -> None:
    only_tracks = source(editions={62: "1.18"}, radar=None)
    decoded = decode_block(only_tracks, plot_block() + track_block(), NIGHT)
    assert reasons(decoded) == [Reason.WRONG_CATEGORY]
    assert len(decoded.reports) == 1


def test_a_block_cut_short_is_named_with_its_category_and_place() -> None:
    whole = track_block()
    decoded = decode_block(source(), whole + plot_block()[:-2], NIGHT)
    assert len(decoded.reports) == 1
    assert decoded.refusals[0].reason is Reason.TRUNCATED
    assert decoded.refusals[0].field == f"CAT048 at byte {len(whole)}"


def test_a_record_cut_short_costs_its_block_and_no_other() -> None:
    """The block states the shorter length, so that only the record within is broken."""
    broken = track_block(count=2)[:-4]
    broken = broken[:1] + len(broken).to_bytes(2, "big") + broken[3:]
    decoded = decode_block(source(), track_block() + broken + plot_block(), NIGHT)
    assert len(decoded.reports) == 2
    assert reasons(decoded) == [Reason.TRUNCATED]
    assert "CAT062 at byte" in decoded.refusals[0].field


def test_a_block_that_states_no_length_ends_the_datagram() -> None:
    decoded = decode_block(source(), track_block() + b"\x3e\x00\x00" + track_block(), NIGHT)
    assert (len(decoded.reports), reasons(decoded)) == (1, [Reason.MALFORMED])


@pytest.mark.parametrize("edition", list(editions_of(62))[:-1])
def test_a_track_of_edition_1_21_is_not_read_with_an_older_one(edition: str) -> None:
    """The seventh octet of I062/080 exists in 1.21 only."""
    newest = raw_cat062("1.21", i105=(0x9F49F4, 0x4D5E00), i080=(0, 0, 0, 0, 0, 0, 1 << 6))
    assert reasons(decode_block(source(editions={62: edition}), newest, NIGHT)) == [Reason.WRONG_EDITION]


def test_a_spare_bit_speaks_of_a_wrong_edition() -> None:
    """The first bit of I062/060 is spare in 1.16 and "validated" in 1.17."""
    block = raw_cat062("1.17", i105=(0x9F49F4, 0x4D5E00), i060=0x8000 | 0o1000)
    old, new = source(editions={62: "1.16"}), source(editions={62: "1.17"})
    assert reasons(decode_block(old, block, NIGHT)) == [Reason.WRONG_EDITION]
    assert decode_block(new, block, NIGHT).refusals == ()
    tolerant = source(editions={62: "1.16"}, check_spares=False)
    assert decode_block(tolerant, block, NIGHT).refusals == ()


def test_a_plot_of_edition_1_32_is_not_read_with_an_older_one() -> None:
    spec = editions_of(48)["1.32"]
    items = {"010": 0x190D, "140": seconds(NIGHT), "020": (0x20, 0, 0, 1 << 6), "040": 0x10002000}
    block = spec.create([spec.cv_uap.cv_record.create(items)]).unparse().to_bytes()
    assert reasons(decode_block(source(editions={48: "1.31"}), block, NIGHT)) == [Reason.WRONG_EDITION]
    assert reasons(decode_block(source(editions={48: "1.32"}), block, NIGHT)) == []


def test_a_place_off_the_earth_speaks_of_a_wrong_edition_and_takes_the_block_along() -> None:
    impossible = raw_cat062(i105=(0x7FFFFFFF, 0))
    good = track_block()
    joined = bytes([62]) + (len(good) + len(impossible) - 3).to_bytes(2, "big") + good[3:] + impossible[3:]
    decoded = decode_block(source(), joined, NIGHT)
    assert (decoded.reports, reasons(decoded)) == ((), [Reason.WRONG_EDITION])


def test_many_places_all_outside_the_area_speak_of_a_wrong_edition() -> None:
    sahara = Position(23.0, 10.0)
    few = decode_block(source(), track_block(count=2, position=sahara), NIGHT)
    assert reasons(few) == [Reason.POSITION_NOT_PLAUSIBLE] * 2
    many = decode_block(source(), track_block(count=5, position=sahara), NIGHT)
    assert reasons(many) == [Reason.WRONG_EDITION]
    assert "area" in many.refusals[0].detail


def test_one_place_outside_the_area_leaves_the_others() -> None:
    good, bad = track_block(count=4), track_block(position=Position(23.0, 10.0))
    joined = bytes([62]) + (len(good) + len(bad) - 3).to_bytes(2, "big") + good[3:] + bad[3:]
    decoded = decode_block(source(), joined, NIGHT)
    assert (len(decoded.reports), reasons(decoded)) == (4, [Reason.POSITION_NOT_PLAUSIBLE])


def test_another_sender_is_refused() -> None:
    mine = source(sac_sic=[{"sac": 25, "sic": 100}])
    assert len(decode_block(mine, track_block(), NIGHT).reports) == 1
    assert reasons(decode_block(mine, plot_block(), NIGHT)) == [Reason.UNKNOWN_SOURCE]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"altitude_m": 40_000.0}, Reason.VALUE_NOT_PLAUSIBLE),
        ({"velocity_e_mps": 1_500.0}, Reason.VALUE_NOT_PLAUSIBLE),
        ({"at": Instant(NIGHT - 11 * MINUTE_MS)}, Reason.TIME_NOT_PLAUSIBLE),
        ({"at": Instant(NIGHT + 6_000)}, Reason.TIME_NOT_PLAUSIBLE),
    ],
)
def test_impossible_values_are_refused(changes: dict[str, object], reason: Reason) -> None:
    block = track_block(NIGHT, **changes) if "at" not in changes else track_block(changes["at"])  # type: ignore[arg-type]
    assert reasons(decode_block(source(), block, NIGHT)) == [reason]


def test_a_source_may_set_narrower_limits() -> None:
    low = source(altitude_max_m=500.0)
    assert reasons(decode_block(low, track_block(altitude_m=900.0), NIGHT)) == [Reason.VALUE_NOT_PLAUSIBLE]


def test_a_time_of_more_than_a_day_is_refused() -> None:
    block = raw_cat062(i105=(0x9F49F4, 0x4D5E00), i070=86_400 * 128)
    assert reasons(decode_block(source(), block, NIGHT)) == [Reason.BAD_TIME]


def test_records_without_time_position_or_sender_are_named() -> None:
    assert reasons(decode_block(source(), raw_cat062(i105=(0, 0), i070=None), NIGHT)) == [Reason.BAD_TIME]
    assert reasons(decode_block(source(), raw_cat062(), NIGHT)) == [Reason.NO_POSITION]
    assert reasons(decode_block(source(), raw_cat062(i010=None), NIGHT)) == [Reason.MALFORMED]
    assert reasons(decode_block(source(), bytes.fromhex("30000400"), NIGHT)) == [Reason.MALFORMED]


def test_a_plane_position_needs_a_system_reference() -> None:
    block = raw_cat062(i100=(20_000, -40_000))  # steps of 0.5 m: 10 km east, 20 km south
    refused = decode_block(source(), block, NIGHT)
    assert reasons(refused) == [Reason.NO_POSITION]
    assert "system_reference" in refused.refusals[0].detail
    centre = {"lat_deg": 56.0, "lon_deg": 25.0}
    (report,) = decode_block(source(system_reference=centre), block, NIGHT).reports
    assert distance_m(report.position, Position(56.0, 25.0)) == pytest.approx((10_000**2 + 20_000**2) ** 0.5, rel=1e-4)
    assert report.position.lon_deg > 25
    assert report.position.lat_deg < 56


def test_a_coordinate_with_a_stated_correlation_keeps_a_sound_covariance() -> None:
    stated = {"APC": (200, 100), "COV": (-40.0, "m")}
    report = decode_block(source(), raw_cat062(i105=(0x9F49F4, 0x4D5E00), i500=stated), NIGHT).reports[0]
    assert (report.covariance.ee_m2, report.covariance.nn_m2) == (100**2, 50**2)
    assert report.covariance.en_m2 == -(40**2)
    impossible = {"APC": (200, 100), "COV": (-400.0, "m")}
    report = decode_block(source(), raw_cat062(i105=(0x9F49F4, 0x4D5E00), i500=impossible), NIGHT).reports[0]
    assert report.covariance.en_m2 == pytest.approx(-0.99 * 100 * 50)


def test_a_measured_flight_level_outweighs_a_calculated_height_that_contradicts_it() -> None:
    """I062/130 in 6.25 ft, I062/136 in 25 ft."""
    place = (0x9F49F4, 0x4D5E00)

    def altitude_ft(**items: object) -> float:
        report = decode_block(source(), raw_cat062("1.18", i105=place, **items), NIGHT).reports[0]
        assert report.altitude_m is not None
        return report.altitude_m / 0.3048

    assert altitude_ft(i130=6_928, i136=628) == pytest.approx(15_700)
    assert altitude_ft(i130=2_560, i136=628) == pytest.approx(16_000)
    assert altitude_ft(i130=2_560) == pytest.approx(16_000)
    assert altitude_ft(i136=628) == pytest.approx(15_700)


def test_a_flight_level_below_zero_is_read_in_every_edition() -> None:
    for edition in editions_of(48):
        block = plot_block(edition=edition, cooperative=True, altitude_m=-90.0)
        (report,) = decode_block(source(editions={48: edition}), block, NIGHT).reports
        assert report.altitude_m == pytest.approx(-90, abs=4)


def test_an_unvalidated_flight_level_is_not_believed() -> None:
    spec = editions_of(48)["1.31"]
    for flag, expected in ((0, 1_000 * 0.3048 * 10), (1 << 15, None), (1 << 14, None)):
        items = {"010": 0x190D, "140": seconds(NIGHT), "040": 0x10002000, "090": flag | 400}
        block = spec.create([spec.cv_uap.cv_record.create(items)]).unparse().to_bytes()
        (report,) = decode_block(source(), block, NIGHT).reports
        assert report.altitude_m == (expected if expected is None else pytest.approx(expected))


def test_simulated_targets_are_ignored_unless_the_source_is_an_exercise() -> None:
    block = raw_cat062(i105=(0x9F49F4, 0x4D5E00), i080=(0, 1 << 6))
    decoded = decode_block(source(), block, NIGHT)
    assert (decoded.reports, decoded.refusals, decoded.ignored) == ((), (), 1)
    assert len(decode_block(source(accept_simulated=True), block, NIGHT).reports) == 1


def test_a_radar_that_says_birds_is_heard() -> None:
    spec = editions_of(48)["1.31"]
    items = {"010": 0x190D, "140": seconds(NIGHT), "040": 0x10002000, "030": (9, 20)}
    block = spec.create([spec.cv_uap.cv_record.create(items)]).unparse().to_bytes()
    assert decode_block(source(), block, NIGHT).reports[0].status is Status.BIRDS


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("2026-05-07T00:00:02Z", "2026-05-06T23:59:58Z"),
        ("2026-05-06T23:59:59Z", "2026-05-07T00:00:01Z"),
        ("2026-05-07T12:00:00Z", "2026-05-07T11:59:59Z"),
        ("2027-01-01T00:00:00Z", "2026-12-31T23:59:59.500Z"),
    ],
)
def test_a_time_of_day_finds_its_date_around_midnight(now: str, sent: str) -> None:
    (report,) = decode_block(source(), track_block(instant(sent)), instant(now)).reports
    assert abs(report.at - instant(sent)) <= 4  # half a step of 1/128 s


@given(now=st.integers(0, 4_102_444_800_000), offset=st.integers(-11 * HOUR_MS, 11 * HOUR_MS))
def test_any_time_within_half_a_day_is_found_again(now: int, offset: int) -> None:
    meant = now + offset
    assert resolve_time_of_day(meant % DAY_MS / 1000, Instant(now)) == meant


def test_a_block_tells_its_own_time() -> None:
    next_day = Instant(NIGHT + 7 * HOUR_MS)
    assert block_instant(source(), track_block(), next_day) == NIGHT
    assert block_instant(source(), NORTH_MARK, next_day) is None
    assert block_instant(source(), track_block()[:9], next_day) is None
    assert block_instant(source(), b"", next_day) is None


def test_a_hostile_datagram_gives_a_bounded_answer() -> None:
    decoded = decode_block(source(), b"\x01\x00\x03" * 20_000, NIGHT)
    assert len(decoded.refusals) == limits.REFUSALS_PER_DATAGRAM + 1
    assert decoded.refusals[-1].reason is Reason.TOO_LARGE
    empty_records = b"\x3e\xff\xff" + bytes(65_532)
    assert reasons(decode_block(source(), empty_records, NIGHT)) == [Reason.MALFORMED]
    no_times = b"\x3e\x03\xff" + b"\x80\x19\x64" * 340
    assert reasons(decode_block(source(), no_times, NIGHT))[-2:] == [Reason.BAD_TIME, Reason.TOO_LARGE]


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    decode_block(source(), data, NIGHT)
    decode_block(source(), b"\x3e" + (len(data) + 3).to_bytes(2, "big") + data, NIGHT)
    decode_block(source(), b"\x30" + (len(data) + 3).to_bytes(2, "big") + data, NIGHT)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_fault_loses_nothing_before_it(data: st.DataObject) -> None:
    blocks = [track_block(count=2), plot_block(), track_block(), plot_block(track_number=4, cooperative=True)]
    whole = bytearray(b"".join(blocks))
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        mutated = bytes(whole[:place])
    else:
        whole[place] ^= data.draw(st.integers(1, 255))
        mutated = bytes(whole)
    decoded = decode_block(source(), mutated, NIGHT)
    before: list[bytes] = []
    while blocks and sum(map(len, before)) + len(blocks[0]) <= place:
        before.append(blocks.pop(0))
    expected = decode_block(source(), b"".join(before), NIGHT).reports
    assert decoded.reports[: len(expected)] == expected


def test_counts_are_kept_by_reason() -> None:
    counts = FeedCounts(source=SourceId("radar-1"))
    good = decode_block(source(), NORTH_MARK + track_block(count=2), NIGHT)
    bad = decode_block(source(), track_block(altitude_m=40_000.0) + b"\x01\x00\x03", NIGHT)
    counts = counts.plus(good, NIGHT).plus(bad, Instant(NIGHT + 5)).plus(bad, Instant(NIGHT + 9))
    assert (counts.accepted, counts.ignored, counts.dropped, counts.last_at) == (2, 1, 0, NIGHT)
    assert counts.refused == ((Reason.VALUE_NOT_PLAUSIBLE, 2), (Reason.WRONG_CATEGORY, 2))


def test_batches_are_bounded_and_join_again() -> None:
    one = decode_block(source(), track_block(count=900), NIGHT)
    many = join([one, one, one])
    batches = list(many.batches())
    assert [len(batch.reports) for batch in batches] == [limits.REPORTS_PER_BATCH, 700]
    assert join(batches) == many


def test_libasterix_reads_what_the_helper_above_makes() -> None:
    block = raw_cat062(i105=(1, 2))
    assert len(editions_of(62)["1.18"].cv_uap.parse(Bits.from_bytes(block[3:]))) == 1
