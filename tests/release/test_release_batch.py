"""The batch gives the verdicts of the single decision, for any policy and any picture."""

import math

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.release.release_drafts import NOW, draft, tracks

from redshank.release.batch import judge
from redshank.release.decide import decide
from redshank.release.lint import fault_among
from redshank.release.policy import AltitudeBand, Asking, Coarsen, Hours, Policy, Rule, RuleEffect, Valid
from redshank.release.reader import parse_policy
from redshank.release.zones import holds, holds_each
from redshank.terms.geo import Position
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType
from redshank.terms.track import Life, Status

PARTNERS = tuple(PartyId(party) for party in ("BY", "EE", "LV", "PL"))
corners = st.tuples(st.sampled_from([47.5, 50.0, 54.0, 54.5, 58.0]), st.sampled_from([10.5, 20.0, 25.5, 30.0]))
outlines = st.lists(corners, min_size=3, max_size=6).map(tuple)
hours = st.sampled_from(["00:00", "00:30", "12:00", "23:59"])
valid = st.sampled_from(["2026-05-01T00:00:00Z", "2026-05-07T00:30:07.123Z", "2026-05-07T00:30:07.124Z"])


@st.composite
def rules(draw, number):
    effect = draw(st.sampled_from(RuleEffect))
    maybe = lambda kind: draw(st.none() | kind)  # noqa: E731
    subset = lambda of: st.lists(st.sampled_from(of), min_size=1, unique=True).map(tuple)  # noqa: E731
    when = maybe(st.tuples(valid, valid))
    return Rule(
        id=f"r{number}",
        effect=effect,
        partners=draw(subset(["any", *PARTNERS])),
        types=draw(subset([MessageType.NOTICE, MessageType.UPDATE])),
        statuses=maybe(subset(list(Status))),
        lives=maybe(subset(list(Life))),
        within_km=maybe(st.sampled_from([0.0, 50.0, 150.0])),
        altitude=maybe(st.builds(AltitudeBand, min_m=st.just(0.0), max_m=st.just(500.0), unknown=st.booleans())),
        min_reports=maybe(st.integers(1, 9)),
        max_sigma_m=maybe(st.sampled_from([200.0, 2_000.0])),
        cooperative=maybe(st.booleans()),
        zones=maybe(subset(["a", "b"])),
        hours=maybe(st.builds(Hours, since=hours, until=hours)),
        valid=None if when is None else msgspec.convert({"from": when[0], "until": when[1]}, Valid),
        ask=Asking(within_s=60) if effect is RuleEffect.ASK else None,
        coarsen=None if effect is RuleEffect.DENY else Coarsen(position_m=1_000, time_s=draw(st.sampled_from([1, 60]))),
        min_delay_s=0 if effect is RuleEffect.DENY else draw(st.sampled_from([0, 3, 3, 90])),
        automatic=draw(st.booleans()),
    )


@st.composite
def policies(draw):
    made = tuple(draw(rules(number)) for number in range(draw(st.integers(0, 6))))
    return Policy(policy="p", party=PartyId("LT"), rules=made, zones={"a": draw(outlines), "b": draw(outlines)})


odd = st.sampled_from(
    [
        {"position": Position(math.nan, 25.0)},
        {"position": Position(54.5, 25.5)},
        {"position": Position(46.0, 25.5)},
        {"covariance": (1.0,)},
        {"covariance": (math.nan,) * 16},
        {"covariance": (1.0, 9.0, *(0.0,) * 3, 1.0, *(0.0,) * 10)},
        {"altitude_m": math.nan},
        {"altitude_m": None},
        {"velocity_e_mps": math.inf},
        {"velocity_e_mps": 999.5},
        {"velocity_n_mps": 1_000.1},
        {"at": Instant(NOW - 3_000)},
    ]
)
any_tracks = tracks() | st.builds(lambda one, change: msgspec.structs.replace(one, **change), tracks(), odd)
distances = st.sampled_from([0.0, 50_000.0, 50_000.1, math.nan, math.inf])


@given(policies(), st.lists(any_tracks, max_size=5), st.data(), st.booleans())
@settings(max_examples=400, deadline=None)
def test_the_batch_and_the_single_decision_agree(policy, picture, data, by_person):
    """REL-25. Rule and effect, for each track and partner, also where a place lies on a corner of a zone."""
    away = np.array([[data.draw(distances) for _ in PARTNERS] for _ in picture], float).reshape(-1, len(PARTNERS))
    found = judge(policy, picture, PARTNERS, away, NOW, by_person=by_person)
    for row, track in enumerate(picture):
        for column, partner in enumerate(PARTNERS):
            asked = draft(track=track, partner=partner, distance_to_partner_m=away[row, column], by_person=by_person)
            one = decide(policy, asked, NOW).verdict
            assert found.of(row, column) == (one.rule, one.effect)


@given(policies(), st.lists(tracks(), max_size=5))
@settings(max_examples=300, deadline=None)
def test_a_rule_that_is_blamed_never_decides(policy, picture):
    """REL-16. The law behind the refusal: whatever the picture, the hour and the partner."""
    fault = fault_among(policy)
    if fault is None or fault.rule is None or "never decides" not in fault.limit:
        return
    away = np.zeros((len(picture), len(PARTNERS)))
    assert fault.rule not in judge(policy, picture, PARTNERS, away, NOW).rule


@given(outlines, st.lists(st.tuples(st.floats(47.0, 59.0), st.floats(10.0, 31.0)) | corners, min_size=1, max_size=9))
def test_zones_hold_the_same_places_one_by_one_and_together(outline, places):
    """REL-18."""
    lat, lon = np.array([p[0] for p in places], float), np.array([p[1] for p in places], float)
    inside, unsure = holds_each(outline, lat, lon)
    for place, one, open_ in zip(places, inside, unsure, strict=True):
        assert open_ or one == holds(outline, Position(*place))


def test_the_shipped_policies_survive_the_journal():
    """REL-21. What is kept decides as what was read: nothing is lost on the way to the journal and back."""
    from importlib.resources import files

    for party in ("LT", "LV", "EE", "PL", "BY"):
        text = files("redshank.release").joinpath("policies", f"{party}.yaml").read_text(encoding="utf-8")
        policy = parse_policy(text)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(policy), type=Policy) == policy
