"""Score: what the channel gained, beside what really happened; pure.

Here: the comparison of truth and documented facts with what the nodes' consoles showed. Not here: how it was
observed (observer), how it is shown. May know: director_view, scenario, truth, terms. Times are instants of
the exercise.

*Lead* is seconds from the first word to the event: positive is earlier than the event. A crossing is
*missed* when no NOTICE of it had come when it happened; a NOTICE is *false* when no object was near what it
told of.
"""

from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from redshank.exercise.director_view import ScoreView
from redshank.exercise.scenario import AlertRow, Ending, Scenario
from redshank.exercise.truth import Flight
from redshank.terms.crossing import Crossing
from redshank.terms.ids import PartyId
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant


class HeardNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A NOTICE that `party` received at `at` from `by`; `object` is the true object that it is about, None
    if none."""

    party: str
    by: str
    at: Instant
    incident: str
    object: str | None


class SeenWarning(msgspec.Struct, frozen=True, kw_only=True):
    """A warning proposal of `party` for one district, and when a person issued it."""

    party: str
    district: str
    level: str
    proposed: Instant
    issued: Instant | None
    object: str | None


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A message that wanted an answer by a person: when it was received and when it was answered (ACK or
    REPLY)."""

    party: str
    what: str
    received: Instant
    answered: Instant


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """All that the nodes' consoles showed so far."""

    notices: tuple[HeardNotice, ...] = ()
    warnings: tuple[SeenWarning, ...] = ()
    answers: tuple[Answered, ...] = ()


class TrueFlight(msgspec.Struct, frozen=True, kw_only=True):
    """What really happened with one object: entries into parties' territories, and where it came down."""

    object: str
    entries: tuple[Crossing, ...]
    down_at: Instant | None
    """None when it flew away or nobody knows."""
    down_in: str | None
    """The party on whose land it came down."""
    district: str | None
    district_name: str | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The night in numbers. Medians are in seconds; None where there is nothing to count."""

    crossings: int
    noticed: int
    missed: int
    false_notices: int
    notice_lead_median_s: float | None
    impacts: int
    warned: int
    warning_lead_median_s: float | None
    answers: int
    answer_median_s: float | None


def true_flight(
    flight: Flight, entries: Iterable[Crossing], parties: frozenset[str], place: tuple[str, str, str] | None
) -> TrueFlight:
    """What counts for `parties`, those that the night is scored for.

    `place` is (country, district, district's name) at the end of the flight, None where there is none.
    """
    down = place is not None and flight.about.ending is not Ending.LEFT and place[0] in parties
    return TrueFlight(
        object=flight.about.id,
        entries=tuple(entry for entry in entries if entry.into in parties),
        down_at=flight.ends_at if down else None,
        down_in=place[0] if down and place else None,
        district=place[1] if down and place else None,
        district_name=place[2] if down and place else None,
    )


def scores(scenario: Scenario, truths: Sequence[TrueFlight], seen: Observed) -> list[ScoreView]:
    """One row per object and border that it crossed, with the warning of the district where it came down
    there; and one row per documented alert."""
    rows = [_row(truth, entry, seen) for truth in truths for entry in truth.entries]
    return rows + [_alert_row(alert, seen) for alert in scenario.alerts]


def summary(truths: Sequence[TrueFlight], seen: Observed, now: Instant) -> Summary:
    """The night up to `now`."""
    rows = [_row(truth, entry, seen) for truth in truths for entry in truth.entries if entry.at <= now]
    leads = [row.notice_lead_s for row in rows if row.notice_lead_s is not None]
    in_time = [lead for lead in leads if lead >= 0]
    falls = [row for row in rows if row.impact_ms is not None and row.impact_ms <= now]
    warned = [row.warning_lead_s for row in falls if row.warning_lead_s is not None]
    waits = [(answer.answered - answer.received) / SECOND_MS for answer in seen.answers]
    return Summary(
        crossings=len(rows),
        noticed=len(in_time),
        missed=len(rows) - len(in_time),
        false_notices=sum(notice.object is None for notice in seen.notices),
        notice_lead_median_s=median(leads) if leads else None,
        impacts=len(falls),
        warned=sum(lead >= 0 for lead in warned),
        warning_lead_median_s=median(warned) if warned else None,
        answers=len(waits),
        answer_median_s=median(waits) if waits else None,
    )


def in_words(found: Summary) -> str:
    """One sentence for the director."""
    return (
        f"{found.noticed} of {found.crossings} crossings noticed before they happened"
        f"{_minutes(found.notice_lead_median_s)}, {found.missed} missed, {found.false_notices} false notices; "
        f"{found.warned} of {found.impacts} places warned before the object came down"
        f"{_minutes(found.warning_lead_median_s)}; {found.answers} answers"
        + (f", median {found.answer_median_s:.0f} s." if found.answer_median_s is not None else ".")
    )


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f" (median {seconds / 60:+.0f} min)"


def _row(truth: TrueFlight, entry: Crossing, seen: Observed) -> ScoreView:
    notice = min(
        (n for n in seen.notices if n.party == entry.into and n.object == truth.object),
        key=lambda n: n.at,
        default=None,
    )
    down = truth.down_at if truth.down_in == entry.into else None
    warned = _first_warning(seen.warnings, entry.into, (truth.district,), truth.object) if down is not None else None
    return ScoreView(
        id=f"{truth.object}/{entry.border}",
        object=truth.object,
        party=str(entry.into),
        place=truth.district_name or str(entry.border) if down is not None else str(entry.border),
        crossed_ms=entry.at,
        noticed_ms=notice.at if notice else None,
        notice_by=notice.by if notice else None,
        notice_lead_s=_lead_s(notice.at if notice else None, entry.at),
        warned_ms=warned,
        impact_ms=down,
        warning_lead_s=_lead_s(warned, down),
    )


def _alert_row(alert: AlertRow, seen: Observed) -> ScoreView:
    """The districts that a documented alert reached: our first proposal for any of them because of that
    object, beside the real alert."""
    warned = _first_warning(seen.warnings, alert.party, alert.districts, alert.object)
    return ScoreView(
        id=f"alert/{alert.id}",
        object=alert.object,
        party=str(alert.party),
        place=alert.place,
        warned_ms=warned,
        impact_ms=alert.event_at,
        warning_lead_s=_lead_s(warned, alert.event_at),
        documented_lead_min=round((alert.event_at - alert.at) / MINUTE_MS),
        documented=alert.text,
    )


def _first_warning(
    warnings: Iterable[SeenWarning], party: PartyId | str, districts: Iterable[str | None], about: str
) -> Instant | None:
    """The first proposal for one of the districts because of the object, or of an incident that fits no
    object."""
    wanted = set(districts)
    times = [
        warning.proposed
        for warning in warnings
        if warning.party == party
        and warning.district in wanted
        and warning.level != "all-clear"
        and warning.object in (about, None)
    ]
    return min(times, default=None)


def _lead_s(said: Instant | None, event: Instant | None) -> int | None:
    return None if said is None or event is None else round((event - said) / SECOND_MS)
