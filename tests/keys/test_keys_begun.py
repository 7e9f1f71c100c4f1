"""Logs go on under the keys that they were begun with, or not at all; everything else about a set may change."""

from pathlib import Path

import pytest
from tests.edges.peer_parties import BY

from redshank.compose.begun import NOTE, check_begun
from redshank.compose.config import ConfigFailed
from redshank.edges.clock import SystemClock
from redshank.edges.keys import Passphrase, PublicKeys, make_keys
from redshank.edges.keys.public import fingerprint
from redshank.edges.keys.sealed import random_passphrase
from redshank.terms.ids import PartyId

PASSPHRASE = Passphrase(random_passphrase())


def made(party: PartyId, folder: Path) -> PublicKeys:
    return make_keys(party, folder, SystemClock().now(), PASSPHRASE).public()


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PublicKeys]:
    folder = tmp_path_factory.mktemp("sets")
    return {name: made(PartyId(name[:2]), folder / name) for name in ("LT", "BY", "LV", "BY-new", "LT-new")}


def test_other_keys_do_not_go_on_with_the_logs(tmp_path: Path, sets: dict[str, PublicKeys]) -> None:
    """KEY-14: neither a partner's nor the own ones; the old set still does."""
    check_begun(tmp_path, [sets["LT"], sets["BY"]])
    with pytest.raises(ConfigFailed, match="begun under other keys of BY"):
        check_begun(tmp_path, [sets["LT"], sets["BY-new"]])
    with pytest.raises(ConfigFailed, match="begun under other keys of LT"):
        check_begun(tmp_path, [sets["LT-new"], sets["BY"]])
    check_begun(tmp_path, [sets["LT"], sets["BY"]])
    (tmp_path / NOTE).write_bytes(b"?")
    with pytest.raises(ConfigFailed, match="cannot be read"):
        check_begun(tmp_path, [sets["LT"], sets["BY"]])


def test_voice_25_a_lone_log_stays_one(tmp_path: Path, sets: dict[str, PublicKeys]) -> None:
    """VOICE-25, VOICE-23: no keys for it later, and no log that was begun under keys goes on without; another by
    voice may come."""
    check_begun(tmp_path, [sets["LT"]], [PartyId("BY")])
    check_begun(tmp_path, [sets["LT"]], [PartyId("BY")])
    with pytest.raises(ConfigFailed, match="begun without keys of BY"):
        check_begun(tmp_path, [sets["LT"], sets["BY"]])
    check_begun(tmp_path, [sets["LT"], sets["LV"]], [PartyId("BY")])
    with pytest.raises(ConfigFailed, match="begun with keys of LV"):
        check_begun(tmp_path, [sets["LT"]], [PartyId("BY"), PartyId("LV")])
    check_begun(tmp_path, [sets["LT"]], [PartyId("BY"), PartyId("EE")])


def test_a_new_partner_joins_and_one_that_left_is_remembered(tmp_path: Path, sets: dict[str, PublicKeys]) -> None:
    """KEY-14."""
    check_begun(tmp_path, [sets["LT"], sets["BY"]])
    check_begun(tmp_path, [sets["LT"], sets["LV"]])
    with pytest.raises(ConfigFailed, match="other keys of BY"):
        check_begun(tmp_path, [sets["LT"], sets["LV"], sets["BY-new"]])


def test_a_new_authority_under_the_same_log_keys_goes_on(tmp_path: Path) -> None:
    """KEY-14 and KEY-2: it is another fingerprint, so both pair anew, and the logs stay."""
    folder = tmp_path / "BY"
    before = made(BY, folder)
    check_begun(tmp_path, [before])
    for name in ("authority.key", "authority.crt", "tls.pem"):
        (folder / name).unlink()
    after = made(BY, folder)
    assert after.authority_pem != before.authority_pem
    assert fingerprint(after) != fingerprint(before)
    assert after.log_key == before.log_key
    check_begun(tmp_path, [after])
