"""The voice form of what one side does, finds and takes back: VOICE-27 to VOICE-30."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange import exchange_messages as any_message
from tests.exchange.exchange_world import NOW
from tests.exchange.test_exchange_statements import good
from tests.exchange.voice_messages import LATEST, form_of, the_longest, the_notice

from redshank.edges.wording import wording
from redshank.exchange import voice
from redshank.exchange.voice import coarse, statements
from redshank.exchange.voice.layout import MORE_TYPES, TYPES
from redshank.exchange.voice.plain import plain_lines
from redshank.terms import limits
from redshank.terms.ids import DistrictId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    CancelBody,
    CancelWhy,
    CorrectBody,
    EvidenceBody,
    FindBody,
    LostBody,
    MeasureBody,
    Message,
    MessageType,
    NegativeBody,
    OwnObjectBody,
    WarningBody,
)
from redshank.terms.refusal import Reason, Refusal

NEW = tuple(TYPES[10:])
MINUTE_MS = 60_000


def heard(message: Message) -> Any:
    return form_of(message).heard.message.body


def test_voice_27_a_number_is_never_given_again() -> None:
    """The first fifteen take four bits, the later ones four more."""
    names = [kind.value for kind in TYPES]
    assert names[10:] == ["CORRECT", "OWN-OBJECT", "EVIDENCE", "WARNING", "MEASURE", "FIND", "NEGATIVE", "CANCEL"]
    assert MORE_TYPES == 15


@pytest.mark.parametrize("kind", NEW)
def test_voice_27_a_form_of_a_usual_one_takes_a_minute(kind: MessageType) -> None:
    """VOICE-3: as the vectors have it."""
    form = form_of(good(kind), exercise=True)
    assert form.seconds <= 62
    assert len(plain_lines(form.heard, wording("en"))) >= 5


@settings(max_examples=300, deadline=None)
@given(any_message.messages(LATEST, (MessageType.MEASURE, MessageType.NEGATIVE, MessageType.WARNING)))
def test_voice_28_a_span_is_said_in_minutes_and_never_shorter(message: Message) -> None:
    """Rounded outwards, up to the bounds; the area of a NEGATIVE alone is rounded inwards."""
    body, said = message.body, heard(message)
    assert isinstance(body, MeasureBody | NegativeBody | WarningBody)
    assert 0 <= body.from_ms - said.from_ms < MINUTE_MS or said.from_ms < MINUTE_MS
    longest = said.until_ms - said.from_ms == limits.STATED_SPAN_MS
    assert longest or 0 <= said.until_ms - body.until_ms < MINUTE_MS
    if isinstance(body, NegativeBody):
        moved = coarse.moved_m(body.centre)
        assert said.radius_m <= max(0, body.radius_m - moved)
        assert said.radius_m > body.radius_m - moved - 100 or said.radius_m == 0
    if isinstance(body, MeasureBody):
        assert said.radius_m == 1_000_000 or said.radius_m >= body.radius_m + coarse.moved_m(body.centre)


@settings(max_examples=200, deadline=None)
@given(any_message.messages(LATEST, (MessageType.FIND, MessageType.OWN_OBJECT)))
def test_voice_28_a_find_is_said_no_later_and_a_flight_no_shorter(message: Message) -> None:
    body, said = message.body, heard(message)
    if isinstance(body, FindBody):
        late = body.found_ms > said.found_ms + MINUTE_MS
        assert said.found_ms <= body.found_ms or late or said.found_ms < MINUTE_MS
        assert said.accuracy_m == 200_000 or said.accuracy_m >= body.accuracy_m + coarse.moved_m(body.at)
        return
    assert isinstance(body, OwnObjectBody)
    if body.until_ms is not None:
        ends = form_of(message).heard.message.stated_ms + limits.FLIGHT_END_MS
        assert said.until_ms == ends or 0 <= said.until_ms - body.until_ms < 600_000


def test_voice_29_as_many_districts_as_fit_and_the_rest_is_told() -> None:
    usual = good(MessageType.WARNING)
    codes = tuple(DistrictId(f"LT-{number:03d}") for number in range(limits.DISTRICTS_WARNED))
    many = msgspec.structs.replace(usual, body=msgspec.structs.replace(usual.body, districts=codes))
    form = form_of(many)
    said = form.heard.message.body
    assert isinstance(said, WarningBody)
    assert 10 < len(said.districts) < len(codes)
    assert said.districts == codes[: len(said.districts)]
    assert form.heard.unspoken == (f"districts {len(codes) - len(said.districts)}",)


def test_voice_29_a_warning_without_a_code_that_can_be_said_is_still_heard() -> None:
    usual = good(MessageType.WARNING)
    named = (DistrictId("LT-some-place"), DistrictId("LT-some-town"))
    message = msgspec.structs.replace(usual, body=msgspec.structs.replace(usual.body, districts=named))
    form = form_of(message)
    assert form.heard.unspoken == ("districts 2",)
    assert heard(message).districts == (DistrictId(f"LT-{statements.UNSPOKEN_DISTRICT}"),)
    assert form_of(form.heard.message).heard.message == form.heard.message


def test_voice_29_of_a_hash_as_many_digits_as_fit() -> None:
    usual = good(MessageType.EVIDENCE)
    assert isinstance(usual.body, EvidenceBody)
    whole = msgspec.structs.replace(usual.body, bytes=9, find=None)
    bare = msgspec.structs.replace(usual, incident="LT-2026-000012", text=None, body=whole)
    assert heard(bare).sha256 == whole.sha256
    assert form_of(bare).heard.unspoken == ()
    crowded = msgspec.structs.replace(
        usual, observed_ms=Instant(0), body=msgspec.structs.replace(usual.body, bytes=limits.EVIDENCE_ITEM_BYTES - 1)
    )
    form = form_of(crowded)
    assert form.heard.unspoken == ("sha256 32",)
    assert heard(crowded).sha256 == usual.body.sha256[:32] + "0" * 32
    assert form_of(form.heard.message).heard.message == form.heard.message


def test_voice_30_a_cancel_and_what_it_cancels() -> None:
    body = CancelBody(serial=40, generation=2, why=CancelWhy.SUPERSEDED)
    message = the_notice(type=MessageType.CANCEL, body=body, generation=3)
    assert heard(message) == body


@settings(max_examples=300, deadline=None)
@given(any_message.messages(LATEST, (MessageType.CORRECT,)), st.booleans())
def test_voice_30_a_correction_says_its_body_as_if_it_stood_alone(message: Message, exercise: bool) -> None:
    body = message.body
    assert isinstance(body, CorrectBody)
    said = form_of(message, exercise).heard.message.body
    assert isinstance(said, CorrectBody)
    assert (said.serial, said.generation, said.type) == (body.serial, body.generation, body.type)


def test_voice_30_what_is_longer_than_a_form_is_refused_by_name() -> None:
    """Of the year 287,396, in the thousandth log of a million million messages each, about an incident of nobody's."""
    longest = the_longest(MessageType.LOST)
    assert isinstance(longest.body, LostBody)
    body = CorrectBody(serial=longest.serial - 1, generation=997, type=MessageType.LOST, body=longest.body)
    message = msgspec.structs.replace(longest, type=MessageType.CORRECT, body=body, in_reply_to=None, generation=998)
    refused = voice.encode(message, exercise=False)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.TOO_LARGE
    usual = msgspec.structs.replace(message, stated_ms=NOW, year=2026)
    assert not isinstance(voice.encode(usual, exercise=False), Refusal)
