"""What one side says of its own doing and findings, and of its own earlier messages: MSG-22 to MSG-26."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import pytest

from redshank.exchange.bounds import check_message
from redshank.exchange.envelope import Place, parse_entry, write_entry
from redshank.terms import limits
from redshank.terms.ids import ChannelId, DistrictId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    NOT_CORRECTABLE,
    CancelBody,
    CancelWhy,
    CorrectBody,
    EvidenceBody,
    FindBody,
    MeasureBody,
    Message,
    MessageType,
    OwnObjectBody,
    WarningBody,
)
from redshank.terms.message import TestBody as LineTest
from redshank.terms.refusal import Reason, Refusal

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "messages" / "entries.json").read_text(encoding="utf-8")
)
CHANNEL, LT = ChannelId("BY-LT"), PartyId("LT")
MINUTE_MS = 60_000


def good(kind: MessageType) -> Message:
    """The vector of a type."""
    case = next(case for case in VECTORS["good"] if case["name"] == kind.value)
    found = parse_entry(b64decode(case["entry"]), Place(CHANNEL, LT, 2026, case["serial"]), None)
    assert isinstance(found, Message)
    return found


def told(message: Message, **body: Any) -> tuple[Reason, str] | None:
    """Reason and field of the refusal of a message with these members of its body."""
    changed = msgspec.structs.replace(message, body=msgspec.structs.replace(message.body, **body))
    bad = check_message(changed, None)
    return None if bad is None else (bad.reason, bad.field)


@pytest.mark.parametrize("kind", [MessageType.MEASURE, MessageType.NEGATIVE, MessageType.WARNING])
def test_msg_22_a_stretch_begins_within_a_month_and_lasts_no_longer(kind: MessageType) -> None:
    """STATED_SPAN_MS, both sides."""
    message, span = good(kind), limits.STATED_SPAN_MS
    late = (Reason.TIME_NOT_PLAUSIBLE, "from_ms")
    for begin, bad in ((span, None), (span + 1, late), (-span, None), (-span - 1, late)):
        at = Instant(message.stated_ms + begin)
        assert told(message, from_ms=at, until_ms=at) == bad
    begin = message.stated_ms
    assert told(message, from_ms=begin, until_ms=Instant(begin + span)) is None
    long = told(message, from_ms=begin, until_ms=Instant(begin + span + 1))
    assert long == (Reason.TIME_NOT_PLAUSIBLE, "until_ms")
    assert told(message, from_ms=begin, until_ms=Instant(begin - 1)) == (Reason.BAD_TIME, "until_ms")


def test_msg_22_a_flight_ends_after_it_was_told_and_within_a_week() -> None:
    """FLIGHT_END_MS, both sides."""
    message = good(MessageType.OWN_OBJECT)
    assert isinstance(message.body, OwnObjectBody)
    stated = message.stated_ms
    assert told(message, until_ms=None) is None
    assert told(message, until_ms=stated) is None
    assert told(message, until_ms=Instant(stated - 1)) == (Reason.BAD_TIME, "until_ms")
    assert told(message, until_ms=Instant(stated + limits.FLIGHT_END_MS)) is None
    far = told(message, until_ms=Instant(stated + limits.FLIGHT_END_MS + 1))
    assert far == (Reason.TIME_NOT_PLAUSIBLE, "until_ms")


@pytest.mark.parametrize(
    ("kind", "field"), [(MessageType.FIND, "found_ms"), (MessageType.EVIDENCE, "obtained_ms")], ids=["find", "evidence"]
)
def test_msg_22_what_was_found_was_found_within_a_year_before(kind: MessageType, field: str) -> None:
    """STATED_PAST_MS, both sides."""
    message = good(kind)
    past, ahead = limits.STATED_PAST_MS, limits.MESSAGE_AHEAD_MS
    for shift, fits in ((-past, True), (-past - 1, False), (ahead, True), (ahead + 1, False)):
        bad = told(message, **{field: Instant(message.stated_ms + shift)})
        assert bad == (None if fits else (Reason.TIME_NOT_PLAUSIBLE, field))


def test_msg_23_numbers_of_a_measure() -> None:
    message = good(MessageType.MEASURE)
    assert isinstance(message.body, MeasureBody)
    assert told(message, radius_m=1_000_000) is None
    assert told(message, radius_m=1_000_001) == (Reason.VALUE_NOT_PLAUSIBLE, "radius_m")
    assert told(message, floor_m=-500, ceiling_m=30_000) is None
    assert told(message, floor_m=-501) == (Reason.VALUE_NOT_PLAUSIBLE, "floor_m")
    assert told(message, ceiling_m=30_001) == (Reason.VALUE_NOT_PLAUSIBLE, "ceiling_m")
    assert told(message, floor_m=900, ceiling_m=900) is None
    assert told(message, floor_m=901, ceiling_m=900) == (Reason.VALUE_NOT_PLAUSIBLE, "floor_m")


def test_msg_23_numbers_of_a_find() -> None:
    message = good(MessageType.FIND)
    assert isinstance(message.body, FindBody)
    assert told(message, accuracy_m=200_000, object=999_999) is None
    assert told(message, accuracy_m=200_001) == (Reason.VALUE_NOT_PLAUSIBLE, "accuracy_m")
    assert told(message, object=1_000_000) == (Reason.VALUE_NOT_PLAUSIBLE, "object")


def test_msg_24_a_warning_names_districts_of_its_sender() -> None:
    """DISTRICTS_WARNED, both sides; own ones alone, each once and in order."""
    message = good(MessageType.WARNING)
    assert isinstance(message.body, WarningBody)
    codes = [DistrictId(f"LT-{number:02d}") for number in range(limits.DISTRICTS_WARNED + 1)]
    assert told(message, districts=tuple(codes[:-1])) is None
    assert told(message, districts=tuple(codes)) == (Reason.TOO_LARGE, "districts")
    assert told(message, districts=()) == (Reason.TOO_LARGE, "districts")
    assert told(message, districts=(codes[1], codes[0])) == (Reason.NOT_CANONICAL, "districts")
    assert told(message, districts=(codes[0], codes[0])) == (Reason.NOT_CANONICAL, "districts")
    for foreign in ("BY-HM", "LTX-1", "LT"):
        assert told(message, districts=(DistrictId(foreign),)) == (Reason.VALUE_NOT_PLAUSIBLE, "districts")
    assert told(message, districts=(DistrictId("LT-Žemė"),)) == (Reason.VALUE_NOT_PLAUSIBLE, "districts")


def test_msg_25_an_item_is_offered_by_its_hash() -> None:
    """EVIDENCE_ITEM_BYTES, both sides; and the find that it belongs to is an earlier message."""
    message = good(MessageType.EVIDENCE)
    assert isinstance(message.body, EvidenceBody)
    assert told(message, bytes=limits.EVIDENCE_ITEM_BYTES - 1) is None
    assert told(message, bytes=limits.EVIDENCE_ITEM_BYTES) == (Reason.VALUE_NOT_PLAUSIBLE, "bytes")
    for bad in ("A" * 64, "a" * 63, "a" * 65, "g" * 64):
        assert told(message, sha256=bad) == (Reason.VALUE_NOT_PLAUSIBLE, "sha256")
    assert told(message, find=message.serial - 1) is None
    assert told(message, find=message.serial) == (Reason.VALUE_NOT_PLAUSIBLE, "find")
    assert told(message, find=None, generation=0) == (Reason.VALUE_NOT_PLAUSIBLE, "generation")
    later = msgspec.structs.replace(message, generation=3)
    assert told(later, find=limits.LOG_ENTRIES - 1, generation=2) is None
    assert told(later, find=limits.LOG_ENTRIES, generation=2) == (Reason.VALUE_NOT_PLAUSIBLE, "find")
    assert told(later, find=0, generation=3) == (Reason.VALUE_NOT_PLAUSIBLE, "generation")


@pytest.mark.parametrize("kind", [MessageType.CORRECT, MessageType.CANCEL])
def test_msg_26_names_an_earlier_message_of_the_own_log(kind: MessageType) -> None:
    message = good(kind)
    assert told(message, serial=message.serial - 1) is None
    for serial in (message.serial, message.serial + 1, -1):
        assert told(message, serial=serial) == (Reason.VALUE_NOT_PLAUSIBLE, "serial")
    later = msgspec.structs.replace(message, generation=1)
    assert told(later, serial=message.serial + 5, generation=0) is None
    assert told(later, serial=0, generation=1) == (Reason.VALUE_NOT_PLAUSIBLE, "generation")


@pytest.mark.parametrize("kind", sorted(NOT_CORRECTABLE))
def test_msg_26_the_line_the_log_and_corrections_stand_as_they_are(kind: MessageType) -> None:
    message = good(MessageType.CORRECT)
    wrong = CorrectBody(serial=1, type=kind, body=LineTest(1))
    refused = write_entry(msgspec.structs.replace(message, body=wrong))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_CORRECTABLE


@pytest.mark.parametrize("kind", sorted(set(MessageType) - NOT_CORRECTABLE))
def test_msg_26_every_other_type_is_corrected_by_a_whole_body_of_it(kind: MessageType) -> None:
    """And that body is held to the same bounds as if it had been said alone."""
    message, inner = good(MessageType.CORRECT), good(kind)
    entry = write_entry(
        msgspec.structs.replace(
            message, serial=40, stated_ms=inner.stated_ms, body=CorrectBody(serial=1, type=kind, body=inner.body)
        )
    )
    assert isinstance(entry, bytes)
    again = parse_entry(entry, Place(CHANNEL, LT, 2026, 40), None)
    assert isinstance(again, Message)
    assert again.body == CorrectBody(serial=1, type=kind, body=inner.body)


def test_msg_26_a_corrected_body_is_bounded_as_any() -> None:
    message = good(MessageType.CORRECT)
    warned = good(MessageType.WARNING).body
    assert isinstance(warned, WarningBody)
    ours = CorrectBody(serial=15, type=MessageType.WARNING, body=warned)
    assert check_message(msgspec.structs.replace(message, body=ours), None) is None
    foreign = msgspec.structs.replace(warned, districts=(DistrictId("BY-HM"),))
    bad = check_message(msgspec.structs.replace(message, body=msgspec.structs.replace(ours, body=foreign)), None)
    assert bad is not None
    assert bad.field == "districts"


def test_a_cancel_says_why_and_nothing_of_fault() -> None:
    """MSG-7: four reasons."""
    assert [why.value for why in CancelWhy] == ["sent-in-error", "wrong-object", "wrong-partner", "superseded"]
    assert isinstance(good(MessageType.CANCEL).body, CancelBody)
