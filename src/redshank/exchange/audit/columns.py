"""Columns: what has to be known of every entry of a log at once, a few bytes each; the entries themselves stay in
their files and are read again for the lines.

A message as an object takes some 300 bytes, its entry 240; a row here takes 17.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence

from redshank.exchange.audit.agreed import Act, act_of
from redshank.exchange.envelope import Place, parse_entry
from redshank.log import tiles
from redshank.terms.invariant import require
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal

ANSWERS = frozenset({MessageType.REPLY, MessageType.TEST_REPLY, MessageType.AGREE_CLOSE})
NONE = -1
_OTHER, _ACK, _ANSWER = 0, 1, 2


class Columns:
    """One row for each entry, in the order of the log."""

    def __init__(self) -> None:
        self.stated_ms = array("q")
        """Time of statement; NONE where the entry is no message."""
        self.replies_to = array("q")
        """Serial of the partner's message that it replies to; NONE if to none, or to one of an earlier generation."""
        self.gaps = array("q")
        """Indexes whose entry says another serial; not a row each."""
        self.opens = False
        """Whether the first entry is a LOG-OPEN."""
        self.ended_at = NONE
        """Index of the first LOG-END; NONE if there is none."""
        self.acts: list[Act] = []
        """Acts about the agreement, in the order of the log."""
        self._kinds = bytearray()

    def __len__(self) -> int:
        return len(self.stated_ms)

    def add(self, content: Message | Refusal) -> None:
        """The next entry."""
        if isinstance(content, Refusal):
            if content.reason is Reason.WRONG_SERIAL:
                self.gaps.append(len(self))
            self._append(NONE, None, _OTHER)
            return
        if content.type is MessageType.LOG_OPEN and not len(self):
            self.opens = True
        if content.type is MessageType.LOG_END and self.ended_at == NONE:
            self.ended_at = len(self)
        if (act := act_of(len(self), content)) is not None:
            self.acts.append(act)
        kind = _ACK if content.type is MessageType.ACK else _ANSWER if content.type in ANSWERS else _OTHER
        self._append(content.stated_ms, None if content.reply_generation is not None else content.in_reply_to, kind)

    def _append(self, stated_ms: int, replies_to: int | None, kind: int) -> None:
        self.stated_ms.append(stated_ms)
        self.replies_to.append(NONE if replies_to is None else replies_to)
        self._kinds.append(kind)

    def first_replies(self, size: int) -> "tuple[array[int], array[int]]":
        """For each of the partner's first `size` messages the serial of the first ACK and of the first answer; NONE."""
        acks, answers = array("q", [NONE]) * size, array("q", [NONE]) * size
        for serial, (target, kind) in enumerate(zip(self.replies_to, self._kinds, strict=True)):
            if 0 <= target < size and kind != _OTHER:
                first = acks if kind == _ACK else answers
                if first[target] == NONE:
                    first[target] = serial
        return acks, answers


class Contents(Sequence[Message | Refusal]):
    """The entries of a log that was proven, read from the record's files as they are asked for."""

    def __init__(self, files: Mapping[str, bytes], begin: Place, size: int) -> None:
        """`begin` is the place of the first entry."""
        self._files = files
        self._begin = begin
        self.generation = begin.generation
        self._size = size
        self._held: tuple[int, tuple[bytes, ...]] = (NONE, ())

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, serial):  # type: ignore[no-untyped-def]
        """The message or its refusal. Raises IndexError; slices are not read."""
        if not 0 <= serial < self._size:
            raise IndexError(serial)
        number, at = divmod(serial, tiles.TILE_WIDTH)
        if self._held[0] != number:
            self._held = (number, self._bundle(number))
        return self._read(serial, self._held[1][at])

    def __iter__(self) -> Iterator[Message | Refusal]:
        """All of them, a bundle at a time; two may run beside one another."""
        for number in range(-(-self._size // tiles.TILE_WIDTH)):
            for serial, entry in enumerate(self._bundle(number), start=number * tiles.TILE_WIDTH):
                yield self._read(serial, entry)

    def _read(self, serial: int, entry: bytes) -> Message | Refusal:
        begin = self._begin
        return parse_entry(entry, Place(begin.channel, begin.sender, begin.year, serial, begin.generation), None)

    def _bundle(self, number: int) -> tuple[bytes, ...]:
        width = min(tiles.TILE_WIDTH, self._size - number * tiles.TILE_WIDTH)
        bundle = tiles.parse_bundle(self._files[f"{self._begin.sender}/{tiles.Tile(None, number, width).path}"])
        require(not isinstance(bundle, Refusal), "a bundle that was proven is read again as it was")
        return () if isinstance(bundle, Refusal) else bundle
