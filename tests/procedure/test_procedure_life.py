"""The life of an agreement as a fold over two logs: whoever reads them, in whichever order, holds the same."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from redshank.procedure.agreement import AgreementState
from redshank.procedure.life import (
    Effect,
    Life,
    acted,
    begun_by_file,
    fallen_due,
    may_activate,
    may_end,
    may_resume,
    may_suspend,
    refiled,
)
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import BODY_OF, EndBody, EndWhy, LifeBody, Message, MessageType, SuspendBody, SuspendWhy
from redshank.terms.refusal import Reason, Refusal

M = MessageType
BY, LT, CHANNEL = PartyId("BY"), PartyId("LT"), ChannelId("BY-LT")
T0 = Instant(1_778_113_800_000)
A, B = "a" * 64, "b" * 64
STORIES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "agreement" / "lives.json").read_text(encoding="utf-8")
)["stories"]


class Node:
    """One side: its own log of acts, and how much of the other's it has read."""

    def __init__(self, party: PartyId) -> None:
        self.party = party
        self.life = Life()
        self.log: list[Message] = []
        self.read = 0

    def say(self, kind: M, text: str = A, from_ms: Instant = T0) -> None:
        """An act, where this side may do it now."""
        number = {
            M.ACTIVATE: lambda: may_activate(self.life, text),
            M.SUSPEND: lambda: may_suspend(self.life),
            M.RESUME: lambda: may_resume(self.life),
            M.END: lambda: may_end(self.life),
        }[kind]()
        if isinstance(number, Refusal):
            assert number.reason is Reason.NOT_IN_TABLE
            return
        body: LifeBody | SuspendBody | EndBody = LifeBody(agreement=text, life=number, taken=self.read)
        if kind is M.SUSPEND:
            body = SuspendBody(agreement=text, life=number, taken=self.read, why=SuspendWhy.NO_REASON)
        if kind is M.END:
            body = EndBody(agreement=text, life=number, taken=self.read, why=EndWhy.NO_REASON, from_ms=from_ms)
        message = Message(
            type=kind, channel=CHANNEL, sender=self.party, year=2026, serial=len(self.log), stated_ms=T0, body=body
        )
        self.log.append(message)
        self.life = acted(self.life, message, True, T0)

    def hear(self, other: "Node") -> None:
        """The next of the other's acts, if there is one."""
        if self.read < len(other.log):
            self.life = acted(self.life, other.log[self.read], False, T0)
            self.read += 1


moves = st.tuples(
    st.sampled_from(["BY", "LT"]),
    st.sampled_from([M.ACTIVATE, M.ACTIVATE, M.SUSPEND, M.RESUME, M.END, None, None, None]),
    st.sampled_from([A, A, A, B]),
)


@given(st.lists(moves, max_size=40))
@example([("BY", M.ACTIVATE, A), ("LT", M.ACTIVATE, A), ("BY", None, A), ("BY", M.ACTIVATE, B), ("LT", M.ACTIVATE, B)])
def test_agr_4_both_sides_hold_the_same_once_each_has_read_the_other(steps: list[tuple[str, M | None, str]]) -> None:
    """AGR-4: any acts of two honest sides, crossing in any way."""
    nodes = {"BY": Node(BY), "LT": Node(LT)}
    for name, kind, text in steps:
        node, other = nodes[name], nodes["LT" if name == "BY" else "BY"]
        node.hear(other) if kind is None else node.say(kind, text)
    by, lt = nodes["BY"], nodes["LT"]
    for _ in range(40):
        by.hear(lt)
        lt.hear(by)
    one, two = by.life, lt.life
    assert (one.own, one.partner) == (two.partner, two.own)
    assert (one.state, one.in_force, one.text, one.ended) == (two.state, two.in_force, two.text, two.ended)
    if one.state is AgreementState.ACTIVE:  # never without both, over one text, of a life that nobody has ended
        begun = [m for log in (by.log, lt.log) for m in log if m.type is M.ACTIVATE and m.body.life == one.in_force]  # type: ignore[union-attr]
        assert {m.sender for m in begun} == {BY, LT}
        assert not any(m.type is M.END and m.body.life >= (one.in_force or 0) for m in (*by.log, *lt.log))  # type: ignore[union-attr]
        assert not one.own.suspended
        assert not one.partner.suspended


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_agr_4_the_vectors_are_what_the_code_says(story: dict[str, Any]) -> None:
    """AGR-4"""
    life = Life()
    for serial, said in enumerate(story["acts"]):
        body: Any = msgspec.convert(said["body"], BODY_OF[M(said["type"])])
        message = Message(
            type=M(said["type"]), channel=CHANNEL, sender=PartyId(said["sender"]), year=2026, serial=serial,
            stated_ms=T0, body=body,
        )  # fmt: skip
        life = fallen_due(acted(life, message, said["sender"] == "LT", story["now_ms"]), story["now_ms"])
    assert (life.state.value, life.in_force or 0, life.text or "") == (
        story["state"], story["life"], story["agreement"],
    )  # fmt: skip


def test_acts_are_remembered_within_a_bound() -> None:
    """AGR-4: LIFE_ACTS of them; the logs have all."""
    one, other = Node(BY), Node(LT)
    one.say(M.ACTIVATE)
    other.say(M.ACTIVATE)
    one.hear(other)
    for _ in range(limits.LIFE_ACTS):
        one.say(M.SUSPEND)
        one.say(M.RESUME)
    assert len(one.life.acts) == limits.LIFE_ACTS
    assert one.life.state is AgreementState.ACTIVE


def test_what_is_said_of_a_life_that_is_over_or_far_away_does_nothing() -> None:
    """AGR-4"""
    one = Node(BY)
    one.say(M.ACTIVATE)
    far = msgspec.structs.replace(one.log[0], body=LifeBody(agreement=A, life=3, taken=0))
    after = acted(Life(), far, False, T0)
    assert (after.state, after.acts[0].effect) == (AgreementState.DORMANT, Effect.TOO_LATE)


def test_agr_5_an_exercise_is_what_its_file_says() -> None:
    """AGR-5: another file changes it at once, in both directions; acts, once said, count as for any other."""
    life = begun_by_file(A)
    assert life.state is AgreementState.ACTIVE
    assert refiled(life, B, True).text == B
    assert refiled(life, B, False).state is AgreementState.DORMANT
    assert refiled(Life(), A, True).state is AgreementState.ACTIVE
    one, other = Node(BY), Node(LT)
    for node in (one, other):
        node.say(M.ACTIVATE)
    one.hear(other)
    assert refiled(one.life, B, True) == one.life
