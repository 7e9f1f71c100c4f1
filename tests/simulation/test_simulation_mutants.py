"""Each invariant broken once on purpose: the simulation finds it within a few seeds, and says which one it was."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from redshank.edges.turn import Turn
from redshank.exercise.simulation.network import Pump
from redshank.exercise.simulation.node import Fate, Node
from redshank.exercise.simulation.scenes import policy_of
from redshank.exercise.simulation.world import STEPS, SimulationFailed, World
from redshank.log import ledger, merkle
from redshank.log.checkpoint import open_head
from redshank.log.ledger import Accepted, PartnerLog
from redshank.node import duty
from redshank.node.effects import AnswerPeer, Deliver, KeepEvent, KeepNote, NoteKind
from redshank.node.events import Commanded, decode_event
from redshank.procedure import home
from redshank.procedure.incident import Incidents
from redshank.procedure.table import IncidentPhase
from redshank.release.decide import decide
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

WITHIN = 8
"""Seeds in which each mutant must be found."""


def found(node_type: type[Node] = Node, *, steps: int = STEPS) -> str:
    """The invariant that the first failing seed breaks; "" if none does."""
    for seed in range(1, WITHIN + 1):
        try:
            World(seed, steps, node_type).run()
        except SimulationFailed as failure:
            return failure.invariant
    return ""


# --- nodes that do not keep the order of acts -------------------------------------------------------------------------


class AnswersBeforeItCommits(Node):
    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        held, self.state = self.state, done.state
        for act in done.acts:
            if isinstance(act, AnswerPeer):
                self._do(act)
        self.state = held
        return super().commit(done, now, fate)


class DeliversBeforeItCommits(Node):
    """Sends from memory what may never reach the disk."""

    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        disk, held = self.disk, self.state
        self.disk, self.state = copy.deepcopy(disk), done.state
        self.disk.commit(done.durables, now)
        for act in done.acts:
            if isinstance(act, Deliver):
                self._do(act)
        self.disk, self.state = disk, held
        return super().commit(done, now, fate)


class ForgetsItsReceipts(Node):
    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        mine = {session.own.key.name for session in done.state.sessions.values()}
        kept = tuple(
            one
            for one in done.durables
            if not (isinstance(one, KeepNote) and one.kind is NoteKind.RECEIPT and one.origin not in mine)
        )
        return super().commit(msgspec.structs.replace(done, durables=kept), now, fate)


class ForgetsOrders(Node):
    def commit(self, done: Turn, now: Instant, fate: Fate) -> bool:
        kept = tuple(one for one in done.durables if not (isinstance(one, KeepEvent) and _is_order(one)))
        return super().commit(msgspec.structs.replace(done, durables=kept), now, fate)


def _is_order(kept: KeepEvent) -> bool:
    return isinstance(decode_event(kept.event), Commanded)


@pytest.mark.parametrize(
    ("mutant", "invariants"),
    [
        (AnswersBeforeItCommits, {"cosigned_survives"}),
        (DeliversBeforeItCommits, {"logs_agree_on_their_common_prefix"}),
        (ForgetsItsReceipts, {"receipted_is_kept_by_the_partner"}),
        (ForgetsOrders, {"restart_gives_the_same"}),
    ],
)
def test_a_node_that_forgets_or_acts_too_early_is_caught(mutant: type[Node], invariants: set[str]) -> None:
    assert found(mutant) in invariants


# --- rooms that do not keep their law ---------------------------------------------------------------------------------


def test_a_partner_that_checks_no_serial_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(log: PartnerLog, old_size: int, note: bytes, entries: tuple[bytes, ...]) -> Accepted | Refusal:
        head = open_head(note, log.key)
        if isinstance(head, Refusal):
            return head
        leaves = tuple(merkle.leaf_hash(entry) for entry in entries)
        grown = msgspec.structs.replace(log, frontier=merkle.append_many(log.frontier, leaves), head=head)
        return Accepted(grown, head, log.size, tuple(entries), leaves)

    monkeypatch.setattr(ledger, "accept", accept)
    assert found() in {"logs_agree_on_their_common_prefix", "honest_parties_understand_each_other"}


def test_an_incident_that_goes_back_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    after: Callable[..., Incidents] = home.with_threads

    def with_threads(*given: Any) -> Incidents:
        incidents = after(*given)
        incident = incidents.get(given[2].id)
        if incident.phase is not IncidentPhase.CLOSING or len(incident.timeline) % 2:
            return incidents
        return incidents.put(msgspec.structs.replace(incident, phase=IncidentPhase.OPEN))

    monkeypatch.setattr("redshank.procedure.record.with_threads", with_threads)
    assert found() == "incident_never_moves_backwards"


def test_a_deadline_that_fires_again_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redshank.node.duty.deadline.mark_missed", lambda incidents, *_: incidents)
    assert found() == "step_of_a_ladder_fires_once"


def test_a_message_that_another_policy_let_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    lax = policy_of(PartyId("LT"))

    def by_another(policy: Any, *given: Any, **more: Any) -> Any:
        return decide(lax if policy.party != lax.party else policy, *given, **more)

    monkeypatch.setattr("redshank.node.mail.decide", by_another)
    assert found() == "nothing_leaves_without_a_verdict"


def test_an_unrecorded_decision_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    tested = duty.tested
    monkeypatch.setattr(duty, "tested", lambda *given: (tested(*given)[0], []))
    assert found() in {"what_is_decided_is_recorded", "serials_have_no_gap"}


def test_a_pump_that_gives_up_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pump, "_pause", lambda self: None)
    monkeypatch.setattr("redshank.exercise.simulation.world.SETTLE_MS", 300_000)
    assert found() == "everything_is_receipted"


def test_a_third_partys_incident_that_leaks_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redshank.procedure.incident.Incident.id_on", lambda self, channel: self.id)
    monkeypatch.setattr("redshank.procedure.record.may_name", lambda name, channel: True)
    assert found() == "nothing_leaves_without_a_verdict"
