"""Audit: whether a message that left lies within a policy, seen from the message alone.

Here: each rule read the other way round, from what arrived to what the rule could have let out. Not here: whether the
picture was as the rule's conditions ask (that is in the journal: `node/audit`). May know: terms.

This is a second look, written without what builds bodies, so that a mistake there is not repeated here.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from redshank.release.asking import Approval, sight_of
from redshank.release.coarsen import snap
from redshank.release.match import untimely
from redshank.release.policy import TRACK_TYPES, Coarsen, Field, Policy, Rule, RuleEffect
from redshank.terms.ids import CountryId, PartyId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import (
    CloseBody,
    CorrectBody,
    CrossingClaim,
    DistrictClaim,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    OwnObjectBody,
    PointE7,
)
from redshank.terms.track import Status


def outside(
    policy: Policy,
    partner: PartyId,
    message: Message,
    last_sent_ms: Instant | None = None,
    together: int = 1,
    approvals: Sequence[Approval] = (),
) -> str | None:
    """Why no rule of the policy can have let this message out to this partner; None when one can.

    `last_sent_ms`: when the message about the same object before this one was stated. `together`: the most that a count
    may say. `approvals`: each yes that is known. A CORRECT is held against the rules for what it corrects; a yes is to
    the CORRECT.
    """
    asked, message = message, as_corrected(message)
    wrongs = list[str]()
    for rule in policy.rules:
        if message.type not in rule.types or not {"any", partner} & set(rule.partners):
            continue
        if rule.effect is RuleEffect.DENY:
            continue
        beyond = _beyond(rule, partner, message, last_sent_ms, together)
        wrong = next(chain(beyond, _unasked(rule, partner, asked, approvals)), None)
        if wrong is None:
            return None
        wrongs.append(f"{rule.id}: {wrong}")
    return "; ".join(wrongs) or "no rule lets this type out to this partner"


def as_corrected(message: Message) -> Message:
    """A CORRECT as the message that it says should have been said; any other as it is."""
    body = message.body
    if not isinstance(body, CorrectBody):
        return message
    return msgspec.structs.replace(message, type=body.type, body=body.body)


def _unasked(rule: Rule, partner: PartyId, message: Message, approvals: Sequence[Approval]) -> Iterator[str]:
    """A rule that asks needs the yes of so many persons to just this, in time before it left (REL-20)."""
    if rule.effect is not RuleEffect.ASK or rule.ask is None:
        return
    parts = (message.type, message.channel, partner, message.incident, message.in_reply_to, message.observed_ms)
    sight = sight_of((rule.id, *parts, message.text, message.body))
    since = message.stated_ms - rule.ask.within_s * SECOND_MS
    people = {yes.person for yes in approvals if yes.sight == sight and since <= yes.at <= message.stated_ms}
    if len(people) < rule.ask.persons:
        yield f"asks {rule.ask.persons} persons, and {len(people)} are known to have said yes to just this in time"


def _beyond(
    rule: Rule, partner: PartyId, message: Message, last_sent_ms: Instant | None, together: int
) -> Iterator[str]:
    grains, body = rule.coarsen or Coarsen(), message.body
    yield from _times(rule, grains, message, last_sent_ms)
    if message.text is not None and (Field.TEXT in rule.strip or message.type in TRACK_TYPES):
        yield "has a remark, which the rule strips"
    match body:
        case CloseBody():
            if not _at_grain(grains, body.first_observed_ms, body.last_observed_ms):
                yield "its times are finer than the rule's grain"
        case LostBody():
            yield from _object(rule, grains, body.object)
            if not _on_grid(body.search_centre, grains) or body.search_radius_m % max(1, grains.position_m // 2):
                yield "the search disc is finer than the rule's grid"
        case OwnObjectBody():
            yield from _object(rule, grains, body.object)
            if body.until_ms is not None and not _at_grain(grains, body.until_ms):
                yield "its end is finer than the rule's grain"
        case NoticeBody():
            yield from _object(rule, grains, body.object, together)
            if body.crossing is not None:
                yield from _crossing(rule, grains, partner, body.crossing)
            for district in body.districts:
                yield from _district(rule, grains, partner, district)
        case _:
            pass


def _times(rule: Rule, grains: Coarsen, message: Message, last_sent_ms: Instant | None) -> Iterator[str]:
    out_of_time, seen, stated = untimely(rule, message.stated_ms), message.observed_ms, message.stated_ms
    if out_of_time is not None:
        yield f"was not in force at that time ({out_of_time})"
    if seen is not None and not _at_grain(grains, seen):
        yield "the time of observation is finer than the rule's grain"
    if rule.min_delay_s and seen is not None and stated < seen + rule.min_delay_s * SECOND_MS:
        yield "left before the rule's delay was over"
    before = last_sent_ms if message.type is MessageType.UPDATE else None
    if before is not None and stated < before + rule.update_interval_s * SECOND_MS:
        yield "came sooner after the message before it than the rule's interval"


def _at_grain(grains: Coarsen, *times: Instant) -> bool:
    return not any(at % (grains.time_s * SECOND_MS) for at in times)


def _object(rule: Rule, grains: Coarsen, told: ObjectState, together: int = 1) -> Iterator[str]:
    if not _on_grid(told.at, grains):
        yield "the position is not on the rule's grid"
    if told.accuracy_m % max(1, grains.position_m // 2) or told.accuracy_m * 2 < grains.position_m:
        yield "the accuracy is finer than the rule's grid"
    for name, value, grain in (
        ("altitude", told.altitude_m, grains.altitude_m),
        ("course", told.course_deg, grains.course_deg),
        ("speed", told.speed_kmh, grains.speed_kmh),
    ):
        if value is not None and not grain:
            yield f"has a {name}, which the rule does not let out"
        elif value is not None and value % grain and not (name == "course" and (value + 360) % grain == 0):
            yield f"the {name} is finer than the rule's grain"
    if Field.STATUS in rule.strip and told.status is not Status.UNKNOWN:
        yield "has a status, which the rule strips"
    if Field.STATUS not in rule.strip and rule.statuses is not None and told.status not in rule.statuses:
        yield f"is about {told.status.value}, which the rule is not about"
    if told.count > together:
        yield f"has a count of {told.count}, and {together} at most could have left"


def _crossing(rule: Rule, grains: Coarsen, partner: PartyId, told: CrossingClaim) -> Iterator[str]:
    if Field.CROSSING in rule.strip:
        yield "has a crossing, which the rule strips"
    if CountryId(partner) not in (told.into, told.out_of):
        yield "claims a crossing of a border that is not the receiver's"
    yield from _claim(grains, told)
    if not (_on_grid(told.stretch_from, grains) and _on_grid(told.stretch_to, grains)):
        yield "a stretch of border is not on the rule's grid"


def _district(rule: Rule, grains: Coarsen, partner: PartyId, told: DistrictClaim) -> Iterator[str]:
    if Field.DISTRICTS in rule.strip:
        yield "has districts, which the rule strips"
    if not told.district.startswith(partner):
        yield f"names the district {told.district}, which is not the receiver's"
    yield from _claim(grains, told)


def _claim(grains: Coarsen, told: CrossingClaim | DistrictClaim) -> Iterator[str]:
    if not _at_grain(grains, told.p10_ms, told.p50_ms, told.p90_ms):
        yield "a time of a forecast is finer than the rule's grain"
    if told.permille % grains.permille and told.permille not in (1_000, 1_000 - grains.permille):
        yield "a probability is finer than the rule's step"


def _on_grid(point: PointE7, grains: Coarsen) -> bool:
    return snap(point.position(), grains.position_m) == point
