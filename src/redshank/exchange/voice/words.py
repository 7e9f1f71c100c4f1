"""Words: the 32 symbols of the voice form, how each is said, and how long a read-out takes.

Here: the alphabet, the spelling words, the pace of speech. Not here: what the symbols mean. May know: terms.
Sources: ICAO Annex 10 Volume II, 5.2.1.3 (spelling alphabet), 5.2.1.4.3 (numbers), 5.2.1.5.3 b (rate of speech).
"""

from typing import Final

from redshank.terms import limits

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Ten digits and the letters without I, L, O, U: in a hurried hand those are taken for 1, 1, 0, V."""
SYMBOL_BITS: Final = 5
GROUP_SYMBOLS: Final = 4
GROUP_BITS: Final = SYMBOL_BITS * GROUP_SYMBOLS

SPOKEN: Final[dict[str, str]] = {
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
    "8": "eight", "9": "niner", "A": "alfa", "B": "bravo", "C": "charlie", "D": "delta", "E": "echo",
    "F": "foxtrot", "G": "golf", "H": "hotel", "J": "juliett", "K": "kilo", "M": "mike", "N": "november",
    "P": "papa", "Q": "quebec", "R": "romeo", "S": "sierra", "T": "tango", "V": "victor", "W": "whiskey",
    "X": "x-ray", "Y": "yankee", "Z": "zulu",
}  # fmt: skip

_VALUE: Final = {symbol: value for value, symbol in enumerate(SYMBOLS)}


def group_text(value: int) -> str:
    """Four symbols for a group's value, 0 to 2^20 - 1, the highest first."""
    return "".join(SYMBOLS[(value >> shift) & 31] for shift in (15, 10, 5, 0))


def group_value(text: str) -> int | None:
    """The value of four symbols; None for anything else. Capitals and small letters are one, those of ASCII: others
    may have a capital that is a symbol, or two."""
    if len(text) != GROUP_SYMBOLS or not text.isascii():
        return None
    value = 0
    for symbol in text.upper():
        if symbol not in _VALUE:
            return None
        value = value << SYMBOL_BITS | _VALUE[symbol]
    return value


def first_foreign(text: str) -> str | None:
    """The first character that is no symbol of the alphabet."""
    return next((symbol for symbol in text if not symbol.isascii() or symbol.upper() not in _VALUE), None)


def spoken(group: str) -> str:
    """How a group is said: ``kilo seven zero niner``."""
    return " ".join(SPOKEN[symbol] for symbol in group)


def opening(groups: int, exercise: bool) -> str:
    """What is said before the first group: ``groups two four``, in an exercise ``exercise groups two four``."""
    count = " ".join(SPOKEN[digit] for digit in str(groups))
    return f"exercise groups {count}" if exercise else f"groups {count}"


def word_count(groups: int, exercise: bool) -> int:
    """Words of a whole read-out: each digit and each letter is one."""
    return len(opening(groups, exercise).split()) + GROUP_SYMBOLS * groups


def seconds(groups: int, exercise: bool) -> float:
    """How long a read-out takes at limits.VOICE_WORDS_PER_MINUTE, pauses included."""
    return word_count(groups, exercise) * 60.0 / limits.VOICE_WORDS_PER_MINUTE


def split_groups(text: str) -> list[str]:
    """The groups of what was typed or pasted: spaces, line ends, commas and hyphens part them; in capitals."""
    for mark in ",;-\t\n\r":
        text = text.replace(mark, " ")
    return [group.upper() if group.isascii() else group for group in text.split(" ") if group]
