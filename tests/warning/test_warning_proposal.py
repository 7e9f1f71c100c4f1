"""When a warning is proposed: told as nights, then as laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.warning.warning_samples import INCIDENT, LANGUAGES, LV, NOW, RULES, RULES_TEXT, district, minutes

from redshank.terms import limits
from redshank.terms.ids import IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.warning.proposal import Level, Proposal, RulesRefused, parse_rules, propose


class Night:
    """Asks at each minute and keeps what was proposed."""

    def __init__(self):
        self.proposals = []

    def at(self, minute, *districts, **options):
        made = propose(RULES, LV, INCIDENT, districts, self.proposals, minutes(minute), **options)
        self.proposals += made
        return [p.level for p in made]


def test_the_warning_comes_at_possible_and_rises_once():
    """CAP-1, CAP-2, CAP-3."""
    night = Night()
    assert night.at(0, district(0.19, 20)) == []
    assert night.at(1, district(0.25, 40)) == [], "too far away"
    assert night.at(2, district(0.25, 30)) == [Level.POSSIBLE]
    assert night.at(3, district(0.45, 25)) == []
    assert night.at(12, district(0.6, 22)) == [Level.SHELTER]
    assert night.at(13, district(0.9, 22)) == []
    assert night.at(14, district(0.3, 24)) == [], "never lowered"
    assert night.at(40, over=True) == [Level.ALL_CLEAR]
    assert night.at(41, over=True) == []
    last = night.proposals[-1]
    assert last.references == tuple(p.id for p in night.proposals[:-1])
    assert (last.onset, last.impact_p50, last.permille) == (None, None, 0)
    assert [p.id.rpartition(".")[2] for p in night.proposals] == ["1", "2", "3"]


def test_a_sudden_object_goes_straight_to_shelter():
    night = Night()
    assert night.at(0, district(0.8, 3)) == [Level.SHELTER]
    shelter = night.proposals[0]
    assert shelter.impact_p50 == minutes(3)
    assert shelter.expires == minutes(20)
    assert (shelter.permille, shelter.references, shelter.languages) == (800, (), ("lv", "en", "ru"))


def test_an_object_that_turns_away_is_cleared_after_the_hold_and_not_before():
    night = Night()
    assert night.at(0, district(0.5, 15)) == [Level.POSSIBLE]
    assert night.at(5, district(0.01, 20)) == []
    assert night.at(9) == []
    assert night.at(10) == [Level.ALL_CLEAR]
    assert night.at(11, district(0.4, 15)) == [Level.POSSIBLE], "it came back: a warning never waits"
    assert night.proposals[-1].references == (), "after an all-clear a new chain begins"


def test_a_trembling_forecast_changes_nothing():
    night = Night()
    assert night.at(0, district(0.3, 15)) == [Level.POSSIBLE]
    for minute in range(1, 12):
        assert night.at(minute, district(0.3 if minute % 2 else 0.08, 15)) == []


def test_a_lost_object_is_not_an_all_clear():
    """CAP-4."""
    night = Night()
    assert night.at(0, district(0.9, 2)) == [Level.SHELTER]
    assert night.at(14, lost=True) == []
    assert night.at(17, lost=True) == [Level.SHELTER], "renewed before it expires"
    assert night.proposals[-1].onset == night.proposals[0].onset
    assert night.at(30, over=True) == [Level.ALL_CLEAR]


def test_a_warning_that_still_holds_is_renewed_before_it_expires():
    night = Night()
    night.at(0, district(0.3, 15))
    assert night.proposals[0].expires == minutes(32)
    assert night.at(28, district(0.3, 30)) == []
    assert night.at(29, district(0.3, 30, leaves_min=60)) == [Level.POSSIBLE]
    assert night.proposals[1].expires == minutes(65)


def test_of_two_objects_the_more_urgent_counts():
    night = Night()
    assert night.at(0, district(0.9, 28), district(0.6, 4), district(0.3, 20, name="LV-002")) == [
        Level.POSSIBLE,
        Level.SHELTER,
    ]
    assert [p.district for p in night.proposals] == ["LV-002", "LV-077"]


def test_incidents_do_not_mix_and_references_are_bounded():
    night = Night()
    night.at(0, district(0.9, 2))
    other = propose(RULES, LV, IncidentId("LV-2026-000013"), [], night.proposals, minutes(60), over=True)
    assert other == ()
    minute = 0
    while len(night.proposals) < 40:
        minute += 1
        night.at(minute, lost=True)
    assert len(night.proposals[-1].references) == limits.WARNING_REFERENCES


forecasts = st.lists(
    st.builds(
        lambda p, m, n: district(p, m, name=n), st.floats(0, 1), st.integers(-30, 90), st.sampled_from(["LV-1", "LV-2"])
    ),
    max_size=4,
)
steps = st.lists(st.tuples(st.integers(0, 15), forecasts, st.booleans(), st.booleans()), max_size=12)


@given(steps)
def test_laws_of_every_night(story):
    """CAP-3, CAP-5. Idempotent; never lowered; an all-clear only after a warning; ids never repeat."""
    kept: list[Proposal] = []
    now = NOW
    for wait, districts, lost, over in story:
        now = Instant(now + wait * 60_000)
        made = propose(RULES, LV, INCIDENT, districts, kept, now, lost=lost, over=over)
        kept += made
        assert propose(RULES, LV, INCIDENT, districts, kept, now, lost=lost, over=over) == ()
        assert all(p.expires > now for p in made)
    assert len({p.id for p in kept}) == len(kept)
    for place in {p.district for p in kept}:
        levels = [p.level for p in kept if p.district == place]
        for before, after in zip([Level.ALL_CLEAR, *levels], levels, strict=False):
            assert (before, after) != (Level.SHELTER, Level.POSSIBLE)
            assert (before, after) != (Level.ALL_CLEAR, Level.ALL_CLEAR)
    if story and story[-1][3]:
        newest = {p.district: p.level for p in kept}
        assert set(newest.values()) <= {Level.ALL_CLEAR}


def test_the_languages_of_the_parties():
    assert set(RULES.languages) == {"LT", "LV", "EE", "PL", "BY"}
    assert {lang for langs in RULES.languages.values() for lang in langs} == set(LANGUAGES)
    assert propose(RULES, PartyId("SE"), INCIDENT, [district(0.9, 2)], [], NOW)[0].languages == ("en",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("probability: 0.2", "probability: 2", "possible.probability"),
        ("clear_below: 0.05", "clear_below: 0.3", "flap"),
        ("renew_before_min: 3", "renew_before_min: 10", "renew"),
        ("hold_min: 10", "hold: 10", "hold"),
        ("[pl, en]", "[de]", "languages"),
        ("possible:", "possible: [", "not taken"),
    ],
)
def test_bad_rules_are_refused(old, new, said):
    with pytest.raises(RulesRefused, match=said):
        parse_rules(RULES_TEXT.replace(old, new, 1))
