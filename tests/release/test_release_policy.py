"""Reading a policy: what is not understood is refused, with line, field, limit and consequence."""

from importlib.resources import files

import pytest
from tests.release.release_drafts import POLICY_TEXT

from redshank.release.policy import PolicyRefused, RuleEffect, parse_policy

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
    (HEAD + RULE.replace("[NOTICE]", "[FIND]"), 7, "types", "FIND"),
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


def test_deny_all_is_legal_but_noted():
    """REL-1, REL-3."""
    assert "withholds every message" in parse_policy("policy: p\nparty: LT\nrules: []\n").notes[0]


def test_a_rule_in_the_shadow_of_another_is_noted():
    narrow = RULE.replace("id: a", "id: b") + "    within_km: 5\n"
    assert parse_policy(HEAD + RULE + narrow).notes == (
        "rule b never decides: a before it matches all that it matches",
    )
    assert parse_policy(HEAD + narrow + RULE).notes == ()
    assert parse_policy(POLICY_TEXT).notes == ()
