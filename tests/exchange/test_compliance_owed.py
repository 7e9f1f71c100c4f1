"""The report beside what `redshank verify --owed` tells: two readings of the same two logs, held against one another.

They differ in three things, all of them on purpose. One ACK that is awaited for many messages is one obligation there,
about the oldest, and a line for each message here (RPT-6). The second of a receipt counts to its end here (RPT-7). And
a message that was cancelled in time stands here as `cancelled`, while there its ACK stays owed, with the CANCEL's own.
"""

from bisect import bisect_right

from tests.exchange.compliance_logs import Talk, owes, report
from tests.exchange.exchange_world import BY, CHANNEL, LT, YEAR
from tests.procedure.procedure_scene import TABLES

from redshank.exchange.compliance.figures import Standing as Here
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.owed import Said, kept_in
from redshank.exchange.owed import Standing as There
from redshank.procedure.kinds import IncidentKind
from redshank.terms.ids import IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import Message, MessageType, Phase

SAME = {
    There.MET: Here.IN_TIME,
    There.LATE: Here.LATE,
    There.MISSED: Here.NEVER,
    There.RELEASED: Here.RELEASED,
    There.OPEN: Here.OPEN,
}
MET, LATE, NEVER, CROSSING, RELEASED, MANY, CORRECTED, UPDATED, OPEN, CANCELLED = (
    IncidentId(f"LT-2026-00010{number}") for number in range(10)
)


def asked(talk, at_s, word, *given, **more):
    """LT says something, and BY has it a second later."""
    getattr(talk, word)(LT, at_s, *given, **more)
    talk.receipt(LT, at_s + 1)


def scene():
    """One incident for each end that an ACK can have. Serials of LT's log in the remarks."""
    talk = Talk()
    asked(talk, 0, "notice", incident=MET)  # 0
    asked(talk, 10, "notice", incident=LATE)  # 1
    asked(talk, 20, "notice", incident=NEVER)  # 2
    asked(talk, 30, "notice", incident=CROSSING, phase=Phase.CROSSING)  # 3
    asked(talk, 40, "notice", incident=RELEASED)  # 4
    asked(talk, 50, "notice", incident=MANY)  # 5
    asked(talk, 60, "correct", 5, incident=MANY)  # 6
    asked(talk, 70, "notice", incident=CORRECTED)  # 7
    talk.ack(BY, 80, 0, MET)
    talk.ack(BY, 90, 6, MANY)
    talk.ack(BY, 91, 7, CORRECTED)
    talk.ack(BY, 100, 3, CROSSING)  # 69 s of its 60
    asked(talk, 101, "correct", 7, incident=CORRECTED)  # 8
    asked(talk, 110, "close", incident=RELEASED)  # 9
    talk.agree(BY, 112, 9, incident=RELEASED)
    asked(talk, 120, "notice", incident=UPDATED)  # 10
    talk.ack(BY, 125, 10, UPDATED)
    asked(talk, 130, "notice", incident=UPDATED, kind=MessageType.UPDATE)  # 11
    asked(talk, 135, "correct", 11, MessageType.UPDATE, incident=UPDATED)  # 12: an UPDATE is owed no ACK, nor is this
    talk.ack(BY, 341, 1, LATE)  # 210 s too late
    asked(talk, 400, "notice", incident=CANCELLED)  # 13
    asked(talk, 410, "cancel", 13, incident=CANCELLED)  # 14
    asked(talk, 2_000, "notice", incident=OPEN)  # 15
    talk.test(LT, 2_010)
    talk.test(BY, 2_010)
    return talk


def said_in(talk):
    for sender, entries in talk.entries.items():
        stamps = talk.receipts[sender]
        for serial, entry in enumerate(entries):
            message = parse_entry(entry, Place(CHANNEL, sender, YEAR, serial), None)
            assert isinstance(message, Message)
            place = bisect_right(stamps, serial, key=lambda stamp: stamp[0])
            yield Said(message, Instant(stamps[place][1] * SECOND_MS) if place < len(stamps) else None)


def test_report_and_verifier_agree_on_each_ack():
    """RPT-6, RPT-7, PROC-40."""
    talk = scene()
    kinds = IncidentKind.NOTICE, IncidentKind.CROSSING
    here = {
        line.asked[1]: line.standing for kind in kinds for line in owes(report(talk.copies()), BY, "ack", kind).lines
    }
    kept = [one for one in kept_in(said_in(talk), TABLES, CHANNEL) if (one.party, one.what) == (BY, "ack")]
    there = {one.about.serial: one.standing for one in kept if one.about is not None}
    assert here == {
        0: Here.IN_TIME, 1: Here.LATE, 2: Here.NEVER, 3: Here.LATE, 4: Here.RELEASED, 5: Here.IN_TIME,
        6: Here.IN_TIME, 7: Here.IN_TIME, 8: Here.NEVER, 10: Here.IN_TIME, 13: Here.CANCELLED, 14: Here.NEVER,
        15: Here.OPEN,
    }  # fmt: skip
    # One ACK for the NOTICE and its CORRECT or CANCEL: 6 has no line of its own there, nor has 14.
    assert there.keys() == here.keys() - {6, 14}
    assert there[13] is There.MISSED
    assert {serial: SAME[standing] for serial, standing in there.items() if serial != 13} == {
        serial: standing for serial, standing in here.items() if serial not in (6, 13, 14)
    }
