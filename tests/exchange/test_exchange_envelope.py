"""The bytes of a message: MSG-1 to MSG-17."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_messages import messages

from redshank.exchange import bounds
from redshank.exchange.envelope import Place, encode_message, parse_entry, write_entry
from redshank.terms import limits
from redshank.terms.ids import BorderId, ChannelId, CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    BODY_OF,
    AckBody,
    DistrictClaim,
    HeadClaim,
    LogEndBody,
    LogOpenBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Phase,
    PointE7,
    Why,
)
from redshank.terms.message import (
    TestBody as LineTest,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "messages" / "entries.json").read_text(encoding="utf-8")
)
CHANNEL, LT = ChannelId("BY-LT"), PartyId("LT")
NOW = Instant(VECTORS["now_ms"])


def place(serial: int, generation: int = 0) -> Place:
    return Place(ChannelId(VECTORS["channel"]), PartyId(VECTORS["sender"]), VECTORS["year"], serial, generation)


def place_of(case: dict[str, Any]) -> Place:
    return place(case["serial"], case.get("generation", 0))


def reason(found: object) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


# --- vectors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["name"])
def test_good_vectors(case: dict[str, Any]) -> None:
    """MSG-3, MSG-6, MSG-7, MSG-10: one of each type is read, and written again to the same bytes."""
    entry = b64decode(case["entry"])
    assert entry.decode() == case["text"]
    message = parse_entry(entry, place_of(case), None)
    assert isinstance(message, Message)
    assert message.type.value == case["name"]
    assert type(message.body) is BODY_OF[message.type]
    assert write_entry(message) == entry


def test_the_vectors_hold_every_type() -> None:
    """MSG-6: the closed set."""
    assert {case["name"] for case in VECTORS["good"]} == {kind.value for kind in MessageType}


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["name"])
def test_bad_vectors(case: dict[str, Any]) -> None:
    """MSG-1, MSG-2, MSG-3, MSG-4, MSG-5, MSG-6, MSG-7, MSG-8, MSG-9, MSG-10, MSG-11, MSG-12, MSG-13, MSG-14,
    MSG-15: each fault has its reason."""
    found = parse_entry(b64decode(case["entry"]), place_of(case), NOW)
    assert reason(found).value == case["reason"], found


# --- the form --------------------------------------------------------------------------------------------


def test_members_are_sorted_at_every_depth() -> None:
    """MSG-1: as any JSON library with sorted keys and no spaces writes it."""
    for case in VECTORS["good"]:
        entry = b64decode(case["entry"])
        again = json.dumps(json.loads(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry == again.encode()


def test_strings_escape_only_quote_and_backslash() -> None:
    """MSG-1: everything else stands as itself."""
    said = message(text='a "b" \\ c / é Ж ’')
    entry = write_entry(said)
    assert isinstance(entry, bytes)
    assert r'"text":"a \"b\" \\ c / é Ж ’"'.encode() in entry
    assert parse_entry(entry, place(0), NOW) == said


def message(**changes: Any) -> Message:
    base = Message(
        type=MessageType.TEST,
        channel=CHANNEL,
        sender=LT,
        year=2026,
        serial=0,
        stated_ms=NOW,
        body=LineTest(1),
    )
    return msgspec.structs.replace(base, **changes)


def test_own_messages_pass_the_same_checks() -> None:
    """MSG-11, MSG-13: what a partner would refuse is not written."""
    assert reason(write_entry(message(text="\u202e"))) is Reason.VALUE_NOT_PLAUSIBLE
    assert reason(write_entry(message(text="\ud800"))) is Reason.VALUE_NOT_PLAUSIBLE
    assert reason(write_entry(message(body=LineTest(-1)))) is Reason.VALUE_NOT_PLAUSIBLE
    assert reason(write_entry(message(incident=IncidentId("LT-2026-000001")))) is Reason.VALUE_NOT_PLAUSIBLE


def test_an_entry_of_too_many_bytes_is_not_written() -> None:
    """MSG-2: 4,096 bytes, also when each member is within its bounds."""
    far = bounds.INTEGER_MAX
    claim = DistrictClaim(
        district=DistrictId("X" * 32), permille=1000, p10_ms=Instant(far), p50_ms=Instant(far), p90_ms=Instant(far)
    )
    state = ObjectState(object=1, status=Status.UAV, at=PointE7(540_000_000, 250_000_000), accuracy_m=1)
    body = NoticeBody(phase=Phase.POSSIBLE, object=state, districts=(claim,) * 40)
    said = message(type=MessageType.NOTICE, body=body, incident=IncidentId("LT-2026-000001"))
    assert reason(write_entry(said)) is Reason.TOO_LARGE
    one_more = msgspec.structs.replace(body, districts=(claim,) * 41)
    assert reason(write_entry(msgspec.structs.replace(said, body=one_more))) is Reason.TOO_LARGE


# --- the place, the clock, the bounds -----------------------------------------------------------------------


def test_an_entry_belongs_to_one_place() -> None:
    """MSG-8: the same bytes are refused in any other channel, log, year or serial; the year is the log's."""
    entry = write_entry(message(stated_ms=Instant(NOW + 366 * 86_400_000)))
    assert isinstance(entry, bytes)
    assert isinstance(parse_entry(entry, place(0), None), Message)
    here = place(0)
    for change, expected in (
        ({"channel": ChannelId("BY-LV")}, Reason.WRONG_CHANNEL),
        ({"sender": PartyId("BY")}, Reason.WRONG_SENDER),
        ({"year": 2027}, Reason.WRONG_YEAR),
        ({"serial": 1}, Reason.WRONG_SERIAL),
    ):
        there = msgspec.structs.replace(here, **change)
        assert reason(parse_entry(entry, there, None)) is expected


def test_the_clock_of_a_partner_may_be_a_minute_ahead_and_any_time_behind() -> None:
    """MSG-9: 60,000 ms and not one more."""
    for ahead, fits in ((-(10**11), True), (0, True), (60_000, True), (60_001, False)):
        entry = write_entry(message(stated_ms=Instant(NOW + ahead)))
        assert isinstance(entry, bytes)
        found = parse_entry(entry, place(0), NOW)
        assert isinstance(found, Message) is fits
        assert fits or reason(found) is Reason.TIME_NOT_PLAUSIBLE
        assert isinstance(parse_entry(entry, place(0), None), Message)


LIMITS = [
    ("object", 1, 999_999),
    ("count", 2, 10_000),
    ("accuracy_m", 0, 200_000),
    ("altitude_m", -500, 30_000),
    ("course_deg", 0, 359),
    ("speed_kmh", 0, 3600),
]


@pytest.mark.parametrize(("name", "low", "high"), LIMITS)
def test_ranges_of_an_object(name: str, low: int, high: int) -> None:
    """MSG-13: both ends are in, their neighbours are out."""
    below = 0 if name == "count" else low - 1
    for value, fits in ((low, True), (high, True), (below, False), (high + 1, False)):
        state = ObjectState(object=1, status=Status.UAV, at=PointE7(540_000_000, 250_000_000), accuracy_m=1)
        body = NoticeBody(phase=Phase.POSSIBLE, object=msgspec.structs.replace(state, **{name: value}))
        said = message(type=MessageType.UPDATE, body=body, incident=IncidentId("LT-2026-000001"))
        found = parse_entry(encode_message(said), place(0), NOW)
        assert isinstance(found, Message) is fits, value
        assert fits or reason(found) is Reason.VALUE_NOT_PLAUSIBLE


@pytest.mark.parametrize(
    ("lat_e7", "lon_e7", "fits"),
    [
        (470_000_000, 100_000_000, True),
        (620_000_000, 360_000_000, True),
        (469_999_999, 250_000_000, False),
        (540_000_000, 360_000_001, False),
    ],
)
def test_points_lie_in_the_region(lat_e7: int, lon_e7: int, fits: bool) -> None:
    """MSG-12: its corners are in."""
    state = ObjectState(object=1, status=Status.UAV, at=PointE7(540_000_000, 250_000_000), accuracy_m=1)
    body = LostBody(object=state, search_centre=PointE7(lat_e7, lon_e7), search_radius_m=5)
    said = message(type=MessageType.LOST, body=body, incident=IncidentId("LT-2026-000001"))
    found = parse_entry(encode_message(said), place(0), NOW)
    assert isinstance(found, Message) is fits
    assert fits or reason(found) is Reason.POSITION_NOT_PLAUSIBLE


FAR = PointE7(0, 0)
CROSSING_FAULTS: list[tuple[str, Any, Reason]] = [
    ("border", BorderId("a b"), Reason.VALUE_NOT_PLAUSIBLE),
    ("out_of", CountryId(""), Reason.VALUE_NOT_PLAUSIBLE),
    ("into", CountryId("ž"), Reason.VALUE_NOT_PLAUSIBLE),
    ("permille", -1, Reason.VALUE_NOT_PLAUSIBLE),
    ("p10_ms", Instant(-1), Reason.BAD_TIME),
    ("p50_ms", Instant(NOW + 2_000_000), Reason.BAD_TIME),
    ("p90_ms", Instant(1 << 53), Reason.BAD_TIME),
    ("stretch_from", FAR, Reason.POSITION_NOT_PLAUSIBLE),
    ("stretch_to", FAR, Reason.POSITION_NOT_PLAUSIBLE),
]


@pytest.mark.parametrize(("name", "value", "expected"), CROSSING_FAULTS)
def test_every_member_of_a_crossing_is_checked(name: str, value: Any, expected: Reason) -> None:
    """MSG-9, MSG-12, MSG-13, MSG-14."""
    case = next(case for case in VECTORS["good"] if case["name"] == "NOTICE")
    notice = parse_entry(b64decode(case["entry"]), place_of(case), None)
    assert isinstance(notice, Message)
    assert isinstance(notice.body, NoticeBody)
    assert notice.body.crossing is not None
    crossing = msgspec.structs.replace(notice.body.crossing, **{name: value})
    body = msgspec.structs.replace(notice.body, crossing=crossing)
    spoilt = encode_message(msgspec.structs.replace(notice, body=body))
    assert reason(parse_entry(spoilt, place_of(case), None)) is expected


@pytest.mark.parametrize("kind", list(MessageType))
def test_what_a_type_needs(kind: MessageType) -> None:
    """MSG-10: incident and in_reply_to by type."""
    case = next(case for case in VECTORS["good"] if case["name"] == kind.value)
    good = parse_entry(b64decode(case["entry"]), place_of(case), None)
    assert isinstance(good, Message)
    without_reply = write_entry(msgspec.structs.replace(good, in_reply_to=None))
    assert isinstance(without_reply, Refusal) is (kind.value in ("TEST-REPLY", "REPLY", "ACK"))
    without_incident = write_entry(msgspec.structs.replace(good, incident=None))
    assert isinstance(without_incident, bytes) is (kind in bounds.NO_INCIDENT | {MessageType.ACK})


@pytest.mark.parametrize(
    ("generation", "reply", "of", "fits"),
    [(0, 3, None, True), (2, 3, None, True), (2, 3, 0, True), (2, 3, 1, True), (2, 3, 2, False), (0, 3, 0, False),
     (2, 3, -1, False), (2, None, 1, False)],
)  # fmt: skip
def test_an_answer_may_point_into_an_earlier_log(
    generation: int, reply: int | None, of: int | None, fits: bool
) -> None:
    """MSG-20: and says which, in one spelling; its own generation is left out."""
    kind = MessageType.ACK if reply is not None else MessageType.TEST
    body = AckBody("duty-officer") if reply is not None else LineTest(1)
    said = message(type=kind, body=body, generation=generation, in_reply_to=reply, reply_generation=of)
    found = parse_entry(encode_message(said), place(0, generation), NOW)
    assert isinstance(found, Message) is fits
    assert found == said if fits else reason(found) is Reason.VALUE_NOT_PLAUSIBLE
    if not generation:
        assert b'"generation"' not in encode_message(said)


def test_a_first_generation_that_is_written_out_is_another_spelling() -> None:
    """MSG-1 and MSG-20."""
    said = message(type=MessageType.ACK, body=AckBody("duty-officer"), in_reply_to=3)
    written = encode_message(said).replace(b'"in_reply_to"', b'"generation":0,"in_reply_to"', 1)
    assert reason(parse_entry(written, place(0), NOW)) is Reason.NOT_CANONICAL


LATEST = limits.LOG_GENERATIONS - 1


def test_an_end_names_the_last_generation_and_none_after_it() -> None:
    """MSG-21: limits.LOG_GENERATIONS, and origins of limits.ORIGIN_CHARS."""
    end = LogEndBody(generation=LATEST, keys="a" * 64, partner_keys="b" * 64, why=Why.EXPIRY)
    said = message(type=MessageType.LOG_END, body=end, generation=limits.LOG_GENERATIONS - 2)
    assert isinstance(write_entry(said), bytes)
    after = msgspec.structs.replace(end, generation=limits.LOG_GENERATIONS)
    refused = write_entry(msgspec.structs.replace(said, body=after, generation=LATEST))
    assert reason(refused) is Reason.VALUE_NOT_PLAUSIBLE
    for length, fits in ((limits.ORIGIN_CHARS, True), (limits.ORIGIN_CHARS + 1, False)):
        claim = HeadClaim(origin="x" * length, size=0, root="A" * 43 + "=")
        opening = LogOpenBody(end=claim, partner_end=claim, why=Why.PLANNED)
        entry = write_entry(message(type=MessageType.LOG_OPEN, body=opening, generation=1))
        assert isinstance(entry, bytes) is fits


@pytest.mark.parametrize(
    ("serial", "generation", "fits"), [(0, 1, True), (0, LATEST, True), (1, 1, False), (0, 0, False)]
)
def test_an_opening_stands_first_in_a_log_that_follows_another(serial: int, generation: int, fits: bool) -> None:
    """MSG-21"""
    case = next(case for case in VECTORS["good"] if case["name"] == "LOG-OPEN")
    good = parse_entry(b64decode(case["entry"]), place_of(case), None)
    assert isinstance(good, Message)
    said = write_entry(msgspec.structs.replace(good, serial=serial, generation=generation))
    assert isinstance(said, bytes) is fits


CODES = [("LT", True), ("RU-KGD", True), ("PL-pow-7", True), ("LT|BY", True), ("x" * 32, True)]
NO_CODES = [("", False), ("-", False), ("ž", False), ("a b", False), ("x" * 33, False), ("LT\n", False)]


@pytest.mark.parametrize(("code", "fits"), CODES + NO_CODES)
def test_codes(code: str, fits: bool) -> None:
    """MSG-14: their alphabet and length."""
    said = message(type=MessageType.ACK, body=AckBody(code), in_reply_to=0)
    found = parse_entry(encode_message(said), place(0), NOW)
    assert isinstance(found, Message) is fits
    assert fits or reason(found) is Reason.VALUE_NOT_PLAUSIBLE


# --- laws ------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(messages(NOW))
def test_what_is_written_is_read_as_it_was(said: Message) -> None:
    """MSG-1: and in one spelling, the one with sorted keys."""
    entry = write_entry(said)
    assert isinstance(entry, bytes)
    assert parse_entry(entry, place(said.serial, said.generation), NOW) == said
    plain = json.dumps(json.loads(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert entry == plain.encode()


@settings(deadline=None)
@given(messages(NOW), st.data())
def test_a_changed_entry_is_refused_or_says_something_else_in_canonical_form(
    said: Message, data: st.DataObject
) -> None:
    """MSG-1, MSG-17: no two spellings are read as the same message."""
    entry = write_entry(said)
    assert isinstance(entry, bytes)
    changed = bytearray(entry)
    changed[data.draw(st.integers(0, len(entry) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    found = parse_entry(bytes(changed), place(said.serial, said.generation), NOW)
    assert isinstance(found, Refusal) or (found != said and encode_message(found) == changed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=500))
def test_any_bytes_lead_to_a_refusal(data: bytes) -> None:
    """MSG-1, MSG-16: never to an exception."""
    assert isinstance(parse_entry(data, place(0), NOW), Refusal)


@settings(deadline=None)
@given(st.sampled_from(VECTORS["good"]), json_values, st.data())
def test_any_json_in_any_member_leads_to_a_message_or_a_refusal(
    case: dict[str, Any], value: Any, data: st.DataObject
) -> None:
    """MSG-3, MSG-15: any JSON value in the place of any member, of the body too, never raises."""
    tree = json.loads(b64decode(case["entry"]))
    spot = tree["body"] if data.draw(st.booleans()) else tree
    spot[data.draw(st.sampled_from(sorted(spot)))] = value
    for spelled in (json.dumps(tree, sort_keys=True, separators=(",", ":")), json.dumps(tree)):
        found = parse_entry(spelled.encode(), place_of(case), NOW)
        assert isinstance(found, Refusal) or encode_message(found) == spelled.encode()


def test_deep_nesting_is_refused() -> None:
    """MSG-15: no depth of brackets brings the reader down."""
    for opening in (b"[", b'{"body":'):
        found = parse_entry(opening * (limits.ENTRY_BYTES // len(opening)), place(0), NOW)
        assert reason(found) is Reason.MALFORMED


def test_brackets_are_counted_before_anything_is_read() -> None:
    """MSG-19: at the limit it is the parser that objects, one over it the count; the number is named."""
    for count, counted in ((limits.ENTRY_BRACKETS, False), (limits.ENTRY_BRACKETS + 1, True)):
        found = parse_entry(b"[{" * (count // 2) + b"[" * (count % 2), place(0), NOW)
        assert isinstance(found, Refusal)
        assert (f"{count} opening brackets" in found.detail) is counted
