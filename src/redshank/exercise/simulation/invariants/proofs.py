"""Proofs: what a node keeps of a partner that contradicts itself, held against who has lied in this run.

Here: each new contradiction is turned into its file of evidence, and that is checked as `redshank verify` does, with
the accused party's pinned keys. Not here: how evidence is made and judged (node.contradictions, exchange.evidence).
"""

from redshank.exchange.evidence import EvidenceReport, Kind, check_evidence, encode_evidence
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.session import Session
from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes, honest
from redshank.exercise.simulation.node import Node
from redshank.node.contradictions import evidence_of
from redshank.node.state import Contradiction
from redshank.terms import limits
from redshank.terms.ids import ChannelId

CONVICTING = frozenset({Kind.FORKED, Kind.MISPLACED, Kind.BACK_DATED})
OPEN = frozenset({Kind.SHRUNKEN})
"""Convicts if it was stamped in a later second than the larger head, which an attack may miss."""


def report_on(node: Node, session: Session, one: Contradiction) -> EvidenceReport:
    """What a third party that has the accused party's keys reads in the file that this node would hand it."""
    name = session.theirs.origin
    entries = node.disk.entries(name, 0, one.size) if one.serial is not None else []
    evidence = evidence_of(one, session, EXERCISE_PREFIX, node.disk.heads(name), entries)
    return check_evidence(encode_evidence(evidence), {session.partner: session.partner_keys})


def a_proof_fits_who_lied(nodes: Nodes, memo: Memo) -> Complaints:
    """Every contradiction that a node keeps makes a file that shows what it claims, and accuses the partner. It
    convicts an evil partner of what is not one side's word, and never an honest one: of that one, there is none
    without a garbled delivery or a wrong clock."""
    for node in honest(nodes, memo):
        for channel, kept in node.state.contradictions.items():
            start = memo.proved.get((node.party, channel), 0)
            memo.proved[node.party, channel] = len(kept)
            for one in kept[start:] if node.party not in memo.rolled_back else ():
                session = node.state.generations(channel)[one.generation]
                yield from _judged(one, report_on(node, session, one), session, memo)


def _judged(one: Contradiction, report: EvidenceReport, session: Session, memo: Memo) -> Complaints:
    about = f"{one.kind} of {session.partner} on {session.channel}, kept by {session.me}"
    if report.refusal is not None or report.evidence is None:
        yield f"{about}: the proof shows nothing: {report.refusal}"
    elif report.evidence.accused != session.partner:
        yield f"{about}: the proof accuses {report.evidence.accused}"
    elif session.partner == memo.evil:
        if one.kind not in OPEN and report.convicts != (one.kind in CONVICTING):
            yield f"{about}: convicts is {report.convicts}"
    elif session.partner not in memo.rolled_back:
        if report.convicts:
            yield f"{about}: an honest party is convicted: {report.words}"
        excused = {
            Kind.UNPROVEN: memo.garbled[session.channel] > 0,
            Kind.FUTURE_DATED: memo.apart(session.partner, session.me),
        }
        if not excused.get(one.kind, False):
            yield f"{about}: an honest party is accused: {report.words}"


def what_contradicts_is_kept(node: Node, channel: ChannelId, attack: str, note: bytes) -> Complaints:
    """A head that was refused because its own signer had signed otherwise is kept, once, up to the bound."""
    kept = node.state.contradictions.get(channel, ())
    text = note.rpartition(b"\n\n")[0]
    if len(kept) < limits.CONTRADICTIONS_PER_CHANNEL and not any(one.shown.startswith(text) for one in kept):
        yield f"{attack} was refused by {node.party} on {channel}, and no proof of it is kept"
