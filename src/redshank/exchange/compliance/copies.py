"""Copies: one side's copy of the logs of a channel, and what a report keeps of each entry.

Here: reading a copy once, with its root; cutting copies to what another report was made from (`common`). Not here:
where the entries come from (edges, cli), signatures: a copy's entries and receipts were verified by whoever hands it
in. May know: log, terms.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import msgspec

from redshank.exchange.audit.cosigned import Receipts
from redshank.exchange.compliance.figures import Held, Ref
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.session import back_dated
from redshank.log import merkle
from redshank.procedure.kinds import kind_of
from redshank.procedure.required import missing
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import (
    AgreeCloseBody,
    CancelBody,
    CloseBody,
    CorrectBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
)
from redshank.terms.refusal import Reason, Refusal

_CHUNK = 1_024
_OF_LOG = (MessageType.LOG_END, MessageType.LOG_OPEN)


class LogCopy(msgspec.Struct, frozen=True):
    """One log as this side holds it: its first `size` entries, and the partner's receipts, sorted by size.

    `read` gives the entries from the first on, as often as it is asked; at least `size` of them.
    """

    first: Place
    size: int
    receipts: Receipts
    read: Callable[[], Iterator[bytes]]

    @property
    def key(self) -> tuple[str, int]:
        """Party and generation."""
        return self.first.sender, self.first.generation


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a report needs of one message that was understood."""

    ref: Ref
    type: str
    stated_ms: int
    incident: IncidentId | None
    reply: Ref | None
    missing: tuple[str, ...] = ()
    object: int | None = None
    phase: str | None = None
    crossing_ms: int | None = None
    """Forecast time of crossing, 50 %."""
    happened_ms: int | None = None
    """Time of observation, else of statement, of a crossing that has happened."""
    outcome: str | None = None
    objects: int | None = None
    agrees: bool | None = None
    kind: str | None = None
    """What it would make of an incident whose first word it is; None: as its agreement has one table for all."""
    names: Ref | None = None
    """The message of the same log that a CORRECT or CANCEL names."""
    corrects: str | None = None
    """The type that a CORRECT says it corrects."""


class Refused(msgspec.Struct, frozen=True):
    """An entry that is no message, with the newest statement before it (0: none was before)."""

    ref: Ref
    reason: str
    after_ms: int


class ReadLog(msgspec.Struct, frozen=True):
    """A log that was read: its root, its rows by serial, and what is no message."""

    copy: LogCopy
    root: bytes
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]
    begins: int
    """The first serial that claims to have been stated in the period or later; it depends on no receipt, so that two
    sides name the same receipts."""


def read_log(copy: LogCopy, from_ms: int) -> ReadLog:
    """Reads a copy once, a piece at a time; of each entry only a row is kept. Refused is what its receiver refuses
    (MSG-16, MSG-18, REC-22), as far as the log and the receipts show it."""
    frontier, reader, serial = merkle.Frontier(), _Reader(copy, from_ms), 0
    entries = islice(copy.read(), copy.size)
    while chunk := list(islice(entries, _CHUNK)):
        frontier = merkle.append_many(frontier, [merkle.leaf_hash(entry) for entry in chunk])
        for entry in chunk:
            reader.take(serial, entry)
            serial += 1
    return ReadLog(copy, merkle.root(frontier), tuple(reader.rows), tuple(reader.refused), reader.begins)


class _Reader:
    """Takes the entries of one log in order."""

    def __init__(self, copy: LogCopy, from_ms: int) -> None:
        self.begins = copy.size
        self._from_ms = from_ms
        self.rows = list[Row]()
        self.refused = list[Refused]()
        self._first = copy.first
        self._receipts = copy.receipts
        self._receipt = 0
        self._newest_ms = Instant(0)
        self._ended = False

    def take(self, serial: int, entry: bytes) -> None:
        """The next entry."""
        first = self._first
        place = Place(first.channel, first.sender, first.year, serial, first.generation)
        content = parse_entry(entry, place, None)
        if isinstance(content, Message):
            if content.stated_ms >= self._from_ms:
                self.begins = min(self.begins, serial)
            content = self._judged(content)
        if isinstance(content, Refusal):
            self.refused.append(Refused((self._first.generation, serial), content.reason.value, self._newest_ms))
            return
        self.rows.append(_row(content))
        self._newest_ms = max(self._newest_ms, content.stated_ms)
        self._ended = content.type is MessageType.LOG_END

    def _judged(self, message: Message) -> Message | Refusal:
        if self._ended:
            return Refusal(Reason.LOG_ENDED, "serial")
        while self._receipt < len(self._receipts) and self._receipts[self._receipt][0] <= message.serial:
            self._receipt += 1
        if self._receipt < len(self._receipts):
            stamp_ms = (self._receipts[self._receipt][1] + 1) * SECOND_MS
            if message.stated_ms > stamp_ms + limits.MESSAGE_AHEAD_MS and message.type not in _OF_LOG:
                return Refusal(Reason.TIME_NOT_PLAUSIBLE, "stated_ms")
        return back_dated(message, self._newest_ms) or message


def root_of(copy: LogCopy, size: int) -> bytes:
    """The root of the first `size` entries."""
    frontier, entries = merkle.Frontier(), islice(copy.read(), size)
    while chunk := list(islice(entries, _CHUNK)):
        frontier = merkle.append_many(frontier, [merkle.leaf_hash(entry) for entry in chunk])
    return merkle.root(frontier)


def common(copies: Sequence[LogCopy], other: Sequence[Held]) -> tuple[LogCopy, ...] | Refusal:
    """The copies, cut to what the report with the heads `other` was made from as well: of each log the smaller head and
    the receipts that both name. So two sides that cut to one another's reports hold the same.

    Refuses with FORKED when the other report's head is of another log than the one held here.
    """
    heads = {(held.party, held.generation): held for held in other}
    cut = []
    for copy in copies:
        held = heads.get(copy.key)
        if held is None:
            continue
        size = min(copy.size, held.size)
        if held.size <= copy.size and root_of(copy, held.size).hex() != held.root:
            detail = (
                f"of {held.party}, generation {held.generation}, at size {held.size}: not the log that is held here"
            )
            return Refusal(Reason.FORKED, "root", detail)
        both = set(held.receipts)
        receipts = tuple(one for one in copy.receipts if one in both and one[0] <= size)
        cut.append(msgspec.structs.replace(copy, size=size, receipts=receipts))
    return tuple(cut)


def _row(message: Message) -> Row:
    body = message.body
    crossed = isinstance(body, NoticeBody) and body.phase.value == "crossed"
    crossing = body.crossing if isinstance(body, NoticeBody) else None
    reply = None if message.in_reply_to is None else (message.answered_generation, message.in_reply_to)
    return Row(
        ref=(message.generation, message.serial),
        type=message.type.value,
        stated_ms=message.stated_ms,
        incident=message.incident,
        reply=reply,
        missing=missing(message),
        object=body.object.object if isinstance(body, NoticeBody | LostBody) else None,
        phase=body.phase.value if isinstance(body, NoticeBody) else None,
        crossing_ms=None if crossing is None else crossing.p50_ms,
        happened_ms=(message.observed_ms or message.stated_ms) if crossed else None,
        outcome=body.outcome.value if isinstance(body, CloseBody) else None,
        objects=body.objects if isinstance(body, CloseBody) else None,
        agrees=body.agrees == "yes" if isinstance(body, AgreeCloseBody) else None,
        kind=None if (kind := kind_of(message)) is None else kind.value,
        names=_named(message),
        corrects=body.type.value if isinstance(body, CorrectBody) else None,
    )


def _named(message: Message) -> Ref | None:
    body = message.body
    if not isinstance(body, CorrectBody | CancelBody):
        return None
    return (message.generation if body.generation is None else body.generation), body.serial
