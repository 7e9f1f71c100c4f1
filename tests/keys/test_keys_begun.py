"""Under which keys the logs in a data folder were begun, however many sets and pins there are later."""

from pathlib import Path

import pytest
from tests.edges.peer_parties import BY

from redshank.compose.begun import NOTE, begun_keys
from redshank.compose.config import ConfigFailed
from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeyRing, Passphrase, PublicKeys, make_keys
from redshank.edges.keys.pins import EXERCISE, confirmed, newest_pin, next_path, pin_partner, place_for
from redshank.edges.keys.public import fingerprint
from redshank.edges.keys.ring import make_next, next_folders
from redshank.edges.keys.sealed import random_passphrase
from redshank.exchange.parties import RawKeys
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant

PASSPHRASE = Passphrase(random_passphrase())
LT = PartyId("LT")
CHANNEL, OTHER = ChannelId("BY-LT"), ChannelId("LT-LV")


def raw(letter: bytes) -> RawKeys:
    return RawKeys(*(letter * length for length in (32, 32, 1_312, 1_312)))


def test_the_first_keys_of_a_channel_are_noted_once(tmp_path: Path) -> None:
    """KEY-14: later sets change nothing of it; a channel that is new is noted with its own."""
    begun = begun_keys(tmp_path, {CHANNEL: (raw(b"a"), raw(b"b"))}, keep=True)
    assert begun_keys(tmp_path, {CHANNEL: (raw(b"c"), raw(b"d"))}, keep=True) == begun
    more = begun_keys(tmp_path, {CHANNEL: (raw(b"c"), raw(b"d")), OTHER: (raw(b"c"), raw(b"e"))}, keep=True)
    assert more == begun | {OTHER: (raw(b"c"), raw(b"e"))}
    assert begun_keys(tmp_path, {}, keep=True) == more
    (tmp_path / NOTE).write_bytes(b"?")
    with pytest.raises(ConfigFailed, match="cannot be read"):
        begun_keys(tmp_path, {}, keep=True)


def test_a_look_notes_nothing(tmp_path: Path) -> None:
    """RCV-5: `redshank check` changes nothing."""
    begun_keys(tmp_path, {CHANNEL: (raw(b"a"), raw(b"b"))}, keep=False)
    assert not (tmp_path / NOTE).exists()


def test_the_next_set_stands_beside_the_old_and_both_sign(tmp_path: Path) -> None:
    """KEY-15: other keys of log and witness, the same authority and certificate, one passphrase."""
    folder = tmp_path / "LT"
    old = make_keys(LT, folder, SystemClock().now(), PASSPHRASE)
    new = make_next(LT, folder, PASSPHRASE)
    ring = KeyRing(LT, folder, PASSPHRASE)
    assert [one.name for one in next_folders(folder)] == ["next-1"]
    assert ring.base.public() == old.public()
    assert ring.newest.public() == new.public()
    assert new.public().authority_pem == old.public().authority_pem
    kept = {getattr(one.raw(), name) for one in (old.public(), new.public()) for name in RawKeys.__struct_fields__}
    assert len(kept) == 8
    assert ring.newest.tls is ring.base.tls
    assert ring.has(old.public().raw())
    assert ring.named(fingerprint(new.public()).hex()) == new.public()
    make_next(LT, folder, PASSPHRASE)
    ring.refresh()
    assert ring.newest.folder.name == "next-2"


def test_voice_25_a_lone_log_stays_one(tmp_path: Path) -> None:
    """VOICE-25, VOICE-23: no keys for it later, and no log that was begun under keys goes on without; another by
    voice may come."""
    begun = begun_keys(tmp_path, {CHANNEL: (raw(b"a"), None)}, keep=True)
    assert begun == {CHANNEL: (raw(b"a"), None)}
    assert '"partner":"by voice"' in (tmp_path / NOTE).read_text()
    assert begun_keys(tmp_path, {CHANNEL: (raw(b"c"), None)}, keep=True) == begun
    with pytest.raises(ConfigFailed, match="BY-LT was begun without keys of the partner"):
        begun_keys(tmp_path, {CHANNEL: (raw(b"a"), raw(b"b"))}, keep=False)
    both = begun_keys(tmp_path, {CHANNEL: (raw(b"a"), None), OTHER: (raw(b"a"), raw(b"e"))}, keep=True)
    with pytest.raises(ConfigFailed, match="LT-LV was begun with keys of the partner"):
        begun_keys(tmp_path, {CHANNEL: (raw(b"a"), None), OTHER: (raw(b"a"), None)}, keep=True)
    third = {ChannelId("EE-LT"): (raw(b"a"), None)}
    assert begun_keys(tmp_path, third, keep=True) == both | third


def test_a_pin_for_the_next_logs_lies_beside_the_one_in_use(tmp_path: Path) -> None:
    """KEY-4 and KEY-15: a new authority takes the old pin's place; new keys of log or witness of either side do not."""
    keys = make_keys(LT, tmp_path / "LT", SystemClock().now(), PASSPHRASE)
    theirs = make_keys(BY, tmp_path / "BY", SystemClock().now(), PASSPHRASE).public()
    path = tmp_path / "pins" / "BY.json"

    def pinned(public: PublicKeys, own: PublicKeys, at: int) -> Path:
        place = place_for(keys, path, public, own)
        told = confirmed(keys, public, "one", "other", Instant(at), EXERCISE, own)
        pin_partner(keys, place, public, told, own)
        return place

    assert pinned(theirs, keys.public(), 1) == path
    for name in ("authority.key", "authority.crt", "tls.pem"):
        (tmp_path / "BY" / name).unlink()
    renewed = make_keys(BY, tmp_path / "BY", SystemClock().now(), PASSPHRASE)
    assert renewed.public().authority_pem != theirs.authority_pem
    assert pinned(renewed.public(), keys.public(), 2) == path
    mine = make_next(LT, tmp_path / "LT", PASSPHRASE)
    assert pinned(renewed.public(), mine.public(), 3) == next_path(path)
    assert newest_pin(keys, path)[1].fingerprint == fingerprint(mine.public()).hex()
    their_next = make_next(BY, tmp_path / "BY", PASSPHRASE)
    assert pinned(their_next.public(), keys.public(), 4) == next_path(path)
    assert newest_pin(keys, path)[0] == their_next.public()
