"""The part of the view about people: what waits for a releasing authority, the policy in force, and the shift.

Here: the types. Not here: how they are made from a node's state (`render_people`), who a hand is (the desk).
"""

import msgspec


class ApprovalView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A message that a rule asks about, or asked about: what the partner would get, why it is asked, and what became of
    it. `standing`: ``waiting``, ``sent``, ``refused``, ``lapsed``, ``replaced``, ``withdrawn``."""

    number: int
    channel: str
    partner: str
    type: str
    incident: str | None
    track: str | None
    rule: str
    body: dict[str, object]
    """In the members and units of the wire."""
    text: str | None
    observed_ms: int | None
    sight: str
    """SHA-256 of all that would leave; a yes names it."""
    asked_ms: int
    ends_ms: int
    """Without enough yeses by then it is a no."""
    persons: int
    """How many have to say yes."""
    reasons: list[tuple[str, str, str]]
    """While it waits: each rule of the policy in force up to the one that asks, the condition that was not met (empty:
    all were), and what was found."""
    yes: list[str]
    """Who has: hands, which the desk turns into names for its own people."""
    standing: str
    ended_ms: int | None
    ended_by: str
    why: str
    serial: int | None


class PolicyView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The release policy in force: its name, SHA-256 of its file, and since when."""

    name: str
    sha256: str
    since_ms: int | None
    rules: int


class ShiftOwedView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that was offered with the shift and has still to be accepted."""

    id: str
    incident: str
    channel: str | None
    what: str
    due_ms: int
    missed: bool


class ShiftView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who answers for this node. `person` and `next` are hands, which the desk turns into names."""

    person: str
    since_ms: int
    taken_over: bool
    offered_ms: int | None
    next: str
    to_accept: list[ShiftOwedView]
    accepted: list[tuple[str, int]]
