"""Two records of one channel, before and after a change of LT's keys."""

import msgspec
from tests.exchange.exchange_world import BY, LT, NOW, Keyring, Node, exchange_all, line_test, release, two_nodes
from tests.exchange.test_exchange_record import Files, export

from redshank.exchange import generations
from redshank.exchange.session import NextKeys, Said
from redshank.terms.instants import Instant
from redshank.terms.message import AckBody, MessageType, Why

NEXT = {BY: Keyring(BY, generation=1), LT: Keyring(LT, seed="the next test key", generation=1)}


def followed(node: Node, other: Node, why: Why) -> Node:
    """The node's next generation: its log ends, unless its keys are gone, and the next one opens."""
    fresh = generations.next_keys(node.session, NEXT[node.session.me].raw, NEXT[other.session.me].raw)
    assert isinstance(fresh, NextKeys)
    node.session = msgspec.structs.replace(node.session, next=fresh, keyless=why in generations.UNENDORSED)
    if not node.session.keyless:
        ended = generations.ended(node.session, why, Instant(NOW + 60_000))
        assert isinstance(ended, Said)
        node.session = ended.session
        node.said.append(ended.entry)
        exchange_all(node, other, NOW + 61_000)
    opened = generations.opened(node.session, why, Instant(NOW + 62_000))
    assert isinstance(opened, Said)
    later = Node(node.session.me)
    later.keys, later.session, later.said = NEXT[node.session.me], opened.session, [opened.entry]
    return later


def rotated(why: Why = Why.PLANNED) -> tuple[Files, Files]:
    """LT changes its keys after it has been asked something; BY goes with it."""
    by, lt = two_nodes()
    for number in range(3):
        lt.say(line_test(number), NOW + number)
    exchange_all(lt, by, NOW + 10)
    by.say(line_test(1, LT), NOW + 20)
    exchange_all(by, lt, NOW + 30)
    lt_next = followed(lt, by, why)
    by_next = followed(by, lt, Why.PARTNER)
    before = export(by, lt)
    lt_next.say(release(MessageType.ACK, AckBody("duty-officer"), BY, in_reply_to=0), NOW + 70_000)
    exchange_all(by_next, lt_next, NOW + 80_000)
    exchange_all(lt_next, by_next, NOW + 81_000)
    keys = {party: ring.public for party, ring in NEXT.items()}
    return before, export(by_next, lt_next, keys=keys, generation=1)
