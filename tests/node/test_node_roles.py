"""Which role may give which command, and that a role that may not changes nothing."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.node_pair import BEGIN, BY, CHANNEL, Side

from redshank.node import commands
from redshank.node.commands import Command
from redshank.node.roles import MAY, act_of, barred, role_for
from redshank.terms.ids import DistrictId, IncidentId, TrackId
from redshank.terms.message import (
    Answer,
    CancelWhy,
    Condition,
    Found,
    Hazard,
    Item,
    Means,
    Measure,
    Outcome,
    PointE7,
    Secured,
    WarningLevel,
    Why,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role
from redshank.terms.track import Status

NAME = IncidentId("BY-2026-000001")
HERE, DISTRICT = PointE7(545_000_000, 260_000_000), DistrictId("BY-HR-ashmiany")
SAMPLES: list[Command] = [
    commands.OpenIncident(track=TrackId("BY/1")),
    commands.SendNotice(incident=NAME, channel=CHANNEL),
    commands.Acknowledge(channel=CHANNEL, serial=0),
    commands.SendQuery(incident=NAME, channel=CHANNEL, object=1),
    commands.SendReply(channel=CHANNEL, serial=0, answer=Answer.OURS),
    commands.SendOwnObject(incident=NAME, channel=CHANNEL, condition=Condition.IN_FLIGHT),
    commands.SendMeasure(
        incident=NAME,
        channel=CHANNEL,
        measure=Measure.SEARCH_FLIGHT,
        radius_m=1,
        centre=HERE,
        from_ms=BEGIN,
        until_ms=BEGIN,
    ),
    commands.SendFind(
        incident=NAME,
        channel=CHANNEL,
        what=Found.DEBRIS,
        at=HERE,
        accuracy_m=1,
        found_ms=BEGIN,
        hazard=Hazard.POSSIBLE,
        secured=Secured.NO,
    ),
    commands.SendEvidence(
        incident=NAME, channel=CHANNEL, kind=Item.PHOTOGRAPH, sha256="0" * 64, bytes=1, obtained_ms=BEGIN
    ),
    commands.SendNegative(
        incident=NAME, channel=CHANNEL, radius_m=1, means=Means.RADAR, centre=HERE, from_ms=BEGIN, until_ms=BEGIN
    ),
    commands.SendWarning(
        incident=NAME, channel=CHANNEL, level=WarningLevel.SHELTER, districts=(DISTRICT,), from_ms=BEGIN, until_ms=BEGIN
    ),
    commands.CorrectMessage(channel=CHANNEL, serial=0, by=commands.SendNotice(incident=NAME, channel=CHANNEL)),
    commands.CancelMessage(channel=CHANNEL, serial=0, why=CancelWhy.SENT_IN_ERROR),
    commands.CloseIncident(incident=NAME, channel=CHANNEL, outcome=Outcome.FOUND),
    commands.AgreeClose(incident=NAME, channel=CHANNEL, agrees=True),
    commands.CloseAlone(incident=NAME, channel=CHANNEL),
    commands.IssueWarning(warning="W"),
    commands.SetStatus(track=TrackId("BY/1"), status=Status.UAV),
    commands.TestLine(channel=CHANNEL),
    commands.TakeVoice(channel=CHANNEL, groups="ABCD"),
    commands.NoteReadOut(channel=CHANNEL, serial=0, read_back=True),
    commands.SeeContradiction(channel=CHANNEL, number=0),
    commands.RotateKeys(channel=CHANNEL, why=Why.PLANNED),
    commands.Activate(channel=CHANNEL),
    commands.Suspend(channel=CHANNEL),
    commands.Resume(channel=CHANNEL),
    commands.EndAgreement(channel=CHANNEL),
    commands.ApproveRelease(question=1, sight="0" * 64),
    commands.RefuseRelease(question=1),
    commands.TakeShift(),
    commands.OfferShift(),
    commands.AcceptShift(obligations=()),
]


def test_every_command_is_in_the_table_and_nothing_else():
    """PEO-2."""
    assert set(MAY) == set(get_args(Command)) == {type(one) for one in SAMPLES}
    assert all(MAY.values())


def test_each_role_has_its_own_acts():
    """PEO-1. An observer does nothing; an administrator does nothing of a procedure; nobody approves but who is to."""
    by_role = {role: {act_of(one) for one in SAMPLES if role in MAY[type(one)]} for role in Role}
    assert by_role[Role.OBSERVER] == set()
    assert by_role[Role.ADMINISTRATOR] == {"rotate-keys", "activate", "suspend", "resume", "end"}
    assert by_role[Role.RELEASING_AUTHORITY] == {"approve-release", "refuse-release"}
    assert by_role[Role.DUTY_OFFICER] == {act_of(one) for one in SAMPLES} - {
        "rotate-keys",
        "activate",
        "resume",
        "end",
        "approve-release",
        "refuse-release",
    }


@given(st.sampled_from(SAMPLES), st.sampled_from([*Role, "", "feed", "duty officer"]))
@settings(max_examples=200, deadline=None)
def test_a_role_that_may_not_is_refused_by_name_and_nothing_is_kept(command, role):
    """PEO-2."""
    side = Side(BY)
    before = side.state
    no = side.order(command, role=role)
    if role in MAY[type(command)]:
        assert not (isinstance(no, Refusal) and no.field == "role")
        return
    assert isinstance(no, Refusal)
    assert (no.reason, no.field) == (Reason.NOT_ALLOWED, "role")
    assert act_of(command) in no.detail
    assert min(MAY[type(command)]) in no.detail
    assert side.state is before
    assert list(side.disk.journal()) == []


@given(st.sampled_from(SAMPLES), st.sets(st.sampled_from(Role)))
def test_a_person_acts_in_the_role_that_may(command, roles):
    """PEO-3."""
    found = role_for(command, roles)
    if isinstance(found, Refusal):
        assert not roles & MAY[type(command)]
    else:
        assert found in roles
        assert barred(found, command) is None


def test_the_table_refuses_what_it_does_not_know(monkeypatch):
    """PEO-2. A new command without a line is nobody's."""
    monkeypatch.delitem(MAY, commands.TestLine)
    no = barred(Role.DUTY_OFFICER, commands.TestLine(channel=CHANNEL))
    assert no is not None
    assert "nobody" in no.detail


@pytest.mark.parametrize("role", Role)
def test_an_acknowledgement_names_the_role(role):
    """PEO-4. What a partner reads is a role, and only one that may have read it."""
    allowed = barred(role, commands.Acknowledge(channel=CHANNEL, serial=0)) is None
    assert allowed == (role is Role.DUTY_OFFICER)
