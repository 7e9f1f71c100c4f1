"""Asking: what a releasing authority says yes to, who said it, and for how long it counts.

Here: the yes as data, and what is still lacking. Not here: who a person is and may be (the node's people and their
logins), what leaves (`decide`). May know: terms.

A yes names a *sight*: SHA-256 over all that would leave. So nobody says yes to one thing and sends another: when the
object has moved to another cell, the question is a new one.
"""

import hashlib

import msgspec

from redshank.release.policy import Asking
from redshank.terms.instants import SECOND_MS, Instant, format_instant

_ENCODER = msgspec.json.Encoder(order="sorted")


class Approval(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person's yes."""

    person: str
    """Who, by the name that the node knows the person by: two roles of one person are one person."""
    at: Instant
    sight: bytes


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """When it was asked, and what was answered since."""

    asked_at: Instant
    approvals: tuple[Approval, ...] = ()

    def ends_at(self, asking: Asking) -> Instant:
        """The last instant at which it may leave: later the question has lapsed, whatever was answered."""
        return Instant(self.asked_at + asking.within_s * SECOND_MS)


def sight_of(parts: object) -> bytes:
    """What a yes names: the digest of all that would leave."""
    return hashlib.sha256(_ENCODER.encode(parts)).digest()


def has_lapsed(asking: Asking, question: Question | None, now: Instant) -> bool:
    """Whether the time for a yes is over."""
    return question is not None and now > question.ends_at(asking)


def lacking(asking: Asking, question: Question | None, sight: bytes, now: Instant) -> str | None:
    """One sentence on whose yes is still needed; None when enough persons have said yes to just this, in time."""
    given = () if question is None else question.approvals
    people = {yes.person for yes in given if yes.sight == sight and question and question.asked_at <= yes.at <= now}
    left = asking.persons - len(people)
    if left <= 0:
        return None
    who = "a releasing authority has" if left == 1 and not people else f"{left} more {_persons(left)}"
    if not people and left > 1:
        who = f"{left} persons of the releasing authority have"
    until = "" if question is None else f", until {format_instant(question.ends_at(asking))}"
    return f"{who} to say yes{until}"


def _persons(count: int) -> str:
    return "person has" if count == 1 else "persons have"
