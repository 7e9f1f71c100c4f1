"""Certificates: a party's own authority, and the certificate of its node, renewed under the same authority.

Here: making both (X.509, RFC 5280) and reading the node's. Not here: TLS (edges/peers), which checks them. May know:
`public`, `sealed`.
"""

import datetime as dt

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from redshank.edges.keys.public import KeysFailed, host_name
from redshank.edges.keys.sealed import Seal, replace_file
from redshank.terms.ids import PartyId
from redshank.terms.instants import SECOND_MS, Instant

AUTHORITY, AUTHORITY_KEY = "authority.crt", "authority.key"
NODE = "tls.pem"  # the sealed key and its certificate in one file, so that a renewal is one replacement
_VALID_FOR = dt.timedelta(days=397)  # CA/Browser Forum baseline ceiling for leaf certificates
_CA_VALID_FOR = dt.timedelta(days=3 * 365)
_BACKDATED = dt.timedelta(days=1)  # a partner's clock may be behind


class TlsIdentity(msgspec.Struct, frozen=True):
    """What a node shows in a handshake, and until when it holds."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    def expires(self) -> Instant:
        """End of validity."""
        return Instant(round(self.certificate.not_valid_after_utc.timestamp() * SECOND_MS))


def make_authority(party: PartyId, seal: Seal, now: Instant) -> None:
    """A certificate authority of the party's own: `authority.key` (sealed) and `authority.crt`."""
    key, name = generate_private_key(SECP256R1()), _authority_name(party)
    authority = (
        _certificate(name, name, key, _time(now), _CA_VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    # The certificate comes last: a key without one was shown to nobody, and a new one may take its place.
    replace_file(seal.folder / AUTHORITY_KEY, seal.key_pem(key), private=True)
    replace_file(seal.folder / AUTHORITY, authority.public_bytes(serialization.Encoding.PEM), private=False)


def make_node_certificate(
    party: PartyId, seal: Seal, now: Instant, valid_for: dt.timedelta = _VALID_FOR
) -> TlsIdentity:
    """A new key and certificate of the node under the party's authority; replaces older ones whole or not at all.

    Raises KeysFailed.
    """
    authority_key = seal.read_key(AUTHORITY_KEY)
    if not isinstance(authority_key, EllipticCurvePrivateKey):
        raise KeysFailed(f"{seal.folder / AUTHORITY_KEY}: is not an elliptic-curve key")
    key = generate_private_key(SECP256R1())
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate = (
        _certificate(_name(host_name(party), party), _authority_name(party), key, _time(now), valid_for)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host_name(party))]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    replace_file(seal.folder / NODE, seal.key_pem(key) + pem, private=True)
    return TlsIdentity(certificate, key)


def read_identity(seal: Seal) -> TlsIdentity:
    """The node's certificate and its key. Raises KeysFailed, also when they do not fit one another."""
    path = seal.folder / NODE
    key = seal.read_key(NODE)
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeysFailed(f"{path}: holds no certificate: {error}") from error
    if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise KeysFailed(f"{path}: the key and the certificate in it do not belong together")
    return TlsIdentity(certificate, key)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: dt.datetime, valid_for: dt.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority_name(party: PartyId) -> x509.Name:
    return _name(f"Redshank {party} authority", party)


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


def _time(now: Instant) -> dt.datetime:
    return dt.datetime.fromtimestamp(now // SECOND_MS, dt.UTC)
