"""Checks of texts that another party hands in to be read by people first: agreements, procedures, policies, sources."""

import msgspec

from redshank.decode.source import SourceConfig, parse_source
from redshank.procedure.agreement import parse_agreement
from redshank.procedure.config import ConfigError
from redshank.procedure.table import parse_table
from redshank.release.reader import PolicyRefused, parse_policy


def agreement(data: bytes) -> bool:
    """An agreement."""
    try:
        parse_agreement(data.decode("utf-8", errors="replace"))
    except ConfigError as refused:
        assert refused.field
        assert refused.line >= 1
        return False
    return True


def procedure(data: bytes) -> bool:
    """A procedure table."""
    try:
        parse_table(data.decode("utf-8", errors="replace"))
    except ConfigError as refused:
        assert refused.field
        assert refused.line >= 1
        return False
    return True


def policy(data: bytes) -> bool:
    """A release policy."""
    try:
        parse_policy(data.decode("utf-8", errors="replace"))
    except PolicyRefused as refused:
        assert refused.field
        assert refused.line >= 1
        return False
    return True


def source(data: bytes) -> bool:
    """The description of a feed, as plain data."""
    try:
        plain = msgspec.json.decode(data)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return isinstance(parse_source(plain), SourceConfig)
