"""Recovered: what a node makes of an image of its disk, held against what was known outside when the power went.

Every check here is a promise: nothing that was acknowledged is missing, nothing is there that was never written, the
state is the one after a commit, a head that has left covers a prefix, and the two nodes go on and lose nothing.
"""

import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.disk.workload import BY, CHANNEL, LT, PASSPHRASE, PublicOf, fresh, held

from redshank.compose.doorkeeper import feed_key
from redshank.edges.alerts import SpoolSender
from redshank.edges.keys import KeySet, make_keys
from redshank.edges.recovery import recover
from redshank.edges.store import Store
from redshank.edges.turn import take_turn
from redshank.exchange.parties import EXERCISE_PREFIX, log_origin
from redshank.exchange.session import delivery_bytes, next_delivery
from redshank.exercise.simulation.scenes import YEAR
from redshank.log.merkle import leaf_hash, perfect_hashes, root_at
from redshank.node.commands import TestLine
from redshank.node.effects import AnswerPeer, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.node.events import AnswerCame, Asked, DeliveryCame
from redshank.node.state import NodeState
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.warning.check import check_cap

LATER = Instant(1_778_113_800_000 + 3_600_000)


@dataclass
class Known:
    """What somebody outside one node knows of it."""

    journal: int = 0
    keys: str | None = None
    console: str | None = None
    receipts: dict[str, int] = field(default_factory=dict)
    heads: dict[tuple[str, int], str] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)

    def hears(self, mark: dict[str, Any]) -> None:
        match mark["done"]:
            case "commit":
                self.journal = mark["journal"]
            case "keys":
                self.keys = mark["public"]
            case "console":
                self.console = mark["key"]
            case "receipt":
                self.receipts[mark["origin"]] = mark["size"]
            case "delivery":
                self.heads[mark["origin"], mark["size"]] = mark["root"]
            case "published" | "warned":
                self.published.add(mark["warning"])


@dataclass
class Reference:
    """What one node had kept after each commit of the undisturbed run."""

    commits: list[Any]
    live: dict[int, Any]
    kept: dict[int, Any] = field(default_factory=dict)
    states: dict[int, NodeState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        journal, entries, notes = list[Any](), dict[Any, bytes](), dict[Any, bytes]()
        self.kept[0] = [(tuple(journal), {}, {})]
        for recorded, now, durables in self.commits:
            for one in durables:
                match one:
                    case KeepEvent():
                        journal.append((now, one.event))
                    case KeepEntry():
                        entries[one.origin, one.index] = one.body
                    case KeepNote():
                        notes[one.origin, one.kind, one.size] = one.body
            self.kept.setdefault(recorded, []).append((tuple(journal), dict(entries), dict(notes)))


def examine(party: PartyId, folder: Path, known: Known, reference: Reference, cast: dict[PartyId, KeySet]) -> int:
    """Restarts the node on the image and holds it to its promises; the journal's length that it came back with."""
    home = folder / party
    again = make_keys(party, home / "keys", LATER, PASSPHRASE).public()
    assert known.keys in (None, again.log_key), "a key that was shown is gone"
    store = Store(home / "data" / "node.sqlite")
    assert known.console in (None, feed_key(home / "data")), "a console key that was shown is gone"
    journal = tuple(store.journal())
    assert len(journal) >= known.journal, f"{known.journal} events were durable, {len(journal)} are there"
    assert len(journal) in reference.kept, "part of a commit"
    kept = journal, *_content(store)
    assert kept in reference.kept[len(journal)], "not what was written"
    state = reference.states.get(len(journal))
    if len(cast) < 2:
        return 0  # the run ended before both had keys
    if state is None:  # a function of what has just been compared byte by byte: once for each
        state = reference.states[len(journal)] = recover(fresh(party, cast), store)
        turn = reference.live.get(len(journal))  # none for a commit that failed, and is on the disk all the same
        assert turn is None or held(state) == turn, "another state than without the power cut"
    _check_outside(store, home, known, state)
    store.close()
    return len(journal)


def _content(store: Store) -> tuple[Any, Any]:
    entries, notes = dict[Any, bytes](), dict[Any, bytes]()
    for origin in (log_origin(EXERCISE_PREFIX, CHANNEL, party, YEAR) for party in (BY, LT)):
        entries |= {(origin, n): body for n, body in enumerate(store.entries(origin, 0, 1 << 40))}
        for kind in NoteKind:
            notes |= {(origin, kind, size): note for size, note in store.notes(origin, kind)}
    return entries, notes


def _check_outside(store: Store, home: Path, known: Known, state: NodeState) -> None:
    for origin, size in known.receipts.items():
        assert store.size(origin) >= size, f"a receipt was given for {size}, {store.size(origin)} are there"
    for (origin, size), root in known.heads.items():
        assert root_of(store, origin, size) == root, f"a head of size {size} had left, and this log is another"
    issued = {name for name, alert in state.alerts.items() if alert.issued_at is not None}
    assert known.published <= issued
    spool = SpoolSender(home / "data" / "alerts")
    for warning in known.published | store.published():
        assert is_whole(spool.path_of(warning).read_bytes()), "an alert that was issued is not whole in the spool"


@cache
def is_whole(alert: bytes) -> bool:
    return check_cap(alert) == ()


@cache
def root_over(entries: tuple[bytes, ...]) -> str:
    return root_at(len(entries), perfect_hashes([leaf_hash(entry) for entry in entries])).hex()


def root_of(store: Store, origin: str, size: int) -> str:
    entries = store.entries(origin, 0, size)
    assert len(entries) == size
    return root_over(tuple(entries))


class Again:
    """A node that has come back and goes on: the product's own turn, one commit for each."""

    def __init__(self, party: PartyId, home: Path, cast: dict[PartyId, KeySet]) -> None:
        self.party = party
        self.store = Store(home / "data" / "node.sqlite")
        self.state = recover(fresh(party, cast), self.store)
        self._keys = PublicOf(cast[party])

    def turn(self, event: Any) -> list[Any]:
        done = take_turn(self.state, [event], LATER, self._keys)
        self.store.commit(done.durables, LATER)
        self.state = done.state
        return list(done.acts)

    def push(self) -> bytes | None:
        session = self.state.session(CHANNEL)
        outgoing = next_delivery(session)
        if outgoing is None:
            return None
        entries = self.store.entries(session.own.key.name, outgoing.first, outgoing.end)
        return delivery_bytes(outgoing, tuple(entries))

    def log(self, origin: str) -> list[bytes]:
        return self.store.entries(origin, 0, 1 << 40)


def go_on(folder: Path, cast: dict[PartyId, KeySet]) -> None:
    """Both nodes are back: each says one thing more, and all is delivered, once and in order."""
    sides = [Again(party, folder / party, cast) for party in (BY, LT)]
    before = [side.log(side.state.session(CHANNEL).own.key.name) for side in sides]
    for side in sides:
        side.turn(Asked(1, "duty-officer", TestLine(channel=CHANNEL)))
    for _ in range(20):
        for one, other in (sides, sides[::-1]):
            while (delivery := one.push()) is not None:
                acts = other.turn(DeliveryCame(1, CHANNEL, delivery))
                (answer,) = [act for act in acts if isinstance(act, AnswerPeer)]
                one.turn(AnswerCame(1, CHANNEL, answer.status, answer.body))
                assert answer.status in {200, 409}
        if all(side.push() is None for side in sides):
            break
    for (one, other), said in zip((sides, sides[::-1]), before, strict=True):
        own = one.state.session(CHANNEL).own
        assert own.receipted_size == own.size > len(said)
        assert one.log(own.key.name)[: len(said)] == said
        assert other.log(own.key.name) == one.log(own.key.name), "the two copies of one log differ"
    for side in sides:
        side.store.close()
    shutil.rmtree(folder)
