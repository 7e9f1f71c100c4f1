"""Agreements: what ships is honest about its sources, and bends the procedure by its own figures only."""

import datetime
import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from tests.procedure.procedure_scene import BY_LT, LAWS, ROOM, TABLE, TABLES, agreement_text, agreements

from redshank.procedure.agreement import AgreementState, Kind, bent, in_force, parse_agreement, permits
from redshank.procedure.agreement_findings import examine
from redshank.procedure.config import ConfigError
from redshank.procedure.explore import explore_obligations
from redshank.procedure.fingerprint import canonical_content, fingerprint
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.obligation import Owner, Step
from redshank.procedure.table import Owed
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.message import MessageType
from redshank.terms.refusal import Reason, Refusal

TEXT = agreement_text("BY-LT")
VECTORS = Path(__file__).parents[2] / "vectors" / "agreement"


def test_the_shipped_agreements():
    """PROC-20: six for the exercise, and one dormant because nothing is known."""
    shipped = agreements()
    active = {name for name, agreement in shipped.items() if agreement.state is AgreementState.ACTIVE}
    assert active == {"BY-LT", "BY-LV", "BY-PL", "EE-LV", "LT-LV", "LT-PL"}
    assert all(shipped[name].kind is Kind.EXERCISE for name in active)
    assert shipped[ChannelId("BY-EE")].state is AgreementState.DORMANT
    assert all(agreement.legal_basis.assumed for agreement in shipped.values())
    assert any("2001" in told.what for told in shipped[BY_LT].legal_basis.documented)


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("channel: BY-LT", "channel: LT-BY", "channel", "not the channel"),
        ("parties: [BY, LT]", "parties: [BY, BY]", "channel", "not the channel"),
        ("parties: [BY, LT]", "parties: [BY]", "parties", "length"),
        ("state: active", "state: alive", "state", "alive"),
        ("strip_km: 150", "strip_km: 0", "area.strip_km", "1 to 400"),
        ("interval_s: 600", "interval_s: 5", "line_test.interval_s", "30 to 86400"),
        ("deadlines: {}", "deadlines: {ack: 0}", "deadlines.ack", "1 to"),
        ("deadlines: {}", "deadlines: {acks: 90}", "deadlines.acks", "no obligation"),
        ("notice: notice", "notice: guess", "procedures.notice", "no procedure 'guess'"),
        ("escalation: []", "escalation: [{step: higher-level, after_s: 9}]", "escalation", "after_s: 0"),
        ("be, ru, lt, en", "be, ru, lt, de", "languages", "'de'"),
        ("be, ru, lt, en", "be, be", "languages", "each once"),
        ("ACK, CLOSE, AGREE-CLOSE,", "ACK, AGREE-CLOSE,", "messages", "CLOSE"),
        ("review_date: 2027-06-30", "review_date: soon", "review_date", "date"),
        ("review_date: 2027-06-30", "review: 2027-06-30", "file", "unknown field"),
        ("kind: exercise", "kind: exercise\nblame: BY", "file", "unknown field"),
    ],
)
def test_a_fault_is_named_with_its_line_and_field(old: str, new: str, field: str, words: str):
    """PROC-4"""
    assert old in TEXT
    with pytest.raises(ConfigError) as error:
        parse_agreement(TEXT.replace(old, new, 1), LAWS)
    assert error.value.field == field
    assert words in error.value.problem


def test_an_agreement_bends_deadlines_and_the_partners_ladder():
    """PROC-21"""
    ladder = "[{step: alternate-line, after_s: 0}, {step: higher-level, after_s: 30}]"
    text = TEXT.replace("deadlines: {}", "deadlines: {ack: 90}").replace("escalation: []", f"escalation: {ladder}")
    table = bent(TABLE, parse_agreement(text, LAWS))
    assert table.obligations["ack"].deadline_s == 90
    assert [rung.step for rung in table.obligations["ack"].ladder[Owner.PARTNER]] == [
        Step.ALTERNATE_LINE,
        Step.HIGHER_LEVEL,
    ]
    assert table.obligations["ack"].ladder[Owner.US] == TABLE.obligations["ack"].ladder[Owner.US]
    assert table.obligations["reply"].deadline_s == TABLE.obligations["reply"].deadline_s
    assert table.rows == TABLE.rows


def test_a_deadline_may_be_that_of_one_table():
    """PROC-21: with the table's name before it, and then it goes before the plain one."""
    text = TEXT.replace("deadlines: {}", "deadlines: {ack: 90, crossing.ack: 45}")
    tables = in_force(LAWS, {BY_LT: parse_agreement(text, LAWS)})
    kinds = (IncidentKind.NOTICE, IncidentKind.CROSSING, IncidentKind.SEARCH)
    assert [tables.on(BY_LT, kind).obligations["ack"].deadline_s for kind in kinds] == [90, 45, 90]
    with pytest.raises(ConfigError, match=r"no obligation 'crossing\.update'"):
        parse_agreement(TEXT.replace("deadlines: {}", "deadlines: {crossing.update: 45}"), LAWS)


def test_proc_26_a_party_by_voice_is_owed_a_read_out_in_the_place_of_a_receipt():
    """PROC-26: everywhere that the table says so, with the table's own figures or the agreement's; the rest stays."""
    text = TEXT + "by_voice: BY\n"
    agreement = parse_agreement(text, LAWS)
    assert agreement.by_voice == "BY"
    table = bent(TABLE, agreement)
    receipt, read_out = Owed("receipt", Owner.PARTNER), Owed("read-out", Owner.US)
    assert table.obligations.keys() - TABLE.obligations.keys() == {"read-out"}
    assert "receipt" not in table.obligations
    for place, row in TABLE.rows.items():
        spoken = table.rows[place]
        assert (spoken.to, spoken.needs) == (row.to, row.needs)
        for before, after in ((row.begins, spoken.begins), (row.settles, spoken.settles)):
            assert after == tuple(read_out if owed == receipt else owed for owed in before)
    rule = table.obligations["read-out"]
    assert (rule.deadline_s, [rung.step for rung in rule.ladder[Owner.US]]) == (
        180,
        [Step.SECOND_OFFICER, Step.HIGHER_LEVEL],
    )
    bending = text.replace("deadlines: {}", "deadlines: {read-out: 300}")
    assert bent(TABLE, parse_agreement(bending, LAWS)).obligations["read-out"].deadline_s == 300
    assert explore_obligations(table).violations == ()


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ("by_voice: LV", "by_voice", "neither BY nor LT"),
        ("by_voice: [BY, LT]", "by_voice", "str"),
        ("by_voice: BY\nby_voice: LT", "by_voice", "twice"),
    ],
)
def test_proc_26_one_of_the_two_parties_or_nobody(more: str, field: str, words: str):
    """PROC-26, VOICE-19"""
    with pytest.raises(ConfigError) as error:
        parse_agreement(TEXT + more + "\n", LAWS)
    assert (error.value.field, words in error.value.problem) == (field, True), error.value


def test_proc_26_a_table_must_provide_for_it():
    """PROC-26: and a name that it alone has is refused elsewhere."""
    bare = msgspec.structs.replace(TABLE, read_out=None)
    spoken = TEXT + "by_voice: BY\n"
    for use in (lambda: parse_agreement(spoken, {**LAWS, "notice": bare}), lambda: bent(bare, parse_agreement(spoken))):
        with pytest.raises(ConfigError, match="provides for no partner without a node"):
            use()
    with pytest.raises(ConfigError, match="no obligation 'read-out'"):
        parse_agreement(TEXT.replace("deadlines: {}", "deadlines: {read-out: 300}"), LAWS)


def test_a_procedure_that_does_not_exist_is_refused():
    """PROC-4"""
    with pytest.raises(ConfigError, match="no procedure 'guess'"):
        in_force(LAWS, {BY_LT: parse_agreement(TEXT.replace("notice: notice", "notice: guess"))})


@pytest.mark.parametrize("state", ["dormant", "suspended", "ended"])
def test_only_an_active_agreement_carries_messages(state: str):
    """PROC-22, AGR-6, AGR-10"""
    agreement = msgspec.structs.replace(parse_agreement(TEXT), state=AgreementState(state))
    refusal = permits(agreement, MessageType.NOTICE)
    assert refusal is not None
    assert refusal.reason is Reason.CHANNEL_NOT_ACTIVE
    always = {MessageType.TEST, MessageType.TEST_REPLY, MessageType.ACK}
    closing = {MessageType.CLOSE, MessageType.AGREE_CLOSE} if state == "ended" else set()
    assert {kind for kind in agreement.messages if permits(agreement, kind) is None} == always | closing


def test_a_type_that_the_agreement_does_not_name_is_not_allowed():
    """PROC-22"""
    agreement = parse_agreement(TEXT.replace("QUERY, REPLY, ", ""))
    assert permits(agreement, MessageType.NOTICE) is None
    refusal = permits(agreement, MessageType.QUERY)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_ALLOWED


def test_a_channel_without_an_agreement_carries_nothing():
    """PROC-22"""
    refusal = TABLES.permits(ChannelId("BY-RU"), MessageType.NOTICE)
    assert refusal is not None
    assert refusal.reason is Reason.WRONG_CHANNEL


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("kind: exercise", "kind: bilateral", "state: active", "only the two parties' acts activate it"),
        ("state: active", "state: suspended", "state: suspended", "is what acts make of it"),
        ("state: active", "state: ended", "state: ended", "begins as dormant or active"),
    ],
)
def test_agr_5_a_file_says_where_an_agreement_begins(old: str, new: str, where: str, words: str):
    """AGR-5: a bilateral one as dormant; the error has the line."""
    text = TEXT.replace(old, new)
    with pytest.raises(ConfigError) as error:
        parse_agreement(text)
    assert (error.value.field, words in error.value.problem) == ("state", True), error.value
    assert error.value.line == text[: text.index(where)].count("\n") + 1


ARTICLES = """articles:
  - {id: art-3, says: "each tells the other", source: "x"}
  - {id: art-6, says: "within five minutes", source: "x"}
"""


def test_agr_13_what_is_said_may_name_the_article_that_it_rests_on():
    """AGR-13"""
    under = "under: {messages.NOTICE: art-3, deadlines.ack: art-6, procedures.notice: art-3, line_test: art-6}\n"
    text = TEXT.replace("deadlines: {}", "deadlines: {ack: 120}") + ARTICLES + under
    assert parse_agreement(text, LAWS).under["deadlines.ack"] == "art-6"


@pytest.mark.parametrize(
    ("under", "words"),
    [
        ("messages.NOTICE: art-7", "no article of this agreement (art-3, art-6)"),
        ("messages.LOG-END: art-3", "nothing that this agreement says"),
        ("deadlines.ack: art-3", "nothing that this agreement says"),
        ("hotline: art-3", "nothing that this agreement says"),
    ],
)
def test_agr_13_an_article_that_is_not_there_is_an_error_with_its_line(under: str, words: str):
    """AGR-13: and so is a citation of what the agreement does not say."""
    text = TEXT + ARTICLES + f"under:\n  {under}\n"
    with pytest.raises(ConfigError) as error:
        parse_agreement(text, LAWS)
    assert words in error.value.problem
    assert error.value.line == text.count("\n")
    [finding] = examine(text, LAWS, datetime.date(2026, 5, 7))
    assert (finding.line, "bind nobody" in finding.consequence) == (text.count("\n"), True), finding


def test_agr_13_articles_are_bounded_and_each_has_one_name():
    """AGR-13: AGREEMENT_ARTICLES"""
    one = "  - {{id: art-{0}, says: x, source: x}}\n"
    most = "articles:\n" + "".join(one.format(n) for n in range(limits.AGREEMENT_ARTICLES))
    assert len(parse_agreement(TEXT + most).articles) == limits.AGREEMENT_ARTICLES
    for text in (most + one.format("more"), "articles:\n" + one.format(1) * 2):
        with pytest.raises(ConfigError, match="each id once"):
            parse_agreement(TEXT + text)


def test_agr_14_a_role_is_a_post_of_a_party():
    """AGR-14"""
    held = "roles:\n  - {role: duty-officer, party: LT, post: Airspace surveillance desk}\n"
    assert parse_agreement(TEXT + held).roles[0].role.value == "duty-officer"
    with pytest.raises(ConfigError, match="'PL' is no party of BY-LT"):
        parse_agreement(TEXT + held.replace("LT", "PL"))


def test_agr_2_the_fingerprint_is_that_of_the_text_alone():
    """AGR-2: comments, order and the state that a file begins in change nothing; what it says does."""
    plain = fingerprint(parse_agreement(TEXT))
    shuffled = "# another comment\n" + "\n".join(
        [*[line for line in TEXT.splitlines() if line.startswith(("title:", "kind:"))],
         *[line for line in TEXT.splitlines() if not line.startswith(("title:", "kind:", "#"))]]
    )  # fmt: skip
    alike = (shuffled, TEXT.replace("state: active", "state: dormant"), TEXT.replace("[BY, LT]", "[LT, BY]"))
    assert {fingerprint(parse_agreement(text)) for text in alike} == {plain}
    other = (TEXT.replace("strip_km: 150", "strip_km: 149"), TEXT + ARTICLES, TEXT.replace(": 600", ": 601"))
    assert plain not in {fingerprint(parse_agreement(text)) for text in other}


def test_agr_2_the_vectors_are_what_the_code_says():
    """AGR-2: content and hash of the documented bases; the hash is that of the content, which anybody can take."""
    for one in json.loads((VECTORS / "fingerprints.json").read_text(encoding="utf-8"))["agreements"]:
        agreement = parse_agreement((ROOM / "bases" / f"{one['name']}.yaml").read_text(encoding="utf-8"))
        assert canonical_content(agreement).decode() == one["content"]
        assert hashlib.sha256(one["content"].encode()).hexdigest() == fingerprint(agreement) == one["sha256"]
