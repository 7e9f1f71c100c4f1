"""The code of the voice form: no wrong or swapped group goes unseen, and the place of a slip is found."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange import exchange_messages as any_message
from tests.exchange.exchange_world import NOW
from tests.exchange.voice_messages import LATEST, VALUES, form_of, the_longest, the_notice

from redshank.exchange import voice
from redshank.exchange.voice import faults, words
from redshank.exchange.voice.faults import FaultKind, constant
from redshank.exchange.voice.field import GF20, Field, check_value, syndrome, weight
from redshank.exchange.voice.form import GroupState
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import Message, MessageType
from redshank.terms.refusal import Reason, Refusal

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
@given(any_message.messages(LATEST, any_message.SPOKEN), st.booleans())
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


def test_voice_11_the_bounds_of_a_form() -> None:
    """VOICE-3, VOICE-5, VOICE-11: as many data groups as a minute holds, and one more; as many as a row holds, and one
    more."""
    longest = form_of(the_longest(MessageType.LOST))
    assert len(faults.data_of([words.group_value(group) or 0 for group in longest.groups])) == limits.VOICE_DATA_GROUPS
    assert voice.decode(longest.groups, False) == longest.heard
    over = faults.with_checks([0] * (limits.VOICE_DATA_GROUPS + 1), False)
    refused = voice.decode([words.group_text(value) for value in over], False)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.TOO_LARGE
    assert len(faults.with_checks([0] * limits.VOICE_ROW_GROUPS, False)) == limits.VOICE_ROW_GROUPS + 1
    assert len(faults.with_checks([0] * (limits.VOICE_ROW_GROUPS + 1), False)) == limits.VOICE_ROW_GROUPS + 3


@pytest.mark.parametrize("group", ["ßAAA", "ſAAA", "ﬀAA", "１AAA", "ÅAAA"])
def test_voice_2_a_letter_whose_capital_is_a_symbol_is_none(group: str) -> None:
    """VOICE-2: capitals of small letters beyond ASCII may be symbols, or two."""
    assert words.group_value(group) is None
    assert words.first_foreign(group) == group[0]
    assert words.split_groups(f"aaaa {group}") == ["AAAA", group]
    assert voice.check_typed(words.split_groups(group), exercise=False).states == (GroupState.WRONG,)
