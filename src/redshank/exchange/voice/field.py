"""Field: arithmetic in GF(2^m), and the row check that a voice form is made of.

Here: the code, for any field size, so that small ones can be tried out exhaustively. Not here: symbols, messages.
May know: nothing. This is an error-detecting code. It is no cryptography: anybody can make a form that passes.

The law (docs/spec/voice.md, VOICE-5): with distinct weights w other than zero, a row of values v passes when the sum of
w*v equals its constant. Changing one value changes the sum by w*e, which is not zero. Swapping two values changes it by
(w1 + w2)(v1 + v2), which is zero only for equal values: then nothing was swapped. In two rows, each sum changes.

The weights are powers of one element with many bits: divided by another weight, the sum that a slip leaves behind looks
like a slip elsewhere only by chance, so that the place of the slip can be told.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec


class Field(msgspec.Struct, frozen=True):
    """GF(2^bits) modulo an irreducible polynomial; its elements are the integers below 2^bits, addition is XOR."""

    bits: int
    polynomial: int
    base: int
    """The weight of the first place; that of place n is its n-th power."""

    def times(self, one: int, other: int) -> int:
        """Product of two elements."""
        product = 0
        while other:
            if other & 1:
                product ^= one
            other >>= 1
            one <<= 1
            if one >> self.bits:
                one ^= self.polynomial
        return product

    def inverse(self, element: int) -> int:
        """The element that gives 1 with it: element^(2^bits - 2). Zero has none and gives zero."""
        power, result = element, 1
        for _ in range(self.bits - 1):
            power = self.times(power, power)
            result = self.times(result, power)
        return result


GF20: Final = Field(20, (1 << 20) | (1 << 3) | 1, 0x9E377)
"""x^20 + x^3 + 1 is primitive (a test walks its whole order). The base is 2^20 divided by the golden ratio."""


@cache
def weight(field: Field, place: int) -> int:
    """The weight of a place of the form, from 1."""
    return field.times(field.base, weight(field, place - 1)) if place else 1


def syndrome(field: Field, values: Sequence[int], first: int, constant: int) -> int:
    """Zero when a row passes. `first` is the place of its first group in the form, counted from 1. The last value of a
    row is its check."""
    total = constant
    for place, value in enumerate(values, start=first):
        total ^= field.times(weight(field, place), value)
    return total


def check_value(field: Field, values: Sequence[int], first: int, constant: int) -> int:
    """The check that makes a row pass when it follows these values."""
    missing = syndrome(field, values, first, constant)
    return field.times(missing, field.inverse(weight(field, first + len(values))))
