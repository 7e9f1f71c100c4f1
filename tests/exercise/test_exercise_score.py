"""The score, with constructed nights: leads, misses, false notices, documented minutes."""

import msgspec
import pytest

from redshank.exercise.scenario import AlertRow, Basis, Scenario, read_scenarios
from redshank.exercise.score import Answered, HeardNotice, Observed, SeenWarning, TrueFlight, in_words, scores, summary
from redshank.terms.crossing import Crossing
from redshank.terms.geo import Position
from redshank.terms.ids import BorderId, CountryId, PartyId, TrackId
from redshank.terms.instants import MINUTE_MS, Instant

START = Instant(1_778_100_000_000)


def minute(number: float) -> Instant:
    return Instant(START + round(number * MINUTE_MS))


def crossing(name: str, at: Instant, out_of: str = "RU", into: str = "LV") -> Crossing:
    border = BorderId("|".join(sorted((out_of, into))))
    return Crossing(TrackId(name), border, CountryId(out_of), CountryId(into), at, Position(56.4, 28.1))


def flown(name: str = "A", entry: float = 60, down: float | None = 80) -> TrueFlight:
    return TrueFlight(
        object=name,
        entries=(crossing(name, minute(entry)),),
        down_at=None if down is None else minute(down),
        down_in=None if down is None else "LV",
        district=None if down is None else "LV-REZ",
        district_name=None if down is None else "Rēzekne",
    )


def heard(at: float, about: str | None = "A", party: str = "LV") -> HeardNotice:
    return HeardNotice(party=party, by="BY", at=minute(at), incident="BY-2026-000001", object=about)


def warned(at: float, district: str = "LV-REZ", level: str = "shelter", about: str | None = "A") -> SeenWarning:
    return SeenWarning(
        party="LV", district=district, level=level, proposed=minute(at), issued=minute(at + 1), object=about
    )


@pytest.fixture
def night() -> Scenario:
    base = read_scenarios()["lv-2026-05-07"]
    alert = AlertRow(
        id="late",
        party=PartyId("LV"),
        at=minute(119),
        object="A",
        districts=("LV-058", "LV-REZ"),
        place="Ludza",
        event="impact",
        event_at=minute(80),
        text="39 minutes late",
        basis=Basis.DOCUMENTED,
    )
    return msgspec.structs.replace(base, alerts=(alert,))


def test_lead_is_from_the_first_notice_to_the_true_crossing(night):
    seen = Observed(notices=(heard(40), heard(25), heard(10, party="LT")), warnings=(warned(50), warned(55)))
    row = scores(night, [flown()], seen)[0]
    assert row.notice_lead_s == 35 * 60
    assert row.notice_by == "BY"
    assert row.warning_lead_s == 30 * 60
    assert row.place == "Rēzekne"


def test_a_notice_after_the_crossing_is_late_and_counts_as_missed(night):
    seen = Observed(notices=(heard(70),))
    assert scores(night, [flown()], seen)[0].notice_lead_s == -600
    found = summary([flown()], seen, minute(100))
    assert (found.crossings, found.noticed, found.missed) == (1, 0, 1)


def test_a_crossing_without_notice_is_missed_only_once_it_has_happened(night):
    assert summary([flown()], Observed(), minute(59)).missed == 0
    assert summary([flown()], Observed(), minute(60)).missed == 1
    assert scores(night, [flown()], Observed())[0].noticed_ms is None


def test_notices_of_nothing_are_false_and_help_nobody(night):
    seen = Observed(notices=(heard(30, about=None), heard(31, about="B")))
    found = summary([flown()], seen, minute(100))
    assert found.false_notices == 1
    assert found.missed == 1


def test_the_documented_alert_stands_beside_ours(night):
    seen = Observed(warnings=(warned(41, district="LV-058"),))
    row = scores(night, [flown()], seen)[-1]
    assert row.documented_lead_min == -39
    assert row.warning_lead_s == 39 * 60
    assert row.documented == "39 minutes late"


def test_an_all_clear_and_another_objects_warning_warn_of_nothing(night):
    seen = Observed(warnings=(warned(20, level="all-clear"), warned(30, about="B"), warned(40, district="LV-015")))
    assert scores(night, [flown()], seen)[0].warning_lead_s is None


def test_an_object_that_flew_on_has_no_impact(night):
    row = scores(night, [flown(down=None)], Observed(notices=(heard(1),)))[0]
    assert row.impact_ms is None
    assert row.place == "LV|RU"


def test_answer_times_are_medians():
    waits = (10, 50, 120)
    answers = tuple(
        Answered(party="LV", what="NOTICE", received=minute(1), answered=Instant(minute(1) + wait * 1_000))
        for wait in waits
    )
    found = summary([], Observed(answers=answers), minute(10))
    assert (found.answers, found.answer_median_s) == (3, 50)


def test_the_summary_is_told_in_words(night):
    seen = Observed(notices=(heard(25),), warnings=(warned(50),))
    told = in_words(summary([flown()], seen, minute(200)))
    assert "1 of 1 crossings noticed before they happened (median +35 min), 0 missed, 0 false notices" in told
    assert "1 of 1 places warned before the object came down (median +30 min)" in told


def test_the_documented_nights_have_the_documented_minutes():
    documented = {
        name: [row.documented_lead_min for row in scores(night, [], Observed())]
        for name, night in read_scenarios().items()
    }
    # 7.4 hours are 444 minutes; from 21:30 to 04:55 it is 445.
    assert documented == {"lt-2025-10-04": [], "lv-2026-05-07": [-39, -73], "pl-2025-09-10": [-445, -25]}
