"""`redshank voice open|hear|say|again|list`: the book of a party that runs no node and has no keys. It says and hears
by telephone and paper; the book counts its serials, knows what answers what, and makes each read-out. It needs the
agreement's file, and no node, no key and no network.

Imports of the rooms stand inside the functions, so that `redshank --help` answers at once.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redshank.cli import voice
from redshank.cli.voice import keyed_in, language_asked, show_form, stop

if TYPE_CHECKING:
    from redshank.exchange.voice.book import Book
    from redshank.terms.instants import Instant
    from redshank.terms.message import Message
    from redshank.terms.refusal import Refusal

    Compose = Callable[[Book, Instant], Message | Refusal]

app = voice.app
say = typer.Typer(no_args_is_help=True, help="Say something: the book gives it the next serial and shows its read-out.")
app.add_typer(say, name="say")

BookFile = Annotated[Path, typer.Option("--book", help="The book of this channel.", exists=True, dir_okay=False)]
Remark = Annotated[str | None, typer.Option(help="Who spoke with whom, on which line.")]
Pdf = Annotated[Path | None, typer.Option(help="Write the printed form too: fax or courier.")]
TheirSerial = Annotated[int, typer.Argument(help="Serial of the partner's message.", min=0)]
Incident = Annotated[str, typer.Argument(help="Name of the incident, e.g. LT-2026-000012.")]


@app.command(name="open")
def open_(
    agreement: Annotated[Path, typer.Argument(help="The agreement's file.", exists=True, dir_okay=False)],
    party: Annotated[str, typer.Option(help="Whose book: the party that the agreement calls by_voice.")],
    book: Annotated[Path, typer.Option(help="The file to begin.")],
    year: Annotated[int | None, typer.Option(help="Year of the partner's log, if it is not this year's.")] = None,
    clock: Annotated[
        Path | None, typer.Option(help="In an exercise: the file of its clock.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Begin a book from an agreement's file."""
    from redshank.exchange.voice.book import Book, Cover
    from redshank.procedure.agreement import Kind, parse_agreement
    from redshank.procedure.config import ConfigError
    from redshank.terms.ids import PartyId
    from redshank.terms.instants import year_of

    try:
        agreed = parse_agreement(agreement.read_text(encoding="utf-8"))
    except (OSError, ConfigError) as error:
        stop(f"{agreement}: {error}")
    if book.exists():
        stop(f"{book} is there already: a book is begun once, so that no serial is said twice")
    if agreed.by_voice != party:
        stop(f"{agreement}: does not say `by_voice: {party}`")
    exercise = agreed.kind is Kind.EXERCISE
    cover = Cover(
        book_of=PartyId(party),
        channel=agreed.channel,
        year=year_of(_now(clock)) if year is None else year,
        exercise=exercise,
        types=agreed.messages,
        clock=None if clock is None else str(clock.resolve()),
    )
    _write(book, Book(cover=cover))
    typer.echo(f"{book}: the book of {party} on {agreed.channel}, {cover.year}{', EXERCISE' if exercise else ''}.")


@app.command()
def hear(
    book: BookFile,
    count: Annotated[int | None, typer.Option(help="How many groups the speaker announces.", min=1, max=99)] = None,
    remark: Remark = None,
) -> None:
    """Key in what the partner's officer reads out, as with `key`, and keep it in the book."""
    from redshank.exchange.voice.book import hear as heard
    from redshank.terms.refusal import Refusal

    held = _read(book)
    now = _now_of(held)
    groups = keyed_in(count, held.cover.exercise, now)
    after = heard(held, groups, now, remark)
    if isinstance(after, Refusal):
        stop(f"Refused: {after}", 1)
    _write(book, after)
    _tell_owed(after)


@app.command()
def again(
    serial: Annotated[int, typer.Argument(help="Serial of a message of ours.", min=0)], book: BookFile, pdf: Pdf = None
) -> None:
    """Show the read-out of a message that was said before."""
    from redshank.exchange.voice import encode
    from redshank.exchange.voice.form import VoiceForm

    held = _read(book)
    found = [message for message in held.messages(said=True) if message.serial == serial]
    form = encode(found[0], held.cover.exercise) if found else None
    if not isinstance(form, VoiceForm):
        stop(f"{book}: holds no message {serial} of ours")
    _show(form, pdf)


@app.command(name="list")
def list_(book: BookFile) -> None:
    """List what was said and heard, and what waits for an answer of ours."""
    from redshank.edges.wording import wording

    held, when = _read(book), wording("en").time
    for page in held.pages:
        message = held.says(page).message
        reply = "" if message.in_reply_to is None else f" to {message.in_reply_to}"
        way = "said " if page.said else "heard"
        typer.echo(
            f"{when(page.at_ms)}  {way}  {message.serial:4}  {message.type.value}{reply}  {message.incident or ''}"
        )
    _tell_owed(held)


# --- say ------------------------------------------------------------------------------------------------------------


@say.command()
def ack(
    serial: TheirSerial,
    book: BookFile,
    role: Annotated[str, typer.Option(help="Who has read it.")] = "duty-officer",
    remark: Remark = None,
    pdf: Pdf = None,
) -> None:
    """A person here has read the partner's message."""
    from redshank.terms.message import AckBody, MessageType

    _answer(book, MessageType.ACK, serial, AckBody(role=role), remark, pdf)


@say.command()
def reply(
    serial: TheirSerial,
    answer: Annotated[str, typer.Argument(help="ours, known, unknown, no-information or cannot-say.")],
    book: BookFile,
    remark: Remark = None,
    pdf: Pdf = None,
) -> None:
    """Answer the partner's QUERY."""
    from redshank.terms.message import Answer, MessageType, ReplyBody

    _answer(book, MessageType.REPLY, serial, ReplyBody(answer=_code(Answer, answer)), remark, pdf)


@say.command(name="agree-close")
def agree_close(
    serial: TheirSerial,
    book: BookFile,
    no: Annotated[bool, typer.Option("--no", help="We do not agree: the incident closes with that on record.")] = False,
    remark: Remark = None,
    pdf: Pdf = None,
) -> None:
    """Answer the partner's CLOSE."""
    from redshank.terms.message import AgreeCloseBody, MessageType

    body = AgreeCloseBody(agrees="no" if no else "yes")
    _answer(book, MessageType.AGREE_CLOSE, serial, body, remark, pdf)


@say.command(name="test-reply")
def reply_to_test(serial: TheirSerial, book: BookFile, remark: Remark = None, pdf: Pdf = None) -> None:
    """Answer the partner's TEST of the telephone line."""
    from redshank.exchange.voice import book as books
    from redshank.terms.message import MessageType, TestBody

    def composed(held: "Book", now: "Instant") -> "Message | Refusal":
        numbers = [one.body.number for one in held.messages(said=False)
                   if one.serial == serial and isinstance(one.body, TestBody)]  # fmt: skip
        body = TestBody(number=numbers[-1] if numbers else 0)
        return books.answer(held, MessageType.TEST_REPLY, serial, body, now)

    _said(book, composed, remark, pdf)


@say.command()
def query(
    incident: Incident,
    number: Annotated[int, typer.Argument(help="Number of the object in the incident.", min=1)],
    book: BookFile,
    remark: Remark = None,
    pdf: Pdf = None,
) -> None:
    """Ask: is this object yours, is it known to you?"""
    from redshank.exchange.voice import book as books
    from redshank.terms.ids import IncidentId
    from redshank.terms.message import MessageType, QueryBody, Question

    body = QueryBody(object=number, question=Question.YOURS_OR_KNOWN)

    def composed(held: "Book", now: "Instant") -> "Message | Refusal":
        return books.about(held, MessageType.QUERY, body, now, IncidentId(incident))

    _said(book, composed, remark, pdf)


@say.command()
def close(
    incident: Incident,
    outcome: Annotated[
        str, typer.Argument(help="crossed, did-not-cross, identified, lost, found or no-further-information.")
    ],
    book: BookFile,
    remark: Remark = None,
    pdf: Pdf = None,
) -> None:
    """Propose to end an incident; the summary is made from the book."""
    from redshank.exchange.voice import book as books
    from redshank.terms.ids import IncidentId
    from redshank.terms.message import CloseBody, MessageType, Outcome

    how, name = _code(Outcome, outcome), IncidentId(incident)

    def composed(held: "Book", now: "Instant") -> "Message | Refusal":
        body = books.close_body(held, name, how)
        return books.compose(held, MessageType.CLOSE, body, now, incident=name) if isinstance(body, CloseBody) else body

    _said(book, composed, remark, pdf)


@say.command()
def notice(
    book: BookFile,
    lat: Annotated[float, typer.Option(help="Degrees north.")],
    lon: Annotated[float, typer.Option(help="Degrees east.")],
    within: Annotated[int, typer.Option(help="Accuracy of the place, metres.", min=0)],
    status: Annotated[
        str, typer.Option(help="What you hold it to be, e.g. uav, balloon, unidentified.")
    ] = "unidentified",
    phase: Annotated[str, typer.Option(help="possible, crossing or crossed.")] = "possible",
    incident: Annotated[str | None, typer.Option(help="Absent: a new one. Given: an UPDATE if we gave notice.")] = None,
    number: Annotated[int, typer.Option(help="Number of the object in the incident.", min=1)] = 1,
    count: Annotated[int, typer.Option(help="How many fly together.", min=1)] = 1,
    altitude: Annotated[int | None, typer.Option(help="Metres.")] = None,
    course: Annotated[int | None, typer.Option(help="Degrees true.")] = None,
    speed: Annotated[int | None, typer.Option(help="km/h.")] = None,
    ago: Annotated[int, typer.Option(help="Seen so many seconds ago.", min=0)] = 0,
    remark: Remark = None,
    pdf: Pdf = None,
) -> None:
    """Give notice of an object, or an UPDATE of it. Say nothing that your own rules do not let out."""
    from redshank.exchange.voice import book as books
    from redshank.terms.geo import Position
    from redshank.terms.ids import IncidentId
    from redshank.terms.instants import SECOND_MS, Instant
    from redshank.terms.message import NoticeBody, ObjectState, Phase, PointE7
    from redshank.terms.track import Status

    state = ObjectState(
        object=number, status=_code(Status, status), at=PointE7.of(Position(lat, lon)), accuracy_m=within, count=count,
        altitude_m=altitude, course_deg=course, speed_kmh=speed,
    )  # fmt: skip
    body = NoticeBody(phase=_code(Phase, phase), object=state)

    def composed(held: "Book", now: "Instant") -> "Message | Refusal":
        name = None if incident is None else IncidentId(incident)
        return books.notice(held, body, now, name, Instant(now - ago * SECOND_MS))

    _said(book, composed, remark, pdf)


@say.command(name="test")
def try_line(book: BookFile, remark: Remark = None, pdf: Pdf = None) -> None:
    """Test the telephone line: read it out, and have it read back."""
    from redshank.exchange.voice import book as books
    from redshank.terms.message import MessageType, TestBody

    def composed(held: "Book", now: "Instant") -> "Message | Refusal":
        number = 1 + sum(one.type is MessageType.TEST for one in held.messages(said=True))
        return books.compose(held, MessageType.TEST, TestBody(number=number), now)

    _said(book, composed, remark, pdf)


# --- the file -------------------------------------------------------------------------------------------------------


def _answer(book: Path, kind, serial: int, body, remark: str | None, pdf: Path | None) -> None:  # type: ignore[no-untyped-def]
    from redshank.exchange.voice import book as books

    _said(book, lambda held, now: books.answer(held, kind, serial, body, now), remark, pdf)


def _said(path: Path, composed: "Compose", remark: str | None, pdf: Path | None) -> None:
    """First into the book, then onto the screen: what somebody may have read out is never given another serial."""
    from redshank.exchange.voice.book import say as said
    from redshank.terms.refusal import Refusal

    held = _read(path)
    message = composed(held, _now_of(held))
    done = message if isinstance(message, Refusal) else said(held, message, remark)
    if isinstance(done, Refusal):
        stop(f"Refused: {done}", 1)
    after, form = done
    _write(path, after)
    _show(form, pdf)


def _show(form, pdf: Path | None) -> None:  # type: ignore[no-untyped-def]
    show_form(form)
    if pdf is not None:
        from redshank.edges.printed import printed_form

        pdf.write_bytes(printed_form(form, language_asked()))
        typer.echo(f"{pdf} is written.")


def _tell_owed(held: "Book") -> None:
    from redshank.exchange.voice.book import owed

    for message, kind in owed(held):
        typer.echo(
            f"OWED: {kind.value} to {message.type.value} {message.serial} of {held.partner} ({message.incident})"
        )


def _read(path: Path) -> "Book":
    from redshank.exchange.voice.book import Book, parse_book

    book = parse_book(path.read_bytes())
    if not isinstance(book, Book):
        stop(f"{path}: {book}")
    return book


def _write(path: Path, book: "Book") -> None:
    from redshank.edges.durable_file import write_file
    from redshank.exchange.voice.book import encode_book

    write_file(path, encode_book(book))


def _now_of(book: "Book") -> "Instant":
    return _now(None if book.cover.clock is None else Path(book.cover.clock))


def _now(clock: Path | None) -> "Instant":
    from redshank.edges.clock import ExerciseClock, SystemClock

    return SystemClock().now() if clock is None else ExerciseClock(clock).now()


def _code(kind, text: str):  # type: ignore[no-untyped-def]
    """A code of a closed list; ends the program with the list when it is none."""
    try:
        return kind(text)
    except ValueError:
        stop(f"{text!r} is none of {', '.join(kind)}")
