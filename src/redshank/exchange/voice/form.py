"""Form: a message as a read-out of numbered groups, and back, with a live check of what has been typed so far.

Here: `encode`, `decode`, `check_typed`. Pure. Not here: who may read what out (release has decided when the message was
said), what a node does with it. May know: terms.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from redshank.exchange.bounds import OF_LOG, check_message
from redshank.exchange.voice import faults, words
from redshank.exchange.voice.bits import RanOut, Reader, Unreadable
from redshank.exchange.voice.faults import Fault, FaultKind
from redshank.exchange.voice.layout import Heard, read, write
from redshank.terms import limits
from redshank.terms.ids import parties_of
from redshank.terms.instants import Instant
from redshank.terms.message import Message
from redshank.terms.refusal import Reason, Refusal

GROUPS_MAX: Final = faults.total_groups(limits.VOICE_DATA_GROUPS)


class VoiceForm(msgspec.Struct, frozen=True, kw_only=True):
    """A read-out. `heard` is what the other officer will hold: the message in the steps of the form."""

    groups: tuple[str, ...]
    exercise: bool
    heard: Heard

    @property
    def opening(self) -> str:
        """What is said first."""
        return words.opening(len(self.groups), self.exercise)

    @property
    def seconds(self) -> float:
        """How long it takes at the pace of ICAO."""
        return words.seconds(len(self.groups), self.exercise)


class GroupState(StrEnum):
    """What is known of one group."""

    OK = "ok"
    """Its row passes its check."""
    WAITING = "waiting"
    """Whole, but its row is not, or the fault of its row seems to be elsewhere."""
    INCOMPLETE = "incomplete"
    """Fewer than four symbols."""
    WRONG = "wrong"
    """Ask for it again."""


class LiveCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What has been typed so far. `expected` is how many groups the form will have, once that can be told; `heard` is
    there when all of them are in and pass; `refusal` when they pass and yet can be no message."""

    states: tuple[GroupState, ...]
    expected: int | None = None
    faults: tuple[Fault, ...] = ()
    heard: Heard | None = None
    refusal: Refusal | None = None


def encode(message: Message, exercise: bool) -> VoiceForm | Refusal:
    """The read-out of a message. Refuses what could not stand in a log (as `bounds.check_message` says), and with
    TOO_LARGE what does not fit into limits.VOICE_DATA_GROUPS: no message within bounds."""
    bad = check_message(message, None)
    if bad is not None:
        return bad
    if message.sender not in parties_of(message.channel):
        return Refusal(Reason.WRONG_SENDER, "sender", f"{message.sender} is no party of {message.channel}")
    if message.type in OF_LOG:
        return Refusal(
            Reason.NOT_IN_TABLE, "type", f"{message.type.value} is about the log itself and is not said by voice"
        )
    out = write(message, limits.VOICE_DATA_GROUPS, words.GROUP_BITS)
    count = -(-out.size // words.GROUP_BITS)
    if count > limits.VOICE_DATA_GROUPS:
        return Refusal(Reason.TOO_LARGE, "form", f"{count} groups, allowed {limits.VOICE_DATA_GROUPS}")
    whole = out.value << (count * words.GROUP_BITS - out.size)
    data = [(whole >> (words.GROUP_BITS * place)) & ((1 << words.GROUP_BITS) - 1) for place in reversed(range(count))]
    groups = tuple(words.group_text(value) for value in faults.with_checks(data, exercise))
    heard = read(Reader(data, words.GROUP_BITS))
    return VoiceForm(groups=groups, exercise=exercise, heard=heard)


def decode(groups: Sequence[str], exercise: bool, now: Instant | None = None) -> Heard | Refusal:
    """The message of a whole read-out. `now`: the reader's clock, against which the statement's time is held; None
    when reading an old form.

    Refuses with MALFORMED what is no group, WRONG_CHECK with the places to ask for again, WRONG_CHANNEL a form of an
    exercise in operation or the other way round, TRUNCATED, TOO_LARGE, NOT_CANONICAL, or as `bounds` does.
    """
    if len(groups) > GROUPS_MAX:
        return Refusal(Reason.TOO_LARGE, "form", f"{len(groups)} groups, at most {GROUPS_MAX}")
    values = [words.group_value(group) for group in groups]
    whole = [value for value in values if value is not None]
    if len(whole) != len(values):
        place = values.index(None) + 1
        return Refusal(Reason.MALFORMED, f"group {place}", "four of the 32 symbols are a group")
    if len(whole) % faults.ROW == 1 or not whole:
        return Refusal(Reason.TRUNCATED, "form", "a row has a group and its check at least")
    found = faults.faults_in(faults.rows_of(whole), exercise)
    return _refused(found) if found else _read(faults.data_of(whole), now)


def coarsened(message: Message) -> Heard | Refusal:
    """What a read-out of the message says: the same that `decode` gives for it."""
    form = encode(message, exercise=False)
    return form if isinstance(form, Refusal) else form.heard


def _refused(found: Sequence[Fault]) -> Refusal:
    if all(fault.kind is FaultKind.EXERCISE for fault in found):
        return Refusal(Reason.WRONG_CHANNEL, "form", "of an exercise in operation, or of operation in an exercise")
    places = sorted({place for fault in found for place in fault.groups})
    return Refusal(Reason.WRONG_CHECK, f"group {', '.join(map(str, places))}", "ask for this again")


def _read(data: Sequence[int], now: Instant | None) -> Heard | Refusal:
    bits = Reader(list(data), words.GROUP_BITS)
    try:
        heard = read(bits)
    except Unreadable as fault:
        return fault.refusal
    if -(-bits.at // words.GROUP_BITS) != len(data):
        return Refusal(Reason.TOO_LARGE, "form", "groups follow after its end")
    if not bits.rest_is_padding():
        return Refusal(Reason.NOT_CANONICAL, "form", "not filled up with zeros")
    return check_message(heard.message, now) or heard


# --- while it is being typed ------------------------------------------------------------------------------------------


def check_typed(
    groups: Sequence[str], exercise: bool, count: int | None = None, now: Instant | None = None
) -> LiveCheck:
    """What is known of the groups typed so far. `count`: how many the speaker has announced, if he has."""
    values = [words.group_value(group) for group in groups]
    states = [_at_sight(group, value) for group, value in zip(groups, values, strict=True)]
    sound = values.index(None) if None in values else len(values)
    whole = [value for value in values if value is not None][:sound]
    total = count if count is not None else _expected(whole)
    ends = [end for end in range(faults.ROW, len(whole) + 1, faults.ROW) if total is None or end <= total]
    if total is not None and total % faults.ROW and total <= len(whole):
        ends.append(total)
    rows = faults.rows_of(whole[: ends[-1]]) if ends else []
    found = faults.faults_in(rows, exercise)
    _mark(states, rows, found)
    if total is not None:
        states[total:] = [GroupState.WRONG] * len(states[total:])
    done = total is not None and len(groups) == total == sound and not found
    heard = decode(groups, exercise, now) if done else None
    return LiveCheck(
        states=tuple(states),
        expected=total,
        faults=tuple(found),
        heard=heard if isinstance(heard, Heard) else None,
        refusal=heard if isinstance(heard, Refusal) else None,
    )


def _at_sight(group: str, value: int | None) -> GroupState:
    if value is not None:
        return GroupState.WAITING
    foreign = words.first_foreign(group) is not None or len(group) > words.GROUP_SYMBOLS
    return GroupState.WRONG if foreign else GroupState.INCOMPLETE


def _expected(whole: Sequence[int]) -> int | None:
    """How many groups the form has, from what it says itself; None while that is open, or unreadable."""
    full = len(whole) - len(whole) % faults.ROW
    data = [*faults.data_of(whole[:full]), *whole[full:]]
    bits = Reader(data, words.GROUP_BITS)
    try:
        read(bits)
    except RanOut:
        return None
    except Unreadable:
        return None
    return faults.total_groups(-(-bits.at // words.GROUP_BITS))


def _mark(states: list[GroupState], rows: Sequence[faults.Row], found: Sequence[Fault]) -> None:
    suspected = {place for fault in found for place in fault.groups}
    failing = {place for row in rows for place in _places(row) if suspected & set(_places(row))}
    for row in rows:
        for place in _places(row):
            if place in suspected:
                states[place - 1] = GroupState.WRONG
            elif place not in failing:
                states[place - 1] = GroupState.OK


def _places(row: faults.Row) -> range:
    return range(row.first, row.first + len(row.values))
