"""Drawing: plots as a list of shapes, which become SVG on the page and strokes on paper. Knows no room."""

from collections.abc import Iterable
from html import escape
from typing import Final

import msgspec

SIDES: Final = ("#00548a", "#8a5a00")
"""Colours of the two columns: told apart by everybody, and neither says good or bad."""
INK, DIM, RAIL, PALE = "#12181c", "#5a666e", "#d5dbdf", "#f1f4f5"


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One stroke. `kind`: ``line`` from (x, y) to (x2, y2), ``box`` with its corner at (x, y) and (x2, y2) opposite,
    ``dot`` with radius `x2`, ``text`` at its base line. y grows downwards. `hollow`: outlined on white."""

    kind: str
    x: float
    y: float
    x2: float = 0.0
    y2: float = 0.0
    colour: str = INK
    hollow: bool = False
    width: float = 1.0
    text: str = ""
    size: float = 10.0
    anchor: str = "start"


class Drawing(msgspec.Struct, frozen=True):
    """A plot: its size and its shapes, later ones on top; `title` says in words what it shows."""

    title: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


def svg(drawing: Drawing) -> str:
    """As inline SVG, by attributes alone: no style, no script."""
    body = "".join(_svg(shape) for shape in drawing.shapes)
    box = f"0 0 {drawing.width:g} {drawing.height:g}"
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(drawing.title)}">{body}</svg>'


def _svg(shape: Shape) -> str:
    x, y = f"{shape.x:.1f}", f"{shape.y:.1f}"
    paint = f'fill="#fff" stroke="{shape.colour}" stroke-width="1.4"' if shape.hollow else f'fill="{shape.colour}"'
    match shape.kind:
        case "line":
            place = f'x1="{x}" y1="{y}" x2="{shape.x2:.1f}" y2="{shape.y2:.1f}"'
            return f'<line {place} stroke="{shape.colour}" stroke-width="{shape.width:g}"/>'
        case "box":
            size = f'width="{max(0.6, shape.x2 - shape.x):.1f}" height="{shape.y2 - shape.y:.1f}"'
            return f'<rect x="{x}" y="{y}" {size} {paint}/>'
        case "dot":
            return f'<circle cx="{x}" cy="{y}" r="{shape.x2:g}" {paint}/>'
        case _:
            anchor = f'text-anchor="{shape.anchor}" font-size="{shape.size:g}" fill="{shape.colour}"'
            return f'<text x="{x}" y="{y}" {anchor}>{escape(shape.text)}</text>'


def text(x: float, y: float, words: str, *, colour: str = DIM, size: float = 10.0, anchor: str = "start") -> Shape:
    """Words on a plot."""
    return Shape(kind="text", x=x, y=y, text=words, colour=colour, size=size, anchor=anchor)


def line(x: float, y: float, x2: float, y2: float, colour: str = RAIL, width: float = 1.0) -> Shape:
    """A straight line."""
    return Shape(kind="line", x=x, y=y, x2=x2, y2=y2, colour=colour, width=width)


class Swarm:
    """Places dots beside one another along a line, so that each can be seen: a dot that would cover another goes one
    level up or down."""

    def __init__(self, middle: float, radius: float, levels: int) -> None:
        self._middle, self._radius, self._levels = middle, radius, levels
        self._ends = dict[int, float]()

    def y_of(self, x: float) -> float:
        """The height of the next dot; call with rising x. When all levels are taken, the one that has been free the
        longest."""
        order = sorted(range(-self._levels, self._levels + 1), key=abs)
        free = [level for level in order if self._ends.get(level, -1e9) + 2 * self._radius <= x]
        level = free[0] if free else min(order, key=lambda one: self._ends.get(one, -1e9))
        self._ends[level] = x
        return self._middle + level * 2 * self._radius


def nice_step(span: float, most: int) -> float:
    """The least of 1, 2, 5, 10, 15, 30, 60, … that divides a span into at most so many steps."""
    steps: Iterable[float] = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080)
    return next((step for step in steps if span / step <= most), span / most)
