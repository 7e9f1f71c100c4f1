"""Fingerprint: the canonical content of an agreement, and its SHA-256: by it two parties say that they mean one text.

Here: which members count, in which spelling (AGR-2). Not here: files. May know: terms. What stands in a file beside the
content (comments, order of members, the state that it begins in) changes nothing; a member with its default value is
left out, so that a later version may add one.
"""

import hashlib
from typing import Any

import msgspec

from redshank.procedure.agreement import Agreement

SHOWN_DIGITS = 12
"""So many of the 64 digits are shown where a person compares at a glance; he reads out all of them where it counts."""
_STATE = "state"
_UNORDERED = ("messages", "parties")


def canonical_content(agreement: Agreement) -> bytes:
    """JSON in the spelling of MSG-1: members sorted, no white space, UTF-8."""
    plain: dict[str, Any] = msgspec.to_builtins(_without_defaults(agreement))
    for name in _UNORDERED:
        plain[name] = sorted(plain[name])
    return msgspec.json.encode(plain, order="sorted")


def fingerprint(agreement: Agreement) -> str:
    """SHA-256 of the canonical content, in hexadecimal digits."""
    return hashlib.sha256(canonical_content(agreement)).hexdigest()


def _without_defaults(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {
            field.name: _without_defaults(found)
            for field in msgspec.structs.fields(type(value))
            if (found := getattr(value, field.name)) != _default(field)
            and not (isinstance(value, Agreement) and field.name == _STATE)
        }
    if isinstance(value, dict):
        return {name: _without_defaults(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_without_defaults(inner) for inner in value]
    return value


def _default(field: Any) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
