"""Reading a partner's log from its files: DEL-9, DEL-10, DEL-11. Both ways of delivery lead to one state."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_world import LT, NOW, Node, exchange_all, line_test, two_nodes

from redshank.exchange import delivery, pull
from redshank.exchange.record import LogExport, log_files
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal


def shown(by: Node) -> dict[str, bytes]:
    """BY's log as its partner finds it."""
    own = by.session.own
    newest = own.receipt if own.receipted_size == own.signed_size else own.head
    assert newest is not None
    return log_files(LogExport(newest.note, own.signed_size, by.said[: own.signed_size], {}))


def pulled(by: Node, lt: Node, now: int = NOW) -> delivery.Answer | None:
    """LT reads BY's files and takes what they make; None when there was nothing to fetch."""
    files = shown(by)
    what = pull.wanted(lt.session, files["checkpoint"])
    if what is None:
        return None
    assert isinstance(what, pull.Wanted)
    made = pull.delivery_of(what, [files[tile.path] for tile in what.bundles])
    assert isinstance(made, bytes)
    return lt.take(made, now)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 300)), min_size=1, max_size=5))
def test_push_and_pull_lead_to_the_same_state(steps: list[tuple[bool, int]]) -> None:
    """DEL-10: whichever way each part of the log came, and over the edges of bundles."""
    by, lt = two_nodes()
    _, by_push_only = two_nodes()
    for pulls, count in steps:
        for number in range(count):
            by.say(line_test(number, LT))
        while by.sign():
            by_push_only.take(by.push())
            answer = pulled(by, lt) if pulls else lt.take(by.push())
            assert answer is not None
            assert answer.status == delivery.OK
            assert by.answered(answer) is None
    assert lt.session == by_push_only.session
    assert lt.got == by_push_only.got == by.said


def test_a_receipt_that_was_lost_is_given_again() -> None:
    """DEL-11, DEL-4: the head is held already, and its owner shows it without our receipt."""
    by, lt = two_nodes()
    by.say(line_test(1, LT))
    by.sign()
    assert pulled(by, lt) is not None
    again = pulled(by, lt)
    assert again is not None
    assert by.answered(again) is None
    assert pulled(by, lt) is None, "with our receipt in it there is nothing to fetch"


def test_a_head_that_does_not_fit_is_taken_to_be_judged() -> None:
    """DEL-10: pulled or pushed, a fork is a fork."""
    by, lt = two_nodes()
    other, _ = two_nodes()
    for node, number in ((by, 1), (other, 2)):
        node.say(line_test(number, LT))
        node.sign()
    assert pulled(by, lt) is not None
    answer = pulled(other, lt)
    assert answer is not None
    assert answer.body == b"forked\n"


def test_what_is_no_bundle_or_too_far_ahead_is_refused() -> None:
    """DEL-2, DEL-10: on both sides of the limit."""
    by, lt = two_nodes()
    for number in range(limits.DELIVERY_ENTRIES + 1):
        by.say(line_test(number, LT))
    exchange_all(by, Node(LT))
    refused = pull.wanted(lt.session, shown(by)["checkpoint"])
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.TOO_LARGE
    near, far = two_nodes()
    for number in range(limits.DELIVERY_ENTRIES):
        near.say(line_test(number, LT))
    near.sign()
    what = pull.wanted(far.session, shown(near)["checkpoint"])
    assert isinstance(what, pull.Wanted)
    (bundle,) = (shown(near)[tile.path] for tile in what.bundles)
    for damaged, reason in (
        (bundle[:-1], Reason.TRUNCATED),
        (bundle[2 + int.from_bytes(bundle[:2], "big") :], Reason.TRUNCATED),
    ):
        no = pull.delivery_of(what, [damaged])
        assert isinstance(no, Refusal)
        assert no.reason is reason
    assert isinstance(pull.wanted(far.session, b"no note"), Refusal)
