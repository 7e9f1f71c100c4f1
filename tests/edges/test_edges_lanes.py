"""The lanes: in which order a node takes what waits, and what it leaves out when it is behind."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from redshank.decode.decoded import Decoded, FeedCounts, join, newest_only
from redshank.edges.lanes import Lanes
from redshank.node import commands
from redshank.node.events import Asked, DeliveryCame, Event, KeysMissed, LineFailed, Reported, Ticked
from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.track import HorizontalCovariance, Report, ReportKind

TRACKER, CHANNEL = SourceId("tracker"), ChannelId("BY-LT")


def report(number: int, at: int, *, ended: bool = False, kind: ReportKind = ReportKind.TRACK) -> Report:
    return Report(
        source=TRACKER, kind=kind, at=Instant(at), position=Position(54.5, 25.0), ended=ended,
        covariance=HorizontalCovariance(1e4, 0.0, 1e4), track_number=number if kind is ReportKind.TRACK else None,
    )  # fmt: skip


def reported(*reports: Report) -> Reported:
    return Reported(TRACKER, Decoded(reports=reports))


def order(ticket: int) -> Asked:
    return Asked(ticket, "duty officer", commands.TestLine(channel=CHANNEL))


def delivery(ticket: int, size: int) -> DeliveryCame:
    return DeliveryCame(ticket, CHANNEL, bytes(size))


async def filled(*events: Event) -> Lanes:
    lanes = Lanes()
    for event in events:
        await lanes.put(event)
    return lanes


async def test_commands_and_the_line_go_before_reports_and_ticks_that_came_earlier():
    lanes = await filled(reported(report(1, 1)), Ticked(), delivery(7, 10), order(8), LineFailed(CHANNEL, "cut"))
    assert lanes.procedure() == [order(8), delivery(7, 10), LineFailed(CHANNEL, "cut")]
    assert lanes.picture() == [reported(report(1, 1)), Ticked()]
    assert lanes.procedure() == lanes.picture() == []


async def test_key_17_missing_keys_are_known_before_any_command_asks_for_a_signature():
    """KEY-17: the start tells of them, and a command that came with a delivery does not overtake it."""
    missed = KeysMissed(CHANNEL, 0)
    lanes = await filled(missed, delivery(7, 10), order(8))
    assert lanes.procedure() == [missed, order(8), delivery(7, 10)]


async def test_the_picture_has_its_piece_however_many_commands_wait():
    lanes = await filled(*(order(ticket) for ticket in range(3 * limits.EVENTS_PER_COMMIT)), Ticked())
    assert len(lanes.procedure()) == limits.EVENTS_PER_COMMIT
    assert lanes.picture() == [Ticked()]
    assert len(lanes.procedure()) == limits.EVENTS_PER_COMMIT


async def test_commands_do_not_starve_the_line():
    lanes = await filled(*(order(ticket) for ticket in range(2 * limits.EVENTS_PER_COMMIT)), delivery(1, 10))
    assert lanes.procedure()[-1] == delivery(1, 10)


async def test_ticks_that_piled_up_are_one():
    lanes = await filled(Ticked(), Ticked(), LineFailed(CHANNEL, "cut"), Ticked())
    assert lanes.procedure() == [LineFailed(CHANNEL, "cut")]
    assert lanes.picture() == [Ticked()]
    assert lanes.picture() == []


async def test_a_long_delivery_has_a_turn_of_its_own():
    """DELIVERY_BYTES_PER_TURN: what does not fit waits for the next turn, in order; one always goes."""
    long = limits.DELIVERY_BYTES_PER_TURN + 1
    lanes = await filled(delivery(1, long), delivery(2, 10), delivery(3, long), delivery(4, 10))
    assert lanes.procedure() == [delivery(1, long)]
    assert lanes.procedure() == [delivery(2, 10)]
    assert lanes.procedure() == [delivery(3, long)]
    assert lanes.procedure() == [delivery(4, 10)]


async def test_what_is_left_behind_wakes_the_node_again():
    long = limits.DELIVERY_BYTES_PER_TURN + 1
    lanes = await filled(delivery(1, long), delivery(2, long))
    for ticket in (1, 2):
        await asyncio.wait_for(lanes.arrived(), 15)
        assert lanes.procedure() == [delivery(ticket, long)]
        assert lanes.picture() == []
    lanes.look_again()
    await asyncio.wait_for(lanes.arrived(), 15)
    assert lanes.picture() == [Ticked()]


async def test_few_reports_are_all_taken():
    batches = [reported(report(1, at), report(2, at)) for at in range(5)]
    assert (await filled(*batches)).picture() == batches


async def test_beyond_what_a_turn_takes_each_system_track_is_its_newest_report():
    """REPORTS_PER_TURN: under overload tracks are conflated, with true times, and all that was told is counted."""
    tracks, times = limits.REPORTS_PER_TURN, 4
    lanes = await filled(*(reported(*(report(number, at) for number in range(tracks))) for at in range(times)))
    [taken] = lanes.picture()
    assert isinstance(taken, Reported)
    assert [(one.track_number, one.at) for one in taken.decoded.reports] == [(n, times - 1) for n in range(tracks)]
    assert FeedCounts(source=TRACKER).plus(taken.decoded, Instant(9)).accepted == tracks * times
    assert lanes.picture() == []


async def test_more_tracks_than_a_turn_takes_are_taken_one_turn_after_the_other():
    tracks = 2 * limits.REPORTS_PER_TURN + 5
    lanes = await filled(*(reported(report(number, at)) for at in (1, 2) for number in range(tracks)))
    taken: list[Report] = []
    while batch := lanes.picture():
        (event,) = batch
        assert isinstance(event, Reported)
        assert len(event.decoded.reports) <= limits.REPORTS_PER_TURN
        taken += event.decoded.reports
    assert [(one.track_number, one.at) for one in taken] == [(number, 2) for number in range(tracks)]


async def test_a_flood_of_plots_is_held_back_and_loses_none():
    """REPORTS_PER_BATCH: no more is taken out of the lane than the next turns can use; plots are never conflated."""
    batch = reported(*(report(0, 1, kind=ReportKind.PLOT) for _ in range(limits.REPORTS_PER_TURN)))
    batches = 3 * limits.REPORTS_PER_BATCH // limits.REPORTS_PER_TURN
    lanes = await filled(*(batch for _ in range(batches)))
    assert [lanes.picture() for _ in range(batches)] == [[batch]] * batches
    assert lanes.picture() == []


reports = st.builds(
    report,
    number=st.integers(1, 4),
    at=st.integers(0, 9),
    ended=st.booleans(),
    kind=st.sampled_from([ReportKind.TRACK, ReportKind.TRACK, ReportKind.PLOT, ReportKind.SIGHTING]),
)


@given(st.lists(st.lists(reports, max_size=8).map(lambda some: Decoded(reports=tuple(some))), min_size=1, max_size=5))
def test_conflation_leaves_out_only_what_a_newer_report_of_the_same_system_track_says(parts):
    whole, left = join(parts), newest_only(parts)
    kept = list(left.reports)
    assert len(kept) + left.superseded == len(whole.reports)
    at = iter(whole.reports)
    assert all(any(one is other for other in at) for one in kept), "in their order"
    for one in whole.reports:
        if any(one is other for other in kept):
            continue
        assert one.kind is ReportKind.TRACK
        assert any(
            other.kind is ReportKind.TRACK and other.track_number == one.track_number and other.at >= one.at
            for other in kept
        )
        assert not any(other.ended and other.track_number == one.track_number for other in whole.reports)
