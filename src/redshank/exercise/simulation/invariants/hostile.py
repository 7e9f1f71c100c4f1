"""Hostile: what must hold against a partner that runs the product and lies.

Here: each attack is refused by a name of its own, and none fills the node. Not here: the attacks (byzantine); that
honest channels go on is what the other invariants say.
"""

from collections.abc import Collection, Mapping

from redshank.exchange.delivery import BAD_REQUEST, OK, STATUS_OF
from redshank.exercise.simulation.invariants.memo import Complaints, Memo, Nodes, honest
from redshank.node.contradictions import OF_ENTRIES
from redshank.terms import limits
from redshank.terms.ids import parties_of, partner_on
from redshank.terms.refusal import Reason, Refusal

Counts = Mapping[Reason, int]


def an_attack_is_refused_by_its_name(
    attack: str, expects: Collection[Reason], status: int, before: Counts, after: Counts
) -> Complaints:
    """The answer's status is that of one of the expected reasons, and the victim's line counts that reason. What
    changes nothing (`expects` is empty: a message that repeats an old one) may be answered with a receipt."""
    rose = {reason for reason, count in after.items() if count > before.get(reason, 0)}
    if status == OK and not expects:
        return
    named = {reason for reason in rose if STATUS_OF.get(reason, BAD_REQUEST) == status}
    if expects and not named & set(expects):
        yield f"{attack} was answered with {status} and counted as {sorted(rose)}, expected {sorted(expects)}"
    if not named:
        yield f"{attack} was answered with {status}, and the line shows nothing of it"


def an_answer_is_refused_by_its_name(attack: str, expects: Collection[Reason], refusal: Refusal | None) -> Complaints:
    """An answer that is none is refused by one of the expected reasons; the pump hears of it."""
    if refusal is None:
        yield f"{attack} was taken for an answer"
    elif refusal.reason not in expects:
        yield f"{attack} was refused as {refusal.reason}, expected {sorted(expects)}"


def what_is_slipped_in_is_refused_by_its_name(nodes: Nodes, memo: Memo) -> Complaints:
    """An entry that an evil partner put into its log keeps its serial, and its content is refused by its own name."""
    left = []
    for slip in memo.slips:
        if slip.channel in memo.forked:
            continue
        node = nodes[slip.victim]
        if not node.up or node.state.session(slip.channel).theirs.size <= slip.serial:
            left.append(slip)
            continue
        counts = node.state.line(slip.channel).refusals
        before = slip.before if node.life == slip.life else {}  # refused deliveries and answers are not in the record
        rose = {reason for reason, count in counts.items() if count > before.get(reason, 0)}
        sender = partner_on(slip.channel, slip.victim)
        late = {Reason.TIME_NOT_PLAUSIBLE} if memo.apart(sender, slip.victim) else set()
        if not rose & (slip.expects | late):
            yield f"{slip.attack} at {slip.serial} on {slip.channel} counted as {sorted(rose)}"
        kept = node.state.contradictions.get(slip.channel, ())
        proven = slip.expects <= set(OF_ENTRIES) and len(kept) < limits.CONTRADICTIONS_PER_CHANNEL
        if proven and not any(one.serial == slip.serial for one in kept):
            yield f"{slip.attack} at {slip.serial} on {slip.channel} is refused, and no proof of it is kept"
    memo.slips = left


def no_partner_fills_the_node(nodes: Nodes, memo: Memo) -> Complaints:
    """A partner's notices hold no more open incidents than it may have, and it gets no more tracks into the picture."""
    for node in honest(nodes, memo):
        if memo.evil is None or not any(memo.evil in parties_of(channel) for channel in node.state.sessions):
            continue
        prefix = f"{memo.evil}-"
        held = sum(1 for name in node.state.incidents.open if name.startswith(prefix))
        if held > limits.INCIDENTS_PER_PARTNER:
            yield f"{node.party} holds {held} open incidents of {memo.evil}"
        received = sum(1 for shown in node.state.objects if shown.track.observer == memo.evil)
        if received > limits.RECEIVED_TRACKS_PER_PARTNER:
            yield f"{node.party} shows {received} tracks of {memo.evil}"
