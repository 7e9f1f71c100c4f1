"""TLS between nodes: version 1.3, both sides show a certificate, each issued by the pinned authority of its party, and
the key exchange that both publish and no other.

Here: contexts of OpenSSL, whose certificate it is, why a handshake failed in words. Not here: bytes on a socket
(stream). May know: edges.keys.

A certificate is taken for party X only if X's own pinned authority signed it: otherwise one party's authority could
issue a certificate in the name of another. Python's own `ssl` cannot say which groups a link may use, so this is
pyOpenSSL over the OpenSSL that `cryptography` brings (ADR 0013). Clauses: docs/spec/keys.md.
"""

from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.bindings._rust import _openssl  # pyOpenSSL has no method for the list of groups
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL, crypto

from redshank.edges.keys import KeyExchange, KeySet, KeysFailed, PublicKeys, host_name
from redshank.edges.keys.certificates import TlsIdentity
from redshank.edges.keys.public import agreed_exchange
from redshank.terms.ids import PartyId
from redshank.terms.instants import SECOND_MS, Instant

# X509_V_ERR_… of OpenSSL's x509_vfy.h, for the officer; others are told by OpenSSL's own words
_CERTIFICATE_WORDS = {
    9: "the certificate is not valid yet: compare the clocks",
    10: "the certificate has expired",
    18: "the certificate is its own authority, not the pinned one",
    19: "the certificate is not of the pinned authority",
    20: "the certificate is not of the pinned authority",
    21: "the certificate is not of the pinned authority",
}
_ALERT_WORDS = {
    "handshake failure": "no key exchange in common, or no certificate",
    "certificate expired": "our certificate has expired, says the other side",
    "unknown ca": "our certificate is not of the authority that the other side has pinned",
    "bad certificate": "the other side takes our certificate for a bad one",
    "certificate required": "the other side asks for a certificate",
    "protocol version": "the two sides have no version of TLS in common; it must be 1.3",
}


class LinkRefused(Exception):
    """A link that must not be used; the text says why, for the officer. `reason` is what is counted."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class Caller:
    """Makes connections to one partner: its authority alone is trusted, and only the agreed key exchange is offered."""

    def __init__(self, keys: KeySet, partner: PublicKeys) -> None:
        self.partner = partner.party
        self.group = _agreed(keys.public(), partner)
        self._keys = keys
        self._authorities = {partner.party: partner.authority_pem}
        self._context: tuple[TlsIdentity, SSL.Context] | None = None

    def connection(self) -> SSL.Connection:
        """A fresh client connection over memory, with the certificate that is in force now."""
        if self._context is None or self._context[0] is not self._keys.tls:
            self._context = (self._keys.tls, _context(self._keys.tls, self._authorities, (self.group,)))
        connection = SSL.Connection(self._context[1])
        connection.set_connect_state()
        connection.set_tlsext_host_name(host_name(self.partner).encode("ascii"))
        return connection

    def check(self, connection: SSL.Connection) -> KeyExchange:
        """After the handshake, before a byte is said: whose certificate, which group. Raises LinkRefused."""
        if party_of(_shown(connection), self._authorities) != self.partner:
            raise LinkRefused("bad-key", f"who answers there does not show a certificate of {self.partner}'s node")
        return _expected_group(connection, self.partner, self.group)


class Callee:
    """Makes connections for being called: any partner's authority passes the handshake; `check` says whose it is."""

    def __init__(self, keys: KeySet, partners: Mapping[PartyId, PublicKeys]) -> None:
        mine = keys.public()
        self._keys = keys
        self._groups = {party: _agreed(mine, partner) for party, partner in partners.items()}
        self._authorities = {party: partner.authority_pem for party, partner in partners.items()}
        self._context: tuple[TlsIdentity, SSL.Context] | None = None

    def connection(self) -> SSL.Connection:
        """A fresh server connection over memory, with the certificate that is in force now."""
        if self._context is None or self._context[0] is not self._keys.tls:
            groups = tuple(group for group in KeyExchange if group in self._groups.values())
            self._context = (self._keys.tls, _context(self._keys.tls, self._authorities, groups))
        connection = SSL.Connection(self._context[1])
        connection.set_accept_state()
        return connection

    def check(self, connection: SSL.Connection) -> tuple[PartyId, KeyExchange]:
        """After the handshake, before a byte is read: who calls, by which group. Raises LinkRefused."""
        party = party_of(_shown(connection), self._authorities)
        if party is None:
            raise LinkRefused("bad-key", "a certificate that is not issued in a partner's name by its pinned authority")
        return party, _expected_group(connection, party, self._groups[party])

    def caller_of(self, connection: SSL.Connection) -> PartyId | None:
        """Who calls, whether or not the link may be used."""
        return party_of(_shown(connection), self._authorities)


def party_of(certificate_der: bytes, authorities: Mapping[PartyId, str]) -> PartyId | None:
    """The party whose pinned authority issued this certificate in that party's name; None if there is none."""
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return None
    shown = names.get_values_for_type(x509.DNSName)
    for party, authority_pem in authorities.items():
        authority = x509.load_pem_x509_certificate(authority_pem.encode("ascii"))
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return party if host_name(party) in shown else None
    return None


def refusal_of(connection: SSL.Connection, error: SSL.Error) -> LinkRefused:
    """Why a handshake failed, in words."""
    faults: list[int] = connection.get_app_data() or []
    if faults:
        words = _CERTIFICATE_WORDS.get(faults[0], f"the certificate is refused by OpenSSL with code {faults[0]}")
        return LinkRefused("bad-certificate", words)
    said = " ".join(reason for _, _, reason in (error.args[0] if error.args else ()))
    if "no suitable key share" in said or "no shared group" in said:
        return LinkRefused("downgrade", "the other side offers no key exchange that is allowed here")
    for alert, words in _ALERT_WORDS.items():
        if f"alert {alert}" in said:
            return LinkRefused(alert.replace(" ", "-"), words)
    return LinkRefused("no-tls", f"the handshake failed: {said or 'the other side does not speak TLS 1.3'}")


def _context(identity: TlsIdentity, authorities: Mapping[PartyId, str], groups: tuple[KeyExchange, ...]) -> SSL.Context:
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    context.set_options(SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)  # each link looks at the certificate itself
    context.use_certificate(identity.certificate)
    context.use_privatekey(identity.key)
    store = context.get_cert_store()
    if store is None:
        raise KeysFailed("OpenSSL has no store for authorities")
    for authority_pem in authorities.values():
        store.add_cert(crypto.X509.from_cryptography(x509.load_pem_x509_certificate(authority_pem.encode("ascii"))))
    store.set_flags(crypto.X509StoreFlags.X509_STRICT)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _note_fault)
    names = ":".join(groups).encode("ascii")
    if _openssl.lib.SSL_CTX_set1_curves_list(context._context, names) != 1:
        raise KeysFailed(f"this OpenSSL cannot do {names.decode()}: install the cryptography that Redshank pins")
    return context


def _note_fault(connection: SSL.Connection, _: crypto.X509, code: int, __: int, ok: int) -> bool:
    """OpenSSL says only that a certificate is bad; the officer wants to know why."""
    if not ok:
        connection.set_app_data([*(connection.get_app_data() or []), code])
    return bool(ok)


def _agreed(mine: PublicKeys, partner: PublicKeys) -> KeyExchange:
    group = agreed_exchange(mine, partner)
    if group is None:
        raise KeysFailed(f"public keys of {partner.party}: no key exchange in common with ours")
    return group


def _shown(connection: SSL.Connection) -> bytes:
    certificate: Any = connection.get_peer_certificate(as_cryptography=True)
    if certificate is None:
        raise LinkRefused("bad-key", "no certificate was shown")
    shown: bytes = certificate.public_bytes(Encoding.DER)
    return shown


def _expected_group(connection: SSL.Connection, party: PartyId, expected: KeyExchange) -> KeyExchange:
    used = connection.get_group_name() or "none"
    if used.lower() != expected.lower():
        raise LinkRefused("downgrade", f"{party} would talk by {used}; its published keys say {expected}")
    return expected


def ends_of(connection: SSL.Connection) -> Instant:
    """Until when the certificate holds that the other side shows."""
    certificate = x509.load_der_x509_certificate(_shown(connection))
    return Instant(round(certificate.not_valid_after_utc.timestamp() * SECOND_MS))
