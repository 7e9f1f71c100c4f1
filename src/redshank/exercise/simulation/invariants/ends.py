"""Ends: what must hold when nothing fails any more and officers do their duty; and what an officer must be shown of
what can not be mended.

Here: invariants of the end of a run. Not here: what holds all the time (turns, whole).
"""

from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes, honest, lines, sessions_of
from redshank.procedure.table import IncidentPhase
from redshank.terms.ids import partner_on
from redshank.terms.refusal import Reason

BROKEN_LOG = frozenset({Reason.SHRUNKEN, Reason.FORKED, Reason.BAD_PROOF, Reason.WRONG_SIZE, Reason.REPLAYED})
"""By these names a node says that its partner's log, or the partner's memory of its own, is not what it was."""


def everything_is_receipted(nodes: Nodes, memo: Memo) -> Complaints:
    """With good lines, the partner has acknowledged all that was said; an evil one too, now that it behaves."""
    for node in honest(nodes, memo, all_of_them=True):
        for session in sessions_of(node):
            channel = session.channel
            if channel in memo.forked or {node.party, session.partner} & memo.rolled_back:
                continue
            twin = nodes[session.partner].state.session(channel)
            for log in (session.own, twin.own) if session.partner == memo.evil else (session.own,):
                if log.receipted_size != log.size:
                    yield f"{log.key.name}: {log.receipted_size} of {log.size} receipted"


def both_sides_are_in_one_generation(nodes: Nodes, memo: Memo) -> Complaints:
    """With good lines, a change of keys has come to its end on both sides."""
    for node, session, partner in lines(nodes, memo, all_of_them=True):
        mine, theirs = node.state.session(session.channel), partner.state.session(session.channel)
        if mine.generation != theirs.generation or mine.keys != theirs.partner_keys:
            yield f"{session.channel}: {node.party} is in {mine.generation}, {partner.party} in {theirs.generation}"


def everything_is_closed(nodes: Nodes, memo: Memo) -> Complaints:
    """With diligent officers, no incident is open on any honest side."""
    for node in honest(nodes, memo, all_of_them=True):
        for incident in node.state.incidents.open.values():
            states = {channel: thread.state for channel, thread in incident.threads.items()}
            yield f"{node.party}: {incident.id} is {incident.phase}, {states}"


def both_sides_have_closed(nodes: Nodes, memo: Memo) -> Complaints:
    """Every thread that one side holds closed is closed or unknown at the other."""
    for node, session, partner in lines(nodes, memo, all_of_them=True):
        for incident in node.state.incidents.closed.values():
            thread = incident.threads.get(session.channel)
            other = None if thread is None else partner.state.incidents.find(thread.incident)
            twin = None if other is None else other.threads.get(session.channel)
            if twin is not None and twin.phase is not IncidentPhase.CLOSED:
                yield f"{incident.id} is closed on {session.channel} but {twin.state} at {partner.party}"


def both_sides_run_the_same_table(nodes: Nodes, memo: Memo) -> Complaints:
    """Whatever both sides have said or heard under a name, they hold to be of one kind."""
    for node, session, partner in lines(nodes, memo, all_of_them=True):
        for incident in (*node.state.incidents.open.values(), *node.state.incidents.closed.values()):
            thread = incident.threads.get(session.channel)
            other = None if thread is None else partner.state.incidents.find(thread.incident)
            twin = None if other is None else other.threads.get(session.channel)
            if thread is None or twin is None or not (thread.spoken and twin.spoken):
                continue
            if thread.incident == twin.incident and thread.kind is not twin.kind:
                yield f"{thread.incident} is {thread.kind} at {node.party}, {twin.kind} at {partner.party}"


def an_old_backup_is_named(nodes: Nodes, memo: Memo) -> Complaints:
    """Where a node came back with less than it had said or received, both ends show on their line by name that a log is
    broken, once somebody has spoken."""
    for (party, origin), channel in memo.lost.items():
        for node in (nodes[party], nodes[partner_on(channel, party)]):
            line, own = node.state.line(channel), node.state.session(channel).own
            if not BROKEN_LOG & set(line.refusals):
                yield f"{origin} was rolled back at {party}, and {node.party} shows nothing of it on {channel}"
            if own.key.name == origin and own.signed_size > own.receipted_size and line.failing_since is None:
                yield f"{origin} is broken, {node.party} can not deliver it, and its line looks good"


def a_fork_is_named(nodes: Nodes, memo: Memo) -> Complaints:
    """Where an evil partner has got a forged head in first, its victim shows by name that the log is broken."""
    for channel in memo.forked:
        for node in honest(nodes, memo, all_of_them=True):
            if channel in node.state.sessions and not BROKEN_LOG & set(node.state.line(channel).refusals):
                yield f"{channel} is forked, and {node.party} shows nothing of it"
