"""The decision, told as cases; the laws are in test_release_laws."""

import math

import msgspec
import pytest
from tests.release.release_drafts import (
    BODIES,
    BY,
    DENY_ALL,
    NOW,
    POLICY,
    POLICY_TEXT,
    crossing,
    draft,
    forecast,
    form,
    search,
    track,
)

from redshank.release.asking import Approval, Question
from redshank.release.decide import decide
from redshank.release.policy import Policy
from redshank.release.preview import explain, preview
from redshank.release.reader import parse_policy
from redshank.release.released import Effect, Released, Withheld
from redshank.terms import limits
from redshank.terms.crossing import TimeWindow
from redshank.terms.geo import Position
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import LostBody, MessageType, NoticeBody, Phase
from redshank.terms.refusal import Reason
from redshank.terms.track import Life, Status


def released(policy, asked, **options):
    made = decide(policy, asked, NOW, **options)
    assert isinstance(made, Released), made
    return made


def withheld(policy, asked, **options):
    made = decide(policy, asked, NOW, **options)
    assert isinstance(made, Withheld), made
    return made


def rule_with(extra="", old="    automatic: true\n  - id: forms"):
    return parse_policy(POLICY_TEXT.replace(old, extra + old))


def test_a_notice_is_coarse_and_names_its_rule():
    """REL-9, REL-10, REL-14."""
    made = released(POLICY, draft())
    body = made.body
    assert isinstance(body, NoticeBody)
    assert (made.verdict.effect, made.verdict.rule) == (Effect.RELEASE, "strip")
    assert made.observed_ms == 1_778_113_800_000
    assert (body.object.status, body.object.altitude_m) == (Status.UNKNOWN, None)
    assert (body.object.course_deg, body.object.speed_kmh) == (300, 120)
    assert body.object.accuracy_m % 500 == 0
    assert body.crossing is not None
    assert (body.crossing.permille, body.crossing.into) == (750, "LT")
    window = forecast().borders[0].window
    assert body.crossing.p10_ms <= window.p10
    assert body.crossing.p90_ms >= window.p90
    assert {t % 10_000 for t in (body.crossing.p10_ms, body.crossing.p50_ms, body.crossing.p90_ms)} == {0}
    hidden = dict(made.verdict.hidden)
    assert hidden["altitude"] == hidden["position"] == "strip"
    assert hidden["sources"] == "never-released"


def test_only_the_receivers_districts_leave_and_they_fit_an_entry():
    """REL-10."""
    body = released(POLICY, draft()).body
    assert isinstance(body, NoticeBody)
    assert {claim.district[:2] for claim in body.districts} == {"BY"}
    assert len(body.districts) == limits.DISTRICTS_RELEASED
    assert len(msgspec.json.encode(body)) < limits.ENTRY_BYTES - 1_000


def test_a_crossing_that_happened_is_certain():
    body = released(POLICY, draft(crossing=crossing(), phase=Phase.CROSSED)).body
    assert isinstance(body, NoticeBody)
    assert body.crossing is not None
    assert body.crossing.permille == 1_000
    assert body.crossing.p10_ms <= crossing().at <= body.crossing.p90_ms


def test_a_border_of_others_is_not_claimed():
    body = released(POLICY, draft(forecast=forecast(places=(("LV|LT", "LT", "LV"),)))).body
    assert isinstance(body, NoticeBody)
    assert body.crossing is None


def test_lost_gives_the_last_place_and_a_disc_that_holds_the_search_area():
    made = released(POLICY, draft(type=MessageType.LOST, track=track(life=Life.LOST), search=search()))
    assert isinstance(made.body, LostBody)
    assert made.observed_ms == search().last_at // 10_000 * 10_000
    assert made.body.search_radius_m >= search().radius_m + 500


def test_no_rule_no_word():
    assert withheld(DENY_ALL, draft()).verdict.rule == "default-deny"
    assert withheld(POLICY, draft(partner=PartyId("LV"))).verdict.rule == "default-deny"
    assert withheld(POLICY, draft(distance_to_partner_m=50_001.0)).refusal.reason is Reason.NOT_RELEASED


@pytest.mark.parametrize("kind", list(BODIES))
def test_forms_need_a_rule_for_their_type(kind):
    assert withheld(DENY_ALL, form(kind)).verdict.rule == "default-deny"
    only = Policy(policy="one", party=POLICY.party, rules=(msgspec.structs.replace(POLICY.rules[1], types=(kind,)),))
    assert type(released(only, form(kind)).body) is type(BODIES[kind])
    for other in set(BODIES) - {kind}:
        assert withheld(only, form(other)).verdict.rule == "default-deny"


def test_the_times_of_a_close_are_coarse():
    """REL-6."""
    body = released(POLICY, form(MessageType.CLOSE, observed_ms=NOW)).body
    assert (body.first_observed_ms % 10_000, body.last_observed_ms % 10_000) == (0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "x" * 201}, "text"),
        ({"text": "a\nb"}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"text": "a\u2028b"}, "text"),
        ({"body": BODIES[MessageType.TEST]}, "body"),
        ({"type": MessageType.NOTICE, "body": released(POLICY, draft()).body}, "type"),
        ({"body": msgspec.structs.replace(BODIES[MessageType.ACK], role="Radar 7")}, "role"),
    ],
)
def test_a_form_can_not_carry_what_is_no_form(change, field):
    """REL-6, REL-12, REL-13."""
    made = withheld(POLICY, form(MessageType.ACK, **({"by_person": True} | change)))
    assert (made.verdict.rule, made.refusal.field) == ("draft-check", field)


def test_a_remark_in_any_language_leaves_as_it_is():
    assert released(POLICY, form(MessageType.ACK, text="Supratau, dėkoju; Дзякуй")).text == "Supratau, dėkoju; Дзякуй"
    stripped = parse_policy(POLICY_TEXT.replace("    coarsen: {time_s: 10}", "    strip: [text]"))
    made = released(stripped, form(MessageType.ACK, text="x"))
    assert (made.text, made.verdict.hidden) == (None, (("text", "forms"),))


BAD = [
    ({"position": Position(math.nan, 25.0)}, "track.position"),
    ({"position": Position(94.0, 25.0)}, "track.position"),
    ({"covariance": (math.nan,) * 16}, "track.covariance"),
    ({"covariance": (1.0,)}, "track.covariance"),
    ({"covariance": (-1.0,) + (0.0,) * 15}, "track.covariance"),
    ({"velocity_e_mps": math.inf}, "track"),
    ({"altitude_m": math.nan}, "track"),
    ({"velocity_n_mps": 2_000.0}, "track"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_implausible_tracks_are_withheld_not_raised(change, field):
    """REL-13."""
    assert withheld(POLICY, draft(track=track(**change))).refusal.field == field


def test_lost_without_a_search_area_and_a_form_type_from_a_track():
    assert withheld(POLICY, draft(type=MessageType.LOST)).refusal.field == "search"
    assert withheld(POLICY, draft(type=MessageType.ACK)).refusal.field == "type"


def test_ask_waits_for_a_releasing_authority_and_manual_for_a_person():
    """REL-4."""
    ask = parse_policy(POLICY_TEXT.replace("effect: allow", "effect: ask\n    ask: {within_s: 60}", 1))
    asked = withheld(ask, draft(by_person=True))
    assert asked.verdict.effect is Effect.ASK
    assert asked.shown is not None
    yes = Question(asked_at=NOW, approvals=(Approval(person="a", at=NOW, sight=asked.shown.sight),))
    assert released(ask, draft(), question=yes).verdict.rule == "strip"
    manual = parse_policy(POLICY_TEXT.replace("    automatic: true\n", "", 1))
    assert withheld(manual, draft()).verdict.effect is Effect.ASK
    assert released(manual, draft(by_person=True)).verdict.rule == "strip"


def test_delay_and_interval_name_the_time():
    """REL-4."""
    late = rule_with("    min_delay_s: 60\n")
    made = withheld(late, draft())
    assert made.not_before_ms == draft().track.at + 60_000
    assert isinstance(decide(late, draft(), made.not_before_ms), Released)
    slow = rule_with("    update_interval_s: 30\n")
    update = draft(type=MessageType.UPDATE)
    assert withheld(slow, update, last_sent_ms=Instant(NOW - 1)).not_before_ms == NOW - 1 + 30_000
    assert released(slow, update, last_sent_ms=Instant(NOW - 30_000))
    assert released(slow, draft(), last_sent_ms=Instant(NOW - 1)), "a NOTICE never waits for an interval"


CONDITIONS = [
    ("statuses: [balloon]", "statuses"),
    ("lives: [lost]", "lives"),
    ("min_reports: 10", "min_reports"),
    ("max_sigma_m: 199", "max_sigma_m"),
    ("cooperative: true", "cooperative"),
    ("altitude: {min_m: 500, max_m: 900, unknown: true}", "altitude"),
]


@pytest.mark.parametrize(("line", "field"), CONDITIONS)
def test_each_condition_can_keep_a_rule_away_and_is_explained(line, field):
    """REL-2, REL-14."""
    policy = rule_with(f"    {line}\n")
    assert withheld(policy, draft()).verdict.rule == "default-deny"
    reasons = explain(policy, draft(), NOW)
    assert (reasons[0].rule, reasons[0].matches, reasons[0].field) == ("strip", False, field)
    assert reasons[0].detail
    assert reasons[1].field == "types"
    assert (reasons[-1].rule, reasons[-1].decides) == ("default-deny", True)


def test_unknown_altitude_matches_only_where_the_band_says_so():
    unknown = draft(track=track(altitude_m=None))
    assert released(rule_with("    altitude: {min_m: 0, max_m: 9, unknown: true}\n"), unknown)
    assert withheld(rule_with("    altitude: {min_m: 0, max_m: 9, unknown: false}\n"), unknown)


def test_explain_names_the_deciding_rule_and_the_draft_check():
    reasons = explain(POLICY, draft(), NOW)
    assert [(r.rule, r.decides) for r in reasons] == [("strip", True), ("forms", False)]
    assert explain(POLICY, draft(type=MessageType.ACK), NOW)[0].rule == "draft-check"
    assert "60.0 km" in explain(POLICY, draft(distance_to_partner_m=60_000.0), NOW)[0].detail
    assert explain(POLICY, draft(partner=PartyId("LV")), NOW)[0].field == "partners"


def test_preview_is_the_same_decision():
    """REL-14."""
    drafts = [draft(), draft(partner=PartyId("LV"))]
    assert preview(POLICY, drafts, NOW) == tuple((d.track.id, decide(POLICY, d, NOW)) for d in drafts)


def test_a_window_that_ends_on_the_grain_stays():
    ends = Instant(NOW // 10_000 * 10_000)
    base = forecast()
    border = msgspec.structs.replace(base.borders[0], window=TimeWindow(ends, ends, ends))
    body = released(POLICY, draft(forecast=msgspec.structs.replace(base, borders=(border,)))).body
    assert isinstance(body, NoticeBody)
    assert body.crossing is not None
    assert body.crossing.p10_ms == body.crossing.p90_ms == ends
    assert BY in body.crossing.out_of
