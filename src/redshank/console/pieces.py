"""Pieces: a view of many things is drawn in short pieces, and what has not changed is not drawn again.

Here: the memory of what was drawn, and how a drawing is run to its end, at once or between a node's turns. Not here:
what is drawn (`render`). Knows no room.
"""

import asyncio
from collections.abc import Callable, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Pieces = Generator[None, None, T]
"""A drawing: each `next` does a piece of some milliseconds; the result comes with the end."""


class Memory:
    """What was drawn of values that are never changed in place: the same values give the same view."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, str], tuple[tuple[Any, ...], Any]] = {}
        self._now: dict[tuple[str, str], tuple[tuple[Any, ...], Any]] = {}

    def drawn(self, kind: str, key: str, made_of: tuple[Any, ...], draw: Callable[[tuple[Any, ...]], T]) -> T:
        """`draw(made_of)`, or what it gave for the very same values in this drawing or the last one."""
        name = (kind, key)
        held = self._before.get(name)
        if (
            held is None
            or len(held[0]) != len(made_of)
            or any(a is not b for a, b in zip(held[0], made_of, strict=True))
        ):
            held = (made_of, draw(made_of))
        self._now[name] = held
        view: T = held[1]
        return view

    def turn_over(self) -> None:
        """A drawing is over: what it did not use is forgotten."""
        self._before, self._now = self._now, {}


def at_once(pieces: Pieces[T]) -> T:
    """Runs a drawing to its end."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            result: T = end.value
            return result


async def between_turns(pieces: Pieces[T]) -> T:
    """The same; after each piece others get their turn."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            result: T = end.value
            return result
        await asyncio.sleep(0)
