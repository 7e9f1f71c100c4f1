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


def test_a_node_from_an_old_backup_is_told_by_its_line() -> None:
    """DEL-7: it signs another log than before; the partner says so, and the line fails with that reason."""
    by, lt = Party(BY), Party(LT)
    for at_ms in (0, 1_000):
        by.say(at_ms)
        by.give(lt, at_ms)
    back = Party(BY)
    answer = lt.take(back.say(2_000), 2_000)
    back.turn(AnswerCame(8, CHANNEL, answer.status, answer.body), at_ms=2_000)
    line = back.state.line(CHANNEL)
    assert line.failing_since == START + 2_000
    assert line.why.startswith("forked")


def test_a_partner_from_an_old_backup_is_told_by_the_line() -> None:
    """DEL-6: the partner holds less than it gave a receipt for."""
    by, lt = Party(BY), Party(LT)
    for at_ms in (0, 1_000):
        by.say(at_ms)
        by.give(lt, at_ms)
    by.say(2_000)
    answer = Party(LT).take(by.push(), 2_000)
    by.turn(AnswerCame(8, CHANNEL, answer.status, answer.body), at_ms=2_000)
    line = by.state.line(CHANNEL)
    assert line.failing_since == START + 2_000
    assert "holds 0, but gave a receipt for 2" in line.why
