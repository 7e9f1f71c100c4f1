"""Keys: made once, sealed, private to their owner, and refused when they are not."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, KeysFailed, Passphrase, host_name, make_keys
from redshank.edges.keys import sealed as sealed_files
from redshank.edges.keys.sealed import (
    CREDENTIAL,
    Seal,
    find_passphrase,
    random_passphrase,
    read_passphrase,
    write_new,
)
from redshank.terms import limits
from redshank.terms.ids import PartyId

LT = PartyId("LT")
PASSPHRASE = Passphrase(random_passphrase())


def make(folder: Path) -> KeySet:
    return make_keys(LT, folder, SystemClock().now(), PASSPHRASE)


def test_signatures_verify_under_the_public_keys(tmp_path: Path) -> None:
    keys = make(tmp_path)
    public = keys.public()
    Ed25519PublicKey.from_public_bytes(public.log_public()).verify(keys.sign_with_log_key(b"m"), b"m")
    Ed25519PublicKey.from_public_bytes(public.witness_public()).verify(keys.sign_with_witness_key(b"m"), b"m")
    log, witness = public.log_mldsa_public(), public.witness_mldsa_public()
    MLDSA44PublicKey.from_public_bytes(log).verify(keys.sign_with_log_mldsa_key(b"m"), b"m")
    MLDSA44PublicKey.from_public_bytes(witness).verify(keys.sign_with_witness_mldsa_key(b"m"), b"m")
    assert public.log_key != public.witness_key
    assert log != witness


def test_keys_that_are_there_are_kept(tmp_path: Path) -> None:
    first = make(tmp_path).public()
    assert make(tmp_path).public() == first


def test_keys_that_a_power_cut_left_half_made_are_completed(tmp_path: Path) -> None:
    """Whatever is missing is made; an authority whose certificate nobody saw is made anew."""
    first = make(tmp_path).public()
    for missing in (("tls.pem",), ("authority.crt", "tls.pem"), ("authority.key", "authority.crt", "tls.pem")):
        for name in missing:
            (tmp_path / name).unlink()
        again = make(tmp_path)
        assert again.public().log_key == first.log_key
        again.tls.certificate.verify_directly_issued_by(
            x509.load_pem_x509_certificate(again.authority_path.read_bytes())
        )


def test_a_wrong_passphrase_seals_nothing(tmp_path: Path) -> None:
    """KEY-9: what is missing is not made under another passphrase than what is there."""
    make(tmp_path)
    (tmp_path / "witness.key").unlink()
    with pytest.raises(KeysFailed, match="does not open with this passphrase"):
        make_keys(LT, tmp_path, SystemClock().now(), Passphrase(random_passphrase()))
    assert not (tmp_path / "witness.key").exists()


def test_secret_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    make(tmp_path)
    for path in (*tmp_path.glob("*.key"), tmp_path / "tls.pem", tmp_path / "salt"):
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_no_private_key_lies_open_on_the_disk(tmp_path: Path) -> None:
    """KEY-9: every one is encrypted, whatever its file is called, and a wrong passphrase opens none."""
    make(tmp_path)
    files = [path for path in tmp_path.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert {path.name for path in files} == {
        *("log.key", "witness.key", "log.mldsa.key", "witness.mldsa.key", "authority.key", "tls.pem")
    }
    for path in files:
        assert path.read_bytes().count(b"PRIVATE KEY") == path.read_bytes().count(b"ENCRYPTED PRIVATE KEY") == 2
        with pytest.raises((TypeError, ValueError)):
            serialization.load_pem_private_key(path.read_bytes(), password=None)
    with pytest.raises(KeysFailed, match="does not open with this passphrase"):
        KeySet(LT, tmp_path, Passphrase(random_passphrase()))


def test_a_plain_key_is_not_taken(tmp_path: Path) -> None:
    """KEY-9: there is no plain form, not even for reading."""
    keys = make(tmp_path)
    plain = keys.tls.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "log.key").write_bytes(plain)
    with pytest.raises(KeysFailed, match=r"log.key: is not an encrypted private key"):
        KeySet(LT, tmp_path, PASSPHRASE)


def test_another_program_opens_the_files_with_the_derived_password(tmp_path: Path) -> None:
    """KEY-9: scrypt once, then ordinary PKCS #8: OpenSSL's own command opens it, so the keys outlive Redshank."""
    make(tmp_path)
    derived = Seal(tmp_path, PASSPHRASE).password
    command = ["openssl", "pkey", "-in", str(tmp_path / "log.key"), "-passin", "stdin", "-noout", "-text"]
    done = subprocess.run(command, input=derived, capture_output=True, check=False)
    assert b"ED25519 Private-Key" in done.stdout, done.stderr
    done = subprocess.run(command, input=b"another", capture_output=True, check=False)
    assert done.returncode != 0


def test_a_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    make(tmp_path)
    content = (tmp_path / "log.key").read_bytes()
    (tmp_path / "log.key").write_bytes(content[:120] + b"A" * 8 + content[128:])
    with pytest.raises(KeysFailed, match=r"log\.key"):
        KeySet(LT, tmp_path, PASSPHRASE)
    (tmp_path / "log.key").unlink()
    with pytest.raises(KeysFailed, match=r"log\.key: cannot be read: No such file"):
        KeySet(LT, tmp_path, PASSPHRASE)
    (tmp_path / "salt").unlink()
    with pytest.raises(KeysFailed, match="salt"):
        KeySet(LT, tmp_path, PASSPHRASE)


def test_a_key_that_others_can_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "log.key").chmod(0o644)
    with pytest.raises(KeysFailed, match="chmod 600"):
        KeySet(LT, tmp_path, PASSPHRASE)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "log.key").write_bytes((tmp_path / "authority.key").read_bytes())
    with pytest.raises(KeysFailed, match="Ed25519"):
        KeySet(LT, tmp_path, PASSPHRASE)


def test_an_ed25519_key_does_not_stand_in_for_an_ml_dsa_key(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "witness.mldsa.key").write_bytes((tmp_path / "witness.key").read_bytes())
    with pytest.raises(KeysFailed, match="ML-DSA-44"):
        KeySet(LT, tmp_path, PASSPHRASE)


def test_the_tls_certificate_is_the_partys_own_and_short_lived(tmp_path: Path) -> None:
    keys = make(tmp_path)
    authority = x509.load_pem_x509_certificate(keys.authority_path.read_bytes())
    certificate = keys.tls.certificate
    certificate.verify_directly_issued_by(authority)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [host_name(LT)]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days <= 398


def test_a_passphrase_shows_itself_nowhere_and_has_a_least_length() -> None:
    """KEY-9."""
    text = "x" * limits.PASSPHRASE_CHARS
    assert text not in repr(Passphrase(text))
    with pytest.raises(KeysFailed, match="too short") as failed:
        Passphrase("y" * (limits.PASSPHRASE_CHARS - 1))
    assert "yyyy" not in str(failed.value)


def test_a_passphrase_comes_from_a_descriptor_a_file_or_a_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KEY-9: never from an argument or a variable."""
    make(tmp_path / "keys")
    text = random_passphrase()
    keys = make_keys(LT, tmp_path / "other", SystemClock().now(), Passphrase(text)).public()
    write_new(tmp_path / CREDENTIAL, f"{text}\n".encode())
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    assert KeySet(LT, tmp_path / "other", find_passphrase(None, reading)).public() == keys
    assert KeySet(LT, tmp_path / "other", find_passphrase(tmp_path / CREDENTIAL, None)).public() == keys
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert KeySet(LT, tmp_path / "other", find_passphrase(None, None)).public() == keys
    (tmp_path / CREDENTIAL).chmod(0o640)
    with pytest.raises(KeysFailed, match="chmod 600"):
        read_passphrase(tmp_path / CREDENTIAL)


def test_a_person_types_a_new_passphrase_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """KEY-9: and once an old one."""
    typed = iter(["correct horse battery", "correct horse batterx", "correct horse battery", "correct horse battery"])
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setattr(sealed_files, "getpass", lambda _: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with pytest.raises(KeysFailed, match="differ"):
        find_passphrase(None, None, fresh=True)
    find_passphrase(None, None, fresh=True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(KeysFailed, match="no passphrase"):
        find_passphrase(None, None)
