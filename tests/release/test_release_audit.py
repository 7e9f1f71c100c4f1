"""The audit: what the policy lets out passes, and each way in which a message could say more is found."""

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from tests.node.node_pair import BEGIN, BY, CAST, CHANNEL, LT, Side
from tests.release.release_drafts import NOW, POLICY, POLICY_TEXT, form, form_drafts, track_drafts
from tests.release.test_release_laws import OPEN
from tests.release.test_release_silence import CELL, snapshot

from redshank.edges.recovery import recover
from redshank.edges.turn import take_turn
from redshank.exchange.envelope import Place, parse_entry
from redshank.exercise.simulation.scenes import policy_of
from redshank.node.audit import audit, journal_of, newest_fact
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.events import PolicyTaken, decode_event, encode_event
from redshank.node.state import NodeState
from redshank.release.asking import Approval
from redshank.release.audit import outside
from redshank.release.decide import decide
from redshank.release.policy import Extent, Policy
from redshank.release.reader import parse_policy
from redshank.release.released import Released, Withheld
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType, PointE7
from redshank.terms.refusal import Refusal
from redshank.terms.track import Status

SILENT = Policy(policy="silent", party=BY, rules=(), extent=Extent.NOTHING)
WORLD = {
    "late_ms": 0,
    "position": None,
    "altitude_m": 500.0,
    "sources": (),
    "reports": 5,
    "trail": (),
    "first_at": BEGIN,
    "distance_m": 9_000.0,
    "likely": 0.75,
    "milli": 0,
    "districts": 2,
}


def world():
    return {**WORLD, "position": CELL.centre.position()}


@given(track_drafts | form_drafts)
@settings(max_examples=200, deadline=None)
def test_whatever_the_decision_lets_out_lies_within_the_policy(asked):
    """REL-23. The second look agrees with the first, for a coarse policy and for an open one."""
    for policy in (POLICY, OPEN):
        made = decide(policy, asked, NOW)
        if isinstance(made, Released):
            assert outside(policy, made.partner, message(made)) is None


def message(made, **changes):
    fields = {
        "type": made.type,
        "channel": made.channel,
        "sender": PartyId("LT"),
        "year": 2026,
        "serial": 0,
        "stated_ms": NOW,
        "body": made.body,
        "incident": made.incident,
        "observed_ms": made.observed_ms,
        "text": made.text,
    }
    return Message(**(fields | changes))


def taken(policy, since):
    return since, PolicyTaken(policy=policy, sha256="0" * 64)


@pytest.fixture(scope="module")
def night():
    """BY tells LT of one object, three times; then its policy falls silent, and it would tell a fourth time."""
    side = Side(BY)
    side.take(PolicyTaken(policy=policy_of(BY), sha256="1"))
    for number in range(4):
        side.now = Instant(BEGIN + number * 62_000)
        if number == 3:
            side.take(PolicyTaken(policy=SILENT, sha256="2"))
        side.take(snapshot(side.now, world(), 1))
    own = side.state.session(CHANNEL).own
    entries = side.disk.entries(own.key.name, 0, own.size)
    sent = [parse_entry(entry, Place(CHANNEL, BY, 2026, n), None) for n, entry in enumerate(entries)]
    assert all(isinstance(one, Message) for one in sent)
    rows = [(at, event) for at, data in side.disk.journal() if not isinstance(event := decode_event(data), Refusal)]
    return side, sent, journal_of(BY, rows)


def test_a_night_is_audited_and_what_was_withheld_is_named(night):
    """REL-21, REL-23. Nothing leaves under the silent policy, and the audit says by which rule."""
    _, sent, journal = night
    report = audit(journal, sent)
    assert report.unfit == ()
    assert (report.sent, report.about_tracks) == (3, 3)
    assert [(kept.partner, kept.rule, kept.decisions) for kept in report.kept] == [(LT, "default-deny", 1)]


def changed(one, **changes):
    """The message with another object."""
    told = msgspec.structs.replace(one.body.object, **changes)
    return msgspec.structs.replace(one, body=msgspec.structs.replace(one.body, object=told))


def moved_by_a_cell(one):
    return changed(one, at=PointE7(one.body.object.at.lat_e7 + 179_051, one.body.object.at.lon_e7))


LEAKS = [
    (lambda one: changed(one, altitude_m=437), "altitude"),
    (lambda one: changed(one, at=PointE7(545_000_000, 260_000_000)), "grid"),
    (lambda one: changed(one, accuracy_m=37), "accuracy"),
    (lambda one: changed(one, course_deg=301), "course"),
    (lambda one: changed(one, speed_kmh=131), "speed"),
    (lambda one: changed(one, status=Status.HELICOPTER), "helicopter"),
    (lambda one: changed(one, count=2), "count"),
    (lambda one: changed(one, speed_kmh=600), "any snapshot"),
    (lambda one: changed(one, status=Status.BALLOON), "any snapshot"),
    (lambda one: msgspec.structs.replace(one, observed_ms=one.observed_ms + 1_000), "time of observation"),
    (lambda one: msgspec.structs.replace(one, observed_ms=one.observed_ms - 30_000), "any snapshot"),
    (lambda one: msgspec.structs.replace(one, text="by the way"), "remark"),
    (lambda one: msgspec.structs.replace(one, stated_ms=BEGIN - 1), "no policy"),
    (lambda one: msgspec.structs.replace(one, stated_ms=BEGIN + 999_000), "outside the policy silent"),
]


@pytest.mark.parametrize(("leak", "told"), LEAKS)
def test_whatever_says_more_than_it_may_is_found(night, leak, told):
    """REL-23."""
    _, sent, journal = night
    report = audit(journal, [leak(sent[0]), *sent[1:]])
    assert report.unfit[0].serial == 0
    assert told in report.unfit[0].why


def test_an_update_before_its_time_is_found(night):
    """REL-23."""
    _, sent, journal = night
    early = msgspec.structs.replace(sent[1], stated_ms=Instant(sent[0].stated_ms + 59_999))
    assert "interval" in audit(journal, [sent[0], early]).unfit[0].why


def test_a_form_between_two_updates_is_no_update(night):
    """REL-23. Only what is about an object is paced."""
    _, sent, journal = night
    ack = decide(policy_of(BY), form(MessageType.ACK, partner=LT), NOW)
    assert isinstance(ack, Released)
    at = Instant(sent[1].stated_ms - 1_000)
    said = message(ack, sender=BY, stated_ms=at, incident=sent[0].incident, in_reply_to=0)
    assert audit(journal, [sent[0], said, sent[1]]).unfit == ()


def test_what_a_rule_asks_about_can_not_have_left_without_a_yes_to_just_that():
    """REL-20, REL-23. The second reading names the sight by itself, from what arrived."""
    made = decide(POLICY, form(MessageType.ACK), NOW)
    assert isinstance(made, Released)
    asking = POLICY_TEXT.replace("id: forms\n    effect: allow", "id: forms\n    effect: ask\n    ask: {within_s: 9}")
    assert outside(POLICY, BY, message(made)) is None
    policy = parse_policy(asking)
    held = decide(policy, form(MessageType.ACK), NOW)
    assert isinstance(held, Withheld)
    assert held.shown is not None
    yes = Approval(person="a", at=NOW, sight=held.shown.sight)
    assert "asks 1 persons, and 0" in str(outside(policy, BY, message(made)))
    assert outside(policy, BY, message(made), approvals=[yes]) is None
    for other in (replace(yes, sight=b"x"), replace(yes, at=NOW - 9_001), replace(yes, at=NOW + 1)):
        assert "asks 1 persons, and 0" in str(outside(policy, BY, message(made), approvals=[other]))
    assert "asks 1 persons" in str(outside(policy, BY, message(made, incident="LT-2026-000009"), approvals=[yes]))


def test_the_policy_is_part_of_the_journal(night):
    """REL-21. A replay under no policy at all gives the same messages; so does a bookmark."""
    side, _, _ = night
    silent = msgspec.structs.replace(SILENT, policy="none")
    fresh = replace(side.fresh, charter=replace(side.fresh.charter, policy=silent))
    again = recover(fresh, side.disk)
    assert again.policy == SILENT
    assert again.session(CHANNEL).own.size == 3
    marked = from_bookmark(fresh, bookmark_of(side.state))
    assert isinstance(marked, NodeState)
    assert marked.policy == SILENT


def test_a_policy_counts_from_its_turn_on_and_not_before():
    """REL-21. In one turn: a snapshot before it is told, one after it is not."""
    for order, told in (((1, 0), 1), ((0, 1), 0)):
        side = Side(BY)
        events = (PolicyTaken(policy=SILENT, sha256="2"), snapshot(side.now, world(), 1))
        done = take_turn(side.state, [events[n] for n in order], side.now, CAST[BY])
        assert done.state.session(CHANNEL).own.size == told


def test_in_one_millisecond_both_policies_may_have_decided():
    """REL-23."""
    rows = [taken(policy_of(BY), BEGIN), taken(SILENT, Instant(BEGIN + 5))]
    journal = journal_of(BY, rows)
    names = {n: [one.policy for one in journal.in_force(Instant(BEGIN + n))] for n in (-1, 0, 4, 5, 6)}
    both = ["by-exercise-1", "silent"]
    assert names == {-1: [], 0: both[:1], 4: both[:1], 5: both, 6: both[1:]}


def test_the_newest_decision_up_to_a_time_is_explained(night):
    """REL-22."""
    _, _, journal = night
    facts = [newest_fact(journal, TrackId("BY/1"), until) for until in (Instant(BEGIN + 61_999), None)]
    assert [fact and fact.at for fact in facts] == [BEGIN, BEGIN + 3 * 62_000]
    assert newest_fact(journal, TrackId("BY/2")) is None
    assert newest_fact(journal, TrackId("BY/1"), Instant(BEGIN - 1)) is None


def test_the_journal_keeps_conditions_with_names_that_python_does_not_allow():
    """REL-21. `from` is a word of the language; the journal says it as the file does."""
    text = POLICY_TEXT.replace("    within_km", "    hours: {from: '22:00', until: '04:00'}\n    within_km", 1)
    event = PolicyTaken(policy=parse_policy(text), sha256="3")
    assert decode_event(encode_event(event)) == event
