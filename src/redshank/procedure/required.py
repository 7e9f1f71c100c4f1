"""Required content: what a form asks for beyond what the wire demands, so that a message that came in time and says
nothing counts as incomplete.

Here: the table, and the pure question what of it a message lacks. Not here: the wire's own demands (exchange.bounds),
and why something is missing: a sender's policy may have kept it back, which its partner cannot know (RPT-3). May know:
terms. Mechanical and the same for both sides: no judgement.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

from redshank.terms.ids import PartyId, partner_on
from redshank.terms.message import CorrectBody, Message, MessageType

EDITION: Final = 1
"""Of the table; a report names it. Grows when a row changes."""


class When(StrEnum):
    """In which messages of a type a member is asked for."""

    ALWAYS = "always"
    NOT_CROSSED = "not-crossed"
    """Unless the phase is `crossed`."""
    INTO_RECEIVER = "into-receiver"
    """When the crossing leads into the receiver's territory."""
    NOT_LANDED = "not-landed"
    """Unless the condition is `landed`."""


class Asked(msgspec.Struct, frozen=True):
    """One member that a form asks for, by its path in the message; one that says one of `empty` says nothing."""

    member: str
    when: When = When.ALWAYS
    empty: tuple[object, ...] = ()


_OBJECT = (Asked("body.object.altitude_m"), Asked("body.object.course_deg"), Asked("body.object.speed_kmh"))
_OBSERVED = Asked("observed_ms")
_NOTICE = (
    _OBSERVED,
    *_OBJECT,
    Asked("body.crossing", When.NOT_CROSSED),
    Asked("body.districts", When.INTO_RECEIVER, ((),)),
)

FORMS: Final[dict[str, tuple[Asked, ...]]] = {
    "TEST": (),
    "TEST-REPLY": (),
    "NOTICE": _NOTICE,
    "UPDATE": _NOTICE,
    "LOST": (_OBSERVED, *_OBJECT, Asked("body.search_radius_m", empty=(0,))),
    "QUERY": (),
    "REPLY": (Asked("body.answer", empty=("cannot-say",)),),
    "ACK": (),
    "CLOSE": (Asked("body.outcome", empty=("no-further-information",)), Asked("body.objects", empty=(0,))),
    "AGREE-CLOSE": (),
    "LOG-END": (),
    "LOG-OPEN": (),
    "OWN-OBJECT": (*_OBJECT, Asked("body.until_ms", When.NOT_LANDED)),
    "MEASURE": (Asked("body.floor_m"), Asked("body.ceiling_m")),
    "FIND": (Asked("body.object"),),
    "EVIDENCE": (Asked("body.find"),),
    "NEGATIVE": (),
    "WARNING": (),
    "CORRECT": (),
    "CANCEL": (),
}
"""Type to what its form asks for, in the order in which it is told. A type without a row asks for nothing; CORRECT asks
for what the type that it corrects asks for."""


_STEPS = {asked.member: tuple(asked.member.split(".")) for row in FORMS.values() for asked in row}


class Said(msgspec.Struct, frozen=True):
    """What of a message decides: of one that was sent, or that would be."""

    type: str
    receiver: PartyId
    body: Any
    observed_ms: int | None


def missing(message: Message) -> tuple[str, ...]:
    """What the form of this message asks for and the message does not say, by member; empty: it is complete."""
    if not FORMS.get(message.type.value) and message.type is not MessageType.CORRECT:
        return ()
    receiver = partner_on(message.channel, PartyId(message.sender))
    return missing_in(Said(message.type.value, receiver, message.body, message.observed_ms))


def missing_in(said: Said) -> tuple[str, ...]:
    """The same of what is about to be said. A correction is asked for what the form that it corrects asks for."""
    if isinstance(said.body, CorrectBody):
        said = Said(said.body.type.value, said.receiver, said.body.body, said.observed_ms)
    asked = FORMS.get(said.type, ())
    return tuple([one.member for one in asked if _applies(one.when, said) and not _says(one, said)])


def _applies(when: When, said: Said) -> bool:
    body = said.body
    match when:
        case When.ALWAYS:
            return True
        case When.NOT_CROSSED:
            return bool(body.phase.value != "crossed")
        case When.NOT_LANDED:
            return bool(body.condition.value != "landed")
        case When.INTO_RECEIVER:
            return body.crossing is not None and bool(body.crossing.into == said.receiver)


def _says(asked: Asked, said: Said) -> bool:
    value: Any = said
    for step in _STEPS[asked.member]:
        value = getattr(value, step, None)
        if value is None:
            return False
    return getattr(value, "value", value) not in asked.empty
