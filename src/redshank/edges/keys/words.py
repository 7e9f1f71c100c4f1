"""Check words: a fingerprint short enough to read aloud, and the check of what was heard.

Here: 12 words of the English BIP-39 list for the first 128 bits of a fingerprint, with its 4 bits of checksum. No two
words of the list begin with the same four letters, so a word is also told from its beginning. Not here: asking a person
(cli). May know: `public`. Clause: docs/spec/keys.md KEY-3.
"""

from difflib import get_close_matches
from functools import cache

from mnemonic import Mnemonic

WORDS = 12
FINGERPRINT_BYTES = 16
_TELLING_LETTERS = 4


def words_of(fingerprint: bytes) -> tuple[str, ...]:
    """The twelve check words of a SHA-256 fingerprint (BIP-39, English, of its first 16 bytes)."""
    return tuple(_list().to_mnemonic(fingerprint[:FINGERPRINT_BYTES]).split(" "))


def word_fault(heard: str, number: int, expected: tuple[str, ...]) -> str | None:
    """What is wrong with the word that was typed for place `number` (from 0), or None.

    The right word is not told: whoever types must have heard it.
    """
    typed = heard.strip().lower()
    if typed == expected[number] or (len(typed) >= _TELLING_LETTERS and expected[number].startswith(typed)):
        return None
    place = f"word {number + 1}"
    if typed in _list().wordlist:
        elsewhere = [other + 1 for other, word in enumerate(expected) if word == typed]
        also = f"; it is word {elsewhere[0]}" if elsewhere else ""
        return f"{place}: “{typed}” is a check word, but not the one of this file at this place{also}"
    near = get_close_matches(typed, _list().wordlist, n=1)
    meant = f"; did you hear “{near[0]}”?" if near else ""
    return f"{place}: “{typed}” is no check word{meant}"


@cache
def _list() -> Mnemonic:
    return Mnemonic("english")
