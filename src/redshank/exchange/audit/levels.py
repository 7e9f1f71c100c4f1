"""Levels: how far each message came (REC-7), and replies to what is not there (REC-10, REC-20)."""

from collections.abc import Iterator
from heapq import merge

from redshank.exchange.audit.agreed import outside, own_spans, partner_spans
from redshank.exchange.audit.columns import NONE
from redshank.exchange.audit.cosigned import FirstStatements, received_at
from redshank.exchange.audit.desk import Desk
from redshank.exchange.audit.proven_log import ProvenLog
from redshank.exchange.audit.report import Line
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms.refusal import Reason


def check_replies(desk: Desk, log: ProvenLog, partner: ProvenLog) -> None:
    """Replies of one log to messages that the other log does not hold. Where the partner has no log, they are to what
    it said by voice, and nobody can say whether it did."""
    if partner.keyless:
        return
    party, end = log.direction.party, partner.direction.size
    for serial, target in enumerate(log.columns.replies_to):
        if target >= end:
            detail = f"replies to serial {target}; the partner's log ends at {end}"
            desk.fault(f"{party}/entry {serial}", Reason.UNKNOWN_MESSAGE, "in_reply_to", detail)


def lines_of(policy: WitnessPolicy, one: ProvenLog, other: ProvenLog) -> Iterator[Line]:
    """Both logs merged by time of statement, each in the order of its own index. Reads the entries again."""
    both = merge(_timed(policy, one, other), _timed(policy, other, one), key=lambda pair: pair[0])
    return (line for _, line in both)


def _timed(policy: WitnessPolicy, log: ProvenLog, partner: ProvenLog) -> Iterator[tuple[int, Line]]:
    """The lines of one log, each with its time of statement; an entry that is no message has that of the one before.

    `merge` keeps each log's own order, whatever its clock does.
    """
    acks, answers = partner.columns.first_replies(log.direction.size)
    first, latest = FirstStatements(log.witnessed), 0
    own, theirs = own_spans(log.columns.acts, log.contents.generation), partner_spans(partner.columns.acts)
    for serial, content in enumerate(log.contents):
        stated_ms = log.columns.stated_ms[serial]
        latest = latest if stated_ms == NONE else stated_ms
        witnessed_by = first.of(serial)
        yield (
            latest,
            Line(
                sender=log.direction.party,
                serial=serial,
                content=content,
                witnessed_by=witnessed_by,
                witnessed_at_s=policy.kth([at_s for _, at_s in witnessed_by], largest=False),
                received_at_s=received_at(log.receipts, serial),
                read_by=None if acks[serial] == NONE else acks[serial],
                answered_by=None if answers[serial] == NONE else answers[serial],
                outside=outside(own, theirs, serial, content),
                to_voice=partner.keyless and log.columns.replies_to[serial] != NONE,
            ),
        )
