"""Bits: a message's fields as one string of bits, highest bit first, and back.

Here: writing, reading, the widths of numbers. Not here: which fields (layout). May know: terms.
"""

from typing import Final, NoReturn

from redshank.terms.refusal import Reason, Refusal

STEPS: Final = (7, 14, 21)
"""Widths of small numbers; the fourth is the widest that the field may need."""


class Unreadable(Exception):
    """Ends the reading of a form from any depth; `form.decode` turns it into its refusal. Never leaves the room."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class RanOut(Unreadable):
    """More groups must follow: so far nothing is wrong."""


class Writer:
    """Collects fields."""

    def __init__(self) -> None:
        self.value = 0
        self.size = 0

    def put(self, value: int, width: int) -> None:
        """An integer of a fixed width; the caller has bounded it."""
        if not 0 <= value < 1 << width:
            raise ValueError(f"{value} does not fit into {width} bits")
        self.value = self.value << width | value
        self.size += width

    def put_number(self, value: int, widest: int) -> None:
        """An integer in the narrowest of four widths."""
        widths = (*STEPS, widest)
        choice = next(index for index, width in enumerate(widths) if value < 1 << width)
        self.put(choice, 2)
        self.put(value, widths[choice])

    def put_optional(self, value: int | None, width: int) -> None:
        """One bit, and the integer if there is one."""
        self.put(value is not None, 1)
        if value is not None:
            self.put(value, width)


class Reader:
    """Takes fields off a string of bits, given as the values of groups of `group_bits` bits."""

    def __init__(self, values: list[int], group_bits: int) -> None:
        self._whole = 0
        for value in values:
            self._whole = self._whole << group_bits | value
        self.size = len(values) * group_bits
        self.at = 0

    def take(self, width: int, field: str, top: int | None = None) -> int:
        """An integer of a fixed width, at most `top`."""
        if self.at + width > self.size:
            raise RanOut(Refusal(Reason.TRUNCATED, field, "the form ends in the middle of this"))
        self.at += width
        value = (self._whole >> (self.size - self.at)) & ((1 << width) - 1)
        if top is not None and value > top:
            refuse(Reason.VALUE_NOT_PLAUSIBLE, field, f"{value} is no code of this field")
        return value

    def take_number(self, widest: int, field: str) -> int:
        """An integer in one of four widths; a wider one than it needs is refused: one message has one form."""
        widths = (*STEPS, widest)
        choice = self.take(2, field)
        value = self.take(widths[choice], field)
        if choice and value < 1 << widths[choice - 1]:
            refuse(Reason.NOT_CANONICAL, field, "written wider than it needs")
        return value

    def take_optional(self, width: int, field: str, top: int | None = None) -> int | None:
        """The integer behind one bit."""
        return self.take(width, field, top) if self.take(1, field) else None

    def rest_is_padding(self) -> bool:
        """Whether less than one group is left, and only zeros."""
        return not self._whole & ((1 << (self.size - self.at)) - 1)


def refuse(reason: Reason, field: str, detail: str) -> NoReturn:
    """Ends the reading."""
    raise Unreadable(Refusal(reason, field, detail))
