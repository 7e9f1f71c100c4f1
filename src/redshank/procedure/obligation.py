"""Obligations: who owes what by when, and which step of the ladder a missed one has reached.

Here: the value and its arithmetic. Not here: when one begins or is settled (`table`, `thread`). May know: terms.
"""

from enum import StrEnum

import msgspec

from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import Message


class Owner(StrEnum):
    """Who owes it, seen from this node."""

    US = "us"
    PARTNER = "partner"


class Step(StrEnum):
    """The steps of an escalation ladder, as codes that each side shows in its own language."""

    SECOND_OFFICER = "second-officer"
    ALTERNATE_LINE = "alternate-line"
    THIRD_PARTY_RELAY = "third-party-relay"
    ATC_SUPERVISOR = "atc-supervisor"
    HIGHER_LEVEL = "higher-level"


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A step of a ladder, due `after_s` seconds after the deadline (not after the step before)."""

    step: Step
    after_s: int


class MessageRef(msgspec.Struct, frozen=True, order=True, gc=False):
    """A message of one log: year and generation of the log, and serial. Within one channel and direction the order is
    the order of sending."""

    year: int
    generation: int
    serial: int

    @staticmethod
    def of(message: Message) -> "MessageRef":
        """Where a message stands."""
        return MessageRef(message.year, message.generation, message.serial)


class Obligation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something owed. It ends by being done (`settled_at`), or because the close released it (`lapsed` as well)."""

    id: str
    owner: Owner
    what: str
    began_at: Instant
    due: Instant
    ladder: tuple[Rung, ...]
    first: MessageRef | None = None
    """The oldest message that it is about, if it is about messages."""
    newest: MessageRef | None = None
    settled_at: Instant | None = None
    lapsed: bool = False
    escalation_level: int = 0
    """0 while in time; n when step n of the ladder has been reached."""
    missed_at: Instant | None = None

    @property
    def open(self) -> bool:
        """Whether it is still owed."""
        return self.settled_at is None

    @property
    def serial(self) -> int | None:
        """Serial of the oldest message that it is about."""
        return self.first.serial if self.first else None

    @property
    def step(self) -> Step | None:
        """The step of the ladder that has been reached; None while in time."""
        return self.ladder[self.escalation_level - 1].step if self.escalation_level else None

    @property
    def exhausted(self) -> bool:
        """Whether the last step has been reached: the machine has nothing more to raise."""
        return self.escalation_level >= len(self.ladder)

    @property
    def next_at(self) -> Instant | None:
        """When the next step is due; None when it is settled or exhausted."""
        return None if not self.open or self.exhausted else self.step_at(self.escalation_level + 1)

    def step_at(self, level: int) -> Instant:
        """When step `level` (from 1) is due."""
        return Instant(self.due + self.ladder[level - 1].after_s * SECOND_MS)

    @property
    def late_ms(self) -> int:
        """By how much it was done too late; 0 when in time, open, or released by the close."""
        return 0 if self.settled_at is None or self.lapsed else max(0, self.settled_at - self.due)
