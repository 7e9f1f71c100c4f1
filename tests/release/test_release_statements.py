"""What a person states, and what is corrected, through release: MSG-29."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.exchange.exchange_messages import bodies_of
from tests.release.release_drafts import BY, LT, NOW, POLICY, POLICY_TEXT, draft, form, track

from redshank.release.audit import outside
from redshank.release.decide import decide
from redshank.release.reader import PolicyRefused, parse_policy
from redshank.release.released import Released, Withheld
from redshank.release.statement import build_statement
from redshank.terms.draft import Earlier, OwnFlight
from redshank.terms.geo import Position
from redshank.terms.instants import Instant
from redshank.terms.message import (
    CancelBody,
    CancelWhy,
    Condition,
    CorrectBody,
    Message,
    MessageType,
    OwnObjectBody,
    Phase,
)

STATED = (MessageType.MEASURE, MessageType.FIND, MessageType.EVIDENCE, MessageType.NEGATIVE, MessageType.WARNING)
OWN_RULE = """  - id: own
    effect: allow
    partners: [BY]
    types: [OWN-OBJECT]
    coarsen: {position_m: 2000, time_s: 10, speed_kmh: 20}
  - id: stated
    effect: allow
    partners: [BY]
    types: [MEASURE, FIND, EVIDENCE, NEGATIVE, WARNING, CANCEL]
"""
OPEN = parse_policy(POLICY_TEXT + OWN_RULE)
FLIGHT = OwnFlight(Condition.OUT_OF_CONTROL, Instant(NOW + 1_234_567))


def own(**changes):
    return draft(type=MessageType.OWN_OBJECT, own=FLIGHT, by_person=True, **changes)


def released(policy, asked):
    made = decide(policy, asked, NOW)
    assert isinstance(made, Released), made
    return made


def sent(made):
    return Message(
        type=made.type, channel=made.channel, sender=LT, year=2026, serial=9, stated_ms=NOW, body=made.body,
        incident=made.incident, observed_ms=made.observed_ms,
    )  # fmt: skip


def test_msg_29_nothing_of_it_leaves_without_a_rule():
    """Deny by default: the policy before these types lets none of them out."""
    assert isinstance(decide(POLICY, own(), NOW), Withheld)
    body = CancelBody(serial=0, why=CancelWhy.SUPERSEDED)
    cancel = replace(form(MessageType.QUERY), type=MessageType.CANCEL, body=body)
    assert isinstance(decide(POLICY, cancel, NOW), Withheld)
    assert isinstance(decide(OPEN, cancel, NOW), Released)
    assert isinstance(decide(OPEN, replace(own(), by_person=False), NOW), Withheld)


def test_msg_29_an_own_object_is_no_finer_than_its_rule():
    """REL-11: what differs below the grain gives the same message; the end is rounded up to the time grain."""
    made = released(OPEN, own())
    assert isinstance(made.body, OwnObjectBody)
    assert made.body.until_ms == Instant(-(-(NOW + 1_234_567) // 10_000) * 10_000)
    assert (made.body.object.altitude_m, made.body.object.course_deg) == (None, None)
    near = own(track=track(altitude_m=901.0, sources=("other",), reports=40))
    assert released(OPEN, near).body == made.body
    assert outside(OPEN, BY, sent(made)) is None
    finer = replace(sent(made), body=replace(made.body, until_ms=FLIGHT.until_ms))
    assert "finer" in (outside(OPEN, BY, finer) or "")


def test_msg_29_only_an_own_object_says_what_it_does():
    assert isinstance(decide(OPEN, draft(own=FLIGHT, by_person=True), NOW), Withheld)
    assert isinstance(decide(OPEN, draft(type=MessageType.OWN_OBJECT, by_person=True), NOW), Withheld)


def test_msg_29_a_correction_tells_what_a_first_word_would():
    """The same body, by the same rule, as a CORRECT; and what may not be said may not be corrected to."""
    first = released(POLICY, draft())
    again = released(POLICY, draft(corrects=Earlier(3)))
    assert again.type is MessageType.CORRECT
    assert again.body == CorrectBody(serial=3, type=MessageType.NOTICE, body=first.body)
    assert (again.verdict, again.observed_ms) == (first.verdict, first.observed_ms)
    assert outside(POLICY, BY, sent(again)) is None
    far = draft(corrects=Earlier(3), distance_to_partner_m=60_000.0)
    assert isinstance(decide(POLICY, far, NOW), Withheld)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STATED).flatmap(lambda kind: bodies_of(kind, NOW, (9, 0))))
def test_msg_29_a_statement_leaves_as_it_was_written(body):
    """Built anew, member by member, and equal: no member is forgotten and none is added."""
    built = build_statement(body)
    assert built == body
    assert built is not body
    assert msgspec.to_builtins(built) == msgspec.to_builtins(body)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("types: [CORRECT]", "types"),
        ("types: [OWN-OBJECT]\n    automatic: true\n    coarsen: {position_m: 2000}", "automatic"),
        ("types: [OWN-OBJECT, FIND]\n    coarsen: {position_m: 2000}", "types"),
        ("types: [OWN-OBJECT]", "coarsen"),
    ],
)
def test_msg_29_a_policy_can_not_say_what_it_can_not_mean(rule, field):
    with pytest.raises(PolicyRefused) as refused:
        parse_policy(POLICY_TEXT + f"  - id: more\n    effect: allow\n    partners: [BY]\n    {rule}\n")
    assert field in refused.value.field


def test_a_still_object_gives_the_same_place_in_a_correction():
    """REL-7, REL-11: the grid is fixed to the earth, so a correction tells nothing of where in the cell it is."""
    moved = draft(track=track(position=Position(54.50001, 25.50001)), corrects=Earlier(3))
    assert released(POLICY, moved).body.body.object.at == released(POLICY, draft()).body.object.at
    assert released(POLICY, draft()).body.phase in tuple(Phase)
