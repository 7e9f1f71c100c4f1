"""Roles: in what capacity a person acts. The journal knows roles, never names.

Here: the four roles of a nation's cell. Not here: which role may do what (`node/roles`), who has which
(`edges/people`).
"""

from enum import StrEnum


class Role(StrEnum):
    """Everybody who is let in may read. Beyond that a person may do what one of its roles may, and nothing else."""

    OBSERVER = "observer"
    """Reads."""
    DUTY_OFFICER = "duty-officer"
    """Follows the procedure: sends, answers, warns, closes, speaks on the telephone, keeps the watch."""
    RELEASING_AUTHORITY = "releasing-authority"
    """Says yes or no to what a rule of the release policy asks about."""
    ADMINISTRATOR = "administrator"
    """People, keys, reloading the policy; no act of a procedure."""
