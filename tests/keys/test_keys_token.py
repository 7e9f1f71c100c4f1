"""Keys on a PKCS #11 token: made there, used there, never copied. The token is SoftHSM's."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.edges.peer_parties import LT

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, KeysFailed, Passphrase, make_keys
from redshank.edges.keys.revocation import check_revocation, make_revocation
from redshank.edges.keys.sealed import random_passphrase
from redshank.edges.keys.token import TokenPlace

LIBRARY = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "48151623"
PASSPHRASE = Passphrase(random_passphrase())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenPlace]:
    """A fresh token. SoftHSM reads its configuration once per process, so it is one for the module."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    for label in ("redshank-test", "redshank-other"):
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "31415926"],
            check=True,
            capture_output=True,
        )
    yield TokenPlace(LIBRARY, "redshank-test", "redshank LT")
    del os.environ["SOFTHSM2_CONF"]


def make(folder: Path, place: TokenPlace, pin: str = PIN) -> KeySet:
    return make_keys(LT, folder, SystemClock().now(), PASSPHRASE, token=(place, pin))


def test_log_and_witness_sign_on_the_token_and_lie_in_no_file(place: TokenPlace, tmp_path: Path) -> None:
    """KEY-10."""
    keys = make(tmp_path, place)
    public = keys.public()
    Ed25519PublicKey.from_public_bytes(public.log_public()).verify(keys.sign_with_log_key(b"m"), b"m")
    Ed25519PublicKey.from_public_bytes(public.witness_public()).verify(keys.sign_with_witness_key(b"m"), b"m")
    assert public.log_key != public.witness_key
    assert not (tmp_path / "log.key").exists()
    assert not (tmp_path / "witness.key").exists()
    assert (tmp_path / "log.mldsa.key").exists()  # no token of today takes ML-DSA
    check_revocation(make_revocation(keys), public)
    keys.close()


def test_the_same_passphrase_opens_them_again_with_the_token_and_not_without(place: TokenPlace, tmp_path: Path) -> None:
    """KEY-10: the PIN lies sealed; without the token, or under another passphrase, it is of no use."""
    made = make(tmp_path, place)
    public = made.public()
    made.close()
    for again in (lambda: KeySet(LT, tmp_path, PASSPHRASE), lambda: make(tmp_path, place)):
        keys = again()
        assert keys.public() == public
        keys.close()
    for path in tmp_path.iterdir():
        assert PIN.encode() not in path.read_bytes(), path
    with pytest.raises(KeysFailed, match="does not open with this passphrase"):
        KeySet(LT, tmp_path, Passphrase(random_passphrase()))
    content = (tmp_path / "token.json").read_bytes()
    (tmp_path / "token.json").write_bytes(content.replace(b"redshank-test", b"redshank-gone"))
    with pytest.raises(KeysFailed, match="redshank-gone"):
        KeySet(LT, tmp_path, PASSPHRASE)
    (tmp_path / "token.json").write_bytes(content.replace(b"redshank-test", b"redshank-other"))
    with pytest.raises(KeysFailed, match="has no key 'redshank LT log'"):
        KeySet(LT, tmp_path, PASSPHRASE)
    (tmp_path / "token.json").write_bytes(b"{}")
    with pytest.raises(KeysFailed, match=r"token\.json"):
        KeySet(LT, tmp_path, PASSPHRASE)


def test_a_wrong_pin_or_library_is_told(place: TokenPlace, tmp_path: Path) -> None:
    """KEY-10."""
    with pytest.raises(KeysFailed, match="PinIncorrect"):
        make(tmp_path / "pin", place, "00000000")
    with pytest.raises(KeysFailed, match="no-such-library"):
        make(tmp_path / "library", TokenPlace("/no-such-library.so", "redshank-test", "redshank LT"))


def test_keys_in_files_do_not_move_to_a_token(place: TokenPlace, tmp_path: Path) -> None:
    """KEY-10: what once lay in a file is not made safe by a copy: it is a new set."""
    make_keys(LT, tmp_path, SystemClock().now(), PASSPHRASE)
    with pytest.raises(KeysFailed, match="new set"):
        make(tmp_path, place)


def test_a_private_key_does_not_leave_the_token(place: TokenPlace, tmp_path: Path) -> None:
    """KEY-10: the token itself refuses to show it."""
    import pkcs11
    from pkcs11 import Attribute, ObjectClass

    make(tmp_path, place).close()
    session = pkcs11.lib(LIBRARY).get_token(token_label="redshank-test").open(user_pin=PIN)
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    assert keys
    for key in keys:
        assert key[Attribute.SENSITIVE]
        assert not key[Attribute.EXTRACTABLE]
        with pytest.raises(pkcs11.PKCS11Error):
            key[Attribute.VALUE]
