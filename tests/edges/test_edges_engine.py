"""The engine's loop: what a node that is behind does with the ticks that piled up."""

from hypothesis import given
from hypothesis import strategies as st

from redshank.decode.decoded import Decoded
from redshank.edges.engine import last_tick_only
from redshank.node import events
from redshank.node.events import LineFailed, Reported, Ticked
from redshank.terms.ids import ChannelId, SourceId

EVENTS = st.sampled_from(
    [
        Ticked(),
        Reported(SourceId("radar"), Decoded()),
        LineFailed(ChannelId("BY-LT"), "refused"),
        events.TestFellDue(ChannelId("BY-LT")),
    ]
)


@given(st.lists(EVENTS, max_size=40))
def test_ticks_that_piled_up_become_the_last_one_and_nothing_else_is_lost(batch):
    left = last_tick_only(batch)
    assert [event for event in left if event != Ticked()] == [event for event in batch if event != Ticked()]
    assert left.count(Ticked()) == (Ticked() in batch)
    newest = max((number for number, event in enumerate(batch) if event == Ticked()), default=None)
    if newest is not None:
        assert left[left.index(Ticked()) + 1 :] == batch[newest + 1 :]
