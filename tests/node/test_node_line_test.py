"""The test of a line is a thread of the table that the agreement names: silence is data, climbs its ladder once, and is
shown until somebody answers."""

from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side, deliver

from redshank.console.render import render
from redshank.node.commands import CloseAlone
from redshank.node.events import LineTestMissed, Ticked, decode_event
from redshank.node.line_tests import name_of
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason


def tick(side: Side, second: int) -> None:
    side.now = Instant(BEGIN + 1_000 * second)
    side.take(Ticked())


def thread_of(side: Side) -> tuple[str, list[tuple[str, str]]]:
    thread = side.state.line(CHANNEL).test
    assert thread is not None
    return thread.state, [(o.what, o.step.value if o.step else "") for o in thread.obligations]


def steps(side: Side) -> list[int]:
    events = [decode_event(event) for _, event in side.disk.journal()]
    return [event.level for event in events if isinstance(event, LineTestMissed)]


def shown(side: Side) -> str:
    [line] = [one for one in render(side.state, side.now, 1.0).lines if one.channel == CHANNEL]
    return line.state


def test_the_schedule_sends_a_test_and_its_answer_ends_it():
    """PROC-37"""
    by, lt = Side(BY), Side(LT)
    tick(lt, 0)
    assert thread_of(lt) == ("testing", [("test-reply", "")])
    by.now = lt.now
    deliver(lt, by)
    tick(by, 0)  # BY's own test is due as well: it belongs to the same thread
    deliver(by, lt)
    deliver(lt, by)
    deliver(by, lt)
    assert thread_of(lt) == thread_of(by) == ("answered", [])
    assert shown(lt) == "up"


def test_a_line_that_stays_silent_climbs_one_ladder_and_stays_amber_whatever_is_sent_meanwhile():
    """PROC-37: tests go on each ten minutes; the clock of the first runs on."""
    by, lt = Side(BY), Side(LT)
    tick(lt, 0)
    deliver(lt, by)
    deliver(by, lt)
    for second in range(600, 1_900, 20):
        tick(lt, second)
        assert shown(lt) == ("amber" if second >= 660 else "up"), second
    assert lt.state.line(CHANNEL).tests_sent == 4
    assert steps(lt) == [1, 2, 3, 1, 2]  # the ladder of the answer, then that of the person here
    assert thread_of(lt)[0] == "silent"
    by.now = lt.now
    deliver(lt, by)
    deliver(by, lt)
    assert thread_of(lt)[0] == "answered"
    assert shown(lt) == "up"
    assert steps(lt) == [1, 2, 3, 1, 2]


def test_who_has_tried_the_alternate_line_says_so_and_only_then_can():
    """PROC-37"""
    lt = Side(LT)
    command = CloseAlone(incident=name_of(CHANNEL), channel=CHANNEL)
    tick(lt, 0)
    refused = lt.order(command)
    assert refused is not None
    assert refused.reason is Reason.NOT_IN_TABLE
    for second in range(0, 700, 20):
        tick(lt, second)
    assert thread_of(lt)[0] == "silent"
    assert lt.order(command) is None
    assert thread_of(lt)[0] == "unheard"
    assert shown(lt) == "amber"


def test_a_restart_counts_no_step_twice():
    """PROC-37, PROC-38"""
    lt = Side(LT)
    for second in range(0, 400, 20):
        tick(lt, second)
    before = steps(lt), lt.state.line(CHANNEL)
    lt.restart()
    assert lt.state.line(CHANNEL) == before[1]
    tick(lt, 400)
    assert steps(lt) == before[0] == [1, 2]
