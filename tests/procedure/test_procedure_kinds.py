"""Which table an incident runs: the first message under its name decides, on both sides, whatever crosses."""

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.procedure.procedure_scene import BY, BY_LT, LAWS, LT, T0, TABLES, agreement_text, at, done, message, track

from redshank.procedure import record
from redshank.procedure.agreement import in_force, parse_agreement
from redshank.procedure.incident import Act, Direction, Incidents, OpenedBy, acts
from redshank.procedure.kinds import INTENTS, RULES, IncidentKind, kind_of, opened_by
from redshank.procedure.obligation import MessageRef, Owner
from redshank.procedure.table import CROSSED, FORECAST, LOST, IncidentPhase
from redshank.procedure.voiced import heard
from redshank.terms import limits
from redshank.terms.ids import IncidentId, PartyId
from redshank.terms.message import Message, NoticeBody, Phase
from redshank.terms.message import MessageType as M
from redshank.terms.refusal import Reason, Refusal

OURS, THEIRS = IncidentId("LT-2026-000001"), IncidentId("BY-2026-000001")
FIRST_WORDS = ("possible", "crossing", "crossed", "many", "lost", "query")
KINDS = {
    "possible": IncidentKind.NOTICE, "crossing": IncidentKind.CROSSING, "crossed": IncidentKind.CROSSING,
    "many": IncidentKind.BALLOON_NIGHT, "lost": IncidentKind.SEARCH, "query": IncidentKind.QUERY,
}  # fmt: skip


def word(which: str, sender: PartyId, serial: int, name: str) -> Message:
    kinds = {"lost": M.LOST, "query": M.QUERY}
    told = message(kinds.get(which, M.NOTICE), sender, serial, name)
    if not isinstance(told.body, NoticeBody):
        return told
    phase = Phase(which) if which in tuple(Phase) else Phase.POSSIBLE
    state = msgspec.structs.replace(told.body.object, count=25 if which == "many" else 1)
    return msgspec.structs.replace(told, body=msgspec.structs.replace(told.body, phase=phase, object=state))


def opened(me: PartyId, intent: object = FORECAST) -> Incidents:
    incidents = done(record.opened(Incidents.none(me), TABLES, OpenedBy.FORECAST, track(f"{me}/1"), None, (), T0))
    name = next(iter(incidents.open))
    after = record.happened(incidents, TABLES, name, intent, T0, BY_LT)  # type: ignore[arg-type]
    return incidents if isinstance(after, Refusal) else after


def kinds(incidents: Incidents) -> dict[str, IncidentKind]:
    """The kind under each name that a thread of the channel is known by."""
    every = (*incidents.open.values(), *incidents.closed.values())
    return {
        entry.incident: one.threads[BY_LT].kind
        for one in every
        for entry in one.messages(BY_LT)
        if entry.incident is not None
    }


@pytest.mark.parametrize("which", FIRST_WORDS)
def test_the_first_message_gives_the_kind_on_both_sides(which: str):
    """PROC-33"""
    first = word(which, LT, 0, OURS)
    assert kind_of(first) is KINDS[which]
    mine = done(record.sent(opened(LT), TABLES, first, "rule", at(5)))
    theirs = done(record.got(Incidents.none(BY), TABLES, first, at(6)))
    threads = [held.get(OURS).threads[BY_LT] for held in (mine, theirs)]
    assert {thread.kind for thread in threads} == {KINDS[which]}
    assert all(TABLES.of(thread).row(thread.state, "sent:CLOSE") is not None for thread in threads)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("opens", "kind"),
    [
        (M.OWN_OBJECT, IncidentKind.OWN_OBJECT),
        (M.MEASURE, IncidentKind.OWN_MEASURE),
        (M.FIND, IncidentKind.FIND),
        (M.WARNING, IncidentKind.PUBLIC_WARNING),
    ],
)
def test_a_type_of_its_own_begins_a_kind_of_its_own(opens: M, kind: IncidentKind):
    """PROC-33: the agreement names a table for it, and the table can begin with it on both sides."""
    said = msgspec.structs.replace(message(M.NOTICE, LT, 0, OURS), type=opens)
    mine = done(record.sent(opened(LT), TABLES, said, "rule", T0)).get(OURS).threads[BY_LT]
    theirs = done(record.got(Incidents.none(BY), TABLES, said, T0)).get(OURS).threads[BY_LT]
    assert mine.kind is theirs.kind is kind
    assert TABLES.of(mine).name == TABLES.of(theirs).name == kind.value


@pytest.mark.parametrize("later", ["crossing", "crossed", "many"])
def test_no_later_message_changes_the_kind(later: str):
    """PROC-33, PROC-35: what goes on under a name goes on under its table."""
    mine = done(record.sent(opened(LT), TABLES, word("possible", LT, 0, OURS), "rule", at(5)))
    update = msgspec.structs.replace(word(later, LT, 1, OURS), type=M.UPDATE)
    for after in (update, word(later, LT, 1, OURS)):
        assert (
            done(record.sent(mine, TABLES, after, "rule", at(9))).get(OURS).threads[BY_LT].kind is IncidentKind.NOTICE
        )


@settings(max_examples=200, deadline=None)
@given(
    words=st.tuples(st.sampled_from(FIRST_WORDS), st.sampled_from(FIRST_WORDS)),
    intents=st.tuples(st.sampled_from(list(INTENTS)), st.sampled_from(list(INTENTS))),
    joins=st.tuples(st.booleans(), st.booleans()),
    lt_first=st.booleans(),
    again=st.booleans(),
)
def test_both_open_at_once_and_each_name_has_one_kind_on_both_sides(
    words: tuple[str, str],
    intents: tuple[object, object],
    joins: tuple[bool, bool],
    lt_first: bool,
    again: bool,
):
    """PROC-34: in either order, whatever each meant before and whether it holds the two to be one object or not: what
    was begun as two kinds stays two incidents; what was begun as one kind may be one. Whatever is known under a name on
    both sides runs the same table there."""
    said = {LT: word(words[0], LT, 0, OURS), BY: word(words[1], BY, 0, THEIRS)}
    nodes = {LT: opened(LT, intents[0]), BY: opened(BY, intents[1])}
    for me in (LT, BY) if lt_first else (BY, LT):
        nodes[me] = done(record.sent(nodes[me], TABLES, said[me], "rule", at(5)))
    for me, other, own, joined in ((LT, BY, OURS, joins[0]), (BY, LT, THEIRS, joins[1])):
        same_as = own if joined else None
        nodes[me] = done(record.got(nodes[me], TABLES, said[other], at(9), same_as=same_as))
        if again:
            assert record.got(nodes[me], TABLES, said[other], at(10), same_as=same_as) is nodes[me]
    assert kinds(nodes[LT]) == kinds(nodes[BY]) == {OURS: KINDS[words[0]], THEIRS: KINDS[words[1]]}
    if KINDS[words[0]] is not KINDS[words[1]]:
        assert len(nodes[LT].open) == len(nodes[BY].open) == 2


@pytest.mark.parametrize(("given", "kind", "state"), [
    (CROSSED, IncidentKind.CROSSING, "crossing-seen"), (LOST, IncidentKind.SEARCH, "track-lost"),
])  # fmt: skip
def test_before_the_first_word_our_own_intent_decides_and_the_first_deadline_stays(
    given: object, kind: object, state: str
):
    """PROC-33: a NOTICE that was owed by second 60 is owed by then under the other table too, and what was missed stays
    missed."""
    incidents = record.happened(opened(LT), TABLES, OURS, given, at(50), BY_LT)  # type: ignore[arg-type]
    thread = done(incidents).get(OURS).threads[BY_LT]
    assert (thread.kind, thread.state) == (kind, state)
    [notice] = [o for o in thread.obligations if o.what == "notice"]
    assert (notice.due, notice.began_at) == (at(60), T0)
    back = done(record.happened(done(incidents), TABLES, OURS, FORECAST, at(55), BY_LT))
    assert back.get(OURS).threads[BY_LT].kind is kind


def test_what_the_partner_says_first_counts_whatever_we_meant():
    """PROC-33: we owed a NOTICE of a crossing; the partner's first word joins it as a search."""
    mine = opened(LT, CROSSED)
    joined = done(record.got(mine, TABLES, word("lost", BY, 0, THEIRS), at(9), same_as=OURS))
    thread = joined.get(OURS).threads[BY_LT]
    assert thread.kind is IncidentKind.SEARCH
    assert {(o.what, o.owner) for o in thread.obligations} == {("ack", Owner.US), ("close", Owner.US)}
    assert any(o.what == "notice" and o.settled_at == at(9) for o in thread.settled)


def test_by_voice_a_first_message_that_comes_later_puts_the_table_right():
    """PROC-33, VOICE-19: what was heard of serial 1 ran a notice; the signed serial 0 says that it was a crossing."""
    late = heard(Incidents.none(LT), TABLES, word("possible", BY, 1, THEIRS), at(5))
    assert done(late).get(THEIRS).threads[BY_LT].kind is IncidentKind.NOTICE
    right = done(record.got(done(late), TABLES, word("crossing", BY, 0, THEIRS), at(30)))
    thread = right.get(THEIRS).threads[BY_LT]
    assert thread.kind is IncidentKind.CROSSING
    assert thread.got_upto == MessageRef(2026, 0, 0)
    [ack] = [o for o in thread.obligations if o.what == "ack"]
    assert ack.due == at(65)
    assert len(right.get(THEIRS).messages(BY_LT, Direction.GOT)) == 2


def test_a_first_word_that_was_refused_is_the_first_all_the_same(monkeypatch: pytest.MonkeyPatch):
    """PROC-33, PROC-18: its sender runs a notice; the LOST that follows must not begin a search here."""
    empty = Incidents.none(LT)
    after = record.not_taken(empty, word("possible", BY, 0, THEIRS))
    refusal = record.got(after, TABLES, word("lost", BY, 1, THEIRS), at(9))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.UNKNOWN_INCIDENT
    assert record.not_taken(after, word("lost", BY, 1, THEIRS)) is after
    assert record.not_taken(empty, word("lost", BY, 0, OURS)) is empty  # a name that BY can not give
    assert record.not_taken(empty, message(M.ACK, BY, 0, THEIRS)) is empty
    monkeypatch.setattr(limits, "REFUSED_FIRST_WORDS", 2)
    for number in range(1, 5):
        after = record.not_taken(after, word("lost", BY, number, f"BY-2026-{number:06d}"))
    assert after.unopened[BY_LT] == ("BY-2026-000003", "BY-2026-000004")


def test_an_agreement_with_one_table_runs_it_for_all_and_takes_no_other_first_word():
    """PROC-33: `procedure: notice`; a LOST or a QUERY can not begin a notice."""
    text = agreement_text("BY-LT")
    begin, end = text.index("procedures:"), text.index("deadlines:")
    tables = in_force(LAWS, {BY_LT: parse_agreement(text[:begin] + "procedure: notice\n" + text[end:], LAWS)})
    crossed = done(record.got(Incidents.none(LT), tables, word("crossed", BY, 0, THEIRS), T0))
    assert tables.of(crossed.get(THEIRS).threads[BY_LT]).name == "notice"
    for which in ("lost", "query"):
        assert isinstance(record.got(Incidents.none(LT), tables, word(which, BY, 0, THEIRS), T0), Refusal)


def test_the_symmetry_case_a_first_query_runs_the_table_that_the_agreement_names():
    """PROC-33: between BY and LT a QUERY as the first word is a complaint, for whoever asks."""
    for asker, asked, name in ((LT, BY, OURS), (BY, LT, THEIRS)):
        said = word("query", asker, 0, name)
        mine = done(record.sent(opened(asker), TABLES, said, "rule", T0)).get(name).threads[BY_LT]
        theirs = done(record.got(Incidents.none(asked), TABLES, said, T0)).get(name).threads[BY_LT]
        assert TABLES.of(mine).name == TABLES.of(theirs).name == "complaint"
        owed = next(o for o in theirs.obligations if o.what == "reply")
        waited = next(o for o in mine.obligations if o.what == "reply")
        assert (owed.owner, waited.owner, owed.due) == (Owner.US, Owner.PARTNER, waited.due)


def test_a_person_may_ask_before_anything_was_told():
    """PROC-5, PROC-33"""
    assert Act.QUERY in acts(TABLES, opened(LT).get(OURS), BY_LT)
    assert opened(LT).get(OURS).threads[BY_LT].phase is IncidentPhase.OPEN


def test_the_spec_lists_the_rules():
    """PROC-33"""
    spec = (Path(__file__).parents[2] / "docs" / "spec" / "procedure.md").read_text(encoding="utf-8")
    listed = spec.partition("<!-- kinds -->")[2].partition("<!-- end")[0]
    _, *rows = re.findall(r"^\| ([A-Za-z-]+)[^|]* \| ([a-z-]+) \|$", listed, re.MULTILINE)
    assert rows == [(rule.opens, rule.kind.value) for rule in RULES]


def test_a_crossing_that_nobody_told_before_is_owed_sooner_than_one_that_was_forecast():
    """PROC-35: and under `notice` an UPDATE is owed when what was told of crosses, a LOST when it is lost."""
    told = done(record.sent(opened(LT), TABLES, word("possible", LT, 0, OURS), "rule", at(5)))
    for event, owed in ((CROSSED, "update"), (LOST, "lost")):
        after = done(record.happened(told, TABLES, OURS, event, at(9), BY_LT)).get(OURS).threads[BY_LT]
        assert any(o.what == owed and o.owner is Owner.US for o in after.obligations)
    dues = [TABLES.on(BY_LT, kind).obligations["notice"].deadline_s for kind in (KINDS["crossed"], KINDS["possible"])]
    assert dues == [30, 60]


def test_the_rules_are_data_and_each_kind_has_one():
    """PROC-33: by the name of a type; one that a version does not speak begins nothing there."""
    assert {rule.kind for rule in RULES} == set(IncidentKind)
    assert set(opened_by((M.NOTICE, M.ACK))) == {
        IncidentKind.BALLOON_NIGHT, IncidentKind.CROSSING, IncidentKind.NOTICE,
    }  # fmt: skip
