"""Matching: which rule of a policy is about a draft, and why the others are not.

Here: the plausibility check that comes before any rule, and the conditions of a rule. Not here: what a rule does.
May know: terms.
"""

import math
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from redshank.release.coarsen import floor_time, moved, sigma_max_m
from redshank.release.policy import TRACK_TYPES, Coarsen, Hours, Policy, Rule, RuleEffect
from redshank.release.zones import holds
from redshank.terms import limits
from redshank.terms.draft import Draft, FormDraft, TrackDraft
from redshank.terms.geo import REGION, Position
from redshank.terms.instants import Instant
from redshank.terms.message import (
    BODY_OF,
    AckBody,
    AgreeCloseBody,
    CloseBody,
    CorrectBody,
    MessageType,
    QueryBody,
    TestBody,
)
from redshank.terms.refusal import Reason, Refusal

CODE_CHARS: Final = 32  # a role is a word of a closed list
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
COUNT_MAX: Final = 1_000_000  # objects of an incident, tests of a channel: larger is a slip


def sigma_m(draft: TrackDraft) -> float:
    """The track's position sigma along the worst direction, metres; NaN when its covariance is none."""
    covariance = draft.track.covariance
    if len(covariance) != 16 or not all(map(math.isfinite, covariance)):
        return math.nan
    return sigma_max_m(covariance[0], covariance[1], covariance[5])


def fault(draft: Draft, sigma: float) -> Refusal | None:
    """What makes a draft unfit to be sent whatever the policy says; None when nothing does."""
    return _track_fault(draft, sigma) if isinstance(draft, TrackDraft) else _form_fault(draft)


def _track_fault(draft: TrackDraft, sigma: float) -> Refusal | None:
    track = draft.track
    if draft.type not in TRACK_TYPES:
        return Refusal(Reason.NOT_RELEASED, "type", f"{draft.type.value} is not built from a track")
    if (draft.type is MessageType.OWN_OBJECT) is (draft.own is None):
        return Refusal(Reason.NOT_RELEASED, "own", "an OWN-OBJECT says its condition, and nothing else does")
    if draft.type is MessageType.LOST and draft.search is None:
        return Refusal(Reason.NOT_RELEASED, "search", "LOST needs a search area; wait until the track is lost")
    if not _in_region(track.position):
        return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "track.position", "lies outside the region of the geodata")
    if draft.search is not None and not (
        _in_region(draft.search.last_position)
        and _in_region(draft.search.centre)
        and 0.0 <= draft.search.radius_m < math.inf
    ):
        return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "search", "lies outside the region of the geodata")
    if not math.isfinite(sigma):
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "track.covariance", "is not a covariance of finite numbers")
    numbers = (track.velocity_e_mps, track.velocity_n_mps, track.altitude_m or 0.0, draft.distance_to_partner_m)
    if not all(map(math.isfinite, numbers)) or track.speed_mps > limits.SPEED_MAX_MPS:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "track", "a speed, altitude or distance is not a plausible number")
    return None


def _in_region(position: Position) -> bool:
    return REGION.holds(position.lat_deg, position.lon_deg)


def _form_fault(draft: FormDraft) -> Refusal | None:
    if draft.type in TRACK_TYPES:
        return Refusal(Reason.NOT_RELEASED, "type", f"{draft.type.value} is built from a track, never from a form")
    body = draft.body
    if type(body) is not BODY_OF[draft.type] or isinstance(body, CorrectBody):
        return Refusal(Reason.NOT_RELEASED, "body", f"is not the form of {draft.type.value}")
    if isinstance(body, AckBody) and not _is_code(body.role):
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "role", "is not a code of small letters and hyphens")
    if isinstance(body, AgreeCloseBody) and body.agrees not in ("yes", "no"):
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "agrees", "is neither yes nor no")
    counted = {QueryBody: "object", CloseBody: "objects", TestBody: "number"}.get(type(body))
    if counted is not None and not 0 <= getattr(body, counted) <= COUNT_MAX:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, counted, f"is not between 0 and {COUNT_MAX}")
    if isinstance(body, CloseBody) and body.first_observed_ms > body.last_observed_ms:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "first_observed_ms", "is after last_observed_ms")
    return _text_fault(draft.text)


def _is_code(word: str) -> bool:
    letters = word.replace("-", "")
    return len(word) <= CODE_CHARS and letters.isascii() and letters.isalpha() and letters.islower()


def _text_fault(text: str | None) -> Refusal | None:
    if text is None:
        return None
    if len(text) > limits.MESSAGE_TEXT_CHARS:
        return Refusal(Reason.TOO_LARGE, "text", f"has {len(text)} characters, {limits.MESSAGE_TEXT_CHARS} fit")
    if any(unicodedata.category(char)[0] == "C" or char in "\u2028\u2029" for char in text):
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "text", "has a control, format or unassigned character")
    return None


class Moment(NamedTuple):
    """What conditions are held against beside the draft: the policy's zones and time grains, and the time."""

    policy: Policy
    now: Instant
    sigma_m: float


def mismatch(rule: Rule, draft: Draft, moment: Moment) -> str | None:
    """The first condition of a rule that a draft does not meet, by the rule's field name; None when it matches."""
    if draft.type not in rule.types:
        return "types"
    if draft.partner not in rule.partners and "any" not in rule.partners:
        return "partners"
    wrong_time = untimely(rule, moment.now)
    if wrong_time is not None:
        return wrong_time
    return _track_mismatch(rule, draft, moment) if isinstance(draft, TrackDraft) else None


def untimely(rule: Rule, now: Instant) -> str | None:
    """``valid`` or ``hours`` when the rule is not in force at this time; the node's clock, UTC."""
    if rule.valid is not None and not _ms(rule.valid.since) <= now < _ms(rule.valid.until):
        return "valid"
    if rule.hours is not None and not _in_hours(rule.hours, now):
        return "hours"
    return None


def _ms(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(milliseconds=1)


def _in_hours(hours: Hours, now: Instant) -> bool:
    minute = now // 60_000 % (24 * 60)
    since, until = (int(text[:2]) * 60 + int(text[3:]) for text in (hours.since, hours.until))
    return since <= minute < until if since < until else minute >= since or minute < until


def _track_mismatch(rule: Rule, draft: TrackDraft, moment: Moment) -> str | None:
    track = draft.track
    checks = (
        ("within_km", rule.within_km is None or draft.distance_to_partner_m <= rule.within_km * 1_000.0),
        ("statuses", rule.statuses is None or track.status in rule.statuses),
        ("lives", rule.lives is None or track.life in rule.lives),
        ("altitude", rule.altitude is None or _in_band(rule, track.altitude_m)),
        ("min_reports", rule.min_reports is None or track.reports >= rule.min_reports),
        ("max_sigma_m", rule.max_sigma_m is None or moment.sigma_m <= rule.max_sigma_m),
        ("cooperative", rule.cooperative is None or track.cooperative is rule.cooperative),
        ("zones", rule.zones is None or in_zones(rule, draft, moment.policy)),
    )
    return next((name for name, holds in checks if not holds), None)


def _in_band(rule: Rule, altitude_m: float | None) -> bool:
    band = rule.altitude
    if band is None:
        return True
    return band.unknown if altitude_m is None else band.min_m <= altitude_m <= band.max_m


def in_zones(rule: Rule, draft: TrackDraft, policy: Policy) -> bool:
    """An allowing rule needs every place that the draft would tell of in one of its zones; a denying or asking rule one
    place: what is excluded must not leave because the other places are elsewhere."""
    outlines = [policy.zones[name] for name in rule.zones or ()]
    inside = (any(holds(outline, place) for outline in outlines) for place in told_places(draft, policy))
    return all(inside) if rule.effect is RuleEffect.ALLOW else any(inside)


def told_places(draft: TrackDraft, policy: Policy) -> list[Position]:
    """Every place at which a message about the draft could put the object under any rule of the policy: where it is,
    where it was at the start of each rule's time grain, where it crossed, and where it is searched for."""
    track, search = draft.track, draft.search if draft.type is MessageType.LOST else None
    place, at = (track.position, track.at) if search is None else (search.last_position, search.last_at)
    places = [place]
    for grain_s in time_grains_s(policy):
        back_s = (at - floor_time(at, grain_s)) / 1_000.0
        places.append(moved(place, -track.velocity_e_mps * back_s, -track.velocity_n_mps * back_s))
    if search is not None:
        places.append(search.centre)
    if draft.crossing is not None:
        places.append(draft.crossing.position)
    return places


def time_grains_s(policy: Policy) -> list[int]:
    """The time grains that a message about a track can have."""
    return sorted({(rule.coarsen or Coarsen()).time_s for rule in policy.rules if rule.for_tracks})
