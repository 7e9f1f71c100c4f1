"""Makes the vectors of the voice form, for `tools/make_vectors.py`: forms, slips in them, and what is refused."""

from typing import Any

import msgspec

from redshank.exchange import voice
from redshank.exchange.envelope import encode_message
from redshank.exchange.voice import faults, words
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.notes import Statement, voice_file
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal


def form_of(message: Message, exercise: bool) -> VoiceForm:
    """The form of a message that has one."""
    form = voice.encode(message, exercise)
    if isinstance(form, Refusal):
        raise TypeError(f"no form: {form}")
    return form


def notes_of(by: PartyId, messages: list[Message], first_ms: int) -> dict[str, bytes]:
    """The file of notes of an exporter who has heard these, one a minute."""
    statements = [
        Statement(
            sender=message.sender,
            serial=message.serial,
            groups=form_of(message, False).groups,
            exercise=False,
            taken_at=Instant(first_ms + 60_000 * number),
            role="duty-officer",
        )
        for number, message in enumerate(messages)
    ]
    return voice_file(by, statements, ())


def voice_vectors(messages: list[Message]) -> dict[str, Any]:
    """One form of each message; slips in the longest; and what a reader refuses, with the reason."""
    longest = max((form_of(message, False) for message in messages), key=lambda form: len(form.groups))
    return {
        "about": "docs/spec/voice.md",
        "words": words.SPOKEN,
        "forms": [_form(message, exercise) for message in messages for exercise in (False, True)],
        "slips": [_slip(name, groups, len(longest.groups)) for name, groups in _slips(list(longest.groups))],
        "refused": [
            {"name": name, "groups": groups, "reason": refused.reason.value}
            for name, groups in _refused(list(longest.groups))
            if isinstance(refused := voice.decode(groups, exercise=False), Refusal)
        ],
    }


def _form(message: Message, exercise: bool) -> dict[str, Any]:
    """`heard` is the entry as it would read if the signed message had been said so coarsely."""
    form = form_of(message, exercise)
    return {
        "entry": encode_message(message).decode(),
        "exercise": exercise,
        "opening": form.opening,
        "groups": list(form.groups),
        "words": words.word_count(len(form.groups), exercise),
        "heard": encode_message(form.heard.message).decode(),
        "unspoken": list(form.heard.unspoken),
    }


def _slips(groups: list[str]) -> list[tuple[str, list[str]]]:
    def changed(place: int, group: str) -> list[str]:
        return [*groups[: place - 1], group, *groups[place:]]

    def swapped(one: int, two: int) -> list[str]:
        order = list(groups)
        order[one - 1], order[two - 1] = order[two - 1], order[one - 1]
        return order

    third = groups[2]
    return [
        ("nothing is wrong", groups),
        ("the first five", groups[:5]),
        ("a group half typed", [*groups[:9], groups[9][:2]]),
        ("one symbol", changed(3, ("A" if third[0] != "A" else "B") + third[1:])),
        ("one symbol of a check", changed(8, ("A" if groups[7][0] != "A" else "B") + groups[7][1:])),
        ("two symbols in another order", changed(3, third[:2] + third[3] + third[2])),
        ("another group", changed(5, "ZZZZ")),
        ("neighbours swapped", swapped(4, 5)),
        ("swapped within a row", swapped(2, 7)),
        ("swapped between rows", swapped(5, 12)),
        ("a group and a check swapped", swapped(6, 16)),
        ("a letter that is none", changed(2, "OILU")),
        ("a group too many", [*groups, "0000"]),
    ]


def _slip(name: str, groups: list[str], count: int) -> dict[str, Any]:
    """`count`: what the speaker has announced."""
    live = voice.check_typed(groups, exercise=False, count=count)
    return {
        "name": name,
        "count": count,
        "groups": groups,
        "states": [state.value for state in live.states],
        "faults": msgspec.to_builtins(live.faults),
    }


def _refused(groups: list[str]) -> list[tuple[str, list[str]]]:
    values = [words.group_value(group) or 0 for group in groups]
    data = faults.data_of(values)

    def again(changed: list[int], exercise: bool = False) -> list[str]:
        return [words.group_text(value) for value in faults.with_checks(changed, exercise)]

    return [
        ("nothing", []),
        ("a row without its check", groups[:9]),
        ("the first row only", groups[:8]),
        ("no symbol", [*groups[:-1], "ILOU"]),
        ("a wrong group", [*groups[:3], "ZZZZ", *groups[4:]]),
        ("rows in another order", [*groups[8:16], *groups[:8], *groups[16:]]),
        ("an exercise", again(data, exercise=True)),
        ("a group after its end", again([*data, 0])),
        ("cut short, and checked anew", again(data[:-1])),
        ("padding that is not zero", again([*data[:-1], data[-1] | 1])),
        ("to itself", again([0] * 6)),
        ("a later version", again([data[0] | 1 << 18, *data[1:]])),
        ("a type of later", again([data[0] | 15 << 14, *data[1:]])),
        ("a serial wider than it needs", again(_wider_serial())),
    ]


def _wider_serial() -> list[int]:
    """LT to BY, TEST-REPLY, second 0, serial 0 in 14 bits."""
    fields = ((0, 2), (1, 4), (11, 5), (19, 5), (1, 5), (24, 5), (0, 1), (0, 33), (1, 1), (2026, 14), (1, 2), (0, 14))
    value, size = 0, 0
    for field, width in fields:
        value, size = value << width | field, size + width
    value <<= 120 - size
    return [value >> shift & 0xFFFFF for shift in range(100, -1, -20)]
