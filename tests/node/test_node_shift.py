"""Who is on shift, and what it takes to hand it over."""

import pytest
from tests.node.node_pair import BY, Side
from tests.node.test_node_approvals import ANNA, BORIS, WORLD, asking, later
from tests.release.test_release_silence import snapshot

from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import AcceptShift, OfferShift, TakeShift
from redshank.node.events import PolicyTaken
from redshank.node.shift import owed, to_accept
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.refusal import Refusal
from redshank.terms.roles import Role


@pytest.fixture
def side():
    """Anna is on shift, and something is owed: a notice that waits for a releasing authority."""
    side = Side(BY)
    side.take(PolicyTaken(policy=asking(), sha256="1"))
    side.take(snapshot(side.now, WORLD, 1))
    assert side.order(TakeShift(), hand=ANNA) is None
    return side


def accept(side, *names, hand=BORIS):
    return side.order(AcceptShift(obligations=names), hand=hand)


def test_the_outgoing_officer_answers_until_all_is_accepted(side):
    """PEO-13, PEO-14."""
    later(side, 5)
    side.take(snapshot(side.now, {**WORLD, "milli": 5}, 2))
    assert len(list(owed(side.state))) >= 2
    assert isinstance(accept(side), Refusal), "nobody has offered it"
    assert side.order(OfferShift(), hand=ANNA) is None
    names = [one.owed.id for one in to_accept(side.state)]
    assert accept(side, names[0]) is None
    assert side.state.shift.hand == ANNA
    assert side.state.shift.accepted == ((names[0], side.now),)
    third = accept(side, names[1], hand=b"third")
    assert isinstance(third, Refusal)
    own = accept(side, *names, hand=ANNA)
    assert isinstance(own, Refusal)
    strange = accept(side, "no such obligation")
    assert isinstance(strange, Refusal)
    later(side, 5)
    assert accept(side, *names[1:]) is None
    assert (side.state.shift.hand, side.state.shift.since, side.state.shift.offered) == (BORIS, side.now, None)


def test_only_the_officer_on_shift_offers_it_and_taking_it_needs_a_reason(side):
    """PEO-13, PEO-15."""
    for no in (
        side.order(OfferShift(), hand=BORIS),
        side.order(TakeShift(), hand=BORIS),
        side.order(TakeShift(), hand=ANNA),
        side.order(TakeShift(), hand=b""),
        side.order(TakeShift(text="x"), hand=BORIS, role=Role.OBSERVER),
    ):
        assert isinstance(no, Refusal)
    assert side.order(TakeShift(text="she has fallen ill"), hand=BORIS) is None
    assert (side.state.shift.hand, side.state.shift.taken_over) == (BORIS, True)


def test_a_shift_outlives_a_restart(side):
    """PEO-14."""
    assert side.order(OfferShift(), hand=ANNA) is None
    accept(side, *[one.owed.id for one in to_accept(side.state)][:1])
    before = side.state.shift
    side.restart()
    assert side.state.shift == before
    marked = from_bookmark(side.fresh, bookmark_of(side.state))
    assert isinstance(marked, NodeState)
    assert marked.shift == before


def test_an_offer_with_nothing_owed_is_accepted_by_a_word():
    """PEO-14."""
    side = Side(BY)
    assert side.order(TakeShift(), hand=ANNA) is None
    assert side.order(OfferShift(), hand=ANNA) is None
    assert accept(side) is None
    assert side.state.shift is not None
    assert side.state.shift.hand == BORIS


def test_an_offer_lists_so_much(side, monkeypatch):
    """limits.SHIFT_OBLIGATIONS: what is beyond needs a second hand-over, and a longer form is none."""
    monkeypatch.setattr(limits, "SHIFT_OBLIGATIONS", 1)
    later(side, 5)
    side.take(snapshot(side.now, {**WORLD, "milli": 5}, 2))
    assert side.order(OfferShift(), hand=ANNA) is None
    assert len(side.state.shift.offered) == 1
