"""What the simulation has found once: orders that stopped a node, or were said to be done and were not."""

import msgspec

from redshank.exercise.simulation.scenes import START, Keys, fresh_state
from redshank.node.commands import Command, SendNotice, SetStatus
from redshank.node.effects import CommandDone
from redshank.node.events import Asked, Commanded, Snapshot, SnapshotTaken
from redshank.node.state import NodeState
from redshank.node.step import step
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status, Track

BY, LT = PartyId("BY"), PartyId("LT")
FIRST = IncidentId("LT-2026-000001")


def snapshot(*members: str) -> Snapshot:
    track = Track(
        id=TrackId(members[0]),
        observer=LT,
        at=START,
        position=Position(54.6, 25.6),
        velocity_e_mps=30.0,
        velocity_n_mps=0.0,
        covariance=tuple(100.0 if row == column else 0.0 for row in range(4) for column in range(4)),
        first_at=START,
        last_report_at=START,
        reports=9,
    )
    distances = ((BY, 5_000.0),)
    return Snapshot(track=track, forecast=None, distances_m=distances, members=tuple(map(TrackId, members)))


def with_incident() -> NodeState:
    state = fresh_state(LT, {party: Keys(1, party) for party in (BY, LT)})
    state, _ = step(state, SnapshotTaken(snapshot=snapshot("LT/1")), START)
    assert state.incidents.find(FIRST) is not None
    return state


def ordered(state: NodeState, command: Command, seen: Snapshot | None) -> tuple[NodeState, Refusal | None]:
    after, effects = step(state, Commanded(ticket=1, role="duty-officer", command=command, snapshot=seen), START)
    [done] = [effect for effect in effects if isinstance(effect, CommandDone)]
    return after, done.refusal


def test_a_notice_on_no_channel_is_refused() -> None:
    order = SendNotice(incident=FIRST, channel=ChannelId("no channel"))
    _, refusal = ordered(with_incident(), order, snapshot("LT/1"))
    assert refusal is not None
    assert refusal.reason is Reason.WRONG_CHANNEL


def test_a_notice_of_an_object_that_has_got_a_better_track_keeps_its_number() -> None:
    order = SendNotice(incident=FIRST, channel=ChannelId("BY-LT"))
    after, refusal = ordered(with_incident(), order, snapshot("LT/2", "LT/1"))
    assert refusal is None
    [sent] = after.incidents.get(FIRST).messages(ChannelId("BY-LT"))
    assert msgspec.to_builtins(sent.body)["object"]["object"] == 1


def test_a_notice_of_another_object_is_refused() -> None:
    order = SendNotice(incident=FIRST, channel=ChannelId("BY-LT"))
    _, refusal = ordered(with_incident(), order, snapshot("LT/7"))
    assert refusal is not None
    assert refusal.reason is Reason.UNKNOWN_TRACK


def test_a_status_of_an_unknown_track_is_refused_even_with_nothing_in_sight() -> None:
    state = with_incident()
    order = SetStatus(track=TrackId("LT/9"), status=Status.UAV)
    _, effects = step(state, Asked(1, "duty-officer", order), START)
    [done] = effects
    assert isinstance(done, CommandDone)
    assert done.refusal is not None
    assert done.refusal.reason is Reason.UNKNOWN_TRACK
