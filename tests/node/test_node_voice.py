"""A night without a line: messages are read out and keyed in, drive the procedure, and meet their signed originals."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side, deliver

from redshank.console.render import render
from redshank.decode.decoded import Decoded
from redshank.exchange import voice
from redshank.exchange.voice.notes import Standing
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import Acknowledge, Command, NoteReadOut, SendQuery, SendReply, TakeVoice
from redshank.node.commands import TestLine as LineTest
from redshank.node.events import Reported, Ticked
from redshank.procedure.incident import Voice
from redshank.terms import limits
from redshank.terms.geo import Position, destination
from redshank.terms.ids import SourceId
from redshank.terms.instants import Instant
from redshank.terms.message import Answer, NoticeBody
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

START, COURSE_DEG, SPEED_MPS = Position(54.5, 26.3), 285.0, 45.0


class Night:
    """BY sees an object that flies to LT and gives notice of it by itself; the line is down until the story ends
    that."""

    def __init__(self) -> None:
        self.by, self.lt = Side(BY), Side(LT)
        for _ in range(40):
            self.wait(1)
            flown_m = SPEED_MPS * (self.by.now - BEGIN) / 1_000
            self.by.take(Reported(SourceId("tracker"), Decoded((_report(self.by.now, flown_m),))), Ticked())
        self.notice = next(one.messages(CHANNEL)[0].ref.serial for one in self.by.incidents())  # type: ignore[union-attr]

    def wait(self, seconds: int) -> None:
        self.by.now = self.lt.now = Instant(self.by.now + seconds * 1_000)

    def reads_out(self, sender: Side, serial: int, listener: Side) -> Refusal | None:
        """The sender's officer reads, the listener's keys in."""
        return listener.order(TakeVoice(channel=CHANNEL, groups=" ".join(sender.form(serial).groups), text="line 2"))

    def line_returns(self) -> None:
        deliver(self.by, self.lt)
        deliver(self.lt, self.by)
        deliver(self.by, self.lt)


def _report(at: Instant, flown_m: float) -> Report:
    return Report(
        source=SourceId("tracker"),
        kind=ReportKind.TRACK,
        at=at,
        position=destination(START, COURSE_DEG, flown_m),
        covariance=HorizontalCovariance(2_500.0, 0.0, 2_500.0),
        velocity_e_mps=-43.5,
        velocity_n_mps=11.6,
        sigma_velocity_mps=2.0,
        track_number=4,
        status=Status.UAV,
    )


@pytest.fixture
def night() -> Night:
    return Night()


def test_voice_14_a_notice_by_voice_opens_the_incident_and_its_obligations(night: Night) -> None:
    """VOICE-14: recorded with who and when, marked, in the picture; the officer owes an ACK; a restart keeps all of
    it."""
    assert night.reads_out(night.by, night.notice, night.lt) is None
    [entry] = night.lt.got()
    assert (entry.type, entry.voice, entry.serial) == ("NOTICE", Voice.HEARD, night.notice)
    assert isinstance(entry.body, NoticeBody)
    assert "ack us" in night.lt.owes()
    assert night.lt.state.picture is not Side(LT).state.picture
    [statement] = night.lt.state.statements(CHANNEL)
    assert (statement.role, statement.remark, statement.taken_at) == ("duty-officer", "line 2", night.lt.now)
    assert (statement.standing, statement.refused) == (Standing.WAITING, None)
    held = night.lt.state.incidents, night.lt.state.heard
    night.lt.restart()
    assert (night.lt.state.incidents, night.lt.state.heard) == held


def test_voice_14_the_answers_go_the_other_way(night: Night) -> None:
    """VOICE-14: ACK, QUERY and REPLY by voice, both ways, with no line at all."""
    night.reads_out(night.by, night.notice, night.lt)
    name = night.lt.incidents()[0].id
    assert night.lt.order(Acknowledge(channel=CHANNEL, serial=night.notice)) is None
    assert "ack us" not in night.lt.owes()
    assert night.reads_out(night.lt, 0, night.by) is None
    assert "ack partner" not in night.by.owes()
    assert night.by.incidents()[0].messages(CHANNEL)[0].read_at is not None
    assert night.lt.order(SendQuery(incident=name, channel=CHANNEL, object=1)) is None
    assert night.reads_out(night.lt, 1, night.by) is None
    assert "reply us" in night.by.owes()
    assert night.by.order(SendReply(channel=CHANNEL, serial=1, answer=Answer.KNOWN)) is None
    last = night.by.state.session(CHANNEL).own.size - 1
    assert night.reads_out(night.by, last, night.lt) is None
    assert "reply partner" not in night.lt.owes()
    states = [side.incidents()[0].threads[CHANNEL].state for side in (night.by, night.lt)]
    obligations = night.by.owes(), night.lt.owes()
    night.line_returns()
    assert [side.incidents()[0].threads[CHANNEL].state for side in (night.by, night.lt)] == states
    for side, before in zip((night.by, night.lt), obligations, strict=True):
        assert side.owes() <= before
        assert len(side.incidents()) == 1
        assert all(entry.voice is Voice.CONFIRMED for entry in side.got() if entry.type != "UPDATE")
        serials = [entry.serial for entry in side.got()]
        assert len(serials) == len(set(serials))
    night.lt.restart()
    night.by.restart()


def test_voice_15_the_original_confirms(night: Night) -> None:
    """VOICE-15: one message, in the words of the original; the messages before and after it come as ever."""
    night.by.order(LineTest(channel=CHANNEL))
    night.reads_out(night.by, night.notice, night.lt)
    [heard] = night.lt.got()
    night.wait(600)
    night.line_returns()
    got = night.lt.got()
    assert [entry.serial for entry in got] == sorted({entry.serial or 0 for entry in got})
    assert (got[0].voice, got[0].serial) == (Voice.CONFIRMED, night.notice)
    assert got[0].body != heard.body  # the places of the original are finer
    assert (heard.received_at, got[0].received_at, got[0].at) == (None, night.lt.now, heard.at)
    [statement] = night.lt.state.statements(CHANNEL)
    assert (statement.standing, statement.differences, statement.settled_at) == (Standing.CONFIRMED, (), night.lt.now)
    assert len(night.lt.incidents()) == 1
    assert not any(entry.voice is Voice.HEARD for entry in got)
    night.lt.restart()
    assert night.lt.state.statements(CHANNEL) == (statement,)


def _said_otherwise(side: Side, serial: int, /, **change: object) -> str:
    """What a partner's officer reads out who says something else than what is signed; its checks are right."""
    form = side.form(serial)
    message = msgspec.structs.replace(form.heard.message, **change)
    other = voice.encode(message, exercise=True)
    assert not isinstance(other, voice.LiveCheck)
    return " ".join(other.groups)  # type: ignore[union-attr]


def test_voice_15_a_difference_is_shown_field_by_field_and_the_signed_one_counts(night: Night) -> None:
    """VOICE-15."""
    body = night.by.form(night.notice).heard.message.body
    assert isinstance(body, NoticeBody)
    lied = msgspec.structs.replace(body, object=msgspec.structs.replace(body.object, count=7, status=Status.BALLOON))
    assert night.lt.order(TakeVoice(channel=CHANNEL, groups=_said_otherwise(night.by, night.notice, body=lied))) is None
    night.line_returns()
    [statement] = night.lt.state.statements(CHANNEL)
    assert statement.standing is Standing.DIFFERS
    assert {(one.field, one.voice) for one in statement.differences} == {
        ("body.object.count", "7"), ("body.object.status", "balloon")
    }  # fmt: skip
    entry = night.lt.got()[0]
    assert entry.voice is Voice.DIFFERS
    assert isinstance(entry.body, NoticeBody)
    assert entry.body.object.count == 1
    assert night.lt.incidents()[0].received[BY][entry.body.object.object].state.count == 1
    night.lt.restart()
    assert night.lt.state.statements(CHANNEL) == (statement,)


def test_voice_15_a_serial_that_the_log_shows_as_something_else(night: Night) -> None:
    """VOICE-15: BY reads a NOTICE out as serial 5, which its log then gives to a TEST: it is withdrawn, and both
    stand."""
    taken = TakeVoice(channel=CHANNEL, groups=_said_otherwise(night.by, night.notice, serial=5))
    while night.by.state.session(CHANNEL).own.size <= 5:
        night.by.order(LineTest(channel=CHANNEL))
    assert night.lt.order(taken) is None
    assert night.lt.got()[0].voice is Voice.HEARD
    night.line_returns()
    [statement] = night.lt.state.statements(CHANNEL)
    assert statement.standing is Standing.DIFFERS
    assert "type" in {one.field for one in statement.differences}
    voices = {(entry.serial, entry.voice) for entry in night.lt.got() if entry.type == "NOTICE"}
    assert voices == {(night.notice, None), (5, Voice.WITHDRAWN)}
    night.lt.restart()


def test_voice_15_the_original_comes_first(night: Night) -> None:
    """VOICE-15: then the statement drives nothing; it is held against the entry at once."""
    deliver(night.by, night.lt)
    before = night.lt.state.incidents
    entry = night.lt.entry(BY, night.notice)
    groups = " ".join(night.by.form(night.notice).groups)
    busy = night.lt.order(TakeVoice(channel=CHANNEL, groups=groups))
    assert busy is not None
    assert busy.reason is Reason.BUSY
    assert night.lt.order(TakeVoice(channel=CHANNEL, groups=groups), entry) is None
    wrong = _said_otherwise(night.by, night.notice, observed_ms=None)
    assert night.lt.order(TakeVoice(channel=CHANNEL, groups=wrong), entry) is None
    assert night.lt.state.incidents == before
    one, other = night.lt.state.statements(CHANNEL)
    assert (one.standing, other.standing) == (Standing.CONFIRMED, Standing.DIFFERS)
    assert [difference.field for difference in other.differences] == ["observed_ms"]
    night.lt.restart()
    assert night.lt.state.statements(CHANNEL) == (one, other)


def test_voice_15_the_original_never_comes(night: Night) -> None:
    """VOICE-15: the statement waits, and the incident goes to its end without the line."""
    night.reads_out(night.by, night.notice, night.lt)
    night.wait(3 * 3600)
    night.lt.take(Ticked())
    assert [one.standing for one in night.lt.state.statements(CHANNEL)] == [Standing.WAITING]
    assert night.lt.got()[0].voice is Voice.HEARD


def test_voice_15_two_statements_of_one_serial(night: Night) -> None:
    """VOICE-15: the first drives; the second is noted as a contradiction; the original settles both. The same groups
    twice are refused: nothing was said that was not said before."""
    night.reads_out(night.by, night.notice, night.lt)
    again = night.reads_out(night.by, night.notice, night.lt)
    assert again is not None
    assert again.reason is Reason.NOT_IN_TABLE
    before = night.lt.state.incidents
    assert (
        night.lt.order(TakeVoice(channel=CHANNEL, groups=_said_otherwise(night.by, night.notice, observed_ms=None)))
        is None
    )
    assert night.lt.state.incidents == before
    night.line_returns()
    one, other = night.lt.state.statements(CHANNEL)
    assert (one.standing, other.standing) == (Standing.CONFIRMED, Standing.DIFFERS)
    assert other.refused is not None
    assert night.lt.got()[0].voice is Voice.CONFIRMED


def test_voice_14_what_is_not_for_this_node_is_refused(night: Night) -> None:
    """VOICE-14: another sender, channel or year; a form that fails; and nothing of it is in the journal."""
    journal = len(list(night.lt.disk.journal()))
    own = night.by.form(night.notice)

    def reason(groups: str, channel: str = CHANNEL) -> Reason | None:
        refused = night.lt.order(TakeVoice(channel=channel, groups=groups))  # type: ignore[arg-type]
        return None if refused is None else refused.reason

    assert reason(" ".join(("AAAA", *own.groups[1:]))) is Reason.WRONG_CHECK
    assert reason(_said_otherwise(night.by, night.notice, sender=LT)) is Reason.WRONG_SENDER
    assert reason(_said_otherwise(night.by, night.notice, year=2025)) is Reason.WRONG_YEAR
    assert reason(_said_otherwise(night.by, night.notice, channel="BY-LV")) is Reason.WRONG_CHANNEL
    assert reason(" ".join(own.groups), "LT-XX") is Reason.WRONG_CHANNEL
    late = night.by.form(night.notice).heard.message.stated_ms + 3_600_000
    assert (
        reason(_said_otherwise(night.by, night.notice, stated_ms=late, observed_ms=None)) is Reason.TIME_NOT_PLAUSIBLE
    )
    live = voice.encode(own.heard.message, exercise=False)
    assert reason(" ".join(live.groups)) is Reason.WRONG_CHANNEL  # type: ignore[union-attr]
    assert len(list(night.lt.disk.journal())) == journal
    assert not night.lt.state.heard


def test_voice_14_what_the_procedure_refuses_is_noted_all_the_same(night: Night) -> None:
    """VOICE-14: an UPDATE of an incident that nobody knows; a TEST, which tests no line."""
    night.by.order(LineTest(channel=CHANNEL))
    test = night.by.state.session(CHANNEL).own.size - 1
    assert night.reads_out(night.by, test, night.lt) is None
    unknown = _said_otherwise(night.by, night.notice, incident="LT-2026-000099")
    assert night.lt.order(TakeVoice(channel=CHANNEL, groups=unknown)) is None
    line_test, other = night.lt.state.statements(CHANNEL)
    assert line_test.refused is None
    assert other.refused is not None
    assert other.refused.reason is Reason.UNKNOWN_INCIDENT
    assert night.lt.state.line(CHANNEL).last_test is None
    assert not night.lt.got()
    assert night.lt.state.session(CHANNEL).own.size == 0


def test_voice_16_a_read_back_is_noted_and_no_receipt(night: Night) -> None:
    """VOICE-16: read out, then read back: receipt and ACK are no longer owed; neither is shown as had; a restart keeps
    it."""
    assert "receipt partner" in night.by.owes()
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=night.notice, read_back=False)) is None
    assert {"receipt partner", "ack partner"} <= night.by.owes()
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=night.notice, read_back=True, text="Maj. K.")) is None
    [entry] = [e for e in night.by.incidents()[0].messages(CHANNEL) if e.serial == night.notice]
    assert (entry.read_out_at, entry.read_back_at) == (night.by.now, night.by.now)
    assert entry.received_at is None
    assert entry.read_at is None
    assert "ack partner" not in night.by.owes()
    assert [note.remark for note in night.by.state.read_outs[CHANNEL]] == [None, "Maj. K."]
    refused = night.by.order(NoteReadOut(channel=CHANNEL, serial=999, read_back=True))
    assert refused is not None
    assert refused.reason is Reason.UNKNOWN_MESSAGE
    held = night.by.state.incidents, night.by.state.read_outs
    night.by.restart()
    assert (night.by.state.incidents, night.by.state.read_outs) == held


def test_voice_16_a_read_back_of_a_later_message_does_not_excuse_an_earlier_one(night: Night) -> None:
    """VOICE-16: the receipt is owed until everything before has arrived one way or the other."""
    name = night.by.incidents()[0].id
    assert night.by.order(SendQuery(incident=name, channel=CHANNEL, object=1)) is None
    last = night.by.state.session(CHANNEL).own.size - 1
    sent = [e.serial for e in night.by.incidents()[0].messages(CHANNEL)]
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=last, read_back=True)) is None
    assert "receipt partner" in night.by.owes()
    for serial in sent[:-1]:
        assert serial is not None
        night.by.order(NoteReadOut(channel=CHANNEL, serial=serial, read_back=True))
    night.by.order(NoteReadOut(channel=CHANNEL, serial=last, read_back=True))
    assert "receipt partner" not in night.by.owes()


def test_voice_14_a_bookmark_holds_what_was_said_by_voice(night: Night) -> None:
    """VOICE-14: a restart from a bookmark gives what a replay gives: statements, read-outs, entries that were heard."""
    night.reads_out(night.by, night.notice, night.lt)
    night.by.order(NoteReadOut(channel=CHANNEL, serial=night.notice, read_back=True))
    for side in (night.by, night.lt):
        marked = from_bookmark(side.fresh, bookmark_of(side.state))
        assert not isinstance(marked, Refusal), marked
        assert (marked.incidents, marked.heard, marked.read_outs) == (
            side.state.incidents,
            side.state.heard,
            side.state.read_outs,
        )


def test_voice_16_a_partner_without_a_node_is_served(night: Night) -> None:
    """VOICE-16: no address, so no line and no test of it; what is said waits in the log, and the console says by
    voice."""
    for side, due in ((Side(BY), True), (Side(BY), False)):
        if not due:
            side.fresh = replace(side.fresh, charter=replace(side.fresh.charter, by_voice=frozenset({CHANNEL})))
            side.state = side.fresh
        side.now = Instant(BEGIN + 3_600_000)
        side.take(Ticked())
        assert bool(side.state.line(CHANNEL).tests_sent) is due
        [line] = render(side.state, side.now, 1.0).lines
        assert (line.state == "voice") is not due


@pytest.mark.parametrize(("length", "fits"), [(limits.VOICE_TEXT_CHARS, True), (limits.VOICE_TEXT_CHARS + 1, False)])
def test_what_is_keyed_in_has_a_bound(length: int, fits: bool) -> None:
    command = {"act": "take-voice", "channel": CHANNEL, "groups": "A" * length}
    if fits:
        assert isinstance(msgspec.convert(command, Command), TakeVoice)
    else:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(command, Command)


def test_the_notes_of_a_channel_are_bounded(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "VOICE_STATEMENTS", 2)
    serials = [40, 41, 42]
    for serial in serials:
        night.lt.order(TakeVoice(channel=CHANNEL, groups=_said_otherwise(night.by, night.notice, serial=serial)))
        assert len(night.lt.state.statements(CHANNEL)) <= 2
    assert [one.serial for one in night.lt.state.statements(CHANNEL)] == serials[1:]
