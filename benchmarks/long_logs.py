"""Stores with long logs, as years of traffic or hours of a dead line leave them, built in minutes.

Here: the two sessions of a channel with the real keys of both parties, and the rows that a node keeps of their traffic.
Every entry is canonical, every head and receipt is signed with both keys and taken by the real session, each row goes
through the real `Store.commit` with its seal. Short cuts: entries are written from a template (the first and last of
each delivery are held against the real parser), and a log grows by 256 leaves at once instead of one after the other
(held against `ledger.append` at the beginning). Not here: what is measured on such a store.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec.structs import replace
from tests.story.story_fleet import NodeProcess

from redshank.compose.build import build_state, first_pairs
from redshank.compose.config import read_config
from redshank.edges.keys import KeyRing, KeySet
from redshank.edges.keys.sealed import read_passphrase
from redshank.edges.store import Store
from redshank.edges.tiles import TileHashes
from redshank.exchange.envelope import encode_message, parse_entry
from redshank.exchange.session import (
    Received,
    Session,
    answer_came,
    delivery_bytes,
    head_signed,
    head_to_sign,
    next_delivery,
    receive,
    their_place,
)
from redshank.exchange.signing import receipt_lines, signed_head
from redshank.log import ledger, merkle
from redshank.log.ledger import Appended, OwnLog
from redshank.node.bookmark import bookmark_of
from redshank.node.commands import TestLine
from redshank.node.effects import Durable, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.node.events import AnswerCame, Commanded, DeliveryCame, HeadSigned, encode_event
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType, TestBody
from redshank.terms.refusal import Refusal

_changed = msgspec.structs.replace
CHANNEL = ChannelId("BY-LT")
COMMIT_ROWS = 20_000
TELL_EVERY_S = 5.0


@dataclass
class Side:
    """One party: its node before any traffic, its keys, and its session as it grows."""

    state: NodeState
    keys: KeySet
    session: Session
    data: Path


def side_of(node: NodeProcess, channel: ChannelId = CHANNEL) -> Side:
    """A node that has not run yet, on one of its channels."""
    config, base = read_config(node.config)
    keys = KeyRing(config.party, base / config.keys, read_passphrase(base / str(config.passphrase_file)))
    state = build_state(config, base, keys, first_pairs(config, base, keys))
    return Side(state, keys.base, state.session(channel), base / config.data)


def entries_of(session: Session, kind: MessageType, first: int, count: int, at: Instant) -> list[bytes]:
    """Entries of the session's own log from serial `first` on: line tests, or replies to the partner's."""
    mark = 987_654_321
    body, reply = TestBody(number=mark), mark if kind is MessageType.TEST_REPLY else None
    message = Message(
        type=kind,
        channel=session.channel,
        sender=session.me,
        year=session.year,
        serial=mark,
        stated_ms=at,
        body=body,
        in_reply_to=reply,
    )
    pieces = encode_message(message).replace(b"%", b"%%").replace(b"%d" % mark, b"%d")
    marks = pieces.count(b"%d")
    entries = []
    for serial in range(first, first + count):
        numbers = (serial + 1, serial, serial) if marks == 3 else (serial + 1, serial)
        entries.append(pieces % numbers)
    return entries


def check_entries(reader: Session, first: int, entries: list[bytes], now: Instant) -> None:
    """The first and last entry of a delivery are messages in their place."""
    for at in (0, len(entries) - 1):
        content = parse_entry(entries[at], their_place(reader, first + at), now)
        if isinstance(content, Refusal):
            raise RuntimeError(f"entry {first + at} is no message: {content}")


def grown(log: OwnLog, entries: Iterable[bytes]) -> OwnLog:
    """The log after at most HEAD_ENTRIES entries behind its newest head or cut."""
    frontier = merkle.append_many(log.frontier, [merkle.leaf_hash(entry) for entry in entries])
    tail = log.tail + frontier.size - log.size
    if tail > limits.HEAD_ENTRIES:
        cuts, tail = (*log.cuts, log.frontier), frontier.size - log.size
        return _changed(log, frontier=frontier, cuts=cuts, tail=tail)
    return _changed(log, frontier=frontier, tail=tail)


def check_grown(log: OwnLog, batches: list[list[bytes]]) -> None:
    """The short cut gives what the product gives."""
    slow = fast = log
    for batch in batches:
        fast = grown(fast, batch)
        for entry in batch:
            appended = ledger.append(slow, entry)
            if not isinstance(appended, Appended):
                raise RuntimeError(f"the log did not take an entry: {appended}")
            slow = appended.log
    if slow != fast:
        raise RuntimeError("the short cut does not give the log that the product gives")


class Keeper:
    """Collects rows and commits them in groups."""

    def __init__(self, store: Store, told: str, count: int) -> None:
        self._store, self._told, self._count = store, told, count
        self._rows: list[Durable] = []
        self._done, self._begin, self._spoken = 0, time.monotonic(), time.monotonic()

    def keep(self, rows: Iterable[Durable], entries: int, now: Instant) -> None:
        """Rows of so many entries."""
        self._rows.extend(rows)
        self._done += entries
        if len(self._rows) >= COMMIT_ROWS:
            self.flush(now)
        if time.monotonic() - self._spoken > TELL_EVERY_S:
            self._spoken = time.monotonic()
            print(f"{self._told}: {self._done} of {self._count} entries built", flush=True)

    def flush(self, now: Instant) -> None:
        """Commits what is left."""
        self._store.commit(self._rows, now)
        self._rows = []


def _sign(side: Side, now: Instant) -> bytes:
    wanted = head_to_sign(side.session)
    if wanted is None:
        raise RuntimeError("there is nothing to sign")
    note = signed_head(side.session, wanted.text, now, side.keys)
    side.session = head_signed(side.session, note)
    return note


def _receipt(sender: Side, receiver: Side, now: Instant) -> bytes:
    head = sender.session.own.head
    assert head is not None
    lines = receipt_lines(receiver.session, head.text, now, receiver.keys)
    after = answer_came(sender.session, 200, lines)
    if isinstance(after, Refusal):
        raise RuntimeError(f"the receipt was refused: {after}")
    sender.session = after
    return lines


def say_receipted(me: Side, partner: Side, keeper: Keeper, count: int, now: Instant) -> None:
    """`count` line tests of ours, in full deliveries, each receipted by the partner."""
    origin, channel = me.session.own.key.name, me.session.channel
    told = KeepEvent(encode_event(Commanded(ticket=0, role="duty-officer", command=TestLine(channel=channel))))
    while me.session.own.size < count:
        first = me.session.own.size
        batch = entries_of(me.session, MessageType.TEST, first, min(limits.HEAD_ENTRIES, count - first), Instant(now))
        check_entries(partner.session, first, batch, now)
        me.session = _changed(me.session, own=grown(me.session.own, batch))
        note = _sign(me, now)
        lines = _receipt(me, partner, now)
        receipt = me.session.own.receipt
        assert receipt is not None
        rows: list[Durable] = [told] * len(batch)
        rows += [KeepEntry(origin, serial, entry) for serial, entry in enumerate(batch, start=first)]
        rows += [
            KeepEvent(encode_event(HeadSigned(channel, note))),
            KeepNote(origin, NoteKind.HEAD, first + len(batch), note),
            KeepEvent(encode_event(AnswerCame(0, channel, 200, lines))),
            KeepNote(origin, NoteKind.RECEIPT, first + len(batch), receipt.note),
        ]
        keeper.keep(rows, len(batch), now)


def hear(me: Side, partner: Side, keeper: Keeper, count: int, now: Instant) -> None:
    """`count` replies of the partner to our line tests, in full deliveries, each receipted by us. The last one is taken
    by the real session, which computes the root from what it holds."""
    origin, channel = me.session.theirs.key.name, me.session.channel
    while partner.session.own.size < count:
        first = partner.session.own.size
        batch = entries_of(partner.session, MessageType.TEST_REPLY, first, min(limits.HEAD_ENTRIES, count - first), now)
        check_entries(me.session, first, batch, now)
        before = partner.session.own
        partner.session = _changed(partner.session, own=grown(before, batch))
        note = _sign(partner, now)
        outgoing = next_delivery(partner.session)
        assert outgoing is not None
        body = delivery_bytes(outgoing, tuple(batch))
        if partner.session.own.size >= count:
            if before.head is not None:
                held = _changed(me.session.theirs, frontier=before.frontier, head=before.head)
                me.session = _changed(me.session, theirs=held)
            came = receive(me.session, body, now)
            if not isinstance(came, Received):
                raise RuntimeError(f"the delivery was refused: {came}")
            me.session = _changed(came.session, own=me.session.own)
        lines = _receipt(partner, me, now)
        rows: list[Durable] = [KeepEvent(encode_event(DeliveryCame(0, channel, body)))]
        rows += [KeepEntry(origin, serial, entry) for serial, entry in enumerate(batch, start=first)]
        rows += [
            KeepNote(origin, NoteKind.HEAD, first + len(batch), note),
            KeepNote(origin, NoteKind.RECEIPT, first + len(batch), note + lines),
        ]
        keeper.keep(rows, len(batch), now)


def say_waiting(me: Side, partner: Side, keeper: Keeper, count: int, now: Instant) -> None:
    """`count` replies to line tests that wait for the line: the head of the first one is signed, and no more."""
    origin, channel = me.session.own.key.name, me.session.channel
    beginning = [
        entries_of(me.session, MessageType.TEST_REPLY, first, size, now)
        for first, size in ((0, 128), (128, 128), (256, 9))
    ]
    check_grown(me.session.own, beginning)
    first, size = 0, 1
    while first < count:
        batch = entries_of(me.session, MessageType.TEST_REPLY, first, size, now)
        check_entries(partner.session, first, batch, now)
        rows: list[Durable] = [KeepEntry(origin, serial, entry) for serial, entry in enumerate(batch, start=first)]
        me.session = _changed(me.session, own=grown(me.session.own, batch))
        if first == 0:
            note = _sign(me, now)
            rows += [KeepEvent(encode_event(HeadSigned(channel, note))), KeepNote(origin, NoteKind.HEAD, 1, note)]
        keeper.keep(rows, len(batch), now)
        first += len(batch)
        size = min(limits.HEAD_ENTRIES, count - first)


def bookmarked(me: Side, store: Store) -> NodeState:
    """The node's state with this traffic behind it, kept as a bookmark."""
    state = replace(me.state, sessions={me.session.channel: me.session})
    store.keep_bookmark(bookmark_of(state))
    return state


def hash_tiles(me: Side, store: Store) -> None:
    """Full tiles of the own log, as a running node has hashed them by the way."""
    hashes = TileHashes(me.data / "tiles.sqlite")
    try:
        while hashes.catch_up(store, me.session.own.key.name, me.session.own.signed_size):
            pass
    finally:
        hashes.close()
