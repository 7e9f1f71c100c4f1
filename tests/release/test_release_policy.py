"""Reading a policy: what is not understood is refused, with line, field, limit and consequence."""

from importlib.resources import files

import pytest
from tests.release.release_drafts import POLICY_TEXT

from redshank.release.policy import RuleEffect
from redshank.release.reader import PolicyRefused, parse_policy

HEAD = "policy: p\nparty: LT\nrules:\n"
RULE = "  - id: a\n    effect: allow\n    partners: [BY]\n    types: [NOTICE]\n    coarsen: {position_m: 1000}\n"


@pytest.mark.parametrize("party", ["LT", "LV", "EE", "PL", "BY"])
def test_shipped_policies_are_sound(party):
    policy = parse_policy(files("redshank.release").joinpath(f"policies/{party}.yaml").read_text(encoding="utf-8"))
    assert policy.party == party
    assert policy.notes == ()
    for rule in policy.rules:
        if rule.for_tracks and rule.effect is not RuleEffect.DENY:
            assert rule.coarsen is not None
            assert rule.coarsen.position_m >= (1_000 if "BY" in (party, *rule.partners) else 200)


def test_shipped_policies_differ():
    root = files("redshank.release").joinpath("policies")
    texts = [root.joinpath(f"{party}.yaml").read_text(encoding="utf-8") for party in ("LT", "LV", "EE", "PL", "BY")]
    assert len({parse_policy(text).rules for text in texts}) == 5


REFUSED = [
    (HEAD + RULE.replace("1000", "10"), 8, "position_m", ">= 50"),
    (HEAD + RULE.replace("coarsen: {position_m: 1000}", "strip: [altitude]"), 4, "coarsen", "position_m"),
    (HEAD + RULE + "    colour: red\n", 4, "rules[0]", "colour"),
    (HEAD + RULE + "    strip: [sources]\n", 9, "strip", "sources"),
    (HEAD + RULE + RULE, 9, "id", "taken"),
    (HEAD + RULE.replace("id: a", "id: default-deny"), 4, "id", "taken"),
    (HEAD + RULE.replace("[BY]", "[LT]"), 6, "partners", "whose policy"),
    (HEAD + RULE.replace("[NOTICE]", "[NOTICE, ACK]"), 7, "types", "mixes"),
    (HEAD + RULE.replace("[NOTICE]", "[APOLOGY]"), 7, "types", "APOLOGY"),
    (HEAD + RULE.replace("[NOTICE]", "[ACK]"), 8, "coarsen", "only time_s"),
    (HEAD + RULE.replace("[NOTICE]", "[ACK]") + "    within_km: 5\n", 9, "within_km", "no meaning"),
    (HEAD + RULE.replace("allow", "deny"), 5, "effect", "no meaning"),
    (HEAD + RULE.replace("1000", "1000, altitude_m: 100") + "    strip: [altitude]\n", 9, "strip", "keep one"),
    (HEAD + RULE + "    altitude: {min_m: 9, max_m: 3, unknown: true}\n", 9, "altitude", "matches nothing"),
    (HEAD + RULE + "    altitude: {min_m: 1, max_m: 3}\n", 9, "altitude", "unknown"),
    (HEAD + RULE + "    id: b\n", 9, "id", "twice"),
    (
        HEAD + RULE.replace("[BY]", "&p [BY]") + RULE.replace(": a", ": b").replace("[BY]", "*p"),
        11,
        "rules[1].partners",
        "alias",
    ),
    ("policy: p\nparty: LT\nrules: []\nnotes: [x]\n", 4, "notes", "reader"),
    ("policy: p\nparty: LT\n", 1, "$", "rules"),
    ("", 1, "file", "empty"),
    ("a: [", 1, "file", "YAML"),
    ("x" * 70_000, 1, "file", "longer"),
    ("[" * 5_000, 1, "[0]", "nested deeper than 8"),
    (HEAD + RULE.replace("effect: allow", "<<: {effect: allow}"), 5, "rules[0].<<", "merge"),
    (HEAD + RULE + '    within_km: !!int ""\n', 9, "rules[0].within_km", "tags"),
    (HEAD + RULE + "    max_sigma_m: .nan\n", 9, "rules[0].max_sigma_m", "no number"),
]


@pytest.mark.parametrize(("text", "line", "field", "limit"), REFUSED)
def test_refusals_name_line_field_limit_and_consequence(text, line, field, limit):
    """REL-3."""
    with pytest.raises(PolicyRefused) as refused:
        parse_policy(text)
    error = refused.value
    assert (error.line, field in error.field, limit in error.limit) == (line, True, True), str(error)
    assert "not taken into force" in str(error)


def refusal_of(text, parties=None):
    with pytest.raises(PolicyRefused) as refused:
        parse_policy(text, parties)
    return refused.value


def test_a_policy_that_releases_nothing_must_say_so():
    """REL-1, REL-3, REL-17."""
    silent = "policy: p\nparty: LT\nrules: []\n"
    error = refusal_of(silent)
    assert (error.line, error.field) == (3, "rules")
    assert "would tell nobody anything" in str(error)
    assert parse_policy(silent + "extent: nothing\n").notes == ("this policy says that it releases nothing",)
    assert refusal_of(HEAD + RULE + "extent: nothing\n").field == "extent"
    denied = RULE.replace("allow", "deny").replace("    coarsen: {position_m: 1000}\n", "")
    assert "nothing" in str(refusal_of(HEAD + denied))


ALL = RULE.replace("[BY]", "[any]").replace("[NOTICE]", "[NOTICE, UPDATE, LOST]") + "    automatic: true\n"


def test_a_policy_that_releases_everything_must_say_so():
    """REL-17."""
    error = refusal_of(HEAD + ALL)
    assert error.field == "rules"
    assert "airliners and own patrols included" in str(error)
    assert parse_policy(HEAD + ALL + "extent: everything\n").rules[0].id == "a"
    deny = "  - {id: d, effect: deny, partners: [any], types: [NOTICE, UPDATE, LOST], cooperative: true}\n"
    assert parse_policy(HEAD + deny + ALL).extent is None
    assert parse_policy(HEAD + ALL.replace("    automatic: true\n", "")).extent is None
    parts = ALL.replace("id: a", "id: u") + "    statuses: [uav]\n", ALL
    assert "everything" in str(refusal_of(HEAD + "".join(parts)))


def test_a_rule_that_never_decides_is_refused_and_the_one_before_it_is_named():
    """REL-16."""
    narrow = RULE.replace("id: a", "id: b") + "    within_km: 5\n"
    error = refusal_of(HEAD + RULE + narrow)
    assert (error.line, error.field) == (9, "rules[1].id (b)")
    assert "never decides: a before it matches all that it matches; take it out" in str(error)
    assert parse_policy(HEAD + narrow + RULE).notes == ()
    assert parse_policy(POLICY_TEXT).notes == ()


DENY = "  - {id: z, effect: deny, partners: [BY], types: [NOTICE]}\n"
SHADOWS = [
    (RULE, DENY, "contradicts it (a says allow, this one deny)"),
    (RULE + "    statuses: [uav]\n", DENY.replace("]}", "], statuses: [uav]}"), "contradicts it"),
    (RULE + "    zones: [k]\n", DENY, ""),
    (RULE + "    zones: [k]\n", DENY.replace("]}", "], zones: [k]}"), ""),
    (DENY.replace("]}", "], zones: [k]}"), RULE + "    zones: [k]\n", "z before it"),
    (RULE + "    hours: {from: '22:00', until: '04:00'}\n", DENY, ""),
    (
        RULE + "    hours: {from: '22:00', until: '04:00'}\n",
        DENY.replace("]}", "], hours: {from: '23:00', until: '03:59'}}"),
        "contradicts",
    ),
    (
        RULE + "    hours: {from: '22:00', until: '04:00'}\n",
        DENY.replace("]}", "], hours: {from: '23:00', until: '04:01'}}"),
        "",
    ),
    (
        RULE + "    altitude: {min_m: 0, max_m: 900, unknown: false}\n",
        DENY.replace("]}", "], altitude: {min_m: 0, max_m: 900, unknown: true}}"),
        "",
    ),
    (
        RULE + "    altitude: {min_m: 0, max_m: 900, unknown: false}\n",
        DENY.replace("]}", "], altitude: {min_m: 5, max_m: 800, unknown: false}}"),
        "contradicts",
    ),
]
ZONE = "zones:\n  k: [[55.0, 24.0], [55.2, 24.0], [55.2, 24.4], [55.0, 24.4]]\n"


@pytest.mark.parametrize(("first", "second", "told"), SHADOWS)
def test_rules_that_contradict_are_told_from_rules_that_only_overlap(first, second, told):
    """REL-16."""
    other = "  - {id: o, effect: allow, partners: [LV], types: [ACK], automatic: true}\n"
    if "zones" not in first + second:
        other += "  - {id: k, effect: deny, partners: [LV], types: [NOTICE], zones: [k]}\n"
    text = HEAD + first + second + other + ZONE
    if told:
        assert told in str(refusal_of(text))
    else:
        assert parse_policy(text).notes == ()


def test_several_rules_together_can_leave_nothing_to_a_later_one():
    """REL-16."""
    one = RULE.replace("id: a", "id: cold") + "    cooperative: false\n"
    two = RULE.replace("id: a", "id: warm") + "    cooperative: true\n"
    error = refusal_of(HEAD + one + two + RULE)
    assert "cold and warm before it match all that it matches" in str(error)
    assert parse_policy(HEAD + one + RULE).notes == ()


def test_unknown_names_are_refused():
    """REL-15."""
    assert "no zone of this policy" in str(refusal_of(HEAD + RULE + "    zones: [nowhere]\n"))
    assert "protects nothing" in str(refusal_of(HEAD + RULE + ZONE))
    error = refusal_of(HEAD + RULE.replace("[BY]", "[BY, XX]"), {"LT", "LV", "BY"})
    assert (error.line, error.field) == (6, "rules[0].partners (a)")
    assert "names XX, which is no party that is known here (BY, LT, LV)" in str(error)
    assert parse_policy(HEAD + RULE, {"LT", "LV", "BY"}).party == "LT"


TIMES = [
    ("    hours: {from: 22:00, until: '04:00'}\n", "in quotes"),
    ("    hours: {from: '22:00', until: '22:00'}\n", "matches nothing"),
    ("    hours: {from: '24:00', until: '22:00'}\n", "matching regex"),
    ("    valid: {from: 2026-05-02T00:00:00Z, until: 2026-05-01T00:00:00Z}\n", "ends before it begins"),
    ("    valid: {from: 2026-05-02T00:00:00, until: 2026-06-01T00:00:00Z}\n", "timezone"),
    ("    ask: {within_s: 60}\n", "and with no other"),
    ("    zones: []\n", "length >= 1"),
]


@pytest.mark.parametrize(("line", "told"), TIMES)
def test_times_and_questions_that_mean_nothing_are_refused(line, told):
    """REL-15."""
    error = refusal_of(HEAD + RULE + line)
    assert error.line == 9
    assert told in str(error)
    assert "ask" in str(refusal_of(HEAD + RULE.replace("effect: allow", "effect: ask")))
