"""A lone log is rebuilt: nobody outside holds entries, so it comes from an export or from the damaged store itself."""

from pathlib import Path

import pytest
from tests.node.node_pair import BY, CAST, CHANNEL
from tests.node.test_node_lone import Night, agreed

from redshank.edges.check import check_store
from redshank.edges.rebuild import ChannelPlan, Decision, RebuildRefused, plan_channel, plan_lone, rebuild
from redshank.edges.recovery import recover
from redshank.edges.salvage import Salvaged
from redshank.edges.store import Store
from redshank.edges.turn import take_turn
from redshank.node.commands import TestLine as LineTest
from redshank.node.effects import NoteKind
from redshank.node.events import Asked

BY_ME = Decision("Cpt Example", ("00",), accepts_loss=True)


@pytest.fixture
def night() -> Night:
    told = Night()
    agreed(told)
    return told


def left_of(night: Night, entries: int | None = None) -> Salvaged:
    """What the damaged store still proves: all heads, and the first entries."""
    own = night.by.state.session(CHANNEL).own
    origin, count = own.key.name, own.size if entries is None else entries
    return Salvaged(
        entries={origin: dict(enumerate(night.by.disk.entries(origin, 0, count)))},
        notes={origin: {(NoteKind.HEAD, size): note for size, note in night.by.disk.heads(origin).items()}},
        counts={origin: own.size},
    )


def rebuilt(night: Night, plan: ChannelPlan, path: Path) -> None:
    """The new store holds the log as it was, and the node goes on with it."""
    before = night.by.state.session(CHANNEL)
    state = rebuild(night.by.fresh, [plan], BY_ME, night.by.now, path)
    after = state.session(CHANNEL)
    assert (after.own.frontier, after.own.head) == (before.own.frontier, before.own.head)
    assert after.lone
    assert check_store(path).faults == ()
    store = Store(path)
    assert recover(night.by.fresh, store).session(CHANNEL) == after
    store.close()
    done = take_turn(state, [Asked(1, "duty-officer", LineTest(channel=CHANNEL))], night.by.now, CAST[BY])
    assert done.state.session(CHANNEL).own.signed_size == before.own.size + 1


def test_voice_24_from_a_record_that_was_exported_here(night: Night, tmp_path: Path) -> None:
    """VOICE-24."""
    size = night.by.state.session(CHANNEL).own.size
    rebuilt(night, plan_channel(night.by.fresh.session(CHANNEL), night.record(), size, Salvaged()), tmp_path / "new")


def test_voice_24_from_what_the_damaged_store_proves(night: Night, tmp_path: Path) -> None:
    """VOICE-24."""
    size = night.by.state.session(CHANNEL).own.size
    rebuilt(night, plan_lone(night.by.fresh.session(CHANNEL), size, left_of(night)), tmp_path / "new")


def test_voice_24_it_is_refused_where_somebody_may_hold_more(night: Night) -> None:
    """VOICE-24, RCV-8: a third party has cosigned more; a head was signed over entries that are lost; another log."""
    session, files = night.by.fresh.session(CHANNEL), night.record()
    size = night.by.state.session(CHANNEL).own.size
    with pytest.raises(RebuildRefused, match="somebody outside holds a head"):
        plan_channel(session, files, size + 1, Salvaged())
    with pytest.raises(RebuildRefused, match="was signed, and only"):
        plan_lone(session, size, left_of(night, size - 1))
    with pytest.raises(RebuildRefused, match="not in order"):
        plan_channel(session, {**files, "BY/checkpoint": b"?"}, size, Salvaged())
    assert plan_lone(session, 0, Salvaged()).own.entries == ()
