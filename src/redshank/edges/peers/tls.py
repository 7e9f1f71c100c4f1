"""TLS between nodes: version 1.3, both sides show a certificate, each issued by the pinned authority of its party.

A certificate is taken for party X only if X's own pinned authority signed it: otherwise one party's authority could
issue a certificate in the name of another.
"""

import ssl
from collections.abc import Mapping

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from redshank.edges.keys import KeySet, host_name
from redshank.terms.ids import PartyId


def client_context(keys: KeySet, partner_authority_pem: str) -> ssl.SSLContext:
    """Context for calling one partner: its authority alone is trusted, and its host name is checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=partner_authority_pem)
    context.load_cert_chain(keys.tls_certificate_path, keys.tls_key_path)
    return context


def server_context(keys: KeySet, authorities: Mapping[PartyId, str]) -> ssl.SSLContext:
    """Context for being called: any partner's authority passes the handshake; `party_of` then says whose it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    for authority_pem in authorities.values():
        context.load_verify_locations(cadata=authority_pem)
    context.load_cert_chain(keys.tls_certificate_path, keys.tls_key_path)
    return context


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
