"""The documented night of 25 balloons, as the trackers of the exercise hold them, between two nodes of the product."""

import math

from tests.node.node_pair import BY, CHANNEL, LT, Side, deliver

from redshank.decode.decoded import Decoded
from redshank.exercise.scenario import read_scenarios
from redshank.exercise.truth import flights_of
from redshank.node.events import Reported, Ticked
from redshank.procedure.incident import Direction
from redshank.procedure.kinds import IncidentKind
from redshank.terms.ids import SourceId
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant
from redshank.terms.message import MessageType, NoticeBody
from redshank.terms.track import HorizontalCovariance, Report, ReportKind

NIGHT = read_scenarios()["lt-2025-10-04"]
TRACKER = SourceId("by-tracker")
STEP_MS = 30 * SECOND_MS


def told(at: Instant) -> Reported:
    """What BY's tracker says: all that is in the air, held to be what the scenario says."""
    tracker = NIGHT.sensors[BY].tracker
    assert tracker is not None
    reports = []
    for number, flight in enumerate(flights_of(NIGHT)):
        if not flight.is_flying(at):
            continue
        now, before = flight.state_at(at), flight.state_at(Instant(max(at - SECOND_MS, flight.starts_at)))
        north = (now.position.lat_deg - before.position.lat_deg) * 111_200.0
        east = (now.position.lon_deg - before.position.lon_deg) * 111_200.0 * math.cos(math.radians(54.5))
        reports.append(
            Report(
                source=TRACKER, kind=ReportKind.TRACK, at=at, position=now.position,
                covariance=HorizontalCovariance(2_500.0, 0.0, 2_500.0), velocity_e_mps=east, velocity_n_mps=north,
                sigma_velocity_mps=2.0, track_number=number, status=tracker.status,
            )
        )  # fmt: skip
    return Reported(TRACKER, Decoded(reports=tuple(reports)))


def test_the_night_of_25_balloons_is_one_night_on_both_sides():
    """PROC-36: after the first few, which came before anybody could know that there would be many, all are one."""
    first = min(flight.starts_at for flight in flights_of(NIGHT))
    by, lt = Side(BY, now=first), Side(LT, now=first)
    for at in range(first + STEP_MS, first + 130 * MINUTE_MS, STEP_MS):
        by.now = lt.now = Instant(at)
        by.take(told(by.now))
        by.take(Ticked())
        if at % MINUTE_MS == first % MINUTE_MS:
            deliver(by, lt)
    deliver(by, lt)
    nights = [one for one in by.incidents() if one.groups]
    assert len(nights) == 1
    [night] = nights
    alone = [one for one in by.incidents() if not one.groups]
    assert len(alone) <= 10
    assert len(night.own) + len(alone) == len(NIGHT.objects)
    words = [entry for entry in night.messages(CHANNEL, Direction.SENT) if isinstance(entry.body, NoticeBody)]
    assert [entry.type for entry in words].count(MessageType.NOTICE) == 1
    twin = lt.state.incidents.get(night.id)
    assert twin.threads[CHANNEL].kind is night.threads[CHANNEL].kind is IncidentKind.BALLOON_NIGHT
