"""A look at a large picture: many short steps that together find what one long step would."""

from functools import cache

import msgspec
import pytest
from msgspec.structs import replace

from redshank.decode.decoded import Decoded
from redshank.exercise.simulation.scenes import GATES, Keys, fresh_state
from redshank.node.effects import Effect, KeepEvent
from redshank.node.events import Reported, SnapshotTaken, Ticked, decode_event
from redshank.node.state import NodeState
from redshank.node.step import step
from redshank.picture import fused
from redshank.terms import limits
from redshank.terms.geo import destination
from redshank.terms.ids import PartyId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.track import HorizontalCovariance, Report, ReportKind

LT, BY, TRACKER = PartyId("LT"), PartyId("BY"), SourceId("tracker")
START = Instant(1_778_113_800_000)
MANY = 300


@cache
def cast() -> dict[PartyId, Keys]:
    return {LT: Keys(1, LT), BY: Keys(1, BY)}


def told(count: int, at_s: int) -> Reported:
    """Slow fliers in rows before the border with BY, all flying to the east."""
    reports = []
    for number in range(count):
        start = destination(
            destination(GATES["BY-LT"], 270.0, 9_000.0 + 250.0 * (number // 30)), 0.0, 400.0 * (number % 30)
        )
        reports.append(
            Report(
                source=TRACKER, kind=ReportKind.TRACK, at=Instant(START + 1_000 * at_s),
                position=destination(start, 90.0, 40.0 * at_s), covariance=HorizontalCovariance(900.0, 0.0, 900.0),
                velocity_e_mps=40.0, velocity_n_mps=0.0, sigma_velocity_mps=3.0, track_number=number,
            )
        )  # fmt: skip
    return Reported(TRACKER, Decoded(reports=tuple(reports)))


def looked(state: NodeState, now: Instant) -> tuple[NodeState, list[list[Effect]]]:
    """Ticks until the look is over, and what came of each."""
    effects: list[list[Effect]] = []
    while True:
        state, more = step(state, Ticked(), now)
        effects.append(more)
        if state.look is None:
            return state, effects


def snapshots(effects: list[list[Effect]]) -> list[SnapshotTaken]:
    kept = (decode_event(one.event) for step_ in effects for one in step_ if isinstance(one, KeepEvent))
    return [event for event in kept if isinstance(event, SnapshotTaken)]


def ready(count: int) -> tuple[NodeState, Instant]:
    state, now = fresh_state(LT, cast()), START
    for second in range(2):
        now = Instant(START + 1_000 * second)
        state, _ = step(state, told(count, second), now)
    return state, now


def test_no_step_does_more_than_its_part() -> None:
    """OBJECTS_PER_STEP, FORECAST_TRACKS_PER_STEP, FORECAST_TRACKS_PER_LOOK and FACTS_PER_STEP bound each step."""
    state, now = ready(MANY)
    assert MANY > limits.OBJECTS_PER_STEP
    forecasts, seen = 0, 0
    while True:
        state, effects = step(state, Ticked(), now)
        assert len(state.forecasts) - forecasts <= limits.FORECAST_TRACKS_PER_STEP
        assert len(snapshots([effects])) <= limits.FACTS_PER_STEP
        if state.look is None:
            break
        assert state.look.seen - seen <= limits.OBJECTS_PER_STEP
        forecasts, seen = len(state.forecasts), state.look.seen
    assert len(state.forecasts) == limits.FORECAST_TRACKS_PER_LOOK


def test_in_short_steps_the_same_is_found_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    state, now = ready(MANY)
    monkeypatch.setattr(limits, "FORECAST_TRACKS_PER_LOOK", MANY)
    short, effects = looked(state, now)
    monkeypatch.setattr(limits, "OBJECTS_PER_STEP", MANY)
    monkeypatch.setattr(limits, "FORECAST_TRACKS_PER_STEP", MANY)
    monkeypatch.setattr(limits, "FACTS_PER_STEP", MANY)
    long, at_once = looked(state, now)
    assert len(at_once) == 1 < len(effects)
    assert len(snapshots(at_once)) > MANY // 2
    assert snapshots(effects) == snapshots(at_once)
    assert short.forecasts == long.forecasts
    assert short.watches == long.watches
    assert [len(i.threads) for i in short.incidents.open.values()] == [
        len(i.threads) for i in long.incidents.open.values()
    ]


def test_what_a_later_step_says_is_stated_with_its_own_time() -> None:
    state, now = ready(MANY)
    stated: set[int] = set()
    for later in range(1_000):
        at = Instant(now + 10 * later)
        state, effects = step(state, Ticked(), at)
        if snapshots([effects]):
            stated.add(at)
            assert max(incident.opened_at for incident in state.incidents.open.values()) == at
        if state.look is None:
            break
    assert len(stated) > 1


def test_a_loss_that_was_seen_at_the_begin_of_a_look_is_told_at_its_end() -> None:
    state, now = ready(MANY)
    for second in range(2, 12):
        now = Instant(START + 1_000 * second)
        state, _ = step(state, told(MANY, second), now)
        state, _ = looked(state, now)
    assert len(state.incidents.open) > 100
    after = Instant(now + 121_000)
    state, effects = looked(state, after)
    lost = [event for event in snapshots(effects) if event.search is not None]
    assert len(lost) == len(state.incidents.open)


def test_what_was_joined_to_another_track_during_a_look_is_no_object_of_its_own() -> None:
    state, now = ready(MANY)
    state, _ = step(state, Ticked(), now)
    assert state.look is not None
    gone = state.look.due[0].id
    own = {key: track for key, track in state.picture.own.items() if key != gone}
    state = replace(state, picture=msgspec.structs.replace(state.picture, own=own))
    state, effects = looked(state, now)
    told = {event.snapshot.track.id for event in snapshots(effects)}
    assert told
    assert gone not in told


def test_a_fused_picture_made_from_the_one_before_is_the_same() -> None:
    state, now = ready(60)
    state, _ = looked(state, now)
    moved_on, _ = step(state, told(20, 3), Instant(START + 3_000))
    assert state.looked_at is not None
    after = fused(moved_on.picture, now, (state.looked_at, state.objects))
    assert after == fused(moved_on.picture, now)
    taken_over = {id(one) for one in state.objects} & {id(one) for one in after}
    assert len(taken_over) == 40
