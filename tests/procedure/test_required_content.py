"""What each form asks for beyond what the wire demands: on time but empty counts as incomplete."""

import re
from pathlib import Path

import msgspec
import pytest
from tests.exchange.exchange_statements import least_of_each
from tests.exchange.exchange_world import BY, CHANNEL, CROSSING, DISTRICT, INCIDENT, LT, NOTICE, NOW, OBJECT, YEAR

from redshank.procedure.required import FORMS, When, missing
from redshank.terms.ids import CountryId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    Answer,
    CloseBody,
    Condition,
    CorrectBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    Outcome,
    OwnObjectBody,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
)

K = MessageType
BARE = msgspec.structs.replace(OBJECT, altitude_m=None, course_deg=None, speed_kmh=None)
INTO_BY = msgspec.structs.replace(CROSSING, into=CountryId("BY"), out_of=CountryId("LT"))


def said(kind, body, sender=LT, observed_ms=NOW):
    return Message(
        type=kind, channel=CHANNEL, sender=sender, year=YEAR, serial=0, stated_ms=Instant(NOW), body=body,
        incident=INCIDENT, observed_ms=observed_ms,
    )  # fmt: skip


def closed(outcome, objects):
    return CloseBody(outcome=outcome, objects=objects, first_observed_ms=Instant(1), last_observed_ms=Instant(2))


@pytest.mark.parametrize(
    ("message", "lacks"),
    [
        (said(K.NOTICE, NOTICE, BY), []),
        (said(K.NOTICE, msgspec.structs.replace(NOTICE, districts=()), BY), ["body.districts"]),
        (said(K.NOTICE, msgspec.structs.replace(NOTICE, districts=()), LT), []),  # it does not lead to BY
        (said(K.NOTICE, NoticeBody(phase=Phase.POSSIBLE, object=OBJECT, crossing=INTO_BY)), ["body.districts"]),
        (said(K.NOTICE, NoticeBody(phase=Phase.POSSIBLE, object=OBJECT)), ["body.crossing"]),
        (said(K.UPDATE, NoticeBody(phase=Phase.CROSSED, object=OBJECT)), []),  # there is nothing to forecast any more
        (
            said(K.UPDATE, NoticeBody(phase=Phase.CROSSING, object=BARE, districts=(DISTRICT,)), observed_ms=None),
            [
                "observed_ms", "body.object.altitude_m", "body.object.course_deg", "body.object.speed_kmh",
                "body.crossing",
            ],
        ),
        (said(K.LOST, LostBody(object=OBJECT, search_centre=PointE7(1, 1), search_radius_m=900)), []),
        (
            said(K.LOST, LostBody(object=OBJECT, search_centre=PointE7(1, 1), search_radius_m=0)),
            ["body.search_radius_m"],
        ),
        (said(K.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN)), []),
        (said(K.REPLY, ReplyBody(Answer.NO_INFORMATION)), []),
        (said(K.REPLY, ReplyBody(Answer.CANNOT_SAY)), ["body.answer"]),
        (said(K.ACK, AckBody("duty-officer")), []),
        (said(K.CLOSE, closed(Outcome.CROSSED, 1)), []),
        (said(K.CLOSE, closed(Outcome.NO_FURTHER_INFORMATION, 0)), ["body.outcome", "body.objects"]),
    ],
)  # fmt: skip
def test_what_a_message_lacks(message, lacks) -> None:
    """RPT-2, RPT-3."""
    assert list(missing(message)) == lacks


@pytest.mark.parametrize(
    ("kind", "lacks", "fill"),
    [
        (K.OWN_OBJECT, ["body.until_ms"], {"until_ms": Instant(NOW)}),
        (K.MEASURE, ["body.floor_m", "body.ceiling_m"], {"floor_m": 0, "ceiling_m": 3_000}),
        (K.FIND, ["body.object"], {"object": 1}),
        (K.EVIDENCE, ["body.find"], {"find": 0}),
        (K.NEGATIVE, [], {}),
        (K.WARNING, [], {}),
        (K.CANCEL, [], {}),
    ],
)
def test_what_a_side_does_and_finds_is_asked_for_whole(kind, lacks, fill) -> None:
    """RPT-2: of the least that the wire takes."""
    [least] = [body for of, body in least_of_each(LT, Instant(NOW), OBJECT, 5) if of is kind]
    told = said(kind, least)
    whole = msgspec.structs.replace(told, body=msgspec.structs.replace(least, **fill))
    assert (list(missing(told)), missing(whole)) == (lacks, ())


def test_what_has_landed_has_no_expected_end() -> None:
    """RPT-2."""
    landed = OwnObjectBody(condition=Condition.LANDED, object=OBJECT)
    assert missing(said(K.OWN_OBJECT, landed)) == ()


def test_a_correction_is_asked_for_what_it_corrects() -> None:
    """RPT-2."""
    body = CorrectBody(serial=0, type=K.REPLY, body=ReplyBody(Answer.CANNOT_SAY))
    assert missing(said(K.CORRECT, body)) == ("body.answer",)


def test_altitude_zero_is_an_altitude() -> None:
    """RPT-3: what counts is that something is said, never what."""
    low = msgspec.structs.replace(OBJECT, altitude_m=0, course_deg=0, speed_kmh=0)
    assert missing(said(K.NOTICE, msgspec.structs.replace(NOTICE, object=low))) == ()


def test_each_type_of_message_has_a_row() -> None:
    """RPT-2."""
    assert {kind.value for kind in MessageType} <= set(FORMS)


def test_the_clause_shows_the_table(request) -> None:
    """RPT-2: the table of the clause is that of the code."""
    text = (Path(request.config.rootpath) / "docs" / "spec" / "report.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z-]+)` \| (.*) \|$", text, re.MULTILINE)
    told = {
        kind: [
            (member, When(when or "always"), [part for part in empty.split(" or ") if part])
            for member, when, empty in re.findall(r"`([\w.]+)`(?: \(([a-z-]+)\))?(?:, not ([^;]+))?", asks)
        ]
        for kind, asks in rows
    }
    held = {
        kind: [(one.member, one.when, ["empty" if value == () else str(value) for value in one.empty]) for one in asks]
        for kind, asks in FORMS.items()
        if asks
    }
    assert told == held
