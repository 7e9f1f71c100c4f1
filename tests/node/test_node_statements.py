"""What officers say of their own doing and findings, and what they take back: MSG-27, MSG-28, MSG-29."""

from hashlib import sha256
from typing import Any

import msgspec
import pytest
from tests.node.node_pair import BY, CHANNEL, LT, Side, deliver
from tests.node.test_node_voice import Night

from redshank.console.render import render
from redshank.node.bookmark import bookmark_of, from_bookmark
from redshank.node.commands import (
    Acknowledge,
    CancelMessage,
    CorrectMessage,
    SendEvidence,
    SendFind,
    SendMeasure,
    SendNegative,
    SendNotice,
    SendOwnObject,
    SendQuery,
    SendReply,
    SendWarning,
    Statement,
)
from redshank.node.orders import preview_of
from redshank.picture import received_tracks
from redshank.procedure.incident import Direction, Entry
from redshank.terms.ids import DistrictId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    Answer,
    CancelWhy,
    Condition,
    CorrectBody,
    Found,
    Hazard,
    Item,
    Means,
    Measure,
    NoticeBody,
    OwnObjectBody,
    PointE7,
    Secured,
    WarningLevel,
)
from redshank.terms.refusal import Reason, Refusal

AT_BORDER = PointE7(546_000_000, 258_000_000)
FAR = PointE7(533_000_000, 300_000_000)


@pytest.fixture
def night() -> Night:
    """BY has given notice, and the line works."""
    story = Night()
    story.line_returns()
    return story


def name_of(side: Side) -> IncidentId:
    return side.incidents()[0].id


def written(side: Side) -> list[Statement]:
    """One of each statement, about a place at the border."""
    about: dict[str, Any] = {"incident": name_of(side), "channel": CHANNEL}
    span: dict[str, Any] = {"from_ms": side.now, "until_ms": Instant(side.now + 3_600_000)}
    own = DistrictId("LT-41" if side.party == LT else "BY-HR")
    return [
        SendMeasure(measure=Measure.RESPONSE_FLIGHT, centre=AT_BORDER, radius_m=20_000, **about, **span),
        SendFind(
            what=Found.DEBRIS,
            at=AT_BORDER,
            accuracy_m=50,
            found_ms=side.now,
            hazard=Hazard.POSSIBLE,
            secured=Secured.YES,
            object=1,
            **about,
        ),
        SendEvidence(
            kind=Item.PHOTOGRAPH,
            sha256=sha256(b"photograph").hexdigest(),
            bytes=2_000_000,
            obtained_ms=side.now,
            **about,
        ),
        SendNegative(centre=AT_BORDER, radius_m=5_000, means=Means.GROUND, **about, **span),
        SendWarning(level=WarningLevel.SHELTER, districts=(own,), **about, **span),
    ]


def last_sent(side: Side) -> Entry:
    return side.incidents()[0].messages(CHANNEL, Direction.SENT)[-1]


def got(side: Side, kind: str) -> list[Entry]:
    return [entry for entry in side.got() if entry.type == kind]


def test_msg_27_each_statement_is_said_read_and_survives_a_restart(night: Night) -> None:
    """An ACK by a person is owed for each; the console has them; the bookmark keeps them."""
    for command in written(night.lt):
        night.wait(1)
        assert night.lt.order(command) is None, command
        deliver(night.lt, night.by)
        newest = night.by.got()[-1]
        assert newest.serial == last_sent(night.lt).serial
        assert newest.body == last_sent(night.lt).body
        assert "ack us" in night.by.owes()
        assert night.by.order(Acknowledge(channel=CHANNEL, serial=newest.serial or 0)) is None
    assert [entry.type for entry in night.by.got()] == ["MEASURE", "FIND", "EVIDENCE", "NEGATIVE", "WARNING"]
    deliver(night.by, night.lt)
    render(night.by.state, night.by.now, 1.0)
    held = night.by.state.incidents
    again = from_bookmark(night.by.fresh, bookmark_of(night.by.state))
    assert not isinstance(again, Refusal)
    assert again.incidents == held
    night.by.restart()
    assert night.by.state.incidents == held


def test_msg_29_a_statement_stays_within_the_agreed_strip(night: Night) -> None:
    """Places and districts that the agreement is not about are refused before release is asked."""
    measure, find, _, negative, warning = written(night.lt)
    for command, field in ((measure, "centre"), (find, "at"), (negative, "centre")):
        far = msgspec.structs.replace(command, **{field: FAR})
        refused = night.lt.order(far)
        assert refused is not None
        assert (refused.reason, refused.field) == (Reason.POSITION_NOT_PLAUSIBLE, field)
    wide = night.lt.order(msgspec.structs.replace(measure, radius_m=400_000))
    assert wide is not None
    assert wide.field == "radius_m"
    for district in ("BY-HR", "LT-99", "LT-nowhere"):
        foreign = night.lt.order(msgspec.structs.replace(warning, districts=(DistrictId(district),)))
        assert foreign is not None
        assert foreign.field == "districts"
    assert night.lt.incidents()[0].messages(CHANNEL, Direction.SENT) == []


def test_msg_29_an_own_object_leaves_as_release_lets_its_track_out(night: Night) -> None:
    """Position, height and speed in the grain of the rule; condition and end are the officer's."""
    command = SendOwnObject(
        incident=name_of(night.by),
        channel=CHANNEL,
        condition=Condition.OUT_OF_CONTROL,
        until_ms=Instant(night.by.now + 1_234_567),
    )
    preview = preview_of(night.by.state, command, night.by.now)
    assert not isinstance(preview, Refusal)
    assert (preview.type, preview.rule, preview.released) == ("OWN-OBJECT", "own-objects", True)
    assert night.by.order(command) is None
    deliver(night.by, night.lt)
    [entry] = got(night.lt, "OWN-OBJECT")
    assert isinstance(entry.body, OwnObjectBody)
    assert entry.body.condition is Condition.OUT_OF_CONTROL
    assert (entry.body.until_ms or 0) % 10_000 == 0
    assert msgspec.to_builtins(entry.body) == preview.body
    told = night.lt.incidents()[0].received[BY][1]
    assert told.condition is Condition.OUT_OF_CONTROL
    mine = SendOwnObject(incident=name_of(night.lt), channel=CHANNEL, condition=Condition.LANDED)
    nothing = night.lt.order(mine)
    assert nothing is not None
    assert nothing.reason is Reason.NOT_IN_TABLE


def test_msg_28_a_corrected_notice_stands_beside_what_was_said(night: Night) -> None:
    """Both are in both incidents; the object is as the correction has it; a new ACK is owed as for the NOTICE."""
    notice = night.notice
    assert night.lt.order(Acknowledge(channel=CHANNEL, serial=notice)) is None
    deliver(night.lt, night.by)
    night.wait(5)
    correct = CorrectMessage(channel=CHANNEL, serial=notice, by=SendNotice(incident=name_of(night.by), channel=CHANNEL))
    preview = preview_of(night.by.state, correct, night.by.now)
    assert not isinstance(preview, Refusal)
    assert preview.type == "CORRECT"
    assert preview.body["type"] == "NOTICE"
    assert night.by.order(correct) is None
    assert last_sent(night.by).type == "CORRECT"
    deliver(night.by, night.lt)
    first, correction = got(night.lt, "NOTICE")[0], got(night.lt, "CORRECT")[0]
    assert first.corrected_by == correction.ref
    assert isinstance(first.body, NoticeBody)
    assert isinstance(correction.body, CorrectBody)
    assert "ack us" in night.lt.owes()
    night.lt.restart()
    assert night.lt.incidents()[0].received[BY][1].corrected or len(got(night.lt, "UPDATE")) > 0


def test_msg_28_a_cancelled_notice_feeds_the_picture_no_more(night: Night) -> None:
    """It is still in the incident, marked; nothing of it is in the picture."""
    told = night.by.incidents()[0].messages(CHANNEL, Direction.SENT)
    assert len(received_tracks(night.lt.state.picture)) == 1
    for entry in told:
        cancel = CancelMessage(channel=CHANNEL, serial=entry.serial or 0, why=CancelWhy.WRONG_OBJECT)
        assert night.by.order(cancel) is None
    deliver(night.by, night.lt)
    assert received_tracks(night.lt.state.picture) == ()
    [incident] = night.lt.incidents()
    assert incident.received[BY][1].cancelled
    assert all(entry.cancelled_by for entry in night.lt.got() if entry.type != "CANCEL")
    assert all(entry.body is not None for entry in night.lt.got())
    render(night.lt.state, night.lt.now, 1.0)
    again = night.by.order(CancelMessage(channel=CHANNEL, serial=night.notice, why=CancelWhy.SUPERSEDED))
    assert again is not None
    assert again.reason is Reason.ALREADY_CANCELLED


def test_msg_28_the_reply_to_a_cancelled_query_is_owed_no_more(night: Night) -> None:
    ask = SendQuery(incident=name_of(night.lt), channel=CHANNEL, object=1)
    assert night.lt.order(ask) is None
    query = last_sent(night.lt)
    deliver(night.lt, night.by)
    assert "reply us" in night.by.owes()
    assert "reply partner" in night.lt.owes()
    cancel = CancelMessage(channel=CHANNEL, serial=query.serial or 0, why=CancelWhy.SENT_IN_ERROR)
    assert night.lt.order(cancel) is None
    assert "reply partner" not in night.lt.owes()
    deliver(night.lt, night.by)
    assert "reply us" not in night.by.owes()
    refused = night.by.order(SendReply(channel=CHANNEL, serial=query.serial or 0, answer=Answer.KNOWN))
    assert refused is not None
    assert refused.reason is Reason.NOT_IN_TABLE


def test_msg_28_a_form_is_corrected_by_the_command_that_was_meant(night: Night) -> None:
    assert night.lt.order(SendQuery(incident=name_of(night.lt), channel=CHANNEL, object=2)) is None
    query = last_sent(night.lt).serial or 0
    meant = SendQuery(incident=name_of(night.lt), channel=CHANNEL, object=1)
    other = CorrectMessage(channel=CHANNEL, serial=query, by=written(night.lt)[0])
    refused = night.lt.order(other)
    assert refused is not None
    assert (refused.reason, refused.field) == (Reason.OTHER_TYPE, "by")
    assert night.lt.order(CorrectMessage(channel=CHANNEL, serial=query, by=meant)) is None
    body = last_sent(night.lt).body
    assert isinstance(body, CorrectBody)
    assert body.body == msgspec.structs.replace(body.body, object=1)
    unknown = night.lt.order(CancelMessage(channel=CHANNEL, serial=99, why=CancelWhy.SUPERSEDED))
    assert unknown is not None
    assert unknown.reason is Reason.UNKNOWN_MESSAGE


def test_msg_28_after_a_cancel_nothing_more_can_be_said_of_the_message(night: Night) -> None:
    """Neither here nor by a partner that does so all the same (see the procedure's own tests)."""
    assert night.by.order(CancelMessage(channel=CHANNEL, serial=night.notice, why=CancelWhy.SENT_IN_ERROR)) is None
    deliver(night.by, night.lt)
    by = SendNotice(incident=name_of(night.by), channel=CHANNEL)
    refused = night.by.order(CorrectMessage(channel=CHANNEL, serial=night.notice, by=by))
    assert refused is not None
    assert refused.reason is Reason.ALREADY_CANCELLED
