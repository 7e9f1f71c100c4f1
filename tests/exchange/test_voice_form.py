"""The voice form: what is said comes back as it was said, and a minute is enough."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange import exchange_messages as any_message
from tests.exchange.exchange_world import NOW
from tests.exchange.voice_messages import (
    CROSSING,
    DISTRICTS,
    EVERYTHING,
    LATEST,
    STATE,
    VALUES,
    form_of,
    the_longest,
    the_notice,
    told,
)

from redshank.exchange import voice
from redshank.exchange.bounds import ACCURACY_MAX_M, check_message
from redshank.exchange.voice import coarse, faults, words
from redshank.exchange.voice.layout import CORRECTABLE, MORE_TYPES, TYPES, Heard
from redshank.terms import limits
from redshank.terms.ids import BorderId, DistrictId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    LogEndBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    PointE7,
    Why,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status

# --- there and back ---------------------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(any_message.messages(LATEST, any_message.SPOKEN), st.booleans())
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
    """VOICE-7, VOICE-27: more than fifteen, so the number of the later ones takes two steps."""
    assert sorted(TYPES) == sorted(any_message.SPOKEN)
    assert len(TYPES) <= MORE_TYPES + 16
    assert set(CORRECTABLE) == set(any_message.CORRECTABLE)


def test_voice_26_a_later_log_is_named_and_what_is_about_logs_is_not_said() -> None:
    """VOICE-26: version 1 says the generation, and that of the message that is answered."""
    ack = the_notice(
        type=MessageType.ACK, body=AckBody("duty-officer"), in_reply_to=3, generation=7, reply_generation=2
    )
    heard = form_of(ack).heard.message
    assert (heard.generation, heard.in_reply_to, heard.reply_generation) == (7, 3, 2)
    first = form_of(the_notice(type=MessageType.ACK, body=AckBody("duty-officer"), in_reply_to=3)).heard.message
    assert (first.generation, first.reply_generation) == (0, None)
    end = LogEndBody(generation=1, keys="a" * 64, partner_keys="b" * 64, why=Why.PLANNED)
    refused = voice.encode(
        the_notice(type=MessageType.LOG_END, body=end, incident=None, observed_ms=None), exercise=False
    )
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NOT_IN_TABLE


@settings(max_examples=300, deadline=None)
@given(any_message.messages(LATEST, any_message.SPOKEN))
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
@given(any_message.messages(LATEST, any_message.SPOKEN))
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


# --- against the signed original --------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(any_message.messages(LATEST, any_message.SPOKEN))
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
