# size: one conversation, and each thing that may go wrong in it
"""One channel between two nodes: DEL-1 to DEL-8, LOG-1, LOG-2, LOG-10, LOG-13, MSG-16, MSG-17."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import (
    BY,
    CHANNEL,
    LT,
    NOW,
    YEAR,
    Keyring,
    Node,
    exchange_all,
    line_test,
    one_of_each,
    places,
    release,
    two_nodes,
)

from redshank.exchange import delivery, session
from redshank.exchange.envelope import encode_message
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys
from redshank.exchange.session import Received, Session
from redshank.log import ledger
from redshank.log.ledger import Appended
from redshank.log.note import HybridKey, VerifierKey, verifier_key
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


# --- the story -------------------------------------------------------------------------------------------


def test_a_conversation() -> None:
    """DEL-3, DEL-5: one of each type, each side's messages arrive as they were said and are receipted."""
    by, lt = two_nodes()
    for released in one_of_each(BY):
        lt.say(released)
    by.say(line_test(1, LT))
    exchange_all(lt, by)
    exchange_all(by, lt)
    assert by.got == lt.said
    assert lt.got == by.said
    assert lt.session.own.receipted_size == len(one_of_each(BY))
    assert by.session.own.receipted_size == 1
    assert by.session.theirs.frontier == lt.session.own.frontier
    assert session.next_delivery(lt.session) is None


def test_what_arrives_is_read_at_its_place() -> None:
    """MSG-8, DEL-3: serials count over several deliveries."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    exchange_all(lt, by)
    for released in one_of_each(BY):
        lt.say(released)
    lt.sign()
    received = session.receive(by.session, lt.push(), NOW)
    assert isinstance(received, Received)
    assert [arrived.serial for arrived in received.arrived] == list(range(1, 1 + len(one_of_each(BY))))
    for arrived in received.arrived:
        assert isinstance(arrived.content, Message)
        assert arrived.content.sender == LT


def test_only_what_release_made_for_this_partner_is_said() -> None:
    """LOG-1: a message released for one channel or partner can not go out on another."""
    lt = Node(LT)
    for released in (line_test(1, PartyId("LV")), release(MessageType.TEST, line_test(1).body, BY, incident=None,
                                                          channel=ChannelId("BY-LV"))):  # fmt: skip
        assert reason(session.say(lt.session, released, NOW)) is Reason.NOT_RELEASED
    with pytest.raises(InvariantBroken):
        session.say(lt.session, "NOTICE", NOW)  # type: ignore[arg-type]


def test_a_person_may_type_what_is_refused() -> None:
    """MSG-11: then nothing was said, and no serial is taken."""
    lt = Node(LT)
    odd = release(MessageType.TEST, line_test(1).body, BY, incident=None, text="\u202eabc")
    assert reason(session.say(lt.session, odd, NOW)) is Reason.VALUE_NOT_PLAUSIBLE
    assert lt.say(line_test(1)) == 0


# --- a line that fails -----------------------------------------------------------------------------------


def test_a_lost_answer_is_given_again() -> None:
    """DEL-4, DEL-8: the same push twice adds nothing and is answered twice; a receipt twice changes nothing."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    lt.sign()
    push = lt.push()
    first = by.take(push)
    assert lt.push() == push
    second = by.take(push, NOW + 5000)
    assert (first.status, second.status) == (200, 200)
    assert first.body != second.body  # the receipts carry the times at which they were given
    assert len(by.got) == 1
    assert lt.answered(second) is None
    before = lt.session
    assert lt.answered(second) is None
    assert lt.answered(first) is None
    assert lt.session == before


def test_a_late_duplicate_of_an_old_push_is_refused_and_harmless() -> None:
    """DEL-6: smaller than held; the size that it answers with is not taken for more than a hint."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    lt.sign()
    old_push = lt.push()
    exchange_all(lt, by)
    lt.say(line_test(2))
    exchange_all(lt, by)
    answer = by.take(old_push)
    assert (answer.status, answer.body) == (409, b"2\n")
    before = lt.session
    assert lt.answered(answer) is None
    assert lt.session == before


def test_a_backlog_goes_out_in_steps_and_meanwhile_messages_come_in() -> None:
    """LOG-9, DEL-2, DEL-8: 1,000 messages while the line was down."""
    by, lt = two_nodes()
    for number in range(1000):
        lt.say(line_test(number))
        if number == 10:
            lt.sign()
    deliveries = 0
    while session.next_delivery(lt.session) is not None or lt.sign():
        push = lt.push()
        assert len(push) <= limits.DELIVERY_BYTES
        assert lt.answered(by.take(push)) is None
        by.say(line_test(deliveries, LT))
        exchange_all(by, lt)
        deliveries += 1
    assert by.got == lt.said
    assert lt.got == by.said
    assert deliveries == 1 + -(-989 // limits.HEAD_ENTRIES)  # 11, then full heads


def due(node: Node, pushed: int = 0) -> tuple[int, int] | None:
    push = session.next_delivery(node.session, pushed)
    return None if push is None else (push.first, push.end)


def three_heads() -> tuple[Node, Node, list[bytes]]:
    """LT has three heads under way, and the pushes of each."""
    by, lt = two_nodes()
    pushes = []
    for number in range(3):
        lt.say(line_test(number))
        lt.sign()
        pushes.append(lt.push(number))
    return by, lt, pushes


def test_several_deliveries_are_under_way() -> None:
    """DEL-13, DEL-5: each is taken and receipted; one receipt for the newest is enough."""
    by, lt, pushes = three_heads()
    answers = [by.take(push) for push in pushes]
    assert [answer.status for answer in answers] == [200] * 3
    assert by.got == lt.said
    assert lt.answered(answers[0], 1) is None
    assert (lt.session.own.receipted_size, due(lt, 3)) == (1, None)
    assert lt.answered(answers[2], 2) is None
    assert lt.session.own.receipted_size == 3
    assert lt.answered(answers[2], 3) is None


def test_a_receipt_for_less_than_was_pushed_is_none() -> None:
    """DEL-5: a partner that repeats its first receipt acknowledges nothing new."""
    by, lt, pushes = three_heads()
    first = by.take(pushes[0])
    assert lt.answered(first, 1) is None
    late = lt.answered(first, 2)
    assert reason(late) is Reason.BAD_SIGNATURE
    assert lt.session.own.receipted_size == 1


def test_after_a_line_that_broke_the_newest_head_goes_on_from_what_is_held() -> None:
    """DEL-6, DEL-8, LOG-11: two of three arrived, all answers were lost; it is no fault, and nothing comes twice."""
    by, lt, pushes = three_heads()
    for push in pushes[:2]:
        by.take(push)
    assert due(lt) == (0, 3)
    answer = by.take(lt.push())
    assert (answer.status, answer.body) == (409, b"2\n")
    refused = session.receive(by.session, lt.push(), NOW)
    assert reason(refused) is Reason.OVERTAKEN
    assert lt.answered(answer, 3) is None
    assert due(lt) == (2, 3)
    assert lt.answered(by.take(lt.push()), 3) is None
    assert by.got == lt.said


def test_the_partner_says_where_to_resume() -> None:
    """DEL-6: 409 with a size between the last receipt and the newest head."""
    by, lt = two_nodes()
    for number in range(6):
        lt.say(line_test(number))
    lt.sign()
    assert lt.answered(delivery.Answer(409, delivery.SIZE, b"4\n")) is None
    assert due(lt) == (4, 6)
    answer = by.take(lt.push())
    assert (answer.status, answer.body) == (409, b"0\n")
    assert lt.answered(answer) is None
    assert due(lt) == (0, 6)
    exchange_all(lt, by)
    assert by.got == lt.said


def test_a_partner_that_lost_what_it_acknowledged_is_named() -> None:
    """DEL-6: shrunken below the last receipt, wrong-size above the newest head."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    exchange_all(lt, by)
    lt.say(line_test(2))
    lt.sign()
    assert reason(session.answer_came(lt.session, 409, b"0\n")) is Reason.SHRUNKEN
    assert reason(session.answer_came(lt.session, 409, b"3\n")) is Reason.WRONG_SIZE


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(["say", "sign", "push", "next push", "answer", "old push", "drop answer"]), max_size=60)
)
def test_any_order_of_events_leads_to_agreeing_logs(acts: list[str]) -> None:
    """DEL-3, DEL-4, DEL-8: lossy, duplicating, reordering; BY's copy is a prefix of LT's log at every step."""
    by, lt = two_nodes()
    pushes: list[bytes] = []
    answers: list[delivery.Answer] = []
    for act in acts:
        if act == "say":
            lt.say(line_test(len(lt.said)))
        elif act == "sign":
            lt.sign()
        elif act == "push" and session.next_delivery(lt.session) is not None:
            pushes.append(lt.push())
            answers.append(by.take(pushes[-1]))
        elif act == "next push" and session.next_delivery(lt.session, len(by.got)) is not None:
            pushes.append(lt.push(len(by.got)))
            answers.append(by.take(pushes[-1]))
        elif act == "old push" and pushes:
            answers.append(by.take(pushes[0]))
        elif act == "answer" and answers:
            lt.answered(answers[len(answers) // 2])
        elif act == "drop answer" and answers:
            answers.pop()
        assert by.got == lt.said[: len(by.got)]
        assert lt.session.own.receipted_size <= len(by.got) <= lt.session.own.signed_size
    exchange_all(lt, by)
    assert by.got == lt.said
    assert lt.session.own.receipted_size == len(lt.said)


# --- a hostile partner -----------------------------------------------------------------------------------


def hostile(node: Node, entries: list[bytes]) -> bytes:
    """The next push of a partner that puts anything into its log."""
    own = node.session.own
    for entry in entries:
        appended = ledger.append(own, entry)
        assert isinstance(appended, Appended)
        own = appended.log
        node.said.append(entry)
    node.session = msgspec.structs.replace(node.session, own=own)
    assert node.sign()
    return node.push()


def test_refused_content_stays_in_the_log_as_evidence() -> None:
    """MSG-16, MSG-17: it takes its serial, what comes after it is read, and the bytes are kept as they came."""
    by, lt = two_nodes()
    said = session.say(lt.session, line_test(1), NOW)
    assert isinstance(said, session.Said)
    third = encode_message(msgspec.structs.replace(said.message, serial=2))
    spaced = json.dumps(json.loads(third)).encode()
    bad = [said.entry.replace(b'"LT"', b'"BY"'), b"\xff", third, spaced]
    received = session.receive(by.session, hostile(lt, bad), NOW)
    assert isinstance(received, Received)
    assert [arrived.entry for arrived in received.arrived] == bad
    contents = [arrived.content for arrived in received.arrived]
    assert [reason(contents[i]) for i in (0, 1, 3)] == [Reason.WRONG_SENDER, Reason.MALFORMED, Reason.WRONG_SERIAL]
    assert isinstance(contents[2], Message)
    assert received.session.theirs.size == 4


def test_a_refused_delivery_changes_nothing() -> None:
    """DEL-3: and the next good one is taken as if it had not been."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    lt.sign()
    push = lt.push()
    before = by.session
    for bad in (push[:-1], push + b"\x00\x01a", push.replace(b"old 0", b"old 1"), b""):
        assert by.take(bad).status != 200
        assert by.session == before
    assert by.take(push).status == 200


def test_one_flipped_bit_is_never_accepted() -> None:
    """DEL-1, DEL-3: any single bit of a push: framing, head, signature, lengths, entries."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    lt.say(line_test(2))
    lt.sign()
    push = lt.push()
    assert isinstance(session.receive(by.session, push, NOW), Received)
    for bit in (at * 8 + bit for at in places(push) for bit in range(8)):
        spoilt = bytearray(push)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert isinstance(session.receive(by.session, bytes(spoilt), NOW), Refusal), bit


@given(
    st.binary(max_size=400) | st.binary(max_size=300).map(lambda tail: b"redshank-delivery/1 9\nold 0\n\nx\n" + tail)
)
def test_any_bytes_are_refused_by_the_receiver(data: bytes) -> None:
    """DEL-8: never an exception, never a receipt."""
    by = Node(BY)
    assert isinstance(session.receive(by.session, data, NOW), Refusal)
    assert by.take(data).status in (400, 403, 404, 409, 413, 422)


@given(st.integers(0, 999), st.binary(max_size=200) | st.sampled_from([b"1\n", b"0\n", b"forked\n", b"busy\n"]))
def test_any_answer_is_no_receipt(status: int, body: bytes) -> None:
    """DEL-8, DEL-5: nothing but a cosignature counts."""
    lt = Node(LT)
    lt.say(line_test(1))
    lt.sign()
    after = session.answer_came(lt.session, status, body)
    assert isinstance(after, Refusal) or after.own.receipted_size == 0


def test_a_receipt_by_another_key_is_none() -> None:
    """DEL-5, LOG-10: unknown lines beside the right one are ignored; alone they are refused."""
    by, lt = two_nodes()
    lt.say(line_test(1))
    lt.sign()
    good = by.take(lt.push())
    unknown = good.body.replace(b"redshank/BY/witness", b"redshank/XX/witness")
    assert reason(session.answer_came(lt.session, 200, unknown)) is Reason.BAD_SIGNATURE
    after = session.answer_came(lt.session, 200, unknown + good.body)
    assert isinstance(after, Session)
    assert after.own.receipted_size == 1


# --- keys and names --------------------------------------------------------------------------------------


def test_an_exercise_can_not_reach_a_live_channel() -> None:
    """LOG-1: other names, other keys: refused by origin, and if the name is forged, by signature."""
    live = Node(BY)
    exercise = Node(LT, EXERCISE_PREFIX)
    exercise.say(line_test(1))
    exercise.sign()
    push = exercise.push()
    answer = live.take(push)
    assert (answer.status, answer.body) == (404, b"wrong-origin\n")
    forged = push.replace(b"exercise/", b"").replace(b"delivery/1 3497", b"delivery/1 3470")
    assert live.take(forged).body == b"bad-signature\n"


def test_keys_must_be_the_channels() -> None:
    """LOG-2, LOG-14: names and kinds of this channel, eight different keys."""
    by, lt = Keyring(BY).public, Keyring(LT).public

    def opened(**changes: Any) -> Session | Refusal:
        given_: dict[str, Any] = {
            "prefix": "", "channel": CHANNEL, "me": LT, "year": YEAR, "keys": lt, "partner_keys": by,
        }  # fmt: skip
        return session.open_session(**{**given_, **changes})

    assert isinstance(opened(), Session)
    assert reason(opened(keys=by, partner_keys=lt)) is Reason.BAD_KEY
    assert reason(opened(prefix="exercise/")) is Reason.BAD_KEY
    assert reason(opened(year=2027)) is Reason.BAD_KEY
    assert reason(opened(me=PartyId("LV"))) is Reason.WRONG_CHANNEL
    assert reason(opened(channel=ChannelId("LT-BY"))) is Reason.WRONG_CHANNEL
    assert reason(opened(year=1)) is Reason.WRONG_YEAR
    stolen_key = msgspec.structs.replace(by.witness.classic, public_key=lt.witness.classic.public_key)
    stolen = PartyKeys(by.log, msgspec.structs.replace(by.witness, classic=stolen_key))
    assert reason(opened(partner_keys=stolen)) is Reason.BAD_KEY
    twice = PartyKeys(by.log, msgspec.structs.replace(by.witness, second=renamed(by.log.mldsa, by.witness.name)))
    assert reason(opened(partner_keys=twice)) is Reason.BAD_KEY
    swapped = PartyKeys(by.log, HybridKey(by.witness.mldsa, by.witness.classic))
    assert reason(opened(partner_keys=swapped)) is Reason.BAD_KEY


def renamed(key: VerifierKey, name: str) -> VerifierKey:
    made = verifier_key(name, key.kind, key.public_key)
    assert isinstance(made, VerifierKey)
    return made


def test_a_log_stays_in_use_beyond_new_year() -> None:
    """LOG-13, MSG-8: the year is the log's; a statement of the next year goes into it."""
    by, lt = two_nodes()
    new_year = Instant(1_798_761_600_000)  # 2027-01-01T00:00:00Z
    lt.say(line_test(1), new_year)
    exchange_all(lt, by, new_year)
    assert b'"year":2026' in by.got[0]
    assert b'"stated_ms":1798761600000' in by.got[0]
