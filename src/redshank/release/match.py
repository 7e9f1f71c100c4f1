"""Matching: which rule of a policy is about a draft, and why the others are not.

Here: the plausibility check that comes before any rule, and the conditions of a rule. Not here: what a rule does.
May know: terms.
"""

import math
import unicodedata
from typing import Final

from redshank.release.coarsen import sigma_max_m
from redshank.release.policy import TRACK_TYPES, Rule
from redshank.terms import limits
from redshank.terms.draft import Draft, FormDraft, TrackDraft
from redshank.terms.geo import REGION, Position
from redshank.terms.message import BODY_OF, AckBody, AgreeCloseBody, CloseBody, MessageType, QueryBody, TestBody
from redshank.terms.refusal import Reason, Refusal

CODE_CHARS: Final = 32  # a role is a word of a closed list
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
    if type(body) is not BODY_OF[draft.type]:
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


def mismatch(rule: Rule, draft: Draft, sigma: float) -> str | None:
    """The first condition of a rule that a draft does not meet, by the rule's field name; None when it matches."""
    if draft.type not in rule.types:
        return "types"
    if draft.partner not in rule.partners and "any" not in rule.partners:
        return "partners"
    return _track_mismatch(rule, draft, sigma) if isinstance(draft, TrackDraft) else None


def _track_mismatch(rule: Rule, draft: TrackDraft, sigma: float) -> str | None:
    track = draft.track
    checks = (
        ("within_km", rule.within_km is None or draft.distance_to_partner_m <= rule.within_km * 1_000.0),
        ("statuses", rule.statuses is None or track.status in rule.statuses),
        ("lives", rule.lives is None or track.life in rule.lives),
        ("altitude", rule.altitude is None or _in_band(rule, track.altitude_m)),
        ("min_reports", rule.min_reports is None or track.reports >= rule.min_reports),
        ("max_sigma_m", rule.max_sigma_m is None or sigma <= rule.max_sigma_m),
        ("cooperative", rule.cooperative is None or track.cooperative is rule.cooperative),
    )
    return next((name for name, holds in checks if not holds), None)


def _in_band(rule: Rule, altitude_m: float | None) -> bool:
    band = rule.altitude
    if band is None:
        return True
    return band.unknown if altitude_m is None else band.min_m <= altitude_m <= band.max_m
