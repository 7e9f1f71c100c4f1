"""A line fails when the partner takes nothing of ours, whatever it sends itself."""

from tests.node.test_node_contradictions import BY, CHANNEL, LT, Party

from redshank.exercise.simulation.scenes import START
from redshank.node.events import AnswerCame, LineFailed


def test_a_partner_that_speaks_and_takes_nothing_is_shown() -> None:
    by, lt = Party(BY), Party(LT)
    mine, theirs = by.say(), lt.say()
    by.turn(LineFailed(CHANNEL, "no answer in time"), at_ms=1_000)
    assert by.take(theirs, 2_000).status == 200
    line = by.state.line(CHANNEL)
    assert (line.failing_since, line.why) == (START + 1_000, "no answer in time")
    assert line.last_contact == START + 2_000
    answer = lt.take(mine, 3_000)
    by.turn(AnswerCame(8, CHANNEL, answer.status, answer.body), at_ms=3_000)
    assert by.state.line(CHANNEL).failing_since is None


def test_even_a_refused_delivery_does_not_hide_it() -> None:
    by = Party(BY)
    by.say()
    by.turn(LineFailed(CHANNEL, "no answer in time"), at_ms=1_000)
    assert by.take(b"no delivery", 2_000).status == 400
    assert by.state.line(CHANNEL).failing_since == START + 1_000
