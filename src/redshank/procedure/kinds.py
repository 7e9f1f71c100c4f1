"""Kinds: what an incident is about on one channel, and so which table both sides run for it.

Here: the kinds, and the rules by which a first message has one, as data. Not here: which table the agreement names for
a kind (`agreement`), how a thread is begun anew under another table (`thread`). May know: terms.

The rule is one sentence: *the first message under a name, in the log of the party that gave the name, decides, once and
for all* (PROC-33). Nobody else can speak under a name before, and a log has one order: so both sides find the same.
"""

from enum import StrEnum

import msgspec

from redshank.procedure.table import CROSSED, FORECAST, LOST, WARNED, Input
from redshank.terms.message import LostBody, Message, MessageType, NoticeBody, Phase

SHIPPED = (
    "notice",
    "crossing",
    "query",
    "search",
    "own-object",
    "own-measure",
    "public-warning",
    "find",
    "line-test",
    "balloon-night",
    "complaint",
)
"""The tables that ship, in the order in which a reader meets them."""


class IncidentKind(StrEnum):
    """What an incident is about on a channel. `line-test` is about the line itself and belongs to no incident."""

    NOTICE = "notice"
    CROSSING = "crossing"
    BALLOON_NIGHT = "balloon-night"
    SEARCH = "search"
    QUERY = "query"
    OWN_OBJECT = "own-object"
    OWN_MEASURE = "own-measure"
    FIND = "find"
    PUBLIC_WARNING = "public-warning"
    LINE_TEST = "line-test"


class KindRule(msgspec.Struct, frozen=True):
    """A first message of type `opens`, in one of `phases` if it tells of a phase, and of many objects if `many`."""

    kind: IncidentKind
    opens: str
    """A type of the wire. A version that does not speak it never meets the rule."""
    phases: frozenset[Phase] = frozenset(Phase)
    many: bool = False


RULES: tuple[KindRule, ...] = (
    KindRule(IncidentKind.BALLOON_NIGHT, "NOTICE", many=True),
    KindRule(IncidentKind.CROSSING, "NOTICE", frozenset({Phase.CROSSING, Phase.CROSSED})),
    KindRule(IncidentKind.NOTICE, "NOTICE"),
    KindRule(IncidentKind.SEARCH, "LOST"),
    KindRule(IncidentKind.QUERY, "QUERY"),
    KindRule(IncidentKind.OWN_OBJECT, "OWN-OBJECT"),
    KindRule(IncidentKind.OWN_MEASURE, "MEASURE"),
    KindRule(IncidentKind.FIND, "FIND"),
    KindRule(IncidentKind.PUBLIC_WARNING, "WARNING"),
    KindRule(IncidentKind.LINE_TEST, "TEST"),
)
"""The first rule that fits counts."""

INTENTS: dict[Input, IncidentKind] = {
    FORECAST: IncidentKind.NOTICE,
    CROSSED: IncidentKind.CROSSING,
    LOST: IncidentKind.SEARCH,
    WARNED: IncidentKind.PUBLIC_WARNING,
}
"""What we would speak of, before anything was said: by the own event that is worth a first word."""

FIRST_WORD: dict[IncidentKind, Input] = {kind: given for given, kind in INTENTS.items()} | {
    IncidentKind.BALLOON_NIGHT: FORECAST,
    IncidentKind.QUERY: FORECAST,
    IncidentKind.OWN_OBJECT: LOST,
}
"""The own event by which a table of this kind begins to owe a first word."""


def kind_of(message: Message) -> IncidentKind | None:
    """The kind that a message gives an incident if it is its first; None for a type that begins nothing."""
    body = message.body
    told = body.object if isinstance(body, NoticeBody | LostBody) else None
    phase = body.phase if isinstance(body, NoticeBody) else None
    for rule in RULES:
        fits = rule.opens == message.type and (phase is None or phase in rule.phases)
        if fits and (not rule.many or (told is not None and told.count > 1)):
            return rule.kind
    return None


def opened_by(types: tuple[MessageType, ...]) -> tuple[IncidentKind, ...]:
    """The kinds that messages of these types can begin, in the order of the rules."""
    spoken = {kind.value for kind in types}
    return tuple(dict.fromkeys(rule.kind for rule in RULES if rule.opens in spoken))


def opening_type(kind: IncidentKind) -> str:
    """The type of message that begins this kind."""
    return next(rule.opens for rule in RULES if rule.kind is kind)


def overtakes(given: Input, held: IncidentKind, now: IncidentKind) -> bool:
    """Whether an own event changes what a thread on which nothing was said is about: towards what is graver. A night of
    many objects stays one."""
    order = tuple(INTENTS.values())
    return held in order and given in INTENTS and now is INTENTS[given] and order.index(now) > order.index(held)
