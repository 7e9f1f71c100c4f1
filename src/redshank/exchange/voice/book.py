"""Book: what a party without node and keys has said and heard on one channel, and the messages that it may say next
(VOICE-21).

Here: the book as a value, its bytes, and composing: serials, names of incidents, what answers what. Pure. Not here:
files and keyboards (cli), the procedure with its deadlines (a node runs that), release (the officer decides what he
says). May know: terms.

The book is the party's log in the sense of paper: nobody signs it, and it proves nothing to anybody else. It keeps
serials without a gap and lets no answer go to a message that was not heard.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import msgspec

from redshank.exchange.bounds import NO_INCIDENT
from redshank.exchange.voice.form import VoiceForm, decode, encode
from redshank.exchange.voice.layout import Heard
from redshank.terms.ids import ChannelId, IncidentId, PartyId, parties_of, partner_on
from redshank.terms.instants import SECOND_MS, Instant, year_of
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import Body, CloseBody, LostBody, Message, MessageType, NoticeBody, Outcome
from redshank.terms.refusal import Reason, Refusal

BOOK_VERSION: Final = 1
ANSWERS: Final[Mapping[MessageType, frozenset[MessageType]]] = {
    MessageType.ACK: frozenset(MessageType) - {MessageType.ACK, *NO_INCIDENT},
    MessageType.REPLY: frozenset({MessageType.QUERY}),
    MessageType.AGREE_CLOSE: frozenset({MessageType.CLOSE}),
    MessageType.TEST_REPLY: frozenset({MessageType.TEST}),
}
"""What each type may answer."""

_NAME = re.compile(r"([A-Z]{2})-(\d{4})-(\d{6})", re.ASCII)


class Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One read-out, ours (`said`) or the partner's."""

    said: bool
    groups: tuple[str, ...]
    at_ms: Instant
    remark: str | None = None


class Cover(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose book it is and by which rules: the first line of its file."""

    v: int = BOOK_VERSION
    book_of: PartyId
    channel: ChannelId
    year: int
    exercise: bool
    types: tuple[MessageType, ...]
    clock: str | None = None
    """In an exercise with a clock of its own: the file of its face."""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A party's book of one channel. `pages` are in the order of time; what they say is read from the groups."""

    cover: Cover
    pages: tuple[Page, ...] = ()

    @property
    def partner(self) -> PartyId:
        """Who runs the node."""
        return partner_on(self.cover.channel, self.cover.book_of)

    def messages(self, said: bool) -> list[Message]:
        """Ours, or the partner's, oldest first."""
        return [self.says(page).message for page in self.pages if page.said is said]

    def says(self, page: Page) -> Heard:
        """What a page says; only what can be read is in a book. Raises InvariantBroken."""
        heard = _read(page.groups, self.cover.exercise)
        if isinstance(heard, Refusal):
            raise InvariantBroken(f"a page of a book can be read: {heard}")
        return heard


@lru_cache(maxsize=4_096)
def _read(groups: tuple[str, ...], exercise: bool) -> Heard | Refusal:
    """A book is read again and again."""
    return decode(groups, exercise)


# --- as bytes -------------------------------------------------------------------------------------------------------


def encode_book(book: Book) -> bytes:
    """A line of JSON for the cover and one for each page."""
    lines = [msgspec.json.encode(part, order="sorted") for part in (book.cover, *book.pages)]
    return b"\n".join(lines) + b"\n"


def parse_book(data: bytes) -> Book | Refusal:
    """A book from its bytes. Refuses with MALFORMED or UNKNOWN_TYPE, with WRONG_SENDER, WRONG_CHANNEL, WRONG_YEAR,
    WRONG_GENERATION or WRONG_SERIAL a page that does not belong, else as `decode`; the field is the line."""
    first, *rest = data.splitlines() or [b""]
    try:
        cover = msgspec.json.decode(first, type=Cover)
        pages = [msgspec.json.decode(line, type=Page) for line in rest]
        partner_on(cover.channel, cover.book_of)
    except (msgspec.MsgspecError, ValueError) as error:
        return Refusal(Reason.MALFORMED, "book", str(error)[:200])
    if cover.v != BOOK_VERSION:
        return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {cover.v}, this is {BOOK_VERSION}")
    book = Book(cover=cover)
    for number, page in enumerate(pages, start=2):
        heard = _read(page.groups, cover.exercise)
        refused = heard if isinstance(heard, Refusal) else _misplaced(book, heard.message, page.said)
        if refused is not None:
            return msgspec.structs.replace(refused, field=f"line {number}: {refused.field}")
        book = msgspec.structs.replace(book, pages=(*book.pages, page))
    return book


def _misplaced(book: Book, message: Message, said: bool) -> Refusal | None:
    cover = book.cover
    pairs = (
        (Reason.WRONG_CHANNEL, "channel", message.channel, cover.channel),
        (Reason.WRONG_SENDER, "sender", message.sender, cover.book_of if said else book.partner),
        (Reason.WRONG_YEAR, "year", message.year, cover.year),
        (Reason.WRONG_GENERATION, "generation", message.generation, 0),  # a lone log is followed by none (VOICE-25)
    )
    for reason, field, says, true in pairs:
        if says != true:
            return Refusal(reason, field, f"the form says {says}, not {true}")
    expected = sum(page.said for page in book.pages)
    if said and message.serial != expected:
        return Refusal(Reason.WRONG_SERIAL, "serial", f"{message.serial}, expected {expected}")
    return None


# --- hearing and saying ---------------------------------------------------------------------------------------------


def hear(book: Book, groups: tuple[str, ...], now: Instant, remark: str | None = None) -> Book | Refusal:
    """With what the partner's officer has read out. Refuses as `decode`, a form of another channel, sender or year, and
    with NOT_IN_TABLE one that is there already. Another statement of the same serial is taken too: both were said."""
    heard = decode(groups, book.cover.exercise, now)
    if isinstance(heard, Refusal):
        return heard
    refused = _misplaced(book, heard.message, said=False)
    if refused is not None:
        return refused
    if any(page.groups == groups for page in book.pages if not page.said):
        return Refusal(Reason.NOT_IN_TABLE, "groups", f"{heard.message.serial} stands in the book already")
    page = Page(said=False, groups=groups, at_ms=now, remark=remark)
    return msgspec.structs.replace(book, pages=(*book.pages, page))


def say(book: Book, message: Message, remark: str | None = None) -> tuple[Book, VoiceForm] | Refusal:
    """With a message of ours, and its read-out. Refuses with NOT_ALLOWED a type that the agreement does not name, else
    what could not be said (as `encode`)."""
    if message.type not in book.cover.types:
        return Refusal(Reason.NOT_ALLOWED, message.type.value, "the agreement does not name this type")
    form = encode(message, book.cover.exercise)
    if isinstance(form, Refusal):
        return form
    page = Page(said=True, groups=form.groups, at_ms=message.stated_ms, remark=remark)
    return msgspec.structs.replace(book, pages=(*book.pages, page)), form


def compose(
    book: Book,
    kind: MessageType,
    body: Body,
    now: Instant,
    *,
    incident: IncidentId | None = None,
    observed_ms: Instant | None = None,
    in_reply_to: int | None = None,
) -> Message:
    """The next message of ours, stated now, in whole seconds as the form says it."""
    return Message(
        type=kind,
        channel=book.cover.channel,
        sender=book.cover.book_of,
        year=book.cover.year,
        serial=sum(page.said for page in book.pages),
        stated_ms=Instant(now // SECOND_MS * SECOND_MS),
        body=body,
        incident=incident,
        observed_ms=observed_ms,
        in_reply_to=in_reply_to,
    )


def answer(book: Book, kind: MessageType, serial: int, body: Body, now: Instant) -> Message | Refusal:
    """Our answer to the partner's message `serial`. Refuses with UNKNOWN_MESSAGE one that was not heard or that a
    message of this kind does not answer, with NOT_IN_TABLE a second answer of one kind."""
    heard = [one for one in book.messages(said=False) if one.serial == serial]
    if not heard or heard[-1].type not in ANSWERS.get(kind, ()):
        what = "was not heard" if not heard else f"is a {heard[-1].type.value}, which {kind.value} does not answer"
        return Refusal(Reason.UNKNOWN_MESSAGE, "serial", f"{serial} of {book.partner} {what}")
    if any((one.type, one.in_reply_to) == (kind, serial) for one in book.messages(said=True)):
        return Refusal(Reason.NOT_IN_TABLE, kind.value, f"{serial} of {book.partner} has been answered so already")
    return compose(book, kind, body, now, incident=heard[-1].incident, in_reply_to=serial)


def about(book: Book, kind: MessageType, body: Body, now: Instant, incident: IncidentId) -> Message | Refusal:
    """A message about an incident that was spoken of; refuses with UNKNOWN_INCIDENT."""
    if incident not in incidents(book):
        return Refusal(Reason.UNKNOWN_INCIDENT, "incident", f"{incident[:40]} was not spoken of")
    return compose(book, kind, body, now, incident=incident)


def notice(
    book: Book, body: NoticeBody, now: Instant, incident: IncidentId | None, observed_ms: Instant
) -> Message | Refusal:
    """A NOTICE of a new incident, or of one that the partner has told of; an UPDATE where we gave notice before.
    Refuses with UNKNOWN_INCIDENT a name that was not spoken of."""
    if incident is not None and incident not in incidents(book):
        return Refusal(Reason.UNKNOWN_INCIDENT, "incident", f"{incident[:40]} was not spoken of")
    told = any(one.type is MessageType.NOTICE and one.incident == incident for one in book.messages(said=True))
    kind = MessageType.UPDATE if incident is not None and told else MessageType.NOTICE
    name = next_incident(book, now) if incident is None else incident
    return compose(book, kind, body, now, incident=name, observed_ms=observed_ms)


def incidents(book: Book) -> tuple[IncidentId, ...]:
    """The incidents that were spoken of, in the order of their first mention."""
    named = [book.says(page).message.incident for page in book.pages]
    return tuple(dict.fromkeys(name for name in named if name is not None))


def next_incident(book: Book, now: Instant) -> IncidentId:
    """A new name for what we speak of first: our own, in the year of now, one more than the highest so far."""
    year, mine = year_of(now), book.cover.book_of
    matches = [_NAME.fullmatch(name) for name in incidents(book)]
    taken = [int(found[3]) for found in matches if found and found[1] == mine and int(found[2]) == year]
    return IncidentId(f"{mine}-{year:04d}-{max(taken, default=0) + 1:06d}")


def close_body(book: Book, incident: IncidentId, outcome: Outcome) -> CloseBody | Refusal:
    """The summary that a CLOSE of ours gives: of what was said on this channel. Refuses with UNKNOWN_INCIDENT."""
    told = [one for said in (True, False) for one in book.messages(said) if one.incident == incident]
    if not told:
        return Refusal(Reason.UNKNOWN_INCIDENT, "incident", f"{incident[:40]} was not spoken of")
    seen = [(one, one.body.object.object) for one in told if isinstance(one.body, NoticeBody | LostBody)]
    counts = [len({number for one, number in seen if one.sender == party}) for party in parties_of(book.cover.channel)]
    times = [one.stated_ms if one.observed_ms is None else one.observed_ms for one, _ in seen] or [told[0].stated_ms]
    return CloseBody(
        outcome=outcome, objects=max(1, *counts), first_observed_ms=min(times), last_observed_ms=max(times)
    )


def owed(book: Book) -> list[tuple[Message, MessageType]]:
    """What the partner has said that waits for an answer of ours, and which kind: the officer's list."""
    done = {(one.type, one.in_reply_to) for one in book.messages(said=True)}
    wanted = {
        MessageType.NOTICE: MessageType.ACK,
        MessageType.QUERY: MessageType.REPLY,
        MessageType.CLOSE: MessageType.AGREE_CLOSE,
    }
    heard = book.messages(said=False)
    return [
        (one, wanted[one.type]) for one in heard if one.type in wanted and (wanted[one.type], one.serial) not in done
    ]
