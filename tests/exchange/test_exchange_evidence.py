"""What a party signed against itself, as a file that anybody can check: EVI-1 to EVI-5, MSG-18."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, Keyring, Node, exchange_all, line_test, two_nodes

from redshank.exchange import session
from redshank.exchange.evidence import (
    EVIDENCE_VERSION,
    Evidence,
    EvidenceReport,
    Kind,
    check_evidence,
    encode_evidence,
    leaf_under,
)
from redshank.exchange.session import Received
from redshank.exchange.signing import signed_head
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import Message
from redshank.terms.refusal import Reason, Refusal

PINNED = {BY: Keyring(BY).public, LT: Keyring(LT).public}


def log_of(*numbers: int, at: int = NOW) -> Node:
    """BY's side with a line test of each number, nothing signed yet."""
    by = Node(BY)
    for number in numbers:
        by.say(line_test(number, LT), at)
    return by


def head_of(by: Node, at: int = NOW) -> str:
    """A head over all that this side has said, signed by BY."""
    frontier = by.session.own.frontier
    text = Checkpoint(by.session.own.key.name, frontier.size, merkle.root(frontier)).text
    return signed_head(by.session, text, Instant(at), by.keys).decode()


def leaf(by: Node, index: int, head: int = 0) -> Any:
    read_hash = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in by.said])
    proof = merkle.inclusion_proof(index, len(by.said), read_hash)
    assert not isinstance(proof, Refusal)
    return leaf_under(head, index, by.said[index], proof)


def file_of(kind: Kind, heads: list[str], leaves: tuple[Any, ...] = (), **more: Any) -> Evidence:
    log = Keyring(BY).public.log
    made: dict[str, Any] = {
        "v": EVIDENCE_VERSION,
        "kind": kind,
        "prefix": "",
        "channel": CHANNEL,
        "year": 2026,
        "accused": BY,
        "reporter": LT,
        "found_ms": NOW,
        "key": log.classic.vkey,
        "key_mldsa": log.mldsa.vkey,
        "heads": tuple(heads),
        "leaves": leaves,
    }
    return Evidence(**(made | more))


def checked(evidence: Evidence) -> EvidenceReport:
    report = check_evidence(encode_evidence(evidence), PINNED)
    assert check_evidence(encode_evidence(evidence)).convicts == report.convicts, "pinned or claimed: the same verdict"
    return report


def forked() -> Evidence:
    return file_of(Kind.FORKED, [head_of(log_of(1, 2, 3)), head_of(log_of(1, 2, 4))])


def rewritten() -> Evidence:
    one, other = log_of(1, 2, 3), log_of(1, 9, 3, 4)
    return file_of(Kind.REWRITTEN, [head_of(one), head_of(other)], (leaf(one, 1, 0), leaf(other, 1, 1)))


def misplaced() -> Evidence:
    by = log_of(1, 2)
    by.said.append(by.said[0])  # serial 0 again, at index 2
    frontier = merkle.append(by.session.own.frontier, merkle.leaf_hash(by.said[0]))
    own = msgspec.structs.replace(by.session.own, frontier=frontier)
    by.session = msgspec.structs.replace(by.session, own=own)
    return file_of(Kind.MISPLACED, [head_of(by)], (leaf(by, 2),))


def dated(*steps_ms: int) -> Node:
    by = Node(BY)
    for number, step_ms in enumerate(steps_ms):
        by.say(line_test(number, LT), NOW + step_ms)
    return by


def back_dated() -> Evidence:
    by = dated(0, -limits.MESSAGE_BACK_MS - 1)
    return file_of(Kind.BACK_DATED, [head_of(by)], (leaf(by, 0), leaf(by, 1)))


def rolled_back() -> Evidence:
    return file_of(Kind.SHRUNKEN, [head_of(log_of(1), NOW + 5_000), head_of(log_of(1, 2, 3), NOW)])


@pytest.mark.parametrize("make", [forked, rewritten, misplaced, back_dated, rolled_back])
def test_what_convicts(make: Any) -> None:
    """EVI-3: the accused party's own signatures are enough, and the words name it."""
    report = checked(make())
    assert report.refusal is None
    assert report.convicts
    assert report.words.startswith("BY ")


def test_what_is_one_sides_word() -> None:
    """EVI-4: it is shown, it does not convict, and the file says what would settle it."""
    late = file_of(Kind.SHRUNKEN, [head_of(log_of(1)), head_of(log_of(1, 2, 3))])
    unproven = file_of(Kind.UNPROVEN, [head_of(log_of(1)), head_of(log_of(9, 2, 3))])
    by = dated(limits.MESSAGE_AHEAD_MS + 1)
    future = file_of(Kind.FUTURE_DATED, [head_of(by)], (leaf(by, 0),))
    for evidence in (late, unproven, future):
        report = checked(evidence)
        assert report.refusal is None
        assert not report.convicts
        assert report.clears


def test_a_consistency_proof_clears_an_unproven_head() -> None:
    """EVI-4: the proof that was missing."""
    one, other = log_of(1, 2), log_of(1, 2, 3, 4, 5)
    read_hash = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in other.said])
    proof = merkle.consistency_proof(2, 5, read_hash)
    assert not isinstance(proof, Refusal)
    shown = tuple(leaf_under(0, 0, step, ()).entry for step in proof)
    evidence = file_of(Kind.UNPROVEN, [head_of(one), head_of(other)])
    assert checked(evidence).refusal is None
    cleared = checked(msgspec.structs.replace(evidence, consistency=shown))
    assert cleared.refusal is not None
    assert cleared.refusal.reason is Reason.NO_CONTRADICTION


HONEST = log_of(1, 2, 3)
NOTHING = [
    file_of(Kind.FORKED, [head_of(HONEST), head_of(HONEST)]),
    file_of(Kind.FORKED, [head_of(HONEST), head_of(log_of(1, 2))]),
    file_of(Kind.REWRITTEN, [head_of(HONEST), head_of(HONEST)], (leaf(HONEST, 1, 0), leaf(HONEST, 1, 1))),
    file_of(Kind.REWRITTEN, [head_of(HONEST), head_of(HONEST)], (leaf(HONEST, 1, 0), leaf(HONEST, 2, 1))),
    file_of(Kind.MISPLACED, [head_of(HONEST)], (leaf(HONEST, 1),)),
    file_of(Kind.BACK_DATED, [head_of(HONEST)], (leaf(HONEST, 0), leaf(HONEST, 1))),
    file_of(Kind.BACK_DATED, [head_of(HONEST)], (leaf(HONEST, 1), leaf(HONEST, 0))),
    file_of(Kind.FUTURE_DATED, [head_of(HONEST)], (leaf(HONEST, 0),)),
    file_of(Kind.SHRUNKEN, [head_of(HONEST), head_of(log_of(1))]),
    file_of(Kind.UNPROVEN, [head_of(HONEST), head_of(log_of(1))]),
]


@pytest.mark.parametrize("evidence", NOTHING, ids=[f"{n}-{one.kind}" for n, one in enumerate(NOTHING)])
def test_what_shows_nothing(evidence: Evidence) -> None:
    """EVI-5: honest heads and entries never become a conviction, whatever the file calls them."""
    report = checked(evidence)
    assert report.refusal is not None
    assert report.refusal.reason is Reason.NO_CONTRADICTION
    assert not report.convicts


def test_a_file_is_bounded_canonical_and_of_this_version() -> None:
    """EVI-1."""
    data = encode_evidence(forked())
    assert _no(data + b" " * (limits.EVIDENCE_BYTES + 1 - len(data))) is Reason.TOO_LARGE
    assert _no(data + b" " * (limits.EVIDENCE_BYTES - len(data))) is Reason.NOT_CANONICAL
    assert _no(b"{}") is Reason.MALFORMED
    assert _no(data.replace(b'"v":1', b'"v":2')) is Reason.UNKNOWN_TYPE
    assert _no(encode_evidence(msgspec.structs.replace(forked(), heads=(head_of(HONEST),)))) is Reason.MALFORMED


def _no(data: bytes) -> Reason:
    report = check_evidence(data, PINNED)
    assert report.refusal is not None
    assert not report.convicts
    return report.refusal.reason


def test_only_the_accused_partys_key_counts() -> None:
    """EVI-2: neither another party's heads, nor another log's name, nor keys that were not pinned."""
    theirs = Keyring(LT).public.log
    evidence = forked()
    swapped = msgspec.structs.replace(evidence, accused=LT, reporter=BY, key=theirs.classic.vkey)
    assert _no(encode_evidence(swapped)) is Reason.BAD_KEY
    stranger = Keyring(BY, seed="somebody else").public.log
    claims = msgspec.structs.replace(evidence, key=stranger.classic.vkey, key_mldsa=stranger.mldsa.vkey)
    assert _no(encode_evidence(claims)) is Reason.BAD_KEY
    elsewhere = msgspec.structs.replace(evidence, year=2025)
    assert _no(encode_evidence(elsewhere)) is Reason.BAD_KEY
    third = msgspec.structs.replace(evidence, accused="PL")
    assert _no(encode_evidence(third)) is Reason.WRONG_CHANNEL


FILES = [encode_evidence(make()) for make in (forked, rewritten, misplaced, back_dated, rolled_back)]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_no_changed_file_convicts_of_anything_else(data: bytes, draw: st.DataObject) -> None:
    """EVI-2, EVI-5: one changed byte ends the proof, or changes only what nobody signed and nothing rests on."""
    place = draw.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[place] ^= 1 << draw.draw(st.integers(0, 6))
    report = check_evidence(bytes(changed), PINNED)
    if report.convicts:
        assert report.words == check_evidence(data, PINNED).words


def test_a_statement_from_before_the_last_one_is_refused() -> None:
    """MSG-18: on both sides of the limit; what is refused does not move the newest time, what follows is read."""
    by, lt = two_nodes()
    for step_ms in (0, -limits.MESSAGE_BACK_MS, -limits.MESSAGE_BACK_MS - 1, 1):
        by.say(line_test(1, LT), NOW + step_ms)
    by.sign()
    received = session.receive(lt.session, by.push(), Instant(NOW))
    assert isinstance(received, Received)
    contents = [arrived.content for arrived in received.arrived]
    assert [isinstance(content, Message) for content in contents] == [True, True, False, True]
    assert isinstance(contents[2], Refusal)
    assert contents[2].reason is Reason.BACK_DATED
    assert received.session.theirs_stated_ms == NOW + 1


def test_an_old_head_is_a_replay_a_fork_or_a_roll_back() -> None:
    """LOG-11: told apart while the head is remembered; and honest traffic goes on after each."""
    by, lt = two_nodes()
    pushes = []
    for number in range(4):
        by.say(line_test(number, LT))
        by.sign()
        pushes.append(by.push())
        assert by.answered(lt.take(pushes[-1])) is None
    again = session.receive(lt.session, pushes[1], Instant(NOW))
    assert isinstance(again, Refusal)
    assert again.reason is Reason.REPLAYED
    for numbers, reason in (((7, 8), Reason.FORKED), ((0, 1, 2), Reason.REPLAYED)):
        evil = log_of(*numbers)
        evil.sign()
        refused = session.receive(lt.session, evil.push(), Instant(NOW))
        assert isinstance(refused, Refusal)
        assert refused.reason is reason
    by.say(line_test(9, LT))
    exchange_all(by, lt)
    assert lt.session.theirs.size == 5
