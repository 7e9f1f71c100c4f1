"""The life of an agreement on two nodes: dormant until both have activated one text, stopped by one, ended by either.

Real messages, real signatures, a real journal; the line works only when the story says so.
"""

import msgspec
import pytest
from msgspec.structs import replace
from tests.node.agreement_pair import (
    ACTIVE,
    DORMANT,
    ENDED,
    OTHER,
    SPEED_MPS,
    SUSPENDED,
    TEXT,
    Channel,
    dormant,
    incident_of,
    life,
    plane_report,
    said,
    state_of,
    why,
)
from tests.node.node_pair import BY, CHANNEL, LT, Side, deliver

from redshank.decode.decoded import Decoded
from redshank.exercise.simulation.scenes import law
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import (
    Acknowledge,
    Activate,
    AgreeClose,
    CloseIncident,
    Command,
    EndAgreement,
    OpenIncident,
    Resume,
    SendNotice,
    Suspend,
    TakeVoice,
)
from redshank.node.commands import TestLine as LineTest
from redshank.node.events import AgreementTaken, Reported, Ticked
from redshank.node.state import NodeState
from redshank.procedure.agreement import in_force
from redshank.procedure.fingerprint import fingerprint
from redshank.procedure.life import Effect
from redshank.terms import limits
from redshank.terms.ids import SourceId
from redshank.terms.message import EndWhy, MessageType, Outcome, SuspendWhy
from redshank.terms.refusal import Reason, Refusal

M = MessageType


@pytest.fixture
def channel() -> Channel:
    return Channel()


def test_agr_6_while_dormant_the_line_is_tested_and_nothing_of_an_incident_is_said(channel: Channel) -> None:
    """AGR-6: tests, their answers and acts about the agreement go; whatever an officer or the machine would say of an
    incident is refused by name, on the side that says it and on the one that gets it."""
    channel.by.take(Ticked())
    channel.line()
    assert said(channel.by) == [M.TEST]
    assert said(channel.lt) == [M.TEST_REPLY]
    for second in range(40):
        channel.wait(1)
        seen = Decoded((plane_report(channel.by.now, SPEED_MPS * second),))
        channel.by.take(Reported(SourceId("tracker"), seen), Ticked())
    assert channel.by.order(OpenIncident(track=channel.by.state.objects[0].members[0])) is None
    [name] = channel.by.state.incidents.open
    refused = channel.by.order(SendNotice(incident=name, channel=CHANNEL))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.CHANNEL_NOT_ACTIVE
    assert set(said(channel.by)) == {M.TEST}


def test_agr_4_both_acts_over_one_text_activate_and_one_alone_does_not(channel: Channel) -> None:
    """AGR-4, AGR-7: in whichever order, on either side, and again after a restart."""
    assert channel.by.order(Activate(channel=CHANNEL)) is None
    channel.line()
    assert channel.states == (DORMANT, DORMANT)
    assert life(channel.lt).acts[-1].effect is Effect.WAITS
    assert channel.lt.order(Activate(channel=CHANNEL, agreement=fingerprint(TEXT))) is None
    assert channel.states == (DORMANT, ACTIVE)
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)
    assert life(channel.by).text == life(channel.lt).text == fingerprint(TEXT)
    channel.by.restart()
    assert state_of(channel.by) is ACTIVE
    channel.notice()
    channel.line()
    assert len(channel.lt.got()) == 1


def test_agr_7_two_texts_are_no_activation_and_both_see_it(channel: Channel) -> None:
    """AGR-7: the hash differs, nothing is in force; who takes the other's text activates with it."""
    channel.lt.fresh = channel.lt.state = dormant(channel.lt.fresh, OTHER)
    for side in (channel.by, channel.lt):
        side.order(Activate(channel=CHANNEL))
    channel.line()
    assert channel.states == (DORMANT, DORMANT)
    assert life(channel.by).differs
    assert life(channel.lt).differs
    assert life(channel.by).acts[-1].effect is Effect.OTHER_TEXT
    taken = AgreementTaken(agreement=TEXT, sha256="1" * 64, fingerprint=fingerprint(TEXT))
    channel.lt.take(taken)
    assert channel.lt.order(Activate(channel=CHANNEL)) is None
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)


def test_agr_7_who_has_read_another_text_does_not_activate(channel: Channel) -> None:
    """AGR-7: an officer may name the hash that he was read."""
    refused = channel.by.order(Activate(channel=CHANNEL, agreement="0" * 64))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_AGREED


def test_agr_8_one_side_stops_at_once_with_the_line_down(channel: Channel) -> None:
    """AGR-8: nothing of an incident leaves from that moment on; the act goes when the line returns; the other side
    stops when it comes; deadlines stand still on both, and go on later by as much."""
    channel.activate()
    channel.notice()
    channel.line()
    name, due = incident_of(channel.lt), _dues(channel.lt)
    assert channel.lt.order(Suspend(channel=CHANNEL, why=SuspendWhy.ORDERED)) is None
    assert channel.states == (ACTIVE, SUSPENDED)
    refused = channel.lt.order(CloseIncident(incident=name, channel=CHANNEL, outcome=Outcome.CROSSED))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.CHANNEL_NOT_ACTIVE
    assert channel.lt.order(Acknowledge(channel=CHANNEL, serial=said(channel.by).index(M.NOTICE))) is None
    channel.wait(3_600)
    channel.lt.take(Ticked())
    assert not any(entry.type == "missed" for one in channel.lt.incidents() for entry in one.timeline)
    channel.line()
    assert channel.states == (SUSPENDED, SUSPENDED)
    told = channel.by.incidents()[0].timeline[-1].type
    assert told in ("ACK", "agreement-suspended")
    assert why(channel.by.order(Resume(channel=CHANNEL))) is Reason.NOT_IN_TABLE
    assert channel.lt.order(Resume(channel=CHANNEL)) is None
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)
    later = _dues(channel.lt)
    assert later
    assert all(later[what] - due[what] >= 3_600_000 for what in later if what in due)


def _dues(side: Side) -> dict[str, int]:
    owed = [o for one in side.incidents() for o in one.threads[CHANNEL].obligations]
    return {f"{o.what} {o.owner.value}": o.due for o in owed}


def test_agr_9_what_is_in_flight_is_kept_and_read_when_the_suspension_ends(channel: Channel) -> None:
    """AGR-9: a NOTICE that was said in good faith comes under our suspension: in the log, receipted, in no incident and
    in no picture; after the RESUME it is read as late as it is. A restart in between changes nothing."""
    channel.activate()
    channel.notice()
    channel.lt.order(Suspend(channel=CHANNEL))
    deliver(channel.by, channel.lt)
    assert M.NOTICE in said(channel.lt, channel.by)
    assert channel.lt.got() == []
    assert channel.by.state.session(CHANNEL).own.receipted_size == channel.by.state.session(CHANNEL).own.size
    channel.lt.restart()
    assert len(channel.lt.state.waiting[CHANNEL]) == 1
    again = from_bookmark(channel.lt.fresh, bookmark_of(channel.lt.state))
    assert isinstance(again, NodeState)
    assert (again.waiting, again.lives) == (channel.lt.state.waiting, channel.lt.state.lives)
    assert again.charter.agreements[CHANNEL].state is SUSPENDED
    channel.line()
    channel.wait(600)
    assert channel.lt.order(Resume(channel=CHANNEL)) is None
    [entry] = channel.lt.got()
    assert (entry.type, entry.at) == ("NOTICE", channel.lt.now)
    assert not channel.lt.state.waiting


def test_agr_9_who_waits_for_too_much_is_told(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """AGR-9: what waits is bounded (HELD_MESSAGES); one more stays in the log and is counted."""
    monkeypatch.setattr(limits, "HELD_MESSAGES", 0)
    channel.activate()
    channel.notice()
    channel.lt.order(Suspend(channel=CHANNEL))
    deliver(channel.by, channel.lt)
    assert channel.lt.state.line(CHANNEL).refusals == {Reason.BUSY: 1}


def test_agr_10_what_waits_is_never_read_once_the_agreement_has_ended(channel: Channel) -> None:
    """AGR-10: what waited is counted and stays in the log. A new life begins with the acts of both."""
    channel.activate()
    channel.notice()
    channel.lt.order(Suspend(channel=CHANNEL))
    deliver(channel.by, channel.lt)
    assert channel.lt.order(EndAgreement(channel=CHANNEL, why=EndWhy.BREACH)) is None
    channel.line()
    assert channel.states == (ENDED, ENDED)
    assert channel.lt.got() == []
    assert channel.lt.state.line(CHANNEL).refusals == {Reason.CHANNEL_NOT_ACTIVE: 1}
    channel.activate()
    assert life(channel.by).in_force == 2


def test_agr_10_what_is_open_is_closed_after_the_end(channel: Channel) -> None:
    """AGR-10: nothing is owed any more but the close; CLOSE and AGREE-CLOSE go, a NOTICE does not."""
    channel.activate()
    channel.notice()
    channel.line()
    channel.by.order(EndAgreement(channel=CHANNEL))
    channel.line()
    name = incident_of(channel.by)
    assert channel.by.owes() == channel.lt.owes() == set()
    assert why(channel.by.order(SendNotice(incident=name, channel=CHANNEL))) is Reason.CHANNEL_NOT_ACTIVE
    assert channel.by.order(CloseIncident(incident=name, channel=CHANNEL, outcome=Outcome.CROSSED)) is None
    channel.line()
    assert channel.lt.order(AgreeClose(incident=name, channel=CHANNEL, agrees=True)) is None
    channel.line()
    assert not channel.by.state.incidents.open
    assert not channel.lt.state.incidents.open


def test_agr_10_an_end_may_come_later_and_one_that_was_said_earlier_counts(channel: Channel) -> None:
    """AGR-10: until its time the agreement goes on; then it ends on both sides by their own clocks."""
    channel.activate()
    soon = channel.by.now + 3_600_000
    channel.by.order(EndAgreement(channel=CHANNEL, from_ms=soon + 1_000_000))
    channel.lt.order(EndAgreement(channel=CHANNEL, from_ms=soon))
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)
    channel.wait(3_600)
    for side in (channel.by, channel.lt):
        side.take(Ticked())
    assert channel.states == (ENDED, ENDED)


def test_agr_4_acts_that_cross_give_the_same_on_both_sides(channel: Channel) -> None:
    """AGR-4: an ACTIVATE of the next life and an END of this one on the way at once; a SUSPEND under an END."""
    channel.activate()
    channel.lt.order(Suspend(channel=CHANNEL))
    channel.by.order(EndAgreement(channel=CHANNEL))
    channel.by.order(Activate(channel=CHANNEL))
    channel.line()
    assert channel.states == (ENDED, ENDED)
    assert life(channel.by).acts[-1].effect is Effect.TOO_LATE
    channel.lt.order(Activate(channel=CHANNEL))
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)


def test_agr_12_a_file_that_was_changed_changes_nothing_until_both_have_activated_it(channel: Channel) -> None:
    """AGR-12: it is recorded, the text in force goes on, also after a restart; then the new deadlines count."""
    channel.activate()
    taken = AgreementTaken(agreement=OTHER, sha256="2" * 64, fingerprint=fingerprint(OTHER))
    for side in (channel.by, channel.lt):
        side.take(AgreementTaken(agreement=TEXT, sha256="1" * 64, fingerprint=fingerprint(TEXT)), taken)
        assert side.state.charter.agreements[CHANNEL].deadlines == {}
    assert channel.by.order(Activate(channel=CHANNEL)) is None
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)
    assert life(channel.lt).text == fingerprint(TEXT)
    channel.lt.order(Activate(channel=CHANNEL))
    channel.line()
    channel.by.restart()
    for side in (channel.by, channel.lt):
        assert (life(side).in_force, life(side).text) == (2, fingerprint(OTHER))
        assert side.state.charter.tables.on(CHANNEL).obligations["ack"].deadline_s == 300


def test_agr_11_a_stop_by_voice_counts_at_once_and_a_start_waits(channel: Channel) -> None:
    """AGR-11: LT's officer reads its SUSPEND out while the line is down; BY stops. The RESUME waits."""
    channel.activate()
    channel.lt.order(Suspend(channel=CHANNEL))
    serial = channel.lt.state.session(CHANNEL).own.size - 1
    groups = " ".join(channel.lt.form(serial).groups)
    assert channel.by.order(TakeVoice(channel=CHANNEL, groups=groups)) is None
    assert channel.states == (SUSPENDED, SUSPENDED)
    channel.wait(60)
    channel.lt.order(Resume(channel=CHANNEL))
    groups = " ".join(channel.lt.form(serial + 1).groups)
    assert channel.by.order(TakeVoice(channel=CHANNEL, groups=groups)) is None
    assert channel.states == (SUSPENDED, ACTIVE)
    assert life(channel.by).acts[-1].effect is Effect.BY_VOICE
    channel.line()
    assert channel.states == (ACTIVE, ACTIVE)
    standings = {one.standing.value for one in channel.by.state.statements(CHANNEL)}
    assert standings == {"confirmed"}


@pytest.mark.parametrize("command", [Suspend(channel=CHANNEL), Resume(channel=CHANNEL), EndAgreement(channel=CHANNEL)])
def test_agr_4_what_is_not_there_is_not_stopped(channel: Channel, command: Command) -> None:
    """AGR-4"""
    refused = channel.by.order(command)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_IN_TABLE


def test_agr_9_what_the_partner_says_under_its_own_suspension_is_refused(channel: Channel) -> None:
    """AGR-9: BY's node breaks the law and says a NOTICE after its own SUSPEND: in the log, acted on nowhere."""
    channel.activate()
    channel.by.order(Suspend(channel=CHANNEL))
    broken = replace(
        channel.by.state,
        charter=replace(
            channel.by.state.charter,
            agreements={**channel.by.state.charter.agreements, CHANNEL: msgspec.structs.replace(TEXT, state=ACTIVE)},
            tables=in_force(law().tables, {CHANNEL: msgspec.structs.replace(TEXT, state=ACTIVE)}),
        ),
    )
    channel.by.state = broken
    channel.notice()
    channel.line()
    assert M.NOTICE in said(channel.lt, channel.by)
    assert channel.lt.got() == []
    assert channel.lt.state.line(CHANNEL).refusals[Reason.CHANNEL_NOT_ACTIVE] >= 1


def test_an_exercise_begins_as_active_and_binds_nobody() -> None:
    """AGR-5: by its file, without any act; one side stops it as any other."""
    pair = Channel(Side(BY), Side(LT))
    for side in (pair.by, pair.lt):
        side.fresh = side.state = Side(side.party).state
    assert pair.states == (ACTIVE, ACTIVE)
    pair.lt.order(Suspend(channel=CHANNEL))
    pair.line()
    assert pair.states == (SUSPENDED, SUSPENDED)
    assert pair.by.order(LineTest(channel=CHANNEL)) is None
