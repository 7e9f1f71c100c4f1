"""Robot officers: what a view calls for, after a human delay, once; and they never insist."""

from typing import Any

import msgspec
import pytest

from redshank.console.view import IncidentView, MessageView, ObligationView, ThreadView, View, WarningView
from redshank.exercise.officers import TRIES, Officer
from redshank.exercise.scenario import read_scenarios
from redshank.node.commands import (
    Acknowledge,
    AgreeClose,
    CloseIncident,
    IssueWarning,
    SendNotice,
    SendQuery,
    SendReply,
)
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import MINUTE_MS
from redshank.terms.message import Answer, Outcome

NIGHT = read_scenarios()["lv-2026-05-07"]
NOW = 1_778_100_000_000
OWN, FOREIGN = IncidentId("LV-2026-000001"), IncidentId("BY-2026-000001")
LINE = ChannelId("BY-LV")


def message(kind: str, serial: int = 1, direction: str = "got", **more: object) -> MessageView:
    fields: dict[str, object] = {
        "channel": "BY-LV",
        "direction": direction,
        "serial": serial,
        "type": kind,
        "stated_ms": NOW,
        "incident": FOREIGN,
        "in_reply_to": None,
        "body": {},
        "text": None,
        "rule": None,
        "received_ms": NOW,
        "read_ms": None,
        "answered_ms": None,
    }
    return msgspec.convert(fields | more, MessageView)


def view(
    incident: str = FOREIGN,
    acts: tuple[str, ...] = (),
    messages: tuple[MessageView, ...] = (),
    owed: tuple[str, ...] = (),
    warnings: tuple[WarningView, ...] = (),
    minutes: float = 0,
) -> View:
    obligations = [
        ObligationView(id=what, owner="us", what=what, due_ms=NOW, missed=False, escalation=None) for what in owed
    ]
    thread = ThreadView(
        channel="BY-LV",
        partner="BY",
        state="informed",
        obligations=obligations,
        messages=list(messages),
        acts=list(acts),
    )
    shown = IncidentView(
        id=incident,
        aliases=[],
        phase="open",
        opened_ms=NOW,
        opened_by="notice",
        closed_ms=None,
        outcome=None,
        tracks=["BY-LV/1"],
        obligations=[],
        threads=[thread],
        warnings=list(warnings),
    )
    return View(
        party="LV",
        exercise=True,
        now_ms=NOW + round(minutes * MINUTE_MS),
        clock_rate=20,
        tracks=[],
        forecasts=[],
        incidents=[shown],
        partner_pictures=[],
        lines=[],
        feeds=[],
    )


def first_acts(officer: Officer, **what: Any) -> list[object]:
    """What the officer does within ten minutes that it was not asked before."""
    return [act.command for minute in range(6) for act in officer.due(view(minutes=minute, **what))]


@pytest.fixture
def officer() -> Officer:
    return Officer(NIGHT, "LV")


def test_a_notice_is_acknowledged_after_a_human_delay(officer):
    what: Any = {"acts": ("ack",), "messages": (message("NOTICE"),)}
    assert officer.due(view(**what)) == []
    acts = officer.due(view(minutes=5, **what))
    assert [act.command for act in acts] == [Acknowledge(channel=LINE, serial=1, generation=0)]


def test_what_is_done_is_not_done_again(officer):
    what: Any = {"acts": ("ack",), "messages": (message("NOTICE"),)}
    officer.due(view(**what))
    (act,) = officer.due(view(minutes=5, **what))
    officer.done(act.key)
    assert officer.due(view(minutes=9, **what)) == []


def test_a_refused_act_is_given_up_in_the_end(officer):
    what: Any = {"acts": ("ack",), "messages": (message("NOTICE"),)}
    tried = [act for minute in range(60) for act in officer.due(view(minutes=minute, **what))]
    assert len(tried) == TRIES


def test_updates_are_not_acknowledged_and_read_ones_neither(officer):
    read = (message("UPDATE", 1), message("NOTICE", 2, read_ms=NOW), message("NOTICE", 3, direction="sent"))
    assert first_acts(officer, acts=("ack",), messages=read) == []


def test_a_query_is_answered_with_what_is_known(officer):
    done = first_acts(officer, acts=("reply",), messages=(message("QUERY", 4),))
    assert done[0] == SendReply(channel=LINE, serial=4, generation=0, answer=Answer.NO_INFORMATION)


def test_an_owed_notice_is_sent(officer):
    assert SendNotice(incident=OWN, channel=LINE) in first_acts(
        officer, incident=OWN, acts=("notice",), owed=("notice",)
    )
    assert first_acts(Officer(NIGHT, "LV"), incident=OWN, acts=("notice",)) == []


def test_warnings_are_issued_by_a_person(officer):
    proposal = WarningView(
        id="W1",
        incident=FOREIGN,
        district="LV-REZ",
        district_name="Rēzekne",
        level="shelter",
        proposed_ms=NOW,
        impact_p50_ms=None,
        issued_ms=None,
        ended_ms=None,
        languages=["lv"],
    )
    assert first_acts(officer, warnings=(proposal,))[0] == IssueWarning(warning="W1")
    issued = msgspec.structs.replace(proposal, issued_ms=NOW)
    assert first_acts(Officer(NIGHT, "LV"), warnings=(issued,)) == []


def test_who_opened_closes_when_it_has_been_quiet_for_long(officer):
    what: Any = {
        "incident": OWN,
        "acts": ("close",),
        "messages": (message("NOTICE", direction="sent", body={"phase": "crossed"}),),
    }
    assert first_acts(officer, **what) == []
    assert officer.due(view(minutes=11, **what)) == []
    (act,) = officer.due(view(minutes=20, **what))
    assert act.command == CloseIncident(incident=OWN, channel=LINE, outcome=Outcome.CROSSED)


def test_the_partners_close_is_agreed_to(officer):
    assert AgreeClose(incident=FOREIGN, channel=LINE, agrees=True) in first_acts(officer, acts=("agree-close",))


def test_queries_are_asked_now_and_then_and_once():
    asked = 0
    for number in range(100):
        name = IncidentId(f"BY-2026-{number:06d}")
        commands = first_acts(Officer(NIGHT, "LV"), incident=name, acts=("query",))
        asked += SendQuery(incident=name, channel=LINE, object=1) in commands
    assert 30 <= asked <= 70  # asks_share of this night is a half
    own = first_acts(Officer(NIGHT, "LV"), incident=OWN, acts=("query",))
    assert own == []


def test_the_same_seed_gives_the_same_delays():
    what: Any = {"acts": ("ack",), "messages": (message("NOTICE"),)}

    def first_minute(officer: Officer) -> float:
        return next(step for step in range(100) if officer.due(view(minutes=step / 10, **what)))

    assert first_minute(Officer(NIGHT, "LV")) == first_minute(Officer(NIGHT, "LV"))
    delays = {first_minute(Officer(msgspec.structs.replace(NIGHT, seed=seed), "LV")) for seed in range(10)}
    assert len(delays) > 3


def test_who_spoke_first_on_a_channel_closes_there_whoever_opened_the_incident(officer):
    handed_on = (message("NOTICE", direction="sent"),)
    what: Any = {"incident": FOREIGN, "acts": ("close",), "messages": handed_on}
    assert officer.due(view(**what)) == []
    assert officer.due(view(minutes=11, **what)) == []
    assert [type(act.command) for act in officer.due(view(minutes=20, **what))] == [CloseIncident]
