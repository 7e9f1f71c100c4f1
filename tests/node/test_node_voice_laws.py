"""Whatever is said, read out and delivered in whatever order: each message is had once, and a restart gives the
same."""

from copy import deepcopy
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.node_pair import CHANNEL, Side, deliver
from tests.node.test_node_voice import Night

from redshank.exchange.voice.notes import Standing
from redshank.node.commands import Acknowledge, AgreeClose, CloseIncident, SendQuery, SendReply
from redshank.procedure.incident import Voice
from redshank.terms.message import Answer, Outcome


@cache
def evening() -> Night:
    """BY has given notice; nobody has heard of it yet."""
    return Night()


def night_of(steps: list[tuple[str, int]]) -> Night:
    """The evening, and then these steps; one that is refused changes nothing."""
    night = Night.__new__(Night)
    night.by, night.lt, night.notice = _copy(evening().by), _copy(evening().lt), evening().notice
    for act, number in steps:
        speaker, hearer = (night.by, night.lt) if number % 2 else (night.lt, night.by)
        _step(night, act, number // 2, speaker, hearer)
        night.wait(7)
    return night


def _copy(side: Side) -> Side:
    fresh = Side(side.party, side.now, deepcopy(side.disk))
    fresh.state = side.state
    return fresh


def _step(night: Night, act: str, number: int, speaker: Side, hearer: Side) -> None:
    got = [entry.serial or 0 for entry in speaker.got()]
    name = speaker.incidents()[0].id if speaker.incidents() else None
    if act == "deliver":
        deliver(speaker, hearer)
    elif act == "voice":
        unheard = range(hearer.state.session(CHANNEL).theirs.size, speaker.state.session(CHANNEL).own.size)
        if unheard:
            night.reads_out(speaker, unheard[number % len(unheard)], hearer)
    elif name is None:
        return
    elif act == "query":
        speaker.order(SendQuery(incident=name, channel=CHANNEL, object=1))
    elif act == "close":
        speaker.order(CloseIncident(incident=name, channel=CHANNEL, outcome=Outcome.LOST))
    elif act == "agree":
        speaker.order(AgreeClose(incident=name, channel=CHANNEL, agrees=bool(number % 3)))
    elif got:
        serial = got[number % len(got)]
        answer = SendReply(channel=CHANNEL, serial=serial, answer=Answer.KNOWN)
        speaker.order(answer if act == "reply" else Acknowledge(channel=CHANNEL, serial=serial))


ACTS = ["deliver", "voice", "voice", "voice", "query", "reply", "ack", "close", "agree"]
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11)), max_size=25)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_voice_15_each_message_is_had_once_whatever_comes_first(steps: list[tuple[str, int]]) -> None:
    """VOICE-14, VOICE-15: once the line is back, all that was read out is confirmed; no serial stands twice in an
    incident, by voice and signed; none is left out but what the procedure has refused and counted; nothing is left
    that waits for its original."""
    night = night_of(steps)
    night.line_returns()
    for side in (night.by, night.lt):
        serials = [entry.serial for entry in side.got()]
        assert len(serials) == len(set(serials))
        refused = sum(side.state.line(CHANNEL).refusals.values())
        session = side.state.session(CHANNEL)
        log = [side.entry(session.partner, serial) for serial in range(session.theirs.size)]
        assert len(serials) + refused == sum(b'"type":"TEST' not in entry for entry in log)
        assert not any(entry.voice is Voice.HEARD for entry in side.got())
        assert all(one.standing is Standing.CONFIRMED for one in side.state.statements(CHANNEL))
        assert len(side.incidents()) <= 1


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_voice_14_a_restart_at_any_moment_gives_the_same(steps: list[tuple[str, int]]) -> None:
    """VOICE-14: incidents, statements and read-outs are those that were."""
    night = night_of(steps)
    for side in (night.by, night.lt):
        held = side.state.incidents, side.state.heard, side.state.read_outs, side.state.sessions
        side.restart()
        assert (side.state.incidents, side.state.heard, side.state.read_outs, side.state.sessions) == held
