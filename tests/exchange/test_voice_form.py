"""The voice form: what is said comes back as it was said, no wrong or swapped group goes unseen, a minute is enough."""

from itertools import combinations, product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange import exchange_messages as any_message
from tests.exchange.exchange_world import CHANNEL, INCIDENT, LT, NOW

from redshank.exchange import voice
from redshank.exchange.bounds import ACCURACY_MAX_M, INTEGER_MAX, check_message
from redshank.exchange.voice import coarse, faults, words
from redshank.exchange.voice.faults import FaultKind, constant
from redshank.exchange.voice.field import GF20, Field, check_value, syndrome, weight
from redshank.exchange.voice.form import GroupState, VoiceForm
from redshank.exchange.voice.layout import TYPES, Heard
from redshank.terms import limits
from redshank.terms.ids import BorderId, CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    CrossingClaim,
    DistrictClaim,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Phase,
    PointE7,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status

LATEST = 4_102_444_800_000


def form_of(message: Message, exercise: bool = False) -> VoiceForm:
    form = voice.encode(message, exercise)
    assert isinstance(form, VoiceForm), form
    return form


def window(p10: int, p50: int, p90: int) -> dict[str, Instant]:
    return {"p10_ms": Instant(p10), "p50_ms": Instant(p50), "p90_ms": Instant(p90)}


USUAL = window(NOW + 700_000, NOW + 900_000, NOW + 1_200_000)
STATE = ObjectState(
    object=3,
    status=Status.UAV,
    at=PointE7(545_612_345, 262_345_678),
    accuracy_m=1540,
    count=2,
    altitude_m=610,
    course_deg=285,
    speed_kmh=137,
)
CROSSING = CrossingClaim(
    border=BorderId("LT|BY"),
    out_of=CountryId("BY"),
    into=CountryId("LT"),
    permille=620,
    stretch_from=PointE7(545_100_000, 257_000_000),
    stretch_to=PointE7(546_900_000, 257_500_000),
    **USUAL,
)
DISTRICTS = tuple(
    DistrictClaim(district=DistrictId(name), permille=620, **USUAL) for name in ("LT-41", "LT-07", "LV-RIX")
)
EVERYTHING = NoticeBody(phase=Phase.POSSIBLE, object=STATE, crossing=CROSSING, districts=DISTRICTS)


def the_notice(**header: Any) -> Message:
    """A NOTICE with everything that it may hold, unless the header says otherwise."""
    usual: dict[str, Any] = {
        "type": MessageType.NOTICE,
        "channel": CHANNEL,
        "sender": LT,
        "year": 2026,
        "serial": 41,
        "stated_ms": Instant(NOW + 123),
        "body": EVERYTHING,
        "incident": INCIDENT,
        "observed_ms": Instant(NOW - 30_500),
    }
    return Message(**{**usual, **header})


def the_longest(kind: MessageType) -> Message:
    """All numbers as wide as a message may hold them."""
    state = msgspec.structs.replace(
        STATE, object=999_999, count=10_000, accuracy_m=ACCURACY_MAX_M, altitude_m=30_000, speed_kmh=3600
    )
    late = window(INTEGER_MAX, INTEGER_MAX, INTEGER_MAX)
    border, out_of, into = BorderId("RU-KGD|RU-PSK"), CountryId("RU-KGD"), CountryId("RU-PSK")
    crossing = msgspec.structs.replace(CROSSING, border=border, out_of=out_of, into=into, **late)
    claims = tuple(DistrictClaim(district=DistrictId("PL-pow-999"), permille=1, **late) for _ in range(24))
    bodies = {
        MessageType.NOTICE: NoticeBody(phase=Phase.CROSSED, object=state, crossing=crossing, districts=claims),
        MessageType.LOST: LostBody(object=state, search_centre=state.at, search_radius_m=1_000_000),
    }
    return the_notice(
        type=kind,
        year=9_999,
        serial=limits.LOG_ENTRIES - 1,
        stated_ms=Instant(INTEGER_MAX),
        body=bodies[kind],
        incident=IncidentId("XX-0000-999999"),
        observed_ms=Instant(0),
        in_reply_to=limits.LOG_ENTRIES - 1,
        text="x" * 200,
    )


def told(heard: Heard) -> NoticeBody:
    assert isinstance(heard.message.body, NoticeBody)
    return heard.message.body


# --- there and back ---------------------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(any_message.messages(LATEST), st.booleans())
def test_voice_1_every_message_has_a_form_that_says_the_same(message: Message, exercise: bool) -> None:
    """VOICE-1, VOICE-7: decode undoes encode; what is heard is a message within bounds, and a read-out of it is the
    same again, but for the marks of what was not spoken."""
    form = form_of(message, exercise)
    assert voice.decode(form.groups, exercise) == form.heard
    heard = form.heard.message
    assert check_message(heard, None) is None
    assert form_of(heard).heard.message == heard
    same = ("type", "channel", "sender", "year", "serial", "incident", "in_reply_to")
    assert [getattr(heard, name) for name in same] == [getattr(message, name) for name in same]


def test_voice_7_every_type_has_its_number() -> None:
    """VOICE-7."""
    assert sorted(TYPES) == sorted(MessageType)
    assert len(TYPES) <= 16


@settings(max_examples=300, deadline=None)
@given(any_message.messages(LATEST))
def test_voice_8_nothing_is_said_finer_than_it_was(message: Message) -> None:
    """VOICE-8: times fall to the second, places to the grid, and an accuracy holds what it held."""
    heard = form_of(message).heard.message
    assert 0 <= message.stated_ms - heard.stated_ms < 1_000
    assert heard.stated_ms % 1_000 == 0
    if not isinstance(message.body, NoticeBody | LostBody):
        return
    assert isinstance(heard.body, NoticeBody | LostBody)
    said, true = heard.body.object, message.body.object
    assert (said.object, said.status, said.count) == (true.object, true.status, true.count)
    assert (said.course_deg, said.speed_kmh) == (true.course_deg, true.speed_kmh)
    assert coarse.place_of(*coarse.place_steps(said.at)) == said.at
    assert abs(said.at.lat_e7 - true.at.lat_e7) <= 8_334
    assert abs(said.at.lon_e7 - true.at.lon_e7) <= 8_334
    assert said.accuracy_m == ACCURACY_MAX_M or said.accuracy_m >= true.accuracy_m + coarse.moved_m(true.at)
    if true.altitude_m is not None:
        assert abs((said.altitude_m or 0) - true.altitude_m) <= 25


@settings(max_examples=300, deadline=None)
@given(any_message.points)
def test_voice_8_a_moved_point_stays_inside_its_accuracy(point: PointE7) -> None:
    """VOICE-8: by the geodesic of WGS 84."""
    from redshank.terms.geo import GEOD_WGS84

    said = coarse.place_of(*coarse.place_steps(point)).position()
    true = point.position()
    _, _, metres = GEOD_WGS84.inv(true.lon_deg, true.lat_deg, said.lon_deg, said.lat_deg)
    assert metres <= coarse.moved_m(point) <= 120


@settings(max_examples=300, deadline=None)
@given(st.integers(-7_000_000, 13_000_000), st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_voice_9_windows_are_rounded_outwards(offset: int, before: int, after: int) -> None:
    """VOICE-9."""
    stated_s = NOW // 1000
    p10, p50, p90 = (Instant(NOW + offset + shift) for shift in (-before, 0, after))
    steps = coarse.window_steps(p10, p50, p90, stated_s)
    assert steps is not None
    said = coarse.window_of(*steps, stated_s)
    assert 0 <= p10 - said[0] < 10_000
    assert 0 <= p50 - said[1] < 10_000
    assert 0 <= said[2] - p90 < 10_000


@pytest.mark.parametrize(("permille", "said"), [(0, 0), (1, 1), (4, 1), (15, 2), (994, 99), (999, 99), (1000, 100)])
def test_voice_9_the_uncertain_does_not_become_certain(permille: int, said: int) -> None:
    """VOICE-9."""
    assert coarse.percent(permille) == said


def test_voice_10_what_is_not_spoken_is_marked() -> None:
    """VOICE-10: text, districts beyond the minute, codes without a short form, a role."""
    heard = form_of(the_notice(text="Ar žinomas?")).heard
    assert heard.unspoken == ("text", "districts 1")
    assert heard.message.text is None
    assert [claim.district for claim in told(heard).districts] == ["LT-41", "LT-07"]
    odd = msgspec.structs.replace(CROSSING, border=BorderId("LT|BY|land"))
    heard = form_of(the_notice(body=msgspec.structs.replace(EVERYTHING, crossing=odd))).heard
    assert heard.unspoken == ("crossing",)
    assert told(heard).crossing is None
    assert len(told(heard).districts) == 3
    far = msgspec.structs.replace(DISTRICTS[0], district=DistrictId("Vilniaus"))
    heard = form_of(the_notice(body=msgspec.structs.replace(EVERYTHING, districts=(far, *DISTRICTS)))).heard
    assert heard.unspoken == ("districts 4",)
    ack = form_of(the_notice(type=MessageType.ACK, body=AckBody("night-watch"), in_reply_to=3)).heard
    assert ack.unspoken == ("role",)
    assert ack.message.body == AckBody("not-spoken")


# --- a minute ---------------------------------------------------------------------------------------------------------


def test_voice_3_a_minute_is_enough_for_every_message() -> None:
    """VOICE-3: at 100 words a minute (ICAO Annex 10 Vol. II, 5.2.1.5.3 b), every digit and letter a word, the longest
    NOTICE and the longest LOST that are legal, in an exercise, which has one word more."""
    assert limits.VOICE_WORDS_PER_MINUTE == 100
    for kind in (MessageType.NOTICE, MessageType.LOST):
        form = form_of(the_longest(kind), exercise=True)
        assert len(form.groups) <= voice.GROUPS_MAX == 24
        assert form.seconds <= 60.0, kind
    full = form_of(the_notice())
    assert told(full.heard).crossing is not None
    assert told(full.heard).districts
    assert full.seconds <= 60.0


@settings(max_examples=300, deadline=None)
@given(any_message.messages(LATEST))
def test_voice_3_no_message_takes_longer(message: Message) -> None:
    """VOICE-3."""
    form = form_of(message, exercise=True)
    assert form.seconds <= 60.0
    said = " ".join([form.opening, *(voice.spoken(group) for group in form.groups)])
    assert form.seconds == pytest.approx(len(said.split()) * 0.6)


def test_voice_2_the_symbols_and_their_words() -> None:
    """VOICE-2: 32 symbols, each with a word of its own; I, L, O and U are none."""
    assert len(words.SYMBOLS) == len(set(words.SYMBOLS)) == len(set(words.SPOKEN.values())) == 32
    assert set(words.SPOKEN) == set(words.SYMBOLS)
    assert not set("ILOU") & set(words.SYMBOLS)
    assert all(letter.isdigit() or words.SPOKEN[letter].startswith(letter.lower()) for letter in words.SYMBOLS)
    for value in (0, 1, 31, 32, (1 << 20) - 1, 0x9E377):
        assert words.group_value(words.group_text(value)) == value
    assert words.group_value("abcd") == words.group_value("ABCD")
    for bad in ("", "ABC", "ABCDE", "ABCI", "AB C", "АBCD", "ABC²", "１234"):
        assert words.group_value(bad) is None
    assert voice.split_groups(" 15sg, W1MZ-QQ89\n0180 ") == ["15SG", "W1MZ", "QQ89", "0180"]


# --- the code ---------------------------------------------------------------------------------------------------------

SMALL = (Field(2, 0b111, 2), Field(3, 0b1011, 2))


@pytest.mark.parametrize("field", SMALL)
def test_voice_5_in_small_fields_every_error_is_tried_out(field: Field) -> None:
    """VOICE-5: in all rows over a small field, at all places, every other value of one group and every swap of two
    unequal groups fails; of all rows exactly one in 2^m passes, so that is what anything else comes through with."""
    size, length = 1 << field.bits, 3
    places = [weight(field, place) for place in range(1, length + 1)]
    assert len(set(places)) == length
    assert 0 not in places
    passing = 0
    for row in product(range(size), repeat=length):
        if syndrome(field, row, 1, 1):
            continue
        passing += 1
        assert row[-1] == check_value(field, row[:-1], 1, 1)
        for place, other in product(range(length), range(size)):
            changed = (*row[:place], other, *row[place + 1 :])
            assert bool(syndrome(field, changed, 1, 1)) == (changed != row)
        for one, two in combinations(range(length), 2):
            swapped = list(row)
            swapped[one], swapped[two] = row[two], row[one]
            assert bool(syndrome(field, swapped, 1, 1)) == (row[one] != row[two])
    assert passing * size == size**length


def test_voice_5_the_field_and_its_weights() -> None:
    """VOICE-5: x generates all 2^20 - 1 elements, so the polynomial is irreducible; every element but zero has an
    inverse; the weights of the 24 places are distinct."""
    element, steps = 2, 1
    while element != 1:
        element = element << 1 ^ (GF20.polynomial if element >> 19 else 0)
        steps += 1
    assert steps == (1 << 20) - 1
    for one in (1, 2, 0x9E377, (1 << 20) - 1):
        assert GF20.times(one, GF20.inverse(one)) == 1
    weights = [weight(GF20, place) for place in range(1, voice.GROUPS_MAX + 1)]
    assert len(set(weights)) == voice.GROUPS_MAX
    assert 0 not in weights


VALUES = st.integers(0, (1 << 20) - 1)


@settings(max_examples=300, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=21), st.booleans(), st.data())
def test_voice_5_one_wrong_group_is_always_seen(data: list[int], exercise: bool, draw: st.DataObject) -> None:
    """VOICE-5: whatever the groups say, in any place, the checks included."""
    values = faults.with_checks(data, exercise)
    assert faults.faults_in(faults.rows_of(values), exercise) == []
    place = draw.draw(st.integers(0, len(values) - 1))
    wrong = draw.draw(VALUES.filter(lambda value: value != values[place]))
    changed = [*values[:place], wrong, *values[place + 1 :]]
    assert faults.faults_in(faults.rows_of(changed), exercise)


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=21), st.booleans())
def test_voice_5_any_two_swapped_groups_are_always_seen(data: list[int], exercise: bool) -> None:
    """VOICE-5: all pairs, neighbours or not, in one row or in two; and the pair is among the suspects."""
    values = faults.with_checks(data, exercise)
    for one, two in combinations(range(len(values)), 2):
        if values[one] == values[two]:
            continue
        swapped = list(values)
        swapped[one], swapped[two] = values[two], values[one]
        found = faults.faults_in(faults.rows_of(swapped), exercise)
        assert any({one + 1, two + 1} <= set(fault.groups) for fault in found)


def test_voice_5_every_slip_of_one_symbol_in_a_real_form_is_seen_and_found() -> None:
    """VOICE-5, VOICE-6: all 24 * 4 * 31. The suspects always hold the group; nearly always they are it alone."""
    form = form_of(the_notice())
    alone, tried = 0, 0
    for place, at in product(range(len(form.groups)), range(4)):
        true = form.groups[place]
        for symbol in words.SYMBOLS.replace(true[at], ""):
            typed = [*form.groups]
            typed[place] = true[:at] + symbol + true[at + 1 :]
            live = voice.check_typed(typed, False, len(typed))
            tried += 1
            assert live.heard is None
            assert place + 1 in {group for fault in live.faults for group in fault.groups}
            alone += live.faults == (faults.Fault(FaultKind.SYMBOL, (place + 1,)),)
    assert tried == len(form.groups) * 4 * 31
    assert alone / tried > 0.99


def test_voice_5_rows_in_another_order_fail() -> None:
    """VOICE-5: the constant of a row is its number, so a row that passes in one place fails in another."""
    form = form_of(the_notice())
    rows = [form.groups[at : at + 8] for at in range(0, 16, 8)]
    shuffled = [*rows[1], *rows[0], *form.groups[16:]]
    assert isinstance(voice.decode(shuffled, False), Refusal)
    for row, other in product(range(1, 4), repeat=2):
        shift = weight(GF20, 8 * abs(row - other))
        assert row == other or GF20.times(shift, constant(min(row, other), False)) != constant(max(row, other), False)


def test_voice_4_exercise_and_operation_never_meet() -> None:
    """VOICE-4."""
    form = form_of(the_notice(), exercise=True)
    assert form.opening == f"exercise groups {' '.join(words.SPOKEN[digit] for digit in str(len(form.groups)))}"
    refused = voice.decode(form.groups, exercise=False)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.WRONG_CHANNEL
    live = voice.check_typed(form.groups[:8], exercise=False)
    assert [fault.kind for fault in live.faults] == [FaultKind.EXERCISE]


# --- what is refused --------------------------------------------------------------------------------------------------


def test_voice_11_a_form_is_refused_with_its_reason() -> None:
    """VOICE-11."""
    groups = list(form_of(the_notice()).groups)

    def reason(typed: list[str], now: int | None = None) -> Reason:
        refused = voice.decode(typed, False, None if now is None else Instant(now))
        assert isinstance(refused, Refusal), refused
        return refused.reason

    assert reason([]) is Reason.TRUNCATED
    assert reason(groups[:1]) is Reason.TRUNCATED
    assert reason(groups[:9]) is Reason.TRUNCATED
    assert reason(groups[:8]) is Reason.TRUNCATED
    assert reason([*groups[:-1], "ILOU"]) is Reason.MALFORMED
    assert reason(groups[:-1]) is Reason.WRONG_CHECK
    assert reason(groups * 2) is Reason.TOO_LARGE
    assert reason(groups, NOW - 61_000) is Reason.TIME_NOT_PLAUSIBLE
    assert isinstance(voice.decode(groups, False, NOW), Heard)
    values = [words.group_value(group) or 0 for group in form_of(the_notice()).groups]
    data = faults.data_of(values)

    def again(data: list[int]) -> list[str]:
        return [words.group_text(value) for value in faults.with_checks(data, False)]

    assert reason(again([*data[:20], 0, 0][: len(data) + 1])) in (Reason.TOO_LARGE, Reason.WRONG_CHECK)
    assert reason(again(data[:-1])) is Reason.TRUNCATED
    assert reason(again([*data[:-1], data[-1] | 1])) in (Reason.NOT_CANONICAL, Reason.VALUE_NOT_PLAUSIBLE)
    assert reason(again([0] * 6)) is Reason.WRONG_CHANNEL  # AA to AA
    assert reason(again([0xFFFFF] * 6)) is Reason.VALUE_NOT_PLAUSIBLE


def test_a_message_that_could_not_stand_in_a_log_has_no_form() -> None:
    for message in (
        the_notice(incident=None),
        the_notice(serial=-1, in_reply_to=1 << 41),
        the_notice(sender=PartyId("LV")),
    ):
        bad = check_message(message, None)
        if bad is not None or message.sender == "LV":
            assert isinstance(voice.encode(message, False), Refusal)


@settings(max_examples=500, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=21))
def test_voice_11_any_groups_that_pass_are_read_or_refused(data: list[int]) -> None:
    """VOICE-11: whatever is keyed in, decode ends with a message or a refusal."""
    groups = [words.group_text(value) for value in faults.with_checks(data, False)]
    heard = voice.decode(groups, False)
    voice.check_typed(groups, False)
    if isinstance(heard, Heard):
        form = form_of(heard.message)
        assert form.heard.message == heard.message


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=6), max_size=30), st.none() | st.integers(0, 40))
def test_voice_11_whatever_is_typed(groups: list[str], count: int | None) -> None:
    """VOICE-11: no text makes the check or the reading fail."""
    voice.decode(groups, False)
    live = voice.check_typed(groups, False, count)
    assert len(live.states) == len(groups)


# --- live -------------------------------------------------------------------------------------------------------------


def test_voice_6_what_is_known_while_it_is_typed() -> None:
    """VOICE-6."""
    groups = form_of(the_notice()).groups
    live = voice.check_typed([*groups[:3], "Q"], False)
    assert live.states == (*[GroupState.WAITING] * 3, GroupState.INCOMPLETE)
    assert live.expected is None
    live = voice.check_typed([*groups[:2], "QOX"], False)
    assert live.states[2] is GroupState.WRONG
    live = voice.check_typed(groups[:8], False)
    assert live.states == (GroupState.OK,) * 8
    live = voice.check_typed([*groups[:4], "0000", *groups[5:10]], False)
    assert live.faults[0].kind is FaultKind.ROW
    assert live.states == (*[GroupState.WRONG] * 8, *[GroupState.WAITING] * 2)
    swapped = [*groups]
    swapped[2], swapped[4] = groups[4], groups[2]
    live = voice.check_typed(swapped[:8], False)
    assert live.faults == (faults.Fault(FaultKind.SWAPPED, (3, 5)),)
    assert live.states[2] is live.states[4] is GroupState.WRONG
    assert live.states[0] is GroupState.WAITING
    live = voice.check_typed(groups, False)
    assert live.expected == len(groups)
    assert live.states == (GroupState.OK,) * len(groups)
    assert live.heard is not None
    live = voice.check_typed([*groups, "ABCD"], False)
    assert live.heard is None
    assert live.states[-1] is GroupState.WRONG
    live = voice.check_typed(groups, False, now=Instant(NOW - 100_000))
    assert live.refusal is not None
    assert live.refusal.reason is Reason.TIME_NOT_PLAUSIBLE


@settings(max_examples=100, deadline=None)
@given(any_message.messages(LATEST), st.booleans())
def test_voice_6_a_right_form_is_never_suspected(message: Message, exercise: bool) -> None:
    """VOICE-6: at no moment while it is typed, with or without the announced count."""
    groups = form_of(message, exercise).groups
    for typed in range(len(groups) + 1):
        for count in (None, len(groups)):
            live = voice.check_typed(groups[:typed], exercise, count)
            assert GroupState.WRONG not in live.states
            assert not live.faults
            assert live.expected in (None, len(groups))
    assert voice.check_typed(groups, exercise).heard == form_of(message, exercise).heard


# --- against the signed original --------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(any_message.messages(LATEST))
def test_voice_12_the_rounding_is_no_difference(message: Message) -> None:
    """VOICE-12."""
    assert voice.differences(form_of(message).heard, message) == ()


def test_voice_12_any_other_difference_is_shown() -> None:
    """VOICE-12: each field by itself, and a signed entry that is no message."""
    message = the_notice()
    heard = form_of(message).heard
    for change in (
        {"course_deg": 286},
        {"altitude_m": 700},
        {"status": Status.BALLOON},
        {"count": 1},
        {"speed_kmh": None},
    ):
        other = msgspec.structs.replace(STATE, **change)
        signed = msgspec.structs.replace(message, body=msgspec.structs.replace(EVERYTHING, object=other))
        [found] = voice.differences(heard, signed)
        assert found.field == f"body.object.{next(iter(change))}"
        assert found.voice != found.signed
    [text] = voice.differences(heard, msgspec.structs.replace(message, text="x"))
    assert (text.field, text.voice, text.signed) == ("unspoken", "districts 1", "text, districts 1")
    [late] = voice.differences(
        heard,
        msgspec.structs.replace(
            message, stated_ms=Instant(message.stated_ms - 1_000), observed_ms=Instant(NOW - 31_500)
        ),
    )[:1]
    assert late.field == "stated_ms"
    kinds = voice.differences(heard, the_notice(type=MessageType.ACK, body=AckBody("duty-officer"), in_reply_to=1))
    assert {"type", "in_reply_to", "body.role", "body.phase"} <= {found.field for found in kinds}
    [none] = voice.differences(heard, Refusal(Reason.MALFORMED, "entry"))
    assert none.signed == "refused: malformed"
