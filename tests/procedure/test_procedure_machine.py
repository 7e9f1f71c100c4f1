"""Two parties, their officers and a slow line, in any order that Hypothesis finds: the laws of an incident hold."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.procedure.procedure_scene import BY, BY_LT, LT, T0, TABLES, done, message, track

from redshank.procedure import record
from redshank.procedure.deadline import mark_missed, next_deadline, overdue
from redshank.procedure.incident import Act, Direction, Entry, Incident, Incidents, OpenedBy, acts
from redshank.procedure.table import CROSSED, LOST, WITHHELD, IncidentPhase
from redshank.terms.ids import IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import Message
from redshank.terms.message import MessageType as M
from redshank.terms.refusal import Reason, Refusal

SIDES = st.sampled_from([LT, BY])
PICK = st.integers(0, 1_000)
LEVELS = ("received_at", "read_at", "answered_at")


class TwoParties(RuleBasedStateMachine):
    """Each party has its own incidents and an ordered line to the other, as the logs give it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = T0
        self.nodes = {LT: Incidents.none(LT), BY: Incidents.none(BY)}
        self.logs: dict[PartyId, list[Message]] = {LT: [], BY: []}
        self.taken = {LT: 0, BY: 0}
        self.told: Counter[tuple[PartyId, str, int]] = Counter()
        self.ranks: dict[tuple[PartyId, IncidentId], int] = {}
        self.marks: dict[tuple[PartyId, IncidentId, Direction, int], tuple[int | None, ...]] = {}

    # --- what can happen

    @rule(me=SIDES)
    def opens(self, me: PartyId) -> None:
        if len(self.nodes[me].open) < 2:
            opened = record.opened(self.nodes[me], TABLES, OpenedBy.FORECAST, track(f"{me}/1"), None, (), self.now)
            self.nodes[me] = done(opened)

    @rule(me=SIDES, pick=PICK)
    def forecasts(self, me: PartyId, pick: int) -> None:
        if name := self._open_one(me, pick):
            self.nodes[me] = record.begun(self.nodes[me], TABLES, name, BY_LT, self.now)

    @rule(me=SIDES, pick=PICK, given=st.sampled_from([CROSSED, LOST, WITHHELD]))
    def something_happens(self, me: PartyId, pick: int, given: str) -> None:
        if name := self._open_one(me, pick):
            self.nodes[me] = done(record.happened(self.nodes[me], TABLES, name, given, self.now))  # type: ignore[arg-type]

    @rule(me=SIDES, pick=PICK, which=PICK)
    def an_officer_acts(self, me: PartyId, pick: int, which: int) -> None:
        every = sorted([*self.nodes[me].open, *self.nodes[me].closed])
        if every:
            self._act(me, self.nodes[me].get(every[pick % len(every)]), which)

    @rule(me=SIDES, pick=PICK, kind=st.sampled_from([M.UPDATE, M.LOST]))
    def the_machine_tells(self, me: PartyId, pick: int, kind: M) -> None:
        if name := self._open_one(me, pick):
            self._say(me, kind, self.nodes[me].get(name).id_on(BY_LT))

    @rule(to=SIDES)
    def a_message_comes(self, to: PartyId) -> None:
        self._deliver(to)

    @rule(to=SIDES)
    @precondition(lambda self: self.taken[LT] + self.taken[BY])
    def a_message_comes_again(self, to: PartyId) -> None:
        if self.taken[to]:
            again = record.got(self.nodes[to], TABLES, self._from(to)[self.taken[to] - 1], self.now)
            assert again is self.nodes[to] or isinstance(again, Refusal)

    @rule(me=SIDES)
    def a_receipt_comes(self, me: PartyId) -> None:
        size = self.taken[BY if me == LT else LT]
        self.nodes[me] = record.receipted(self.nodes[me], TABLES, BY_LT, size, self.now)

    @rule(wait_s=st.sampled_from([1, 20, 130, 1_000, 8_000]))
    def time_passes(self, wait_s: int) -> None:
        self.now = Instant(self.now + wait_s * 1_000)
        for me in self.nodes:
            self._take_missed(me)

    # --- how

    def _from(self, to: PartyId) -> list[Message]:
        return self.logs[BY if to == LT else LT]

    def _open_one(self, me: PartyId, pick: int) -> IncidentId | None:
        names = sorted(self.nodes[me].open)
        return names[pick % len(names)] if names else None

    def _say(self, me: PartyId, kind: M, name: IncidentId, reply_to: int | None = None, agrees: bool = True) -> bool:
        told = message(kind, me, len(self.logs[me]), name, reply_to=reply_to, agrees=agrees, when=self.now)
        after = record.sent(self.nodes[me], TABLES, told, "rule", self.now)
        if isinstance(after, Refusal):
            return False
        self.nodes[me] = after
        self.logs[me].append(told)
        return True

    def _act(self, me: PartyId, incident: Incident, which: int) -> None:
        """One of the acts that the console offers: it must always succeed."""
        may = acts(TABLES, incident, BY_LT)
        if not may:
            return
        act = may[which % len(may)]
        if act is Act.CLOSE_ALONE:
            self.nodes[me] = done(record.closed_alone(self.nodes[me], TABLES, incident.id, BY_LT, self.now))
            return
        got = incident.messages(BY_LT, Direction.GOT)
        name, reply_to = incident.id_on(BY_LT), None
        answered: Entry | None = None
        if act is Act.ACK:
            answered = next(e for e in got if e.read_at is None)
        elif act is Act.REPLY:
            waiting = [o.serial for o in incident.threads[BY_LT].obligations if o.what == "reply" and o.owner == "us"]
            answered = next(e for e in got if e.serial in waiting)
        elif act in (Act.AGREE_CLOSE, Act.DISAGREE_CLOSE):
            answered = incident.latest_close(BY_LT)
        if answered is not None and answered.incident is not None:
            name, reply_to = answered.incident, answered.serial
        kinds = {Act.AGREE_CLOSE: M.AGREE_CLOSE, Act.DISAGREE_CLOSE: M.AGREE_CLOSE}
        kind = kinds.get(act) or M(act.value.upper())
        assert self._say(me, kind, name, reply_to, act is not Act.DISAGREE_CLOSE), (act, incident)

    def _deliver(self, to: PartyId) -> None:
        log = self._from(to)
        if self.taken[to] == len(log):
            return
        come = log[self.taken[to]]
        self.taken[to] += 1
        after = record.got(self.nodes[to], TABLES, come, self.now)
        if isinstance(after, Refusal):
            assert after.reason is Reason.ALREADY_CLOSED, (after, come)
        else:
            self.nodes[to] = after

    def _take_missed(self, me: PartyId) -> None:
        for step in overdue(self.nodes[me], self.now):
            self.told[me, step.obligation, step.level] += 1
            after = mark_missed(self.nodes[me], TABLES, step.incident, step.obligation, step.level, self.now)
            assert after is not self.nodes[me]
            self.nodes[me] = after
        assert overdue(self.nodes[me], self.now) == ()

    # --- laws

    @invariant()
    def a_phase_never_goes_back(self) -> None:
        """PROC-3"""
        for me, node in self.nodes.items():
            for incident in (*node.open.values(), *node.closed.values()):
                assert incident.phase.rank >= self.ranks.get((me, incident.id), 0)
                self.ranks[me, incident.id] = incident.phase.rank
                assert (incident.phase is IncidentPhase.CLOSED) == (incident.id in node.closed)

    @invariant()
    def each_step_of_a_ladder_is_told_once(self) -> None:
        """PROC-8"""
        assert not self.told or max(self.told.values()) == 1

    @invariant()
    def the_next_deadline_is_the_earliest_one(self) -> None:
        """PROC-8"""
        for node in self.nodes.values():
            due = [one.next_due for one in (*node.open.values(), *node.closed.values()) if one.next_due is not None]
            assert next_deadline(node) == min(due, default=None)

    @invariant()
    def an_open_incident_is_owed_something_by_somebody(self) -> None:
        """PROC-24"""
        for node in self.nodes.values():
            for incident in node.open.values():
                ours = [o for o in incident.duties if o.open]
                theirs = [o for thread in incident.threads.values() for o in thread.obligations if o.what != "receipt"]
                assert ours or theirs, incident

    @invariant()
    def an_acknowledgement_is_never_taken_back(self) -> None:
        """PROC-10"""
        for me, node in self.nodes.items():
            for incident in (*node.open.values(), *node.closed.values()):
                for entry in incident.messages(BY_LT):
                    assert entry.serial is not None
                    key = (me, incident.id, entry.direction, entry.serial)
                    now = tuple(getattr(entry, level) for level in LEVELS)
                    for before, after in zip(self.marks.get(key, (None,) * 3), now, strict=True):
                        assert before is None or before == after
                    self.marks[key] = now

    def teardown(self) -> None:
        """Whatever has happened: both sides can still close everything."""
        for _ in range(40):
            for me in (LT, BY):
                while self.taken[me] < len(self._from(me)):
                    self._deliver(me)
                for incident in list(self.nodes[me].open.values()):
                    self._close(me, incident)
            self.time_passes(8_000)
        assert not self.nodes[LT].open
        assert not self.nodes[BY].open

    def _close(self, me: PartyId, incident: Incident) -> None:
        if not incident.threads:
            self.nodes[me] = done(record.closed_alone(self.nodes[me], TABLES, incident.id, BY_LT, self.now))
            return
        may = acts(TABLES, incident, BY_LT)
        for wanted in (Act.AGREE_CLOSE, Act.CLOSE, Act.CLOSE_ALONE):
            if wanted in may:
                self._act(me, incident, may.index(wanted))
                return


TwoParties.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestTwoParties = TwoParties.TestCase
