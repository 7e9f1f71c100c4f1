"""Invariants: what must hold, as named functions that say what is wrong, or nothing.

Here: which are checked when. They are about one turn (turns), all nodes (whole), what leaves (leaving), what an evil
partner is told (hostile), the proofs of it (proofs) and the end (ends), with what they must remember (memo). They look
only at what a step has touched. Not here: when they are called (world). They read disks and states; they change
neither. May know: the simulation's node, disk and scenes.
"""

from collections.abc import Callable

from redshank.edges.turn import Turn
from redshank.exercise.simulation.invariants import ends, hostile, leaving, proofs, turns, whole
from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes
from redshank.exercise.simulation.invariants.turns import duty_half
from redshank.node.state import NodeState

TurnCheck = Callable[[NodeState, Turn, Memo], Complaints]
WorldCheck = Callable[[Nodes, Memo], Complaints]

EACH_TURN: tuple[TurnCheck, ...] = (
    turns.incident_never_moves_backwards,
    turns.what_is_decided_is_recorded,
    turns.honest_parties_understand_each_other,
)
EACH_STEP: tuple[WorldCheck, ...] = (
    whole.receipted_is_kept_by_the_partner,
    whole.cosigned_survives,
    whole.logs_agree_on_their_common_prefix,
    whole.serials_have_no_gap,
    whole.step_of_a_ladder_fires_once,
    whole.time_never_runs_backwards,
    whole.a_line_that_fails_is_shown,
    leaving.nothing_leaves_without_a_verdict,
    hostile.what_is_slipped_in_is_refused_by_its_name,
    hostile.no_partner_fills_the_node,
    proofs.a_proof_fits_who_lied,
)
NOW_AND_THEN: tuple[WorldCheck, ...] = (whole.record_gives_the_same, whole.logs_are_whole)
AT_THE_END: tuple[WorldCheck, ...] = (
    ends.both_sides_are_in_one_generation,
    ends.everything_is_receipted,
    ends.everything_is_closed,
    ends.both_sides_have_closed,
    ends.both_sides_run_the_same_table,
    ends.an_old_backup_is_named,
    ends.a_fork_is_named,
)
AT_THEIR_MOMENT = (
    whole.restart_gives_the_same,
    hostile.an_attack_is_refused_by_its_name,
    hostile.an_answer_is_refused_by_its_name,
    proofs.what_contradicts_is_kept,
)
"""Of one restart, of one attack by a delivery, of one by an answer, of one refused head."""

__all__ = [
    "AT_THEIR_MOMENT",
    "AT_THE_END",
    "EACH_STEP",
    "EACH_TURN",
    "NOW_AND_THEN",
    "Complaints",
    "Memo",
    "Nodes",
    "duty_half",
]
