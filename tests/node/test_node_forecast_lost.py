"""What is lost is forecast at once as lost, and then seldom: nothing new is known of it."""

from itertools import pairwise

from tests.node.test_node_restart_in_flight import World

from redshank.exercise.simulation.node import Fate
from redshank.node.events import Ticked
from redshank.node.sense import FORECAST_LOST_MS
from redshank.terms.instants import Instant
from redshank.terms.track import Life


def test_a_lost_object_is_forecast_when_it_is_lost_and_then_seldom() -> None:
    world = World()
    world.fly(20)
    lost_at, made_at = list[Instant](), set[Instant]()
    for _ in range(120):
        world.now = Instant(world.now + 1_000)
        world.node.post(Ticked())
        assert world.node.turn(Fate.LIVES) is not None
        [shown] = world.node.state.objects
        if shown.track.life is Life.LOST:
            lost_at.append(world.now)
            made_at.add(world.node.state.forecasts[shown.track.id].made_at)
    assert min(made_at) == lost_at[0]
    times = sorted(made_at)
    assert {after - before for before, after in pairwise(times)} == {FORECAST_LOST_MS}
