"""Keys: the sandbox's own secrets, made for it and used nowhere else, and what a party publishes.

Here: making and opening the qualifier's folder, reading a node's `public.json` (LINE-2), signing. Not here: what is
signed (wire). The names of every key begin with the sandbox's prefix, so nothing signed here is valid in operation.
"""

import base64
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from redshank.conformance import wire
from redshank.conformance.wire import Key, Mark

Private = Ed25519PrivateKey | MLDSA44PrivateKey
PREFIX = "exercise/"
"""Of every name in the sandbox (LOG-1): a sandbox is an exercise, and no exercise key can sign for a live log."""
MADE: dict[str, type[Private]] = {
    "log.key": Ed25519PrivateKey,
    "witness.key": Ed25519PrivateKey,
    "log.mldsa.key": MLDSA44PrivateKey,
    "witness.mldsa.key": MLDSA44PrivateKey,
    "report.key": Ed25519PrivateKey,
}
HYBRID_GROUP, CLASSICAL_GROUP = "X25519MLKEM768", "X25519"


class Unusable(Exception):
    """The folder, a key or a file of public keys cannot be used; the text says which and what to do."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What a party publishes (LINE-2). The members of later clauses are absent where a node does not know them."""

    party: str
    log_key: str
    witness_key: str
    authority_pem: str
    log_key_mldsa: str | None = None
    witness_key_mldsa: str | None = None
    key_exchange: tuple[str, ...] | None = None

    @property
    def is_hybrid(self) -> bool:
        """Whether the party signs with ML-DSA-44 too (LOG-14)."""
        return self.log_key_mldsa is not None

    def log_keys(self, origin: str) -> tuple[Key, ...]:
        """The keys of its log. Raises Unusable."""
        return _named(origin, wire.LOG, self.log_key, self.log_key_mldsa)

    def witness_keys(self, prefix: str) -> tuple[Key, ...]:
        """The keys of its witness. Raises Unusable."""
        return _named(witness_name(prefix, self.party), wire.WITNESS, self.witness_key, self.witness_key_mldsa)


class Secret(msgspec.Struct, frozen=True):
    """A private key under a name, with its signature type."""

    key: Key
    private: Private

    def mark(self, text: bytes, at_s: int) -> Mark:
        """The signature line's content for a head's text, at a time in seconds."""
        raw = self.private.sign(wire.signed_bytes(self.key, text, at_s))
        return Mark(self.key.name, self.key.id, raw if self.key.kind == wire.LOG else at_s.to_bytes(8, "big") + raw)


class Identity(msgspec.Struct, frozen=True):
    """A certificate with its private key, as a TLS context takes it."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey


class Authority(msgspec.Struct, frozen=True):
    """A certificate authority of the sandbox."""

    party: str
    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey

    def issue(self, host: str, now_s: int, valid: tuple[int, int] = (-86_400, 90 * 86_400)) -> Identity:
        """A certificate for a host name, for both roles; `valid` is from and until, in seconds about now."""
        private = ec.generate_private_key(ec.SECP256R1())
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            _draft(_name(self.party, host), self.certificate.subject, private, now_s, valid)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.private.public_key()), critical=False
            )
            .sign(self.private, hashes.SHA256())
        )
        return Identity(made, private)

    @property
    def pem(self) -> str:
        """As a partner pins it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


class Folder:
    """The qualifier's folder, opened: secrets, its own certificate, and what its node publishes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.published = read_published(path / "public.json")
        self._privates = {name: _read_private(path / name) for name in MADE}
        private = _read_private(path / "authority.key")
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise Unusable(f"{path / 'authority.key'}: is not a P-256 key")
        certificate = x509.load_pem_x509_certificate(self.published.authority_pem.encode("ascii"))
        self.authority = Authority(self.published.party, certificate, private)

    def secrets(self, name: str, role: str) -> tuple[Secret, ...]:
        """The signing keys of a role (``log`` or ``witness``) under a name: two where the sandbox is hybrid."""
        found = [(wire.LOG if role == "log" else wire.WITNESS, f"{role}.key")]
        if self.published.is_hybrid:
            found.append((wire.MLDSA, f"{role}.mldsa.key"))
        return tuple(_secret(name, kind, self._privates[file]) for kind, file in found)

    def report_secret(self) -> Secret:
        """The key that signs reports."""
        return _secret(report_name(self.published.party), wire.LOG, self._privates["report.key"])


def witness_name(prefix: str, party: str) -> str:
    """LOG-1."""
    return f"{prefix}redshank/{party}/witness"


def log_origin(prefix: str, channel: str, party: str, year: int) -> str:
    """LOG-1."""
    return f"{prefix}redshank/{channel}/{party}/{year}"


def report_name(party: str) -> str:
    """Name of the key that signs qualification reports: no log and no witness has it."""
    return f"{PREFIX}redshank/{party}/qualifier"


def host_name(party: str) -> str:
    """LINE-1."""
    return f"{party.lower()}.node.redshank.internal"


def make_folder(path: Path, party: str, node: Published, now_s: int) -> Folder:
    """Makes the sandbox's keys, in the form that the examined node publishes its own. Keys that are there stay.

    Raises Unusable or OSError.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, kind in MADE.items():
        if not (path / name).exists():
            _write_secret(path / name, _pem(kind.generate()))
    if not (path / "authority.key").exists():
        authority = make_authority(party, now_s)
        _write_secret(path / "authority.key", _pem(authority.private))
        (path / "public.json").write_bytes(_published_bytes(path, party, authority.pem, node))
    return Folder(path)


def make_authority(party: str, now_s: int) -> Authority:
    """A fresh authority of its own."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = _name(party, f"Redshank {party} sandbox authority")
    made = (
        _draft(name, name, private, now_s, (-86_400, 3 * 365 * 86_400))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(private, hashes.SHA256())
    )
    return Authority(party, made, private)


def read_published(path: Path) -> Published:
    """A file of public keys. Raises Unusable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Published)
    except OSError as error:
        raise Unusable(f"{path}: cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise Unusable(f"{path}: is not a file of public keys: {error}") from error


def _published_bytes(path: Path, party: str, authority_pem: str, node: Published) -> bytes:
    made: dict[str, Any] = {
        "party": party,
        "log_key": _raw(path / "log.key"),
        "witness_key": _raw(path / "witness.key"),
        "authority_pem": authority_pem,
    }
    if node.is_hybrid:
        made |= {"log_key_mldsa": _raw(path / "log.mldsa.key"), "witness_key_mldsa": _raw(path / "witness.mldsa.key")}
    if node.key_exchange is not None:
        made["key_exchange"] = [HYBRID_GROUP, CLASSICAL_GROUP]
    return json.dumps(made, sort_keys=True, separators=(",", ":")).encode()


def _raw(path: Path) -> str:
    private = _read_private(path)
    if not isinstance(private, Ed25519PrivateKey | MLDSA44PrivateKey):
        raise Unusable(f"{path}: is not a signing key")
    return base64.b64encode(private.public_key().public_bytes_raw()).decode("ascii")


def _named(name: str, kind: int, classic: str, second: str | None) -> tuple[Key, ...]:
    found = [(kind, classic, 32)] + ([] if second is None else [(wire.MLDSA, second, 1_312)])
    keys = []
    for type_byte, text, length in found:
        try:
            raw = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise Unusable(f"public keys of {name}: not base64") from error
        if len(raw) != length:
            raise Unusable(f"public keys of {name}: {len(raw)} bytes, needs {length}")
        keys.append(Key(name, type_byte, raw))
    return tuple(keys)


def _secret(name: str, kind: int, private: Any) -> Secret:
    return Secret(Key(name, kind, private.public_key().public_bytes_raw()), private)


def _draft(
    subject: x509.Name, issuer: x509.Name, private: ec.EllipticCurvePrivateKey, now_s: int, valid: tuple[int, int]
) -> x509.CertificateBuilder:
    begins, ends = (dt.datetime.fromtimestamp(now_s + seconds, dt.UTC) for seconds in valid)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
    )


def _name(party: str, common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, party), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(private: Private | ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_secret(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_private(path: Path) -> object:
    try:
        if path.stat().st_mode & 0o077:
            raise Unusable(f"{path}: others than its owner can read this key; run: chmod 600 {path}")
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise Unusable(f"{path}: cannot be read as a private key: {error}") from error
