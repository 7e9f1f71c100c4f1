"""Configuration and agreement say the same of a partner without keys, or the node does not start."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.story.story_fleet import NodeProcess, make_fleet

from redshank.cli.keeping import pair, revoke
from redshank.compose.build import build_state, first_pairs
from redshank.compose.config import ConfigFailed, read_config
from redshank.edges.keys import KeyRing, KeysFailed
from redshank.edges.keys.sealed import read_passphrase
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant

CHANNEL = ChannelId("BY-LT")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NodeProcess]:
    return make_fleet(tmp_path_factory.mktemp("by-voice"), ["BY", "LT"], at=Instant(1_778_115_600_000))


@pytest.fixture
def configured(fleet: dict[str, NodeProcess]) -> Callable[..., NodeState]:
    """LT's first state, with its channel to BY and the agreement changed."""
    node = fleet["LT"]
    untouched = node.config.read_text()

    def build(*without: str, by_voice: str | None, **more: Any) -> NodeState:
        told = yaml.safe_load(untouched)
        (channel,) = told["channels"]
        agreement = node.folder / "by-lt.yaml"
        text = Path(channel["agreement"]).read_text()
        agreement.write_text(text if by_voice is None else f"{text}by_voice: {by_voice}\n")
        left = {name: value for name, value in channel.items() if name not in without}
        told["channels"] = [left | {"agreement": str(agreement)} | more]
        node.config.write_text(yaml.safe_dump(told))
        try:
            config, base = read_config(node.config)
            keys = KeyRing(config.party, base / config.keys, read_passphrase(node.folder / "passphrase"))
            return build_state(config, base, keys, first_pairs(config, base, keys))
        finally:
            node.config.write_text(untouched)

    return build


def test_voice_23_a_partner_without_keys(configured: Callable[..., NodeState]) -> None:
    """VOICE-23, VOICE-19: neither keys nor address; the law in force knows no receipt."""
    state = configured("partner_keys", "url", by_voice="BY")
    session = state.session(CHANNEL)
    assert (session.lone, session.own.witness, session.theirs.key) == (True, None, None)
    assert CHANNEL in state.charter.by_voice
    assert "receipt" not in state.charter.tables.on(CHANNEL).obligations
    assert not configured(by_voice=None).session(CHANNEL).lone
    assert not configured("url", by_voice=None).session(CHANNEL).lone


@pytest.mark.parametrize(
    ("without", "by_voice", "words"),
    [
        (("partner_keys", "url"), None, "needs partner_keys"),
        (("url",), "BY", "has no keys .by_voice., and partner_keys names some"),
        ((), "BY", "has no keys .by_voice., and partner_keys names some"),
        (("partner_keys",), "BY", "url needs partner_keys"),
        (("partner_keys", "url"), "LT", "LT runs no node, and this is one"),
        (("partner_keys", "url"), "LV", "neither BY nor LT"),
    ],
)
def test_voice_23_what_does_not_fit_together_does_not_start(
    configured: Callable[..., NodeState], without: tuple[str, ...], by_voice: str | None, words: str
) -> None:
    """VOICE-23: each with what to do."""
    with pytest.raises(ConfigFailed, match=words):
        configured(*without, by_voice=by_voice)


def test_voice_23_nobody_is_paired_or_revoked_by_voice(fleet: dict[str, NodeProcess], tmp_path: Path) -> None:
    """VOICE-23, VOICE-25: pairing says what to do first; a revocation is about keys, and here are none."""
    node = fleet["LT"]
    untouched = node.config.read_text()
    told = yaml.safe_load(untouched)
    told["channels"] = [{"partner": "BY", "agreement": told["channels"][0]["agreement"]}]
    node.config.write_text(yaml.safe_dump(told))
    (tmp_path / "revocation").write_bytes(b"?")
    try:
        with pytest.raises(KeysFailed, match="by voice: name partner_keys first"):
            pair(node.config, fleet["BY"].public_keys, node.folder / "passphrase", ask=lambda *_, **__: "")
        with pytest.raises(KeysFailed):
            revoke(node.config, tmp_path / "revocation", node.folder / "passphrase")
    finally:
        node.config.write_text(untouched)
