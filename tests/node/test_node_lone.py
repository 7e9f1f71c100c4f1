"""A partner who runs no node and has no keys: the node's own log is all that is signed; the telephone does the rest,
from NOTICE to AGREE-CLOSE."""

import msgspec
import pytest
from tests.node.lone_side import Officer, lone_side
from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side
from tests.node.test_node_voice import SPEED_MPS, _report

from redshank.console.render import render
from redshank.decode.decoded import Decoded
from redshank.exchange.parties import RawKeys
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.session import next_delivery, receive
from redshank.exchange.verifier import RecordReport, verify_record
from redshank.exchange.voice import book as books
from redshank.exchange.voice.notes import Standing, voice_file
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import Acknowledge, CloseIncident, Command, NoteReadOut, RotateKeys, SendQuery
from redshank.node.commands import TestLine as LineTest
from redshank.node.events import KeysAgreed, KeysMissed, Reported, Ticked
from redshank.node.voices import not_heard, to_read_out
from redshank.procedure.incident import Direction, Voice
from redshank.terms import limits
from redshank.terms.ids import IncidentId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AgreeCloseBody,
    Answer,
    MessageType,
    NoticeBody,
    ObjectState,
    Outcome,
    Phase,
    PointE7,
    ReplyBody,
    Why,
)
from redshank.terms.message import TestBody as LineTestBody
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status


class Night:
    """BY's node sees an object that flies to LT. LT has a telephone and a book."""

    def __init__(self) -> None:
        self.by = lone_side(BY)
        self.lt = Officer(self.by, LT)
        self.flies(40)

    def flies(self, seconds: int) -> None:
        for _ in range(seconds):
            self.by.now = Instant(self.by.now + 1_000)
            flown_m = SPEED_MPS * (self.by.now - BEGIN) / 1_000
            seen = Reported(SourceId("tracker"), Decoded((_report(self.by.now, flown_m),)))
            self.by.take(seen, Ticked())

    def wait(self, seconds: int) -> None:
        self.by.now = Instant(self.by.now + seconds * 1_000)
        self.by.take(Ticked())

    @property
    def incident(self) -> IncidentId:
        return self.by.incidents()[0].id

    def due(self, what: str) -> int | None:
        """Seconds until an obligation's deadline."""
        [thread] = [one.threads[CHANNEL] for one in self.by.incidents()]
        found = [o.due for o in thread.obligations if o.what == what]
        return (found[0] - self.by.now) // 1000 if found else None

    def record(self) -> dict[str, bytes]:
        """As the desk exports it."""
        session, state = self.by.state.session(CHANNEL), self.by.state
        origin, size = session.own.key.name, session.own.signed_size
        heads = self.by.disk.heads(origin)
        log = LogExport(heads[size], size, self.by.disk.entries(origin, 0, size), {})
        files = build_record(
            agreement="by voice", prefix="exercise/", channel=CHANNEL, year=session.year,
            keys={BY: session.keys}, logs={BY: log},
        )  # fmt: skip
        return files | voice_file(BY, state.statements(CHANNEL), state.read_outs.get(CHANNEL, ()))

    def verified(self) -> RecordReport:
        return verify_record(self.record(), {BY: self.by.state.session(CHANNEL).keys})


@pytest.fixture
def night() -> Night:
    return Night()


def test_voice_19_the_own_log_is_signed_and_waits_for_nobody(night: Night) -> None:
    """VOICE-19: each turn's messages are under a signed head at once; nothing is to be delivered; deliveries are
    refused; a restart keeps it."""
    session = night.by.state.session(CHANNEL)
    assert session.lone
    assert session.own.size == session.own.signed_size > 0
    assert night.by.order(SendQuery(incident=night.incident, channel=CHANNEL, object=1)) is None
    after = night.by.state.session(CHANNEL)
    assert (after.own.size, after.own.signed_size) == (session.own.size + 1, session.own.size + 1)
    assert next_delivery(after) is None
    assert not night.by.state.incidents.waiting
    other = Side(LT)
    other.order(LineTest(channel=CHANNEL))
    refused = receive(after, b"no delivery", night.by.now)
    assert isinstance(refused, Refusal)
    held = night.by.state.incidents, after
    night.by.restart()
    assert (night.by.state.incidents, night.by.state.session(CHANNEL)) == held
    marked = from_bookmark(night.by.fresh, bookmark_of(night.by.state))
    assert not isinstance(marked, Refusal), marked
    assert marked.sessions == night.by.state.sessions


def test_proc_26_no_receipt_is_owed_but_a_read_out(night: Night) -> None:
    """PROC-26: in the place of the partner's receipt stands our own read-out, with its deadline and ladder."""
    assert night.by.owes() == {"read-out us", "ack partner", "close us"}
    assert night.due("read-out") is not None
    night.wait(200)
    [thread] = [one.threads[CHANNEL] for one in night.by.incidents()]
    [missed] = [o for o in thread.obligations if o.what == "read-out"]
    assert missed.step is not None
    assert missed.step.value == "second-officer"
    assert "read-out" in {one.note.split()[0] for one in night.by.incidents()[0].timeline if one.type == "missed"}


def test_voice_20_the_list_of_what_is_to_be_read_out(night: Night) -> None:
    """VOICE-20: oldest first, with its deadline; an UPDATE that a later one has overtaken is left out; what was read
    back or answered is gone; what was read out and not read back stays."""
    [notice, *_] = to_read_out(night.by.state, CHANNEL)
    assert (notice.type, notice.read_out_at) == (MessageType.NOTICE, None)
    assert notice.due == notice.stated_at + 180_000
    night.flies(200)
    sent = [e for one in night.by.incidents() for e in one.messages(CHANNEL) if e.type == "UPDATE"]
    assert len(sent) > 1
    waiting = to_read_out(night.by.state, CHANNEL)
    assert [one.serial for one in waiting] == [notice.serial, sent[-1].serial]
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=notice.serial, read_back=False)) is None
    assert to_read_out(night.by.state, CHANNEL)[0].read_out_at == night.by.now
    assert night.lt.hears_all() == [MessageType.NOTICE, MessageType.UPDATE]
    assert to_read_out(night.by.state, CHANNEL) == ()
    assert "read-out us" not in night.by.owes()
    assert "ack partner" not in night.by.owes()


def test_voice_20_who_answers_a_message_has_heard_it(night: Night) -> None:
    """VOICE-20: an ACK keyed in ends the read-out of what it answers, though no read-back was noted."""
    [notice, *_] = to_read_out(night.by.state, CHANNEL)
    night.lt.hears(notice.serial)
    assert night.lt.acknowledges(notice.serial) is None
    assert notice.serial not in {one.serial for one in to_read_out(night.by.state, CHANNEL)}
    [entry] = [e for e in night.by.incidents()[0].messages(CHANNEL, Direction.SENT) if e.serial == notice.serial]
    assert (entry.read_at, entry.received_at, entry.read_back_at) == (night.by.now, None, None)
    assert "ack partner" not in night.by.owes()


def test_proc_26_the_partners_time_counts_from_the_read_out(night: Night) -> None:
    """PROC-26: nobody can acknowledge what he has not heard; but what was late before stays late."""
    [notice, *_] = to_read_out(night.by.state, CHANNEL)
    night.wait(60)
    before = night.due("ack")
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=notice.serial, read_back=False)) is None
    assert before is not None
    assert night.due("ack") == 120 > before
    night.wait(60)
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=notice.serial, read_back=False)) is None
    assert night.due("ack") == 60


def test_proc_26_what_was_missed_before_stays_missed(night: Night) -> None:
    """PROC-26"""
    [notice, *_] = to_read_out(night.by.state, CHANNEL)
    night.wait(200)
    late = night.due("ack")
    assert late is not None
    assert late < 0
    night.by.order(NoteReadOut(channel=CHANNEL, serial=notice.serial, read_back=False))
    assert night.due("ack") == late


def agreed(night: Night) -> None:
    """The whole story: NOTICE, ACK, QUERY, REPLY, UPDATE, CLOSE, AGREE-CLOSE, by telephone alone."""
    by, lt = night.by, night.lt
    assert lt.hears_all()[0] is MessageType.NOTICE
    assert lt.acknowledges(lt.book.messages(said=False)[0].serial) is None
    assert by.order(SendQuery(incident=night.incident, channel=CHANNEL, object=1)) is None
    night.flies(60)
    lt.hears_all()
    [query] = [one for one in lt.book.messages(said=False) if one.type is MessageType.QUERY]
    assert lt.answers(MessageType.REPLY, query.serial, ReplyBody(answer=Answer.UNKNOWN)) is None
    assert by.order(CloseIncident(incident=night.incident, channel=CHANNEL, outcome=Outcome.CROSSED)) is None
    lt.hears_all()
    [close] = [one for one in lt.book.messages(said=False) if one.type is MessageType.CLOSE]
    assert lt.answers(MessageType.AGREE_CLOSE, close.serial, AgreeCloseBody(agrees="yes")) is None


def test_voice_19_an_incident_runs_and_closes_jointly(night: Night) -> None:
    """VOICE-19: decided by release and procedure as ever, and closed by both."""
    agreed(night)
    [incident] = night.by.incidents()
    assert (incident.threads[CHANNEL].state, incident.phase.value) == ("closed", "closed")
    assert night.by.owes() == set()
    assert {e.voice for e in night.by.got()} == {Voice.HEARD}
    assert {one.standing for one in night.by.state.statements(CHANNEL)} == {Standing.UNSIGNED}
    held = night.by.state.incidents, night.by.state.heard, night.by.state.lines
    night.by.restart()
    assert (night.by.state.incidents, night.by.state.heard, night.by.state.lines) == held
    assert not books.owed(night.lt.book)


def told(night: Night, serial: int | None = None) -> Refusal | None:
    """LT's officer gives notice of an object of his own."""
    state = ObjectState(object=1, status=Status.BALLOON, at=PointE7(546_000_000, 253_000_000), accuracy_m=2_000)
    body = NoticeBody(phase=Phase.POSSIBLE, object=state)
    message = books.notice(night.lt.book, body, night.by.now, None, night.by.now)
    assert not isinstance(message, Refusal)
    if serial is not None:
        message = msgspec.structs.replace(message, serial=serial)
        done = books.say(night.lt.book, message)
        assert not isinstance(done, Refusal)
        return night.lt.reads(done[1])
    return night.lt.says(message)


def test_voice_22_a_notice_by_a_partner_without_keys(night: Night) -> None:
    """VOICE-22: it opens an incident and is owed an ACK, and stays marked as never signed; a serial that was skipped is
    shown as not heard."""
    assert told(night) is None
    [entry] = night.by.got()
    assert (entry.type, entry.incident, entry.voice) == ("NOTICE", "LT-2026-000001", Voice.HEARD)
    assert night.by.order(Acknowledge(channel=CHANNEL, serial=0)) is None
    assert "ack us" not in night.by.owes()
    assert not_heard(night.by.state, CHANNEL) == ()
    assert told(night, serial=3) is None
    assert not_heard(night.by.state, CHANNEL) == (1, 2)
    assert told(night, serial=200) is None
    assert len(not_heard(night.by.state, CHANNEL)) == limits.VOICE_GAPS
    [line] = render(night.by.state, night.by.now, 1.0).lines
    assert (line.lone, line.state, line.queued, line.not_heard[:3]) == (True, "voice", 0, [1, 2, 4])
    messages = [
        m for one in render(night.by.state, night.by.now, 1.0).incidents for t in one.threads for m in t.messages
    ]
    assert {m.voice for m in messages if m.direction == "got"} == {"unsigned"}


def test_line_8_the_telephone_is_tested_by_a_person(night: Night) -> None:
    """LINE-8: nothing falls due by itself; a TEST is read out and ends with its read-back, or with a TEST-REPLY; a TEST
    of the partner's is noted, and answered by nobody in the log."""
    night.wait(86_400)
    assert night.by.state.line(CHANNEL).tests_sent == 0
    assert night.by.order(LineTest(channel=CHANNEL)) is None
    line = night.by.state.line(CHANNEL)
    assert line.test_serial is not None
    assert to_read_out(night.by.state, CHANNEL)[-1].type is MessageType.TEST
    assert night.by.order(NoteReadOut(channel=CHANNEL, serial=line.test_serial, read_back=True)) is None
    assert night.by.state.line(CHANNEL).last_test == night.by.now
    assert night.by.order(LineTest(channel=CHANNEL)) is None
    second = night.by.state.line(CHANNEL).test_serial
    assert second is not None
    night.lt.hears(second)
    night.by.now = Instant(night.by.now + 30_000)
    assert night.lt.answers(MessageType.TEST_REPLY, second, LineTestBody(number=2)) is None
    line = night.by.state.line(CHANNEL)
    assert (line.test_serial, line.last_test, line.last_contact) == (None, night.by.now, night.by.now)
    before = night.by.state.session(CHANNEL).own.size
    test = books.compose(night.lt.book, MessageType.TEST, LineTestBody(number=1), night.by.now)
    assert night.lt.says(test) is None
    assert night.by.state.session(CHANNEL).own.size == before
    night.by.restart()


def test_rec_20_the_record_proves_one_side_and_notes_the_other(night: Night) -> None:
    """REC-20: the own log is proven; what the partner said is listed, as never signed; a reply to it is no fault."""
    agreed(night)
    assert told(night) is None
    assert night.by.order(Acknowledge(channel=CHANNEL, serial=night.lt.book.messages(said=True)[-1].serial)) is None
    report = night.verified()
    assert report.findings == ()
    assert report.ok
    mine, theirs = report.directions
    assert (mine.party, mine.size, mine.receipted) == (BY, night.by.state.session(CHANNEL).own.size, 0)
    assert (theirs.party, theirs.size, theirs.origin) == (LT, 0, "")
    [ack] = [line for line in report.lines if line.to_voice]
    assert ack.sender == BY
    heard = [line for line in report.voice if line.what == "heard"]
    assert {line.standing for line in heard} == {Standing.UNSIGNED}
    assert [line.content.message.type.value for line in heard if not isinstance(line.content, Refusal | None)] == [
        "ACK", "REPLY", "AGREE-CLOSE", "NOTICE",
    ]  # fmt: skip
    assert {line.role for line in report.voice} == {"duty-officer"}


def test_voice_25_a_lone_log_is_not_rotated(night: Night) -> None:
    """VOICE-25: neither by command nor by keys that a ceremony would name; without the own keys nothing is said."""

    def refused(command: Command) -> Reason | None:
        no = night.by.order(command)
        return None if no is None else no.reason

    said = night.by.state.session(CHANNEL).own.size
    for why in (Why.PLANNED, Why.LOST):
        assert refused(RotateKeys(channel=CHANNEL, why=why)) is Reason.NOT_ALLOWED
    raw = RawKeys(b"a" * 32, b"b" * 32, b"c" * 1_312, b"d" * 1_312)
    night.by.take(KeysAgreed(channel=CHANNEL, own=raw, partner=raw))
    assert night.by.state.session(CHANNEL).next is None
    night.by.take(KeysMissed(CHANNEL, 0))
    assert refused(LineTest(channel=CHANNEL)) is Reason.CHANNEL_NOT_ACTIVE
    assert (night.by.state.session(CHANNEL).own.size, len(night.by.state.generations(CHANNEL))) == (said, 1)


def test_rec_20_what_is_no_lone_record_is_refused(night: Night) -> None:
    """REC-20, REC-21: keys of a party that claims none, files of its log, a stranger, version 1, a later generation,
    keys that somebody pinned."""
    files, keys = night.record(), night.by.state.session(CHANNEL).keys
    manifest = files["record.json"]

    def reason(changed: bytes, **more: bytes) -> set[Reason]:
        return {found.refusal.reason for found in verify_record({**files, "record.json": changed, **more}).findings}

    assert reason(manifest) == set()
    assert reason(manifest.replace(b'"by_voice":"LT"', b'"by_voice":"BY"')) == {Reason.BAD_KEY}
    assert reason(manifest.replace(b'"by_voice":"LT"', b'"by_voice":"EE"')) == {Reason.WRONG_SENDER}
    assert reason(manifest.replace(b'"by_voice":"LT",', b"")) == {Reason.BAD_KEY}
    assert Reason.MALFORMED in reason(manifest.replace(b'"v":2', b'"v":1'))
    assert reason(manifest.replace(b'"keys":', b'"generation":1,"keys":')) == {Reason.MALFORMED}
    assert reason(manifest, **{"LT/checkpoint": files["BY/checkpoint"]}) == {Reason.UNKNOWN_FIELD}
    assert not verify_record(files, {BY: keys, LT: keys}).ok
    assert not verify_record(files, {}).ok
    assert verify_record(files, {BY: keys}).ok
