"""Each invariant broken at least once on purpose: the simulation finds it in a few seeds, and says which one it was.

`NODES`, `ROOMS`, `HOSTILE` and `SILENT` are the table: which mistake breaks which invariants. The first one that is
found counts; some mistakes break several. A test holds that no invariant is without a mutant.
"""

from collections.abc import Callable
from itertools import count, islice
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.simulation import simulation_mutants as nodes

from redshank.exchange import envelope
from redshank.exchange import session as sessions
from redshank.exercise.simulation import invariants, lives, world
from redshank.exercise.simulation.byzantine import campaign
from redshank.exercise.simulation.invariants import ends, turns
from redshank.exercise.simulation.network import Pump
from redshank.exercise.simulation.node import Node
from redshank.exercise.simulation.rotations import ORDER_MS, Rotations
from redshank.exercise.simulation.scenes import policy_of
from redshank.exercise.simulation.trouble import draw_plan
from redshank.exercise.simulation.world import SimulationFailed, World
from redshank.log import ledger, merkle
from redshank.log.checkpoint import open_head
from redshank.log.ledger import Accepted, OwnLog, PartnerLog
from redshank.node import agreements, contradictions, duty, rotation
from redshank.node.commands import RotateKeys
from redshank.node.events import KeysMissed, encode_event
from redshank.node.state import Line
from redshank.procedure import home, record
from redshank.procedure.agreement import Tables
from redshank.procedure.incident import Incident, Incidents
from redshank.procedure.kinds import IncidentKind
from redshank.procedure.life import Life
from redshank.procedure.table import IncidentPhase
from redshank.procedure.thread import Thread
from redshank.release.decide import decide
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.instants import HOUR_MS
from redshank.terms.message import Message, MessageType, Why
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role

Patch = Callable[[pytest.MonkeyPatch], None]

WITHIN = 30
"""Seeds in which each mutant must be found."""
SHORT_SETTLE_MS = 6 * HOUR_MS
"""Where what is wrong at the end stays wrong, the whole of the longest ladder need not be waited for."""


def seeds_with(mark: str, most: int = 4) -> tuple[int, ...]:
    """The first seeds whose plan has this mark."""
    marked = (seed for seed in count(1) if mark in draw_plan(np.random.default_rng([seed, 1]), seed, None, False).marks)
    return tuple(islice(marked, most))


def found(node_type: type[Node] | None = None, seeds: tuple[int, ...] = (), *, evil: bool | None = None) -> str:
    """The invariant that the first failing seed breaks; "" if none does."""
    for seed in seeds or range(1, WITHIN + 1):
        try:
            World(seed, None, node_type or vars(world)["Node"], evil=evil).run()
        except SimulationFailed as failure:
            return failure.invariant
    return ""


# --- nodes that do not keep the order of acts, or the time ------------------------------------------------------------

NODES: dict[type[Node], tuple[tuple[int, ...], set[str]]] = {
    nodes.AnswersBeforeItCommits: ((), {"cosigned_survives"}),
    nodes.DeliversBeforeItCommits: (
        (),
        {"logs_agree_on_their_common_prefix", "a_proof_fits_who_lied"},  # who signs two logs is held to have lied
    ),
    nodes.ForgetsItsReceipts: ((), {"receipted_is_kept_by_the_partner"}),
    nodes.ForgetsOrders: ((), {"restart_gives_the_same"}),
    nodes.GoesOnAfterAnUnknownCommit: ((), {"serials_have_no_gap"}),
    nodes.FollowsItsMachinesClock: (seeds_with("clocks"), {"time_never_runs_backwards"}),
    nodes.ForgetsTheTimeAtARestart: (
        seeds_with("clocks", 8),
        {"time_never_runs_backwards", "nothing_leaves_without_a_verdict"},  # by its own clock, it speaks of the future
    ),
}


@pytest.mark.parametrize("mutant", NODES, ids=lambda mutant: mutant.__name__)
def test_a_node_with_a_mistake_is_caught(mutant: type[Node]) -> None:
    seeds, expected = NODES[mutant]
    assert found(mutant, seeds) in expected


# --- rooms that do not keep their law ---------------------------------------------------------------------------------


def checks_no_serial(patch: pytest.MonkeyPatch) -> None:
    def accept(log: PartnerLog, old_size: int, note: bytes, entries: tuple[bytes, ...]) -> Accepted | Refusal:
        assert log.key is not None
        head = open_head(note, log.key)
        if isinstance(head, Refusal):
            return head
        leaves = tuple(merkle.leaf_hash(entry) for entry in entries)
        grown = msgspec.structs.replace(log, frontier=merkle.append_many(log.frontier, leaves), head=head)
        return Accepted(grown, head, log.size, tuple(entries), leaves)

    patch.setattr(ledger, "accept", accept)


def incidents_go_back(patch: pytest.MonkeyPatch) -> None:
    after: Callable[..., Incidents] = home.with_threads

    def with_threads(*given: Any) -> Incidents:
        incidents = after(*given)
        incident = incidents.get(given[2].id)
        if incident.phase is not IncidentPhase.CLOSING or len(incident.timeline) % 2:
            return incidents
        return incidents.put(msgspec.structs.replace(incident, phase=IncidentPhase.OPEN))

    patch.setattr("redshank.procedure.record.with_threads", with_threads)


def whoever_hears_takes_it_for_a_notice(patch: pytest.MonkeyPatch) -> None:
    """Mostly the other table refuses something first; here nobody looks at that, so that the end must tell."""
    thread_for: Callable[..., Thread] = record._thread_for

    def by_ear(tables: Tables, incident: Incident, message: Message, now: Any) -> Thread:
        thread = thread_for(tables, incident, message, now)
        if thread.spoken or incident.own_id.startswith(message.sender):
            return thread
        return msgspec.structs.replace(thread, kind=IncidentKind.NOTICE, state="quiet")

    patch.setattr(record, "_thread_for", by_ear)
    others = (check for check in invariants.EACH_TURN if check is not turns.honest_parties_understand_each_other)
    patch.setattr(invariants, "EACH_TURN", tuple(others))
    patch.setattr(world, "SETTLE_MS", SHORT_SETTLE_MS)


def a_deadline_fires_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("redshank.node.duty.deadline.mark_missed", lambda incidents, *_: incidents)


def another_policy_lets_out(patch: pytest.MonkeyPatch) -> None:
    lax = policy_of(PartyId("LT"))

    def by_another(policy: Any, *given: Any, **more: Any) -> Any:
        return decide(lax if policy.party != lax.party else policy, *given, **more)

    patch.setattr("redshank.node.saying.decide", by_another)


def a_test_goes_unrecorded(patch: pytest.MonkeyPatch) -> None:
    tested = duty.tested
    patch.setattr(duty, "tested", lambda *given: (tested(*given)[0], []))


def a_third_partys_incident_leaks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("redshank.procedure.incident.Incident.id_on", lambda self, channel: self.id)
    patch.setattr("redshank.procedure.record.may_name", lambda name, channel: True)


def queries_are_not_understood(patch: pytest.MonkeyPatch) -> None:
    parse = envelope.parse_entry

    def parse_entry(*given: Any) -> Message | Refusal:
        message = parse(*given)
        if isinstance(message, Message) and message.type is MessageType.QUERY:
            return Refusal(Reason.UNKNOWN_TYPE, "type", "not in this version")
        return message

    patch.setattr(sessions, "parse_entry", parse_entry)


def pumps_give_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Pump, "_pause", lambda self: None)
    patch.setattr(world, "SETTLE_MS", 300_000)


def nobody_closes_alone(patch: pytest.MonkeyPatch) -> None:
    no = Refusal(Reason.NOT_IN_TABLE, "incident", "only together")
    patch.setattr(home, "closed_alone", lambda *_: no)
    patch.setattr(world, "SETTLE_MS", 3_600_000)


def one_thread_closes_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(home, "min", max, raising=False)
    patch.setattr(world, "SETTLE_MS", SHORT_SETTLE_MS)


def what_is_heard_hides_what_fails(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Line, "heard", Line.answered)


def the_record_lacks_orders(patch: pytest.MonkeyPatch) -> None:
    """Without a crash no restart tells: only the replay of the record does."""
    patch.setattr(world, "FATE_SHARE", 0)
    patch.setattr(world, "LONG_FATE_SHARE", 0)
    patch.setattr("redshank.exercise.simulation.world.Node", nodes.ForgetsOrders)


def a_disk_rots(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world, "FATE_SHARE", 0)
    patch.setattr(world, "LONG_FATE_SHARE", 0)
    patch.setattr("redshank.exercise.simulation.world.Node", nodes.HasADiskThatRots)


ROOMS: dict[Patch, set[str]] = {
    checks_no_serial: {"logs_agree_on_their_common_prefix", "honest_parties_understand_each_other"},
    incidents_go_back: {"incident_never_moves_backwards"},
    a_deadline_fires_again: {"step_of_a_ladder_fires_once"},
    another_policy_lets_out: {"nothing_leaves_without_a_verdict"},
    a_test_goes_unrecorded: {"what_is_decided_is_recorded"},
    a_third_partys_incident_leaks: {"nothing_leaves_without_a_verdict"},
    queries_are_not_understood: {"honest_parties_understand_each_other"},
    pumps_give_up: {"everything_is_receipted", "everything_is_closed"},
    nobody_closes_alone: {"everything_is_closed"},
    one_thread_closes_all: {"both_sides_have_closed"},
    whoever_hears_takes_it_for_a_notice: {"both_sides_run_the_same_table"},
    what_is_heard_hides_what_fails: {"a_line_that_fails_is_shown"},
    the_record_lacks_orders: {"record_gives_the_same"},
}


@pytest.mark.parametrize("mistake", ROOMS, ids=lambda mistake: mistake.__name__)
def test_a_room_with_a_mistake_is_caught(mistake: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake(monkeypatch)
    assert found(seeds=seeds_for(mistake), evil=False) in ROOMS[mistake]


# --- what is weak against an evil partner, or silent about a broken log -----------------------------------------------


def a_fork_has_another_name(patch: pytest.MonkeyPatch) -> None:
    accept = ledger.accept

    def renamed(*given: Any) -> Accepted | Refusal:
        said = accept(*given)
        if isinstance(said, Refusal) and said.reason is Reason.FORKED:
            return Refusal(Reason.MALFORMED, "delivery", "something is wrong with it")
        return said

    patch.setattr(ledger, "accept", renamed)


def any_size_is_believed(patch: pytest.MonkeyPatch) -> None:
    def partner_holds(log: OwnLog, size: int) -> OwnLog:
        return msgspec.structs.replace(log, partner_size=max(log.receipted_size, min(size, log.signed_size)))

    patch.setattr(ledger, "partner_holds", partner_holds)


def back_dating_is_not_noticed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sessions, "back_dated", lambda *_: None)


def incidents_of_a_partner_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("redshank.procedure.record.limits", SimpleNamespace(**vars(limits)))
    patch.setattr(limits, "INCIDENTS_PER_PARTNER", 2)


def nothing_is_kept_as_proof(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(contradictions, "is_new", lambda *_: False)


HOSTILE: dict[Patch, set[str]] = {
    a_fork_has_another_name: {"an_attack_is_refused_by_its_name"},
    any_size_is_believed: {"an_answer_is_refused_by_its_name"},
    back_dating_is_not_noticed: {"what_is_slipped_in_is_refused_by_its_name"},
    incidents_of_a_partner_are_not_counted: {"no_partner_fills_the_node"},
    nothing_is_kept_as_proof: {"what_contradicts_is_kept"},
}


RARE: dict[Patch, int] = {
    one_thread_closes_all: 7,
    a_third_partys_incident_leaks: 18,
    whoever_hears_takes_it_for_a_notice: 13,
    incidents_of_a_partner_are_not_counted: 12,
}
"""Mistakes that few seeds meet, each with one that does. It is tried first."""


def seeds_for(mistake: Patch) -> tuple[int, ...]:
    return (RARE.get(mistake, 1), *range(1, WITHIN + 1))


@pytest.mark.parametrize("mistake", HOSTILE, ids=lambda mistake: mistake.__name__)
def test_a_node_that_is_weak_against_an_evil_partner_is_caught(mistake: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake(monkeypatch)
    assert found(seeds=seeds_for(mistake), evil=True) in HOSTILE[mistake]


def an_old_head_counts_as_a_shrunken_log(patch: pytest.MonkeyPatch) -> None:
    """What the network repeats is held against the partner."""
    patch.setattr(ledger, "_older", lambda log, head: Refusal(Reason.SHRUNKEN, "size", "smaller than before"))


def a_broken_log_is_not_shown(patch: pytest.MonkeyPatch) -> None:
    refused = Line.refused
    patch.setattr(Line, "refused", lambda line, reason: line if reason in ends.BROKEN_LOG else refused(line, reason))
    patch.setattr(world, "SETTLE_MS", 4_500_000)


SILENT: dict[Patch, set[str]] = {
    an_old_head_counts_as_a_shrunken_log: {"a_proof_fits_who_lied"},
    a_broken_log_is_not_shown: {"an_old_backup_is_named"},
}


@pytest.mark.parametrize("mistake", SILENT, ids=lambda mistake: mistake.__name__)
def test_a_node_that_accuses_the_honest_or_shows_nothing_is_caught(
    mistake: Patch, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    assert found(seeds=seeds_with("backup") + seeds_with("", WITHIN), evil=False) in SILENT[mistake]


ROT, FORK = {"logs_are_whole"}, {"a_fork_is_named"}


def test_a_disk_that_rots_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """By clocks that are right: with wild ones, the proof of a future date misses the entry first."""
    a_disk_rots(monkeypatch)
    monkeypatch.setattr(world, "DEAR_EVERY", 60)  # so that the replay has seen the entry before it rots
    wild = seeds_with("clocks", 20)
    assert found(seeds=tuple(seed for seed in range(1, 2 * WITHIN) if seed not in wild), evil=False) in ROT


def test_a_node_that_shows_nothing_of_a_fork_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    a_broken_log_is_not_shown(monkeypatch)
    monkeypatch.setattr(campaign, "FORK_SHARE", 1.0)
    monkeypatch.setattr(campaign, "FORK_AFTER_MS", (30_000, 60_000))
    monkeypatch.setattr(campaign, "EVERY_MS", (10**9, 10**9 + 1))
    monkeypatch.setattr(campaign, "TWIST_AFTER_MS", (10**9, 10**9 + 1))
    assert found(evil=True) in FORK


ROTATED = {"both_sides_are_in_one_generation"}


def test_a_node_that_does_not_follow_its_partner_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """LOG-21: the partner has ended its log, the ceremony was held, and nothing happens."""
    monkeypatch.setattr(rotation, "followed", lambda state, *_: (state, ()))
    monkeypatch.setattr(Rotations, "_order", _one_orders)
    monkeypatch.setattr(world, "SETTLE_MS", HOUR_MS)
    assert found(seeds=seeds_with("rotates"), evil=False) in ROTATED


def _one_orders(rotations: Rotations, channel: ChannelId) -> None:
    """One officer only: else both would get there by themselves."""
    node = rotations._stage.nodes[parties_of(channel)[0]]
    if node.state.session(channel).generation < rotations._agreed.get(channel, 0):
        node.order(Role.ADMINISTRATOR, RotateKeys(channel=channel, why=Why.PLANNED), rotations._ordered)
    rotations._stage.after(ORDER_MS, lambda: rotations._order(channel))


def test_a_ceremony_that_is_not_recorded_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """RCV-13: without it a restart is in the generation before."""
    monkeypatch.setattr(rotation, "encode_event", lambda event: encode_event(KeysMissed(ChannelId("no channel"))))
    assert found(seeds=seeds_with("rotates"), evil=False) in {"restart_gives_the_same", "record_gives_the_same"}


AGREED = {"nothing_is_said_outside_the_agreement", "nothing_is_acted_on_outside_the_agreement"}


def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Officers who stop at nearly every occasion, and take their time to go on."""
    monkeypatch.setattr(lives, "STOPS", 0.8)
    monkeypatch.setattr(lives, "RESUMES", 0.15)


def test_a_node_that_speaks_under_its_own_suspension_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """AGR-8: it has said SUSPEND, and goes on. The invariant reads its log alone."""
    restless(monkeypatch)
    state, but = Life.state, msgspec.structs.replace
    unstopped = property(lambda life: state.__get__(but(life, own=but(life.own, suspended=0))))
    monkeypatch.setattr(Life, "state", unstopped)
    assert found(seeds=seeds_with("lives", 12), evil=False) == "nothing_is_said_outside_the_agreement"


def test_a_node_that_reads_under_a_suspension_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """AGR-9: what should wait is read at once."""
    restless(monkeypatch)
    got = record.got
    monkeypatch.setattr(agreements, "holds", lambda state, message: False)
    active = agreements.as_if_active
    monkeypatch.setattr(record, "got", lambda held, law, said, now: got(held, active(law, said.channel), said, now))
    assert found(seeds=seeds_with("lives", 16), evil=False) == "nothing_is_acted_on_outside_the_agreement"


def test_no_invariant_is_without_a_mutant() -> None:
    named = {name for _, names in NODES.values() for name in names}
    named = named.union(ROT, FORK, ROTATED, AGREED, *ROOMS.values(), *HOSTILE.values(), *SILENT.values())
    checked = (*invariants.EACH_TURN, *invariants.EACH_STEP, *invariants.NOW_AND_THEN, *invariants.AT_THE_END)
    assert {check.__name__ for check in (*checked, *invariants.AT_THEIR_MOMENT)} <= named
