"""Notes of statements by voice in a record: listed, held against the signed entries anew, and never proof."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import BY, LT, NOW, Node, exchange_all, release, two_nodes
from tests.exchange.test_exchange_record import export
from tests.exchange.voice_messages import EVERYTHING, form_of, the_notice

from redshank.cli.verifying import verify_path
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.verifier import RecordReport, verify_record
from redshank.exchange.voice.notes import (
    STANDS_FOR,
    VOICE_FILE,
    ReadOut,
    Standing,
    Statement,
    VoiceNotes,
    lines_of,
    parse_notes,
    voice_file,
)
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal


def statement(message: Message, at: int = NOW) -> Statement:
    form = form_of(message)
    return Statement(
        sender=message.sender,
        serial=message.serial,
        groups=form.groups,
        exercise=False,
        taken_at=Instant(at),
        role="duty-officer",
        remark="line 2",
    )


def a_night() -> tuple[Node, Node, Message]:
    """LT has given notice, and BY has it."""
    by, lt = two_nodes()
    serial = lt.say(release(MessageType.NOTICE, EVERYTHING, observed_ms=NOW - 30_000))
    exchange_all(lt, by)
    message = parse_entry(lt.said[serial], Place(lt.session.channel, LT, lt.session.year, serial), None)
    assert isinstance(message, Message)
    return by, lt, message


def report(files: dict[str, bytes]) -> RecordReport:
    return verify_record(files)


def test_voice_17_rec_15_a_record_tells_of_statements_by_voice() -> None:
    """VOICE-17, REC-15: who noted what and when; confirmed, different, or without an original; the record stays in
    order."""
    by, lt, message = a_night()
    other = msgspec.structs.replace(EVERYTHING, object=msgspec.structs.replace(EVERYTHING.object, count=9))
    said = [
        statement(message),
        statement(msgspec.structs.replace(message, body=other), NOW + 1),
        statement(msgspec.structs.replace(message, serial=7), NOW + 2),
    ]
    outs = [ReadOut(serial=0, at=Instant(NOW + 3), role="duty-officer", read_back=True)]
    files = export(lt, by) | voice_file(BY, said, outs)
    told = report(files)
    assert told.ok
    assert [line.standing for line in told.voice] == [Standing.CONFIRMED, Standing.DIFFERS, Standing.WAITING, None]
    assert [line.serial for line in told.voice] == [0, 0, 7, 0]
    [count] = told.voice[1].differences
    assert (count.field, count.voice, count.signed) == ("body.object.count", "9", "2")
    assert {line.by for line in told.voice} == {BY}
    assert told.voice[3].read_back
    assert json.loads(files[VOICE_FILE])["stands_for"] == STANDS_FOR
    assert told.lines == report(export(lt, by)).lines  # nothing of it touches what is proven


def test_voice_13_a_form_needs_no_key_and_proves_nothing() -> None:
    """VOICE-13: anybody can make one that passes. In a record it stands alone: no entry, no receipt, nothing
    answered."""
    by, lt, message = a_night()
    made_up = statement(msgspec.structs.replace(message, serial=41))
    told = report(export(lt, by) | voice_file(BY, [made_up], ()))
    assert [line.standing for line in told.voice] == [Standing.WAITING]
    assert told.lines == report(export(lt, by)).lines
    assert told.directions == report(export(lt, by)).directions


def test_voice_17_nothing_said_no_file() -> None:
    """VOICE-17."""
    assert voice_file(BY, (), ()) == {}
    by, lt, _ = a_night()
    assert report(export(lt, by)).voice == ()


def test_voice_17_the_exporter_cannot_make_it_say_more() -> None:
    """VOICE-17: groups that say nothing, groups of the exporter itself, and an exercise's are listed as such."""
    by, lt, message = a_night()
    good = statement(message)
    spoilt = msgspec.structs.replace(good, groups=("AAAA", *good.groups[1:]))
    own = statement(msgspec.structs.replace(message, sender=BY))
    exercise = msgspec.structs.replace(good, groups=form_of(message, exercise=True).groups)
    told = report(export(lt, by) | voice_file(BY, [spoilt, own, exercise], ()))
    assert told.ok
    reasons = [line.content.reason for line in told.voice if isinstance(line.content, Refusal)]
    assert reasons == [Reason.WRONG_CHECK, Reason.WRONG_SENDER, Reason.WRONG_CHANNEL]
    assert all(line.standing is None for line in told.voice)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data[:-1], Reason.MALFORMED),
        (lambda data: data.replace(b'"v":1', b'"v": 1'), Reason.NOT_CANONICAL),
        (lambda data: data.replace(b'"v":1', b'"v":2'), Reason.UNKNOWN_TYPE),
        (lambda data: data.replace(b"nobody signed them", b"sealed by BY"), Reason.UNKNOWN_TYPE),
        (lambda data: data.replace(b'"by":"BY"', b'"by":"LV"'), Reason.WRONG_SENDER),
        (lambda data: data.replace(b'"role"', b'"rank"'), Reason.MALFORMED),
    ],
)
def test_voice_17_a_spoilt_file_is_a_fault(change, reason) -> None:
    """VOICE-17."""
    by, lt, message = a_night()
    files = export(lt, by) | voice_file(BY, [statement(message)], ())
    files[VOICE_FILE] = change(files[VOICE_FILE])
    told = report(files)
    assert [(fault.path, fault.refusal.reason) for fault in told.findings] == [(VOICE_FILE, reason)]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_voice_17_whatever_the_file_holds_it_is_read_or_refused(place: int, bytes_: bytes) -> None:
    """VOICE-17: a file spoilt anywhere ends as notes or as a refusal."""
    [good] = voice_file(BY, [statement(the_notice())], ()).values()
    spoilt = good[:place] + bytes_ + good[place + len(bytes_) :]
    notes = parse_notes(spoilt, (BY, LT))
    if isinstance(notes, VoiceNotes):
        lines_of(notes, False, {BY: (), LT: ()})


def test_voice_17_its_bounds() -> None:
    """VOICE-17."""
    by, lt, message = a_night()
    one = statement(message)
    full = voice_file(BY, [one] * limits.VOICE_STATEMENTS, ())
    assert report(export(lt, by) | full).ok
    over = voice_file(BY, [one] * (limits.VOICE_STATEMENTS + 1), ())
    assert [fault.refusal.reason for fault in report(export(lt, by) | over).findings] == [Reason.TOO_LARGE]
    long = voice_file(BY, [msgspec.structs.replace(one, groups=("AAAA",) * 25)], ())
    assert [fault.refusal.reason for fault in report(export(lt, by) | long).findings] == [Reason.TOO_LARGE]


def test_voice_17_redshank_verify_lists_them(tmp_path, capsys) -> None:
    """VOICE-17: apart from what is proven, and with the words that say so."""
    by, lt, message = a_night()
    other = msgspec.structs.replace(EVERYTHING, object=msgspec.structs.replace(EVERYTHING.object, count=9))
    said = [statement(message), statement(msgspec.structs.replace(message, body=other))]
    outs = [ReadOut(serial=0, at=Instant(NOW), role="duty-officer", read_back=False)]
    for path, data in (export(lt, by) | voice_file(BY, said, outs)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert verify_path(tmp_path, (), as_json=False) == 0
    printed = capsys.readouterr().out
    assert "unsigned, no proof" in printed
    for words in ("confirmed", "differs", "voice 9, signed 2", "read out", "in order"):
        assert words in printed
    assert verify_path(tmp_path, (), as_json=True) == 0
    assert len(json.loads(capsys.readouterr().out)["voice"]) == 3


@pytest.mark.parametrize("at", [-1, -(2**70), 2**63, 2**70])
def test_voice_17_a_note_may_state_any_time(tmp_path, capsys, at: int) -> None:
    """VOICE-17: also one that no calendar has; it is printed all the same."""
    by, lt, message = a_night()
    for path, data in (export(lt, by) | voice_file(BY, [statement(message, at)], ())).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert verify_path(tmp_path, (), as_json=False) == 0
    assert "confirmed" in capsys.readouterr().out
