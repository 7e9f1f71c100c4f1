"""The book of a party without node and keys: serials without a gap, answers only to what was heard, and a file that is
read strictly."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.exchange_messages import SPOKEN, messages
from tests.exchange.exchange_world import BY, CHANNEL, INCIDENT, LT, NOW, YEAR
from tests.exchange.voice_messages import STATE, form_of, the_notice
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.exchange.voice import book as books
from redshank.exchange.voice.book import Book, Cover
from redshank.exchange.voice.form import VoiceForm
from redshank.procedure.agreement import parse_agreement
from redshank.terms.ids import IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    CloseBody,
    Message,
    MessageType,
    NoticeBody,
    Outcome,
    Phase,
    QueryBody,
    Question,
    ReplyBody,
)
from redshank.terms.refusal import Reason, Refusal

EMPTY = Book(cover=Cover(book_of=BY, channel=CHANNEL, year=YEAR, exercise=False, types=tuple(MessageType)))
NOTICE = NoticeBody(phase=Phase.POSSIBLE, object=STATE)
ACK = AckBody(role="duty-officer")


def heard(book: Book, message: Message) -> Book:
    after = books.hear(book, form_of(message).groups, NOW)
    assert isinstance(after, Book), after
    return after


def said(book: Book, message: Message | Refusal) -> Book:
    assert isinstance(message, Message), message
    done = books.say(book, message)
    assert not isinstance(done, Refusal), done
    assert isinstance(done[1], VoiceForm)
    return done[0]


def reason(result: object) -> Reason:
    assert isinstance(result, Refusal), result
    return result.reason


def theirs(kind: MessageType, serial: int, **change: object) -> Message:
    return msgspec.structs.replace(the_notice(), type=kind, serial=serial, **change)


def test_voice_21_serials_have_no_gap_and_names_are_our_own() -> None:
    """VOICE-21: each type counts; each new incident has the next name; an UPDATE is one of what was told before."""
    book = said(EMPTY, books.notice(EMPTY, NOTICE, NOW, None, NOW))
    book = said(book, books.notice(book, NOTICE, NOW, IncidentId("BY-2026-000001"), NOW))
    book = heard(book, the_notice())
    book = said(book, books.notice(book, NOTICE, NOW, None, NOW))
    book = said(book, books.notice(book, NOTICE, NOW, INCIDENT, NOW))
    told = [(one.serial, one.type.value, one.incident) for one in book.messages(said=True)]
    assert told == [
        (0, "NOTICE", "BY-2026-000001"),
        (1, "UPDATE", "BY-2026-000001"),
        (2, "NOTICE", "BY-2026-000002"),
        (3, "NOTICE", INCIDENT),
    ]
    assert books.incidents(book) == ("BY-2026-000001", INCIDENT, "BY-2026-000002")
    assert reason(books.notice(book, NOTICE, NOW, IncidentId("BY-2026-000009"), NOW)) is Reason.UNKNOWN_INCIDENT
    asks = QueryBody(1, Question.YOURS_OR_KNOWN)
    unknown = books.about(book, MessageType.QUERY, asks, NOW, IncidentId("LT-2026-000099"))
    assert reason(unknown) is Reason.UNKNOWN_INCIDENT
    again = msgspec.structs.replace(book.messages(said=True)[0])
    assert reason(books.parse_book(books.encode_book(said(book, again)))) is Reason.WRONG_SERIAL


def test_voice_21_an_answer_goes_to_what_was_heard_and_once() -> None:
    """VOICE-21."""
    book = heard(EMPTY, the_notice())
    serial = the_notice().serial
    query = theirs(MessageType.QUERY, serial + 1, body=QueryBody(3, Question.YOURS_OR_KNOWN), text=None)
    book = heard(book, query)
    waiting = [(one.serial, kind) for one, kind in books.owed(book)]
    assert waiting == [(serial, MessageType.ACK), (serial + 1, MessageType.REPLY)]
    book = said(book, books.answer(book, MessageType.ACK, serial, ACK, NOW))
    assert reason(books.answer(book, MessageType.ACK, serial, ACK, NOW)) is Reason.NOT_IN_TABLE
    assert reason(books.answer(book, MessageType.ACK, 99, ACK, NOW)) is Reason.UNKNOWN_MESSAGE
    assert reason(books.answer(book, MessageType.REPLY, serial, ReplyBody(Answer.KNOWN), NOW)) is Reason.UNKNOWN_MESSAGE
    book = said(book, books.answer(book, MessageType.REPLY, serial + 1, ReplyBody(Answer.KNOWN), NOW))
    assert books.owed(book) == []
    assert [(one.in_reply_to, one.incident) for one in book.messages(said=True)] == [
        (serial, INCIDENT),
        (serial + 1, INCIDENT),
    ]


def test_voice_21_a_close_sums_up_what_was_said() -> None:
    """VOICE-21."""
    book = heard(EMPTY, the_notice())
    body = books.close_body(book, INCIDENT, Outcome.CROSSED)
    assert isinstance(body, CloseBody)
    seen = book.messages(said=False)[0].observed_ms
    assert (body.objects, body.first_observed_ms, body.last_observed_ms) == (1, seen, seen)
    assert reason(books.close_body(book, IncidentId("LT-2026-000099"), Outcome.CROSSED)) is Reason.UNKNOWN_INCIDENT
    book = said(book, books.compose(book, MessageType.CLOSE, body, NOW, incident=INCIDENT))
    assert reason(books.answer(book, MessageType.AGREE_CLOSE, 0, AgreeCloseBody("yes"), NOW)) is Reason.UNKNOWN_MESSAGE


def test_voice_21_what_is_not_for_this_book_is_refused() -> None:
    """VOICE-21: another sender or year, the same groups twice; a type that the agreement does not name."""
    book = heard(EMPTY, the_notice())
    assert reason(books.hear(book, form_of(the_notice()).groups, NOW)) is Reason.NOT_IN_TABLE
    changes = (
        ({"sender": BY}, Reason.WRONG_SENDER),
        ({"year": 2025}, Reason.WRONG_YEAR),
        ({"generation": 1}, Reason.WRONG_GENERATION),
    )
    for change, why in changes:
        other = msgspec.structs.replace(the_notice(), **change)
        assert reason(books.hear(book, form_of(other).groups, NOW)) is why
    assert reason(books.hear(book, ("AAAA", "AAAA"), NOW)) is Reason.WRONG_CHECK
    shy = msgspec.structs.replace(book, cover=msgspec.structs.replace(book.cover, types=(MessageType.ACK,)))
    silent = books.notice(shy, NOTICE, NOW, None, NOW)
    assert isinstance(silent, Message)
    assert reason(books.say(shy, silent)) is Reason.NOT_ALLOWED


@given(messages(NOW, SPOKEN, later=False))
def test_voice_21_a_book_comes_back_from_its_file(message: Message) -> None:
    """VOICE-21: whatever was heard."""
    fits = msgspec.structs.replace(message, channel=CHANNEL, sender=LT, year=YEAR)
    after = books.hear(EMPTY, form_of(fits).groups, Instant(fits.stated_ms))
    assert isinstance(after, Book)
    assert books.parse_book(books.encode_book(after)) == after


@given(st.binary(max_size=300))
def test_voice_21_whatever_is_no_book_is_refused(data: bytes) -> None:
    """VOICE-21"""
    assert isinstance(books.parse_book(data), Refusal)
    whole = books.encode_book(heard(EMPTY, the_notice()))
    assert isinstance(books.parse_book(whole + data), Book | Refusal)


run = CliRunner().invoke


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    shipped = Path(books.__file__).parents[2] / "procedure" / "agreements" / "by-lt.yaml"
    path = tmp_path / "by-lt.yaml"
    path.write_text(shipped.read_text() + "by_voice: BY\n")
    assert parse_agreement(path.read_text()).by_voice == BY
    return path


def test_voice_21_a_book_on_any_laptop(tmp_path: Path, agreement: Path) -> None:
    """VOICE-21: from the agreement's file alone; what is asked for wrongly is said and leaves the book as it was."""
    book = tmp_path / "BY.book"

    def voice(*words: object, status: int = 0, typed: str | None = None) -> str:
        done = run(app, ["voice", *map(str, words)], input=typed)
        assert done.exit_code == status, done.output
        return done.output

    begin = ("open", agreement, "--party", "BY", "--book", book)
    assert "EXERCISE" in voice(*begin)
    assert "begun once" in voice(*begin, status=2)
    assert "does not say" in voice("open", agreement, "--party", "LT", "--book", tmp_path / "LT.book", status=2)
    where = ("--lat", 54.5, "--lon", 26.2, "--within", 900, "--book", book)
    paper = tmp_path / "form.pdf"
    assert "EXERCISE GROUPS" in voice("say", "notice", *where, "--status", "balloon", "--pdf", paper)
    assert paper.read_bytes().startswith(b"%PDF-")
    assert "none of" in voice("say", "notice", *where, "--status", "enemy", status=2)
    assert "Refused" in voice("say", "ack", 0, "--book", book, status=1)
    assert "serial 1" in voice("say", "test", "--book", book)
    assert "serial 0" in voice("again", 0, "--book", book)
    assert "holds no message" in voice("again", 7, "--book", book, status=2)
    assert [line.split()[2:5] for line in voice("list", "--book", book).splitlines()] == [
        ["UTC", "said", "0"],
        ["UTC", "said", "1"],
    ]
    before = book.read_bytes()
    form = form_of(msgspec.structs.replace(the_notice(), year=2025), exercise=True)
    told = voice("hear", "--book", book, "--count", len(form.groups), status=1, typed=" ".join(form.groups) + "\n")
    assert "wrong-year" in told
    assert book.read_bytes() == before
    book.write_bytes(before + b"{}\n")
    assert "malformed" in voice("list", "--book", book, status=2)
