"""Agreements: what ships is honest about its sources, and bends the procedure by its own figures only."""

import msgspec
import pytest
from tests.procedure.procedure_scene import BY_LT, LAWS, TABLE, TABLES, agreement_text, agreements

from redshank.procedure.agreement import AgreementState, Kind, bent, in_force, parse_agreement, permits
from redshank.procedure.config import ConfigError
from redshank.procedure.explore import explore_obligations
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.obligation import Owner, Step
from redshank.procedure.table import Owed
from redshank.terms.ids import ChannelId
from redshank.terms.message import MessageType
from redshank.terms.refusal import Reason, Refusal

TEXT = agreement_text("BY-LT")


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
    """PROC-22"""
    agreement = parse_agreement(TEXT.replace("state: active", f"state: {state}"))
    refusal = permits(agreement, MessageType.NOTICE)
    assert refusal is not None
    assert refusal.reason is Reason.CHANNEL_NOT_ACTIVE


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
