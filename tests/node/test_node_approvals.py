"""A rule that asks holds the message until releasing authorities have answered, over restarts as well."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side, deliver
from tests.release.test_release_silence import CELL, snapshot

from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exercise.simulation.scenes import policy_of
from redshank.node.audit import audit, journal_of
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import ApproveRelease, CorrectMessage, RefuseRelease, SendNotice, SendQuery
from redshank.node.commands import TestLine as LineTest
from redshank.node.events import PolicyTaken, ReleaseFellDue, Ticked, decode_event
from redshank.node.held import Standing
from redshank.node.questions import waiting
from redshank.node.state import NodeState
from redshank.release.policy import Asking, RuleEffect
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import Message
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role
from redshank.terms.track import Status

WITHIN_S = 600
WORLD = {
    "late_ms": 0, "position": CELL.centre.position(), "altitude_m": 500.0, "sources": (), "reports": 5, "trail": (),
    "first_at": BEGIN, "distance_m": 9_000.0, "likely": 0.75, "milli": 0, "districts": 2,
}  # fmt: skip
ANNA, BORIS = b"anna's hand", b"boris's hand"


def asking(persons=2, *, rules=("border-strip-100",), delay_s=0, name="by-asking"):
    """BY's policy, with rules that ask."""
    plain = policy_of(BY)
    changed = {"effect": RuleEffect.ASK, "ask": Asking(persons=persons, within_s=WITHIN_S), "min_delay_s": delay_s}
    made = [replace(rule, **changed) if rule.id in rules else rule for rule in plain.rules]
    return replace(plain, policy=name, rules=tuple(made))


def held_night(policy=None):
    """BY's machine would tell LT of an object, and its policy asks."""
    side = Side(BY)
    side.take(PolicyTaken(policy=policy or asking(), sha256="1"))
    side.take(snapshot(side.now, WORLD, 1))
    return side


def pending(side):
    [one] = waiting(side.state)
    return one


def yes(side, hand, *, sight=None, number=None):
    one = side.state.held[number or pending(side).number]
    command = ApproveRelease(question=one.number, sight=one.sight.hex() if sight is None else sight)
    return side.order(command, hand=hand)


def later(side, seconds):
    side.now = Instant(side.now + seconds * SECOND_MS)


def sent(side):
    own = side.state.session(CHANNEL).own
    entries = side.disk.entries(own.key.name, 0, own.size)
    found = [parse_entry(entry, Place(CHANNEL, BY, 2026, n), None) for n, entry in enumerate(entries)]
    messages = [one for one in found if isinstance(one, Message)]
    assert len(messages) == len(found)
    return [one for one in messages if one.type != "TEST"]


def test_two_persons_let_out_just_what_they_saw():
    """REL-26, REL-27. Nothing leaves before the second person's yes; then it is the body that was shown."""
    side = held_night()
    one = pending(side)
    assert sent(side) == []
    later(side, 40)
    assert yes(side, ANNA) is None
    assert sent(side) == []
    same = yes(side, ANNA)
    assert isinstance(same, Refusal)
    assert (same.reason, same.field) == (Reason.NOT_ALLOWED, "person")
    assert yes(side, BORIS) is None
    [message] = sent(side)
    assert msgspec.json.encode(message.body, order="sorted") == one.told
    assert message.observed_ms == one.observed_ms
    ended = side.state.held[one.number]
    assert (ended.standing, ended.serial, ended.ended_by) == (Standing.SENT, 0, Role.RELEASING_AUTHORITY)
    again = side.order(ApproveRelease(question=one.number, sight=one.sight.hex()), hand=b"third")
    assert isinstance(again, Refusal)


def test_a_yes_is_to_the_hash_that_was_seen_and_needs_a_person():
    """REL-26."""
    side = held_night()
    wrong = yes(side, ANNA, sight="0" * 64)
    nobody = yes(side, b"")
    officer = side.order(ApproveRelease(question=1, sight=pending(side).sight.hex()), role=Role.DUTY_OFFICER, hand=ANNA)
    unknown = side.order(ApproveRelease(question=9, sight="0" * 64), hand=ANNA)
    assert [no.field for no in (wrong, nobody, officer, unknown)] == ["sight", "person", "role", "question"]
    assert pending(side).question.approvals == ()


def test_a_no_is_enough_and_the_machine_does_not_ask_again():
    """REL-28. A person may."""
    side = held_night()
    assert yes(side, ANNA) is None
    assert "notice us" in side.owes()
    assert side.order(RefuseRelease(question=1, text="not this one"), hand=BORIS) is None
    assert (side.state.held[1].standing, side.state.held[1].why) == (Standing.REFUSED, "not this one")
    assert "notice us" not in side.owes()
    later(side, 31)
    side.take(snapshot(side.now, WORLD, 1))
    assert waiting(side.state) == []
    [incident] = side.incidents()
    assert side.order(SendNotice(incident=incident.id, channel=CHANNEL)) is None
    assert pending(side).number == 2
    assert sent(side) == []


def test_the_end_of_the_time_is_a_no():
    """REL-28. Shown, recorded, and the same after a restart."""
    side = held_night()
    assert yes(side, ANNA) is None
    side.now = pending(side).ends_at
    side.take(Ticked())
    assert pending(side).number == 1
    side.now = Instant(side.now + 1)
    late = yes(side, BORIS)
    assert isinstance(late, Refusal)
    side.take(Ticked())
    assert side.state.held[1].standing is Standing.LAPSED
    assert "notice us" not in side.owes()
    assert any(isinstance(decode_event(row), ReleaseFellDue) for _, row in side.disk.journal())
    held = side.state.held
    side.restart()
    assert side.state.held == held
    assert sent(side) == []


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_a_restart_forgets_no_question_and_no_yes(cut):
    """REL-29. By the journal, and by a bookmark."""
    side = held_night()
    steps = (lambda: yes(side, ANNA), lambda: yes(side, BORIS))
    for number, step in enumerate(steps):
        if number == cut:
            before = side.state
            side.restart()
            assert (side.state.held, side.state.next_question) == (before.held, before.next_question)
            marked = from_bookmark(side.fresh, bookmark_of(before))
            assert isinstance(marked, NodeState)
            assert (marked.held, marked.taken_at, marked.next_question) == (before.held, BEGIN, before.next_question)
        assert step() is None
    assert len(sent(side)) == 1
    side.restart()
    assert len(sent(side)) == 1
    assert side.state.held[1].standing is Standing.SENT


def test_the_next_look_at_the_same_object_asks_nothing_new_but_a_person_does():
    """REL-27. A yes could never keep up with a track; the message keeps its time of observation."""
    side = held_night()
    assert yes(side, ANNA) is None
    first = pending(side)
    later(side, 62)
    side.take(snapshot(side.now, WORLD, 1))
    assert pending(side) == first
    [incident] = side.incidents()
    assert side.order(SendNotice(incident=incident.id, channel=CHANNEL)) is None
    fresh = pending(side)
    assert side.state.held[first.number].standing is Standing.REPLACED
    assert fresh.number == first.number + 1
    assert fresh.sight != first.sight
    assert fresh.question.approvals == ()
    assert yes(side, BORIS) is None
    assert sent(side) == [], "the yes to the other content does not count"
    same = side.order(SendNotice(incident=incident.id, channel=CHANNEL))
    assert isinstance(same, Refusal)
    assert "waits for a releasing authority" in same.detail


def test_another_policy_asks_anew_or_not_at_all():
    """REL-27."""
    side = held_night()
    assert yes(side, ANNA) is None
    side.take(PolicyTaken(policy=asking(name="by-renamed"), sha256="2"))
    assert pending(side).number == 1, "it would show the same, and asks the same"
    rules = tuple(
        replace(rule, coarsen=replace(rule.coarsen, position_m=5_000)) if rule.id == "border-strip-100" else rule
        for rule in asking().rules
    )
    side.take(PolicyTaken(policy=replace(asking(), rules=rules), sha256="3"))
    assert (pending(side).number, pending(side).question.approvals) == (2, ())
    assert side.state.held[1].standing is Standing.REPLACED
    side.take(PolicyTaken(policy=policy_of(BY), sha256="4"))
    assert side.state.held[2].standing is Standing.WITHDRAWN
    assert waiting(side.state) == []
    assert sent(side) == []


def test_what_leaves_by_another_rule_ends_the_question():
    """REL-27. The object was asked about as an aircraft; it is a drone by now, which another rule tells at once."""
    side = Side(BY)
    side.take(PolicyTaken(policy=policy_of(BY), sha256="1"))
    seen = snapshot(side.now, {**WORLD, "position": CELL.centre.position()}, 1)
    aircraft = replace(seen.snapshot, track=replace(seen.snapshot.track, status=Status.AIRCRAFT))
    side.take(replace(seen, snapshot=aircraft))
    assert pending(side).rule == "manned"
    later(side, 31)
    side.take(snapshot(side.now, WORLD, 1))
    assert len(sent(side)) == 1
    assert waiting(side.state) == []
    assert side.state.held[1].standing is Standing.REPLACED


def test_what_has_all_yeses_still_waits_for_its_time():
    """REL-4, REL-26."""
    side = held_night(asking(delay_s=300))
    assert (yes(side, ANNA), yes(side, BORIS)) == (None, None)
    until = pending(side).not_before_ms
    assert until is not None
    side.now = Instant(until - 1)
    side.take(Ticked())
    assert sent(side) == []
    side.now = until
    side.take(Ticked())
    assert len(sent(side)) == 1


def test_a_form_is_held_as_well_and_then_delivered():
    """REL-26. The partner gets it, and nothing of who said yes."""
    side, partner = held_night(), Side(LT)
    assert (yes(side, ANNA), yes(side, BORIS)) == (None, None)
    side.take(PolicyTaken(policy=asking(1, rules=("forms",), name="forms-too"), sha256="5"))
    [incident] = side.incidents()
    assert side.order(SendQuery(incident=incident.id, channel=CHANNEL, object=1, text="is it?")) is None
    one = pending(side)
    assert one.text == "is it?"
    assert isinstance(from_bookmark(side.fresh, bookmark_of(side.state)), NodeState)
    assert yes(side, ANNA) is None
    deliver(side, partner)
    assert [entry.type for entry in partner.got()] == ["NOTICE", "QUERY"]


def test_the_audit_knows_who_was_asked():
    """REL-23. With the yeses of the journal it is sound; without one of them it is not."""
    side = held_night()
    later(side, 40)
    yes(side, ANNA)
    later(side, 40)
    yes(side, BORIS)
    rows = [(at, event) for at, data in side.disk.journal() if not isinstance(event := decode_event(data), Refusal)]
    journal = journal_of(BY, rows)
    assert len(journal.approvals) == 2
    assert audit(journal, sent(side)).unfit == ()
    [unfit] = audit(replace(journal, approvals=journal.approvals[:1]), sent(side)).unfit
    assert "asks 2 persons, and 1" in unfit.why


def test_a_correction_is_asked_about_as_what_it_corrects_and_is_a_matter_of_its_own():
    """REL-26, REL-23. A yes is to the CORRECT; a question about the next UPDATE waits beside it."""
    side = held_night()
    yes(side, ANNA)
    yes(side, BORIS)
    [incident] = side.incidents()
    meant = SendNotice(incident=incident.id, channel=CHANNEL)
    correct = CorrectMessage(channel=CHANNEL, serial=0, by=meant)
    later(side, 40)
    assert side.order(meant) is None
    assert side.order(correct) is None
    update, correction = waiting(side.state)
    assert (update.draft.kind, correction.draft.kind) == ("UPDATE", "CORRECT")
    side.restart()
    assert waiting(side.state) == [update, correction]
    yes(side, ANNA, number=correction.number)
    yes(side, BORIS, number=correction.number)
    assert [one.type for one in sent(side)] == ["NOTICE", "CORRECT"]
    assert waiting(side.state) == [update]
    rows = [(at, event) for at, data in side.disk.journal() if not isinstance(event := decode_event(data), Refusal)]
    journal = journal_of(BY, rows)
    assert audit(journal, sent(side)).unfit == ()
    [unfit] = audit(replace(journal, approvals=journal.approvals[:3]), sent(side)).unfit
    assert (unfit.serial, "asks 2 persons, and 1" in unfit.why) == (1, True)


def test_open_questions_have_a_bound(monkeypatch):
    """limits.QUESTIONS_OPEN, limits.QUESTIONS_ENDED."""
    monkeypatch.setattr(limits, "QUESTIONS_OPEN", 1)
    monkeypatch.setattr(limits, "QUESTIONS_ENDED", 2)
    side = held_night(asking(1, rules=("border-strip-100", "forms")))
    [incident] = side.incidents()
    full = side.order(SendQuery(incident=IncidentId(incident.id), channel=CHANNEL, object=1))
    assert isinstance(full, Refusal)
    assert full.reason is Reason.BUSY
    for _ in range(5):
        later(side, 31)
        side.take(snapshot(side.now, WORLD, 1))
        assert side.order(SendNotice(incident=incident.id, channel=CHANNEL)) is None
    assert len(side.state.held) == 3


acts = st.lists(
    st.tuples(st.sampled_from(["yes", "no", "look", "send", "late"]), st.sampled_from([ANNA, BORIS])), max_size=8
)


@given(acts)
@settings(max_examples=60, deadline=None)
def test_nothing_leaves_without_two_persons_and_replay_agrees(acts_of_people):
    """REL-26, REL-29. Whatever people and time do: each message has the yes of two hands to just its bytes."""
    side = held_night()
    for act, hand in acts_of_people:
        later(side, 40)
        numbers = [one.number for one in waiting(side.state)]
        if act == "yes" and numbers:
            yes(side, hand)
        elif act == "no" and numbers:
            side.order(RefuseRelease(question=numbers[0]), hand=hand)
        elif act == "look":
            side.take(snapshot(side.now, WORLD, 1))
        elif act == "send":
            [incident] = side.incidents()
            side.order(SendNotice(incident=incident.id, channel=CHANNEL))
        elif act == "late":
            later(side, WITHIN_S)
            side.take(Ticked())
    for message in sent(side):
        told = msgspec.json.encode(message.body, order="sorted")
        [source] = [one for one in side.state.held.values() if one.serial == message.serial]
        assert source.told == told
        assert len({given_.person for given_ in source.question.approvals if given_.sight == source.sight}) == 2
    held, size = side.state.held, len(sent(side))
    side.restart()
    assert (side.state.held, len(sent(side))) == (held, size)


hands = st.lists(st.binary(min_size=16, max_size=16), min_size=2, max_size=2, unique=True)


@given(hands, hands, st.integers(1, 1 << 40))
@settings(max_examples=30, deadline=None)
def test_other_people_change_no_byte_that_leaves(first, second, number):
    """PEO-4. Names become hands and numbers, which stay in the journal: log, head and delivery are the same, but for
    the signatures, which ML-DSA makes anew each time."""
    left = [what_leaves(people, at) for people, at in ((first, 1), (second, number))]
    assert left[0] == left[1]
    assert not any(hand in data for hand in (*first, *second) for data in left[0])


def what_leaves(people, number):
    side = held_night()
    for hand in people:
        one = pending(side)
        command = ApproveRelease(question=one.number, sight=one.sight.hex())
        assert side.order(command, hand=hand, act=number) is None
    [incident] = side.incidents()
    for hand in people:
        query = SendQuery(incident=incident.id, channel=CHANNEL, object=1)
        assert side.order(query, hand=hand, act=number) is None
    session = side.state.session(CHANNEL)
    entries = side.disk.entries(session.own.key.name, 0, session.own.size)
    outgoing = next_delivery(session)
    assert outgoing is not None
    delivery = delivery_bytes(outgoing, tuple(entries[outgoing.first : outgoing.end]))
    return [*entries, delivery.partition(b"\n\n\xe2\x80\x94")[0], b"%d" % len(delivery)]


def test_of_a_line_test_nobody_is_asked():
    """REL-26."""
    side = Side(BY)
    side.take(PolicyTaken(policy=asking(1, rules=("line-tests",)), sha256="1"))
    assert isinstance(side.order(LineTest(channel=CHANNEL)), Refusal)
    assert waiting(side.state) == []
