"""The policy's file: whatever is wrong with it is said with its name, and decides what a start may do."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.node.node_pair import BY, Side

import redshank
from redshank.compose.config import ConfigFailed
from redshank.compose.policy_file import PolicyFile, read_policy, silent
from redshank.node.events import PolicyTaken
from redshank.release.decide import decide
from redshank.terms import limits
from redshank.terms.ids import PartyId

SHIPPED = Path(redshank.__file__).parent / "release" / "policies" / "BY.yaml"
OF_ANOTHER = SHIPPED.read_bytes().replace(b"party: BY", b"party: LT").replace(b"[LT, ", b"[EE, ")
BAD = [
    (None, "cannot be read"),
    (b"policy: \xff", "is not UTF-8 at byte 8"),
    (
        SHIPPED.read_bytes().replace(b"party: BY", b"party: LT").replace(b"[LT, ", b"[EE, "),
        "policy of LT, this node is BY",
    ),
    (SHIPPED.read_bytes().replace(b"[LT, LV, PL]", b"[LT, XX]", 1), "names XX, which is no party"),
    (SHIPPED.read_bytes() + b"#" * limits.POLICY_BYTES, "longer than"),
    (b"rules: [", "line 1"),
]


@pytest.mark.parametrize(("data", "told"), BAD)
def test_an_error_names_the_file_and_what_follows(tmp_path, data, told):
    path = tmp_path / "policy.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigFailed) as failed:
        read_policy(path, BY)
    assert str(failed.value).startswith(f"{path}: ")
    assert told in str(failed.value)
    assert "stays in force" in str(failed.value)


def test_a_partner_of_a_channel_may_be_no_country_of_the_map(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_bytes(SHIPPED.read_bytes().replace(b"[LT, LV, PL]", b"[LT, XQ]", 1))
    assert read_policy(path, BY, [PartyId("XQ")]).policy.party == BY


def test_a_start_takes_a_file_once_and_goes_on_under_the_last_good_one(tmp_path, capsys):
    path = tmp_path / "policy.yaml"
    file, side = PolicyFile(path, BY), Side(BY)
    fresh = replace(side.fresh, charter=replace(side.fresh.charter, policy=silent(BY)))
    with pytest.raises(ConfigFailed):
        file.at_start(fresh)
    path.write_bytes(SHIPPED.read_bytes())
    first = file.at_start(fresh)
    assert isinstance(first, PolicyTaken)
    taken = replace(fresh, taken=first)
    assert file.at_start(taken) is None, "it is in force already"
    path.write_bytes(SHIPPED.read_bytes() + b"# changed\n")
    assert file.at_start(taken) is not None
    path.write_bytes(b"rules: [")
    assert file.at_start(taken) is None
    assert "by-exercise-1 stays in force" in capsys.readouterr().out


def test_nothing_leaves_before_any_policy():
    from tests.release.release_drafts import BODIES, NOW, form

    made = [decide(silent(BY), form(kind), NOW) for kind in BODIES]
    assert {one.verdict.rule for one in made} == {"default-deny"}
