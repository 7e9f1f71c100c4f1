"""Warning proposals: for which district a person is asked to warn the public, at which level, and when it ends.

Here: the decision, pure and repeatable. Not here: the alert itself (`cap`), its words (`texts`), and whether a person
issued it. May know: terms, PyYAML.

Levels only rise: possible, then shelter. What was raised ends with an all-clear and with nothing else.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
import yaml

from redshank.terms import limits
from redshank.terms.crossing import DistrictForecast, TimeWindow
from redshank.terms.ids import DistrictId, IncidentId, PartyId
from redshank.terms.instants import MINUTE_MS, Instant


class Level(StrEnum):
    """What the public is told."""

    POSSIBLE = "possible"
    SHELTER = "shelter"
    ALL_CLEAR = "all-clear"


class Proposal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A proposal for one district. A person issues it or does not; both are recorded elsewhere."""

    id: str
    """``<incident>.<district>.<n>``, n from 1; also the identifier of the CAP alert."""
    incident: IncidentId
    district: DistrictId
    name: str
    level: Level
    made_at: Instant
    onset: TimeWindow | None
    """When the object enters the district; None for an all-clear."""
    expires: Instant
    permille: int
    """Probability of overflight, 0 to 1000, when the proposal was made."""
    references: tuple[str, ...]
    """Ids of the earlier proposals since the last all-clear; the CAP alert names those that were issued."""
    languages: tuple[str, ...]

    @property
    def impact_p50(self) -> Instant | None:
        """Median time of entry; None for an all-clear."""
        return None if self.onset is None else self.onset.p50


Minutes = Annotated[int, msgspec.Meta(ge=1, le=120)]
Probability = Annotated[float, msgspec.Meta(gt=0, le=1)]
Language = Literal["lt", "lv", "et", "pl", "be", "ru", "en"]


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Reached when the probability is at least this and the quantile of entry is at most so far away."""

    probability: Probability
    within_min: Minutes
    quantile: Literal["p10", "p50", "p90"]

    def reached(self, district: DistrictForecast, now: Instant) -> bool:
        """Whether a district's forecast reaches the threshold at `now`."""
        enters: Instant = getattr(district.enters, self.quantile)
        return district.probability >= self.probability and enters <= now + self.within_min * MINUTE_MS


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The thresholds of one party's warnings and the languages of all parties."""

    possible: Threshold
    shelter: Threshold
    clear_below: Probability
    hold_min: Minutes
    expires_after_leaving_min: Minutes
    renew_before_min: Minutes
    languages: dict[PartyId, Annotated[tuple[Language, ...], msgspec.Meta(min_length=1)]]


class RulesRefused(ValueError):
    """Warning rules that are not taken into force; says the field, the limit and what follows."""


def parse_rules(text: str) -> Rules:
    """Reads warning rules in YAML. Raises RulesRefused."""
    try:
        rules = msgspec.convert(yaml.safe_load(text), Rules)
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError) as error:
        raise RulesRefused(f"warning rules: {error}. They are not taken into force") from None
    if rules.clear_below >= rules.possible.probability:
        raise RulesRefused("clear_below: must be below possible.probability, or warnings would flap; not in force")
    if rules.renew_before_min >= rules.hold_min:
        raise RulesRefused("renew_before_min: must be below hold_min, or each proposal would renew itself at once")
    return rules


def propose(
    rules: Rules,
    party: PartyId,
    incident: IncidentId,
    districts: Iterable[DistrictForecast],
    earlier: Sequence[Proposal],
    now: Instant,
    *,
    lost: bool = False,
    over: bool = False,
) -> tuple[Proposal, ...]:
    """The proposals that are new at `now`; the same question with its own answer among `earlier` gives nothing.

    `districts`: those of `party` over all objects of the incident; several forecasts of one district are allowed, the
    most urgent one counts. `lost`: an object of the incident has vanished and was not found; it may lie or fly where
    it was, so a forecast that fell silent clears nothing. `over`: the incident is closed or its objects were found or
    have left: everything raised is cleared.
    """
    likely = _most_urgent(rules, districts, now)
    raised = _raised(incident, earlier)
    languages = rules.languages.get(party, ("en",))
    made = []
    for district in sorted({*likely, *raised}):
        before = raised.get(district, [])
        level = _next_level(rules, likely.get(district), before, now, lost)
        if over:
            level = Level.ALL_CLEAR if before else None
        if level is not None:
            number = 1 + sum(p.district == district and p.incident == incident for p in earlier)
            head = _Head(f"{incident}.{district}.{number}", incident, district, languages)
            made.append(_proposal(rules, head, level, likely.get(district), before, now))
    return tuple(made)


def _most_urgent(
    rules: Rules, districts: Iterable[DistrictForecast], now: Instant
) -> dict[DistrictId, DistrictForecast]:
    def urgency(district: DistrictForecast) -> tuple[bool, bool, float, int]:
        shelter, possible = rules.shelter.reached(district, now), rules.possible.reached(district, now)
        return shelter, possible, district.probability, -district.enters.p50

    found: dict[DistrictId, DistrictForecast] = {}
    for district in districts:
        other = found.get(district.district)
        if other is None or urgency(district) > urgency(other):
            found[district.district] = district
    return found


def _raised(incident: IncidentId, earlier: Sequence[Proposal]) -> dict[DistrictId, list[Proposal]]:
    """Per district the proposals since its last all-clear, oldest first."""
    raised: dict[DistrictId, list[Proposal]] = {}
    for proposal in sorted(earlier, key=lambda p: (p.made_at, int(p.id.rpartition(".")[2]))):
        if proposal.incident != incident:
            continue
        if proposal.level is Level.ALL_CLEAR:
            raised.pop(proposal.district, None)
        else:
            raised.setdefault(proposal.district, []).append(proposal)
    return raised


def _next_level(
    rules: Rules, district: DistrictForecast | None, before: list[Proposal], now: Instant, lost: bool
) -> Level | None:
    last = before[-1] if before else None
    sheltered = last is not None and last.level is Level.SHELTER
    if district is not None and not sheltered and rules.shelter.reached(district, now):
        return Level.SHELTER
    if last is None:
        return Level.POSSIBLE if district is not None and rules.possible.reached(district, now) else None
    if not lost and (district is None or district.probability < rules.clear_below):
        return Level.ALL_CLEAR if now >= last.made_at + rules.hold_min * MINUTE_MS else None
    return last.level if now >= last.expires - rules.renew_before_min * MINUTE_MS else None


class _Head(msgspec.Struct, frozen=True, gc=False):
    id: str
    incident: IncidentId
    district: DistrictId
    languages: tuple[str, ...]


def _proposal(
    rules: Rules, head: _Head, level: Level, district: DistrictForecast | None, before: list[Proposal], now: Instant
) -> Proposal:
    clear = level is Level.ALL_CLEAR
    expires = now + rules.hold_min * MINUTE_MS
    name, onset, permille = (before[-1].name, before[-1].onset, before[-1].permille) if before else ("", None, 0)
    if district is not None:
        name, onset = district.name, district.enters
        permille = min(1_000, max(0, round(district.probability * 1_000)))
        if not clear:
            expires = max(expires, district.leaves_p90 + rules.expires_after_leaving_min * MINUTE_MS)
    return Proposal(
        id=head.id,
        incident=head.incident,
        district=head.district,
        name=name,
        level=level,
        made_at=now,
        onset=None if clear else onset,
        expires=Instant(expires),
        permille=0 if clear else permille,
        references=tuple(p.id for p in before[-limits.WARNING_REFERENCES :]),
        languages=head.languages,
    )
