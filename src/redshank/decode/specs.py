"""Specs: what Redshank reads of an ASTERIX edition's specification, as plain values.

Here: the values, and how they are taken from libasterix's classes. Not here: how bytes are walked (layout). May know:
terms, libasterix.

libasterix describes all editions of all categories in 190,000 generated lines, which take a second to load and 76 MB
for as long as a process runs. A node reads two categories: their specifications ship as a file of these values, and a
test holds it against libasterix.
"""

from enum import StrEnum
from functools import cache
from types import ModuleType
from typing import Any

import msgspec

from redshank.terms.invariant import require


class Kind(StrEnum):
    """The variations of the ASTERIX specification language."""

    ELEMENT = "element"
    GROUP = "group"
    EXTENDED = "extended"
    REPETITIVE = "repetitive"
    EXPLICIT = "explicit"
    COMPOUND = "compound"


class Spec(msgspec.Struct, frozen=True, omit_defaults=True):
    """One variation, or (as a compound) a whole record."""

    kind: Kind
    bits: int = 0
    """Size of an element or a group; of a repetitive item: of one repetition."""
    parts: "tuple[tuple[Item | None, ...], ...]" = ()
    """Members of a group, or of each part of an extended item; None is an FX bit."""
    items: "tuple[Item | None, ...]" = ()
    """What the bits of a compound item's or a record's FSPEC announce."""
    fspec_bytes: int = 0
    count_bytes: int | None = None
    """Of a repetitive item; None: it goes on by FX bits."""
    unit: str = ""
    signed: bool = False
    lsb: float = 1.0


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named member; without a specification it is spare bits."""

    name: str = ""
    bits: int = 0
    spec: Spec | None = None


Editions = dict[int, dict[str, Spec]]
"""By category and edition, oldest first: the specification of a record."""

_KEPT: list[Editions] = []


def keep_specs(packed: bytes) -> None:
    """Takes the specifications as they lie in the file (MessagePack)."""
    _KEPT[:] = [msgspec.msgpack.decode(packed, type=Editions)]


def specs_of(category: int) -> dict[str, Spec]:
    """The record's specification by edition, oldest first; empty for a category that nobody specified."""
    return _KEPT[0].get(category, {}) if _KEPT else _taken(category)


@cache
def _taken(category: int) -> dict[str, Spec]:
    return {edition: spec_of_record(spec.cv_uap.cv_record) for edition, spec in editions_of(category).items()}


# -- libasterix --------------------------------------------------------------------------------------------------------


@cache
def _generated() -> ModuleType:
    # 190,000 generated lines take most of a second to import: a node has them in a file (keep_specs).
    import asterix.generated

    return asterix.generated  # type: ignore[no-any-return]


@cache
def _base() -> Any:
    import asterix.base

    return asterix.base


@cache
def editions_of(category: int) -> dict[str, Any]:
    """libasterix's classes of a category by edition, oldest first; empty when libasterix has none."""
    specs = _generated().manifest["CATS"].get(category, ())
    return {"{}.{}".format(*spec.cv_edition): spec for spec in specs}


def spec_of_record(record: Any) -> Spec:
    """The values of a record class."""
    items = [getattr(item, "cv_non_spare", None) for item in record.cv_items_list]
    return Spec(Kind.COMPOUND, items=tuple(map(_item, items)), fspec_bytes=record.cv_fspec_max_bytes)


def _item(non_spare: Any) -> Item | None:
    return None if non_spare is None else Item(non_spare.cv_name, spec=_spec(_variation(non_spare)))


def _variation(non_spare: Any) -> Any:
    rule = non_spare.cv_rule
    return rule.cv_variation if issubclass(rule, _base().RuleVariationContextFree) else rule.cv_default_variation


def _spec(variation: Any) -> Spec:
    base = _base()
    if issubclass(variation, base.Element):
        return _element(variation)
    if issubclass(variation, base.Group):
        return Spec(Kind.GROUP, bits=variation.cv_bit_size, parts=(_members(variation.cv_items_list),))
    if issubclass(variation, base.Extended):
        return Spec(Kind.EXTENDED, parts=tuple(map(_members, variation.cv_items_list)))
    if issubclass(variation, base.Repetitive):
        bits = variation.cv_variation.cv_bit_size
        return Spec(Kind.REPETITIVE, bits=bits, count_bytes=variation.cv_rep_bytes)
    if issubclass(variation, base.Explicit):
        return Spec(Kind.EXPLICIT)
    require(issubclass(variation, base.Compound), "libasterix describes an item by a known variation")
    items = tuple(map(_item, variation.cv_items_list))
    return Spec(Kind.COMPOUND, items=items, fspec_bytes=variation.cv_fspec_max_bytes)


def _element(variation: Any) -> Spec:
    content = getattr(variation.cv_rule, "cv_content", None)
    return Spec(
        Kind.ELEMENT,
        bits=variation.cv_bit_size,
        unit=getattr(content, "cv_unit", ""),
        signed=getattr(content, "cv_signedness", None) is _base().Signed,
        lsb=float(getattr(content, "cv_lsb", 1.0)),
    )


def _members(members: Any) -> tuple[Item | None, ...]:
    return tuple(None if member is None else _member(*member) for member in members)


def _member(kind: Any, bits: int) -> Item:
    if issubclass(kind, _base().Spare):
        return Item(bits=bits)
    inner = kind.cv_non_spare
    return Item(inner.cv_name, bits, _spec(_variation(inner)))
