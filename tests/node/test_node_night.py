"""A night of 250 balloons between two nodes of the product: one incident, one set of deadlines, one ACK, one end."""

from collections import Counter

import msgspec
import pytest
from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side, deliver

from redshank.decode.decoded import Decoded
from redshank.exchange.envelope import Place, parse_entry
from redshank.exercise.simulation.scenes import GATES
from redshank.node.audit import audit, journal_of
from redshank.node.commands import Acknowledge, AgreeClose, CloseIncident
from redshank.node.events import PolicyTaken, Reported, Ticked, decode_event
from redshank.procedure.incident import Direction, Entry, Incident
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.table import IncidentPhase
from redshank.terms import limits
from redshank.terms.geo import destination
from redshank.terms.ids import IncidentId, SourceId
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType, NoticeBody, Outcome
from redshank.terms.refusal import Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Status

MANY, LATE = 250, 5
DRIFT_MPS = 12.0
TRACKER = SourceId("tracker")
NIGHT = IncidentId("BY-2026-000001")


def balloon(number: int, at_s: int, status: Status) -> Report:
    """Number `number` in rows of 25 before the border with LT, drifting west."""
    row, place = divmod(number, 25)
    start = destination(destination(GATES["BY-LT"], 90.0, 6_000.0 + 900.0 * row), 0.0, 900.0 * (place - 12))
    return Report(
        source=TRACKER, kind=ReportKind.TRACK, at=Instant(BEGIN + 1_000 * at_s),
        position=destination(start, 270.0, DRIFT_MPS * at_s), covariance=HorizontalCovariance(900.0, 0.0, 900.0),
        velocity_e_mps=-DRIFT_MPS, velocity_n_mps=0.0, sigma_velocity_mps=2.0, track_number=number, status=status,
    )  # fmt: skip


def fly(side: Side, count: int, seconds: range, status: Status = Status.BALLOON, first: int = 0) -> None:
    for second in seconds:
        side.now = Instant(BEGIN + 1_000 * second)
        side.take(Reported(TRACKER, Decoded(reports=tuple(balloon(n, second, status) for n in range(first, count)))))
        for _ in range(40):  # a look at a large picture takes many short turns
            side.take(Ticked())
            if side.state.look is None:
                break


def said(incident: Incident) -> list[Entry]:
    return incident.messages(CHANNEL, Direction.SENT)


def numbers(incident: Incident) -> Counter[int]:
    return Counter(e.body.object.object for e in said(incident) if isinstance(e.body, NoticeBody))


@pytest.fixture(scope="module")
def night() -> tuple[Side, Side]:
    """Ten minutes of it, with five that come late, told to LT each minute."""
    by, lt = Side(BY), Side(LT)
    for minute in range(10):
        count = MANY if minute < 5 else MANY + LATE
        fly(by, count, range(60 * minute, 60 * minute + 60, 10))
        lt.now = by.now
        deliver(by, lt)
        lt.take(Ticked())
    return by, lt


def test_250_balloons_are_one_incident_on_both_sides(night: tuple[Side, Side]) -> None:
    """PROC-36: one entry in each queue, of one kind, with each object under its number, late ones too."""
    for side in night:
        [incident] = side.incidents()
        assert incident.id == NIGHT
        assert incident.threads[CHANNEL].kind is IncidentKind.BALLOON_NIGHT
    by, lt = (side.state.incidents.get(NIGHT) for side in night)
    assert by.groups
    assert [held.number for held in by.own] == list(range(1, MANY + LATE + 1))
    assert set(numbers(by)) == set(range(1, MANY + LATE + 1))
    assert sorted(lt.received[BY]) == sorted(numbers(by))


def test_the_first_word_says_that_there_are_many_and_all_others_are_updates(night: tuple[Side, Side]) -> None:
    """PROC-33, PROC-36: the count is what release lets out at that time; a late joiner is told of at once."""
    messages = said(night[0].state.incidents.get(NIGHT))
    assert [entry.type for entry in messages[1:]] == [MessageType.UPDATE] * (len(messages) - 1)
    assert messages[0].type == MessageType.NOTICE
    counts = [entry.body.object.count for entry in messages if isinstance(entry.body, NoticeBody)]
    assert counts[0] > 1
    assert set(counts[1:]) <= {1, MANY + LATE}
    late = [entry for entry in messages if isinstance(entry.body, NoticeBody) and entry.body.object.object > MANY]
    assert len(late) == LATE
    assert all(entry.at <= BEGIN + 1_000 * 360 for entry in late)


def test_updates_are_grouped_each_object_at_the_pace_of_the_agreement(night: tuple[Side, Side]) -> None:
    """PROC-36: in ten minutes an object alone would be told of ten times and more; here once, and at a new phase."""
    told = numbers(night[0].state.incidents.get(NIGHT))
    assert max(told.values()) <= 3
    assert sum(told.values()) < 2 * (MANY + LATE)


def test_all_that_was_said_of_it_fits_the_policy_counts_too(night: tuple[Side, Side]) -> None:
    """PROC-36, REL-23: what left is held against the journal; a count that is too high by one would be found."""
    by = night[0]
    begun = (Instant(BEGIN - 1), PolicyTaken(policy=by.state.policy, sha256=""))
    rows = ((at, decode_event(event)) for at, event in by.disk.journal())
    journal = journal_of(BY, (begun, *((at, event) for at, event in rows if not isinstance(event, Refusal))))
    entries = said(by.state.incidents.get(NIGHT))
    sent = [message_of(by, entry) for entry in entries if entry.serial is not None]
    assert audit(journal, sent).unfit == ()
    body = sent[0].body
    assert isinstance(body, NoticeBody)
    more = msgspec.structs.replace(body.object, count=MANY + LATE + 1)
    lie = msgspec.structs.replace(sent[0], body=msgspec.structs.replace(body, object=more))
    assert "count" in audit(journal, [lie]).unfit[0].why


def message_of(side: Side, entry: Entry) -> Message:
    assert entry.serial is not None
    place = Place(CHANNEL, side.party, side.state.session(CHANNEL).year, entry.serial)
    message = parse_entry(side.entry(side.party, entry.serial), place, None)
    assert isinstance(message, Message)
    return message


def test_there_is_one_set_of_deadlines_and_one_ack_settles_it(night: tuple[Side, Side]) -> None:
    """PROC-36"""
    by, lt = night
    assert lt.owes() == {"ack us", "close us"}
    owed = Counter(f"{o.what} {o.owner.value}" for o in by.state.incidents.get(NIGHT).threads[CHANNEL].obligations)
    assert set(owed.values()) == {1}
    newest = said(by.state.incidents.get(NIGHT))[0].serial
    assert newest is not None
    assert lt.order(Acknowledge(channel=CHANNEL, serial=newest)) is None
    deliver(lt, by)
    assert lt.owes() - {"receipt partner"} == {"close us"}
    assert "ack partner" not in by.owes()


def test_it_closes_as_one(night: tuple[Side, Side]) -> None:
    """PROC-36: and a restart gives the same."""
    by, lt = night
    close = CloseIncident(incident=NIGHT, channel=CHANNEL, outcome=Outcome.CROSSED)
    assert by.order(close) is None
    deliver(by, lt)
    assert lt.order(AgreeClose(incident=NIGHT, channel=CHANNEL, agrees=True)) is None
    deliver(lt, by)
    for side in night:
        assert [one.phase for one in side.incidents()] == [IncidentPhase.CLOSED]
    before = by.state.incidents
    by.restart()
    assert by.state.incidents == before


def test_a_night_that_is_full_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """PROC-18, PROC-36: no incident holds more objects than a partner takes under one name."""
    monkeypatch.setattr(limits, "OBJECTS_PER_INCIDENT", 20)
    by = Side(BY)
    fly(by, 30, range(0, 60, 10))
    assert [len(one.own) for one in by.incidents()] == [20, 10]
    assert all(one.groups for one in by.incidents())


def test_a_few_balloons_and_many_of_another_kind_are_incidents_of_their_own() -> None:
    """PROC-36: the agreement's rule is more than ten balloons."""
    for count, status in ((10, Status.BALLOON), (14, Status.UNKNOWN)):
        by = Side(BY)
        fly(by, count, range(0, 60, 10), status)
        assert len(by.incidents()) == count
        assert {one.threads[CHANNEL].kind for one in by.incidents()} <= {IncidentKind.NOTICE, IncidentKind.CROSSING}
