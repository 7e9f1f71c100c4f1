"""Verdicts, and the proof that one was given: `Released` is the only thing that `exchange` sends.

Here: the results of a decision. Not here: the decision (`decide`), the rules (`policy`). May know: terms.

`Released` is proof by type. It can be made only with the key of this module, which only the release room
uses: not by calling the class, not by decoding, not by copying or unpickling, not by subclassing. This is a
fence against a mistake of ours, not against code that is out to break it from inside the process; a test
looks for such code.
"""

from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import Final, NoReturn, final

import msgspec

from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.invariant import require
from redshank.terms.message import Body, MessageType
from redshank.terms.refusal import Refusal

_KEY: Final = object()


class Effect(StrEnum):
    """What a verdict says: it may leave, it may not, or a person has to be asked first."""

    RELEASE = "release"
    WITHHOLD = "withhold"
    ASK = "ask"


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The result of one decision, with the rule that gave it. For the own journal, never for the partner."""

    effect: Effect
    rule: str
    """Id of the policy's rule, or ``default-deny``."""
    hidden: tuple[tuple[str, str], ...] = ()
    """(field of the draft, rule id) for each field that was coarsened or left out, in a fixed order."""
    detail: str = ""
    """One sentence for the officer."""


class Shown(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a releasing authority is asked about: all that would leave, and `sight`, by which a yes names just that.
    No proof: only `decide` makes a Released of it."""

    body: Body
    observed_ms: Instant | None
    text: str | None
    sight: bytes


class Withheld(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Nothing leaves. `not_before_ms` is set when only time stands in the way: decide again from then on. `shown` is
    set when persons are asked."""

    verdict: Verdict
    refusal: Refusal
    not_before_ms: Instant | None = None
    shown: Shown | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What may leave to one partner on one channel, built from an allow-list by `decide`.

    `observed_ms` is floored to the policy's time grain. Raises InvariantBroken when made outside the room.
    """

    key: InitVar[object]
    type: MessageType
    channel: ChannelId
    partner: PartyId
    body: Body
    incident: IncidentId | None
    in_reply_to: int | None
    observed_ms: Instant | None
    text: str | None
    verdict: Verdict
    reply_generation: int | None = None

    def __post_init__(self, key: object) -> None:
        require(key is _KEY, "only the release room makes a Released")

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Released has no subclasses: a subclass would not be proof")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Released is not copied or pickled: decide again")

    def __getstate__(self) -> NoReturn:
        raise TypeError("Released is not copied or pickled: decide again")

    def __setstate__(self, state: object) -> NoReturn:
        raise TypeError("Released is not copied or pickled: decide again")


def _release(  # noqa: PLR0913  every field of the proof is said aloud
    *,
    type_: MessageType,
    channel: ChannelId,
    partner: PartyId,
    body: Body,
    incident: IncidentId | None,
    in_reply_to: int | None,
    observed_ms: Instant | None,
    text: str | None,
    verdict: Verdict,
    reply_generation: int | None = None,
) -> Released:
    """The one place that makes a Released; called by `decide` and by nobody else."""
    require(verdict.effect is Effect.RELEASE, "a Released carries a releasing verdict")
    return Released(
        key=_KEY,
        type=type_,
        channel=channel,
        partner=partner,
        body=body,
        incident=incident,
        in_reply_to=in_reply_to,
        observed_ms=observed_ms,
        text=text,
        verdict=verdict,
        reply_generation=reply_generation,
    )
