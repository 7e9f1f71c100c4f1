"""What a line that was down brings when it returns: PROC-25."""

from tests.procedure.procedure_scene import BY, BY_LT, LT, TABLES, at, done, message

from redshank.procedure import record
from redshank.procedure.incident import Incidents
from redshank.procedure.obligation import Owner
from redshank.terms import limits
from redshank.terms.ids import IncidentId
from redshank.terms.message import MessageType as M

NAME = "BY-2026-000001"
BACK_S = 7_200
"""The line was down for two hours."""


def caught_up() -> Incidents:
    """BY has given notice, updated each half hour and asked while the line was down; all of it arrives at once."""
    incidents = Incidents.none(LT)
    said = [(M.NOTICE, 0), (M.UPDATE, 1_800), (M.UPDATE, 3_600), (M.QUERY, 3_700), (M.UPDATE, BACK_S - 5)]
    for serial, (kind, when_s) in enumerate(said):
        told = message(kind, BY, serial, NAME, when=at(when_s))
        incidents = done(record.got(incidents, TABLES, told, at(BACK_S)))
    return incidents


def test_old_updates_are_marked_and_nothing_is_dropped() -> None:
    """PROC-25: in order, each with its age; a NOTICE and a QUERY are never stale."""
    got = [line for line in caught_up().get(IncidentId(NAME)).timeline if line.serial is not None]
    assert [line.serial for line in got] == [0, 1, 2, 3, 4]
    stale = [None, (BACK_S - 1_800) * 1_000, (BACK_S - 3_600) * 1_000, None, None]
    assert [line.stale_ms for line in got] == stale


def test_the_deadlines_of_what_arrives_late_run_from_its_arrival() -> None:
    """PROC-25: nobody is late with an answer to what could not be read before."""
    thread = caught_up().get(IncidentId(NAME)).threads[BY_LT]
    ours = [owed for owed in thread.obligations if owed.open and owed.owner is Owner.US]
    assert {"ack", "reply"} <= {owed.what for owed in ours}
    assert all(owed.due > at(BACK_S) for owed in ours)


def test_an_update_is_stale_beyond_the_limit_only() -> None:
    """PROC-25, on both sides of the limit; our own is never stale."""
    for under_way_ms, stale in ((limits.UPDATE_STALE_MS, None), (limits.UPDATE_STALE_MS + 1, 120_001)):
        incidents = done(record.got(Incidents.none(LT), TABLES, message(M.NOTICE, BY, 0, NAME), at(0)))
        told = message(M.UPDATE, BY, 1, NAME, when=at(0))
        incidents = done(record.got(incidents, TABLES, told, at(under_way_ms / 1_000)))
        assert incidents.get(IncidentId(NAME)).timeline[-1].stale_ms == stale
