"""Layout: the bit layout of one ASTERIX edition, compiled once from libasterix's specification classes.

Here: where each item of a record begins, and readers of single fields as physical quantities. Not here:
what a field means, and no item's layout: all sizes, signs, steps and units come from libasterix. Its own
parser builds an object for each of the some hundred subitems of a record; a feed needs twenty of them,
and this reads only those (some fifty times faster, and it can say at which byte a record broke).
tests/decode checks it against that parser on valid, mutated and random bytes. May know: terms,
libasterix.
"""

from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

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
def _generated() -> ModuleType:
    # 190,000 generated lines take most of a second to import: only a process that decodes ASTERIX pays for
    # them.
    import asterix.generated

    return asterix.generated  # type: ignore[no-any-return]


@cache
def _base() -> Any:
    import asterix.base

    return asterix.base


@cache
def editions_of(category: int) -> dict[str, Any]:
    """The specifications of a category by edition, oldest first; empty when libasterix has none."""
    specs = _generated().manifest["CATS"].get(category, ())
    return {"{}.{}".format(*spec.cv_edition): spec for spec in specs}


@cache
def layout_of(category: int, edition: str) -> "Layout":
    """The compiled layout. The edition must be one of `editions_of` (source configs are checked against
    it)."""
    require(edition in editions_of(category), f"CAT{category:03d} edition {edition} exists in libasterix")
    return Layout(editions_of(category)[edition])


class Layout:
    """One edition of one category."""

    def __init__(self, spec: Any) -> None:
        record = spec.cv_uap.cv_record
        self._items: dict[str, Any] = record.cv_items_dict
        items = [getattr(item, "cv_non_spare", None) for item in record.cv_items_list]
        self._walk = _sequence("", items, record.cv_fspec_max_bytes)

    def record(self, data: bytes, start: int, end: int) -> tuple[Starts, int]:
        """Where the items of the record at `start` begin, and where it ends. Raises LayoutFault."""
        starts: Starts = {}
        return starts, self._walk(data, start, end, starts)

    def quantity(self, path: str, unit: str) -> ReadNumber:
        """A reader of ``040/RHO`` or ``380/COM/STAT`` in the unit that the specification must give it."""
        field = self._find(path)
        content = field.element.cv_rule.cv_content
        require(content.cv_unit == unit, f"{path} is given in {unit}")
        signed = content.cv_signedness is _base().Signed
        read, step = _bits_reader(field, signed), float(content.cv_lsb)

        def scaled(data: bytes, starts: Starts) -> float | None:
            raw = read(data, starts)
            return None if raw is None else raw * step

        return scaled

    def integer(self, path: str, signed: bool = False) -> ReadInteger:
        """A reader of a field's bits as an integer."""
        return _bits_reader(self._find(path), signed)

    def _find(self, path: str) -> "_Field":
        base = _base()
        names = path.split("/")
        item = names.pop(0)
        variation = _variation(self._items[item])
        if issubclass(variation, base.Compound):
            name = names.pop(0)
            item, variation = f"{item}/{name}", _variation(variation.cv_items_dict[name])
        found = [field for field in _fields(item, variation, 0, ()) if field.names == tuple(names)]
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
    element: Any


def _variation(non_spare: Any) -> Any:
    rule = non_spare.cv_rule
    return rule.cv_variation if issubclass(rule, _base().RuleVariationContextFree) else rule.cv_default_variation


def _fields(item: str, variation: Any, bit: int, names: tuple[str, ...]) -> Iterator[_Field]:
    """All elements inside an element, group or extended item."""
    base = _base()
    if issubclass(variation, base.Element):
        yield _Field(item, names, bit, variation.cv_bit_size, (), variation)
        return
    parts = variation.cv_items_list if issubclass(variation, base.Extended) else [variation.cv_items_list]
    fx_bytes: tuple[int, ...] = ()
    for part in parts:
        for member in part:
            if member is None:
                fx_bytes += (bit // 8,)
                bit += 1
                continue
            kind, size = member
            if not issubclass(kind, base.Spare):
                inner = kind.cv_non_spare
                for field in _fields(item, _variation(inner), bit, (*names, inner.cv_name)):
                    # The FX bit of this part says whether another follows; those before say that this one
                    # is there.
                    earlier = tuple(byte for byte in fx_bytes if byte < field.bit // 8)
                    yield field._replace(fx_bytes=earlier)
            bit += size


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


def _bit_size(variation: Any) -> int:
    return int(variation.cv_bit_size)


def _spare_masks(members: Any, bit: int) -> tuple[tuple[int, int], ...]:
    """(byte, mask) for each byte with spare bits among the members of a group or of one part of an
    extended item."""
    masks: dict[int, int] = {}
    for member in members:
        size = 1 if member is None else member[1]
        if member is not None and issubclass(member[0], _base().Spare):
            for place in range(bit, bit + size):
                masks[place // 8] = masks.get(place // 8, 0) | 0x80 >> place % 8
        bit += size
    return tuple(masks.items())


def _step(name: str, variation: Any) -> Step:
    base = _base()
    if issubclass(variation, base.Element):
        return Step(name, _bit_size(variation) // 8, None, ())
    if issubclass(variation, base.Group):
        return Step(name, _bit_size(variation) // 8, None, _spare_masks(variation.cv_items_list, 0))
    if issubclass(variation, base.Extended):
        return Step(name, 0, _extended(variation), ())
    if issubclass(variation, base.Repetitive):
        return Step(name, 0, _repetitive(variation), ())
    if issubclass(variation, base.Explicit):
        return Step(name, 0, _explicit, ())
    require(issubclass(variation, base.Compound), f"libasterix describes {name} by a known variation")
    walk = _sequence(f"{name}/", variation.cv_items_list, variation.cv_fspec_max_bytes)
    return Step(name, 0, walk, ())


def _extended(variation: Any) -> Walk:
    parts: list[tuple[int, bool, tuple[tuple[int, int], ...]]] = []
    for members in variation.cv_items_list:
        bits = sum(1 if member is None else member[1] for member in members)
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


def _repetitive(variation: Any) -> Walk:
    count_bytes: int | None = variation.cv_rep_bytes
    inner = variation.cv_variation
    size = (_bit_size(inner) + (count_bytes is None)) // 8

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


def _sequence(prefix: str, items: list[Any], most_bytes: int) -> Walk:
    """A walk over an FSPEC and the items that it announces: a record, or a compound item within one."""
    slots = [None if item is None else _step(prefix + item.cv_name, _variation(item)) for item in items]
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
