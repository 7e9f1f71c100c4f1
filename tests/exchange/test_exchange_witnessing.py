"""Third-party witnesses of an agreement: WIT-7 to WIT-10."""

from hashlib import sha256
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Keyring, Node, exchange_all, line_test, two_nodes

from redshank.exchange import session
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.session import Session, witness_said
from redshank.exchange.signing import cosignature_lines, signed_head
from redshank.exchange.verifier import RecordReport, verify_record
from redshank.exchange.witnessing import (
    Newest,
    WitnessedHead,
    Witnessing,
    WitnessPolicy,
    of_policy,
    parse_witnesses,
    statements_in,
)
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint
from redshank.log.note import HybridKey, KeyKind, hybrid_key
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

Files = dict[str, bytes]


class Third:
    """A third party's witness: its keys, and its hand."""

    def __init__(self, name: str) -> None:
        seed = sha256(f"redshank test witness {name}".encode()).digest()
        self._first, self._second = Ed25519PrivateKey.from_private_bytes(seed), MLDSA44PrivateKey.from_seed_bytes(seed)
        publics = self._first.public_key().public_bytes_raw(), self._second.public_key().public_bytes_raw()
        key = hybrid_key(name, KeyKind.WITNESS, *publics)
        assert isinstance(key, HybridKey)
        self.key = key

    def sign_with_witness_key(self, message: bytes) -> bytes:
        return self._first.sign(message)

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        return self._second.sign(message)

    def lines(self, text: bytes, at: int) -> bytes:
        return cosignature_lines(text, self.key, Instant(at), self)

    @property
    def vkeys(self) -> tuple[str, ...]:
        return tuple(key.vkey for key in self.key.both)


ONE, TWO, THREE = Third("one.example/w"), Third("two.example/w"), Third("three.example/w")


def policy_of(required: int, *thirds: Third) -> WitnessPolicy:
    policy = parse_witnesses(required, [(f"https://{third.key.name}", third.vkeys) for third in thirds])
    assert isinstance(policy, WitnessPolicy), policy
    return policy


TWO_OF_THREE = policy_of(2, ONE, TWO, THREE)


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


# --- the agreement ------------------------------------------------------------------------------------------


def test_who_may_be_a_witness() -> None:
    """WIT-7: one to eight, each with keys of cosigners under one name, none twice, and some of them required."""
    assert [witness.name for witness in TWO_OF_THREE.witnesses] == [third.key.name for third in (ONE, TWO, THREE)]
    single = parse_witnesses(1, [("https://one", (ONE.key.classic.vkey,))])
    assert isinstance(single, WitnessPolicy)
    log_key = Keyring(LT).public.log.classic.vkey
    mixed = (ONE.key.classic.vkey, TWO.key.mldsa.vkey)
    for required, given_ in (
        (1, [("u", ())]), (1, [("u", (log_key,))]), (1, [("u", mixed)]), (1, [("u", ("nonsense",))]),
        (1, [("u", ONE.vkeys), ("v", ONE.vkeys)]), (1, [("u", (ONE.vkeys[0], ONE.vkeys[0]))]),
    ):  # fmt: skip
        assert reason(parse_witnesses(required, given_)) is Reason.BAD_KEY
    for required, thirds in ((0, (ONE,)), (2, (ONE,)), (1, ()), (-1, (ONE,))):
        assert reason(parse_witnesses(required, [("u", third.vkeys) for third in thirds])) is (
            Reason.VALUE_NOT_PLAUSIBLE
        )
    many = [Third(f"w{number}.example") for number in range(limits.WITNESSES + 1)]
    assert isinstance(parse_witnesses(1, [("u", third.vkeys) for third in many[:-1]]), WitnessPolicy)
    assert reason(parse_witnesses(1, [("u", third.vkeys) for third in many])) is Reason.VALUE_NOT_PLAUSIBLE
    assert isinstance(parse_witnesses(0, []), WitnessPolicy)


def test_a_party_is_no_third_party() -> None:
    """WIT-7, LOG-2: the partner's witness key under another name is refused with the session."""
    by = Keyring(BY)
    stolen = hybrid_key("third.example", KeyKind.WITNESS, by.public.witness.classic.public_key,
                        by.public.witness.mldsa.public_key)  # fmt: skip
    assert isinstance(stolen, HybridKey)
    policy = parse_witnesses(1, [("https://third.example", tuple(key.vkey for key in stolen.both))])
    assert isinstance(policy, WitnessPolicy)
    opened = session.open_session(prefix="", channel=CHANNEL, me=LT, year=YEAR, keys=Keyring(LT).public,
                                  partner_keys=by.public, witnesses=policy)  # fmt: skip
    assert reason(opened) is Reason.BAD_KEY


# --- statements ---------------------------------------------------------------------------------------------


def witnessed_node(policy: WitnessPolicy = TWO_OF_THREE) -> tuple[Node, Node]:
    by, lt = two_nodes()
    lt.session = msgspec.structs.replace(lt.session, witnesses=policy)
    return by, lt


def say_and_sign(lt: Node, by: Node | None = None) -> bytes:
    """One more message under a signed head; delivered and receipted when BY is given. The head's text."""
    lt.say(line_test(lt.session.own.size), NOW)
    assert lt.sign()
    assert lt.session.own.head is not None
    if by is not None:
        exchange_all(lt, by, NOW)
    return lt.session.own.head.text


def take(state: Session, third: Third, text: bytes, at: int = NOW) -> tuple[Session, WitnessedHead | None]:
    said = witness_said(state, third.key.name, text, third.lines(text, at))
    assert not isinstance(said, Refusal), said
    return said


def test_k_of_n_make_a_head_witnessed() -> None:
    """WIT-8: a statement for a size covers all smaller ones; the k-th largest size counts."""
    by, lt = witnessed_node()
    texts = [say_and_sign(lt, by) for _ in range(3)]
    state, head = take(lt.session, ONE, texts[2])
    assert head is not None
    assert (head.size, len(head.statements)) == (3, 1)
    assert state.witnessing.quorum_size(TWO_OF_THREE) == 0
    state, _ = take(state, TWO, texts[0])
    assert state.witnessing.quorum_size(TWO_OF_THREE) == 1
    state, head = take(state, TWO, texts[2])
    assert head is not None
    assert [said.witness for said in head.statements] == [ONE.key.name, TWO.key.name]
    assert state.witnessing.quorum_size(TWO_OF_THREE) == 3
    found = statements_in(head.note, TWO_OF_THREE)
    assert not isinstance(found, Refusal)
    assert (found[0].size, found[1]) == (3, head.statements)


def test_what_is_no_statement() -> None:
    """WIT-8: half of the keys, another head, another signer, a stranger; and the state stays."""
    by, lt = witnessed_node()
    first, second = say_and_sign(lt, by), say_and_sign(lt, by)
    good = ONE.lines(second, NOW)
    half = good.splitlines(keepends=True)[0]
    for name, text, body, why in (
        (ONE.key.name, second, half, Reason.NOT_HYBRID),
        (ONE.key.name, first, good, Reason.BAD_SIGNATURE),
        (ONE.key.name, second, TWO.lines(second, NOW), Reason.BAD_SIGNATURE),
        (ONE.key.name, second, b"", Reason.BAD_NOTE),
        (ONE.key.name, b"x\n", good, Reason.BAD_NOTE),
        ("stranger.example", second, good, Reason.BAD_KEY),
    ):
        assert reason(witness_said(lt.session, name, text, body)) is why
    other = Checkpoint("redshank/BY-LT/BY/2026", 1, bytes(32)).text
    assert reason(witness_said(lt.session, ONE.key.name, other, ONE.lines(other, NOW))) is Reason.WRONG_ORIGIN


def test_a_time_that_no_calendar_has_is_refused() -> None:
    """WIT-9: the end of the year 9999 is taken, a second more is not."""
    by, lt = witnessed_node()
    text, last = say_and_sign(lt, by), limits.CALENDAR_MAX_S
    assert not isinstance(witness_said(lt.session, ONE.key.name, text, ONE.lines(text, last * 1000)), Refusal)
    late = witness_said(lt.session, ONE.key.name, text, ONE.lines(text, (last + 1) * 1000))
    assert reason(late) is Reason.BAD_TIME


def test_the_same_statement_twice_is_kept_once() -> None:
    """WIT-8: and the first time stays."""
    by, lt = witnessed_node()
    text = say_and_sign(lt, by)
    state, _ = take(lt.session, ONE, text, NOW)
    again, head = take(state, ONE, text, NOW + 60_000)
    assert head is None
    assert again == state
    assert again.witnessing.newest == (Newest(ONE.key.name, 1, NOW // 1000),)


@settings(deadline=None, max_examples=15)
@given(st.permutations([(who, at) for who in range(2) for at in range(0, 24, 3)]))
def test_in_whatever_order_answers_come_the_end_is_one(order: list[tuple[int, int]]) -> None:
    """WIT-8: memory is bounded, each witness's newest is its largest."""
    state = Witnessing()
    one = msgspec.structs.replace(Node(LT).session, witnesses=TWO_OF_THREE, witnessing=state)
    for who, at in order:
        one, _ = take(one, (ONE, TWO)[who], TEXTS[at])
        assert len(one.witnessing.heads) <= limits.WITNESSED_HEADS
    assert [newest.size for newest in one.witnessing.newest] == [22, 22]
    assert one.witnessing.quorum_size(TWO_OF_THREE) == 22


TEXTS = [Checkpoint(Keyring(LT).public.log.name, size, bytes(32)).text for size in range(1, 25)]


def test_only_the_newest_heads_are_held() -> None:
    """WIT-8: an answer for a head that has left the memory is nothing new; on its edge it still counts."""
    one = msgspec.structs.replace(Node(LT).session, witnesses=TWO_OF_THREE)
    for text in TEXTS[: limits.WITNESSED_HEADS + 1]:
        one, head = take(one, ONE, text)
        assert head is not None
    assert take(one, TWO, TEXTS[0])[1] is None
    assert take(one, TWO, TEXTS[1])[1] is not None


# --- the record ---------------------------------------------------------------------------------------------


def story() -> tuple[Node, Node, dict[int, bytes]]:
    """LT says two things that BY receipts and one that it never does; ONE cosigns 2 and 3, TWO cosigns 3."""
    by, lt = witnessed_node()
    say_and_sign(lt, by)
    second, third = say_and_sign(lt, by), say_and_sign(lt)
    kept = dict[int, bytes]()
    state = lt.session
    for who, text, at in ((ONE, second, 10), (ONE, third, 20), (TWO, third, 30)):
        state, head = take(state, who, text, NOW + at * 1000)
        assert head is not None
        kept[head.size] = head.note
    return by, lt, kept


def exported(lt: Node, kept: dict[int, bytes], policy: WitnessPolicy = TWO_OF_THREE, **changes: Any) -> Files:
    head = lt.session.own.head
    assert head is not None
    logs = {LT: LogExport(head.note, lt.session.own.signed_size, lt.said, lt.receipts, kept)}
    given_: dict[str, Any] = {
        "agreement": "BY-LT-1", "prefix": "", "channel": CHANNEL, "year": YEAR, "logs": logs,
        "keys": PINNED, "witnesses": policy,
    }  # fmt: skip
    return build_record(**{**given_, **changes})


PINNED = {BY: Keyring(BY).public, LT: Keyring(LT).public}


def reasons(report: RecordReport, path: str) -> set[Reason]:
    return {found.refusal.reason for found in report.findings if found.path == path}


def test_a_message_without_a_receipt_is_proven_as_sent() -> None:
    """WIT-9, WIT-10: by whom and when, whether enough, and what is missing."""
    _, lt, kept = story()
    files = exported(lt, kept)
    assert {"LT/witnessed/2", "LT/witnessed/3"} < set(files)
    report = verify_record(files, PINNED, TWO_OF_THREE)
    assert report.ok, report.findings
    assert report.witnesses_pinned
    assert (report.directions[1].receipted, report.directions[1].witnessed) == (2, 3)
    at = [NOW // 1000 + seconds for seconds in (10, 20, 30)]
    assert [line.witnessed_by for line in report.lines] == [
        ((ONE.key.name, at[0]), (TWO.key.name, at[2])),
        ((ONE.key.name, at[0]), (TWO.key.name, at[2])),
        ((ONE.key.name, at[1]), (TWO.key.name, at[2])),
    ]
    assert [line.witnessed_at_s for line in report.lines] == [at[2]] * 3
    assert report.lines[2].received_at_s is None


def test_too_few_witnesses_are_said_to_be_too_few() -> None:
    """WIT-8, WIT-10: one of two required is told, and is not enough."""
    _, lt, kept = story()
    report = verify_record(exported(lt, {2: kept[2]}), PINNED)
    assert report.ok
    assert not report.witnesses_pinned
    assert report.directions[1].witnessed == 0
    assert len(report.lines[0].witnessed_by) == 1
    assert report.lines[0].witnessed_at_s is None
    assert report.lines[2].witnessed_by == ()


def test_what_a_witnessed_head_must_be() -> None:
    """WIT-9: each fault has its reason."""
    _, lt, kept = story()
    files, origin = exported(lt, kept), lt.session.own.key.name
    three = merkle.append_many(merkle.Frontier(), map(merkle.leaf_hash, lt.said))

    def cosigned(head: Checkpoint, third: Third = ONE) -> bytes:
        return head.text + b"\n" + third.lines(head.text, NOW)

    sound = Checkpoint(origin, 3, merkle.root(three))
    stranger = Third("stranger.example")
    for path, data, why in (
        ("LT/witnessed/2", kept[3], Reason.WRONG_SIZE),
        ("LT/witnessed/3", cosigned(Checkpoint(origin, 3, bytes(32))), Reason.FORKED),
        ("LT/witnessed/9", cosigned(Checkpoint(origin, 9, bytes(32))), Reason.SHRUNKEN),
        ("LT/witnessed/3", cosigned(Checkpoint("redshank/BY-LT/BY/2026", 3, sound.root)), Reason.WRONG_ORIGIN),
        ("LT/witnessed/3", cosigned(sound, stranger), Reason.BAD_SIGNATURE),
        ("LT/witnessed/3", cosigned(sound) + stranger.lines(sound.text, NOW), Reason.BAD_SIGNATURE),
        ("LT/witnessed/3", cosigned(sound) + ONE.lines(sound.text, NOW), Reason.BAD_SIGNATURE),
        ("LT/witnessed/3", b"".join(kept[3].splitlines(keepends=True)[:-1]), Reason.NOT_HYBRID),
        ("LT/witnessed/3", signed_head(lt.session, sound.text, NOW, lt.keys), Reason.BAD_SIGNATURE),
        ("LT/witnessed/3", b"", Reason.BAD_NOTE),
    ):
        report = verify_record({**files, path: data}, PINNED, TWO_OF_THREE)
        assert why in reasons(report, path), (path, why, report.findings)


def test_pinned_witnesses_decide() -> None:
    """WIT-9: a record that names other witnesses, or requires fewer, is refused against the agreement."""
    _, lt, kept = story()
    for other in (policy_of(1, ONE, TWO, THREE), policy_of(2, ONE, TWO), WitnessPolicy()):
        report = verify_record(exported(lt, kept), PINNED, other)
        assert reasons(report, "record.json") == {Reason.BAD_KEY}


def test_what_witnesses_of_another_agreement_said_is_left_out() -> None:
    """WIT-9: an agreement may change its witnesses; a record shows those that it names."""
    _, _, kept = story()
    only_two = policy_of(1, TWO)
    assert of_policy(kept[2], only_two) is None
    shown = of_policy(kept[3], only_two)
    assert shown is not None
    found = statements_in(shown, only_two)
    assert not isinstance(found, Refusal)
    assert [said.witness for said in found[1]] == [TWO.key.name]
    assert of_policy(b"damaged", only_two) == b"damaged"


@pytest.mark.parametrize("at", [0, 3, 60, 200, 900])
def test_a_flipped_bit_of_a_witnessed_head_is_found(at: int) -> None:
    """WIT-9."""
    _, lt, kept = story()
    data = kept[3][:at] + bytes([kept[3][at] ^ 1]) + kept[3][at + 1 :]
    assert not verify_record(exported(lt, {**kept, 3: data}), PINNED, TWO_OF_THREE).ok
