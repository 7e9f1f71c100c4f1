"""The whole: what must hold over all disks and states after each step, as far as the step touched them.

Here: invariants over nodes and their partners. Not here: single turns (turns), the end of a run (ends).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from redshank.edges.recovery import RecoveryFailed, recover
from redshank.exercise.simulation.disk import Disk
from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes, honest, lines, sessions_of
from redshank.exercise.simulation.invariants.turns import duty_half
from redshank.exercise.simulation.node import Node
from redshank.exercise.simulation.scenes import fresh_state
from redshank.node.effects import NoteKind
from redshank.node.events import DeadlinePassed, decode_event
from redshank.node.state import NodeState
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken


def receipted_is_kept_by_the_partner(nodes: Nodes, memo: Memo) -> Complaints:
    """Every entry under a receipt that a node holds is in the partner's durable copy, byte for byte, and the partner's
    own books have the receipt."""
    for node, session, partner in lines(nodes, memo):
        origin, size = session.own.key.name, session.own.receipted_size
        start = memo.receipted.get(origin, 0)
        if partner.disk.size(origin) < size:
            yield f"{origin}: receipted {size}, {partner.party} keeps {partner.disk.size(origin)}"
        elif start < size:
            if node.disk.entries(origin, start, size) != partner.disk.entries(origin, start, size):
                yield f"{origin}: an entry below {size} differs from the receipted one"
            if partner.disk.note(origin, NoteKind.RECEIPT, size) is None:
                yield f"{origin}: {partner.party} gave a receipt for {size} and has not kept it"
            memo.receipted[origin] = size


def cosigned_survives(nodes: Nodes, memo: Memo) -> Complaints:
    """What a node has once cosigned is on its disk, through any crash."""
    for party in sorted(memo.touched):
        node = nodes[party]  # up or down: what counts is the disk
        for origin, size in node.promised.items() if memo.is_sound(party) else ():
            if node.disk.size(origin) < size:
                yield f"{node.party} cosigned {size} of {origin} and keeps {node.disk.size(origin)}"


def logs_agree_on_their_common_prefix(nodes: Nodes, memo: Memo) -> Complaints:
    """The partner's copy of a log is a prefix of the log itself, both as the disks have them."""
    for node, session, partner in lines(nodes, memo):
        origin = session.own.key.name
        start, size = memo.agreed.get((origin, node.party), 0), partner.disk.size(origin)
        if node.disk.size(origin) < size:
            yield f"{origin}: {partner.party} has {size}, its owner {node.disk.size(origin)}"
        elif start < size:
            if node.disk.entries(origin, start, size) != partner.disk.entries(origin, start, size):
                yield f"{origin}: two contents below {size}"
            memo.agreed[origin, node.party] = size


def serials_have_no_gap(nodes: Nodes, memo: Memo) -> Complaints:
    """Indexes on disk are 0, 1, 2, ... and its sessions count the same."""
    for node in honest(nodes, memo):
        for session in sessions_of(node):
            own, theirs = session.own, session.theirs
            for name, size in ((own.key.name, own.size), (theirs.origin, theirs.size)):
                if not node.disk.count(name) == node.disk.size(name) == size:
                    kept = f"{node.disk.count(name)} kept, up to {node.disk.size(name)}"
                    yield f"{name} at {node.party}: {kept}, held {size}"


def step_of_a_ladder_fires_once(nodes: Nodes, memo: Memo) -> Complaints:
    """The record holds each step of each obligation once, and in order."""
    for node in honest(nodes, memo):
        start = memo.read.get(node.party, 0)
        memo.read[node.party] = node.disk.events()
        for data in node.disk.events_from(start):
            event = decode_event(data)
            if isinstance(event, DeadlinePassed):
                key = (node.party, event.obligation)
                if event.level != memo.levels.get(key, 0) + 1:
                    yield f"{event.obligation}: step {event.level} after {memo.levels.get(key, 0)}"
                memo.levels[key] = event.level


def time_never_runs_backwards(nodes: Nodes, memo: Memo) -> Complaints:
    """What a node records later it has decided later, whatever its machine's clock did, and over any restart."""
    for node in honest(nodes, memo):
        start, last = memo.dated.get(node.party, (0, 0))
        for at, _ in node.disk.journal(start):
            if at < last:
                yield f"{node.party} recorded something {last - at} ms before what it had recorded already"
            last = at
        memo.dated[node.party] = (node.disk.events(), last)


def a_line_that_fails_is_shown(nodes: Nodes, memo: Memo) -> Complaints:
    """While deliveries on a channel find nobody, or get no answer, its line shows since when, whatever is heard."""
    for node in honest(nodes, memo):
        for channel, pump in node.pumps.items():
            if pump.failed_in_a_row and not node.queue and node.state.line(channel).failing_since is None:
                yield f"{pump.failed_in_a_row} deliveries of {node.party} on {channel} failed, and its line looks good"


# --- dear ones --------------------------------------------------------------------------------------------------------


class _NewerEvents:
    """A disk of which the first events have been replayed already."""

    def __init__(self, disk: Disk, start: int) -> None:
        self.entries, self.size = disk.entries, disk.size
        self._disk, self._start = disk, start

    def bookmark(self) -> None:
        """None: these are replayed, so that a bookmark that says something else is found."""

    def journal(self, after: int = 0) -> Iterator[tuple[Instant, bytes]]:
        """The events from there on."""
        return self._disk.journal(self._start + after)


def record_gives_the_same(nodes: Nodes, memo: Memo) -> Complaints:
    """Replaying a copy of the record gives the duty half that the node holds. What was replayed at an earlier check is
    not replayed again; a restart replays everything."""
    for node in honest(nodes, memo, all_of_them=True):
        keys = {party: other.keys for party, other in nodes.items()}
        begun = fresh_state(node.party, keys)
        shadow, start = memo.shadows.get(node.party) or (replace(begun, charter=node.begun.charter), 0)
        try:
            shadow = recover(shadow, _NewerEvents(node.disk, start))
        except (RecoveryFailed, InvariantBroken) as error:
            yield f"{node.party}: the record can not be replayed: {error}"
            continue
        memo.shadows[node.party] = (shadow, node.disk.events())
        if duty_half(shadow) != duty_half(node.state):
            yield f"{node.party}: the record does not give what the node holds"


def logs_are_whole(nodes: Nodes, memo: Memo) -> Complaints:
    """All that was compared as it came is compared again from the beginning."""
    anew = Memo(evil=memo.evil, rolled_back=memo.rolled_back, touched=set(nodes))
    yield from receipted_is_kept_by_the_partner(nodes, anew)
    yield from logs_agree_on_their_common_prefix(nodes, anew)


def restart_gives_the_same(node: Node, kept: NodeState) -> Complaints:
    """After a restart the duty half is the one of the last commit, whether the node had heard of that commit or not."""
    agreed, people = ("lives", "texts", "waiting"), ("held", "next question", "shift")
    names = ("incidents", "sessions", "earlier", "alerts", "contradictions", *agreed, *people)
    pairs = zip(names, duty_half(kept), duty_half(node.state), strict=True)
    yield from (f"{node.party}: {name} differ after a restart" for name, was, now in pairs if was != now)


def log_was_rolled_back(node: Node, backup: Disk, nodes: Nodes, memo: Memo) -> None:
    """Takes note of what an old backup takes away that the partner holds, or has a receipt for. From now on less is
    asked of the node, and that all the more."""
    party = node.party
    memo.rolled_back.add(party)
    memo.shadows.pop(party, None)
    memo.read[party] = 0
    memo.levels = {key: level for key, level in memo.levels.items() if key[0] != party}
    memo.dated[party] = (backup.events(), 0)
    for session in node.state.sessions.values():
        partner = nodes[session.partner]
        own, theirs = session.own.key.name, partner.state.session(session.channel).own
        if backup.size(own) < partner.disk.size(own):
            memo.lost[party, own] = session.channel
        if backup.size(theirs.key.name) < theirs.receipted_size:
            memo.lost[party, theirs.key.name] = session.channel
        memo.audited[session.own.key.name] = backup.size(session.own.key.name)
