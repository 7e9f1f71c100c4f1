"""Reconcile: what was heard by voice, held against the signed original.

Here: the comparison, field by field, within exactly the rounding of the voice form. Not here: what a node does then.
May know: terms.
"""

from typing import Any

import msgspec

from redshank.exchange.voice.form import coarsened
from redshank.exchange.voice.layout import Heard
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal

ABSENT = "-"
"""Stands for a member that one side has not."""


class Difference(msgspec.Struct, frozen=True):
    """One field in which the two are not the same: what voice said, and what the signed message says, both in the steps
    of the voice form. The signed one counts."""

    field: str
    voice: str
    signed: str


def differences(heard: Heard, signed: Message | Refusal) -> tuple[Difference, ...]:
    """Nothing when a read-out of the signed message would have been heard as this was. A signed entry that is no
    message (a Refusal) differs in everything: it says nothing that counts."""
    if isinstance(signed, Refusal):
        return (Difference("entry", heard.message.type.value, f"refused: {signed.reason.value}"),)
    should = coarsened(signed)
    if isinstance(should, Refusal):
        return (Difference("entry", heard.message.type.value, f"refused: {should.reason.value}"),)
    said, true = _flat(heard), _flat(should)
    names = [*said, *(name for name in true if name not in said)]
    return tuple(
        Difference(name, said.get(name, ABSENT), true.get(name, ABSENT))
        for name in names
        if said.get(name) != true.get(name)
    )


def _flat(heard: Heard) -> dict[str, str]:
    out: dict[str, str] = {}
    _spread("", msgspec.to_builtins(heard.message), out)
    if heard.unspoken:
        out["unspoken"] = ", ".join(heard.unspoken)
    return out


def _spread(name: str, value: Any, out: dict[str, str]) -> None:
    """Members of members get names with dots; what is absent is left out."""
    if isinstance(value, dict):
        for member, inner in value.items():
            _spread(f"{name}.{member}" if name else member, inner, out)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value, start=1):
            _spread(f"{name}.{number}", inner, out)
    elif value is not None:
        out[name] = str(value)
