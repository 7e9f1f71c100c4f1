"""Zones, hours and questions: what each lets out, told as cases."""

import msgspec
import pytest
from tests.release.release_drafts import NOW, POLICY_TEXT, crossing, draft, forecast, form, search, track

from redshank.release.asking import Approval, Question
from redshank.release.decide import decide
from redshank.release.preview import explain
from redshank.release.reader import parse_policy
from redshank.release.released import Effect, Released, Withheld
from redshank.terms.geo import Position
from redshank.terms.ids import TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType
from redshank.terms.track import Life

ZONE = "zones:\n  k: [[54.4, 25.4], [54.6, 25.4], [54.6, 25.6], [54.4, 25.6]]\n"
KEPT_OUT = "rules:\n  - {id: out, effect: deny, partners: [any], types: [NOTICE, UPDATE, LOST], zones: [k]}\n"


def excluding():
    return parse_policy(POLICY_TEXT.replace("rules:\n", KEPT_OUT, 1) + ZONE)


def only_inside():
    return parse_policy(POLICY_TEXT.replace("within_km: 50", "zones: [k]", 1) + ZONE)


def rule_of(policy, asked, now=NOW):
    return decide(policy, asked, now).verdict.rule


STILL = {"velocity_e_mps": 0.0, "velocity_n_mps": 0.0}
INSIDE, OUTSIDE = Position(54.5, 25.5), Position(54.5, 25.7)


def test_an_exclusion_zone_keeps_what_is_inside_and_only_that():
    """REL-18."""
    assert rule_of(excluding(), draft(track=track(position=INSIDE, **STILL))) == "out"
    assert rule_of(excluding(), draft(track=track(position=OUTSIDE, **STILL))) == "strip"
    assert rule_of(only_inside(), draft(track=track(position=INSIDE, **STILL))) == "strip"
    assert rule_of(only_inside(), draft(track=track(position=OUTSIDE, **STILL))) == "default-deny"


def test_an_object_that_has_just_left_a_zone_is_not_put_back_into_it_by_a_coarse_time():
    """REL-18. 8 s past the grain at 100 m/s: the message would say where it was 800 m before, which is inside."""
    at = Instant(NOW // 10_000 * 10_000 + 8_000)
    just_out = track(position=Position(54.5, 25.605), at=at, velocity_e_mps=100.0, velocity_n_mps=0.0)
    assert rule_of(excluding(), draft(track=just_out), Instant(at + 1)) == "out"
    back = msgspec.structs.replace(just_out, velocity_e_mps=-100.0)
    assert rule_of(excluding(), draft(track=back), Instant(at + 1)) == "strip"


def test_each_place_of_a_loss_and_of_a_crossing_counts():
    """REL-18."""
    lost = track(position=OUTSIDE, life=Life.LOST, **STILL)
    away = msgspec.structs.replace(search(), last_position=OUTSIDE, centre=OUTSIDE)
    kind = MessageType.LOST
    assert rule_of(excluding(), draft(type=kind, track=lost, search=away)) == "strip"
    for field in ("last_position", "centre"):
        one_in = msgspec.structs.replace(away, **{field: INSIDE})
        assert rule_of(excluding(), draft(type=kind, track=lost, search=one_in)) == "out"
        assert rule_of(only_inside(), draft(type=kind, track=lost, search=one_in)) == "default-deny"
    crossed = msgspec.structs.replace(crossing(), position=INSIDE)
    assert rule_of(excluding(), draft(track=track(position=OUTSIDE, **STILL), crossing=crossed)) == "out"


def test_a_zone_is_about_where_an_object_is_and_not_where_it_may_go():
    """REL-18. The forecast's stretch of border lies inside."""
    assert rule_of(excluding(), draft(track=track(position=OUTSIDE, **STILL), forecast=forecast())) == "strip"


HOURS = [("00:00", "00:31", True), ("00:00", "00:30", False), ("22:00", "00:31", True), ("00:31", "00:30", False)]


@pytest.mark.parametrize(("since", "until", "holds"), HOURS)
def test_a_rule_has_its_hours(since, until, holds):
    """REL-19. NOW is 00:30:07 UTC."""
    line = f"    hours: {{from: '{since}', until: '{until}'}}\n    automatic: true\n  - id: forms"
    policy = parse_policy(POLICY_TEXT.replace("    automatic: true\n  - id: forms", line))
    assert rule_of(policy, draft()) == ("strip" if holds else "default-deny")
    if not holds:
        reason = explain(policy, draft(), NOW)[0]
        assert (reason.field, reason.detail) == ("hours", f"counts from {since} until {until} UTC")


def test_a_rule_is_in_force_from_its_first_instant_until_before_its_last():
    """REL-19. Forms have times as well."""
    line = "    coarsen: {time_s: 10}\n    valid: {from: 2026-05-07T00:30:07.123Z, until: 2026-05-07T00:30:07.125Z}\n"
    policy = parse_policy(POLICY_TEXT.replace("    coarsen: {time_s: 10}\n", line))
    found = [rule_of(policy, form(MessageType.ACK), Instant(NOW + n)) for n in (-1, 0, 1, 2)]
    assert found == ["default-deny", "forms", "forms", "default-deny"]


def asking(persons, within_s=60):
    text = POLICY_TEXT.replace(
        "effect: allow", f"effect: ask\n    ask: {{persons: {persons}, within_s: {within_s}}}", 1
    )
    return parse_policy(text)


def sight(policy, asked=None):
    held = decide(policy, asked or draft(), NOW)
    assert isinstance(held, Withheld)
    assert held.shown is not None
    return held.shown.sight


def yes(person, seen, at=NOW):
    return Approval(person=person, at=Instant(at), sight=seen)


def answered(policy, *approvals, now=NOW, asked=None):
    return decide(policy, asked or draft(), Instant(now), question=Question(asked_at=NOW, approvals=approvals))


def test_two_persons_are_two_persons():
    """REL-20."""
    policy = asking(2)
    seen = sight(policy)
    for approvals in ((), (yes("a", seen),), (yes("a", seen), yes("a", seen, NOW + 1))):
        held = answered(policy, *approvals, now=NOW + 5)
        assert held.verdict.effect is Effect.ASK
        assert "to say yes, until 2026-05-07T00:31:07.123Z" in held.verdict.detail
    assert isinstance(answered(policy, yes("a", seen), yes("b", seen), now=NOW + 5), Released)
    assert "1 more person has" in answered(policy, yes("a", seen)).verdict.detail


def test_a_question_lapses_whatever_was_answered():
    """REL-20."""
    policy = asking(1)
    given = yes("a", sight(policy))
    assert isinstance(answered(policy, given, now=NOW + 60_000), Released)
    late = answered(policy, given, now=NOW + 60_001)
    assert (late.verdict.effect, late.verdict.rule) == (Effect.WITHHOLD, "strip")
    assert "within 60 s" in late.verdict.detail
    assert answered(policy, yes("a", given.sight, NOW - 1)).verdict.effect is Effect.ASK, "before it was asked"
    assert answered(policy, yes("a", given.sight, NOW + 9)).verdict.effect is Effect.ASK, "from the future"


def test_a_yes_is_to_what_was_shown_and_to_nothing_else():
    """REL-20. What is taken away does not matter; what leaves does."""
    policy = asking(1)
    given = yes("a", sight(policy))
    same = draft(track=track(altitude_m=9.0, id=TrackId("LT/9")))
    assert isinstance(answered(policy, given, asked=same), Released)
    others = (
        draft(track=track(position=Position(54.52, 25.5))),
        draft(object_number=2),
        draft(incident="LT-2026-000002"),
        draft(type=MessageType.UPDATE),
    )
    for other in others:
        assert answered(policy, given, asked=other).verdict.effect is Effect.ASK


def test_a_rule_that_asks_and_does_not_say_whom_lets_nothing_out_unasked():
    """REL-20. The reader takes none; a policy that was made otherwise is no way around."""
    policy = asking(1)
    rules = (msgspec.structs.replace(policy.rules[0], ask=None, automatic=True), *policy.rules[1:])
    held = decide(msgspec.structs.replace(policy, rules=rules), draft(by_person=True), NOW)
    assert held.verdict.effect is Effect.ASK


def test_a_person_who_sends_is_not_a_releasing_authority():
    """REL-20."""
    assert decide(asking(1), draft(by_person=True), NOW).verdict.effect is Effect.ASK
