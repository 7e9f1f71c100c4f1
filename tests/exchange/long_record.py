"""A record of so many line tests, as fast as entries can be written: BY and LT in turns, a receipt for each 512."""

import re
from functools import cache

from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Keyring, Node, line_test, two_nodes

from redshank.exchange.record import LogExport, build_record
from redshank.exchange.signing import receipt_lines, signed_head
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint
from redshank.terms.instants import Instant

RECEIPT_EVERY = 512
STEP_MS = 250


@cache
def long_record(count: int) -> dict[str, bytes]:
    """The files. The newest messages of each side, up to 511, have no receipt."""
    by, lt = two_nodes()
    logs = {lt.session.me: _log(lt, by, count // 2, 0), by.session.me: _log(by, lt, count - count // 2, STEP_MS // 2)}
    keys = {party: Keyring(party).public for party in (BY, LT)}
    return build_record(agreement="BY-LT-1", prefix="", channel=CHANNEL, year=YEAR, keys=keys, logs=logs)


def _log(sender: Node, receiver: Node, count: int, after_ms: int) -> LogExport:
    entries = _entries(sender, receiver, count, after_ms)
    frontier, receipts, head = merkle.Frontier(), dict[int, bytes](), b""
    for begin in range(0, count, RECEIPT_EVERY):
        part = entries[begin : begin + RECEIPT_EVERY]
        frontier = merkle.append_many(frontier, map(merkle.leaf_hash, part))
        text = Checkpoint(sender.session.own.key.name, frontier.size, merkle.root(frontier)).text
        at = Instant(NOW + after_ms + STEP_MS * frontier.size)
        head = signed_head(sender.session, text, at, sender.keys)
        if len(part) == RECEIPT_EVERY:
            head += receipt_lines(receiver.session, text, at, receiver.keys)
            receipts[frontier.size] = head
    return LogExport(head, count, entries, receipts)


def _entries(sender: Node, receiver: Node, count: int, after_ms: int) -> list[bytes]:
    """Like the one that the session says, with other numbers in it."""
    sender.say(line_test(0, receiver.session.me), NOW)
    pattern = re.sub(rb'"(number|serial|stated_ms)":\d+', rb'"\1":%d', sender.said[0])
    assert pattern.index(b"number") < pattern.index(b"serial") < pattern.index(b"stated_ms")
    return [pattern % (number, number, NOW + after_ms + STEP_MS * number) for number in range(count)]
