"""Public keys: what a party shows to its partners, what they pin, and the fingerprint that both read aloud.

Here: the file `public.json`, its canonical bytes, its fingerprint, the group that a link between two parties must
negotiate. Not here: private keys (keyset). May know: terms, log (the one rule for Ed25519). Clauses: docs/spec/keys.md.
"""

import base64
import hashlib
from enum import StrEnum

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from redshank.exchange.parties import RawKeys
from redshank.log.ed25519 import check_public_key
from redshank.terms import limits
from redshank.terms.ids import PartyId

_MLDSA44_BYTES = 1_312  # FIPS 204, table 2


class KeysFailed(Exception):
    """A key file is missing, unreadable for us, readable for others, or no key; the text says which and what to do."""


class KeyExchange(StrEnum):
    """Groups of TLS 1.3 that a link may negotiate, the stronger first (IANA TLS Supported Groups)."""

    HYBRID = "X25519MLKEM768"
    """X25519 beside ML-KEM-768 (FIPS 203): a link that is recorded today stays closed to tomorrow's computer."""
    CLASSICAL = "X25519"


class PublicKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a partner pins: raw public keys in base64 (Ed25519, and ML-DSA-44 beside each), the certificate authority in
    PEM, and the key exchanges that the party's node can do."""

    party: PartyId
    log_key: str
    witness_key: str
    log_key_mldsa: str
    witness_key_mldsa: str
    authority_pem: str
    key_exchange: tuple[KeyExchange, ...]

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
        """All four as bytes. Raises ValueError on bad base64."""
        return RawKeys(
            log=self.log_public(),
            witness=self.witness_public(),
            log_mldsa=self.log_mldsa_public(),
            witness_mldsa=self.witness_mldsa_public(),
        )


def public_bytes(public: PublicKeys) -> bytes:
    """The canonical bytes of `public.json`: members sorted by name, no white space."""
    return msgspec.json.encode(public, order="sorted")


def parse_public(content: bytes) -> PublicKeys:
    """Reads `public.json` and nothing but its canonical form, so that one set of keys has one fingerprint.

    Raises KeysFailed.
    """
    if len(content) > limits.PUBLIC_KEYS_BYTES:
        raise KeysFailed(f"is not a file of public keys: larger than {limits.PUBLIC_KEYS_BYTES} bytes")
    try:
        public = msgspec.json.decode(content, type=PublicKeys)
    except msgspec.MsgspecError as error:
        raise KeysFailed(f"is not a file of public keys: {error}") from error
    if public_bytes(public) != content.rstrip(b"\n"):
        raise KeysFailed("is not in canonical form: members sorted, no white space; ask the partner for its own file")
    _refuse_bad_keys(public)
    return public


def _refuse_bad_keys(public: PublicKeys) -> None:
    """Raises KeysFailed for keys that can not be used: wrong lengths, points of low order, twice the same."""
    try:
        keys = {"log_key": public.log_public(), "witness_key": public.witness_public()}
        second = {"log_key_mldsa": public.log_mldsa_public(), "witness_key_mldsa": public.witness_mldsa_public()}
        authority = x509.load_pem_x509_certificate(public.authority_pem.encode("ascii"))
    except ValueError as error:
        raise KeysFailed(f"is not a file of public keys: {error}") from error
    for name, key in keys.items():
        refused = check_public_key(key, name)
        if refused is not None:
            raise KeysFailed(str(refused))
    for name, key in second.items():
        if len(key) != _MLDSA44_BYTES:
            raise KeysFailed(f"{name}: {len(key)} bytes, needs {_MLDSA44_BYTES}")
    if len({*keys.values(), *second.values()}) < len(keys) + len(second):
        raise KeysFailed("one key stands for two purposes")
    try:
        authority.verify_directly_issued_by(authority)
        is_authority = authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise KeysFailed("authority_pem: is no certificate authority's own certificate") from error
    if not is_authority:
        raise KeysFailed("authority_pem: may issue no certificates")


def fingerprint(public: PublicKeys) -> bytes:
    """SHA-256 of the canonical bytes: 32 bytes."""
    return hashlib.sha256(public_bytes(public)).digest()


def agreed_exchange(mine: PublicKeys, theirs: PublicKeys) -> KeyExchange | None:
    """The one group of a link between two parties: the strongest that both publish. None when there is none."""
    for group in KeyExchange:
        if group in mine.key_exchange and group in theirs.key_exchange:
            return group
    return None


def host_name(party: PartyId) -> str:
    """The name in a node's TLS certificate; partners check it, whatever address the node has."""
    return f"{party.lower()}.node.redshank.internal"
