"""Layout: the tables of the people's store, and its types. Not here: what is done with them (`store`)."""

from enum import StrEnum
from typing import Final

import msgspec

from redshank.terms.instants import Instant
from redshank.terms.roles import Role

LAYOUT: Final = 1

SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE person (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, kind TEXT NOT NULL, disabled INTEGER NOT NULL,
    subject TEXT UNIQUE, password TEXT, totp TEXT, totp_step INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, barred_until INTEGER NOT NULL DEFAULT 0, made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passkey (
    id BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), public_key BLOB NOT NULL, uses INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE link (
    hash BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
    hash BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), begun_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL, ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE act (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
    role TEXT NOT NULL, act TEXT NOT NULL, about TEXT NOT NULL, outcome TEXT
) STRICT;
CREATE INDEX act_at ON act (at);
"""


class Kind(StrEnum):
    """What sort of account: a person's, or one that an exercise made. That one opens with a link alone, and no node in
    operation takes it."""

    PERSON = "person"
    EXERCISE = "exercise"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An account. `id` is what the person types; `name` is for people to read."""

    id: str
    name: str
    roles: tuple[Role, ...]
    kind: Kind = Kind.PERSON
    disabled: bool = False
    passkeys: int = 0
    has_password: bool = False
    """A password and a time-based code; never one without the other."""
    subject: str | None = None
    """Who this is at the national login: issuer and subject."""

    @property
    def enrolled(self) -> bool:
        """Whether the person can log in at all."""
        return self.passkeys > 0 or self.has_password or self.subject is not None


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the national register: who asked the node for what. The journal's row names `number`, and no person.
    `outcome` is ``done`` or the reason of the refusal; None when the node ended before it said."""

    number: int
    at: Instant
    person: str
    name: str
    role: str
    act: str
    about: str
    outcome: str | None
