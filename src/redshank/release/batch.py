"""Batch: the verdicts of one policy about a whole picture and several partners at once.

Here: which rule decides and with what effect, for NOTICE, as arrays. Not here: another law: each verdict is that of
`decide`, a test holds them against one another; and no body is built, for only `decide` makes a Released. May know:
terms, numpy.

Each condition is one comparison over all tracks. What the last digit of a float could decide (a place within a tenth
of a millimetre of a zone's edge), and what is not plainly sound, goes to `decide` one by one.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from redshank.release.coarsen import moved_each, sigma_max_each_m
from redshank.release.decide import decide
from redshank.release.match import time_grains_s, untimely
from redshank.release.policy import DEFAULT_DENY, DRAFT_CHECK, Policy, Rule, RuleEffect
from redshank.release.released import Effect
from redshank.release.zones import holds_each
from redshank.terms import limits
from redshank.terms.draft import TrackDraft
from redshank.terms.geo import REGION
from redshank.terms.ids import IncidentId, PartyId, channel_between
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import MessageType, Phase
from redshank.terms.track import Life, Status, Track

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
EFFECTS: Final = (Effect.RELEASE, Effect.WITHHOLD, Effect.ASK)
_RELEASE, _WITHHOLD, _ASK = range(3)
_CODES: Final = {id(code): number for kind in (Status, Life) for number, code in enumerate(kind)}
"""By identity, for hashing a code of 20,000 is a third of the whole work; a code is one object in a process."""
_SURE_MPS: Final = 0.999 * limits.SPEED_MAX_MPS
_NO_COVARIANCE: Final = (np.nan,) * 16


class Verdicts(msgspec.Struct, frozen=True):
    """By track (row) and partner (column): the deciding rule as a number in `rules`, the effect as one in EFFECTS."""

    rules: tuple[str, ...]
    """Ids: the policy's in their order, then those of what stands in the code."""
    rule: npt.NDArray[np.int16]
    effect: npt.NDArray[np.int8]

    def of(self, track: int, partner: int) -> tuple[str, Effect]:
        """The id of the deciding rule, and the effect."""
        return self.rules[self.rule[track, partner]], EFFECTS[self.effect[track, partner]]


class _Columns:
    """What the conditions look at, by track, and what they gave so far. Lives for one call."""

    def __init__(self, policy: Policy, tracks: Sequence[Track]) -> None:
        self.policy = policy
        whole = (t.covariance if len(t.covariance) == 16 else _NO_COVARIANCE for t in tracks)
        covariance = np.array(list(whole), float).reshape(len(tracks), 16)
        self.sigma = sigma_max_each_m(covariance[:, 0], covariance[:, 1], covariance[:, 5])
        places = [t.position for t in tracks]
        self.lat, self.lon = np.array([p.lat_deg for p in places]), np.array([p.lon_deg for p in places])
        self.east = np.array([t.velocity_e_mps for t in tracks], float)
        self.north = np.array([t.velocity_n_mps for t in tracks], float)
        self.no_altitude = np.array([t.altitude_m is None for t in tracks], bool)
        self.altitude = np.array([t.altitude_m for t in tracks], float)  # None becomes NaN
        self.reports = np.array([t.reports for t in tracks], float)
        self.at = np.array([t.at for t in tracks], np.int64)
        self.status = np.array([_CODES[id(t.status)] for t in tracks], np.int8)
        self.life = np.array([_CODES[id(t.life)] for t in tracks], np.int8)
        self.cooperative = np.array([t.cooperative for t in tracks], bool)
        self.sure = self._plainly_sound(covariance)
        self._zones = self._places_in_zones() if policy.zones else {}

    def _plainly_sound(self, covariance: Floats) -> Bools:
        """Tracks of which `match.fault` surely has nothing to say; it is asked about the others."""
        sure = (REGION.lat_min_deg <= self.lat) & (self.lat <= REGION.lat_max_deg)
        sure &= (REGION.lon_min_deg <= self.lon) & (self.lon <= REGION.lon_max_deg)
        sure &= np.isfinite(covariance).all(axis=1) & np.isfinite(self.sigma)
        sure &= self.no_altitude | np.isfinite(self.altitude)
        return np.asarray(sure & (np.hypot(self.east, self.north) < _SURE_MPS))

    def _places_in_zones(self) -> dict[str, list[Bools]]:
        """For each zone, and each place that a NOTICE could tell of: which tracks are inside."""
        places = [(self.lat, self.lon)]
        for grain_s in time_grains_s(self.policy):
            back_s = self.at % (grain_s * SECOND_MS) / 1_000.0
            places.append(moved_each(self.lat, self.lon, -self.east * back_s, -self.north * back_s))
        found: dict[str, list[Bools]] = {}
        for name, outline in self.policy.zones.items():
            for lat, lon in places:
                inside, unsure = holds_each(outline, lat, lon)
                found.setdefault(name, []).append(inside)
                self.sure &= ~unsure
        return found

    def matching(self, rule: Rule) -> Bools:
        """Tracks that meet all conditions of a rule but type, partner, time and distance."""
        met = np.ones(len(self.lat), bool)
        if rule.statuses is not None:
            met &= np.isin(self.status, [_CODES[id(status)] for status in rule.statuses])
        if rule.lives is not None:
            met &= np.isin(self.life, [_CODES[id(life)] for life in rule.lives])
        if rule.altitude is not None:
            in_band = (rule.altitude.min_m <= self.altitude) & (self.altitude <= rule.altitude.max_m)
            met &= np.where(self.no_altitude, rule.altitude.unknown, in_band)
        if rule.min_reports is not None:
            met &= self.reports >= rule.min_reports
        if rule.max_sigma_m is not None:
            met &= self.sigma <= rule.max_sigma_m
        if rule.cooperative is not None:
            met &= self.cooperative == rule.cooperative
        if rule.zones is not None:
            by_place = np.array([self._zones[name] for name in rule.zones]).any(axis=0)
            met &= by_place.all(axis=0) if rule.effect is RuleEffect.ALLOW else by_place.any(axis=0)
        return met


def judge(
    policy: Policy,
    tracks: Sequence[Track],
    partners: Sequence[PartyId],
    distances_m: Floats,
    now: Instant,
    *,
    by_person: bool = False,
) -> Verdicts:
    """What `decide` says of a NOTICE about each track to each partner, nobody having been asked.

    `distances_m`: by track and partner, as in TrackDraft.
    """
    columns = _Columns(policy, tracks)
    rule_of = np.full((len(tracks), len(partners)), len(policy.rules), np.int16)
    effect_of = np.full(rule_of.shape, _WITHHOLD, np.int8)
    open_ = columns.sure[:, None] & np.isfinite(distances_m)
    unsure = ~open_
    for number, rule in enumerate(policy.rules):
        if MessageType.NOTICE not in rule.types or untimely(rule, now) is not None:
            continue
        named = np.array(["any" in rule.partners or partner in rule.partners for partner in partners], bool)
        met = open_ & named & columns.matching(rule)[:, None]
        if rule.within_km is not None:
            met &= distances_m <= rule.within_km * 1_000.0
        rule_of[met] = number
        effect_of[met] = np.broadcast_to(_effects(rule, columns.at, now, by_person)[:, None], met.shape)[met]
        open_ &= ~met
    verdicts = Verdicts((*(rule.id for rule in policy.rules), DEFAULT_DENY, DRAFT_CHECK), rule_of, effect_of)
    for row, column in zip(*np.nonzero(unsure), strict=True):
        draft = _draft(policy, tracks[row], partners[column], float(distances_m[row, column]), by_person)
        found = decide(policy, draft, now).verdict
        rule_of[row, column], effect_of[row, column] = verdicts.rules.index(found.rule), EFFECTS.index(found.effect)
    return verdicts


def _effects(rule: Rule, at: npt.NDArray[np.int64], now: Instant, by_person: bool) -> npt.NDArray[np.int8]:
    """By track: the effect of a rule that matches."""
    plain = _RELEASE
    if rule.effect is RuleEffect.DENY:
        plain = _WITHHOLD
    elif rule.effect is RuleEffect.ASK or not (rule.automatic or by_person):
        plain = _ASK
    effects = np.full(at.shape, plain, np.int8)
    if plain == _RELEASE and rule.min_delay_s:
        effects[at + rule.min_delay_s * SECOND_MS > now] = _WITHHOLD
    return effects


def _draft(policy: Policy, track: Track, partner: PartyId, distance_m: float, by_person: bool) -> TrackDraft:
    return TrackDraft(
        type=MessageType.NOTICE,
        channel=channel_between(policy.party, partner),
        partner=partner,
        incident=IncidentId(f"{policy.party}-0000-000000"),
        object_number=1,
        track=track,
        phase=Phase.POSSIBLE,
        distance_to_partner_m=distance_m,
        by_person=by_person,
    )
