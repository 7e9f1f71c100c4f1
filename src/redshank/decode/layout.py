"""Layout: the bit layout of one ASTERIX edition, compiled once from libasterix's specifications (specs).

Here: where each item of a record begins, and readers of single fields as physical quantities. Not here:
what a field means, and no item's layout: all sizes, signs, steps and units come from libasterix. Its own
parser builds an object for each of the some hundred subitems of a record; a feed needs twenty of them,
and this reads only those (some fifty times faster, and it can say at which byte a record broke).
tests/decode checks it against that parser on valid, mutated and random bytes. May know: terms,
libasterix.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, cast

from redshank.decode.specs import Item, Kind, Spec, specs_of
from redshank.terms.invariant import require

Starts = dict[str, int]
"""Byte offset of each item that is present, by name: ``"040"``, or ``"380/ADR"`` inside a compound item."""

SPARE = "spare bits"
"""Key in `Starts` of the last item in which a spare bit is set; absent when all are zero, as they must be."""

ReadNumber = Callable[[bytes, Starts], float | None]
ReadInteger = Callable[[bytes, Starts], int | None]
Walk = Callable[[bytes, int, int, Starts], int]
PLANS_KEPT = 4_096  # field patterns (FSPEC) in use are a few dozen; a hostile feed must not fill the memory


class LayoutFault(Exception):
    """Bytes that do not fit the layout. Raised by `Layout.record` and caught in this room; never leaves
    it."""

    def __init__(self, truncated: bool, at: int, what: str) -> None:
        super().__init__(what)
        self.truncated = truncated
        self.at = at
        self.what = what


class Step(NamedTuple):
    """One item of a record or compound: a fixed size in bytes, or a function that walks over it."""

    name: str
    size: int
    walk: Walk | None
    spares: tuple[tuple[int, int], ...]
    """(byte within the item, mask) of spare bits of a fixed item."""


@cache
def layout_of(category: int, edition: str) -> "Layout":
    """The compiled layout. The edition must be one of `specs_of` (source configs are checked against it)."""
    require(edition in specs_of(category), f"CAT{category:03d} edition {edition} exists in libasterix")
    return Layout(specs_of(category)[edition])


class Layout:
    """One edition of one category."""

    def __init__(self, record: Spec) -> None:
        self._record = record
        self._walk = _sequence("", record)

    def record(self, data: bytes, start: int, end: int) -> tuple[Starts, int]:
        """Where the items of the record at `start` begin, and where it ends. Raises LayoutFault."""
        starts: Starts = {}
        return starts, self._walk(data, start, end, starts)

    def quantity(self, path: str, unit: str) -> ReadNumber:
        """A reader of ``040/RHO`` or ``380/COM/STAT`` in the unit that the specification must give it."""
        field = self._find(path)
        require(field.element.unit == unit, f"{path} is given in {unit}")
        read, step = _bits_reader(field, field.element.signed), field.element.lsb

        def scaled(data: bytes, starts: Starts) -> float | None:
            raw = read(data, starts)
            return None if raw is None else raw * step

        return scaled

    def integer(self, path: str, signed: bool = False) -> ReadInteger:
        """A reader of a field's bits as an integer."""
        return _bits_reader(self._find(path), signed)

    def _find(self, path: str) -> "_Field":
        names = path.split("/")
        item = names.pop(0)
        spec = _named(self._record, item)
        if spec.kind is Kind.COMPOUND:
            name = names.pop(0)
            item, spec = f"{item}/{name}", _named(spec, name)
        found = [field for field in _fields(item, spec, 0, ()) if field.names == tuple(names)]
        require(len(found) == 1, f"libasterix has a field {path}")
        return found[0]


class _Field(NamedTuple):
    """A field within an item: bit offset, size, and the bytes whose last bit must be set for it to be
    present."""

    item: str
    names: tuple[str, ...]
    bit: int
    size: int
    fx_bytes: tuple[int, ...]
    element: Spec


def _named(compound: Spec, name: str) -> Spec:
    found = [item.spec for item in compound.items if item is not None and item.name == name]
    require(len(found) == 1 and found[0] is not None, f"libasterix has an item {name}")
    return cast(Spec, found[0])


def _fields(item: str, spec: Spec, bit: int, names: tuple[str, ...]) -> Iterator[_Field]:
    """All elements inside an element, group or extended item."""
    if spec.kind is Kind.ELEMENT:
        yield _Field(item, names, bit, spec.bits, (), spec)
        return
    fx_bytes: tuple[int, ...] = ()
    for part in spec.parts:
        for member in part:
            if member is None:
                fx_bytes += (bit // 8,)
                bit += 1
                continue
            if member.spec is not None:
                for field in _fields(item, member.spec, bit, (*names, member.name)):
                    # The FX bit of this part says whether another follows; those before say that this one
                    # is there.
                    earlier = tuple(byte for byte in fx_bytes if byte < field.bit // 8)
                    yield field._replace(fx_bytes=earlier)
            bit += member.bits


def _bits_reader(field: _Field, signed: bool) -> ReadInteger:
    item, fx_bytes = field.item, field.fx_bytes
    first, last = field.bit // 8, (field.bit + field.size + 7) // 8
    shift = last * 8 - field.bit - field.size
    mask, half, modulus = (1 << field.size) - 1, 1 << (field.size - 1), 1 << field.size

    def read(data: bytes, starts: Starts) -> int | None:
        start = starts.get(item)
        if start is None:
            return None
        for byte in fx_bytes:
            if not data[start + byte] & 1:
                return None
        raw = (int.from_bytes(data[start + first : start + last], "big") >> shift) & mask
        return raw - modulus if signed and raw >= half else raw

    return read


def _spare_masks(members: Sequence[Item | None], bit: int) -> tuple[tuple[int, int], ...]:
    """(byte, mask) for each byte with spare bits among the members of a group or of one part of an
    extended item."""
    masks: dict[int, int] = {}
    for member in members:
        size = 1 if member is None else member.bits
        if member is not None and member.spec is None:
            for place in range(bit, bit + size):
                masks[place // 8] = masks.get(place // 8, 0) | 0x80 >> place % 8
        bit += size
    return tuple(masks.items())


def _step(name: str, spec: Spec) -> Step:
    match spec.kind:
        case Kind.ELEMENT:
            return Step(name, spec.bits // 8, None, ())
        case Kind.GROUP:
            return Step(name, spec.bits // 8, None, _spare_masks(spec.parts[0], 0))
        case Kind.EXTENDED:
            return Step(name, 0, _extended(spec), ())
        case Kind.REPETITIVE:
            return Step(name, 0, _repetitive(spec), ())
        case Kind.EXPLICIT:
            return Step(name, 0, _explicit, ())
        case Kind.COMPOUND:
            return Step(name, 0, _sequence(f"{name}/", spec), ())


def _extended(spec: Spec) -> Walk:
    parts: list[tuple[int, bool, tuple[tuple[int, int], ...]]] = []
    for members in spec.parts:
        bits = sum(1 if member is None else member.bits for member in members)
        parts.append((bits // 8, members[-1] is None, _spare_masks(members, 0)))

    def walk(data: bytes, at: int, end: int, starts: Starts) -> int:
        for size, has_fx, spares in parts:
            after = at + size
            if after > end:
                raise LayoutFault(True, at, "extended item")
            for byte, mask in spares:
                if data[at + byte] & mask:
                    starts[SPARE] = at
            at = after
            if not (has_fx and data[at - 1] & 1):
                return at
        raise LayoutFault(False, at, "an item is longer than this edition knows")

    return walk


def _repetitive(spec: Spec) -> Walk:
    count_bytes = spec.count_bytes
    size = (spec.bits + (count_bytes is None)) // 8

    def walk_fx(data: bytes, at: int, end: int, starts: Starts) -> int:
        while True:
            at += size
            if at > end:
                raise LayoutFault(True, at - size, "repeated item")
            if not data[at - 1] & 1:
                return at

    def walk_counted(data: bytes, at: int, end: int, starts: Starts) -> int:
        after = at + (count_bytes or 0)
        after += int.from_bytes(data[at:after], "big") * size
        if after > end:
            raise LayoutFault(True, at, "repeated item")
        return after

    return walk_fx if count_bytes is None else walk_counted


def _explicit(data: bytes, at: int, end: int, starts: Starts) -> int:
    if at >= end:
        raise LayoutFault(True, at, "explicit item")
    if data[at] == 0:
        raise LayoutFault(False, at, "an explicit item of length 0")
    if at + data[at] > end:
        raise LayoutFault(True, at, "explicit item")
    return at + data[at]


def _sequence(prefix: str, compound: Spec) -> Walk:
    """A walk over an FSPEC and the items that it announces: a record, or a compound item within one."""
    slots = [
        None if item is None or item.spec is None else _step(prefix + item.name, item.spec) for item in compound.items
    ]
    most_bytes = compound.fspec_bytes
    plans: dict[bytes, tuple[Step, ...]] = {}

    def plan(fspec: bytes, at: int) -> tuple[Step, ...]:
        steps = _announced(slots, fspec, at)
        if len(plans) < PLANS_KEPT:
            plans[fspec] = steps
        return steps

    def walk(data: bytes, at: int, end: int, starts: Starts) -> int:
        fspec = _fspec(data, at, end, most_bytes)
        steps = plans.get(fspec) or plan(fspec, at)
        at += len(fspec)
        for name, size, inner, spares in steps:
            starts[name] = at
            if inner is not None:
                at = inner(data, at, end, starts)
                continue
            at += size
            if at > end:
                raise LayoutFault(True, at - size, f"item {name}")
            for byte, mask in spares:
                if data[at - size + byte] & mask:
                    starts[SPARE] = at - size
        return at

    return walk


def _fspec(data: bytes, at: int, end: int, most_bytes: int) -> bytes:
    first = at
    while at < end and data[at] & 1:
        at += 1
    at += 1
    if at > end:
        raise LayoutFault(True, first, "field specification")
    if at - first > most_bytes:
        raise LayoutFault(False, first, "a field specification longer than this edition knows")
    return data[first:at]


def _announced(slots: list[Step | None], fspec: bytes, at: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for place in range(len(fspec) * 7):
        if fspec[place // 7] & 0x80 >> place % 7:
            step = slots[place] if place < len(slots) else None
            if step is None:
                raise LayoutFault(False, at, "an item that this edition does not have")
            steps.append(step)
    return tuple(steps)
