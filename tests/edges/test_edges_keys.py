"""Keys: made once, private to their owner, and refused when they are not."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, KeysFailed, host_name, make_keys
from redshank.terms.ids import PartyId

LT = PartyId("LT")


def test_signatures_verify_under_the_public_keys(tmp_path: Path) -> None:
    keys = make_keys(LT, tmp_path, SystemClock().now())
    public = keys.public()
    Ed25519PublicKey.from_public_bytes(public.log_public()).verify(keys.sign_with_log_key(b"m"), b"m")
    Ed25519PublicKey.from_public_bytes(public.witness_public()).verify(keys.sign_with_witness_key(b"m"), b"m")
    log, witness = public.log_mldsa_public(), public.witness_mldsa_public()
    MLDSA44PublicKey.from_public_bytes(log).verify(keys.sign_with_log_mldsa_key(b"m"), b"m")
    MLDSA44PublicKey.from_public_bytes(witness).verify(keys.sign_with_witness_mldsa_key(b"m"), b"m")
    assert public.log_key != public.witness_key
    assert log != witness


def test_keys_that_are_there_are_kept(tmp_path: Path) -> None:
    first = make_keys(LT, tmp_path, SystemClock().now()).public()
    assert make_keys(LT, tmp_path, SystemClock().now()).public() == first


def test_secret_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    make_keys(LT, tmp_path, SystemClock().now())
    for path in tmp_path.glob("*.key"):
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_a_key_that_others_can_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    make_keys(LT, tmp_path, SystemClock().now())
    (tmp_path / "log.key").chmod(0o644)
    with pytest.raises(KeysFailed, match="chmod 600"):
        KeySet(LT, tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    make_keys(LT, tmp_path, SystemClock().now())
    (tmp_path / "log.key").write_bytes((tmp_path / "tls.key").read_bytes())
    with pytest.raises(KeysFailed, match="Ed25519"):
        KeySet(LT, tmp_path)


def test_an_ed25519_key_does_not_stand_in_for_an_ml_dsa_key(tmp_path: Path) -> None:
    make_keys(LT, tmp_path, SystemClock().now())
    (tmp_path / "witness.mldsa.key").write_bytes((tmp_path / "witness.key").read_bytes())
    with pytest.raises(KeysFailed, match="ML-DSA-44"):
        KeySet(LT, tmp_path)


def test_the_tls_certificate_is_the_partys_own_and_short_lived(tmp_path: Path) -> None:
    keys = make_keys(LT, tmp_path, SystemClock().now())
    authority = x509.load_pem_x509_certificate(keys.authority_path.read_bytes())
    certificate = x509.load_pem_x509_certificate(keys.tls_certificate_path.read_bytes())
    certificate.verify_directly_issued_by(authority)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [host_name(LT)]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days <= 398
