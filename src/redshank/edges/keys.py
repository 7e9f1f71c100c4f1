"""Keys: what a party holds in secret, and what it shows to its partners.

Here: making the key set of a party (log and witness keys, each as Ed25519 and as ML-DSA-44; certificate authority, TLS
certificate), reading it back, and signing bytes that the core asks to have signed. Not here: what the bytes say. May
know: terms, exchange (raw keys).
Private keys lie in files that only their owner can read; a key never leaves this module.
"""

import base64
import datetime as dt
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from redshank.edges.durable_file import make_folder, write_file, write_secret
from redshank.exchange.parties import RawKeys
from redshank.terms.ids import PartyId
from redshank.terms.instants import SECOND_MS, Instant

_VALID_FOR = dt.timedelta(days=397)  # CA/Browser Forum baseline ceiling for leaf certificates
_CA_VALID_FOR = dt.timedelta(days=3 * 365)


class KeysFailed(Exception):
    """A key file is missing, unreadable for us, readable for others, or no key."""


class PublicKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a partner pins: raw public keys in base64 (Ed25519, and ML-DSA-44 beside each) and the certificate
    authority in PEM."""

    party: PartyId
    log_key: str
    witness_key: str
    log_key_mldsa: str
    witness_key_mldsa: str
    authority_pem: str

    def log_public(self) -> bytes:
        """32 bytes. Raises ValueError on bad base64."""
        return base64.b64decode(self.log_key, validate=True)

    def witness_public(self) -> bytes:
        """32 bytes. Raises ValueError on bad base64."""
        return base64.b64decode(self.witness_key, validate=True)

    def log_mldsa_public(self) -> bytes:
        """1,312 bytes (FIPS 204, ML-DSA-44). Raises ValueError on bad base64."""
        return base64.b64decode(self.log_key_mldsa, validate=True)

    def witness_mldsa_public(self) -> bytes:
        """1,312 bytes (FIPS 204, ML-DSA-44). Raises ValueError on bad base64."""
        return base64.b64decode(self.witness_key_mldsa, validate=True)

    def raw(self) -> RawKeys:
        """The four keys, as `exchange.parties.party_keys` takes them. Raises ValueError on bad base64."""
        return RawKeys(self.log_public(), self.witness_public(), self.log_mldsa_public(), self.witness_mldsa_public())


class KeySet:
    """The opened keys of one party."""

    def __init__(self, party: PartyId, folder: Path) -> None:
        self.party = party
        self.folder = folder
        self._log = _read_ed25519(folder / "log.key")
        self._witness = _read_ed25519(folder / "witness.key")
        self._log_mldsa = _read_mldsa(folder / "log.mldsa.key")
        self._witness_mldsa = _read_mldsa(folder / "witness.mldsa.key")
        self.authority_path = folder / "authority.crt"
        self.tls_certificate_path = folder / "tls.crt"
        self.tls_key_path = folder / "tls.key"

    def sign_with_log_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes) by the log key."""
        return self._log.sign(message)

    def sign_with_witness_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes) by the witness key."""
        return self._witness.sign(message)

    def sign_with_log_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes) by the log's second key."""
        return self._log_mldsa.sign(message)

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes) by the witness's second key."""
        return self._witness_mldsa.sign(message)

    def public(self) -> PublicKeys:
        """What the partners pin."""
        return PublicKeys(
            party=self.party,
            log_key=_public_base64(self._log),
            witness_key=_public_base64(self._witness),
            log_key_mldsa=_public_base64(self._log_mldsa),
            witness_key_mldsa=_public_base64(self._witness_mldsa),
            authority_pem=self.authority_path.read_text(encoding="ascii"),
        )


def host_name(party: PartyId) -> str:
    """The name in a node's TLS certificate; partners check it, whatever address the node has."""
    return f"{party.lower()}.node.redshank.internal"


def make_keys(party: PartyId, folder: Path, now: Instant) -> KeySet:
    """Makes all keys of a party in `folder`; keys that are there already are kept. Raises KeysFailed."""
    make_folder(folder, 0o700)
    for name in ("log.key", "witness.key"):
        if not (folder / name).exists():
            write_secret(folder / name, _private_pem(Ed25519PrivateKey.generate()))
    for name in ("log.mldsa.key", "witness.mldsa.key"):
        if not (folder / name).exists():
            write_secret(folder / name, _private_pem(MLDSA44PrivateKey.generate()))
    if not (folder / "authority.crt").exists():  # written last: without it nobody was shown the others
        _make_certificates(party, folder, dt.datetime.fromtimestamp(now // SECOND_MS, dt.UTC))
    return KeySet(party, folder)


def _make_certificates(party: PartyId, folder: Path, now: dt.datetime) -> None:
    """A certificate authority of the party's own and one certificate by it, for server and client alike."""
    authority_key, node_key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    authority_name = _name(f"Redshank {party} authority", party)
    authority = (
        _certificate(authority_name, authority_name, authority_key, now, _CA_VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    node = (
        _certificate(_name(host_name(party), party), authority_name, node_key, now, _VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host_name(party))]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    write_secret(folder / "authority.key", _private_pem(authority_key))
    write_secret(folder / "tls.key", _private_pem(node_key))
    write_file(folder / "tls.crt", node.public_bytes(serialization.Encoding.PEM))
    write_file(folder / "authority.crt", authority.public_bytes(serialization.Encoding.PEM))


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: dt.datetime, valid_for: dt.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str, party: PartyId) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, party), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _private_pem(key: Ed25519PrivateKey | MLDSA44PrivateKey | EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public_base64(key: Ed25519PrivateKey | MLDSA44PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def _read_ed25519(path: Path) -> Ed25519PrivateKey:
    key = _read_private(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysFailed(f"{path}: is not an Ed25519 key")
    return key


def _read_mldsa(path: Path) -> MLDSA44PrivateKey:
    key = _read_private(path)
    if not isinstance(key, MLDSA44PrivateKey):
        raise KeysFailed(f"{path}: is not an ML-DSA-44 key")
    return key


def _read_private(path: Path) -> PrivateKeyTypes:
    try:
        if path.stat().st_mode & 0o077:
            raise KeysFailed(f"{path}: others than its owner can read this key; run: chmod 600 {path}")
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeysFailed(f"{path}: cannot be read as a private key: {error}") from error
